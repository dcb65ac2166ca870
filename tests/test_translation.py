"""Sentences keep their values, so that what was said in English can be told in another language."""

from __future__ import annotations

import pickle

import pytest

from auditkit.labels import Labels, said, said_n


def test_a_sentence_is_filled_with_texts_counts_and_other_sentences():
    reason = said("no source has the column {column}", column="agent")
    assert Labels().say("{team}: {reason} in {count} files", team="Oslo", reason=reason, count=1200) == (
        "Oslo: no source has the column agent in 1\u202f200 files"
    )


def test_a_bare_float_is_refused_because_nobody_said_how_to_write_it():
    with pytest.raises(TypeError, match=r"share=0\.5"):
        Labels().say("{share} of them", share=0.5)


def test_the_form_follows_the_count():
    forms = "{count} ticket", "{count} tickets"
    assert [Labels().say_n(*forms, count) for count in (0, 1, 2)] == ["0 tickets", "1 ticket", "2 tickets"]


def test_what_was_said_can_be_told_again_and_survives_pickling():
    reason = said_n("{count} row of {team}", "{count} rows of {team}", 2, team="Oslo")
    again = pickle.loads(pickle.dumps(reason))
    assert (again, again.values, Labels().tell(again)) == ("2 rows of Oslo", reason.values, "2 rows of Oslo")


def test_braces_in_strangers_text_are_not_placeholders():
    assert Labels().say("team {team}", team="{0} {x}") == "team {0} {x}"
