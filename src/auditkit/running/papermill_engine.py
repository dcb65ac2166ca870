"""papermill's engine ``auditkit``: each notebook in a fresh process forked from a warm one.

``papermill in.ipynb out.ipynb --engine auditkit``, or ``engine_name="auditkit"`` in Python. In comes what papermill
hands to an engine, out comes the notebook with outputs, progress, times and errors as papermill's users know them. The
warm process is started by the first notebook and kept for the next. A death or a timeout raises nbclient's own
exceptions, and the notebook's metadata name the cell that failed.
"""

from __future__ import annotations

import atexit
import os
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from papermill.engines import Engine
from papermill.exceptions import PapermillException
from papermill.log import logger

_LOCAL = threading.local()
_UNDERSTOOD = ("input_path", "timeout", "startup_timeout", "record_timing", "memory_bytes", "notebook_timeout", "way")


class AuditkitEngine(Engine):
    """Runs the cells of Python notebooks."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: float = 60,
        execution_timeout: float | None = None,
        **options: Any,
    ) -> None:
        """Run the cells of ``nb_man.nb``; options: ``timeout`` (seconds per cell, as ``execution_timeout``),
        ``notebook_timeout`` (seconds in all), ``memory_bytes``, ``record_timing``. Others are named and ignored.
        """
        _require_python(nb_man.nb, kernel_name)
        ignored = sorted(set(options) - set(_UNDERSTOOD))
        if ignored:
            logger.warning("engine auditkit knows no option %s; ignored", ", ".join(ignored))
        seconds = execution_timeout or options.get("timeout")
        listener = _Listener(nb_man, log_output, stdout_file, stderr_file, options.get("record_timing", True))
        answer = _run(nb_man.nb, _limits(seconds, options), listener, options.get("way", ""))
        listener.end(answer, seconds)


class _Listener:
    """Puts what is heard into papermill's notebook."""

    def __init__(self, nb_man: Any, log_output: bool, stdout_file: Any, stderr_file: Any, record_timing: bool):
        from auditkit.running.cell_outputs import CellOutputs

        self.nb_man, self.log_output, self.record_timing = nb_man, log_output, record_timing
        self.files = {"stdout": stdout_file, "stderr": stderr_file}
        self.outputs = CellOutputs(nb_man.nb)
        self.place, self.next_place = -1, 0

    def hear(self, kind: str, detail: Mapping[str, Any]) -> None:
        """An event of the makers."""
        if kind == "cell":
            self._complete()
            self._begin_up_to(detail["place"])
        elif kind == "step":
            self.outputs.apply(detail)
            self._log(detail)
            self.nb_man.autosave_cell()

    def end(self, answer: Mapping[str, Any], seconds: float | None) -> None:
        """The end of the run: the last cell's state, and an exception for what is no cell's own error."""
        failure = answer.get("failure") or {}
        states = answer.get("states", {})
        if self.place >= 0 and (failure or states.get(str(self.place)) != "ok"):
            self._fail(failure)
        self._complete()
        for remark in answer.get("remarks", ()):
            logger.warning(remark)
        cell = self.nb_man.nb.cells[self.place] if self.place >= 0 else None
        _raise_for(failure, cell, seconds)
        if all(state == "ok" for state in states.values()):
            self._begin_up_to(len(self.nb_man.nb.cells))
        from auditkit.running.warm.notebook import LANGUAGE

        self.nb_man.nb.metadata["language_info"] = LANGUAGE

    def _begin_up_to(self, place: int) -> None:
        """Cells without anything to run are over as soon as they are reached; then the one at ``place`` begins."""
        cells = self.nb_man.nb.cells
        for passed in range(self.next_place, place):
            self.nb_man.cell_start(cells[passed], passed)
            self.nb_man.cell_complete(cells[passed], cell_index=passed)
        self.next_place = place + 1
        if place < len(cells):
            self.place = place
            self.nb_man.cell_start(cells[place], place)
            self._note_time("iopub.status.busy", "iopub.execute_input")

    def _complete(self) -> None:
        if self.place >= 0:
            self._note_time("shell.execute_reply", "iopub.status.idle")
            self.nb_man.cell_complete(self.nb_man.nb.cells[self.place], cell_index=self.place)

    def _fail(self, failure: Mapping[str, Any]) -> None:
        from nbclient.exceptions import CellExecutionError

        cell = self.nb_man.nb.cells[self.place]
        error = next((one for one in cell.outputs if one.output_type == "error"), {})
        ename, evalue = error.get("ename", failure.get("class", "")), error.get("evalue", failure.get("error", ""))
        said = "\n".join(error.get("traceback", ())) or evalue
        raised = CellExecutionError(said, ename, evalue)
        self.nb_man.cell_exception(cell, cell_index=self.place, exception=raised)

    def _note_time(self, *names: str) -> None:
        if self.record_timing:
            now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
            times = self.nb_man.nb.cells[self.place].metadata.setdefault("execution", {})
            times.update(dict.fromkeys(names, now))

    def _log(self, step: Mapping[str, Any]) -> None:
        if step["step"] == "stream":
            if self.log_output:
                (logger.info if step["name"] == "stdout" else logger.warning)(step["text"])
            stream = self.files[step["name"]]
            if stream:
                stream.write(step["text"])
                stream.flush()
        elif self.log_output and "text/plain" in step.get("data", {}):
            logger.info("".join(step["data"]["text/plain"]))


