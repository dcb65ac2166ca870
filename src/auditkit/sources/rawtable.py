"""Streams one file's text into a temporary table of DuckDB, one cleaned text column for each canonical column it feeds.

Cells are trimmed, what the source calls missing becomes NULL, and headers that belong together are joined by a blank.
It stands alone because it is the only step that touches headers, which come from strangers' files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import duckdb
import pyarrow as pa

from auditkit.schema import Column
from auditkit.sources import sql
from auditkit.sources.mapping import Feed
from auditkit.sources.raw import SOURCE_ROW, RawFile

READER = "auditkit raw reader"
# A spreadsheet writes a date cell with midnight, and a time cell with its day zero.
MIDNIGHT = "[ T]+0?0:00(:00([.,]0+)?)?$"
DAY_ZERO = "^(1899-12-3[01]|1900-01-0[01])[ T]+"


def load_raw(
    con: duckdb.DuckDBPyConnection, raw: RawFile, feeds: Iterable[Feed], missing: Iterable[str], table: str
) -> int:
    """Fill the temporary table ``table`` (quoted) and return the number of data rows, those refused in reading
    included.

    Columns: each fed canonical column as text, and ``source_row``. Rows that the reader refused are left out.
    """
    feeds = [feed for feed in feeds if feed.headers]
    used = sorted({header for feed in feeds for header in feed.headers})
    cells = {header: sql.name(f"cell {position}") for position, header in enumerate(used)}
    trimmed = "".join(f", {sql.trimmed(sql.name(header))} AS {cell}" for header, cell in cells.items())
    absent = {"", *(one.strip(sql.BLANKS) for one in missing)}
    present = {
        header: f"CASE WHEN {sql.is_one_of(cell, sorted(absent))} THEN NULL ELSE {cell} END"
        for header, cell in cells.items()
    }
    joined = {feed.column: _joined([present[header] for header in feed.headers], feed.column) for feed in feeds}
    columns = "".join(f", {value} AS {sql.name(column.name)}" for column, value in joined.items())
    con.register(READER, raw.reader)
    try:
        with raw.own_words():
            con.execute(f"""
                CREATE OR REPLACE TEMP TABLE {table} AS SELECT source_row{columns}
                FROM (SELECT {SOURCE_ROW} AS source_row{trimmed} FROM {sql.name(READER)})
            """)
    finally:
        con.unregister(READER)
    return _without_refused(con, raw, table)


def _joined(parts: Sequence[str], column: Column) -> str:
    """SQL of the parts joined by a blank, absent ones skipped; a date cell loses its midnight, a time cell its day."""
    if len(parts) == 1:
        return parts[0]
    if column.type == "instant":
        first, *later = parts
        later = [f"regexp_replace({part}, '{DAY_ZERO}', '')" for part in later]
        bare = f"regexp_replace({first}, '{MIDNIGHT}', '')"
        parts = [f"CASE WHEN {later[0]} IS NULL THEN {first} ELSE {bare} END", *later]
    return f"nullif(concat_ws(' ', {', '.join(parts)}), '')"


def _without_refused(con: duckdb.DuckDBPyConnection, raw: RawFile, table: str) -> int:
    refused = sorted({one.row for one in raw.refused})
    if refused:
        con.register(READER, pa.table({"row": pa.array(refused, pa.int64())}))
        con.execute(f"DELETE FROM {table} WHERE source_row IN (SELECT row FROM {sql.name(READER)})")
        con.unregister(READER)
    ((left,),) = sql.rows(con, f"SELECT count(*) FROM {table}")
    return left + len(refused)
