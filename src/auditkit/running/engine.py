"""One notebook, executed with its parameters, and an honest account of how it went, whichever engine ran it.

In comes a notebook's file, its parameters and an empty folder to work in; out comes what was executed, cell by cell.
Two engines give the same: "auditkit" runs the cells in this process (see shell), "nbclient" has papermill run them in a
stock kernel of this Python. papermill and nbclient report a dead kernel and ``sys.exit(0)`` as success, so their
metadata is not believed: each cell's state is noted here as it ends. What is wrong with an execution is said in truth.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from auditkit.running.shell import Surroundings, runs
from auditkit.running.task import ENGINES

OnCell = Callable[[int, int, int, str], None]
"""Hears, as a cell begins: how many of how many are done, the cell's number (from 1) and the heading above it."""


@dataclass(frozen=True)
class CellState:
    """How one code cell went: "ok", "error", "died" or "not run"; ``number`` counts all cells from 1."""

    number: int
    state: str


@dataclass
class Execution:
    """A notebook as far as it was executed; ``states`` by place: "started", "ok" or "error"."""

    notebook: Any = None
    states: dict[int, str] = field(default_factory=dict)
    crash: Exception | None = None
    remarks: list[str] = field(default_factory=list)

    def cells(self) -> list[CellState]:
        """The state of every code cell that has something to run, by its number in the notebook as shipped."""
        return [
            CellState(number, {"started": "died"}.get(self.states.get(place, ""), self.states.get(place, "not run")))
            for place, number, cell in numbered(self.notebook)
            if runs(cell) and not is_injected(cell)
        ]


def execute(
    path: Path,
    parameters: Mapping[str, str],
    scratch: Path,
    on_cell: OnCell = lambda done, total, number, heading: None,
    engine: str = ENGINES[0],
    around: Surroundings | None = None,
) -> Execution:
    """Run the notebook at ``path``; the cells work in ``scratch`` (an existing, empty folder).

    Errors of the notebook are in the result, never raised; a file that is no notebook raises ``ValueError``.
    With "auditkit" this process is spent afterwards: the notebook may have changed anything in it.
    """
    if engine not in ENGINES:
        raise ValueError(f"unknown engine {engine!r} (expected one of {', '.join(ENGINES)})")
    execution = Execution(parameterized(read_notebook(path), parameters))
    run = _run_here if engine == "auditkit" else _run_in_kernel
    run(execution, scratch, _counted(execution.notebook, on_cell), around or Surroundings())
    return execution


def read_notebook(path: Path) -> Any:
    """The notebook in the newest nbformat 4; ValueError says what is wrong with the file."""
    try:
        faults: dict[str, Exception] = {}
        notebook = nbformat.read(path, as_version=4, capture_validation_error=faults)
        for fault in faults.values():
            raise fault
    except OSError:
        raise
    except Exception as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(f"{path.name} is no notebook that can be read: {said}") from error
    return notebook


def parameterized(notebook: Any, parameters: Mapping[str, str]) -> Any:
    """A copy with the cell of parameters that papermill injects, ready to be run."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    ready = load_notebook_node(notebook)
    if parameters:
        ready = parameterize_notebook(ready, dict(parameters), kernel_name="python3", language="python")
    for cell in ready.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return ready


def without_traces(notebook: Any) -> Any:
    """The executed notebook without what papermill added: its times, paths and the cell of parameters."""
    clean = nbformat.from_dict(notebook)
    clean.metadata.pop("papermill", None)
    clean.cells = [cell for cell in clean.cells if not is_injected(cell)]
    for cell in clean.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return clean


def numbered(notebook: Any) -> Iterator[tuple[int, int, Any]]:
    """Place among the executed cells, number among the cells as shipped (from 1), and the cell."""
    number = 0
    for place, cell in enumerate(notebook.cells):
        number += not is_injected(cell)
        yield place, number, cell


def is_injected(cell: Any) -> bool:
    """Whether papermill put the cell there."""
    return "injected-parameters" in cell.get("metadata", {}).get("tags", ())


def heading_above(notebook: Any, place: int) -> str:
    """The nearest heading above a cell."""
    for cell in reversed(notebook.cells[: place + 1]):
        lines = cell["source"].splitlines() if cell["cell_type"] == "markdown" else []
        found = [line.lstrip("#").strip() for line in lines if line.startswith("#") and line.lstrip("#")[:1] == " "]
        if found:
            return found[-1]
    return ""


def _counted(notebook: Any, on_cell: OnCell) -> Callable[[int], None]:
    """A listener for places that tells the rest: how many are done, the number, the heading."""
    numbers = {place: number for place, number, _ in numbered(notebook)}
    total, begun = sum(map(runs, notebook.cells)), iter(range(len(notebook.cells) + 1))
    return lambda place: on_cell(next(begun), total, numbers[place], heading_above(notebook, place))


def _run_here(execution: Execution, scratch: Path, on_place: Callable[[int], None], around: Surroundings) -> None:
    from auditkit.running.shell import Runner, process_environment

    os.environ.update(process_environment(scratch))
    os.chdir(scratch)
    runner = Runner(execution.notebook, around)
    execution.states, execution.remarks = runner.states, runner.remarks
    runner.run(on_place)


def _run_in_kernel(execution: Execution, scratch: Path, on_place: Callable[[int], None], around: Surroundings) -> None:
    from auditkit.running.stock_kernel import run_in_stock_kernel

    try:
        run_in_stock_kernel(execution.notebook, execution.states, scratch, on_place, around.cell_seconds)
    except Exception as error:
        execution.crash = error


def python_of_kernels() -> str:
    """The Python that runs notebooks."""
    return sys.executable
