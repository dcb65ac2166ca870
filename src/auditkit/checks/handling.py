"""Patterns in how tickets are handled: split, left out, closed though nobody answered.

Each would count more work, or hide bad work, without a customer being served. A team is compared with what its own
other months, customers and agents show, by exact tests whose thresholds stand beside them.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from auditkit.checks.chance import SURE, binomial_tail, stands_out
from auditkit.checks.telling import ROWS_TOLD, duration, first_rows, share
from auditkit.clocks.period import parse_period
from auditkit.config import Config
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.relations import POPULATION
from auditkit.translation import N_, Said

SPLIT_MINUTES = 10  # a second ticket about the same matter so soon is not a second question
SPLIT_COMPARED = 60  # the minutes after these, in which as many would come if customers came back by chance
SPLIT_SHARE = 0.01  # of the team's tickets: fewer move no figure
EXCLUDED_SHARE = 0.1  # one ticket in ten merged, deleted or otherwise left out
EXCLUDED_TIMES = 2
EXCLUDED_MINIMUM = 10
# Spam and bots come in waves that no team makes.
WAVES = ("spam", "bot-only")
REASONS = {"merged": N_("merged"), "deleted": N_("deleted"), "test": N_("test"), "internal": N_("internal")}
# One in a hundred settles itself (a question withdrawn, a double); twice as many are a way of working.
UNANSWERED_ORDINARY = 0.01
UNANSWERED_SHARE = 0.02
UNANSWERED_TIMES = 3
UNANSWERED_MINIMUM = 5


def split_tickets(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Several tickets of one customer about one matter within minutes, from one source.

    Exact binomial test, customer by customer: those with such a pair against those whose next ticket came in the hour
    after those minutes. Customers who come back by chance do so as often in one minute as in another.
    """
    reach = 60 * (SPLIT_MINUTES + SPLIT_COMPARED)
    expected = SPLIT_MINUTES / (SPLIT_MINUTES + SPLIT_COMPARED)
    for team, customers, later, split, everything, rows in con.execute(f"""
        WITH near AS (SELECT team, customer_id, source_row, (epoch_us(created_at) - lag(epoch_us(created_at)) OVER
                (PARTITION BY team, source, customer_id, coalesce(reason, subject) ORDER BY created_at, source_row))
                / 60e6 AS gap
            FROM checked_tickets WHERE (seconds_since_contact <= {reach} OR seconds_to_contact <= {reach})
            AND customer_id IS NOT NULL AND coalesce(reason, subject) IS NOT NULL AND {POPULATION["tickets"]}),
        people AS (SELECT team, customer_id, count(*) FILTER (gap <= {SPLIT_MINUTES}) AS split,
                bool_or(gap <= {SPLIT_MINUTES + SPLIT_COMPARED}) AS soon,
                min(source_row, {ROWS_TOLD}) FILTER (gap <= {SPLIT_MINUTES}) AS rows
            FROM near GROUP BY ALL),
        everything AS (SELECT team, count(*) AS n FROM checked_tickets
            WHERE customer_id IS NOT NULL AND {POPULATION["tickets"]} GROUP BY team)
        SELECT team, count(*) FILTER (split > 0), count(*) FILTER (split = 0), sum(split), any_value(n),
            flatten(list(rows ORDER BY rows) FILTER (split > 0))
        FROM people JOIN everything USING (team) WHERE soon GROUP BY team ORDER BY team
    """).fetchall():
        split = int(split)
        if split >= SPLIT_SHARE * everything and binomial_tail(customers, customers + later, expected) < SURE:
            words = said_n(
                "{count} ticket of {team} ({share}) came within {short} of another of the same customer about the same "
                "matter, from {customers}; only {later} came back in the {next} after that. One contact counts as "
                "several.",
                "{count} tickets of {team} ({share}) came within {short} of another of the same customer about the "
                "same matter, from {customers}; only {later} came back in the {next} after that. One contact counts as "
                "several.",
                split,
                team=team,
                share=share(split, everything),
                short=duration(60 * SPLIT_MINUTES),
                customers=said_n("{count} customer", "{count} customers", customers),
                later=later,
                next=duration(60 * SPLIT_COMPARED),
            )
            remedy = N_("Ask who opens them: a form sent twice, or one request cut into several tickets?")
            yield Notice("split_tickets", "high", "tickets", f"team {team}", words, split, first_rows(rows), remedy)


