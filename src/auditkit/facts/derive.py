"""Columns that follow from others in the same row, and answers that cannot be what they seem.

A call or a mystery test with an instant of answer was answered; a wait follows from it. A survey without a scale gets
one only where its kind or its answers settle it, and that is said. A rating of a call that nobody answered was filled
in by somebody: it is set aside and reported, so that it makes no figure better.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from auditkit.labels import said, said_n, shown
from auditkit.notices import Notice
from auditkit.translation import N_, Shown

# Filled-in values show as one identical value over rows where none can exist. Fewer rows than this may be a
# coincidence.
MINIMUM_FILLED = 10
FILLED_SHARE = 0.9

# What the calls of one file say at all: a blank means something else where the whole column is blank.
CALL_SOURCES_SQL = """
CREATE OR REPLACE TEMP TABLE call_sources AS
SELECT source AS file, count(resolved) > 0 AS resolves,
    count(answered_at) > 0 AND count(answered) = 0 AS answers_by_instant
FROM {source} GROUP BY source
"""
CALLS_SQL = """
CREATE OR REPLACE TEMP VIEW {target} AS
SELECT * EXCLUDE (file, answers_by_instant, resolves) REPLACE (
    CASE WHEN resolves AND answered = FALSE THEN coalesce(resolved, FALSE) ELSE resolved END AS resolved),
    (abandoned_in IS NOT NULL AND answered IS NOT TRUE) AS abandoned,
    talk_seconds + coalesce(hold_seconds, 0) + coalesce(wrap_seconds, 0) AS handle_seconds
FROM (
    SELECT * REPLACE (
        coalesce(answered, CASE WHEN answered_at IS NOT NULL THEN TRUE WHEN abandoned_in IS NOT NULL THEN FALSE
            WHEN answers_by_instant THEN FALSE END) AS answered,
        coalesce(wait_seconds,
            CASE WHEN answered_at >= offered_at THEN (epoch_us(answered_at) - epoch_us(offered_at)) / 1e6 END,
            CASE WHEN abandoned_in IS NOT NULL AND ended_at >= offered_at
                THEN (epoch_us(ended_at) - epoch_us(offered_at)) / 1e6 END) AS wait_seconds)
    FROM {source} c JOIN call_sources k ON c.source = k.file)
"""
SCALES = {"nps": (0, 10), "ces": (1, 7)}
# The bottom of a scale of which only the top is declared: NPS and yes/no begin at 0, all else at 1.
LOWEST = "CASE WHEN s.kind = 'nps' OR s.scale_max <= 1 THEN 0 ELSE 1 END"


def derive_calls(con: duckdb.DuckDBPyConnection, source: str, target: str, present: set[str]) -> set[str]:
    """Complete the calls; returns the columns that are now known."""
    con.execute(CALL_SOURCES_SQL.format(source=source))
    con.execute(CALLS_SQL.format(source=source, target=target))
    gained = set()
    if present & {"answered_at", "abandoned_in"}:
        gained.add("answered")
    if "answered_at" in present or {"abandoned_in", "ended_at"} <= present:
        gained.add("wait_seconds")
    return gained


# Customers and hired testers stand outside the team; its own people, colleagues and its vendor have a part in it.
INDEPENDENT = ("independent", "customer")
TESTS_SQL = f"""
CREATE OR REPLACE TEMP VIEW {{target}} AS
SELECT * REPLACE (
    coalesce(answered_at, contacted_at + to_microseconds(CAST(reply_seconds * 1000000 AS BIGINT))) AS answered_at,
    coalesce(reply_seconds, (epoch_us(answered_at) - epoch_us(contacted_at)) / 1e6) AS reply_seconds,
    coalesce(independent, CASE WHEN tester_type IS NOT NULL THEN tester_type IN {INDEPENDENT} END) AS independent),
    (epoch_us(watched_until) - epoch_us(contacted_at)) / 1e6 AS watched_seconds
FROM {{source}}
"""


def derive_tests(con: duckdb.DuckDBPyConnection, source: str, target: str, present: set[str]) -> set[str]:
    """Complete the mystery tests; returns the columns that are now known."""
    con.execute(TESTS_SQL.format(source=source, target=target))
    answered = {"answered_at", "reply_seconds"}
    gained = answered if present & answered else set()
    return gained | ({"independent"} if "tester_type" in present else set())


def settle_replies(con: duckdb.DuckDBPyConnection, surveys: str, target: str) -> None:
    """Say of public reviews whether they were replied to, in files that date replies: no date there is no reply."""
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW {target} AS
        SELECT s.* REPLACE (CASE WHEN s.kind = 'review' AND d.source IS NOT NULL
            THEN coalesce(s.replied, s.replied_at IS NOT NULL) ELSE s.replied END AS replied)
        FROM {surveys} s LEFT JOIN (SELECT DISTINCT source FROM {surveys} WHERE replied_at IS NOT NULL) d
        ON s.source = d.source
    """)


