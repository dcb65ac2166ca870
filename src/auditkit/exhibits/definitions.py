"""Definitions: what each figure means, by what rule it was counted, and what its variants would have said.

All of it comes from the declarations that the engine ran, so what is printed is what was counted.
"""

from __future__ import annotations

from auditkit.definition import POPULATION_WORDS, Measure
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.variants import fill, numbers, summary
from auditkit.labels import capital

_BETTER = {
    "higher": "Higher is better",
    "lower": "Lower is better",
    "neither": "Neither high nor low is better by itself",
}
_DATED = {
    "created_at": "by the day the ticket was opened",
    "resolved_at": "by the day of the last resolution",
    "settled_at": "by the day of resolution, else of closing, else of opening",
    "offered_at": "by the day the call was offered",
    "answered_at": "by the day of the answer",
    "sent_at": "by the day the survey was sent",
    "both": "each count by its own day",
}


def definitions(context: Context) -> list[Exhibit]:
    """A definition for each measure that has a figure in the report's period."""
    items = [
        {"term": measure.label, "text": summary(context, measure), "details": list(_details(context, measure))}
        for measure in context.measures.values()
        if any(one is not None and one.available for one in context.series(measure.id))
    ]
    note = "Intervals hold 95 % of the time. A figure that rests on nothing is a dash, never 0 % or 100 %."
    title = f"How the {len(items)} measures of this report are defined"
    return [Exhibit("definitions", "definitions", {"title": title, "note": note, "items": items})]


def _details(context: Context, measure: Measure):
    twin = context.measures.get(measure.id.removesuffix("_business"))
    if twin is not None and twin is not measure:
        yield f"The rule of '{twin.label}', on the clock of the team's business hours."
        return
    population = POPULATION_WORDS.get(measure.of, "")
    dated = _DATED.get(measure.dated_by, f"by {measure.dated_by}")
    yield f"Counted: {measure.of}, {dated}{f'; {population}' if population else ''}."
    clock = {"calendar": "Calendar time. ", "business": "The team's business hours. "}.get(measure.clock, "")
    yield f"{clock}{_BETTER[measure.better]}."
    if measure.decision:
        yield f"Decision: {measure.decision}"
    figure = context.figure(measure.id)
    if figure is not None and figure.method:
        yield f"Interval: {figure.method}."
    rules = {name: fill(text, numbers(context, measure)) for name, text in measure.expressions().items()}
    parts = (f"{name}: {text}" for name, text in rules.items() if text not in ("TRUE", ""))
    yield f"Rule: {'; '.join(parts) or 'every row'}."
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
