"""Composing the queries: one per table and date rule for any set of measures, teams, periods and groups.

In come resolved measures (their parameters put in), out goes SQL over the relations that ``prepare`` lays out in a
connection. A measure's expressions are only ever placed inside FILTER clauses; teams, periods and groups are this
module's business alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb
import pyarrow as pa

from auditkit.definition import POPULATION, Count, Measure, Net, Quantity, Share, Survival
from auditkit.errors import Problem, UsageError
from auditkit.period import Period
from auditkit.schema import TABLES
from auditkit.store import microseconds_of
from auditkit.zones import midnight_us

# When as_of lies before the end of the data, what happened later is not known yet. For each instant: the columns that
# say it, follow from it, or are settled by it. A call is over when it is answered, or when its caller gave up waiting.
_CALL_DECIDED = "coalesce(epoch_us(t.answered_at), epoch_us(t.offered_at) + CAST(t.wait_seconds * 1000000 AS BIGINT))"
LATER = {
    "tickets": {
        "epoch_us(t.first_response_at)": (
            "first_response_at", "first_response_on", "response_seconds", "response_business_seconds",
            "sla_first_response_met",
        ),
        "epoch_us(t.first_resolved_at)": ("first_resolved_at",),
        "epoch_us(t.resolved_at)": (
            "resolved_at", "resolved_on", "resolution_seconds", "resolution_business_seconds", "sla_resolution_met",
            "outcome", "handle_seconds",
        ),
        "epoch_us(t.closed_at)": ("closed_at", "closed_on"),
    },
    "calls": {
        _CALL_DECIDED: (
            "answered_at", "answered", "wait_seconds", "abandoned", "abandoned_in", "talk_seconds", "hold_seconds",
            "wrap_seconds", "handle_seconds", "ended_at", "transferred", "resolved", "outcome",
        ),
    },
    "surveys": {
        "epoch_us(t.answered_at)": ("answered_at", "answered_on", "score", "emotion", "comment", "invalidated"),
    },
}  # fmt: skip
TIME = {"tickets": "created_at", "calls": "offered_at", "surveys": "coalesce(answered_at, sent_at)"}
BEGUN = {"tickets": "created_at", "calls": "offered_at", "surveys": "coalesce(sent_at, answered_at)"}
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
    "hour",
    "weekday",
)


@dataclass(frozen=True)
class Scope:
    """What is asked for: teams with zones and clock readings, periods, the group, the instant up to which the world
    is known (``masked``: the data go on after it). ``whole``: no period was asked for, so all that is known is meant.
    """

    teams: tuple[str, ...]
    zones: tuple[str, ...]
    open_at_as_of: tuple[float | None, ...]
    periods: tuple[Period, ...]
    as_of: datetime
    masked: bool
    by: str | None = None
    whole: bool = False

    def end_us(self, zone: str, period: Period) -> int:
        """The instant of a snapshot: the period's end in the zone, or just after as_of if that comes first."""
        return min(midnight_us(period.end, zone), microseconds_of(self.as_of) + 1)


def prepare(con: duckdb.DuckDBPyConnection, scope: Scope) -> None:
    """Lay out the teams, the days of each period and the snapshot instants in the connection."""
    open_at = pa.array(scope.open_at_as_of, pa.float64())
    numbers = range(len(scope.teams))
    _lay_out(con, "audit_teams", {"team": scope.teams, "team_no": numbers, "open_at_as_of": open_at})
    days = [(number, day) for number, period in enumerate(scope.periods) for day in period.each_day()]
    _lay_out(con, "audit_days", {"period_no": [one for one, _ in days], "day": [day for _, day in days]})
    ends = [
        (team, number, scope.end_us(zone, period))
        for team, zone in enumerate(scope.zones)
        for number, period in enumerate(scope.periods)
    ]
    _lay_out(con, "audit_ends", dict(zip(("team_no", "period_no", "end_us"), zip(*ends, strict=True), strict=True)))


def _lay_out(con: duckdb.DuckDBPyConnection, name: str, columns: Mapping[str, Sequence]) -> None:
    """A small table in the connection."""
    con.register("laid_out", pa.table({column: pa.array(values) for column, values in columns.items()}))
    con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM laid_out")
    con.unregister("laid_out")


def base(table: str, scope: Scope) -> str:
    """The rows of a table as known at as_of, with the time from each row to as_of."""
    as_of = microseconds_of(scope.as_of)
    replaced = [
        f"CASE WHEN {instant} > {as_of} THEN NULL ELSE t.{name} END AS {name}"
        for instant, names in (LATER[table].items() if scope.masked else ())
        for name in names
    ]
    if scope.masked and table == "tickets":
        replaced += [_settled(part, as_of) for part in ("at", "on")]
    star = f"t.* REPLACE ({', '.join(replaced)})" if replaced else "t.*"
    business = "a.open_at_as_of - t.open_seconds_at_creation" if table == "tickets" else "NULL"
    known = f" AND epoch_us({BEGUN[table]}) <= {as_of}" if scope.masked else ""
    return f"""(SELECT {star}, a.team_no, ({as_of} - epoch_us(t.{TABLES[table].time})) / 1e6 AS seconds_to_as_of,
        {business} AS business_seconds_to_as_of
        FROM {table} t JOIN audit_teams a ON t.team = a.team WHERE {POPULATION[table]}{known})"""


