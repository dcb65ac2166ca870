"""From staged files to finished tables: folded, merged with their events, completed, without facts yet.

In come typed files as Parquet, out go one DuckDB relation per table, what was folded and refused for contradicting
itself, the notices found on the way, and the teams with the spans that their clocks must cover.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import duckdb

from auditkit.config import Config, nearest
from auditkit.errors import DataError, Problem
from auditkit.facts.derive import (
    derive_calls,
    derive_tests,
    filled_in_calls,
    mark_filled_ratings,
    say_of_tickets,
    settle_replies,
    settle_scales,
)
from auditkit.facts.enrich import TIMES, TeamFrame
from auditkit.facts.fold import empty_relation, fold_copies, fold_events, fold_updates, is_log
from auditkit.facts.pending import with_pauses
from auditkit.facts.readings import reading_at
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.relations import RELATIONS
from auditkit.schema import TABLES
from auditkit.store import TableInfo, TeamInfo, instant, microseconds_of
from auditkit.translation import N_

if TYPE_CHECKING:
    from auditkit.load import Staged

# Tables whose instants say how far the data reach; shifts and changes may lie ahead.
OBSERVED = {
    "tickets": ("created_at", "first_response_at", "first_resolved_at", "resolved_at", "closed_at"),
    "ticket_events": ("at",),
    "calls": ("offered_at", "answered_at", "ended_at"),
    "surveys": ("sent_at", "answered_at"),
    "reviews": ("reviewed_at",),
    "mystery_tests": ("contacted_at", "answered_at"),
    "training": ("taken_at",),
    "offers": ("offered_at",),
    "orders": ("ordered_at",),
}
DAY_US = 86_400_000_000
# A mistyped year must not move the audit: days far beyond the one before them, with few rows, do not say "now".
FAR_DAYS = 60
FEW_ROWS, FEW_SHARE = 5, 0.001
BULK_TIMES = 10  # in a handful of rows nothing is the bulk that the newest could be far from


@dataclass
class Built:
    """The finished relations by table, and what was counted and noticed while they were made."""

    relations: dict[str, str] = field(default_factory=dict)
    present: dict[str, set[str]] = field(default_factory=dict)
    folded: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    notices: list[Notice] = field(default_factory=list)
    teams: dict[str, TeamFrame] = field(default_factory=dict)
    newest_us: int = 0
    reached_us: int = 0
    as_of_us: int = 0

    def team_infos(self, config: Config) -> dict[str, TeamInfo]:
        """The teams as the store keeps them."""
        return {
            name: TeamInfo(
                name,
                frame.zone,
                bool(config.hours_of(name)),
                config.teams[name].language if name in config.teams else None,
                frame.first_us,
                frame.last_us,
                reading_at(config, name, frame.first_us, frame.last_us, self.as_of_us),
            )
            for name, frame in sorted(self.teams.items())
        }

    def table_infos(self, con: duckdb.DuckDBPyConnection, folder: Path) -> dict[str, TableInfo]:
        """Rows, columns and coverage of each table as it was written."""
        infos = {}
        for table in self.present:
            path = str(folder / f"{table}.parquet").replace("'", "''")
            rows = con.execute(f"SELECT count(*) FROM read_parquet('{path}')").fetchall()[0][0]
            first, last = {}, {}
            if table in RELATIONS:
                (begin, end), lasting = RELATIONS[table].first_and_last_day, RELATIONS[table].lasting
                sql = f"SELECT team, min({begin}), max({end}) FROM read_parquet('{path}') GROUP BY team ORDER BY team"
                for team, start, end in con.execute(sql).fetchall():
                    if start is not None:
                        first[team], last[team] = start, max(end, self._reached(team)) if lasting else end
            infos[table] = TableInfo(rows, frozenset(self.present[table]), first, last)
        return infos

    def _reached(self, team: str) -> date:
        """The team's local day up to which the data reach."""
        return instant(self.reached_us).astimezone(ZoneInfo(self.teams[team].zone)).date()


