"""What the checks share: the shape of a check, its words for figures, and the notice about rows of one file.

A check is a function of a connection, the configuration and the as-of instant (UTC microseconds) that yields notices.
It reads views named ``checked_<table>``, whose rows have the stored columns, facts included. What it says is a
sentence with its figures (:func:`auditkit.labels.said`), so that a report tells it in its own language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb

from auditkit.config import Config
from auditkit.labels import HOUR, shown
from auditkit.notices import Notice
from auditkit.translation import Said, Shown

Check = Callable[[duckdb.DuckDBPyConnection, Config, int], Iterator[Notice]]
ROWS_TOLD = 5


def share(hits: int, tries: int) -> Shown:
    """A share as a percentage, with the digits that its Wilson interval justifies."""
    from auditkit.stats import wilson

    if not tries or hits in (0, tries):
        return shown("percent", hits / tries if tries else None)
    low, high = wilson(hits, tries)
    return shown("share", float(hits / tries), float(low), float(high))


def duration(seconds: float) -> Shown:
    """A duration as short as it can be said: "12 min", "4 h"."""
    return shown("duration_short", float(seconds))


def hours(seconds: float) -> Shown:
    """Seconds as whole hours, for times that people count in hours."""
    return shown("duration", float(seconds), 2.0 * HOUR, True)


def whole(number: float) -> int:
    """A figure that is told as a count, to the nearest whole one."""
    return int(float(number) + 0.5)


def first_rows(rows: list[int] | None) -> tuple[int, ...]:
    """The first few rows as evidence."""
    return tuple(sorted(rows or ())[:ROWS_TOLD])


def fact(
    con, table: str, condition: str, check: str, severity: str, words: Callable[[int], Said], remedy: str = ""
) -> Iterator[Notice]:
    """One notice per file whose rows meet the condition; ``words`` makes the sentence from their count."""
    for source, count, rows in con.execute(f"""
        SELECT source, count(*), min(source_row, {ROWS_TOLD})
        FROM checked_{table} WHERE {condition} GROUP BY source ORDER BY source
    """).fetchall():
        yield Notice(check, severity, table, source, words(count), count, first_rows(rows), remedy)


def has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the table is there to be checked."""
    sql = """SELECT count(*) FROM (SELECT view_name AS name FROM duckdb_views()
        UNION ALL SELECT table_name FROM duckdb_tables()) WHERE name = ?"""
    return bool(con.execute(sql, [f"checked_{table}"]).fetchall()[0][0])
