"""Every measure of the catalogue, by id: its figures in the period, or the reason why there is none.

The appendix where nothing is left out: what the sections do not show, because it is small or absent, stands here.
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import aligned, name_of, table
from auditkit.labels import NOTHING


def all_measures(context: Context) -> list[Exhibit]:
    """The measures that have figures, then those that have none with the reason."""
    return [*_known(context), *_unknown(context)]


def _known(context: Context) -> list[Exhibit]:
    labels = context.labels
    figures = [one for one in context.results.for_period(context.period.label) if one.available]
    rows = [
        [
            f"{name_of(context, one)} ({one.measure})",
            context.said(one),
            context.interval(one),
            labels.count(one.n),
            NOTHING if one.completeness is None else labels.share(one.completeness),
        ]
        for one in figures
    ]
    if not rows:
        return []
    title = labels.say_n(
        "{count} measure of {all} has a figure {when}",
        "{count} measures of {all} have a figure {when}",
        len({one.measure for one in figures}),
        all=len(context.measures),
        when=labels.within(context.period),
    )
    note = labels.say(
        "Complete is the share of the rows asked about that have what the measure needs. The id names the measure at "
        "the command line and in audit.toml. Counts and maxima have no interval."
    )
    heads = [labels.say("Measure (id)"), labels.say("Value"), labels.say("95 % interval"), "n", labels.say("Complete")]
    return [table("measures-known", title, note, heads, rows)]


def _unknown(context: Context) -> list[Exhibit]:
    known = {one.measure for one in context.results.for_period(context.period.label) if one.available}
    absent = [name for name in context.measures if name not in known]
    if not absent:
        return []
    reasons: dict[str, list[str]] = {}
    for name in absent:
        reasons.setdefault(context.why_not(name), []).append(f"{context.label(name)} ({name})")
    rows = [[reason, ", ".join(names)] for reason, names in sorted(reasons.items(), key=lambda one: -len(one[1]))]
    labels = context.labels
    title = labels.say_n(
        "{count} measure has no figure {when}, for a reason",
        "{count} measures have no figure {when}, each for a reason",
        len(absent),
        when=labels.within(context.period),
    )
    heads = [labels.say("Why"), labels.say("Measures (id)")]
    note = labels.say("A measure without a figure is not nought: nothing can be said.")
    data = dict(table("measures-unknown", title, note, heads, rows).data) | {"columns": aligned(heads, left=(0, 1))}
    return [Exhibit("measures-unknown", "table", data)]
