"""One report under supervision: it is let run, kept within its limits, and its end is told, whatever the end is.

In comes a child (a process and what it says), out goes one answer. The rules are the same for a forked and for a
spawned child: time for a cell and in all (first a request to stop, which gives a traceback; after a grace the end),
memory, and death without an answer, which is told with the cell and the last output. What the notebook started and
left is ended.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

from auditkit.running.failures import Failure, answer_of, last_lines, of_death
from auditkit.running.warm.family import oom_kills
from auditkit.running.warm.limits import Limits

BEAT_SECONDS = 0.1  # how often memory and time are looked at

Tell = Callable[[dict[str, Any]], None]


class Child(Protocol):
    """A process that runs one task."""

    pid: int

    def messages(self, timeout: float) -> list[dict[str, Any]]:
        """What it has said; waits for at most ``timeout`` seconds."""

    def status(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it lives."""

    def interrupt(self, what: str) -> None:
        """Ask the running cell to stop, because the "cell" or the "notebook" has taken too long."""

    def kill(self) -> None:
        """End it."""

    def memory(self) -> int:
        """Bytes that it and its descendants use beyond what it began with."""

    def last_words(self) -> str:
        """What the running cell has printed."""

    def end_family(self) -> int:
        """End it and all that it started; how many others there were."""


class Supervisor:
    """Sees one child to its end."""

    def __init__(self, child: Child, limits: Limits, tell: Tell):
        self.child, self.limits, self.tell = child, limits, tell
        self.begun = self.cell_begun = time.monotonic()
        self.cell: dict[str, Any] = {}
        self.answer: dict[str, Any] | None = None
        self.asked_at: float | None = None
        self.peak = 0
        self.killed_for: tuple[str, str] | None = None
        self.oom_before = oom_kills()

    def see_through(self) -> dict[str, Any]:
        """Until the end; the answer."""
        self.tell({"kind": "begun", "pid": self.child.pid})
        while self.answer is None:
            for message in self.child.messages(BEAT_SECONDS):
                self._hear(message)
            if self.answer is None and self.child.status() is not None:
                for message in self.child.messages(0):
                    self._hear(message)
                break
            self._keep_limits()
        answer = self.answer or self._death()
        left = self.child.end_family()
        remarks = [*answer.get("remarks", ())]
        if left:
            remarks.append(f"{left} processes that the notebook started and left were ended")
        measured = {"seconds": round(time.monotonic() - self.begun, 3), "pid": self.child.pid}
        return answer | measured | {"memory": max(self.peak, answer.get("memory", 0)), "remarks": remarks}

    def _hear(self, message: dict[str, Any]) -> None:
        kind = message.get("kind")
        if kind == "end":
            self.answer = {name: value for name, value in message.items() if name != "kind"}
            return
        if kind == "cell":
            self.cell, self.cell_begun, self.asked_at = message, time.monotonic(), None
        self.tell(message)

    def _keep_limits(self) -> None:
        now = time.monotonic()
        if self.limits.memory_bytes is not None:
            self._keep_memory(self.limits.memory_bytes)
        late = self._lateness(now)
        if self.killed_for or not late:
            return
        if self.asked_at is None:
            self.asked_at = now
            self.child.interrupt(late[0].split()[0])
        elif now - self.asked_at > self.limits.grace_seconds:
            self._kill(*late)

    def _lateness(self, now: float) -> tuple[str, str] | None:
        cell, whole = self.limits.cell_seconds, self.limits.notebook_seconds
        if whole is not None and now - self.begun > whole:
            return "notebook timeout", f"the report took longer than {whole:g} s and did not stop when asked"
        in_cell = bool(self.cell.get("cell"))
        if cell is not None and in_cell and now - self.cell_begun > cell:
            return "cell timeout", f"the cell took longer than {cell:g} s and did not stop when asked"
        return None

    def _keep_memory(self, allowed: int) -> None:
        used = self.child.memory()
        self.peak = max(self.peak, used)
        if used > allowed and not self.killed_for:
            said = f"it used {used / 1e6:,.0f} MB of memory; {allowed / 1e6:,.0f} MB are allowed"
            self._kill("memory limit", said)

    def _kill(self, kind: str, said: str) -> None:
        self.killed_for = (kind, said)
        self.child.kill()

    def _death(self) -> dict[str, Any]:
        status = self.child.status()
        kind, said = self.killed_for or of_death(status or 0, oom_kills() - self.oom_before)
        lines = last_lines(self.child.last_words())
        cell, heading = self.cell.get("cell", 0), self.cell.get("heading", "")
        if kind == "process ended" and not cell:
            kind, said = "program fault", f"{said}, and not in a cell"
        return answer_of(Failure(kind, said, cell, heading, lines))
