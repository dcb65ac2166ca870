"""Charts of individual values: limits worked by hand, signals by rule, limits that start afresh at a dated change."""

from __future__ import annotations

from datetime import date

import pytest
from small_report import context, figure, plain, texts

from auditkit.clocks.period import parse_period
from auditkit.exhibits.changes import usual_range
from auditkit.exhibits.patterns import patterns
from auditkit.known_changes import Change, rebased_at

MONTHS = [one.label for one in parse_period("2026-05").history(13)]  # May 2025 to May 2026
HOUR = 3600


def history(values: list[float], measure: str = "first_response_time", unit: float = HOUR) -> list[dict]:
    """A figure for each of the last months, in hours; the limits of each lie a tenth to either side."""
    labels = MONTHS[-len(values) :]
    return [
        figure(measure, label, value * unit, low=0.9 * value * unit, high=1.1 * value * unit)
        for label, value in zip(labels, values, strict=True)
    ]


def by_id(exhibits) -> dict:
    return {exhibit.id: exhibit for exhibit in exhibits}


# Mean 5, moving ranges all 2: limits 5 ± 5.32 of the twelve months that go up and down by two.
STEADY = [4, 6, 4, 6, 4, 6, 4, 6, 4, 6, 4, 6]


def test_the_limits_are_those_of_the_moving_ranges_and_a_month_within_them_is_no_signal():
    exhibit = by_id(patterns(context(*history([*STEADY, 4]))))["patterns-first-response-time"]
    shown = exhibit.as_json()
    # mean (12 x 5 + 4) / 13 = 4.92 h; every moving range is 2 h: 4.92 ± 5.32, the lower cut at nothing
    assert (
        plain(shown["title"])
        == "First response time, median: 4 h 00 min in May 2026; within the usual range of 0 s to 10 h"
    )
    last = [plain(cell) for cell in shown["table"]["rows"][-1]]
    assert last == ["May 2026", "4 h 00 min", "0 s", "5 h", "10 h", "–"]
    assert "Mean ± 2.66" in plain(shown["note"]) or "mean ± 2.66" in plain(shown["note"])


def test_a_month_outside_the_limits_is_a_signal_in_the_title_and_the_table():
    shown = by_id(patterns(context(*history([*STEADY, 12]))))["patterns-first-response-time"].as_json()
    # mean 72 / 13 = 5.54 h, moving ranges 2 but the last 6: 5.54 ± 2.66 x 28 / 12, up to 11.7 h
    assert "outside the limits" in shown["table"]["rows"][-1][-1]
    assert "above the usual range of" in plain(shown["title"])
    assert shown["svg"].count("#c4570a") == 1  # one point in the warning colour


TRIAGE = Change(date(2026, 2, 1), "Triage each morning", "first_response_time_business", "down", "Half the waiting")


def test_limits_start_afresh_at_a_change_that_concerns_the_measure_and_its_twin_alone():
    months = [parse_period(label) for label in MONTHS]
    assert rebased_at([TRIAGE], "first_response_time", months) == [9]  # February 2026 is the tenth of thirteen
    assert rebased_at([TRIAGE], "csat", months) == []
    assert rebased_at([Change(date(2026, 2, 2), "New rota")], "csat", months) == [10]  # the first whole month after it
    assert rebased_at([Change(date(2025, 3, 1), "Before all that is known")], "csat", months) == []
    assert rebased_at([Change(date(2026, 5, 9), "Within the last month")], "csat", months) == []


def test_what_is_usual_is_of_the_time_since_the_change():
    values = [20, 21, 20, 21, 20, 4, 6, 4, 6, 4, 6, 4, 6]  # the change is before the sixth month, October 2025
    change = Change(date(2025, 10, 1), "Twice the people", "first_response_time")
    found = usual_range(context(*history(values), changes=(change,)), "first_response_time", "median")
    # mean 5, moving ranges 2: 5 ± 5.32 hours; all thirteen together would reach beyond 20 hours
    assert (found.mean / HOUR, found.high / HOUR, found.periods) == (pytest.approx(5), pytest.approx(10.32), 8)
    assert usual_range(context(*history(values), changes=(TRIAGE,)), "first_response_time", "median") is None


def test_so_soon_after_a_change_nothing_is_usual_and_the_change_stands_in_the_chart():
    made = context(*history([*STEADY[:9], 2, 3, 2, 3]), changes=(TRIAGE,))
    shown = by_id(patterns(made))["patterns-first-response-time"].as_json()
    assert "too soon after “Triage each morning” to say what is usual" in plain(shown["title"])
    assert "Triage each morning" in shown["svg"]
    assert "start afresh" in shown["note"]


BEFORE = [20, 21, 20, 21, 20, 21, 20, 21, 20]


@pytest.mark.parametrize(
    ("before", "after", "direction", "seen", "tone"),
    [
        # before: mean 20.44 h, moving ranges 1: 17.8 to 23.1 h
        (BEFORE, [5, 5, 5, 5], "down", "4 of 4 periods outside the range of before", "good"),
        (BEFORE, [5, 5, 5, 5], "up", "4 of 4 periods outside the range of before", "bad"),
        (BEFORE, [20, 21, 22, 20], "down", "within the range of before", "neutral"),
        (BEFORE, [5, 20, 20, 20], "", "1 of 4 periods outside the range of before", "neutral"),
    ],
)  # fmt: skip
def test_a_change_is_held_against_the_range_of_before(before, after, direction, seen, tone):
    change = Change(date(2026, 2, 1), "Triage", "first_response_time", direction)
    shown = by_id(patterns(context(*history(before + after), changes=(change,))))["patterns-changes"].as_json()
    (row,) = shown["rows"]
    assert (plain(row[-1]["text"]), row[-1]["tone"]) == (seen, tone)
    assert plain(row[1]) == "1 February 2026"
    good = plain(shown["title"]).startswith("1 of 1 dated change was followed by the movement")
    assert good == (tone == "good")


def test_a_change_after_too_few_periods_cannot_be_told():
    change = Change(date(2025, 8, 1), "Triage", "first_response_time", "down")
    shown = by_id(patterns(context(*history([20, 21, 20, *[5] * 10]), changes=(change,))))["patterns-changes"].as_json()
    assert plain(shown["rows"][0][-1]["text"]) == "cannot be told: too few periods"


def test_too_few_periods_say_so_in_place_of_charts():
    (exhibit,) = patterns(context(*history([4, 6, 4])))
    assert exhibit.kind == "prose" and "Too few periods to see a pattern" in texts(exhibit)


def test_a_share_is_drawn_within_what_a_share_can_be():
    rows = history([0.97, 0.99, 0.97, 0.99, 0.97, 0.99, 0.97, 0.99], "csat", unit=1)
    shown = by_id(patterns(context(*rows)))["patterns-csat"].as_json()
    assert max(float(plain(row[4]).rstrip(" %")) for row in shown["table"]["rows"]) <= 100
