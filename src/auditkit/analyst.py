"""What an analyst calls in a notebook: the same figures as the reports, from a workspace or from a frame at hand.

``open`` gives an object over a loaded workspace (pandas in, pandas out). ``measure`` evaluates one measure of the
catalogue on a pandas frame with canonical columns: the frame is typed and given its facts by the same code as a load,
in memory, so the number is the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditkit.definition import Measure
from auditkit.measures import find
from auditkit.period import Period, last_complete_day, parse_period

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.config import Target
    from auditkit.store import Store


@dataclass(frozen=True)
class Audit:
    """A loaded workspace, for one team and period or for all.

    ``tickets``, ``calls`` and ``surveys`` are pandas frames of the rows of that team and period (instants tz-aware
    UTC, durations in seconds, facts included); ``measures`` gives figures in the long form of the command line.
    """

    store: Store
    team: str | None = None
    period: Period | None = None

    @property
    def teams(self) -> list[str]:
        """The teams there are."""
        return sorted(self.store.meta.teams)

    @property
    def as_of(self) -> datetime:
        """The instant up to which the audit knows the world, UTC."""
        return self.store.meta.as_of

    @property
    def tickets(self) -> pd.DataFrame:
        """The tickets created in the period."""
        return self.frame("tickets")

    @property
    def calls(self) -> pd.DataFrame:
        """The calls offered in the period."""
        return self.frame("calls")

    @property
    def surveys(self) -> pd.DataFrame:
        """The surveys answered in the period."""
        return self.frame("surveys")

    def frame(self, table: str) -> pd.DataFrame:
        """The rows of any stored table, of the team and period; units stand in ``attrs["units"]``.

        A column that no source has is not there, so that a measure of the frame says that it is missing.
        """
        from auditkit.schema import TABLES

        frame = self.store.frame(table, self.team, self.period)
        absent = TABLES[table].by_name.keys() - self.store.meta.tables[table].present
        frame = frame.drop(columns=[name for name in frame if name in absent and frame[name].isna().all()])
        kinds = {column.name: column.type for column in TABLES[table].columns}
        seconds = {name: "seconds" for name in frame if kinds.get(name) == "duration" or name.endswith("_seconds")}
        frame.attrs["units"] = seconds | {name: "UTC" for name, kind in kinds.items() if kind == "instant"}
        return frame

    def measures(
        self,
        *measures: str,
        periods: Iterable[str | Period] = (),
        by: str | None = None,
        variants: bool = False,
    ) -> pd.DataFrame:
        """Figures of these measures (all of the catalogue when none is named), as ``auditkit measures`` prints them."""
        from auditkit.evaluate import evaluate

        asked = [parse_period(one) if isinstance(one, str) else one for one in periods]
        asked = asked or ([self.period] if self.period else [])
        return evaluate(self.store, measures, [self.team] if self.team else [], asked, by, variants)


def open(workspace: str = "", team: str = "", period: str = "") -> Audit:  # noqa: A001  (read as auditkit.open)
    """Open a workspace, loading it if its files have changed.

    ``workspace`` "" is the nearest one (see workspace.find_workspace). ``team`` and ``period`` "" mean all; period
    "last-month" is the last month that is over at as_of. Raises UsageError for a team or a period that does not
    exist.
    """
    from auditkit.load import load
    from auditkit.workspace import find_workspace, open_workspace

    store = load(open_workspace(workspace or find_workspace()))
    names = store.find_teams([team] if team else [])
    chosen = None
    if period:
        zone = store.meta.teams[team].zone if team else store.workspace.config.audit.timezone
        chosen = parse_period(period, last_complete_day(store.meta.as_of, zone))
    return Audit(store, names[0] if team else None, chosen)


def measure(
    name: str | Measure,
    frame: pd.DataFrame,
    *,
    period: str | Period | None = None,
    by: str | None = None,
    variants: bool = False,
    timezone: str = "UTC",
    hours: dict[str, Any] | None = None,
    as_of: datetime | str | None = None,
    target: Target | dict[str, Any] | None = None,
    calls: pd.DataFrame | None = None,
    others: dict[str, pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """One measure of the catalogue on a pandas frame with canonical columns (one row per ticket, call or survey).

    Instants may be naive (then they are in ``timezone``) or tz-aware; a missing ``team`` becomes "all". ``hours`` are
    written as in audit.toml (``{"mon-fri": "08:00-16:00"}``). A frame that came from the store brings its facts and
    is used as it is. ``calls`` are further contacts of the same customers, for fcr. Returns the long form of
    ``auditkit measures``; raises UsageError for an unknown measure.
    """
    from auditkit.evaluate import evaluate
    from auditkit.frames import frame_store

    found = find([name])[0] if isinstance(name, str) else name
    with frame_store(
        found, frame, timezone=timezone, hours=hours, as_of=as_of, target=target, calls=calls, others=others
    ) as store:
        asked = parse_period(period) if isinstance(period, str) else period
        return evaluate(store, [found], periods=[asked] if asked else [], by=by, variants=variants)
