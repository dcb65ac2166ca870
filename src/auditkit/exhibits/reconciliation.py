"""Reconciliation: where a source states its own figure per ticket, how often it differs from ours, and why.

In come the report's context and what reconcile.py found; out come a table of the explanations, with how well each fits
all tickets, and the tickets that differ most, with file and row. An explanation that fits few tickets is a guess, and
the note says so.
"""

from __future__ import annotations

from typing import Any

from auditkit.differences import AGREES, IMPOSSIBLE, UNEXPLAINED
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned
from auditkit.labels import NOTHING, capital
from auditkit.reconcile import Reconciliation

MOST_TICKETS = 12
COLUMN_WORDS = {
    "sla_first_response_met": "First response in time",
    "sla_resolution_met": "Resolution in time",
    "recorded_first_response_seconds": "First response time",
    "recorded_resolution_seconds": "Resolution time",
}
_CLOCKS = {"calendar": "calendar time", "business": "business hours"}
_TONES = {AGREES: "good", UNEXPLAINED: "bad"}


def reconciliation(context: Context, found: Reconciliation) -> list[Exhibit]:
    """Tickets by explanation and the worst of them; one text where no source states a figure of its own."""
    counts = found.by_explanation[found.by_explanation["team"] == context.team].to_dict("records")
    reasons = [f"{capital(reason)}." for reason in found.reasons]
    if not counts:
        when = context.labels.within(context.period)
        none = f"No ticket of {context.team} has a figure of its source {when}."
        return [context.missing("reconciliation", "Nothing to reconcile", *(reasons or [none]))]
    worst = found.worst[found.worst["team"] == context.team].to_dict("records")
    exhibits = [_explanations(context, counts, reasons)]
    return [*exhibits, _worst(context, worst)] if worst else exhibits


def _explanations(context: Context, counts: list[dict[str, Any]], reasons: list[str]) -> Exhibit:
    labels = context.labels
    rows: list[list[Cell]] = [
        [
            f"{COLUMN_WORDS[one['column']]}, {_CLOCKS[one['clock']]}",
            {"text": _explanation(one), "tone": _TONES.get(one["explanation"], "neutral")},
            labels.count(one["tickets"]),
            labels.share(one["share"]),
            labels.share(one["fits"]),
            one["words"],
        ]
        for one in counts
    ]
    note = (
        f"{labels.period(context.period)}. Share: of the tickets compared. Fits all: the share of them on which the "
        "source would be right by this explanation; where it is low, these few are explained by chance."
    )
    columns = ["The source says", "Explanation", "Tickets", "Share", "Fits all", "Meaning"]
    title = _title(context, counts)
    data = {"title": title, "note": " ".join([note, *reasons]), "columns": aligned(columns, (0, 1, 5)), "rows": rows}
    return Exhibit("reconciliation", "table", data | {"alt": title})


def _worst(context: Context, worst: list[dict[str, Any]]) -> Exhibit:
    shown = worst[:MOST_TICKETS]
    rows: list[list[Cell]] = [
        [
            str(one["ticket_id"]),
            f"{COLUMN_WORDS[one['column']]}, {_CLOCKS[one['clock']]}",
            {"text": one["explanation"], "tone": _TONES.get(one["explanation"], "neutral")},
            _stated(context, one, "recorded"),
            _stated(context, one, "recomputed"),
            context.labels.duration(one["difference_seconds"], business=one["clock"] == "business"),
            f"{one['source']}, row {one['source_row']}",
        ]
        for one in shown
    ]
    columns = ["Ticket", "What", "Explanation", "Source says", "Recomputed", "Off by", "Where"]
    unexplained = sum(one["explanation"] == UNEXPLAINED for one in shown)
    told = f", {unexplained} of them unexplained" if unexplained else ""
    noun = "ticket differs" if len(shown) == 1 else "tickets differ"
    title = f"{context.labels.count(len(shown))} {noun} most{told}"
    note = (
        f"{context.labels.period(context.period)}. Off by: the distance from the recorded time, or of a verdict from "
        "its limit. Rows are counted as a spreadsheet counts them: the header is row 1."
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
        return "None of the figures that the source states can be recomputed"
    (column, _), rows = max(grouped.items(), key=lambda pair: _differing(pair[1]) / _compared(pair[1]))
    differing, compared = _differing(rows), _compared(rows)
    name, labels = f"“{COLUMN_WORDS[column].lower()}”", context.labels
    if not differing:
        more = "what the source says" if len(grouped) > 1 else f"what the source says of {name}"
        return f"The recomputed figures agree with {more} in all {labels.counted(compared, 'tickets')}"
    main = max((one for one in rows if one["explanation"] != AGREES), key=lambda one: one["tickets"])
    mostly = "" if main["tickets"] == differing else "mostly "
    why = f"{mostly}unexplained" if main["explanation"] == UNEXPLAINED else f"{mostly}explained by {_explanation(main)}"
    part = f"{labels.count(differing)} of {labels.counted(compared, 'tickets')} ({labels.share(differing / compared)})"
    return f"What the source says of {name} differs in {part}, {why}"


def _compared(rows: list[dict[str, Any]]) -> int:
    return sum(one["tickets"] for one in rows)


def _differing(rows: list[dict[str, Any]]) -> int:
    return sum(one["tickets"] for one in rows if one["explanation"] != AGREES)


def _explanation(one: dict[str, Any]) -> str:
    """The explanation, with the offset of a time zone."""
    offset = one["offset_seconds"]
    return one["explanation"] if offset is None or offset != offset else f"{one['explanation']} ({offset / 3600:+g} h)"


def _stated(context: Context, one: dict[str, Any], name: str) -> str:
    """A verdict or a duration in words."""
    if one["limit_seconds"] != one["limit_seconds"]:
        return context.labels.duration(one[name])
    return NOTHING if one[name] != one[name] else "in time" if one[name] else "late"
