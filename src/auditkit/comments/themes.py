"""Themes that recur: of what customers complain period after period, and where that certainly grew or fell.

In come, for each reason, its complaints and its contacts by period; out come themes in the order of their complaints.
Two things are told only where they are more than chance, after Holm over all reasons: that a reason is complained of
more than all the others together, and that its rate rises or falls over the periods (Cochran-Armitage).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from auditkit.stats import compare_shares, holm, share_trend

FEWEST = 10  # complaints of a reason before anything is tested of it
FEWEST_PERIODS = 3
CHANCE = 0.05


@dataclass(frozen=True)
class Theme:
    """One reason: its ``complaints`` and ``contacts`` by period, whether it is complained of more than the others,
    and its ``trend``: 1 up, -1 down, 0 where none is certain, None where there is too little to tell."""

    name: str
    complaints: tuple[float, ...]
    contacts: tuple[float, ...]
    above: bool = False
    trend: int | None = None

    @property
    def total(self) -> float:
        """The complaints of all periods."""
        return sum(self.complaints)

    @property
    def seen(self) -> int:
        """In how many periods somebody complained of it."""
        return sum(count > 0 for count in self.complaints)

    @property
    def open_periods(self) -> int:
        """In how many periods there was any contact about it."""
        return sum(count > 0 for count in self.contacts)

    @property
    def recurs(self) -> bool:
        """Whether it was complained of in at least half of the periods with contacts about it, and in three or more."""
        return self.seen >= FEWEST_PERIODS and 2 * self.seen >= self.open_periods

    @property
    def rates(self) -> list[float | None]:
        """Complaints per contact, period by period."""
        return [one / n if n else None for one, n in zip(self.complaints, self.contacts, strict=True)]


def counts_by_reason(
    figures: Iterable[tuple[str, str, float | None, float | None]], periods: Sequence[str]
) -> dict[str, tuple[list[float], list[float]]]:
    """Complaints and contacts of each reason by period, from figures as (reason, period, complaints, contacts).

    Contacts without a reason are no theme, and are left out.
    """
    place = {label: number for number, label in enumerate(periods)}
    found: dict[str, tuple[list[float], list[float]]] = {}
    for reason, period, met, n in figures:
        if reason and period in place:
            own = found.setdefault(reason, ([0.0] * len(periods), [0.0] * len(periods)))
            own[0][place[period]] += met or 0.0  # of several teams together
            own[1][place[period]] += n or 0.0
    return found


def themes(counts: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> list[Theme]:
    """A theme for each reason that was complained of, most complaints first; ``counts``: complaints and contacts."""
    found = [Theme(name, tuple(met), tuple(n)) for name, (met, n) in counts.items() if sum(met)]
    found = sorted(found, key=lambda one: (-one.total, one.name))
    above = dict(zip((one.name for one in found), _above(found, counts), strict=True))
    tested = [one for one in found if one.total >= FEWEST and one.open_periods >= FEWEST_PERIODS]
    tests = [share_trend(one.complaints, one.contacts) for one in tested]
    adjusted = holm([p for _, p in tests]) if tests else []
    trends = {
        one.name: (1 if z > 0 else -1) if p < CHANCE else 0
        for one, (z, _), p in zip(tested, tests, adjusted, strict=True)
    }
    return [
        Theme(one.name, one.complaints, one.contacts, above[one.name], trends.get(one.name)) for one in found
    ]  # fmt: skip


def _above(found: Sequence[Theme], counts: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> list[bool]:
    """Whether each reason has a higher rate of complaint than all the others together, more than by chance."""
    met, n = (sum(sum(one[place]) for one in counts.values()) for place in (0, 1))
    ps, higher = [], []
    for one in found:
        own, rest = (one.total, sum(one.contacts)), (met - one.total, n - sum(one.contacts))
        can = own[0] >= FEWEST and own[1] > 0 and rest[1] > 0
        ps.append(float(compare_shares(*own, *rest)[3]) if can else 1.0)
        higher.append(can and own[0] / own[1] > rest[0] / rest[1])
    return [bool(up and p < CHANCE) for up, p in zip(higher, holm(ps) if ps else [], strict=True)]
