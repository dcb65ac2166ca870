"""Colours that can be read: a client's own in a tone for white paper, one for a dark screen, one for dark charts.

In comes a colour like ``"#1f5f8b"``, out go tones with enough contrast. Contrast is that of WCAG 2.2, 1.4.3 (relative
luminance of sRGB). It stands alone: charts, page and print share it.
"""

from __future__ import annotations

DEFAULT_ACCENT = "#1f5f8b"
LIGHT_GROUND, LIGHT_WASH = "#ffffff", "#f4f6f8"  # the page, and the wash behind a cover or a finding
DARK_GROUND, DARK_WASH = "#14181d", "#1d232a"
READABLE = 4.6
EVEN = 0.179  # the luminance on which black and white letters read equally well, with a contrast of 4.6
_STEPS = 40


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21.

    >>> round(contrast("#000000", "#ffffff"), 2)
    21.0
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def on_white(colour: str) -> str:
    """The colour, darkened until text in it can be read on white paper and on its wash.

    >>> on_white("#1f5f8b"), on_white("#ffff00")
    ('#1f5f8b', '#737300')
    """
    return _towards(colour, "#000000", LIGHT_WASH)


def on_dark(colour: str) -> str:
    """The colour, lightened until text in it can be read on the dark ground and on its wash."""
    return _towards(colour, "#ffffff", DARK_WASH)


def turned(colour: str) -> str:
    """The tone of ``colour`` for a chart on the dark ground.

    Shades of a colour carry letters in cells, black up to some strength and white beyond, which the turned page shows
    white and black: the tone is the one whose shade of that strength changes over too, and reads well by itself.
    """
    strength = next(
        (step / 100 for step in range(100) if _luminance(mixed(LIGHT_GROUND, colour, step / 100)) < EVEN), 1
    )
    lightest = colour
    for step in range(_STEPS + 1):
        lightest = mixed(colour, "#ffffff", step / _STEPS)
        is_even = _luminance(mixed(DARK_GROUND, lightest, strength)) >= EVEN
        if is_even and contrast(lightest, DARK_GROUND) >= READABLE:
            break
    return lightest


def is_dark(colour: str, strength: float) -> bool:
    """Whether white letters read better than black ones on this shade of ``colour`` over white paper."""
    return _luminance(mixed(LIGHT_GROUND, colour, strength)) < EVEN


def mixed(one: str, other: str, share: float) -> str:
    """``share`` of the other colour over the one."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _towards(colour: str, goal: str, ground: str) -> str:
    for step in range(_STEPS + 1):
        found = mixed(colour, goal, step / _STEPS)
        if contrast(found, ground) >= READABLE:
            return found
    return goal


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    shares = [channel / 255 for channel in _channels(colour)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
