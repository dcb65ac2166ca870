"""The same customer's previous and next contact, against an oracle that looks at every pair."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import store

from auditkit.facts.contacts import NEVER, contact_gaps

UNKNOWN = -1


def gaps(*contacts: tuple[int, int, int]) -> tuple[list[int | None], list[int | None]]:
    """Time since the previous and until the next contact of each (time, customer, reason)."""
    times, customers, reasons = (np.array(column, dtype=np.int64) for column in zip(*contacts, strict=True))
    since, until = contact_gaps(times, customers, reasons)
    return tuple([None if gap == NEVER else int(gap) for gap in side] for side in (since, until))


def oracle(contacts: list[tuple[int, int, int]]) -> tuple[list[int | None], list[int | None]]:
    def together(one, other):
        same_customer = one[1] == other[1] != UNKNOWN
        return same_customer and (one[2] == other[2] or UNKNOWN in (one[2], other[2]))

    since = [
        min((one[0] - other[0] for other in contacts if together(one, other) and other[0] < one[0]), default=None)
        for one in contacts
    ]
    until = [
        min((other[0] - one[0] for other in contacts if together(one, other) and other[0] > one[0]), default=None)
        for one in contacts
    ]
    return since, until


@pytest.mark.parametrize(
    ("contacts", "since", "until"),
    [
        ([(5, 1, 1)], [None], [None]),
        ([(5, 1, 1), (9, 1, 1)], [None, 4], [4, None]),
        ([(9, 1, 1), (5, 1, 1)], [4, None], [None, 4]),  # the order of the rows does not matter
        ([(5, 1, 1), (9, 2, 1)], [None, None], [None, None]),  # another customer
        ([(5, 1, 1), (9, 1, 2)], [None, None], [None, None]),  # another matter
        ([(5, 1, UNKNOWN), (9, 1, 2)], [None, 4], [4, None]),  # may be the same matter
        ([(5, 1, 1), (9, 1, UNKNOWN)], [None, 4], [4, None]),
        ([(5, UNKNOWN, 1), (9, UNKNOWN, 1)], [None, None], [None, None]),  # two strangers
        ([(5, 1, 1), (5, 1, 1)], [None, None], [None, None]),  # at the same instant: neither is the later
        ([(5, 1, 1), (5, 1, 1), (9, 1, 1)], [None, None, 4], [4, 4, None]),
        ([(5, 1, 1), (7, 1, 2), (9, 1, 1)], [None, None, 4], [4, None, None]),  # another matter between two
        ([(5, 1, 1), (7, 1, UNKNOWN), (9, 1, 1)], [None, 2, 2], [2, 2, None]),
        ([(-5, 1, 1), (0, 1, 1)], [None, 5], [5, None]),
    ],
)
def test_neighbours_of_a_contact(contacts, since, until):
    assert gaps(*contacts) == (since, until)
    assert oracle(contacts) == (since, until)


CONTACT = st.tuples(st.integers(-20, 20), st.integers(-1, 3), st.integers(-1, 2))


@given(st.lists(CONTACT, min_size=1, max_size=40))
def test_the_gaps_are_those_of_looking_at_every_pair(contacts):
    assert gaps(*contacts) == oracle(contacts)


def test_no_contacts_at_all():
    empty = np.array([], dtype=np.int64)
    since, until = contact_gaps(empty, empty, empty)
    assert len(since) == len(until) == 0


def test_contacts_of_the_store_are_of_one_team_tickets_and_calls_without_what_is_not_counted(tmp_path):
    tickets = """
    ticket_id | team  | customer_id | reason | created_at           | excluded | outbound
    1         | North | ann         | bill   | 2026-05-04T09:00:00Z |          |
    2         | North | ann         | bill   | 2026-05-04T10:00:00Z | spam     |
    3         | North | ann         | bill   | 2026-05-04T10:00:00Z |          | true
    4         | South | ann         | bill   | 2026-05-04T10:00:00Z |          |
    5         | North |             | bill   | 2026-05-04T10:00:00Z |          |
    6         | North | ann         | bill   | 2026-05-04T12:00:00Z |          |
    """
    calls = """
    call_id | team  | customer_id | offered_at           | direction | ticket_id
    1       | North | ann         | 2026-05-04T08:59:00Z | inbound   | 1
    2       | North | ann         | 2026-05-04T10:30:00Z | outbound  |
    3       | North | ann         | 2026-05-04T11:30:00Z | inbound   |
    """
    found = store(tmp_path, tickets=tickets, calls=calls).frame("tickets").set_index("ticket_id")
    assert found.loc["1", "seconds_to_contact"] == 2.5 * 3600  # call 3
    assert np.isnan(found.loc["1", "seconds_since_contact"])  # call 1 opened the ticket
    assert found.loc["6", "seconds_since_contact"] == 0.5 * 3600
    assert found.loc[["2", "3", "4", "5"], ["seconds_since_contact", "seconds_to_contact"]].isna().all(axis=None)
