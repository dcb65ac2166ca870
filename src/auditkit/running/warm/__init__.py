"""Makers of reports: processes that are warm before they are needed, and one fresh process for every report.

In come tasks, each with a number of the caller's own; out come events. The caller neither forks nor waits for a
process: it opens makers, hands in at most ``workers`` tasks at a time and listens. ::

    from auditkit.running.warm import Limits, open_makers

    with open_makers(workers=2, limits=Limits(cell_seconds=600), log=folder / "workers.log") as makers:
        makers.submit(7, task)                    # a task is what worker.make takes
        while makers.busy:
            for event in makers.events(timeout=0.2):
                ...                               # Event(number=7, kind="begun" | "cell" | "end", detail={...})

Events of a number come in order, the last one is "end", and it always comes:

- ``begun``: ``{"pid": ...}``, the process in which the notebook runs.
- ``cell``: ``{"done": 3, "total": 24, "cell": 7, "heading": "Speed"}``; the cell is the one that begins.
- ``end``: the answer: ``state`` ("made", "without pdf", "failed"), ``problems`` (lines), ``lines`` (last output),
  ``failure`` (None, or ``{"class", "words", "cell", "heading", "error", "output", "remedy", "retry"}``; see failures),
  ``entry`` (for the manifest), ``notebook`` (path of a failed one as far as it ran), ``remarks`` (told, but harmless:
  output that was cut, processes that were left and were ended), ``seconds``, ``memory`` (the most bytes that the
  process had for itself) and ``pid``.

``ways``: "fork" has one warm, single-threaded process from which each report is forked, under a supervisor of its own
that keeps the limits, notices death by pid and ends whatever the notebook leaves behind. "spawn" has the same interface
over a pool of preheated processes, each used once, for systems on which a fork is not safe (Windows, macOS). The task's
own ``"engine"`` says how cells are run: "auditkit" in the process itself, "nbclient" in a stock kernel.

``end()`` (or leaving the ``with``) ends every process at once. A maker whose caller dies ends by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.running.warm.limits import Limits
from auditkit.running.warm.wire import Event

if TYPE_CHECKING:
    from auditkit.running.warm.makers import Makers

__all__ = ["WAYS", "Event", "Limits", "best_way", "open_makers", "warm_up"]

WAYS = ("fork", "spawn")


def best_way() -> str:
    """ "fork" where it is safe, else "spawn"; macOS can fork, but its own libraries do not survive it."""
    import os
    import sys

    return "fork" if hasattr(os, "fork") and sys.platform.startswith("linux") else "spawn"


def open_makers(workers: int = 1, limits: Limits | None = None, log: Path | None = None, way: str = "") -> Makers:
    """Makers for ``workers`` reports at a time; ``log`` takes what the processes say outside any report.

    Raises ValueError for an unknown way.
    """
    chosen = way or best_way()
    if chosen == "fork":
        from auditkit.running.warm.forking import ForkMakers

        return ForkMakers(workers, limits or Limits(), log)
    if chosen == "spawn":
        from auditkit.running.warm.spawning import SpawnMakers

        return SpawnMakers(workers, limits or Limits(), log)
    raise ValueError(f"unknown way {chosen!r} (expected one of {', '.join(WAYS)})")


def warm_up(log: Path) -> Makers | None:
    """Makers that get ready while the caller finds out what there is to make, and how many at a time.

    ``workers`` and ``limits`` are set before the first task. None where processes are made ready for a known number.
    """
    if best_way() != "fork":
        return None
    from auditkit.running.warm.forking import ForkMakers

    return ForkMakers(1, Limits(), log)
