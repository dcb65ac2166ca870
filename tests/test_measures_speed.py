"""Daily updates and targets on tables small enough to work the answer by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store, table, utc, values

from auditkit import measure
from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

MAY = parse_period("2026-05")

# Ticket 1 was open for four full days (4 to 8 May, 10:00): answered in the first, not in the second, in the third and
# not in the fourth. Ticket 2 was open for one, without a word. Nobody logs what the team South does.
TICKETS = """
ticket_id | team  | channel | priority | created_at        | resolved_at
1         | North | email   | high     | 2026-05-04T10:00Z | 2026-05-08T12:00Z
2         | North | chat    | low      | 2026-05-04T10:00Z | 2026-05-05T10:00Z
3         | South | chat    |          | 2026-05-04T10:00Z | 2026-05-09T10:00Z
4         | North | chat    |          | 2026-05-20T10:00Z | 2026-05-20T11:00Z
"""
EVENTS = """
ticket_id | at                | actor    | kind
1         | 2026-05-04T10:00Z | customer | created
2         | 2026-05-04T10:00Z | customer | created
1         | 2026-05-04T11:00Z | agent    | public_reply
1         | 2026-05-05T11:00Z | agent    | note
2         | 2026-05-05T10:00Z | agent    | resolve
1         | 2026-05-06T10:00Z | agent    | public_reply
1         | 2026-05-08T12:00Z | agent    | resolve
4         | 2026-05-20T10:30Z | agent    | public_reply
4         | 2026-05-20T11:00Z | agent    | resolve
"""

WORKED = [
    ("update_cadence", "default", "share", 2 / 5),
    ("sla_coverage", "default", "share", 1 / 3),  # the target names the priority of ticket 1 alone
]
TOML = "[targets]\nfirst_response_within = { within = { high = '1h' } }\n"
AUDIT = "as_of = 2026-06-15T00:00:00Z"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return store(tmp_path_factory.mktemp("desk"), TOML, audit=AUDIT, tickets=TICKETS, ticket_events=EVENTS)


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(desk, name, variant, statistic, value):
    found = one(evaluate(desk, [name], ["North"], [MAY], variants=True), variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value, rel=1e-12), found["reason"]


def test_daily_updates_by_channel(desk):
    found = evaluate(desk, ["update_cadence"], ["North"], [MAY], by="channel")
    assert dict(zip(found["group"], found["value"], strict=True)) == {"chat": 0, "email": 1 / 2}


@pytest.mark.parametrize(
    ("as_of", "met", "n"),
    [("2026-05-05T09:59:59", 0, 0), ("2026-05-05T10:00", 1, 2), ("2026-05-07T10:00", 2, 4)],
)
def test_a_day_counts_once_it_is_over(desk, as_of, met, n):
    found = one(evaluate(desk, ["update_cadence"], ["North"], [MAY], as_of=utc(as_of)))
    assert found["n"] == n and (not n or found["numerator"] == met)


def test_a_team_without_a_log_and_a_workspace_without_one_say_so(desk, tmp_path):
    assert one(evaluate(desk, ["update_cadence"], ["South"], [MAY]))["reason"] == (
        "the data hold no update windows of South"
    )
    bare = store(tmp_path, tickets=TICKETS)
    reason = one(evaluate(bare, ["update_cadence"], ["North"], [MAY]))["reason"]
    assert reason == "no source fills the table ticket_events"


def test_a_frame_of_events_has_the_updates_of_the_store(desk):
    own = measure("update_cadence", table(EVENTS), others={"tickets": table(TICKETS)}, period="2026-05")
    assert values(own, team="North") == [2 / 5]


# --- which tickets a target covers


@pytest.mark.parametrize(
    ("targets", "covered"),
    [
        ("", 0),  # no target covers none
        ("resolved_within = { within = '1d' }", 3),  # one number covers all
        ("resolved_within = { within = { high = '1d', low = '2d' } }", 2),
        ("resolved_within = { within = { high = '1d' } }\nfirst_response_within = { within = { low = '1h' } }", 2),
        ("resolved_within = { within = { high = '1d' } }\nfirst_response_within = { within = '1h' }", 3),
        ("first_response_time = { at_most = '1h' }", 0),  # a target of the whole, not of a ticket
    ],
)
def test_a_ticket_is_covered_by_any_target_that_applies_to_it(tmp_path, targets, covered):
    made = store(tmp_path, f"[targets]\n{targets}\n", tickets=TICKETS)
    found = one(evaluate(made, ["sla_coverage"], ["North"], [MAY]))
    assert (found["numerator"], found["denominator"]) == (covered, 3)


def test_targets_by_priority_cover_nobody_knows_what_without_priorities(tmp_path):
    tickets = "ticket_id | team | created_at\n1 | North | 2026-05-04T10:00Z"
    by_priority = store(tmp_path / "a", TOML, tickets=tickets)
    found = one(evaluate(by_priority, ["sla_coverage"], [], [MAY]))
    assert (found["available"], found["reason"]) == (False, "no source has the column priority")
    of_all = store(tmp_path / "b", f"{TOML}resolved_within = {{ within = '1d' }}\n", tickets=tickets)
    assert one(evaluate(of_all, ["sla_coverage"], [], [MAY]))["value"] == 1


# --- recorded working time


def test_handling_time_is_told_apart_by_type_with_how_much_of_it_is_recorded():
    tickets = table("""
    created_at       | resolved_at      | type | handle_seconds
    2026-05-04 10:00 | 2026-05-04 11:00 | bill | 60
    2026-05-04 10:00 | 2026-05-04 11:00 | bill |
    2026-05-04 10:00 | 2026-05-04 11:00 | line | 0
    2026-05-04 10:00 | 2026-05-04 11:00 |      |
    2026-05-04 10:00 |                  | line | 999
    """)
    found = measure("handle_time", tickets, by="type")
    found = found[found["statistic"] == "mean"]
    found = found.set_index(found["group"].fillna("-"))
    assert found["value"].to_dict() == pytest.approx({"bill": 60, "line": 0, "-": float("nan")}, nan_ok=True)
    assert found["completeness"].to_dict() == {"bill": 0.5, "line": 1, "-": 0}
    assert found.loc["-", "reason"] == "none of the 1 rows has what the measure needs"


def test_a_mean_of_one_has_a_value_and_no_limits():
    tickets = table("created_at | resolved_at | handle_seconds\n2026-05-04 10:00 | 2026-05-04 11:00 | 60")
    found = one(
        measure("handle_time", tickets, target={"at_most": "5m", "minimum_n": 1, "statistic": "mean"}), statistic="mean"
    )
    assert found["value"] == 60 and pd.isna(found["low"])
    assert (found["verdict"], found["verdict_reason"]) == (
        "cannot conclude",
        "the figure has no interval to judge it by",
    )
