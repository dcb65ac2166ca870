"""Patterns in how much there is: a volume that falls for good to a fraction of what it was.

An export that is cut off does not end; a few rows with later dates go on, and every figure of these months rests on
them. In come the counts of rows by team and month, out comes one notice for each team and table.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from statistics import median

import duckdb

from auditkit.checks.telling import first_rows, has, whole
from auditkit.clocks.period import month_of
from auditkit.config import Config
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.translation import N_, Said

COLLAPSE_SHARE = 0.1  # of the median of the months before
FULL_MONTH = 100  # rows; in smaller months a tenth is a handful
FULL_MONTHS = 2
STARTS_WHOLE = 7  # a team whose first row is dated later in its month began within it


def volume_collapse(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A team whose monthly rows fall for good to under a tenth of the median of its months before.

    Only whole months are compared: those begun by the first week and over at the as-of instant.
    """
    over = datetime.fromtimestamp(as_of_us // 1_000_000, UTC).date().replace(day=1)
    for table, day in (("tickets", "created_on"), ("calls", "offered_on")):
        if not has(con, table):
            continue
        found = con.execute(f"""
            SELECT team, CAST(date_trunc('month', {day}) AS DATE) AS month, count(*), min({day}), min(source_row, 5)
            FROM checked_{table} WHERE team IS NOT NULL AND {day} < $over GROUP BY ALL ORDER BY team, month
        """, {"over": over}).fetchall()  # fmt: skip
        for team, rows in groupby(found, key=lambda row: row[0]):
            yield from _of_team(team, table, {row[1]: row[2:] for row in rows}, over)


def _of_team(team: str, table: str, months: dict[date, tuple], over: date) -> Iterator[Notice]:
    first = min(months)
    span = list(_span(first, over))
    if months[first][1].day > STARTS_WHOLE:
        span = span[1:]
    volumes = [months[month][0] if month in months else 0 for month in span]
    place = _collapse(volumes)
    if not place:
        return
    tail, usual = volumes[place:], median(volumes[:place])
    words = said(
        "From {month} on only {rest} of {team} a month, after a median of {usual}: the export looks cut off; figures "
        "of these months rest on its tail.",
        month=month_of(span[place]),
        rest=_few(table, min(tail), max(tail)),
        team=team,
        usual=whole(usual),
    )
    rows = first_rows([row for month in span[place:] if month in months for row in months[month][2]])
    remedy = N_("Ask for the whole export, or report only the months before.")
    yield Notice("volume_collapse", "high", table, f"team {team}", words, sum(tail), rows, remedy)


def _few(table: str, least: int, most: int) -> Said:
    """How many rows the months of the tail have: ``3 tickets``, ``0-3 tickets``."""
    if least == most:
        calls, tickets = (
            said_n("{count} call", "{count} calls", most),
            said_n("{count} ticket", "{count} tickets", most),
        )
    else:
        calls, tickets = (
            said_n("{least}-{count} call", "{least}-{count} calls", most, least=least),
            said_n("{least}-{count} ticket", "{least}-{count} tickets", most, least=least),
        )
    return calls if table == "calls" else tickets


def _collapse(volumes: list[int]) -> int:
    """The place of the first month of the tail; 0 where there is none, or nothing in it.

    >>> _collapse([900, 1100, 5, 0, 7]), _collapse([900, 1100, 5, 800]), _collapse([900, 900, 0]), _collapse([900, 5])
    (2, 0, 0, 0)
    """
    for place in range(FULL_MONTHS, len(volumes)):
        before, tail = volumes[:place], volumes[place:]
        full = sum(volume >= FULL_MONTH for volume in before)
        if full >= FULL_MONTHS and max(tail) < COLLAPSE_SHARE * median(before) and any(tail):
            return place
    return 0


def _span(first: date, over: date) -> Iterator[date]:
    """The first days of the months from ``first`` to the last before ``over``."""
    while first < over:
        yield first
        first = date(first.year + first.month // 12, first.month % 12 + 1, 1)
