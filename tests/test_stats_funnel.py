"""The funnel has exact limits, is widened only by real spread, and flags as few ordinary groups as it promises."""

from __future__ import annotations

import doctest
import importlib
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import stats

NAN = np.nan


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(importlib.import_module("auditkit.stats.funnel")).failed == 0


@pytest.mark.parametrize("level", [0.95, 0.998])
@pytest.mark.parametrize(("n", "centre"), [(10, 0.9), (30, 0.6), (100, 0.9), (400, 0.05), (2000, 0.7)])
def test_exactly_added_up_no_tail_beyond_a_limit_is_above_its_chance(n, centre, level):
    from scipy.stats import binom

    low, high = stats.funnel_limits(n, centre, level)
    counts = np.arange(n + 1)
    chances = binom.pmf(counts, n, centre)
    assert chances[counts / n < low - 1e-12].sum() <= (1 - level) / 2
    assert chances[counts / n > high + 1e-12].sum() <= (1 - level) / 2


@pytest.mark.parametrize(("n", "centre"), [(20, 0.9), (200, 0.9), (1000, 0.3), (37, 0.5)])
def test_the_low_limit_is_spiegelhalters_interpolated_one(n, centre):
    from scipy.stats import binom

    rank = binom.ppf(0.025, n, centre)
    over = (binom.cdf(rank, n, centre) - 0.025) / binom.pmf(rank, n, centre)
    assert stats.funnel_limits(n, centre)[0] == pytest.approx((rank - over) / n)


@settings(deadline=None)
@given(st.integers(1, 3000), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.998]))
def test_limits_hold_the_centre_stay_shares_and_mirror(n, centre, level):
    low, high = stats.funnel_limits(n, centre, level)
    assert 0 <= low <= centre + 1e-9 and centre - 1e-9 <= high <= 1
    mirrored_low, mirrored_high = stats.funnel_limits(n, 1 - centre, level)
    assert (mirrored_low, mirrored_high) == pytest.approx((1 - high, 1 - low), abs=1e-7)


def test_simulated_shares_lie_inside_at_least_as_often_as_promised():
    sizes = np.repeat([25, 100, 400], 20_000)
    shares = np.random.default_rng(1).binomial(sizes, 0.8) / sizes
    for level, most in [(0.95, 0.985), (0.998, 0.9999)]:
        low, high = stats.funnel_limits(sizes, 0.8, level)
        inside = ((shares >= low) & (shares <= high)).reshape(3, -1).mean(axis=1)
        assert np.all(inside >= level - 0.003) and np.all(inside <= most)


def test_one_group_far_below_the_others_is_flagged_at_both_levels_and_a_small_one_is_not():
    result = stats.funnel([80, 82, 79, 84, 76, 85, 81, 77, 62, 6], [100] * 9 + [10])
    assert result.centre == pytest.approx(712 / 910)
    assert result.outside95 == result.outside998 == (None,) * 8 + ("below", None)
    assert result.model == "none"
    turned = stats.funnel([20, 18, 21, 16, 24, 15, 19, 23, 38, 4], [100] * 9 + [10])
    assert turned.outside95 == (None,) * 8 + ("above", None)


def winsorised(z: list[float]) -> np.ndarray:
    """The lowest and the highest of eleven pulled in to their neighbours: exactly the 10th and 90th percentile."""
    z = sorted(z)
    return np.array([z[1], *z[1:-1], z[-2]])


SPREAD = [50, 90, 60, 85, 70, 95, 75, 65, 80, 55, 45]


def test_phi_is_the_mean_squared_z_score_pulled_in_at_both_ends():
    result = stats.funnel(SPREAD, [100] * 11)
    centre = sum(SPREAD) / 1100
    z = winsorised([(met / 100 - centre) / np.sqrt(centre * (1 - centre) / 100) for met in SPREAD])
    assert result.phi == pytest.approx(np.mean(z**2))
    assert result.model == "additive"


