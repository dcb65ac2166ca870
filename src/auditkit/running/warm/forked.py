"""In the fork: a supervisor process that forks the process of the notebook, and sees it through.

In comes a task, out goes what happens, on one pipe. The supervisor has no thread and opens nothing; the notebook's
process is its own session, dies with it, and finds fresh random states. Two processes for a report cost a few
milliseconds and buy this: a death is seen by pid, and what was abandoned can only fall to this report's supervisor.
"""

from __future__ import annotations

import os
import select
import signal
from contextlib import suppress
from typing import Any

from auditkit.running.shell import STOPS
from auditkit.running.warm.family import (
    adopt_abandoned,
    descendants,
    die_with_parent,
    end_descendants,
    fair_bytes,
    own_bytes,
)
from auditkit.running.warm.limits import Limits
from auditkit.running.warm.supervisor import Supervisor
from auditkit.running.warm.tail import Tail
from auditkit.running.warm.wire import Lines, send

_PIPE_LAST = 1 << 16


def supervise(task: dict[str, Any], limits: Limits, answers: int, parent: int) -> None:
    """Run the task in a child of this process and tell what happens to ``answers``."""
    die_with_parent(parent, signal.SIGTERM)
    adopt_abandoned()
    signal.signal(signal.SIGTERM, _end_all)
    child = ForkedChild(task, limits)
    try:
        answer = Supervisor(child, limits, lambda message: send(answers, message)).see_through()
        send(answers, {"kind": "end"} | answer)
    finally:
        end_descendants(os.getpid())


def _end_all(*_: object) -> None:
    """Cancelled, or the warm process is gone."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    end_descendants(os.getpid())
    os.kill(os.getpid(), signal.SIGTERM)


class ForkedChild:
    """The process of one notebook, forked from here."""

    def __init__(self, task: dict[str, Any], limits: Limits):
        reading, writing = os.pipe()
        printed, printing = os.pipe()
        self._tail, self._printed = Tail(), printed
        supervisor = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reading)
            _become_notebook(task, limits, supervisor, writing, (printed, printing), self._tail)
        os.close(writing)
        os.close(printing)
        os.set_blocking(printed, False)
        self._lines = Lines(reading)
        self._status: int | None = None
        self._begun_with = own_bytes(self.pid)
        self._death = os.pidfd_open(self.pid) if hasattr(os, "pidfd_open") else None

    def messages(self, timeout: float) -> list[dict[str, Any]]:
        awaited = [one for one in (self._death,) if one is not None and self._status is None]
        if not self._lines.ended:
            awaited.append(self._lines.descriptor)
        found, more = [], True
        while more:
            ready = select.select(awaited, [], [], timeout)[0]
            more = self._lines.descriptor in ready
            if more:
                found += list(self._lines.read())
                if self._lines.ended:
                    awaited.remove(self._lines.descriptor)
                    more = bool(awaited) and not found
            timeout = 0
        return found

    def status(self) -> int | None:
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def interrupt(self, what: str) -> None:
        if self._status is None:
            os.kill(self.pid, STOPS[what])

    def kill(self) -> None:
        if self._status is None:
            os.kill(self.pid, signal.SIGKILL)

    def memory(self) -> int:
        others = descendants(self.pid)
        if others:
            return sum(map(fair_bytes, (self.pid, *others)))
        return max(0, own_bytes(self.pid) - self._begun_with)

    def last_words(self) -> str:
        with suppress(OSError):
            self._tail.add(os.read(self._printed, _PIPE_LAST).decode("utf-8", "replace"))
        return self._tail.text()

    def end_family(self) -> int:
        """An ended notebook may still be on its last step; it is no remark."""
        self.kill()
        ended = end_descendants(self.pid)
        if self._status is None:
            _, status = os.waitpid(self.pid, 0)
            self._status = os.waitstatus_to_exitcode(status)
        return ended + end_descendants(os.getpid())


def _become_notebook(
    task: dict[str, Any], limits: Limits, supervisor: int, answers: int, printed: tuple[int, int], tail: Tail
) -> None:
    """In the grandchild of the warm process."""
    code = 1
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.setsid()
        die_with_parent(supervisor, signal.SIGKILL)
        from auditkit.running.warm.task import run_task

        run_task(task, limits, answers, printed, tail)
        code = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)
