"""The evaluated figures of one team, looked up by measure and period.

In comes the long results frame of the engine (one row per measure, statistic, variant and period), out come frozen
figures that a section can ask for by name. It stands alone so that every exhibit reads the same figures, computed
once, and so that a test can give them literally.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_NAMES = ("measure", "statistic", "variant", "period", "unit")
_NUMBERS = ("value", "low", "high", "n", "numerator", "denominator", "completeness", "target")
_WORDS = ("method", "reason", "verdict", "verdict_reason", "group")


@dataclass(frozen=True)
class Figure:
    """One figure with all that it rests on; ``value`` is None when there is none, and ``reason`` says why."""

    measure: str
    statistic: str
    variant: str
    period: str
    unit: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    completeness: float | None = None
    target: float | None = None
    method: str = ""
    reason: str = ""
    verdict: str = ""
    verdict_reason: str = ""
    group: str = ""

    @property
    def available(self) -> bool:
        """Whether there is a figure at all."""
        return self.value is not None


def figures_of(frame: pd.DataFrame) -> list[Figure]:
    """The figures of a results frame, one for each row; ``group`` is empty where rows are not grouped."""
    names = [name for name in (*_NAMES, *_NUMBERS, *_WORDS, "available") if name in frame]
    columns = (frame[name].tolist() for name in names)
    return [_figure(dict(zip(names, row, strict=True))) for row in zip(*columns, strict=True)]


class Results:
    """Figures by measure, statistic, variant and period. A statistic not named is the measure's first one."""

    def __init__(self, figures: Iterable[Figure]):
        self._figures: dict[tuple[str, str, str, str], Figure] = {}
        self._statistics: dict[tuple[str, str], list[str]] = {}
        for figure in figures:
            self._figures[figure.measure, figure.statistic, figure.variant, figure.period] = figure
            known = self._statistics.setdefault((figure.measure, figure.variant), [])
            if figure.statistic not in known:
                known.append(figure.statistic)

    @classmethod
    def from_frame(cls, frame: pd.DataFrame) -> Results:
        """The figures of a results frame of one team, without groups."""
        return cls(figures_of(frame))

    def figure(self, measure: str, period: str, statistic: str = "", variant: str = "default") -> Figure | None:
        """The figure, or None where it was not evaluated."""
        known = self._statistics.get((measure, variant), [""])
        return self._figures.get((measure, statistic or known[0], variant, period))

    def value(self, measure: str, period: str, statistic: str = "", variant: str = "default") -> float | None:
        """The bare value, or None."""
        figure = self.figure(measure, period, statistic, variant)
        return figure.value if figure else None

    def variants(self, measure: str) -> list[str]:
        """The variants that were evaluated, the default first."""
        return [variant for (name, variant) in self._statistics if name == measure]

    def for_period(self, period: str) -> list[Figure]:
        """All default figures of one period, in the order of the catalogue."""
        return [one for one in self._figures.values() if one.period == period and one.variant == "default"]


def _figure(row: Mapping[str, Any]) -> Figure:
    numbers = {name: _number(row.get(name)) for name in _NUMBERS}
    if not row.get("available", numbers["value"] is not None):
        numbers["value"] = None
    words = {name: _text(row.get(name)) for name in _WORDS}
    names = {name: str(row[name]) for name in _NAMES}
    return Figure(**names, **numbers, **words)


def _number(value: Any) -> float | None:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
