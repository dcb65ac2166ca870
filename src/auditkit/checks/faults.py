"""Faults of the data: rows that cannot be as they are written.

No chance is involved: one row is enough to be told, with its file and place. The figures leave such rows out, each
statement says from what.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from auditkit.checks.telling import fact, has
from auditkit.config import Config
from auditkit.notices import Notice
from auditkit.relations import POPULATION

CHECK_ZONES = "Check the zones of both columns."


def reply_before_creation(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A first response earlier than the ticket."""
    words = "{were} answered before creation; the response time is left out."
    yield from fact(con, "tickets", "response_seconds < 0", "reply_before_creation", "medium", words, CHECK_ZONES)


def resolved_before_created(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A resolution earlier than the ticket."""
    words = "{were} resolved before creation; the resolution time is left out."
    yield from fact(con, "tickets", "resolution_seconds < 0", "resolved_before_created", "medium", words, CHECK_ZONES)


def answered_before_offered(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A call answered earlier than it was offered."""
    words = "{were} answered before being offered; the wait is not known."
    condition = "epoch_us(answered_at) < epoch_us(offered_at)"
    yield from fact(con, "calls", condition, "answered_before_offered", "medium", words, CHECK_ZONES)


def instant_in_the_future(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Rows that happened after the as_of that audit.toml states; without one, build.py says which rows lie ahead."""
    if config.as_of is None:
        return
    words = "{are} dated after the audit's as-of instant; no figure counts such rows."
    for table, column in (("tickets", "created_at"), ("calls", "offered_at"), ("surveys", "answered_at")):
        if has(con, table):
            condition = f"epoch_us({column}) > {as_of_us}"
            remedy = "Check as_of and the dates."
            yield from fact(con, table, condition, "instant_in_the_future", "medium", words, remedy)


def score_outside_scale(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A survey score that its scale does not have."""
    condition = "score IS NOT NULL AND NOT coalesce(score BETWEEN scale_min AND scale_max, TRUE)"
    words = "{have} a score outside the scale and {are} not counted."
    remedy = "Check the scale and the column."
    yield from fact(con, "surveys", condition, "score_outside_scale", "medium", words, remedy)


def closed_without_resolution(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tickets that were closed though no resolution is recorded: they count as open for ever."""
    words = "{were} closed without a recorded resolution; figures count such tickets as unresolved."
    condition = f"closed_at IS NOT NULL AND resolved_at IS NULL AND {POPULATION['tickets']}"
    remedy = "If closing is resolving in this source, map resolved_at to the closing column as well."
    yield from fact(con, "tickets", condition, "closed_without_resolution", "medium", words, remedy)