TIMES_OF_CALLS = {
    "talk_seconds": N_("talk seconds"),
    "wait_seconds": N_("wait seconds"),
    "hold_seconds": N_("hold seconds"),
    "wrap_seconds": N_("wrap seconds"),
}
UNFILLED = N_("Ask for the export before its blanks were filled in.")
DECLARE = N_("Declare scale_min and scale_max in [source.constants].")
KINDS = {"csat": "CSAT", "ces": "CES", "nps": "NPS"}


def filled_in_calls(con: duckdb.DuckDBPyConnection, calls: str) -> list[Notice]:
    """Times of unanswered calls that are one identical value: averages that somebody filled in."""
    notices = []
    for column in TIMES_OF_CALLS:
        for source, value, same, given, rows in con.execute(f"""
            SELECT source, mode({column}) AS value, 0 AS same, count(*) AS given,
                list(source_row ORDER BY source_row)[:5] AS rows
            FROM {calls} WHERE answered = FALSE AND {column} IS NOT NULL AND {column} <> 0
            GROUP BY source HAVING count(*) >= {MINIMUM_FILLED}
        """).fetchall():
            same = con.execute(
                f"SELECT count(*) FROM {calls} WHERE answered = FALSE AND source = ? AND {column} = ?", [source, value]
            ).fetchall()[0][0]
            if same >= FILLED_SHARE * given:
                words = said_n(
                    "{count} unanswered call carries the same {what} of {value}: a value filled in where none can "
                    "exist. Times of answered calls only are used.",
                    "{count} unanswered calls carry the same {what} of {value}: a value filled in where none can "
                    "exist. Times of answered calls only are used.",
                    same,
                    what=said(TIMES_OF_CALLS[column]),
                    value=_bare(value),
                )
                notices.append(Notice("filled_in_values", "high", "calls", source, words, same, tuple(rows), UNFILLED))
    return notices


def mark_filled_ratings(con: duckdb.DuckDBPyConnection, surveys: str, calls: str | None, target: str) -> list[Notice]:
    """Invalidate ratings of calls that nobody answered where they are one identical value; keep the rest as it is.

    A rating belongs to a call by ``call_id``, or because both stand in the same row of the same file.
    """
    if calls is None:
        con.execute(f"CREATE OR REPLACE TEMP VIEW {target} AS SELECT * FROM {surveys}")
        return []
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {target}_filled AS
        WITH scored AS (SELECT * FROM {surveys} WHERE score IS NOT NULL AND kind IN ('csat', 'ces', 'nps')),
        unanswered AS (SELECT call_id, source, source_row FROM {calls} WHERE answered = FALSE),
        impossible AS (
            SELECT s.file_no, s.source, s.source_row, s.score FROM scored s SEMI JOIN unanswered c
            ON s.call_id = c.call_id
            UNION ALL
            SELECT s.file_no, s.source, s.source_row, s.score FROM scored s SEMI JOIN unanswered c
            ON s.source = c.source AND s.source_row = c.source_row WHERE s.call_id IS NULL)
        SELECT * FROM impossible
        QUALIFY count(*) OVER (PARTITION BY source, score) >= {FILLED_SHARE} * count(*) OVER (PARTITION BY source)
            AND count(*) OVER (PARTITION BY source, score) >= {MINIMUM_FILLED}
    """)
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW {target} AS
        SELECT s.* REPLACE (CASE WHEN f.source_row IS NULL THEN s.invalidated ELSE TRUE END AS invalidated)
        FROM {surveys} s LEFT JOIN (SELECT DISTINCT file_no, source_row, score FROM {target}_filled) f
        ON s.file_no = f.file_no AND s.source_row = f.source_row AND s.score = f.score
    """)
    found = con.execute(f"""
        SELECT source, score, count(*), list(source_row ORDER BY source_row)[:5]
        FROM {target}_filled GROUP BY ALL ORDER BY ALL
    """).fetchall()
    return [
        Notice(
            "filled_in_values",
            "high",
            "surveys",
            source,
            said_n(
                "{count} rating of calls that nobody answered is {score}: a value filled in where none can exist. It "
                "is left out.",
                "{count} ratings of calls that nobody answered are all {score}: values filled in where none can exist. "
                "They are left out.",
                count,
                score=_bare(score),
            ),
            count,
            tuple(rows),
            UNFILLED,
        )
        for source, score, count, rows in found
    ]


