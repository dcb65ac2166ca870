"""Staffing by Erlang C: hours worked by hand, published figures, weeks in which the clock changes."""

from __future__ import annotations

import math

import duckdb
import numpy as np
import pandas as pd
import pytest
from support import store, utc

from auditkit.clocks.period import parse_period
from auditkit.clocks.week_hours import HOURS_PER_WEEK, agent_hours, hour_of_week, hours_lasted
from auditkit.errors import UsageError
from auditkit.evaluation.computed import busiest_hour_agents
from auditkit.measures.calls import ERLANG_REQUIRED_AGENTS
from auditkit.staffing import ASSUMPTIONS, overall, required_agents, vary, what_if
from auditkit.store import microseconds_of

AUDIT = 'timezone = "UTC"\nas_of = 2027-01-01T00:00:00Z'
CALLS = "call_id | team | offered_at | answered | wait_seconds | talk_seconds | hold_seconds | wrap_seconds"
SHIFTS = "team | starts_at | ends_at | agents_on_duty"


def calls(*groups: tuple[str, int, int], answered: bool = True, wait: int = 5) -> str:
    """Calls as a drawn table: groups of an instant, how many, and the seconds that each took (two thirds talk)."""
    lines = [CALLS]
    for at, count, seconds in groups:
        spent = f"{seconds // 3 * 2} | {seconds // 6} | {seconds // 6}" if answered else " | | "
        for _ in range(count):
            lines.append(f"{len(lines)} | Desk | {at} | {str(answered).lower()} | {wait} | {spent}")
    return "\n".join(lines)


def shifts(*rows: tuple[str, str, float]) -> str:
    return "\n".join([SHIFTS, *(f"Desk | {start} | {end} | {agents}" for start, end, agents in rows)])


def hour(frame: pd.DataFrame, weekday: int, hour: int) -> pd.Series:
    (place,) = np.flatnonzero((frame["weekday"] == weekday) & (frame["hour"] == hour))
    return frame.iloc[place]


# --- published figures, through the store


@pytest.mark.parametrize(
    ("count", "seconds", "agents", "required", "level", "asa"),
    [(200, 180, 14, 14, 0.888350, 7.8359), (1000, 120, 40, 38, 0.937211, 3.4333)],
)
def test_the_published_examples(tmp_path, count, seconds, agents, required, level, asa):
    """One Monday hour in one week: 200 calls of 180 s are 10 erlang; 1000 of 120 s are 33.3."""
    made = store(
        tmp_path,
        audit=AUDIT,
        calls=calls(("2026-05-04 10:15", count, seconds)),
        staffing=shifts(("2026-05-04 08:00", "2026-05-04 12:00", agents)),
    )
    found = required_agents(made, "Desk", "2026-W19")
    only = hour(found.hours, 1, 10)
    assert len(found.hours) == 1
    assert (only["calls_per_hour"], only["aht_seconds"], only["required_agents"]) == (count, seconds, required)
    assert (only["agents_on_duty"], only["gap"]) == (agents, agents - required)
    assert only["expected_service_level"] == pytest.approx(level, abs=5e-7)
    assert only["expected_asa_seconds"] == pytest.approx(asa, abs=5e-5)
    assert (only["measured_service_level"], only["measured_n"]) == (1.0, count)


# --- a week worked by hand

