"""Makers without fork: a pool of preheated processes, each of which makes one report and is replaced by a fresh one.

In come tasks, out go the same events as from a fork. It is for systems on which a forked process is not safe (Windows,
macOS); elsewhere it can be asked for. A thread of the caller's process supervises each report; while one is made, the
process for the next is getting ready.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditkit.running.failures import Failure, answer_of
from auditkit.running.shell import STOPS
from auditkit.running.warm.family import descendants, end_all, fair_bytes, own_bytes, with_mark
from auditkit.running.warm.forking import environment
from auditkit.running.warm.limits import Limits
from auditkit.running.warm.makers import Makers
from auditkit.running.warm.supervisor import Supervisor
from auditkit.running.warm.tail import Tail
from auditkit.running.warm.wire import Event, Lines, encode

MARK = "AUDITKIT_PROCESS"


class SpawnMakers(Makers):
    """A pool of processes that are used once."""

    def __init__(self, workers: int, limits: Limits, log: Path | None):
        super().__init__(workers, limits, log)
        self._news: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._folder = Path(tempfile.mkdtemp(prefix="auditkit-"))
        self._idle: list[SpawnedChild] = []
        self._used: dict[int, SpawnedChild] = {}
        self._cancelled: set[int] = set()
        for _ in range(workers):
            self._start()

    def submit(self, number: int, task: dict[str, Any], limits: Limits | None = None) -> None:
        self._take(number, task)
        if not self._idle:
            self._start()
        child = self._used[number] = self._idle.pop(0)
        threading.Thread(target=self._supervise, args=(number, child, task, limits or self.limits), daemon=True).start()
        if len(self._idle) < self.workers:
            self._start()  # the next one gets ready meanwhile

    def events(self, timeout: float = 0.2) -> list[Event]:
        heard: list[Event] = []
        if not self.running:
            return heard
        with suppress(queue.Empty):
            heard.append(self._news.get(timeout=timeout))
            while True:
                heard.append(self._news.get_nowait())
        for event in heard:
            if event.kind == "end":
                del self.running[event.number], self._used[event.number]
        return heard

    def cancel(self, number: int) -> None:
        if number in self._used:
            self._cancelled.add(number)
            self._used[number].kill()

    def end(self) -> None:
        for child in (*self._idle, *self._used.values()):
            child.end_family()
        self._idle.clear()
        for left in self._folder.glob("*"):
            left.unlink(missing_ok=True)
        with suppress(OSError):
            self._folder.rmdir()

    def _start(self) -> None:
        self._idle.append(SpawnedChild(self._folder, self.log))

    def _supervise(self, number: int, child: SpawnedChild, task: dict[str, Any], limits: Limits) -> None:
        def tell(message: dict[str, Any]) -> None:
            self._news.put(
                Event(number, message["kind"], {name: one for name, one in message.items() if name != "kind"})
            )

        try:
            child.begin(task, limits)
            answer = Supervisor(child, limits, tell).see_through()
        except Exception as error:
            answer = answer_of(Failure("program fault", f"{type(error).__name__}: {error}"))
        if number in self._cancelled:
            self._cancelled.discard(number)
            answer = answer_of(Failure("cancelled", "the report was cancelled"))
        tell({"kind": "end"} | answer)


class SpawnedChild:
    """A process that has imported everything and waits for its one task."""

    def __init__(self, folder: Path, log: Path | None):
        self._mark = uuid.uuid4().hex
        self._tail_path = folder / self._mark
        with (log or Path(os.devnull)).open("ab") as stream:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "auditkit.running.warm.single"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=stream, start_new_session=True, env=environment() | {MARK: self._mark}, bufsize=0,
            )  # fmt: skip
        self.pid = self._process.pid
        self._messages: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._begun_with = 0
        self._tail: Tail | None = None

    def begin(self, task: dict[str, Any], limits: Limits) -> None:
        """Give it its task."""
        self._tail = Tail(self._tail_path)
        self._begun_with = own_bytes(self.pid)
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._process.stdin is not None
        with suppress(OSError):  # it died while it waited: its status will say so
            self._process.stdin.write(encode({"task": task, "limits": limits.as_json(), "tail": str(self._tail_path)}))

    def messages(self, timeout: float) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        with suppress(queue.Empty):
            one = self._messages.get(timeout=timeout) if timeout else self._messages.get_nowait()
            while one is not None:
                found.append(one)
                one = self._messages.get_nowait()
        return found

    def status(self) -> int | None:
        return self._process.poll()

    def interrupt(self, what: str) -> None:
        """Where there is no such signal, the grace passes and the process is ended."""
        if what in STOPS and self.status() is None:
            self._process.send_signal(STOPS[what])

    def kill(self) -> None:
        self._process.kill()

    def memory(self) -> int:
        others = descendants(self.pid)
        if others:
            return sum(map(fair_bytes, (self.pid, *others)))
        return max(0, own_bytes(self.pid) - self._begun_with)

    def last_words(self) -> str:
        return self._tail.text() if self._tail else ""

    def end_family(self) -> int:
        others = {*descendants(self.pid), *with_mark(MARK, self._mark)} - {self.pid}
        ended = end_all(others)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                stream.close()  # type: ignore[union-attr]
        if self._tail is not None:
            self._tail.close()
            self._tail = None
        self._tail_path.unlink(missing_ok=True)
        return ended

    def _listen(self) -> None:
        assert self._process.stdout is not None
        lines = Lines(self._process.stdout.fileno())
        with suppress(OSError, ValueError):
            while not lines.ended:
                for message in lines.read():
                    self._messages.put(message)
        self._messages.put(None)
