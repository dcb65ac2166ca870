"""Loading: whole or not at all, nothing dropped unseen, and nothing done twice."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support import AUDIT, one, store, workspace, write_table

from auditkit.errors import AuditError, DataError
from auditkit.evaluation.evaluate import evaluate
from auditkit.load import load
from auditkit.store import open_store
from auditkit.workspace import open_workspace

TICKETS = """
ticket_id | team  | created_at       | subject
1         | North | 2026-05-04 09:00 | hello
2         | North | 2026-05-04 10:00 | hello
"""
MORE = TICKETS + "3 | North | 2026-05-04 11:00 | hello\n"
BROKEN = "ticket_id | team\n1 | North\n"


def received(space) -> float:
    return one(evaluate(open_store(space), ["tickets_received"]))["value"]


def kept_files(root: Path) -> set[str]:
    """What the product keeps, by name."""
    return {path.relative_to(root).as_posix() for path in (root / ".auditkit").rglob("*") if path.is_file()}


# --- whole or not at all


def test_a_load_that_fails_leaves_the_earlier_store_whole(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    load(space)
    before = kept_files(tmp_path)
    write_table(tmp_path / "data" / "tickets.csv", BROKEN)
    with pytest.raises(DataError, match="created_at"):
        load(space)
    assert kept_files(tmp_path) == before
    assert received(space) == 2


def steps(space) -> list[str]:
    told: list[str] = []
    load(space, lambda step, done, total: told.append(step), force=True)
    return told


def test_an_interruption_at_any_step_leaves_the_earlier_store_whole(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    load(space)
    before = kept_files(tmp_path)
    write_table(tmp_path / "data" / "tickets.csv", MORE)

    class Interrupt:
        def __init__(self, at: int):
            self.left = at

        def __call__(self, step: str, done: int, total: int) -> None:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt

    count = len(steps(workspace(tmp_path / "other", tickets=TICKETS)))
    assert count >= 2
    for step in range(count):
        with pytest.raises(KeyboardInterrupt):
            load(space, Interrupt(step))
        assert kept_files(tmp_path) == before
        assert received(space) == 2
    load(space)
    assert received(space) == 3


def many_tickets(folder: Path) -> None:
    """Enough rows for the reading to take seconds."""
    lines = (f"{n},North,2026-05-{n % 28 + 1:02d} 09:{n % 60:02d},subject of ticket {n}\n" for n in range(1_500_000))
    with (folder / "data" / "tickets.csv").open("w", encoding="utf-8") as stream:
        stream.write("ticket_id,team,created_at,subject\n")
        stream.writelines(lines)


def begun_load(folder: Path, step: str = "load-*") -> subprocess.Popen[str]:
    """``auditkit load`` in a process of its own that has come as far as the file of a step."""
    command = [sys.executable, "-c", "from auditkit.cli import main; raise SystemExit(main())", "load", "-w", folder]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and not list((folder / ".auditkit").glob(step)):
        try:
            process.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
    return process


needs_signals = pytest.mark.skipif(sys.platform == "win32", reason="this system has no such signals")


@needs_signals
@pytest.mark.parametrize(
    ("sent", "step"),
    [
        ("SIGINT", "load-*"),  # the file is being read
        ("SIGTERM", "load-*"),
        ("SIGINT", "load-*/staged-0.parquet"),  # DuckDB is at work
    ],
)
def test_a_signal_interrupts_a_load(tmp_path, sent, step):
    space = workspace(tmp_path, tickets=TICKETS)
    load(space)
    before = kept_files(tmp_path)
    many_tickets(tmp_path)
    process = begun_load(tmp_path, step)
    process.send_signal(getattr(signal, sent))
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130, said
    assert "interrupted" in said and "Traceback" not in said
    assert kept_files(tmp_path) == before
    assert not list((tmp_path / ".auditkit").glob("load-*"))
    assert received(space) == 2


def test_an_interruption_within_the_reader_is_an_interruption(tmp_path, monkeypatch):
    space = workspace(tmp_path, tickets=TICKETS)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("auditkit.sources.delimited._Parse.batches", lambda parse: map(interrupted, [1]))
    with pytest.raises(KeyboardInterrupt):
        load(space)


@needs_signals
def test_what_a_killed_load_left_is_removed_by_the_next(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    many_tickets(tmp_path)
    process = begun_load(tmp_path)
    process.kill()
    process.communicate()
    (left,) = (tmp_path / ".auditkit").glob("load-*")
    running = tmp_path / ".auditkit" / f"load-{os.getpid()}-abc"  # of a process that is there
    running.mkdir()
    write_table(tmp_path / "data" / "tickets.csv", TICKETS)
    load(space)
    assert not left.exists() and running.exists()


def test_a_generation_that_never_came_into_force_is_made_again(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    found = load(space)
    (tmp_path / ".auditkit" / "store" / "current").unlink()
    (found.folder / "tickets.parquet").write_bytes(b"half")
    load(space)
    assert received(space) == 2


def test_only_the_generation_in_force_is_kept(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    first = load(space)
    write_table(tmp_path / "data" / "tickets.csv", MORE)
    second = load(space)
    assert first.generation != second.generation
    assert [path.name for path in (tmp_path / ".auditkit" / "store").iterdir() if path.is_dir()] == [second.generation]


FULL_DISK = """
import resource, sys
import pyarrow.parquet, auditkit.checks  # what a load needs is there before the disk is full
from auditkit.errors import DataError
from auditkit.load import load
from auditkit.workspace import open_workspace
space = open_workspace(sys.argv[1])
load(space, write=False)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
try:
    load(space)
