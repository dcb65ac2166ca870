"""Update cadence: was a customer with an open ticket told something every day.

In come the event log and the tickets; out comes one row per ticket and full 24 hours of being open, with whether an
agent wrote to the customer in them. It stands alone because it is the one relation that is longer than what it was
made from: a ticket that was open for a year has 365 rows.
"""

from __future__ import annotations

import duckdb

from auditkit.clocks.zones import DAY_US
from auditkit.facts.columns import ZoneOf, with_local_days
from auditkit.relations import POPULATION

# An agent's reply is known by its actor; an event without an actor is taken for an agent's, as in fold.py.
WINDOWS_SQL = """
WITH logs AS (
    SELECT t.team, min(epoch_us(e."at")) AS first_us, max(epoch_us(e."at")) AS last_us
    FROM {events} e JOIN {tickets} t USING (ticket_id) GROUP BY t.team HAVING bool_or(e.kind = 'public_reply')),
logged AS (
    SELECT t.ticket_id, epoch_us(t.created_at) AS created_us, l.first_us, l.last_us,
        epoch_us(coalesce(t.first_resolved_at, t.resolved_at, t.closed_at)) AS settled_us
    FROM (SELECT * FROM {tickets} WHERE {population}) t JOIN logs l USING (team)
    SEMI JOIN {events} e USING (ticket_id)),
turns AS (
    SELECT ticket_id, kind, epoch_us("at") AS from_us, min(CASE WHEN kind = 'reopen' THEN epoch_us("at") END) OVER (
        PARTITION BY ticket_id ORDER BY "at", kind = 'reopen' ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS to_us
    FROM {events} WHERE kind IN ('resolve', 'close', 'reopen')),
settled AS (SELECT ticket_id, from_us, to_us FROM turns WHERE kind <> 'reopen'),
ends AS (
    SELECT ticket_id, min(from_us) FILTER (to_us IS NULL) AS end_us, TRUE AS told FROM settled GROUP BY ticket_id),
open_until AS (
    SELECT l.*, least(l.last_us, CASE WHEN e.told THEN e.end_us ELSE l.settled_us END) AS until_us
    FROM logged l LEFT JOIN ends e USING (ticket_id)),
windows AS (
    SELECT ticket_id, created_us, first_us, unnest(range((until_us - created_us) // {day_us})) AS day_no
    FROM open_until WHERE until_us - created_us >= {day_us}),
touched AS (
    SELECT ticket_id, unnest(range((greatest(s.from_us, created_us) - created_us) // {day_us},
        (s.to_us - 1 - created_us) // {day_us} + 1)) AS day_no
    FROM settled s JOIN logged USING (ticket_id) WHERE s.to_us > created_us),
replies AS (
    SELECT DISTINCT l.ticket_id, (epoch_us(e."at") - l.created_us) // {day_us} AS day_no
    FROM {events} e JOIN logged l USING (ticket_id)
    WHERE e.kind = 'public_reply' AND coalesce(e.actor, 'agent') = 'agent' AND epoch_us(e."at") >= l.created_us),
kept AS (
    SELECT ticket_id, day_no, created_us + day_no * {day_us} AS start_us FROM windows
    ANTI JOIN touched USING (ticket_id, day_no) WHERE start_us >= first_us)
SELECT t.team, t.ticket_id, k.day_no + 1 AS day_no, make_timestamptz(k.start_us) AS "at",
    make_timestamptz(k.start_us + {day_us}) AS window_end_at, r.day_no IS NOT NULL AS updated,
    t.channel, t.agent, t.priority, t.type, t.source, t.source_row
FROM kept k JOIN {tickets} t USING (ticket_id) LEFT JOIN replies r ON r.ticket_id = k.ticket_id AND r.day_no = k.day_no
"""


def make_update_windows(
    con: duckdb.DuckDBPyConnection, events: str, tickets: str, zone_of: ZoneOf, target: str = "update_windows"
) -> None:
    """Make ``update_windows``: one row per ticket and full 24 hours that it was open, counted from its creation.

    Key: ticket_id, day_no (1 is the first 24 hours). Columns: team, ticket_id, day_no, at and window_end_at (the window
    is at <= t < window_end_at; UTC), at_on (the team's local day of ``at``), updated (an agent's public reply falls in
    it), channel, agent, priority, type, source and source_row (of the ticket). At an earlier as_of keep the rows whose
    window_end_at has passed; the rest is the same. Sorted by team and time.

    Left out: a window in which the ticket was resolved or closed at any moment, reopened tickets included (a window
    that ends at the very moment of the resolution is kept); windows that begin before the team's first event or end
    after its last, since the log says nothing there; tickets that the log does not know; teams whose log holds no
    public reply at all; what definition.POPULATION leaves out.

    Traps: a ticket from before the log in which nothing has happened since is unknown to it, which flatters. A ticket
    that was reopened, without events of resolving, counts until its first resolution only. The first response counts
    as an update. A weekend is two windows like any other.
    """
    rows = WINDOWS_SQL.format(events=events, tickets=tickets, population=POPULATION["tickets"], day_us=DAY_US)
    with_local_days(con, rows, '"at", ticket_id', ("at",), zone_of, target)
