"""The last words of a report's process, readable after its death.

In goes what a notebook prints, out come its last lines. They are kept in memory that two processes share (or in a file,
where processes are spawned): writing costs a copy, and a process that is killed in the middle of a cell has still said
what it said.
"""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

SIZE = 8192
_HEAD = struct.Struct("<I")
_ROOM = SIZE - _HEAD.size


class Tail:
    """The last ``SIZE`` bytes of text; shared with every process that is forked from here, or through ``path``."""

    def __init__(self, path: Path | None = None):
        if path is None:
            self._memory = mmap.mmap(-1, SIZE)
            return
        with path.open("a+b") as stream:
            stream.truncate(SIZE)
            self._memory = mmap.mmap(stream.fileno(), SIZE)

    def add(self, text: str) -> None:
        """Append; the oldest is forgotten."""
        kept = (self._bytes() + text[-_ROOM:].encode("utf-8", "replace"))[-_ROOM:]
        self._memory[_HEAD.size : _HEAD.size + len(kept)] = kept
        self._memory[: _HEAD.size] = _HEAD.pack(len(kept))

    def clear(self) -> None:
        """Forget everything: another cell begins."""
        self._memory[: _HEAD.size] = _HEAD.pack(0)

    def text(self) -> str:
        """What is kept."""
        return self._bytes().decode("utf-8", "replace")

    def close(self) -> None:
        """Give the memory back."""
        self._memory.close()

    def _bytes(self) -> bytes:
        (length,) = _HEAD.unpack(self._memory[: _HEAD.size])
        return bytes(self._memory[_HEAD.size : _HEAD.size + min(length, _ROOM)])
