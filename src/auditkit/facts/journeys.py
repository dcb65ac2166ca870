"""Journeys: the contacts of one customer about one matter, across tickets and calls of a team, as one row each.

In come the finished relations of tickets, calls and surveys; out come three, each for the engine to count row by row:
``contacts`` (one row per contact, with its journey), ``journey_surveys`` (answers that belong to a contact) and
``journeys``. The rule of chaining is that of
chains.py. What was not known at an earlier instant is left out by ``journeys_sql``, which is also what makes the
stored relation: a journey is only ever a sum of its contacts.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import duckdb
import numpy as np
import pyarrow as pa

from auditkit.clocks.zones import DAY_US
from auditkit.facts.chains import changes_of, first_contacts, numbered, until_next
from auditkit.facts.columns import ZoneOf, coded, instants, lay_beside, local_days, make_sorted
from auditkit.facts.fold import empty_relation
from auditkit.measures.voice import CSAT, TOP_BOX
from auditkit.relations import POPULATION

GAP_DAYS = 14
SIDE_BY_SIDE = 2  # teams whose contacts are chained at a time

# A call that opened the ticket it is linked to is the same contact. It lends the ticket what that lacks; a later call
# about a ticket takes from it what the call lacks.
CONTACTS_SQL = """
WITH counted_calls AS (SELECT * FROM {calls} WHERE {calls_population}),
openers AS (
    SELECT t.team, t.ticket_id, arg_min(c.customer_id, (c.offered_at, c.call_id)) AS customer_id
    FROM {tickets} t JOIN counted_calls c
    ON c.ticket_id = t.ticket_id AND c.team = t.team AND c.offered_at <= t.created_at GROUP BY ALL)
SELECT t.team, t.created_at AS "at", 'ticket' AS kind, t.ticket_id AS id,
    coalesce(t.channel, CASE WHEN o.ticket_id IS NOT NULL THEN 'phone' END) AS channel, t.agent,
    coalesce(t.customer_id, o.customer_id) AS customer_id, t.reason, t.complaint, t.compliment,
    t.resolved_at AS ended_at, t.resolved_at IS NOT NULL AS resolved, t.source, t.source_row
FROM (SELECT * FROM {tickets} WHERE {tickets_population}) t LEFT JOIN openers o USING (team, ticket_id)
UNION ALL BY NAME
SELECT c.team, c.offered_at AS "at", 'call' AS kind, c.call_id AS id, 'phone' AS channel, c.agent,
    coalesce(c.customer_id, k.customer_id) AS customer_id, k.reason,
    coalesce(c.ended_at, make_timestamptz(
        coalesce(epoch_us(c.answered_at), epoch_us(c.offered_at) + CAST(1e6 * coalesce(c.wait_seconds, 0) AS BIGINT))
        + CAST(1e6 * (coalesce(c.talk_seconds, 0) + coalesce(c.hold_seconds, 0)) AS BIGINT))) AS ended_at,
    c.resolved, c.source, c.source_row
FROM counted_calls c LEFT JOIN {tickets} k ON c.ticket_id = k.ticket_id AND c.team = k.team
WHERE k.ticket_id IS NULL OR c.offered_at > k.created_at
"""

SURVEYS_SQL = """
SELECT s.team, s.response_id, s.kind, s.sent_at, s.answered_at, s.score, s.csat, s.csat_top_box,
    coalesce(t.journey_no, c.journey_no, o.journey_no) AS journey_no,
    coalesce(t.journey_id, c.journey_id, o.journey_id) AS journey_id,
    CASE WHEN t.id IS NULL AND c.id IS NOT NULL THEN 'call' ELSE 'ticket' END AS contact_kind,
    coalesce(t.id, c.id, o.id) AS contact_id, s.source, s.source_row
FROM (SELECT *, ({csat}) IS TRUE AS csat, ({csat} AND {top_box}) IS TRUE AS csat_top_box FROM {surveys}
    WHERE answered_at IS NOT NULL AND kind <> 'agent' AND {population}) s
