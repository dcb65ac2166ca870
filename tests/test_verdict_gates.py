"""A verdict needs enough of those asked to answer, and enough tickets under a service level; else it says why not.

Every case is one workspace of two teams, whose figures lie far on the good side of their targets: what is in doubt is
only whether they may be judged.
"""

from __future__ import annotations

import pytest
from support import one, store

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.evaluation.verdicts import MEETS, OPEN

MAY = parse_period("2026-05")
AUDIT = "as_of = 2026-06-01T00:00:00Z\n"


def surveys(asked: dict[str, int], answered: int = 40) -> str:
    """So many csat surveys of each team sent on 4 May, ``answered`` of them with the best score the same day."""
    rows = ["response_id | team | kind | sent_at | answered_at | score | scale_min | scale_max"]
    for team, number in asked.items():
        rows += [
            f"{team}{place} | {team} | csat | 2026-05-04 08:00 | "
            + ("2026-05-04 09:00 | 5" if place < answered else " | ")
            + " | 1 | 5"
            for place in range(number)
        ]
    return "\n".join(rows)


def verdict(of, measure: str, team: str = "North") -> tuple[str, str]:
    row = one(evaluate(of, [measure], [team], [MAY]), statistic="share")
    return row["verdict"], row["verdict_reason"].replace("\u00a0", " ")


def test_too_few_answers_of_those_asked_conclude_nothing_and_the_next_team_is_judged_by_its_own(tmp_path):
    # 40 of 500 asked answered: 8 %; of the other team 40 of 400: 10 %, which is just enough
    of = store(tmp_path, "[targets]\ncsat = { at_least = 0.8 }\n", audit=AUDIT,
        surveys=surveys({"North": 500, "South": 400}))  # fmt: skip
    assert verdict(of, "csat") == (OPEN, "low response: 8 % of those asked answered, a verdict needs 10 %")
    assert verdict(of, "csat", "South")[0] == MEETS


@pytest.mark.parametrize(("minimum", "expected"), [(0, MEETS), (0.08, MEETS), (0.081, OPEN)])
def test_the_response_rate_that_a_verdict_needs_can_be_set(tmp_path, minimum, expected):
    toml = f"[targets]\ncsat = {{ at_least = 0.8, minimum_response_rate = {minimum} }}\n"
    assert verdict(store(tmp_path, toml, audit=AUDIT, surveys=surveys({"North": 500})), "csat")[0] == expected


def test_where_nobody_knows_who_was_asked_nothing_is_concluded_unless_no_rate_is_wanted(tmp_path):
    answers = surveys({"North": 40}).replace(" sent_at | ", " ").replace("2026-05-04 08:00 | ", "")
    of = store(tmp_path / "a", "[targets]\ncsat = { at_least = 0.8 }\n", audit=AUDIT, surveys=answers)
    assert verdict(of, "csat") == (OPEN, "the response rate is not known, a verdict needs 10 %")
    toml = "[targets]\ncsat = { at_least = 0.8, minimum_response_rate = 0 }\n"
    assert verdict(store(tmp_path / "b", toml, audit=AUDIT, surveys=answers), "csat")[0] == MEETS


def test_the_response_rate_of_a_group_is_its_own(tmp_path):
    lines = surveys({"North": 500, "South": 100}).splitlines()
    rows = [lines[0] + " | channel"]
    rows += [line.replace("South", "North ") + (" | chat" if "South" in line else " | email") for line in lines[1:]]
    of = store(tmp_path, "[targets]\ncsat = { at_least = 0.8 }\n", audit=AUDIT, surveys="\n".join(rows))
    found = evaluate(of, ["csat"], ["North"], [MAY], by="channel").set_index("group")["verdict"]
    assert found.to_dict() == {"email": OPEN, "chat": MEETS}


def tickets(priorities: dict[str, int]) -> str:
    """So many tickets of each priority, received on 4 May, answered after an hour and resolved after two."""
    rows = ["ticket_id | team | created_at | priority | first_response_at | resolved_at | sla_resolution_met"]
    for priority, number in priorities.items():
        met = "true" if priority == "high" else ""
        rows += [
            f"{priority}{place} | North | 2026-05-04 08:00 | {priority} | 2026-05-04 09:00 | 2026-05-04 10:00 | {met}"
            for place in range(number)
        ]
    return "\n".join(rows)


BY_PRIORITY = "within = { high = '4h' }, at_least = 0.8"


@pytest.mark.parametrize("measure", ["first_response_within", "resolved_within"])
def test_a_target_that_covers_few_of_the_tickets_says_nothing_of_the_team(tmp_path, measure):
    # 49 of 100 tickets have the priority that the target names; a verdict needs half of them
    of = store(tmp_path, f"[targets]\n{measure} = {{ {BY_PRIORITY} }}\n", audit=AUDIT,
        tickets=tickets({"high": 49, "low": 51}))  # fmt: skip
    expected = "low coverage: 49 % of the tickets are under this service level, a verdict needs 50 %"
    assert verdict(of, measure) == (OPEN, expected)


@pytest.mark.parametrize(("minimum", "expected"), [(0, MEETS), (0.49, MEETS), (0.5, OPEN)])
def test_the_coverage_that_a_verdict_needs_can_be_set(tmp_path, minimum, expected):
    toml = f"[targets]\nresolved_within = {{ {BY_PRIORITY}, minimum_sla_coverage = {minimum} }}\n"
    of = store(tmp_path, toml, audit=AUDIT, tickets=tickets({"high": 49, "low": 51}))
    assert verdict(of, "resolved_within")[0] == expected


def test_what_the_source_says_of_few_tickets_is_judged_as_little(tmp_path):
    of = store(tmp_path, "[targets]\nsla_met_as_recorded = { at_least = 0.8 }\n", audit=AUDIT,
        tickets=tickets({"high": 40, "low": 60}))  # fmt: skip
    assert verdict(of, "sla_met_as_recorded")[1].startswith("low coverage: 40 % of the tickets")


def test_one_limit_for_all_tickets_covers_them_all(tmp_path):
    of = store(tmp_path, "[targets]\nresolved_within = { within = '4h', at_least = 0.8 }\n", audit=AUDIT,
        tickets=tickets({"high": 40, "low": 60}))  # fmt: skip
    assert verdict(of, "resolved_within")[0] == MEETS
