"""Why a figure does not exist, or cannot be the last word: in one sentence per cell, for all cells of a measure at
once.

In come the cells (team, period) with what was counted in them; out comes an array of sentences (:class:`Said`, so that
a report tells them in its language), None where there is nothing to say. Three kinds: nothing can be said anywhere (no
such table, column or target), the period lies outside the data or is not over, and the rows themselves do not allow it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

import numpy as np

from auditkit.clocks.period import NEARLY_OVER
from auditkit.clocks.zones import midnight_us
from auditkit.config import Target
from auditkit.definition import Computed, Count, Measure, Survival
from auditkit.evaluation.query import Scope, group_expression
from auditkit.labels import said
from auditkit.relations import RELATIONS
from auditkit.store import Meta, microseconds_of
from auditkit.translation import N_, Said

NEARLY_OVER_US = NEARLY_OVER // timedelta(microseconds=1)
NOTHING = said("nothing to count in the period")
UNFINISHED = said("the period is not over at the as-of instant")
# Why a cell lies outside the data; such cells are told after all others.
_LATE = N_("the period begins after the as-of instant {instant}")
_NO_ROWS_OF_PERIOD = N_("the data hold {no_rows} of the period")
_NOT_COVERED = N_("the data hold {no_rows} of the period (they cover {first} to {last})")
_NO_ROWS_OF_TEAM = N_("the data hold {no_rows} of {team}")
_OUTSIDE = (_LATE, _NO_ROWS_OF_PERIOD, _NOT_COVERED, _NO_ROWS_OF_TEAM)
UNDEFINED = said("too few rows, or too much alike, to compute it from")
# In "the data hold no tickets of the period".
NO_ROWS = {
    "tickets": N_("no tickets"),
    "calls": N_("no calls"),
    "surveys": N_("no surveys"),
    "contacts": N_("no contacts"),
    "journeys": N_("no journeys"),
    "update_windows": N_("no update windows"),
    "scored_reviews": N_("no scored reviews"),
    "review_criteria": N_("no review criteria"),
    "mystery_tests": N_("no mystery tests"),
    "agent_days": N_("no agent days"),
    "trainings": N_("no trainings"),
    "offers": N_("no offers"),
    "team_orders": N_("no team orders"),
    "customer_teams": N_("no customer teams"),
}


def lies_outside(reason: object) -> bool:
    """Whether a reason says that the cell lies outside the data, where no rows can be told apart by a group."""
    return isinstance(reason, Said) and reason.message in _OUTSIDE


class Coverage:
    """For each table: which cells (team, period) lie outside the data, and in which the period is not over."""

    def __init__(self, meta: Meta, scope: Scope):
        self.meta, self.scope = meta, scope
        self._made: dict[str, tuple[np.ndarray, np.ndarray]] = {}

    def of(self, table: str) -> tuple[np.ndarray, np.ndarray]:
        """Two arrays of teams x periods: sentences for cells outside the data, and True where the period is not over.

        A period is over once as_of has come near its end: the last row of an export is seldom the last second.
        """
        if table not in self._made:
            self._made[table] = self._find(table)
        return self._made[table]

    def _find(self, table: str) -> tuple[np.ndarray, np.ndarray]:
        scope, none = self.scope, said(NO_ROWS[table])
        outside = np.full((len(scope.zones), len(scope.periods)), None, dtype=object)
        partial = np.zeros(outside.shape, dtype=bool)
        info = self.meta.tables.get(table)
        first = min(info.first_day.values(), default=None) if info else None
        last = max(info.last_day.values(), default=None) if info else None
        as_of = microseconds_of(scope.as_of)
        late = said(_LATE, instant=scope.as_of)
        absent = said(_NO_ROWS_OF_PERIOD, no_rows=none)
        if first is not None:
            absent = said(_NOT_COVERED, no_rows=none, first=first, last=last)
        for zone in set(scope.zones):
            teams = np.array([one == zone for one in scope.zones])
            for number, period in enumerate(scope.periods):
                if midnight_us(period.start, zone) > as_of:
                    outside[teams, number] = late
                elif first is None or period.end <= first or period.start > last:
                    outside[teams, number] = absent
                elif not scope.whole and midnight_us(period.end, zone) - as_of > NEARLY_OVER_US:
                    partial[teams, number] = True
        for number, team in enumerate(scope.teams):
            if info and team not in info.first_day:
                outside[number, :] = said(_NO_ROWS_OF_TEAM, no_rows=none, team=team)
        return outside, partial


def reasons_of(
    task: Measure,
    coverage: Coverage,
    team: np.ndarray,
    period: np.ndarray,
    value: np.ndarray,
    asked: np.ndarray,
    n: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """For each cell a sentence or None, and whether the figure exists; a figure of an unfinished period exists, with
    one.
    """
    outside, partial = coverage.of(task.of)
    why = outside[team, period].copy()
    if task.clock == "business":
        known = np.array([coverage.meta.teams[name].has_hours for name in coverage.scope.teams])
        for cell in np.flatnonzero(~known[team] & (why == None)):  # noqa: E711  (elementwise)
            why[cell] = _no_hours(coverage.scope.teams[team[cell]])
    unsaid = why == None  # noqa: E711  (elementwise)
    lacking = unsaid & (asked > 0) & (n == 0)
    if isinstance(task, Count):
        value = np.where(lacking, np.nan, value)
    empty = unsaid & np.isnan(value)
    why[empty] = said(task.unreached) if isinstance(task, Survival) else NOTHING
    if isinstance(task, Computed):
        why[empty & (n > 0)] = UNDEFINED
    why[empty & (n == 0)] = NOTHING
    for cell in np.flatnonzero(lacking):
        why[cell] = _lacking(int(asked[cell]))
    exists = (why == None) & ~np.isnan(value)  # noqa: E711  (elementwise)
    why[exists & partial[team, period]] = UNFINISHED
    return why, exists


@lru_cache(maxsize=4096)
def _no_hours(team: str) -> Said:
    return said("the business hours of {team} are not in audit.toml", team=team)


@lru_cache(maxsize=4096)
def _lacking(asked: int) -> Said:
    return said("none of the {count} rows has what the measure needs", count=asked)


def impossible(task: Measure, meta: Meta, targets: Mapping[str, Target], by: str | None) -> Said | None:
    """Why nothing can be said anywhere, or None."""
    table = meta.tables.get(task.of)
    if table is None:
        return _unfilled(RELATIONS[task.of].made_of)
    absent = [name for name in task.needs_table if name not in meta.tables]
    if absent:
        return said("no source fills the table {table}", table=", ".join(absent))
    missing = [name for name in task.needs if name not in table.present]
    if missing:
        return said("no source has the column {column}", column=", ".join(missing))
    target = targets.get(task.id)
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
    if group_expression(task.of, task.dated_by, by) is None:
        return said("{table} dated by {column} have no {by}", table=task.of, column=task.dated_by, by=str(by))
    return None


def _unfilled(made_of: tuple[str, ...]) -> Said:
    if len(made_of) == 1:
        return said("no source fills the table {table}", table=made_of[0])
    return said("no source fills the table {table} or {other}", table=made_of[0], other=", ".join(made_of[1:]))
