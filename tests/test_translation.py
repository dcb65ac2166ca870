"""Sentences keep their values, so that what was said in English can be told in another language."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, date, datetime

import pytest

from auditkit.clocks.period import parse_period
from auditkit.labels import Labels, said, said_n, shown
from auditkit.sayings import from_plain, to_plain


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
    assert [Labels().say_n(*forms, count) for count in (0, 1, 2)] == ["0\xa0tickets", "1\xa0ticket", "2\xa0tickets"]


def test_what_was_said_can_be_told_again_and_survives_pickling():
    reason = said_n("{count} row of {team}", "{count} rows of {team}", 2, team="Oslo")
    again = pickle.loads(pickle.dumps(reason))
    assert (again, again.values, Labels().tell(again)) == ("2\xa0rows of Oslo", reason.values, "2\xa0rows of Oslo")


def test_braces_in_strangers_text_are_not_placeholders():
    assert Labels().say("team {team}", team="{0} {x}") == "team {0} {x}"


INSTANT = datetime(2026, 6, 15, 21, 30, tzinfo=UTC)
EVERYTHING = said_n(
    "{count} row of {team} ({share}) until {day}, known at {instant}, of {period}: {reason}; by {agents}",
    "{count} rows of {team} ({share}) until {day}, known at {instant}, of {period}: {reason}; by {agents}",
    1200,
    team="Oslo",
    share=shown("share", 0.8251, 0.81, 0.84),
    day=date(2026, 6, 1),
    instant=INSTANT,
    period=parse_period("2026-05"),
    reason=said("after {time}", time=shown("duration_short", 5400)),
    agents=("Ann", "Bo", said("an unknown agent")),
)


def test_logs_get_days_and_instants_the_iso_way_and_readers_in_words():
    assert EVERYTHING == (
        "1\u202f200\xa0rows of Oslo (82.5\xa0%) until 2026-06-01, known at 2026-06-15 21:30 UTC, of 2026-05: "
        "after 1\xa0h\xa030\xa0min; by Ann, Bo and an unknown agent"
    )
    assert Labels("en", "Asia/Almaty").tell(EVERYTHING) == (
        "1\u202f200\xa0rows of Oslo (82.5\xa0%) until 1\xa0June\xa02026, "
        "known at 16\xa0June\xa02026 at 02:30 (Asia/Almaty), "
        "of May\xa02026: after 1\xa0h\xa030\xa0min; by Ann, Bo and an unknown agent"
    )


def test_a_sentence_survives_the_store_with_all_its_values():
    again = from_plain(json.loads(json.dumps(to_plain(EVERYTHING))))
    assert (again, again.message, again.many) == (EVERYTHING, EVERYTHING.message, EVERYTHING.many)
    assert again.values == EVERYTHING.values
    assert Labels("en", "Asia/Almaty").tell(again) == Labels("en", "Asia/Almaty").tell(EVERYTHING)
    assert from_plain(to_plain("a text {with} braces")) == "a text {with} braces"


def test_what_no_store_can_hold_is_refused():
    with pytest.raises(TypeError, match="cannot be kept"):
        to_plain(said("{what} is odd", what="it").values | {"x": object()})
