"""The people of a team, dated: who was in service on which day, and how reviews changed around a course.

In come the finished relations of agents and training, and the scored reviews; out come ``agent_days`` (so that leavers
per mean headcount can be counted for any period) and ``trainings``. Tickets are not needed, which is why this
stands apart from the facts of tickets.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from auditkit.clocks.zones import DAY_US, local_day, to_utc
from auditkit.facts.columns import ZoneOf, lay_beside, make_sorted, with_local_days

UPTAKE_DAYS = 30

# An unknown first or last day does not bound anything: greatest and least pass over NULL.
DAYS_SQL = """
WITH served AS (
    SELECT a.*, b.zone, greatest(date_diff('day', DATE '1970-01-01', a.joined_on), b.first_day) AS low,
        least(date_diff('day', DATE '1970-01-01', a.left_on), b.last_day) AS high
    FROM {agents} a JOIN {bounds} b USING (team))
SELECT team, agent, zone, unnest(range(low, high + 1)) AS day, joined_at, left_at, joined_on, left_on,
    source, source_row
FROM served WHERE high >= low
"""
TRAINING_SQL = """
WITH only_team AS (SELECT agent, any_value(team) AS team FROM {agents} GROUP BY agent HAVING count(*) = 1),
taken AS (
    SELECT t.* REPLACE (coalesce(t.team, o.team) AS team), row_number() OVER () AS row_no
    FROM {training} t LEFT JOIN only_team o USING (agent)),
around AS (
    SELECT t.row_no,
        avg(r.score_share) FILTER (r.reviewed_at < t.taken_at) AS qa_before,
        count(*) FILTER (r.reviewed_at < t.taken_at) AS qa_before_n,
        avg(r.score_share) FILTER (r.reviewed_at >= t.taken_at) AS qa_after,
        count(*) FILTER (r.reviewed_at >= t.taken_at) AS qa_after_n
    FROM taken t JOIN {reviews} r ON r.team = t.team AND r.agent = t.agent
        AND epoch_us(r.reviewed_at) >= epoch_us(t.taken_at) - {window_us}
        AND epoch_us(r.reviewed_at) < epoch_us(t.taken_at) + {window_us}
    WHERE r.kind = 'review' AND r.score_share IS NOT NULL GROUP BY t.row_no)
SELECT t.team, t.agent, t.course, t.taken_at, make_timestamptz(epoch_us(t.taken_at) + {window_us}) AS window_end_at,
    t.score / nullif(t.max_score, 0) AS score_share, t.passed, a.qa_before, coalesce(a.qa_before_n, 0) AS qa_before_n,
    a.qa_after, coalesce(a.qa_after_n, 0) AS qa_after_n, a.qa_after - a.qa_before AS uptake, t.source, t.source_row
FROM taken t LEFT JOIN around a USING (row_no) WHERE t.team IS NOT NULL
"""


def make_agent_days(
    con: duckdb.DuckDBPyConnection,
    agents: str,
    first_us: int,
    last_us: int,
    zone_of: ZoneOf,
    dates_zone: str | None = None,
    target: str = "agent_days",
) -> None:
    """Make ``agent_days``: one row per agent, team and local day in service, from ``first_us`` to ``last_us`` (UTC).

    Key: team, agent, day_on. Columns: team, agent, day_at (UTC instant at which the day begins for the team), day_on,
    joined_at, left_at, joined_today, left_today, source and source_row (of the agent). Rows over a period / its days
    are the mean headcount; rows with left_today are the leavers. Sorted by team and day.

    The first day and the day of leaving are days in service. An agent without a first day was there from the start,
    one without a last day stays to the end. ``first_us`` and ``last_us`` are the first row of the data and as_of, so
    the size is agents x days. ``dates_zone`` is the zone in which days without a time were read: midnight there may be
    the day before for the team; None takes the team's own.

    Traps: an agent who changes teams leaves one and joins another, in both counts. Who
    left before the data begin has no row. An agent list that leaves out former agents shows no leavers at all.
    """
    served, bounds = f"{target}_served", f"{target}_bounds"
    known = "SELECT team, agent, joined_at, left_at, source, source_row FROM " + agents
    read_in = zone_of if dates_zone is None else lambda team: dates_zone
    with_local_days(con, known, "agent", ("joined_at", "left_at"), read_in, served)
    _lay_out_bounds(con, served, bounds, (first_us, last_us), zone_of)
    staged = f"{target}_sorted"
    make_sorted(con, DAYS_SQL.format(agents=served, bounds=bounds), "day, agent", staged)
    lay_beside(con, staged, {"day_at": _midnights(con, staged)}, f"{target}_days")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {target} AS
        SELECT team, agent, day_at, DATE '1970-01-01' + CAST(day AS INTEGER) AS day_on,
            joined_at, left_at, coalesce(day_on = joined_on, FALSE) AS joined_today,
            coalesce(day_on = left_on, FALSE) AS left_today, source, source_row
        FROM {target}_days
    """)
    for name in (served, bounds, f"{target}_days"):
        con.execute(f"DROP TABLE {name}")


