"""Facts: what a row alone cannot know, computed once at load and stored as columns.

In comes a typed table in DuckDB, sorted by team; out comes the same table with local days and hours, seconds on the
calendar and on the team's business clock, and the gaps to the same customer's other contacts. Each team is a slice of
NumPy arrays, so a fact never uses a row of another team. After this every measure is row-wise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from auditkit.contacts import NEVER, contact_gaps
from auditkit.hours import Clock
from auditkit.zones import DAY_US, to_local

ABSENT = np.iinfo(np.int64).min
SECOND_US = 1_000_000

FACT_TYPES = {
    "tickets": {
        "created_on": "DATE",
        "created_hour": "TINYINT",
        "created_weekday": "TINYINT",
        "first_response_on": "DATE",
        "resolved_on": "DATE",
        "closed_on": "DATE",
        "settled_at": "TIMESTAMPTZ",
        "settled_on": "DATE",
        "response_seconds": "DOUBLE",
        "response_business_seconds": "DOUBLE",
        "resolution_seconds": "DOUBLE",
        "resolution_business_seconds": "DOUBLE",
        "open_seconds_at_creation": "DOUBLE",
        "after_hours": "BOOLEAN",
        "seconds_since_contact": "DOUBLE",
        "seconds_to_contact": "DOUBLE",
        "reviewed": "BOOLEAN",
        "first_reviewed_at": "TIMESTAMPTZ",
        "speaks_language": "BOOLEAN",
    },
    "calls": {
        "offered_on": "DATE",
        "offered_hour": "TINYINT",
        "offered_weekday": "TINYINT",
        "after_hours": "BOOLEAN",
        "abandoned": "BOOLEAN",
        "handle_seconds": "DOUBLE",
    },
    "surveys": {"sent_on": "DATE", "answered_on": "DATE"},
}
FACT_WORDS = {
    "created_on": "local day of created_at; likewise the other columns in _on",
    "created_hour": "local hour 0-23; weekday 1 is Monday",
    "settled_at": "resolved_at, else closed_at, else created_at",
    "response_seconds": "first_response_at - created_at, calendar",
    "response_business_seconds": "the same on the team's business clock",
    "open_seconds_at_creation": "reading of the team's business clock at creation",
    "after_hours": "created (offered) outside the team's business hours",
    "seconds_since_contact": "since the same customer's previous contact about the same matter",
    "reviewed": "an ordinary quality review is about it",
    "first_reviewed_at": "when the first of them was made",
    "speaks_language": "the agent speaks the customer's language",
    "seconds_to_contact": "until the same customer's next contact about the same matter",
}


@dataclass(frozen=True)
class TeamSpan:
    """A team, its zone, its compiled clock (None: hours unknown) and the rows [start, stop) that are its own."""

    team: str
    zone: str
    clock: Clock | None
    start: int
    stop: int


Columns = Mapping[str, np.ndarray]


def facts_of(table: str, columns: Columns, spans: list[TeamSpan], contacts: Callable[[TeamSpan], tuple] | None) -> dict:
    """The fact columns of one table: masked arrays in the order of its rows.

    ``columns`` holds int64 UTC microseconds (ABSENT where missing). ``contacts`` gives for a span the times,
    customers and reasons of all the team's contacts and the positions of its own rows among them; None where
    customers are unknown.
    """
    compute = {"tickets": _ticket_facts, "calls": _call_facts, "surveys": _survey_facts}[table]
    total = spans[-1].stop if spans else 0
    out: dict[str, np.ndarray] = {}
    for span in spans:
        own = {name: values[span.start : span.stop] for name, values in columns.items()}
        found = compute(own, span)
        if contacts is not None:
            found |= _contact_facts(contacts(span), span)
        for name, values in found.items():
            if name not in out:
                out[name] = np.ma.masked_all(total, dtype=values.dtype)
            out[name][span.start : span.stop] = values
    return out


def _ticket_facts(own: Columns, span: TeamSpan) -> dict[str, np.ndarray]:
    created, response, resolved = own["created_at"], own["first_response_at"], own["resolved_at"]
    settled = np.where(resolved != ABSENT, resolved, np.where(own["closed_at"] != ABSENT, own["closed_at"], created))
    facts = {
        f"{name}_on": _day(own[f"{name}_at"], span.zone) for name in ("created", "first_response", "resolved", "closed")
    }
    facts |= {"settled_at": _present(settled), "settled_on": _day(settled, span.zone)}
    facts |= _local_hours("created", created, span.zone)
    facts["response_seconds"] = _between(created, response)
    facts["resolution_seconds"] = _between(created, resolved)
    if span.clock is not None:
        facts["open_seconds_at_creation"] = _reading(span.clock, created)
        facts["response_business_seconds"] = _reading(span.clock, response) - facts["open_seconds_at_creation"]
        facts["resolution_business_seconds"] = _reading(span.clock, resolved) - facts["open_seconds_at_creation"]
        facts["response_business_seconds"] = _signed(facts["response_business_seconds"], facts["response_seconds"])
        facts["resolution_business_seconds"] = _signed(
            facts["resolution_business_seconds"], facts["resolution_seconds"]
        )
        facts["after_hours"] = np.ma.array(~span.clock.open_at(created))
    return facts


def _call_facts(own: Columns, span: TeamSpan) -> dict[str, np.ndarray]:
    offered = own["offered_at"]
    facts = {"offered_on": _day(offered, span.zone)} | _local_hours("offered", offered, span.zone)
    if span.clock is not None:
        facts["after_hours"] = np.ma.array(~span.clock.open_at(offered))
    return facts


def _survey_facts(own: Columns, span: TeamSpan) -> dict[str, np.ndarray]:
    return {"sent_on": _day(own["sent_at"], span.zone), "answered_on": _day(own["answered_at"], span.zone)}


def _contact_facts(contacts: tuple, span: TeamSpan) -> dict[str, np.ndarray]:
    times, customers, reasons, own = contacts
    since, until = contact_gaps(times, customers, reasons)
    return {
        "seconds_since_contact": _gap_seconds(since[own]),
        "seconds_to_contact": _gap_seconds(until[own]),
    }


def _gap_seconds(gap: np.ndarray) -> np.ndarray:
    return np.ma.array(gap / SECOND_US, mask=gap == NEVER)


def _signed(business: np.ndarray, calendar: np.ndarray) -> np.ndarray:
    """A duration that is negative on the calendar stays negative on the business clock, even over closed hours."""
    return np.ma.where((calendar < 0) & (business >= 0), -1.0 / SECOND_US, business)


def _present(instants: np.ndarray) -> np.ndarray:
    return np.ma.array(instants, mask=instants == ABSENT)


def _filled(instants: np.ndarray) -> np.ndarray:
    """The instants with something harmless in the gaps, so that array arithmetic stays in range."""
    absent = instants == ABSENT
    if not absent.any():
        return instants
    known = instants[~absent]
    return np.where(absent, known[0] if len(known) else 0, instants)


def _day(instants: np.ndarray, zone: str) -> np.ndarray:
    days = (to_local(_filled(instants), zone) // DAY_US).astype(np.int32)
    return np.ma.array(days, mask=instants == ABSENT)


def _local_hours(stem: str, instants: np.ndarray, zone: str) -> dict[str, np.ndarray]:
    local = to_local(_filled(instants), zone)
    hour = (local % DAY_US // (3600 * SECOND_US)).astype(np.int8)
    weekday = ((local // DAY_US + 3) % 7 + 1).astype(np.int8)  # 1970-01-01 was a Thursday
    absent = instants == ABSENT
    return {f"{stem}_hour": np.ma.array(hour, mask=absent), f"{stem}_weekday": np.ma.array(weekday, mask=absent)}


def _between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    absent = (start == ABSENT) | (end == ABSENT)
    return np.ma.array((_filled(end) - _filled(start)) / SECOND_US, mask=absent)


def _reading(clock: Clock, instants: np.ndarray) -> np.ndarray:
    absent = instants == ABSENT
    if absent.all():
        return np.ma.masked_all(len(instants), dtype=float)
    return np.ma.array(clock.reading(_filled(instants)) / SECOND_US, mask=absent)
