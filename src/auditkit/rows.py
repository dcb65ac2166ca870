"""The rows of one team behind a report's charts, as the audit knows them at its as-of instant.

In comes a store, a team and the periods of the report; out come frames and samples under the very population and
clock rules that the figures were counted by: both are composed by query.py. Each table and each measure is read
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditkit.definition import Measure
from auditkit.period import Period
from auditkit.schema import TABLES
from auditkit.store import Store

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# What charts need of each table: enough to draw, and none of the texts that strangers wrote.
COLUMNS = {
    "tickets": (
        "created_at",
        "created_on",
        "created_hour",
        "created_weekday",
        "resolved_at",
        "resolution_seconds",
        "after_hours",
    ),
    "surveys": ("kind", "answered_on", "score", "scale_min", "scale_max"),
}


class TeamRows:
    """Rows and samples of one team, fetched when they are first asked for."""

    def __init__(self, store: Store, team: str, periods: Sequence[Period], as_of: datetime):
        self._store, self._team = store, team
        self._periods = tuple(dict.fromkeys(periods))
        self._as_of = as_of
        self._frames: dict[str, pd.DataFrame | None] = {}
        self._samples: dict[str, dict[str, np.ndarray]] = {}

    def fetch(self, table: str) -> pd.DataFrame | None:
        """The team's rows of a table, days as dates; None where no source fills the table."""
        if table not in self._frames:
            self._frames[table] = self._frame(table) if table in self._store.meta.tables else None
        return self._frames[table]

    def sample(self, measure: Measure, period: Period) -> Any:
        """The values behind a quantity in one period, as a float array."""
        if measure.id not in self._samples:
            self._samples[measure.id] = self._values(measure)
        return self._samples[measure.id].get(period.label, ())

    def sources(self) -> frozenset[str]:
        """The names of the files that hold rows of the team, and of those whose table knows no teams."""
        meta = self._store.meta
        names = {one.name for one in meta.sources if "team" not in TABLES[one.table].by_name}
        with self._store.connect() as con:
            for table in meta.tables:
                if "team" in TABLES[table].by_name:
                    found = con.execute(f"SELECT DISTINCT source FROM {table} WHERE team = ?", [self._team]).fetchall()
                    names.update(name for (name,) in found)
        return frozenset(names)

    def _frame(self, table: str) -> pd.DataFrame:
        from auditkit.query import base

        with self._connect() as con:
            columns = ", ".join(COLUMNS[table])
            sql = f"SELECT {columns} FROM {base(table, self._scope())}"
            return con.sql(sql).to_arrow_table().to_pandas()

    def _values(self, measure: Measure) -> dict[str, np.ndarray]:
        from auditkit.query import values_sql, with_parameters

        table = self._store.meta.tables.get(measure.of)
        if table is None or any(name not in table.present for name in measure.needs):
            return {}
        target = self._store.workspace.config.targets.get(measure.id)
        ready = with_parameters(measure, target.within if target else None)
        with self._connect() as con:
            sql = values_sql(measure.of, ready, self._scope(), "NULL")
            found = con.sql(sql).to_arrow_table()
        place, value = found["period_no"].to_numpy(), found["value"].to_numpy()
        return {period.label: value[place == number] for number, period in enumerate(self._periods)}

    def _connect(self):
        from auditkit.query import prepare

        con = self._store.connect()
        prepare(con, self._scope())
        return con

    def _scope(self):
        from auditkit.query import Scope

        zone = self._store.meta.teams[self._team].zone
        masked = self._as_of < self._store.meta.newest
        return Scope((self._team,), (zone,), (None,), self._periods, self._as_of, masked)
