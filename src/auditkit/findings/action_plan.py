"""The action plan: what the open findings ask for, on an Eisenhower matrix, for the people and tools that do it.

In comes the register, out come actions: important where the finding is grave, urgent where it is due soon, overdue or
back again. What is closed asks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from auditkit.findings.model import HIGH, SEVERITIES
from auditkit.findings.register import RECURRED, Entry
from auditkit.translation import N_

SOON = timedelta(days=30)
QUADRANTS = {
    (True, True): N_("do now"),
    (True, False): N_("plan"),
    (False, True): N_("delegate"),
    (False, False): N_("later"),
}


@dataclass(frozen=True)
class Action:
    """One thing to do: for which finding, whose, until when, and which measure it should move."""

    number: str
    team: str
    severity: str
    statement: str
    action: str
    owner: str
    due: date | None
    state: str
    cause: str
    measure: str
    important: bool
    urgent: bool

    @property
    def quadrant(self) -> str:
        """The field of the Eisenhower matrix."""
        return QUADRANTS[self.important, self.urgent]


def action_plan(entries: Iterable[Entry], today: date) -> list[Action]:
    """The actions of what is not closed: first what to do now, then by due day; what has none comes last."""
    actions = [_action(one, today) for one in entries if not one.is_closed]
    order = list(QUADRANTS.values())
    return sorted(
        actions,
        key=lambda one: (
            order.index(one.quadrant),
            one.due or date.max,
            SEVERITIES.index(one.severity) if one.severity in SEVERITIES else len(SEVERITIES),
            one.number,
        ),
    )


def _action(entry: Entry, today: date) -> Action:
    found = entry.found
    urgent = entry.state == RECURRED or (entry.due is not None and entry.due <= today + SOON)
    return Action(
        entry.number, str(found.get("team", "")), str(found.get("severity", "")), str(found.get("statement", "")),
        entry.action, entry.owner, entry.due, entry.state, entry.cause, str(found.get("measure", "")),
        found.get("severity") == HIGH, urgent,
    )  # fmt: skip
