"""Every character of every language's texts has a glyph in the typeface that travels with the package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from auditkit.fonts import covered, paths
from auditkit.languages import AVAILABLE, months, weekdays

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
import make_messages as messages


def texts(language: str) -> str:
    """All that a report can say in a language, as one text."""
    spoken = [*months(language), *months(language, short=True), *weekdays(language)]
    if language == "en":
        spoken += [text for message in messages.spoken(messages.current()) for text in forms(message.id)]
    else:
        with messages.po_path(language).open("rb") as stream:
            catalogue = messages.read_po(stream, locale=language, domain=messages.DOMAIN)
        spoken += [text for message in messages.spoken(catalogue) for text in forms(message.string)]
    return "".join(spoken)


def forms(text) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, tuple | list) else (text,)


@pytest.mark.parametrize("language", AVAILABLE)
def test_the_typeface_holds_every_character_of_the_language(language):
    lacking = {sign for sign in texts(language) if sign != "\n" and ord(sign) not in covered()}
    assert lacking == set(), [f"U+{ord(sign):04X} {sign}" for sign in sorted(lacking)]


def test_all_styles_hold_the_same_characters():
    from fontTools.ttLib import TTFont

    held = []
    for path in paths():
        with TTFont(path, lazy=True) as font:
            held.append(frozenset(font.getBestCmap()))
    assert set(held) == {covered()}
