"""Every character of every language's texts has a glyph in the typeface that travels with the package."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from auditkit.fonts import paths
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


def held() -> dict[str, frozenset[int]]:
    """The characters of each style that texts are set in; the further fonts stand in for what these lack."""
    found = {}
    for path in paths():
        if path.name.startswith("AuditSans-"):
            with TTFont(path, lazy=True) as font:
                found[path.stem] = frozenset(font.getBestCmap())
    return found


@pytest.mark.parametrize("language", AVAILABLE)
def test_every_style_holds_every_character_of_the_language(language):
    wanted = {sign for sign in texts(language) if sign != "\n"}
    lacking = {style: sorted(sign for sign in wanted if ord(sign) not in signs) for style, signs in held().items()}
    assert lacking == {f"AuditSans-{style}": [] for style in ("Regular", "SemiBold", "Italic")}
