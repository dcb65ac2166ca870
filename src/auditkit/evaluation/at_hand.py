"""The rows of a few teams, held in memory: a report asks for the same rows again and again.

In come a store, a scope and relations, out come connections to their rows in which the scope is laid out. What a report
needs of its team is read from the files once and then served from memory for as long as the process lives; all teams
together are read from the files each time. A store never changes once it is written, so nothing held can grow stale.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import duckdb

from auditkit.evaluation.query import NO_GROUP, Scope, lay_out_teams, prepare, rows_as_known
from auditkit.store import Store

FEW_TEAMS = 4
MOST_ROWS = 3_000_000  # about a gigabyte of tickets
_HELD_STORES = 2
_HELD_SCOPES = 4
Connect = Callable[[], duckdb.DuckDBPyConnection]


@contextmanager
def rows_of(store: Store, scope: Scope, relations: Iterable[str]) -> Iterator[tuple[Connect, Scope]]:
    """Gives connections in which the scope is laid out, and the relations hold the rows of its teams at least; and the
    scope that says how they are held.

    Each is a session of its own, for one thread at a time.
    """
    relations = [name for name in dict.fromkeys(relations) if name in store.meta.tables]
    if len(scope.teams) > FEW_TEAMS or not store.lasting or about_rows(store, scope.teams, relations) > MOST_ROWS:
        with store.connect() as con:
            yield lambda: _session(con, scope), scope
    else:
        held = _held(os.getpid(), store.folder, replace(scope, periods=(), by=None, whole=False))
        held.take(store, relations)
        scope = replace(scope, held=not scope.masked)
        with held.sessions(scope) as connect:
            yield connect, scope


def about_rows(store: Store, teams: Sequence[str], relations: Iterable[str]) -> float:
    """About how many rows the relations have of these teams."""
    return sum(store.meta.tables[name].rows for name in relations) * len(teams) / max(len(store.meta.teams), 1)


class _Held:
    """A database in memory with the rows of some teams, and nothing else of their store.

    One thread: what is left of a query over so few rows is its planning, which more threads only slow down.
    """

    def __init__(self, asked: Scope):
        self.asked, self.con = asked, duckdb.connect(config={"threads": 1})
        self.con.execute("SET TimeZone = 'UTC'")
        lay_out_teams(self.con, asked)
        self._there: set[str] = set()
        self._idle: dict[tuple[Scope, frozenset[str]], list[duckdb.DuckDBPyConnection]] = {}
        self._lock = threading.Lock()

    def take(self, store: Store, relations: Iterable[str]) -> None:
        """Read the relations that are not held yet; the files are sorted by team, so only a part of them is read.

        They are held as they are known at as_of; where the data go on after it, as they are in the files, since what is
        known of some relations is made of others.
        """
        teams = ", ".join("'" + team.replace("'", "''") + "'" for team in self.asked.teams)
        with self._lock:
            for name in relations:
                if name not in self._there:
                    path = str(store.folder / f"{name}.parquet").replace("'", "''")
                    rows = f"SELECT * FROM read_parquet('{path}') WHERE team IN ({teams})"
                    if self.asked.masked:
                        self.con.execute(f"CREATE TABLE {name} AS {rows}")
                    else:
                        known = rows_as_known(name, self.asked, f"({rows})")
                        self.con.execute(f'CREATE TABLE known_{name} AS SELECT *, {NO_GROUP} AS "group" FROM ({known})')
                    self._there.add(name)

    @contextmanager
    def sessions(self, scope: Scope) -> Iterator[Connect]:
        """Sessions with the scope laid out; afterwards they are kept for the next who asks for the same."""
        key, taken = (replace(scope, by=None), frozenset(self._there)), []  # what is there shapes what is laid out

        def connect() -> duckdb.DuckDBPyConnection:
            with self._lock:
                idle = self._idle.get(key)
                session = idle.pop() if idle else _session(self.con, scope)
                taken.append(session)
            return session

        yield connect
        with self._lock:
            self._idle.setdefault(key, []).extend(taken)
            while len(self._idle) > _HELD_SCOPES:
                for session in self._idle.pop(next(iter(self._idle))):
                    session.close()


@lru_cache(maxsize=_HELD_STORES)
def _held(process: int, folder: Path, asked: Scope) -> _Held:
    """One for each process (a database does not outlive a fork), generation, teams and as_of."""
    return _Held(asked)


def _session(con: duckdb.DuckDBPyConnection, scope: Scope) -> duckdb.DuckDBPyConnection:
    session = con.cursor()
    session.execute("SET TimeZone = 'UTC'")
    prepare(session, scope)
    return session
