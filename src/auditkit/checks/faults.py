"""Faults of the data: rows that cannot be as they are written.

No chance is involved: one row is enough to be told, with its file and place. The figures leave such rows out, each
statement says from what.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from auditkit.checks.telling import fact, has
from auditkit.config import Config
from auditkit.labels import said_n
from auditkit.notices import Notice
from auditkit.relations import POPULATION
from auditkit.translation import N_, Said

CHECK_ZONES = N_("Check the zones of both columns.")


def reply_before_creation(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A first response earlier than the ticket."""

    def words(count: int) -> Said:
        return said_n(
            "{count} ticket was answered before creation; the response time is left out.",
            "{count} tickets were answered before creation; the response time is left out.",
            count,
        )

    yield from fact(con, "tickets", "response_seconds < 0", "reply_before_creation", "medium", words, CHECK_ZONES)


def resolved_before_created(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A resolution earlier than the ticket."""

    def words(count: int) -> Said:
        return said_n(
            "{count} ticket was resolved before creation; the resolution time is left out.",
            "{count} tickets were resolved before creation; the resolution time is left out.",
            count,
        )

    yield from fact(con, "tickets", "resolution_seconds < 0", "resolved_before_created", "medium", words, CHECK_ZONES)


def answered_before_offered(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A call answered earlier than it was offered."""

    def words(count: int) -> Said:
        return said_n(
            "{count} call was answered before being offered; the wait is not known.",
            "{count} calls were answered before being offered; the wait is not known.",
            count,
        )

    condition = "epoch_us(answered_at) < epoch_us(offered_at)"
    yield from fact(con, "calls", condition, "answered_before_offered", "medium", words, CHECK_ZONES)


def instant_in_the_future(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Rows that happened after the as_of that audit.toml states; without one, build.py says which rows lie ahead."""
    if config.as_of is None:
        return
    remedy = N_("Check as_of and the dates.")
    for table, column, words in (
        ("tickets", "created_at", _future_tickets),
        ("calls", "offered_at", _future_calls),
        ("surveys", "answered_at", _future_answers),
    ):
        if has(con, table):
            condition = f"epoch_us({column}) > {as_of_us}"
            yield from fact(con, table, condition, "instant_in_the_future", "medium", words, remedy)


def _future_tickets(count: int) -> Said:
    return said_n(
        "{count} ticket is dated after the audit's as-of instant; no figure counts such rows.",
        "{count} tickets are dated after the audit's as-of instant; no figure counts such rows.",
        count,
    )


def _future_calls(count: int) -> Said:
    return said_n(
        "{count} call is dated after the audit's as-of instant; no figure counts such rows.",
        "{count} calls are dated after the audit's as-of instant; no figure counts such rows.",
        count,
    )


def _future_answers(count: int) -> Said:
    return said_n(
        "{count} answer is dated after the audit's as-of instant; no figure counts such rows.",
        "{count} answers are dated after the audit's as-of instant; no figure counts such rows.",
        count,
    )


def score_outside_scale(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A survey score that its scale does not have."""
    condition = "score IS NOT NULL AND NOT coalesce(score BETWEEN scale_min AND scale_max, TRUE)"
    remedy = N_("Check the scale and the column.")

    def words(count: int) -> Said:
        return said_n(
            "{count} answer has a score outside the scale and is not counted.",
            "{count} answers have a score outside the scale and are not counted.",
            count,
        )

    yield from fact(con, "surveys", condition, "score_outside_scale", "medium", words, remedy)


def closed_without_resolution(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tickets that were closed though no resolution is recorded: they count as open for ever."""

    def words(count: int) -> Said:
        return said_n(
            "{count} ticket was closed without a recorded resolution; figures count such tickets as unresolved.",
            "{count} tickets were closed without a recorded resolution; figures count such tickets as unresolved.",
            count,
        )

    condition = f"closed_at IS NOT NULL AND resolved_at IS NULL AND {POPULATION['tickets']}"
    remedy = N_("If closing is resolving in this source, map resolved_at to the closing column as well.")
    yield from fact(con, "tickets", condition, "closed_without_resolution", "medium", words, remedy)
