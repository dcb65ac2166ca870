"""What the parameters of a notebook mean, which are plain strings: a store, an instant, a period, a language.

One that names nothing real is refused before any figure is made.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from auditkit.clocks.period import Period, last_complete_day, last_complete_month, month_of, parse_period
from auditkit.config import LANGUAGES, nearest
from auditkit.errors import DataError, Problem, UsageError
from auditkit.report.history import midnight
from auditkit.store import Store, open_store
from auditkit.workspace import Workspace


def loaded_store(workspace: Workspace) -> Store:
    """The store, loaded where it is not yet."""
    try:
        return open_store(workspace)
    except DataError:
        from auditkit.load import load

        return load(workspace)


def as_of_of(text: str, store: Store, team: str) -> datetime:
    """The as-of instant as written (in the team's zone where it names none); "" is the store's."""
    if not text:
        return store.meta.as_of
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        expected = "an instant such as 2026-06-01T00:00:00Z"
        raise UsageError(Problem(f"as_of {text!r}", "is not an instant", expected)) from None
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=ZoneInfo(store.meta.teams[team].zone))
    return stated.astimezone(UTC)


def settle_period(text: str, store: Store, team: str, as_of: datetime) -> Period:
    """The period as written, for one team; "" is the last month that is over at ``as_of`` and of which there are data.

    Raises UsageError, naming what the data cover, for a period in the future or without data.
    """
    zone = store.meta.teams[team].zone
    covered = store.coverage(team)
    if covered is None:
        raise UsageError(Problem(f"team {team!r}", "has no data", "", "Load a source that names it."))
    complete = last_complete_day(as_of, zone)
    last = covered.end - timedelta(days=1)
    if not text:
        return min(last_complete_month(complete), max(month_of(last), month_of(covered.start)))
    period = parse_period(text, complete)
    asked, remedy = f"period {period.label!r}", f"The data of {team} cover {covered.start} to {last}."
    if midnight(period.start, zone) > as_of:
        finding = f"begins after the as-of instant {as_of:%Y-%m-%d %H:%M} UTC"
        raise UsageError(Problem(asked, finding, "a period that has begun", remedy))
    if period.end <= covered.start or period.start >= covered.end:
        raise UsageError(Problem(asked, f"holds no data of {team}", "", remedy))
    return period


def language_of(text: str, store: Store, team: str) -> str:
    """The language of a team's report, or of the client's where no team is named."""
    own = store.meta.teams[team].language if team else None
    wanted = text or own or store.workspace.config.audit.language
    if text and text not in LANGUAGES:
        raise UsageError(Problem(f"language {text!r}", "is not known", ", ".join(LANGUAGES), nearest(text, LANGUAGES)))
    return wanted
