"""Pending time: a clock that stands still while the ticket waits for its customer, worked by hand.

The desk is open 8 to 16 on weekdays, in UTC; 4 May 2026 is a Monday.
"""

from __future__ import annotations

import pytest
from support import one, store, utc

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

HOUR = 3600
MAY = parse_period("2026-05")
AUDIT = "as_of = 2026-06-01T00:00:00Z\n"
TOML = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
resolved_within = { within = "4h" }
resolved_within_business = { within = "4h" }
"""
TICKETS = """
ticket_id | team  | created_at       | resolved_at      | pending_seconds
1         | North | 2026-05-04 10:00 | 2026-05-05 13:00 | 1
2         | North | 2026-05-08 14:00 | 2026-05-11 12:00 |
3         | North | 2026-05-04 09:00 | 2026-05-04 14:00 |
4         | North | 2026-05-18 09:00 |                  |
5         | North | 2026-05-04 08:00 | 2026-05-04 12:00 | 3600
"""
# 1 waits from Monday 11 until its customer writes on Tuesday 11; 2 over the weekend, and again until it is resolved; 3
# never; 4 to this day. 5 is in no log: its own column says an hour.
EVENTS = """
ticket_id | at               | actor    | kind         | value
1         | 2026-05-04 10:00 | customer | created      |
1         | 2026-05-04 11:00 | agent    | public_reply |
1         | 2026-05-04 11:00 | agent    | status       | Pending
1         | 2026-05-05 11:00 | customer | public_reply |
1         | 2026-05-05 13:00 | agent    | resolve      |
2         | 2026-05-08 15:00 | agent    | status       | pending
2         | 2026-05-09 10:00 | agent    | note         |
2         | 2026-05-11 09:00 | agent    | status       | open
2         | 2026-05-11 10:00 | agent    | status       | pending
2         | 2026-05-11 12:00 | agent    | resolve      |
3         | 2026-05-04 09:00 | customer | created      |
3         | 2026-05-04 14:00 | agent    | resolve      |
4         | 2026-05-19 09:00 | agent    | status       | pending
"""

# measure, variant, statistic, value
WORKED = [
    # 27 - 24, 70 - 66 - 2, 5 and 4 - 1 hours
    ("resolution_time", "without_pending", "median", 3 * HOUR),
    ("resolution_time", "without_pending", "mean", 3.25 * HOUR),
    ("resolution_time", "without_pending", "p90", 4.4 * HOUR),  # 3 + 0.7 x 2
    # 11 - 8, 6 - 4 and 5 business hours; how 5's hour lay is not known
    ("resolution_time_business", "without_pending", "median", 3 * HOUR),
    ("resolution_time_business", "without_pending", "mean", 10 / 3 * HOUR),
    ("resolution_time_business", "without_pending", "p90", 4.6 * HOUR),  # 3 + 0.8 x 2
    # ... and 4, still open after a day (8 business hours) of not waiting for its customer
    ("resolution_time_all", "without_pending", "median", 3 * HOUR),
    ("resolution_time_all_business", "without_pending", "median", 3 * HOUR),
    ("resolved_within", "without_pending", "share", 3 / 5),
    ("resolved_within_business", "without_pending", "share", 2 / 4),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return store(tmp_path_factory.mktemp("desk"), TOML, audit=AUDIT, tickets=TICKETS, ticket_events=EVENTS)


@pytest.fixture(scope="module")
def figures(desk):
    return evaluate(desk, [name for name, *_ in WORKED], ["North"], [MAY], variants=True)


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_clock_stands_still_while_the_customer_is_waited_for(figures, name, variant, statistic, value):
    found = one(figures, measure=name, variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value)


def test_the_clock_that_runs_on_is_the_default(figures):
    assert one(figures, measure="resolution_time", variant="default", statistic="mean")["value"] == 106 / 4 * HOUR


def test_what_the_source_counts_in_all_tells_no_business_hours_and_lowers_completeness(figures):
    found = one(figures, measure="resolution_time_business", variant="without_pending", statistic="mean")
    assert (found["n"], found["completeness"]) == (3, 0.75)


@pytest.mark.parametrize(
    ("as_of", "met", "n"),
    [
        # Monday 24:00: 1 has been open for 14 hours and waited for 13, so it is not due; 3 took 5 hours, 5 took 3
        ("2026-05-05T00:00", 1, 2),
        # Tuesday 16:00: 1 is resolved after 3 hours of its own
        ("2026-05-05T16:00", 2, 3),
        # 2 has waited since Friday 15 and is no more due on Sunday than it was then
        ("2026-05-10T00:00", 2, 3),
        # 4 was open for five hours before it waits: overdue, whatever it waits for since
        ("2026-05-18T14:01", 3, 5),
    ],
)
def test_waiting_is_known_up_to_as_of(desk, as_of, met, n):
    found = evaluate(desk, ["resolved_within"], ["North"], [MAY], variants=True, as_of=utc(as_of))
    found = one(found, variant="without_pending")
    assert (found["numerator"], found["denominator"]) == (met, n)


def test_statuses_that_wait_are_those_of_audit_toml(tmp_path):
    toml = TOML + '[pending]\nstatuses = ["On hold"]\n'
    events = EVENTS.replace("| Pending", "| on hold")
    of = store(tmp_path, toml, audit=AUDIT, tickets=TICKETS, ticket_events=events)
    found = evaluate(of, ["resolution_time"], ["North"], [MAY], variants=True)
    # "pending" is now a status like any other: 3, 70, 5 and 3 hours
    assert one(found, variant="without_pending", statistic="mean")["value"] == 81 / 4 * HOUR


def test_a_log_without_such_a_status_leaves_what_the_tickets_say(tmp_path):
    events = "\n".join(line for line in EVENTS.splitlines() if "status" not in line)
    of = store(tmp_path, TOML, audit=AUDIT, tickets=TICKETS, ticket_events=events)
    found = one(evaluate(of, ["resolution_time"], ["North"], [MAY], variants=True), variant="without_pending",
        statistic="mean")  # fmt: skip
    # 27 hours less a second, and 4 hours less one; of 2 and 3 nobody says
    assert (found["value"], found["n"]) == ((27 * HOUR - 1 + 3 * HOUR) / 2, 2)


def test_without_any_word_of_waiting_there_is_no_figure_and_it_says_why(tmp_path):
    tickets = "ticket_id | team | created_at | resolved_at\n1 | North | 2026-05-04 10:00 | 2026-05-04 11:00"
    found = evaluate(store(tmp_path, TOML, audit=AUDIT, tickets=tickets), ["resolution_time"], [], [MAY], variants=True)
    found = one(found, variant="without_pending", statistic="mean")
    assert (found["available"], found["reason"]) == (False, "no source has the column pending_seconds")


def test_more_waiting_than_there_was_time_is_a_fault_of_the_data_and_left_out(tmp_path):
    tickets = TICKETS.replace("| 3600", "| 999999")
    of = store(tmp_path, TOML, audit=AUDIT, tickets=tickets, ticket_events=EVENTS)
    found = evaluate(of, ["resolution_time"], ["North"], [MAY], variants=True)
    assert one(found, variant="without_pending", statistic="mean")["n"] == 3
