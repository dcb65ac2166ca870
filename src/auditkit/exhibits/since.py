"""Since the last audit: what changed in the figures, in the rules, in the data and in the findings.

In come comparisons (since_compare.py, since_basis.py) and the findings that are new, closed or back, out come tables
and lists. What is not compared is listed with its reason and never subtracted. A change of a figure is called one only
by a test, or by intervals that lie apart where the rows of then are not at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned, item, measure_name, prose
from auditkit.exhibits.since_basis import Row, data_rows, definition_rows, unsaid
from auditkit.exhibits.since_compare import Since, Uncompared
from auditkit.exhibits.since_figures import changed_figures, restated_figures
from auditkit.labels import capital
from auditkit.translation import N_

SUBJECTS = {
    "measures": N_("the rules of measures"),
    "hours": N_("opening hours"),
    "targets": N_("targets"),
    "coverage": N_("the days covered"),
    "left_out": N_("tickets left out"),
}
NEW, CLOSED, BACK = N_("new since then"), N_("closed since then"), N_("back again")
STATES = (NEW, BACK, CLOSED)


@dataclass(frozen=True)
class FindingSince:
    """A finding that is new, closed or back again since then; ``statement`` as the register tells it."""

    number: str
    state: str
    severity: str
    statement: str


@dataclass(frozen=True)
class Around:
    """What stands around the figures now: what they rest on, the libraries, auditkit's own hash, and the findings
    (None where no register is kept).
    """

    basis: Mapping[str, Any]
    versions: Mapping[str, str]
    program: str
    findings: Sequence[FindingSince] | None = None


def since(context: Context, found: Since, around: Around) -> list[Exhibit]:
    """The exhibits, in order: figures, figures restated, rules, data, findings, and what is not compared."""
    rules = definition_rows(context, found.edition, around.basis, around.versions, around.program)
    made = [changed_figures(context, found)] if found.changed else []
    made += [restated_figures(context, found), _rules(context, found, rules), _data(context, found, around.basis)]
    made += [] if around.findings is None else [_findings(context, found, around.findings)]
    return [*made, *_not_compared(context, found)]


def nothing_before(context: Context) -> Exhibit:
    """The text that stands where there is no earlier edition."""
    labels = context.labels
    title = labels.say("There is no earlier edition to compare with")
    why = labels.say("Neither is there one of the period before, nor does audit.toml name another.")
    return context.missing("since", title, why)


def unreadable(context: Context) -> Exhibit:
    """The text that stands where the edition of the period before is there, and cannot be read."""
    labels = context.labels
    title = labels.say("The edition of {period} cannot be read", period=labels.period(context.previous))
    why = labels.say("Its manifest is damaged, or of another version; nothing is compared. Make that edition again.")
    return context.missing("since", title, why)


# --- what the figures rest on


def _rules(context: Context, found: Since, rows: Sequence[Row]) -> Exhibit:
    labels = context.labels
    if not rows:
        same = labels.say("Rules, opening hours, targets, the reading of files and auditkit itself are those of then.")
        return prose("since-rules", labels.say("Figures are counted as then"), [same], note=_unsaid(context, found))
    title = labels.say_n(
        "{count} thing differs in how figures are counted",
        "{count} things differ in how figures are counted",
        len(rows),
    )
    return _then_and_now(context, "since-rules", title, _unsaid(context, found), rows)


def _data(context: Context, found: Since, basis: Mapping[str, Any]) -> Exhibit:
    labels = context.labels
    rows, differing, files = data_rows(context, found.edition, basis)
    title = labels.say_n(
        "{differing} of {count} file differs from then",
        "{differing} of {count} files differ from then",
        files,
        differing=differing,
    )
    if not rows:
        same = labels.say("The files are the same to the byte, and no more days are covered than then.")
        return prose("since-data", title, [same])
    note = labels.say("Files by their bytes; one with as many rows as then holds other content.")
    return _then_and_now(context, "since-data", title, note, rows)


def _then_and_now(context: Context, slug: str, title: str, note: str, rows: Sequence[Row]) -> Exhibit:
    labels = context.labels
    columns = [labels.say("What"), labels.say("Then"), labels.say("Now")]
    data = {"title": title, "note": note, "columns": aligned(columns, (0, 1, 2)), "alt": title}
    return Exhibit(slug, "table", data | {"rows": [list(row) for row in rows]})


def _unsaid(context: Context, found: Since) -> str:
    labels, names = context.labels, unsaid(found.edition)
    if not names:
        return ""
    told = labels.listed([labels.tell(SUBJECTS[name]) for name in names])
    return labels.say("The earlier edition does not say, and nothing is compared of: {subjects}.", subjects=told)


# --- findings, and what is not compared


def _findings(context: Context, found: Since, findings: Sequence[FindingSince]) -> Exhibit:
    labels, period = context.labels, found.edition.period
    counts = [sum(one.state == state for one in findings) for state in STATES]
    if not findings:
        title = labels.say("No finding is new, closed or back again since {period}", period=labels.period(period))
        return prose("since-findings", title)
    title = labels.say(
        "Findings since {period}: {new} new, {back} back again, {closed} closed",
        period=labels.period(period),
        **{name: labels.count(count) for name, count in zip(("new", "back", "closed"), counts, strict=True)},
    )
    columns = [labels.say("Finding"), labels.say("Since then"), labels.say("Severity"), labels.say("What was found")]
    tones = {NEW: "bad", BACK: "bad", CLOSED: "good"}
    rows: list[list[Cell]] = []
    for one in sorted(findings, key=lambda one: (STATES.index(one.state), one.number)):
        state = {"text": labels.tell(one.state), "tone": tones[one.state]}
        rows.append([one.number, state, labels.tell(one.severity), one.statement])
    data = {"title": title, "note": "", "columns": aligned(columns, (0, 1, 2, 3)), "rows": rows, "alt": title}
    return Exhibit("since-findings", "table", data)


def _not_compared(context: Context, found: Since) -> list[Exhibit]:
    """One line for each reason, with the figures that it keeps from being compared."""
    if not found.uncompared:
        return []
    labels = context.labels
    reasons: dict[str, list[str]] = {}
    for one in found.uncompared:
        reasons.setdefault(labels.tell(one.reason).removesuffix("."), []).append(_name(context, one))
    items = [
        item(capital(labels.say("{reason}: {measures}", reason=reason, measures=labels.listed(names))), "unsure")
        for reason, names in reasons.items()
    ]
    title = labels.say_n("{count} figure is not compared", "{count} figures are not compared", len(found.uncompared))
    return [prose("since-not-compared", title, items=items)]


def _name(context: Context, one: Uncompared) -> str:
    return measure_name(context, one.measure, one.statistic)
