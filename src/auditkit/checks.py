"""Checks of the stored rows: each is named after the fault, and yields it with its rows.

The first group finds faults of the data (a reply before the creation). The second finds patterns that make figures
look better than the service is (response times heaped just under a target). Each compares what is there with what
would be there if nothing were wrong, by a test whose threshold stands beside it; a check that finds nothing yields
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb

from auditkit.config import Config, Target
from auditkit.definition import POPULATION
from auditkit.notices import Notice

# One chance in ten thousand per team and check: with hundreds of teams a false alarm stays rare.
SURE = 1e-4
HEAP_WINDOW = 0.05  # of the target: the last 5 % before it against the first 5 % after it
CHECK_ZONES = "Check the zones of both columns."
BULK_MINUTES = 60
BULK_MINIMUM = 10
QUICK_CLOSE_SECONDS = 600
REPEAT_DAYS = 3
# Two days of seven would be 29 % of contacts; half of that is demand, not an accident of a few night owls.
WEEKEND_SHARE = 0.15
WEEKEND_MINIMUM = 50
WEEKEND_ANSWERED = 0.1

Check = Callable[[duckdb.DuckDBPyConnection, Config, int], Iterator[Notice]]


def check_tables(con: duckdb.DuckDBPyConnection, folder: Path, config: Config, as_of_us: int) -> list[Notice]:
    """Run every check whose table is there; ``folder`` holds the Parquet files."""
    there = {path.stem for path in folder.glob("*.parquet")}
    for table in there:
        path = str(folder / f"{table}.parquet").replace("'", "''")
        con.execute(f"CREATE OR REPLACE TEMP VIEW checked_{table} AS SELECT * FROM read_parquet('{path}')")
    return [notice for table, check in CHECKS if table in {"", *there} for notice in check(con, config, as_of_us)]


def reply_before_creation(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A first response earlier than the ticket."""
    words = "{} tickets were answered before they were created; their response time is left out."
    yield from _rows(con, "tickets", "response_seconds < 0", "reply_before_creation", "medium", words, CHECK_ZONES)


