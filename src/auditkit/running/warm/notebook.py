"""Any notebook's cells run in this process, each step told as it happens: what papermill's engine asks for.

In comes a task (the notebook as JSON, a folder, an environment), out go steps of outputs and, in the end, how each cell
went. Nothing is exported and nothing judged: that is the caller's.
"""

from __future__ import annotations

import os
import platform
from typing import Any

from nbformat import from_dict

from auditkit.running.shell import Runner, Surroundings
from auditkit.running.warm.supervisor import Tell

LANGUAGE = {
    "name": "python",
    "version": platform.python_version(),
    "mimetype": "text/x-python",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "pygments_lexer": "ipython3",
    "nbconvert_exporter": "python",
    "file_extension": ".py",
}


def take_place_of(task: dict[str, Any]) -> None:
    """This process works in the task's folder and environment, as if it had been started there."""
    os.environ.clear()
    os.environ.update(task["environment"])
    os.chdir(task["folder"])


def run_notebook(task: dict[str, Any], tell: Tell, around: Surroundings) -> dict[str, Any]:
    """Run the cells until one fails; ``states`` of the answer is by place, as text."""
    take_place_of(task)
    notebook = from_dict(task["notebook"])
    runner = Runner(notebook, around, lambda step: tell({"kind": "step"} | step))
    runner.run(lambda place: tell({"kind": "cell", "cell": place + 1, "place": place}))
    states = {str(place): state for place, state in runner.states.items()}
    return {"state": "made", "states": states, "remarks": runner.remarks, "failure": None}
