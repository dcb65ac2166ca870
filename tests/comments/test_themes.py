"""Themes: what recurs, and what is certain of them. The trend test against published and independent figures."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import Table

from auditkit.comments.themes import counts_by_reason, themes
from auditkit.stats import share_trend


@pytest.mark.parametrize(("met", "n"), [([10, 20, 30], [100, 100, 100]), ([5, 3, 9, 2], [40, 12, 77, 30])])
def test_the_trend_is_that_of_the_linear_by_linear_association(met, n):
    """Mantel's test has N - 1 where Cochran and Armitage have N."""
    table = np.array([met, np.subtract(n, met)])
    independent = Table(table, shift_zeros=False).test_ordinal_association(np.array([1, 0]), np.arange(len(met)))
    z, p = share_trend(met, n)
    total = sum(n)
    assert z == pytest.approx(independent.zscore * math.sqrt(total / (total - 1)))
    assert p == pytest.approx(math.erfc(abs(z) / math.sqrt(2)))


def test_a_published_trend():
    """Agresti, Categorical Data Analysis (3rd ed., table 5.3): malformation by alcohol, scores 0 to 4: z^2 = 1.83."""
    met, n = [48, 38, 5, 1, 1], [17114, 14502, 793, 127, 38]
    assert share_trend(met, n)[0] ** 2 == pytest.approx(1.83, abs=0.005)


@pytest.mark.parametrize(("met", "n"), [([], []), ([0, 0], [5, 5]), ([5, 5], [5, 5]), ([1, 0], [4, 0])])
def test_where_nothing_can_be_told_nothing_is(met, n):
    assert all(map(math.isnan, share_trend(met, n)))


def test_what_recurs_rises_and_stands_out():
    counts = {
        "delivery": ([2, 3, 5, 8, 12, 16], [100] * 6),
        "invoice": ([4, 4, 4, 4, 4, 4], [400] * 6),
        "account": ([0, 0, 0, 0, 0, 2], [50] * 6),
        "praise": ([0] * 6, [80] * 6),
    }
    delivery, invoice, account = themes(counts)
    assert (delivery.name, delivery.total, delivery.seen, delivery.recurs) == ("delivery", 46, 6, True)
    assert (delivery.above, delivery.trend) == (True, 1)
    assert (invoice.above, invoice.trend, invoice.recurs) == (False, 0, True)
    assert (account.above, account.trend, account.recurs) == (False, None, False)
    assert account.rates == [0, 0, 0, 0, 0, 0.04]


def test_contacts_without_a_reason_are_no_theme():
    figures = [
        ("late", "2026-04", 3, 10),
        ("", "2026-04", 9, 10),
        ("late", "2026-05", None, 20),
        ("late", "2020", 1, 1),
    ]
    assert counts_by_reason(figures, ["2026-04", "2026-05"]) == {"late": ([3, 0], [10, 20])}
