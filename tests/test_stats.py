"""The statistics give the figures that their sources and two independent programs give, and NaN where there is none."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit import stats

MODULES = ["numeric", "intervals", "quantiles", "survival", "comparison", "control", "projection"]
NAN = np.nan


def close(found, expected, tolerance=1e-9):
    np.testing.assert_allclose(np.array(found, dtype=float), expected, rtol=tolerance, atol=tolerance)


def all_nan(*values) -> bool:
    return bool(np.all(np.isnan(np.concatenate([np.ravel(value) for value in values]))))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(f"auditkit.stats.{name}")).failed == 0


@pytest.mark.parametrize("name", [name for name in stats.__all__ if name not in ("XmR", "Trend")])
def test_every_statistic_names_its_source_and_shows_a_worked_number(name):
    text = getattr(stats, name).__doc__
    assert ">>>" in text and "Checked against" in " ".join(text.split())


def test_importing_the_statistics_does_not_import_scipy():
    code = "import sys, auditkit.stats; print([m for m in sys.modules if m.startswith(('scipy', 'pandas'))])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize("level", [0, 1, 95, -0.5, NAN])
def test_a_level_that_is_no_level_is_refused(level):
    with pytest.raises(ValueError, match="level must lie between 0 and 1"):
        stats.wilson(9, 10, level)


# Shares


@pytest.mark.parametrize(("met", "counted", "low", "high"), [(9, 10, 59.6, 98.2), (92, 100, 85.0, 95.9)])
def test_wilson_gives_the_published_limits(met, counted, low, high):
    assert [round(float(100 * limit), 1) for limit in stats.wilson(met, counted)] == [low, high]


@pytest.mark.parametrize("level", [0.8, 0.95, 0.998])
def test_wilson_agrees_with_scipy(level):
    from scipy.stats import binomtest

    for met, counted in [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (81080, 100000)]:
        expected = binomtest(met, counted).proportion_ci(level, method="wilson")
        close(stats.wilson(met, counted, level), expected)


def test_wilson_of_nothing_is_no_value_and_of_none_or_all_starts_exactly_at_the_end():
    low, high = stats.wilson([0, 0, 7, NAN, 5], [0, 7, 7, 3, 4])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False, False, True, True]
    assert low[1] == 0 and high[2] == 1
    assert high[1] == pytest.approx(1 - low[2])


@given(st.integers(0, 1000), st.integers(1, 1000))
def test_wilson_holds_the_share_and_mirrors(met, more):
    counted = met + more
    low, high = stats.wilson(met, counted)
    assert 0 <= low <= met / counted <= high <= 1
    close(stats.wilson(more, counted), (1 - high, 1 - low))


# Counts


def test_poisson_limits_agree_with_chi_square_and_statsmodels():
    rates = pytest.importorskip("statsmodels.stats.rates")
    for count in [1, 2, 10, 500, 24918]:
        close(stats.poisson_count(count), rates.confint_poisson(count, 1, method="exact-c"), 1e-8)


def test_no_event_has_a_high_limit_of_minus_log_alpha_half():
    close(stats.poisson_count(0), (0, -np.log(0.025)))
    assert all_nan(*stats.poisson_count([NAN, -1]))


def test_ratio_of_counts_agrees_with_the_score_limits_of_statsmodels():
    rates = pytest.importorskip("statsmodels.stats.rates")
    for a, b in [(60, 50), (3, 7), (1200, 1000)]:
        expected = rates.confint_poisson_2indep(a, 1, b, 1, method="score", compare="ratio")
        close(stats.poisson_ratio(a, b), expected, 1e-5)


def test_ratio_limits_are_the_roots_of_the_score_equation():
    z2 = 1.959963984540054**2
    for r in stats.poisson_ratio(60, 50):
        assert (60 - r * 50) ** 2 == pytest.approx(z2 * r * 110)


def test_a_ratio_over_nothing_has_no_high_limit_and_nothing_over_nothing_has_none_at_all():
    low, high = stats.poisson_ratio([5, 0, 0], [0, 5, 0])
    assert low[0] > 0 and low[1] == 0 and np.isnan(low[2])
    assert np.isnan(high).tolist() == [True, False, True]


def test_difference_of_counts_is_normal_and_silent_about_two_zeros():
    rates = pytest.importorskip("statsmodels.stats.rates")
    close(stats.count_difference(60, 40), (20 - 19.59964, 20 + 19.59964), 1e-6)
    close(stats.count_difference(60, 40), rates.confint_poisson_2indep(60, 1, 40, 1, method="wald", compare="diff"))
    assert all_nan(*stats.count_difference(0, 0))


# Means and net scores


def test_mean_agrees_with_scipy_even_far_from_zero():
    from scipy.stats import t

    values = 1e9 + np.array([0.1, 0.2, 0.4, 0.8, 1.6])
    expected = t.interval(0.95, 4, values.mean(), values.std(ddof=1) / np.sqrt(5))
    mean, low, high = stats.mean_t(5, values.mean(), values.var(ddof=1))
    assert mean == values.mean()
    close((low, high), expected, 1e-15)


def test_a_mean_of_none_one_or_equal_values_has_no_limits():
    mean, low, high = stats.mean_t([0, 1, 5, 5], [NAN, 3.0, 4.0, 4.0], [NAN, NAN, 0.0, 2.0])
    assert np.isnan(mean).tolist() == [True, False, False, False]
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, True, True, False]


@pytest.mark.parametrize(("scale", "half_points"), [(1, 14.7), (10, 4.6)])
def test_net_score_gives_the_published_half_width(scale, half_points):
    net, low, high = stats.net_score(50 * scale, 17 * scale, 100 * scale)
    assert net == pytest.approx(0.33)
    assert round(float(100 * (high - net)), 1) == round(float(100 * (net - low)), 1) == half_points


def test_net_score_is_the_mean_of_plus_one_zero_and_minus_one():
    answers = np.repeat([1, 0, -1], [80, 33, 17])
    half = 1.959963984540054 * answers.std() / np.sqrt(answers.size)
    close(stats.net_score(80, 17, 130), (answers.mean(), answers.mean() - half, answers.mean() + half))


def test_net_score_of_nothing_is_no_value_of_one_kind_has_no_limits_and_never_leaves_the_scale():
    net, low, high = stats.net_score([0, 5, 0, 0, 9], [0, 0, 5, 0, 0], [0, 5, 5, 5, 10])
    close(net, [NAN, 1, -1, 0, 0.9])
    assert np.isnan(low).tolist() == [True, True, True, True, False]
    assert high[4] == 1


# Quantiles


def brute_ranks(n: int, q: float, alpha_half: float) -> tuple[int | None, int | None]:
    """Ranks of the limits by adding up every binomial term."""
    from math import comb

    at_most = np.cumsum([comb(n, k) * q**k * (1 - q) ** (n - k) for k in range(n + 1)])
    low = [r for r in range(1, n + 1) if at_most[r - 1] <= alpha_half]
    high = [s for s in range(1, n + 1) if at_most[s - 1] >= 1 - alpha_half]
    return (max(low) if low else None), (min(high) if high else None)


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9, 0.95])
@pytest.mark.parametrize("level", [0.9, 0.95])
def test_quantile_limits_have_the_ranks_that_adding_up_the_binomial_gives(q, level):
    sizes = np.arange(0, 90)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    values = np.concatenate([np.arange(1, n + 1) for n in sizes])  # each value is its own rank
    _, low, high = stats.grouped_quantiles(values, starts, q, level)
    for n in sizes:
        expected = brute_ranks(n, q, (1 - level) / 2)
        assert (low[n], high[n]) == pytest.approx([NAN if rank is None else rank for rank in expected], nan_ok=True)


def test_quantile_limits_agree_with_scipy():
    from scipy.stats import quantile_test

    values = np.sort(np.random.default_rng(1).exponential(size=700))
    for q in [0.05, 0.5, 0.9]:
        _, low, high = stats.grouped_quantiles(values, [0, 700], q)
        close((low[0], high[0]), quantile_test(values, p=q).confidence_interval(0.95))


def test_quantile_limits_of_a_median_cover_it_at_least_95_times_in_100():
    samples = np.sort(np.random.default_rng(2).exponential(size=(4000, 25)), axis=1)
    _, low, high = stats.grouped_quantiles(samples.ravel(), np.arange(0, 100_001, 25), 0.5)
    assert 0.95 <= np.mean((low <= np.log(2)) & (np.log(2) <= high)) < 0.97


def test_limits_of_a_median_need_six_values():
    _, low, high = stats.grouped_quantiles([1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 6], [0, 5, 11], 0.5)
    close(low, [NAN, 1])
    close(high, [NAN, 6])


def test_quantiles_of_none_one_and_all_tied():
    value, low, high = stats.grouped_quantiles([7] + [3] * 9, [0, 0, 1, 10], 0.5)
    close(value, [NAN, 7, 3])
    close(low, [NAN, NAN, 3])
    close(high, [NAN, NAN, 3])
    assert [part.size for part in stats.grouped_quantiles([], [0], 0.5)] == [0, 0, 0]
    assert all_nan(*stats.grouped_quantiles([], [0, 0, 0], 0.9))


@settings(deadline=None)
@given(st.lists(st.lists(st.floats(-1e6, 1e6), max_size=30), min_size=1, max_size=5), st.floats(0, 1))
def test_grouped_quantiles_are_those_of_numpy_group_by_group(groups, q):
    starts = np.concatenate([[0], np.cumsum([len(group) for group in groups])])
    value, low, high = stats.grouped_quantiles(np.concatenate([np.sort(group) for group in groups]), starts, q)
    close(value, [np.quantile(group, q) if group else NAN for group in groups])
    assert np.all(~(low > high))


def test_quantiles_are_those_of_duckdb():
    import duckdb

    values = [1.0, 2.5, 2.5, 4.0, 10.0, 11.0, 30.0]
    query = "SELECT quantile_cont(v, [0.1, 0.5, 0.9]) FROM (SELECT unnest(?::DOUBLE[]) AS v)"
    expected = duckdb.connect().execute(query, [values]).fetchone()[0]
    close([stats.grouped_quantiles(values, [0, 7], q)[0][0] for q in (0.1, 0.5, 0.9)], expected)


# Survival

#  time  at risk  ended   S                    Greenwood's sum
#     1        6      1   5/6                  1/30
#     3        4      1   5/6 * 3/4 = 0.625    1/30 + 1/12
#     4        3      1   0.625 * 2/3 = 0.4167 1/30 + 1/12 + 1/6
#     6        1      1   0                    -
SIX_DAYS = [6, 4, 2, 1, 5, 3]
SIX_ENDED = [True, True, False, True, False, True]


def test_kaplan_meier_of_six_rows_is_as_worked_by_hand():
    time, survival, low, high, at_risk = stats.kaplan_meier_curve(SIX_DAYS, SIX_ENDED)
    assert time.tolist() == [1, 2, 3, 4, 5, 6]
    assert at_risk.tolist() == [6, 5, 4, 3, 2, 1]
    close(survival, [5 / 6, 5 / 6, 5 / 8, 5 / 12, 5 / 12, 0])
    close(low[[0, 3]], [0.2731, 0.0560], 1e-3)
    close(high[[0, 3]], [0.9747, 0.7665], 1e-3)
    assert np.isnan(low[5]) and np.isnan(high[5])


def test_the_median_of_six_rows_is_where_curve_and_band_cross_one_half():
    median, low, high, n, events = stats.kaplan_meier_median(SIX_DAYS, SIX_ENDED, [0, 6])
    assert (median[0], low[0], n[0], events[0]) == (4, 1, 6, 4)
    assert np.isnan(high[0])  # the upper band is 0.77 at day 4, and there is none where the curve is 0


def random_groups(seed: int, sizes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    ended, seen = random.exponential(10, starts[-1]), random.exponential(25, starts[-1])
    return np.ceil(np.minimum(ended, seen) * 4) / 4, ended <= seen, starts  # quarter days, so there are ties


def test_kaplan_meier_agrees_with_scipy():
    from scipy.stats import CensoredData, ecdf

    durations, observed, _ = random_groups(3, [200])
    time, survival, low, high, _ = stats.kaplan_meier_curve(durations, observed)
    expected = ecdf(CensoredData(uncensored=durations[observed], right=durations[~observed])).sf
    with warnings.catch_warnings(action="ignore"):  # it warns that there is no band where the curve is 1 or 0
        band = expected.confidence_interval(0.95, method="log-log")
    assert time.tolist() == expected.quantiles.tolist()
    close(survival, expected.probabilities)
    inside = (survival < 1) & (survival > 0)
    close(low[inside], band.low.probabilities[inside])
    close(high[inside], band.high.probabilities[inside])


def test_kaplan_meier_medians_agree_with_statsmodels():
    survfunc = pytest.importorskip("statsmodels.duration.survfunc")
    durations, observed, starts = random_groups(4, [40, 75, 111, 333])
    median, low, high, n, events = stats.kaplan_meier_median(durations, observed, starts)
    for i, (start, end) in enumerate(pairwise(starts)):
        curve = survfunc.SurvfuncRight(durations[start:end], observed[start:end])
        assert median[i] == curve.quantile(0.5)
        with np.errstate(divide="ignore", invalid="ignore"):
            assert (low[i], high[i]) == curve.quantile_ci(0.5)
        assert (n[i], events[i]) == (end - start, observed[start:end].sum())


def test_medians_of_groups_do_not_hang_on_each_other_or_on_row_order():
    durations, observed, starts = random_groups(5, [0, 1, 30, 0, 50])
    together = stats.kaplan_meier_median(durations, observed, starts)
    for i, (start, end) in enumerate(pairwise(starts)):
        shuffled = start + np.random.default_rng(i).permutation(end - start)
        alone = stats.kaplan_meier_median(durations[shuffled], observed[shuffled], [0, end - start])
        close([part[0] for part in alone], [part[i] for part in together])


@pytest.mark.parametrize(
    ("durations", "observed", "median", "n", "events"),
    [
        pytest.param([], [], NAN, 0, 0, id="none"),
        pytest.param([5], [True], 5, 1, 1, id="one"),
        pytest.param([5], [False], NAN, 1, 0, id="one open"),
        pytest.param([5, 5, 5], [True, True, True], 5, 3, 3, id="all tied"),
        pytest.param([1, 2, 3], [False, False, False], NAN, 3, 0, id="all open"),
        pytest.param([1, 2, 3, 4], [True, True, True, True], 2, 4, 4, id="exactly one half"),
        pytest.param([1, 1, 2], [False, True, True], 2, 3, 2, id="an end and a censoring at the same time"),
        pytest.param([1, NAN, 3], [True, True, True], 1, 2, 2, id="missing duration left out"),
    ],
)
def test_kaplan_meier_edges(durations, observed, median, n, events):
    found = stats.kaplan_meier_median(durations, observed, [0, len(durations)])
    assert (found[0][0], found[3][0], found[4][0]) == pytest.approx((median, n, events), nan_ok=True)


def test_the_median_of_many_rows_is_found_where_the_curve_is_exactly_one_half():
    days = np.arange(1.0, 100_001)
    assert stats.kaplan_meier_median(days, np.ones(days.size, bool), [0, days.size])[0][0] == 50_000


# Comparisons


def test_difference_of_shares_is_that_of_newcombe_1998():
    difference, low, high, _ = stats.compare_shares(56, 70, 48, 80)  # his table II, example (a), method 10
    assert [round(float(x), 4) for x in (difference, low, high)] == [0.2, 0.0524, 0.3339]


def test_difference_of_shares_agrees_with_statsmodels_and_scipy():
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    from scipy.stats import chi2_contingency

    for met1, n1, met2, n2 in [(56, 70, 48, 80), (9, 10, 3, 10), (5, 56, 0, 29), (10, 10, 0, 20)]:
        _, low, high, p = stats.compare_shares(met1, n1, met2, n2)
        close((low, high), proportion.confint_proportions_2indep(met1, n1, met2, n2, method="newcomb", compare="diff"))
        close(p, chi2_contingency([[met1, n1 - met1], [met2, n2 - met2]], correction=False).pvalue)


def test_shares_of_nothing_cannot_be_compared_and_none_against_none_is_no_change():
    difference, low, high, p = stats.compare_shares([0, 0, 5], [0, 10, 5], [5, 0, 8], [10, 12, 8])
    close(difference, [NAN, 0, 0])
    close(p, [NAN, 1, 1])
    assert low[1] < 0 < high[1]
    assert all_nan(low[0], high[0])


def test_difference_of_means_agrees_with_scipy():
    from scipy.stats import ttest_ind

    random = np.random.default_rng(6)
    one, two = random.normal(7, 2, 20), random.normal(5.5, 3, 30)
    found = stats.compare_means(20, one.mean(), one.var(ddof=1), 30, two.mean(), two.var(ddof=1))
    expected = ttest_ind(one, two, equal_var=False)
    close(found, (one.mean() - two.mean(), *expected.confidence_interval(0.95), expected.pvalue))


def test_means_without_spread_or_rows_have_no_limits():
    difference, low, high, p = stats.compare_means([0, 1, 5], [NAN, 3, 4], [NAN, NAN, 0], 5, 2, [1, 1, 0])
    close(difference, [NAN, 1, 2])
    assert all_nan(low, high, p)


def test_superiority_counts_the_pairs_and_p_is_exact_for_few():
    one, two = [3, 5, 9, NAN], [4, 1, 2, 0]
    pairs = [(x > y) + 0.5 * (x == y) for x in one[:3] for y in two]
    superiority, p = stats.compare_samples(one, two)
    assert superiority == pytest.approx(sum(pairs) / 12)
    assert p == pytest.approx(2 * 2 / 35)  # of the 35 ways to place three among seven, 2 give a U of 11 or 12


@pytest.mark.parametrize(
    ("n1", "n2", "values"), [(3, 7, None), (8, 2000, None), (9, 9, None), (40, 60, None), (5, 30, 12), (50, 80, 6)]
)
def test_the_rank_test_agrees_with_scipy(n1, n2, values):
    from scipy.stats import mannwhitneyu

    random = np.random.default_rng(n1)
    one, two = (random.normal(size=n) if values is None else random.integers(0, values, n) for n in (n1, n2))
    expected = mannwhitneyu(one, two)
    close(stats.compare_samples(one, two), (expected.statistic / (n1 * n2), expected.pvalue))


def test_samples_all_tied_do_not_differ_and_empty_ones_say_nothing():
    assert stats.compare_samples([1, 1, 1], [1, 1]) == (0.5, 1.0)
    assert all_nan(*stats.compare_samples([], [1, 2])) and all_nan(*stats.compare_samples([NAN], [1]))


def test_rates_have_the_limits_of_r_poisson_test():
    ratio, low, high, _ = stats.compare_counts(11, 6 + 8 + 7, 800, 1083 + 1050 + 878)  # the example in its help
    close((ratio, low, high), (1.971488, 0.8584264, 4.2772659), 1e-6)


@pytest.mark.parametrize(
    ("a", "b", "days1", "days2"), [(60, 40, 1, 1), (11, 21, 31, 30), (0, 6, 30, 31), (5, 0, 28, 31)]
)
def test_rates_agree_with_the_exact_binomial_test_of_scipy(a, b, days1, days2):
    from scipy.stats import binomtest

    _, low, high, p = stats.compare_counts(a, b, days1, days2)
    fair, exposure = days1 / (days1 + days2), days2 / days1
    tails = [binomtest(a, a + b, fair, alternative=side).pvalue for side in ("less", "greater")]
    limits = binomtest(a, a + b).proportion_ci(0.95, "exact")
    assert p == pytest.approx(min(1, 2 * min(tails)))
    assert low == pytest.approx(exposure * limits.low / (1 - limits.low))
    assert high == pytest.approx(exposure * limits.high / (1 - limits.high) if b else NAN, nan_ok=True)
    if days1 == days2:
        assert p == pytest.approx(binomtest(a, a + b).pvalue)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 31))
def test_limits_of_a_rate_and_its_p_value_tell_the_same(a, b, days):
    ratio, low, high, p = stats.compare_counts(a, b, days, 31)
    if a + b == 0:
        assert all_nan(ratio, low, high, p)
    else:
        assert (p < 0.05) == (low > 1 or high < 1)


def test_holm_agrees_with_statsmodels_and_leaves_missing_out():
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p_values = np.array([0.012, 0.8, 0.0004, 0.04, 0.04])
    close(stats.holm(p_values), multitest.multipletests(p_values, method="holm")[1])
    close(stats.holm([0.03, NAN, 0.02]), [0.04, NAN, 0.04])
    assert stats.holm([]).size == 0 and all_nan(stats.holm([NAN]))


# Control limits

ODD_MONTH = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


@pytest.mark.parametrize(("screen", "upper", "lower"), [(True, 4.60, -0.72), (False, 6.95, -3.06)])
def test_xmr_gives_the_published_limits(screen, upper, lower):
    chart = stats.xmr(ODD_MONTH, screen)
    assert [round(x, 2) for x in (chart.mean, chart.upper, chart.lower)] == [1.94, upper, lower]
    assert (chart.screened, chart.trial) == (screen, False)
    assert [i for i, names in enumerate(chart.signals) if names] == [4]


def points(chart, name: str) -> list[int]:
    return [i for i, names in enumerate(chart.signals) if name in names]


@pytest.mark.parametrize(("level", "expected"), [(7, list(range(7, 14))), (6, [])])
def test_seven_in_a_row_on_one_side_of_the_mean_are_a_run(level, expected):
    wobble = [4, 6, 4, 6, 4, 6, 4] + [6.1, 6] * 3 + ([6.1] if level == 7 else [4]) + [4, 4.1, 6, 4]
    assert points(stats.xmr(wobble), "run_of_7") == expected


@pytest.mark.parametrize(("rising", "expected"), [(7, list(range(3, 10))), (6, [])])
def test_seven_points_each_higher_than_the_last_are_a_trend(rising, expected):
    series = [5, 7, 5, *(4 + 0.5 * i for i in range(rising)), 5, 7, 5, 7]
    assert points(stats.xmr(series), "trend_of_7") == expected
    assert points(stats.xmr([-x for x in series]), "trend_of_7") == expected


def test_two_of_three_beyond_two_thirds_of_the_same_limit_are_a_signal():
    quiet = [0, 1, -1, 1, -1, 1, -1, 1, -1]  # with two fives: mean 0.5, upper limit 7.0, two thirds of the way 4.9
    assert points(stats.xmr([*quiet, 5, 1, 5, *quiet]), "two_of_three") == [9, 11]
    assert points(stats.xmr([*quiet, 5, 1, 0, 5, *quiet]), "two_of_three") == []
    assert points(stats.xmr([*quiet, 5, 0, -5, *quiet]), "two_of_three") == []


def test_fewer_than_twelve_points_give_trial_limits():
    assert [stats.xmr(ODD_MONTH[:n]).trial for n in (11, 12)] == [True, False]
    assert stats.xmr([*ODD_MONTH[:11], NAN]).trial


def test_a_constant_series_signals_nothing_in_spite_of_rounding():
    chart = stats.xmr([0.1] * 20)
    assert set(chart.signals) == {()}
    assert chart.upper == pytest.approx(0.1)


def test_one_jump_in_a_constant_series_is_the_only_point_outside():
    chart = stats.xmr([0] * 15 + [5] + [0] * 4)
    assert points(chart, "outside") == [15]


def test_a_missing_period_has_no_signal_and_ends_a_run():
    chart = stats.xmr([4, 6, 4, 6, 4, 6, 4, 6.1, 6, 6.1, NAN, 6, 6.1, 6, 6.1, 4, 4])
    assert points(chart, "run_of_7") == [] and chart.signals[10] == ()


@pytest.mark.parametrize("values", [[], [NAN], [3]])
def test_fewer_than_two_values_have_no_limits(values):
    chart = stats.xmr(values)
    assert all_nan(chart.lower, chart.upper, chart.moving_range) and chart.trial
    assert chart.signals == ((),) * len(values)
