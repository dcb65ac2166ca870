"""What two periods are compared by, what that is adjusted for, and what looks ahead and is left out."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.stats import CensoredData, logrank
from small_report import context, figure, plain, share

from auditkit.exhibits.speed import share_trend

HOUR = 3600.0
LEFT_OUT = "what came later is left out, because its 7 days are not over"


def group(ended: list[float], still_open: list[float]) -> tuple[np.ndarray, np.ndarray]:
    """Durations in hours with whether each has ended."""
    return np.array(ended + still_open) * HOUR, np.array([True] * len(ended) + [False] * len(still_open))


# April: 30 tickets resolved in one to thirty hours; May: as many resolved, but in a third of the time, and two are open
APRIL = group([float(hour) for hour in range(1, 31)], [])
MAY = group([hour / 3 for hour in range(1, 31)], [40.0] * 2)


def survival(period: str, value: float, n: int) -> dict:
    return figure("resolution_time_all", period, value * HOUR, low=0.8 * value * HOUR, high=1.2 * value * HOUR, n=n)


def test_times_with_open_tickets_are_compared_over_their_whole_curves_and_adjusted_for_every_other_comparison():
    rows = [survival("2026-04", 15.5, 30), survival("2026-05", 5.3, 32)]
    rows += [share("csat", "2026-04", 80, 100), share("csat", "2026-05", 70, 100)]
    found = context(
        *rows, durations={("resolution_time_all", "2026-04"): APRIL, ("resolution_time_all", "2026-05"): MAY}
    )
    censored = [CensoredData(uncensored=times[ended], right=times[~ended]) for times, ended in (MAY, APRIL)]
    expected = logrank(*censored).pvalue
    (compared,) = found.headlines["resolution_time_all", "median"].comparisons
    assert compared.p == pytest.approx(expected, rel=1e-9)
    # csat fell from 80 to 70 of 100: chi-square 2.667 with one degree of freedom, p 0.1025, the larger of the two
    assert expected < 0.05
    assert compared.adjusted == pytest.approx(2 * expected)
    (satisfied,) = found.headlines["csat", "share"].comparisons
    assert (satisfied.p, satisfied.adjusted) == (pytest.approx(0.1025, abs=1e-4), pytest.approx(0.1025, abs=1e-4))
    assert compared.is_change and not satisfied.is_change


def test_two_periods_of_which_nothing_is_known_but_the_median_are_not_compared():
    found = context(survival("2026-04", 15.5, 30), survival("2026-05", 5.3, 32))
    assert [one.p for one in found.headlines["resolution_time_all", "median"].comparisons] == [None]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        # the first second of June in Helsinki: the window of 25 May is over, that of 26 May's first ticket is not
        (datetime(2026, 5, 31, 21, 0, tzinfo=UTC), f"Counted up to 24 May 2026: {LEFT_OUT}"),
        (datetime(2026, 6, 6, 21, 0, tzinfo=UTC), "Counted up to 30 May 2026"),
        (datetime(2026, 6, 7, 20, 59, tzinfo=UTC), "Counted up to 30 May 2026"),
        (datetime(2026, 6, 7, 21, 0, tzinfo=UTC), ""),
        (datetime(2026, 5, 4, 12, 0, tzinfo=UTC), "Nothing of the period can be counted yet"),
    ],
)  # fmt: skip
def test_first_contacts_whose_window_is_not_over_are_left_out_and_the_note_says_so(as_of, expected):
    made = context(share("fcr", "2026-05", 50, 70), share("fcr", "2026-04", 60, 80))
    made.__dict__["as_of"] = as_of
    note = plain(share_trend(made, "fcr", "fcr").as_json()["note"])
    assert expected in note if expected else "left out, because" not in note and "Counted up to" not in note


def test_a_measure_that_does_not_look_ahead_leaves_nothing_out():
    made = context(share("csat", "2026-05", 50, 70))
    made.__dict__["as_of"] = datetime(2026, 5, 4, tzinfo=UTC)
    assert "left out, because" not in share_trend(made, "csat", "csat").as_json()["note"]
