"""The three queries that type a file: parse every cell, set aside the refused, bring local times to UTC.

In go the raw text table and a reading for each column; out come the stage (parsed values, one flag for refused rows),
the refused cells as evidence, and the finished relation. They stand together because they share the names of the
stage's columns; what a value means is decided in the readings.
"""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa

from auditkit.labels import said_n
from auditkit.notices import Notice
from auditkit.schema import TABLES
from auditkit.sources import sql
from auditkit.sources.mapping import UPDATED_AT
from auditkit.sources.raw import RawFile
from auditkit.sources.readings import Reading, parsed, text
from auditkit.sources.wallclock import WallClock, wall_clock
from auditkit.translation import N_, Said

REFUSED_SCHEMA = pa.schema(
    [
        ("source", pa.string()),
        ("row", pa.int64()),
        ("column", pa.string()),
        ("value", pa.string()),
        ("reason", pa.string()),
    ]
)
IS_REFUSED = '"is refused"'


def stage(con: duckdb.DuckDBPyConnection, raw: str, readings: Sequence[Reading], table: str) -> None:
    """Parse every cell once into the temporary table ``table``; instants stay microseconds of the source's clock."""
    columns = [f"{one.stage} AS {text(one.column)}" for one in readings]
    columns += [f"{one.is_instant} AS {_flag(one)}" for one in readings if _is_mixed(one)]
    refused = " OR ".join(one.refusal for one in readings)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {table} AS
        SELECT source_row, {", ".join(columns)}, ({refused}) AS {IS_REFUSED} FROM ({parsed_rows(raw, readings)})
    """)


def refused_cells(
    con: duckdb.DuckDBPyConnection, raw: RawFile, raw_table: str, readings: Sequence[Reading], staged: str
) -> pa.Table:
    """Every cell that refuses its row, by row and in the order of the columns; what the reader refused comes first."""
    own = pa.table(
        {
            "source": [raw.name] * len(raw.refused),
            "row": [one.row for one in raw.refused],
            "column": [one.column for one in raw.refused],
            "value": [one.value for one in raw.refused],
            "reason": [one.reason for one in raw.refused],
        },
        schema=REFUSED_SCHEMA,
    )
    cells = [
        f"SELECT source_row, {position} AS position, {sql.literal(one.column.name)} AS name,"
        f" coalesce({text(one.column)}, '') AS cell, {one.words} AS words FROM refused WHERE {one.refusal}"
        for position, one in enumerate(readings)
        if one.has_text
    ]
    if not cells or not sql.rows(con, f"SELECT bool_or({IS_REFUSED}) FROM {staged}")[0][0]:
        return own
    among = f"(SELECT * FROM {raw_table} WHERE source_row IN (SELECT source_row FROM {staged} WHERE {IS_REFUSED}))"
    found = con.sql(f"""
        WITH refused AS MATERIALIZED ({parsed_rows(among, readings)})
        SELECT {sql.literal(raw.name)} AS source, source_row AS row, name AS "column", cell AS "value", words AS reason
        FROM ({" UNION ALL ".join(cells)}) ORDER BY source_row, position
    """).to_arrow_table()
    return pa.concat_tables([own, found.cast(REFUSED_SCHEMA)])


def finish(
    con: duckdb.DuckDBPyConnection,
    staged: str,
    readings: Sequence[Reading],
    table: str,
    file: str,
    zone: str,
    relation: str,
) -> list[Notice]:
    """Make ``relation`` of the rows that stand, and say which times the zone's clock skipped or showed twice."""
    by_name = {one.column.name: one for one in readings}
    columns, notices = [], []
    for column in (*TABLES[table].columns, *([UPDATED_AT] if UPDATED_AT.name in by_name else [])):
        one = by_name.get(column.name)
        value = text(column) if one else "NULL"
        if one and column.type == "day":
            value = f"make_timestamp({value})"
        elif one and column.type == "instant":
            clock = _clock(con, staged, one, zone)
            notices += _in_doubt(con, staged, one, clock, table, file, zone)
            value = f"make_timestamptz(CASE WHEN {_is_instant(one)} THEN {value} ELSE {clock.utc} END)"
        columns.append(f"CAST({value} AS {column.sql_type}) AS {text(column)}")
    columns.insert(len(TABLES[table].columns), f"{sql.literal(file)}::VARCHAR AS source, source_row")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {sql.name(relation)} AS
        SELECT {", ".join(columns)} FROM {staged} WHERE NOT {IS_REFUSED}
    """)
    return notices


def parsed_rows(raw: str, readings: Sequence[Reading]) -> str:
    """A query over the raw text with each reading's parsed value beside it."""
    return f"SELECT *, {', '.join(f'{one.parsed} AS {parsed(one.column)}' for one in readings)} FROM {raw}"


def _flag(reading: Reading) -> str:
    return sql.name(reading.column.name + " is instant")


def _is_mixed(reading: Reading) -> bool:
    return reading.is_instant not in ("TRUE", "FALSE")


def _is_instant(reading: Reading) -> str:
    return _flag(reading) if _is_mixed(reading) else reading.is_instant


def _clock(con: duckdb.DuckDBPyConnection, staged: str, reading: Reading, zone: str) -> WallClock:
    own = text(reading.column)
    ((first, last),) = sql.rows(con, f"SELECT min({own}), max({own}) FROM {staged} WHERE NOT {IS_REFUSED}")
    return wall_clock(own, zone, first, last) if first is not None else WallClock(own, "FALSE", "FALSE")


def _in_doubt(
    con: duckdb.DuckDBPyConnection, staged: str, reading: Reading, clock: WallClock, table: str, file: str, zone: str
) -> list[Notice]:
    notices = []
    for check, condition, words in (
        ("time_does_not_exist", clock.skipped, _skipped),
        ("time_exists_twice", clock.twice, _shown_twice),
    ):
        if condition == "FALSE":
            continue
        ((count, rows),) = sql.rows(
            con,
            f"""
            SELECT count(*), min(source_row, 5) FROM {staged}
            WHERE NOT {IS_REFUSED} AND NOT {_is_instant(reading)} AND ({condition})
        """,
        )
        if count:
            statement = words(count, file=file, column=reading.column.name, zone=zone)
            remedy = N_("Export the times in UTC or with their offset.")
            notices.append(Notice(check, "low", table, file, statement, count, tuple(rows), remedy))
    return notices


def _skipped(count: int, **values: str) -> Said:
    return said_n(
        "{file}: {count} time of {column} is one that the clock of {zone} was put forward over. Such times were moved "
        "forward by as much.",
        "{file}: {count} times of {column} are times that the clock of {zone} was put forward over. Such times were "
        "moved forward by as much.",
        count,
        **values,
    )


def _shown_twice(count: int, **values: str) -> Said:
    return said_n(
        "{file}: {count} time of {column} is one that the clock of {zone} was put back over. The first of the two was "
        "taken.",
        "{file}: {count} times of {column} are times that the clock of {zone} was put back over. The first of the two "
        "was taken.",
        count,
        **values,
    )