def build_tables(con: duckdb.DuckDBPyConnection, staged: list[Staged], config: Config) -> Built:
    """Fold, merge and complete every table that has a source."""
    built = Built()
    for table in TABLES:
        files = [one for one in staged if one.table == table]
        if files:
            _fold_table(con, table, files, built)
            built.present[table] = set().union(*(one.present for one in files))
    finish(con, built, config)
    return built


def finish(con: duckdb.DuckDBPyConnection, built: Built, config: Config) -> None:
    """Merge events, complete calls and surveys, and find the teams: what follows once the rows themselves are
    settled.
    """
    if "ticket_events" in built.relations:
        _merge_events(con, built)
    if "calls" in built.relations:
        built.present["calls"] |= derive_calls(con, built.relations["calls"], "calls_ready", built.present["calls"])
        built.relations["calls"] = "calls_ready"
        built.notices += filled_in_calls(con, "calls_ready")
    if "surveys" in built.relations:
        calls = built.relations.get("calls")
        built.notices += mark_filled_ratings(con, built.relations["surveys"], calls, "surveys_marked")
        built.notices += settle_scales(con, "surveys_marked", "surveys_scaled")
        settle_replies(con, "surveys_scaled", "surveys_ready")
        built.relations["surveys"] = "surveys_ready"
        built.present["surveys"] |= {"replied"} if "replied_at" in built.present["surveys"] else set()
    if "mystery_tests" in built.relations:
        source = built.relations["mystery_tests"]
        built.present["mystery_tests"] |= derive_tests(
            con, source, "mystery_tests_ready", built.present["mystery_tests"]
        )
        built.relations["mystery_tests"] = "mystery_tests_ready"
    if "tickets" in built.relations:
        say_of_tickets(con, built.relations, "tickets_said")
        built.relations["tickets"] = "tickets_said"
    _find_teams(con, built, config)
    if "tickets" in built.relations:
        tickets, events = built.relations["tickets"], built.relations.get("ticket_events")
        if with_pauses(con, events, tickets, "tickets_paused", config, built.teams):
            built.present["tickets"].add("pending_seconds")
        built.relations["tickets"] = "tickets_paused"


def _fold_table(con: duckdb.DuckDBPyConnection, table: str, files: list[Staged], built: Built) -> None:
    parts = []
    for number in sorted({one.source_no for one in files}):
        own = [one for one in files if one.source_no == number]
        part = f"{table}_part_{number}"
        paths = ", ".join("'" + str(one.path).replace("'", "''") + "'" for one in own)
        con.execute(f"CREATE TEMP VIEW {part} AS SELECT * FROM read_parquet([{paths}])")
        parts.append(_without_updates(con, table, own, part, built))
    union = " UNION ALL BY NAME ".join(f"SELECT * EXCLUDE (updated_at) FROM {part}" for part in parts)
    con.execute(f"CREATE OR REPLACE TEMP VIEW {table}_all AS {union}")
    target = f"{table}_folded"
    fold_copies(con, f"{table}_all", target, TABLES[table])
    con.execute(f"INSERT INTO refused_rows SELECT * FROM {target}_conflicts")
    for source, copies, refused in con.execute(f"""
        SELECT source, count(*) FILTER (NOT conflict AND copy > 1), count(*) FILTER (conflict)
        FROM {target}_repeated GROUP BY source
    """).fetchall():
        built.folded[source] += copies
        built.refused[source] += refused
        if copies:
            words = said_n(
                "{count} row is an identical copy of another; it is counted once.",
                "{count} rows are identical copies of others; each is counted once.",
                copies,
            )
            built.notices.append(Notice("duplicate_rows", "low", table, source, words, copies))
        if refused:
            words = said_n(
                "{count} row shares an id with another row and contradicts it; it is not counted.",
                "{count} rows share an id with another row and contradict it; none of them is counted.",
                refused,
            )
            remedy = N_("See .auditkit/refused.csv for both row numbers; mend the export.")
            if table == "tickets":
                remedy = N_(
                    "See .auditkit/refused.csv for both row numbers; mend the export. If the rows are updates of a "
                    'ticket, write fold = "last" in its [[source]].'
                )
            built.notices.append(Notice("conflicting_ids", "high", table, source, words, refused, (), remedy))
    built.relations[table] = target


