"""Applying the facts: from a finished table in DuckDB to its Parquet file with fact columns.

In comes a relation of a canonical table; it is sorted by team and time, read as NumPy columns, given to facts.py and
written. Which teams there are, in which zone and with which clock, comes in as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from auditkit.clocks import team_clock
from auditkit.config import Config
from auditkit.facts import ABSENT, FACT_TYPES, TeamSpan, facts_of
from auditkit.fold import quoted
from auditkit.relations import POPULATION
from auditkit.schema import TABLES

TIMES = {
    "tickets": ("created_at", "first_response_at", "resolved_at", "closed_at"),
    "calls": ("offered_at",),
    "surveys": ("sent_at", "answered_at"),
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
    sort = _sort_columns(table)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE sorted_rows AS"
        f" SELECT * EXCLUDE (file_no) FROM {relation} ORDER BY {quoted(sort)}"
    )
    if table in TIMES:
        spans = _spans(con, config, teams)
        columns = {name: _instants(con, name) for name in TIMES[table]}
        contacts = _contact_reader(con) if table == "tickets" and _knows_customers(con) else None
        facts = facts_of(table, columns, spans, contacts)
        con.register("fact_columns", _arrow(table, facts, len(columns[TIMES[table][0]])))
        extra = [name for name in FACT_TYPES[table] if name not in _columns(con, "sorted_rows")]
        select = f"SELECT r.*, {quoted(tuple(extra))} FROM sorted_rows r POSITIONAL JOIN fact_columns f"
    else:
        select = "SELECT * FROM sorted_rows"
    path = str(target).replace("'", "''")
    con.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})")
    con.execute("DROP TABLE sorted_rows")
    if table in TIMES:
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


def _contact_reader(con: duckdb.DuckDBPyConnection):
    """Reads one team's contacts: its tickets in the order of the sorted rows, then its calls.

    Rows that no measure counts (spam, outbound ...) are not contacts; nor is a call that opened the ticket it is
    linked to.
    """
    calls = "calls_ready" in _relations(con)
    other = f"""
        UNION ALL BY NAME SELECT epoch_us(c.offered_at) AS t, c.customer_id AS customer, NULL AS reason, FALSE AS own
        FROM calls_ready c LEFT JOIN sorted_rows k ON c.ticket_id = k.ticket_id AND k.team = c.team
        WHERE c.team = $team AND c.customer_id IS NOT NULL AND {_prefixed(POPULATION["calls"], "c", ("direction",))}
            AND (k.ticket_id IS NULL OR c.offered_at > k.created_at)
    """
    sql = f"""
        SELECT epoch_us(created_at) AS t, CASE WHEN {POPULATION["tickets"]} THEN customer_id END AS customer,
            reason, TRUE AS own
        FROM sorted_rows WHERE team = $team {other if calls else ""}
    """

    def read(span: TeamSpan) -> tuple:
        table = con.sql(sql, params={"team": span.team}).to_arrow_table()
        own = np.flatnonzero(table["own"].to_numpy())
        times = table["t"].to_numpy()
        return times, _codes(table["customer"]), _codes(table["reason"]), own

    return read


def _prefixed(condition: str, alias: str, columns: tuple[str, ...]) -> str:
    for column in columns:
        condition = condition.replace(column, f"{alias}.{column}")
    return condition


def _relations(con: duckdb.DuckDBPyConnection) -> set[str]:
    return {
        name
        for (name,) in con.execute(
            "SELECT view_name FROM duckdb_views() UNION SELECT table_name FROM duckdb_tables()"
        ).fetchall()
    }


def _codes(column: pa.ChunkedArray) -> np.ndarray:
    """Whole numbers for the values of a text column, -1 for null."""
    if pa.types.is_null(column.type):
        return np.full(len(column), -1, dtype=np.int64)
    coded = column.combine_chunks().dictionary_encode()
    coded = coded if isinstance(coded, pa.DictionaryArray) else coded.combine_chunks()
    return coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def _arrow(table: str, facts: dict[str, np.ndarray], rows: int) -> pa.Table:
    """The fact columns as Arrow, absent ones as nulls; masked entries become nulls."""
    arrays = {}
    for name, sql_type in FACT_TYPES[table].items():
        kind = _ARROW_TYPES[sql_type]
        values = facts.get(name)
        if values is None:
            arrays[name] = pa.nulls(rows, kind)
        else:
            arrays[name] = pa.array(values.data, mask=np.ma.getmaskarray(values)).cast(kind)
    return pa.table(arrays)
