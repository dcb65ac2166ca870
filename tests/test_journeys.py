"""Journeys: contacts chained across tickets and calls, against a slow reading of the rule and cases worked by hand."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import store, utc

from auditkit.facts.chains import changes_of, first_contacts, numbered
from auditkit.facts.journeys import journeys_sql, make_contacts, make_journeys
from auditkit.load import load
from auditkit.store import microseconds_of
from auditkit.workspace import open_workspace

UNKNOWN = -1
GAP = 10
SAMPLE = Path(__file__).parents[1] / "data" / "sample"


def chained(*contacts: tuple[int, int, int]) -> list[int]:
    """The position of the first contact of the journey of each (time, customer, reason)."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*contacts, strict=True)] or [
        np.zeros(0, np.int64)
    ] * 3
    return first_contacts(*columns, GAP).tolist()


def oracle(contacts: list[tuple[int, int, int]]) -> list[int]:
    """One contact after the other, as the rule is written."""
    found, journeys = [], {}
    for position, (time, customer, reason) in enumerate(contacts):
        if customer == UNKNOWN:
            found.append(-1)
            continue
        own = journeys.setdefault(customer, [])
        fitting = [
            one
            for one in own
            if time - one["time"] <= GAP and (reason == UNKNOWN or one["reason"] in (reason, UNKNOWN))
        ]
        if fitting:
            journey = max(fitting, key=lambda one: one["last"])
        else:
            journey = {"first": position, "reason": UNKNOWN}
            own.append(journey)
        journey |= {"time": time, "last": position}
        if reason != UNKNOWN:
            journey["reason"] = reason
        found.append(journey["first"])
    return found


@pytest.mark.parametrize(
    ("contacts", "first"),
    [
        ([], []),
        ([(5, 1, 1)], [0]),
        ([(5, 1, 1), (15, 1, 1)], [0, 0]),  # exactly the gap
        ([(5, 1, 1), (16, 1, 1)], [0, 1]),  # one more
        ([(5, 1, 1), (15, 1, 1), (25, 1, 1)], [0, 0, 0]),  # the gap is to the previous contact, not to the first
        ([(5, 1, 1), (6, 2, 1)], [0, 1]),  # another customer
        ([(5, 1, 1), (6, 1, 2), (7, 1, 1)], [0, 1, 0]),  # two matters side by side
        ([(5, UNKNOWN, 1), (6, UNKNOWN, 1)], [-1, -1]),  # strangers
        ([(5, 1, 1), (6, 1, 2), (7, 1, UNKNOWN)], [0, 1, 1]),  # an unknown reason joins the most recent
        ([(5, 1, 1), (6, 1, UNKNOWN), (16, 1, 1)], [0, 0, 0]),  # and keeps it alive
        ([(5, 1, 1), (6, 1, 2), (14, 1, UNKNOWN), (16, 1, 1)], [0, 1, 1, 3]),  # but no other
        ([(5, 1, UNKNOWN), (6, 1, 1), (7, 1, 2)], [0, 0, 2]),  # the first known reason names the journey
        ([(5, 1, UNKNOWN), (6, 1, UNKNOWN), (7, 1, 2)], [0, 0, 0]),
        ([(5, 1, UNKNOWN), (16, 1, 2)], [0, 1]),
        ([(5, 1, 1), (5, 1, 1)], [0, 0]),  # at the same instant
        ([(-5, 1, 1), (0, 1, 1)], [0, 0]),
    ],
)
def test_journeys_of_contacts(contacts, first):
    assert chained(*contacts) == first
    assert oracle(contacts) == first


CONTACTS = st.lists(st.tuples(st.integers(-40, 40), st.integers(-1, 2), st.integers(-1, 2)), max_size=30).map(
    lambda contacts: sorted(contacts, key=lambda one: one[0])
)


@given(CONTACTS)
def test_the_journeys_are_those_of_reading_one_contact_after_the_other(contacts):
    assert chained(*contacts) == oracle(contacts)


@given(CONTACTS, st.integers(0, 30))
def test_later_contacts_never_move_earlier_ones(contacts, known):
    assert chained(*contacts)[:known] == chained(*contacts[:known])


@given(CONTACTS, st.lists(st.integers(-1, 2), min_size=30, max_size=30))
def test_numbers_and_changes_are_those_of_reading_each_journey(contacts, channels):
    first = np.array(chained(*contacts), dtype=np.int64)
    order, number = numbered(first)
    changed = changes_of(order, first, np.array(channels[: len(first)], dtype=np.int64))
    for journey in set(first[first >= 0].tolist()):
        members = np.flatnonzero(first == journey)
        assert number[np.isin(order, members)].tolist() == list(range(1, len(members) + 1))
        known = [position for position in members if channels[position] >= 0]
        assert [p for p in members if changed[p]] == [
            p for before, p in pairwise(known) if channels[before] != channels[p]
        ]


