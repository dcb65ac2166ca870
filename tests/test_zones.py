"""Time zones: wall clocks to UTC and back, against zoneinfo and against known changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.clocks.zones import is_zone, local_day, to_local, to_utc, transitions

EPOCH = datetime(1970, 1, 1)
HOUR_US = 3_600_000_000
ZONES = [
    "UTC",
    "Europe/Helsinki",
    "Europe/Oslo",
    "America/New_York",
    "America/St_Johns",
    "America/Havana",  # midnight is shown twice
    "Asia/Beirut",  # midnight is skipped
    "Asia/Kolkata",
    "Asia/Almaty",
    "Australia/Lord_Howe",  # half an hour
    "Africa/Casablanca",  # two changes a month apart, by the moon
    "Pacific/Apia",  # skipped a whole day in 2011
]


def us(text: str) -> int:
    """Microseconds of a time such as ``2024-03-31 03:30``, on whatever clock it was read."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def shown(microseconds) -> list[str]:
    return [str(EPOCH + timedelta(microseconds=int(value))) for value in np.atleast_1d(microseconds)]


def wall_by_zoneinfo(utc_us: int, zone: str) -> int:
    wall = (EPOCH + timedelta(microseconds=utc_us)).replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    return (wall.replace(tzinfo=None) - EPOCH) // timedelta(microseconds=1)


def utc_by_zoneinfo(local_us: int, zone: str) -> int:
    moment = (EPOCH + timedelta(microseconds=local_us)).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return (moment.replace(tzinfo=None) - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("zone", "year", "changes", "hours"),
    [
        ("Europe/Helsinki", 2024, ["2024-03-31 01:00:00", "2024-10-27 01:00:00"], [2, 3, 2]),
        ("America/New_York", 2024, ["2024-03-10 07:00:00", "2024-11-03 06:00:00"], [-5, -4, -5]),
        ("Australia/Lord_Howe", 2024, ["2024-04-06 15:00:00", "2024-10-05 15:30:00"], [11, 10.5, 11]),
        ("Asia/Kolkata", 2024, [], [5.5]),
        ("Asia/Almaty", 2024, ["2024-02-29 18:00:00"], [6, 5]),
    ],
)
def test_the_changes_of_a_year(zone, year, changes, hours):
    instants, offsets = transitions(zone, us(f"{year}-01-01"), us(f"{year + 1}-01-01"))
    assert shown(instants) == changes
    assert (offsets / HOUR_US).tolist() == hours


def test_a_change_at_the_end_of_the_span_belongs_to_it_and_one_at_its_start_does_not():
    change = us("2024-03-31 01:00")
    assert transitions("Europe/Helsinki", change - 1, change)[0].tolist() == [change]
    assert transitions("Europe/Helsinki", change, change + 1)[0].tolist() == []
    assert transitions("Europe/Helsinki", change, change + 1)[1].tolist() == [3 * HOUR_US]


@pytest.mark.parametrize("zone", ZONES)
def test_every_quarter_hour_around_every_change_of_twenty_years_agrees_with_zoneinfo(zone):
    first, last = us("2007-01-01"), us("2027-01-01")
    instants, _ = transitions(zone, first, last)
    near = np.arange(-26 * 4, 26 * 4) * HOUR_US // 4
    utc = np.unique(np.concatenate([near + first, *(near + instant for instant in instants), instants - 1]))
    assert to_local(utc, zone).tolist() == [wall_by_zoneinfo(instant, zone) for instant in utc.tolist()]
    assert to_utc(utc, zone)[0].tolist() == [utc_by_zoneinfo(wall, zone) for wall in utc.tolist()]


@given(st.sampled_from(ZONES), st.integers(us("1900-01-01"), us("2300-01-01")))
def test_any_instant_agrees_with_zoneinfo_to_the_microsecond(zone, instant):
    assert to_local(np.array([instant]), zone).tolist() == [wall_by_zoneinfo(instant, zone)]
    assert to_utc(np.array([instant]), zone)[0].tolist() == [utc_by_zoneinfo(instant, zone)]


