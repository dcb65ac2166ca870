"""Benchmarks: a source and a date stand with each, and nothing is subtracted that does not count alike."""

from __future__ import annotations

from datetime import date

import pytest
from small_report import HOSTILE, context, figure, plain, share, texts

from auditkit.config import Benchmark
from auditkit.exhibits.benchmarks import benchmarks

OURS = share("csat", "2026-05", 300, 400)  # Wilson: 70.5 % to 79.0 %
THEIRS = {
    "measure": "csat", "variant": "default", "value": 0.80, "source": "Survey of the trade", "date": date(2025, 6, 1),
    "comparable": True,
}  # fmt: skip


def row(*rows, **entry) -> list[str]:
    (table,) = benchmarks(context(*(rows or (OURS,))), [Benchmark(**(THEIRS | entry))])
    return [plain(cell if isinstance(cell, str) else cell["text"]) for cell in table.as_json()["rows"][0]]


def test_what_counts_alike_is_compared_with_the_interval_of_ours():
    assert row() == [
        "Customer satisfaction (CSAT)", "75.0 % (70.5–79.0 %)", "80 %", "Survey of the trade, 1 June 2025",
        "−5.0 (−9.5 to −1.0) points",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"comparable": False, "reason": "they ask only friends"}, "not comparable: they ask only friends"),
        ({"unit": "points of 100", "value": 80}, "not comparable: the units differ (points of 100 and share)"),
        ({"measure": "fcr"}, "not comparable: we have no figure (it was not evaluated)"),
    ],
)
def test_what_does_not_count_alike_says_why(entry, said):
    assert row(**entry)[-1] == said


def test_a_variant_that_is_named_is_the_figure_that_is_compared():
    variant = share("service_level", "2026-05", 90, 100, variant="v2")
    made = context(share("service_level", "2026-05", 80, 100), variants=(variant,))
    entry = Benchmark(**(THEIRS | {"measure": "service_level", "variant": "v2", "value": 0.9}))
    cells = benchmarks(made, [entry])[0].as_json()["rows"][0]
    assert plain(cells[0]) == "Service level, variant v2" and cells[1].startswith("90") and cells[4].startswith("0")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.70, 0.80, "within their range"),
        (0.74, 0.78, "within their range, its interval reaches beyond"),
        (0.80, 0.90, "−5.0 (−9.5 to −1.0) points"),
    ],
)
def test_a_range_is_compared_with_its_nearer_end(low, high, said):
    assert row(value=None, low=low, high=high)[-1] == said


@pytest.mark.parametrize(("day", "old"), [(date(2024, 6, 1), False), (date(2024, 5, 31), True)])
def test_what_is_older_than_two_years_is_said_to_be(day, old):
    assert ("more than two years old" in row(date=day)[3]) is old


def test_durations_are_written_as_durations():
    ours = figure("first_response_time", "2026-05", 7200.0, low=6600.0, high=7800.0)
    cells = row(ours, measure="first_response_time", statistic="median", value="90m")
    assert cells[2] == "1 h 30 min" and cells[-1].startswith("+30 min")


def test_competitors_have_a_table_of_their_own():
    entries = [Benchmark(**THEIRS), Benchmark(**THEIRS, kind="competitor", name=HOSTILE)]
    first, second = benchmarks(context(OURS), entries)
    assert (first.id, second.id) == ("benchmarks", "competitors") and HOSTILE in texts(second)