TICKETS = """
ticket_id | team  | customer_id | reason | channel | agent | created_at        | resolved_at       | excluded | outbound
1         | North | ann         | bill   | email   | Ada   | 2026-05-04T09:00Z | 2026-05-04T12:00Z |          |
2         | North | ann         | bill   | chat    | Bo    | 2026-05-10T09:00Z | 2026-05-11T09:00Z |          |
3         | North | ann         | size   | email   | Ada   | 2026-05-10T10:00Z |                   |          |
4         | South | ann         | bill   | email   | Ada   | 2026-05-04T10:00Z | 2026-05-04T11:00Z |          |
5         | North |             | bill   | email   | Ada   | 2026-05-04T10:00Z | 2026-05-04T11:00Z |          |
6         | North | ann         | bill   | email   | Ada   | 2026-05-05T10:00Z | 2026-05-05T11:00Z | spam     |
7         | North | ann         | bill   | email   | Ada   | 2026-05-05T10:00Z | 2026-05-05T11:00Z |          | true
8         | North | bob         | bill   |         | Ada   | 2026-05-05T22:30Z | 2026-05-06T11:00Z |          |
"""
CALLS = """
call_id | team  | customer_id | agent | offered_at        | talk_seconds | resolved | direction | ticket_id
a       | North | ann         | Bo    | 2026-05-24T09:00Z | 240          | true     | inbound   |
b       | North | ann         | Bo    | 2026-05-24T10:00Z | 60           |          | outbound  |
c       | North | bob         | Cy    | 2026-05-05T22:29Z | 60           |          | inbound   | 8
d       | North |             | Cy    | 2026-05-08T08:00Z | 90           |          | inbound   | 8
e       | North | cat         | Cy    | 2026-05-08T08:00Z |              | false    | inbound   |
"""
SURVEYS = """
response_id | team  | kind | answered_at          | score | scale_min | scale_max | ticket_id | call_id | invalidated
1           | North | csat | 2026-05-05T09:00:00Z | 5     | 1         | 5         | 1         |         |
2           | North | csat | 2026-05-12T09:00:00Z | 2     | 1         | 5         | 2         |         |
3           | North | nps  | 2026-05-12T09:00:00Z | 9     | 0         | 10        | 2         |         |
4           | North | csat | 2026-05-06T09:00:00Z | 4     | 1         | 5         |           | c       |
5           | North | csat | 2026-05-09T09:00:00Z | 5     | 1         | 5         |           | d       |
6           | North | csat |                      |       | 1         | 5         | 3         |         |
7           | North | csat | 2026-05-06T09:00:00Z | 1     | 1         | 5         | 1         |         | true
8           | North | csat | 2026-05-06T09:00:00Z | 1     | 1         | 5         | 5         |         |
"""


@pytest.fixture
def made(tmp_path):
    """A connection with the relations of the drawn tables."""
    one = store(tmp_path, audit='timezone = "Europe/Helsinki"', tickets=TICKETS, calls=CALLS, surveys=SURVEYS)
    con = one.connect()
    zone_of = one.workspace.config.zone_of
    make_contacts(con, "tickets", "calls", zone_of)
    make_journeys(con, "surveys", "calls")
    return con


def rows(con, sql: str) -> list[tuple]:
    return con.sql(sql).fetchall()


def test_a_contact_is_a_ticket_or_a_call_of_the_population_and_a_call_that_opened_a_ticket_is_none_of_its_own(made):
    assert rows(made, "SELECT team, kind, id, customer_id, journey_id, contact_no, switched FROM contacts") == [
        ("North", "ticket", "1", "ann", "ticket:1", 1, False),
        ("North", "ticket", "5", None, None, None, None),  # a stranger has no journey
        ("North", "ticket", "8", "bob", "ticket:8", 1, False),  # opened by call c
        ("North", "call", "d", "bob", "ticket:8", 2, False),  # known by the ticket it is linked to
        ("North", "call", "e", "cat", "call:e", 1, False),
        ("North", "ticket", "2", "ann", "ticket:1", 2, True),  # email, then chat
        ("North", "ticket", "3", "ann", "ticket:3", 1, False),  # another matter
        ("North", "call", "a", "ann", "ticket:3", 2, True),  # 14 days less an hour after ticket 3
        ("South", "ticket", "4", "ann", "ticket:4", 1, False),  # another team
    ]


def test_the_days_of_contacts_are_local(made):
    days = "SELECT strftime(at_on, '%d'), strftime(ended_on, '%d') FROM contacts WHERE id = '8'"
    assert rows(made, days) == [("06", "06")]  # 22:30 UTC is 01:30 in Helsinki


