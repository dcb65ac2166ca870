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
from auditkit.labels import listed

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
    note = context.note(measure, extra=_flattering(declared, known)) + _absent(context, declared)
    columns = ["Definition", labels.period(context.period), "95 % interval", "n"]
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
        return f"default: {summary(context, declared).removesuffix('.')}"
    return f"{variant}: {fill(chosen.variant_words, chosen.parameters)}"


def summary(context: Context, measure: Measure) -> str:
    """The sentence that defines a measure, with its numbers in it."""
    return fill(measure.summary, numbers(context, measure))


def numbers(context: Context, measure: Measure) -> dict[str, Any]:
    """The measure's parameters, with the limit that its target sets where that is one number."""
    within = getattr(context.targets.get(measure.id), "within", None)
    return dict(measure.parameters) | ({"within": within} if isinstance(within, int | float) else {})


def fill(text: str, parameters: Mapping[str, Any]) -> str:
    """The text with its ``{name}`` replaced by the parameter's value.

    >>> fill("within {days} days", {"days": 7})
    'within 7 days'
    """
    for name, value in parameters.items():
        text = text.replace("{" + name + "}", f"{value:g}")
    return text


def _title(context: Context, declared: Measure, known: list[Figure]) -> str:
    used = next((one for one in known if is_default(declared, one)), None)
    alike = _alike(known)
    low, high = min(alike, key=lambda one: one.value), max(alike, key=lambda one: one.value)
    span = f"{context.said(low, used or high)} to {context.said(high, used)}"
    if used is None:
        return f"{declared.label} is not known by the report's definition; by others it is {span}"
    if len(alike) < 2:
        tail = since(context, context.headline(declared.id))
        when = context.labels.within(context.period)
        return f"{declared.label}: {context.said(used)} {when}{'; ' + tail if tail else ''}"
    return f"{declared.label} is {span}, depending on the definition; this report uses {context.said(used)}"


def _flattering(declared: Measure, known: list[Figure]) -> str:
    alike = _alike(known)
    if len(alike) < 2 or declared.better == "neither":
        return ""
    best = (max if declared.better == "higher" else min)(alike, key=lambda one: one.value)
    return (
        f"The definition that flatters most is {'the default itself' if is_default(declared, best) else best.variant}"
    )


def _absent(context: Context, declared: Measure) -> str:
    """The variants without a figure, by reason."""
    reasons: dict[str, list[str]] = {}
    for figure in evaluated(context, declared):
        if not figure.available:
            reasons.setdefault(figure.reason or "nothing to count", []).append(figure.variant)
    parts = (f" Without figures: {listed(names)}, as {reason.removesuffix('.')}." for reason, names in reasons.items())
    return "".join(parts)


def _digits(figure: Figure, known: list[Figure]) -> Figure:
    """The figure whose interval settles the digits: the first of its kind, so that the column is told alike."""
    return next(one for one in known if (one.unit, one.statistic) == (figure.unit, figure.statistic))


def _alike(known: list[Figure]) -> list[Figure]:
    """The figures that can be laid beside the first: of its unit and statistic."""
    return [one for one in known if (one.unit, one.statistic) == (known[0].unit, known[0].statistic)]
