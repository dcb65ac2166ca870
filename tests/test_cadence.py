"""Update cadence: full days of being open, and which of them had a public reply."""

from __future__ import annotations

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st
from support import store

from auditkit.facts.cadence import make_update_windows
from auditkit.facts.fold import empty_relation

HEADER = "ticket_id | team | created_at | resolved_at | excluded\n"
EVENTS = "ticket_id | at | actor | kind\n"
# Another ticket's events, so that the log reaches from the first to the last day of May.
LOG = """log | 2026-05-01T00:00:00Z | agent | note
log | 2026-05-31T00:00:00Z | agent | public_reply
"""
LOG_TICKET = "log | North | 2026-05-01T00:00:00Z | 2026-05-01T00:00:01Z |\n"


def windows(folder, tickets: str, events: str) -> list[tuple]:
    """Day number and whether there was an update, of the windows made from drawn rows."""
    one = store(folder, tickets=HEADER + LOG_TICKET + _rows(tickets), ticket_events=EVENTS + LOG + _rows(events))
    con = one.connect()
    make_update_windows(con, "ticket_events", "tickets", one.workspace.config.zone_of)
    return con.sql(
        "SELECT day_no, updated FROM update_windows WHERE ticket_id <> 'log' ORDER BY ticket_id, day_no"
    ).fetchall()


def _rows(text: str) -> str:
    return "".join(f"{line.strip()}\n" for line in text.strip().splitlines())


def test_each_full_day_of_being_open_counts_and_the_begun_one_at_the_end_does_not(tmp_path):
    tickets = "1 | North | 2026-05-04T10:00:00Z | |"
    events = """
    1 | 2026-05-04T10:00:00Z | customer | created
    1 | 2026-05-05T09:59:59Z | agent    | public_reply
    1 | 2026-05-06T10:00:00Z |          | public_reply
    1 | 2026-05-07T12:00:00Z | agent    | note
    1 | 2026-05-08T12:00:00Z | customer | public_reply
    1 | 2026-05-09T09:00:00Z | agent    | resolve
    """
    # Day 1 has the first reply, day 2 none, day 3 begins with one (by somebody unnamed); a note and the customer's own
    # words are no updates. Day 5 was not over when the ticket was resolved.
    assert windows(tmp_path, tickets, events) == [(1, True), (2, False), (3, True), (4, False)]


def test_a_day_that_ends_at_the_moment_of_the_resolution_was_open_in_full(tmp_path):
    tickets = "1 | North | 2026-05-04T10:00:00Z | |"
    events = """
    1 | 2026-05-04T10:00:00Z | customer | created
    1 | 2026-05-05T10:00:00Z | agent    | resolve
    """
    assert windows(tmp_path, tickets, events) == [(1, False)]


def test_days_touched_by_a_resolved_spell_are_left_out_and_the_reopened_ticket_counts_on(tmp_path):
    tickets = "1 | North | 2026-05-04T10:00:00Z | |"
    events = """
    1 | 2026-05-04T10:00:00Z | customer | created
    1 | 2026-05-05T12:00:00Z | agent    | resolve
    1 | 2026-05-06T12:00:00Z | customer | reopen
    1 | 2026-05-08T09:00:00Z | agent    | public_reply
    1 | 2026-05-09T09:00:00Z | agent    | resolve
    """
    # Day 2 (resolved in it) and day 3 (reopened in it) are out; day 4 is the one with the reply.
    assert windows(tmp_path, tickets, events) == [(1, False), (4, True)]


def test_nothing_is_said_about_the_time_before_and_after_the_log(tmp_path):
    tickets = """
    1 | North | 2026-04-28T10:00:00Z | |
    2 | North | 2026-05-28T10:00:00Z | |
    """
    events = """
    1 | 2026-05-02T12:00:00Z | agent    | public_reply
    1 | 2026-05-03T12:00:00Z | agent    | resolve
    2 | 2026-05-28T10:00:00Z | customer | created
    """
    # The log begins on 1 May at 0:00, so ticket 1 starts with its day 4 (1 May 10:00); it ends on 31 May at 0:00.
    assert windows(tmp_path, tickets, events) == [(4, False), (5, True), (1, False), (2, False)]


def test_excluded_tickets_tickets_without_events_and_teams_without_replies_have_no_windows(tmp_path):
    tickets = """
    1 | North | 2026-05-04T10:00:00Z | | spam
    2 | North | 2026-05-04T10:00:00Z | |
    3 | South | 2026-05-04T10:00:00Z | |
    """
    events = """
    1 | 2026-05-04T10:00:00Z | customer | created
    3 | 2026-05-04T10:00:00Z | customer | created
    3 | 2026-05-20T10:00:00Z | agent    | note
    """
    assert windows(tmp_path, tickets, events) == []


def test_a_ticket_whose_log_has_no_resolution_is_open_until_its_own(tmp_path):
    one = store(
        tmp_path,
        audit='timezone = "Europe/Helsinki"',
        tickets=HEADER + LOG_TICKET + "1 | North | 2026-05-04T22:00:00Z | 2026-05-07T00:00:00Z |",
        ticket_events=EVENTS + LOG + "1 | 2026-05-04T22:00:00Z | customer | created",
    )
    con = one.connect()
    make_update_windows(con, "ticket_events", "tickets", one.workspace.config.zone_of)
    found = con.sql("SELECT day_no, strftime(at_on, '%d'), source_row FROM update_windows WHERE ticket_id = '1'")
    assert found.fetchall() == [(1, "05", 3), (2, "06", 3)]  # 22:00 UTC is 01:00 in Helsinki


def oracle(turns: list[tuple[int, str]], replies: list[int], last: int) -> list[tuple[int, bool]]:
    """Hour by hour: a day counts when the ticket was open from its first to its last moment."""
    found = []
    for day in range(last // 24):
        start, end = day * 24, day * 24 + 24
        is_open = True
        for hour, kind in turns:
            if hour <= start:
                is_open = kind == "reopen"
        inside = [kind for hour, kind in turns if start < hour < end]
        if is_open and "resolve" not in inside:
            found.append((day + 1, any(start <= hour < end for hour in replies)))
    return found


TURNS = st.lists(st.integers(1, 200), unique=True, max_size=6).map(
    lambda hours: [(hour, "resolve" if number % 2 == 0 else "reopen") for number, hour in enumerate(sorted(hours))]
)


@settings(max_examples=60, deadline=None)
@given(turns=TURNS, replies=st.lists(st.integers(0, 220), max_size=6))
def test_the_windows_are_those_of_reading_the_log_day_by_day(turns, replies):
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    for name in ("tickets", "ticket_events"):
        empty_relation(con, name, name)
    con.execute("""INSERT INTO tickets BY NAME
        SELECT '1' AS ticket_id, 'North' AS team, TIMESTAMPTZ '2026-05-01 00:00Z' AS created_at""")
    logged = [(0, "created"), (220, "public_reply"), *turns, *((hour, "public_reply") for hour in replies)]
    for hour, kind in logged:
        instant = f"make_timestamptz(epoch_us(TIMESTAMPTZ '2026-05-01 00:00Z') + {hour} * 3600000000)"
        con.execute(
            f"INSERT INTO ticket_events BY NAME SELECT '1' AS ticket_id, {instant} AS \"at\", ? AS kind", [kind]
        )
    make_update_windows(con, "ticket_events", "tickets", lambda team: "UTC")
    found = con.sql("SELECT day_no, updated FROM update_windows ORDER BY day_no").fetchall()
    assert found == oracle(turns, [220, *replies], 220)