def _settled(part: str, as_of: int) -> str:
    """The instant or day of settling as far as as_of knows it (facts.py: resolved, else closed, else created)."""
    known = " ".join(f"WHEN epoch_us(t.{name}_at) <= {as_of} THEN t.{name}_{part}" for name in ("resolved", "closed"))
    return f"CASE {known} ELSE t.created_{part} END AS settled_{part}"


def with_parameters(measure: Measure, within: float | Mapping[str, float] | None) -> Measure:
    """The measure with numbers for its ``{parameters}``; ``within`` is the target's, or its default, or by priority."""
    values: dict[str, object] = dict(measure.parameters)
    if within is not None:
        values["within"] = _by_priority(within) if isinstance(within, Mapping) else float(within)
    changed = {}
    for name in ("counted", "complete", "met", "value", "observed", "plus", "minus"):
        text = getattr(measure, name, None)
        if isinstance(text, str) and "{" in text:
            changed[name] = _PARAMETER.sub(lambda found: str(values.get(found[1], _NO_NUMBER)), text)
    return replace(measure, **changed) if changed else measure


_PARAMETER = re.compile(r"\{([a-z]\w*)\}")
_NO_NUMBER = "CAST(NULL AS DOUBLE)"  # nothing is then counted, and the measure says why


def _by_priority(within: Mapping[str, float]) -> str:
    cases = " ".join(f"WHEN {_text(name.casefold())} THEN {float(seconds)}" for name, seconds in within.items())
    return f"(CASE lower(priority) {cases} ELSE CAST(NULL AS DOUBLE) END)"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def day_column(dated_by: str) -> str:
    """The stored local day of an instant: created_on of created_at."""
    return dated_by.removesuffix("_at") + "_on"


def group_expression(table: str, dated_by: str, by: str | None) -> str | None:
    """SQL of the group, NULL for none asked; None when the table does not have it. UsageError for a group that
    nothing has.
    """
    if by is None:
        return "CAST(NULL AS VARCHAR)"
    if by not in GROUPS:
        raise UsageError(Problem(f"group {by!r}", "is not known", ", ".join(GROUPS)))
    columns = TABLES[table].by_name
    if by == "tag":
        return "unnest(CASE WHEN len(tags) > 0 THEN tags ELSE [NULL] END)" if "tags" in columns else None
    if by in ("hour", "weekday"):
        stem = dated_by.removesuffix("_at")
        return f"CAST({stem}_{by} AS VARCHAR)" if stem in ("created", "offered") else None
    return by if by in columns else None


def aggregate_sql(table: str, dated_by: str, measures: Sequence[Measure], scope: Scope, group: str) -> str:
    """One row per team, period and group with the counts that the measures need, in columns numbered like them."""
    columns = [part for number, measure in enumerate(measures) for part in _aggregates(number, measure)]
    return f"""SELECT team_no, period_no, "group", {", ".join(columns)}
        FROM {_grouped(table, scope, group)} t JOIN audit_days d ON t.{day_column(dated_by)} = d.day GROUP BY ALL"""


def values_sql(table: str, measure: Measure, scope: Scope, group: str) -> str:
    """The values of a quantity (and whether the event was observed), one row each, with team, period and group."""
    observed = f", ({measure.observed}) AS observed" if isinstance(measure, Survival) else ""
    return f"""SELECT team_no, period_no, "group", CAST({measure.value} AS DOUBLE) AS value{observed}
        FROM {_grouped(table, scope, group)} t JOIN audit_days d ON t.{day_column(measure.dated_by)} = d.day
        WHERE ({measure.counted}) AND ({measure.complete})"""


def snapshot_sql(table: str, until: str, scope: Scope, group: str) -> str:
    """The age of each row that had begun and not reached ``until`` at each snapshot instant."""
    started = TABLES[table].time
    return f"""SELECT t.team_no, e.period_no, "group", (e.end_us - epoch_us(t.{started})) / 1e6 AS value
        FROM {_grouped(table, scope, group)} t JOIN audit_ends e ON t.team_no = e.team_no
        WHERE epoch_us(t.{started}) < e.end_us AND coalesce(epoch_us(t.{until}) >= e.end_us, TRUE)"""


def _grouped(table: str, scope: Scope, group: str) -> str:
    """The rows as known at as_of with their group; a row with several tags stands once for each."""
    return f"""(SELECT b.*, {group} AS "group" FROM {base(table, scope)} b)"""


def _aggregates(number: int, measure: Measure) -> list[str]:
    asked = f"({measure.counted})"
    counted = f"{asked} AND ({measure.complete})"
    parts = {"asked": f"count(*) FILTER ({asked})", "n": f"count(*) FILTER ({counted})"}
    if isinstance(measure, Count):
        amount = f"count(DISTINCT {measure.distinct})" if measure.distinct else f"sum({measure.amount})"
        parts["amount"] = f"{amount} FILTER ({counted})"
    elif isinstance(measure, Share):
        parts["met"] = f"count(*) FILTER ({counted} AND ({measure.met}))"
    elif isinstance(measure, Net):
        parts["plus"] = f"count(*) FILTER ({counted} AND ({measure.plus}))"
        parts["minus"] = f"count(*) FILTER ({counted} AND ({measure.minus}))"
    elif isinstance(measure, Quantity):
        value = f"CAST({measure.value} AS DOUBLE)"
        parts |= {
            "mean": f"avg({value}) FILTER ({counted})",
            "variance": f"var_samp({value}) FILTER ({counted})",
            "largest": f"max({value}) FILTER ({counted})",
        }
    return [f"{sql} AS {name}_{number}" for name, sql in parts.items()]