def test_tau_is_that_of_dersimonian_and_laird_in_statsmodels():
    meta = pytest.importorskip("statsmodels.stats.meta_analysis")
    # All shares 0.6 or 0.8, so that pulling in at the ends changes nothing and the plain method must agree.
    counted = np.array([50, 100, 100, 150, 200, 50, 100, 100, 150, 200])
    result = stats.funnel(counted * np.repeat([0.6, 0.8], 5), counted, model="additive")
    assert result.centre == pytest.approx(0.7)
    z = (np.repeat([0.6, 0.8], 5) - 0.7) / np.sqrt(0.21 / counted)
    pulled_in = np.clip(z, *np.quantile(z, [0.1, 0.9]))
    variances = 0.21 / counted
    expected = meta.combine_effects(0.7 + pulled_in * np.sqrt(variances), variances, method_re="dl")
    assert result.tau**2 == pytest.approx(expected.tau2, rel=0.02)  # it centres on the weighted mean after pulling in


@pytest.mark.parametrize("model", ["additive", "multiplicative"])
def test_spread_beyond_chance_widens_the_limits_by_the_factor_of_the_model(model):
    plain, widened = stats.funnel(SPREAD, [100] * 11, "none"), stats.funnel(SPREAD, [100] * 11, model)
    variance = plain.centre * (1 - plain.centre) / 100
    factor = np.sqrt(1 + widened.tau**2 / variance) if model == "additive" else np.sqrt(widened.phi)
    np.testing.assert_allclose(plain.centre - widened.low95, factor * (plain.centre - plain.low95))
    assert (plain.model, widened.model) == ("none", model)
    assert sum(flag is not None for flag in plain.outside95) > 5 and set(widened.outside95) == {None}


def test_ordinary_groups_are_seldom_flagged_and_seldom_widened():
    random = np.random.default_rng(2)
    results = [stats.funnel(random.binomial(n, 0.8), n) for n in random.integers(20, 400, (400, 30))]
    outside = np.mean([[flag is not None for flag in result.outside95] for result in results])
    assert 0.025 < outside < 0.05
    assert np.mean([result.model != "none" for result in results]) < 0.02


def test_groups_that_truly_differ_are_widened_and_mostly_inside_again():
    random = np.random.default_rng(3)
    plain, widened = [], []
    for n in random.integers(20, 400, (200, 30)):
        met = random.binomial(n, np.clip(random.normal(0.8, 0.1, 30), 0, 1))
        plain += stats.funnel(met, n, "none").outside95
        widened += stats.funnel(met, n).outside95
    assert np.mean([flag is not None for flag in plain]) > 0.4
    assert np.mean([flag is not None for flag in widened]) < 0.12


@pytest.mark.parametrize("model", ["additive", "multiplicative", "none"])
def test_edges_none_one_nothing_counted_all_met_none_met(model):
    with warnings.catch_warnings(action="error"):
        empty = stats.funnel([], [], model)
        one = stats.funnel([3], [4], model)
        part = stats.funnel([0, 3, NAN, 9, 5], [0, 4, 4, 8, -1], model)
        every = stats.funnel([4, 40, 400], [4, 40, 400], model)
        none = stats.funnel([0, 0], [40, 400], model)
    assert np.isnan(empty.centre) and empty.outside95 == () and empty.low95.size == 0
    assert one.centre == 0.75 and np.isnan(one.phi) and one.outside95 == (None,)
    assert part.centre == 0.75 and part.outside998 == (None,) * 5
    assert np.isnan(part.low95).tolist() == np.isnan(part.shares).tolist() == [True, False, True, True, True]
    assert every.centre == 1 and every.high95.tolist() == [1, 1, 1] and every.outside95 == (None,) * 3
    assert none.centre == 0 and none.low998.tolist() == [0, 0] and none.outside95 == (None,) * 2


@pytest.mark.parametrize("model", ["additive", "multiplicative", "none"])
def test_the_curves_go_through_the_limits_of_the_groups(model):
    result = stats.funnel(SPREAD, [100] * 10 + [300], model)
    for level, low, high in [(0.95, result.low95, result.high95), (0.998, result.low998, result.high998)]:
        curve_low, curve_high = result.limits_at([100, 300], level)
        assert (low[0], low[10], high[0], high[10]) == (*curve_low, *curve_high)


def test_an_unknown_model_is_refused():
    with pytest.raises(ValueError, match="model must be one of"):
        stats.funnel([1], [2], "random")
