"""Naive times of a source are brought to UTC as zoneinfo does, to the second, around every change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from typing_tools import created, utc

CHANGES = [
    ("Europe/Helsinki", "2024-03-31 03:00"),
    ("Europe/Helsinki", "2024-10-27 03:30"),
    ("America/New_York", "2024-03-10 02:00"),
    ("America/New_York", "2024-11-03 01:30"),
    ("Australia/Lord_Howe", "2024-04-07 01:45"),
    ("Australia/Lord_Howe", "2024-10-06 02:00"),
    ("Asia/Almaty", "2024-03-01 00:00"),
]


@pytest.mark.parametrize(("zone", "around"), CHANGES)
def test_times_around_a_change_are_those_of_zoneinfo(zone, around):
    middle = datetime.fromisoformat(around)
    local = [middle + timedelta(minutes=step) for step in range(-180, 181, 5)]
    local += [middle + timedelta(minutes=step, seconds=second) for step in (-60, -30, 0, 30, 60) for second in (-1, 1)]
    typed = created(*(one.isoformat(" ") for one in local), zone=zone)
    assert typed.column("created_at") == [one.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for one in local]


def test_times_far_apart_are_those_of_zoneinfo():
    local = [datetime(year, month, 15, 12) for year in range(1970, 2100, 3) for month in range(1, 13)]
    typed = created(*(one.isoformat(" ") for one in local), zone="Europe/London")
    assert typed.column("created_at") == [
        one.replace(tzinfo=ZoneInfo("Europe/London")).astimezone(UTC) for one in local
    ]


def test_times_that_do_not_exist_or_exist_twice_are_counted():
    typed = created(
        "2024-03-31 02:59:59", "2024-03-31 03:00", "2024-03-31 03:59:59", "2024-03-31 04:00",
        "2024-10-27 02:59:59", "2024-10-27 03:00", "2024-10-27 04:00", zone="Europe/Helsinki",
    )  # fmt: skip
    skipped, twice = typed.file.notices
    assert (skipped.check, skipped.severity, skipped.count, skipped.rows) == ("time_does_not_exist", "low", 2, (3, 4))
    assert (twice.check, twice.severity, twice.count, twice.rows) == ("time_exists_twice", "low", 1, (7,))
    assert typed.column("created_at")[1] == utc("2024-03-31 01:00")  # 03:00 that never was is 04:00 summer time
    assert typed.column("created_at")[5] == utc("2024-10-27 00:00")  # the first 03:00, still summer time


def test_an_offset_in_the_text_stands_beside_naive_times():
    typed = created("2024-03-31T03:30:00Z", "2024-03-31 05:30:00", "2024-03-31T03:30:00+01:00", zone="Europe/Helsinki")
    assert typed.column("created_at") == [utc("2024-03-31 03:30"), utc("2024-03-31 02:30"), utc("2024-03-31 02:30")]
    assert typed.checks == []
