"""What an audit finds, how grave it says that is, and whether an action is verified: worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_report import context, figure

from auditkit.checklists.answers import Answer
from auditkit.checklists.assess import assess
from auditkit.checklists.model import Checklist
from auditkit.checklists.rules import Figures
from auditkit.config import Target
from auditkit.findings.rules import findings_of
from auditkit.findings.verify import outcome
from auditkit.labels import Labels, said
from auditkit.notices import Notice

MONTHS = [f"2025-{month:02d}" for month in range(5, 13)] + [f"2026-{month:02d}" for month in range(1, 6)]
GOAL = {"csat": Target(at_least=0.85)}


def csat(period: str, value: float, verdict: str = "") -> dict:
    return figure("csat", period, value, n=200, numerator=200 * value, denominator=200, verdict=verdict, target=0.85)


def made(*rows: dict, **more):
    return replace(context(*rows, targets=GOAL), **more)


@pytest.mark.parametrize(
    ("verdicts", "severity"),
    [
        (["misses"], "medium"),
        (["meets", "misses"], "medium"),
        (["misses", "misses"], "medium"),
        (["misses", "misses", "misses"], "high"),
        (["misses", "cannot conclude", "misses"], "medium"),
        (["misses", "misses", "meets"], None),
        (["cannot conclude"], None),
    ],
)
def test_a_missed_target_is_grave_after_three_periods_without_a_break(verdicts, severity):
    rows = [csat(period, 0.7, verdict) for period, verdict in zip(MONTHS[-len(verdicts) :], verdicts, strict=True)]
    found = findings_of(made(*rows), [])
    assert [one.severity for one in found] == ([severity] if severity else [])


def test_a_finding_carries_the_figures_that_it_rests_on():
    (one,) = findings_of(made(csat("2026-04", 0.6, "misses"), csat("2026-05", 0.6, "misses")), [])
    assert [(row["period"], row["value"], row["n"]) for row in one.evidence] == [
        ("2026-05", 0.6, 200),
        ("2026-04", 0.6, 200),
    ]
    assert Labels().tell(one.statement).startswith("Customer satisfaction (CSAT): 60")
    assert one.measure == "csat" and "comments" in one.action


def test_a_number_is_the_same_every_month_and_differs_by_team_measure_and_client():
    (may,) = findings_of(made(csat("2026-05", 0.6, "misses")), [])
    other_month = replace(may, period="2026-04", severity="high")
    assert may.number("Acme") == other_month.number("Acme")
    numbers = {may.number("Acme"), may.number("Bolt"), replace(may, team="X").number("Acme"),
               replace(may, subject="nps").number("Acme")}  # fmt: skip
    assert len(numbers) == 4


def test_a_fault_of_the_data_is_as_grave_as_its_notice_and_a_remark_is_no_finding():
    notices = tuple(
        Notice("c", severity, "tickets", "team Oslo", said(f"{severity} fault"), 3, (1, 2))
        for severity in ("high", "medium", "low")
    )
    found = findings_of(made(csat("2026-05", 0.9), notices=notices), [])
    assert [(one.rule, one.severity) for one in found] == [("data_fault", "high")]  # one subject: the gravest stands
    assert found[0].evidence[0]["rows"] == [1, 2]


def checklist(answers: dict[str, Answer], *weights: float):
    items = [
        {"id": f"X{n}", "weight": weight, "en": {"title": "t", "question": "q?"}} for n, weight in enumerate(weights, 1)
    ]
    one = Checklist.model_validate({"id": "own", "title": {"en": "Own"}, "item": items})
    return assess(
        one, Figures((), {}, {}, (), {}, Labels()), {("own", item): answer for item, answer in answers.items()}
    )


def test_a_no_on_a_heavy_item_is_grave_a_partly_is_not_and_what_nobody_answered_is_told_once():
    given = {"X1": "no", "X2": "no", "X3": "partly", "X4": "yes", "X5": "not applicable"}
    answers = {item: Answer(word) for item, word in given.items()}
    found = findings_of(made(csat("2026-05", 0.9)), [checklist(answers, 2, 1, 3, 3, 3, 1, 1)])
    assert [(one.subject, one.severity) for one in found] == [
        ("own/X1", "high"),
        ("own/X2", "medium"),
        ("own", "low"),
        ("own/X3", "low"),
    ]
    assert found[2].evidence[0]["missing"] == ["X6", "X7"]


STEADY = [0.60, 0.62, 0.61, 0.59, 0.60, 0.61, 0.60, 0.62]  # XmR: mean 0.606, limits about 0.57 and 0.64


@pytest.mark.parametrize(
    ("after", "state"),
    [
        ([0.61, 0.60, 0.62, 0.61, 0.60], "no signal yet"),
        ([0.61, 0.70, 0.62, 0.61, 0.60], "verified"),
        ([0.50, 0.50, 0.50, 0.50, 0.50], "no signal yet"),  # a signal to the bad side verifies nothing
    ],
)
def test_an_action_is_verified_by_a_signal_on_the_good_side_after_its_day(after, state):
    rows = [csat(period, value) for period, value in zip(MONTHS, STEADY + after, strict=True)]
    assert outcome(made(*rows), "csat", date(2026, 1, 1)).state == state


def test_an_action_cannot_be_verified_without_a_history_or_before_a_period_has_passed():
    rows = [csat(period, value) for period, value in zip(MONTHS, STEADY + [0.7] * 5, strict=True)]
    assert outcome(made(*rows), "csat", date(2025, 8, 1)).state == "cannot be told"
    assert outcome(made(*rows), "csat", date(2026, 5, 20)).state == "no signal yet"


def test_a_target_missed_and_worse_than_chance_explains_is_grave_at_once():
    (one,) = findings_of(made(csat("2026-04", 0.84, "cannot conclude"), csat("2026-05", 0.6, "misses")), [])
    assert (one.rule, one.severity) == ("target_missed", "high")
    assert "chance does not explain" in Labels().tell(one.reason)
