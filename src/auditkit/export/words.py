"""The few words that the export itself puts on a page.

In comes a language code, out go the words, translated as every other text is. Everything else on a page arrives already
written, but for the prose of a notebook, whose headings and paragraphs are looked up here too: a notebook that the
catalogue does not know stays as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from auditkit.labels import Labels
from auditkit.translation import N_, translated_markdown

_WORDS = {
    "contents": N_("Contents"),
    "skip": N_("Skip to the report"),
    "numbers": N_("The figures behind this chart"),
    "page": N_("Page {page} of {pages}"),
    "as_of": N_("As of"),
    "chart": N_("Chart"),
    "table": N_("Table"),
    "good": N_("good"),
    "bad": N_("needs attention"),
    "unsure": N_("uncertain"),
    "left_out": N_("Left out of the report: {what}."),
    "active_output": N_("an output of type {mime}, which could run code"),
    "unreadable_output": N_("a picture that cannot be read safely"),
    "unreadable_exhibit": N_("an exhibit that cannot be read"),
    "picture": N_("picture"),
    "no_description": N_("Picture without a description"),
    "error": N_("This part of the report failed"),
    "incomplete": N_("This report did not run to its end. What follows is not complete."),
    "cut": N_("The first {shown} of {total} rows."),
    "whole_table": N_("The whole table:"),
    "rows": N_("Rows"),
    "note": N_("Note"),
    "title": N_("Title"),
}


@cache
def words(language: str) -> Mapping[str, str]:
    """The words in ``language`` ("fi", "nb-NO", ...), or in English."""
    labels = _labels(language)
    return MappingProxyType({name: labels.tell(text) for name, text in _WORDS.items()})


def told_markdown(source: str, language: str) -> str:
    """A Markdown cell in ``language``: each heading and paragraph that the catalogue has."""
    return translated_markdown(source, _labels(language).tell)


def _labels(language: str) -> Labels:
    return Labels(language.split("-")[0].lower())
