"""One notebook, run by papermill in a stock kernel of this Python, and an honest account of how it went.

In come a notebook's file, its parameters and an empty folder for the kernel; out comes what was executed, cell by
cell, and the fault if there was one. papermill and nbclient report a dead kernel and ``sys.exit(0)`` as success, so
their metadata is not believed: each cell's state is noted here as the kernel answers, and a report counts only when
every code cell answered well and the last exhibit is the closing one.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook, remove_error_markers
from traitlets import default

from auditkit.exhibits.base import EXHIBIT_MIME

ENGINE = "auditkit"
LAST_LINES = 12
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True)
class CellState:
    """How one code cell went: "ok", "error", "died" or "not run"; ``number`` counts all cells from 1."""

    number: int
    state: str


@dataclass(frozen=True)
class Fault:
    """Why a report failed: the cell (0: none in particular), the heading above it, the error, its last lines."""

    cell: int
    heading: str
    error: str
    lines: tuple[str, ...] = ()


@dataclass
class Execution:
    """A notebook as far as it was executed."""

    notebook: Any = None
    states: dict[int, str] = field(default_factory=dict)
    crash: Exception | None = None

    def cells(self) -> list[CellState]:
        """The state of every code cell that has something to run, by its number in the notebook as shipped."""
        return [
            CellState(number, {"started": "died"}.get(self.states.get(place, ""), self.states.get(place, "not run")))
            for place, number, cell in _numbered(self.notebook)
            if _runs(cell) and not _injected(cell)
        ]


class OwnKernel(AsyncKernelManager):
    """A stock ipykernel of the Python that runs this, whatever kernels the machine has registered.

    What kernel and worker say to each other is encrypted where the messaging library can: other users may share the
    machine.
    """

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        metadata = {"supported_encryption": "curve"}
        return KernelSpec(argv=argv, display_name="Python 3", language="python", metadata=metadata)

    @default("transport_encryption")
    def _encrypted_where_possible(self) -> str:
        return "auto" if zmq.has("curve") else "disabled"


class _NotingEngine(NBClientEngine):
    """papermill's engine, with the notebook kept within reach when a run breaks off."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        options.pop("execution").notebook = nb_man.nb
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


papermill_engines.register(ENGINE, _NotingEngine)


def kernel_environment(scratch: Path) -> dict[str, str]:
    """What the kernel's environment must say, so that no profile or setting of the user bears on a figure."""
    return {
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }


def execute(
    path: Path,
    parameters: Mapping[str, str],
    scratch: Path,
    on_cell: Callable[[int, int], None] = lambda done, total: None,
) -> Execution:
    """Run the notebook at ``path``; the kernel works in ``scratch`` (an existing, empty folder).

    ``on_cell`` hears how many of how many cells are done. Errors of the notebook are in the result, never raised.
    """
    execution = Execution()
    notebook = nbformat.read(path, as_version=4)
    total = sum(_runs(cell) for cell in notebook.cells) + bool(parameters)

    def executing(cell: Any, cell_index: int) -> None:
        execution.states[cell_index] = "started"

    def executed(cell: Any, cell_index: int, execute_reply: Any) -> None:
        execution.states[cell_index] = "ok" if execute_reply["content"]["status"] == "ok" else "error"
        on_cell(len(execution.states), total)

    os.environ.update(kernel_environment(scratch))
    os.environ.pop("MPLBACKEND", None)
    (scratch / "runtime").mkdir(exist_ok=True)
    try:
        execute_notebook(
            notebook, None, dict(parameters), engine_name=ENGINE, kernel_name="python3", language="python",
            progress_bar=False, request_save_on_cell_execute=False, record_timing=False, cwd=str(scratch),
            kernel_manager_class=OwnKernel, on_cell_execute=executing, on_cell_executed=executed, execution=execution,
        )  # fmt: skip
    except PapermillExecutionError:
        pass  # the error is in the cell's outputs
    except Exception as error:
        execution.crash = error
    execution.notebook = remove_error_markers(execution.notebook or notebook)  # they would shift the cells' numbers
    return execution


