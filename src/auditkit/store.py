"""The store: typed tables and facts as Parquet, and what is known about how they came to be.

One load writes one generation: a folder named by the hash of everything that went into it. ``current`` names the
generation in force and is replaced in one step, so that readers see the old store or the new one, whole. DuckDB reads
it; analysts get pandas frames.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.clocks.period import Period, span
from auditkit.config import nearest
from auditkit.errors import DataError, Problem, UsageError
from auditkit.notices import Notice
from auditkit.sayings import from_plain, to_plain
from auditkit.schema import TABLES
from auditkit.workspace import Workspace

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

THREADS = "AUDITKIT_THREADS"  # of DuckDB, where many processes work side by side; figures do not depend on it
FORMAT = 6
CONTACT_TABLES = ("tickets", "calls", "surveys")
META = "meta.json"
CURRENT = "current"
NOTICE_WORDS = ("place", "statement", "remedy")


@dataclass(frozen=True)
class TeamInfo:
    """A team: its zone, whether its business hours are known, its language, the span of its clock (UTC
    microseconds) and the reading of that clock at the store's as_of (seconds).
    """

    name: str
    zone: str
    has_hours: bool
    language: str | None
    first_us: int
    last_us: int
    open_at_as_of: float | None = None


@dataclass(frozen=True)
class TableInfo:
    """A stored table: its rows, the columns its sources provide, and per team its first and last local day."""

    rows: int
    present: frozenset[str]
    first_day: dict[str, date]
    last_day: dict[str, date]


@dataclass(frozen=True)
class SourceInfo:
    """One file that was read: rows in, kept, refused and folded, and the hash of its bytes."""

    name: str
    table: str
    sha256: str
    rows_in: int
    rows_kept: int
    rows_refused: int
    rows_folded: int
    encoding: str
    delimiter: str | None


@dataclass(frozen=True)
class Meta:
    """What is known about one generation of the store."""

    as_of: datetime
    newest: datetime
    teams: dict[str, TeamInfo]
    tables: dict[str, TableInfo]
    sources: list[SourceInfo]
    notices: tuple[Notice, ...] = field(default=())
    config_sha256: str = ""
    version: str = ""

    def coverage(self, team: str | None = None) -> Period | None:
        """The days from the first contact (of a team) to the last thing known of one, in which figures can exist.

        A customer since 2015 or an agent's first day do not stretch them, unless the data hold nothing else.
        """
        tables = [table for name, table in self.tables.items() if name in CONTACT_TABLES] or list(self.tables.values())
        first = [day for table in tables for name, day in table.first_day.items() if team in (None, name)]
        last = [day for table in tables for name, day in table.last_day.items() if team in (None, name)]
        return span(min(first), max(last) + timedelta(days=1)) if first else None

    def to_json(self) -> str:
        """The form it is stored in."""
        raw = asdict(self)
        for table in raw["tables"].values():
            table["present"] = sorted(table["present"])
        raw["notices"] = [
            asdict(one) | {name: to_plain(getattr(one, name)) for name in NOTICE_WORDS} for one in self.notices
        ]
        return json.dumps({"format": FORMAT} | raw, default=str, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Meta:
        """Read back what ``to_json`` wrote."""
        raw = json.loads(text)
        tables = {
            name: TableInfo(
                one["rows"],
                frozenset(one["present"]),
                {team: date.fromisoformat(day) for team, day in one["first_day"].items()},
                {team: date.fromisoformat(day) for team, day in one["last_day"].items()},
            )
            for name, one in raw["tables"].items()
        }
        return cls(
            as_of=datetime.fromisoformat(raw["as_of"]),
            newest=datetime.fromisoformat(raw["newest"]),
            teams={name: TeamInfo(**one) for name, one in raw["teams"].items()},
            tables=tables,
            sources=[SourceInfo(**one) for one in raw["sources"]],
            notices=tuple(_notice(one) for one in raw["notices"]),
            config_sha256=raw["config_sha256"],
            version=raw["version"],
        )


def _notice(raw: dict[str, Any]) -> Notice:
    words = {name: from_plain(raw[name]) for name in NOTICE_WORDS}
    return Notice(**raw | words | {"rows": tuple(raw["rows"])})


@dataclass(frozen=True)
class Store:
    """One generation, ready to be read."""

    workspace: Workspace
    generation: str
    meta: Meta

    @property
    def folder(self) -> Path:
        """Where the generation's Parquet files are."""
        return self.workspace.store / self.generation

    @property
    def lasting(self) -> bool:
        """Whether the files stay as they are for good, so that what was read of them may be kept."""
        return True

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection with one view per stored table; its session zone is UTC."""
        con = _database(os.getpid(), self.folder, tuple(self.meta.tables)).cursor()
        con.execute("SET TimeZone = 'UTC'")
        return con

    def frame(
        self, table: str, team: str | None = None, period: Period | None = None, columns: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The stored rows of a table as a pandas frame; instants are tz-aware UTC, durations are seconds.

        ``period`` keeps the rows whose own time (created, offered, answered ...) falls in it, in the team's zone; a
        table that has no time, or no team, is not narrowed by it. A change without a team concerns every team.
        """
        if table not in self.meta.tables:
            raise UsageError(Problem(f"table {table!r}", "is not in the store", "", nearest(table, self.meta.tables)))
        where, values = ["TRUE"], []
        if team is not None and "team" in TABLES[table].by_name:
            where.append("(team = ? OR team IS NULL)" if table == "changes" else "team = ?")
            values.append(team)
        if period is not None and TABLES[table].time is not None:
            condition, bounds = self._within(table, team, period)
            where.append(condition)
            values += bounds
        chosen = ", ".join(f'"{name}"' for name in columns) if columns else "*"
        with self.connect() as con:
            sql = f"SELECT {chosen} FROM {table} WHERE {' AND '.join(where)}"
            import pandas as pd
            import pyarrow as pa

            found = con.sql(sql, params=values).to_arrow_table()
            return found.to_pandas(types_mapper={pa.bool_(): pd.BooleanDtype()}.get)

    def _within(self, table: str, team: str | None, period: Period) -> tuple[str, list[Any]]:
        """Condition and values for the rows of a period: by the stored local day, else by the zone's midnights."""
        from auditkit.clocks.zones import midnight_us
        from auditkit.facts.facts import FACT_TYPES

        time = TABLES[table].time
        assert time is not None
        day = time.removesuffix("_at") + "_on"
        if day in FACT_TYPES.get(table, {}):
            return f"{day} >= ? AND {day} < ?", [period.start, period.end]
        zone = self.meta.teams[team].zone if team else self.workspace.config.audit.timezone
        bounds = [midnight_us(one, zone) for one in (period.start, period.end)]
        return f'epoch_us("{time}") >= ? AND epoch_us("{time}") < ?', bounds

    def find_teams(self, names: Iterable[str] = ()) -> list[str]:
        """The teams of these names, all of them when none is named; UsageError says which there are."""
        known = self.meta.teams
        unknown = [name for name in names if name not in known]
        if unknown:
            listed = ", ".join(sorted(known))
            problems = [
                Problem(
                    f"team {name!r}",
                    "does not exist",
                    "",
                    f"{nearest(name, known).split(' Known')[0]} Teams: {listed}.",
                )
                for name in unknown
            ]
            raise UsageError(*problems)
        return list(dict.fromkeys(names)) or sorted(known)

    def coverage(self, team: str | None = None) -> Period | None:
        """The days in which figures (of a team) can exist; see Meta.coverage."""
        return self.meta.coverage(team)