def _without_updates(con: duckdb.DuckDBPyConnection, table: str, files: list[Staged], part: str, built: Built) -> str:
    """Fold a log of updates to the last row of each ticket, where it is declared or plain to see."""
    source = files[0].source
    if table != "tickets" or source.fold == "none":
        return part
    declared = source.fold == "last" or source.updated_at is not None
    if not declared and not is_log(con, part, ("ticket_id",)):
        return part
    rows = dict(con.execute(f"SELECT source, count(*) FROM {part} GROUP BY source").fetchall())
    folded = fold_updates(con, part, f"{part}_last")
    after = dict(con.execute(f"SELECT source, count(*) FROM {part}_last GROUP BY source").fetchall())
    for name in rows:
        built.folded[name] += rows[name] - after.get(name, 0)
    kept = sum(after.values())
    words = said_n(
        "{count} row is an update of {tickets}; the last row of each is kept.",
        "{count} rows are updates of {tickets}; the last row of each is kept.",
        sum(rows.values()),
        tickets=said_n("{count} ticket", "{count} tickets", kept),
    )
    remedy = "" if declared else N_('Write fold = "last" (and updated_at) to say so, or fold = "none".')
    built.notices.append(Notice("folded_updates", "low", table, files[0].info.name, words, folded, (), remedy))
    return f"{part}_last"


def _merge_events(con: duckdb.DuckDBPyConnection, built: Built) -> None:
    if "tickets" not in built.relations:
        empty_relation(con, "tickets", "tickets_none")
        built.relations["tickets"] = "tickets_none"
        built.present["tickets"] = {"ticket_id", "team", "created_at"}
    settled, notices = fold_events(con, built.relations["ticket_events"], built.relations["tickets"], "tickets_merged")
    built.relations["tickets"] = "tickets_merged"
    built.present["tickets"] |= settled
    built.notices += notices


def _find_teams(con: duckdb.DuckDBPyConnection, built: Built, config: Config) -> None:
    """Every team, with the first and last instant of its rows; and how far the data reach."""
    low: dict[str, int] = {}
    high: dict[str, int] = {}
    for table in built.relations:
        names = list(TIMES.get(table, OBSERVED.get(table, ())))
        if not names or "team" not in TABLES[table].by_name:
            continue
        columns = ", ".join(f'min(epoch_us("{name}")), max(epoch_us("{name}"))' for name in names)
        for team, *bounds in con.execute(
            f"SELECT team, {columns} FROM {built.relations[table]} WHERE team IS NOT NULL GROUP BY team"
        ).fetchall():
            known = [bound for bound in bounds if bound is not None]
            if known:
                low[team] = min([*known, low.get(team, known[0])])
                high[team] = max([*known, high.get(team, known[0])])
    if not low:
        raise DataError(
            Problem(
                "the sources",
                "hold no row that can be used",
                "at least one",
                "See .auditkit/refused.csv and 'auditkit check'.",
            )
        )
    built.newest_us = built.reached_us = _newest(con, built)
    if config.as_of is None:
        _leave_out_far_ahead(con, built)
    built.as_of_us = microseconds_of(config.as_of) if config.as_of else built.reached_us
    built.teams = {
        team: TeamFrame(team, config.zone_of(team), low[team], max(high[team], built.as_of_us)) for team in sorted(low)
    }
    built.notices += _unknown_teams(config, built.teams)