except DataError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files by setrlimit")
def test_a_full_disk_leaves_the_earlier_store_whole_and_says_so(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    load(space)
    before = kept_files(tmp_path)
    many = "".join(f"{number} | North | 2026-05-04 09:00 | {number * 7919}\n" for number in range(3000))
    write_table(tmp_path / "data" / "tickets.csv", TICKETS.splitlines()[1] + "\n" + many)
    told = subprocess.run([sys.executable, "-c", FULL_DISK, tmp_path], capture_output=True, text=True)
    assert "the load stopped" in told.stdout and "the earlier store is as it was" in told.stdout, told.stderr
    assert kept_files(tmp_path) == before
    assert received(space) == 2


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    (tmp_path / ".auditkit").write_text("a file where a folder should be")
    with pytest.raises(DataError, match="cannot be written"):
        load(space)


# --- nothing done twice


def test_unchanged_files_are_not_loaded_twice(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    load(space)
    told: list[str] = []
    again = load(open_workspace(tmp_path), lambda step, done, total: told.append(step))
    assert told == [] and again.meta == open_store(space).meta


@pytest.mark.parametrize(
    ("change", "loads"),
    [
        (lambda text: text + "# a comment\n", False),
        (lambda text: text.replace('client = "Acme Oy"', 'client="Acme Oy"  # the client'), False),
        (lambda text: text.replace("[audit]", '[audit]\ntimezone = "Europe/Oslo"'), True),
        (lambda text: text + '[hours.default]\nmon-fri = "08:00-16:00"\n', True),
    ],
)
def test_a_configuration_that_says_something_else_is_loaded_again(tmp_path, change, loads):
    load(workspace(tmp_path, tickets=TICKETS))
    file = tmp_path / "audit.toml"
    file.write_text(change(file.read_text()))
    told: list[str] = []
    load(open_workspace(tmp_path), lambda step, done, total: told.append(step))
    assert bool(told) == loads


def test_force_loads_again_and_gives_the_same(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    first = load(space)
    assert steps(space)
    again = open_store(space)
    assert (again.generation, again.meta) == (first.generation, first.meta)


def test_a_check_writes_nothing(tmp_path):
    space = workspace(tmp_path, tickets=TICKETS)
    found = load(space, write=False)
    assert [info.rows_kept for info in found.meta.sources] == [2]
    assert not (tmp_path / ".auditkit").exists()


def test_before_the_first_load_there_is_no_store_and_the_remedy_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="auditkit load"):
        open_store(workspace(tmp_path, tickets=TICKETS))


def test_what_is_known_about_a_store_is_read_back(tmp_path):
    assert load(workspace(tmp_path, tickets=TICKETS)).meta == open_store(open_workspace(tmp_path)).meta


# --- nothing dropped unseen


def refused(folder: Path) -> list[dict[str, str]]:
    with (folder / ".auditkit" / "refused.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_every_refused_row_is_kept_with_file_row_column_value_and_reason(tmp_path):
    tickets = """
    ticket_id | team  | created_at       | reopens
    1         | North | 2026-05-04 09:00 | 0
    2         | North | 2026-02-31 09:00 | 0
    3         | North | 2026-05-04 09:00 | several
              | North | 2026-05-04 09:00 | 0
    5         | North |                  | 0
    6         | North | 2026-05-04 09:00 | -1
    """
    found = store(tmp_path, tickets=tickets)
    rows = refused(tmp_path)
    assert {row["file"] for row in rows} == {"data/tickets.csv"}
    assert [(row["row"], row["column"], row["value"]) for row in rows] == [
        ("3", "created_at", "2026-02-31 09:00"),
        ("4", "reopens", "several"),
        ("5", "ticket_id", ""),
        ("6", "created_at", ""),
        ("7", "reopens", "-1"),
    ]
    assert all(row["reason"] for row in rows)
    (info,) = found.meta.sources
    assert (info.rows_in, info.rows_kept, info.rows_refused) == (6, 1, 5)


def test_rows_in_are_rows_kept_refused_and_folded(tmp_path):
    tickets = (
        TICKETS + "2 | North | 2026-05-04 10:00 | hello\n1 | North | 2026-05-04 09:00 | other\nx | North | soon |\n"
    )
    (info,) = store(tmp_path, tickets=tickets).meta.sources
    assert (info.rows_in, info.rows_kept, info.rows_refused, info.rows_folded) == (5, 1, 3, 1)


@pytest.mark.parametrize("value", ["=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(A1)", " =1+1"])
def test_a_refused_value_that_a_spreadsheet_would_run_is_made_harmless(tmp_path, value):
    (tmp_path / "data").mkdir()
    with (tmp_path / "data" / "tickets.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [["ticket_id", "team", "created_at"], ["1", "North", "2026-05-04 09:00"], ["2", "North", value]]
        )
    store(tmp_path, '[[source]]\ntable = "tickets"\npath = "data/tickets.csv"\ndates = "iso"')
    (row,) = refused(tmp_path)
    assert row["value"].startswith("'") and row["value"].endswith(value.strip())


def test_a_load_without_refused_rows_leaves_an_empty_list(tmp_path):
    store(tmp_path, tickets=TICKETS)
    assert refused(tmp_path) == []
    assert (tmp_path / ".auditkit" / "refused.csv").read_text() == "file,row,column,value,reason\n"


# --- files that cannot be read


def failing(folder: Path, **files: bytes) -> str:
    """What is said about tickets files with these bytes (``__`` in a name is its dot)."""
    (folder / "data").mkdir(exist_ok=True)
    sources = ""
    for name, content in files.items():
        path = f"data/{name.replace('__', '.')}"
        (folder / path).write_bytes(content)
        sources += f'[[source]]\ntable = "tickets"\npath = "{path}"\n'
    (folder / "audit.toml").write_text(AUDIT + sources)
    with pytest.raises(DataError) as raised:
        load(open_workspace(folder))
    assert raised.value.exit_code == 4
    assert [one.name for one in (folder / ".auditkit").rglob("*")] in ([], ["lock"])
    return str(raised.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty__csv", b""),
        ("garbage__xlsx", b"this is no spreadsheet"),
        ("garbage__parquet", b"PAR1nonsensePAR1"),
        ("garbage__json", b"{"),
        ("cut__csv__gz", b"\x1f\x8b\x08\x00"),
        ("binary__csv", bytes(range(256)) * 8),
        ("lacks__csv", b"ticket_id,team\n1,North\n"),
        ("refused__csv", b"ticket_id,team,created_at\n1,North,soon\n2,North,later\n"),
    ],
)
def test_a_file_that_cannot_be_read_stops_the_load_and_is_named(tmp_path, name, content):
    assert f"data/{name.replace('__', '.')}" in failing(tmp_path, **{name: content})


def test_all_files_that_cannot_be_read_are_told_at_once(tmp_path):
    told = failing(tmp_path, a__csv=b"", b__xlsx=b"no", c__csv=b"ticket_id,team\n1,North\n")
    assert all(name in told for name in ("data/a.csv", "data/b.xlsx", "data/c.csv"))


def test_a_file_that_is_not_there_is_told_with_its_place(tmp_path):
    (tmp_path / "audit.toml").write_text(AUDIT + '[[source]]\ntable = "tickets"\npath = "data/ticket*.csv"\n')
    with pytest.raises(DataError, match=r"data/ticket\*\.csv"):
        load(open_workspace(tmp_path))


def test_a_file_of_a_header_only_holds_no_row_that_can_be_used(tmp_path):
    with pytest.raises(DataError, match="no row"):
        store(tmp_path, tickets="ticket_id | team | created_at")


def test_a_header_only_beside_other_rows_is_an_empty_table(tmp_path):
    found = store(tmp_path, tickets=TICKETS, calls="call_id | team | offered_at | answered")
    figure = one(evaluate(found, ["answer_rate"]))
    assert not figure["available"] and figure["reason"].startswith("the data hold no calls")


# --- odd names


@pytest.mark.parametrize("name", ["a b", "it's", "we[i]rd", "Ökö {x} %s", "star*", "a;b"])
@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not have")
def test_a_workspace_may_lie_in_any_folder(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    space = workspace(folder, tickets=TICKETS)
    load(space)
    assert received(space) == 2
    assert len(open_store(space).frame("tickets", "North")) == 2


@pytest.mark.parametrize(
    "team", ["../../x", "a/b", "CON", '"; import os #', "Поддержка", "'; DROP TABLE tickets; --", "a\\b", "{0}"]
)
def test_a_team_may_have_any_name(tmp_path, team):
    tickets = f"ticket_id | team | created_at\n1 | {team} | 2026-05-04 09:00\n2 | North | 2026-05-04 09:00"
    found = store(tmp_path, tickets=tickets)
    assert sorted(found.meta.teams) == sorted(["North", team])
    assert one(evaluate(found, ["tickets_received"], [team]))["value"] == 1
    assert list(found.frame("tickets", team)["ticket_id"]) == ["1"]
    with pytest.raises(AuditError):
        found.find_teams([team + "x"])