def fault_of(execution: Execution, expected: Mapping[str, tuple[str, ...]]) -> Fault | None:
    """Why the execution is no report, or None: an error, a dead kernel, a cell not run, no closing, the wrong cover.

    ``expected`` maps keys of the cover to the texts that are right, for example ``{"team": ("Oslo",)}``.
    """
    return next(_faults(execution, expected), None)


def exhibits(notebook: Any) -> Iterator[Mapping[str, Any]]:
    """The exhibits that the notebook displayed, in order."""
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(EXHIBIT_MIME)
            if isinstance(shown, Mapping):
                yield shown


def without_traces(notebook: Any) -> Any:
    """The executed notebook without what papermill added: its times, paths and the cell of parameters."""
    clean = nbformat.from_dict(notebook)
    clean.metadata.pop("papermill", None)
    clean.cells = [cell for cell in clean.cells if not _injected(cell)]
    for cell in clean.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
    return clean


def _faults(execution: Execution, expected: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    for place, number, cell in _numbered(execution.notebook):
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error":
                yield _raised(execution.notebook, place, number, output)
    if execution.crash is not None:
        yield _crashed(execution)
    for place, number, cell in _numbered(execution.notebook):
        if _runs(cell) and execution.states.get(place) != "ok":
            yield Fault(number, _heading(execution.notebook, place), "the cell was never run to its end")
    shown = list(exhibits(execution.notebook))
    if not shown or shown[-1].get("kind") != "closing":
        yield Fault(0, "", "the notebook did not end with the closing exhibit (audit.close())")
    cover = shown[0] if shown and shown[0].get("kind") == "cover" else {}
    for key, right in expected.items():
        if cover.get(key) not in right:
            yield Fault(0, "", f"the report's cover says {key} {cover.get(key)!r}, but {right[0]!r} was asked for")


def _raised(notebook: Any, place: int, number: int, output: Any) -> Fault:
    lines = "\n".join(output.get("traceback", ())).splitlines()
    said = f"{output.get('ename')}: {output.get('evalue')}".removesuffix(": ")
    if output.get("ename") == "SystemExit":
        said = f"the notebook ended itself before its end ({said})"
    return Fault(
        number, _heading(notebook, place), said, tuple(_TERMINAL.sub("", line) for line in lines[-LAST_LINES:])
    )


def _crashed(execution: Execution) -> Fault:
    started = [(place, number) for place, number, _ in _numbered(execution.notebook) if place in execution.states]
    place, number = started[-1] if started else (-1, 0)
    heading = _heading(execution.notebook, place) if started else ""
    if isinstance(execution.crash, DeadKernelError):
        words = "the kernel died (out of memory, killed, or a library crashed)"
    elif isinstance(execution.crash, CellTimeoutError):
        words = "the cell took longer than is allowed"
    else:
        words = f"{type(execution.crash).__name__}: {execution.crash}"
    return Fault(number, heading, words.splitlines()[0])


def _numbered(notebook: Any) -> Iterator[tuple[int, int, Any]]:
    """Place among the executed cells, number among the cells as shipped (from 1), and the cell."""
    number = 0
    for place, cell in enumerate(notebook.cells):
        number += not _injected(cell)
        yield place, number, cell


def _runs(cell: Any) -> bool:
    skipped = "skip-execution" in cell.get("metadata", {}).get("tags", ())
    return cell["cell_type"] == "code" and bool(cell["source"].strip()) and not skipped


def _injected(cell: Any) -> bool:
    return "injected-parameters" in cell.get("metadata", {}).get("tags", ())


def _heading(notebook: Any, place: int) -> str:
    """The nearest heading above a cell."""
    for cell in reversed(notebook.cells[: place + 1]):
        found = re.findall(r"^#+\s+(.+)$", cell["source"], re.MULTILINE) if cell["cell_type"] == "markdown" else []
        if found:
            return found[-1].strip()
    return ""
