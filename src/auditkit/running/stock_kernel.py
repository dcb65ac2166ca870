"""A notebook run by papermill in a stock ipykernel of this Python: slower, and the same report.

In comes a notebook that is ready to run and a folder for the kernel; the cells' outputs are put into it, and each
cell's state is noted as the kernel answers. It is kept so that a report never depends on our own engine alone.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook, remove_error_markers
from traitlets import default

ENGINE = "auditkit-stock"


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


class _KeepingEngine(NBClientEngine):
    """papermill's engine, with the notebook kept within reach when a run breaks off."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
        options.pop("kept").append(nb_man.nb)
        return super().execute_managed_notebook(nb_man, kernel_name, **options)


papermill_engines.register(ENGINE, _KeepingEngine)


def kernel_environment(scratch: Path) -> dict[str, str]:
    """What the kernel's environment must say, so that no profile or setting of the user bears on a figure."""
    return {
        "PYTHONHASHSEED": "0",
        "IPYTHONDIR": str(scratch / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(scratch / "runtime"),
        "JUPYTER_PLATFORM_DIRS": "1",
    }


def run_in_stock_kernel(
    notebook: Any, states: dict[int, str], scratch: Path, on_place: Callable[[int], None], cell_seconds: float | None
) -> None:
    """Run the cells; ``states`` fills up by place. Raises what nbclient raises for a death or a timeout."""

    def executing(cell: Any, cell_index: int) -> None:
        on_place(cell_index)
        states[cell_index] = "started"

    def executed(cell: Any, cell_index: int, execute_reply: Any) -> None:
        states[cell_index] = "ok" if execute_reply["content"]["status"] == "ok" else "error"

    os.environ.update(kernel_environment(scratch))
    os.environ.pop("MPLBACKEND", None)
    (scratch / "runtime").mkdir(exist_ok=True)
    kept: list[Any] = []
    try:
        with suppress(PapermillExecutionError):  # the error is in the cell's outputs
            execute_notebook(
                notebook, None, None, engine_name=ENGINE, kernel_name="python3", language="python", kept=kept,
                progress_bar=False, request_save_on_cell_execute=False, record_timing=False, cwd=str(scratch),
                kernel_manager_class=OwnKernel, on_cell_execute=executing, on_cell_executed=executed,
                execution_timeout=cell_seconds,
            )  # fmt: skip
    finally:
        for done in kept:
            notebook.cells[:] = remove_error_markers(done).cells  # they would shift the cells' numbers
