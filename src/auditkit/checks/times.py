"""Patterns in the times of tickets: they make figures look better than the service is, or show where it is not.

Heaps just under a target, resolving in bulk at the end of months, quick closes after which the customer comes back,
weekends that wait for Monday. Each is found team by team against the team's own ordinary rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from auditkit.checks.chance import SURE, binomial_tail, stands_out
from auditkit.checks.telling import ROWS_TOLD, duration, first_rows, hours, share, whole
from auditkit.config import Config, Target
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.relations import POPULATION
from auditkit.translation import N_

HEAP_WINDOW = 0.05  # of the target: the last 5 % before it against the first 5 % after it
# Even a distribution that falls as steeply as x^-8 has no more than 1.5 times as many in the one as in the other.
HEAP_TIMES = 1.5
BULK_MINUTES = 60
BULK_MINIMUM = 10
BULK_TIMES = 2  # against the busiest hours of other days: twice is no longer a busy day
BULK_MONTHS = 2  # once may be a clean-up
QUICK_CLOSE_SECONDS = 600
REPEAT_DAYS = 3
REPEAT_TIMES = 1.5  # less is a difference between easy and hard matters
# Two days of seven would be 29 % of contacts; half of that is demand, not an accident of a few night owls.
WEEKEND_SHARE = 0.15
WEEKEND_MINIMUM = 50
WEEKEND_ANSWERED = 0.1


def heaping_under_target(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """More response or resolution times just under a target than just over it, beyond chance.

    Exact binomial test of equal counts in two narrow windows on either side of the target; a smooth distribution has
    about as many on both. Times of exactly the target are left out: dates without hours all lie there. A heap shows on
    several clocks and targets at once: each team's largest one is told, and the test is corrected for their number.
    """
    heaps: dict[tuple[str, str], Notice] = {}
    looked_at = [(*one, limit) for one in _target_columns(config) for limit in _limits(config.targets[one[0]])]
    for measure, column, limit in looked_at:
        for notice in _heaps(con, measure, column, limit, SURE / len(looked_at)):
            key = (notice.place.split(",")[0], column.split("_")[0])
            if key not in heaps or notice.count > heaps[key].count:
                heaps[key] = notice
    yield from heaps.values()


def _heaps(con: duckdb.DuckDBPyConnection, measure: str, column: str, limit: float, level: float) -> Iterator[Notice]:
    """The heap of each team under one limit, in seconds, of one column."""
    window = HEAP_WINDOW * limit
    under_it = f"{column} >= {limit - window} AND {column} < {limit}"
    for team, under, over, rows in con.execute(f"""
        SELECT team, count(*) FILTER ({under_it}),
            count(*) FILTER ({column} > {limit} AND {column} <= {limit + window}),
            min(source_row, {ROWS_TOLD}) FILTER ({under_it})
        FROM checked_tickets WHERE {column} BETWEEN {limit - window} AND {limit + window}
            AND {POPULATION["tickets"]} GROUP BY team ORDER BY team
    """).fetchall():
        if under >= HEAP_TIMES * over and binomial_tail(under, under + over, 0.5) < level:
            words = said_n(
                "{count} ticket of {team} lies in the last {window} before the target of {limit} and {over} in the "
                "{window} after it: times are heaped just under it.",
                "{count} tickets of {team} lie in the last {window} before the target of {limit} and {over} in the "
                "{window} after it: times are heaped just under it.",
                under,
                team=team,
                window=duration(window),
                limit=duration(limit),
                over=over,
            )
            remedy = N_("Read some of these tickets: was the first reply an answer?")
            place = f"team {team}, {measure}"
            yield Notice("heaping_under_target", "high", "tickets", place, words, under, first_rows(rows), remedy)


def month_end_bulk_close(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Many tickets resolved within one hour at the end of a month, again and again.

    For each team: the busiest hour of resolving on the last five days of each month against its own busiest hours of
    the other days.
    """
    hour = f"epoch_us(resolved_at) // {BULK_MINUTES * 60_000_000}"
    resolved = f"resolved_at IS NOT NULL AND {POPULATION['tickets']}"
    for team, months, closed, usual, last, rows in con.execute(f"""
        WITH hours AS (SELECT team, resolved_on AS day, {hour} AS hour, count(*) AS n
            FROM checked_tickets WHERE {resolved} GROUP BY ALL),
        days AS (SELECT team, day, max(n) AS n, arg_max(hour, n) AS hour, day > last_day(day) - 5 AS at_end
            FROM hours GROUP BY team, day),
        ends AS (SELECT team, last_day(day) AS month, max(n) AS n, arg_max(day, n) AS day, arg_max(hour, n) AS hour
            FROM days WHERE at_end GROUP BY ALL),
        usual AS (SELECT team, quantile_cont(CAST(n AS DOUBLE), 0.99) AS high, median(n) AS middle
            FROM days WHERE NOT at_end GROUP BY team),
        bulk AS (SELECT team, day, hour, middle FROM ends JOIN usual USING (team)
            WHERE n >= {BULK_MINIMUM} AND n > {BULK_TIMES} * high)
        SELECT t.team, count(DISTINCT b.hour), count(*), any_value(b.middle), max(b.day),
            min(t.source_row, {ROWS_TOLD})
        FROM (SELECT team, {hour} AS hour, resolved_on, source_row FROM checked_tickets WHERE {resolved}) t
        JOIN bulk b ON t.team = b.team AND t.hour = b.hour AND t.resolved_on = b.day
        GROUP BY t.team HAVING count(DISTINCT b.hour) >= {BULK_MONTHS} ORDER BY t.team
    """).fetchall():
        words = said_n(
            "{team} resolved {count} ticket within single hours at the end of {months}, the last {last}; its busiest "
            "hour of an ordinary day resolves {usual}. Month-end figures of resolution are not what customers saw.",
            "{team} resolved {count} tickets within single hours at the end of {months}, the last {last}; its busiest "
            "hour of an ordinary day resolves {usual}. Month-end figures of resolution are not what customers saw.",
            closed,
            team=team,
            months=said_n("{count} month", "{count} months", months),
            last=last,
            usual=whole(usual),
        )
        remedy = N_("Ask what was closed, and why then; see whether customers came back.")
        place = f"team {team}"
        yield Notice("month_end_bulk_close", "high", "tickets", place, words, closed, first_rows(rows), remedy)


