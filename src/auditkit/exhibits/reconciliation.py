"""Reconciliation: where a source states its own figure per ticket, how often it differs from ours, and why.

In come the report's context and what reconcile.py found; out come a table of the explanations, with how well each fits
all tickets, and the tickets that differ most, with file and row. An explanation that fits few tickets is a guess, and
the note says so.
"""

from __future__ import annotations

from typing import Any

from auditkit.evidence.differences import AGREES, IMPOSSIBLE, UNEXPLAINED
from auditkit.evidence.reconcile import Reconciliation
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned
from auditkit.labels import NOTHING, SPACE, Labels, capital
from auditkit.translation import N_

MOST_TICKETS = 12
COLUMN_WORDS = {
    "sla_first_response_met": N_("First response in time"),
    "sla_resolution_met": N_("Resolution in time"),
    "recorded_first_response_seconds": N_("First response time"),
    "recorded_resolution_seconds": N_("Resolution time"),
}
_CLOCKS = {"calendar": N_("calendar time"), "business": N_("business hours")}
_TONES = {AGREES: "good", UNEXPLAINED: "bad"}


_EXPLANATION_COLUMNS = (
    N_("The source says"),
    N_("Explanation"),
    N_("Tickets"),
    N_("Share"),
    N_("Fits all"),
    N_("Meaning"),
)
_WORST_COLUMNS = (
    N_("Ticket"),
    N_("What"),
    N_("Explanation"),
    N_("Source says"),
    N_("Recomputed"),
    N_("Off by"),
    N_("Where"),
)


def reconciliation(context: Context, found: Reconciliation) -> list[Exhibit]:
    """Tickets by explanation and the worst of them; one text where no source states a figure of its own."""
    counts = found.by_explanation[found.by_explanation["team"] == context.team].to_dict("records")
    labels = context.labels
    reasons = [f"{capital(labels.tell(reason))}." for reason in found.reasons]
    if not counts:
        none = labels.say(
            "No ticket of {team} has a figure of its source {when}.",
            team=context.team,
            when=labels.within(context.period),
        )
        return [context.missing("reconciliation", labels.say("Nothing to reconcile"), *(reasons or [none]))]
    worst = found.worst[found.worst["team"] == context.team].to_dict("records")
    exhibits = [_explanations(context, counts, reasons)]
    return [*exhibits, _worst(context, worst)] if worst else exhibits


def _explanations(context: Context, counts: list[dict[str, Any]], reasons: list[str]) -> Exhibit:
    labels = context.labels
    rows: list[list[Cell]] = [
        [
            _what(labels, one),
            {"text": _explanation(labels, one), "tone": _TONES.get(one["explanation"], "neutral")},
            labels.count(one["tickets"]),
            labels.share(one["share"]),
            labels.share(one["fits"]),
            labels.tell(one["words"]),
        ]
        for one in counts
    ]
    note = labels.say(
        "{period}. Share: of the tickets compared. Fits all: the share of them on which the source would be right by "
        "this explanation; where it is low, these few are explained by chance.",
        period=capital(labels.period(context.period)),
    )
    columns = [labels.tell(name) for name in _EXPLANATION_COLUMNS]
    title = _title(context, counts)
    data = {"title": title, "note": " ".join([note, *reasons]), "columns": aligned(columns, (0, 1, 5)), "rows": rows}
    return Exhibit("reconciliation", "table", data | {"alt": title})


def _worst(context: Context, worst: list[dict[str, Any]]) -> Exhibit:
    labels, shown = context.labels, worst[:MOST_TICKETS]
    rows: list[list[Cell]] = [
        [
            str(one["ticket_id"]),
            _what(labels, one),
            {"text": labels.tell(one["explanation"]), "tone": _TONES.get(one["explanation"], "neutral")},
            _stated(context, one, "recorded"),
            _stated(context, one, "recomputed"),
            labels.duration(one["difference_seconds"], business=one["clock"] == "business"),
            labels.say("{file}, row {row}", file=one["source"], row=str(one["source_row"])),
        ]
        for one in shown
    ]
    columns = [labels.tell(name) for name in _WORST_COLUMNS]
    unexplained = sum(one["explanation"] == UNEXPLAINED for one in shown)
    title = labels.say_n("{count} ticket differs most", "{count} tickets differ most", len(shown))
    if unexplained:
        title = labels.say_n(
            "{count} ticket differs most, {unexplained} of them unexplained",
            "{count} tickets differ most, {unexplained} of them unexplained",
            len(shown),
            unexplained=unexplained,
        )
    note = labels.say(
        "{period}. Off by: the distance from the recorded time, or of a verdict from its limit. Rows are counted as a "
        "spreadsheet counts them: the header is row 1.",
        period=capital(labels.period(context.period)),
    )
    data = {"title": title, "note": note, "columns": aligned(columns, (0, 1, 2, 6)), "rows": rows, "alt": title}
    return Exhibit("reconciliation-worst", "table", data)