def _run(notebook: Any, limits: Any, listener: _Listener, way: str) -> Mapping[str, Any]:
    """Hand the notebook to the makers and pass on what happens; the answer."""
    makers = _makers(way)
    number = _LOCAL.number = getattr(_LOCAL, "number", 0) + 1
    task = {"kind": "notebook", "notebook": notebook, "folder": str(Path.cwd()), "environment": _environment()}
    makers.submit(number, task, limits)
    try:
        while True:
            for event in makers.events():
                if event.kind == "end":
                    return event.detail
                listener.hear(event.kind, event.detail)
    except BaseException:
        makers.cancel(number)
        while makers.busy:
            makers.events()
        raise


def _makers(way: str) -> Any:
    """This thread's makers, started when they are first asked for and ended with the process."""
    from auditkit.running.warm import best_way, open_makers

    wanted = (os.getpid(), way or best_way())
    if getattr(_LOCAL, "wanted", None) != wanted:
        _LOCAL.wanted, _LOCAL.makers = wanted, open_makers(way=wanted[1])
        atexit.register(_LOCAL.makers.end)
    return _LOCAL.makers


def _environment() -> dict[str, str]:
    """As papermill's own environment, but figures are drawn into the notebook, as in a kernel."""
    return {**os.environ, "MPLBACKEND": os.environ.get("MPLBACKEND") or "module://matplotlib_inline.backend_inline"}


def _limits(seconds: float | None, options: Mapping[str, Any]) -> Any:
    from auditkit.running.warm import Limits

    whole = options.get("notebook_timeout")
    return Limits(seconds or None, whole, options.get("memory_bytes"), 50_000_000, 1_000_000_000)


def _require_python(notebook: Any, kernel_name: str) -> None:
    """PapermillException for a notebook that this Python cannot run."""
    language = notebook.metadata.get("kernelspec", {}).get("language") or "python"
    if language.lower() != "python":
        raise PapermillException(
            f"engine auditkit runs Python notebooks; this one is written in {language}. Use --engine nbclient."
        )
    if kernel_name and not _is_this_python(kernel_name):
        raise PapermillException(
            f"engine auditkit runs notebooks in {sys.executable}; kernel {kernel_name!r} is another program. "
            "Use --engine nbclient, or --kernel python3."
        )


def _is_this_python(kernel_name: str) -> bool:
    if kernel_name in ("python3", "python", "auditkit"):
        return True
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        program = KernelSpecManager().get_kernel_spec(kernel_name).argv[0]
    except NoSuchKernel:
        return False
    return program in ("python", "python3") or Path(program).resolve() == Path(sys.executable).resolve()


def _raise_for(failure: Mapping[str, Any], cell: Any, seconds: float | None) -> None:
    """What is not in the cell's outputs is raised, as nbclient raises it."""
    if not failure:
        _raise_for_stop(cell, seconds)
        return
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    said = f"{failure['error']}. {failure['remedy']}"
    if failure["class"] == "cell timeout" and cell is not None:
        raise CellTimeoutError.error_from_timeout_and_cell(said, int(seconds or 0), cell)
    raise DeadKernelError(said)


def _raise_for_stop(cell: Any, seconds: float | None) -> None:
    """A cell that was stopped in time has its traceback in the notebook, and is a timeout all the same."""
    from nbclient.exceptions import CellTimeoutError

    for output in (cell or {}).get("outputs", ()):
        if output.get("ename") in ("CellTimeout", "NotebookTimeout"):
            raise CellTimeoutError.error_from_timeout_and_cell(output["evalue"], int(seconds or 0), cell)
