"""One writer at a time: a run or a load holds its workspace, and everyone else is told who holds it.

In comes a folder, out goes a context in which this process alone may change store, ledger and editions. The lock is the
operating system's own (flock, or its like on Windows), so it dies with its process however that dies, and nothing stale
can be left; the file beside it only says who holds it. What waits, waits for a load, which is short; for a run nobody
waits, because it may take the night.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from auditkit.errors import DataError, Problem

LOCK = "lock"
OWNER = "owner.json"
LOAD, RUN = "load", "run"
PATIENCE_SECONDS = 3600.0  # for a load by somebody else
TELL_SECONDS = 1.0  # a shorter wait is not worth a word
_POLL_SECONDS = 0.1


class BusyError(DataError):
    """Another process is at work in the workspace."""


@contextmanager
def held(state: Path, what: str, waiting: Callable[[str], None] = lambda words: None) -> Iterator[None]:
    """Hold the workspace whose ``.auditkit`` folder is ``state`` for a "load" or a "run"; a process may hold it twice.

    ``waiting`` hears once for whom it waits. Raises BusyError when a run of another process holds it, and DataError
    when the folder cannot be written.
    """
    lock = _lock_of(state)
    outermost = not lock.is_locked
    _acquire(lock, state, waiting)
    try:
        if outermost:
            _say_owner(state, what)
        yield
    finally:
        if outermost:
            with suppress(OSError):
                (state / OWNER).unlink()
        lock.release()


def owner_of(state: Path) -> dict[str, Any] | None:
    """Who holds the workspace now (what, pid, host, since), or None where nobody does."""
    try:
        if not (state / LOCK).is_file():
            return None
        lock = _lock_of(state)
        if lock.is_locked:
            return _owner(state)
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return _owner(state)
    except OSError:
        return None  # what may not be written, nobody holds


def _lock_of(state: Path) -> FileLock:
    return FileLock(state.resolve() / LOCK, is_singleton=True, thread_local=False)


def _acquire(lock: FileLock, state: Path, waiting: Callable[[str], None]) -> None:
    begun, told = time.monotonic(), False
    while True:
        try:
            state.mkdir(exist_ok=True)
            lock.acquire(timeout=0)
            return
        except Timeout:
            owner = _owner(state)
        except OSError as error:
            remedy = "Give write access to the workspace, or copy it to a place of your own."
            raise DataError(Problem(str(state), f"cannot be written: {error.strerror}", "", remedy)) from None
        if owner.get("what") == RUN or time.monotonic() > begun + PATIENCE_SECONDS:
            raise BusyError(_busy(state, owner))
        if not told and time.monotonic() > begun + TELL_SECONDS:
            waiting(f"waiting: {_words(owner)}")
            told = True
        time.sleep(_POLL_SECONDS)


def _busy(state: Path, owner: dict[str, Any]) -> Problem:
    remedy = "Wait until it has ended ('auditkit status' shows it), or end it; nothing has been changed."
    return Problem(str(state.parent), f"is in use: {_words(owner)}", "one run at a time", remedy)


def _words(owner: dict[str, Any]) -> str:
    if not owner:
        return "another process is at work in it"
    doing = {RUN: "a run", LOAD: "a load"}.get(owner.get("what", ""), "another process")
    return f"{doing} is at work in it (process {owner['pid']} on {owner['host']}, since {owner['since']})"


def _say_owner(state: Path, what: str) -> None:
    said = {
        "what": what,
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "command": " ".join(sys.argv[:1] + sys.argv[1:8]),
    }
    with suppress(OSError):  # a full disk: the lock holds all the same
        fresh = state / f"{OWNER}.new"
        fresh.write_text(json.dumps(said), encoding="utf-8")
        fresh.replace(state / OWNER)


def _owner(state: Path) -> dict[str, Any]:
    try:
        found = json.loads((state / OWNER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and {"pid", "host", "since"} <= found.keys() else {}
