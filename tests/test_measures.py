"""Every measure and variant of the catalogue on tables small enough to work the answer by hand.

Answers stand beside the cases; times are in hours in the comments. Golden figures come from published sources.
"""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, table

from auditkit import measure
from auditkit.definition import Count, Measure
from auditkit.measures import calls, find, resolution, speed, voice, volume

MEASURES = {found.id: found for module in (volume, speed, resolution, calls, voice) for found in module.MEASURES}
HOUR = 3600
HOURS = {"mon-fri": "08:00-16:00"}
AS_OF = "2026-06-01T00:00:00+00:00"

SHORT = {
    "id": "ticket_id",
    "who": "customer_id",
    "created": "created_at",
    "answered": "first_response_at",
    "resolved": "resolved_at",
    "asked": "customer_replies",
    "sla": "sla_resolution_met",
    "out": "outbound",
}

# May 2026 begins on a Friday: the 4th, 11th, 18th and 25th are Mondays. Spam is excluded and outbound work is not
# the customer's: neither is counted anywhere. Ann comes back after two days. Ticket 9 is April's, resolved in May.
TICKETS = table("""
id | who | created          | answered         | resolved         | reopens | replies | asked | sla   | excluded | out
1  | ann | 2026-05-04 09:00 | 2026-05-04 10:00 | 2026-05-04 11:00 | 0       | 1       | 0     | true  |          |
2  | bo  | 2026-05-08 15:00 | 2026-05-11 09:00 | 2026-05-11 10:00 | 0       | 2       | 1     | true  |          |
3  | cy  | 2026-05-09 12:00 | 2026-05-11 08:30 | 2026-05-12 12:00 | 1       | 3       | 2     | false |          |
4  | ann | 2026-05-06 09:00 | 2026-05-06 09:30 | 2026-05-06 09:45 | 0       | 1       | 0     | true  |          | false
5  | dee | 2026-05-18 09:00 |                  |                  | 0       | 0       | 0     |       |          |
6  | eve | 2026-05-27 10:00 | 2026-05-27 12:00 | 2026-05-28 10:00 | 0       | 0       | 0     | true  |          |
7  | fay | 2026-05-05 09:00 | 2026-05-05 09:01 | 2026-05-05 09:02 | 5       | 9       | 9     | false | spam     |
8  | gus | 2026-05-05 09:00 | 2026-05-05 09:01 | 2026-05-05 09:02 | 5       | 9       | 9     | false |          | true
9  | hal | 2026-04-20 09:00 | 2026-04-20 10:00 | 2026-05-05 09:00 | 2       | 4       | 3     | false |          |
10 | iva | 2026-05-29 15:00 |                  |                  | 0       | 0       | 0     |       |          |
""").rename(columns=SHORT)

# Call 9 rang out: nobody knows where the caller left, so it is unanswered and not abandoned. Call 10 is outbound.
CALLS = table("""
call_id | offered_at          | answered | wait_seconds | abandoned_in | talk_seconds | resolved | direction
1       | 2026-05-04 09:00:00 | true     | 5            |              | 100          | true     | inbound
2       | 2026-05-04 09:00:10 | true     | 20           |              | 200          | false    | inbound
3       | 2026-05-04 09:00:20 | true     | 35           |              | 300          | true     |
4       | 2026-05-04 09:00:30 | true     | 60           |              | 400          | true     |
5       | 2026-05-04 09:00:40 | false    | 4            | queue        |              |          |
6       | 2026-05-04 09:00:50 | false    | 30           | queue        |              |          |
7       | 2026-05-04 09:01:00 | false    | 10           | ivr          |              |          |
8       | 2026-05-04 09:01:10 | false    |              | ringing      |              |          |
9       | 2026-05-04 09:01:20 | false    | 15           |              |              |          |
10      | 2026-05-04 09:01:30 | true     | 1            |              | 999          | true     | outbound
""")

