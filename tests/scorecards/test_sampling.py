"""Samples: their size against published tables, their strata by hand, and the same tickets for the same seed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import samplesize_confint_proportion

from auditkit.scorecards.sampling import allocate, deal, draw, error_of, size_for


def tickets(count: int, agents: int = 3) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "ticket_id": [f"T{number:04d}" for number in range(count)],
            "agent": [f"agent {number % agents}" for number in range(count)],
            "channel": ["email" if number % 2 else "phone" for number in range(count)],
        }
    )


@pytest.mark.parametrize(
    ("population", "size"), [(100, 80), (500, 218), (1000, 278), (10_000, 370), (100_000, 383), (1_000_000, 385)]
)
def test_five_percent_needs_the_published_sizes(population, size):
    """Krejcie and Morgan (1970, table 1), which rounds to the nearest and uses a chi-square of 3.841."""
    assert size_for(0.05, population) == pytest.approx(size, abs=1)


def test_an_infinite_population_agrees_with_statsmodels():
    for error in (0.03, 0.05, 0.1):
        assert size_for(error, 10**12) == math.ceil(samplesize_confint_proportion(0.5, error))


@given(st.integers(2, 5000), st.floats(0.02, 0.4))
def test_the_size_gives_the_error_wanted_and_one_ticket_less_does_not(population, error):
    size = size_for(error, population)
    assert error_of(size, population) <= error + 1e-12
    assert size == 1 or error_of(size - 1, population) > error - 1e-12


@given(st.lists(st.integers(1, 300), min_size=1, max_size=12), st.integers(0, 500))
def test_strata_get_all_that_is_drawn_none_more_than_it_has_and_everyone_one(sizes, total):
    shares = allocate(sizes, total)
    assert sum(shares) == min(total, sum(sizes))
    assert all(0 <= share <= size for share, size in zip(shares, sizes, strict=True))
    assert total < len(sizes) or min(shares) >= 1


def test_the_order_of_rows_does_not_settle_what_is_drawn_and_the_seed_does():
    population = tickets(200)
    first = draw(population, size=40, seed=7, calibration=5).rows
    again = draw(population.sample(frac=1, random_state=3), size=40, seed=7, calibration=5).rows
    pd.testing.assert_frame_equal(first, again)
    assert set(first["ticket_id"]) != set(draw(population, size=40, seed=8, calibration=5).rows["ticket_id"])


def test_every_ticket_is_as_likely_as_another():
    """Of 30 tickets in one stratum 10 are drawn: over 3,000 seeds each is drawn 1,000 times, give or take chance."""
    hits = np.zeros(30)
    for seed in range(3000):
        rows = draw(tickets(30), size=10, seed=seed, by=()).rows
        hits[rows["ticket_id"].str[1:].astype(int)] += 1
    assert np.abs(hits - 1000).max() < 5 * math.sqrt(3000 / 3 * 2 / 3)


def test_every_reviewer_gets_the_calibration_tickets_and_nobody_anothers():
    sample = draw(tickets(200), size=41, seed=7, calibration=5)
    dealt = deal(sample, ["A", "B", "C"], seed=7)
    shared = set(sample.rows.loc[sample.rows["calibration"], "ticket_id"])
    own = [set(part["ticket_id"]) - shared for part in dealt.values()]
    assert len(shared) == 5 and all(shared <= set(part["ticket_id"]) for part in dealt.values())
    assert sorted(map(len, own)) == [12, 12, 12]
    assert set().union(*own) | shared == set(sample.rows["ticket_id"])


def test_missing_strata_are_a_stratum_of_their_own():
    population = tickets(20).assign(agent=[None] * 2 + ["Ann"] * 18)
    rows = draw(population, size=4, seed=1, by=("agent",)).rows
    assert rows["stratum"].value_counts().to_dict() == {"Ann": 3, "": 1}


def test_where_every_ticket_is_for_calibration_every_reviewer_gets_all():
    dealt = deal(draw(tickets(3), size=3, seed=7, calibration=3), ["A", "B"], seed=7)
    assert [len(part) for part in dealt.values()] == [3, 3]
