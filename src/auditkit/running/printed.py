"""What a cell prints, bounded: by Python, by its subprocesses, by libraries in C.

In comes text under the name of a stream, on goes as much as a cell may keep; what is beyond is counted and told. A cell
that prints a gigabyte costs neither memory nor disk. Python's own streams are replaced; what anything else writes to
the standard output of the process comes through a pipe.
"""

from __future__ import annotations

import codecs
import io
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PIECE, _PIECES = 1 << 16, 64


class Printed:
    """Counts what the running cell prints and hands on its beginning, up to ``allowed`` characters."""

    def __init__(self, allowed: int, hand_on: Callable[[str, str], None]):
        self.allowed, self._hand_on = allowed, hand_on
        self.lock = threading.RLock()
        self._left, self._cut = allowed, 0
        self._drain: Callable[[], None] = lambda: None

    def take(self, name: str, text: str) -> None:
        """Something was printed on ``stdout`` or ``stderr``."""
        with self.lock:
            kept = text[: self._left] if self._left else ""
            self._left -= len(kept)
            self._cut += len(text) - len(kept)
            if kept:
                self._hand_on(name, kept)

    def settle(self) -> Iterator[str]:
        """The cell is over: say what was cut, and begin anew."""
        with self.lock:
            self._drain()
            cut, self._cut, self._left = self._cut, 0, self.allowed
            if cut:
                said = f"{cut:,} more characters were printed than the {self.allowed:,} that are kept"
                self._hand_on("stderr", f"\n[{said}]\n")
                yield said

    def drained_by(self, drain: Callable[[], None]) -> None:
        """What empties the pipe when a cell is over."""
        self._drain = drain

    def writer(self, name: str) -> io.TextIOBase:
        """A stand-in for ``sys.stdout`` or ``sys.stderr``."""
        return _Writer(self, name)


class _Writer(io.TextIOBase):
    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, printed: Printed, name: str):
        self._printed, self.name = printed, f"<{name}>"
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._printed.take(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return 1 if self._stream == "stdout" else 2


def deaf_to_signals() -> None:
    """Call it in a thread: a signal that falls to it would not wake the cell that sleeps in the main thread."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


@contextmanager
def descriptors_caught(pipe: tuple[int, int] | None, printed: Printed) -> Iterator[None]:
    """While it lasts, descriptors 1 and 2 lead into the pipe, and a thread passes on what comes out of it."""
    if pipe is None:
        yield
        return
    reading, writing = pipe
    kept = os.dup(1), os.dup(2)
    sys.stdout.flush()
    sys.stderr.flush()
    os.dup2(writing, 1)
    os.dup2(writing, 2)
    os.set_blocking(reading, False)
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    ending = threading.Event()

    def drain() -> None:
        with printed.lock:
            for _ in range(_PIECES):  # something that prints without end must not hold the cell
                try:
                    piece = os.read(reading, _PIECE)
                except BlockingIOError:
                    return
                if not piece:
                    return
                printed.take("stdout", decode(piece))

    def watch() -> None:
        deaf_to_signals()
        while not ending.is_set():
            if select.select([reading], [], [], 0.2)[0]:
                drain()

    printed.drained_by(drain)
    threading.Thread(target=watch, daemon=True, name="prints").start()
    try:
        yield
    finally:
        ending.set()
        for number, descriptor in enumerate(kept, 1):
            os.dup2(descriptor, number)
            os.close(descriptor)
        drain()
