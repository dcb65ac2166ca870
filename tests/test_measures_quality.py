"""Reviews on tables small enough to work the answer by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store, table, utc, values

from auditkit import measure
from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

MAY = parse_period("2026-05")

# 1: (2 x 4/5 + 1 x 1) / 3. 2: nothing, the critical criterion failed. 3: only tone applies, 0.6. 4 could not be judged
# at all. 5: 0.2. m is a mystery test; c1 and c2 are two reviewers of one ticket, to calibrate them.
REVIEWS = """
id | agent | reviewer | ticket_id | kind        | criterion | score | of | weight | critical | n/a
1  | eva   | rae      | 11        | review      | tone      | 4     | 5  | 2      |          |
1  | eva   | rae      | 11        | review      | facts     | 1     | 1  | 1      | true     |
2  | eva   | rae      | 12        |             | tone      | 5     | 5  | 2      |          |
2  | eva   | rae      | 12        |             | facts     | 0     | 1  | 1      | true     |
3  | ivo   | rae      | 13        | review      | tone      | 3     | 5  | 2      |          |
3  | ivo   | rae      | 13        | review      | facts     |       | 1  | 1      | true     | true
4  | ivo   | rae      | 14        | review      | facts     | 0     | 1  | 1      | true     | true
m  | ivo   | rae      |           | mystery     | tone      | 1     | 5  | 1      |          |
5  | eva   | rae      | 19        | review      | tone      | 1     | 5  | 2      |          |
c1 | ivo   | rae      | 15        | calibration | tone      | 5     | 5  | 1      |          |
c1 | ivo   | rae      | 15        | calibration | facts     | 0     | 1  | 1      |          |
c2 | ivo   | sam      | 15        | calibration | tone      | 4     | 5  | 1      |          |
c2 | ivo   | sam      | 15        | calibration | facts     | 0     | 1  | 1      |          |
c3 | ivo   | rae      | 16        | calibration | tone      | 0     | 5  | 1      |          |
c4 | ivo   | sam      | 16        | calibration | tone      | 1     | 5  | 1      |          |
"""
HEAD, *ROWS = REVIEWS.strip().splitlines()
HEAD = HEAD.replace("id ", "review_id ", 1).replace(" of ", " max_score ").replace("n/a", "not_applicable")
REVIEWS = "\n".join(
    [f"{HEAD} | reviewed_at | team | scorecard", *(f"{row} | 2026-05-20T09:00Z | North | Card" for row in ROWS)]
)
TICKETS = """
ticket_id | team  | created_at        | resolved_at
11        | North | 2026-05-04T09:00Z | 2026-05-05T09:00Z
12        | North | 2026-05-04T09:00Z | 2026-05-05T09:00Z
13        | North | 2026-05-04T09:00Z |
17        | North | 2026-05-04T09:00Z | 2026-05-05T09:00Z
18        | South | 2026-05-04T09:00Z | 2026-05-05T09:00Z
"""
SURVEYS = """
response_id | team  | kind | answered_at       | score | scale_min | scale_max | ticket_id
1           | North | csat | 2026-05-06T09:00Z | 4     | 1         | 5         | 11
2           | North | csat | 2026-05-25T09:00Z | 1     | 1         | 5         | 12
3           | North | csat | 2026-05-06T09:00Z | 5     | 1         | 5         | 13
4           | North | csat | 2026-05-06T09:00Z | 2     | 1         | 5         | 19
"""

WORKED = [
    ("qa_score", "default", "mean", (13 / 15 + 0 + 0.6 + 0.2) / 4),
    ("qa_score", "default", "median", 0.4),
    ("qa_critical_free_rate", "default", "share", 4 / 5),  # all but 2
    (
        "qa_criterion_rate",
        "default",
        "mean",
        (0.8 + 1 + 1 + 0 + 0.6 + 0.2) / 6,
    ),  # tone and facts of 1 and 2, tone of 3, 5
    ("qa_coverage", "default", "share", 2 / 3),  # of 11, 12 and 17; 13 is not resolved
    # Units (rae, sam): (1, 0.8), (0, 0), (0, 0.2). Observed: (0.04 + 0 + 0.04) / 3 = 2/75. The six values 1, 0.8, 0,
    # 0, 0, 0.2 sum to 2 and their squares to 1.68, so pairs differ by 2 x (6 x 1.68 - 4) / 30 = 0.405333 on average.
    ("qa_agreement", "default", "alpha", 1 - (2 / 75) / (12.16 / 30)),
    # quality 0.87, 0, 0.6 and 0.2, satisfaction 4, 1, 5 and 2: ranks 4 1 3 2 and 3 1 4 2, 1 - 6 x 2 / 60
    ("qa_predicts_csat", "default", "rho", 0.8),
    ("mystery_score", "default", "mean", 0.2),
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    toml = """
[targets]
qa_agreement = { at_least = 0.8, minimum_n = 1 }
qa_predicts_csat = { at_least = 0.3, minimum_n = 1 }
qa_score = { at_least = 0.85 }
"""
    tables = {"reviews": REVIEWS, "tickets": TICKETS, "surveys": SURVEYS}
    return store(tmp_path_factory.mktemp("desk"), toml, audit="as_of = 2026-06-15T00:00:00Z", **tables)


@pytest.fixture(scope="module")
def figures(desk) -> pd.DataFrame:
    return evaluate(desk, {case[0] for case in WORKED}, ["North"], [MAY], variants=True)


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(figures, name, variant, statistic, value):
    found = one(figures, measure=name, variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value, rel=1e-12), found["reason"]


def test_a_review_that_could_not_be_judged_lowers_the_completeness_and_not_the_score(figures):
    found = one(figures, measure="qa_score", statistic="mean")
    assert (found["n"], found["completeness"]) == (4, 0.8)


def test_points_by_criterion_and_score_by_agent(desk):
    found = evaluate(desk, ["qa_criterion_rate"], ["North"], [MAY], by="criterion")
    assert dict(zip(found["group"], found["value"], strict=True)) == pytest.approx({"facts": 0.5, "tone": 0.65})
    found = evaluate(desk, ["qa_score"], ["North"], [MAY], by="agent")
    assert values(found, statistic="mean") == pytest.approx([16 / 45, 0.6])  # eva, ivo
    found = evaluate(desk, ["qa_agreement"], ["North"], [MAY], by="criterion")
    # Of tone (1, 0.8) and (0, 0.2): observed 0.04; of facts one pair only, and no difference to expect.
    tone = 1 - 0.04 / (2 * (4 * 1.68 - 4) / 12)
    assert dict(zip(found["group"], found["value"], strict=True)) == {
        "facts": pytest.approx(float("nan"), nan_ok=True),
        "tone": pytest.approx(tone),
    }


def test_a_group_that_reviews_do_not_have_is_a_reason(desk):
    found = evaluate(desk, ["qa_score"], ["North"], [MAY], by="criterion")
    assert set(found["reason"]) == {"scored_reviews dated by reviewed_at have no criterion"}


def test_a_statistic_that_the_rows_do_not_allow_is_none_and_says_so(desk):
    found = evaluate(desk, ["qa_agreement"], ["North"], [MAY], by="criterion")
    facts = one(found, group="facts")
    assert (facts["available"], facts["verdict"]) == (False, "cannot conclude")
    assert facts["reason"] == "too few rows, or too much alike, to compute it from"


def test_limits_that_do_not_exist_conclude_nothing(tmp_path):
    """Where quality and satisfaction are in the same order nothing tells how sure that is."""
    reviews = "review_id | reviewed_at | team | scorecard | criterion | score | max_score | ticket_id\n"
    surveys = "response_id | team | kind | answered_at | score | scale_min | scale_max | ticket_id\n"
    for number in range(1, 5):
        reviews += f"{number} | 2026-05-20T09:00Z | North | Card | tone | {number} | 5 | {number}\n"
        surveys += f"{number} | North | csat | 2026-05-20T09:00Z | {number} | 1 | 5 | {number}\n"
    toml = "[targets]\nqa_predicts_csat = { at_least = 0.3, minimum_n = 1 }\n"
    made = store(tmp_path, toml, audit="as_of = 2026-06-15T00:00:00Z", reviews=reviews, surveys=surveys)
    found = one(evaluate(made, ["qa_predicts_csat"], ["North"], [MAY]))
    assert found["value"] == 1 and pd.isna(found["low"]) and pd.isna(found["high"])
    assert (found["verdict"], found["verdict_reason"]) == (
        "cannot conclude",
        "the figure has no interval to judge it by",
    )


@pytest.mark.parametrize(("as_of", "n"), [("2026-05-25T08:59", 3), ("2026-05-25T09:00", 4)])
def test_an_answer_that_came_after_as_of_predicts_nothing_yet(desk, as_of, n):
    found = one(evaluate(desk, ["qa_predicts_csat"], ["North"], [MAY], as_of=utc(as_of)))
    assert (found["n"], found["available"]) == (n, n == 4)
    assert n == 4 or found["reason"] == "too few rows, or too much alike, to compute it from"


@pytest.mark.parametrize(("as_of", "reviewed"), [("2026-05-20T08:59", 0), ("2026-05-20T09:00", 2)])
def test_a_review_after_as_of_covers_nothing_yet(desk, as_of, reviewed):
    found = one(evaluate(desk, ["qa_coverage"], ["North"], [MAY], as_of=utc(as_of)))
    assert (found["numerator"], found["denominator"]) == (reviewed, 3)


def test_a_team_without_reviews_is_covered_to_nothing_and_has_no_score(desk):
    found = evaluate(desk, ["qa_coverage", "qa_score"], ["South"], [MAY])
    assert one(found, measure="qa_coverage")["value"] == 0
    assert set(found[found["measure"] == "qa_score"]["reason"]) == {"the data hold no scored reviews of South"}


def test_reviews_that_name_no_ticket_say_nothing_of_coverage():
    reviews = table(REVIEWS).drop(columns="ticket_id")
    found = one(
        measure("qa_coverage", table(TICKETS), others={"reviews": reviews}, period="2026-05").query("team == 'North'")
    )
    assert (found["available"], found["reason"]) == (False, "none of the 3 rows has what the measure needs")


def test_without_reviews_nothing_of_quality_is_available(tmp_path):
    bare = store(tmp_path, tickets=TICKETS)
    found = evaluate(bare, {case[0] for case in WORKED}, ["North"], [MAY])
    assert set(found["reason"]) == {"no source fills the table reviews"}


def test_the_reviews_of_a_frame_have_the_score_of_the_store(figures):
    reviews, surveys = table(REVIEWS), table(SURVEYS)
    for name in ("qa_score", "qa_critical_free_rate", "qa_criterion_rate", "qa_agreement", "mystery_score"):
        own = measure(name, reviews, period="2026-05", as_of="2026-06-15T00:00:00+00:00")
        assert values(own) == pytest.approx(values(figures, measure=name))
    assert one(measure("qa_predicts_csat", reviews, others={"surveys": surveys}))["value"] == pytest.approx(0.8)
    assert not one(measure("qa_predicts_csat", reviews))["available"]
