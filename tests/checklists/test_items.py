"""What a checklist's item says by the figures and by the auditor, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from auditkit.checklists.answers import Answer
from auditkit.checklists.assess import assess, together
from auditkit.checklists.model import FOLDER, SHIPPED, Checklist, read_checklist
from auditkit.checklists.rules import Figures
from auditkit.config import LANGUAGES
from auditkit.definition import Share
from auditkit.errors import ConfigError
from auditkit.labels import Labels

MEASURES = {
    name: Share(id=name, label=name.upper(), summary="", of="tickets", dated_by="created_at", met="TRUE")
    for name in ("csat", "nps", "fcr")
}


def row(measure: str, verdict: str | None = None, value: float | None = 0.8, group: str | None = None) -> dict:
    """A figure of the engine's long table."""
    there = value is not None
    return {
        "measure": measure, "statistic": "share", "variant": "default", "unit": "share", "value": value,
        "low": value, "high": value, "available": there, "reason": None if there else "nothing to count",
        "target": 0.9 if verdict else None, "verdict": verdict, "verdict_reason": "too few", "group": group,
    }  # fmt: skip


def figures(*now: dict, groups: tuple[dict, ...] = (), history: dict | None = None) -> Figures:
    targets = [one["measure"] for one in now if one["verdict"]]
    return Figures(now, {"channel": groups}, history or {}, targets, MEASURES, Labels())


def checklist(*items: dict) -> Checklist:
    written = [{"id": f"X{place}", "en": {"title": "t", "question": "q?"}} | one for place, one in enumerate(items, 1)]
    return Checklist.model_validate({"id": "own", "title": {"en": "Own"}, "item": written})


ASKS_TWO = {"measures": {"csat": "target", "nps": "target"}}


@pytest.mark.parametrize(
    "now, status, score",
    [
        ([row("csat", "meets"), row("nps", "meets")], "computed", 1.0),
        ([row("csat", "meets"), row("nps", "misses")], "computed", 0.5),
        ([row("csat", "misses"), row("nps", "cannot conclude")], "computed", 0.0),
        ([row("csat", "cannot conclude"), row("nps", "cannot conclude")], "missing", None),
        ([row("csat"), row("nps")], "missing", None),  # figures without targets judge nothing
        ([row("csat", value=None), row("nps", value=None)], "missing", None),
        ([], "missing", None),
    ],
)
def test_targets_met_and_missed_make_the_score_and_nothing_else_does(now, status, score):
    (one,) = assess(checklist(ASKS_TWO), figures(*now), {}).items
    assert (one.status, one.score) == (status, score)


@pytest.mark.parametrize(
    "now, status, score",
    [
        ([row("csat", "meets")], "computed", 1.0),
        ([row("csat", "misses")], "computed", 0.0),
        ([row("csat", "cannot conclude")], "computed", None),  # it is measured, and nothing is judged
        ([row("csat")], "computed", None),
        ([row("csat", value=None)], "missing", None),
    ],
)
def test_a_measure_that_is_measured_answers_and_is_scored_by_its_target_alone(now, status, score):
    (one,) = assess(checklist({"measures": {"csat": "measured"}}), figures(*now), {}).items
    assert (one.status, one.score) == (status, score)


def test_why_nothing_answers_is_said_for_each_measure():
    (one,) = assess(checklist(ASKS_TWO), figures(row("csat"), row("nps", value=None)), {}).items
    assert [str(found.words) for found in one.figures] == [
        "80.0\u00a0% (80.0–80.0\u00a0%); audit.toml sets no target for it",
        "nothing to count",
    ]


def test_the_auditors_word_stands_over_the_figures_and_a_wide_gap_is_said():
    answers = {("own", "X1"): Answer("no", evidence="the survey is sent to friends only")}
    (one,) = assess(checklist(ASKS_TWO), figures(row("csat", "meets"), row("nps", "meets")), answers).items
    assert (one.status, one.score, one.disagrees) == ("attested", 0.0, True)


