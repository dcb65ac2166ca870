"""Counting: measures that share rows are counted together, and every measure gets its own figures.

In come a connection with the scope laid out and a batch of resolved measures, out come for each its cells and figures.
Measures that share a table, a date rule and a group are counted in one query, and their values fetched in a second one;
pictures of the same rows at the periods' ends are taken once. telling.py makes the batches.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import duckdb
import numpy as np

from auditkit.definition import Cohort, Computed, Measure, Quantity, Snapshot, Survival
from auditkit.errors import ConfigError, Problem
from auditkit.evaluation.at_hand import FEW_TEAMS
from auditkit.evaluation.cells import Cells, Places, RowsByCell, in_order
from auditkit.evaluation.computed import FUNCTIONS, METHODS
from auditkit.evaluation.figures import (
    Figure,
    Grouped,
    counted_figures,
    moments,
    share_figure,
    snapshot_figure,
    survival_figure,
)
from auditkit.evaluation.query import Scope, base
from auditkit.evaluation.reasons import Coverage
from auditkit.evaluation.statements import (
    OWN,
    cohort_sql,
    rows_sql,
    shared_aggregate_sql,
    snapshot_count_sql,
    snapshot_sql,
    tally_sql,
    unit_of,
    values_sql,
)

warnings.filterwarnings("ignore", message="Arrow output on a DB-API result makes an extra copy")
_AT_ONCE = nullcontext()
_MANY_VALUES = ("seconds", "share", "coefficient")  # units of quantities that take as many values as there are rows
_PARTS = ("asked", "n", "amount", "met", "plus", "minus", "mean", "variance", "largest")


@dataclass(frozen=True)
class Told:
    """What was counted for one measure: its cells, its figures, the rows asked about and those with what is needed."""

    cells: Cells
    figures: list[Figure]
    asked: np.ndarray
    n: np.ndarray
    places: Places


class Groups:
    """The places of each relation and group that is asked for: found once, whichever connection asks first."""

    def __init__(self, scope: Scope):
        self.shape = (len(scope.teams), len(scope.periods))
        self.scope = scope
        self._found: dict[tuple[str, str], Places] = {}
        self._lock = threading.Lock()

    def places(self, con: duckdb.DuckDBPyConnection, table: str, group: str) -> Places:
        """The places of a relation; its groups are found and numbered when they are first asked for."""
        if self.scope.by is None:
            return Places(*self.shape)
        with self._lock:
            if (table, group) not in self._found:
                found = con.sql(f"SELECT DISTINCT {group} AS g FROM {base(table, self.scope)}").fetchall()
                name = f"audit_groups_{len(self._found)}"
                self._found[table, group] = Places(*self.shape, in_order(one for (one,) in found), name)
            return self._found[table, group]


class Counter:
    """Counts over one connection with the scope laid out: one method for each kind of question."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        scope: Scope,
        coverage: Coverage,
        groups: Groups,
        turn: AbstractContextManager = _AT_ONCE,
    ):
        self.con, self.scope, self.coverage, self.groups, self.turn = con, scope, coverage, groups, turn
        self._laid: set[str] = set()

    def told(self, kind: str, batch: Sequence[Measure], group: str) -> list[Told]:
        """What was counted for each measure of a batch of one kind (see ``kind_of``)."""
        ask = {"snapshots": self._snapshots, "cohorts": self._cohorts, "counts": self._counts}[kind]
        return ask(batch, group)

    def _counts(self, batch: Sequence[Measure], group: str) -> list[Told]:
        """Counts, shares, net scores, quantities, survival and computed statistics over rows dated alike."""
        first, places = batch[0], self._places(batch[0].of, group)
        if places.groups is None and all(map(_told_by_values, batch)):
            return self._by_values(batch, places, group)
        sql, holds = shared_aggregate_sql(first.of, first.dated_by, batch, self.scope, group, places.sql)
        counted = self._run(sql, first)
        cells, columns = self._laid_out(counted, places, first.of)
        samples = self._samples(batch, cells, places, group)
        told = []
        for number, task in enumerate(batch):
            own = {name: columns[holds[f"{name}_{number}"]] for name in _PARTS if f"{name}_{number}" in holds}
            if isinstance(task, Survival):
                figures = [survival_figure(samples[number])]
            elif isinstance(task, Computed):
                figures = [self._computed(task, cells, places, group, own["n"])]
            else:
                if isinstance(task, Quantity) and number in samples:
                    own |= moments(samples[number])  # of sorted values: the same whoever else was asked about
                figures = counted_figures(task, own, samples.get(number))
            told.append(Told(cells, figures, own["asked"], own["n"], places))
        return told

    def _by_values(self, batch: Sequence[Measure], places: Places, group: str) -> list[Told]:
        """Quantities of rows that are all complete: their values, which are needed anyway, tell everything."""
        cells = places.cells(np.zeros(0), self._outside(batch[0].of))
        told = []
        for number, sample in self._samples(batch, cells, places, group).items():
            own = moments(sample)
            told.append(Told(cells, counted_figures(batch[number], own, sample), own["n"], own["n"], places))
        return told

    def _samples(self, batch: Sequence[Measure], cells: Cells, places: Places, group: str) -> dict[int, Grouped]:
        """The values behind those measures whose statistics need them sorted, by their number: one query for all."""
        tallied = {
            number: self._tallied(task, cells, places, group)
            for number, task in enumerate(batch)
            if _wants_values(task) and _is_tallied(task)
        }
        wanted = [number for number, task in enumerate(batch) if self._fetches(task) and number not in tallied]
        if not wanted:
            return tallied
        tasks, first = [batch[number] for number in wanted], batch[wanted[0]]
        sql = values_sql(first.of, first.dated_by, tasks, self.scope, group, places.sql)
        rows = RowsByCell(self._run(sql, first), cells)
        return tallied | {number: rows.sample(place) for place, number in enumerate(wanted)}

    def _fetches(self, task: Measure) -> bool:
        """Whether the values themselves are fetched. Of few rows those of means are too: a sum that the database takes
        may differ in its last digit with the teams that are asked about together."""
        return _wants_values(task) or (isinstance(task, Quantity) and len(self.scope.teams) <= FEW_TEAMS)

    def _tallied(self, task: Quantity, cells: Cells, places: Places, group: str) -> Grouped:
        """The values of a quantity that takes few: counted by the query, and as many again as there were."""
        rows = self._run(tally_sql(task.of, task.dated_by, task, self.scope, group, places.sql), task)
        cell, times = cells.of_places(rows["cell"].to_numpy()), rows["times"].to_numpy()
        starts = np.concatenate([[0], np.cumsum(np.bincount(cell, times, len(cells)).astype(np.int64))])
        return Grouped(np.repeat(rows["v0"].to_numpy(), times), starts)

    def _snapshots(self, batch: Sequence[Snapshot], group: str) -> list[Told]:
        """Pictures of the same rows: their number, and quantiles of their ages where they are asked for."""
        first, places = batch[0], self._places(batch[0].of, group)
        if all(task.statistic == "count" for task in batch):
            counted = self._run(snapshot_count_sql(first, self.scope, group, places.sql), first)
            cells, columns = self._laid_out(counted, places, first.of)
            return [
                Told(cells, [snapshot_figure(task.statistic, columns["n"])], *[columns["n"]] * 2, places)
                for task in batch
            ]
        rows = self._run(snapshot_sql(first, self.scope, group, places.sql), first)
        cells = places.cells(rows["cell"].to_numpy(), self._outside(first.of))
        ages = RowsByCell(rows, cells).sample(0)
        n = np.diff(ages.starts).astype(float)
        return [Told(cells, [snapshot_figure(task.statistic, n, ages)], n, n, places) for task in batch]

    def _cohorts(self, batch: Sequence[Cohort], group: str) -> list[Told]:
        """Of the rows there at a period's start, those still there at its end; each is asked on its own."""
        told = []
        for task in batch:
            places = self._places(task.of, group)
            counted = self._run(cohort_sql(task, self.scope, group, places.sql), task)
            cells, columns = self._laid_out(counted, places, task.of)
            figure = share_figure(columns["met_0"], columns["n_0"])
            told.append(Told(cells, [figure], columns["asked_0"], columns["n_0"], places))
        return told

    def _computed(self, task: Computed, cells: Cells, places: Places, group: str, n: np.ndarray) -> Figure:
        """The statistic's function, called once with the rows of the cells that have any."""
        rows = RowsByCell(self._run(rows_sql(task, self.scope, group, places.sql), task), cells)
        filled = np.flatnonzero(np.diff(rows.starts))
        columns = {name: rows.column(name) for name in (*task.columns, *task.totals)}
        value, low, high, used = (np.full(len(cells), np.nan) for _ in range(4))
        if len(filled):
            starts = np.append(rows.starts[filled], rows.starts[-1])
            value[filled], low[filled], high[filled], used[filled] = FUNCTIONS[task.function](columns, starts)
        nothing = np.full(len(cells), np.nan)
        counted = np.where(np.isnan(used), n, used)
        return Figure(task.statistic, value, low, high, nothing, nothing, counted, METHODS[task.function])

    def _places(self, table: str, group: str) -> Places:
        """The places of a relation, with the table that numbers its groups in this connection."""
        places = self.groups.places(self.con, table, group)
        if places.table and places.table not in self._laid:
            self.con.register(places.table, places.groups_table)
            self._laid.add(places.table)
        return places

    def _outside(self, table: str) -> np.ndarray:
        """Which teams and periods lie outside the data of a table."""
        return self.coverage.of(table)[0] != None  # noqa: E711  (elementwise)

    def _laid_out(self, counted, places: Places, table: str) -> tuple[Cells, dict[str, np.ndarray]]:
        """The cells of a query that counted, and its columns by cell."""
        there = counted["cell"].to_numpy()
        cells = places.cells(there, self._outside(table))
        return cells, {name: cells.numbers(counted[name], there) for name in counted.column_names[1:]}

    def _run(self, sql: str, task: Measure):
        try:
            if len(self.scope.teams) > FEW_TEAMS:
                with self.turn:  # one query takes all cores; another beside it would only take memory
                    return self.con.sql(sql).to_arrow_table()
            return self.con.execute(sql).to_arrow_table()  # few rows: planned once instead of twice, copied once more
        except duckdb.Error as error:
            if task.source != OWN:
                raise
            place = f"audit.toml, key 'measure.{task.id}'"
            raise ConfigError(
                Problem(place, f"cannot be evaluated: {error}", "DuckDB SQL over the table's columns")
            ) from None


def kind_of(task: Measure) -> tuple[str, str]:
    """Which method counts a measure, and what keeps it apart from others of its table: a user's own measure stands
    alone, so that an error names it; different values are counted by what they are of; pictures by what is in them.
    """
    if isinstance(task, Snapshot):
        return "snapshots", f"{task.until} {task.counted}"
    if isinstance(task, Cohort):
        return "cohorts", ""
    return "counts", task.id if task.source == OWN else unit_of(task)


def _is_tallied(task: Measure) -> bool:
    """Whether a quantity takes few values: scores, contacts, replies; but not times, and not a user's own."""
    return isinstance(task, Quantity) and task.unit not in _MANY_VALUES and task.source != OWN


def _told_by_values(task: Measure) -> bool:
    """Whether the values of a quantity, fetched for its quantiles, say all that is asked: no row can lack its value."""
    return isinstance(task, Quantity) and task.complete == "TRUE" and task.source != OWN and _wants_values(task)


def _wants_values(task: Measure) -> bool:
    """Whether a measure's statistics need the values themselves, sorted."""
    return isinstance(task, Survival) or (isinstance(task, Quantity) and bool({"median", "p90"} & set(task.statistics)))
