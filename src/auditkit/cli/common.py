"""What several commands need: the loaded store, instants and periods as users write them, values as JSON has them.

In come strings from the command line, out come the objects that the package works with, or a UsageError.
"""

from __future__ import annotations

import math
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from auditkit.cli.show import load_progress, tell
from auditkit.errors import DataError, Problem, UsageError

if TYPE_CHECKING:
    from auditkit.clocks.period import Period
    from auditkit.store import Store
    from auditkit.workspace import Workspace

LARGEST_EXACT = 2.0**53  # beyond it a float holds no exact whole number


def loaded(workspace: Workspace, force: bool = False) -> Store:
    """The store in force after loading what has changed; where nothing can be written, the store that is there."""
    from auditkit.load import load
    from auditkit.lock import BusyError
    from auditkit.store import current_generation, open_store

    try:
        with ended_like_an_interruption(), load_progress() as progress:
            return load(workspace, progress, force=force)
    except BusyError as error:
        if force or current_generation(workspace) is None:
            raise
        tell(f"auditkit: {error.problems[0].place} {error.problems[0].finding}: the figures are those loaded before.")
        return open_store(workspace)
    except DataError as error:
        if force or current_generation(workspace) is None or writable(workspace.state):
            raise
        tell(f"auditkit: {error.problems[0].place} cannot be written: the figures are those of the earlier load.")
        return open_store(workspace)


@contextmanager
def ended_like_an_interruption() -> Iterator[None]:
    """Being asked to end (SIGTERM, or the terminal gone) is heard as an interruption: what was started ends, nothing is
    left half-made.
    """

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {one: signal.getsignal(one) for one in heard}
    for one in heard:
        if before[one] is not signal.SIG_IGN:  # as under nohup
            signal.signal(one, interrupt)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def writable(folder: Path) -> bool:
    """Whether a file can be made in ``folder`` (or in the nearest folder above it that exists)."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def read_instant(text: str | None, workspace: Workspace) -> datetime | None:
    """``--as-of`` in UTC; a naive one is in the audit's zone. UsageError when it is no instant."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        problem = Problem(f"--as-of {text!r}", "is not an instant", "a form such as 2026-06-01T00:00:00Z")
        raise UsageError(problem) from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(workspace.config.audit.timezone))
    return instant.astimezone(UTC)


def period_as_written(text: str, store: Store, team: str | None, as_of: datetime) -> Period:
    """A period as users write it; ``last-month`` is settled in the team's zone, or the audit's without a team."""
    from auditkit.clocks.period import last_complete_day, parse_period

    zone = store.meta.teams[team].zone if team else store.workspace.config.audit.timezone
    return parse_period(text, last_complete_day(as_of, zone))


def plain(value: Any) -> Any:
    """A cell of a frame as JSON has it: instants and days as text, whole numbers without a point, nothing as None.

    >>> plain(3600.0), plain(float("nan")), plain(0.5)
    (3600, None, 0.5)
    """
    import pandas as pd

    if isinstance(value, datetime) and value is not pd.NaT:
        from auditkit.evaluation.records import instant_text

        return instant_text(value)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(one) for one in value]
    if value is None or value is pd.NA or value != value:  # NaN and NaT differ from themselves
        return None
    if isinstance(value, float):
        return _number(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _number(value: float) -> float | int | None:
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < LARGEST_EXACT else value
