"""The result by step: each checklist as a table, then every item with what the data and the auditor say to it.

A tone is given to a score, never to an item that nobody answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from auditkit.checklists.answers import NOT_APPLICABLE
from auditkit.checklists.assess import ATTESTED, COMPUTED, MISSING, Assessed, Result
from auditkit.checklists.form import ANSWER_WORDS, figures_told
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.pieces import aligned
from auditkit.findings.model import SEVERITIES
from auditkit.labels import NOTHING, Labels, capital
from auditkit.service_audit.audited import Audited
from auditkit.service_audit.opinion import coverage_words, score_words
from auditkit.translation import N_

STATUS = {COMPUTED: N_("computed"), ATTESTED: N_("attested"), MISSING: N_("missing")}
GOOD, POOR = 0.8, 0.5  # scores from which an item is good, and below which it is bad
MOST_FIGURES = 6  # told of one item


def steps(audited: Audited) -> list[Exhibit]:
    """Every checklist in use: the table of its items, then the items one by one."""
    labels = audited.context.labels
    made = []
    for result in audited.results:
        made += [_table(labels, result), _items(labels, result)]
    return made


def by_team(audited: Audited) -> list[Exhibit]:
    """The teams of a client side by side, in the order of their names: scores, coverage, findings."""
    labels = audited.context.labels
    rows = []
    for team, results in sorted(audited.by_team.items()):
        score = "; ".join(score_words(labels, one) for one in results)
        coverage = [sum(one.coverage[state] for one in results) for state in STATUS]
        own = [one for one in audited.standing if team in one.team.split(", ")]
        found = [sum(one.found.get("severity") == severity for one in own) for severity in SEVERITIES]
        rows.append([team, score, *map(labels.count, coverage), *map(labels.count, found)])
    heads = [labels.say("Team"), labels.say("Score"), *(capital(labels.tell(word)) for word in STATUS.values())]
    heads += [labels.say("Grave findings"), labels.say("Moderate findings"), labels.say("Slight findings")]
    data = {
        "title": labels.say("The teams side by side"),
        "note": labels.say("Computed, attested and missing count the items of the checklists. Nobody is ranked."),
        "columns": aligned(heads, left=(0, 1)),
        "rows": rows,
        "alt": labels.say("The teams side by side"),
    }
    return [Exhibit("audit-teams", "table", data)]


def _table(labels: Labels, result: Result) -> Exhibit:
    name = result.checklist.name(labels.language)
    heads = [labels.say("Id"), labels.say("Step"), labels.say("Status"), labels.say("Score"), labels.say("Weight")]
    data = {
        "title": labels.say("{checklist}: {score}", checklist=name, score=score_words(labels, result)),
        "note": coverage_words(labels, result),
        "columns": aligned(heads, left=(0, 1, 2)),
        "rows": [_row(labels, one) for one in result.items],
        "alt": name,
    }
    return Exhibit(f"audit-steps-{result.checklist.id}", "table", data)


def _row(labels: Labels, one: Assessed) -> list[Any]:
    status = labels.tell(STATUS[one.status]) if one.applies else labels.tell(ANSWER_WORDS[NOT_APPLICABLE])
    score: Any = NOTHING
    if one.applies and one.score is not None:
        tone = "good" if one.score >= GOOD else "bad" if one.score < POOR else "unsure"
        score = {"text": labels.share(one.score), "tone": tone}
    return [one.item.id, one.item.texts(labels.language).title, status, score, labels.number(one.item.weight, 0)]


def _items(labels: Labels, result: Result) -> Exhibit:
    items = []
    for one in result.items:
        texts = one.item.texts(labels.language)
        term = labels.say("{id} {title}", id=one.item.id, title=texts.title)
        items.append({"term": term, "text": texts.question, "details": list(_details(labels, one))})
    data = {"title": labels.say("Step by step"), "note": "", "items": items, "alt": labels.say("Step by step")}
    return Exhibit(f"audit-items-{result.checklist.id}", "definitions", data)


def _details(labels: Labels, one: Assessed) -> Iterator[str]:
    if one.answer is not None:
        yield _answer(labels, one)
    told = [text for figure, text in zip(one.figures, figures_told(one, labels), strict=True) if figure.answers]
    if told:
        more = len(told) - MOST_FIGURES
        rest = [labels.say_n("and {count} more", "and {count} more", more)] if more > 0 else []
        yield labels.say("The data: {figures}", figures="; ".join([*told[:MOST_FIGURES], *rest]))
    if one.disagrees:
        yield labels.say("The auditor's answer and the figures lie far apart.")
    if one.applies and one.status == MISSING:
        wanted = one.item.texts(labels.language).evidence
        yield labels.say("Nobody has answered. Evidence wanted: {evidence}", evidence=wanted or NOTHING)


def _answer(labels: Labels, one: Assessed) -> str:
    answer = one.answer
    assert answer is not None
    parts = [labels.tell(ANSWER_WORDS[answer.answer]), answer.evidence, answer.comment, answer.who]
    parts += [labels.day(answer.on)] if answer.on else []
    return labels.say("The auditor: {answer}", answer="; ".join(part for part in parts if part))
