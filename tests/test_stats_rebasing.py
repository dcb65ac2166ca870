"""A control chart starts afresh at a dated change, and holds what holds now in its single numbers."""

from __future__ import annotations

import numpy as np
import pytest

from auditkit import stats

NAN = np.nan
BEFORE = [10, 12, 11, 10, 12, 11, 10, 12, 11, 10, 12, 11]
AFTER = [20, 22, 21, 20, 22, 21, 20]


def same(one, other) -> bool:
    return np.array_equal(one, other, equal_nan=True)


def test_without_a_change_every_point_has_the_limits_of_the_whole():
    chart = stats.xmr(BEFORE)
    assert chart.segments.tolist() == [0] * 12
    for points, number in [(chart.means, chart.mean), (chart.lowers, chart.lower), (chart.uppers, chart.upper)]:
        assert points.tolist() == [number] * 12


def test_each_segment_has_the_limits_of_its_own_chart_and_the_last_is_what_holds():
    chart, before, after = stats.xmr(BEFORE + AFTER, rebase_at=[12]), stats.xmr(BEFORE), stats.xmr(AFTER)
    assert chart.segments.tolist() == [0] * 12 + [1] * 7
    assert chart.means.tolist() == [before.mean] * 12 + [after.mean] * 7
    assert chart.lowers.tolist() == [before.lower] * 12 + [after.lower] * 7
    assert chart.uppers.tolist() == [before.upper] * 12 + [after.upper] * 7
    assert (chart.mean, chart.lower, chart.upper, chart.moving_range) == (
        after.mean, after.lower, after.upper, after.moving_range,
    )  # fmt: skip
    assert (chart.trial, before.trial) == (True, False)  # seven points after the change
    assert chart.signals == before.signals + after.signals


def test_the_step_itself_is_no_signal_once_it_is_dated_and_a_new_one_is():
    assert any(stats.xmr(BEFORE + AFTER).signals)
    assert not any(stats.xmr(BEFORE + AFTER, rebase_at=[12]).signals)
    later = stats.xmr([*BEFORE, *AFTER, 11], rebase_at=[12])
    assert later.signals[-1] == ("outside",)  # 11 is usual before the change, not after it


def test_a_pattern_does_not_reach_across_a_change():
    rising = [1, 9, 1, 9, 2, 3, 4, 5, 6, 7, 8, 1, 9, 1, 9]
    assert "trend_of_7" in stats.xmr(rising).signals[7]
    assert all("trend_of_7" not in names for names in stats.xmr(rising, rebase_at=[7]).signals)


def test_changes_are_sorted_and_those_outside_the_series_change_nothing():
    values = BEFORE + AFTER + BEFORE
    expected = stats.xmr(values, rebase_at=[12, 19])
    found = stats.xmr(values, rebase_at=[19, 12, 12, 0, -3, len(values), 400])
    assert found == expected and same(found.uppers, expected.uppers)
    assert found.segments.tolist() == [0] * 12 + [1] * 7 + [2] * 12


def test_screening_is_done_within_each_segment():
    odd = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]
    chart = stats.xmr(odd + [30, 31] * 6, rebase_at=[18])
    assert [round(float(x), 2) for x in (chart.uppers[0], chart.lowers[0])] == [4.60, -0.72]
    assert not chart.screened and chart.moving_range == 1


@pytest.mark.parametrize(
    ("values", "mean"),
    [pytest.param([*BEFORE, 20], 20, id="one"), pytest.param([*BEFORE, NAN], NAN, id="a period without a value")],
)
def test_a_last_segment_with_fewer_than_two_values_has_no_limits(values, mean):
    chart = stats.xmr(values, rebase_at=[12])
    assert chart.mean == pytest.approx(mean, nan_ok=True)
    assert np.isnan([chart.lower, chart.upper, chart.lowers[-1]]).all()
    assert chart.trial and chart.signals[-1] == () and chart.uppers[0] == stats.xmr(BEFORE).upper


@pytest.mark.parametrize("rebase_at", [(), (0,), (3,)])
def test_no_value_at_all_makes_empty_arrays(rebase_at):
    chart = stats.xmr([], rebase_at=rebase_at)
    assert np.isnan(chart.mean) and chart.signals == ()
    assert chart.means.size == chart.lowers.size == chart.uppers.size == chart.segments.size == 0


def test_all_tied_after_a_change_signals_nothing():
    chart = stats.xmr([*BEFORE, *[0.1] * 12], rebase_at=[12])
    assert not any(chart.signals) and chart.upper == pytest.approx(0.1)
