"""Durations as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.clocks.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("20s", 20), ("15m", 900), ("15 min", 900), ("4h", 14400), ("2h 5m", 7500), ("2h5m", 7500), ("3d", 259200),
        ("1w", 604800), ("1.5h", 5400), ("1:30:00", 5400), ("1:30", 5400), ("0:00:20", 20), ("90", 90), (90, 90),
        (0, 0), (" 4H ", 14400), ("0:00:01.5", 1.5), ("1d 2h 3m 4s", 93784),
    ],
)  # fmt: skip
def test_a_duration_in_seconds(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "h", "4 hours and", "-4h", -1, "1:60:00", "4x", "four hours", None, True, "4h;", float("nan"), float("inf")],
)
def test_anything_else_is_refused_with_the_forms_that_are_understood(text):
    with pytest.raises(ValueError, match='"20s", "15m", "4h"'):
        parse_duration(text)


@given(st.integers(0, 400), st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_parts_add_up(days, hours, minutes, seconds):
    expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert parse_duration(f"{days}d {hours}h {minutes}m {seconds}s") == expected
