"""What is asked, laid out for a query: teams, periods, snapshot instants, the rows as they were known, the group.

In come teams, periods and an as_of (``Scope``), and measures whose parameters are put in here; out go small tables in
the connection and the SQL of the rows of a relation. statements.py counts over them. Teams, periods and groups are the
business of these two modules alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa

from auditkit.clocks.period import Period
from auditkit.clocks.zones import midnight_us
from auditkit.config import Target
from auditkit.definition import Measure
from auditkit.errors import Problem, UsageError
from auditkit.facts.journeys import journeys_sql
from auditkit.relations import RELATIONS
from auditkit.store import microseconds_of

NO_GROUP = "CAST(NULL AS VARCHAR)"
BEYOND = 1  # days before the first end and after the last one
TICKET_LIMITS = (
    "first_response_within",
    "first_response_within_business",
    "resolved_within",
    "resolved_within_business",
)
GROUPS = (
    "channel",
    "agent",
    "tag",
    "type",
    "reason",
    "priority",
    "language",
    "status",
    "queue",
    "question",
    "criterion",
    "scorecard",
    "touchpoint",
    "course",
    "hour",
    "weekday",
    "opening",
)


@dataclass(frozen=True)
class Scope:
    """What is asked for: teams with zones and clock readings, periods, the group, the instant up to which the world
    is known (``masked``: the data go on after it). ``whole``: no period was asked for, so all that is known is meant.
    ``held``: the connection has the rows as known at as_of as tables of their own.
    """

    teams: tuple[str, ...]
    zones: tuple[str, ...]
    open_at_as_of: tuple[float | None, ...]
    periods: tuple[Period, ...]
    as_of: datetime
    masked: bool
    by: str | None = None
    whole: bool = False
    held: bool = False

    def end_us(self, zone: str, period: Period) -> int:
        """The instant of a snapshot: the period's end in the zone, or just after as_of if that comes first."""
        return min(midnight_us(period.end, zone), microseconds_of(self.as_of) + 1)


