"""Erlang C gives the published figures, the exact sum in fractions, and what a queue really does."""

from __future__ import annotations

import doctest
import heapq
from fractions import Fraction
from math import factorial

import numpy as np
import pytest

from auditkit import stats
from auditkit.stats import erlang

NAN = np.nan


def test_the_examples_in_the_docstrings_are_true():
    assert doctest.testmod(erlang).failed == 0


@pytest.mark.parametrize(
    ("load", "agents", "aht", "waiting", "level", "asa"),
    [
        pytest.param(10, 14, 180, 0.174132, 0.888350, 7.8359, id="10 erlang"),
        pytest.param(1000 * 120 / 3600, 40, 120, 0.190737, 0.937211, 3.4333, id="1000 calls an hour"),
    ],
)
def test_the_published_examples(load, agents, aht, waiting, level, asa):
    assert round(float(stats.erlang_c(load, agents)), 6) == waiting
    assert round(float(stats.erlang_service_level(load, agents, aht, 20)), 6) == level
    assert round(float(stats.erlang_asa(load, agents, aht)), 4) == asa


def exact_waiting(load: Fraction, agents: int) -> Fraction:
    """The definition, added up term by term without rounding."""
    busy = load**agents / factorial(agents) * agents / (agents - load)
    return busy / (sum(load**k / factorial(k) for k in range(agents)) + busy)


@pytest.mark.parametrize(
    ("load", "agents"),
    [(Fraction(1, 2), 1), (Fraction(10), 14), (Fraction(100, 3), 40), (Fraction(99), 100), (Fraction(200), 260)],
)
def test_the_recursion_is_the_exact_sum(load, agents):
    assert stats.erlang_c(float(load), agents) == pytest.approx(float(exact_waiting(load, agents)), rel=1e-12)


def test_large_loads_agree_with_the_poisson_distribution_of_scipy():
    from scipy.stats import poisson

    load, agents = 9950.0, 10_000
    blocking = np.exp(poisson.logpmf(agents, load) - poisson.logcdf(agents, load))
    expected = agents * blocking / (agents - load * (1 - blocking))
    assert stats.erlang_c(load, agents) == pytest.approx(expected, rel=1e-8)


def test_a_simulated_queue_waits_as_long_as_the_formula_says():
    random = np.random.default_rng(0)
    arrivals, handling = np.cumsum(random.exponential(18, 100_000)), random.exponential(180, 100_000)
    free, waits = [0.0] * 14, np.empty(100_000)
    for i, (arrived, seconds) in enumerate(zip(arrivals, handling, strict=True)):
        start = max(heapq.heappop(free), arrived)
        waits[i] = start - arrived
        heapq.heappush(free, start + seconds)
    case = stats.what_if(200, 180, 14)
    assert np.mean(waits > 0) == pytest.approx(case.waiting, abs=0.015)
    assert np.mean(waits <= 20) == pytest.approx(case.service_level, abs=0.015)
    assert waits.mean() == pytest.approx(case.asa_seconds, abs=1)


def test_agents_no_more_than_the_load_make_everybody_wait_without_end():
    for agents in (0, 9, 10, 10.9):  # a part of an agent answers no call
        case = stats.what_if(200, 180, agents)
        assert (case.waiting, case.service_level, case.asa_seconds) == (1, 0, np.inf)


def test_arrays_give_what_single_cases_give():
    loads, agents = [0.2, 10, 10, 40], [1, 14, 12, 41]
    alone = [stats.erlang_c(load, n) for load, n in zip(loads, agents, strict=True)]
    assert stats.erlang_c(loads, agents).tolist() == alone
    assert stats.erlang_c(10, np.array([[14], [15]])).shape == (2, 1)


def test_nobody_calling_needs_nobody_and_what_is_missing_says_nothing():
    needed = stats.erlang_required_agents([0, NAN, -1, 10, 10], [180, 180, 180, NAN, 0])
    np.testing.assert_array_equal(needed, [0, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(stats.erlang_c([0, NAN, -1, 5, 5], [3, 3, 3, NAN, -1]), [0, NAN, NAN, NAN, NAN])
    np.testing.assert_array_equal(stats.erlang_service_level(0, 3, [60, 0, NAN, 60], [20, 20, 20, -1]), [1] + [NAN] * 3)
    np.testing.assert_array_equal(stats.erlang_asa(0, [3, NAN], 60), [0, NAN])
    assert stats.erlang_required_agents([], []).size == 0 and stats.erlang_c([], []).size == 0


@pytest.mark.parametrize("calls", [1, 7, 60, 200, 1000, 5000])
@pytest.mark.parametrize("target", [0.5, 0.8, 0.99])
def test_the_agents_needed_reach_the_target_and_one_less_does_not(calls, target):
    needed = stats.erlang_required_agents(calls, 240, target, 15)
    load = calls * 240 / 3600
    assert stats.erlang_service_level(load, needed, 240, 15) >= target
    assert stats.erlang_service_level(load, needed - 1, 240, 15) < target


def test_the_highest_occupancy_can_ask_for_more_and_is_allowed_exactly():
    assert stats.erlang_required_agents(1000, 120) == 38
    assert stats.erlang_required_agents(1020, 120, max_occupancy=0.85) == 40  # 34 erlang are 85 % of 40 agents
    assert stats.erlang_required_agents(1021, 120, max_occupancy=0.85) == 41


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"service_level": 1}, "service_level"),
        ({"service_level": 80}, "service_level"),
        ({"threshold_seconds": -1}, "threshold_seconds"),
        ({"max_occupancy": 0}, "max_occupancy"),
        ({"max_occupancy": 85}, "max_occupancy"),
    ],
)
def test_a_target_that_cannot_be_is_refused(arguments, named):
    with pytest.raises(ValueError, match=named):
        stats.erlang_required_agents(100, 180, **arguments)


def test_a_what_if_carries_its_assumption():
    case = stats.what_if(1000, 120, [40, 30])
    assert "nobody hangs up" in case.assumptions
    np.testing.assert_allclose(case.load, 100 / 3)
    np.testing.assert_allclose(case.occupancy, [5 / 6, 1])
