"""The cells of a notebook run in this process, by IPython itself, as a kernel would run them.

In comes a notebook, out come its outputs, step by step, and how each cell went. Magics, ``!commands``, ``await`` at top
level, rich displays and figures in the notebook behave as in JupyterLab, but nothing travels over sockets. One shell
lives for one notebook, in a process that is used once. What is printed is bounded; a cell that is asked to stop raises.
"""

from __future__ import annotations

import asyncio
import builtins
import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.jsonutil import json_default
from nbformat import NotebookNode
from traitlets import Type
from traitlets.config import Config

from auditkit.running.cell_outputs import CellOutputs
from auditkit.running.printed import Printed, descriptors_caught

TellStep = Callable[[dict[str, Any]], None]


# What asks the running cell to stop, because it, or the whole notebook, has taken too long; nothing on Windows.
STOPS = {"cell": signal.SIGALRM, "notebook": signal.SIGXCPU} if hasattr(signal, "SIGALRM") else {}


class Words(Protocol):
    """Where the running cell's last words are kept."""

    def add(self, text: str) -> None: ...

    def clear(self) -> None: ...


@dataclass(frozen=True)
class Surroundings:
    """What a notebook may print and show (bytes), how long a cell may run (seconds), and where prints are seen.

    ``printed`` is a pipe (reading, writing) that stands for standard output while cells run.
    """

    printed_bytes: int = 1_000_000
    shown_bytes: int = 256_000_000
    cell_seconds: float | None = None
    printed: tuple[int, int] | None = None
    words: Words | None = None


class CellTimeout(BaseException):
    """The cell ran longer than a cell is allowed. No Exception, so that no ``except Exception`` swallows it."""


class NotebookTimeout(BaseException):
    """The report took longer than a report is allowed."""


class TooMuchOutput(RuntimeError):
    """The notebook displayed more than a report may hold."""


class _Publisher(DisplayPublisher):
    """``display()``, ``update_display()`` and ``clear_output()`` become steps."""

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: Any = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        step = {"step": "update" if update else "display", "id": (transient or {}).get("display_id")}
        self.shell.take(step | {"data": data, "metadata": metadata or {}})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.take({"step": "clear", "wait": bool(wait)})


class _Hook(DisplayHook):
    """The value of a cell's last expression becomes a step."""

    def start_displayhook(self) -> None:
        pass

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        step = {"step": "result", "data": format_dict, "metadata": md_dict or {}, "count": self.prompt_count}
        self.shell.take(step)

    def finish_displayhook(self) -> None:
        pass


