"""Scores of quality reviews, worked by hand."""

from __future__ import annotations

import pytest
from support import store

from auditkit.facts.scored_reviews import make_scored_reviews

HEADER = "review_id | criterion | score | max_score | weight | critical | not_applicable"
SAME = {"reviewed_at": "2026-05-04T22:00:00Z", "team": "North", "agent": "Ada", "ticket_id": "17", "scorecard": "Card"}


def made(folder, rows: str, **tables: str):
    """A connection with the relations made of drawn criteria, without the header and the columns that are the same."""
    lines = [HEADER, *rows.strip().splitlines()]
    more = [" | ".join(SAME), *[" | ".join(SAME.values())] * (len(lines) - 1)]
    drawn = "\n".join(f"{line} | {same}" for line, same in zip(lines, more, strict=True))
    one = store(folder, audit='timezone = "Europe/Helsinki"', reviews=drawn, **tables)
    con = one.connect()
    named = [name if name in one.meta.tables else None for name in ("tickets", "surveys")]
    make_scored_reviews(con, "reviews", *named, one.workspace.config.zone_of)
    return con


@pytest.mark.parametrize(
    ("criteria", "score", "failed", "scored"),
    [
        ("1 | tone | 4 | 5 | | |", 0.8, False, 1),
        ("1 | tone | 4 | 5 | 3 | |\n1 | facts | 1 | 2 | 1 | |", (3 * 0.8 + 1 * 0.5) / 4, False, 2),
        ("1 | tone | 4 | 5 | | |\n1 | facts | 1 | 2 | 1 | |", (0.8 + 0.5) / 2, False, 2),  # a missing weight is 1
        ("1 | tone | 4 | 5 | 1 | |\n1 | facts | 0 | 2 | 9 | | true", 0.8, False, 1),  # not applicable
        ("1 | tone | 4 | 5 | 1 | |\n1 | facts | | 2 | 9 | |", 0.8, False, 1),  # no score given
        ("1 | tone | 4 | 5 | 1 | |\n1 | facts | 0 | 0 | 9 | true |", 0.8, False, 1),  # nothing to gain
        ("1 | tone | 5 | 5 | 1 | |\n1 | privacy | 0 | 1 | 1 | true |", 0, True, 2),
        ("1 | tone | 5 | 5 | 1 | |\n1 | privacy | 0 | 1 | 0 | true |", 0, True, 2),  # without a weight of its own
        ("1 | tone | 5 | 5 | 1 | |\n1 | privacy | 1 | 2 | 1 | true |", 0.75, False, 2),  # less than all is no failure
        ("1 | tone | 5 | 5 | 1 | |\n1 | privacy | 0 | 1 | 1 | true | true", 1, False, 1),
        ("1 | tone | 0 | 5 | 1 | |", 0, False, 1),  # not critical
        ("1 | tone | | 5 | 1 | |", None, False, 0),  # nothing to count is no value
        ("1 | tone | 5 | 5 | 0 | |", None, False, 1),
    ],
)
def test_score_of_a_review(tmp_path, criteria, score, failed, scored):
    con = made(tmp_path, criteria)
    found = con.sql("SELECT score_share, critical_failed, criteria_scored FROM scored_reviews").fetchall()
    assert found == [(pytest.approx(score) if score is not None else None, failed, scored)]


def test_criteria_keep_their_rows_with_their_share(tmp_path):
    con = made(tmp_path, "1 | tone | 4 | 5 | 1 | |\n1 | facts | 0 | 2 | 1 | true |\n1 | price | 1 | 2 | 1 | | true")
    found = con.sql('SELECT criterion, "share", applicable, failed, kind, source_row FROM review_criteria').fetchall()
    assert found == [
        ("facts", 0.0, True, True, "review", 3),
        ("price", None, False, False, "review", 4),
        ("tone", 0.8, True, False, "review", 2),
    ]


def test_a_review_knows_its_local_day_and_what_the_customer_said_last_of_the_ticket(tmp_path):
    tickets = """
    ticket_id | team  | customer_id | created_at           | resolved_at          | reopens | channel
    17        | North | ann         | 2026-05-01T00:00:00Z | 2026-05-02T00:00:00Z | 1       | chat
    18        | North | ann         | 2026-05-01T01:00:00Z |                      | 0       | chat
    """
    surveys = """
    response_id | team  | kind | answered_at          | score | scale_min | scale_max | ticket_id | invalidated
    1           | North | csat | 2026-05-03T00:00:00Z | 1     | 1         | 5         | 17        |
    2           | North | csat | 2026-05-04T00:00:00Z | 4     | 1         | 5         | 17        |
    3           | North | csat | 2026-05-05T00:00:00Z | 1     | 1         | 5         | 17        | true
    4           | North | nps  | 2026-05-06T00:00:00Z | 1     | 0         | 10        | 17        |
    5           | South | csat | 2026-05-06T00:00:00Z | 1     | 1         | 5         | 17        |
    """
    con = made(tmp_path, "1 | tone | 4 | 5 | 1 | |", tickets=tickets, surveys=surveys)
    found = con.sql("""SELECT strftime(reviewed_on, '%d'), csat_score, csat_top_box, ticket_reopens, ticket_channel,
        ticket_seconds_to_contact FROM scored_reviews""").fetchall()
    assert found == [("05", 4, True, 1, "chat", 3600)]


def test_without_tickets_and_surveys_their_columns_are_empty(tmp_path):
    con = made(tmp_path, "1 | tone | 4 | 5 | 1 | |")
    found = con.sql(
        "SELECT csat_score, csat_top_box, ticket_reopens, ticket_resolved_at FROM scored_reviews"
    ).fetchall()
    assert found == [(None, None, None, None)]