@given(st.sampled_from(ZONES), st.integers(us("2000-01-01"), us("2030-01-01")))
def test_there_and_back_gives_the_same_instant_or_the_first_of_two(zone, instant):
    back, missing, twice = to_utc(to_local(np.array([instant]), zone), zone)
    assert not missing[0]
    assert back[0] == instant or (twice[0] and back[0] < instant)


def test_a_time_that_the_clock_skips_moves_forward_by_the_gap():
    walls = ["2024-03-31 02:59", "2024-03-31 03:00", "2024-03-31 03:30", "2024-03-31 04:00"]
    utc, missing, twice = to_utc(np.array([us(wall) for wall in walls]), "Europe/Helsinki")
    assert shown(utc) == ["2024-03-31 00:59:00", "2024-03-31 01:00:00", "2024-03-31 01:30:00", "2024-03-31 01:00:00"]
    assert shown(to_local(utc, "Europe/Helsinki"))[2] == "2024-03-31 04:30:00"
    assert missing.tolist() == [False, True, True, False]
    assert not twice.any()


def test_of_a_time_that_the_clock_shows_twice_the_first_is_taken():
    walls = ["2024-10-27 02:59", "2024-10-27 03:00", "2024-10-27 03:59:59.999999", "2024-10-27 04:00"]
    utc, missing, twice = to_utc(np.array([us(wall) for wall in walls]), "Europe/Helsinki")
    assert shown(utc[:2]) == ["2024-10-26 23:59:00", "2024-10-27 00:00:00"]
    assert shown(utc[2:]) == ["2024-10-27 00:59:59.999999", "2024-10-27 02:00:00"]
    assert twice.tolist() == [False, True, True, False]
    assert not missing.any()


def test_half_an_hour_is_missing_and_doubled_on_lord_howe():
    walls = ["2024-10-06 02:00", "2024-10-06 02:30", "2024-04-07 01:29", "2024-04-07 01:30", "2024-04-07 02:00"]
    _, missing, twice = to_utc(np.array([us(wall) for wall in walls]), "Australia/Lord_Howe")
    assert missing.tolist() == [True, False, False, False, False]
    assert twice.tolist() == [False, False, False, True, False]


def test_the_local_day_begins_at_local_midnight():
    utc = np.array(
        [us("2024-06-30 20:59:59.999999"), us("2024-06-30 21:00"), us("1969-12-31 21:59"), us("1969-12-31 22:00")]
    )
    june_30 = (datetime(2024, 6, 30) - EPOCH).days
    assert local_day(utc, "Europe/Helsinki").tolist() == [june_30, june_30 + 1, -1, 0]


def test_nothing_in_nothing_out():
    nothing = np.array([], dtype=np.int64)
    assert to_local(nothing, "Europe/Oslo").size == local_day(nothing, "Europe/Oslo").size == 0
    assert [part.size for part in to_utc(nothing, "Europe/Oslo")] == [0, 0, 0]


def test_the_argument_is_left_alone():
    instants = np.array([us("2024-06-30 21:00")])
    to_local(instants, "UTC")[0] += 1
    to_utc(instants, "UTC")[0][0] += 1
    assert shown(instants) == ["2024-06-30 21:00:00"]


def test_a_missing_value_is_refused_and_not_converted():
    with pytest.raises(ValueError, match="a missing value"):
        to_local(np.array([us("2024-01-01"), np.iinfo(np.int64).min]), "Europe/Oslo")


@pytest.mark.parametrize("values", [np.array([1.0]), np.array(["2024-01-01"], dtype="datetime64[ns]")])
def test_only_integers_are_microseconds(values):
    with pytest.raises(TypeError, match="integer microseconds"):
        to_local(values, "Europe/Oslo")


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("Europe/Helsinki", True),
        ("UTC", True),
        ("Europe/Helsingfors", False),
        ("Europe", False),
        ("", False),
        ("../../etc/passwd", False),
        ("/etc/passwd", False),
        ("a\0b", False),
        ("UTC+3", False),
    ],
)
def test_names_of_zones(name, known):
    assert is_zone(name) is known
