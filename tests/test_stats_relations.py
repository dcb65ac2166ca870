"""Rank correlation and the log-rank test agree with SciPy and statsmodels, and are silent where nothing can tell."""

from __future__ import annotations

import doctest
import importlib
import warnings
from itertools import combinations

import numpy as np
import pytest

from auditkit import stats

NAN = np.nan


@pytest.mark.parametrize("name", ["correlation", "survival_comparison"])
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(f"auditkit.stats.{name}")).failed == 0


# Rank correlation


@pytest.mark.parametrize("steps", [1000, 5, 2])
def test_spearman_agrees_with_scipy_with_few_and_many_ties(steps):
    from scipy.stats import norm, spearmanr

    random = np.random.default_rng(steps)
    x, y = random.integers(0, steps, 60), random.integers(0, steps, 60)
    y = np.where(random.random(60) < 0.5, x, y)
    rho, low, high, p, n = stats.spearman(x, y)
    expected = spearmanr(x, y)
    half = norm.ppf(0.975) * np.sqrt((1 + expected.statistic**2 / 2) / 57)
    middle = np.arctanh(expected.statistic)
    limits = np.tanh([middle - half, middle + half])
    assert (rho, low, high, p, n) == pytest.approx((expected.statistic, *limits, expected.pvalue, 60))


@pytest.mark.parametrize(("r", "n"), [(0.0, 20), (0.6, 20), (0.6, 100)])
def test_the_limits_of_spearman_hold_the_true_value_about_95_times_in_100(r, n):
    random = np.random.default_rng(n)
    true = 6 / np.pi * np.arcsin(r / 2)  # of two normal quantities with correlation r
    pairs = random.normal(size=(1000, 2, n))
    limits = [stats.spearman(x, r * x + np.sqrt(1 - r * r) * e)[1:3] for x, e in pairs]
    assert 0.93 <= np.mean([low <= true <= high for low, high in limits]) <= 0.98


def test_spearman_of_one_dissenting_pair_is_as_worked_by_hand():
    rho, _, _, _, n = stats.spearman([1, 2, 3, 4, NAN, 6], [10, 20, 40, 30, 50, NAN])
    assert (rho, n) == (pytest.approx(1 - 6 * 2 / (4 * 15)), 4)  # pairs with a gap are left out


@pytest.mark.parametrize(
    ("x", "y", "n"),
    [
        pytest.param([], [], 0, id="none"),
        pytest.param([1], [1], 1, id="one"),
        pytest.param([1, 2, 3], [1, 3, 2], 3, id="three"),
        pytest.param([1, 2, 3, NAN], [1, 2, 3, 4], 3, id="three without the gap"),
        pytest.param([2, 2, 2, 2, 2], [1, 2, 3, 4, 5], 5, id="all tied"),
    ],
)
def test_too_few_pairs_and_all_tied_have_no_correlation(x, y, n):
    with warnings.catch_warnings(action="error"):
        spearman, kendall = stats.spearman(x, y), stats.kendall(x, y)
    assert np.isnan(spearman[:4]).all() and spearman[4] == n
    assert np.isnan(kendall[:2]).all() and kendall[2] == n


def test_a_perfect_order_has_a_value_and_no_limits():
    rho, low, high, p, _ = stats.spearman([1, 2, 3, 4, 5], [5, 4, 3, 2, 1])
    assert (rho, p) == (-1, 0) and np.isnan([low, high]).all()


def test_samples_that_do_not_pair_up_are_refused():
    with pytest.raises(ValueError, match="pair up"):
        stats.spearman([1, 2], [1, 2, 3])


def test_kendall_counts_pairs_of_pairs_and_takes_ties_out_of_both_sides():
    x, y = [1, 2, 2, 3, 4, 4], [1, 3, 2, 2, 5, 4]
    signs = [(np.sign(x[j] - x[i]), np.sign(y[j] - y[i])) for i, j in combinations(range(6), 2)]
    free_x, free_y = sum(a != 0 for a, _ in signs), sum(b != 0 for _, b in signs)
    assert stats.kendall(x, y)[0] == pytest.approx(sum(a * b for a, b in signs) / np.sqrt(free_x * free_y))


# Two survival curves


def random_group(random, size: int, mean: float) -> tuple[np.ndarray, np.ndarray]:
    return np.ceil(random.exponential(mean, size)), random.random(size) < 0.7  # whole days, so there are ties


def test_the_log_rank_test_agrees_with_statsmodels():
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    random = np.random.default_rng(6)
    for size1, size2 in [(5, 5), (40, 7), (120, 200)]:
        first, second = random_group(random, size1, 5), random_group(random, size2, 8)
        _, chi_square, p = stats.compare_survival(*first, *second)
        group = np.repeat([0, 1], [size1, size2])
        expected = survfunc.survdiff(*(np.concatenate(both) for both in zip(first, second, strict=True)), group)
        assert (chi_square, p) == pytest.approx(expected)


def test_the_log_rank_test_agrees_with_scipy():
    from scipy.stats import CensoredData, logrank

    random = np.random.default_rng(7)
    first, second = random_group(random, 30, 5), random_group(random, 40, 9)
    data = [CensoredData(uncensored=days[ended], right=days[~ended]) for days, ended in (first, second)]
    expected = logrank(*data)
    _, chi_square, p = stats.compare_survival(*first, *second)
    assert (chi_square, p) == pytest.approx((expected.statistic**2, expected.pvalue))


def test_the_ratio_is_ended_over_expected_of_both_groups():
    # time  running (1, 2)  ends (1, 2)  expected of 1
    #   1       2, 2           1, 0         1/2
    #   2       1, 2           1, 0         1/3
    #   3       0, 2           0, 1         0
    ratio, chi_square, p = stats.compare_survival([1, 2], [1, 1], [3, 4], [1, 0])
    assert ratio == pytest.approx((2 / (5 / 6)) / (1 / (13 / 6)))
    assert chi_square == pytest.approx((2 - 5 / 6) ** 2 / (1 / 4 + 2 / 9))
    turned = stats.compare_survival([3, 4], [1, 0], [1, 2], [1, 1])
    assert turned == pytest.approx((1 / ratio, chi_square, p))


def test_equal_curves_differ_by_chance_as_often_as_p_says():
    random = np.random.default_rng(8)
    p_values = [
        stats.compare_survival(*random_group(random, 40, 6), *random_group(random, 60, 6))[2] for _ in range(600)
    ]
    assert 0.03 <= np.mean(np.array(p_values) < 0.05) <= 0.075


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(([], []), ([], []), id="none"),
        pytest.param(([1, 2], [1, 1]), ([], []), id="one group empty"),
        pytest.param(([NAN], [1]), ([1, 2], [1, 1]), id="no known duration"),
        pytest.param(([1, 2], [0, 0]), ([1, 3], [0, 0]), id="nothing ended"),
        pytest.param(([5, 5], [1, 1]), ([5, 5], [1, 1]), id="all ended at once"),
    ],
)
def test_curves_that_cannot_tell_have_no_p(first, second):
    with warnings.catch_warnings(action="error"):
        _, chi_square, p = stats.compare_survival(*first, *second)
    assert np.isnan([chi_square, p]).all()


def test_a_group_where_nothing_ended_has_a_p_and_a_ratio_of_nought_or_none():
    assert stats.compare_survival([4, 4, 4], [0, 0, 0], [1, 2, 3], [1, 1, 1])[0] == 0
    ratio, _, p = stats.compare_survival([1, 2, 3], [1, 1, 1], [4, 4, 4], [0, 0, 0])
    assert np.isnan(ratio) and p < 0.05
