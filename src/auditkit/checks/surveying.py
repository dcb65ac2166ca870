"""Patterns in who is asked and which answers count: they make customers look more content than they are.

Answers withdrawn after they were bad, tickets handed to somebody else once the bad score was in, surveys that are not
sent where the answer would be bad. Scores in the lowest third of their scale are low.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from auditkit.checks.chance import SURE, stands_out, too_few
from auditkit.checks.telling import ROWS_TOLD, first_rows, share, whole
from auditkit.config import Config
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.relations import POPULATION
from auditkit.translation import N_

LOW = "score <= scale_min + (scale_max - scale_min) / 3"
OF_CUSTOMERS = "kind IN ('csat', 'ces', 'nps', 'touchpoint')"
WITHDRAWN_TIMES = 2
REASSIGNED_TIMES = 2
REASSIGNED_MINIMUM = 5
NOT_SENT_SHARE = 0.8  # of the surveys that the team's other tickets of the same channel and month would lead to expect
NOT_SENT_MINIMUM = 10  # surveys missing: fewer move no figure
SLOW = 0.8  # the slowest fifth of a team's tickets


def invalidated_low_scores(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Answers are withdrawn far more often when the score is low.

    Exact test of the low scores against all others, over the customers' surveys of a team.
    """
    for team, low, low_out, other, other_out, rows in con.execute(f"""
        SELECT team, count(*) FILTER (low), count(*) FILTER (low AND invalidated),
            count(*) FILTER (NOT low), count(*) FILTER (NOT low AND invalidated),
            min(source_row, {ROWS_TOLD}) FILTER (low AND invalidated)
        FROM (SELECT team, source_row, invalidated, {LOW} AS low FROM checked_surveys WHERE {OF_CUSTOMERS})
        WHERE low IS NOT NULL GROUP BY team ORDER BY team
    """).fetchall():
        if stands_out(low_out, low, other_out, other, WITHDRAWN_TIMES):
            words = said_n(
                "{hits} of {count} answer to {team} with a low score were withdrawn ({share}); of the other {others}, "
                "{other_hits} ({other_share}). The scores that count are too good.",
                "{hits} of {count} answers to {team} with a low score were withdrawn ({share}); of the other {others}, "
                "{other_hits} ({other_share}). The scores that count are too good.",
                low,
                hits=low_out,
                team=team,
                share=share(low_out, low),
                others=other,
                other_hits=other_out,
                other_share=share(other_out, other),
            )
            remedy = N_("Ask who may withdraw an answer, and why these were; count them again.")
            place = f"team {team}"
            yield Notice("invalidated_low_scores", "high", "surveys", place, words, low_out, first_rows(rows), remedy)


