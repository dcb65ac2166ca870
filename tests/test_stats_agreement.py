"""Agreement gives Krippendorff's published figures, another program's, and nothing where there is nothing to say."""

from __future__ import annotations

import doctest
import importlib
import warnings

import numpy as np
import pytest

from auditkit import stats

NAN = np.nan
# Krippendorff 2011, "Computing Krippendorff's alpha-reliability": sections A, B and C.
BINARY = [[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]
FIVE_NAMES = [[0, 0, 1, 1, 3, 2, 2, 2, 4, 3, 3, 0], [1, 0, 1, 1, 1, 2, 2, 2, 4, 3, 3, 3]]
FOUR_CODERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NAN, NAN, NAN],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NAN, 3],
    [NAN, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NAN],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NAN],
]


def random_ratings(seed: int) -> np.ndarray:
    """Two to four reviewers, the second often copying the first, three in ten scores missing."""
    random = np.random.default_rng(seed)
    ratings = random.integers(1, 6, (random.integers(2, 5), random.integers(8, 30))).astype(float)
    ratings[1] = np.where(random.random(ratings.shape[1]) < 0.6, ratings[0], ratings[1])
    ratings[random.random(ratings.shape) < 0.3] = NAN
    return ratings


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(importlib.import_module("auditkit.stats.agreement")).failed == 0


@pytest.mark.parametrize(
    ("ratings", "metric", "published"),
    [
        pytest.param(BINARY, "nominal", 0.095, id="binary, two coders"),
        pytest.param(FIVE_NAMES, "nominal", 0.692, id="nominal, two coders"),
        pytest.param(FOUR_CODERS, "nominal", 0.743, id="nominal, four coders, missing"),
        pytest.param(FOUR_CODERS, "ordinal", 0.815, id="ordinal, four coders, missing"),
        pytest.param(FOUR_CODERS, "interval", 0.849, id="interval, four coders, missing"),
    ],
)
def test_alpha_is_the_published_one(ratings, metric, published):
    assert round(stats.krippendorff_alpha(ratings, metric)[0], 3) == published


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval"])
def test_alpha_agrees_with_the_program_of_castro(metric):
    program = pytest.importorskip("krippendorff", reason="the package krippendorff is not installed")
    for seed in range(50):
        ratings = random_ratings(seed)
        expected = program.alpha(reliability_data=ratings, level_of_measurement=metric)
        assert stats.krippendorff_alpha(ratings, metric)[0] == pytest.approx(expected)


DISTANCES = {"nominal": lambda a, b: float(a != b), "interval": lambda a, b: (a - b) ** 2}


@pytest.mark.parametrize("metric", ["nominal", "interval"])
def test_alpha_is_one_less_the_observed_over_the_expected_disagreement_of_all_pairs(metric):
    distance = DISTANCES[metric]
    for seed in range(10):
        ratings = random_ratings(seed)
        units = [column[~np.isnan(column)] for column in ratings.T]
        units = [unit for unit in units if unit.size >= 2]
        pooled = np.concatenate(units)
        observed = sum(sum(distance(a, b) for a in unit for b in unit) / (unit.size - 1) for unit in units)
        expected = sum(distance(a, b) for a in pooled for b in pooled) / (pooled.size - 1)
        assert stats.krippendorff_alpha(ratings, metric)[0] == pytest.approx(1 - observed / expected)


@pytest.mark.parametrize("metric", ["nominal", "ordinal", "interval"])
def test_the_limits_are_those_of_leaving_out_one_unit_after_another(metric):
    from scipy.stats import t

    ratings = random_ratings(1)
    ratings = ratings[:, (~np.isnan(ratings)).sum(axis=0) >= 2]
    n = ratings.shape[1]
    without = np.array([stats.krippendorff_alpha(np.delete(ratings, i, axis=1), metric)[0] for i in range(n)])
    alpha, low, high, units = stats.krippendorff_alpha(ratings, metric)
    half = t.ppf(0.975, n - 1) * np.sqrt((n - 1) ** 2 / n * without.var(ddof=1))
    assert (low, high, units) == pytest.approx((max(alpha - half, -1), min(alpha + half, 1), n))


def test_the_limits_hold_the_true_alpha_about_95_times_in_100():
    random = np.random.default_rng(4)
    hits = []
    for _ in range(300):  # each reviewer knows the truth half of the time and guesses among two otherwise
        true, guess = random.integers(0, 2, 60), random.integers(0, 2, (2, 60))
        ratings = np.where(random.random((2, 60)) < 0.5, true, guess)
        _, low, high, _ = stats.krippendorff_alpha(ratings)
        hits.append(low <= 0.25 <= high)  # both know it in 1/4 of the units; the rest agree by chance alone
    assert 0.91 <= np.mean(hits) <= 0.985


