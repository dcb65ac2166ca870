"""The accent of a report in two tones, one for white paper and one for a dark screen, both readable.

In comes a colour like ``"#1f5f8b"`` (a client's own), out go a tone dark enough on white and a tone light enough on the
dark ground. Contrast is that of WCAG 2.2, 1.4.3 (relative luminance of sRGB). It stands alone: page and print share it.
"""

from __future__ import annotations

DEFAULT_ACCENT = "#1f5f8b"
LIGHT_GROUND = "#ffffff"
DARK_GROUND = "#14181d"
READABLE = 4.6
_STEPS = 40


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 2)
    21.0
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def accents(accent: str | None) -> tuple[str, str]:
    """(tone on white, tone on the dark ground) of ``accent``, each with a contrast of at least 4.5."""
    colour = accent or DEFAULT_ACCENT
    return _towards(colour, "#000000", LIGHT_GROUND), _towards(colour, "#ffffff", DARK_GROUND)


def _towards(colour: str, goal: str, ground: str) -> str:
    start, end = _channels(colour), _channels(goal)
    for step in range(_STEPS + 1):
        mixed = [round(a + (b - a) * step / _STEPS) for a, b in zip(start, end, strict=True)]
        found = "#" + "".join(f"{channel:02x}" for channel in mixed)
        if contrast(found, ground) >= READABLE:
            return found
    return goal


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