SURVEYS = table("""
response_id | kind | sent_at          | answered_at      | score | scale_min | scale_max | invalidated
1           | csat | 2026-05-04 09:00 | 2026-05-05 09:00 | 1     | 1         | 5         |
2           | csat | 2026-05-04 09:00 | 2026-05-05 09:00 | 2     | 1         | 5         |
3           | csat | 2026-05-04 09:00 | 2026-05-05 09:00 | 4     | 1         | 5         | false
4           | csat | 2026-05-04 09:00 | 2026-05-05 09:00 | 5     | 1         | 5         |
5           | csat | 2026-05-04 09:00 | 2026-05-05 09:00 | 5     | 1         | 5         |
6           | csat | 2026-05-04 09:00 |                  |       | 1         | 5         |
7           | nps  | 2026-05-04 09:00 | 2026-05-05 09:00 | 9     | 0         | 10        |
8           | nps  | 2026-05-04 09:00 | 2026-05-05 09:00 | 7     | 0         | 10        |
9           | nps  | 2026-05-04 09:00 | 2026-05-05 09:00 | 6     | 0         | 10        |
10          | nps  | 2026-05-04 09:00 | 2026-05-05 09:00 | 10    | 0         | 10        |
11          | ces  | 2026-05-04 09:00 | 2026-05-05 09:00 | 7     | 1         | 7         |
12          | ces  | 2026-05-04 09:00 | 2026-05-05 09:00 | 5     | 1         | 7         |
13          | ces  | 2026-05-04 09:00 | 2026-05-05 09:00 | 3     | 1         | 7         |
14          | ces  | 2026-05-04 09:00 |                  |       | 1         | 7         |
15          | csat | 2026-05-04 09:00 | 2026-05-05 09:00 | 5     | 1         | 5         | true
""")

FRAMES = {"tickets": TICKETS, "calls": CALLS, "surveys": SURVEYS}
TARGETS = {
    "first_response_within": {"within": "2h"},
    "first_response_within_business": {"within": "2h"},
    "resolved_within": {"within": "24h"},
    "resolved_within_business": {"within": "8h"},
}

