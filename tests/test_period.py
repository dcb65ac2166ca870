"""Periods: how they are written, which days they hold, and what came before them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.clocks.period import last_complete_month, month_of, parse_period, quarter_of, week_of
from auditkit.errors import UsageError


@pytest.mark.parametrize(
    ("text", "first", "beyond"),
    [
        ("2024", date(2024, 1, 1), date(2025, 1, 1)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 4, 1)),
        ("2024-Q4", date(2024, 10, 1), date(2025, 1, 1)),
        ("2024-02", date(2024, 2, 1), date(2024, 3, 1)),
        ("2024-12", date(2024, 12, 1), date(2025, 1, 1)),
        ("2024-W18", date(2024, 4, 29), date(2024, 5, 6)),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 6)),  # ISO: the week that holds the first Thursday
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 4)),
        ("2024-05-17", date(2024, 5, 17), date(2024, 5, 18)),
        ("2024-05-01..2024-05-17", date(2024, 5, 1), date(2024, 5, 18)),  # both days included
        (" 2024-05 ", date(2024, 5, 1), date(2024, 6, 1)),
    ],
)
def test_a_period_holds_these_days(text, first, beyond):
    period = parse_period(text)
    assert (period.start, period.end, period.days) == (first, beyond, (beyond - first).days)


@pytest.mark.parametrize(
    "text",
    [
        "", "05-2024", "2024-13", "2024-00", "2024-Q5", "2024-Q0", "2024-W54", "2024-W53", "2024-02-30", "24-05",
        "2024-05-17..2024-05-01", "2024-05-01..", "9999-12", "9999", "last month", "2024-5", "../../x", "2024-05;",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_the_forms_that_are_understood(text):
    with pytest.raises(UsageError, match="2024-Q2"):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "previous", "year_before"),
    [
        ("2024", "2023", "2023"),
        ("2024-Q1", "2023-Q4", "2023-Q1"),
        ("2024-01", "2023-12", "2023-01"),
        ("2024-03", "2024-02", "2023-03"),
        ("2025-W01", "2024-W52", "2024-W01"),
        ("2021-W01", "2020-W53", "2020-W01"),
        ("2020-W53", "2020-W52", "2019-W52"),  # 2019 has 52 weeks
        ("2024-05-17", "2024-05-16", "2023-05-17"),
        ("2024-02-29", "2024-02-28", "2023-02-28"),
        ("2024-05-11..2024-05-20", "2024-05-01..2024-05-10", "2023-05-11..2023-05-20"),
        ("2023-12-30..2024-01-02", "2023-12-26..2023-12-29", "2022-12-30..2023-01-02"),
    ],
)
def test_what_came_before(text, previous, year_before):
    period = parse_period(text)
    assert (period.previous().label, period.year_before().label) == (previous, year_before)


def test_a_history_ends_with_the_period_itself():
    assert [one.label for one in parse_period("2024-02").history(3)] == ["2023-12", "2024-01", "2024-02"]


@pytest.mark.parametrize(
    ("day", "month"),
    [(date(2024, 5, 31), "2024-05"), (date(2024, 5, 30), "2024-04"), (date(2024, 6, 1), "2024-05"),
     (date(2024, 1, 1), "2023-12"), (date(2024, 2, 29), "2024-02")],
)  # fmt: skip
def test_the_last_complete_month_includes_the_day_it_counts_from(day, month):
    assert last_complete_month(day).label == month
    assert parse_period("last-month", day).label == month


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(DAYS, st.sampled_from([month_of, quarter_of, week_of]))
def test_a_period_of_a_day_holds_it_and_reads_back(day, kind):
    period = kind(day)
    assert period.start <= day < period.end
    assert parse_period(period.label) == period


@given(DAYS, st.sampled_from([month_of, quarter_of, week_of]))
def test_a_period_begins_where_the_previous_one_ends(day, kind):
    period = kind(day)
    assert period.previous().end == period.start
    assert kind(period.start - timedelta(days=1)) == period.previous()


@given(DAYS)
def test_days_of_a_period_are_its_days(day):
    period = month_of(day)
    days = list(period.each_day())
    assert days[0] == period.start and days[-1] == period.end - timedelta(days=1) and len(days) == period.days
