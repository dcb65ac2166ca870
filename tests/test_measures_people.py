"""Trainings, turnover and languages on tables small enough to work the answer by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store, table, utc, values

from auditkit import measure
from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

MAY, JUNE = parse_period("2026-05"), parse_period("2026-06")

# Bo leaves on 20 May, Di joins on 22 May: 31 + 20 + 10 days in service over 31 days.
AGENTS = """
agent | team  | joined_at         | left_at           | languages
Ada   | North | 2020-01-01T00:00Z |                   | fi;en
Bo    | North | 2020-01-01T00:00Z | 2026-05-20T00:00Z | fi
Di    | North | 2026-05-22T00:00Z |                   |
Ed    | South |                   |                   | en
"""
# Ada's reviews: 0.2 and 0.4 before, 0.6 and 1 after: the one of 9 June is the 31st day.
TRAINING = """
agent | course  | taken_at          | passed
Ada   | Courage | 2026-05-10T00:00Z | true
Bo    | Courage | 2026-05-10T00:00Z | false
Bo    | Prices  | 2026-05-11T00:00Z | true
Ada   | Prices  | 2026-05-11T00:00Z |
"""
REVIEWS = """
review_id | reviewed_at          | team  | agent | scorecard | criterion | score | max_score
1         | 2026-05-01T00:00:00Z | North | Ada   | Card      | tone      | 1     | 5
2         | 2026-05-09T00:00:00Z | North | Ada   | Card      | tone      | 2     | 5
3         | 2026-05-12T00:00:00Z | North | Ada   | Card      | tone      | 3     | 5
4         | 2026-06-08T23:59:59Z | North | Ada   | Card      | tone      | 5     | 5
5         | 2026-06-12T00:00:00Z | North | Ada   | Card      | tone      | 1     | 5
"""
# Whoever speaks is known of Ada and Bo; the language of tickets 1 to 4.
TICKETS = """
ticket_id | team  | agent | language | created_at
1         | North | Ada   | en       | 2026-05-01T09:00Z
2         | North | Bo    | en       | 2026-05-04T09:00Z
3         | North | Bo    | fi       | 2026-05-04T09:00Z
4         | North | Di    | fi       | 2026-05-04T09:00Z
5         | North | Ada   |          | 2026-06-14T09:00Z
6         | South | Ada   | fi       | 2026-05-04T09:00Z
"""

WORKED = [
    ("training_pass_rate", "default", "share", 2 / 3),  # one test has no result yet
    # Courage 0.8 - 0.3, Prices 0.8 - 0.3; nobody reviewed Bo
    ("training_uptake", "default", "mean", 0.5),
    ("agent_turnover", "default", "ratio", 31 / 61),  # one leaver over 61/31 agents
    ("language_match_rate", "default", "share", 2 / 3),  # 1 and 3; what Di speaks is not known
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    tables = {"agents": AGENTS, "training": TRAINING, "reviews": REVIEWS, "tickets": TICKETS}
    toml = "[targets]\nagent_turnover = { at_most = 0.1 }\n"
    return store(tmp_path_factory.mktemp("desk"), toml, audit="as_of = 2026-06-15T00:00:00Z", **tables)


@pytest.fixture(scope="module")
def figures(desk) -> pd.DataFrame:
    return evaluate(desk, {case[0] for case in WORKED}, ["North"], [MAY], variants=True)


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(figures, name, variant, statistic, value):
    found = one(figures, measure=name, variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value, rel=1e-12), found["reason"]


def test_courses_apart(desk):
    found = evaluate(desk, ["training_pass_rate"], ["North"], [MAY], by="course")
    assert dict(zip(found["group"], found["value"], strict=True)) == {"Courage": 1 / 2, "Prices": 1}


@pytest.mark.parametrize(
    ("as_of", "courses"),
    [
        ("2026-06-08T23:59:59", 0),
        ("2026-06-09T00:00:00", 1),  # the 30 days after Courage are over, those after Prices not
        ("2026-06-10T00:00:00", 2),
    ],
)
def test_what_a_course_did_is_known_thirty_days_later(desk, as_of, courses):
    found = one(evaluate(desk, ["training_uptake"], ["North"], [MAY], as_of=utc(as_of)))
    assert (found["n"], found["available"]) == (courses, courses > 0)


def test_turnover_of_a_month_without_leavers_is_zero_and_has_an_upper_limit(desk):
    found = one(evaluate(desk, ["agent_turnover"], ["North"], [JUNE], as_of=utc("2026-06-15T00:00")))
    assert (found["value"], found["low"], found["method"][:7]) == (0, 0, "Poisson")
    assert found["high"] == pytest.approx(3.6889 / 2, abs=1e-4)  # -ln(0.025) over Ada and Di
    assert found["reason"] == "the period is not over at the as-of instant"


def test_leavers_after_as_of_are_still_there(desk):
    found = one(evaluate(desk, ["agent_turnover"], ["North"], [MAY], as_of=utc("2026-05-19T12:00")))
    assert found["value"] == 0


def test_a_team_with_an_agent_of_no_dates_has_a_headcount(desk):
    assert one(evaluate(desk, ["agent_turnover"], ["South"], [MAY]))["value"] == 0


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({}, "no source fills the table agents"),
        ({"agents": "agent | team\nAda | North"}, "none of the 4 rows has what the measure needs"),
    ],
)
def test_without_a_list_of_what_agents_speak_nobody_is_said_to_be_wrong(tmp_path, tables, reason):
    found = evaluate(store(tmp_path, tickets=TICKETS, **tables), ["language_match_rate"], ["North"], [MAY])
    assert (one(found)["available"], one(found)["reason"]) == (False, reason)


def test_without_training_and_agents_it_is_said(tmp_path):
    found = evaluate(store(tmp_path, tickets=TICKETS), ["training_pass_rate", "agent_turnover"], ["North"], [MAY])
    assert list(found["reason"]) == ["no source fills the table training", "no source fills the table agents"]


def test_without_days_of_leaving_there_is_no_turnover_and_not_one_of_zero(tmp_path):
    made = store(tmp_path, tickets=TICKETS, agents="agent | team\nAda | North")
    assert one(evaluate(made, ["agent_turnover"], ["North"], [MAY]))["reason"] == "no source has the column left_at"


def test_frames_of_people_have_the_figures_of_the_store(figures):
    others = {"reviews": table(REVIEWS), "agents": table(AGENTS).drop(columns="languages"), "tickets": table(TICKETS)}
    common = {"period": "2026-05", "as_of": "2026-06-15T00:00:00+00:00"}
    for name in ("training_pass_rate", "training_uptake"):
        own = measure(name, table(TRAINING), others=others, **common)
        assert values(own, team="North") == pytest.approx(values(figures, measure=name))
    agents = others.pop("agents")
    own = measure("agent_turnover", agents, others={"tickets": others["tickets"]}, **common)
    assert values(own, team="North") == pytest.approx([31 / 61])


def test_a_team_that_only_the_list_of_agents_names_does_no_harm(tmp_path):
    tickets = "ticket_id | team | created_at\n1 | North | 2026-05-04T09:00Z"
    made = store(tmp_path, tickets=tickets, agents=AGENTS, audit="as_of = 2026-06-15T00:00:00Z")
    assert list(made.meta.teams) == ["North"]
    # The data begin on 4 May: 28 + 17 + 10 days in service over 28 days.
    assert values(evaluate(made, ["agent_turnover"], ["North"], [MAY])) == [pytest.approx(28 / 55)]


@pytest.mark.parametrize("team", ["North", None])
def test_a_frame_of_courses_is_enough_for_who_passed(team):
    training = table(TRAINING).assign(**({"team": team} if team else {}))
    assert one(measure("training_pass_rate", training))["value"] == pytest.approx(2 / 3)
