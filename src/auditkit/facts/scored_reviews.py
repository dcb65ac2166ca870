"""Scored reviews: quality reviews with their score, from one row per criterion to one row per review.

In come the finished relations of reviews, tickets and surveys; out come ``review_criteria`` (the same rows with the
share of each criterion) and ``scored_reviews`` (one row per review, with what the customer said of the same ticket).
The score is the published one: the weighted mean of the shares of what applied, nothing when a critical criterion
failed.
"""

from __future__ import annotations

import duckdb

from auditkit.facts.columns import ZoneOf, with_local_days
from auditkit.facts.fold import empty_relation, quoted
from auditkit.measures.voice import CSAT, TOP_BOX
from auditkit.relations import POPULATION
from auditkit.schema import TABLES

CRITERIA_SQL = """
SELECT {columns},
    coalesce(not_applicable, FALSE) = FALSE AND score IS NOT NULL AND coalesce(max_score, 0) > 0 AS applicable,
    CASE WHEN applicable THEN score / max_score END AS "share",
    coalesce(critical, FALSE) AND coalesce("share" = 0, FALSE) AS failed
FROM (SELECT * REPLACE (coalesce(kind, 'review') AS kind) FROM {reviews})
"""
REVIEWS_SQL = """
WITH scored AS (
    SELECT team, review_id, max(reviewed_at) AS reviewed_at, max(reviewed_on) AS reviewed_on, max(agent) AS agent,
        max(reviewer) AS reviewer, max(ticket_id) AS ticket_id, max(scorecard) AS scorecard, max(kind) AS kind,
        bool_or(failed) AS critical_failed,
        CASE WHEN bool_or(failed) THEN 0.0 ELSE sum(coalesce(weight, 1) * "share") FILTER (applicable)
            / nullif(sum(coalesce(weight, 1)) FILTER (applicable), 0) END AS score_share,
        count(*) FILTER (applicable) AS criteria_scored, count(*) FILTER (applicable AND critical) AS critical_scored,
        arg_min(source, (source, source_row)) AS source, arg_min(source_row, (source, source_row)) AS source_row
    FROM {criteria} GROUP BY team, review_id),
answers AS (
    SELECT team, ticket_id, max(answered_at) AS csat_answered_at,
        arg_max(score, (answered_at, response_id)) AS csat_score,
        arg_max({top_box}, (answered_at, response_id)) AS csat_top_box
    FROM {surveys} WHERE {answered} AND ticket_id IS NOT NULL GROUP BY team, ticket_id)
SELECT r.*, {ticket_columns}, a.csat_score, a.csat_top_box, a.csat_answered_at FROM scored r {ticket_join}
LEFT JOIN answers a ON a.team = r.team AND a.ticket_id = r.ticket_id
"""
TICKET_FACTS = {
    "channel": "VARCHAR",
    "created_at": "TIMESTAMPTZ",
    "resolved_at": "TIMESTAMPTZ",
    "reopens": "BIGINT",
    "seconds_since_contact": "DOUBLE",
    "seconds_to_contact": "DOUBLE",
}


def make_scored_reviews(
    con: duckdb.DuckDBPyConnection,
    reviews: str,
    tickets: str | None,
    surveys: str | None,
    zone_of: ZoneOf,
    target: str = "scored_reviews",
    criteria: str = "review_criteria",
) -> None:
    """Make ``review_criteria`` and ``scored_reviews``, both sorted by team and time; days are the team's local ones.

    ``review_criteria``: one row per criterion of a review. Key: review_id, criterion. All columns of ``reviews`` (kind
    'review' where none is given) and: share (score / max_score, NULL where not applicable), applicable (neither marked
    as not applicable nor without a score, max_score above 0), failed (critical and share = 0), reviewed_on.

    ``scored_reviews``: one row per review. Key: team, review_id. Columns: team, review_id, reviewed_at (the last of its
    rows), reviewed_on, agent, reviewer, ticket_id, scorecard, kind, critical_failed, score_share (sum of weight x share
    / sum of weight over the applicable criteria, a missing weight is 1; 0 when critical_failed; NULL when nothing was
    applicable), criteria_scored, critical_scored, source and source_row (of its first row), and of the ticket:
    ticket_channel, ticket_created_at, ticket_resolved_at, ticket_reopens, ticket_seconds_since_contact,
    ticket_seconds_to_contact (facts; NULL in a relation that has none yet), csat_score, csat_top_box, csat_answered_at
    (the last valid answer about the ticket).

    A critical criterion fails at a share of 0: no points at all. Less than all of them is a lower score, no failure.
    Traps: a score above its maximum gives a share above 1. Two reviewers of one ticket are two reviews. Calibration and
    mystery reviews are here too: choose by ``kind``. A weight of 0 can fail a review but not lower its score.
    """
    columns = quoted(tuple(TABLES["reviews"].sql_types))
    rows = CRITERIA_SQL.format(columns=columns, reviews=reviews)
    with_local_days(con, rows, "reviewed_at, review_id, criterion", ("reviewed_at",), zone_of, criteria)
    if not surveys:
        empty_relation(con, "surveys", "surveys_nothing")
    facts = {name for name, *_ in con.execute(f"DESCRIBE {tickets}").fetchall()} if tickets else set()
    made = REVIEWS_SQL.format(
        criteria=criteria,
        top_box=f"({TOP_BOX})",
        answered=f"({CSAT.counted}) AND ({CSAT.complete}) AND {POPULATION['surveys']} AND answered_at IS NOT NULL",
        surveys=surveys or "surveys_nothing",
        ticket_columns=", ".join(
            f"{f'k.{name}' if name in facts else f'CAST(NULL AS {kind})'} AS ticket_{name}"
            for name, kind in TICKET_FACTS.items()
        ),
        ticket_join=f"LEFT JOIN {tickets} k ON k.team = r.team AND k.ticket_id = r.ticket_id" if tickets else "",
    )
    con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS {made} ORDER BY r.team, r.reviewed_at, r.review_id")
