"""What came in and what is waiting, at the edges."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store, table, utc

from auditkit import measure
from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

MAY = parse_period("2026-05")
HOURS = {"mon-fri": "08:00-16:00"}


@pytest.mark.parametrize(
    ("created", "outside"),
    [
        ("2026-05-04 07:59:59", True),
        ("2026-05-04 08:00:00", False),  # on the minute of opening
        ("2026-05-04 15:59:59", False),
        ("2026-05-04 16:00:00", True),  # on the minute of closing
        ("2026-05-09 12:00:00", True),  # a Saturday
    ],
)
def test_a_ticket_is_outside_business_hours_from_the_minute_of_closing_on(created, outside):
    found = one(measure("after_hours_share", pd.DataFrame({"created_at": [created]}), hours=HOURS))
    assert found["value"] == outside


def test_without_business_hours_nothing_lies_outside_them():
    found = one(measure("after_hours_share", pd.DataFrame({"created_at": ["2026-05-04"]})))
    assert (found["available"], found["reason"]) == (False, "the business hours of all are not in audit.toml")


@pytest.mark.parametrize(
    ("hours", "ratio"),
    [
        (["2026-05-04 09:00"], 168),  # one ticket: all of it in one hour
        (["2026-05-04 09:00", "2026-05-04 09:59", "2026-05-11 09:30", "2026-05-05 09:00"], 126),  # 3 over 4/168
        (["2026-05-04 09:00", "2026-05-05 09:00"], 84),  # a tie
    ],
)
def test_the_busiest_hour_of_the_week_over_the_mean_one(hours, ratio):
    found = one(measure("peak_ratio", pd.DataFrame({"created_at": hours})))
    assert found["value"] == pytest.approx(ratio)
    assert pd.isna(found["low"]) and pd.isna(found["high"]) and found["n"] == len(hours)


def test_the_busiest_hour_is_a_local_one():
    """Summer time begins on 29 March: 9:00 in Helsinki is 7:00 UTC before it and 6:00 after."""
    tickets = pd.DataFrame({"created_at": ["2026-03-23T07:00Z", "2026-03-30T06:00Z"]})
    assert one(measure("peak_ratio", tickets, timezone="Europe/Helsinki"))["value"] == 168
    assert one(measure("peak_ratio", tickets, timezone="UTC"))["value"] == 84


def test_no_tickets_have_no_busiest_hour():
    found = one(
        measure(
            "peak_ratio",
            pd.DataFrame({"created_at": ["2026-05-04"]}),
            period="2026-05-05",
            as_of="2026-06-01T00:00:00+00:00",
        )
    )
    assert not found["available"]


# Ticket 3 was answered after the end of May, 4 was resolved without an answer, 5 is answered and open.
TICKETS = """
ticket_id | team  | channel | created_at        | first_response_at | resolved_at
1         | North | email   | 2026-05-04T10:00Z | 2026-05-04T11:00Z | 2026-05-05T10:00Z
2         | North | email   | 2026-05-04T10:00Z |                   |
3         | North | chat    | 2026-05-31T10:00Z | 2026-06-01T00:00Z |
4         | North | chat    | 2026-05-04T10:00Z |                   | 2026-05-05T10:00Z
5         | North | chat    | 2026-05-04T10:00Z | 2026-05-04T11:00Z |
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return store(tmp_path_factory.mktemp("desk"), audit="as_of = 2026-06-15T00:00:00Z", tickets=TICKETS)


def test_who_waits_for_an_answer_is_open_without_one_at_the_end(desk):
    assert one(evaluate(desk, ["awaiting_first_response"], ["North"], [MAY]))["value"] == 2  # 2 and 3
    found = evaluate(desk, ["awaiting_first_response"], ["North"], [parse_period("2026-05-04")])
    assert one(found)["value"] == 2  # 2 and 4, which is resolved on the next day
    found = evaluate(desk, ["awaiting_first_response"], ["North"], [MAY], by="channel")
    assert dict(zip(found["group"], found["value"], strict=True)) == {"chat": 1, "email": 1}


@pytest.mark.parametrize(
    ("as_of", "waiting"), [("2026-05-04T10:30", 4), ("2026-05-04T11:00", 2), ("2026-06-01T00:00", 2)]
)
def test_who_waits_at_as_of(desk, as_of, waiting):
    assert one(evaluate(desk, ["awaiting_first_response"], ["North"], [MAY], as_of=utc(as_of)))["value"] == waiting


def test_never_answered_counts_resolved_tickets_too(desk):
    found = one(evaluate(desk, ["unanswered_share"], ["North"], [MAY]))
    assert (found["numerator"], found["denominator"]) == (2, 5)  # 2 and 4


@pytest.mark.parametrize("name", ["awaiting_first_response", "unanswered_share"])
def test_whether_anybody_answered_must_be_in_the_source(name):
    tickets = table("created_at | resolved_at\n2026-05-04 10:00 |")
    assert one(measure(name, tickets))["reason"] == "no source has the column first_response_at"


def test_never_resolved_by_type():
    tickets = table("""
    created_at       | resolved_at      | type
    2026-05-04 10:00 | 2026-05-04 11:00 | bill
    2026-05-04 10:00 |                  | bill
    2026-05-04 10:00 |                  | line
    2026-05-04 10:00 | 2026-05-04 11:00 |
    """)
    found = measure("never_resolved_types", tickets, by="type")
    assert dict(zip(found["group"], found["value"], strict=True)) == {"bill": 0.5, "line": 1, None: 0}
