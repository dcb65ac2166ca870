"""Pending time: how long a ticket waited for its customer, so that a clock can leave it out.

In come the event log and the finished tickets, out come the tickets with ``pauses``: for each ticket whose log tells,
the spells in which it waited, with the reading of the team's business clock at both ends. A status that
``[pending] statuses`` names begins a spell; the customer's next message, another status, a resolution, closing or
reopening ends it. Spells lie between the creation and the last resolution; one that has not ended has no end, so that
it grows until as_of. A log without such a status tells nothing, and the ticket's own ``pending_seconds`` stands.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb
import numpy as np
import pyarrow as pa

from auditkit.config import Config
from auditkit.facts.enrich import TeamFrame
from auditkit.facts.readings import team_clock

PAUSE = "STRUCT(from_us BIGINT, to_us BIGINT, from_open DOUBLE, to_open DOUBLE)[]"
UNTOLD_SQL = "CREATE OR REPLACE TEMP VIEW {target} AS SELECT *, CAST(NULL AS " + PAUSE + ") AS pauses FROM {tickets}"
# A mark says from when on the ticket waits for its customer, or no longer does.
SPELLS_SQL = """
CREATE OR REPLACE TEMP TABLE pending_spells AS
WITH marks AS (
    SELECT ticket_id, "at", source_row, CASE
        WHEN kind = 'status' AND list_contains($statuses, lower(trim("value"))) THEN TRUE
        WHEN kind IN ('status', 'resolve', 'close', 'reopen') OR (kind = 'public_reply' AND actor = 'customer')
            THEN FALSE END AS pending
    FROM {events}),
told AS (
    SELECT t.ticket_id, t.team, epoch_us(m."at") AS from_us, m.pending, epoch_us(t.created_at) AS created_us,
        epoch_us(t.resolved_at) AS resolved_us, epoch_us(lead(m."at") OVER (
            PARTITION BY m.ticket_id ORDER BY m."at", m.source_row)) AS next_us
    FROM marks m JOIN {tickets} t USING (ticket_id) WHERE m.pending IS NOT NULL)
SELECT team, ticket_id, greatest(from_us, created_us) AS from_us, least(next_us, resolved_us) AS to_us
FROM told WHERE pending AND coalesce(least(next_us, resolved_us) > greatest(from_us, created_us), TRUE)
ORDER BY team, ticket_id, from_us
"""
# Tickets in a log of a team whose log knows such statuses; those without a spell never waited.
JOINED_SQL = """
CREATE OR REPLACE TEMP VIEW {target} AS
SELECT t.*, CASE WHEN p.pauses IS NOT NULL THEN p.pauses WHEN k.ticket_id IS NOT NULL THEN [] END AS pauses
FROM {tickets} t
LEFT JOIN (SELECT ticket_id, list({{'from_us': from_us, 'to_us': to_us, 'from_open': from_open, 'to_open': to_open}}
    ORDER BY from_us)::{pause} AS pauses FROM pending_readings GROUP BY ticket_id) p USING (ticket_id)
LEFT JOIN (SELECT DISTINCT e.ticket_id FROM {events} e) k USING (ticket_id)
"""
TEAMS_SQL = """
SELECT DISTINCT t.team FROM {events} e JOIN {tickets} t USING (ticket_id)
WHERE e.kind = 'status' AND list_contains($statuses, lower(trim(e."value")))
"""


def with_pauses(
    con: duckdb.DuckDBPyConnection,
    events: str | None,
    tickets: str,
    target: str,
    config: Config,
    teams: Mapping[str, TeamFrame],
) -> bool:
    """Create ``target``: the tickets with their pauses. Returns whether the log told of any.

    A spell that ends after the data do has ended all the same: what is known at as_of is cut there by the engine.
    """
    statuses = {"statuses": [one.casefold() for one in config.pending.statuses]}
    told = _teams(con, events, tickets, statuses) if events is not None else []
    if not told:
        con.execute(UNTOLD_SQL.format(tickets=tickets, target=target))
        return False
    con.execute(SPELLS_SQL.format(events=events, tickets=tickets), statuses)
    _read_clocks(con, config, teams)
    names = ", ".join("'" + team.replace("'", "''") + "'" for team in told)
    logged = f"(SELECT e.* FROM {events} e JOIN {tickets} o USING (ticket_id) WHERE o.team IN ({names}))"
    con.execute(JOINED_SQL.format(events=logged, tickets=tickets, target=target, pause=PAUSE))
    return True


def _teams(con: duckdb.DuckDBPyConnection, events: str, tickets: str, statuses: Mapping) -> list[str]:
    rows = con.execute(TEAMS_SQL.format(events=events, tickets=tickets), statuses).fetchall()
    return sorted(team for (team,) in rows if team is not None)


def _read_clocks(con: duckdb.DuckDBPyConnection, config: Config, teams: Mapping[str, TeamFrame]) -> None:
    """``pending_readings``: the spells with the open seconds of the team's clock at both ends, NULL without hours."""
    spells = con.sql("SELECT * FROM pending_spells").to_arrow_table()
    team = np.array(spells["team"].to_pylist(), dtype=object)
    readings = {"from_open": np.full(len(team), np.nan), "to_open": np.full(len(team), np.nan)}
    for name in dict.fromkeys(team.tolist()):
        frame, own = teams[name], np.flatnonzero(team == name)
        clock = team_clock(config, name, frame.first_us, frame.last_us)
        for edge in ("from", "to") if clock is not None else ():
            instants = spells[f"{edge}_us"].take(own)
            known = own[instants.is_valid().to_numpy(zero_copy_only=False)]
            at = np.clip(instants.drop_null().to_numpy(), clock.first_us, clock.last_us)
            readings[f"{edge}_open"][known] = clock.reading(at) / 1e6
    columns = {name: pa.array(values, from_pandas=True) for name, values in readings.items()}
    made = pa.table(
        {"ticket_id": spells["ticket_id"], "from_us": spells["from_us"], "to_us": spells["to_us"]} | columns
    )
    con.register("pending_given", made)
    con.execute("CREATE OR REPLACE TEMP TABLE pending_readings AS SELECT * FROM pending_given")
    con.unregister("pending_given")
