"""Dates: every way of writing that is understood, and the order of day and month, which is never guessed."""

from __future__ import annotations

import pytest
from typing_tools import created, tickets, utc

from auditkit.errors import ConfigError, DataError

AFTERNOON = utc("2024-02-13 15:04")
WRITTEN = [
    ("2024-02-13 15:04", AFTERNOON),
    ("2024-2-13 15:04", AFTERNOON),
    ("2024/02/13 15:04:00", AFTERNOON),
    ("2024-02-13T15:04:00Z", AFTERNOON),
    ("2024-02-13t15:04:00z", AFTERNOON),
    ("2024-02-13 15:04:00 UTC", AFTERNOON),
    ("2024-02-13T18:04:00+03:00", AFTERNOON),
    ("2024-02-13 18:04:00 +0300", AFTERNOON),
    ("2024-02-13T07:04:00-08", AFTERNOON),
    ("2024-02-13 15:04:00.25", utc("2024-02-13 15:04:00.25")),
    ("2024-02-13 15:04:00,250", utc("2024-02-13 15:04:00.25")),
    ("2024-02-13 15:04:00.1234567", utc("2024-02-13 15:04:00.123457")),  # to the nearest microsecond
    ("20240213", utc("2024-02-13")),
    ("20240213T150400Z", AFTERNOON),
    ("13/02/2024 15:04", AFTERNOON),
    ("13/2/2024 3:04 PM", AFTERNOON),
    ("02/13/2024 03:04pm", AFTERNOON),
    ("2/13/24", utc("2024-02-13")),
    ("13-02-2024", utc("2024-02-13")),
    ("13.02.2024 15.04", AFTERNOON),
    ("13 Feb 2024", utc("2024-02-13")),
    ("13-feb-2024 15:04", AFTERNOON),
    ("Feb 13, 2024 3:04 PM", AFTERNOON),
    ("February 13, 2024", utc("2024-02-13")),
    ("Tue, 13 Feb 2024 15:04:00 +0000", AFTERNOON),
    ("5 May 2024", utc("2024-05-05")),
    ("05.02.2024", utc("2024-02-05")),
    ("01/01/2024", utc("2024-01-01")),
    ("13/02/69", utc("1969-02-13")),
    ("13/02/00", utc("2000-02-13")),
]
IMPOSSIBLE = [
    "31/02/2026",
    "00.00.0000",
    "2024-13-01",
    "2024-01-01 25:61",
    "yesterday",
    "2024-02-30T10:00:00Z",
    "12:30",
    "2024",
    "44320",
]


@pytest.mark.parametrize(("text", "instant"), WRITTEN)
def test_a_date_is_read_however_it_is_written(text, instant):
    typed = created(text)
    if instant.year < 1970:
        assert typed.refused == [(2, "created_at", text, "is outside 1970..2100")]
    else:
        assert typed.column("created_at") == [instant]


@pytest.mark.parametrize("text", IMPOSSIBLE)
def test_a_date_that_cannot_be_refuses_its_row(text):
    typed = created("2024-01-31", text)
    assert typed.file.rows_in == 2
    assert typed.file.rows_kept == 1
    ((row, column, value, reason),) = typed.refused
    assert (row, column, value) == (3, "created_at", text)
    assert reason.startswith("is not a date (expected ")


def test_a_refusal_says_which_form_was_expected():
    typed = created("13/02/2024 10:00", "31/02/2026 10:00")
    assert typed.refused == [(3, "created_at", "31/02/2026 10:00", "is not a date (expected DD/MM/YYYY HH:MM)")]


def test_serial_numbers_are_refused_with_a_hint_until_declared():
    assert created("44320").refused[0][3].endswith('for serial numbers of a spreadsheet say dates = "excel"')
    typed = created("44320", "44320.5", "25569", "44320.3840046296", "2021-05-04", dates="excel")
    noon = ["2021-05-04", "2021-05-04 12:00", "1970-01-01", "2021-05-04 09:12:58", "2021-05-04"]
    assert typed.column("created_at") == [utc(text) for text in noon]


def test_epoch_seconds_and_milliseconds():
    typed = created("1707836640", "1707836640000", "1707836640.5", dates="epoch", zone="Europe/Helsinki")
    assert typed.column("created_at") == [AFTERNOON, AFTERNOON, utc("2024-02-13 15:04:00.5")]


def test_years_outside_1970_to_2100_are_refused():
    typed = created("1969-12-31", "1970-01-01", "2100-12-31", "2101-01-01", "1899-12-30")
    assert [row for row, *_ in typed.refused] == [2, 5, 6]
    assert {reason for *_, reason in typed.refused} == {"is outside 1970..2100"}


def test_one_day_past_twelve_settles_the_order_for_all():
    assert created("01/02/2024", "13/02/2024").column("created_at")[0] == utc("2024-02-01")
    assert created("01/02/2024", "02/13/2024").column("created_at")[0] == utc("2024-01-02")


