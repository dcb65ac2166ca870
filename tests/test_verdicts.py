"""Verdicts rest on the interval, and on enough evidence."""

from __future__ import annotations

import pandas as pd
import pytest

from auditkit.config import Target
from auditkit.evaluation.verdicts import MEETS, MISSES, OPEN, judge, verdict_of
from auditkit.measures import CATALOGUE

FIGURE = {"statistic": "share", "available": True, "reason": None, "n": 100, "completeness": 1.0}


def verdict(low: float | None, high: float | None, target: Target, **changed) -> str:
    return verdict_of(FIGURE | {"low": low, "high": high} | changed, target)[0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.85, 0.95, MEETS),
        (0.80, 0.95, MEETS),  # exactly on target is met
        (0.79, 0.95, OPEN),
        (0.60, 0.80, OPEN),  # the target is within reach of the interval
        (0.60, 0.79, MISSES),
    ],
)
def test_at_least_is_met_when_the_whole_interval_is_at_or_above_it(low, high, expected):
    assert verdict(low, high, Target(at_least=0.80)) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(1, 3600, MEETS), (1, 3601, OPEN), (3600, 4000, OPEN), (3601, 4000, MISSES)]
)
def test_at_most_is_met_when_the_whole_interval_is_at_or_below_it(low, high, expected):
    assert verdict(low, high, Target(at_most="1h")) == expected


@pytest.mark.parametrize(("low", "high", "expected"), [(None, 3000, MEETS), (None, 4000, OPEN), (4000, None, MISSES)])
def test_a_limit_that_does_not_exist_is_unbounded(low, high, expected):
    assert verdict(low, high, Target(at_most="1h")) == expected


@pytest.mark.parametrize(("n", "expected"), [(29, OPEN), (30, MEETS)])
def test_too_few_rows_conclude_nothing(n, expected):
    assert verdict(0.9, 1, Target(at_least=0.8), n=n) == expected


def test_a_count_is_its_own_evidence_however_small():
    assert verdict(0, 3.7, Target(at_most=10), statistic="count", n=0, completeness=float("nan")) == MEETS


@pytest.mark.parametrize(("completeness", "expected"), [(0.79, OPEN), (0.80, MEETS)])
def test_incomplete_data_conclude_nothing(completeness, expected):
    assert verdict(0.9, 1, Target(at_least=0.8), completeness=completeness) == expected


def test_a_period_that_is_not_over_concludes_nothing_and_says_why():
    figure = FIGURE | {"low": 0.9, "high": 1, "reason": "the period is not over"}
    assert verdict_of(figure, Target(at_least=0.8)) == (OPEN, "the period is not over")


def test_a_figure_that_does_not_exist_concludes_nothing_and_says_why():
    figure = FIGURE | {"available": False, "low": None, "high": None, "reason": "nothing to count in the period"}
    assert verdict_of(figure, Target(at_least=0.8)) == (OPEN, "nothing to count in the period")


RESULTS = pd.DataFrame(
    [
        {"measure": name, "statistic": statistic, "variant": variant} | FIGURE | {"low": 10.0, "high": 20.0}
        for name, statistic, variant in [
            ("first_response_time", "median", "default"),
            ("first_response_time", "mean", "default"),
            ("service_level", "share", "default"),
            ("service_level", "share", "v2"),
        ]
    ]
).assign(statistic=["median", "mean", "share", "share"])


@pytest.mark.parametrize(
    ("targets", "judged"),
    [
        ({"first_response_time": Target(at_most=60)}, [True, False, False, False]),  # the default statistic
        ({"first_response_time": Target(at_most=60, statistic="mean")}, [False, True, False, False]),
        ({"service_level": Target(at_least=0.8, variant="v2")}, [False, False, False, True]),
        ({"service_level": Target(within=20)}, [False, False, False, False]),  # a threshold sets no bound
        ({"csat": Target(at_least=0.8)}, [False, False, False, False]),
    ],
)
def test_a_target_judges_one_statistic_of_one_variant(targets, judged):
    results = judge(RESULTS, targets, CATALOGUE)
    assert list(results["verdict"].notna()) == judged
    assert list(results["target"].notna()) == judged


def test_judging_leaves_its_argument_alone():
    before = RESULTS.copy()
    judge(RESULTS, {"service_level": Target(at_least=0.8)}, CATALOGUE)
    pd.testing.assert_frame_equal(RESULTS, before)