# May 2026 has four Mondays (4, 11, 18, 25) and five Fridays.
BY_HAND = calls(
    *[(f"2026-05-{day:02d} 09:30", 20, 180) for day in (4, 11, 18, 25)],  # 80 calls in four hours: 20 an hour
    ("2026-05-01 14:00", 10, 360),  # 10 calls in five hours: 2 an hour
)
DUTY = shifts(
    ("2026-05-04 08:30", "2026-05-04 09:30", 4),  # half an hour of 9-10
    ("2026-05-04 09:30", "2026-05-04 17:00", 2),
    ("2026-05-11 09:00", "2026-05-11 17:00", 2),
    ("2026-05-18 09:00", "2026-05-18 17:00", 1),
    ("2026-05-25 09:00", "2026-05-25 17:00", 1),
    ("2026-05-25 09:15", "2026-05-25 09:30", 4),  # helps for a quarter
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return store(tmp_path_factory.mktemp("desk"), audit=AUDIT, calls=BY_HAND, staffing=DUTY)


def test_calls_are_per_hour_that_the_weekday_had_in_the_period(desk):
    hours = required_agents(desk, "Desk", "2026-05").hours
    assert list(zip(hours["weekday"], hours["hour"], strict=True)) == [(1, 9), (5, 14)]
    assert list(hours["hours"]) == [4, 5] and list(hours["calls"]) == [80, 10]
    assert list(hours["calls_per_hour"]) == [20, 2]


def test_an_hour_with_few_answered_calls_takes_the_handling_time_of_all(desk):
    hours = required_agents(desk, "Desk", "2026-05").hours
    assert list(hours["aht_pooled"]) == [False, True]
    assert list(hours["aht_seconds"]) == [180, (80 * 180 + 10 * 360) / 90]  # 200
    assert list(hours["load_erlangs"]) == pytest.approx([20 * 180 / 3600, 2 * 200 / 3600])


def test_agents_on_duty_are_the_mean_of_all_the_hours_by_exact_overlap(desk):
    """Mondays 9-10: (4/2 + 2/2) + 2 + 1 + (1 + 4/4) = 8 agent-hours in four hours."""
    found = required_agents(desk, "Desk", "2026-05")
    monday, friday = hour(found.hours, 1, 9), hour(found.hours, 5, 14)
    assert monday["agents_on_duty"] == 2
    # one erlang: two agents give C = 1/3 and 1 - exp(-20/180)/3 = 70 %; three are needed
    assert monday["expected_service_level"] == pytest.approx(1 - math.exp(-20 / 180) / 3)
    assert (monday["required_agents"], monday["gap"]) == (3, -1)
    # nobody is on duty on Fridays, and the queue only grows
    assert (friday["agents_on_duty"], friday["expected_service_level"]) == (0, 0)
    assert math.isinf(friday["expected_asa_seconds"])


def test_the_agents_required_come_with_those_at_the_limits_of_the_calls(desk):
    monday = hour(required_agents(desk, "Desk", "2026-05").hours, 1, 9)
    assert monday["calls_low"] == pytest.approx(63.436 / 4, abs=1e-3)  # Poisson limits of 80
    assert monday["required_low"] <= monday["required_agents"] <= monday["required_high"]


def test_the_week_in_one_line(desk):
    whole = overall(required_agents(desk, "Desk", "2026-05").hours)
    assert (whole.hours, whole.short_hours, whole.overloaded_hours, whole.on_duty_hours) == (2, 2, 1, 2.0)
    assert whole.service_level == pytest.approx((80 * (1 - math.exp(-20 / 180) / 3) + 10 * 0) / 90)


def test_the_assumption_is_carried(desk):
    assert required_agents(desk, "Desk", "2026-05").assumptions == ASSUMPTIONS
    assert "nobody hangs up" in ASSUMPTIONS


def test_the_target_is_that_of_the_service_level(tmp_path):
    toml = "[targets]\nservice_level = { within = '60s', at_least = 0.7 }"
    made = store(tmp_path, toml, audit=AUDIT, calls=BY_HAND, staffing=DUTY)
    found = required_agents(made, "Desk", "2026-05")
    assert (found.within_seconds, found.at_least) == (60, 0.7)
    # two agents: 1 - exp(-60/180)/3 = 76 %
    assert hour(found.hours, 1, 9)["required_agents"] == 2


def test_a_target_of_all_is_told_to_be_out_of_reach(tmp_path):
    made = store(tmp_path, "[targets]\nservice_level = { at_least = 1.0 }", audit=AUDIT, calls=BY_HAND)
    found = required_agents(made, "Desk", "2026-05")
    assert found.hours.empty and "100\u00a0%" in found.reasons[0]


def test_callers_who_hung_up_are_load_and_outbound_calls_are_not(tmp_path):
    drawn = (
        "call_id | team | offered_at | answered | abandoned_in | wait_seconds | talk_seconds | direction\n"
        "1 | Desk | 2026-05-04 09:00 | true  |       | 10 | 100 | inbound\n"
        "2 | Desk | 2026-05-04 09:10 | false | queue | 30 |     | inbound\n"
        "3 | Desk | 2026-05-04 09:20 | true  |       | 10 | 900 | outbound\n"
    )
    only = hour(required_agents(store(tmp_path, audit=AUDIT, calls=drawn), "Desk", "2026-W19").hours, 1, 9)
    assert (only["calls"], only["handled"], only["aht_seconds"]) == (2, 1, 100)
    assert (only["measured_service_level"], only["measured_n"]) == (0.5, 2)


# --- what is missing is said


def test_without_shifts_the_need_is_told_and_the_rest_is_not(tmp_path):
    found = required_agents(store(tmp_path, audit=AUDIT, calls=BY_HAND), "Desk", "2026-05")
    assert found.reasons == ("no source has shifts (staffing): who was on duty is not known",)
    assert not found.knows_duty and found.hours["gap"].isna().all()
    assert overall(found.hours).service_level is None


@pytest.mark.parametrize(
    ("drawn", "period", "reason"),
    [
        (None, "2026-05", "no source has calls"),
        (BY_HAND, "2026-07", "there are no calls of Desk in 2026-07"),
        (calls(("2026-05-04 09:00", 3, 0), answered=False), "2026-05", "no answered call of Desk in 2026-05 says"),
    ],
)
def test_without_calls_it_says_so(tmp_path, drawn, period, reason):
    tickets = "ticket_id | team | created_at\n1 | Desk | 2026-05-04 09:00\n2 | Other | 2026-05-04 09:00"
    made = store(tmp_path, audit=AUDIT, tickets=tickets, **({"calls": drawn} if drawn else {}))
    found = required_agents(made, "Desk", period)
    assert found.hours.empty and reason in found.reasons[-1]
    assert vary(found, agents=1).empty
    if drawn:
        assert required_agents(made, "Other", "2026-05").reasons == ("the sources hold calls, but none of Other",)


def test_days_that_the_data_do_not_cover_are_left_out_of_the_means(tmp_path):
    """The shifts end on Monday 11 May: its hour 9 and that of the 4th had 2 agents; nobody knows about later ones."""
    drawn = shifts(("2026-05-04 09:00", "2026-05-04 10:00", 2), ("2026-05-11 09:00", "2026-05-11 10:00", 2))
    found = required_agents(store(tmp_path, audit=AUDIT, calls=BY_HAND, staffing=drawn), "Desk", "2026-05")
    assert hour(found.hours, 1, 9)["agents_on_duty"] == 2
    assert found.reasons == ("the shifts of Desk cover only 2026-05-01 to 2026-05-11 of 2026-05",)


def test_a_period_that_is_not_over_counts_the_hours_until_as_of(desk):
    """By 12 May noon there were two Mondays, and 40 calls in them."""
    found = required_agents(desk, "Desk", "2026-05", as_of=utc("2026-05-12T12:00"))
    monday = hour(found.hours, 1, 9)
    assert (monday["hours"], monday["calls"], monday["agents_on_duty"]) == (2, 40, 2.5)
    assert "not over" in found.reasons[0]


def test_a_shift_that_says_nothing_is_left_out_and_told(tmp_path):
    drawn = DUTY + "\nDesk | 2026-05-06 10:00 | 2026-05-06 09:00 | 3\nDesk | 2026-05-07 09:00 | 2026-05-07 10:00 |"
    found = required_agents(store(tmp_path, audit=AUDIT, calls=BY_HAND, staffing=drawn), "Desk", "2026-05")
    assert hour(found.hours, 1, 9)["agents_on_duty"] == 2
    assert found.reasons[0].startswith("2\u00a0shifts are left out")


def test_an_unknown_team_is_a_usage_error(desk):
    with pytest.raises(UsageError, match="Desk"):
        required_agents(desk, "Desc", "2026-05")


# --- what if


def test_one_agent_more(desk):
    frame = what_if(desk, "Desk", "2026-05", agents=1)
    monday = hour(frame, 1, 9)
    assert (monday["agents_on_duty"], monday["gap"]) == (3, 0)
    assert monday["expected_service_level"] > 0.8
    assert "measured_service_level" not in frame


def test_twice_the_calls_at_half_the_handling_time_is_the_same_load(desk):
    frame = what_if(desk, "Desk", "2026-05", volume_factor=2.0, aht_factor=0.5)
    monday = hour(frame, 1, 9)
    assert (monday["calls_per_hour"], monday["aht_seconds"], monday["load_erlangs"]) == (40, 90, 1.0)
    assert monday["expected_service_level"] == pytest.approx(1 - math.exp(-20 / 90) / 3)


def test_nothing_changed_is_what_there_is(desk):
    found = required_agents(desk, "Desk", "2026-05")
    pd.testing.assert_frame_equal(vary(found), found.hours[vary(found).columns])
    assert (vary(found, agents=-9)["agents_on_duty"] == 0).all()


@pytest.mark.parametrize("factor", [0, -1, math.nan, math.inf])
def test_a_factor_must_be_a_number_above_nothing(desk, factor):
    with pytest.raises(UsageError, match="volume_factor"):
        what_if(desk, "Desk", "2026-05", volume_factor=factor)


# --- clock changes

AUTUMN = "2026-W43"  # Sunday 25 October: 03:00-04:00 in Helsinki comes twice, 00:00Z-02:00Z
SPRING = "2026-W13"  # Sunday 29 March: 03:00-04:00 in Helsinki does not come


def week(label: str, zone: str) -> tuple[int, int, str]:
    from auditkit.clocks.zones import midnight_us

    period = parse_period(label)
    return midnight_us(period.start, zone), midnight_us(period.end, zone), zone


def test_the_week_of_the_autumn_change_has_an_hour_twice_and_that_of_spring_lacks_one():
    sunday = hour_of_week(7, 3)
    for label, expected in ((AUTUMN, 2), (SPRING, 0)):
        lasted = hours_lasted(*week(label, "Europe/Helsinki"))
        assert lasted[sunday] == expected
        assert np.delete(lasted, sunday).tolist() == [1] * (HOURS_PER_WEEK - 1)


def test_half_an_hour_is_lost_on_lord_howe():
    """4 October 2026: 02:00 becomes 02:30."""
    lasted = hours_lasted(*week("2026-W40", "Australia/Lord_Howe"))
    assert lasted[hour_of_week(7, 2)] == 0.5 and lasted.sum() == 167.5


def test_calls_and_shifts_of_the_doubled_hour_are_per_hour_that_it_lasted(tmp_path):
    drawn = calls(("2026-10-25T00:30Z", 20, 180), ("2026-10-25T01:30Z", 20, 180))
    duty = shifts(("2026-10-25T00:00Z", "2026-10-25T02:00Z", 5))
    audit = 'timezone = "Europe/Helsinki"\nas_of = 2027-01-01T00:00:00Z'
    found = required_agents(store(tmp_path, audit=audit, calls=drawn, staffing=duty), "Desk", AUTUMN)
    only = hour(found.hours, 7, 3)
    assert len(found.hours) == 1
    assert (only["hours"], only["calls"], only["calls_per_hour"], only["agents_on_duty"]) == (2, 40, 20, 5)


def test_a_shift_through_the_spring_night_is_an_hour_shorter():
    """00:00 to 08:00 on the wall is seven hours, none of them from 3 to 4."""
    first, last, zone = week(SPRING, "Europe/Helsinki")
    start, end = (microseconds_of(utc(text)) for text in ("2026-03-28T22:00", "2026-03-29T05:00"))
    worked = agent_hours(np.array([start]), np.array([end]), np.array([2.0]), first, last, zone)
    sunday = worked[hour_of_week(7, 0) :]
    assert sunday.tolist() == [2, 2, 2, 0, 2, 2, 2, 2] + [0] * 16
    assert worked[: hour_of_week(7, 0)].sum() == 0


def test_only_the_part_of_a_shift_in_the_period_counts():
    first, last, zone = week("2026-W19", "UTC")
    start, end = (microseconds_of(utc(text)) for text in ("2026-05-03T22:00", "2026-05-04T01:20"))
    worked = agent_hours(np.array([start]), np.array([end]), np.array([3.0]), first, last, zone)
    assert worked[:2].tolist() == pytest.approx([3, 1]) and worked.sum() == pytest.approx(4)


# --- the measure


def cell(*rows: tuple[int, int, str, float | None, bool | None]) -> tuple[float, float, float, float]:
    """Value, limits and n of one cell, from its calls: weekday, hour, day, seconds of handling, whether answered."""
    columns = ["offered_weekday", "offered_hour", "offered_on", "handle_seconds", "answered"]
    calls = pd.DataFrame(rows, columns=columns).astype({"handle_seconds": float, "answered": "boolean"})
    calls["offered_on"] = pd.to_datetime(calls["offered_on"])
    totals = ", ".join(f"{sql} AS {name}" for name, sql in ERLANG_REQUIRED_AGENTS.totals.items())
    hours = duckdb.sql(f"SELECT offered_weekday, offered_hour, {totals} FROM calls GROUP BY ALL").df()
    answers = busiest_hour_agents({name: hours[name].to_numpy() for name in hours}, np.array([0, len(hours)]))
    return tuple(float(one[0]) for one in answers)


def test_the_measure_is_what_the_busiest_hour_needs():
    """200 calls on one Monday 10-11 need 14 agents; Friday's 10 need fewer. One week, so each weekday came once."""
    rows = [*[(1, 10, "2026-05-04", 180.0, True)] * 200, *[(5, 9, "2026-05-08", 180.0, True)] * 10]
    value, low, high, n = cell(*rows)
    assert (value, n) == (14, 210)
    assert math.isnan(low) and math.isnan(high)


def test_the_measure_counts_each_weekday_between_the_first_and_the_last_call():
    """The same 200 calls on two Mondays are 100 an hour, 5 erlang: 8 agents (7 give 74 %)."""
    rows = [(1, 10, day, 180.0, True) for day in ("2026-05-04", "2026-05-11") for _ in range(100)]
    assert cell(*rows)[0] == 8


def test_the_measure_says_nothing_without_a_handling_time():
    value, _, _, n = cell((1, 10, "2026-05-04", None, True), (1, 10, "2026-05-04", 5.0, None))
    assert math.isnan(value) and n == 2