def repeat_after_quick_close(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tickets resolved within minutes whose customer comes back far more often than after other tickets.

    Exact test of quick closes against the team's other tickets whose days to come back are over.
    """
    for team, quick, quick_back, other, other_back, rows in con.execute(f"""
        SELECT team, count(*) FILTER (quick), count(*) FILTER (quick AND back),
            count(*) FILTER (NOT quick), count(*) FILTER (NOT quick AND back),
            min(source_row, {ROWS_TOLD}) FILTER (quick AND back)
        FROM (SELECT team, source_row, resolution_seconds <= {QUICK_CLOSE_SECONDS} AS quick,
                coalesce(seconds_to_contact <= {REPEAT_DAYS * 86400}, FALSE) AS back
            FROM checked_tickets WHERE resolution_seconds >= 0 AND customer_id IS NOT NULL AND {POPULATION["tickets"]}
            AND epoch_us(created_at) + {REPEAT_DAYS * 86_400_000_000} <= {as_of_us}) GROUP BY team ORDER BY team
    """).fetchall():
        if stands_out(quick_back, quick, other_back, other, REPEAT_TIMES):
            words = said_n(
                "After {hits} of {count} ticket that {team} resolved within {limit} ({share}) the customer came back "
                "about the same matter within {days}; after the others in {others}.",
                "After {hits} of {count} tickets that {team} resolved within {limit} ({share}) the customer came back "
                "about the same matter within {days}; after the others in {others}.",
                quick,
                hits=quick_back,
                team=team,
                limit=duration(QUICK_CLOSE_SECONDS),
                share=share(quick_back, quick),
                days=said_n("{count} day", "{count} days", REPEAT_DAYS),
                others=share(other_back, other),
            )
            remedy = N_("Read the quick closes: was the matter settled?")
            place = f"team {team}"
            yield Notice("repeat_after_quick_close", "high", "tickets", place, words, quick_back, first_rows(rows),
                remedy)  # fmt: skip


def weekend_gap(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Contacts at the weekend that nobody answers before Monday, where they are a sizeable part of all."""
    for team, weekend, everything, answered, wait, rows in con.execute(f"""
        SELECT team, count(*) FILTER (created_weekday >= 6), count(*),
            count(*) FILTER (created_weekday >= 6 AND first_response_on - created_on < 8 - created_weekday),
            median(response_seconds) FILTER (created_weekday >= 6),
            min(source_row, {ROWS_TOLD}) FILTER (created_weekday >= 6)
        FROM checked_tickets WHERE {POPULATION["tickets"]} AND response_seconds >= 0 GROUP BY team ORDER BY team
    """).fetchall():
        if weekend < WEEKEND_MINIMUM or weekend / everything < WEEKEND_SHARE or answered / weekend > WEEKEND_ANSWERED:
            continue
        words = said(
            "{share} of {team}'s answered tickets arrive at the weekend; {answered} of these {weekend} were answered "
            "before Monday, and they wait a median {wait} for the first response.",
            share=share(weekend, everything),
            team=team,
            answered=answered,
            weekend=weekend,
            wait=hours(wait),
        )
        remedy = N_("Decide whether the weekend is served, and say so to customers.")
        yield Notice("weekend_gap", "medium", "tickets", f"team {team}", words, weekend, first_rows(rows), remedy)


def _target_columns(config: Config) -> Iterator[tuple[str, str]]:
    """The measures with a time limit, and the column that the limit is about."""
    for measure, target in config.targets.items():
        stem, _, _clock = measure.partition("_business")
        kind = {"first_response_within": "response", "first_response_time": "response", "resolved_within": "resolution",
            "resolution_time": "resolution"}.get(stem)  # fmt: skip
        if kind and _limits(target):
            yield measure, f"{kind}_business_seconds" if measure.endswith("_business") else f"{kind}_seconds"


def _limits(target: Target) -> list[float]:
    within = target.within
    if isinstance(within, dict):
        return sorted(set(within.values()))
    limit = within if within is not None else (target.bound if target.at_most is not None else None)
    return [limit] if limit else []
