"""The register: ``findings.toml`` in the workspace, where people and program write side by side and neither over the
other.

In come the findings of a run, out comes the register with them: each has a table named by its number. What people
write there (state, owner, due, done_on, cause, action, note, and anything else) is never changed; what the program
found stands in the table's ``found`` and is written anew. A finding that is not found any more stays, with when it was
last seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from auditkit.errors import DataError, Problem
from auditkit.exhibits.context import Context
from auditkit.findings.model import Finding
from auditkit.findings.verify import VERIFIED, WAITING, Outcome, outcome
from auditkit.labels import Labels
from auditkit.safe.files import write_whole
from auditkit.translation import N_
from auditkit.workspace import Workspace

FILE = "findings.toml"
OPEN, ACCEPTED, DONE = "open", N_("accepted"), N_("done")
RECURRED, GONE = N_("recurred"), N_("not found any more")
STATES = (OPEN, ACCEPTED, DONE)
_TOLD = {OPEN: N_("to be decided")}  # for a reader; the word in the file stands elsewhere for a verdict
FOUND = "found"
HEAD = """# Findings of the audit. In each table these are yours, and stay as you write them:
#   state = "open", "accepted" or "done"; done_on = 2026-05-12; owner, due = 2026-06-30, cause, action, note
# The table "found" beneath it is written anew by 'auditkit findings'.
"""


@dataclass(frozen=True)
class Entry:
    """A finding as it stands in the register: what people wrote, what was found, and the state that follows."""

    number: str
    state: str
    owner: str
    due: date | None
    done_on: date | None
    cause: str
    action: str
    note: str
    found: Mapping[str, Any]

    @property
    def team(self) -> str:
        """Whose finding it is; "" is the client's."""
        return str(self.found.get("team", ""))

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.state in (VERIFIED, GONE)


def state_words(state: str) -> str:
    """A state for a reader, to be told by Labels."""
    return _TOLD.get(state, state)


def read_register(workspace: Workspace) -> dict[str, Entry]:
    """Every finding by its number. DataError names each entry that cannot be read."""
    return _entries(_text(workspace))


def _text(workspace: Workspace) -> str:
    """What the register's file says; "" where there is none."""
    path = workspace.root / FILE
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(Problem(str(path), f"cannot be read: {error}", "TOML in UTF-8")) from None


def _entries(text: str) -> dict[str, Entry]:
    import tomllib

    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise DataError(
            Problem(FILE, f"cannot be read: {error}", "TOML", "Mend the line; nothing was changed.")
        ) from None
    entries, problems = {}, []
    for number, table in raw.items():
        try:
            entries[number] = _entry(number, table)
        except ValueError as error:
            problems.append(Problem(f"{FILE}, [{number}]", str(error)))
    if problems:
        raise DataError(*problems)
    return entries


def in_step(workspace: Workspace, context: Context, findings: Sequence[Finding], team: str) -> dict[str, Entry]:
    """The register as it stands after what was found of one ``team`` ("": of the client) and period; nothing is
    written."""
    return _entries(_in_step(workspace, context, findings, team))


def update(workspace: Workspace, context: Context, findings: Sequence[Finding], team: str) -> dict[str, Entry]:
    """Bring the register in step with what was found of one ``team`` ("": of the client) and period, and write it.

    Returns the register. Entries of other teams are left alone.
    """
    text = _in_step(workspace, context, findings, team)
    write_whole(workspace.root / FILE, text, "It is as it was.")
    return _entries(text)


def _in_step(workspace: Workspace, context: Context, findings: Sequence[Finding], team: str) -> str:
    import tomlkit

    labels = context.labels
    written = _text(workspace)
    known = _entries(written)
    document = tomlkit.parse(written or HEAD)
    numbers = {one.number(context.client): one for one in findings}
    for number, one in numbers.items():
        if number not in document:
            document.add(number, tomlkit.table().add("state", OPEN))
        before = known[number].found if number in known else {}
        document[number][FOUND] = _table(_found(context, one, before, known.get(number), labels))
    for number, entry in known.items():
        if number not in numbers and entry.team == team:
            document[number][FOUND] = _table(_not_found(context, entry, labels))
    return tomlkit.dumps(document)


def _found(
    context: Context, one: Finding, before: Mapping[str, Any], entry: Entry | None, labels: Labels
) -> dict[str, Any]:
    period = context.period.label
    done = entry is not None and entry.done_on is not None and context.period.start >= entry.done_on
    first = min(before.get("first_seen", period), period)
    return {
        "team": one.team, "rule": one.rule, "subject": one.subject, "severity": one.severity,
        "reason": labels.tell(one.reason), "statement": labels.tell(one.statement), "action": labels.tell(one.action),
        "cause": one.cause, "measure": one.measure, "first_seen": first,
        "last_seen": max(before.get("last_seen", period), period),
        "state": RECURRED if done else "", "evidence": [dict(item) for item in one.evidence],
    }  # fmt: skip


def _not_found(context: Context, entry: Entry, labels: Labels) -> dict[str, Any]:
    """What the register says of a finding that did not come again: whether an action is verified, or it is gone."""
    told = dict(entry.found)
    if context.period.label < told.get("last_seen", ""):
        return told  # an earlier period says nothing of later ones
    what = _verified(context, entry)
    told["state"] = what.state if what is not None else GONE
    told["outcome"] = labels.tell(what.reason) if what is not None else ""
    return told


def _verified(context: Context, entry: Entry) -> Outcome | None:
    measure = entry.found.get("measure") or ""
    if entry.done_on is None or not measure:
        return None
    return outcome(context, measure, entry.done_on)


def _entry(number: str, table: Any) -> Entry:
    if not isinstance(table, dict):
        raise ValueError(f"{table!r} is no table")
    found = table.get(FOUND) or {}
    state = table.get("state", OPEN)
    if state not in STATES:
        raise ValueError(f"state {state!r} is not known (expected {', '.join(STATES)})")
    days = {name: table.get(name) or None for name in ("due", "done_on")}
    for name, day in days.items():
        if day is not None and not isinstance(day, date):
            raise ValueError(f"{name} {day!r} is no date (expected 2026-05-12)")
    if state == DONE and days["done_on"] is None:
        raise ValueError("is done without a day (expected done_on = 2026-05-12)")
    now = found.get("state") or ""
    effective = now if now == GONE or (state == DONE and now in (RECURRED, VERIFIED, WAITING)) else state
    texts = {name: str(table.get(name) or found.get(name) or "") for name in ("cause", "action")}
    return Entry(number, effective, str(table.get("owner") or ""), days["due"], days["done_on"], texts["cause"],
        texts["action"], str(table.get("note") or ""), found)  # fmt: skip


def _table(values: Mapping[str, Any]) -> Any:
    """A TOML table; evidence as lines of its own, and nothing as absent."""
    import tomlkit

    made = tomlkit.table()
    for name, value in values.items():
        if name == "evidence":
            rows = tomlkit.array().multiline(True)
            for one in value:
                row = tomlkit.inline_table()
                row.update({key: item for key, item in one.items() if item is not None and item != ""})
                rows.append(row)
            made.add(name, rows)
        elif value not in ("", None):
            made.add(name, value)
    return made
