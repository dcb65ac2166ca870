"""The catalogues of src/auditkit/locale hold together: what is compiled is what was written, and every slot is kept."""

from __future__ import annotations

import doctest
import gettext
import io
import re
import sys
from pathlib import Path

import pytest

from auditkit import languages, translation
from auditkit.translation import markdown_messages, translated_markdown

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))
import make_messages as messages

REMEDY = "run 'make messages'"


def catalogue(language: str):
    """The language's texts as they were written."""
    with messages.po_path(language).open("rb") as stream:
        return messages.read_po(stream, locale=language, domain=messages.DOMAIN)


def compiled(made: bytes) -> dict:
    """The texts of an .mo file by key, without its head."""
    texts = gettext.GNUTranslations(io.BytesIO(made))._catalog
    return {key: text for key, text in texts.items() if key}


@pytest.fixture(params=messages.present())
def language(request) -> str:
    return request.param


def test_a_language_is_one_catalogue():
    assert set(languages.AVAILABLE) == {"en", *messages.present()} == {"en", "fi", "nb", "ru"}


def test_what_is_compiled_is_what_was_written(language):
    committed = messages.po_path(language).with_suffix(".mo").read_bytes()
    fresh = messages.mo(language, catalogue(language))
    assert compiled(committed) == compiled(fresh), f"{language}: the .mo is not that of the .po; {REMEDY}"


def test_every_translation_keeps_the_placeholders_of_its_text(language):
    wrong = [str(message.id) for message in messages.spoken(catalogue(language)) if not keeps_placeholders(message)]
    assert wrong == [], f"{language}: placeholders differ"


def test_no_text_of_source_and_notebooks_is_missing_or_stale(language):
    """The catalogue holds what is said today, and nothing else."""
    written, said = (keys(one) for one in (catalogue(language), messages.current()))
    assert written == said, f"{language}: {REMEDY}, translate what is new, and drop what is gone with --clean"


def test_every_text_is_translated_and_none_is_a_guess(language):
    open_ones = [message.id for message in messages.spoken(catalogue(language)) if not messages.is_translated(message)]
    assert open_ones == [], f"{language}: missing or fuzzy in {messages.po_path(language)}"


def test_no_sentence_is_told_in_the_words_of_another_language():
    """A sentence of three words or more is not the same in two languages: one of them would be the wrong one."""
    told: dict[str, tuple] = {}
    for name in messages.present():
        for message in messages.spoken(catalogue(name)):
            text = message.string[0] if isinstance(message.string, tuple) else message.string
            if len(re.findall(r"[^\W\d_]{3,}", re.sub(r"\{\w+\}", "", text))) >= 3:
                other = told.setdefault(text, (name, message.id))
                assert other[0] == name, f"{message.id!r}: {name} says what {other[0]} says"


def keys(texts) -> set:
    """Every text with its context and its form for several."""
    return {(message.context, message.id) for message in messages.spoken(texts)}


def keeps_placeholders(message) -> bool:
    """Whether each form has the slots of the text; the form for one alone may say its number in words."""
    if not isinstance(message.id, tuple):
        return not message.string or messages.placeholders(message.string) == messages.placeholders(message.id)
    one, many = (messages.placeholders(text) for text in message.id)
    forms = [messages.placeholders(form) for form in message.string if form]
    return all(slots == many or (place == 0 and slots == one) for place, slots in enumerate(forms))


def test_the_words_of_the_package_say_what_their_examples_say():
    assert [doctest.testmod(module).failed for module in (translation, languages, messages)] == [0, 0, 0]


def test_a_text_is_found_inside_others_and_with_the_comment_above_it():
    source = """
# TRANSLATORS: a channel,
# in the nominative
title = f"{labels.say('In {x}', x=labels.say_n('one', 'many', n))}"
"""
    comments = ["a channel, in the nominative"]
    assert list(messages.texts_of(source)) == [("In {x}", comments, None), (("one", "many"), comments, None)]


def test_a_notebooks_headings_and_paragraphs_are_texts_and_its_code_is_not():
    cell = "## Speed *of* it\n\nHow long\na customer waits.\n\n```\nx = 1\n\ny = 2\n```\n\n- one"
    assert markdown_messages(cell) == ["Speed *of* it", "How long\na customer waits.", "- one"]
    assert translated_markdown(cell, str.upper) == (
        "## SPEED *OF* IT\n\nHOW LONG\nA CUSTOMER WAITS.\n\n```\nx = 1\n\ny = 2\n```\n\n- ONE"
    )
