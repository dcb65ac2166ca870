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
    count = labels.counted(len({one.measure for one in figures}), "measures")
    title = f"{count} of {len(context.measures)} have a figure {labels.within(context.period)}"
    note = (
        "Complete is the share of the rows asked about that have what the measure needs. The id names the measure at "
        "the command line and in audit.toml. Counts and maxima have no interval."
    )
    return [table("measures-known", title, note, ["Measure (id)", "Value", "95 % interval", "n", "Complete"], rows)]


def _unknown(context: Context) -> list[Exhibit]:
    known = {one.measure for one in context.results.for_period(context.period.label) if one.available}
    absent = [name for name in context.measures if name not in known]
    if not absent:
        return []
    reasons: dict[str, list[str]] = {}
    for name in absent:
        reasons.setdefault(context.why_not(name), []).append(f"{context.measures[name].label} ({name})")
    rows = [[reason, ", ".join(names)] for reason, names in sorted(reasons.items(), key=lambda one: -len(one[1]))]
    verb = "measure has" if len(absent) == 1 else "measures have"
    title = f"{len(absent)} {verb} no figure {context.labels.within(context.period)}, each for a reason"
    heads = ["Why", "Measures (id)"]
    note = "A measure without a figure is not nought: nothing can be said."
    data = dict(table("measures-unknown", title, note, heads, rows).data) | {"columns": aligned(heads, left=(0, 1))}
    return [Exhibit("measures-unknown", "table", data)]
