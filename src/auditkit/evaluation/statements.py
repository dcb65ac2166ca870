"""One SQL statement for each kind of question: counts, values, snapshots, cohorts, rows of a computed statistic.

In come resolved measures over one relation, dated by one instant, and a group; out goes SQL over what query.py laid
out. Every condition of every measure becomes one column of zeros and ones, each written once however many measures
share it, and one pass adds them up by team, period and group: that costs half of what as many FILTER clauses do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from auditkit.definition import Cohort, Computed, Count, Measure, Net, Quantity, Share, Snapshot, Survival
from auditkit.evaluation.query import NO_GROUP, Scope, base, reach_of
from auditkit.relations import RELATIONS, day_of
from auditkit.store import microseconds_of


@dataclass(frozen=True)
class Place:
    """How a statement says where a row belongs: the names of its leading columns, their SQL, a join that they need."""

    names: str = 'team_no, period_no, "group"'
    columns: str = 'team_no, period_no, "group"'
    join: str = ""


WHOLE = Place()
OWN = "audit.toml"  # the source of a measure that a user declared
_SIDES = ("plus", "minus")


def aggregate_sql(
    table: str, dated_by: str, measures: Sequence[Measure], scope: Scope, group: str, place: Place = WHOLE
) -> str:
    """One row per team, period and group with the counts that the measures need, in columns numbered like them.

    Measures that count different values count the same ones: those of the first measure.
    """
    made, counts = _counts(measures)
    sums = [f"{sql} AS {name}" for name, sql in counts.items()]
    return _aggregate(table, dated_by, unit_of(measures[0]), made, sums, scope, group, place)


def shared_aggregate_sql(
    table: str, dated_by: str, measures: Sequence[Measure], scope: Scope, group: str, place: Place = WHOLE
) -> tuple[str, dict[str, str]]:
    """As ``aggregate_sql``, but each sum is taken once, and it is told which column holds each count."""
    made, counts = _counts(measures)
    columns = {sql: f"s{number}" for number, sql in enumerate(dict.fromkeys(counts.values()))}
    sums = [f"{sql} AS {name}" for sql, name in columns.items()]
    statement = _aggregate(table, dated_by, unit_of(measures[0]), made, sums, scope, group, place)
    return statement, {name: columns[sql] for name, sql in counts.items()}


def _counts(measures: Sequence[Measure]) -> tuple[dict[str, str], dict[str, str]]:
    """The columns of zeros and ones that the measures share, by their SQL, and the sums of each measure by name."""
    made: dict[str, str] = {}
    unit = bool(unit_of(measures[0]))
    parts = [_parts(one, made, unit) for one in measures]
    return made, {f"{name}_{number}": sql for number, own in enumerate(parts) for name, sql in own.items()}


def _aggregate(
    table: str,
    dated_by: str,
    unit: str,
    made: Mapping[str, str],
    sums: Sequence[str],
    scope: Scope,
    group: str,
    place: Place,
) -> str:
    columns = [
        place.columns,
        *([f"{unit} AS unit"] if unit else []),
        *(f"{sql} AS {name}" for sql, name in made.items()),
    ]
    rows = f"""(SELECT {", ".join(columns)} FROM {_grouped(table, scope, group)} t
        JOIN audit_days d ON t.{day_of(dated_by)} = d.day {place.join})"""
    if unit:
        by_unit = ", ".join(f"sum({name}) AS {name}" for name in made.values())
        rows = f"(SELECT {place.names}, unit, {by_unit} FROM {rows} GROUP BY ALL)"
    return f"SELECT {place.names}, {', '.join(sums)} FROM {rows} GROUP BY ALL"


def unit_of(measure: Measure) -> str:
    """What a measure counts the different values of; nothing for one that counts rows."""
    unit = measure.per if isinstance(measure, Share) else (measure.distinct if isinstance(measure, Count) else "")
    return RELATIONS[measure.of].numbers.get(unit, unit)


def _parts(measure: Measure, inner: dict[str, str], by_unit: bool) -> dict[str, str]:
    """The sums of one measure by name, over columns that are put into ``inner``."""

    def flag(*conditions: str) -> str:
        needed = [f"({one})" for one in conditions if one != "TRUE"]
        return _column(inner, f"CAST(({' AND '.join(needed)}) AS INTEGER)" if needed else "1")

    def value(sql: str) -> str:
        return _column(inner, f"CASE WHEN {' AND '.join(counted)} THEN {sql} END")

    counted = [f"({measure.counted})", f"({measure.complete})"]
    asked, n = flag(measure.counted), flag(measure.counted, measure.complete)
    parts = {"asked": _total(asked), "n": _total(n)}
    if by_unit:
        parts |= _unit_parts(measure, asked, n)
    if isinstance(measure, Count):
        parts["amount"] = parts.pop("units") if by_unit else f"sum({value(measure.amount)})"
    elif isinstance(measure, Share):
        met = flag(measure.counted, measure.complete, measure.met)
        if measure.source == OWN:  # of a stranger's expression, only the rows that count may make it fail
            met = _column(inner, f"CAST(CASE WHEN {' AND '.join(counted)} THEN {measure.met} END AS INTEGER)")
        parts["met"] = f"count(unit) FILTER ({met} > 0)" if by_unit else _total(met)
    elif isinstance(measure, Net):
        parts |= {name: _total(flag(measure.counted, measure.complete, getattr(measure, name))) for name in _SIDES}
    elif isinstance(measure, Quantity):
        found = value(f"CAST({measure.value} AS DOUBLE)")
        parts |= {"mean": f"avg({found})", "variance": f"var_samp({found})", "largest": f"max({found})"}
    return parts


def _unit_parts(measure: Measure, asked: str, n: str) -> dict[str, str]:
    """Counts of different values; who is not known cannot be told apart, so the rows say how complete they are."""
    units = f"count(unit) FILTER ({n} > 0)"
    if isinstance(measure, Count):
        return {"units": units}
    rows, known = _total(asked), _total(n)
    return {"n": units, "asked": f"CASE WHEN {known} > 0 THEN {units} * {rows} / {known} ELSE {rows} END"}


def _column(inner: dict[str, str], sql: str) -> str:
    return inner.setdefault(sql, f"x{len(inner)}")


def _total(column: str) -> str:
    return f"CAST(coalesce(sum({column}), 0) AS BIGINT)"


def values_sql(
    table: str, dated_by: str, measures: Sequence[Measure], scope: Scope, group: str, place: Place = WHOLE
) -> str:
    """The values of quantities (``v0``, ``v1`` ...; NULL where a row does not count) with their places.

    For survival also whether the event was observed (``o0`` ...). Rows that count for none of them are left out.
    """
    columns, counted = [], []
    for number, measure in enumerate(measures):
        counts = f"({measure.counted}) AND ({measure.complete})"
        counted.append(counts)
        columns.append(f"CASE WHEN {counts} THEN CAST({measure.value} AS DOUBLE) END AS v{number}")
        if isinstance(measure, Survival):
            columns.append(f"coalesce({measure.observed}, FALSE) AS o{number}")
    return f"""SELECT {place.columns}, {", ".join(columns)}
        FROM {_grouped(table, scope, group)} t JOIN audit_days d ON t.{day_of(dated_by)} = d.day {place.join}
        WHERE {" OR ".join(f"({one})" for one in counted)}"""


def tally_sql(table: str, dated_by: str, measure: Quantity, scope: Scope, group: str, place: Place = WHOLE) -> str:
    """How often each value of a quantity occurs in each place (``v0``, ``times``), in their order."""
    return f"""SELECT {place.names}, v0, count(*) AS times FROM (
            SELECT {place.columns}, CAST({measure.value} AS DOUBLE) AS v0
            FROM {_grouped(table, scope, group)} t JOIN audit_days d ON t.{day_of(dated_by)} = d.day {place.join}
            WHERE ({measure.counted}) AND ({measure.complete}))
        WHERE v0 IS NOT NULL GROUP BY ALL ORDER BY ALL"""


def snapshot_count_sql(measure: Snapshot, scope: Scope, group: str, place: Place = WHOLE) -> str:
    """How many counted rows were there at each snapshot (``n``); rows of the same ends are added up first."""
    there = f"""SELECT team_no, "group", first_end, last_end, count(*) AS rows
        FROM ({_between_ends(measure, scope, group)}) GROUP BY ALL"""
    ends = f"""SELECT n.team_no, e.period_no, n."group", n.rows FROM ({there}) n JOIN audit_ends e
        ON n.team_no = e.team_no AND e.end_no >= n.first_end AND e.end_no < n.last_end"""
    return f"""SELECT {place.names}, CAST(sum(rows) AS BIGINT) AS n FROM (
        SELECT {place.columns}, rows FROM ({ends}) t {place.join}) GROUP BY ALL"""


def snapshot_sql(measure: Snapshot, scope: Scope, group: str, place: Place = WHOLE) -> str:
    """The age (``v0``, seconds) of each counted row that was there at each snapshot instant."""
    begun = f"epoch_us(t.{RELATIONS[measure.of].time}) AS begun_us"
    there = f"""SELECT n.team_no, e.period_no, n."group",
            (least(e.end_us, {microseconds_of(scope.as_of)}) - n.begun_us) / 1e6 AS v0
        FROM ({_between_ends(measure, scope, group, begun)}) n JOIN audit_ends e
        ON n.team_no = e.team_no AND e.end_no >= n.first_end AND e.end_no < n.last_end"""
    return f"SELECT {place.columns}, v0 FROM ({there}) t {place.join}"


def _between_ends(measure: Snapshot, scope: Scope, group: str, *more: str) -> str:
    """Counted rows that were there at some end: from ``first_end`` on, and no longer at ``last_end``."""
    begun_on = f"t.{day_of(RELATIONS[measure.of].time)}"
    until_on = re.sub(r"\b(\w+)_at\b", r"\1_on", measure.until)
    last = f"coalesce(u.over, {len(scope.periods)})"
    columns = ["t.team_no", 't."group"', "b.over AS first_end", f"{last} AS last_end", *more]
    return f"""SELECT {", ".join(columns)} FROM {_grouped(measure.of, scope, group)} t
        JOIN audit_reach b ON {reach_of(begun_on, scope)} = b.day
        LEFT JOIN audit_reach u ON {reach_of(until_on, scope)} = u.day
        WHERE b.over < {last} AND ({measure.counted})"""


def cohort_sql(measure: Cohort, scope: Scope, group: str, place: Place = WHOLE) -> str:
    """Rows that were there at each period's start, and how many of them still at its end."""
    since, until = f"epoch_us(t.{measure.since})", f"epoch_us(t.{measure.until})"
    return f"""SELECT {place.names}, count(*) AS asked_0, count(*) AS n_0, count(*) FILTER (still) AS met_0
        FROM (SELECT {place.columns}, still FROM (
            SELECT t.team_no, e.period_no, t."group", coalesce({until} >= e.end_us, TRUE) AS still
            FROM {_grouped(measure.of, scope, group)} t JOIN audit_ends e ON t.team_no = e.team_no
            WHERE {since} < e.start_us AND coalesce({until} >= e.start_us, TRUE) AND ({measure.counted})) t
        {place.join}) GROUP BY ALL"""


def rows_sql(measure: Computed, scope: Scope, group: str, place: Place = WHOLE) -> str:
    """The rows of a computed statistic: its columns, with places; with totals, rows that are alike come as one."""
    columns = ", ".join(f'"{name}"' for name in measure.columns)
    rows = f"""FROM {_grouped(measure.of, scope, group)} t JOIN audit_days d ON t.{day_of(measure.dated_by)} = d.day
        {place.join} WHERE ({measure.counted}) AND ({measure.complete})"""
    if not measure.totals:
        return f"SELECT {place.columns}, {columns} {rows}"
    totals = ", ".join(f"{sql} AS {name}" for name, sql in measure.totals.items())
    return f"SELECT {place.columns}, {columns}, {totals} {rows} GROUP BY ALL"


def _grouped(table: str, scope: Scope, group: str) -> str:
    """The rows as known at as_of with their group; a row with several tags stands once for each.

    Rows that are held have an empty group: a query that asks for none has less to plan.
    """
    rows = base(table, scope)
    if scope.held and group == NO_GROUP:
        return rows
    every = 'b.* EXCLUDE ("group")' if scope.held else "b.*"
    return f"""(SELECT {every}, {group} AS "group" FROM {rows} b)"""
