"""Bare numbers as people read them: a true minus, a narrow space between thousands, a dash for nothing.

In come figures that may be missing, out go short texts. This is the one place where anything is rounded: half away
from zero, as people do.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from auditkit.languages import decimal_mark, own_name

NOTHING = "–"
SPACE = "\u00a0"
THIN = "\u202f"
MINUS = "−"


@dataclass(frozen=True)
class Numbers:
    """Numbers for one reader: ``language`` (one of :data:`auditkit.languages.AVAILABLE`), ``zone`` (IANA name)."""

    language: str = "en"
    zone: str = "UTC"

    @property
    def language_name(self) -> str:
        """The language in its own words."""
        return own_name(self.language)

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A bare number with a true minus and narrow spaces between thousands; a dash for nothing.

        >>> Numbers().number(-1234.56, 1), Numbers("fi").number(0.5, 1)
        ('−1\u202f234.6', '0,5')
        """
        if not known(value):
            return NOTHING
        text = f"{abs(half_up(value, decimals)):,.{decimals}f}".replace(",", THIN)
        return (MINUS if half_up(value, decimals) < 0 else "") + text.replace(".", decimal_mark(self.language))

    def count(self, value: float | None) -> str:
        """A whole number of things."""
        return self.number(value)

    def signed(self, value: float | None, decimals: int = 0) -> str:
        """A number that always shows its sign, except zero."""
        if not known(value):
            return NOTHING
        return ("+" if half_up(value, decimals) > 0 else "") + self.number(value, decimals)


def known(value: float | None) -> bool:
    """Whether there is a number at all."""
    return value is not None and math.isfinite(value)


def half_width(low: float | None, high: float | None) -> float:
    """Half the width of an interval; 0 where there is none."""
    return (high - low) / 2 if known(low) and known(high) else 0.0


def half_up(value: float, decimals: int) -> float:
    """Rounded half away from zero, as people do; a binary hair below a half counts as the half."""
    scaled = abs(value) * 10**decimals
    return math.copysign(math.floor(scaled + 0.5 + 1e-9), value) / 10**decimals
