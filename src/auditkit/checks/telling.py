"""What the checks share: the shape of a check, its words for figures, and the notice about rows of one file.

A check is a function of a connection, the configuration and the as-of instant (UTC microseconds) that yields notices.
It reads views named ``checked_<table>``, whose rows have the stored columns, facts included. Figures are worded as
everywhere else, by labels.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb

from auditkit.config import Config
from auditkit.labels import SPACE, Labels
from auditkit.notices import Notice

Check = Callable[[duckdb.DuckDBPyConnection, Config, int], Iterator[Notice]]
LABELS = Labels()
ROWS_TOLD = 5
NUMBERS = {True: {"were": "was", "are": "is", "have": "has"}, False: {"were": "were", "are": "are", "have": "have"}}
NOUNS = {"tickets": "tickets", "calls": "calls", "surveys": "answers"}


def counted(count: int, plural: str) -> str:
    """A count with its noun: "1 ticket", "2 tickets", parted by a no-break space."""
    return LABELS.counted(count, plural)


def share(hits: int, tries: int) -> str:
    """A share as a percentage, with the digits that its Wilson interval justifies."""
    from auditkit.stats import wilson

    if not tries or hits in (0, tries):
        return LABELS.percent(hits / tries if tries else None)
    low, high = wilson(hits, tries)
    return LABELS.share(hits / tries, float(low), float(high))


def duration(seconds: float) -> str:
    """A duration as short as it can be said: "12 min", "4 h"."""
    return LABELS.duration_short(seconds)


def hours(seconds: float) -> str:
    """Seconds as whole hours, for times that people count in hours."""
    return f"{LABELS.number(seconds / 3600)}{SPACE}h"


def first_rows(rows: list[int] | None) -> tuple[int, ...]:
    """The first few rows as evidence."""
    return tuple(sorted(rows or ())[:ROWS_TOLD])


def fact(con, table: str, condition: str, check: str, severity: str, words: str, remedy: str = "") -> Iterator[Notice]:
    """One notice per file whose rows meet the condition; ``{were}`` and the like in the words follow the count."""
    for source, count, rows in con.execute(f"""
        SELECT source, count(*), min(source_row, {ROWS_TOLD})
        FROM checked_{table} WHERE {condition} GROUP BY source ORDER BY source
    """).fetchall():
        statement = f"{counted(count, NOUNS[table])} {words.format(**NUMBERS[count == 1])}"
        yield Notice(check, severity, table, source, statement, count, first_rows(rows), remedy)


def has(con: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the table is there to be checked."""
    sql = """SELECT count(*) FROM (SELECT view_name AS name FROM duckdb_views()
        UNION ALL SELECT table_name FROM duckdb_tables()) WHERE name = ?"""
    return bool(con.execute(sql, [f"checked_{table}"]).fetchall()[0][0])
