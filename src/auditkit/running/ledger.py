"""The ledger: every run and every attempt at a report, in one SQLite file, for people and for the next run.

In come beginnings and ends, out come what was made when and what failed and why. No figure depends on it: an edition's
manifest says what it was made from, and the plan believes that alone. A run that is killed leaves attempts that say
"running"; the next run, which holds the workspace's lock and so knows that nobody is, closes them. A disk that is full
costs no report: what could not be written waits for the next time.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import auditkit
from auditkit.errors import DataError, Problem

LEDGER = "ledger.sqlite"
SCHEMA = 1  # PRAGMA user_version; raised with a step in _UPGRADES whenever the tables change
RUNNING, MADE, WITHOUT_PDF, FAILED, INTERRUPTED, LOST = (
    "running", "made", "without pdf", "failed", "interrupted", "lost",
)  # fmt: skip
_TABLES = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, state TEXT NOT NULL, begun_at TEXT NOT NULL, ended_at TEXT, pid INTEGER, host TEXT,
    version TEXT, generation TEXT, engine TEXT, workers INTEGER, due INTEGER, up_to_date INTEGER);
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES runs, key TEXT NOT NULL, report TEXT NOT NULL,
    team TEXT NOT NULL, period TEXT NOT NULL, why TEXT, attempt INTEGER NOT NULL, worker TEXT, state TEXT NOT NULL,
    begun_at TEXT NOT NULL, ended_at TEXT, seconds REAL, memory_bytes INTEGER, class TEXT, cell INTEGER, heading TEXT,
    error TEXT, problems TEXT, output TEXT, remedy TEXT, retried INTEGER NOT NULL DEFAULT 0, log TEXT, notebook TEXT);
CREATE INDEX attempts_of_report ON attempts (report, team, period, id);
CREATE INDEX attempts_of_run ON attempts (run);
"""
_UPGRADES: dict[int, str] = {}  # from this schema to the next one
_LISTS = ("problems", "output")
_PATIENCE_SECONDS = 10.0  # SQLite waits so long for a reader that holds the file


