"""The shipped typeface: one family for charts, page and print, so that all of them look alike on every machine.

It is a renamed subset of Inter 3.19 under the SIL Open Font License (``OFL.txt`` beside the files): Latin, Greek and
Cyrillic with the Kazakh letters, in three styles, with tabular figures. Strangers write more than that in a subject:
print falls back on Audit Sans Further (Hebrew, Arabic, Armenian, Georgian, Vietnamese; DejaVu Sans under its own
licence, ``DEJAVU.txt``) and Audit Sans Signs (emoji in outline; Noto Emoji), a screen on what the reader has. Nothing
comes in; paths and names go out.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

FAMILY = "Audit Sans"
FALLBACKS = ("Audit Sans Further", "Audit Sans Signs")
_FOLDER = Path(__file__).resolve().parent
# style: (CSS weight, CSS slant)
_STYLES = {"Regular": (400, "normal"), "SemiBold": (600, "normal"), "Italic": (400, "italic")}


def folder() -> Path:
    """The folder that holds the font files."""
    return _FOLDER


def paths() -> tuple[Path, ...]:
    """The OpenType files, for print: the family's, then those that print falls back on."""
    own = (_FOLDER / f"AuditSans-{style}.otf" for style in _STYLES)
    return (*own, *(_FOLDER / f"{name.replace(' ', '')}-Regular.ttf" for name in FALLBACKS))


def web_fonts() -> tuple[tuple[Path, int, str], ...]:
    """(WOFF2 file, CSS font-weight, CSS font-style) of each style, for a page."""
    return tuple((_FOLDER / f"AuditSans-{style}.woff2", *face) for style, face in _STYLES.items())


@cache
def covered() -> frozenset[int]:
    """The code points that one of the fonts for print has a glyph for."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for path in paths():
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)
