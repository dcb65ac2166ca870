"""Where an audit stands: each item of a checklist as computed, attested or missing, with its score and its reasons.

In come a checklist, figures and the auditor's answers, out come frozen results. The auditor's word stands over the
data's, because it rests on more than they hold; where the two differ widely, that is said. The coverage of the three
states belongs to every score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from auditkit.checklists.answers import NOT_APPLICABLE, Answer
from auditkit.checklists.model import EVERY, Checklist, Item
from auditkit.checklists.rules import NO_TARGETS, RULES, Answered, Figures, dated_changes
from auditkit.clocks.period import Period
from auditkit.definition import Measure
from auditkit.labels import Labels, said
from auditkit.store import Store

COMPUTED, ATTESTED, MISSING = "computed", "attested", "missing"
STATES = (COMPUTED, ATTESTED, MISSING)
APART = 0.5  # between the auditor's score and that of the figures: told from here on


@dataclass(frozen=True)
class Assessed:
    """One item as it stands. ``score`` is 0..1 or None (nothing was judged); ``figures`` are what the data say, those
    that answer first; ``disagrees`` where the auditor's score and that of the figures are far apart."""

    checklist: str
    item: Item
    status: str
    score: float | None
    figures: tuple[Answered, ...]
    answer: Answer | None
    disagrees: bool = False

    @property
    def applies(self) -> bool:
        """Whether the auditor lets the item count."""
        return self.answer is None or self.answer.answer != NOT_APPLICABLE


@dataclass(frozen=True)
class Result:
    """A checklist as it stands: ``score`` is the weighted mean of the scored items, ``scored`` their share of all
    weight, ``coverage`` the number of items by status among those that apply."""

    checklist: Checklist
    items: tuple[Assessed, ...]
    score: float | None
    scored: float
    coverage: Mapping[str, int]


def assess(checklist: Checklist, figures: Figures, answers: Mapping[tuple[str, str], Answer]) -> Result:
    """Hold figures and answers against every item."""
    answer = {item.id: answers.get((checklist.id, item.id)) for item in checklist.item}
    return _result(checklist, tuple(_assessed(checklist.id, item, figures, answer[item.id]) for item in checklist.item))


def _result(checklist: Checklist, items: tuple[Assessed, ...]) -> Result:
    applying = [one for one in items if one.applies]
    weight = sum(one.item.weight for one in applying)
    scored = [one for one in applying if one.score is not None]
    scored_weight = sum(one.item.weight for one in scored)
    score = sum(one.score * one.item.weight for one in scored) / scored_weight if scored_weight else None
    coverage = {state: sum(one.status == state for one in applying) for state in STATES}
    return Result(checklist, items, score, scored_weight / weight if weight else 0.0, coverage)


def together(results: Mapping[str, Result]) -> Result:
    """The client's checklist from those of its teams: computed where the data of every team answer.

    The score of an item is the mean of the teams' scores, each team alike; an answer that the auditor gave to the
    client stands in all of them already. ``results`` holds one result per team, of one and the same checklist.
    """
    first = next(iter(results.values()))
    if len(results) == 1:
        return first
    items = tuple(
        _pooled({team: one.items[place] for team, one in results.items()}) for place in range(len(first.items))
    )
    return _result(first.checklist, items)


