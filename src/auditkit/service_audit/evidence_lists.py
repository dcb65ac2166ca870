"""Evidence lists: for each grave or moderate finding about a figure, the rows that it rests on, to be looked up.

In come an audit and a store, out comes a table for each finding: of a share the rows that were not met, of a quantity
the rows that weigh most on the bad side. A row is named by its key and by where it stood in its file; no text and no
name of a person is printed.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from auditkit.definition import Measure, Snapshot
from auditkit.evidence.rows_behind import PROVENANCE, evidence
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import aligned, prose, table
from auditkit.findings.model import LOW
from auditkit.findings.register import Entry
from auditkit.labels import NOTHING
from auditkit.relations import RELATIONS
from auditkit.service_audit.audited import Audited
from auditkit.store import Store

MOST_ROWS = 12  # of one finding; all of them are one command away


def evidence_lists(audited: Audited, store: Store) -> list[Exhibit]:
    """A table of rows for each finding about a figure; one sentence where there is none."""
    made = []
    for one in audited.standing:
        measure = str(one.found.get("measure", ""))
        if measure and one.found.get("severity") != LOW and one.team in audited.teams:
            made += _rows_of(audited.teams[one.team], store, one, measure)
    if made:
        return made
    title = audited.context.labels.say("No finding rests on the rows of a figure")
    return [prose("evidence-none", title)]


def _rows_of(context: Context, store: Store, entry: Entry, measure: str) -> list[Exhibit]:
    labels, figure = context.labels, context.figure(measure)
    declared = context.measures.get(measure)
    if declared is None or figure is None:
        return []
    frame = evidence(store, measure, context.team, context.period, as_of=context.as_of)
    if frame.empty:
        return []
    shown, which = _telling(context, frame, declared.better)
    key = [name for name in RELATIONS[declared.of].key if name in frame and name != "team"]
    places = [name for name in PROVENANCE if name in frame]
    valued = "value" in frame
    rows = [
        [*(_text(one[name]) for name in key), *([_value(context, figure, declared, one["value"])] if valued else []),
            *(_text(one[name]) for name in places)]
        for one in shown.head(MOST_ROWS).to_dict("records")
    ]  # fmt: skip
    heads = [*key, *([labels.say("Value")] if valued else []), *(labels.say("File") if name == "source" else
        labels.say("Row") for name in places)]  # fmt: skip
    title = labels.say("{number}: {measure}, {which}", number=entry.number, measure=context.label(measure), which=which)
    total = labels.say_n("{shown} of {count} row shown", "{shown} of {count} rows shown", len(shown), shown=len(rows))
    command = f"auditkit evidence {measure} --team {context.team!r} --period {context.period.label}"
    note = labels.say("All rows: {command}", command=command)
    made = table(f"evidence-{entry.number.lower()}", title, note, heads, rows, total)
    left = [place for place, name in enumerate([*key, *(["value"] if valued else []), *places]) if name != "value"]
    return [Exhibit(made.id, made.kind, {**made.data, "columns": aligned(heads, left)})]


def _telling(context: Context, frame: pd.DataFrame, better: str) -> tuple[pd.DataFrame, str]:
    """The rows that tell most of what is wrong, and what they are."""
    labels = context.labels
    if "value" in frame:
        lowest_first = better == "higher"
        which = labels.say("the lowest values") if lowest_first else labels.say("the highest values")
        return frame.sort_values("value", ascending=lowest_first, kind="stable"), which
    if better == "lower":
        return frame[frame["met"]], labels.say("the rows that count against it")
    return frame[~frame["met"].astype(bool)], labels.say("the rows that were not met")


def _value(context: Context, figure: Figure, declared: Measure, value: Any) -> str:
    """What a row adds: in the figure's unit; of a snapshot its age."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return NOTHING
    return context.labels.value(
        "seconds" if isinstance(declared, Snapshot) else figure.unit,
        float(value),
        None,
        None,
        statistic="max",
        business=context.is_business(figure.measure),
    )


def _text(value: Any) -> str:
    return NOTHING if value is None or value is pd.NA or value is pd.NaT or value != value else str(value)
