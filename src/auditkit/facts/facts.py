"""Facts: what a row alone cannot know, computed once at load and stored as columns.

In come the instants of a typed table, sorted by team; out come local days and hours, seconds on the calendar and on the
team's business clock, and the gaps to the same customer's other contacts. Teams that share a zone and a schedule are
computed together, a portion of rows at a time, so that what is being computed stays in the processor's cache. After
this every measure is row-wise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from auditkit.clocks.hours import Clock
from auditkit.clocks.zones import DAY_US, to_local
from auditkit.facts.contacts import NEVER

ABSENT = np.iinfo(np.int64).min
NO_DAY = np.iinfo(np.int32).min
SECOND_US = 1_000_000
_PORTION = 1 << 16

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
    "mystery_tests": {
        "contacted_on": "DATE",
        "contacted_hour": "TINYINT",
        "contacted_weekday": "TINYINT",
        "after_hours": "BOOLEAN",
        "watched_seconds": "DOUBLE",
    },
}
FACT_WORDS = {
    "created_on": "local day of created_at; likewise the other columns in _on",
    "created_hour": "local hour 0-23; weekday 1 is Monday",
    "settled_at": "resolved_at, else closed_at, else created_at",
    "response_seconds": "first_response_at - created_at, calendar",
    "response_business_seconds": "the same on the team's business clock",
    "open_seconds_at_creation": "reading of the team's business clock at creation",
    "after_hours": "created (offered, contacted) outside the team's business hours",
    "watched_seconds": "watched_until - contacted_at, calendar",
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


@dataclass(frozen=True)
class Portion:
    """Rows that are computed together: their zone, their clock, and what to add to its reading for each row's team."""

    zone: str
    clock: Clock | None
    ahead: np.ndarray
    rows: slice


def facts_of(table: str, columns: Columns, spans: list[TeamSpan]) -> dict[str, np.ndarray]:
    """The fact columns of one table that follow from its instants, in the order of its rows.

    ``columns`` holds int64 UTC microseconds (ABSENT where missing). Seconds are float64, NaN where missing; days are
    int32 since 1970, NO_DAY where missing; hours, weekdays and flags are int8, -1 where missing; instants like those
    that came in.
    """
    compute = _FACTS[table]
    total = spans[-1].stop if spans else 0
    out: dict[str, np.ndarray] = {}
    for portion in _portions(spans):
        own = {name: values[portion.rows] for name, values in columns.items()}
        for name, values in compute(own, portion).items():
            if name not in out:
                out[name] = np.full(total, _MISSING[values.dtype.kind, values.itemsize], dtype=values.dtype)
            out[name][portion.rows] = values
    return out


_MISSING = {("f", 8): np.nan, ("i", 4): NO_DAY, ("i", 1): -1, ("i", 8): ABSENT}


def _portions(spans: list[TeamSpan]) -> Iterator[Portion]:
    """The rows of consecutive teams that share a zone and a schedule, a portion at a time."""
    for (zone, _), group in groupby(spans, key=lambda one: (one.zone, id(one.clock.edges) if one.clock else None)):
        alike = list(group)
        clock = alike[0].clock
        ahead = np.zeros(len(alike), dtype=np.int64)
        if clock is not None:
            clocks = [one.clock for one in alike if one.clock is not None]
            ahead = np.array([one.intercept[0] - clock.intercept[0] for one in clocks])
            first, last = min(one.first_us for one in clocks), max(one.last_us for one in clocks)
            clock = replace(clock, first_us=first, last_us=last)
        of_rows = np.repeat(ahead, [one.stop - one.start for one in alike])
        begin, end = alike[0].start, alike[-1].stop
        for start in range(begin, end, _PORTION):
            rows = slice(start, min(start + _PORTION, end))
            yield Portion(zone, clock, of_rows[start - begin : rows.stop - begin], rows)


def gap_facts(since_us: np.ndarray, until_us: np.ndarray) -> dict[str, np.ndarray]:
    """The seconds since and until the same customer's other contacts, from microseconds (contacts.NEVER: none)."""
    gaps = {"seconds_since_contact": since_us, "seconds_to_contact": until_us}
    return {name: np.where(gap == NEVER, np.nan, gap / SECOND_US) for name, gap in gaps.items()}