class NotebookShell(InteractiveShell):
    """IPython whose outputs are steps."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    on_step: TellStep

    def take(self, step: dict[str, Any]) -> None:
        """A step, as a front end would have got it: through JSON, so later changes of an object do not show."""
        self.on_step(json.loads(json.dumps(step, default=json_default)))

    def ask_exit(self) -> None:
        """``exit`` and ``quit`` end a kernel; here they end the notebook, and are told."""
        raise SystemExit("exit or quit was called")

    def enable_gui(self, gui: Any = None) -> None:
        """Figures are drawn into the notebook; no window opens in an unattended run."""
        if gui not in (None, "inline", "agg"):
            print(f"%gui {gui}: no windows here; figures are drawn into the notebook", file=sys.stderr)

    def _tee(self, channel: str) -> AbstractContextManager[None]:
        """IPython would keep a copy of all that is printed, however much; the steps are the record here."""
        return nullcontext()

    def _showtraceback(self, etype: type, evalue: Any, stb: list[str]) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        self.take({"step": "error", "ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)})


class Runner:
    """Runs the cells of one notebook in order; ``states`` says by place how each went: "started", "ok" or "error"."""

    def __init__(self, notebook: NotebookNode, around: Surroundings, on_step: TellStep = lambda step: None):
        self.notebook, self.around, self.on_step = notebook, around, on_step
        self.outputs = CellOutputs(notebook)
        self.states: dict[int, str] = {}
        self.remarks: list[str] = []
        self.shown, self._has_error, self._begun = 0, False, 0.0
        self._awaiting: asyncio.Future[Any] | None = None
        self._stopped: BaseException | None = None
        self.printed = Printed(around.printed_bytes, self._stream)
        self.shell = _new_shell()
        self.shell.on_step = self._take

    def run(self, on_cell: Callable[[int], None] = lambda place: None) -> None:
        """Every cell, until one fails. ``on_cell`` hears the place of each cell before it runs."""
        with self._prints_caught(), _no_input(), self._stoppable():
            loop = asyncio.new_event_loop()
            asyncio.set_event_loop(loop)
            loop.run_until_complete(self._run(on_cell))

    async def _run(self, on_cell: Callable[[int], None]) -> None:
        for place, cell in enumerate(self.notebook.cells):
            if not runs(cell):
                continue
            on_cell(place)
            self.states[place] = "started"
            await self._run_cell(place, cell)
            await asyncio.sleep(0)  # tasks that a cell has begun get their turn, as in a kernel
            tags = cell.metadata.get("tags", ())
            if self.states[place] != "ok" and "raises-exception" not in tags:
                return

    async def _run_cell(self, place: int, cell: NotebookNode) -> None:
        self._has_error, self._stopped = False, None
        if self.around.words:
            self.around.words.clear()
        self._take({"step": "begin", "place": place, "count": self.shell.execution_count})
        self._begun = time.monotonic()
        try:
            result = await self._execute(cell.source, cell.get("id"))
        finally:
            self._begun = 0.0
        for line in self.printed.settle():
            self.remarks.append(f"cell {place + 1}: {line}")
        if self._stopped is not None and not self._has_error:
            self._has_error = True
            self.shell.take(_error_step(self._stopped))
        self.states[place] = "ok" if result.success and not self._has_error else "error"

    async def _execute(self, code: str, cell_id: str | None) -> Any:
        """As ipykernel does it: a cell that awaits runs in the loop, any other one plainly."""
        shell, failed = self.shell, None
        try:
            transformed = shell.transform_cell(code)
        except Exception:
            transformed, failed = code, sys.exc_info()
        if not shell.should_run_async(code, transformed_cell=transformed, preprocessing_exc_tuple=failed):
            return shell.run_cell(code, store_history=True, cell_id=cell_id)
        coroutine = shell.run_cell_async(
            code, store_history=True, transformed_cell=transformed, preprocessing_exc_tuple=failed, cell_id=cell_id
        )
        self._awaiting = asyncio.ensure_future(coroutine)
        result = None
        try:
            result = await self._awaiting
        finally:
            self._awaiting = None
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
        return result

    def _take(self, step: dict[str, Any]) -> None:
        with self.printed.lock:
            self._has_error |= step["step"] == "error"
            if self._stopped is not None and step.get("ename") == "CancelledError":  # how a cell that awaits is stopped
                step |= {"ename": type(self._stopped).__name__, "evalue": str(self._stopped)}
            if "data" in step:
                self.shown += sum(len(value) if isinstance(value, str) else 100 for value in step["data"].values())
                if self.shown > self.around.shown_bytes:
                    raise TooMuchOutput(f"more than {self.around.shown_bytes / 1e6:,.0f} MB were displayed")
            self.outputs.apply(step)
            self.on_step(step)

    def _stream(self, name: str, text: str) -> None:
        if self.outputs.place >= 0:
            self._take({"step": "stream", "name": name, "text": text})
        if self.around.words:
            self.around.words.add(text)

    @contextmanager
    def _prints_caught(self) -> Iterator[None]:
        before = sys.stdout, sys.stderr
        with descriptors_caught(self.around.printed, self.printed):
            sys.stdout, sys.stderr = self.printed.writer("stdout"), self.printed.writer("stderr")
            try:
                yield
            finally:
                sys.stdout, sys.stderr = before

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        """The signals in STOPS end the cell that runs; between cells they say nothing."""
        before = {number: signal.signal(number, self._stop) for number in STOPS.values()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, number: int, _: object) -> None:
        if not self._begun:
            return
        stopped: BaseException
        if number == STOPS["cell"]:
            stopped = CellTimeout(f"the cell took longer than {self.around.cell_seconds or 0:g} s")
        else:
            taken = time.monotonic() - self._begun
            stopped = NotebookTimeout(f"the report took longer than it is allowed; this cell {taken:.0f} s of it")
        self._stopped = stopped
        if self._awaiting is not None:
            self._awaiting.get_loop().call_soon_threadsafe(self._awaiting.cancel)
            return
        raise stopped


def runs(cell: Any) -> bool:
    """Whether there is something to run in a cell: code, not empty, not tagged to be skipped."""
    skipped = "skip-execution" in cell.get("metadata", {}).get("tags", ())
    return cell["cell_type"] == "code" and bool(cell["source"].strip()) and not skipped


def _new_shell() -> NotebookShell:
    """A shell without history, profile or user's configuration: none of them may bear on a figure."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "neutral"
    NotebookShell.clear_instance()
    if "" not in sys.path:
        sys.path.insert(0, "")
    return NotebookShell.instance(config=config)


def _error_step(error: BaseException) -> dict[str, Any]:
    name = type(error).__name__
    return {"step": "error", "ename": name, "evalue": str(error), "traceback": [f"{name}: {error}"]}


@contextmanager
def _no_input() -> Iterator[None]:
    """Nobody is there to answer: a question is an error, at once."""

    def refuse(prompt: object = "") -> str:
        raise StdinNotImplementedError("raw_input was called, but this frontend does not support input requests.")

    before, builtins.input = builtins.input, refuse
    try:
        yield
    finally:
        builtins.input = before


def process_environment(scratch: Path) -> dict[str, str]:
    """Where IPython and Jupyter keep their things while a notebook runs in this process: in the scratch folder."""
    return {"IPYTHONDIR": str(scratch / "ipython"), "JUPYTER_RUNTIME_DIR": str(scratch / "runtime")}
