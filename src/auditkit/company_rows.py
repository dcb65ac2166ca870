"""The values behind the quantities of many teams at once: one query per measure, whatever the number of teams.

In come a store, teams and periods; out come the samples and durations that tests of change need, under the very rules
by which the figures were counted (query.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np

from auditkit.clocks.period import Period
from auditkit.definition import Measure
from auditkit.store import Store


class CompanyRows:
    """Samples of all teams, fetched when a measure is first asked for."""

    def __init__(self, store: Store, teams: Sequence[str], periods: Sequence[Period], as_of: datetime):
        from auditkit.evaluation.evaluate import scope_of

        self._store, self._teams = store, {team: number for number, team in enumerate(teams)}
        self._periods = {period.label: number for number, period in enumerate(dict.fromkeys(periods))}
        self._scope = scope_of(store, list(teams), list(periods), None, as_of)
        self._read: dict[str, dict[str, np.ndarray]] = {}

    def sample(self, team: str, measure: Measure, period: Period) -> Any:
        """The values behind a quantity of one team in one period."""
        return self._own(team, measure, period, "v0")

    def durations(self, team: str, measure: Measure, period: Period) -> tuple[Any, Any]:
        """The durations behind a survival, and whether each has ended."""
        return self._own(team, measure, period, "v0"), self._own(team, measure, period, "o0")

    def _own(self, team: str, measure: Measure, period: Period, column: str) -> Any:
        if measure.id not in self._read:
            self._read[measure.id] = self._values(measure)
        found = self._read[measure.id]
        if column not in found or period.label not in self._periods:
            return ()
        cell = self._teams[team] * len(self._periods) + self._periods[period.label]
        return found[column][found["starts"][cell] : found["starts"][cell + 1]]

    def _values(self, measure: Measure) -> dict[str, np.ndarray]:
        """The columns sorted by team and period, and where each cell starts."""
        from auditkit.evaluation.query import for_targets, prepare
        from auditkit.evaluation.statements import values_sql

        table = self._store.meta.tables.get(measure.of)
        if table is None or any(name not in table.present for name in measure.needs):
            return {}
        ready = for_targets(measure, self._store.workspace.config.targets)
        with self._store.connect() as con:
            prepare(con, self._scope)
            found = con.sql(values_sql(measure.of, measure.dated_by, [ready], self._scope, "NULL")).to_arrow_table()
        cell = found["team_no"].to_numpy() * len(self._periods) + found["period_no"].to_numpy()
        order = np.argsort(cell, kind="stable")
        counts = np.bincount(cell, minlength=len(self._teams) * len(self._periods))
        columns = [name for name in ("v0", "o0") if name in found.column_names]
        read = {name: found[name].to_numpy(zero_copy_only=False)[order] for name in columns}
        return read | {"starts": np.concatenate([[0], np.cumsum(counts)])}
