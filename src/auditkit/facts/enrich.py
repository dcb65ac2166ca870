"""Applying the facts: from a finished table in DuckDB to its Parquet file with fact columns.

In comes a relation of a canonical table; it is sorted by team and time, read as NumPy columns, given to facts.py and
written. Which teams there are, in which zone and with which clock, comes in as well.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from auditkit.config import Config
from auditkit.facts.contacts import contact_gaps
from auditkit.facts.facts import ABSENT, FACT_TYPES, NO_DAY, TeamSpan, facts_of, gap_facts
from auditkit.facts.fold import quoted
from auditkit.facts.readings import team_clock
from auditkit.relations import POPULATION
from auditkit.schema import TABLES

TIMES = {
    "tickets": ("created_at", "first_response_at", "resolved_at", "closed_at"),
    "calls": ("offered_at",),
    "surveys": ("sent_at", "answered_at"),
    "mystery_tests": ("contacted_at",),
}
_ARROW_TYPES = {
    "DATE": pa.date32(),
    "TINYINT": pa.int8(),
    "TIMESTAMPTZ": pa.timestamp("us", "UTC"),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
}
ROW_GROUP = 122_880


@dataclass(frozen=True)
class TeamFrame:
    """What the facts of a team need: its zone and the span of instants its clock must cover."""

    team: str
    zone: str
    first_us: int
    last_us: int


def enrich(
    con: duckdb.DuckDBPyConnection, table: str, relation: str, target: Path, config: Config, teams: dict[str, TeamFrame]
) -> None:
    """Write ``relation`` to ``target`` as Parquet, sorted by team and time, with its facts."""
    lay_in_order(con, table, relation)
    facts = facts_table(con, table, config, teams) if table in TIMES else None
    write_ordered(con, facts, target)


def lay_in_order(con: duckdb.DuckDBPyConnection, table: str, relation: str) -> None:
    """Make ``sorted_rows``: the rows of the relation by team and time."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE sorted_rows AS"
        f" SELECT * EXCLUDE (file_no) FROM {relation} ORDER BY {quoted(_sort_columns(table))}"
    )


def facts_table(con: duckdb.DuckDBPyConnection, table: str, config: Config, teams: dict[str, TeamFrame]) -> pa.Table:
    """The facts of ``sorted_rows``, in their order; those that nothing tells are NULL."""
    spans = _spans(con, config, teams)
    columns = {name: _instants(con, name) for name in TIMES[table]}
    with ThreadPoolExecutor(1) as beside:  # the clocks are read while the contacts are put in order
        facts_made = beside.submit(facts_of, table, columns, spans)
        gaps = {}
        if table == "tickets" and _knows_customers(con):
            gaps = gap_facts(*_contact_gaps(con, columns["created_at"], spans))
        facts = facts_made.result() | gaps
    there = _columns(con, "sorted_rows")
    wanted = {name: kind for name, kind in FACT_TYPES[table].items() if name not in there}
    rows = len(columns[TIMES[table][0]])
    return pa.table({name: _arrow(facts.get(name), kind, rows) for name, kind in wanted.items()})


def write_ordered(con: duckdb.DuckDBPyConnection, facts: pa.Table | None, target: Path) -> None:
    """Write ``sorted_rows`` with their facts beside them, and let them go."""
    select = "SELECT * FROM sorted_rows"
    if facts is not None:
        con.register("fact_columns", facts)
        select = "SELECT r.*, f.* FROM sorted_rows r POSITIONAL JOIN fact_columns f"
    path = str(target).replace("'", "''")
    con.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})")
    con.execute("DROP TABLE sorted_rows")
    if facts is not None:
        con.unregister("fact_columns")


def _sort_columns(table: str) -> tuple[str, ...]:
    declared = TABLES[table]
    first = ("team",) if "team" in declared.by_name else ()
    return tuple(
        dict.fromkeys((*first, *((declared.time,) if declared.time else ()), *declared.key, "source", "source_row"))
    )