def make_trainings(
    con: duckdb.DuckDBPyConnection,
    training: str,
    agents: str | None,
    scored_reviews: str,
    zone_of: ZoneOf,
    days: int = UPTAKE_DAYS,
    target: str = "trainings",
) -> None:
    """Make ``trainings``: one row per course taken by an agent. Key: agent, course, taken_at.

    Columns: team, agent, course, taken_at, taken_on (the team's local day), window_end_at (taken_at + ``days``),
    score_share (of the course's own test), passed, qa_before and qa_before_n (mean and number of the agent's scored
    reviews of kind 'review' in the ``days`` before taken_at), qa_after and qa_after_n (from taken_at on), uptake
    (qa_after - qa_before; NULL when either side has no review), source, source_row. Sorted by team and time.

    A course without a team takes that of its agent, if the agent is in one team only; else it is left out. Traps:
    uptake is not known before window_end_at: compare with as_of. A review may judge work from before the course. Who is
    sent on a course because of bad reviews will improve without it too. Courses less than ``days`` apart share
    reviews.
    """
    rows = TRAINING_SQL.format(
        training=training, agents=agents or _NO_AGENTS, reviews=scored_reviews, window_us=days * DAY_US
    )
    with_local_days(con, rows, "taken_at, agent, course", ("taken_at",), zone_of, target)


_NO_AGENTS = "(SELECT NULL::VARCHAR AS agent, NULL::VARCHAR AS team WHERE FALSE)"


def _lay_out_bounds(
    con: duckdb.DuckDBPyConnection, agents: str, target: str, span_us: tuple[int, int], zone_of: ZoneOf
) -> None:
    """The first and last local day of the span in each team, and the team's zone."""
    teams = [team for (team,) in con.execute(f"SELECT DISTINCT team FROM {agents} ORDER BY team").fetchall()]
    days = [local_day(np.array(span_us, dtype=np.int64), zone_of(team)).tolist() for team in teams]
    columns = {
        "team": pa.array(teams, pa.string()),
        "zone": pa.array([zone_of(team) for team in teams], pa.string()),
        "first_day": pa.array([first for first, _ in days], pa.int64()),
        "last_day": pa.array([last for _, last in days], pa.int64()),
    }
    con.register("made_bounds", pa.table(columns))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {target} AS SELECT * FROM made_bounds")
    con.unregister("made_bounds")


def _midnights(con: duckdb.DuckDBPyConnection, relation: str) -> pa.Array:
    """The UTC instant at which each row's local day begins."""
    found = con.sql(f"SELECT zone, day FROM {relation}").to_arrow_table()
    days, zones = found["day"].to_numpy(), found["zone"].combine_chunks().dictionary_encode()
    instants = np.zeros(len(days), dtype=np.int64)
    for code, zone in enumerate(zones.dictionary.to_pylist()):
        rows = zones.indices.to_numpy(zero_copy_only=False) == code
        instants[rows] = to_utc(days[rows] * DAY_US, zone)[0]
    return pa.array(instants).cast(pa.timestamp("us", "UTC"))