# measure, variant, statistic, value
WORKED = [
    # received in May: 1-6 and 10; resolved in May: 1-4, 6 and 9
    ("tickets_received", "default", "count", 7),
    ("tickets_resolved", "default", "count", 6),
    ("tickets_resolved", "resolution_events", "count", 9),  # 1 + 1 + 2 + 1 + 1 + 3
    ("tickets_resolved", "customers_resolved", "count", 5),  # ann once
    ("resolution_rate", "default", "share", 5 / 7),
    ("clearance_ratio", "default", "ratio", 6 / 7),
    ("net_flow", "default", "net", 1),
    # open at the end of May: 5 for 327 h, 10 for 57 h
    ("backlog", "default", "count", 2),
    ("backlog_age_median", "default", "median", 192 * HOUR),
    ("backlog_age_p90", "default", "p90", 300 * HOUR),  # 57 + 0.9 x 270
    # calendar 1, 66, 44.5, 0.5, 2; business 1, 1 + 1, 0.5, 0.5, 2
    ("first_response_time", "default", "median", 2 * HOUR),
    ("first_response_time", "default", "mean", 22.8 * HOUR),
    ("first_response_time", "default", "p90", 57.4 * HOUR),  # 44.5 + 0.6 x 21.5
    ("first_response_time_business", "default", "median", 1 * HOUR),
    ("first_response_time_business", "default", "mean", 1.2 * HOUR),
    ("first_response_time_business", "default", "p90", 2 * HOUR),
    # within 2 h: 1, 4 and 6 (on the second); 5 and 10 are unanswered and overdue
    ("first_response_within", "default", "share", 3 / 7),
    # in business hours all five answers are; 5 is overdue; 10 has waited one business hour, so it is not due
    ("first_response_within_business", "default", "share", 5 / 6),
    # calendar 2, 67, 72, 0.75, 24, 360; business 2, 3, 12, 0.75, 8, 88
    ("resolution_time", "default", "median", 45.5 * HOUR),
    ("resolution_time", "default", "mean", 87.625 * HOUR),
    ("resolution_time", "default", "p90", 216 * HOUR),  # 72 + 0.5 x 288
    ("resolution_time_business", "default", "median", 5.5 * HOUR),
    ("resolution_time_business", "default", "mean", 113.75 / 6 * HOUR),
    ("resolution_time_business", "default", "p90", 50 * HOUR),  # 12 + 0.5 x 76
    # 0.75 2 24 57+ 67 72 327+: survival 6/7 5/7 4/7, then 4/7 x 2/3 < 1/2 at 67
    ("resolution_time_all", "default", "median", 67 * HOUR),
    # 0.75 1+ 2 3 8 12 79+: 6/7, x 4/5, x 3/4 = 0.514, x 2/3 = 0.343 at 8
    ("resolution_time_all_business", "default", "median", 8 * HOUR),
    ("resolved_within", "default", "share", 3 / 7),  # 1, 4 and 6 (24 h to the second) of 1-6 and 10
    ("resolved_within_business", "default", "share", 4 / 6),  # 1, 2, 4 and 6 (8 h); 10 is not due
    ("sla_met_as_recorded", "default", "share", 4 / 6),  # 5 and 10 have no verdict
    # first contacts whose 7 days are over: 1, 2, 3, 5; ann came back, 3 was reopened, 5 is open
    ("fcr", "default", "share", 1 / 4),
    ("fcr", "one_touch", "share", 2 / 6),  # 1 and 4
    ("fcr", "one_touch_or_none", "share", 3 / 6),  # and 6
    ("fcr", "no_reopen", "share", 4 / 6),  # all but 3 and 9
    ("fcr", "no_customer_reply", "share", 3 / 6),  # 1, 4 and 6
    ("reopen_rate", "default", "share", 2 / 6),
    ("reopen_rate", "of_received", "share", 1 / 7),
    ("reopen_rate", "per_resolved", "mean", 3 / 6),
    # 1 2 3 1 0 4
    ("replies_per_resolution", "default", "mean", 11 / 6),
    ("replies_per_resolution", "default", "median", 1.5),
    ("replies_per_resolution", "default", "p90", 3.5),
    ("calls_offered", "default", "count", 9),
    ("answer_rate", "default", "share", 4 / 9),
    ("abandonment_rate", "default", "share", 4 / 9),  # 5-8
    ("abandonment_rate", "without_short", "share", 3 / 8),  # 5 hung up after 4 s
    ("abandonment_rate", "in_ivr", "share", 1 / 9),
    ("abandonment_rate", "in_queue", "share", 2 / 9),
    ("abandonment_rate", "ringing", "share", 1 / 9),
    ("service_level", "default", "share", 2 / 9),  # 1 and 2 (20 s, on target)
    ("service_level", "v1", "share", 4 / 8),  # 1, 2, 5, 7; the wait of 8 is not known
    ("service_level", "v2", "share", 2 / 4),
    ("service_level", "v3", "share", 2 / 9),
    ("service_level", "v4", "share", 2 / 5),  # of 1-4 and 6
    ("service_level", "v5", "share", 3 / 8),  # 1, 2 and 5; without 8
    ("service_level", "v6", "share", 2 / 7),  # without 5 and 8
    # 5 20 35 60
    ("speed_of_answer", "default", "mean", 30),
    ("speed_of_answer", "default", "median", 27.5),
    ("speed_of_answer", "default", "p90", 52.5),
    ("speed_of_answer", "default", "max", 60),
    ("talk_time", "default", "mean", 250),
    ("talk_time", "default", "median", 250),
    ("talk_time", "default", "p90", 370),
    ("call_resolution_rate", "default", "share", 3 / 4),
    ("call_resolution_rate", "of_offered", "share", 3 / 9),
    ("csat", "default", "share", 3 / 5),
    ("csat_mean", "default", "mean", 3.4),
    ("ces", "default", "mean", 5),
    ("ces", "share_5_plus", "share", 2 / 3),
    ("ces", "net", "net", 0),  # 7 against 3
    ("nps", "default", "net", 1 / 4),  # 9 and 10 against 6
    ("survey_response_rate", "default", "share", 12 / 14),
]


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    """All measures with their variants over May."""
    return pd.concat(
        measure(
            one, FRAMES[one.of], period="2026-05", hours=HOURS, as_of=AS_OF, target=TARGETS.get(name), variants=True
        )
        for name, one in MEASURES.items()
    )


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(figures, name, variant, statistic, value):
    found = one(figures, measure=name, variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value, rel=1e-12), found["reason"]


