"""The findings of the register that are new, closed or back again since an earlier period.

In come the register's entries, a team and two periods; out come findings as the exhibits of "since the last audit" show
them. New is what was first seen after the earlier period; closed is what was still found in it, or later, and is not
any more; back again is what was done and has been found since.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditkit.clocks.period import Period, parse_period
from auditkit.errors import UsageError
from auditkit.exhibits.since import BACK, CLOSED, NEW, FindingSince
from auditkit.findings.register import RECURRED, Entry


def findings_since(entries: Iterable[Entry], team: str, then: Period, now: Period) -> list[FindingSince]:
    """The team's findings, and the client's, whose standing is another than then, as far as they were seen by now."""
    found = []
    for entry in entries:
        first, last = _seen(entry, "first_seen"), _seen(entry, "last_seen")
        if entry.team not in (team, "") or first is None or last is None or first.start > now.start:
            continue
        state = _state(entry, first, last, then)
        if state:
            severity, statement = (str(entry.found.get(name, "")) for name in ("severity", "statement"))
            found.append(FindingSince(entry.number, state, severity, statement))
    return found


def _state(entry: Entry, first: Period, last: Period, then: Period) -> str:
    if entry.is_closed:
        return CLOSED if first.start <= then.start <= last.start else ""
    if entry.state == RECURRED and last.start >= then.end:
        return BACK
    return NEW if first.start >= then.end else ""


def _seen(entry: Entry, name: str) -> Period | None:
    try:
        return parse_period(str(entry.found.get(name, "")))
    except UsageError:
        return None
