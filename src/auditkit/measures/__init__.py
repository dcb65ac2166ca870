"""The catalogue: every measure that there is, read from the modules beside this one.

Adding a measure is one declaration in the module of its subject, and its test. The order here is the order of the
reports.
"""

from __future__ import annotations

from collections.abc import Iterable

from auditkit.config import OwnMeasure, nearest
from auditkit.definition import Count, Measure, Quantity, Share
from auditkit.errors import Problem, UsageError
from auditkit.measures import business, calls, journeys, mystery, people, quality, resolution, speed, voice, volume

_ROOMS = {
    "volume": volume,
    "speed": speed,
    "resolution": resolution,
    "journeys": journeys,
    "calls": calls,
    "voice": voice,
    "quality": quality,
    "mystery": mystery,
    "people": people,
    "business": business,
}
CATALOGUE: dict[str, Measure] = {measure.id: measure for room in _ROOMS.values() for measure in room.MEASURES}
_SUBJECTS = {measure.id: subject for subject, room in _ROOMS.items() for measure in room.MEASURES}


def subject_of(measure: str) -> str:
    """What a measure of the catalogue is about: ``speed``, ``voice`` and so on; "" for a measure of the user's own.

    >>> subject_of("csat"), subject_of("vip_answered")
    ('voice', '')
    """
    return _SUBJECTS.get(measure, "")


def find(ids: Iterable[str | Measure], own: dict[str, OwnMeasure] | None = None) -> list[Measure]:
    """The measures of these ids, in the order given; none given means all. UsageError names the nearest known id.

    A measure itself may stand for its id, so that one declared in a notebook needs no catalogue.
    """
    asked = list(ids)
    known = CATALOGUE | {name: from_config(name, written) for name, written in (own or {}).items()}
    known |= {one.id: one for one in asked if isinstance(one, Measure)}
    wanted = [one.id if isinstance(one, Measure) else one for one in asked] or list(known)
    unknown = [
        Problem(f"measure {name!r}", "does not exist", "", nearest(name, known)) for name in wanted if name not in known
    ]
    if unknown:
        raise UsageError(*unknown)
    return [known[name] for name in dict.fromkeys(wanted)]


def from_config(name: str, written: OwnMeasure) -> Measure:
    """A measure of the user's own, declared in audit.toml as ``[measure.NAME]``."""
    common = {
        "id": name,
        "label": name.replace("_", " ").capitalize(),
        "summary": written.summary,
        "of": written.of,
        "dated_by": written.dated_by,
        "counted": written.counted,
        "needs": written.needs,
        "better": written.better,
        "source": "audit.toml",
    }
    if written.kind == "share":
        return Share(**common, met=written.met or "FALSE")
    if written.kind == "quantity":
        return Quantity(**common, value=written.value or "NULL", unit=written.unit)
    return Count(**common, unit="rows")
