"""Numbers and durations as files write them, and the decimal mark, which is never guessed."""

from __future__ import annotations

import pytest
from typing_tools import Typed, raw_file, tickets

from auditkit.errors import DataError


def amounts(*values: str, **source: object) -> Typed:
    count = len(values)
    columns = {
        "order_id": [str(one) for one in range(count)],
        "customer_id": ["C"] * count,
        "ordered_at": ["2024-01-31"] * count,
    }
    return Typed(raw_file(columns | {"amount": list(values)}), table="orders", **source)


def handled(*values: str, **source: object) -> Typed:
    return tickets({"handle_seconds": list(values)}, **source)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12), ("12.5", 12.5), ("12,5", 12.5), ("-3", -3), ("−3", -3), ("+3", 3), (".5", 0.5), ("0,125", 0.125),
        ("1234,567", 1234.567), ("1.234", 1.234), ("1 234", 1234), ("1\u00a0234,5", 1234.5),
        ("1\u202f234\u202f567", 1234567),
        ("1'234.50", 1234.5), ("1’234’567", 1234567), ("1,234,567", 1234567), ("1.234.567", 1234567),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("1e3", 1000), ("1.5E-05", 0.000015), ("  7 ", 7),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(text, number):
    assert amounts(text).column("amount") == [number]


@pytest.mark.parametrize("text", ["12%", "abc", "nan", "inf", "1_000", "0x10", "1 23", "12 345 6", "€5", "1e999", "٣"])
def test_what_is_no_number_refuses_its_row(text):
    assert amounts(text, missing=("",)).refused == [(2, "amount", text, "is not a number")]


def test_the_columns_own_values_settle_the_decimal_mark():
    assert amounts("1,234", "0,5").column("amount") == [1.234, 0.5]
    assert amounts("1,234", "0.5").column("amount") == [1234, 0.5]
    assert amounts("1.234", "0,5").column("amount") == [1234, 0.5]


def test_commas_before_three_digits_only_are_an_error_that_asks():
    with pytest.raises(DataError) as caught:
        amounts("1,234", "12")
    assert "'1,234' is 1234 or 1.234" in str(caught.value)
    assert 'decimal = ","' in str(caught.value)
    assert amounts("1,234", decimal=",").column("amount") == [1.234]
    assert amounts("1,234", decimal=".").column("amount") == [1234]


def test_both_decimal_marks_in_one_column_are_an_error_with_counts():
    with pytest.raises(DataError, match="2 numbers such as '1,5' can only have a decimal comma, and 1 such as"):
        amounts("1,5", "1,25", "2.5")
    assert amounts("1,5", "2.5", decimal=",").refused == [(3, "amount", "2.5", "is not a number")]


def test_another_column_of_the_file_settles_the_decimal_mark():
    typed = tickets({"handle_seconds": ["1,234"], "pending_seconds": ["0,5"]})
    assert typed.column("handle_seconds") == [1.234]


def test_counts_are_whole_and_bounds_hold():
    typed = tickets({"reopens": ["2", "3.0", "1.5", "-1"]})
    assert typed.column("reopens") == [2, 3]
    assert [(row, reason) for row, _, _, reason in typed.refused] == [(4, "is not a whole number"), (5, "is below 0")]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90), ("1,5", 1.5), ("00:02:23", 143), ("1:30", 5400), ("30:00:00", 108000), ("0:00:01.5", 1.5),
        ("0:00:01,5", 1.5), ("2h 5m", 7500), ("2h5m", 7500), ("1,5h", 5400),
        ("1 d 2 h 3 min 4 sec", 93784), ("20s", 20), ("1w", 604800),
    ],
)  # fmt: skip
def test_a_duration_is_read_however_it_is_written(text, seconds):
    assert handled(text).column("handle_seconds") == [seconds]


@pytest.mark.parametrize("text", ["1:60", "0:00:61", "5m 2h", "2 hours", "soon", "1:2:3:4", "-0:10"])
def test_what_is_no_duration_refuses_its_row(text):
    assert handled(text).refused == [
        (2, "handle_seconds", text, 'is not a duration (expected a number, hh:mm:ss or "2h 5m")')
    ]


def test_forms_of_duration_may_be_mixed_and_negative_ones_are_refused():
    typed = handled("90", "0:01:30", "1m 30s", "-5")
    assert typed.column("handle_seconds") == [90, 90, 90]
    assert typed.refused == [(5, "handle_seconds", "-5", "is below 0")]


def test_a_unit_is_that_of_plain_numbers_only():
    typed = handled("1.5", "0:01:30", units={"handle_seconds": "minutes"})
    assert typed.column("handle_seconds") == [90, 90]


def scores(*values: str, **source: object) -> Typed:
    count = len(values)
    columns = {"response_id": [str(one) for one in range(count)], "team": ["A"] * count, "kind": ["nps"] * count}
    return Typed(raw_file(columns | {"score": list(values)}), table="surveys", **source)


def test_a_score_may_carry_its_label():
    typed = scores("10 - Extremely likely", "5 (neutral)", "0 [never]", "7", "3,5 – so-so")
    assert typed.column("score") == [10, 5, 0, 7, 3.5]
    assert amounts("10 - Extremely likely").refused[0][3] == "is not a number"


def test_a_score_in_words_needs_a_mapping():
    words = {"score": {"Very easy": 7, "Fairly easy": 5.5}}
    typed = scores("Very easy", "fairly EASY", "Hard", "10 out of 10", values=words)
    assert typed.column("score") == [7, 5.5]
    assert [(row, reason) for row, _, _, reason in typed.refused] == [(4, "is not a number"), (5, "is not a number")]
