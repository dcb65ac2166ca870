"""A column that changed meaning: from one month to the next it is filled far more, or far less, often than before.

In come the counts of filled cells by team, month and column; out comes for each team and month one notice that names
every column that changes there. Columns that fill as time passes (a resolution, an answer) are left out, and only rows
that are through are counted, so that a ticket still open is no missing value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import duckdb
import numpy as np

from auditkit.checks.chance import SURE, fisher_tail
from auditkit.checks.telling import ROWS_TOLD, first_rows, share
from auditkit.clocks.period import parse_period
from auditkit.config import Config
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.relations import POPULATION
from auditkit.schema import TABLES
from auditkit.translation import N_, Said

LEAST_SHIFT = 0.2  # of the rows: a fifth more or fewer is another practice or another export, not a slip
LEAST_GAP = 0.1  # between the months before and those after: a column that wanders from month to month has none
MONTH_MINIMUM = 20  # rows of a month; fewer say nothing about it
MOST_NAMED = 6
KINDS = {"csat": "CSAT", "ces": "CES", "nps": "NPS"}  # others are named as the data name them


@dataclass(frozen=True)
class Rows:
    """Which rows of a table are through, the day that dates them, and the columns that are not looked at."""

    table: str
    whose: str
    day: str
    through: str
    left_out: frozenset[str]


LOOKED_AT = (
    Rows("tickets", N_("tickets of {team}"), "created_on", f"resolved_at IS NOT NULL AND {POPULATION['tickets']}",
        frozenset({"resolved_at", "first_resolved_at", "closed_at", "excluded", "outbound"})),
    Rows("calls", N_("answered calls of {team}"), "offered_on", f"answered AND {POPULATION['calls']}",
        frozenset({"answered", "abandoned_in", "direction"})),
    Rows("surveys", N_("{kind} answers of {team}"), "answered_on", f"score IS NOT NULL AND {POPULATION['surveys']}",
        frozenset({"score", "answered_at", "invalidated"})),
)  # fmt: skip


def column_changed_meaning(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A column that is filled far more, or far less, often from some month on, in every month after it.

    The best split of the months into before and after; exact test, corrected for columns and months. Surveys are
    compared within their kind.
    """
    there = {name for (name,) in con.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    there |= {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for rows in LOOKED_AT:
        if f"checked_{rows.table}" in there:
            yield from _of_table(con, rows)


def _of_table(con: duckdb.DuckDBPyConnection, rows: Rows) -> Iterator[Notice]:
    columns = [one.name for one in TABLES[rows.table].columns if not one.required and one.name not in rows.left_out]
    kind = "kind" if rows.table == "surveys" else "''"
    found = con.execute(f"""
        SELECT team, {kind}, strftime({rows.day}, '%Y-%m') AS month, min(source_row, {ROWS_TOLD}), count(*),
            {", ".join(f'count("{name}")' for name in columns)}
        FROM checked_{rows.table} WHERE {rows.through} AND {rows.day} IS NOT NULL
        GROUP BY ALL HAVING count(*) >= {MONTH_MINIMUM} ORDER BY ALL
    """).fetchall()
    for (team, kind), own in groupby(found, key=lambda row: row[:2]):
        months = [row[2:] for row in own]
        values = {"team": team, "kind": KINDS.get(kind, kind)} if kind else {"team": team}
        yield from _of_team(rows, said(rows.whose, **values), team, columns, months)


def _of_team(rows: Rows, whose: Said, team: str, columns: list[str], months: list[tuple]) -> Iterator[Notice]:
    """One notice for each month in which columns shift."""
    counts = np.array([month[2] for month in months])
    filled = np.array([month[3:] for month in months]).reshape(len(months), len(columns))
    shifts: dict[int, list[tuple[str, int, int]]] = {}
    for number, column in enumerate(columns):
        place = _shift(counts, filled[:, number], len(columns) * max(len(months) - 1, 1))
        if place:
            before, after = int(filled[:place, number].sum()), int(filled[place:, number].sum())
            shifts.setdefault(place, []).append((column, before, after))
    for place, changed in sorted(shifts.items()):
        n_before, n_after = int(counts[:place].sum()), int(counts[place:].sum())
        parts = [
            said("{column} {before} to {after}", column=column, before=share(old, n_before), after=share(new, n_after))
            for column, old, new in changed
        ]
        further = len(parts) - MOST_NAMED
        more = [said_n("{count} further column", "{count} further columns", further)] if further > 0 else []
        words = said(
            "From {month} on, columns of the {whose} are filled in another share of the rows: {columns}.",
            month=parse_period(months[place][0]),
            whose=whose,
            columns=(*parts[:MOST_NAMED], *more),
        )
        remedy = N_("Ask what changed in the system or the export; figures before and after may not compare.")
        month, evidence = months[place][0], first_rows(months[place][1])
        yield Notice("column_changed_meaning", "medium", rows.table, f"team {team}, {month}", words, n_after, evidence,
            remedy)  # fmt: skip


def _shift(counts: np.ndarray, filled: np.ndarray, tests: int) -> int:
    """The first month after a level shift in the share of filled cells; 0 where there is none."""
    shares = filled / counts
    if len(shares) < 2 or shares.max() - shares.min() < LEAST_SHIFT:
        return 0
    lowest, highest = np.minimum.accumulate, np.maximum.accumulate
    up = lowest(shares[::-1])[::-1][1:] - highest(shares)[:-1]
    down = lowest(shares)[:-1] - highest(shares[::-1])[::-1][1:]
    place = int(np.argmax(np.maximum(up, down))) + 1
    if max(up[place - 1], down[place - 1]) < LEAST_GAP:
        return 0
    before = int(filled[:place].sum()), int(counts[:place].sum())
    after = int(filled[place:].sum()), int(counts[place:].sum())
    if abs(before[0] / before[1] - after[0] / after[1]) < LEAST_SHIFT:
        return 0
    more, less = (after, before) if after[0] * before[1] > before[0] * after[1] else (before, after)
    return place if fisher_tail(*more, *less) < SURE / tests else 0