def test_every_measure_and_variant_has_a_worked_case():
    declared = {
        (name, variant.variant, statistic)
        for name, found in MEASURES.items()
        for variant in (found, *found.variants.values())
        for statistic in variant.statistics
    }
    assert declared == {case[:3] for case in WORKED}


def test_numerator_and_denominator_stay_beside_the_share(figures):
    found = one(figures, measure="answer_rate")
    assert (found["numerator"], found["denominator"], found["n"]) == (4, 9, 9)


def test_completeness_is_the_part_of_the_rows_that_have_what_the_measure_needs(figures):
    assert one(figures, measure="sla_met_as_recorded")["completeness"] == pytest.approx(6 / 8)
    assert one(figures, measure="service_level", variant="v4")["completeness"] == pytest.approx(5 / 6)
    assert one(figures, measure="answer_rate")["completeness"] == 1


# --- golden figures


SERVICE_LEVEL = [
    ("v1", 0.8302),
    ("v2", 0.8600),
    ("v3", 0.8113),
    ("v4", 0.8269),
    ("v5", 0.8208),
    ("v6", 0.8190),
    ("default", 0.8113),
]


@pytest.fixture(scope="module")
def service_level() -> pd.DataFrame:
    answered = {"answered": True, "abandoned_in": None}
    abandoned = {"answered": False, "abandoned_in": "queue"}
    rows = 860 * [answered | {"wait_seconds": 20}] + 140 * [answered | {"wait_seconds": 21}]
    rows += 10 * [abandoned | {"wait_seconds": 5}] + 10 * [abandoned | {"wait_seconds": 6}]
    rows += 40 * [abandoned | {"wait_seconds": 21}]
    calls = pd.DataFrame(rows).assign(offered_at="2026-05-04 09:00")
    return measure("service_level", calls, variants=True)


@pytest.mark.parametrize(("variant", "value"), SERVICE_LEVEL)
def test_six_service_levels_of_the_icmi_example(service_level, variant, value):
    assert one(service_level, variant=variant)["value"] == pytest.approx(value, abs=5e-5)


def surveys(kind: str, counts: dict[int, int]) -> pd.DataFrame:
    scores = [score for score, count in counts.items() for _ in range(count)]
    return pd.DataFrame({"kind": kind, "score": scores, "answered_at": "2026-05-04 09:00"})


@pytest.mark.parametrize(("times", "margin"), [(1, 0.147), (10, 0.046)])
def test_nps_of_50_promoters_33_passives_and_17_detractors(times, margin):
    found = one(
        measure("nps", surveys("nps", {10: 20 * times, 9: 30 * times, 8: 33 * times, 6: 10 * times, 0: 7 * times}))
    )
    assert found["value"] == pytest.approx(0.33)
    assert (found["high"] - found["low"]) / 2 == pytest.approx(margin, abs=5e-4)


def test_ces_of_a_thousand_answers():
    counts = dict(zip(range(1, 8), (80, 210, 140, 110, 160, 180, 120), strict=True))
    found = measure("ces", surveys("ces", counts), variants=True)
    assert one(found, variant="default")["value"] == pytest.approx(4.08)
    assert one(found, variant="share_5_plus")["value"] == pytest.approx(0.46)
    assert one(found, variant="net")["value"] == pytest.approx(-0.13)


@pytest.mark.parametrize(
    ("met", "n", "low", "high"), [(9, 10, 0.596, 0.982), (92, 100, 0.850, 0.959), (0, 5, 0, 0.434), (5, 5, 0.566, 1)]
)
def test_a_share_has_wilsons_interval(met, n, low, high):
    calls = pd.DataFrame({"offered_at": "2026-05-04", "answered": [row < met for row in range(n)]})
    found = one(measure("answer_rate", calls))
    assert (found["low"], found["high"]) == (pytest.approx(low, abs=5e-4), pytest.approx(high, abs=5e-4))


# --- rules at the edges


def test_nothing_to_count_is_no_value_and_says_so():
    found = one(measure("answer_rate", CALLS, period="2026-05-04..2026-05-05", by=None).assign(), measure="answer_rate")
    assert found["available"]
    empty = one(measure("csat", SURVEYS[SURVEYS["kind"] == "nps"]))
    assert pd.isna(empty["value"]) and not empty["available"]
    assert empty["reason"] == "nothing to count in the period"


