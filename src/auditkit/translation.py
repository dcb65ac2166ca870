"""Texts in other languages: marks for what is to be translated, and the gettext catalogues that translate it.

In comes an English text (it is its own key), out comes the text in a reader's language, or the English where a
catalogue lacks it. A sentence keeps the values that were put in it, so that what the engine said in English can be
told again in another language. Numbers and dates are written by labels.py; this room only looks up.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self

DOMAIN = "auditkit"
LOCALE = Path(__file__).parent / "locale"
SOURCE = "en"
NO_VALUES: Mapping[str, Any] = MappingProxyType({})


class Said(str):
    """A sentence in English that remembers how it was made: ``message`` with placeholders, and its ``values``.

    It is a text like any other wherever a text is wanted. ``many`` is the form for more than one, chosen by
    ``values["count"]``; empty where there is none.
    """

    message: str
    many: str
    values: Mapping[str, Any]

    def __new__(cls, text: str = "", message: str = "", many: str = "", values: Mapping[str, Any] = NO_VALUES) -> Self:
        made = super().__new__(cls, text)
        made.message, made.many, made.values = message or text, many, values
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (str(self), self.message, self.many, dict(self.values))


class Shown(str):
    """A figure as English writes it that remembers how: ``kind``, a method of Labels, and what it was ``given``."""

    kind: str
    given: tuple[Any, ...]

    def __new__(cls, text: str, kind: str, given: tuple[Any, ...]) -> Self:
        made = super().__new__(cls, text)
        made.kind, made.given = kind, given
        return made

    def __getnewargs__(self) -> tuple[Any, ...]:
        return (str(self), self.kind, self.given)


def N_(text: str) -> str:
    """Mark a text that is declared here and translated where it is shown."""
    return text


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The texts of one language; an empty catalogue for English and for a language without one."""
    if language == SOURCE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)


def markdown_messages(source: str) -> list[str]:
    """The translatable texts of a Markdown cell: each heading without its marks, each paragraph, in order.

    >>> markdown_messages("## Speed\\n\\nHow long\\na customer waits.")
    ['Speed', 'How long\\na customer waits.']
    """
    found: list[str] = []

    def note(text: str) -> str:
        found.append(text)
        return text

    translated_markdown(source, note)
    return found


def translated_markdown(source: str, translate: Callable[[str], str]) -> str:
    """A Markdown cell with each heading and paragraph put through ``translate``; what is fenced as code stays."""
    parts = _BLANK.split(source.strip("\n"))
    told, fenced = [], False
    for part in parts:
        is_code = fenced or part.lstrip().startswith(_FENCES)
        fenced ^= sum(line.lstrip().startswith(_FENCES) for line in part.splitlines()) % 2 == 1
        told.append(part if is_code or not part.strip() else _translated_block(part, translate))
    return "\n\n".join(told)


def _translated_block(block: str, translate: Callable[[str], str]) -> str:
    marks = _HEADING.match(block)
    lead = marks.group() if marks else ""
    return lead + translate(block[len(lead) :].strip())


_BLANK = re.compile(r"\n[ \t]*\n+")
_HEADING = re.compile(r"#{1,6} +")
_FENCES = ("```", "~~~")