def _ticket_facts(own: Columns, portion: Portion) -> dict[str, np.ndarray]:
    created, response, resolved = own["created_at"], own["first_response_at"], own["resolved_at"]
    settled = np.where(resolved != ABSENT, resolved, np.where(own["closed_at"] != ABSENT, own["closed_at"], created))
    facts = _local("created", created, portion.zone)
    for name in ("first_response", "resolved", "closed"):
        facts[f"{name}_on"] = _day(own[f"{name}_at"], portion.zone)
    facts |= {"settled_at": settled, "settled_on": _day(settled, portion.zone)}
    facts["response_seconds"] = _between(created, response)
    facts["resolution_seconds"] = _between(created, resolved)
    if portion.clock is not None:
        opened = facts["open_seconds_at_creation"] = _reading(portion, created)
        for name, end in (("response", response), ("resolution", resolved)):
            business = _reading(portion, end) - opened
            facts[f"{name}_business_seconds"] = _signed(business, facts[f"{name}_seconds"])
        facts["after_hours"] = (~portion.clock.open_at(_filled(created))).astype(np.int8)
    return facts


def _call_facts(own: Columns, portion: Portion) -> dict[str, np.ndarray]:
    return _local_and_open("offered", own["offered_at"], portion)


def _test_facts(own: Columns, portion: Portion) -> dict[str, np.ndarray]:
    return _local_and_open("contacted", own["contacted_at"], portion)


def _local_and_open(stem: str, instants: np.ndarray, portion: Portion) -> dict[str, np.ndarray]:
    """Day, hour and weekday of a contact, and whether it came while the team was closed."""
    facts = _local(stem, instants, portion.zone)
    if portion.clock is not None:
        facts["after_hours"] = (~portion.clock.open_at(_filled(instants))).astype(np.int8)
    return facts


def _survey_facts(own: Columns, portion: Portion) -> dict[str, np.ndarray]:
    return {"sent_on": _day(own["sent_at"], portion.zone), "answered_on": _day(own["answered_at"], portion.zone)}


_FACTS = {"tickets": _ticket_facts, "calls": _call_facts, "surveys": _survey_facts, "mystery_tests": _test_facts}


def _signed(business: np.ndarray, calendar: np.ndarray) -> np.ndarray:
    """A duration that is negative on the calendar stays negative on the business clock, even over closed hours."""
    return np.where((calendar < 0) & (business >= 0), -1.0 / SECOND_US, business)


def _filled(instants: np.ndarray) -> np.ndarray:
    """The instants with something harmless in the gaps, so that array arithmetic stays in range."""
    absent = instants == ABSENT
    if not absent.any():
        return instants
    known = int(instants[np.argmin(absent)])
    return np.where(absent, known if known != ABSENT else 0, instants)


def _day(instants: np.ndarray, zone: str) -> np.ndarray:
    days = (to_local(_filled(instants), zone) // DAY_US).astype(np.int32)
    return np.where(instants == ABSENT, np.int32(NO_DAY), days)


def _local(stem: str, instants: np.ndarray, zone: str) -> dict[str, np.ndarray]:
    """The local day, hour (0-23) and weekday (1 is Monday) of instants."""
    absent = instants == ABSENT
    day, rest = np.divmod(to_local(_filled(instants), zone), DAY_US)
    hour = (rest // (3600 * SECOND_US)).astype(np.int8)
    weekday = ((day + 3) % 7 + 1).astype(np.int8)  # 1970-01-01 was a Thursday
    made = {"on": (day.astype(np.int32), NO_DAY), "hour": (hour, -1), "weekday": (weekday, -1)}
    return {
        f"{stem}_{name}": np.where(absent, values.dtype.type(none), values) for name, (values, none) in made.items()
    }


def _between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    absent = (start == ABSENT) | (end == ABSENT)
    return np.where(absent, np.nan, (_filled(end) - _filled(start)) / SECOND_US)


def _reading(portion: Portion, instants: np.ndarray) -> np.ndarray:
    """The open seconds that each row's own team clock shows; NaN where the instant is missing."""
    assert portion.clock is not None
    absent = instants == ABSENT
    if absent.all():
        return np.full(len(instants), np.nan)
    return np.where(absent, np.nan, (portion.clock.reading(_filled(instants)) + portion.ahead) / SECOND_US)