def _title(context: Context, counts: list[dict[str, Any]]) -> str:
    """The message: the column that differs most, how often, and what explains most of it."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in counts:
        if one["explanation"] != IMPOSSIBLE:
            grouped.setdefault((one["column"], one["clock"]), []).append(one)
    if not grouped:
        return context.labels.say("None of the figures that the source states can be recomputed")
    (column, _), rows = max(grouped.items(), key=lambda pair: _differing(pair[1]) / _compared(pair[1]))
    differing, compared = _differing(rows), _compared(rows)
    labels = context.labels
    if not differing:
        return _agreement(labels, labels.tell(COLUMN_WORDS[column]) if len(grouped) == 1 else "", compared)
    part = labels.say_n(
        "{differing} of {count} ticket ({share})",
        "{differing} of {count} tickets ({share})",
        compared,
        differing=differing,
        share=labels.share(differing / compared),
    )
    lead = labels.say(
        "What the source says of “{figure}” differs in {part}", figure=labels.tell(COLUMN_WORDS[column]), part=part
    )
    main = max((one for one in rows if one["explanation"] != AGREES), key=lambda one: one["tickets"])
    return labels.say("{lead}, {clause}", lead=lead, clause=_why(labels, main, main["tickets"] == differing))


def _agreement(labels: Labels, figure: str, compared: int) -> str:
    """That the source is right; ``figure`` names the only one that it states, where it is only one."""
    if not figure:
        return labels.say_n(
            "The recomputed figures agree with what the source says in the {count} ticket",
            "The recomputed figures agree with what the source says in all {count} tickets",
            compared,
        )
    return labels.say_n(
        "The recomputed figures agree with what the source says of “{figure}” in the {count} ticket",
        "The recomputed figures agree with what the source says of “{figure}” in all {count} tickets",
        compared,
        figure=figure,
    )


def _why(labels: Labels, main: dict[str, Any], alone: bool) -> str:
    """What explains most of the tickets that differ, or all of them where it stands ``alone``."""
    if main["explanation"] == UNEXPLAINED:
        return labels.say("unexplained") if alone else labels.say("mostly unexplained")
    explanation = _explanation(labels, main)
    if alone:
        return labels.say("explained by {explanation}", explanation=explanation)
    return labels.say("mostly explained by {explanation}", explanation=explanation)


def _compared(rows: list[dict[str, Any]]) -> int:
    return sum(one["tickets"] for one in rows)


def _differing(rows: list[dict[str, Any]]) -> int:
    return sum(one["tickets"] for one in rows if one["explanation"] != AGREES)


def _what(labels: Labels, one: dict[str, Any]) -> str:
    """What the source states, and on which clock it was recomputed."""
    figure, clock = labels.tell(COLUMN_WORDS[one["column"]]), labels.tell(_CLOCKS[one["clock"]])
    return labels.say("{figure}, {clock}", figure=figure, clock=clock)


def _explanation(labels: Labels, one: dict[str, Any]) -> str:
    """The explanation, with the offset of a time zone."""
    offset, words = one["offset_seconds"], labels.tell(one["explanation"])
    if offset is None or offset != offset:
        return words
    hours = offset / 3600
    return f"{words} ({labels.signed(hours, 0 if hours == round(hours) else 1)}{SPACE}{labels.hours})"


def _stated(context: Context, one: dict[str, Any], name: str) -> str:
    """A verdict or a duration in words."""
    if one["limit_seconds"] != one["limit_seconds"]:
        return context.labels.duration(one[name])
    if one[name] != one[name]:
        return NOTHING
    return context.labels.say("in time") if one[name] else context.labels.say("late")
