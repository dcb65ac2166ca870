"""The rules by which figures answer an item of a checklist: one small function each, from figures to what they say.

In come the rows of the engine's long table that concern one measure; out comes an :class:`Answered`: whether the data
answer, the score where the rule gives one, and what was found in words. A verdict that cannot be concluded answers
nothing; it is a reason, not a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from auditkit.definition import Measure
from auditkit.evaluation.verdicts import MEETS, MISSES
from auditkit.impact.verdict import FOUND, NONE, OPEN
from auditkit.labels import Labels, said, said_n

ENOUGH_HISTORY = 12  # periods from which a control chart has limits that are more than a trial
FEWEST_GROUPS = 2
NO_TARGETS = said("audit.toml sets no targets")


@dataclass(frozen=True)
class Answered:
    """What the figures of one measure say to an item. ``score`` is 0..1, None where the rule judges nothing; ``label``
    and ``words`` are told in the reader's language by Labels."""

    measure: str
    label: str
    rule: str
    answers: bool
    score: float | None
    words: str
    rows: tuple[Mapping[str, Any], ...] = field(default=())


@dataclass(frozen=True)
class Figures:
    """Everything that the rules may look at: one team in one period.

    ``now`` are the default figures of the period, judged; ``groups`` those by a group; ``history`` counts, for each
    measure, the periods of the history in which it has a figure. ``targets`` names the measures with a target,
    ``verdicts`` are those on the team's dated changes (kinds of impact/verdict.py).
    """

    now: Sequence[Mapping[str, Any]]
    groups: Mapping[str, Sequence[Mapping[str, Any]]]
    history: Mapping[str, int]
    targets: Sequence[str]
    measures: Mapping[str, Measure]
    labels: Labels
    verdicts: Sequence[str] = ()

    def of(self, measure: str) -> list[Mapping[str, Any]]:
        """The figures of one measure, its default statistic first."""
        return [row for row in self.now if row["measure"] == measure]

    def label(self, measure: str) -> str:
        """What the measure is called."""
        return self.measures[measure].label if measure in self.measures else measure

    def said(self, row: Mapping[str, Any]) -> str:
        """A figure with its interval, as a report prints it."""
        business = self.measures[row["measure"]].clock == "business"
        how = {"statistic": row["statistic"], "business": business}
        value = self.labels.value(row["unit"], row["value"], row["low"], row["high"], **how)
        if row["low"] is None and row["high"] is None:
            return value
        return f"{value} ({self.labels.interval(row['unit'], row['low'], row['high'], **how)})"


def target(figures: Figures, measure: str, by: str) -> Answered:
    """Met is 1, missed is 0; what cannot be concluded, or has no target, answers nothing and says why.

    A target on the team's business clock stands for one on the calendar.
    """
    twin = f"{measure}_business"
    if measure not in figures.targets and twin in figures.targets:
        measure = twin
    judged = [row for row in figures.of(measure) if row["verdict"] is not None]
    if not judged:
        known_now = known(figures, measure, by)
        if not known_now.answers:
            return Answered(measure, figures.label(measure), "target", False, None, known_now.words)
        words = said("{figure}; audit.toml sets no target for it", figure=known_now.words)
        return Answered(measure, figures.label(measure), "target", False, None, words, known_now.rows)
    row = judged[0]
    if row["verdict"] in (MEETS, MISSES):
        met = row["verdict"] == MEETS
        words = (
            said("{figure}: the target is met", figure=figures.said(row))
            if met
            else said("{figure}: the target is missed", figure=figures.said(row))
        )
        return Answered(measure, figures.label(measure), "target", True, float(met), words, (row,))
    words = said("cannot conclude: {reason}", reason=row["verdict_reason"])
    return Answered(measure, figures.label(measure), "target", False, None, words, (row,))


def measured(figures: Figures, measure: str, by: str) -> Answered:
    """The figure exists: it answers; its target, where one can be judged, gives the score."""
    judged = target(figures, measure, by)
    if judged.answers:
        return replace(judged, rule="measured")
    there = known(figures, measure, by)
    if not there.answers:
        return replace(there, rule="measured")
    words = said("{figure}; {reason}", figure=there.words, reason=judged.words) if _is_open(judged) else there.words
    return replace(there, rule="measured", words=words)


