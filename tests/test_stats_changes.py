"""Interrupted series and differences in differences: against statsmodels, SciPy, and formulas written another way."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest
from scipy.linalg import null_space
from scipy.stats import ttest_ind
from statsmodels.api import GLS, OLS

from auditkit.stats import correlated
from auditkit.stats.correlated import regress
from auditkit.stats.differences import difference_in_differences
from auditkit.stats.interrupted import drift, interrupted_series

RNG = np.random.default_rng(7)
WEEKS = np.arange(40)
COUNTS = RNG.integers(5, 60, 40).astype(float)
VALUES = 3 + 0.02 * WEEKS - 0.8 * (WEEKS >= 25) + RNG.normal(0, 0.4, 40)
DESIGN = np.column_stack([np.ones(40), WEEKS - 25, WEEKS >= 25]).astype(float)
STEP = [0.0, 0.0, 1.0]


def only(monkeypatch, correlation: float, counting: float) -> None:
    """Let the grid hold a single covariance."""
    monkeypatch.setattr(correlated, "CORRELATIONS", np.array([correlation]))
    monkeypatch.setattr(correlated, "COUNTING", np.array([counting]))


def covariance(correlation: float, counting: float, times=WEEKS, counts=COUNTS) -> np.ndarray:
    """The covariance, cell by cell."""
    harmonic = len(counts) / sum(1 / n for n in counts)
    cells = np.zeros((len(times), len(times)))
    for i, t in enumerate(times):
        for j, u in enumerate(times):
            cells[i, j] = (1 - counting) * correlation ** abs(int(t) - int(u)) + (i == j) * counting * (
                harmonic / counts[i]
            )
    return cells


@pytest.mark.parametrize("name", ["correlated", "interrupted", "differences"])
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(f"auditkit.stats.{name}")).failed == 0


@pytest.mark.parametrize(("correlation", "counting"), [(0.6, 0.0), (-0.3, 0.2), (0.3, 0.6), (0.9, 0.4), (0.0, 1.0)])
def test_for_one_covariance_the_limits_are_those_of_generalised_least_squares(monkeypatch, correlation, counting):
    only(monkeypatch, correlation, counting)
    found = regress(VALUES, COUNTS, WEEKS, DESIGN).estimate(STEP)
    expected = GLS(VALUES, DESIGN, sigma=covariance(correlation, counting)).fit(use_t=True)
    low, high = expected.conf_int()[2]
    assert (found.value, found.low, found.high) == pytest.approx((expected.params[2], low, high), rel=1e-6)


def test_a_week_that_is_missing_leaves_its_neighbours_two_apart(monkeypatch):
    only(monkeypatch, 0.5, 0.3)
    gap = np.arange(40) != 17
    holed = np.where(gap, VALUES, np.nan)
    found = regress(holed, COUNTS, WEEKS, DESIGN).estimate(STEP)
    sigma = covariance(0.5, 0.3, WEEKS[gap], COUNTS[gap])
    expected = GLS(VALUES[gap], DESIGN[gap], sigma=sigma).fit(use_t=True)
    assert (found.value, found.low) == pytest.approx((expected.params[2], expected.conf_int()[2][0]), rel=1e-6)


def test_each_covariance_weighs_by_the_density_of_what_the_design_leaves(monkeypatch):
    """Restricted likelihood, written by contrasts: A'y with A'X = 0 is a t density once the scale is integrated out."""
    grid = [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)]
    monkeypatch.setattr(correlated, "CORRELATIONS", np.array([0.0, 0.5]))
    monkeypatch.setattr(correlated, "COUNTING", np.array([0.0, 0.5]))
    contrasts = null_space(DESIGN.T)
    left = contrasts.T @ VALUES

    def density(pair):
        spread = contrasts.T @ covariance(*pair) @ contrasts
        return -np.linalg.slogdet(spread)[1] / 2 - len(left) / 2 * np.log(left @ np.linalg.solve(spread, left))

    logs = np.array([density((r, c)) for r in (0.0, 0.5) for c in (0.0, 0.5)])
    expected = np.exp(logs - logs.max()) / np.exp(logs - logs.max()).sum()
    assert len(grid) == len(expected)
    assert regress(VALUES, COUNTS, WEEKS, DESIGN).weights == pytest.approx(expected, rel=1e-6)


def test_independent_weeks_of_equal_counts_come_close_to_ordinary_least_squares():
    rng = np.random.default_rng(3)
    weeks = np.arange(200)
    design = np.column_stack([np.ones(200), weeks >= 120]).astype(float)
    values = 2 + 0.5 * design[:, 1] + rng.normal(0, 1, 200)
    found = regress(values, np.full(200, 30), weeks, design).estimate([0, 1])
    low, high = OLS(values, design).fit().conf_int()[1]
    assert found.value == pytest.approx(OLS(values, design).fit().params[1], abs=0.02)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.12)


def test_weeks_that_resemble_their_neighbours_widen_the_interval():
    rng = np.random.default_rng(11)
    steps = rng.normal(0, 1, 60)
    wandering = steps.copy()
    for week in range(1, 60):
        wandering[week] += 0.8 * wandering[week - 1]
    shuffled = rng.permutation(wandering)
    design = np.column_stack([np.ones(60), np.arange(60) >= 40]).astype(float)
    halves = [
        regress(one, np.full(60, 30), np.arange(60), design).estimate([0, 1]).half for one in (wandering, shuffled)
    ]
    assert halves[0] > 1.5 * halves[1]


def test_a_value_of_few_rows_weighs_less(monkeypatch):
    only(monkeypatch, 0.0, 1.0)
    values, ones = np.array([0.0, 0, 0, 0, 10]), np.ones((5, 1))
    mean = regress(values, [90, 90, 90, 90, 10], np.arange(5), ones).estimate([1.0]).value
    assert mean == pytest.approx(10 * 10 / 370)


def test_the_season_is_told_apart_from_a_year_on():
    assert interrupted_series(np.sin(np.arange(53)), np.ones(53), 30, 7).seasonal
    assert not interrupted_series(np.sin(np.arange(52)), np.ones(52), 30, 7).seasonal


def test_a_yearly_wave_is_no_step():
    weeks = np.arange(104)
    values = 5 + np.sin(2 * np.pi * weeks * 7 / 365.2425) + np.random.default_rng(2).normal(0, 0.1, 104)
    assert interrupted_series(values, np.full(104, 20), 60, 7).level.holds(0.0)


def test_a_slope_of_its_own_is_found_and_the_mean_effect_is_its_middle():
    weeks = np.arange(80)
    values = 4 - 0.1 * np.maximum(weeks - 50, 0) + np.random.default_rng(4).normal(0, 0.05, 80)
    found = interrupted_series(values, np.full(80, 20), 50, 7, slope=True)
    assert found.slope.holds(-0.1) and found.slope.sign == -1
    assert found.mean.holds(-0.1 * 14.5)  # the weeks after lie 0 to 29 from the change


def test_of_independent_weeks_the_difference_in_differences_is_students_t(monkeypatch):
    only(monkeypatch, 0.0, 0.0)
    rng = np.random.default_rng(5)
    own, other, third = rng.normal(5, 1, 30), rng.normal(4, 1, 30), rng.normal(6, 1, 30)
    counts = np.full(30, 20)
    found = difference_in_differences((own, counts), [(other, counts), (third, counts)], at=18)
    apart = own - (other + third) / 2
    expected = ttest_ind(apart[18:], apart[:18]).confidence_interval()
    assert (found.effect.low, found.effect.high) == pytest.approx((expected.low, expected.high), rel=1e-6)
    assert found.counts == pytest.approx(np.full(30, 1 / (1 / 20 + 2 / 20 / 4)))


def test_what_the_teams_share_cancels_and_what_the_team_alone_did_stays():
    rng = np.random.default_rng(6)
    weeks, counts = np.arange(50), np.full(50, 25)
    shared = 3 * np.sin(weeks / 5) + 0.2 * weeks
    teams = [(shared + level + rng.normal(0, 0.2, 50), counts) for level in (1, 2, 5)]
    changed = (teams[0][0] - 1.0 * (weeks >= 35), counts)
    found = difference_in_differences(changed, teams[1:], at=35)
    assert found.effect.holds(-1.0) and found.effect.half < 0.3
    assert found.drift.holds(0.0)
    assert all(one.holds(-1.0) for one in found.left_out)
    assert all(one.holds(0.0) for one in found.placebos)


def test_teams_that_moved_apart_before_are_said_to_have():
    rng = np.random.default_rng(8)
    counts = np.full(40, 25)
    own, other = 0.1 * WEEKS + rng.normal(0, 0.2, 40), rng.normal(0, 0.2, 40)
    found = difference_in_differences((own, counts), [(other, counts)], at=25)
    assert found.drift.sign == 1
    assert found.drift.holds(0.1 * 20)  # from the middle of before to the middle of after are 20 weeks


def test_nothing_is_said_of_too_few_periods_or_of_values_without_any_scatter():
    assert regress(VALUES[:5], COUNTS[:5], WEEKS[:5], DESIGN[:5]) is None
    assert interrupted_series(np.full(30, 2.0), np.full(30, 9), 20, 7) is None
    assert interrupted_series(VALUES, np.zeros(40), 25, 7) is None
    assert difference_in_differences((VALUES, COUNTS), [], at=25) is None
    assert difference_in_differences((VALUES, COUNTS), [(np.full(40, np.nan), COUNTS)], at=25) is None
    assert not drift(VALUES[:3], COUNTS[:3], span=3).is_known
