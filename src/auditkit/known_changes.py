"""Changes that are known and dated: a new rule, a new menu, a new rota, as the auditor lists them in ``changes``.

In come the team's changes, out come the places in a history at which a measure's usual range starts afresh. A change
that names a measure concerns it and its twin on the other clock; one that names none concerns every measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from auditkit.clocks.period import Period

BUSINESS = "_business"


@dataclass(frozen=True)
class Change:
    """One change: the local day on which it took effect, what it was, and what it should move in which direction.

    ``expected`` is its effect in the words of whoever listed it, ``ratio`` and ``difference`` the same as a number.
    """

    day: date
    title: str
    measure: str = ""
    direction: str = ""
    expected: str = ""
    ratio: float | None = None
    difference: float | None = None

    def concerns(self, measure: str) -> bool:
        """Whether the change should show in this measure."""
        return not self.measure or self.measure.removesuffix(BUSINESS) == measure.removesuffix(BUSINESS)


def concerning(changes: Iterable[Change], measure: str) -> tuple[Change, ...]:
    """The changes that concern a measure, in order of time."""
    return tuple(sorted((one for one in changes if one.concerns(measure)), key=lambda one: one.day))


def first_whole(change: Change, history: Sequence[Period]) -> int | None:
    """The place of the first period that lies wholly after the change; None where none, or all of them, do."""
    places = [place for place, period in enumerate(history) if period.start >= change.day]
    return places[0] if places and places[0] > 0 else None


def rebased_at(changes: Iterable[Change], measure: str, history: Sequence[Period]) -> list[int]:
    """The places of the history at which the measure's limits start afresh."""
    places = {first_whole(one, history) for one in concerning(changes, measure)}
    return sorted(place for place in places if place is not None)
