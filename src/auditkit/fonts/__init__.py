"""The shipped typeface: one family for charts, page and print, so that all of them look alike on every machine.

It is a renamed subset of Inter 3.19 under the SIL Open Font License (``OFL.txt`` beside the files): Latin, Greek and
Cyrillic with the Kazakh letters, in three styles, with tabular figures. Nothing comes in; paths and names go out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FAMILY = "Audit Sans"
_FOLDER = Path(__file__).resolve().parent
# style: (CSS weight, CSS slant)
_STYLES = {"Regular": (400, "normal"), "SemiBold": (600, "normal"), "Italic": (400, "italic")}


def folder() -> Path:
    """The folder that holds the font files."""
    return _FOLDER


def paths() -> tuple[Path, ...]:
    """The OpenType files, for print."""
    return tuple(_FOLDER / f"AuditSans-{style}.otf" for style in _STYLES)


def web_fonts() -> tuple[tuple[Path, int, str], ...]:
    """(WOFF2 file, CSS font-weight, CSS font-style) of each style, for a page."""
    return tuple((_FOLDER / f"AuditSans-{style}.woff2", *face) for style, face in _STYLES.items())


@cache
def covered() -> frozenset[int]:
    """The code points that the family has a glyph for."""
    from fontTools.ttLib import TTFont

    with TTFont(_FOLDER / "AuditSans-Regular.otf", lazy=True) as font:
        return frozenset(font.getBestCmap())