def test_order_of_reviewers_and_units_and_units_scored_once_change_nothing():
    ratings = np.array(FOUR_CODERS)
    random = np.random.default_rng(5)
    shuffled = ratings[random.permutation(4)][:, random.permutation(12)]
    once = np.column_stack([ratings, [NAN, 9, NAN, NAN], [NAN] * 4])
    for metric in ("nominal", "ordinal", "interval"):
        expected = stats.krippendorff_alpha(ratings, metric)
        assert stats.krippendorff_alpha(shuffled, metric) == pytest.approx(expected)
        assert stats.krippendorff_alpha(once, metric) == pytest.approx(expected)
    assert expected[3] == 11  # the twelfth unit has one score


@pytest.mark.parametrize(
    ("ratings", "alpha", "has_limits", "units"),
    [
        pytest.param(np.empty((0, 0)), NAN, False, 0, id="nobody"),
        pytest.param(np.empty((2, 0)), NAN, False, 0, id="no unit"),
        pytest.param([[1, 2, 3]], NAN, False, 0, id="one reviewer"),
        pytest.param([[1, NAN], [NAN, 2]], NAN, False, 0, id="no unit shared"),
        pytest.param([[3, 3, 3], [3, 3, 3]], NAN, False, 3, id="nothing varies"),
        pytest.param([[1, 2], [1, 2]], 1, False, 2, id="two units"),
        pytest.param([[1, 2, 1, 2], [1, 2, 1, 2]], 1, False, 4, id="full agreement"),
        pytest.param([[1, 2, 1, 2], [2, 1, 2, 1]], -0.75, False, 4, id="full disagreement"),
        pytest.param([[1, 1, 1, 2], [1, 1, 1, 2]], 1, False, 4, id="one unit holds all that varies"),
    ],
)
def test_alpha_edges(ratings, alpha, has_limits, units):
    with warnings.catch_warnings(action="error"):
        for metric in ("nominal", "ordinal", "interval"):
            found = stats.krippendorff_alpha(ratings, metric)
            assert (found[0], found[3]) == pytest.approx((alpha, units), nan_ok=True)
            assert np.isnan(found[1:3]).all() != has_limits


def test_an_unknown_metric_and_a_list_in_place_of_a_matrix_are_refused():
    with pytest.raises(ValueError, match="metric must be one of"):
        stats.krippendorff_alpha(BINARY, "ratio")
    with pytest.raises(ValueError, match="reviewers by units"):
        stats.exact_agreement([1, 2, 3])


def test_exact_agreement_counts_the_units_on_which_all_agree():
    share, low, high, met, counted = stats.exact_agreement(
        FOUR_CODERS
    )  # all but units 2, 6 and 8; unit 12 has one score
    assert (met, counted) == (8, 11)
    assert share == 8 / 11
    assert (low, high) == tuple(stats.wilson(8, 11))


def test_exact_agreement_of_no_shared_unit_is_no_value():
    share, low, high, met, counted = stats.exact_agreement([[1, NAN], [NAN, 1]])
    assert np.isnan([share, low, high]).all() and (met, counted) == (0, 0)


def test_bias_is_the_mean_difference_from_the_others_with_t_limits():
    from scipy.stats import ttest_1samp

    ratings = np.array(FOUR_CODERS)
    bias, low, high, units = stats.reviewer_bias(ratings)
    for i in range(4):
        others = np.delete(ratings, i, axis=0)[:, :11]  # the twelfth unit has one score
        difference = ratings[i, :11] - np.nanmean(others, axis=0)
        difference = difference[~np.isnan(difference)]
        limits = ttest_1samp(difference, 0).confidence_interval(0.95)
        assert (bias[i], low[i], high[i], units[i]) == pytest.approx((difference.mean(), *limits, difference.size))


def test_bias_of_two_reviewers_is_one_number_with_two_signs():
    bias, low, high, units = stats.reviewer_bias([[4, 5, 3], [3, 3, 3]])
    assert bias.tolist() == [1, -1] and units.tolist() == [3, 3]
    np.testing.assert_allclose(low, -high[::-1])


def test_bias_of_nobody_of_one_alone_of_one_unit_and_of_equal_differences():
    with warnings.catch_warnings(action="error"):
        bias, low, high, units = stats.reviewer_bias([[4, 5, NAN, NAN], [3, 4, NAN, NAN], [NAN, NAN, 1, NAN]])
        assert stats.reviewer_bias(np.empty((0, 0)))[0].size == 0
        one = stats.reviewer_bias([[4, NAN], [3.5, 2]])
    np.testing.assert_array_equal(bias, [1, -1, NAN])
    assert np.isnan([low, high]).all() and units.tolist() == [2, 2, 0]
    assert one[0].tolist() == [0.5, -0.5] and np.isnan(one[1]).all()
