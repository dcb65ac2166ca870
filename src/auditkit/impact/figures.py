"""The figures of many weeks: each measure by team and week, for a team and for those to compare it with.

In come a store, a team, an as-of instant and measures; out go values and counts in the order of the weeks asked for.
Each set of weeks is counted once. Where there are many teams, those with the most contacts stand for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from auditkit.definition import Measure
from auditkit.impact.series import Rows
from auditkit.impact.window import Window
from auditkit.store import CONTACT_TABLES, Store

if TYPE_CHECKING:
    import pandas as pd

MOST_COMPARED = 12  # teams: more say little that these do not, and each is looked at one by one


@dataclass
class WeeklyFigures:
    """Figures of ``measures`` by their first statistic; of those in ``by_mean`` by their mean too.

    ``reasons`` says why the team has none of a measure, once that has been asked for.
    """

    store: Store
    team: str
    as_of: datetime
    measures: Sequence[Measure]
    by_mean: Sequence[str] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    _read: dict[tuple, dict[str, dict[str, Rows]]] = field(default_factory=dict)

    @cached_property
    def teams(self) -> Sequence[str]:
        """The team and those to compare it with: where there are many, those with the most contacts."""
        teams = self.store.meta.teams
        if len(teams) <= MOST_COMPARED + 1:
            return sorted(teams)
        sizes: Counter[str] = Counter()
        with self.store.connect() as con:
            for table in CONTACT_TABLES:
                if table in self.store.meta.tables:
                    sizes.update(dict(con.execute(f"SELECT team, count(*) FROM {table} GROUP BY team").fetchall()))
        largest = sorted((team for team in teams if team != self.team), key=lambda team: (-sizes[team], team))
        return sorted([self.team, *largest[:MOST_COMPARED]])

    def read(self, around: Window) -> dict[str, dict[str, Rows]]:
        """By measure and team its values and counts in the order of the periods; means as "handle_time, mean"."""
        from auditkit.evaluation.evaluate import evaluate

        key = (around.first, around.end, around.days)
        if key not in self._read:
            found = evaluate(self.store, self.measures, self.teams, around.periods, as_of=self.as_of)
            self._read[key] = self._sorted(found, [period.label for period in around.periods])
        return self._read[key]

    def _sorted(self, found: pd.DataFrame, labels: list[str]) -> dict[str, dict[str, Rows]]:
        first = {measure.id: measure.statistics[0] for measure in self.measures}
        rows: dict[str, dict[str, Rows]] = {}
        for (measure, statistic, team), part in found.groupby(["measure", "statistic", "team"], sort=False):
            ordered = part.set_index("period").loc[labels]
            values = np.where(ordered["available"].to_numpy(bool), ordered["value"].to_numpy(float), np.nan)
            told = values, np.nan_to_num(ordered["n"].to_numpy(float))
            if statistic == first[measure]:
                rows.setdefault(measure, {})[team] = told
                if team == self.team and not np.isfinite(values).any():
                    self.reasons[measure] = ordered["reason"].iloc[-1] or ""
            if measure in self.by_mean and statistic == "mean":
                rows.setdefault(f"{measure}, mean", {})[team] = told
        return rows