def test_a_count_of_nothing_is_zero():
    tickets = table("""
    created_at       | resolved_at
    2026-05-04 09:00 |
    """)
    assert one(measure("tickets_resolved", tickets))["value"] == 0


@pytest.mark.parametrize(
    ("low", "high", "scores", "share"),
    [
        (1, 5, [3, 4], 1 / 2),  # 4 is a top box, 3 is not
        (1, 3, [2, 3], 1 / 2),
        (0, 1, [0, 1], 1 / 2),  # bad and good
        (1, 2, [1, 2], 1 / 2),
        (0, 10, [7, 8], 1 / 2),  # the upper quarter begins at 7.5
        (1, 5, [4, 9], 1),  # 9 is not on the scale and is not counted
    ],
)
def test_top_box_is_the_upper_quarter_of_the_declared_scale(low, high, scores, share):
    answers = surveys("csat", dict.fromkeys(scores, 1)).assign(scale_min=low, scale_max=high)
    assert one(measure("csat", answers))["value"] == pytest.approx(share)


@pytest.mark.parametrize(("kind", "top", "score"), [("nps", 10, 10), ("nps", 10, 9), ("ces", 7, 6)])
def test_a_declared_top_of_the_scale_is_enough_where_the_kind_settles_the_bottom(kind, top, score):
    answers = surveys(kind, {score: 3}).assign(scale_max=top)
    assert one(measure(kind, answers))["n"] == 3


def test_a_six_is_a_detractor():
    assert one(measure("nps", surveys("nps", {6: 10, 10: 90})))["value"] == pytest.approx(0.8)


def test_a_score_on_a_scale_that_nobody_declared_is_not_counted():
    found = one(measure("csat", surveys("csat", {80: 3, 95: 2})))
    assert not found["available"]
    assert found["reason"] == "none of the 5 rows has what the measure needs"


BY_PRIORITY = table("""
created_at       | first_response_at | priority
2026-05-04 09:00 | 2026-05-04 10:00  | High
2026-05-04 09:00 | 2026-05-04 10:01  | high
2026-05-04 09:00 | 2026-05-04 13:00  | Normal
2026-05-04 09:00 | 2026-05-05 13:00  | Nobody's
""")


def test_a_target_may_differ_by_priority_and_tickets_without_one_are_left_out():
    target = {"within": {"high": "1h", "normal": "4h"}}
    found = one(measure("first_response_within", BY_PRIORITY, target=target))
    assert (found["numerator"], found["denominator"]) == (2, 3)


def test_a_quote_in_a_priority_is_only_a_quote():
    target = {"within": {"nobody's": "2d"}}
    assert one(measure("first_response_within", BY_PRIORITY, target=target))["value"] == 1


def test_a_target_by_priority_needs_the_priorities():
    target = {"within": {"high": "1h"}}
    without = BY_PRIORITY.drop(columns="priority")
    assert "priority" in one(measure("first_response_within", without, target=target))["reason"]
    calls = table("""
    offered_at       | answered | wait_seconds
    2026-05-04 09:00 | true     | 5
    """)
    assert "priority" in one(measure("service_level", calls, target=target))["reason"]


def test_without_a_target_a_share_within_it_is_not_available():
    found = one(measure("first_response_within", BY_PRIORITY))
    assert found["reason"] == "audit.toml sets no within for first_response_within"


BEFORE_CREATION = table("""
created_at       | first_response_at | resolved_at
2026-05-09 12:00 | 2026-05-09 11:00  | 2026-05-09 11:30
2026-05-11 09:00 | 2026-05-11 09:30  | 2026-05-11 10:00
""")


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("first_response_time", 30),
        ("first_response_time_business", 30),  # the 9th is a Saturday: both of its instants lie in closed hours
        ("resolution_time", 60),
        ("resolution_time_business", 60),
        ("resolution_time_all", 60),
    ],
)
def test_a_reply_or_resolution_before_the_creation_is_left_out_and_lowers_completeness(name, minutes):
    found = measure(name, BEFORE_CREATION, hours=HOURS)
    found = one(found, statistic="median")
    assert (found["value"], found["n"], found["completeness"]) == (minutes * 60, 1, 0.5)


