"""The dated changes of every team, as the audit knows them at its as-of instant.

In comes a store, out go the changes by team, each on the local day on which it took effect there. A change without a
team is one of every team. Which of them bound the time that another can be looked at is settled here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from auditkit.known_changes import Change, concerning
from auditkit.store import Store, instant

_SQL = """SELECT epoch_us("at"), team, title, coalesce(measure, ''), coalesce(direction, ''), coalesce(expected, ''),
    expected_ratio, expected_difference FROM changes WHERE "at" <= ? ORDER BY "at", title"""


def changes_of_teams(store: Store, as_of: datetime) -> dict[str, tuple[Change, ...]]:
    """Every team's changes that have taken effect by ``as_of``, in order of time."""
    found: dict[str, list[Change]] = {team: [] for team in store.meta.teams}
    if "changes" not in store.meta.tables:
        return dict.fromkeys(found, ())
    with store.connect() as con:
        rows = con.execute(_SQL, [as_of]).fetchall()
    for at, team, *said in rows:
        for name in store.meta.teams if team is None else (team,):
            if name in found:
                zone = ZoneInfo(store.meta.teams[name].zone)
                found[name].append(Change(instant(at).astimezone(zone).date(), *said))
    return {team: tuple(changes) for team, changes in found.items()}


def neighbours(change: Change, changes: Iterable[Change], measure: str) -> tuple[Change | None, Change | None]:
    """The last change before, and the first on the same day or after, that concern the measure too."""
    others = [one for one in concerning(changes, measure) if one != change]
    before = [one for one in others if one.day < change.day]
    after = [one for one in others if one.day >= change.day]
    return before[-1] if before else None, after[0] if after else None


def touched(changes: Mapping[str, Iterable[Change]], team: str, measure: str, first: date, end: date) -> Change | None:
    """A change of the team that concerns the measure and lies within the days looked at; None where there is none."""
    return next((one for one in concerning(changes[team], measure) if first <= one.day < end), None)