LEFT JOIN {contacts} t ON t.team = s.team AND t.kind = 'ticket' AND t.id = s.ticket_id
LEFT JOIN {contacts} c ON c.team = s.team AND c.kind = 'call' AND c.id = s.call_id
LEFT JOIN {calls} l ON l.team = s.team AND l.call_id = s.call_id
LEFT JOIN {contacts} o ON o.team = l.team AND o.kind = 'ticket' AND o.id = l.ticket_id
WHERE coalesce(t.journey_no, c.journey_no, o.journey_no) IS NOT NULL
"""

# Most journeys have one contact and are read off it without being grouped, which halves the time.
JOURNEYS_SQL = """
WITH known AS (SELECT * {known} FROM {contacts} WHERE journey_no IS NOT NULL {begun}),
answers AS (
    SELECT journey_no, count(*) AS surveys_answered, count(*) FILTER (csat) AS csat_answers,
        count(*) FILTER (csat_top_box) AS csat_top_box
    FROM {surveys} {answered} GROUP BY journey_no),
chained AS (
    SELECT journey_no, team, journey_id, customer_id, "at" AS started_at, at_on AS started_on, "at" AS last_contact_at,
        ended_at, CASE WHEN ended_at IS NOT NULL THEN ended_on END AS ended_on, 1 AS contacts,
        CAST(kind = 'ticket' AS BIGINT) AS tickets, CAST(kind = 'call' AS BIGINT) AS calls, channel,
        channel AS last_channel, 0 AS channel_switches, CASE WHEN agent IS NOT NULL THEN 1 END AS agents, agent, reason,
        resolved, source, source_row
    FROM known WHERE alone
    UNION ALL
    SELECT journey_no, any_value(team), any_value(journey_id), any_value(customer_id), min("at"), min(at_on), max("at"),
        CASE WHEN bool_and(ended_at IS NOT NULL) THEN max(ended_at) END,
        CASE WHEN bool_and(ended_at IS NOT NULL) THEN arg_max(ended_on, ended_at) END, count(*),
        count(*) FILTER (kind = 'ticket'), count(*) FILTER (kind = 'call'), max(channel) FILTER (contact_no = 1),
        arg_max_null(channel, contact_no), count(*) FILTER (switched), nullif(count(DISTINCT agent), 0),
        max(agent) FILTER (contact_no = 1), max(reason),
        coalesce(bool_and(resolved) FILTER (kind = 'ticket'), arg_max_null(resolved, contact_no)),
        max(source) FILTER (contact_no = 1), max(source_row) FILTER (contact_no = 1)
    FROM known WHERE NOT alone GROUP BY journey_no)
SELECT team, journey_id, customer_id, started_at, started_on, ended_at, ended_on,
    (epoch_us(ended_at) - epoch_us(started_at)) / 1e6 AS lead_seconds, last_contact_at,
    (epoch_us(last_contact_at) - epoch_us(started_at)) / 1e6 + {gap_seconds} AS window_seconds,
    contacts, tickets, calls, channel, channel AS start_channel, last_channel, channel_switches, agents, agent, reason,
    resolved, coalesce(surveys_answered, 0) AS surveys_answered, coalesce(csat_answers, 0) AS csat_answers,
    coalesce(csat_top_box, 0) AS csat_top_box, source, source_row
