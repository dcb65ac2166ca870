"""The rows of one team behind a report's charts, as the audit knows them at its as-of instant.

In comes a store, a team and the periods of the report; out come frames and samples under the very population and
clock rules that the figures were counted by: both are composed by query.py. Each table and each measure is read
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from auditkit.clocks.period import Period
from auditkit.definition import Measure
from auditkit.schema import TABLES
from auditkit.store import Store, instant

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pandas as pd

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


class TeamRows:
    """Rows and samples of one team, fetched when they are first asked for."""

    def __init__(self, store: Store, team: str, periods: Sequence[Period], as_of: datetime):
        self._store, self._team = store, team
        self._periods = tuple(dict.fromkeys(periods))
        self._as_of = as_of
        self._frames: dict[str, pd.DataFrame | None] = {}
        self._samples: dict[str, dict[str, dict[str, np.ndarray]]] = {}
        self._figures: dict[tuple, pd.DataFrame] = {}
        self._con: duckdb.DuckDBPyConnection | None = None

    def fetch(self, table: str) -> pd.DataFrame | None:
        """The team's rows of a table, days as dates; None where no source fills the table."""
        if table not in self._frames:
            self._frames[table] = self._frame(table) if table in self._store.meta.tables else None
        return self._frames[table]

    def sample(self, measure: Measure, period: Period) -> Any:
        """The values behind a quantity in one period, as a float array."""
        return self._sampled(measure)["v0"].get(period.label, ())

    def durations(self, measure: Measure, period: Period) -> tuple[Any, Any]:
        """The durations behind a survival in one period, and whether each has ended."""
        found = self._sampled(measure)
        return found["v0"].get(period.label, ()), found["o0"].get(period.label, ())

    def figures(self, measures: Sequence[str], period: Period, by: str | None = None) -> pd.DataFrame:
        """Results that only one section needs: of any period, by group where asked for; each set is counted once."""
        from auditkit.evaluation.evaluate import evaluate

        asked = (tuple(measures), period.label, by)
        if asked not in self._figures:
            found = evaluate(self._store, measures, teams=[self._team], periods=[period], by=by, as_of=self._as_of)
            self._figures[asked] = found
        return self._figures[asked]

    def changes(self) -> list[tuple[date, str, str, str, str]]:
        """The dated changes of the team, or of all teams, that have taken effect by as_of: local day, title, measure,
        direction, expected effect ("" where not said)."""
        if "changes" not in self._store.meta.tables:
            return []
        zone = ZoneInfo(self._store.meta.teams[self._team].zone)
        found = self._connect().execute(
            """SELECT epoch_us("at"), title, coalesce(measure, ''), coalesce(direction, ''), coalesce(expected, '')
            FROM changes WHERE (team = ? OR team IS NULL) AND "at" <= ? ORDER BY "at", title""",
            [self._team, self._as_of],
        )
        return [(instant(at).astimezone(zone).date(), *words) for at, *words in found.fetchall()]

    def sources(self) -> frozenset[str]:
        """The names of the files that hold rows of the team, and of those whose table knows no teams."""
        meta = self._store.meta
        names = {one.name for one in meta.sources if "team" not in TABLES[one.table].by_name}
        asked = [
            f"SELECT DISTINCT source FROM {table} WHERE team = $1"
            for table in meta.tables
            if table in TABLES and "team" in TABLES[table].by_name
        ]
        if asked:
            found = self._connect().execute(" UNION ALL ".join(asked), [self._team])
            names.update(name for (name,) in found.fetchall())
        return frozenset(names)

    def _frame(self, table: str) -> pd.DataFrame:
        from auditkit.evaluation.at_hand import rows_of
        from auditkit.evaluation.query import base, needed

        columns = ", ".join(COLUMNS[table])
        with rows_of(self._store, self._scope(), needed([table], self._scope())) as (connect, held):
            return connect().sql(f"SELECT {columns} FROM {base(table, held)}").to_arrow_table().to_pandas()

    def _sampled(self, measure: Measure) -> dict[str, dict[str, np.ndarray]]:
        if measure.id not in self._samples:
            self._samples[measure.id] = self._read(measure)
        return self._samples[measure.id]

    def _read(self, measure: Measure) -> dict[str, dict[str, np.ndarray]]:
        """What the engine reads of a measure's rows (``v0`` values, ``o0`` whether ended), each by period."""
        from auditkit.evaluation.at_hand import rows_of
        from auditkit.evaluation.query import NO_GROUP, for_targets, needed
        from auditkit.evaluation.statements import values_sql

        table = self._store.meta.tables.get(measure.of)
        if table is None or any(name not in table.present for name in measure.needs):
            return {"v0": {}, "o0": {}}
        ready = for_targets(measure, self._store.workspace.config.targets)
        with rows_of(self._store, self._scope(), needed([measure.of], self._scope())) as (connect, held):
            sql = values_sql(measure.of, measure.dated_by, [ready], held, NO_GROUP)
            found = connect().sql(sql).to_arrow_table()
        place = found["period_no"].to_numpy()
        there = [name for name in ("v0", "o0") if name in found.column_names]
        columns = {name: found[name].to_numpy(zero_copy_only=False) for name in there}
        return {
            name: {period.label: values[place == number] for number, period in enumerate(self._periods)}
            for name, values in columns.items()
        }

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """One connection for all that is asked of the files."""
        if self._con is None:
            self._con = self._store.connect()
        return self._con

    def _scope(self):
        from auditkit.evaluation.evaluate import scope_of

        return scope_of(self._store, [self._team], list(self._periods), None, self._as_of)
