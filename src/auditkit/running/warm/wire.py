"""Lines of JSON between processes: messages in, bytes out, and back, whole lines only.

In come dictionaries, out go lines; from a pipe come the whole lines that are there. A half line of a process that died
is dropped. It stands alone because every pair of processes here speaks in this way.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

_PIECE = 1 << 16


@dataclass(frozen=True)
class Event:
    """Something that happened to the task of this number; see the package's description."""

    number: int
    kind: str
    detail: dict[str, Any] = field(default_factory=dict)


def encode(message: dict[str, Any]) -> bytes:
    """One line."""
    return json.dumps(message, ensure_ascii=True, allow_nan=True).encode("ascii") + b"\n"


def send(descriptor: int, message: dict[str, Any]) -> None:
    """Write a whole line, however long; raises OSError when nobody listens."""
    rest = memoryview(encode(message))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


class Lines:
    """The messages that come through a descriptor; ``ended`` when the other side has closed it."""

    def __init__(self, descriptor: int):
        self.descriptor, self.ended, self._rest = descriptor, False, b""

    def read(self) -> Iterator[dict[str, Any]]:
        """The messages that are there now; call it when the descriptor can be read."""
        try:
            piece = os.read(self.descriptor, _PIECE)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        if not piece:
            self.ended = True
            return
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            if line.strip():
                yield json.loads(line)

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self.descriptor)
