"""Contacts and journeys on tables small enough to work the answer by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store, table, utc, values

from auditkit import measure
from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

MAY = parse_period("2026-05")
HOUR, DAY = 3600, 86400

# Ann: e-mail, chat six days later, a call ten days after that: one journey. Bo is still waiting. Cy came on the 30th:
# his window is over on 13 June. Nobody knows who wrote ticket 5. In South nobody marks complaints.
TICKETS = """
ticket_id | team  | customer_id | reason | channel | created_at        | resolved_at       | complaint | compliment
1         | North | ann         | bill   | email   | 2026-05-04T09:00Z | 2026-05-04T11:00Z | true      |
2         | North | ann         | bill   | chat    | 2026-05-10T09:00Z | 2026-05-11T09:00Z |           |
3         | North | bo          |        | email   | 2026-05-04T09:00Z |                   | false     | true
4         | North | cy          | bill   | email   | 2026-05-30T10:00Z | 2026-05-30T12:00Z |           |
5         | North |             | bill   | chat    | 2026-05-05T09:00Z | 2026-05-05T10:00Z | true      |
6         | South | ann         | bill   | email   | 2026-05-05T09:00Z | 2026-05-05T10:00Z |           |
7         | South |             | bill   | email   | 2026-05-05T09:00Z | 2026-05-05T10:00Z |           |
8         | East  |             | bill   | email   | 2026-05-05T09:00Z | 2026-05-05T10:00Z | false     | false
"""
CALLS = """
call_id | team  | customer_id | offered_at        | talk_seconds | answered
a       | North | ann         | 2026-05-20T09:00Z | 600          | true
b       | North | dee         | 2026-05-06T10:00Z | 60           | true
"""

# measure, variant, statistic, value
WORKED = [
    # Ann 3; Bo, Cy and Dee 1
    ("contacts_per_journey", "default", "mean", 1.5),
    ("contacts_per_journey", "default", "median", 1),
    ("contacts_per_journey", "default", "p90", 2.4),  # 1 + 0.7 x 2
    # Dee 60 s, Cy 2 h, Ann from the 4th 9:00 to the end of her call on the 20th
    ("journey_lead_time", "default", "median", 2 * HOUR),
    ("journey_lead_time", "default", "mean", (60 + 2 * HOUR + 16 * DAY + 600) / 3),
    ("journey_lead_time", "default", "p90", 2 * HOUR + 0.8 * (16 * DAY + 600 - 2 * HOUR)),
    ("channel_switch_rate", "default", "share", 1 / 4),
    ("start_channel", "default", "count", 4),
    ("identity_match_rate", "default", "share", 6 / 7),
    ("repeat_contact_rate", "default", "share", 1 / 4),  # Ann came back after six days
    ("complaint_rate", "default", "ratio", 1000 * 2 / 7),  # five tickets and two calls
    ("compliment_rate", "default", "ratio", 1000 / 7),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    toml = "[targets]\ncomplaint_rate = { at_most = 50, minimum_n = 1 }\n"
    audit = "as_of = 2026-06-15T00:00:00Z"
    return store(tmp_path_factory.mktemp("desk"), toml, audit=audit, tickets=TICKETS, calls=CALLS)


@pytest.fixture(scope="module")
def figures(desk) -> pd.DataFrame:
    return evaluate(desk, {case[0] for case in WORKED}, ["North"], [MAY], variants=True)


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(figures, name, variant, statistic, value):
    found = one(figures, measure=name, variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value, rel=1e-12), found["reason"]


@pytest.mark.parametrize(
    ("name", "by", "groups"),
    [
        ("start_channel", "channel", {"email": 3, "phone": 1}),
        ("contacts_per_journey", "channel", {"email": 5 / 3, "phone": 1}),  # by the channel of the first contact
        ("identity_match_rate", "channel", {"chat": 1 / 2, "email": 1, "phone": 1}),
        ("channel_switch_rate", "reason", {"bill": 1 / 2, None: 0}),
    ],
)
def test_journeys_and_contacts_by_group(desk, name, by, groups):
    found = evaluate(desk, [name], ["North"], [MAY], by=by)
    found = found[found["statistic"].isin(["count", "mean", "share"])]
    assert dict(zip(found["group"], found["value"], strict=True)) == pytest.approx(groups)


def test_a_journey_counts_once_its_window_is_over(desk):
    """Cy's journey may grow until 13 June, 10:00; Ann's until 3 June."""
    for as_of, journeys in [("2026-06-13T09:59:59", 3), ("2026-06-13T10:00", 4), ("2026-06-03T08:59", 2)]:
        found = evaluate(desk, ["contacts_per_journey"], ["North"], [MAY], as_of=utc(as_of))
        assert one(found, statistic="mean")["n"] == journeys


@pytest.mark.parametrize(
    ("as_of", "journeys", "switched", "lead"),
    [
        ("2026-05-04T08:59", 0, None, None),
        ("2026-05-04T10:00", 2, 0, None),  # Ann and Bo; nothing is settled yet
        ("2026-05-05T00:00", 2, 0, 2 * HOUR),  # Ann's e-mail is
        ("2026-05-10T10:00", 3, 1 / 3, 60),  # Ann's chat is open, so her journey is too; Dee's call is over
        ("2026-05-12T00:00", 3, 1 / 3, (60 + 7 * DAY) / 2),
    ],
)
def test_journeys_are_those_known_at_as_of(desk, as_of, journeys, switched, lead):
    names = ["start_channel", "channel_switch_rate", "journey_lead_time"]
    found = evaluate(desk, names, ["North"], [MAY], as_of=utc(as_of))
    found = found[found["statistic"].isin(["count", "share", "mean"])]
    assert values(found) == [journeys, switched, lead]


# --- repeat contacts and marks


@pytest.mark.parametrize(
    ("as_of", "met", "n"),
    [
        ("2026-06-15T00:00", 1, 4),
        ("2026-05-11T08:59:59", 0, None),  # the first seven days are not over for anybody
        ("2026-05-11T09:00", 1, 2),  # Ann's first contact and Bo's
        ("2026-05-13T10:00", 1, 3),  # and Dee's
    ],
)
def test_a_customer_counts_once_and_only_by_contacts_whose_window_is_over(desk, as_of, met, n):
    found = one(evaluate(desk, ["repeat_contact_rate"], ["North"], [MAY], as_of=utc(as_of)))
    assert found["n"] == (n or 0)
    assert not n or (found["numerator"], found["denominator"]) == (met, n)


@pytest.mark.parametrize(("second", "met"), [("2026-05-11 09:00", 1), ("2026-05-11 09:01", 0), ("2026-05-04 09:00", 1)])
def test_a_repeat_is_a_contact_within_seven_days_at_the_latest_on_their_last_second(second, met):
    tickets = pd.DataFrame({"created_at": ["2026-05-04 09:00", second], "customer_id": "ann"})
    found = one(measure("repeat_contact_rate", tickets, as_of="2026-06-15T00:00:00+00:00"))
    assert (found["numerator"], found["denominator"]) == (met, 1)


def test_how_many_contacts_have_a_known_customer_is_the_completeness_of_repeats(desk):
    assert one(evaluate(desk, ["repeat_contact_rate"], ["North"], [MAY]))["completeness"] == pytest.approx(6 / 7)


def test_where_no_customer_is_known_there_are_no_repeats_and_it_is_said(desk):
    found = one(evaluate(desk, ["repeat_contact_rate"], ["East"], [MAY]))
    assert (found["available"], found["reason"]) == (False, "none of the 1 rows has what the measure needs")
    found = evaluate(desk, ["start_channel", "identity_match_rate"], ["East"], [MAY])
    assert one(found, measure="identity_match_rate")["value"] == 0
    assert one(found, measure="start_channel")["reason"] == "the data hold no journeys of East"


def test_a_team_that_never_marks_complaints_has_no_rate_and_not_one_of_zero(desk):
    found = one(evaluate(desk, ["complaint_rate"], ["South"], [MAY]))
    assert pd.isna(found["value"]) and found["reason"] == "none of the 2 rows has what the measure needs"
    assert one(evaluate(desk, ["complaint_rate"], ["East"], [MAY]))["value"] == 0  # its one ticket says: none


def test_a_rate_per_thousand_has_its_target_and_its_interval_on_the_same_scale(desk):
    found = one(evaluate(desk, ["complaint_rate"], ["North"], [MAY]))
    assert (found["unit"], found["statistic"], found["target"]) == ("per 1,000", "ratio", 50)
    # Wilson for 2 of 7: 8.2 % to 64.1 %
    assert (found["low"], found["high"]) == (pytest.approx(82.2, abs=0.1), pytest.approx(641.1, abs=0.1))
    assert (found["numerator"], found["denominator"], found["verdict"]) == (2, 7, "misses")


@pytest.mark.parametrize("name", ["complaint_rate", "compliment_rate"])
def test_without_the_column_there_is_no_rate(name):
    found = one(measure(name, table("created_at\n2026-05-04 09:00")))
    assert found["reason"] == f"no source has the column {name.removesuffix('_rate')}"


def test_a_frame_of_tickets_and_one_of_calls_give_the_journeys_of_the_store(figures):
    tickets, calls = table(TICKETS), table(CALLS)
    for name in ("contacts_per_journey", "channel_switch_rate", "identity_match_rate"):
        own = measure(name, tickets, others={"calls": calls}, period="2026-05", as_of="2026-06-15T00:00:00+00:00")
        assert values(own, team="North") == values(figures, measure=name)


def test_calls_alone_are_contacts_too(tmp_path):
    found = evaluate(store(tmp_path, calls=CALLS, audit="as_of = 2026-06-15T00:00:00Z"), ["start_channel"], [], [MAY])
    assert one(found)["value"] == 2


def test_without_tickets_and_calls_there_are_no_contacts(tmp_path):
    surveys = "response_id | team | kind | answered_at | score\n1 | North | nps | 2026-05-04 09:00 | 9"
    found = evaluate(store(tmp_path, surveys=surveys), ["start_channel", "complaint_rate"], [], [MAY])
    assert set(found["reason"]) == {"no source fills the table tickets or calls"}
