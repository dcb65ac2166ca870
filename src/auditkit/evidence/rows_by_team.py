"""What the charts of reports need of the rows of a few teams, as the audit knows them at its as-of instant.

In come a store and teams that are asked about together; out go for each team the frames, the samples, the names of the
files and the dated changes, which are the same as if it had been asked about alone. Populations and clocks are those of
the figures: both are composed by query.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from auditkit.clocks.period import Period
from auditkit.definition import Measure
from auditkit.schema import TABLES
from auditkit.store import Store, instant

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pandas as pd
    import pyarrow as pa

# What charts need of each table: enough to draw, and of the texts that strangers wrote only those of public reviews.
COLUMNS = {
    "tickets": (
        "created_at",
        "created_on",
        "created_hour",
        "created_weekday",
        "resolved_at",
        "resolution_seconds",
        "response_seconds",
        "response_business_seconds",
        "channel",
        "language",
        "after_hours",
        "seconds_to_as_of",
    ),
    "calls": ("offered_at", "offered_on", "answered", "wait_seconds", "after_hours"),
    "journeys": ("started_on", "start_channel", "last_channel"),
    "review_criteria": (
        "reviewed_on",
        "kind",
        "ticket_id",
        "criterion",
        "agent",
        "reviewer",
        "applicable",
        "share",
        "weight",
    ),
    "scored_reviews": ("review_id", "reviewed_on", "kind", "ticket_id", "agent", "score_share"),
    "surveys": (
        "response_id",
        "kind",
        "answered_on",
        "score",
        "scale_min",
        "scale_max",
        "touchpoint",
        "emotion",
        "channel",
        "CASE WHEN kind = 'review' THEN comment END AS review_text",
        "has_reply",
        "replied_at",
        "answered_at",
        "seconds_to_as_of",
    ),
    "mystery_tests": (
        "test_id",
        "contacted_at",
        "contacted_on",
        "contacted_hour",
        "contacted_weekday",
        "after_hours",
        "channel",
        "reply_seconds",
        "watched_seconds",
        "seconds_to_as_of",
        "tester_type",
        "independent",
        "answered_right",
    ),
}

Samples = dict[str, dict[str, "np.ndarray"]]
"""``v0`` values and, of survivals, ``o0`` whether each has ended; by the period's label."""
DatedChange = tuple[date, str, str, str, str]
"""A dated change: local day, title, measure, direction, expected effect ("" where not said)."""


def frames_of(
    store: Store, teams: Sequence[str], periods: Sequence[Period], as_of: datetime, table: str
) -> dict[str, pd.DataFrame]:
    """All rows of a table that a source fills, by team, days as dates; read as those who ask of ``periods`` do.

    Their order is that of what they say, whatever the order of the files.
    """
    from auditkit.evaluation.at_hand import rows_of
    from auditkit.evaluation.evaluate import scope_of
    from auditkit.evaluation.query import base, needed

    scope = scope_of(store, list(teams), list(periods), None, as_of)
    columns = ", ".join(("team_no", *COLUMNS[table]))
    with rows_of(store, scope, needed([table], scope)) as (connect, held):
        found = connect().sql(f"SELECT {columns} FROM {base(table, held)} ORDER BY ALL").to_arrow_table()
    return {team: own.to_pandas() for team, own in _by_team(found, teams)}


def samples_of(
    store: Store, teams: Sequence[str], periods: Sequence[Period], as_of: datetime, measure: Measure
) -> dict[str, Samples]:
    """What the engine reads of a measure's rows, by team and period, the smallest value first; periods that differ."""
    from auditkit.evaluation.at_hand import rows_of
    from auditkit.evaluation.evaluate import scope_of
    from auditkit.evaluation.query import NO_GROUP, for_targets, needed
    from auditkit.evaluation.statements import values_sql

    table = store.meta.tables.get(measure.of)
    if table is None or any(name not in table.present for name in measure.needs):
        return {team: {"v0": {}, "o0": {}} for team in teams}
    ready = for_targets(measure, store.workspace.config.targets)
    scope = scope_of(store, list(teams), list(periods), None, as_of)
    with rows_of(store, scope, needed([measure.of], scope)) as (connect, held):
        found = connect().sql(values_sql(measure.of, measure.dated_by, [ready], held, NO_GROUP)).to_arrow_table()
    return {team: dict(_by_period(own, periods)) for team, own in _by_team(found, teams)}


def sources_of(store: Store, con: duckdb.DuckDBPyConnection, teams: Sequence[str]) -> dict[str, frozenset[str]]:
    """The names of the files that hold rows of each team, and of those whose table knows no teams."""
    meta = store.meta
    shared = {one.name for one in meta.sources if "team" not in TABLES[one.table].by_name}
    names = {team: set(shared) for team in teams}
    asked = [
        f"SELECT DISTINCT team, source FROM {table} WHERE list_contains($1, team)"
        for table in meta.tables
        if table in TABLES and "team" in TABLES[table].by_name
    ]
    if asked:
        for team, name in con.execute(" UNION ALL ".join(asked), [list(teams)]).fetchall():
            names[team].add(name)
    return {team: frozenset(own) for team, own in names.items()}


def changes_of(store: Store, con: duckdb.DuckDBPyConnection, team: str, as_of: datetime) -> list[DatedChange]:
    """The dated changes of the team, or of all teams, that have taken effect by as_of."""
    if "changes" not in store.meta.tables:
        return []
    zone = ZoneInfo(store.meta.teams[team].zone)
    found = con.execute(
        """SELECT epoch_us("at"), title, coalesce(measure, ''), coalesce(direction, ''), coalesce(expected, '')
        FROM changes WHERE (team = ? OR team IS NULL) AND "at" <= ? ORDER BY "at", title""",
        [team, as_of],
    )
    return [(instant(at).astimezone(zone).date(), *words) for at, *words in found.fetchall()]


def _by_team(found: pa.Table, teams: Sequence[str]) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each team in their order. They are parted before they become numpy's: what is missing in one team's
    column must not change the type of another's."""
    import pyarrow.compute as pc

    rows = found.drop_columns(["team_no"])
    for number, team in enumerate(teams):
        yield team, rows if len(teams) == 1 else rows.filter(pc.equal(found["team_no"], number))


def _by_period(found: pa.Table, periods: Sequence[Period]) -> Iterator[tuple[str, dict[str, np.ndarray]]]:
    import numpy as np

    columns = [name for name in ("v0", "o0") if name in found.column_names]
    values = {name: found[name].to_numpy(zero_copy_only=False) for name in columns}
    order = np.lexsort([values[name] for name in reversed(columns)])
    place = found["period_no"].to_numpy()[order]
    for name in columns:
        own = values[name][order]
        yield name, {period.label: own[place == number] for number, period in enumerate(periods)}
