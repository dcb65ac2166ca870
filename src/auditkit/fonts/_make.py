"""Makes the shipped fonts: subsets, renamed. Inter for all (print and page), DejaVu Sans and Noto Emoji for the rest.

In comes a folder with Inter's OpenType files (release 3.19), ``DejaVuSans.ttf`` (2.37) and ``NotoEmoji-Regular.ttf``;
out come the files beside this script, the same bytes each time; of what the folder lacks, the kept files stay. Run it
as ``python -m auditkit.fonts._make FOLDER``; it needs fonttools and brotli. It stands alone because it runs once in a
blue moon, and the product never needs it: the made files are kept.
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
# What strangers write in a subject: Vietnamese, Armenian, Hebrew, Arabic, Georgian, signs; and pictures of things.
FURTHER = {
    "Further": ("DejaVuSans.ttf", "a subset of DejaVu Sans 2.37", (
        (0x20, 0x20), (0x180, 0x24F), (0x1E00, 0x1EFF), (0x300, 0x36F), (0x531, 0x58F), (0x591, 0x5F4), (0x600, 0x6FF),
        (0x750, 0x77F), (0x10A0, 0x10FF), (0xFB13, 0xFDFF), (0xFE70, 0xFEFF), (0x2100, 0x27BF),
    )),
    "Signs": ("NotoEmoji-Regular.ttf", "a subset of Noto Emoji", (
        (0x200D, 0x200D), (0x20E3, 0x20E3), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0xFE0E, 0xFE0F), (0x1F000, 0x1FAFF),
    )),
}  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum", "lnum", "case"]


def make(source: Path, target: Path) -> None:
    """Writes ``AuditSans-<style>.otf`` and ``.woff2`` into ``target`` from ``Inter-<style>.otf`` in ``source``."""
    for style in STYLES if (source / "Inter-Regular.otf").is_file() else ():
        font = TTFont(source / f"Inter-{style}.otf", recalcTimestamp=False)
        _subset(font, RANGES, FEATURES)
        _rename(font, style)
        font.save(target / f"AuditSans-{style}.otf")
        font.flavor = "woff2"
        font.save(target / f"AuditSans-{style}.woff2")


def make_further(source: Path, target: Path) -> None:
    """Writes ``AuditSans<name>-Regular.ttf``, fonts for print alone: a reader's screen has its own."""
    for name, (file, origin, ranges) in FURTHER.items():
        if (source / file).is_file():
            font = TTFont(source / file, recalcTimestamp=False)
            _subset(font, ranges, ["*"])
            family = f"{FAMILY} {name}"
            names = {1: family, 2: "Regular", 3: f"AuditSans{name}; {origin}", 4: family, 6: f"AuditSans{name}-Regular"}
            for number, value in names.items():
                font["name"].setName(value, number, 3, 1, 0x409)
            font.save(target / f"AuditSans{name}-Regular.ttf")


def _subset(font: TTFont, ranges: tuple[tuple[int, int], ...], features: list[str]) -> None:
    options = Options()
    options.layout_features = features
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    options.hinting = False
    options.desubroutinize = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for first, last in ranges for code in range(first, last + 1)])
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
    make_further(Path(sys.argv[1]), Path(__file__).resolve().parent)
