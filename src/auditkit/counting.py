"""One evaluation: the measures that share rows are counted together, and every measure gets its own figures.

In come a connection with the scope laid out and resolved measures, out come columns of the long table of figures, one
dict per statistic. Measures that share a table, a date rule and a group are counted in one query, and their values
fetched in a second one; pictures of the same rows at the periods' ends are taken once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from auditkit.cells import Cells, Places, RowsByCell, in_order
from auditkit.computed import FUNCTIONS, METHODS
from auditkit.config import Target
from auditkit.definition import Cohort, Computed, Measure, Net, Pair, Quantity, Snapshot, Survival
from auditkit.errors import ConfigError, Problem
from auditkit.figures import (
    Figure,
    Grouped,
    counted_figures,
    pair_figure,
    share_figure,
    snapshot_figure,
    survival_figure,
)
from auditkit.query import Scope, base, group_expression
from auditkit.reasons import Coverage, impossible, reasons_of
from auditkit.statements import OWN, aggregate_sql, cohort_sql, rows_sql, snapshot_sql, unit_of, values_sql
from auditkit.store import Store
from auditkit.translation import Said

NUMBERS = ("value", "numerator", "denominator", "low", "high")
_PARTS = ("asked", "n", "amount", "met", "plus", "minus", "mean", "variance", "largest")
Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Told:
    """What was counted for one measure: its cells, its figures, the rows asked about and those with what is needed."""

    cells: Cells
    figures: list[Figure]
    asked: np.ndarray
    n: np.ndarray


class Evaluation:
    """One evaluation over one connection: runs each query once and hands its columns to the measures that share it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, store: Store, scope: Scope, targets: Mapping[str, Target]):
        self.con, self.store, self.scope, self.targets = con, store, scope, targets
        self.coverage = Coverage(store.meta, scope)
        self._numbered: dict[tuple[str, str], Places] = {}
        self.shape = (len(scope.teams), len(scope.periods))
        self.team_names = np.array(scope.teams, dtype=object)
        self.period_labels = np.array([period.label for period in scope.periods], dtype=object)

    def rows(self, tasks: Sequence[Measure]) -> list[list[Columns]]:
        """The long rows of each measure, in their order: one dict of columns per statistic."""
        why = [impossible(task, self.store.meta, self.targets, self.scope.by) for task in tasks]
        able = [number for number, reason in enumerate(why) if reason is None]
        told = dict(zip(able, self._told([tasks[number] for number in able]), strict=True))
        return [
            self._frame(task, told[number]) if number in told else self._absent(task, why[number])
            for number, task in enumerate(tasks)
        ]

    def _told(self, tasks: Sequence[Measure]) -> list[Told]:
        """What was counted for each measure; measures that share a query are counted by it together."""
        sides = [(task, side) for task in tasks if isinstance(task, Pair) for side in (task.top, task.bottom)]
        counted = self._batches([*((task, task) for task in tasks if not isinstance(task, Pair)), *sides])
        whole = iter(counted)
        alone = [None if isinstance(task, Pair) else next(whole) for task in tasks]
        return [
            one if one is not None else self._pair(task, next(whole), next(whole))
            for task, one in zip(tasks, alone, strict=True)
        ]

    def _batches(self, wanted: Sequence[tuple[Measure, Measure]]) -> list[Told]:
        """What was counted for each (measure asked for, measure counted): these differ for the sides of a pair."""
        batches: dict[tuple, list[int]] = {}
        for number, (asked, task) in enumerate(wanted):
            batches.setdefault((*_kind(task), task.of, *self._rule(asked, task)), []).append(number)
        told: dict[int, Told] = {}
        for (kind, *_, group), numbers in batches.items():
            batch = [wanted[number][1] for number in numbers]
            told |= dict(zip(numbers, getattr(self, f"_{kind}")(batch, group), strict=True))
        return [told[number] for number in range(len(wanted))]

    def _rule(self, asked: Measure, task: Measure) -> tuple[str, str]:
        """What dates the rows, and the SQL of their group; both sides of a pair are grouped alike."""
        grouped_by = "created_at" if asked.dated_by == "both" else asked.dated_by
        return task.dated_by, group_expression(asked.of, grouped_by, self.scope.by) or "NULL"

    def _counts(self, batch: Sequence[Measure], group: str) -> list[Told]:
        """Counts, shares, net scores, quantities, survival and computed statistics over rows dated alike."""
        first, places = batch[0], self._places(batch[0].of, group)
        sql = aggregate_sql(first.of, first.dated_by, batch, self.scope, group, places.sql)
        counted = self._run(sql, first)
        cells, columns = self._laid_out(counted, places, first.of)
        samples = self._samples(batch, cells, places, group)
        told = []
        for number, task in enumerate(batch):
            own = {name: columns[f"{name}_{number}"] for name in _PARTS if f"{name}_{number}" in columns}
            if isinstance(task, Survival):
                figures = [survival_figure(samples[number])]
            elif isinstance(task, Computed):
                figures = [self._computed(task, cells, places, group, own["n"])]
            else:
                figures = counted_figures(task, own, samples.get(number))
            told.append(Told(cells, figures, own["asked"], own["n"]))
        return told

    def _samples(self, batch: Sequence[Measure], cells: Cells, places: Places, group: str) -> dict[int, Grouped]:
        """The values behind those measures whose statistics need them sorted, by their number: one query for all."""
        wanted = [number for number, task in enumerate(batch) if _wants_values(task)]
        if not wanted:
            return {}
        tasks, first = [batch[number] for number in wanted], batch[wanted[0]]
        sql = values_sql(first.of, first.dated_by, tasks, self.scope, group, places.sql)
        rows = RowsByCell(self._run(sql, first), cells)
        return {number: rows.sample(place) for place, number in enumerate(wanted)}

    def _snapshots(self, batch: Sequence[Snapshot], group: str) -> list[Told]:
        """Pictures of the same rows: their number, and quantiles of their ages where they are asked for."""
        first, places = batch[0], self._places(batch[0].of, group)
        sql = snapshot_sql(first, self.scope, group, places.sql)
        if all(task.statistic == "count" for task in batch):
            counted = self._run(f"SELECT cell, count(*) AS n FROM ({sql}) GROUP BY ALL", first)
            cells, columns = self._laid_out(counted, places, first.of)
            return [Told(cells, [snapshot_figure(task.statistic, columns["n"])], *[columns["n"]] * 2) for task in batch]
        rows = self._run(sql, first)
        cells = places.cells(rows["cell"].to_numpy(), self._outside(first.of))
        ages = RowsByCell(rows, cells).sample(0)
        n = np.diff(ages.starts).astype(float)
        return [Told(cells, [snapshot_figure(task.statistic, n, ages)], n, n) for task in batch]

    def _cohorts(self, batch: Sequence[Cohort], group: str) -> list[Told]:
        """Of the rows there at a period's start, those still there at its end; each is asked on its own."""
        told = []
        for task in batch:
            places = self._places(task.of, group)
            counted = self._run(cohort_sql(task, self.scope, group, places.sql), task)
            cells, columns = self._laid_out(counted, places, task.of)
            figure = share_figure(columns["met_0"], columns["n_0"])
            told.append(Told(cells, [figure], columns["asked_0"], columns["n_0"]))
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

    def _pair(self, task: Pair, *sides: Told) -> Told:
        """Both counts, computed like any other, laid side by side."""
        group = self._rule(task, task.top)[1]
        there = np.concatenate([side.cells.places for side in sides])
        cells = self._places(task.of, group).cells(there, self._outside(task.of))
        figures = []
        for side, one in zip(sides, (task.top, task.bottom), strict=True):
            at, own = cells.of_places(side.cells.places), len(side.cells.places)
            amounts = {"n": np.zeros(len(cells)), "amount": np.zeros(len(cells))}
            amounts["n"][at], amounts["amount"][at] = side.n[:own], side.figures[0].value[:own]
            figures += counted_figures(one, amounts, None)
        figure = pair_figure(task.statistic, *figures)
        return Told(cells, [figure], figure.n, figure.n)

    def _places(self, table: str, group: str) -> Places:
        """The places of a relation; its groups are found and numbered when they are first asked for."""
        if self.scope.by is None:
            return Places(*self.shape)
        if (table, group) not in self._numbered:
            found = self.con.sql(f"SELECT DISTINCT {group} AS g FROM {base(table, self.scope)}").fetchall()
            name = f"audit_groups_{len(self._numbered)}"
            places = Places(*self.shape, in_order(one for (one,) in found), name)
            self.con.register("laid_out", places.groups_table)
            self.con.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM laid_out")
            self.con.unregister("laid_out")
            self._numbered[table, group] = places
        return self._numbered[table, group]

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
            return self.con.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            if task.source != OWN:
                raise
            place = f"audit.toml, key 'measure.{task.id}'"
            raise ConfigError(
                Problem(place, f"cannot be evaluated: {error}", "DuckDB SQL over the table's columns")
            ) from None

    def _absent(self, task: Measure, reason: Said | None) -> list[Columns]:
        """The rows of a measure of which nothing can be said anywhere."""
        cells = Places(*self.shape).cells(np.zeros(0), np.zeros(0))
        nothing, zero = np.full(len(cells), np.nan), np.zeros(len(cells))
        figures = [Figure(name, *[nothing] * 5, zero, "") for name in task.statistics]
        return self._frame(task, Told(cells, figures, zero, zero), reason)

    def _frame(self, task: Measure, told: Told, reason: Said | None = None) -> list[Columns]:
        """The long rows of one measure; completeness is the share of the rows asked about that have what is needed."""
        with np.errstate(invalid="ignore", divide="ignore"):
            completeness = np.where(told.asked > 0, told.n / told.asked, np.nan)
        return [self._columns(task, told, figure, completeness, reason) for figure in told.figures]

    def _columns(
        self, task: Measure, told: Told, figure: Figure, completeness: np.ndarray, reason: Said | None
    ) -> Columns:
        """The columns of one statistic of one measure, one entry per cell."""
        cells = told.cells
        if reason is None:
            value = figure.value.astype(float)
            why, exists = reasons_of(task, self.coverage, cells.team, cells.period, value, told.asked, told.n)
        else:
            why, exists = _same(reason, len(cells)), np.zeros(len(cells), dtype=bool)
        shown = {name: np.where(exists, getattr(figure, name), np.nan) for name in NUMBERS}
        unit = "share" if figure.statistic == "share" else ("net" if isinstance(task, Net) else task.unit)
        words = {
            "measure": task.id,
            "statistic": figure.statistic,
            "variant": task.variant,
            "by": self.scope.by,
            "unit": unit,
            "method": figure.method,
        }
        return {name: _same(text, len(cells)) for name, text in words.items()} | {
            "team": self.team_names[cells.team],
            "period": self.period_labels[cells.period],
            "group": cells.group,
            **shown,
            "n": figure.n,
            "completeness": completeness,
            "available": exists,
            "reason": why,
        }


def _kind(task: Measure) -> tuple[str, str]:
    """Which method counts a measure, and what keeps it apart from others of its table: a user's own measure stands
    alone, so that an error names it; different values are counted by what they are of; pictures by what is in them.
    """
    if isinstance(task, Snapshot):
        return "snapshots", f"{task.until} {task.counted}"
    if isinstance(task, Cohort):
        return "cohorts", ""
    return "counts", task.id if task.source == OWN else unit_of(task)


def _wants_values(task: Measure) -> bool:
    """Whether a measure's statistics need the values themselves, sorted."""
    return isinstance(task, Survival) or (isinstance(task, Quantity) and bool({"median", "p90"} & set(task.statistics)))


def _same(text: str | None, size: int) -> np.ndarray:
    filled = np.empty(size, dtype=object)
    filled[:] = text  # and not np.full, which would make a bare text of a sentence
    return filled
