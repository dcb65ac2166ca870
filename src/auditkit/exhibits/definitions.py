"""Definitions: what each figure means, by what rule it was counted, and what its variants would have said.

All of it comes from the declarations that the engine ran, so what is printed is what was counted.
"""

from __future__ import annotations

from collections.abc import Iterator

from auditkit.definition import Measure
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.scorecard import HEADLINES
from auditkit.exhibits.variants import fill, summary, why_none
from auditkit.labels import said
from auditkit.relations import POPULATION_WORDS, RELATIONS
from auditkit.translation import N_

_BETTER = {
    "higher": N_("Higher is better."),
    "lower": N_("Lower is better."),
    "neither": N_("Neither high nor low is better by itself."),
}
_CLOCK = {"calendar": N_("Calendar time."), "business": N_("The team's business hours.")}
_DATED = {
    "created_at": N_("by the day the ticket was opened"),
    "resolved_at": N_("by the day of the last resolution"),
    "settled_at": N_("by the day of resolution, else of closing, else of opening"),
    "offered_at": N_("by the day it was offered"),
    "answered_at": N_("by the day of the answer"),
    "at": N_("by its own day"),
    "day_at": N_("by that day"),
    "ordered_at": N_("by the day of the order"),
    "reviewed_at": N_("by the day of the review"),
    "since_at": N_("by the day the customer came"),
    "started_at": N_("by the day of the first contact"),
    "taken_at": N_("by the day the course was taken"),
    "sent_at": N_("by the day the survey was sent"),
    "both": N_("each count by its own day"),
}


def definitions(context: Context) -> list[Exhibit]:
    """A definition for each headline measure that has a figure; the others are one command away."""
    headlines = {name for name, _ in HEADLINES}
    items = [
        {
            "term": context.label(measure.id),
            "text": summary(context, measure),
            "details": list(_details(context, measure)),
        }
        for measure in context.measures.values()
        if measure.id.removesuffix("_business") in headlines or measure.id in headlines
        if any(one is not None and one.available for one in context.series(measure.id))
    ]
    note = context.labels.say(
        "Intervals hold 95 % of the time. A figure that rests on nothing is a dash, never 0 % or 100 %. "
        "The formula of every measure, as it is computed, is printed by 'auditkit explain'."
    )
    title = context.labels.say_n(
        "How the {count} headline measure is defined", "How the {count} headline measures are defined", len(items)
    )
    return [Exhibit("definitions", "definitions", {"title": title, "note": note, "items": items})]


def _details(context: Context, measure: Measure) -> Iterator[str]:
    labels = context.labels
    twin = context.measures.get(measure.id.removesuffix("_business"))
    if twin is not None and twin is not measure:
        name = context.label(twin.id)
        yield labels.say("The rule of '{measure}', on the clock of the team's business hours.", measure=name)
        return
    yield " ".join(_rule(context, measure))
    if measure.decision:
        yield labels.say("Decision: {decision}", decision=labels.tell(measure.decision))
    yield from _variants(context, measure)
    if measure.source:
        yield labels.say("Source: {source}.", source=labels.tell(measure.source))


def _rule(context: Context, measure: Measure) -> Iterator[str]:
    """What is counted, on which clock, in which direction it is better, and by what interval."""
    labels, population = context.labels, POPULATION_WORDS.get(measure.of, "")
    values = {"row": said(RELATIONS[measure.of].one_row_per), "dated": said(_DATED.get(measure.dated_by, ""))}
    if measure.dated_by not in _DATED:
        values["dated"] = said("by {column}", column=measure.dated_by)
    if population:
        yield labels.say("Counted: each {row}, {dated}; {population}.", population=said(population), **values)
    else:
        yield labels.say("Counted: each {row}, {dated}.", **values)
    if measure.clock:
        yield labels.tell(_CLOCK[measure.clock])
    yield labels.tell(_BETTER[measure.better])
    figure = context.figure(measure.id)
    if figure is not None and figure.method:
        yield labels.say("Interval: {method}.", method=labels.tell(figure.method))


def _variants(context: Context, measure: Measure) -> Iterator[str]:
    labels = context.labels
    for name, variant in measure.variants.items():
        figure: Figure | None = context.variants.figure(measure.id, context.period.label, "", name)
        values = {"variant": name, "rule": fill(labels, variant.variant_words, dict(variant.parameters))}
        if figure is not None and figure.available:
            values |= {"value": context.said(figure), "interval": context.interval(figure)}
            yield labels.say(
                "Variant {variant}: {rule}: {value} ({interval}, {n}).", n=labels.sample_size(figure.n), **values
            )
        else:
            unknown = labels.say("it was not evaluated")
            reason = why_none(labels, figure.reason) if figure is not None else unknown
            yield labels.say("Variant {variant}: {rule}: no figure, {reason}.", reason=reason, **values)
