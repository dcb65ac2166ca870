"""Makers by fork: one warm process beside the caller, spoken to through two pipes.

In come tasks, which are passed on as lines of JSON; out go the events that come back. A warm process that dies ends
the reports that it had (each is told), and the next task starts another one.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditkit.running.failures import Failure, answer_of, last_lines, of_death
from auditkit.running.warm.family import end_descendants
from auditkit.running.warm.limits import Limits
from auditkit.running.warm.makers import Makers
from auditkit.running.warm.wire import Event, Lines, send

_LAST_PATIENCE = 5.0  # seconds for the warm process to end its children
# Before any library is imported: one thread each, hashes in one order, figures in the notebook.
SETTINGS = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "RAYON_NUM_THREADS": "1",
    "ARROW_IO_THREADS": "1",
    "AUDITKIT_THREADS": "1",  # of DuckDB, see store.py
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # Arrow's allocator starts a thread on import
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "JUPYTER_PLATFORM_DIRS": "1",
}


def environment() -> dict[str, str]:
    """This process's environment with what a warm process needs."""
    return {**os.environ, **SETTINGS}


class ForkMakers(Makers):
    """A warm process that forks a child for each task."""

    def __init__(self, workers: int, limits: Limits, log: Path | None):
        super().__init__(workers, limits, log)
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: Lines | None = None
        self._is_used = False
        self._start()

    @property
    def pid(self) -> int:
        """The warm process."""
        assert self._process is not None
        return self._process.pid

    def submit(self, number: int, task: dict[str, Any], limits: Limits | None = None) -> None:
        self._take(number, task)
        self._is_used = True
        message = {"number": number, "task": task, "limits": (limits or self.limits).as_json()}
        for _ in range(2):
            if self._process is None:
                self._start()
            assert self._process is not None and self._process.stdin is not None
            with suppress(OSError):
                send(self._process.stdin.fileno(), message)
                return
            if len(self.running) > 1:
                return  # it died with others: events() tells them all
            self._bury()

    def events(self, timeout: float = 0.2) -> list[Event]:
        if self._lines is None or not self.running:
            return []
        if not select.select([self._lines.descriptor], [], [], timeout)[0]:
            return []
        heard = []
        for message in self._lines.read():
            number, kind = message.pop("number"), message.pop("kind")
            if number in self.running:
                heard.append(Event(number, kind, message))
                if kind == "end":
                    del self.running[number]
        return heard + (self._all_lost() if self._lines.ended else [])

    def cancel(self, number: int) -> None:
        if number in self.running and self._process and self._process.stdin:
            with suppress(OSError):
                send(self._process.stdin.fileno(), {"cancel": number})

    def end(self) -> None:
        if self._process is not None:
            self._bury()

    def _start(self) -> None:
        with (self.log or Path(os.devnull)).open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "auditkit.running.warm.process"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, start_new_session=True, env=environment(), bufsize=0,
            )  # fmt: skip
        assert self._process.stdout is not None
        self._lines = Lines(self._process.stdout.fileno())

    def _bury(self) -> int:
        """Close the pipes, which tells the warm process to end, and wait for it; its exit code."""
        process, self._process, self._lines = self._process, None, None
        assert process is not None and process.stdin is not None and process.stdout is not None
        with suppress(OSError):
            process.stdin.close()
        if not self._is_used:
            process.kill()  # it may not be ready yet, and has nothing to end
        try:
            process.wait(_LAST_PATIENCE)
        except subprocess.TimeoutExpired:
            end_descendants(process.pid)
            process.kill()
            process.wait()
        process.stdout.close()
        return process.returncode

    def _last_words(self) -> tuple[str, ...]:
        try:
            return last_lines(self.log.read_text(encoding="utf-8", errors="replace")) if self.log else ()
        except OSError:
            return ()

    def _all_lost(self) -> list[Event]:
        """The warm process is gone: the end of everything that it had."""
        kind, said = of_death(self._bury())
        failure = Failure(kind, f"the warm process is gone: {said}", output=self._last_words())
        lost = [Event(number, "end", answer_of(failure)) for number in self.running]
        self.running.clear()
        return lost