def reassigned_after_low_score(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A ticket gets another agent after a low score, far more often than after other scores.

    From the event log: an assignment or transfer later than the answer, to somebody else than before. Exact test of
    low scores against the others, of tickets that are in the log.
    """
    for team, low, low_moved, other, other_moved, rows in con.execute(f"""
        WITH scored AS (SELECT team, source, source_row, ticket_id, agent, answered_at, {LOW} AS low
            FROM checked_surveys WHERE ticket_id IS NOT NULL AND answered_at IS NOT NULL AND {OF_CUSTOMERS}),
        given AS (SELECT ticket_id, "at", coalesce("value", agent) AS holder
            FROM checked_ticket_events WHERE kind IN ('assign', 'transfer')),
        moves AS (SELECT s.team, s.source_row, s.low, arg_max(holder, "at") FILTER ("at" > answered_at) AS after,
                coalesce(arg_max(holder, "at") FILTER ("at" <= answered_at), any_value(s.agent)) AS before
            FROM scored s JOIN given USING (ticket_id) GROUP BY s.team, s.source, s.source_row, s.low)
        SELECT team, count(*) FILTER (low), count(*) FILTER (low AND moved), count(*) FILTER (NOT low),
            count(*) FILTER (NOT low AND moved), min(source_row, {ROWS_TOLD}) FILTER (low AND moved)
        FROM (SELECT *, after IS NOT NULL AND after IS DISTINCT FROM before AS moved FROM moves)
        GROUP BY team ORDER BY team
    """).fetchall():
        if stands_out(low_moved, low, other_moved, other, REASSIGNED_TIMES, least=REASSIGNED_MINIMUM):
            words = said_n(
                "After {hits} of {count} low score ({share}) the ticket of {team} was given to another agent; after "
                "the other scores in {others}. Figures by agent put the score on somebody else.",
                "After {hits} of {count} low scores ({share}) the ticket of {team} was given to another agent; after "
                "the other scores in {others}. Figures by agent put the score on somebody else.",
                low,
                hits=low_moved,
                share=share(low_moved, low),
                team=team,
                others=share(other_moved, other),
            )
            remedy = N_("Read these tickets in the log: was there work left, or was the score moved?")
            place = f"team {team}"
            yield Notice("reassigned_after_low_score", "high", "surveys", place, words, low_moved, first_rows(rows),
                remedy)  # fmt: skip


def survey_not_sent(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Resolved tickets that went badly, took long or belong to one agent get far fewer surveys than the team's others.

    Comparison within channel and month (Mantel and Haenszel), so that a rule by channel or a survey that began half-way
    explains nothing away and accuses nobody. Only where the surveys tell their ticket, and unanswered ones are listed.
    """
    told = {}
    for team, what, tests, tickets, surveyed, expected, variance in con.execute(_NOT_SENT).fetchall():
        few = surveyed <= NOT_SENT_SHARE * expected and expected - surveyed >= NOT_SENT_MINIMUM
        if few and too_few(surveyed, expected, variance) < SURE / tests:
            told[team, what] = int(tickets), int(surveyed), expected
    rows = {(team, what): rows for team, what, rows in con.execute(_UNASKED).fetchall()} if told else {}
    for (team, what), (tickets, surveyed, expected) in told.items():
        agent = config.agent(what.removeprefix("agent "))
        words = said(
            "{surveyed} of {tickets} {which} in {team} were followed by a survey; {expected} would be if they were "
            "treated as the team's others of the same channel and month.",
            surveyed=surveyed,
            tickets=tickets,
            which=said(_GROUPS[what]) if what in _GROUPS else said("tickets of one agent ({agent})", agent=agent),
            team=team,
            expected=whole(expected),
        )
        place = f"team {team}" if what in _GROUPS else f"team {team}, {agent}"
        yield Notice("survey_not_sent", "high", "tickets", place, words, tickets - surveyed,
            first_rows(rows[team, what]), N_("Ask which rule decides who is asked."))  # fmt: skip


_GROUPS = {
    "bad": N_("tickets with a complaint, an escalation, a reopening or a failure"),
    "slow": N_("tickets of the slowest fifth"),
}
# The resolved tickets of teams that list whom they asked, while they asked anybody.
_RESOLVED = f"""
WITH asked AS (SELECT DISTINCT team, ticket_id FROM checked_surveys
    WHERE ticket_id IS NOT NULL AND {OF_CUSTOMERS}),
known AS (SELECT team, min(sent_on) AS first, max(sent_on) AS last FROM checked_surveys
    WHERE ticket_id IS NOT NULL AND {OF_CUSTOMERS} GROUP BY team HAVING count(*) FILTER (answered_at IS NULL) > 0),
through AS (SELECT t.*, coalesce(complaint, FALSE) OR coalesce(escalated, FALSE) OR coalesce(reopens > 0, FALSE)
        OR coalesce(outcome = 'failure', FALSE) AS bad
    FROM checked_tickets t JOIN known k ON t.team = k.team AND t.resolved_on BETWEEN k.first AND k.last
    WHERE {POPULATION["tickets"]}),
limits AS (SELECT team, quantile_cont(resolution_seconds, {SLOW}) AS slow FROM through GROUP BY team),
resolved AS (SELECT t.team, t.source_row, t.agent, bad, resolution_seconds > limits.slow AS slow,
        a.ticket_id IS NOT NULL AS asked, (coalesce(t.channel, ''), date_trunc('month', t.resolved_on)) AS stratum
    FROM through t JOIN limits ON t.team = limits.team
    LEFT JOIN asked a ON a.team = t.team AND a.ticket_id = t.ticket_id)"""


def _parts(columns: str, relation: str) -> str:
    """SQL: the rows once for each group that they belong to."""
    return f"""SELECT team, 'bad' AS what, {columns} FROM {relation} WHERE bad
        UNION ALL SELECT team, 'slow', {columns} FROM {relation} WHERE slow
        UNION ALL SELECT team, 'agent ' || agent, {columns} FROM {relation} WHERE agent IS NOT NULL"""


_NOT_SENT = f"""{_RESOLVED},
cells AS (SELECT team, stratum, agent, bad, slow, count(*) AS n, count(*) FILTER (asked) AS x
    FROM resolved GROUP BY ALL),
strata AS (SELECT team, stratum, CAST(sum(n) AS DOUBLE) AS everything, CAST(sum(x) AS DOUBLE) AS sent
    FROM cells GROUP BY ALL),
agents AS (SELECT team, agent FROM cells GROUP BY ALL HAVING sum(n) >= {NOT_SENT_MINIMUM}),
many AS (SELECT c.* REPLACE (a.agent AS agent)
    FROM cells c LEFT JOIN agents a ON c.team = a.team AND c.agent = a.agent),
groups AS (SELECT team, what, stratum, CAST(sum(n) AS DOUBLE) AS n, sum(x) AS x
    FROM ({_parts("stratum, n, x", "many")}) GROUP BY ALL)
SELECT team, what, count(*) OVER (PARTITION BY team), sum(n), sum(x), sum(n * sent / everything),
    coalesce(sum(n * (everything - n) * sent * (everything - sent) / (everything * everything * (everything - 1)))
        FILTER (everything > 1), 0)
FROM groups JOIN strata USING (team, stratum) GROUP BY team, what ORDER BY team, what
"""
_UNASKED = f"""{_RESOLVED}
SELECT team, what, min(source_row, {ROWS_TOLD}) FROM ({_parts("source_row, asked", "resolved")}) WHERE NOT asked
GROUP BY ALL
"""
