"""Facts that a load computes: local days and hours, seconds on two clocks, hours of arrival."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from support import store, utc

HELSINKI = 'timezone = "Europe/Helsinki"'
HOURS = '[hours.default]\nmon-fri = "08:00-16:00"\nholidays = ["2026-05-14"]\n'
TICKETS = """
ticket_id | team  | created_at           | first_response_at    | resolved_at          | closed_at
{}
"""


def facts(folder, *rows: str, toml: str = HOURS, audit: str = HELSINKI) -> pd.DataFrame:
    """The stored tickets of team North, one for each ``created | response | resolved | closed``."""
    lines = "\n".join(f"{number} | North | {row}" for number, row in enumerate(rows, start=1))
    found = store(folder, toml, audit=audit, tickets=TICKETS.format(lines)).frame("tickets")
    return found.sort_values("ticket_id").reset_index(drop=True)


@pytest.mark.parametrize(
    ("zone", "instant", "day", "hour", "weekday"),
    [
        ("Europe/Helsinki", "2026-05-04T20:59:59Z", date(2026, 5, 4), 23, 1),
        ("Europe/Helsinki", "2026-05-04T21:00:00Z", date(2026, 5, 5), 0, 2),
        ("Europe/Helsinki", "2026-01-31T21:59:59Z", date(2026, 1, 31), 23, 6),  # winter: UTC+2
        ("Europe/Helsinki", "2026-03-29T00:59:59Z", date(2026, 3, 29), 2, 7),  # the last second before summer time
        ("Europe/Helsinki", "2026-03-29T01:00:00Z", date(2026, 3, 29), 4, 7),  # there is no third hour
        ("Europe/Helsinki", "2026-10-25T00:30:00Z", date(2026, 10, 25), 3, 7),  # half past three ...
        ("Europe/Helsinki", "2026-10-25T01:30:00Z", date(2026, 10, 25), 3, 7),  # ... and once more
        ("America/New_York", "2026-05-05T03:59:59Z", date(2026, 5, 4), 23, 1),
        ("Asia/Kathmandu", "2026-05-04T18:15:00Z", date(2026, 5, 5), 0, 2),  # UTC+5:45
        ("Asia/Almaty", "2024-02-29T18:30:00Z", date(2024, 2, 29), 23, 4),  # that midnight UTC+6 became UTC+5
        ("Pacific/Kiritimati", "2026-05-04T10:00:00Z", date(2026, 5, 5), 0, 2),
        ("UTC", "1970-01-01T00:00:00Z", date(1970, 1, 1), 0, 4),
    ],
)
def test_the_local_day_hour_and_weekday_of_an_instant(tmp_path, zone, instant, day, hour, weekday):
    found = facts(tmp_path, f"{instant} | | |", audit=f'timezone = "{zone}"').iloc[0]
    assert (found["created_on"], found["created_hour"], found["created_weekday"]) == (day, hour, weekday)


def test_a_team_lives_in_its_own_zone(tmp_path):
    toml = '[teams.South]\ntimezone = "Europe/London"'
    tickets = """
    ticket_id | team  | created_at
    1         | North | 2026-05-04T21:30:00Z
    2         | South | 2026-05-04T21:30:00Z
    """
    found = store(tmp_path, toml, audit=HELSINKI, tickets=tickets).frame("tickets").set_index("team")
    assert list(found.loc[["North", "South"], "created_on"]) == [date(2026, 5, 5), date(2026, 5, 4)]


# Naive instants are in Helsinki. Monday 4 May 2026; Thursday the 14th is a holiday.
SECONDS = [
    ("2026-05-04 09:00", "2026-05-04 10:00", 3600, 3600),
    ("2026-05-04 09:00:00", "2026-05-04 09:00:00", 0, 0),
    ("2026-05-04 09:00:00.5", "2026-05-04 09:00:01", 0.5, 0.5),
    ("2026-05-04 07:00", "2026-05-04 09:00", 7200, 3600),  # before opening
    ("2026-05-04 15:30", "2026-05-05 08:30", 17 * 3600, 3600),  # over a night
    ("2026-05-08 15:00", "2026-05-11 09:00", 66 * 3600, 7200),  # over a weekend
    ("2026-05-13 15:00", "2026-05-15 09:00", 42 * 3600, 7200),  # over a holiday
    ("2026-05-09 10:00", "2026-05-10 10:00", 86400, 0),  # within a weekend
    ("2026-05-04 16:00", "2026-05-04 17:00", 3600, 0),  # closed at 16:00 sharp
    ("2026-03-28 12:00", "2026-03-29 12:00", 23 * 3600, 0),  # the clocks went forward
    ("2026-10-24 12:00", "2026-10-25 12:00", 25 * 3600, 0),  # and back
    ("2026-03-27 15:00", "2026-03-30 09:00", 65 * 3600, 7200),  # a weekend of 47 hours
    ("2026-05-04 10:00", "2026-05-04 09:00", -3600, -3600),
]


@pytest.mark.parametrize(("created", "answered", "calendar", "business"), SECONDS)
def test_seconds_to_response_and_resolution_on_both_clocks(tmp_path, created, answered, calendar, business):
    found = facts(tmp_path, f"{created} | {answered} | {answered} |").iloc[0]
    for stem in ("response", "resolution"):
        assert found[f"{stem}_seconds"] == pytest.approx(calendar)
        assert found[f"{stem}_business_seconds"] == pytest.approx(business)


def test_a_reply_before_creation_stays_negative_on_the_business_clock_when_both_are_in_closed_hours(tmp_path):
    found = facts(tmp_path, "2026-05-09 12:00 | 2026-05-09 11:00 | |").iloc[0]
    assert found["response_seconds"] == -3600
    assert found["response_business_seconds"] < 0


def test_what_has_not_happened_has_no_seconds(tmp_path):
    found = facts(tmp_path, "2026-05-04 09:00 | | |", "2026-05-04 09:00 | 2026-05-04 10:00 | |")
    assert list(found["response_seconds"].notna()) == [False, True]
    assert list(found["response_business_seconds"].notna()) == [False, True]
    assert not found["resolution_seconds"].notna().any() and not found["resolved_on"].notna().any()


def test_without_business_hours_the_business_seconds_are_unknown(tmp_path):
    found = facts(tmp_path, "2026-05-04 09:00 | 2026-05-04 10:00 | |", toml="").iloc[0]
    assert found["response_seconds"] == 3600
    assert pd.isna(found["response_business_seconds"]) and pd.isna(found["after_hours"])


@pytest.mark.parametrize(
    ("created", "after_hours"),
    [
        ("2026-05-04 07:59:59", True),
        ("2026-05-04 08:00:00", False),
        ("2026-05-04 15:59:59", False),
        ("2026-05-04 16:00:00", True),
        ("2026-05-09 10:00:00", True),  # Saturday
        ("2026-05-14 10:00:00", True),  # a holiday
    ],
)
def test_after_hours_is_outside_the_half_open_opening_hours(tmp_path, created, after_hours):
    assert facts(tmp_path, f"{created} | | |")["after_hours"].iloc[0] == after_hours


@pytest.mark.parametrize(
    ("resolved", "closed", "settled"),
    [
        ("2026-05-05T09:00:00Z", "2026-05-09T09:00:00Z", "2026-05-05T09:00:00"),
        ("", "2026-05-09T09:00:00Z", "2026-05-09T09:00:00"),
        ("", "", "2026-05-04T09:00:00"),
    ],
)
def test_a_ticket_is_settled_when_resolved_else_closed_else_created(tmp_path, resolved, closed, settled):
    found = facts(tmp_path, f"2026-05-04T09:00:00Z | | {resolved} | {closed}").iloc[0]
    assert found["settled_at"] == utc(settled)
    assert found["settled_on"] == utc(settled).date()


def test_calls_and_surveys_have_their_local_days(tmp_path):
    calls = """
    call_id | team  | offered_at
    1       | North | 2026-05-04T21:30:00Z
    """
    surveys = """
    response_id | team  | kind | sent_at              | answered_at
    1           | North | csat | 2026-05-04T20:30:00Z | 2026-05-04T21:30:00Z
    """
    found = store(tmp_path, HOURS, audit=HELSINKI, calls=calls, surveys=surveys)
    call, survey = found.frame("calls").iloc[0], found.frame("surveys").iloc[0]
    assert (call["offered_on"], call["offered_hour"], call["offered_weekday"]) == (date(2026, 5, 5), 0, 2)
    assert call["after_hours"]
    assert (survey["sent_on"], survey["answered_on"]) == (date(2026, 5, 4), date(2026, 5, 5))


@pytest.mark.parametrize(
    ("table", "rows"),
    [("tickets", ["1"]), ("reviews", ["r1"]), ("agents", ["eva", "ivo"]), ("orders", ["o1"]), ("changes", ["a", "b"])],
)
def test_a_frame_of_a_team_and_period_holds_its_rows(tmp_path, table, rows):
    """Tables without a team are not narrowed by one, nor tables without a time by a period."""
    from auditkit.clocks.period import parse_period

    found = store(
        tmp_path,
        audit=HELSINKI,
        tickets="""
        ticket_id | team  | created_at
        1         | North | 2026-04-30T21:00:00Z
        2         | South | 2026-05-04T09:00:00Z
        3         | North | 2026-05-31T21:00:00Z
        """,
        reviews="""
        review_id | reviewed_at          | team  | scorecard | criterion
        r1        | 2026-04-30T21:00:00Z | North | calls     | greeting
        r2        | 2026-05-31T21:00:00Z | North | calls     | greeting
        r3        | 2026-05-04T09:00:00Z | South | calls     | greeting
        """,
        agents="""
        agent | team
        eva   | North
        ivo   | North
        kim   | South
        """,
        changes="""
        title | team  | at
        a     | North | 2026-05-04T09:00:00Z
        b     |       | 2026-05-04T09:00:00Z
        c     | South | 2026-05-04T09:00:00Z
        d     | North | 2026-06-04T09:00:00Z
        """,
        orders="""
        order_id | customer_id | ordered_at
        o1       | c1          | 2026-04-30T21:00:00Z
        o2       | c1          | 2026-04-30T20:59:59Z
        """,
    )
    frame = found.frame(table, "North", parse_period("2026-05"))
    key = {"tickets": "ticket_id", "reviews": "review_id", "agents": "agent", "orders": "order_id", "changes": "title"}[
        table
    ]
    assert sorted(frame[key]) == rows
