"""The coaching list and what stands beside it: differences beyond chance are told apart from what is only lowest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import ttest_ind
from small_report import context, figure
from statsmodels.stats.multitest import multipletests

from auditkit.exhibits.coaching import coaching, scores_by_agent, weak_spots
from auditkit.exhibits.quality_predicts import quality_and_resolution
from auditkit.exhibits.review_sample import review_sample
from auditkit.scorecards.sampling import error_of


def criteria(**shares: dict[str, list[float]]) -> pd.DataFrame:
    """Scored criteria: ``agent={criterion: shares}``, all in May 2026, weight 1."""
    rows = [
        {"agent": agent, "criterion": name, "share": share, "weight": 1.0, "reviewed_on": date(2026, 5, 4),
         "kind": "review", "applicable": True, "ticket_id": f"{agent}{place}", "reviewer": "R"}
        for agent, given in shares.items() for name, values in given.items() for place, share in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def scored(**scores: list[float]) -> pd.DataFrame:
    rows = [
        {"review_id": f"{agent}{place}", "agent": agent, "score_share": score, "reviewed_on": date(2026, 5, 4),
         "kind": "review", "ticket_id": f"{agent}{place}"}
        for agent, values in scores.items() for place, score in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def report(**tables: pd.DataFrame):
    made = context(figure("qa_score", "2026-05", 0.8))
    return replace(made, fetch=tables.get)


ANN = {"tone": [0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0, 0.5], "facts": [1, 1, 1, 1, 1, 1, 1, 0.5]}
BO = {"tone": [1, 1, 1, 1, 1, 1, 1, 0.5], "facts": [1, 1, 1, 1, 1, 1, 0.5, 1]}


def test_only_a_difference_beyond_chance_makes_an_agent_lower():
    spots = {(one.agent, one.criterion): one for one in weak_spots(criteria(ann=ANN, bo=BO))}
    assert {key for key, one in spots.items() if one.lower} == {("ann", "tone")}
    assert spots["ann", "tone"].mean == pytest.approx(3.5 / 8)
    assert spots["ann", "tone"].others == pytest.approx(7.5 / 8)
    assert spots["ann", "facts"].lost == pytest.approx(0.5 / 8)


def test_the_p_values_are_welchs_adjusted_by_holm_over_every_agent_and_criterion():
    found = {(one.agent, one.criterion): one.p for one in weak_spots(criteria(ann=ANN, bo=BO))}
    keys = [("ann", "facts"), ("ann", "tone"), ("bo", "facts"), ("bo", "tone")]
    sides = {"ann": (ANN, BO), "bo": (BO, ANN)}
    raw = [ttest_ind(*(side[name] for side in sides[agent]), equal_var=False).pvalue for agent, name in keys]
    adjusted = dict(zip(keys, multipletests(raw, method="holm")[1], strict=True))
    assert found == {key: pytest.approx(adjusted[key]) for key in found}


def test_agents_of_one_quality_are_seldom_called_lower():
    """Of 100 teams of six equal agents, at most 5 % may have anyone flagged, give or take chance."""
    generator = np.random.default_rng(5)
    flagged = 0
    for _ in range(100):
        rows = criteria(
            **{
                f"a{number}": {"tone": generator.choice([0, 0.5, 1], 12, p=[0.1, 0.3, 0.6]).tolist()}
                for number in range(6)
            }
        )
        flagged += any(one.lower for one in weak_spots(rows))
    assert flagged <= 10  # Binomial(100, 0.05) passes 10 once in a hundred


def test_an_agent_with_few_reviews_is_not_told_of():
    few = {"tone": [0, 0, 0, 0]}
    assert {one.agent for one in weak_spots(criteria(ann=ANN, bo=BO, cleo=few))} == {"ann", "bo"}


def test_the_list_says_what_is_sure_first_and_hedges_the_rest():
    (table,) = coaching(report(review_criteria=criteria(ann=ANN, bo=BO)))
    data = table.as_json()
    assert data["title"] == "1\u00a0agent scores clearly lower than the others in some criterion: ann"
    assert [(row[0], row[1], row[-1]["text"]) for row in data["rows"]][:2] == [
        ("ann", "tone", "clearly lower than the others"),
        ("ann", "facts", "no clear difference"),
    ]


def test_without_anyone_to_compare_with_there_is_no_list():
    assert coaching(report(review_criteria=criteria(ann=ANN))) == []
    assert coaching(report()) == scores_by_agent(report()) == []


def test_equal_agents_do_not_differ_and_nobody_is_ranked_by_score():
    (table,) = scores_by_agent(report(scored_reviews=scored(ann=[0.8, 0.9, 0.7], bo=[0.9, 0.8, 0.8, 0.7])))
    data = table.as_json()
    assert data["title"] == "No agent's score differs from the others' beyond chance"
    assert [row[0] for row in data["rows"]] == ["bo", "ann"]  # by the number of reviews


def test_quality_goes_with_resolution_only_where_the_interval_says_so():
    apart = scored(good=[0.9, 0.95, 0.85] * 12, bad=[0.5, 0.6, 0.55] * 12)
    marks = pd.DataFrame({"ticket_id": apart["ticket_id"], "met": [True] * 36 + [False] * 36})
    (table,) = quality_and_resolution(report(scored_reviews=apart), marks)
    assert table.as_json()["title"] == "Tickets settled at the first contact had the better reviews"
    mixed = marks.assign(met=[True, False] * 36)
    (table,) = quality_and_resolution(report(scored_reviews=apart), mixed)
    assert "cannot be concluded" in table.as_json()["title"]
    assert quality_and_resolution(report(scored_reviews=apart), marks.assign(met=True)) == []


def test_a_sample_says_how_far_its_reviews_speak_for_all_tickets():
    drawn = {"id": "s1", "team": "Oslo", "population": 164, "size": 61, "tickets": {f"T{n}": None for n in range(61)},
             "calibration": ["T0"], "reviewers": {"A": [], "B": []}}  # fmt: skip
    rows = scored(ann=[0.8] * 40).assign(review_id=[f"s1/A/T{n}" for n in range(39)] + ["s1/B/T0"])
    (table,) = review_sample(report(scored_reviews=rows), [drawn])
    data = table.as_json()
    assert data["title"] == "39 of 61\u00a0tickets drawn at random are reviewed"
    assert data["rows"][0][-1] == f"{100 * error_of(39, 164):.1f}\u00a0points"


def test_without_a_sample_the_report_says_that_reviews_may_not_speak_for_all():
    (said,) = review_sample(report(), [])
    assert said.as_json()["title"] == "How the reviewed tickets were chosen is not known"
