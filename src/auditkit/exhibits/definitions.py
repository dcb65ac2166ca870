"""Definitions: what each figure means, by what rule it was counted, and what its variants would have said.

All of it comes from the declarations that the engine ran, so what is printed is what was counted.
"""

from __future__ import annotations

from auditkit.definition import Measure
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.scorecard import HEADLINES
from auditkit.exhibits.variants import fill, summary
from auditkit.labels import capital
from auditkit.relations import POPULATION_WORDS, RELATIONS

_BETTER = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neither": "Neither high nor low is better by itself",
}
_DATED = {
    "created_at": "by the day the ticket was opened",
    "resolved_at": "by the day of the last resolution",
    "settled_at": "by the day of resolution, else of closing, else of opening",
    "offered_at": "by the day it was offered",
    "answered_at": "by the day of the answer",
    "at": "by its own day",
    "day_at": "by that day",
    "ordered_at": "by the day of the order",
    "reviewed_at": "by the day of the review",
    "since_at": "by the day the customer came",
    "started_at": "by the day of the first contact",
    "taken_at": "by the day the course was taken",
    "sent_at": "by the day the survey was sent",
    "both": "each count by its own day",
}


def definitions(context: Context) -> list[Exhibit]:
    """A definition for each headline measure that has a figure; the others are one command away."""
    headlines = {name for name, _ in HEADLINES}
    items = [
        {"term": measure.label, "text": summary(context, measure), "details": list(_details(context, measure))}
        for measure in context.measures.values()
        if measure.id.removesuffix("_business") in headlines or measure.id in headlines
        if any(one is not None and one.available for one in context.series(measure.id))
    ]
    note = (
        "Intervals hold 95 % of the time. A figure that rests on nothing is a dash, never 0 % or 100 %. "
        "The formula of every measure, as it is computed, is printed by 'auditkit explain'."
    )
    title = f"How the {len(items)} headline measures are defined"
    return [Exhibit("definitions", "definitions", {"title": title, "note": note, "items": items})]


def _details(context: Context, measure: Measure):
    twin = context.measures.get(measure.id.removesuffix("_business"))
    if twin is not None and twin is not measure:
        yield f"The rule of '{twin.label}', on the clock of the team's business hours."
        return
    population = POPULATION_WORDS.get(measure.of, "")
    dated = _DATED.get(measure.dated_by, f"by {measure.dated_by}")
    counted = f"Counted: each {RELATIONS[measure.of].one_row_per}, {dated}{f'; {population}' if population else ''}."
    clock = {"calendar": "Calendar time. ", "business": "The team's business hours. "}.get(measure.clock, "")
    figure = context.figure(measure.id)
    interval = f" Interval: {figure.method}." if figure is not None and figure.method else ""
    yield f"{counted} {clock}{_BETTER[measure.better]}.{interval}"
    if measure.decision:
        yield f"Decision: {measure.decision}"
    yield from _variants(context, measure)
    if measure.source:
        yield f"Source: {measure.source}."


def _variants(context: Context, measure: Measure):
    for name, variant in measure.variants.items():
        figure: Figure | None = context.variants.figure(measure.id, context.period.label, "", name)
        words = capital(fill(variant.variant_words, dict(variant.parameters)))
        if figure is not None and figure.available:
            rests = f"{context.interval(figure)}, {context.labels.sample_size(figure.n)}"
            yield f"Variant {name}: {words}: {context.said(figure)} ({rests})."
        else:
            reason = figure.reason if figure is not None else "not evaluated"
            yield f"Variant {name}: {words}: no figure, {reason}."