def test_the_score_weighs_items_and_leaves_out_what_does_not_apply_or_is_not_scored():
    items = checklist({"weight": 3}, {"weight": 1}, {"weight": 5}, {"weight": 1})
    answers = {
        ("own", "X1"): Answer("yes"),
        ("own", "X2"): Answer("partly"),
        ("own", "X3"): Answer("not applicable"),
    }
    result = assess(items, figures(), answers)
    assert result.score == pytest.approx((3 * 1 + 1 * 0.5) / 4)
    assert result.scored == pytest.approx(4 / 5)  # of the weight that applies, 3 + 1 + 1
    assert result.coverage == {"computed": 0, "attested": 2, "missing": 1}


def test_figures_by_a_group_answer_from_two_groups_on():
    asked = checklist({"by": "channel", "measures": {"csat": "grouped"}})
    one, two = row("csat", group="email"), row("csat", group="chat")
    states = [assess(asked, figures(row("csat"), groups=found), {}).items[0].status for found in ((one,), (one, two))]
    assert states == ["missing", "computed"]


@pytest.mark.parametrize(
    ("verdicts", "status", "words"),
    [
        ((), "missing", "no dated change"),
        (("as_expected", "none"), "computed", "1 with an effect, 1 without, 0 on which"),
        (("as_expected", "open"), "missing", "1 with an effect, 0 without, 1 on which"),
    ],
)
def test_dated_changes_answer_where_something_can_be_concluded_of_every_one(verdicts, status, words):
    known = replace(figures(), verdicts=verdicts)
    (one,) = assess(checklist({"dated_changes": True}), known, {}).items
    assert (one.status, one.score) == (status, None)
    assert words in str(one.figures[0].words).replace("\u00a0", " ")


def test_a_trend_needs_a_year_of_history():
    asked = checklist({"measures": {"fcr": "trend"}})
    states = [assess(asked, figures(history={"fcr": count}), {}).items[0].status for count in (11, 12)]
    assert states == ["missing", "computed"]


def test_a_target_that_cannot_be_judged_yet_is_half_of_a_goal():
    asked = checklist({"measures": {"*": "targeted"}})
    result = assess(asked, figures(row("csat", "misses"), row("nps", "cannot conclude")), {})
    assert result.items[0].score == pytest.approx(0.75)


def test_the_client_is_computed_only_where_every_team_is():
    asked = checklist({"measures": {"csat": "target"}}, {"measures": {"nps": "target"}})
    oslo = assess(asked, figures(row("csat", "meets"), row("nps", "meets")), {})
    bergen = assess(asked, figures(row("csat", "misses"), row("nps", "cannot conclude")), {})
    first, second = together({"Oslo": oslo, "Bergen": bergen}).items
    assert (first.status, first.score) == ("computed", 0.5)
    assert (second.status, second.score) == ("missing", None)
    assert [str(found.words).split(":")[0] for found in second.figures] == ["Oslo", "Bergen"]


@pytest.mark.parametrize(("name", "count"), [("service_audit", 22), ("eight_questions", 8), ("eighteen_measures", 18)])
def test_shipped_checklists_hold_every_item_of_their_source(name, count):
    found = read_checklist(FOLDER / f"{name}.toml")
    assert [one.id for one in found.item] == [f"{found.reference}{number}" for number in range(1, count + 1)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_item_tells_all_in_every_language(name, language):
    found = read_checklist(FOLDER / f"{name}.toml")
    assert found.title[language]
    for item in found.item:
        texts, english = getattr(item, language), item.en
        assert texts.title and texts.question.endswith("?") and texts.why and texts.evidence
        assert (len(texts.how), len(texts.documents)) == (len(english.how), len(english.documents)) != (0, 0)
        assert language == "en" or texts.question != english.question


def test_a_checklist_with_faults_is_told_each_with_its_place(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "own"\n[title]\nen = "Own"\n'
        '[[item]]\nid = "X1"\nmeasures = { csatt = "target" }\n[item.en]\ntitle = "t"\nquestion = "q?"\n'
        '[[item]]\nid = "X2"\nby = "chanel"\n[item.en]\ntitle = "t"\nquestion = "q?"\n'
    )
    with pytest.raises(ConfigError) as caught:
        read_checklist(path)
    assert [str(one) for one in caught.value.problems] == [
        "own.toml, item X1: measure 'csatt' does not exist. Did you mean 'csat'?",
        "own.toml, item X2: no group 'chanel'. Did you mean 'channel'?",
    ]