def test_a_journey_sums_up_its_contacts(made):
    wanted = (
        "journey_id, contacts, tickets, calls, start_channel, last_channel, channel_switches, agents, reason, resolved"
    )
    assert rows(made, f"SELECT {wanted} FROM journeys") == [
        ("ticket:1", 2, 2, 0, "email", "chat", 1, 2, "bill", True),
        ("ticket:8", 2, 1, 1, "phone", "phone", 0, 2, "bill", True),
        ("call:e", 1, 0, 1, "phone", "phone", 0, 1, None, False),  # a call says itself whether it settled the matter
        (
            "ticket:3",
            2,
            1,
            1,
            "email",
            "phone",
            1,
            2,
            "size",
            False,
        ),  # the ticket is still open, whatever the call says
        ("ticket:4", 1, 1, 0, "email", "email", 0, 1, "bill", True),
    ]


def test_the_lead_time_runs_from_the_first_contact_to_the_last_end_and_not_while_anything_is_open(made):
    assert rows(made, "SELECT journey_id, lead_seconds FROM journeys WHERE team = 'North'") == [
        ("ticket:1", 7 * 86400),  # 4 May 9:00 to 11 May 9:00
        ("ticket:8", 2 * 86400 + 9.5 * 3600 + 90),  # 5 May 22:30 to the end of call d, 90 seconds after 8 May 8:00
        ("call:e", 0),  # nothing says how long the call took
        ("ticket:3", None),
    ]


def test_a_journey_can_grow_until_the_gap_after_its_last_contact_is_over(made):
    assert rows(made, "SELECT window_seconds / 86400 FROM journeys WHERE journey_id = 'ticket:1'") == [(20,)]


def test_answers_join_the_journey_of_the_ticket_or_call_they_are_about(made):
    answers = "SELECT journey_id, surveys_answered, csat_answers, csat_top_box FROM journeys WHERE surveys_answered > 0"
    assert rows(made, answers) == [
        ("ticket:1", 3, 2, 1),  # 1, 2 and 3; 7 was withdrawn
        ("ticket:8", 2, 2, 2),  # 4 is about the call that opened the ticket
    ]
    assert rows(made, "SELECT response_id, contact_kind, contact_id FROM journey_surveys ORDER BY 1") == [
        ("1", "ticket", "1"),
        ("2", "ticket", "2"),
        ("3", "ticket", "2"),
        ("4", "ticket", "8"),
        ("5", "call", "d"),
    ]


def test_the_evidence_of_a_journey_is_its_first_contact(made):
    assert rows(made, "SELECT source, source_row FROM journeys WHERE journey_id = 'ticket:8'") == [
        ("data/tickets.csv", 9)
    ]


def test_contacts_of_journeys_come_in_their_order(made):
    of_journeys = "FROM contacts WHERE team = 'North' AND journey_no IS NOT NULL ORDER BY journey_no, contact_no"
    assert rows(made, f"SELECT journey_id, contact_no, kind, id {of_journeys}") == [
        ("ticket:1", 1, "ticket", "1"),
        ("ticket:1", 2, "ticket", "2"),
        ("ticket:8", 1, "ticket", "8"),
        ("ticket:8", 2, "call", "d"),
        ("call:e", 1, "call", "e"),
        ("ticket:3", 1, "ticket", "3"),
        ("ticket:3", 2, "call", "a"),
    ]


def test_at_an_earlier_instant_only_what_was_known_then_counts(made):
    then = microseconds_of(utc("2026-05-10T09:30"))
    sql = journeys_sql("contacts", "journey_surveys", as_of_us=then)
    wanted = "journey_id, contacts, lead_seconds, resolved, csat_answers"
    assert rows(made, f"SELECT {wanted} FROM ({sql}) WHERE team = 'North' AND customer_id = 'ann'") == [
        ("ticket:1", 2, None, False, 1)  # ticket 2 is there and still open; ticket 3 and call a are not known yet
    ]


@pytest.mark.parametrize("day", [4, 5, 6, 8, 10, 11, 12, 24])
def test_journeys_at_an_earlier_instant_are_those_of_the_data_of_then(made, day):
    then = microseconds_of(utc(f"2026-05-{day:02}T09:30"))
    made.execute(f"""CREATE TEMP TABLE tickets_then AS SELECT * REPLACE (
        CASE WHEN epoch_us(resolved_at) <= {then} THEN resolved_at END AS resolved_at)
        FROM tickets WHERE epoch_us(created_at) <= {then}""")
    made.execute(f"CREATE TEMP TABLE calls_then AS SELECT * FROM calls WHERE epoch_us(offered_at) <= {then}")
    made.execute(f"CREATE TEMP TABLE surveys_then AS SELECT * FROM surveys WHERE epoch_us(answered_at) <= {then}")
    known = made.sql(
        f"{journeys_sql('contacts', 'journey_surveys', as_of_us=then)} ORDER BY journey_no"
    ).to_arrow_table()
    make_contacts(made, "tickets_then", "calls_then", lambda team: "Europe/Helsinki")
    make_journeys(made, "surveys_then", "calls_then")
    assert known.to_pylist() == made.sql("SELECT * FROM journeys").to_arrow_table().to_pylist()
    assert known.num_rows > 0


