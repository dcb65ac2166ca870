"""Patterns in calls: answered, and over at once.

A call that is picked up and put down counts as answered, within the target, and short; nobody was helped. The data
do not say who hung up, so the check tells what to listen to and accuses nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import duckdb

from auditkit.checks.chance import SURE, binomial_tail, stands_out
from auditkit.checks.telling import ROWS_TOLD, duration, first_rows, share
from auditkit.config import Config
from auditkit.labels import said_n
from auditkit.notices import Notice
from auditkit.relations import POPULATION
from auditkit.translation import N_

SHORT_SECONDS = 10
SHORT_TIMES = 1.5  # against the next ten seconds, of which a smooth distribution has about as many
SHORT_SHARE = 0.01  # wrong numbers exist; one answered call in a hundred that ends at once is more
SHORT_TIMES_OTHERS = 3
SHORT_MINIMUM = 5
LISTEN = N_("Listen to some of these calls, or ask the phone system who hung up.")
TALK = """coalesce(talk_seconds, CASE WHEN ended_at >= answered_at
    THEN (epoch_us(ended_at) - epoch_us(answered_at)) / 1e6 END)"""


def call_ended_at_once(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Answered calls of at most ten seconds, more than the distribution of talk allows.

    For a team: exact binomial test against the next ten seconds, where a smooth distribution has about as many. For
    an agent: exact test against the rest of the team, corrected for the number of agents.
    """
    found = con.execute(f"""
        SELECT team, agent, short, n, rows, sum(short) OVER of_team, sum(more) OVER of_team, sum(n) OVER of_team,
            count(*) OVER of_team
        FROM (SELECT team, agent, count(*) FILTER (talk <= {SHORT_SECONDS}) AS short,
                count(*) FILTER (talk > {SHORT_SECONDS} AND talk <= {2 * SHORT_SECONDS}) AS more, count(*) AS n,
                min(source_row, {ROWS_TOLD}) FILTER (talk <= {SHORT_SECONDS}) AS rows
            FROM (SELECT team, agent, source_row, {TALK} AS talk FROM checked_calls
                WHERE answered AND {POPULATION["calls"]}) WHERE talk >= 0 GROUP BY ALL)
        WINDOW of_team AS (PARTITION BY team) QUALIFY short > 0 ORDER BY team, agent
    """).fetchall()
    for team, rows in groupby(found, key=lambda row: row[0]):
        own = list(rows)
        yield from _of_team(team, own)
        for row in own:
            yield from _of_agent(config, *row)


def _of_team(team: str, own: list[tuple]) -> Iterator[Notice]:
    short, more, everything = (int(number) for number in own[0][5:8])
    if short < max(SHORT_SHARE * everything, SHORT_TIMES * more) or binomial_tail(short, short + more, 0.5) >= SURE:
        return
    words = said_n(
        "{count} call of {team} ({share} of those answered) ended within {short} of talk, {more} in the next {short}: "
        "they count as answered.",
        "{count} calls of {team} ({share} of those answered) ended within {short} of talk, {more} in the next {short}: "
        "they count as answered.",
        short,
        team=team,
        share=share(short, everything),
        short=duration(SHORT_SECONDS),
        more=more,
    )
    rows = first_rows([one for row in own for one in row[4]])
    yield Notice("call_ended_at_once", "high", "calls", f"team {team}", words, short, rows, LISTEN)


def _of_agent(
    config: Config, team: str, agent: str, short: int, calls: int, rows: list[int], *of_team: int
) -> Iterator[Notice]:
    all_short, _more, everything, agents = (int(number) for number in of_team)
    others = (all_short - short, everything - calls)
    if agent and stands_out(short, calls, *others, SHORT_TIMES_OTHERS, tests=agents, least=SHORT_MINIMUM):
        words = said_n(
            "{team}, {agent}: {hits} of {count} call answered ({share}) ended within {short} of talk; of the others' "
            "{others}.",
            "{team}, {agent}: {hits} of {count} calls answered ({share}) ended within {short} of talk; of the others' "
            "{others}.",
            calls,
            hits=short,
            agent=config.agent(agent),
            team=team,
            share=share(short, calls),
            short=duration(SHORT_SECONDS),
            others=share(*others),
        )
        place = f"team {team}, {config.agent(agent)}"
        yield Notice("call_ended_at_once", "high", "calls", place, words, short, first_rows(rows), LISTEN)