def test_a_month_past_twelve_after_dots_means_month_first():
    assert created("01.02.2024", "02.13.2024").column("created_at")[0] == utc("2024-01-02")


def test_an_order_that_nothing_settles_is_an_error_with_the_line_to_add():
    with pytest.raises(DataError) as caught:
        created("01/02/2024", "05/05/2024")
    message = str(caught.value)
    assert "data/a.csv, column 'created_at'" in message
    assert "'01/02/2024' is 1 February 2024 or 2 January 2024" in message
    assert 'dates = "day-first"' in message


def test_values_of_both_orders_are_an_error_with_their_counts():
    with pytest.raises(DataError, match="2 dates can only be day-first and 1 only month-first"):
        created("13/02/2024", "14/02/2024", "02/13/2024")


def test_every_column_that_is_unsettled_is_named_at_once():
    with pytest.raises(DataError) as caught:
        tickets({"created_at": ["01/02/2024"], "resolved_at": ["02/03/2024"]})
    assert len(caught.value.problems) == 2


def test_another_column_of_the_file_settles_the_order():
    typed = tickets({"created_at": ["13/02/2024"], "resolved_at": ["01/03/2024"]})
    assert typed.column("resolved_at") == [utc("2024-03-01")]
    assert typed.checks == ["date_order_from_other_columns"]


def test_a_declared_order_is_followed_and_what_it_cannot_read_is_refused():
    typed = created("01/02/2024", "02/13/2024", "2024-03-01", dates="day-first")
    assert typed.column("created_at") == [utc("2024-02-01"), utc("2024-03-01")]
    assert [row for row, *_ in typed.refused] == [3]
    assert created("01/02/2024", dates="month-first").column("created_at") == [utc("2024-01-02")]


def test_iso_refuses_all_else():
    assert [row for row, *_ in created("2024-02-01", "13/02/2024", "13 Feb 2024", dates="iso").refused] == [3, 4]


def test_a_format_of_ones_own_and_rules_per_column():
    typed = tickets(
        {"created_at": ["2024|13|02"], "resolved_at": ["03/02/2024"]},
        dates={"created_at": "%Y|%d|%m", "resolved_at": "month-first"},
    )
    assert typed.column("created_at") == [utc("2024-02-13")]
    assert typed.column("resolved_at") == [utc("2024-03-02")]


@pytest.mark.parametrize(
    ("rule", "words"), [("dayfirst", "Did you mean 'day-first'"), ("%d/%Q", "not a strptime format")]
)
def test_a_rule_that_nothing_knows_is_a_fault_of_the_configuration(rule, words):
    with pytest.raises(ConfigError, match=words):
        created("2024-01-01", dates=rule)


def test_an_empty_column_and_an_empty_file_need_no_order():
    assert tickets({"resolved_at": [None, "?"]}).column("resolved_at") == [None, None]
    assert created().file.rows_in == 0


def test_a_date_past_the_first_rows_is_seen_too():
    typed = created(*["2024-01-31"] * 6000, "13 Feb 2024", "nonsense")
    assert typed.column("created_at")[-1] == utc("2024-02-13")
    assert [row for row, *_ in typed.refused] == [6003]


SWAPPED = [*(f"2024-{day:02d}-05" for day in range(1, 8)), *(f"{day}/05/2024" for day in range(13, 20))]


def test_days_and_months_swapped_by_a_spreadsheet_are_reported_and_kept():
    typed = created(*SWAPPED)
    (notice,) = typed.file.notices
    assert (notice.check, notice.severity, notice.count) == ("days_and_months_swapped", "high", 7)
    assert notice.rows == (2, 3, 4, 5, 6)
    assert "7 year-first dates" in notice.statement
    assert "7 texts" in notice.statement
    assert typed.file.rows_kept == 14


def test_a_swap_is_seen_in_month_first_texts_and_under_a_declared_order():
    texts = [f"05/{day}/2024" for day in range(13, 20)]
    assert created(*SWAPPED[:7], *texts).checks == ["days_and_months_swapped"]
    assert created(*SWAPPED, dates="day-first").checks == ["days_and_months_swapped"]


@pytest.mark.parametrize(
    "values",
    [
        [*SWAPPED, "2024-05-13"],  # a true date with a day past 12
        [*SWAPPED, "03/05/2024"],  # a text that a spreadsheet would have read
        [*SWAPPED[:4], *SWAPPED[7:]],  # four of one form could be chance
        SWAPPED[:11],
    ],
)
def test_no_swap_is_reported_without_its_marks(values):
    assert "days_and_months_swapped" not in created(*values).checks


def test_a_date_cell_with_midnight_and_a_time_cell_are_joined():
    typed = tickets(
        {
            "Day": ["2021-01-01 00:00:00", "2021-01-01", "2021-01-01 00:00:00"],
            "Clock": ["09:12:58", "1899-12-30 09:12:58", None],
        },
        columns={"created_at": ["Day", "Clock"]},
    )
    assert typed.column("created_at") == [utc("2021-01-01 09:12:58")] * 2 + [utc("2021-01-01")]
