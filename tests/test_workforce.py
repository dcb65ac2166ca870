"""Days in service and reviews around a course, worked by hand."""

from __future__ import annotations

import pytest
from support import store, utc

from auditkit.facts.scored_reviews import make_scored_reviews
from auditkit.facts.workforce import make_agent_days, make_trainings
from auditkit.store import microseconds_of

AGENTS = """
agent | team  | joined_at            | left_at
Ada   | North |                      |
Bo    | North | 2026-05-03T00:00:00Z | 2026-05-05T00:00:00Z
Cy    | North | 2020-01-01T00:00:00Z | 2026-04-30T00:00:00Z
Di    | North | 2026-05-09T00:00:00Z |
Ed    | South | 2026-05-06T00:00:00Z | 2026-05-20T00:00:00Z
"""
REVIEWS = """
review_id | reviewed_at          | team  | agent | scorecard | criterion | score | max_score | kind
1         | 2026-05-01T00:00:00Z | North | Ada   | Card      | tone      | 1     | 5         |
2         | 2026-05-10T00:00:00Z | North | Ada   | Card      | tone      | 2     | 5         | review
3         | 2026-05-30T23:59:00Z | North | Ada   | Card      | tone      | 3     | 5         | review
4         | 2026-05-31T00:00:00Z | North | Ada   | Card      | tone      | 4     | 5         | review
5         | 2026-06-29T23:59:59Z | North | Ada   | Card      | tone      | 5     | 5         | review
6         | 2026-06-30T00:00:00Z | North | Ada   | Card      | tone      | 1     | 5         | review
7         | 2026-06-05T00:00:00Z | North | Ada   | Card      | tone      | 1     | 5         | calibration
8         | 2026-06-05T00:00:00Z | South | Ada   | Card      | tone      | 1     | 5         | review
9         | 2026-06-05T00:00:00Z | North | Bo    | Card      | tone      | 1     | 5         | review
"""
TRAINING = """
agent | course  | taken_at             | team  | passed
Ada   | Courage | 2026-05-31T00:00:00Z |       | true
Bo    | Courage | 2026-05-31T00:00:00Z | North | false
Zoe   | Courage | 2026-05-31T00:00:00Z |       | true
"""


@pytest.fixture
def con(tmp_path):
    one = store(tmp_path, agents=AGENTS, reviews=REVIEWS, training=TRAINING)
    con = one.connect()
    zone_of = {"North": "UTC", "South": "America/New_York"}.get
    span = [microseconds_of(utc(day)) for day in ("2026-05-01T12:00", "2026-05-07T12:00")]
    make_agent_days(con, "agents", *span, zone_of)
    make_scored_reviews(con, "reviews", None, None, zone_of)
    make_trainings(con, "training", "agents", "scored_reviews", zone_of)
    return con


def test_days_in_service_reach_from_the_first_day_to_the_day_of_leaving_within_the_data(con):
    found = con.sql("""SELECT agent, count(*), strftime(min(day_on), '%d'), strftime(max(day_on), '%d'),
        count(*) FILTER (joined_today), count(*) FILTER (left_today) FROM agent_days GROUP BY agent ORDER BY agent""")
    assert found.fetchall() == [
        ("Ada", 7, "01", "07", 0, 0),  # no dates at all: always there
        ("Bo", 3, "03", "05", 1, 1),
        # Cy left before the data begin, Di joins after they end.
        ("Ed", 3, "05", "07", 1, 0),  # midnight UTC is still the day before in New York
    ]


def test_a_day_in_service_begins_at_the_teams_midnight(con):
    found = con.sql("SELECT DISTINCT team, epoch(day_at) // 3600 % 24 FROM agent_days ORDER BY team").fetchall()
    assert found == [("North", 0), ("South", 4)]


def test_a_date_without_a_time_stays_the_day_that_was_written(con):
    span = [microseconds_of(utc(day)) for day in ("2026-05-01T12:00", "2026-05-30T12:00")]
    make_agent_days(con, "agents", *span, lambda team: "America/New_York", dates_zone="UTC", target="dated")
    found = con.sql("SELECT strftime(min(day_on), '%d'), strftime(max(day_on), '%d') FROM dated WHERE agent = 'Ed'")
    assert found.fetchall() == [("06", "20")]


def test_leavers_over_mean_headcount(con):
    # North, 1 to 7 May: one leaver; 10 agent days over 7 days are a mean headcount of 10/7.
    found = con.sql(
        "SELECT count(*) FILTER (left_today) / (count(*) / 7) FROM agent_days WHERE team = 'North'"
    ).fetchall()
    assert found == [(pytest.approx(0.7),)]


def test_uptake_compares_the_reviews_of_the_thirty_days_around_a_course(con):
    found = con.sql("SELECT agent, team, qa_before, qa_before_n, qa_after, qa_after_n, uptake, passed FROM trainings")
    assert [tuple(pytest.approx(cell) for cell in row) for row in found.fetchall()] == [
        ("Ada", "North", (0.2 + 0.4 + 0.6) / 3, 3, (0.8 + 1.0) / 2, 2, 0.5, True),  # 1 May is exactly 30 days before
        ("Bo", "North", None, 0, 0.2, 1, None, False),
    ]  # nobody knows the team of Zoe
