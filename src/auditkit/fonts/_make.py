"""Makes the shipped fonts out of Inter: a subset, renamed, in OpenType (print, charts) and WOFF2 (page).

In comes a folder with Inter's OpenType files (release 3.19), out come the files beside this script, the same bytes
each time. Run it as ``python -m auditkit.fonts._make FOLDER``; it needs fonttools and brotli. It stands alone because
it runs once in a blue moon, and the product never needs it: the made files are kept.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Audit Sans"
STYLES = {"Regular": "Regular", "SemiBold": "SemiBold", "Italic": "Italic"}
# Latin with Latin Extended-A, Romanian commas, Greek capitals and letters, Cyrillic with the Kazakh letters,
# punctuation, super- and subscripts, currencies, letterlike signs, arrows, mathematics, geometric signs, ticks.
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x192, 0x192), (0x218, 0x21B), (0x2C6, 0x2C7), (0x2D8, 0x2DD), (0x300, 0x30C),
    (0x386, 0x3CE), (0x400, 0x4FF), (0x2000, 0x206F), (0x2070, 0x209C), (0x20A0, 0x20BF), (0x2116, 0x2126),
    (0x2190, 0x2199), (0x2200, 0x2265), (0x25A0, 0x25FF), (0x2605, 0x2606), (0x2713, 0x2718), (0xFFFD, 0xFFFD),
)  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "case"]


def make(source: Path, target: Path) -> None:
    """Writes ``AuditSans-<style>.otf`` and ``.woff2`` into ``target`` from ``Inter-<style>.otf`` in ``source``."""
    for style in STYLES:
        font = TTFont(source / f"Inter-{style}.otf", recalcTimestamp=False)
        _subset(font)
        _rename(font, style)
        font.save(target / f"AuditSans-{style}.otf")
        font.flavor = "woff2"
        font.save(target / f"AuditSans-{style}.woff2")


def _subset(font: TTFont) -> None:
    options = Options()
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in RANGES for code in range(first, last + 1)])
    subsetter.subset(font)


def _rename(font: TTFont, style: str) -> None:
    names = font["name"]
    one_of_four = style in ("Regular", "Italic")
    values = {
        1: FAMILY if one_of_four else f"{FAMILY} {style}",
        2: style if one_of_four else "Regular",
        3: f"AuditSans-{style}; a subset of Inter 3.19",
        4: f"{FAMILY} {style}",
        6: f"AuditSans-{style}",
        16: FAMILY,
        17: style,
    }
    for number, value in values.items():
        names.setName(value, number, 3, 1, 0x409)
    font["CFF "].cff.fontNames = [f"AuditSans-{style}"]
    top = font["CFF "].cff.topDictIndex[0]
    top.FamilyName, top.FullName = FAMILY, f"{FAMILY} {style}"


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(__file__).resolve().parent)
