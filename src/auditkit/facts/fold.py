"""Many rows to one: updates of a ticket, copies of a row, events of a ticket.

Everything happens in DuckDB on staged relations. Identical rows fold and are counted; rows that share an id and
contradict each other are all refused, because nothing says which of them is right; a log of updates folds to each
ticket's last row; an event log yields the ticket columns by rule. Each function creates one relation and returns what
it counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from auditkit.labels import said_n
from auditkit.notices import Notice
from auditkit.schema import TABLES, Table
from auditkit.translation import N_

# A ticket export has one row per ticket but for a few faults; a log has several rows for most. Between the two lies a
# wide gap, but not in a handful of rows: there, rows that share an id contradict each other.
LOG_ROWS_PER_TICKET = 1.5
LOG_REPEATED_TICKETS = 30


@dataclass(frozen=True)
class Folded:
    """Rows that went in, that came out, identical copies folded, and rows refused for contradicting each other."""

    rows_in: int
    rows_out: int
    copies: int
    refused: int


def quoted(names: list[str] | tuple[str, ...]) -> str:
    """Column names as a quoted SQL list."""
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def is_log(con: duckdb.DuckDBPyConnection, staged: str, key: tuple[str, ...]) -> bool:
    """Whether a ticket table without a declared fold is plainly a log of updates."""
    rows, ids, repeated = con.execute(f"""
        SELECT coalesce(sum(n), 0), count(*), count(*) FILTER (n > 1)
        FROM (SELECT count(*) AS n FROM {staged} GROUP BY {quoted(key)})
    """).fetchall()[0]
    return repeated >= LOG_REPEATED_TICKETS and rows / ids >= LOG_ROWS_PER_TICKET


def fold_updates(con: duckdb.DuckDBPyConnection, staged: str, target: str) -> int:
    """Keep the last row of each ticket, by ``updated_at``, then by its place in the files; returns the rows folded
    away.
    """
    before = _count(con, staged)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {target} AS
        SELECT * FROM {staged} QUALIFY row_number() OVER (
            PARTITION BY ticket_id ORDER BY updated_at DESC NULLS LAST, file_no DESC, source_row DESC) = 1
    """)
    return before - _count(con, target)


def fold_copies(con: duckdb.DuckDBPyConnection, staged: str, target: str, table: Table) -> Folded:
    """Fold identical rows and set aside contradicting ones (in ``<target>_conflicts``); everything else goes to
    ``target``.
    """
    key = table.key or tuple(table.by_name)
    columns = quoted(tuple(table.by_name))
    place = "(file_no, source_row)"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {target}_repeated AS
        WITH ids AS (SELECT {quoted(key)} FROM {staged} GROUP BY ALL HAVING count(*) > 1)
        SELECT s.*, row_number() OVER same AS copy,
            min(hash({columns})) OVER ids <> max(hash({columns})) OVER ids AS conflict
        FROM {staged} s SEMI JOIN ids ON {_same("s", "ids", key)}
        WINDOW ids AS (PARTITION BY {quoted(key)}), same AS (PARTITION BY {quoted(key)} ORDER BY {place})
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW {target} AS
        SELECT s.* FROM {staged} s ANTI JOIN {target}_repeated r
        ON s.file_no = r.file_no AND s.source_row = r.source_row
        UNION ALL BY NAME SELECT * EXCLUDE (copy, conflict) FROM {target}_repeated WHERE NOT conflict AND copy = 1
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {target}_conflicts AS
        SELECT source, source_row AS "row", '{key[0]}' AS "column", {_text(key[0])} AS "value",
            'contradicts ' || (SELECT string_agg(CASE WHEN o.source = r.source THEN 'row ' || o.source_row
                ELSE 'row ' || o.source_row || ' of ' || o.source END, ', ' ORDER BY o.file_no, o.source_row)
                FROM {target}_repeated o
                WHERE {_same("o", "r", key)} AND (o.file_no, o.source_row) <> (r.file_no, r.source_row))
            || ' with the same id' AS reason
        FROM {target}_repeated r WHERE conflict
    """)
    copies, refused = con.execute(f"""
        SELECT count(*) FILTER (NOT conflict AND copy > 1), count(*) FILTER (conflict) FROM {target}_repeated
    """).fetchall()[0]
    rows_in = _count(con, staged)
    return Folded(rows_in, rows_in - copies - refused, copies, refused)


EVENT_SQL = """
CREATE OR REPLACE TEMP TABLE event_facts AS
SELECT ticket_id, any_value(team ORDER BY "at") AS team,
    coalesce(min("at") FILTER (kind = 'created'), min("at")) AS created_at,
    min("at") FILTER (kind = 'public_reply' AND coalesce(actor, 'agent') = 'agent') AS first_response_at,
    coalesce(max("at") FILTER (kind = 'resolve'), max("at") FILTER (kind = 'close')) AS last_resolved_at,
    coalesce(min("at") FILTER (kind = 'resolve'), min("at") FILTER (kind = 'close')) AS first_resolved_at,
    max("at") FILTER (kind = 'close') AS closed_at,
    max("at") FILTER (kind = 'reopen') AS last_reopened_at,
    count(*) FILTER (kind = 'reopen') AS reopens,
    count(*) FILTER (kind = 'public_reply' AND coalesce(actor, 'agent') = 'agent') AS replies,
    count(*) FILTER (kind = 'public_reply' AND actor = 'customer') AS customer_replies,
    count(*) FILTER (kind = 'transfer') AS transfers,
    count(DISTINCT agent) FILTER (coalesce(actor, 'agent') = 'agent') AS agents_touched,
    bool_or(kind = 'escalate') AS escalated,
    arg_max(value, "at") FILTER (kind = 'status') AS status,
    any_value(source ORDER BY "at") AS source, any_value(source_row ORDER BY "at") AS source_row
