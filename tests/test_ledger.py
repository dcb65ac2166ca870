"""The ledger: what was begun and how it ended, through kills, full disks and damage."""

from __future__ import annotations

import sqlite3

import pytest

from auditkit.errors import DataError
from auditkit.running.ledger import SCHEMA, Ledger, reading

WHAT = {"key": "k", "report": "small", "team": "Oslo", "period": "2024-05", "why": "not made yet", "attempt": 1}


@pytest.fixture
def state(tmp_path):
    folder = tmp_path / ".auditkit"
    folder.mkdir()
    return folder


def test_an_attempt_is_read_back_with_all_that_was_told_of_it(state):
    ledger = Ledger(state)
    run = ledger.begin_run("g", "auditkit", 2, 1, 0)
    number = ledger.begin_attempt(run, **WHAT)
    told = {"seconds": 1.5, "memory_bytes": 7, "class": "disk full", "cell": 3, "output": ("a", "ä"), "problems": ["p"]}
    ledger.end_attempt(number, "failed", **told)
    ledger.end_run(run, "ended")
    ledger.close()
    with reading(state) as reader:
        last = reader.last_run()
        (one,) = last["attempts"]
        assert (last["state"], last["due"], one["class"], one["cell"]) == ("ended", 1, "disk full", 3)
        assert one["output"] == ["a", "ä"] and one["problems"] == ["p"] and one["memory_bytes"] == 7
        assert [entry["id"] for entry in reader.failing()] == [number]


def test_what_a_killed_run_left_open_is_closed_by_what_is_there(state):
    ledger = Ledger(state)
    run = ledger.begin_run("g", "auditkit", 2, 2, 0)
    for team in ("Oslo", "Bergen"):
        ledger.begin_attempt(run, **WHAT | {"team": team})
    # no end: the process is gone
    again = Ledger(state)
    assert again.close_left_open(lambda one: one["team"] == "Bergen") == 2
    again.close()
    with reading(state) as reader:
        assert {one["team"]: one["state"] for one in reader.attempts_of(run)} == {"Oslo": "lost", "Bergen": "made"}
        assert reader.last_run()["state"] == "killed"
        assert reader.failing() == [] and list(reader.last_made()) == [("small", "Bergen", "2024-05")]


@pytest.mark.parametrize(("states", "failing"), [
    (["failed"], True),
    (["failed", "made"], False),
    (["failed", "interrupted"], True),  # who tries and is interrupted has not mended it
    (["made", "failed"], True),
    (["made", "interrupted"], False),
    (["without pdf"], True),
])  # fmt: skip
def test_what_is_failing_is_what_the_last_whole_attempt_said(state, states, failing):
    ledger = Ledger(state)
    run = ledger.begin_run("g", "auditkit", 2, 2, 0)
    for one in states:
        ledger.end_attempt(ledger.begin_attempt(run, **WHAT), one)
    assert bool(ledger.failing()) is failing
    ledger.close()


def test_what_cannot_be_written_waits_for_the_next_time(state):
    ledger = Ledger(state)
    run = ledger.begin_run("g", "auditkit", 2, 2, 0)
    ledger._con.execute("PRAGMA max_page_count = 1")  # as full as a disk can be
    first = ledger.begin_attempt(run, **WHAT)
    ledger.end_attempt(first, "failed", output=["x" * 5000] * 20)
    assert "could not be written: database or disk is full" in ledger.trouble
    ledger._con.execute("PRAGMA max_page_count = 100000")
    second = ledger.begin_attempt(run, **WHAT | {"attempt": 2})
    ledger.end_attempt(second, "made")
    assert ledger.trouble == ""
    ledger.close()
    with reading(state) as reader:
        assert [(one["id"], one["state"]) for one in reader.attempts_of(run)] == [(first, "failed"), (second, "made")]


def test_a_damaged_ledger_is_kept_aside_and_said(state):
    (state / "ledger.sqlite").write_bytes(b"this is no database, " * 100)
    told = []
    ledger = Ledger(state, told.append)
    ledger.begin_run("g", "auditkit", 1, 1, 0)
    ledger.close()
    assert "the ledger was damaged" in told[0]
    (aside,) = state.glob("ledger.sqlite.damaged-*")
    assert aside.read_bytes().startswith(b"this is no database")


def test_a_ledger_of_a_newer_version_is_left_alone(state):
    Ledger(state).close()
    con = sqlite3.connect(state / "ledger.sqlite")
    con.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    con.close()
    with pytest.raises(DataError, match="written by a newer auditkit"):
        Ledger(state)


def test_the_ledger_is_read_where_nothing_may_be_written_and_where_there_is_none(state, tmp_path):
    with reading(tmp_path) as reader:
        assert reader is None
    Ledger(state).close()
    before = sorted(path.name for path in state.iterdir())
    with reading(state) as reader:
        assert reader.last_run() is None
    assert sorted(path.name for path in state.iterdir()) == before