FIRST_CONTACTS = """
ticket_id | customer_id | reason | created_at       | resolved_at      | reopens
1         | ann         | bill   | 2026-05-04 09:00 | 2026-05-04 10:00 | 0
2         | ann         | {other}   | 2026-05-11 09:00 | 2026-05-11 10:00 | 0
"""


@pytest.mark.parametrize(
    ("reason", "met", "counted"),
    [
        ("bill", 0, 1),  # the same matter, exactly seven days later: a repeat, and no first contact
        ("line", 2, 2),  # another matter
        ("", 0, 1),  # unknown: may be the same
    ],
)
def test_a_repeat_is_about_the_same_matter_where_both_are_known(reason, met, counted):
    found = one(measure("fcr", table(FIRST_CONTACTS.format(other=reason)), as_of=AS_OF))
    assert (found["numerator"], found["denominator"]) == (met, counted)


@pytest.mark.parametrize(
    ("offered_at", "met"),
    [
        ("2026-05-04 08:59", None),  # called before: the ticket is no first contact
        ("2026-05-04 09:30", 0),  # called again within the window
        ("2026-05-11 09:00", 0),  # on its last second
        ("2026-05-11 09:01", 1),
    ],
)
def test_a_call_of_the_same_customer_is_a_contact_too(offered_at, met):
    ticket = table("""
    ticket_id | customer_id | created_at       | resolved_at      | reopens
    1         | ann         | 2026-05-04 09:00 | 2026-05-04 10:00 | 0
    """)
    calls = pd.DataFrame({"offered_at": [offered_at], "customer_id": ["ann"]})
    found = one(measure("fcr", ticket, calls=calls, as_of=AS_OF))
    assert found["numerator"] == met if met is not None else found["n"] == 0


def test_the_call_that_opened_the_ticket_is_no_contact_before_it():
    ticket = table("""
    ticket_id | customer_id | created_at       | resolved_at      | reopens
    1         | ann         | 2026-05-04 09:00 | 2026-05-04 10:00 | 0
    """)
    calls = pd.DataFrame({"offered_at": ["2026-05-04 08:59"], "customer_id": ["ann"], "ticket_id": ["1"]})
    assert one(measure("fcr", ticket, calls=calls, as_of=AS_OF))["value"] == 1


def test_the_window_of_a_first_contact_must_be_over():
    ticket = table("""
    ticket_id | customer_id | created_at       | resolved_at      | reopens
    1         | ann         | 2026-05-04 09:00 | 2026-05-04 10:00 | 0
    """)
    assert one(measure("fcr", ticket, as_of="2026-05-11T08:59:59+00:00"))["n"] == 0
    assert one(measure("fcr", ticket, as_of="2026-05-11T09:00:00+00:00"))["n"] == 1


def test_a_tickets_frame_without_the_column_says_which_is_missing():
    found = one(measure("resolution_rate", pd.DataFrame({"created_at": ["2026-05-04"]})))
    assert found["reason"] == "no source has the column resolved_at"


# --- the catalogue as a whole


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_states_its_label_sentence_unit_and_date_rule(name):
    found = MEASURES[name]
    assert found.id == name and found.label and found.summary.endswith(".")
    assert found.unit and found.dated_by and found.counts
    assert isinstance(found, Measure) and found.of in FRAMES


def test_a_measure_of_ones_own_works_on_a_frame():
    mine = Count(
        id="weekend_calls",
        label="Weekend calls",
        summary="Calls at the weekend.",
        of="calls",
        dated_by="offered_at",
        counted="offered_weekday >= 6",
        unit="calls",
    )
    calls = pd.DataFrame({"offered_at": ["2026-05-08 09:00", "2026-05-09 09:00", "2026-05-10 09:00"]})
    assert one(measure(mine, calls))["value"] == 2


def test_an_unknown_measure_is_answered_with_the_nearest_name():
    with pytest.raises(Exception, match="Did you mean 'answer_rate'"):
        find(["answer_rat"])
