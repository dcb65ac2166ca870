"""One evaluation: from measures to the long rows of their figures.

In come resolved measures and a way to connect, out come columns of the long table of figures, one dict per statistic.
Batches of measures are counted (counting.py) side by side by a few connections, so that while one computes intervals
another reads rows; figures of a pair are laid side by side, and every figure gets its reason.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from auditkit.config import Target
from auditkit.definition import Measure, Net, Pair
from auditkit.evaluation.at_hand import Connect
from auditkit.evaluation.cells import Places
from auditkit.evaluation.counting import Counter, Groups, Told, kind_of
from auditkit.evaluation.figures import Figure, counted_figures, pair_figure
from auditkit.evaluation.query import Scope, group_expression
from auditkit.evaluation.reasons import Coverage, impossible, reasons_of
from auditkit.store import Meta, threads_allowed
from auditkit.translation import Said

NUMBERS = ("value", "numerator", "denominator", "low", "high")
SIDE_BY_SIDE = 2  # while one answer is worked on, the next query is read; queries over all teams take turns
Columns = dict[str, np.ndarray]
Batch = tuple[str, list[Measure], str]


class Evaluation:
    """One evaluation of a scope: runs each query once and hands its columns to the measures that share it."""

    def __init__(self, connect: Connect, meta: Meta, scope: Scope, targets: Mapping[str, Target]):
        self.connect, self.meta, self.scope, self.targets = connect, meta, scope, targets
        self.coverage, self.groups, self.turn = Coverage(meta, scope), Groups(scope), threading.Lock()
        self.team_names = np.array(scope.teams, dtype=object)
        self.period_labels = np.array([period.label for period in scope.periods], dtype=object)

    def rows(self, tasks: Sequence[Measure]) -> list[list[Columns]]:
        """The long rows of each measure, in their order: one dict of columns per statistic."""
        why = [impossible(task, self.meta, self.targets, self.scope.by) for task in tasks]
        able = [number for number, reason in enumerate(why) if reason is None]
        told = dict(zip(able, self._told([tasks[number] for number in able]), strict=True))
        return [
            self._frame(task, told[number]) if number in told else self._absent(task, why[number])
            for number, task in enumerate(tasks)
        ]

    def _told(self, tasks: Sequence[Measure]) -> list[Told]:
        """What was counted for each measure; measures that share a query are counted by it together."""
        sides = [(task, side) for task in tasks if isinstance(task, Pair) for side in (task.top, task.bottom)]
        counted = iter(self._counted([*((task, task) for task in tasks if not isinstance(task, Pair)), *sides]))
        alone = [None if isinstance(task, Pair) else next(counted) for task in tasks]
        return [
            self._pair(task, next(counted), next(counted)) if isinstance(task, Pair) else one
            for task, one in zip(tasks, alone, strict=True)
        ]

    def _counted(self, wanted: Sequence[tuple[Measure, Measure]]) -> list[Told]:
        """What was counted for each (measure asked for, measure counted): these differ for the sides of a pair."""
        batches: dict[tuple, list[int]] = {}
        for number, (asked, task) in enumerate(wanted):
            batches.setdefault((*kind_of(task), task.of, *self._rule(asked, task)), []).append(number)
        jobs = [(kind, [wanted[number][1] for number in own], group) for (kind, *_, group), own in batches.items()]
        told: dict[int, Told] = {}
        for own, answers in zip(batches.values(), self._run(jobs), strict=True):
            told |= dict(zip(own, answers, strict=True))
        return [told[number] for number in range(len(wanted))]

    def _run(self, jobs: Sequence[Batch]) -> list[list[Told]]:
        """The batches, counted by several connections side by side where this process may have several threads."""
        beside = min(SIDE_BY_SIDE, len(jobs), threads_allowed())
        if beside < 2:
            counter = self._counter()
            return [counter.told(*job) for job in jobs]
        own = threading.local()

        def begin() -> None:
            own.counter = self._counter()

        with ThreadPoolExecutor(beside, initializer=begin) as pool:
            futures = [pool.submit(lambda job=job: own.counter.told(*job)) for job in jobs]
            try:
                return [future.result() for future in futures]
            finally:
                for future in futures:
                    future.cancel()

    def _counter(self) -> Counter:
        return Counter(self.connect(), self.scope, self.coverage, self.groups, self.turn)

    def _rule(self, asked: Measure, task: Measure) -> tuple[str, str]:
        """What dates the rows, and the SQL of their group; both sides of a pair are grouped alike."""
        grouped_by = "created_at" if asked.dated_by == "both" else asked.dated_by
        return task.dated_by, group_expression(asked.of, grouped_by, self.scope.by) or "NULL"

    def _pair(self, task: Pair, *sides: Told) -> Told:
        """Both counts, computed like any other, laid side by side."""
        there = np.concatenate([side.cells.places for side in sides])
        outside = self.coverage.of(task.of)[0] != None  # noqa: E711  (elementwise)
        cells = sides[0].places.cells(there, outside)
        figures = []
        for side, one in zip(sides, (task.top, task.bottom), strict=True):
            at, own = cells.of_places(side.cells.places), len(side.cells.places)
            amounts = {"n": np.zeros(len(cells)), "amount": np.zeros(len(cells))}
            amounts["n"][at], amounts["amount"][at] = side.n[:own], side.figures[0].value[:own]
            figures += counted_figures(one, amounts, None)
        figure = pair_figure(task.statistic, *figures)
        return Told(cells, [figure], figure.n, figure.n, sides[0].places)

    def _absent(self, task: Measure, reason: Said | None) -> list[Columns]:
        """The rows of a measure of which nothing can be said anywhere."""
        places = Places(*self.groups.shape)
        cells = places.cells(np.zeros(0), np.zeros(0))
        nothing, zero = np.full(len(cells), np.nan), np.zeros(len(cells))
        figures = [Figure(name, *[nothing] * 5, zero, "") for name in task.statistics]
        return self._frame(task, Told(cells, figures, zero, zero, places), reason)

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


def _same(text: str | None, size: int) -> np.ndarray:
    filled = np.empty(size, dtype=object)
    filled[:] = text  # and not np.full, which would make a bare text of a sentence
    return filled
