"""Pseudonyms: one person is one pseudonym, another key is another, and nobody's name is in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import workspace

from auditkit.cli import main
from auditkit.config import check_config
from auditkit.labels import Labels
from auditkit.pseudonyms import pseudonym

TICKETS = """
ticket_id | team  | created_at       | agent
1         | North | 2026-05-04 10:00 | Ann
2         | North | 2026-05-04 10:00 | Bo
3         | South | 2026-05-04 10:00 | Ann
4         | South | 2026-05-04 10:00 |
"""
REVIEWS = """
review_id | reviewed_at      | team  | agent | reviewer | scorecard | criterion | score | max_score
1         | 2026-05-05 10:00 | North | Cy    | Rae      | Card      | tone      | 4     | 5
"""


def config(**privacy):
    return check_config(
        {"audit": {"client": "Acme"}, "source": [{"table": "tickets", "path": "x"}], "privacy": privacy}
    )


@given(st.text(), st.text())
def test_a_pseudonym_is_five_plain_signs_and_always_the_same(name, key):
    assert pseudonym(name, key) == pseudonym(name, key)
    assert len(pseudonym(name, key)) == 5 and set(pseudonym(name, key)) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_two_hundred_agents_have_two_hundred_pseudonyms():
    assert len({pseudonym(f"Agent {number}", "Acme") for number in range(200)}) == 200


def test_the_key_is_the_clients_unless_audit_toml_has_its_own():
    assert config().agent("Ann") == f"agent {pseudonym('Ann', 'Acme')}"
    assert config(key="secret").agent("Ann") == f"agent {pseudonym('Ann', 'secret')}" != config().agent("Ann")
    assert config(agents="names").agent("Ann") == "Ann" == config(agents="names").reviewer("Ann")


def test_a_reviewer_who_is_also_an_agent_is_seen_to_be_the_same_person():
    assert config().reviewer("Ann").removeprefix("reviewer ") == config().agent("Ann").removeprefix("agent ")


def test_a_pseudonym_is_told_in_the_language_of_the_reader():
    told = Labels("en").tell(config().agent("Ann"))
    assert told == str(config().agent("Ann"))
    assert config().agent("Ann").message == "agent {code}"


@pytest.mark.parametrize(("teams", "rows"), [((), 5), (("--team", "South"), 1)])
def test_who_is_behind_a_pseudonym_is_told_on_request(tmp_path, capsys, teams, rows):
    workspace(tmp_path, tickets=TICKETS, reviews=REVIEWS)
    assert main(["agents", "-w", str(tmp_path), "--format", "json", *teams]) == 0
    told = json.loads(capsys.readouterr().out)["agents"]
    assert len(told) == rows
    ann = {one["shown"] for one in told if one["name"] == "Ann"}
    assert ann == {f"agent {pseudonym('Ann', 'Acme Oy')}"}  # the same in both teams
    if not teams:
        assert {"team": "North", "shown": f"reviewer {pseudonym('Rae', 'Acme Oy')}", "name": "Rae"} in told
        assert "Cy" in {one["name"] for one in told}
