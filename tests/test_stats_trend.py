"""The median slope and its projection: as SciPy counts them, right as often as they say, and silent on too little."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import theilslopes

from auditkit.stats import projected, theil_sen

NAN = np.nan


@pytest.mark.parametrize(
    "values",
    [
        [3.1, 2.9, 4.0, 4.4, 4.1, 5.2, 6.0, 5.7],
        [1, 1, 2, 2, 3, 3, 2, 4, 4],  # ties
        [5.0, NAN, 4.2, NAN, NAN, 3.9, 3.0, 9.0, 2.0],  # gaps, and one odd value
    ],
)
def test_slope_and_limits_are_those_of_scipy(values):
    line = theil_sen(values)
    there = ~np.isnan(values)
    right = theilslopes(np.array(values)[there], np.flatnonzero(there), method="joint")
    assert (line.slope, line.intercept, line.low, line.high) == pytest.approx(tuple(right))


def test_one_odd_period_hardly_moves_the_line():
    calm = theil_sen([10, 11, 12, 13, 14, 15, 16, 17])
    odd = theil_sen([10, 11, 12, 90, 14, 15, 16, 17])
    assert calm.slope == odd.slope == 1 and odd.is_certain


def test_of_100_new_values_95_lie_within_the_limits():
    drawn = np.random.default_rng(7)
    held = []
    for _ in range(2000):
        values = 0.3 * np.arange(17) + drawn.standard_normal(17)
        _, low, high = projected(theil_sen(values[:10]), 16)
        held.append(low <= values[16] <= high)
    assert 0.93 < np.mean(held) < 0.97


def test_scatter_is_never_less_than_what_the_figures_leave_open():
    line = theil_sen([1, 2, 3, 4, 5, 6, 7, 8])  # no scatter at all
    _, low, high = projected(line, 8)
    _, wider, higher = projected(line, 8, least_scatter=0.5)
    assert low == high == 9 and wider < 8 and higher > 10


def test_two_values_make_no_line():
    line = theil_sen([1, NAN, 2])
    assert np.isnan([line.slope, line.low, line.scatter]).all() and not line.is_certain
    assert np.isnan(projected(line, [3, 4])[1]).all()