def excluded_share(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A large part of a team's tickets is merged, deleted or otherwise left out (spam and bots apart)."""
    for team, everything, left_out, reasons, rows in con.execute(f"""
        WITH reasons AS (SELECT team, excluded, count(*) AS n, {_foreign("excluded")} AS counts,
            min(source_row, {ROWS_TOLD}) AS rows FROM checked_tickets GROUP BY ALL)
        SELECT team, sum(n), sum(n) FILTER (counts), list({{'reason': excluded, 'n': n}} ORDER BY n DESC, excluded)
            FILTER (counts), flatten(list(rows) FILTER (counts))
        FROM reasons GROUP BY team HAVING sum(n) FILTER (counts) >= {EXCLUDED_MINIMUM} ORDER BY team
    """).fetchall():
        if left_out >= EXCLUDED_SHARE * everything:
            words = said_n(
                "{count} ticket of {team} ({share}) is left out of every figure: {reasons}.",
                "{count} tickets of {team} ({share}) are left out of every figure: {reasons}.",
                int(left_out),
                team=team,
                share=share(left_out, everything),
                reasons=tuple(said("{reason} {n}", reason=_reason(one["reason"]), n=one["n"]) for one in reasons),
            )
            remedy = N_("Read some of them: what was merged or deleted, and would it have counted against the team?")
            yield Notice("excluded_share", "medium", "tickets", f"team {team}", words, int(left_out), first_rows(rows),
                remedy)  # fmt: skip


def excluded_jump(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A month in which far more tickets are merged, deleted or otherwise left out than in the others.

    Exact test of each month against the team's other months, reason by reason, corrected for both; spam and bots come
    in waves by nature.
    """
    for team, reason, month, tests, hits, tries, all_hits, all_tries, rows in con.execute(f"""
        WITH months AS (SELECT team, strftime(created_on, '%Y-%m') AS month, count(*) AS n FROM checked_tickets
            GROUP BY ALL),
        reasons AS (SELECT team, excluded, strftime(created_on, '%Y-%m') AS month, count(*) AS hits,
            min(source_row, {ROWS_TOLD}) AS rows
            FROM checked_tickets WHERE {_foreign("excluded")} GROUP BY ALL),
        every AS (SELECT *, sum(n) OVER (PARTITION BY team) AS total FROM months)
        SELECT team, excluded, month, count(*) OVER (PARTITION BY team), hits, n,
            sum(hits) OVER (PARTITION BY team, excluded), total, rows
        FROM reasons JOIN every USING (team, month) ORDER BY team, excluded, month
    """).fetchall():
        others = (int(all_hits) - hits, int(all_tries) - tries)
        if stands_out(hits, tries, *others, EXCLUDED_TIMES, tests=tests, least=EXCLUDED_MINIMUM):
            words = said(
                "In {month}, {share} of {team}'s tickets ({hits} of {tries}) are left out as {reason}; in the other "
                "months {others}.",
                month=parse_period(month),
                share=share(hits, tries),
                team=team,
                hits=hits,
                tries=tries,
                reason=_reason(reason),
                others=share(*others),
            )
            remedy = N_("Ask what happened in that month, and read some of these tickets.")
            place = f"team {team}, {month}"
            yield Notice("excluded_jump", "medium", "tickets", place, words, hits, first_rows(rows), remedy)


def resolved_with_no_reply(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """More resolved tickets than settle themselves were never answered, in a team whose source knows replies.

    Exact binomial test against the ordinary share.
    """
    for team, tries, hits, rows in con.execute(f"""
        SELECT team, count(*), count(*) FILTER (first_response_at IS NULL),
            min(source_row, {ROWS_TOLD}) FILTER (first_response_at IS NULL)
        FROM checked_tickets WHERE resolved_at IS NOT NULL AND {POPULATION["tickets"]}
        GROUP BY team HAVING count(first_response_at) > 0 ORDER BY team
    """).fetchall():
        if hits >= UNANSWERED_SHARE * tries and binomial_tail(hits, tries, UNANSWERED_ORDINARY) < SURE:
            words = said_n(
                "{hits} of {count} ticket that {team} resolved ({share}) never got a public reply.",
                "{hits} of {count} tickets that {team} resolved ({share}) never got a public reply.",
                tries,
                hits=hits,
                team=team,
                share=share(hits, tries),
            )
            remedy = N_("Read some of them: settled by itself, or closed to be rid of?")
            yield Notice("resolved_with_no_reply", "medium", "tickets", f"team {team}", words, hits, first_rows(rows),
                remedy)  # fmt: skip


def agent_resolves_without_reply(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """An agent who resolves tickets that nobody answered far more often than the rest of the team.

    Exact test of each agent against the others, corrected for the number of agents.
    """
    for team, agent, agents, hits, tries, all_hits, all_tries, rows in con.execute(f"""
        SELECT team, agent, count(*) OVER of_team, hits, tries, sum(hits) OVER of_team, sum(tries) OVER of_team, rows
        FROM (SELECT team, agent, count(*) FILTER (first_response_at IS NULL) AS hits, count(*) AS tries,
                min(source_row, {ROWS_TOLD}) FILTER (first_response_at IS NULL) AS rows
            FROM checked_tickets WHERE resolved_at IS NOT NULL AND agent IS NOT NULL AND {POPULATION["tickets"]}
            GROUP BY ALL)
        WINDOW of_team AS (PARTITION BY team) QUALIFY hits >= {UNANSWERED_MINIMUM} ORDER BY team, agent
    """).fetchall():
        others = (int(all_hits) - hits, int(all_tries) - tries)
        if stands_out(hits, tries, *others, UNANSWERED_TIMES, tests=agents, least=UNANSWERED_MINIMUM):
            words = said_n(
                "{team}, {agent}: {hits} of {count} ticket ({share}) resolved though nobody ever replied; the others "
                "{others}.",
                "{team}, {agent}: {hits} of {count} tickets ({share}) resolved though nobody ever replied; the others "
                "{others}.",
                tries,
                agent=config.agent(agent),
                team=team,
                hits=hits,
                share=share(hits, tries),
                others=share(*others),
            )
            remedy = N_("Read some of these tickets: what became of the customer?")
            place = f"team {team}, {config.agent(agent)}"
            yield Notice("agent_resolves_without_reply", "high", "tickets", place, words, hits, first_rows(rows),
                remedy)  # fmt: skip


def _reason(name: str) -> Said:
    """Why a ticket is left out, as the schema names it."""
    return said(REASONS[name]) if name in REASONS else Said(name)


def _foreign(column: str) -> str:
    """SQL: left out, and not for a reason that comes in waves by itself."""
    return f"({column} IS NOT NULL AND {column} NOT IN {WAVES})"