def resolved_before_created(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A resolution earlier than the ticket."""
    words = "{} tickets were resolved before they were created; their resolution time is left out."
    yield from _rows(con, "tickets", "resolution_seconds < 0", "resolved_before_created", "medium", words, CHECK_ZONES)


def answered_before_offered(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A call answered earlier than it was offered."""
    words = "{} calls were answered before they were offered; their wait is not known."
    condition = "epoch_us(answered_at) < epoch_us(offered_at)"
    yield from _rows(con, "calls", condition, "answered_before_offered", "medium", words, CHECK_ZONES)


def instant_in_the_future(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Rows that happened after the audit's as_of."""
    words = "{} rows lie after the audit's as-of instant; no figure counts them."
    for table, column in (("tickets", "created_at"), ("calls", "offered_at"), ("surveys", "answered_at")):
        if _has(con, table):
            condition = f"epoch_us({column}) > {as_of_us}"
            yield from _rows(
                con, table, condition, "instant_in_the_future", "medium", words, "Check as_of and the dates."
            )


def score_outside_scale(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A survey score that its scale does not have."""
    condition = "score IS NOT NULL AND NOT coalesce(score BETWEEN scale_min AND scale_max, TRUE)"
    words = "{} answers lie outside their scale; they are not counted."
    yield from _rows(
        con, "surveys", condition, "score_outside_scale", "medium", words, "Check the scale and the column."
    )


def resolved_with_no_reply(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tickets resolved though no agent ever answered, where the source knows replies."""
    known, silent = con.execute(f"""
        SELECT count(first_response_at), count(*) FILTER (resolved_at IS NOT NULL AND first_response_at IS NULL)
        FROM checked_tickets WHERE {POPULATION["tickets"]}
    """).fetchall()[0]
    if known and silent:
        condition = f"resolved_at IS NOT NULL AND first_response_at IS NULL AND {POPULATION['tickets']}"
        words = "{} tickets were resolved though no public reply was ever sent."
        yield from _rows(con, "tickets", condition, "resolved_with_no_reply", "low", words)


def closed_without_resolution(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tickets that were closed though no resolution is recorded: they count as open for ever."""
    words = "{} tickets were closed without a recorded resolution; they count as unresolved in every figure."
    condition = f"closed_at IS NOT NULL AND resolved_at IS NULL AND {POPULATION['tickets']}"
    remedy = "If closing is resolving in this source, map resolved_at to the closing column as well."
    yield from _rows(con, "tickets", condition, "closed_without_resolution", "medium", words, remedy)


def heaping_under_target(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """More response or resolution times just under a target than just over it, beyond chance.

    Exact binomial test of equal counts in two narrow windows on either side of the target; a smooth distribution has
    about as many on both. A heap shows on several clocks and targets at once: each team's largest one is told.
    """
    heaps: dict[tuple[str, str], Notice] = {}
    for measure, column in _target_columns(config):
        for limit in _limits(config.targets[measure]):
            for notice in _heaps(con, measure, column, limit):
                key = (notice.place.split(",")[0], column.split("_")[0])
                if key not in heaps or notice.count > heaps[key].count:
                    heaps[key] = notice
    yield from heaps.values()


def _heaps(con: duckdb.DuckDBPyConnection, measure: str, column: str, limit: float) -> Iterator[Notice]:
    """The heap of each team under one limit, in seconds, of one column."""
    window = HEAP_WINDOW * limit
    under_it = f"{column} > {limit - window} AND {column} <= {limit}"
    for team, under, over, rows in con.execute(f"""
        SELECT team, count(*) FILTER ({under_it}),
            count(*) FILTER ({column} > {limit} AND {column} <= {limit + window}),
            min(source_row, 5) FILTER ({under_it})
        FROM checked_tickets WHERE {POPULATION["tickets"]} GROUP BY team ORDER BY team
    """).fetchall():
        if under > over and _chance(under, under + over, 0.5) < SURE:
            words = (
                f"{under} tickets of {team} lie in the last {window / 60:.0f} minutes before the target of "
                f"{limit / 3600:g} h and {over} in the {window / 60:.0f} minutes after it: "
                "times are heaped just under it."
            )
            remedy = "Read some of these tickets: was the first reply an answer?"
            place = f"team {team}, {measure}"
            yield Notice("heaping_under_target", "high", "tickets", place, words, under, tuple(rows), remedy)


def month_end_bulk_close(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Many tickets resolved within one hour at the end of a month, again and again.

    For each team: the busiest hour of resolving on the last five days of each month against its own busiest hours of
    the other days.
    """
    for team, months, closed, usual, when in con.execute(f"""
        WITH hours AS (SELECT team, resolved_on AS day, count(*) AS n,
                epoch_us(resolved_at) // {BULK_MINUTES * 60_000_000} AS hour
            FROM checked_tickets WHERE resolved_at IS NOT NULL AND {POPULATION["tickets"]} GROUP BY ALL),
        days AS (SELECT team, day, max(n) AS n, day > last_day(day) - 5 AS at_end FROM hours GROUP BY team, day),
        ends AS (SELECT team, last_day(day) AS month, max(n) AS n, arg_max(day, n) AS day
            FROM days WHERE at_end GROUP BY ALL),
        usual AS (SELECT team, quantile_cont(CAST(n AS DOUBLE), 0.99) AS high, median(n) AS middle
            FROM days WHERE NOT at_end GROUP BY team)
        SELECT team, count(*), sum(n), any_value(middle), string_agg(CAST(day AS VARCHAR), ', ' ORDER BY day)
        FROM ends JOIN usual USING (team) WHERE n >= {BULK_MINIMUM} AND n > 2 * high
        GROUP BY team HAVING count(*) >= 2 ORDER BY team
    """).fetchall():
        words = (
            f"{team} resolved {closed:.0f} tickets within single hours at the end of {months} months ({when}); "
            f"its busiest hour of an ordinary day resolves {usual:.0f}. "
            "Month-end figures of resolution are not what customers saw."
        )
        yield Notice("month_end_bulk_close", "high", "tickets", f"team {team}", words, int(closed), (),
            "Ask what was closed, and why then; see whether customers came back.")  # fmt: skip


def repeat_after_quick_close(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tickets resolved within minutes whose customer comes back far more often than after other tickets."""
    for team, quick, quick_back, other, other_back in con.execute(f"""
        SELECT team, count(*) FILTER (quick), count(*) FILTER (quick AND back),
            count(*) FILTER (NOT quick), count(*) FILTER (NOT quick AND back)
        FROM (SELECT team, resolution_seconds <= {QUICK_CLOSE_SECONDS} AS quick,
                coalesce(seconds_to_contact <= {REPEAT_DAYS * 86400}, FALSE) AS back
            FROM checked_tickets WHERE resolution_seconds >= 0 AND customer_id IS NOT NULL AND {POPULATION["tickets"]}
            AND epoch_us(created_at) + {REPEAT_DAYS * 86_400_000_000} <= {as_of_us}) GROUP BY team ORDER BY team
    """).fetchall():
        if (
            quick
            and other
            and quick_back / quick > other_back / other
            and _chance(quick_back, quick, other_back / other) < SURE
        ):
            words = (
                f"After {quick_back} of {quick} tickets that {team} resolved within {QUICK_CLOSE_SECONDS // 60} "
                f"minutes ({quick_back / quick:.0%}) the customer came back about the same matter within {REPEAT_DAYS} "
                f"days; after the others in {other_back / other:.0%}."
            )
            rows = _examples(
                con,
                "tickets",
                f"resolution_seconds BETWEEN 0 AND {QUICK_CLOSE_SECONDS}"
                f" AND seconds_to_contact <= {REPEAT_DAYS * 86400}",
                team,
            )
            yield Notice("repeat_after_quick_close", "high", "tickets", f"team {team}", words, quick_back, rows,
                "Read the quick closes: was the matter settled?")  # fmt: skip


def weekend_gap(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Contacts at the weekend that nobody answers before Monday, where they are a sizeable part of all."""
    for team, weekend, everything, answered, wait in con.execute(f"""
        SELECT team, count(*) FILTER (created_weekday >= 6), count(*),
            count(*) FILTER (created_weekday >= 6 AND first_response_on - created_on < 8 - created_weekday),
            median(response_seconds) FILTER (created_weekday >= 6)
        FROM checked_tickets WHERE {POPULATION["tickets"]} AND response_seconds >= 0 GROUP BY team ORDER BY team
    """).fetchall():
        if weekend < WEEKEND_MINIMUM or weekend / everything < WEEKEND_SHARE or answered / weekend > WEEKEND_ANSWERED:
            continue
        words = (
            f"{weekend / everything:.0%} of {team}'s answered tickets arrive at the weekend; {answered} of these "
            f"{weekend} were answered before Monday, and they wait a median {wait / 3600:.0f} h for the first response."
        )
        remedy = "Decide whether the weekend is served, and say so to customers."
        yield Notice("weekend_gap", "medium", "tickets", f"team {team}", words, weekend, (), remedy)


CHECKS: tuple[tuple[str, Check], ...] = (
    ("tickets", reply_before_creation),
    ("tickets", resolved_before_created),
    ("", instant_in_the_future),
    ("calls", answered_before_offered),
    ("surveys", score_outside_scale),
    ("tickets", resolved_with_no_reply),
    ("tickets", closed_without_resolution),
    ("tickets", heaping_under_target),
    ("tickets", month_end_bulk_close),
    ("tickets", repeat_after_quick_close),
    ("tickets", weekend_gap),
)


def _rows(con, table: str, condition: str, check: str, severity: str, words: str, remedy: str = "") -> Iterator[Notice]:
    """One notice per file whose rows meet the condition."""
    for source, count, rows in con.execute(f"""
        SELECT source, count(*), list(source_row ORDER BY source_row)[:5]
        FROM checked_{table} WHERE {condition} GROUP BY source ORDER BY source
    """).fetchall():
        yield Notice(check, severity, table, source, words.format(f"{count:,}"), count, tuple(rows), remedy)


def _examples(con, table: str, condition: str, team: str) -> tuple[int, ...]:
    sql = f"SELECT source_row FROM checked_{table} WHERE team = ? AND {condition} ORDER BY source, source_row LIMIT 5"
    return tuple(row for (row,) in con.execute(sql, [team]).fetchall())


def _has(con, table: str) -> bool:
    return bool(
        con.execute("SELECT count(*) FROM duckdb_views() WHERE view_name = ?", [f"checked_{table}"]).fetchall()[0][0]
    )


def _chance(hits: int, tries: int, share: float) -> float:
    """Chance of at least so many hits if each try hits with ``share`` (exact binomial, upper tail)."""
    from scipy.special import bdtrc

    return float(bdtrc(hits - 1, tries, share))


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
