"""Processes of a report: who descends from whom, how to end them all, and how none outlives its parent.

In come process ids, out go lists and counts. On Linux a supervisor adopts what its descendants abandon (it is their
"subreaper"), so that a process that was forked twice and put in a session of its own is still found beneath it.
Elsewhere psutil finds what still has its parent.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Set
from contextlib import suppress
from pathlib import Path

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # prctl(2)
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_SYSTEM_TELLS_CHILDREN = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").exists()
ON_LINUX = sys.platform.startswith("linux")


def die_with_parent(parent: int, number: int = signal.SIGTERM) -> None:
    """This process gets the signal when ``parent``, which forked it, ends; if it has ended already, at once."""
    if not ON_LINUX:
        return
    _prctl(_SET_DEATH_SIGNAL, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def adopt_abandoned() -> None:
    """From now on what descendants abandon becomes a child of this process."""
    if ON_LINUX:
        _prctl(_SET_SUBREAPER, 1)


def threads_here() -> int:
    """How many threads this process has, those of libraries too."""
    if ON_LINUX:
        return len(list(Path("/proc/self/task").iterdir()))
    import psutil

    return psutil.Process().num_threads()


def descendants(pid: int, spare: Set[int] = frozenset()) -> list[int]:
    """Every process beneath ``pid``, parents before children, without those in ``spare`` and what is beneath them."""
    found, open_ = [], [pid]
    while open_:
        children = [one for one in _children(open_.pop()) if one not in spare]
        found += children
        open_ += children
    return found


def end_descendants(pid: int, spare: Set[int] = frozenset(), patience: float = 5.0) -> int:
    """Kill everything beneath ``pid`` until nothing is left; how many there were.

    Those in ``spare`` live on, with all that they start meanwhile. What has become a child of this process is waited
    for, so that no zombie stays.
    """
    ended: set[int] = set()
    until = time.monotonic() + patience
    while time.monotonic() < until:
        alive = [one for one in descendants(pid, spare) if not is_dead(one)]
        for one in alive:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(one, getattr(signal, "SIGKILL", signal.SIGTERM))
        ended.update(alive)
        unburied = _bury(spare) if pid == os.getpid() else 0
        if not alive and not unburied:
            break
        time.sleep(0.002)
    return len(ended)


def end_all(pids: set[int]) -> int:
    """Kill these and what has come beneath them; how many there were alive."""
    alive = {one for pid in pids for one in (pid, *descendants(pid)) if not is_dead(one)}
    for one in alive:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(one, getattr(signal, "SIGKILL", signal.SIGTERM))
    return len(alive)


def with_mark(name: str, value: str) -> list[int]:
    """Processes that were started with this variable in their environment: also those that left every parent."""
    import psutil

    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.environ().get(name) == value:
                found.append(process.pid)
    return found


def own_bytes(pid: int) -> int:
    """Anonymous memory in use by one process, bytes: cheap, but counts pages that it shares with its parent."""
    try:
        _, resident, shared, *_ = Path(f"/proc/{pid}/statm").read_text().split()
        return (int(resident) - int(shared)) * _PAGE
    except (OSError, ValueError):
        return _bytes_by_psutil(pid)


def fair_bytes(pid: int) -> int:
    """Memory of one process with a fair part of each page that it shares, bytes; 0 when it is gone."""
    return sum(_rollup(pid, "Pss"))


def private_bytes(pid: int | str = "self") -> int:
    """Memory that no other process has a part in (USS), bytes."""
    found = sum(_rollup(pid, "Private_Clean", "Private_Dirty"))
    return found or _bytes_by_psutil(os.getpid() if pid == "self" else int(pid))


def oom_kills() -> int:
    """How many processes this system has ended for want of memory; 0 where it does not say."""
    try:
        lines = Path("/proc/vmstat").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _prctl(option: int, value: int) -> None:
    import ctypes

    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _children(pid: int) -> list[int]:
    if not _SYSTEM_TELLS_CHILDREN:
        return _children_by_psutil(pid)
    found: list[int] = []
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                found += map(int, (thread / "children").read_text().split())
    except OSError:
        pass
    return found


def _children_by_psutil(pid: int) -> list[int]:
    import psutil

    try:
        return [one.pid for one in psutil.Process(pid).children()]
    except psutil.Error:
        return []


def is_dead(pid: int) -> bool:
    """Gone, or a zombie that only waits to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return ON_LINUX or not _exists(pid)


def _exists(pid: int) -> bool:
    import psutil

    return psutil.pid_exists(pid)


def _bury(spare: Set[int]) -> int:
    """How many children are left: one that had threads is a zombie before the last of them has ended."""
    left = 0
    for child in _children(os.getpid()):
        if child not in spare:
            with suppress(ChildProcessError):
                left += os.waitpid(child, os.WNOHANG)[0] == 0
    return left


def _rollup(pid: int | str, *names: str) -> list[int]:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return []
    return [int(line.split()[1]) * 1024 for line in lines if line.split(":")[0] in names]


def _bytes_by_psutil(pid: int) -> int:
    import psutil

    try:
        return psutil.Process(pid).memory_info().rss
    except psutil.Error:
        return 0