def settle_scales(con: duckdb.DuckDBPyConnection, surveys: str, target: str) -> list[Notice]:
    """Give a scale to surveys that declare none: NPS and CES have theirs by definition, CSAT only if the answers show
    1-5.
    """
    undeclared = con.execute(f"""
        SELECT source, kind, min(score), max(score), count(*), bool_and(score = floor(score)) FROM {surveys}
        WHERE score IS NOT NULL AND scale_max IS NULL AND kind IN ('csat', 'ces', 'nps') GROUP BY ALL ORDER BY ALL
    """).fetchall()
    notices, assumed = [], []
    for source, kind, low, high, count, whole in undeclared:
        scale = SCALES.get(kind)
        if scale is None and whole and low >= 1 and high == 5:
            scale = (1, 5)
            words = said_n(
                "The scale of {count} CSAT answer is not declared; whole scores from {low} to 5 were read as 1-5.",
                "The scale of {count} CSAT answers is not declared; whole scores from {low} to 5 were read as 1-5.",
                count,
                low=_bare(low),
            )
            notices.append(Notice("scale_assumed", "medium", "surveys", source, words, count, (), DECLARE))
        if scale is None:
            words = said_n(
                "The scale of {count} {kind} answer ({low}) is not declared; it is not counted.",
                "The scale of {count} {kind} answers ({low} to {high}) is not declared; they are not counted.",
                count,
                kind=KINDS[kind],
                low=_bare(low),
                high=_bare(high),
            )
            notices.append(Notice("scale_unknown", "high", "surveys", source, words, count, (), DECLARE))
        else:
            assumed.append((source, kind, float(scale[0]), float(scale[1])))
    con.execute("CREATE OR REPLACE TEMP TABLE assumed_scales (source VARCHAR, kind VARCHAR, low DOUBLE, high DOUBLE)")
    if assumed:
        con.executemany("INSERT INTO assumed_scales VALUES (?, ?, ?, ?)", assumed)
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW {target} AS
        SELECT s.* REPLACE (
            CASE WHEN s.scale_max IS NULL THEN a.low ELSE coalesce(s.scale_min, {LOWEST}) END AS scale_min,
            coalesce(s.scale_max, a.high) AS scale_max)
        FROM {surveys} s LEFT JOIN assumed_scales a ON s.source = a.source AND s.kind = a.kind
    """)
    return notices


def say_of_tickets(con: duckdb.DuckDBPyConnection, relations: Mapping[str, str], target: str) -> None:
    """What other tables say of a ticket: whether it was reviewed, and whether its agent speaks the language.

    ``reviewed`` and ``first_reviewed_at`` are of ordinary reviews, NULL where no review of the team names its ticket;
    ``speaks_language`` is NULL where the language or the agent's list is unknown.
    """
    reviewed, first, read = "CAST(NULL AS BOOLEAN)", "CAST(NULL AS TIMESTAMPTZ)", ""
    if "reviews" in relations:
        reviews = relations["reviews"]
        read = f"""LEFT JOIN (SELECT team, ticket_id, min(reviewed_at) AS first_at FROM {reviews}
            WHERE coalesce(kind, 'review') = 'review' GROUP BY ALL) r
            ON r.team = t.team AND r.ticket_id = t.ticket_id"""
        blind = f"SELECT team FROM {reviews} GROUP BY team HAVING count(ticket_id) = 0"
        reviewed = f"CASE WHEN t.team NOT IN ({blind}) THEN r.first_at IS NOT NULL END"
        first = "r.first_at"
    spoken, speaks = "", "CAST(NULL AS BOOLEAN)"
    if "agents" in relations:
        spoken = f"""LEFT JOIN (SELECT team, agent, any_value(languages) AS languages FROM {relations["agents"]}
            GROUP BY ALL) g ON g.team = t.team AND g.agent = t.agent"""
        speaks = "CASE WHEN t.language IS NOT NULL THEN list_contains(g.languages, t.language) END"
    con.execute(f"""
        CREATE OR REPLACE TEMP VIEW {target} AS
        SELECT t.*, {reviewed} AS reviewed, {first} AS first_reviewed_at, {speaks} AS speaks_language
        FROM {relations["tickets"]} t {read} {spoken}
    """)


def _bare(value: float) -> Shown:
    """A value as the data hold it, with the decimals that it has."""
    return shown("bound", "", float(value))