FROM chained LEFT JOIN answers USING (journey_no)
"""
# At an earlier as_of: a contact that was not over then has no end, and nobody knew yet whether it settled anything.
_AS_OF = """REPLACE (CASE WHEN epoch_us(ended_at) <= {as_of} THEN ended_at END AS ended_at,
    CASE WHEN epoch_us(ended_at) <= {as_of} THEN resolved WHEN kind = 'ticket' THEN FALSE END AS resolved)"""
_NO_SURVEYS = "(SELECT NULL::BIGINT AS journey_no, FALSE AS csat, FALSE AS csat_top_box WHERE FALSE)"


def make_contacts(
    con: duckdb.DuckDBPyConnection,
    tickets: str | None,
    calls: str | None,
    zone_of: ZoneOf,
    gap_days: float = GAP_DAYS,
    target: str = "contacts",
) -> None:
    """Make ``contacts``: one row per contact of a customer with a team, a ticket or a call. Key: kind, id.

    Columns: team, at (created_at or offered_at), kind ('ticket' or 'call'), id, channel ('phone' of calls), agent,
    customer_id, reason, complaint, compliment (both NULL of calls), ended_at (last resolution of the ticket, end of the
    call), resolved, source, source_row, at_on, ended_on (local days), customer_no (a number for each customer_id),
    seconds_to_next (until the customer's next contact with the team, in this order; NULL when there is none),
    journey_no, journey_id, contact_no (1 is the journey's first), alone (no other contact in the journey), switched
    (another channel than the last known one before it in the journey). Sorted by team and time. Instants are UTC; days
    are the team's (``zone_of(team)``).

    Traps: only the population of definition.POPULATION is here. A call that opened the ticket it is linked to is not a
    contact of its own, nor is one that opened a ticket that is left out. A contact without a customer has no journey.
    Calls have no reason but that of the ticket they are linked to. Contacts at the same instant come tickets first,
    then by id.
    """
    staged = f"{target}_sorted"
    rows = CONTACTS_SQL.format(
        tickets=tickets or _nothing(con, "tickets"),
        calls=calls or _nothing(con, "calls"),
        tickets_population=POPULATION["tickets"],
        calls_population=POPULATION["calls"],
    )
    make_sorted(con, rows, '"at", kind DESC, id', staged)
    days = local_days(con, staged, ("at", "ended_at"), zone_of)
    lay_beside(con, staged, days | _chain_columns(con, staged, round(gap_days * DAY_US)), target)


def make_journeys(
    con: duckdb.DuckDBPyConnection,
    surveys: str | None,
    calls: str | None,
    gap_days: float = GAP_DAYS,
    contacts: str = "contacts",
    prefix: str = "journey",
) -> None:
    """Make ``journey_surveys`` and ``journeys`` of the relation that ``make_contacts`` made.

    ``journeys``: one row per journey. Key: journey_id, which is the kind and id of its first contact ('ticket:17').
    Columns: team, journey_id, customer_id, started_at, started_on, ended_at, ended_on (the last end among its contacts;
    NULL while any of them is not over), lead_seconds (ended_at - started_at), last_contact_at, window_seconds (from
    started_at until no further contact can join: compare with seconds_to_as_of), contacts, tickets, calls, channel and
    start_channel (of the first contact), last_channel, channel_switches, agents (different ones, NULL when none is
    known), agent (of the first contact), reason, resolved (every ticket is; of calls alone, what the last one says,
    NULL where it says nothing), surveys_answered, csat_answers, csat_top_box, source and source_row (of the first
    contact). Days are the team's.

    ``journey_surveys``: one row per answered and valid survey of a customer that names a ticket or call of a journey:
    team, response_id, kind, sent_at, answered_at, score, csat and csat_top_box (counted by the rule of the measure
    csat), journey_no, journey_id, contact_kind, contact_id, source, source_row. Key: response_id.

    Traps: a journey whose window was not over at as_of can still grow; leave it out of contacts per journey. The gap
    is between the beginnings of contacts, however long a ticket stays open. A ticket resolved before it was created
    gives a negative lead_seconds.
    """
    if surveys:
        rows = SURVEYS_SQL.format(
            surveys=surveys,
            contacts=contacts,
            calls=calls or _nothing(con, "calls"),
            csat=f"({CSAT.counted}) AND ({CSAT.complete})",
            top_box=f"({TOP_BOX})",
            population=POPULATION["surveys"],
        )
        con.execute(f"CREATE OR REPLACE TEMP TABLE {prefix}_surveys AS {rows} ORDER BY team, answered_at, response_id")
    made = journeys_sql(contacts, f"{prefix}_surveys" if surveys else None, gap_days)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {prefix}s AS {made} ORDER BY journey_no")


def journeys_sql(contacts: str, surveys: str | None, gap_days: float = GAP_DAYS, as_of_us: int | None = None) -> str:
    """The query that makes ``journeys``; with ``as_of_us`` (UTC microseconds) as they were known at that instant.

    It gives what ``make_contacts`` and ``make_journeys`` would have given then, because contacts only ever join what
    is earlier. ``gap_days`` must be that of the contacts.
    """
    begun = answered = known = ""
    if as_of_us is not None:
        known = _AS_OF.format(as_of=as_of_us)
        begun = f'AND epoch_us("at") <= {as_of_us}'
        answered = f"WHERE epoch_us(answered_at) <= {as_of_us}"
    return JOURNEYS_SQL.format(
        contacts=contacts,
        surveys=surveys or _NO_SURVEYS,
        known=known,
        begun=begun,
        answered=answered if surveys else "",
        gap_seconds=gap_days * DAY_US / 1e6,
    )


def _nothing(con: duckdb.DuckDBPyConnection, table: str) -> str:
    """An empty relation of a table that the workspace does not have."""
    empty_relation(con, table, f"{table}_nothing")
    return f"{table}_nothing"


def _chain_columns(con: duckdb.DuckDBPyConnection, relation: str, gap_us: int) -> dict[str, pa.Array]:
    """The columns that need the customer's other contacts, in the order of the rows.

    A team at a time, a few side by side: nobody has contacts with two teams in one journey, and the customers of one
    team fit in the processor's cache.
    """
    rows = con.sql(f"SELECT customer_id, reason, channel FROM {relation}").to_arrow_table()
    time = instants(con, relation, "at")
    chains = _Chains.of(len(time))
    teams = con.execute(f"SELECT team, count(*) FROM {relation} GROUP BY team ORDER BY team").fetchall()
    bounds = np.concatenate([[0], np.cumsum([count for _, count in teams])]).tolist()
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        done = [pool.submit(chains.fill, slice(*own), time, rows, gap_us) for own in pairwise(bounds)]
        for one in done:
            one.result()
    outside = chains.first < 0
    ids = con.sql(f"SELECT kind || ':' || id AS name FROM {relation}").to_arrow_table()["name"].combine_chunks()
    return {
        "customer_no": pa.array(chains.customer, mask=outside),
        "seconds_to_next": pa.array(chains.until / 1e6, mask=chains.until < 0),
        "journey_no": pa.array(chains.first, mask=outside),
        "journey_id": ids.take(pa.array(chains.first, mask=outside)),
        "contact_no": pa.array(chains.number, mask=outside),
        "alone": pa.array(chains.alone, mask=outside),
        "switched": pa.array(chains.switched, mask=outside),
    }


@dataclass(frozen=True)
class _Chains:
    """What chaining tells of each contact; -1 and False of a contact without a customer."""

    first: np.ndarray
    until: np.ndarray
    customer: np.ndarray
    number: np.ndarray
    alone: np.ndarray
    switched: np.ndarray

    @classmethod
    def of(cls, rows: int) -> _Chains:
        numbers = (np.empty(rows, dtype=kind) for kind in (np.int64, np.int64, np.int32, np.int64))
        return cls(*numbers, *(np.zeros(rows, dtype=bool) for _ in range(2)))

    def fill(self, own: slice, time: np.ndarray, rows: pa.Table, gap_us: int) -> None:
        """Chain the contacts of one team, the rows ``own``."""
        customer, reason, channel = (coded(rows[name][own]) for name in ("customer_id", "reason", "channel"))
        first = first_contacts(time[own], customer, reason, gap_us)
        order, number = numbered(first)
        self.until[own] = until_next(time[own], customer)
        self.customer[own] = customer
        self.number[own.start + order] = number
        self.alone[own] = np.bincount(first[order], minlength=len(first))[first] == 1 if len(order) else False
        self.switched[own] = changes_of(order, first, channel)
        self.first[own] = np.where(first >= 0, first + own.start, -1)