def prepare(con: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Lay out the teams, the days of each period and the snapshot instants in the connection."""
    if not scope.held:
        lay_out_teams(con, scope)
    days = [(number, day) for number, period in enumerate(scope.periods) for day in period.each_day()]
    _lay_out(con, "audit_days", {"period_no": [one for one, _ in days], "day": [day for _, day in days]})
    _lay_out_ends(con, scope)
    if scope.masked:
        _journeys_as_known(con, microseconds_of(scope.as_of))


def lay_out_teams(con: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """The teams with their numbers, in the connection."""
    open_at = pa.array(scope.open_at_as_of, pa.float64())
    numbers = range(len(scope.teams))
    _lay_out(con, "audit_teams", {"team": scope.teams, "team_no": numbers, "open_at_as_of": open_at})


def needed(relations: Iterable[str], scope: Scope) -> set[str]:
    """The stored relations that these are read from; journeys of an earlier instant are made of their contacts."""
    relations = set(relations)
    return relations | {"contacts", "journey_surveys"} if scope.masked and "journeys" in relations else relations


def _lay_out_ends(con: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """``audit_ends``: the instants at which each period begins and ends for each team, numbered by their days.

    ``audit_reach`` says for a local day how many ends lie before it or at its beginning (``over``). A row's days are
    those of its team's zone, and so are the ends: what was there at an end is settled by days alone. It begins and
    ends with days that stand for all before and all after them.
    """
    order = sorted(range(len(scope.periods)), key=lambda number: scope.periods[number].end)
    bounds = [
        (team, number, place, midnight_us(scope.periods[number].start, zone), scope.end_us(zone, scope.periods[number]))
        for team, zone in enumerate(scope.zones)
        for place, number in enumerate(order)
    ]
    names = ("team_no", "period_no", "end_no", "start_us", "end_us")
    _lay_out(con, "audit_ends", dict(zip(names, zip(*bounds, strict=True), strict=True)))
    ends = [scope.periods[number].end for number in order]
    days = [ends[0] + timedelta(days=one) for one in range(-BEYOND, (ends[-1] - ends[0]).days + BEYOND + 1)]
    _lay_out(con, "audit_reach", {"day": days, "over": [bisect_right(ends, day) for day in days]})


def reach_of(day: str, scope: Scope) -> str:
    """SQL of the day of ``audit_reach`` that tells of a local day; NULL of none."""
    ends = [period.end for period in scope.periods]
    first, last = min(ends) - timedelta(days=BEYOND), max(ends) + timedelta(days=BEYOND)
    return f"CASE WHEN {day} IS NOT NULL THEN least(greatest({day}, DATE '{first}'), DATE '{last}') END"


def _journeys_as_known(con: duckdb.DuckDBPyConnection, as_of_us: int) -> None:
    """``journeys_known``: what the stored journeys were at an earlier as_of, the contacts by then, chained."""
    there = {name for (name,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    if "contacts" in there:
        surveys = "journey_surveys" if "journey_surveys" in there else None
        con.execute(f"CREATE TEMP VIEW journeys_known AS {journeys_sql('contacts', surveys, as_of_us=as_of_us)}")


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence]) -> None:
    """A small table in the connection."""
    con.register("laid_out", pa.table({column: pa.array(values) for column, values in columns.items()}))
    con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM laid_out")
    con.unregister("laid_out")


def base(table: str, scope: Scope) -> str:
    """The rows of a relation as known at as_of, with the time from each row to as_of."""
    rows = "journeys_known" if scope.masked and table == "journeys" else table
    return f"known_{table}" if scope.held else f"({rows_as_known(table, scope, rows)})"


def rows_as_known(table: str, scope: Scope, rows: str) -> str:
    """The query behind ``base``, over ``rows`` of the relation."""
    relation, as_of = RELATIONS[table], microseconds_of(scope.as_of)
    replaced = [
        f'CASE WHEN {instant} > {as_of} THEN NULL ELSE t."{name}" END AS "{name}"'
        for instant, names in (relation.later.items() if scope.masked else ())
        for name in names
    ]
    if scope.masked and table == "tickets":
        replaced += [_settled(part, as_of) for part in ("at", "on")]
    star = f"t.* REPLACE ({', '.join(replaced)})" if replaced else "t.*"
    business = "a.open_at_as_of - t.open_seconds_at_creation" if table == "tickets" else "NULL"
    known = f" AND epoch_us({relation.begins}) <= {as_of}" if scope.masked else ""
    grown = "".join(f", {sql.format(as_of=as_of, masked=scope.masked)} AS {one}" for one, sql in relation.grown.items())
    return f"""SELECT {star}, a.team_no, ({as_of} - epoch_us(t."{relation.time}")) / 1e6 AS seconds_to_as_of,
        {business} AS business_seconds_to_as_of{grown}
        FROM {rows} t JOIN audit_teams a ON t.team = a.team WHERE {relation.population}{known}"""


def _settled(part: str, as_of: int) -> str:
    """The instant or day of settling as far as as_of knows it (facts.py: resolved, else closed, else created)."""
    known = " ".join(f"WHEN epoch_us(t.{name}_at) <= {as_of} THEN t.{name}_{part}" for name in ("resolved", "closed"))
    return f"CASE {known} ELSE t.created_{part} END AS settled_{part}"


def for_targets(measure: Measure, targets: Mapping[str, Target]) -> Measure:
    """The measure with its own target's limit, and (as ``any_within``) with any limit that applies to a ticket."""
    own = targets.get(measure.id)
    names = (*TICKET_LIMITS, measure.id)
    limits = [targets[name].within for name in names if name in targets and targets[name].within]
    any_within = f"coalesce({', '.join(map(_limit, limits))})" if limits else None
    if limits and "{any_within}" in getattr(measure, "met", "") and all(isinstance(one, Mapping) for one in limits):
        measure = replace(measure, needs=(*measure.needs, "priority"))
    return with_parameters(measure, own.within if own else None, any_within)


def with_parameters(
    measure: Measure, within: float | Mapping[str, float] | None, any_within: str | None = None
) -> Measure:
    """The measure with numbers for its ``{parameters}``; ``within`` is a limit, or its default, or by priority."""
    values: dict[str, object] = dict(measure.parameters)
    if within is not None:
        values["within"] = _limit(within)
    if any_within is not None:
        values["any_within"] = any_within
    changed = {}
    for name in ("counted", "complete", "met", "value", "observed", "plus", "minus"):
        text = getattr(measure, name, None)
        if isinstance(text, str) and "{" in text:
            changed[name] = _PARAMETER.sub(lambda found: str(values.get(found[1], _NO_NUMBER)), text)
    return replace(measure, **changed) if changed else measure


_PARAMETER = re.compile(r"\{([a-z]\w*)\}")
_NO_NUMBER = "CAST(NULL AS DOUBLE)"  # nothing is then counted, and the measure says why


def _limit(within: float | Mapping[str, float] | None) -> str:
    return _by_priority(within) if isinstance(within, Mapping) else f"CAST({float(within or 0)} AS DOUBLE)"


def _by_priority(within: Mapping[str, float]) -> str:
    cases = " ".join(f"WHEN {_text(name.casefold())} THEN {float(seconds)}" for name, seconds in within.items())
    return f"(CASE lower(priority) {cases} ELSE CAST(NULL AS DOUBLE) END)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


# Whether a contact came while the team was open; nothing where its hours are not known.
_OPENING = "CASE WHEN after_hours THEN 'closed' WHEN NOT after_hours THEN 'open' END"


def group_expression(table: str, dated_by: str, by: str | None) -> str | None:
    """SQL of the group, NULL for none asked; None when the table does not have it. UsageError for a group that
    nothing has.
    """
    if by is None:
        return NO_GROUP
    if by not in GROUPS:
        raise UsageError(Problem(f"group {by!r}", "is not known", ", ".join(GROUPS)))
    relation = RELATIONS[table]
    if by == "tag":
        return "unnest(CASE WHEN len(tags) > 0 THEN tags ELSE [NULL] END)" if "tags" in relation.columns else None
    if by == "opening":
        return _OPENING if dated_by == relation.hours_of else None
    if by in ("hour", "weekday"):
        stem = dated_by.removesuffix("_at")
        return f"CAST({stem}_{by} AS VARCHAR)" if dated_by == relation.hours_of else None
    return by if by in relation.columns else None
