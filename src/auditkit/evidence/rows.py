"""The rows of one team behind a report's charts, as the audit knows them at its as-of instant.

In comes a store, a team and the periods of the report; out come frames and samples under the very population and
clock rules that the figures were counted by. Each table and each measure is read once; what a run has asked ahead is
not read at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditkit.answers import Question, answer
from auditkit.clocks.period import Period
from auditkit.definition import Measure
from auditkit.evidence.rows_by_team import DatedChange, Samples, changes_of, frames_of, samples_of, sources_of
from auditkit.store import Store

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def frame_question(team: str, as_of: datetime, table: str) -> Question:
    """What ``TeamRows.fetch`` asks, as answers are known by."""
    return "frame", team, as_of, table


def sample_question(team: str, periods: tuple[Period, ...], as_of: datetime, measure: str) -> Question:
    """What ``TeamRows.sample`` and ``durations`` ask, for all their periods at once."""
    return "sample", team, periods, as_of, measure


def sources_question(team: str) -> Question:
    """What ``TeamRows.sources`` asks."""
    return "sources", team


def changes_question(team: str, as_of: datetime) -> Question:
    """What ``TeamRows.changes`` asks."""
    return "changes", team, as_of


class TeamRows:
    """Rows and samples of one team, fetched when they are first asked for."""

    def __init__(self, store: Store, team: str, periods: Sequence[Period], as_of: datetime):
        self._store, self._team = store, team
        self._periods = tuple(dict.fromkeys(periods))
        self._as_of = as_of
        self._frames: dict[str, pd.DataFrame | None] = {}
        self._samples: dict[str, Samples] = {}
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

    def changes(self) -> list[DatedChange]:
        """The dated changes of the team, or of all teams, that have taken effect by as_of."""
        question = changes_question(self._team, self._as_of)
        return answer(self._store, question, lambda: changes_of(self._store, self._connect(), self._team, self._as_of))

    def sources(self) -> frozenset[str]:
        """The names of the files that hold rows of the team, and of those whose table knows no teams."""
        question = sources_question(self._team)
        return answer(self._store, question, lambda: sources_of(self._store, self._connect(), [self._team])[self._team])

    def _frame(self, table: str) -> pd.DataFrame:
        question = frame_question(self._team, self._as_of, table)
        asked = self._store, [self._team], self._periods, self._as_of, table
        return answer(self._store, question, lambda: frames_of(*asked)[self._team])

    def _sampled(self, measure: Measure) -> Samples:
        if measure.id not in self._samples:
            question = sample_question(self._team, self._periods, self._as_of, measure.id)
            self._samples[measure.id] = answer(self._store, question, lambda: self._read(measure))
        return self._samples[measure.id]

    def _read(self, measure: Measure) -> Samples:
        return samples_of(self._store, [self._team], self._periods, self._as_of, measure)[self._team]

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """One connection for all that is asked of the files."""
        if self._con is None:
            self._con = self._store.connect()
        return self._con
