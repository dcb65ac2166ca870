"""The engine: any set of measures, for any teams, periods and groups, as one long table of figures.

Measures that share a table and a date rule are counted in one query; values are fetched only where an interval needs
them sorted. Why a figure does not exist is said in words beside its empty value. The same engine serves the store, a
pandas frame, the command line and the reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

import duckdb
import numpy as np
import pandas as pd

from auditkit.cells import Cells, cell_of_each_row, numbers_by_cell, rows_by_cell
from auditkit.clocks import reading_at
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
from auditkit.labels import said
from auditkit.measures import find
from auditkit.period import Period
from auditkit.privacy import hide_small_groups
from auditkit.query import (
    Scope,
    aggregate_sql,
    cohort_sql,
    for_targets,
    group_expression,
    prepare,
    rows_sql,
    slice_teams,
    snapshot_sql,
    values_sql,
)
from auditkit.reasons import Coverage, reasons_of
from auditkit.relations import RELATIONS
from auditkit.store import Store, TeamInfo, microseconds_of
from auditkit.translation import Said
from auditkit.verdicts import gates_of, judge

COLUMNS = (
    "measure", "statistic", "variant", "team", "period", "by", "group", "unit", "value", "numerator", "denominator",
    "n", "low", "high", "method", "completeness", "available", "reason", "target", "verdict", "verdict_reason",
)  # fmt: skip
VERDICTS = ("target", "verdict", "verdict_reason")
NUMBERS = ("value", "numerator", "denominator", "low", "high")
TEXT = ("measure", "statistic", "variant", "team", "period", "by", "group", "unit", "method", "reason")


def evaluate(
    store: Store,
    measures: Iterable[str | Measure] = (),
    teams: Iterable[str] = (),
    periods: Iterable[Period] = (),
    by: str | None = None,
    variants: bool = False,
    as_of: datetime | None = None,
    targets: Mapping[str, Target] | None = None,
) -> pd.DataFrame:
    """One row per measure, statistic, variant, team, period and group.

    Durations are in seconds, shares 0..1, net scores -1..1. A figure that does not exist has NaN, ``available`` False
    and a ``reason``. No periods means the whole span of the data; no teams means all; ``targets`` default to those of
    audit.toml.
    """
    config = store.workspace.config
    targets = config.targets if targets is None else targets
    found = find(measures, config.measure)
    names = store.find_teams(teams)
    scope = scope_of(store, names, list(periods), by, as_of)
    tasks = [
        for_targets(one, targets)
        for measure in found
        for one in (measure, *(measure.variants.values() if variants else ()))
    ]
    with store.connect() as con:
        prepare(con, scope)
        slice_teams(con, scope, (one.of for one in tasks))
        evaluation = _Evaluation(con, store, scope, targets)
        results = _long(evaluation.rows(tasks))
        gates = _long(evaluation.rows([for_targets(one, targets) for one in gates_of(found, targets)]))
    results = hide_small_groups(results, {measure.id: measure.of for measure in found})
    results = judge(results, targets, {measure.id: measure for measure in found}, gates)
    return results[list(COLUMNS)]


def whole_span(store: Store, as_of: datetime | None = None) -> Period:
    """The days that the data cover, up to the day of as_of in the zones of all teams."""
    from auditkit.period import span

    covered = store.coverage()
    known = as_of or store.meta.as_of
    if covered is None:
        return span(known.date(), known.date() + timedelta(days=1))
    return span(
        covered.start, max(min(covered.end, known.date() + timedelta(days=2)), covered.start + timedelta(days=1))
    )


def scope_of(store: Store, names: list[str], periods: list[Period], by: str | None, as_of: datetime | None) -> Scope:
    known = as_of or store.meta.as_of
    infos = [store.meta.teams[name] for name in names]
    return Scope(
        teams=tuple(names),
        zones=tuple(info.zone for info in infos),
        open_at_as_of=tuple(
            info.open_at_as_of if known == store.meta.as_of else _open_at(store, info, known) for info in infos
        ),
        periods=tuple(dict.fromkeys(periods or [whole_span(store, as_of)])),
        as_of=known,
        masked=known < store.meta.newest,
        by=by,
        whole=not periods,
    )


def _open_at(store: Store, info: TeamInfo, as_of: datetime) -> float | None:
    """The reading of the team's clock at an as_of that is not the store's own."""
    return reading_at(store.workspace.config, info.name, info.first_us, info.last_us, microseconds_of(as_of))


class _Evaluation:
    """One evaluation over one connection: runs each query once and hands its columns to the measures that share it."""

    def __init__(self, con: duckdb.DuckDBPyConnection, store: Store, scope: Scope, targets: Mapping[str, Target]):
        self.con, self.store, self.scope, self.targets = con, store, scope, targets
        self.coverage = Coverage(store.meta, scope)
        self.team_names = np.array(scope.teams, dtype=object)
        self.period_labels = np.array([period.label for period in scope.periods], dtype=object)

    def rows(self, tasks: list[Measure]) -> list[dict[str, np.ndarray]]:
        """The long rows of all measures, in their order: one dict of columns per statistic."""
        done: dict[int, list[dict[str, np.ndarray]]] = {}
        batches: dict[tuple[str, str, str], list[int]] = {}
        for number, task in enumerate(tasks):
            reason = self._impossible(task)
            if reason:
                done[number] = self._absent(task, reason)
            elif isinstance(task, Pair):
                done[number] = self._pair(task)
            elif isinstance(task, Snapshot):
                done[number] = self._snapshot(task)
            elif isinstance(task, Cohort):
                done[number] = self._cohort(task)
            else:
                alone = task.id if task.source == "audit.toml" else ""  # so that an error names the right measure
                batches.setdefault((task.of, task.dated_by, alone), []).append(number)
        for (table, dated_by, _), numbers in batches.items():
            batch = [tasks[number] for number in numbers]
            done |= dict(zip(numbers, self._batch(table, dated_by, batch), strict=True))
        return [columns for number in range(len(tasks)) for columns in done[number]]

    def _impossible(self, task: Measure) -> Said | None:
        """Why nothing can be said anywhere, or None."""
        table = self.store.meta.tables.get(task.of)
        if table is None:
            return _unfilled(RELATIONS[task.of].made_of)
        absent = [name for name in task.needs_table if name not in self.store.meta.tables]
        if absent:
            return said("no source fills the table {table}", table=", ".join(absent))
        missing = [name for name in task.needs if name not in table.present]
        if missing:
            return said("no source has the column {column}", column=", ".join(missing))
        target = self.targets.get(task.id)
        unset = [name for name in task.needs_target if target is None or getattr(target, name) is None]
        if unset:
            return said("audit.toml sets no {key} for {measure}", key=", ".join(unset), measure=task.id)
        by_priority = target is not None and isinstance(target.within, Mapping)
        if by_priority and "within" in (*task.parameters, *task.needs_target) and "priority" not in table.present:
            return said(
                "the target of {measure} differs by priority, and no source has the column priority of {table}",
                measure=task.id,
                table=task.of,
            )
        if group_expression(task.of, task.dated_by, self.scope.by) is None:
            return said(
                "{table} dated by {column} have no {by}", table=task.of, column=task.dated_by, by=str(self.scope.by)
            )
        return None

    def _run(self, sql: str, task: Measure):
        try:
            return self.con.sql(sql).to_arrow_table()
        except duckdb.Error as error:
            if task.source != "audit.toml":
                raise
            place = f"audit.toml, key 'measure.{task.id}'"
            raise ConfigError(
                Problem(place, f"cannot be evaluated: {error}", "DuckDB SQL over the table's columns")
            ) from None

    def _batch(self, table: str, dated_by: str, batch: list[Measure]) -> list[list[dict[str, np.ndarray]]]:
        group = group_expression(table, dated_by, self.scope.by)
        counted = self._run(aggregate_sql(table, dated_by, batch, self.scope, group), batch[0])
        cells, order = self._cells(counted, table)
        columns = {name: numbers_by_cell(counted[name], order, len(cells)) for name in counted.column_names[3:]}
        samples = self._samples(table, dated_by, batch, cells, group)
        frames = []
        for number, task in enumerate(batch):
            own = {
                name.removesuffix(f"_{number}"): values
                for name, values in columns.items()
                if name.endswith(f"_{number}")
            }
            if isinstance(task, Survival):
                figures = [survival_figure(samples[number])]
            elif isinstance(task, Computed):
                figures = [self._computed(task, cells, group, own["n"])]
            else:
                figures = counted_figures(task, own, samples.get(number))
            frames.append(self._frame(task, cells, figures, own["asked"], own["n"]))
        return frames

    def _samples(self, table: str, dated_by: str, batch: list[Measure], cells: Cells, group: str) -> dict[int, Grouped]:
        """The values behind those measures whose statistics need them sorted, by their number: one query for all."""
        wanted = [number for number, task in enumerate(batch) if _wants_values(task)]
        if not wanted:
            return {}
        sql = values_sql(table, dated_by, [batch[number] for number in wanted], self.scope, group)
        rows = self._run(sql, batch[wanted[0]])
        code = cell_of_each_row(rows, self._index(cells))
        order = np.argsort(code.astype(np.uint16 if len(cells) < 2**16 else np.int64), kind="stable")
        code = code[order]
        return {number: self._sample(rows, place, code, order, len(cells)) for place, number in enumerate(wanted)}

    def _sample(self, rows, place: int, code: np.ndarray, order: np.ndarray, size: int) -> Grouped:
        """One column of values, those that count, sorted within each cell (or with what was observed of each)."""
        values = rows[f"v{place}"].to_numpy()[order]
        counts = ~np.isnan(values)
        starts = np.concatenate([[0], np.cumsum(np.bincount(code[counts], minlength=size))])
        values = values[counts]
        if f"o{place}" in rows.column_names:
            return Grouped(values, starts, rows[f"o{place}"].to_numpy(zero_copy_only=False)[order][counts])
        for start, stop in pairwise(starts):
            values[start:stop].sort()
        return Grouped(values, starts)

    def _cells(self, counted, table: str) -> tuple[Cells, np.ndarray]:
        """All cells to be told, and for each the row of the query that holds it (-1: none).

        Of groups, those that the rows have; a team and period outside the data keep one cell, to carry the reason.
        """
        team, period = counted["team_no"].to_numpy(), counted["period_no"].to_numpy()
        if self.scope.by is None:
            teams, periods = len(self.scope.teams), len(self.scope.periods)
            order = np.full(teams * periods, -1)
            order[team * periods + period] = np.arange(len(team))
            grid = np.indices((teams, periods)).reshape(2, -1)
            return Cells(grid[0], grid[1], np.full(teams * periods, None, dtype=object)), order
        group = np.array(counted["group"].to_pylist(), dtype=object)
        keys = [(t, p, "" if g is None else g, g is None) for t, p, g in zip(team, period, group, strict=True)]
        order = np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=int)
        outside = self.coverage.of(table)[0] != None  # noqa: E711  (elementwise)
        outside[team, period] = False
        empty = np.argwhere(outside)
        cells = Cells(
            np.concatenate([team[order], empty[:, 0]]),
            np.concatenate([period[order], empty[:, 1]]),
            np.concatenate([group[order], np.full(len(empty), None, dtype=object)]),
        )
        return cells, np.concatenate([order, np.full(len(empty), -1)])

    def _index(self, cells: Cells) -> dict:
        return {
            key: number
            for number, key in enumerate(
                zip(cells.team.tolist(), cells.period.tolist(), cells.group.tolist(), strict=True)
            )
        }

    def _snapshot(self, task: Snapshot) -> list[dict[str, np.ndarray]]:
        group = group_expression(task.of, task.dated_by, self.scope.by)
        rows = self._run(snapshot_sql(task, self.scope, group), task)
        distinct = rows.group_by(["team_no", "period_no", "group"]).aggregate([])
        cells, _ = self._cells(distinct, task.of)
        code = cell_of_each_row(rows, self._index(cells))
        order = np.argsort(code, kind="stable")
        grouped = self._sample(rows, 0, code[order], order, len(cells))
        figure = snapshot_figure(task.statistic, grouped)
        return self._frame(task, cells, [figure], figure.n, figure.n)

    def _cohort(self, task: Cohort) -> list[dict[str, np.ndarray]]:
        group = group_expression(task.of, task.dated_by, self.scope.by)
        counted = self._run(cohort_sql(task, self.scope, group), task)
        cells, order = self._cells(counted, task.of)
        asked, n, met = (numbers_by_cell(counted[f"{name}_0"], order, len(cells)) for name in ("asked", "n", "met"))
        return self._frame(task, cells, [share_figure(met, n)], asked, n)

    def _computed(self, task: Computed, cells: Cells, group: str, n: np.ndarray) -> Figure:
        """The statistic's function, called with the rows of each cell that has any."""
        rows = self._run(rows_sql(task, self.scope, group), task)
        code = cell_of_each_row(rows, self._index(cells))
        order = np.argsort(code, kind="stable")
        columns = {name: rows[name].to_numpy(zero_copy_only=False)[order] for name in task.columns}
        starts = np.concatenate([[0], np.cumsum(np.bincount(code, minlength=len(cells)))])
        value, low, high, used = (np.full(len(cells), np.nan) for _ in range(4))
        for cell, (start, stop) in enumerate(pairwise(starts)):
            if stop > start:
                own = {name: values[start:stop] for name, values in columns.items()}
                value[cell], low[cell], high[cell], used[cell] = FUNCTIONS[task.function](own)
        nothing = np.full(len(cells), np.nan)
        counted = np.where(np.isnan(used), n, used)
        return Figure(task.statistic, value, low, high, nothing, nothing, counted, METHODS[task.function])

    def _pair(self, task: Pair) -> list[dict[str, np.ndarray]]:
        """Both counts are computed like any other and laid side by side."""
        group = group_expression(task.of, "created_at" if task.dated_by == "both" else task.dated_by, self.scope.by)
        sides = [
            self._run(aggregate_sql(one.of, one.dated_by, [one], self.scope, group), task)
            for one in (task.top, task.bottom)
        ]
        keys = {
            (t, p, g)
            for side in sides
            for t, p, g in zip(*(side[name].to_pylist() for name in ("team_no", "period_no", "group")), strict=True)
        }
        import pyarrow as pa

        rows = sorted(keys, key=lambda key: (key[0], key[1], key[2] or ""))
        union = pa.table(
            {
                "team_no": pa.array([team for team, _, _ in rows], pa.int64()),
                "period_no": pa.array([period for _, period, _ in rows], pa.int64()),
                "group": pa.array([group for _, _, group in rows], pa.string()),
            }
        )
        cells, _ = self._cells(union, task.of)
        figures = []
        for side, one in zip(sides, (task.top, task.bottom), strict=True):
            order = rows_by_cell(side, self._index(cells))
            amount = {name: numbers_by_cell(side[f"{name}_0"], order, len(cells)) for name in ("asked", "n", "amount")}
            figures += counted_figures(one, amount, None)
        figure = pair_figure(task.statistic, *figures)
        return self._frame(task, cells, [figure], figure.n, figure.n)

    def _absent(self, task: Measure, reason: str) -> list[dict[str, np.ndarray]]:
        teams, periods = len(self.scope.teams), len(self.scope.periods)
        grid = np.indices((teams, periods)).reshape(2, -1)
        cells = Cells(grid[0], grid[1], np.full(teams * periods, None, dtype=object))
        nothing = np.full(len(cells), np.nan)
        zero = np.zeros(len(cells))
        figures = [Figure(name, *[nothing] * 5, zero, "") for name in task.statistics]
        return self._frame(task, cells, figures, zero, zero, reason)

    def _frame(
        self, task: Measure, cells: Cells, figures: list[Figure], asked, n, reason: str | None = None
    ) -> list[dict[str, np.ndarray]]:
        """The long rows of one measure; completeness is the share of the rows asked about that have what is needed."""
        with np.errstate(invalid="ignore", divide="ignore"):
            completeness = np.where(asked > 0, n / asked, np.nan)
        return [self._columns(task, cells, figure, asked, n, completeness, reason) for figure in figures]

    def _columns(
        self, task: Measure, cells: Cells, figure: Figure, asked, n, completeness, reason: str | None
    ) -> dict[str, np.ndarray]:
        """The columns of one statistic of one measure, one entry per cell."""
        if reason is None:
            why, exists = reasons_of(
                task, self.coverage, cells.team, cells.period, figure.value.astype(float), asked, n
            )
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


def _unfilled(made_of: tuple[str, ...]) -> Said:
    if len(made_of) == 1:
        return said("no source fills the table {table}", table=made_of[0])
    return said("no source fills the table {table} or {other}", table=made_of[0], other=", ".join(made_of[1:]))


def _wants_values(task: Measure) -> bool:
    """Whether a measure's statistics need the values themselves, sorted."""
    return isinstance(task, Survival) or (isinstance(task, Quantity) and bool({"median", "p90"} & set(task.statistics)))


def _same(text: str | None, size: int) -> np.ndarray:
    filled = np.empty(size, dtype=object)
    filled[:] = text  # and not np.full, which would make a bare text of a sentence
    return filled


def _long(parts: list[dict[str, np.ndarray]]) -> pd.DataFrame:
    """One frame of all rows; text stays Python text, with None where there is none."""
    names = [name for name in COLUMNS if name not in VERDICTS]
    columns = {name: np.concatenate([part[name] for part in parts]) if parts else np.array([]) for name in names}
    typed = {name: pd.Series(values, dtype=object) if name in TEXT else values for name, values in columns.items()}
    return pd.DataFrame(typed, columns=names)