def _unknown_teams(config: Config, teams: Collection[str]) -> Iterator[Notice]:
    """Teams that audit.toml configures and no row has: what is said of them has no effect."""
    for table, entries in (("hours", config.hours), ("teams", config.teams)):
        for team in entries:
            if team not in teams and (table, team) != ("hours", "default"):
                key = f'[{table}."{team}"]'
                words = said("{key} in audit.toml names a team that no row has; it has no effect.", key=key)
                place = said("audit.toml, key '{key}'", key=f"{table}.{team}")
                remedy = nearest(team, teams)
                yield Notice("unknown_team_in_configuration", "medium", table, place, words, 1, (), remedy)


def _newest(con: duckdb.DuckDBPyConnection, built: Built) -> int:
    newest = [
        con.execute(f'SELECT max(epoch_us("{name}")) FROM {built.relations[table]}').fetchall()[0][0]
        for table, names in OBSERVED.items()
        if table in built.relations
        for name in names
    ]
    return max((one for one in newest if one is not None), default=0)


def _leave_out_far_ahead(con: duckdb.DuckDBPyConnection, built: Built) -> None:
    """Set how far the data reach without isolated newest instants, and say which rows hold them.

    Rule: a day more than 60 days after the previous day with data is isolated, with all after it, while fewer rows
    than 5 or one in a thousand, whichever is more, lie there, and ten times as many before. A row with several
    instants on one day counts once.
    """
    days: Counter[int] = Counter()
    newest: dict[int, int] = {}
    for table, names in OBSERVED.items():
        if table in built.relations:
            own: dict[int, int] = {}
            for name in names:
                for day, rows, last in con.execute(f"""
                    SELECT epoch_us("{name}") // {DAY_US} AS day, count(*), max(epoch_us("{name}"))
                    FROM {built.relations[table]} WHERE "{name}" IS NOT NULL GROUP BY ALL
                """).fetchall():
                    own[day], newest[day] = max(rows, own.get(day, 0)), max(last, newest.get(day, last))
            days.update(own)
    last = _last_day(days)
    if last is not None and newest[last] < built.newest_us:
        built.reached_us = newest[last]
        built.notices += _far_ahead(con, built)


def _last_day(rows: Mapping[int, int]) -> int | None:
    """The newest day that is not isolated, of days (numbers) with their rows.

    >>> _last_day({1: 20, 2: 30, 63: 4}), _last_day({1: 20, 2: 30, 62: 4}), _last_day({1: 20, 2: 30, 63: 5})
    (2, 62, 63)
    """
    days, everything, beyond = sorted(rows, reverse=True), sum(rows.values()), 0
    last = days[0] if days else None
    for later, earlier in pairwise(days):
        beyond += rows[later]
        if beyond >= max(FEW_ROWS, FEW_SHARE * everything) or everything - beyond < BULK_TIMES * beyond:
            break
        if later - earlier > FAR_DAYS:
            last = earlier
    return last


def _far_ahead(con: duckdb.DuckDBPyConnection, built: Built) -> Iterator[Notice]:
    """One notice for each file with instants beyond how far the data reach."""
    reached = instant(built.reached_us).date()
    for table, names in OBSERVED.items():
        if table not in built.relations:
            continue
        instants = ", ".join(f'epoch_us("{name}")' for name in names)
        newest = f"greatest({instants}, {built.reached_us})"
        for source, count, rows, last in con.execute(f"""
            SELECT source, count(*), min(source_row, 5), max(newest)
            FROM (SELECT source, source_row, {newest} AS newest FROM {built.relations[table]})
            WHERE newest > {built.reached_us} GROUP BY source ORDER BY source
        """).fetchall():
            words = said_n(
                "{count} row lies far ahead of all others, up to {last}: the data reach to {reached}, and no figure "
                "knows what is dated later.",
                "{count} rows lie far ahead of all others, up to {last}: the data reach to {reached}, and no figure "
                "knows what is dated later.",
                count,
                last=instant(last).date(),
                reached=reached,
            )
            remedy = N_("Mend the dates; or, if they are right, write as_of in [audit].")
            yield Notice("instant_far_ahead", "high", table, source, words, count, tuple(sorted(rows)), remedy)
