"""What customers and agents say, at the edges: scales, groups, withdrawn answers."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one

from auditkit import measure


def answers(kind: str, scores: list[float], low: int, high: int, **more) -> pd.DataFrame:
    columns = {"kind": kind, "score": scores, "scale_min": low, "scale_max": high, "answered_at": "2026-05-04 09:00"}
    return pd.DataFrame(columns | more)


def test_fcr_by_survey_of_four_hundred():
    """280 of 400 say that it was settled, and at one contact; the other 120 say no, or that it took more."""
    surveys = pd.DataFrame(
        {
            "kind": "csat",
            "answered_at": "2026-05-04 09:00",
            "resolved": 280 * [True] + 60 * [False] + 60 * [True],
            "contacts": 280 * [1] + 60 * [1] + 60 * [2],
        }
    )
    tickets = pd.DataFrame({"created_at": ["2026-05-04 09:00"]})
    found = one(measure("fcr", tickets, others={"surveys": surveys}, variants=True), variant="survey")
    assert (found["numerator"], found["denominator"], found["value"]) == (280, 400, 0.7)


def test_fcr_by_survey_needs_both_questions():
    surveys = pd.DataFrame({"kind": "csat", "answered_at": ["2026-05-04 09:00"], "resolved": True})
    tickets = pd.DataFrame({"created_at": ["2026-05-04 09:00"]})
    found = one(measure("fcr", tickets, others={"surveys": surveys}, variants=True), variant="survey")
    assert found["reason"] == "no source has the column contacts"


@pytest.mark.parametrize(
    ("low", "high", "scores", "low_ones"),
    [
        (1, 10, [1, 2, 3], 2),  # 2 of 10 and below
        (0, 10, [2, 3], 1),
        (1, 5, [1, 2], 1),
        (1, 3, [1, 2], 1),
        (0, 1, [0, 1], 1),
        (1, 5, [0, 1, 9], 1),  # 0 and 9 are not on the scale
    ],
)
def test_a_low_score_is_in_the_lowest_fifth_of_its_scale(low, high, scores, low_ones):
    found = one(measure("low_score_rate", answers("csat", scores, low, high)))
    assert found["numerator"] == low_ones


def test_touchpoints_on_different_scales_are_laid_on_one():
    shop = answers("touchpoint", 5 * [3], 1, 5, touchpoint="shop")
    home = answers("touchpoint", 5 * [10], 0, 10, touchpoint="home")
    few = answers("touchpoint", [1], 1, 5, touchpoint="gate")
    found = measure("touchpoints", pd.concat([shop, home, few]), by="touchpoint")
    assert dict(zip(found["group"], found["value"].fillna(-1), strict=True)) == {"gate": -1, "home": 1, "shop": 0.5}
    assert one(found, group="gate")["reason"] == "hidden: fewer than 5 answers in the group"


def test_agents_are_heard_by_question_and_the_workplace_score_is_kept_apart():
    pay = answers("agent", [4, 5, 1, 2, 3], 1, 5, question="pay")
    work = answers("agent", [4, 4, 4, 4, 1], 1, 5, question="work")
    place = answers("agent", [10, 9, 8, 6, 0], 0, 10, question="recommend")
    said = pd.concat([pay, work, place])
    found = measure("agent_satisfaction", said, by="question")
    assert found.set_index("group")["value"].dropna().to_dict() == {"pay": 2 / 5, "work": 4 / 5}
    assert one(measure("enps", said))["value"] == 0  # two of five against two


def test_answers_of_agents_are_no_voice_of_customers():
    said = answers("agent", [10, 9, 8], 0, 10)
    for name in ("nps", "csat", "low_score_rate"):
        assert one(measure(name, said))["reason"] == "nothing to count in the period"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("review_score", "review"), ("touchpoints", "touchpoint"), ("agent_satisfaction", "agent"), ("csat_mean", "csat")],
)
def test_a_score_outside_its_scale_or_without_one_is_not_counted(name, kind):
    said = answers(kind, [3, 9, 3, 3], 1, 5, touchpoint="shop").assign(scale_max=[5, 5, None, 1])
    found = one(measure(name, said))
    assert (found["n"], found["completeness"]) == (1, 0.25)


def test_withdrawn_answers_count_nowhere():
    said = answers("review", [5, 1], 1, 5, replied=[True, False], invalidated=[False, True])
    assert one(measure("review_score", said))["value"] == 1
    assert one(measure("review_reply_rate", said))["value"] == 1


@pytest.mark.parametrize(
    ("name", "kind", "without"),
    [
        ("review_reply_rate", "review", "replied"),
        ("touchpoints", "touchpoint", "touchpoint"),
        ("enps", "agent", "score"),
        ("csat", "csat", "score"),
    ],
)
def test_without_the_column_there_is_no_figure(name, kind, without):
    said = answers(kind, [5], 0, 10, replied=True, touchpoint="shop").drop(columns=without)
    assert one(measure(name, said))["reason"] == f"no source has the column {without}"
