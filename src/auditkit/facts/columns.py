"""Columns between DuckDB and NumPy: instants and codes out, new columns back in beside the rows they were made from.

Derived relations are made in three steps: SQL lays out their rows, sorted by team; arrays computed over those rows
(local days, chains of contacts) are laid beside them by position; the result is one table. The steps are the same for
all of them, so they stand here. Local days come from ``zones`` (zoneinfo), never from the database's own time zones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb
import numpy as np
import pyarrow as pa

from auditkit.clocks.zones import local_day
from auditkit.facts.facts import ABSENT

ZoneOf = Callable[[str], str]


def make_sorted(con: duckdb.DuckDBPyConnection, rows: str, order: str, target: str) -> None:
    """Make the temporary table ``target`` of the query ``rows``, sorted by team and then ``order`` (SQL)."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT * FROM ({rows}) ORDER BY team, {order}")


def instants(con: duckdb.DuckDBPyConnection, relation: str, column: str) -> np.ndarray:
    """A TIMESTAMPTZ column as int64 UTC microseconds, ABSENT where missing, in the order of the table's rows."""
    found = con.sql(f'SELECT coalesce(epoch_us("{column}"), {ABSENT}) AS t FROM {relation}').fetchnumpy()["t"]
    return np.asarray(found).astype(np.int64, copy=False)


def coded(column: pa.ChunkedArray) -> np.ndarray:
    """The values of a text column as whole numbers, equal where the texts are equal, -1 where missing."""
    made = column.combine_chunks().cast(pa.string()).dictionary_encode()
    made = made if isinstance(made, pa.DictionaryArray) else made.combine_chunks()
    return made.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)


def local_days(
    con: duckdb.DuckDBPyConnection, relation: str, columns: Sequence[str], zone_of: ZoneOf
) -> dict[str, pa.Array]:
    """The team's local day of each instant, as DATE columns named like it (``at`` gives ``at_on``, ``x_at`` ``x_on``).

    ``relation`` must be sorted by team, every row with a team.
    """
    spans, start = [], 0
    for team, rows in con.execute(f"SELECT team, count(*) FROM {relation} GROUP BY team ORDER BY team").fetchall():
        spans.append((zone_of(team), slice(start, start + rows)))
        start += rows
    made = {}
    for column in columns:
        times = instants(con, relation, column)
        known, days = times != ABSENT, np.zeros(len(times), dtype=np.int32)
        for zone, rows in spans:
            days[rows][known[rows]] = local_day(times[rows][known[rows]], zone)
        made[column.removesuffix("_at") + "_on"] = pa.array(days, mask=~known).cast(pa.date32())
    return made


def lay_beside(con: duckdb.DuckDBPyConnection, relation: str, made: Mapping[str, pa.Array], target: str) -> None:
    """Make ``target`` of the rows of the table ``relation`` with new columns in the same order; ``relation`` goes."""
    con.register("made_columns", pa.table(dict(made)))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT * FROM {relation} POSITIONAL JOIN made_columns")
    con.unregister("made_columns")
    con.execute(f"DROP TABLE {relation}")


def with_local_days(
    con: duckdb.DuckDBPyConnection, rows: str, order: str, columns: Sequence[str], zone_of: ZoneOf, target: str
) -> None:
    """Make ``target`` of the query ``rows``, sorted by team and ``order``, with the local days of its instants."""
    staged = f"{target}_sorted"
    make_sorted(con, rows, order, staged)
    lay_beside(con, staged, local_days(con, staged, columns, zone_of), target)
