"""Business hours: worked cases, and a clock of the product against a walk through the calendar minute by minute."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.clocks.hours import Clock, Hours, Schedule
from auditkit.clocks.written_hours import holiday_dates, parse_days, parse_spans, parse_week

MINUTE_US = 60_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OFFICE = parse_week({"mon-fri": "08:00-16:00"})
NIGHTS = parse_week({"daily": "22:00-06:00"})
ALWAYS = parse_week({"daily": "24h"})
SPLIT = parse_week({"mon-fri": "08:15-11:45, 12:30-16:45", "sat": "10:00-14:00", "sun": "23:30-03:30"})


def at(text: str, zone: str = "UTC") -> int:
    """UTC microseconds of a wall-clock time in a zone."""
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    return (moment - EPOCH) // timedelta(microseconds=1)


def minutes(hours: Hours, start: str, end: str) -> float:
    """Business minutes between two wall-clock times in the zone of ``hours``."""
    first, last = at(start, hours.zone), at(end, hours.zone)
    return int(Clock.compile(hours, first, last).between(np.array([first]), np.array([last]))[0]) / MINUTE_US


def helsinki(week, **exceptions) -> Hours:
    return Hours("Europe/Helsinki", (Schedule(week, **exceptions),))


def open_minutes_by_walking(hours: Hours, first_us: int, count: int) -> list[bool]:
    """The oracle: for each of ``count`` minutes, whether the time that the wall clock has reached is within a shift.

    When the clock is put back, the time reached stands still until it has caught up: a shift begins and ends once.
    """
    zone, reached, answers = ZoneInfo(hours.zone), datetime.min, []
    first = EPOCH + timedelta(microseconds=first_us)
    for step in range(-1440, count):
        reached = max(reached, (first + timedelta(minutes=step)).astimezone(zone).replace(tzinfo=None))
        answers.append(any(within_shift_of(hours, reached, days_ago) for days_ago in (0, 1)))
    return answers[1440:]


def within_shift_of(hours: Hours, wall: datetime, days_ago: int) -> bool:
    day = wall.date() - timedelta(days=days_ago)
    minute = wall.hour * 60 + wall.minute + 1440 * days_ago
    spans = ()
    for schedule in hours.schedules:
        if schedule.valid_from is None or schedule.valid_from <= day:
            spans = schedule.week[day.weekday()]
            if day in schedule.holidays:
                spans = ()
            if day in schedule.special_days:
                spans = schedule.special_days[day]
    return any(start <= minute < end for start, end in spans)


def assert_agrees_with_walking(hours: Hours, first_us: int, days: int) -> None:
    count = days * 1440
    clock = Clock.compile(hours, first_us, first_us + count * MINUTE_US)
    instants = first_us + np.arange(count + 1) * MINUTE_US
    walked = np.array(open_minutes_by_walking(hours, first_us, count))
    assert clock.open_at(instants[:-1]).tolist() == walked.tolist()
    assert clock.reading(instants).tolist() == [0, *(np.cumsum(walked) * MINUTE_US).tolist()]
    searching = replace(clock, slots=clock.slots[:0])
    assert searching.reading(instants).tolist() == clock.reading(instants).tolist()


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2024-05-03 15:30", "2024-05-06 08:30", 60),  # Friday to Monday
        ("2024-05-06 09:00", "2024-05-06 09:00", 0),
        ("2024-05-06 07:00", "2024-05-06 08:00", 0),  # solved at the moment of opening
        ("2024-05-06 15:59", "2024-05-06 16:01", 1),
        ("2024-05-06 16:01", "2024-05-07 08:00", 0),  # a minute past closing, answered at opening
        ("2024-05-06 16:01", "2024-05-07 08:01", 1),
        ("2024-05-04 10:00", "2024-05-05 22:00", 0),  # within a weekend
        ("2024-05-06 00:00", "2024-05-13 00:00", 2400),
        ("2024-03-29 12:00", "2024-04-01 12:00", 480),  # over the change of the clock
    ],
)
def test_office_hours(start, end, expected):
    assert minutes(helsinki(OFFICE), start, end) == expected


def test_a_holiday_is_closed_and_the_eve_before_it_may_be_a_half_day():
    exceptions = {
        "holidays": {
            date(2024, 6, 20): "moved",
            date(2024, 6, 21): "Juhannusaatto",
            date(2024, 6, 22): "Juhannuspäivä",
        },
        "special_days": {date(2024, 6, 20): ((480, 720),), date(2024, 6, 22): ((600, 660),)},
    }
    # Wednesday 15:00-16:00, half a Thursday, no Friday, an extra hour on Saturday, Monday 08:00-09:00.
    assert minutes(helsinki(OFFICE, **exceptions), "2024-06-19 15:00", "2024-06-24 09:00") == 60 + 240 + 0 + 60 + 60


@pytest.mark.parametrize(
    ("night", "expected"),
    [("2024-03-30", 7 * 60), ("2024-10-26", 9 * 60), ("2024-06-14", 8 * 60)],
)
def test_a_night_shift_is_an_hour_shorter_in_spring_and_an_hour_longer_in_autumn(night, expected):
    next_noon = f"{date.fromisoformat(night) + timedelta(days=1)} 12:00"
    assert minutes(helsinki(NIGHTS), f"{night} 12:00", next_noon) == expected


def test_a_shift_that_begins_in_the_skipped_hour_begins_when_the_clock_jumps():
    early = parse_week({"sun": "03:30-04:15"})
    assert minutes(helsinki(early), "2024-03-31 00:00", "2024-03-31 12:00") == 15


def test_a_shift_in_the_repeated_hour_is_worked_once():
    early = parse_week({"sun": "03:10-03:40"})
    assert minutes(helsinki(early), "2024-10-27 00:00", "2024-10-27 12:00") == 30


def test_a_night_shift_that_begins_before_a_holiday_runs_to_its_end():
    hours = helsinki(NIGHTS, holidays={date(2024, 12, 25): "Joulupäivä"})
    # 24 December 22:00 to 06:00, then nothing until 26 December 22:00.
    assert minutes(hours, "2024-12-24 12:00", "2024-12-26 23:00") == 8 * 60 + 60


def test_each_schedule_counts_while_it_is_in_force():
    before, after = Schedule(OFFICE), Schedule(parse_week({"mon-fri": "10:00-14:00"}), valid_from=date(2024, 3, 6))
    # Monday 09:00-16:00 and Tuesday 08:00-16:00 by the first, Wednesday 10:00-12:00 by the second.
    ticket = ("2024-03-04 09:00", "2024-03-06 12:00")
    assert minutes(Hours("Europe/Helsinki", (before, after)), *ticket) == 420 + 480 + 120
    assert minutes(Hours("Europe/Helsinki", (replace(after, valid_from=None),)), *ticket) == 240 + 240 + 120


def test_before_the_first_schedule_the_team_is_closed():
    hours = helsinki(OFFICE, valid_from=date(2024, 5, 7))
    assert minutes(hours, "2024-05-06 00:00", "2024-05-08 00:00") == 480


def test_shifts_that_overlap_count_once():
    week = parse_week({"mon": "20:00-04:00", "tue": "03:00-08:00"})
    assert minutes(helsinki(week), "2024-05-06 12:00", "2024-05-07 12:00") == 12 * 60


@pytest.mark.parametrize(
    "zone", ["Europe/Helsinki", "Australia/Lord_Howe", "Asia/Beirut", "America/Havana", "Pacific/Apia"]
)
def test_round_the_clock_is_calendar_time_to_the_microsecond(zone):
    first, last = at("2011-01-01"), at("2025-01-01")
    clock = Clock.compile(Hours(zone, (Schedule(ALWAYS),)), first, last)
    instants = np.random.default_rng(5).integers(first, last, 10_000)
    assert clock.reading(instants).tolist() == (instants - first).tolist()
    assert clock.open_at(instants).all()


def test_a_team_that_never_opens_has_no_business_time():
    assert minutes(helsinki(parse_week({})), "2024-01-01 00:00", "2024-12-31 00:00") == 0


def test_opening_is_open_and_closing_is_closed():
    clock = Clock.compile(helsinki(OFFICE), at("2024-05-06 00:00"), at("2024-05-07 00:00"))
    opening, closing = at("2024-05-06 08:00", "Europe/Helsinki"), at("2024-05-06 16:00", "Europe/Helsinki")
    assert clock.open_at(np.array([opening - 1, opening, closing - 1, closing])).tolist() == [False, True, True, False]


def test_a_clock_that_ends_while_open_is_open_at_its_end():
    start, end = at("2024-05-06 09:00", "Europe/Helsinki"), at("2024-05-06 10:00", "Europe/Helsinki")
    assert Clock.compile(helsinki(OFFICE), start, end).open_at(np.array([start, end])).tolist() == [True, True]


def test_an_end_before_its_start_is_negative():
    clock = Clock.compile(helsinki(OFFICE), at("2024-05-06 05:00"), at("2024-05-06 13:00"))
    assert clock.between(np.array([at("2024-05-06 08:00")]), np.array([at("2024-05-06 07:00")])).tolist() == [
        -60 * MINUTE_US
    ]


@pytest.mark.parametrize("instant", ["2024-05-05 23:59:59.999999", "2024-05-07 00:00:00.000001"])
def test_an_instant_outside_the_clock_is_refused(instant):
    clock = Clock.compile(helsinki(OFFICE), at("2024-05-06"), at("2024-05-07"))
    with pytest.raises(ValueError, match="where the clock is valid"):
        clock.reading(np.array([at(instant)]))


def test_no_instants_no_readings():
    clock = Clock.compile(helsinki(OFFICE), at("2024-05-06"), at("2024-05-07"))
    assert clock.reading(np.array([], dtype=np.int64)).tolist() == []


MIXED = (
    Schedule(SPLIT, {date(2024, 4, 1): "Easter Monday"}, {date(2024, 3, 28): ((495, 705),)}),
    Schedule(
        parse_week({"mon-thu": "22:00-06:00", "fri": "00:00-24:00", "sun": "01:45-02:15, 03:30-09:00"}),
        {date(2024, 10, 25): "closed"},
        {date(2024, 11, 2): ((1320, 1890),)},
        valid_from=date(2024, 4, 4),
    ),
    Schedule(SPLIT, {}, {date(2024, 10, 6): ((60, 150),)}, valid_from=date(2024, 10, 29)),
)


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Helsinki", "2024-03-26"),
        ("Europe/Helsinki", "2024-10-22"),
        ("Europe/Oslo", "2024-03-26"),
        ("Europe/Oslo", "2024-10-22"),
        ("America/New_York", "2024-03-06"),
        ("America/New_York", "2024-10-30"),
        ("Asia/Kolkata", "2024-03-29"),
        ("Australia/Lord_Howe", "2024-03-31"),
        ("Australia/Lord_Howe", "2024-10-01"),
    ],
)
def test_every_minute_of_twelve_days_agrees_with_walking(zone, first):
    assert_agrees_with_walking(Hours(zone, MIXED), at(first), 12)


SPANS = st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)), max_size=3).map(
    lambda found: tuple((start, start + length) for start, length in found)
)
WEEKS = st.tuples(*[SPANS] * 7)


@settings(max_examples=20, deadline=None)
@given(
    WEEKS,
    st.sampled_from([("Europe/Oslo", "2024-03-29"), ("Europe/Oslo", "2024-10-25"), ("Asia/Beirut", "2024-03-29")]),
)
def test_any_week_agrees_with_walking_over_a_change_of_the_clock(week, place):
    zone, first = place
    assert_agrees_with_walking(Hours(zone, (Schedule(week),)), at(first), 4)


FIRST, LAST = at("2023-01-01"), at("2025-01-01")
MIXED_CLOCK = Clock.compile(Hours("Australia/Lord_Howe", MIXED), FIRST, LAST)
INSTANTS = st.integers(FIRST, LAST)


@given(st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_business_time_adds_up_and_lies_between_nothing_and_calendar_time(instants):
    start, middle, end = (np.array([instant]) for instant in instants)
    whole = MIXED_CLOCK.between(start, end)
    assert whole == MIXED_CLOCK.between(start, middle) + MIXED_CLOCK.between(middle, end)
    assert 0 <= whole[0] <= end[0] - start[0]


@given(INSTANTS, INSTANTS, st.integers(1, 50), WEEKS)
def test_in_a_zone_without_changes_whole_weeks_later_is_the_same(start, end, weeks, week):
    later = weeks * 7 * 1440 * MINUTE_US
    instants = np.array([start, end, start + later, end + later])
    clock = Clock.compile(Hours("Asia/Kolkata", (Schedule(week),)), FIRST, LAST + 51 * 7 * 1440 * MINUTE_US)
    start_0, end_0, start_1, end_1 = clock.reading(instants).tolist()
    assert end_0 - start_0 == end_1 - start_1


def test_days_and_hours_as_they_are_written():
    week = parse_week(
        {"mon-fri": "08:00-12:00, 13:00–17:00", "Fri": "9:00-14:00", "sat-sun": "closed", "sun": "22:00-06:00"}
    )
    assert week[0] == week[3] == ((480, 720), (780, 1020))
    assert week[4:] == (((540, 840),), (), ((1320, 1800),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("24h", ((0, 1440),)),
        ("00:00-24:00", ((0, 1440),)),
        ("closed", ()),
        ("22:00-00:00", ((1320, 1440),)),
        ("22:00-24:00", ((1320, 1440),)),
        ("13:00-17:00,08:00-13:00", ((480, 780), (780, 1020))),
    ],
)
def test_spans(text, expected):
    assert parse_spans(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("tue", (1,)), ("Monday", (0,)), ("sat - mon", (5, 6, 0)), ("daily", (0, 1, 2, 3, 4, 5, 6)), ("mon-mon", (0,))],
)
def test_days(text, expected):
    assert parse_days(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("25:00-26:00", "'25:00' is not a time of day (expected 00:00 to 24:00)"),
        ("08:00-08:60", "'08:60' is not a time of day (expected 00:00 to 24:00)"),
        ("08:00-24:01", "'24:01' is not a time of day (expected 00:00 to 24:00)"),
        ("8-16", "'8' is not a time of day (expected 00:00 to 24:00)"),
        ("24:00-08:00", "'24:00-08:00' begins at 24:00 (expected a start from 00:00 to 23:59)"),
        ("08:00-08:00", "'08:00-08:00' begins and ends at the same time (expected 24h or closed, if that is meant)"),
        ("08:00-12:00, 11:00-13:00", "08:00-12:00 and 11:00-13:00 overlap (expected spans that do not)"),
        ("office", "'office' is not a span of hours (expected 08:00-16:00, 24h or closed)"),
        ("", "'' is not a span of hours (expected 08:00-16:00, 24h or closed)"),
    ],
)
def test_impossible_hours_are_named(text, message):
    with pytest.raises(ValueError) as error:
        parse_spans(text)
    assert str(error.value) == message


def test_everything_wrong_in_a_week_is_said_at_once():
    with pytest.raises(ValueError) as error:
        parse_week({"tusday-fri": "08:00-16:00", "tue": "25:00-26:00", "wed-thu": "24h", "thu-fri": "24h"})
    assert str(error.value).splitlines() == [
        "'tusday-fri': 'tusday' is not a day "
        "(expected mon to sun, a range such as mon-fri, or daily; the nearest is tuesday)",
        "'tue': '25:00' is not a time of day (expected 00:00 to 24:00)",
        "thu is given twice, by 'wed-thu' and 'thu-fri' (expected once)",
    ]


def test_schedules_must_be_in_order():
    later, earlier = (Schedule(OFFICE, valid_from=date(2024, month, 1)) for month in (5, 4))
    with pytest.raises(ValueError, match="ascend"):
        Hours("UTC", (later, earlier))


def test_holidays_of_a_country_and_of_a_part_of_it():
    finland = holiday_dates("FI", range(2024, 2026))
    assert finland[date(2024, 12, 6)] == "Itsenäisyyspäivä"
    assert {day.year for day in finland} == {2024, 2025}
    assert date(2024, 8, 26) in holiday_dates("gb-eng", range(2024, 2025))
    assert date(2024, 8, 26) not in holiday_dates("GB-SCT", range(2024, 2025))
    assert holiday_dates("NO-03", range(2024, 2025))[date(2024, 5, 17)] == "Grunnlovsdag"


@pytest.mark.parametrize(
    ("country", "message"),
    [
        ("Finland", "no holidays are known for 'Finland' (expected a code such as FI; Finland is FI)"),
        ("GB-EMG", "'GB-EMG' is not a part of GB (expected a code such as GB-ENG)"),
        ("", "no holidays are known for '' (expected a code such as FI)"),
    ],
)
def test_an_unknown_country_gets_the_nearest(country, message):
    with pytest.raises(ValueError) as error:
        holiday_dates(country, range(2024, 2025))
    assert str(error.value) == message


def test_two_schedules_of_one_ticket_each_count_while_in_force():
    # The worked example of dbt_zendesk's decision log, in its own rounded minutes of the week (0 is Sunday 00:00 UTC):
    # the ticket runs from 3902 to 5461.46; the first schedule holds until 5461.25, open 3600-4440 and 5040-5880; the
    # second is open 3780-4350 and 5220-5790. Each while in force: 538 + 421.25 + 0.21 = 959.46; the last: 448 + 241.46.
    sunday = datetime(2020, 9, 27, tzinfo=UTC)
    created, changed, replied = (sunday + timedelta(minutes=minute) for minute in (3902, 5461.25, 5461.46))
    chicago = Schedule(parse_week({"daily": "12:00-02:00"}))
    san_francisco = Schedule(parse_week({"mon-fri": "15:00-00:30"}))
    both = Hours("UTC", (chicago, replace(san_francisco, valid_from=changed)))
    span = (int(sunday.timestamp()) * 10**6, int(sunday.timestamp() + 14 * 86400) * 10**6)
    ends = [np.array([round(moment.timestamp() * 1e6)]) for moment in (created, replied)]
    minutes_open = {
        name: Clock.compile(hours, *span).between(*ends)[0] / 60e6
        for name, hours in {"both": both, "last": Hours("UTC", (san_francisco,))}.items()
    }
    assert minutes_open == {"both": pytest.approx(959.46), "last": pytest.approx(689.46)}