def _is_open(judged: Answered) -> bool:
    """Whether there is a target on which nothing can be concluded."""
    return any(row["verdict"] is not None for row in judged.rows)


def known(figures: Figures, measure: str, by: str) -> Answered:
    """The figure exists: it answers, and judges nothing."""
    rows = figures.of(measure)
    there = [row for row in rows if row["available"]]
    if there:
        return Answered(measure, figures.label(measure), "known", True, None, figures.said(there[0]), tuple(there))
    reason = rows[0]["reason"] if rows else None
    return Answered(measure, figures.label(measure), "known", False, None, reason or said("it was not evaluated"))


def grouped(figures: Figures, measure: str, by: str) -> Answered:
    """The figure exists for at least two groups."""
    there = [row for row in figures.groups.get(by, ()) if row["measure"] == measure and row["available"]]
    names = list(dict.fromkeys(row["group"] for row in there if row["group"] is not None))
    if len(names) >= FEWEST_GROUPS:
        words = said_n("figures for {count} group", "figures for {count} groups", len(names))
        return Answered(measure, figures.label(measure), "grouped", True, None, words, tuple(there))
    alone = known(figures, measure, by)
    words = said("no figures by {group}", group=by) if alone.answers else alone.words
    return Answered(measure, figures.label(measure), "grouped", False, None, words)


def targeted(figures: Figures, measure: str, by: str) -> Answered:
    """A target is set: the score is 1 for one that can be judged, 0.5 for one that cannot yet."""
    if measure not in figures.targets:
        return Answered(
            measure, figures.label(measure), "targeted", False, None, said("audit.toml sets no target for it")
        )
    judged = [row for row in figures.of(measure) if row["verdict"] in (MEETS, MISSES)]
    if judged:
        return Answered(
            measure, figures.label(measure), "targeted", True, 1.0, target(figures, measure, by).words, tuple(judged)
        )
    return Answered(measure, figures.label(measure), "targeted", True, 0.5, target(figures, measure, by).words)


def gap(figures: Figures, measure: str, by: str) -> Answered:
    """How far a figure is from its target: it answers, and judges nothing."""
    found = [row for row in figures.of(measure) if row["available"] and row["target"] is not None]
    if not found:
        return Answered(measure, figures.label(measure), "gap", False, None, known(figures, measure, by).words)
    row = found[0]
    business = figures.measures[measure].clock == "business"
    bound = figures.labels.bound(row["unit"], row["target"], statistic=row["statistic"], business=business)
    words = said("{figure} against a target of {target}", figure=figures.said(row), target=bound)
    return Answered(measure, figures.label(measure), "gap", True, None, words, (row,))


def trend(figures: Figures, measure: str, by: str) -> Answered:
    """The figure has a history long enough for a control chart."""
    count = figures.history.get(measure, 0)
    words = said_n("{count} period of history", "{count} periods of history", count)
    return Answered(measure, figures.label(measure), "trend", count >= ENOUGH_HISTORY, None, words)


def dated_changes(figures: Figures) -> Answered:
    """What dated changes have brought: it answers where something can be concluded of every one, and judges nothing."""
    kinds = figures.verdicts
    if not kinds:
        return Answered("", "", "dated changes", False, None, said("no dated change of the team is on record"))
    words = said_n(
        "{count} dated change: {found} with an effect, {none} without, {open} on which nothing can be concluded",
        "{count} dated changes: {found} with an effect, {none} without, {open} on which nothing can be concluded",
        len(kinds),
        found=sum(one in FOUND for one in kinds),
        none=sum(one in NONE for one in kinds),
        open=sum(one in OPEN for one in kinds),
    )
    return Answered("", "", "dated changes", not any(one in OPEN for one in kinds), None, words)


RULES: dict[str, Callable[[Figures, str, str], Answered]] = {
    "target": target,
    "measured": measured,
    "known": known,
    "grouped": grouped,
    "targeted": targeted,
    "gap": gap,
    "trend": trend,
}
