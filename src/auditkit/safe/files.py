"""Files that are written whole or not at all.

In come a path and its bytes, or a function that writes them; out goes the file in one step, so that whoever is killed,
or finds the disk full, leaves what was there before. The file gets the permissions that any new file would get.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from auditkit.errors import DataError, Problem


def write_whole(path: Path, data: str | bytes, remedy: str = "") -> None:
    """Write text (UTF-8, its line ends as they are) or bytes; DataError, with a remedy, where that cannot be done."""
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    made_whole(path, lambda fresh: _write(fresh, raw), remedy)


def made_whole(path: Path, make: Callable[[Path], None], remedy: str = "") -> None:
    """Let ``make`` write a file beside ``path``, with its ending, and put that in its place."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{secrets.token_hex(6)}-new{path.suffix}")
        try:
            make(fresh)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DataError(Problem(str(path), f"cannot be written: {error.strerror or error}", "", remedy)) from None


def _write(fresh: Path, data: bytes) -> None:
    with fresh.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
