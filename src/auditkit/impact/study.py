"""A change studied: the measure that it names, those that lie beside it, orders, work and comments, each judged.

In come a store, a team, the end of the period and a change; out comes all that can be said of the change, as numbers.
What is looked at besides the named measure is judged together: its intervals are widened for looking at many.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np

from auditkit.clocks.period import Period, last_complete_day, span
from auditkit.definition import Measure
from auditkit.impact.changes import changes_of_teams, neighbours, touched
from auditkit.impact.comments import Comments, comments_around
from auditkit.impact.figures import WeeklyFigures
from auditkit.impact.orders import AMOUNT, ORDERED, orders_by_period
from auditkit.impact.series import LeftOut, Rows, Series, Study, Subject, make_series
from auditkit.impact.verdict import ANYTHING, Expected, Verdict, judge
from auditkit.impact.window import FEWEST, FOUR_WEEKS, WEEK, Window, window
from auditkit.known_changes import BUSINESS, Change
from auditkit.store import Store

HOUR = 3600
ROWS_A_WEEK = 5  # the median below which periods of four weeks are looked at
FEWEST_ROWS = 30  # on either side
BESIDE = (
    "first_response_time", "resolution_time", "fcr", "reopen_rate", "complaint_rate", "answer_rate", "csat",
    "tickets_received", "calls_offered",
)  # fmt: skip
# The time of work on tickets and on calls, and what its cost is called where an hour has a price.
WORK = {"handle_time": "cost_per_ticket", "handle_time_calls": "cost_per_call"}


@dataclass(frozen=True)
class Impact:
    """What is known of a change: the ``named`` study, or ``why_not`` ("no_measure", "unknown_measure", "together",
    "no_figures"); ``rival`` is the change that stands in the way, ``reason`` why there are no figures.
    """

    change: Change
    named: Study | None = None
    why_not: str = ""
    rival: Change | None = None
    reason: str = ""
    beside: tuple[Study, ...] = ()
    orders: tuple[Study, ...] = ()
    work: tuple[Study, ...] = ()
    comments: Comments | None = None
    commented: tuple[Period, Period] | None = None


@dataclass
class Studies:
    """The changes of one team until the end of a period, each studied when it is asked for."""

    store: Store
    team: str
    period: Period
    as_of: datetime
    measures: Mapping[str, Measure]

    @cached_property
    def _figures(self) -> WeeklyFigures:
        named = {one.measure for one in self.changes[self.team]}
        wanted = {*named, *BESIDE, *WORK, f"{BESIDE[0]}{BUSINESS}"}
        asked = [measure for name, measure in self.measures.items() if name in wanted]
        return WeeklyFigures(self.store, self.team, self.as_of, asked, tuple(WORK))

    @cached_property
    def changes(self) -> dict[str, tuple[Change, ...]]:
        """The changes of all teams."""
        return changes_of_teams(self.store, self.as_of)

    @cached_property
    def first(self) -> date:
        """The first day of which the team has data."""
        return self.store.coverage(self.team).start

    @cached_property
    def end(self) -> date:
        """The first day that is no longer looked at: the end of the period, or of what is known."""
        zone = self.store.meta.teams[self.team].zone
        return min(self.period.end, last_complete_day(self.as_of, zone) + timedelta(days=1))

    def within_reach(self) -> tuple[list[Change], list[Change]]:
        """The team's changes that can be studied, and those that lie outside the days looked at."""
        own = self.changes[self.team]
        reached = [one for one in own if self.first < one.day < self.end]
        return reached, [one for one in own if one not in reached]

    def impact(self, change: Change) -> Impact:
        """All that can be said of the change."""
        named, why_not, rival = None, self._why_not(change), None
        if not why_not:
            rival = neighbours(change, self.changes[self.team], change.measure)[1]
            rival = rival if rival is not None and rival.day == change.day else None
            why_not = "together" if rival else ""
        if not why_not:
            series = self._series(change, change.measure)
            why_not = "" if series else "no_figures"
            named = _studied(series, series.expected(change)) if series else None
        beside, work, orders = self._further(change)
        whole = window(change.day, WEEK, *self._bounds(change, ""))
        sides = (span(whole.first, change.day), span(change.day, whole.end)) if whole.before and whole.after else None
        comments = comments_around(self.store, self.team, *sides, self.as_of) if sides else None
        reason = self._figures.reasons.get(change.measure, "") if why_not == "no_figures" else ""
        return Impact(change, named, why_not, rival, reason, beside, orders, work, comments, sides)

    def _why_not(self, change: Change) -> str:
        if not change.measure:
            return "no_measure"
        return "" if change.measure in self.measures else "unknown_measure"

    def _further(self, change: Change) -> tuple[tuple[Study, ...], tuple[Study, ...], tuple[Study, ...]]:
        """The studies beside the named measure, of work and of orders, at a level widened for all of them."""
        clock = BUSINESS if self.store.meta.teams[self.team].has_hours else ""
        names = [f"{name}{clock}" if name == "first_response_time" else name for name in BESIDE]
        asked = [name for name in names if not (change.measure and change.concerns(name))]
        found = [[one for name in asked if (one := self._series(change, name))]]
        found.append([one for name in WORK if (one := self._work_series(change, name))])
        found.append([one for one in self._order_series(change) if one])
        level = 1 - 0.05 / max(sum(map(len, found)), 1)
        beside, work, orders = (tuple(_studied(one, ANYTHING, level, checks=False) for one in group) for group in found)
        return beside, work, orders

    def _bounds(self, change: Change, measure: str) -> tuple[date, date]:
        """The days that can be looked at: not past another change that concerns the measure."""
        before, after = neighbours(change, self.changes[self.team], measure) if measure else (None, None)
        first = max([self.first, *([before.day] if before else [])])
        return first, min([self.end, *([after.day] if after and after.day > change.day else [])])

    def _series(self, change: Change, measure: str) -> Series | None:
        """The series of a measure; None without figures."""
        declared = self.measures[measure]
        subject = Subject(measure, declared.unit, declared.statistics[0])
        return self._by_weeks(
            change, subject, self._bounds(change, measure), lambda around: self._figures.read(around)[measure]
        )

    def _work_series(self, change: Change, measure: str) -> Series | None:
        """The series of a time of work, or of its cost where an hour has a price: the mean time at that price."""
        costs = self.store.workspace.config.costs
        if costs.hour is None:
            return self._series(change, measure)
        subject = Subject(WORK[measure], "amount", "mean", costs.currency)

        def priced(around: Window) -> dict[str, Rows]:
            rows = self._figures.read(around)[f"{measure}, mean"]
            return {team: (values * costs.hour / HOUR, counts) for team, (values, counts) in rows.items()}

        return self._by_weeks(change, subject, self._bounds(change, measure), priced)

    def _by_weeks(
        self, change: Change, subject: Subject, bounds: tuple[date, date], read: Callable[[Window], dict[str, Rows]]
    ) -> Series | None:
        """The series by weeks, or by four weeks where a week holds few rows; None without figures."""
        for days in (WEEK, FOUR_WEEKS):
            around = window(change.day, days, *bounds)
            if not around.periods:
                return None
            rows = read(around)
            values, counts = rows[self.team]
            if not np.isfinite(values).any():
                return None
            if days == FOUR_WEEKS or np.median(counts) >= ROWS_A_WEEK:
                break
        return self._compared(change, subject, around, rows)

    def _order_series(self, change: Change) -> Iterable[Series | None]:
        around = window(change.day, WEEK, *self._bounds(change, ""))
        rows = orders_by_period(self.store, self._figures.teams, around.periods, self.as_of) if around.periods else {}
        for subject in (ORDERED, replace(AMOUNT, currency=self.store.workspace.config.costs.currency)):
            if subject.id in rows and np.isfinite(rows[subject.id][self.team][0]).any():
                yield self._compared(change, subject, around, rows[subject.id])

    def _compared(self, change: Change, subject: Subject, around: Window, rows: Mapping[str, Rows]) -> Series:
        """The series with the teams that can stand beside it, and those that cannot."""
        others, left_out = {}, []
        for team in self._figures.teams:
            rival = touched(self.changes, team, subject.id, around.first, around.end)
            covered = self.store.coverage(team)
            if team == self.team or covered is None:
                continue
            if rival is not None:
                left_out.append(LeftOut(team, "changed", rival))
            elif covered.start >= around.periods[0].end or covered.end <= around.periods[-1].start:
                left_out.append(LeftOut(team, "shorter"))
            else:
                others[team] = rows[team]
        smaller = len(self.store.meta.teams) - len(self._figures.teams)
        return make_series(subject, around, rows[self.team], others, tuple(left_out), smaller)


def _studied(series: Series, expected: Expected, level: float = 0.95, checks: bool = True) -> Study:
    """The series with its verdict, where there are enough periods and rows on both sides."""
    why = _too_few(series)
    if why:
        return Study(series, expected, Verdict("unclear", why), level)
    others = [series.scaled(rows) for rows in series.others.values()]
    verdict = judge(series.scaled(series.own), others, series.window.at, series.window.days, expected, level, checks)
    return Study(series, expected, verdict, level)


def _too_few(series: Series) -> str:
    """ "few_before", "few_after" or "few_rows", where that is so."""
    (before, rows_before), (after, rows_after) = series.counted(False), series.counted(True)
    least_before, least_after = FEWEST[series.window.days]
    if before < least_before:
        return "few_before"
    if after < least_after:
        return "few_after"
    return "few_rows" if min(rows_before, rows_after) < FEWEST_ROWS else ""
