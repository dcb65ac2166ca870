"""Mystery tests held against what the reports say: the waits of both, channel by channel, within opening hours and not.

In come the tests and the reported contacts of the same days; out come pairs of waits and whether they differ by more
than chance. A call is held against calls, a message against the tickets of its own channel. What nobody answered
waited on: a test as long as its tester watched, a ticket until as_of, a caller until hanging up. All the pairs of a
report are judged together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from auditkit.clocks.period import Period, span
from auditkit.exhibits.changes import FEWEST, THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.stats import compare_survival, holm, kaplan_meier_median

if TYPE_CHECKING:
    import pandas as pd

PHONE = "phone"
FEWEST_TESTS = 12  # in a pair: fewer are single cases


@dataclass(frozen=True)
class Waits:
    """How long each contact waited, in seconds, and whether it was answered then."""

    seconds: np.ndarray
    answered: np.ndarray

    @property
    def n(self) -> int:
        """How many there are of which a wait is known."""
        return int(np.count_nonzero(~np.isnan(self.seconds)))

    @property
    def median(self) -> tuple[float, float, float]:
        """Kaplan-Meier median with its limits, NaN where there is none."""
        value, low, high, *_ = kaplan_meier_median(self.seconds, self.answered, [0, self.seconds.size])
        return float(value[0]), float(low[0]), float(high[0])


@dataclass(frozen=True)
class Pair:
    """The tests and the reported contacts of one channel while the team was open or closed (None: not known).

    ``p`` is adjusted for all the pairs; NaN where they were not compared. ``ratio`` above 1: tests are answered sooner.
    """

    channel: str
    closed: bool | None
    tests: pd.DataFrame
    waits: Waits
    reported: Waits
    ratio: float = np.nan
    p: float = np.nan

    @property
    def is_compared(self) -> bool:
        """Whether both sides are enough to be compared."""
        return not np.isnan(self.p)

    @property
    def is_slower(self) -> bool:
        """Whether tests wait longer than reported, by more than chance."""
        return self.p < THRESHOLD and self.ratio < 1

    @property
    def is_faster(self) -> bool:
        """Whether tests are answered sooner than reported, by more than chance."""
        return self.p < THRESHOLD and self.ratio > 1


def independent_tests(context: Context, period: Period) -> pd.DataFrame | None:
    """The tests of a period by testers who are independent of the team, with ``wait`` and ``answered``; None where no
    source fills the table."""
    rows = context.fetch("mystery_tests")
    if rows is None:
        return None
    own = rows[(rows["contacted_on"] >= period.start) & (rows["contacted_on"] < period.end)]
    own = own[own["independent"].fillna(False).astype(bool)]
    replied = own["reply_seconds"].to_numpy(dtype=float)
    watched = own[["watched_seconds", "seconds_to_as_of"]].min(axis=1, skipna=False).to_numpy(dtype=float)
    wait = np.where(np.isnan(replied), watched, replied)
    return own.assign(wait=np.where(wait >= 0, wait, np.nan), answered=~np.isnan(replied))


def pairs(context: Context, tests: pd.DataFrame) -> list[Pair]:
    """Every channel and kind of hour that was tested, with what the reports hold of it on the days of the tests."""
    if tests.empty:
        return []
    days = span(tests["contacted_on"].min(), tests["contacted_on"].max() + timedelta(days=1))
    found = []
    for channel, of_channel in sorted(tests.groupby("channel"), key=lambda one: one[0]):
        for closed in (False, True, None):
            own = of_channel[_are(of_channel, closed)]
            if len(own):
                waits = Waits(own["wait"].to_numpy(dtype=float), own["answered"].to_numpy(dtype=bool))
                found.append(Pair(channel, closed, own, waits, _reported(context, days, channel, closed)))
    return _judged(found)


def _judged(found: Sequence[Pair]) -> list[Pair]:
    """The pairs with the log-rank test of those that are enough, adjusted for looking at all of them."""
    tested = [
        compare_survival(one.waits.seconds, one.waits.answered, one.reported.seconds, one.reported.answered)
        if one.waits.n >= FEWEST_TESTS and one.reported.n >= FEWEST
        else (np.nan, np.nan, np.nan)
        for one in found
    ]
    adjusted = holm([p for *_, p in tested])
    return [
        replace(one, ratio=_direction(ratio, one), p=float(p))
        for one, (ratio, *_), p in zip(found, tested, adjusted, strict=True)
    ]


def _direction(ratio: float, pair: Pair) -> float:
    """The ratio; where the tests had no answer at all, or the contacts none, it is the limit that it goes to."""
    if np.isnan(ratio) and not pair.waits.answered.any():
        return 0.0
    return np.inf if np.isnan(ratio) else ratio


def _reported(context: Context, days: Period, channel: str, closed: bool | None) -> Waits:
    """The waits of customers' own contacts on those days, in one channel."""
    if channel.lower() == PHONE:
        rows = _of_days(context.fetch("calls"), "offered_on", days)
        if rows is None or "after_hours" not in rows:
            return _NONE
        own = rows[_are(rows, closed)]
        known = own[own["answered"].notna()]
        return Waits(known["wait_seconds"].to_numpy(dtype=float), known["answered"].to_numpy(dtype=bool))
    rows = _of_days(context.fetch("tickets"), "created_on", days)
    if rows is None or "channel" not in rows:
        return _NONE
    own = rows[_are(rows, closed) & (rows["channel"].str.lower() == channel.lower())]
    replied = own["response_seconds"].to_numpy(dtype=float)
    wait = np.where(np.isnan(replied), own["seconds_to_as_of"].to_numpy(dtype=float), replied)
    return Waits(np.where(wait >= 0, wait, np.nan), ~np.isnan(replied))


_NONE = Waits(np.array([]), np.array([], dtype=bool))


def _of_days(rows: pd.DataFrame | None, day: str, days: Period) -> pd.DataFrame | None:
    return None if rows is None else rows[(rows[day] >= days.start) & (rows[day] < days.end)]


def _are(rows: pd.DataFrame, closed: bool | None) -> pd.Series:
    """Which rows came while the team was open, closed, or at hours that are not known."""
    return rows["after_hours"].isna() if closed is None else rows["after_hours"] == closed