class Ledger:
    """The ledger of one workspace, written by the run that holds the workspace's lock.

    ``trouble`` says why something could not be written ("" when all was); what could not waits for the next write.
    """

    def __init__(self, state: Path, tell: Callable[[str], None] = lambda words: None):
        self.path, self.trouble, self._tell = state / LEDGER, "", tell
        self._waiting: list[tuple[str, tuple]] = []
        self._con = self._opened()
        self._numbers = {name: self._last(name) for name in ("runs", "attempts")}

    def begin_run(self, generation: str, engine: str, workers: int, due: int, up_to_date: int) -> int:
        """Enter a run; its number."""
        values = {
            "state": RUNNING, "begun_at": now(), "pid": os.getpid(), "host": socket.gethostname(),
            "version": auditkit.__version__, "generation": generation, "engine": engine, "workers": workers, "due": due,
            "up_to_date": up_to_date,
        }  # fmt: skip
        return self._insert("runs", values)

    def end_run(self, run: int, state: str) -> None:
        """Close a run as "ended", "interrupted" or "failed"."""
        self._write("UPDATE runs SET state = ?, ended_at = ? WHERE id = ?", (state, now(), run))

    def begin_attempt(self, run: int, **values: Any) -> int:
        """Enter an attempt (key, report, team, period, why, attempt, worker, log); its number."""
        return self._insert("attempts", {"run": run, "state": RUNNING, "begun_at": now()} | values)

    def note(self, number: int, worker: str) -> None:
        """Say who makes an attempt."""
        self._write("UPDATE attempts SET worker = ? WHERE id = ?", (worker, number))

    def end_attempt(self, number: int, state: str, **values: Any) -> None:
        """Close an attempt with what is known of it; lists become JSON."""
        told = {name: _plain(name, value) for name, value in values.items()} | {"state": state, "ended_at": now()}
        columns = ", ".join(f"{name} = ?" for name in told)
        self._write(f"UPDATE attempts SET {columns} WHERE id = ?", (*told.values(), number))

    def close_left_open(self, is_made: Callable[[Mapping[str, Any]], bool]) -> int:
        """Close what a killed run left open; how many attempts. Call it only while holding the workspace's lock.

        ``is_made`` says whether the attempt's edition is there whole: then it was killed between that and its entry.
        """
        left = list(_rows(self._con, "SELECT * FROM attempts WHERE state = ?", (RUNNING,)))
        for one in left:
            state = MADE if is_made(one) else LOST
            error = None if state == MADE else "the run was ended from outside before the report was made"
            self._write(
                "UPDATE attempts SET state = ?, ended_at = ?, error = ? WHERE id = ?", (state, now(), error, one["id"])
            )
        self._write("UPDATE runs SET state = 'killed', ended_at = ? WHERE state = ?", (now(), RUNNING))
        return len(left)

    def failing(self) -> list[dict[str, Any]]:
        """The last attempt of each report that is not in order."""
        return _failing(self._con)

    def close(self) -> None:
        """Write what waits, and close the file."""
        self._flush()
        self._con.close()

    def _insert(self, table: str, values: Mapping[str, Any]) -> int:
        self._numbers[table] += 1  # numbered here, so that an entry has its number even while the disk is full
        columns = {"id": self._numbers[table]} | values
        marks = ", ".join("?" for _ in columns)
        self._write(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", tuple(columns.values()))
        return self._numbers[table]

    def _write(self, sql: str, values: tuple) -> None:
        self._waiting.append((sql, values))
        self._flush()

    def _flush(self) -> None:
        """Write everything that waits, in one transaction."""
        try:
            with self._con:
                for sql, values in self._waiting:
                    self._con.execute(sql, values)
        except sqlite3.Error as error:
            self.trouble = f"the ledger {self.path} could not be written: {error}"
        else:
            self._waiting.clear()
            self.trouble = ""

    def _opened(self) -> sqlite3.Connection:
        try:
            return _opened(self.path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                return self._unwritable(error)
            aside = self.path.with_name(f"{LEDGER}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}")
            self._tell(f"the ledger was damaged ({error}); it is kept as {aside.name}, and a new one is begun")
            self.path.replace(aside)
            return _opened(self.path)

    def _unwritable(self, error: sqlite3.OperationalError) -> sqlite3.Connection:
        """A ledger in memory for this run: reports are made all the same."""
        self.trouble = f"the ledger {self.path} could not be opened: {error}"
        self._tell(self.trouble)
        con = _prepared(sqlite3.connect(":memory:"))
        con.executescript(_TABLES)
        return con

    def _last(self, table: str) -> int:
        return self._con.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]


@contextmanager
def reading(state: Path) -> Iterator[Reader | None]:
    """What the ledger says, without writing to it; None where there is none that can be read."""
    path = state / LEDGER
    if not path.is_file():
        yield None
        return
    is_open = path.with_name(f"{LEDGER}-wal").exists()
    for options in ("mode=ro", "immutable=1") if is_open else ("immutable=1",):  # which leaves no file beside it
        try:
            con = _prepared(sqlite3.connect(f"{path.resolve().as_uri()}?{options}", uri=True))
            con.execute("SELECT count(*) FROM attempts").fetchone()
        except sqlite3.Error:
            continue
        with closing(con):
            _check_schema(con, path)
            yield Reader(con)
        return
    yield None


class Reader:
    """Questions to the ledger."""

    def __init__(self, con: sqlite3.Connection):
        self._con = con

    def last_run(self) -> dict[str, Any] | None:
        """The newest run, with its attempts under "attempts"."""
        for run in _rows(self._con, "SELECT * FROM runs ORDER BY id DESC LIMIT 1"):
            return run | {"attempts": self.attempts_of(run["id"])}
        return None

    def attempts_of(self, run: int) -> list[dict[str, Any]]:
        """The attempts of a run, in order."""
        return list(_rows(self._con, "SELECT * FROM attempts WHERE run = ? ORDER BY id", (run,)))

    def last_made(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """The attempt that made each report last, by report, team and period."""
        sql = """SELECT * FROM attempts WHERE id IN (
            SELECT max(id) FROM attempts WHERE state IN (?, ?) GROUP BY report, team, period)"""
        found = _rows(self._con, sql, (MADE, WITHOUT_PDF))
        return {(one["report"], one["team"], one["period"]): one for one in found}

    def failing(self) -> list[dict[str, Any]]:
        """The last attempt of each report that is not in order."""
        return _failing(self._con)


def now() -> str:
    """This instant in UTC, ISO 8601; only the ledger and run.json know it, never an edition."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str | None) -> str:
    """An instant of the ledger as people read it.

    >>> moment("2026-06-01T02:00:04.053Z"), moment(None)
    ('2026-06-01 02:00:04 UTC', '')
    """
    return f"{text[:10]} {text[11:19]} UTC" if text else ""


def _failing(con: sqlite3.Connection) -> list[dict[str, Any]]:
    """Whoever tries and is interrupted has not failed: what the attempt before it said stands."""
    sql = """SELECT * FROM attempts WHERE id IN (
        SELECT max(id) FROM attempts WHERE state NOT IN (?, ?, ?) GROUP BY report, team, period)
        AND state IN (?, ?) ORDER BY period, team, report"""
    return list(_rows(con, sql, (RUNNING, INTERRUPTED, LOST, FAILED, WITHOUT_PDF)))


def _opened(path: Path) -> sqlite3.Connection:
    con = _prepared(sqlite3.connect(path, timeout=_PATIENCE_SECONDS))
    con.execute("PRAGMA journal_mode = WAL")
    con.execute("PRAGMA synchronous = NORMAL")  # whole after a crash; at worst the last entries of it are missing
    if con.execute("PRAGMA user_version").fetchone()[0] == 0:
        con.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {SCHEMA}; COMMIT;")
    version = _check_schema(con, path)
    while version < SCHEMA:
        con.executescript(f"BEGIN; {_UPGRADES[version]} PRAGMA user_version = {version + 1}; COMMIT;")
        version += 1
    return con


def _check_schema(con: sqlite3.Connection, path: Path) -> int:
    version = con.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA:
        remedy = "Use that version, or move the file away: no report depends on it."
        raise DataError(Problem(str(path), f"was written by a newer auditkit (schema {version})", "", remedy))
    return version


def _prepared(con: sqlite3.Connection) -> sqlite3.Connection:
    con.row_factory = sqlite3.Row
    return con


def _rows(con: sqlite3.Connection, sql: str, values: Sequence[Any] = ()) -> Iterator[dict[str, Any]]:
    for row in con.execute(sql, values).fetchall():
        found = dict(row)
        yield found | {name: json.loads(found[name] or "[]") for name in _LISTS if name in found}


def _plain(name: str, value: Any) -> Any:
    return json.dumps(list(value), ensure_ascii=False) if name in _LISTS else value
