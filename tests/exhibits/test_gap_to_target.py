"""Gap to target: the figure less the target with its interval, and no word on a trend that does not carry it."""

from __future__ import annotations

from datetime import date

import pytest
from small_report import context, figure, plain, share, texts

from auditkit.clocks.period import parse_period
from auditkit.config import Target
from auditkit.exhibits.gap_to_target import gap_to_target, gaps_of
from auditkit.known_changes import Change

MONTHS = [one.label for one in parse_period("2026-05").history(13)]
YEAR_END = date(2026, 12, 31)


def csat(shares, n=400, months=MONTHS, **target):
    """A context in which csat takes these shares in the months that end in May 2026."""
    aim = Target(**({"at_least": 0.85, "by": YEAR_END} | target))
    rows = [share("csat", month, round(one * n), n) for month, one in zip(months[-len(shares) :], shares, strict=True)]
    return context(*rows, targets={"csat": aim})


def outlook(made):
    (gap,) = gaps_of(made)
    return gap.outlook


def test_the_gap_is_the_figure_less_the_target_with_the_interval_of_the_figure():
    table = gap_to_target(csat([0.75], n=400, by=None))[0].as_json()
    # Wilson for 300 of 400 is 70.5 % to 79.0 %
    assert [plain(cell if isinstance(cell, str) else cell["text"]) for cell in table["rows"][0]] == [
        "Customer satisfaction (CSAT)", "75.0 % (70.5–79.0 %)", "≥ 85 %", "−10.0 (−14.5 to −6.0) points",
    ]  # fmt: skip


def test_a_duration_is_held_against_its_target_in_its_own_unit():
    row = figure("first_response_time", "2026-05", 5400.0, low=4800.0, high=6600.0)
    made = context(row, targets={"first_response_time": Target(at_most="1h")})
    assert "+30 min (+20 min to +50 min)" in texts(gap_to_target(made)[0])


RISING = [0.60 + 0.02 * step for step in range(13)]
NOISE = [0.84, 0.87, 0.83, 0.86, 0.85, 0.88, 0.83, 0.86, 0.84, 0.87, 0.84, 0.86, 0.85]


@pytest.mark.parametrize(
    ("shares", "word", "reason"),
    [
        (RISING, "gets there", ""),
        ([0.30, 0.31, 0.29, 0.30, 0.32, 0.29, 0.31, 0.30, 0.29, 0.31, 0.30, 0.30, 0.31], "does not get there", ""),
        (NOISE, "cannot be told", "the trend cannot be told from none"),
        (RISING[:7], "cannot be told", "too few periods: 7 have a figure, a trend needs 8"),
        ([0.50] * 6 + [0.80] * 7, "cannot be told", "did not move along a line"),
        ([0.60, 0.61, 0.60, 0.62, 0.61, 0.60, 0.61, 0.62, 0.60, 0.61, 0.60, 0.61, 0.40], "cannot be told",
         "the last figure lies outside"),
        ([0.60, 0.61, 0.60, 0.62, 0.61, 0.60, 0.61, 0.40, 0.60, 0.61, 0.60, 0.61, 0.60], "cannot be told",
         "the same period a year before stood out"),
    ],
)  # fmt: skip
def test_whether_the_trend_gets_there_and_why_it_cannot_be_told(shares, word, reason):
    found = outlook(csat(shares))
    assert found.word == word and reason in plain(found.reason)


def test_the_projection_ends_with_the_last_whole_period_until_the_day():
    assert [one.label for one in outlook(csat(RISING, by=date(2026, 8, 30))).ahead] == ["2026-06", "2026-07"]
    assert outlook(csat(RISING, by=date(2026, 8, 31))).ahead[-1].label == "2026-08"


def test_a_day_that_has_passed_is_answered_by_the_figure_itself():
    late = share("csat", "2026-05", 300, 400, verdict="misses", verdict_reason="below")
    assert outlook(context(late, targets={"csat": Target(at_least=0.85, by=date(2026, 3, 1))})).word == (
        "target not reached"
    )


def test_nothing_is_projected_further_than_the_history_is_long():
    assert "further away" in outlook(csat(RISING, by=date(2030, 12, 31))).reason
    assert "further away" in outlook(csat(RISING, by=date(9999, 12, 31))).reason


def test_a_trend_begins_afresh_after_a_dated_change():
    made = csat(RISING)
    made.__dict__["changes"] = (Change(date(2026, 2, 1), "New rota", "csat"),)
    assert plain(outlook(made).reason) == "4 periods since “New rota”, a trend needs 8"


def test_what_cannot_be_judged_is_not_projected():
    rows = [share("csat", month, round(28 * one), 28) for month, one in zip(MONTHS, RISING, strict=True)]
    rows[-1] |= {"verdict": "cannot conclude", "verdict_reason": "too few: n = 28, a verdict needs 30"}
    made = context(*rows, targets={"csat": Target(at_least=0.85, by=YEAR_END)})
    assert outlook(made).reason.startswith("too few")


def test_no_projection_leaves_what_a_figure_can_be():
    falling = [4000, 3100, 2500, 2000, 1500, 1300, 1000, 800, 600, 500, 400, 300, 250]
    rows = [
        figure("first_response_time", month, float(value), low=value * 0.8, high=value * 1.25)
        for month, value in zip(MONTHS, falling, strict=True)
    ]
    made = context(*rows, targets={"first_response_time": Target(at_most="10m", by=YEAR_END)})
    found = outlook(made)
    assert found.word == "gets there" and min(found.low) > 0
    nearly = outlook(csat([0.93 + 0.004 * step for step in range(13)], n=500, at_least=0.9))
    assert max(nearly.high) < 1


def test_the_title_counts_and_a_chart_stands_for_each_trend_drawn_out():
    made = csat(RISING)
    table, chart = gap_to_target(made)
    assert plain(table.as_json()["title"]) == "1 target has a day: 1 is reached in time"
    shown = chart.as_json()
    assert shown["kind"] == "chart" and "gets there" in shown["title"]
    assert [row[0] for row in shown["table"]["rows"]][-1] == plain("December 2026").replace(" ", "\u00a0")


def test_without_targets_one_text_says_so():
    (only,) = gap_to_target(context(share("csat", "2026-05", 300, 400)))
    assert "audit.toml sets no target" in texts(only)
