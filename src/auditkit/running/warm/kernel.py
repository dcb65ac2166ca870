"""An ipykernel served from a process that is warm already: what JupyterLab's kernel ``auditkit`` asks for.

In comes a task with the connection file that the Jupyter server wrote; it returns when the kernel is shut down. Threads
and sockets come into being here, after the fork.
"""

from __future__ import annotations

import sys
from typing import Any

from auditkit.running.shell import Surroundings
from auditkit.running.warm.notebook import take_place_of
from auditkit.running.warm.supervisor import Tell


def serve_kernel(task: dict[str, Any], tell: Tell, around: Surroundings) -> dict[str, Any]:
    """Serve until the kernel is asked to shut down."""
    from ipykernel.kernelapp import IPKernelApp

    take_place_of(task)
    sys.argv = ["ipykernel_launcher", *task["arguments"]]
    app = IPKernelApp.instance()
    app.initialize(task["arguments"])
    app.start()
    return {"state": "made", "failure": None}
