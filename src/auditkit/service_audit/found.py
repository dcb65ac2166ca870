"""Findings by severity: what was found, why it is that grave, what it rests on, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from auditkit.checklists.model import FOLDER, read_checklist
from auditkit.clocks.period import parse_period
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.pieces import probability, prose, table
from auditkit.findings.model import HIGH, LOW, MEDIUM
from auditkit.findings.register import Entry, state_words
from auditkit.labels import Labels, capital
from auditkit.report.sections import SECTIONS
from auditkit.service_audit.audited import Audited
from auditkit.service_audit.opinion import found_words

MOST_ROWS = 5  # cited of a fault of the data
TITLES: dict[str, Callable[[Labels, int], str]] = {
    HIGH: lambda labels, count: labels.say_n("{count} grave finding", "{count} grave findings", count),
    MEDIUM: lambda labels, count: labels.say_n("{count} moderate finding", "{count} moderate findings", count),
    LOW: lambda labels, count: labels.say_n("{count} slight finding", "{count} slight findings", count),
}


def findings(audited: Audited) -> list[Exhibit]:
    """The findings that stand, the gravest first, and what became of earlier ones."""
    labels = audited.context.labels
    if not audited.standing:
        return [prose("findings", found_words(audited)), *_closed(audited)]
    made = []
    for severity, told in TITLES.items():
        own = [entry for entry in audited.standing if entry.found.get("severity") == severity]
        if own:
            title = told(labels, len(own))
            data = {"title": title, "note": "", "items": [_item(audited, entry) for entry in own], "alt": title}
            made.append(Exhibit(f"findings-{severity}", "definitions", data))
    return [*made, *_closed(audited)]


def _item(audited: Audited, entry: Entry) -> dict:
    found, labels = entry.found, audited.context.labels
    term = (
        labels.say("{number}, {team}", number=entry.number, team=entry.team)
        if audited.is_of_client and entry.team
        else entry.number
    )
    return {"term": term, "text": str(found.get("statement", "")), "details": list(_details(labels, entry))}


def _details(labels: Labels, entry: Entry) -> Iterator[str]:
    found = entry.found
    yield labels.say("Severity by rule: {reason}", reason=found.get("reason", ""))
    yield from _evidence(labels, found)
    cause = cause_words(labels, entry.cause)
    if cause:
        yield labels.say("Likely cause: {cause}", cause=cause)
    yield labels.say("Recommended: {action}", action=entry.action)
    owner = entry.owner or labels.say("nobody yet")
    due = labels.day(entry.due) if entry.due else labels.say("no date yet")
    state = labels.tell(state_words(entry.state))
    yield labels.say("State: {state}. Owner: {owner}. Due: {due}.", state=state, owner=owner, due=due)
    if found.get("first_seen") not in (None, found.get("last_seen")):
        yield labels.say("First seen {when}.", when=labels.within(parse_period(found["first_seen"])))
    if entry.note:
        yield entry.note


def _evidence(labels: Labels, found: Mapping[str, Any]) -> Iterator[str]:
    """What the finding rests on: a figure, or rows of the data."""
    first = next(iter(found.get("evidence", ())), {})
    if found.get("measure"):
        yield labels.say_n(
            "Evidence: measure {measure} in {count} period.",
            "Evidence: measure {measure} in {count} periods.",
            len({one.get("period") for one in found.get("evidence", ())}),
            measure=found["measure"],
        )
        heading = SECTIONS.get(str(first.get("section", "")))
        if heading:
            yield labels.say("Exhibits: section {section} of the team's report.", section=labels.tell(heading))
    elif first.get("channel"):
        yield labels.say(
            "Evidence: {tests} tests against {reported} recorded contacts, {p}.",
            tests=labels.count(first["tests"]),
            reported=labels.count(first["reported"]),
            p=probability(labels, first["p"]),
        )
    elif first.get("check"):
        rows = ", ".join(str(row) for row in list(first.get("rows", ()))[:MOST_ROWS])
        yield (
            labels.say("Evidence: check {check}, rows {rows} and others.", check=first["check"], rows=rows)
            if rows
            else labels.say("Evidence: check {check}.", check=first["check"])
        )


def _closed(audited: Audited) -> list[Exhibit]:
    """Earlier findings that are verified or not found any more."""
    if not audited.closed:
        return []
    labels = audited.context.labels
    rows = [
        [one.number, str(one.found.get("statement", "")), capital(labels.tell(state_words(one.state))),
            str(one.found.get("outcome", ""))]
        for one in audited.closed
    ]  # fmt: skip
    heads = [labels.say("Finding"), labels.say("What was found"), labels.say("State"), labels.say("Why")]
    title = labels.say_n("{count} earlier finding is closed", "{count} earlier findings are closed", len(rows))
    made = table("findings-closed", title, "", heads, rows)
    return [Exhibit(made.id, made.kind, {**made.data, "columns": [{"label": one, "align": "left"} for one in heads]})]


def cause_words(labels: Labels, cause: str) -> str:
    """A cause with its name, where it is an item of the checklist of roots; else as it was written."""
    if cause not in _roots():
        return cause
    return labels.say("{id} {title}", id=cause, title=_roots()[cause].texts(labels.language).title)


@cache
def _roots() -> dict:
    return {one.id: one for one in read_checklist(FOLDER / "resolution.toml").item}