@lru_cache(maxsize=4)
def _database(process: int, folder: Path, tables: tuple[str, ...]) -> duckdb.DuckDBPyConnection:
    """One database for every connection to a generation, whose files never change: opened once, and what it has read
    of them is kept. No process uses one that was opened before it was forked.
    """
    import duckdb

    con = duckdb.connect(config={"threads": threads_allowed()} if os.environ.get(THREADS) else {})
    con.execute("SET parquet_metadata_cache = true")
    for table in tables:
        path = str(folder / f"{table}.parquet").replace("'", "''")
        con.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{path}')")
    return con


def threads_allowed() -> int:
    """How many threads an evaluation may use: as many as there are processors, where nothing is said of it."""
    return int(os.environ.get(THREADS) or os.cpu_count() or 1)


def open_store(workspace: Workspace) -> Store:
    """The generation in force; DataError when nothing has been loaded yet."""
    generation = current_generation(workspace)
    if generation is None:
        place = f"{workspace.root.name}/.auditkit"
        raise DataError(Problem(place, "holds no loaded data", "a store", "Run 'auditkit load' first."))
    text = (workspace.store / generation / META).read_text(encoding="utf-8")
    return Store(workspace, generation, Meta.from_json(text))


def current_generation(workspace: Workspace) -> str | None:
    """Name of the generation in force, or None."""
    try:
        name = (workspace.store / CURRENT).read_text(encoding="utf-8").strip()
        found = json.loads((workspace.store / name / META).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return name if found.get("format") == FORMAT else None


def put_in_force(workspace: Workspace, generation: str) -> None:
    """Make a finished generation the current one, in one step."""
    pointer = workspace.store / CURRENT
    fresh = pointer.with_suffix(".new")
    fresh.write_text(generation + "\n", encoding="utf-8")
    fresh.replace(pointer)


def instant(microseconds: int) -> datetime:
    """UTC microseconds as a datetime, exactly."""
    seconds, rest = divmod(microseconds, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


def microseconds_of(moment: datetime) -> int:
    """A tz-aware datetime as UTC microseconds, exactly."""
    delta: Any = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (delta.days * 86400 + delta.seconds) * 1_000_000 + delta.microseconds