def _columns(con: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [name for name, *_ in con.execute(f"DESCRIBE {relation}").fetchall()]


def _instants(con: duckdb.DuckDBPyConnection, column: str) -> np.ndarray:
    sql = f"SELECT coalesce(epoch_us({column}), {ABSENT}) AS t FROM sorted_rows"
    return con.sql(sql).fetchnumpy()["t"].astype(np.int64, copy=False)


def _spans(con: duckdb.DuckDBPyConnection, config: Config, teams: dict[str, TeamFrame]) -> list[TeamSpan]:
    """The teams in the order of the sorted rows, each with its slice."""
    spans, start = [], 0
    for team, rows in con.execute("SELECT team, count(*) FROM sorted_rows GROUP BY team ORDER BY team").fetchall():
        frame = teams[team]
        clock = team_clock(config, team, frame.first_us, frame.last_us)
        spans.append(TeamSpan(team, frame.zone, clock, start, start + rows))
        start += rows
    return spans


def _knows_customers(con: duckdb.DuckDBPyConnection) -> bool:
    return bool(con.execute("SELECT count(customer_id) FROM sorted_rows").fetchall()[0][0])


def _contact_gaps(
    con: duckdb.DuckDBPyConnection, created_us: np.ndarray, spans: list[TeamSpan]
) -> tuple[np.ndarray, np.ndarray]:
    """Microseconds since and until the same customer's other contacts with the team, for each ticket in order.

    Rows that no measure counts (spam, outbound ...) are not contacts; nor is a call that opened the ticket it is
    linked to. A team at a time: its customers fit in the processor's cache.
    """
    tickets = con.sql(f"""
        SELECT CASE WHEN {POPULATION["tickets"]} THEN customer_id END AS customer, reason FROM sorted_rows
    """).to_arrow_table()
    reasons, calls = _codes(tickets["reason"]), _calls_by_team(con)
    since, until = np.empty((2, len(created_us)), dtype=np.int64)
    for span in spans:
        own = slice(span.start, span.stop)
        rows, times = span.stop - span.start, calls.get(span.team, _NO_CALLS)["t"].to_numpy()
        callers = calls.get(span.team, _NO_CALLS)["customer"]
        customer = _codes(pa.chunked_array([*tickets["customer"][own].chunks, *callers.chunks], pa.string()))
        time = np.concatenate([created_us[own], times])
        reason = np.concatenate([reasons[own], np.full(len(times), -1, dtype=np.int64)])
        order = np.argsort(time, kind="stable")
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.arange(len(order))
        gaps = contact_gaps(time[order], customer[order], reason[order])
        since[own], until[own] = (gap[place[:rows]] for gap in gaps)
    return since, until


_NO_CALLS = pa.table({"t": pa.array([], pa.int64()), "customer": pa.array([], pa.string())})
_CALLS_SQL = f"""
    SELECT c.team, epoch_us(c.offered_at) AS t, c.customer_id AS customer
    FROM calls_ready c LEFT JOIN (
        SELECT team, ticket_id, created_at FROM sorted_rows
        WHERE ticket_id IN (SELECT ticket_id FROM calls_ready WHERE ticket_id IS NOT NULL)
    ) k ON c.ticket_id = k.ticket_id AND k.team = c.team
    WHERE c.customer_id IS NOT NULL AND {POPULATION["calls"].replace("direction", "c.direction")}
        AND (k.ticket_id IS NULL OR c.offered_at > k.created_at)
    ORDER BY c.team, t
"""


def _calls_by_team(con: duckdb.DuckDBPyConnection) -> dict[str, pa.Table]:
    """The times (``t``) and customers of the calls that are contacts of their own, in order of time, by team."""
    if "calls_ready" not in _relations(con):
        return {}
    calls = con.sql(_CALLS_SQL).to_arrow_table()
    names, team = _coded(calls["team"])
    bounds = np.searchsorted(team, np.arange(len(names) + 1)).tolist()
    return {
        name: calls.slice(start, stop - start)
        for name, (start, stop) in zip(names.to_pylist(), pairwise(bounds), strict=True)
    }


def _relations(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        name
        for (name,) in con.execute(
            "SELECT view_name FROM duckdb_views() UNION SELECT table_name FROM duckdb_tables()"
        ).fetchall()
    }


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """Whole numbers for the values of a text column, -1 for null."""
    return _coded(column)[1]


def _coded(column: pa.ChunkedArray) -> tuple[pa.Array, np.ndarray]:
    """The different values of a text column, and the number of each row's among them, -1 for null."""
    coded = column.combine_chunks().cast(pa.string()).dictionary_encode()
    coded = coded if isinstance(coded, pa.DictionaryArray) else coded.combine_chunks()
    return coded.dictionary, coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _arrow(values: np.ndarray | None, sql_type: str, rows: int) -> pa.Array:
    """A fact column as Arrow; what is missing becomes null (facts_of says how it is marked)."""
    kind = _ARROW_TYPES[sql_type]
    if values is None:
        return pa.nulls(rows, kind)
    missing = np.isnan(values) if values.dtype.kind == "f" else values == _MARKS[values.itemsize]
    if sql_type == "BOOLEAN":
        values = values == 1
    return pa.array(values, mask=missing if missing.any() else None).cast(kind)


_MARKS = {1: -1, 4: NO_DAY, 8: ABSENT}
