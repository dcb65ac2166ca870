"""Variants: what the other published definitions of a measure would have said, and which of them flatters.

Definitions differ by more than most months do, so no report should keep quiet about which one it used. In come the
variants that the engine evaluated for the period, out comes one table, or nothing where a measure has only one
definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from auditkit.definition import Measure
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import since, table
from auditkit.labels import Labels

DEFAULT_MARK = "(the default)"


def variants(context: Context, measure: str, slug: str) -> list[Exhibit]:
    """The table of a measure's variants in the period; empty with fewer than two figures."""
    declared, labels = context.measures[measure], context.labels
    known = [one for one in evaluated(context, declared) if one.available]
    if len(known) < 2:
        return []
    rows = [
        [
            {"text": variant_words(context, declared, figure.variant), "strong": is_default(declared, figure)},
            {"text": context.said(figure, _digits(figure, known)), "strong": is_default(declared, figure)},
            context.interval(figure, _digits(figure, known)),
            labels.count(figure.n),
        ]
        for figure in known
    ]
    note = " ".join([context.note(measure, extra=_flattering(context, declared, known)), *_absent(context, declared)])
    columns = [labels.say("Definition"), labels.period(context.period), labels.say("95 % interval"), "n"]
    return [table(slug, _title(context, declared, known), note, columns, rows)]


def evaluated(context: Context, declared: Measure) -> list[Figure]:
    """The figures of the default and of each variant; a variant that is the default itself stands in its place."""
    named_default = any(DEFAULT_MARK in one.variant_words for one in declared.variants.values())
    names = [name for name in ("default", *declared.variants) if name != "default" or not named_default]
    found = (context.variants.figure(declared.id, context.period.label, "", name) for name in names)
    return [one for one in found if one is not None]


def is_default(declared: Measure, figure: Figure) -> bool:
    """Whether the figure is by the definition that the report uses."""
    chosen = declared.variants.get(figure.variant)
    return chosen is None or DEFAULT_MARK in chosen.variant_words


def variant_words(context: Context, declared: Measure, variant: str) -> str:
    """A variant's name and rule in words."""
    chosen = declared.variants.get(variant)
    if chosen is None:
        return context.labels.say("default: {rule}", rule=summary(context, declared).removesuffix("."))
    return f"{variant}: {fill(context.labels, chosen.variant_words, chosen.parameters)}"


def summary(context: Context, measure: Measure) -> str:
    """The sentence that defines a measure, with its numbers in it."""
    return fill(context.labels, measure.summary, numbers(context, measure))


def numbers(context: Context, measure: Measure) -> dict[str, Any]:
    """The measure's parameters, with the limit that its target sets where that is one number."""
    within = getattr(context.targets.get(measure.id), "within", None)
    return dict(measure.parameters) | ({"within": within} if isinstance(within, int | float) else {})


def fill(labels: Labels, declared: str, parameters: Mapping[str, Any]) -> str:
    """A declared text in the reader's language, with its ``{name}`` replaced by the parameter's value.

    >>> fill(Labels(), "within {days} days", {"days": 7})
    'within 7 days'
    """
    text = labels.tell(declared)
    for name, value in parameters.items():
        text = text.replace("{" + name + "}", labels.bound("", value))
    return text


def _title(context: Context, declared: Measure, known: list[Figure]) -> str:
    used = next((one for one in known if is_default(declared, one)), None)
    alike = _alike(known)
    low, high = min(alike, key=lambda one: one.value), max(alike, key=lambda one: one.value)
    labels, name = context.labels, context.label(declared.id)
    span = labels.reach(context.said(low, used or high), context.said(high, used))
    if used is None:
        return labels.say(
            "{measure} is not known by the report's definition; by others it is {range}", measure=name, range=span
        )
    if len(alike) < 2:
        tail = since(context, context.headline(declared.id))
        values = {"measure": name, "value": context.said(used), "when": labels.within(context.period)}
        lead = labels.say("{measure}: {value} {when}", **values)
        return labels.say("{first}; {second}", first=lead, second=tail) if tail else lead
    return labels.say(
        "{measure} is {range}, depending on the definition; this report uses {value}",
        measure=name,
        range=span,
        value=context.said(used),
    )


def _flattering(context: Context, declared: Measure, known: list[Figure]) -> str:
    alike = _alike(known)
    if len(alike) < 2 or declared.better == "neither":
        return ""
    best = (max if declared.better == "higher" else min)(alike, key=lambda one: one.value)
    if is_default(declared, best):
        return context.labels.say("The definition that flatters most is the default itself")
    return context.labels.say("The definition that flatters most is {variant}", variant=best.variant)


def _absent(context: Context, declared: Measure) -> list[str]:
    """The variants without a figure, a sentence for each reason."""
    labels = context.labels
    reasons: dict[str, list[str]] = {}
    for figure in evaluated(context, declared):
        if not figure.available:
            reasons.setdefault(why_none(labels, figure.reason), []).append(figure.variant)
    return [
        labels.say("Without figures: {variants}, as {reason}.", variants=tuple(names), reason=reason)
        for reason, names in reasons.items()
    ]


def why_none(labels: Labels, reason: str | None) -> str:
    """Why there is no figure, as a clause for the middle of a sentence."""
    return (labels.tell(reason) or labels.say("nothing to count in the period")).removesuffix(".")


def _digits(figure: Figure, known: list[Figure]) -> Figure:
    """The figure whose interval settles the digits: the first of its kind, so that the column is told alike."""
    return next(one for one in known if (one.unit, one.statistic) == (figure.unit, figure.statistic))


def _alike(known: list[Figure]) -> list[Figure]:
    """The figures that can be laid beside the first: of its unit and statistic."""
    return [one for one in known if (one.unit, one.statistic) == (known[0].unit, known[0].statistic)]