def figures_for(
    store: Store,
    checklists: Sequence[Checklist],
    team: str,
    period: Period,
    labels: Labels,
    as_of: datetime | None = None,
) -> Figures:
    """Everything that the items of these checklists ask of the data, of one team and period."""
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.measures import find

    config = store.workspace.config
    items = [item for one in checklists for item in one.item]
    targets = [name for name, target in config.targets.items() if target.bound is not None]
    every = any(EVERY in item.measures for item in items)
    named = {name for item in items for name in item.measures if name != EVERY} | set(targets)
    known = {one.id: one for one in find((), config.measure)}
    asked = list(known) if every else [name for name in known if name in named]
    now = _rows(evaluate(store, asked, [team], [period], as_of=as_of)) if asked else []
    groups = {}
    for by in {item.by for item in items if item.by}:
        wanted = sorted(
            {name for item in items if item.by == by for name, rule in item.measures.items() if rule == "grouped"}
        )
        groups[by] = _rows(evaluate(store, wanted, [team], [period], by=by, as_of=as_of)) if wanted else []
    trended = [name for name in asked if every or any(item.measures.get(name) == "trend" for item in items)]
    past = _rows(evaluate(store, trended, [team], list(period.history(13)), as_of=as_of)) if trended else []
    history: dict[str, int] = {}
    for row in past:
        if row["available"] and row["statistic"] == known[row["measure"]].statistics[0]:
            history[row["measure"]] = history.get(row["measure"], 0) + 1
    verdicts = _verdicts(store, team, period, as_of, known) if any(item.dated_changes for item in items) else ()
    return Figures(now, groups, history, targets, known, labels, verdicts)


def _verdicts(
    store: Store, team: str, period: Period, as_of: datetime | None, measures: Mapping[str, Measure]
) -> tuple[str, ...]:
    """The kind of verdict on each dated change of the team that can be looked at."""
    from auditkit.impact.study import Studies
    from auditkit.impact.verdict import OPEN

    studies = Studies(store, team, period, as_of or store.meta.as_of, measures)
    found = (studies.impact(one).named for one in studies.within_reach()[0])
    return tuple(OPEN[0] if one is None else one.verdict.kind for one in found)


def _assessed(checklist: str, item: Item, figures: Figures, answer: Answer | None) -> Assessed:
    found = sorted(_answered(item, figures), key=lambda one: not one.answers)
    answering = [one for one in found if one.answers]
    scores = [one.score for one in answering if one.score is not None]
    computed = sum(scores) / len(scores) if scores else None
    if answer is None:
        status = COMPUTED if answering else MISSING
        return Assessed(checklist, item, status, computed, tuple(found), None)
    apart = computed is not None and answer.points is not None and abs(computed - answer.points) >= APART
    return Assessed(checklist, item, ATTESTED, answer.points, tuple(found), answer, apart)


def _pooled(teams: Mapping[str, Assessed]) -> Assessed:
    """One item of all teams."""
    first = next(iter(teams.values()))
    by_measure: dict[str, list[Answered]] = {}
    for team, assessed in teams.items():
        for one in assessed.figures:
            told = replace(one, words=said("{team}: {words}", team=team, words=one.words))
            by_measure.setdefault(one.measure, []).append(told)
    found = tuple(one for several in by_measure.values() for one in several)
    if first.answer is not None and all(one.answer == first.answer for one in teams.values()):
        return replace(first, figures=found, disagrees=any(one.disagrees for one in teams.values()))
    scores = [one.score for one in teams.values() if one.score is not None]
    complete = all(one.status != MISSING for one in teams.values())
    score = sum(scores) / len(scores) if scores and complete else None
    return Assessed(first.checklist, first.item, COMPUTED if complete else MISSING, score, found, None)


def _answered(item: Item, figures: Figures) -> list[Answered]:
    found = []
    for name, rule in item.measures.items():
        if name != EVERY:
            found.append(RULES[rule](figures, name, item.by))
        elif rule == "trend":
            found += [one for one in (RULES[rule](figures, each, item.by) for each in figures.history) if one.answers]
        elif figures.targets:
            found += [RULES[rule](figures, each, item.by) for each in figures.targets]
        else:
            found.append(Answered(EVERY, "", rule, False, None, NO_TARGETS))
    found += [dated_changes(figures)] if item.dated_changes else []
    return found or (
        [Answered(EVERY, "", "trend", False, None, said("no figure has a history"))] if item.measures else []
    )


def _rows(frame) -> list[dict]:
    """The long table as plain rows: what does not exist is None."""
    names = list(frame.columns)
    rows = frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None)
    return [dict(zip(names, row, strict=True)) for row in rows]
