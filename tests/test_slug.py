"""Names of teams become names of folders that are readable, safe everywhere, and different for different teams."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditkit.errors import DataError
from auditkit.slug import MOST_BYTES, refuse_collisions, slug


@pytest.mark.parametrize(
    ("team", "folder"),
    [
        ("Service desk", "Service-desk"),
        ("Almaty", "Almaty"),
        ("Алматы, линия 2", "Алматы-линия-2"),
        ("Ma\u0308ntta\u0308", "Mäntä".replace("nt", "ntt")),  # NFD comes out as NFC
        ("../../x", "x"),
        ("a/b", "a-b"),
        ("a\\b", "a-b"),
        ("CON", "team-CON"),
        ("con.txt", "team-con.txt"),
        ("COM1", "team-COM1"),
        ("Console", "Console"),
        ('"; import os #', "import-os"),
        (".hidden", "hidden"),
        ("trailing. ", "trailing"),
        ("a\x00b\nc\u202ed", "a-b-c-d"),
        ("v1.2", "v1.2"),
        ("a..b", "a-b"),
    ],
)
def test_slug_of(team, folder):
    assert slug(team) == folder


@pytest.mark.parametrize("team", ["", "///", "...", "🙂", "\u0301"])
def test_a_name_without_letters_gets_a_name_of_its_own(team):
    assert slug(team).startswith("team-")


def test_a_very_long_name_is_cut_and_stays_different():
    first, second = slug("Служба " * 60 + "A"), slug("Служба " * 60 + "B")
    assert first != second
    assert len(first.encode()) <= MOST_BYTES


@given(st.text())
def test_a_slug_is_one_safe_component(team):
    made = slug(team)
    assert made == slug(made) or made.startswith("team-") or len(made.encode()) > MOST_BYTES - 12
    assert made and not made.startswith((".", "-")) and not made.endswith((".", " "))
    assert not set(made) & set('/\\:*?"<>|\0\n\r')
    assert ".." not in made
    assert unicodedata.is_normalized("NFC", made)
    assert len(made.encode()) <= MOST_BYTES + len("team-")


def test_two_teams_in_one_folder_are_refused_by_name():
    with pytest.raises(DataError, match=r"'a-b' and 'a/b'.*\[source.values.team\]"):
        refuse_collisions(["a/b", "a-b", "c"], ["a/b"])


def test_case_does_not_tell_teams_apart():
    with pytest.raises(DataError, match="'North' and 'north'"):
        refuse_collisions(["North", "north"], ["north"])


def test_teams_that_are_not_asked_for_may_collide():
    refuse_collisions(["a/b", "a-b", "c"], ["c"])