def test_of_contacts_at_one_instant_tickets_come_first_and_then_the_smaller_id(tmp_path):
    tickets = """
    ticket_id | team  | customer_id | created_at
    t2        | North | ann         | 2026-05-04T09:00:00Z
    t1        | North | ann         | 2026-05-04T09:00:00Z
    """
    calls = """
    call_id | team  | customer_id | offered_at
    c1      | North | ann         | 2026-05-04T09:00:00Z
    """
    one = store(tmp_path, tickets=tickets, calls=calls)
    con = one.connect()
    make_contacts(con, "tickets", "calls", one.workspace.config.zone_of)
    assert rows(con, "SELECT id, journey_id FROM contacts ORDER BY contact_no") == [
        ("t1", "ticket:t1"),
        ("t2", "ticket:t1"),
        ("c1", "ticket:t1"),
    ]


@pytest.mark.parametrize("missing", ["tickets", "calls"])
def test_one_of_the_two_tables_is_enough(tmp_path, missing):
    tables = {"tickets": TICKETS, "calls": CALLS}
    tables.pop(missing)
    one = store(tmp_path, **tables)
    con = one.connect()
    names = {name: name if name in tables else None for name in ("tickets", "calls")}
    make_contacts(con, names["tickets"], names["calls"], one.workspace.config.zone_of)
    make_journeys(con, None, names["calls"])
    # Of tickets: 1 and 2, 3, 4, 8. Of calls: a, c, e; without its ticket, d has no customer.
    assert rows(con, "SELECT count(*), sum(surveys_answered) FROM journeys") == [(3 if missing == "tickets" else 4, 0)]


def test_where_no_contact_counts_or_no_customer_is_known_there_are_no_journeys(tmp_path):
    spam = "ticket_id | team | created_at | excluded\n1 | North | 2026-05-04T09:00:00Z | spam"
    stranger = "ticket_id | team | created_at | excluded\n1 | North | 2026-05-04T09:00:00Z |"
    for name, tickets, contacts in (("spam", spam, 0), ("stranger", stranger, 1)):
        one = store(tmp_path / name, tickets=tickets)
        con = one.connect()
        make_contacts(con, "tickets", None, one.workspace.config.zone_of)
        make_journeys(con, None, None)
        assert rows(con, "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM journeys)") == [(contacts, 0)]


def test_the_gap_is_a_parameter(tmp_path):
    one = store(tmp_path, tickets=TICKETS)
    con = one.connect()
    make_contacts(con, "tickets", None, one.workspace.config.zone_of, gap_days=5)
    make_journeys(con, None, None, gap_days=5)
    assert rows(con, "SELECT journey_id, contacts FROM journeys WHERE customer_id = 'ann' AND team = 'North'") == [
        ("ticket:1", 1),
        ("ticket:2", 1),
        ("ticket:3", 1),
    ]


def test_the_sample_shows_its_planted_repeats_after_a_quick_close_and_only_in_helsinki(tmp_path):
    shutil.copytree(SAMPLE, tmp_path / "sample", ignore=shutil.ignore_patterns(".auditkit", "reports"))
    one = load(open_workspace(tmp_path / "sample"))
    con = one.connect()
    make_contacts(con, "tickets", None, one.workspace.config.zone_of, gap_days=3)
    found = con.sql("""
        SELECT team, avg(CAST(repeated AS INTEGER)) FILTER (quick), avg(CAST(repeated AS INTEGER)) FILTER (NOT quick)
        FROM (SELECT team, epoch_us(ended_at) - epoch_us("at") <= 600_000_000 AS quick,
                contact_no < max(contact_no) OVER (PARTITION BY journey_no) AS repeated
            FROM contacts WHERE journey_no IS NOT NULL)
        WHERE quick IS NOT NULL AND team <> 'Almaty' GROUP BY team ORDER BY team""").fetchall()
    planted = json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))["effects"]["repeats_after_quick_close"]
    # What was planted was counted before dirt was added; a little of it is refused.
    assert found == [
        (
            team,
            pytest.approx(planted[team]["quick_share"], abs=0.02),
            pytest.approx(planted[team]["other_share"], abs=0.005),
        )
        for team in ("Helsinki", "London", "Oslo")
    ]