FROM {events} GROUP BY ticket_id
"""
# Ticket columns that an event log settles, and the kinds of event of which the log must hold at least one to do so.
SETTLED_BY = {
    "first_response_at": ("public_reply",),
    "resolved_at": ("resolve", "close"),
    "first_resolved_at": ("resolve", "close"),
    "closed_at": ("close",),
    "reopens": ("reopen", "resolve"),
    "replies": ("public_reply",),
    "customer_replies": ("public_reply",),
    "transfers": ("transfer",),
    "agents_touched": ("public_reply", "assign", "transfer"),
    "escalated": ("escalate",),
    "status": ("status",),
}


def fold_events(
    con: duckdb.DuckDBPyConnection, events: str, tickets: str, target: str
) -> tuple[set[str], list[Notice]]:
    """Derive ticket columns from the event log: tickets in the log take them from it, others keep their own.

    Returns the columns settled, and notices on tickets that only the log knows. A resolution that was undone by a
    later reopening is none.
    """
    con.execute(EVENT_SQL.format(events=events))
    kinds = {kind for (kind,) in con.execute(f"SELECT DISTINCT kind FROM {events}").fetchall()}
    settled = {column for column, any_of in SETTLED_BY.items() if kinds & set(any_of)}
    undone = "CASE WHEN e.last_reopened_at > e.last_resolved_at THEN NULL ELSE e.last_resolved_at END"
    value = {column: undone if column == "resolved_at" else f'e."{column}"' for column in settled}
    chosen = [
        f'CASE WHEN e.ticket_id IS NULL THEN t."{name}" ELSE {value[name]} END AS "{name}"' for name in sorted(settled)
    ]
    replaced = f"REPLACE ({', '.join(chosen)})" if chosen else ""
    own = {"ticket_id", "team", "created_at", "source", "source_row"}
    made = [f"{undone} AS resolved_at" if name == "resolved_at" else f'e."{name}"' for name in sorted(settled)]
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {target} AS
        SELECT t.* {replaced} FROM {tickets} t LEFT JOIN event_facts e USING (ticket_id)
        UNION ALL BY NAME
        SELECT {", ".join([f"e.{name}" for name in sorted(own)] + made)}
        FROM event_facts e ANTI JOIN {tickets} t USING (ticket_id) WHERE e.team IS NOT NULL
    """)
    made_count, lost = con.execute(f"""
        SELECT count(*) FILTER (team IS NOT NULL), count(*) FILTER (team IS NULL)
        FROM event_facts e ANTI JOIN {tickets} t USING (ticket_id)
    """).fetchall()[0]
    notices = []
    if made_count and _count(con, tickets):
        words = said_n(
            "{count} ticket stands in the event log and in no ticket file; it was made from its events.",
            "{count} tickets stand in the event log and in no ticket file; they were made from their events.",
            made_count,
        )
        notices.append(Notice("ticket_only_in_events", "low", "tickets", "ticket_events", words, made_count))
    if lost:
        words = said_n(
            "{count} ticket of the event log stands in no ticket file and names no team; it is left out.",
            "{count} tickets of the event log stand in no ticket file and name no team; they are left out.",
            lost,
        )
        remedy = N_("Map the team of the events, or give it as a constant.")
        notices.append(
            Notice("event_without_ticket", "medium", "ticket_events", "ticket_events", words, lost, (), remedy)
        )
    return settled, notices


def _same(left: str, right: str, key: tuple[str, ...]) -> str:
    return " AND ".join(f'{left}."{name}" IS NOT DISTINCT FROM {right}."{name}"' for name in key)


def _text(column: str) -> str:
    return f'CAST("{column}" AS VARCHAR)'


def _count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0]


def empty_relation(con: duckdb.DuckDBPyConnection, table: str, target: str) -> None:
    """An empty relation of a canonical table, for where a workspace has no source of it."""
    columns = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in TABLES[table].sql_types.items())
    con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT {columns}, 0 AS file_no WHERE FALSE")
