"""The verdict on a change: its rules one by one, and how it fares where the truth is known."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from auditkit.impact.series import LeftOut, Subject, make_series
from auditkit.impact.verdict import Expected, judge, kind_of
from auditkit.impact.window import window
from auditkit.known_changes import Change
from auditkit.stats.correlated import Estimate


@pytest.fixture(scope="module")
def benchmark():
    """The benchmark as a module, so that a few of its changes are run with every change of the code."""
    path = Path(__file__).parents[1] / "benchmarks" / "change_coverage.py"
    spec = importlib.util.spec_from_file_location("change_coverage", path)
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["change_coverage"] = module
    spec.loader.exec_module(module)
    return module


# --- where the truth is known


def test_intervals_hold_the_truth_and_no_effect_is_claimed_where_there_is_none(benchmark):
    """150 simulated changes: what a nominal 95 % interval must keep, and far fewer false claims than the usual ways."""
    scores = benchmark.run(150, seed=3)
    share = {way: sum(one.held) / len(one.held) for way, one in scores.items()}
    assert share["verdict"] >= 0.91  # Binomial(130, 0.95) lies below 118 once in thirty
    assert share["teams"] >= 0.9
    assert share["series"] >= 0.88
    assert sum(scores["verdict"].false) <= 4
    assert sum(scores["means"].false) >= 15  # the same changes, by a comparison of means: the test has teeth
    assert share["ordinary"] < 0.85
    assert sum(scores["verdict"].found) >= 0.4 * len(scores["verdict"].found)


# --- the words


@pytest.mark.parametrize(
    ("effect", "expected", "kind"),
    [
        ((-0.6, -0.8, -0.4), Expected(-0.7), "as_expected"),
        ((-0.6, -0.8, -0.4), Expected(-0.8), "as_expected"),  # exactly on the limit
        ((-0.6, -0.8, -0.4), Expected(-0.9), "smaller"),
        ((-0.6, -0.8, -0.4), Expected(-0.2), "larger"),
        ((-0.6, -0.8, -0.4), Expected(0.2), "other_way"),
        ((-0.6, -0.8, -0.4), Expected(None, -1), "expected_way"),
        ((-0.6, -0.8, -0.4), Expected(None, 1), "other_way"),
        ((-0.6, -0.8, -0.4), Expected(), "some"),
        ((0.1, -0.2, 0.4), Expected(0.3), "open"),
        ((0.1, -0.2, 0.4), Expected(0.5), "ruled_out"),
        ((0.1, -0.2, 0.4), Expected(None, 1), "none"),
        ((0.1, 0.0, 0.2), Expected(), "none"),  # nought on the limit is no effect
    ],
)
def test_an_estimate_says_of_what_was_expected(effect, expected, kind):
    assert kind_of(Estimate(*effect), expected) == kind


# --- what decides


def noisy(seed: int, weeks: int, step: float = 0.0, at: int = 40, slope: float = 0.0):
    rng, places = np.random.default_rng(seed), np.arange(weeks)
    return rng.normal(0, 0.2, weeks) + step * (places >= at) + slope * places, np.full(weeks, 30)


def test_a_comparison_with_parallel_teams_decides():
    verdict = judge(noisy(1, 60, -1), [noisy(2, 60), noisy(3, 60)], 40, 7, Expected(-1.0))
    assert (verdict.kind, verdict.basis) == ("as_expected", "teams")
    assert verdict.effect == verdict.teams.effect


def test_teams_that_moved_apart_leave_the_series_to_decide_where_it_is_a_year_long():
    apart = [noisy(2, 60, slope=0.05)]
    verdict = judge(noisy(1, 60, -1.5), apart, 40, 7)
    assert verdict.teams.drift.sign and (verdict.kind, verdict.basis) == ("some", "series")
    short = judge(noisy(1, 40, -1.5, at=25), [noisy(2, 40, slope=0.05)], 25, 7)
    assert (short.kind, short.why) == ("unclear", "apart")


def test_less_than_a_year_without_other_teams_concludes_nothing_however_large_the_step():
    verdict = judge(noisy(1, 50, -3, at=35), [], 35, 7)
    assert (verdict.kind, verdict.why) == ("unclear", "season")
    assert verdict.effect.sign == -1  # it is shown, and not concluded from
    assert judge(noisy(1, 60, -3), [], 40, 7).kind == "some"


def test_a_difference_that_the_others_made_is_not_the_teams():
    """The other team moved on that day and the team itself did not: the series points nowhere, the comparison down."""
    verdict = judge(noisy(4, 60, 0.05), [noisy(5, 60, 2.0)], 40, 7)
    assert (verdict.kind, verdict.why) == ("unclear", "disagree")


def test_a_series_too_short_for_anything_says_so():
    assert judge(noisy(1, 5, at=3), [], 3, 7).why == "short"


def test_what_the_data_could_have_shown_is_what_four_in_five_would_show():
    """Power by simulation: a step of that size is found in about four of five series."""
    verdict = judge(noisy(9, 60), [noisy(10, 60)], 40, 7)
    found = [
        judge(noisy(seed, 60, verdict.could_show), [noisy(seed + 1000, 60)], 40, 7, checks=False).teams.effect.sign
        for seed in range(40)
    ]
    assert 26 <= sum(found) <= 39


# --- weeks, scales and what was expected


def test_weeks_are_whole_counted_from_the_change_and_none_lies_across_it():
    made = window(date(2026, 2, 1), 7, date(2026, 1, 12), date(2026, 2, 20))
    spans = [(one.start.isoformat(), one.end.isoformat()) for one in made.periods]
    assert spans == [
        ("2026-01-18", "2026-01-25"), ("2026-01-25", "2026-02-01"),
        ("2026-02-01", "2026-02-08"), ("2026-02-08", "2026-02-15"),
    ]  # fmt: skip
    assert (made.before, made.after) == (2, 2)


def test_nothing_lies_around_a_change_on_the_last_day():
    assert window(date(2026, 2, 1), 7, date(2026, 2, 1), date(2026, 2, 1)).periods == ()


def series(unit: str, statistic: str, values: list[float], others: dict[str, list[float]] | None = None):
    half = len(values) // 2
    made = window(date(2026, 2, 1), 7, date.fromordinal(date(2026, 2, 1).toordinal() - 7 * half), date(2026, 12, 1))
    cut = type(made)(made.periods[: len(values)], half, 7)
    rows = {team: (np.array(one), np.full(len(one), 10.0)) for team, one in (others or {}).items()}
    return make_series(Subject("m", unit, statistic), cut, (np.array(values), np.full(len(values), 10.0)), rows, ())


def test_half_the_waiting_time_is_a_ratio_and_five_points_are_a_difference():
    waits = series("seconds", "median", [7200.0, 7200, 3600, 3600])
    expected = waits.expected(Change(date(2026, 2, 1), "x", direction="down", ratio=0.5))
    assert waits.ratio and expected.size == pytest.approx(np.log(0.5))
    assert waits.expected(Change(date(2026, 2, 1), "x", difference=-3600)).size == pytest.approx(np.log(0.5))
    shares = series("share", "share", [0.8, 0.8, 0.85, 0.85])
    assert not shares.ratio
    assert shares.expected(Change(date(2026, 2, 1), "x", difference=0.05)).size == pytest.approx(0.05)
    assert shares.expected(Change(date(2026, 2, 1), "x", ratio=1.1)).size == pytest.approx(0.08)


def test_a_size_that_cannot_be_is_no_expectation():
    waits = series("seconds", "median", [7200.0, 7200, 3600, 3600])
    for change in (Change(date(2026, 2, 1), "x", ratio=0.0), Change(date(2026, 2, 1), "x", difference=-9999)):
        assert waits.expected(change).size is None
    assert waits.expected(Change(date(2026, 2, 1), "x", direction="up")) == Expected(None, 1)


def test_a_time_of_nought_is_told_as_a_difference_and_a_team_with_gaps_is_left_out():
    assert not series("seconds", "median", [0.0, 1, 2, 3]).ratio
    made = series("share", "share", [0.5] * 4, {"Oslo": [0.5] * 4, "Bergen": [0.5, np.nan, 0.5, 0.5]})
    assert list(made.others) == ["Oslo"]
    assert made.left_out == (LeftOut("Bergen", "gaps"),)
