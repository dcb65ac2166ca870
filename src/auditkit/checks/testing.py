"""Mystery tests that cannot be as they are written, and tests whose testers have a part in the result.

A tester from the team, or one whom it pays, finds what the team wants found; such tests stay out of the figures and are
counted here. No chance is involved: one row is enough to be told.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from auditkit.checks.faults import CHECK_ZONES
from auditkit.checks.telling import fact
from auditkit.config import Config
from auditkit.labels import said_n
from auditkit.notices import Notice
from auditkit.translation import N_, Said


def over_before_it_began(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """A test that was answered, or given up, before it was made."""

    def words(count: int) -> Said:
        return said_n(
            "{count} mystery test was answered or given up before it was made; its wait is left out.",
            "{count} mystery tests were answered or given up before they were made; their waits are left out.",
            count,
        )

    condition = "reply_seconds < 0 OR watched_seconds < 0"
    yield from fact(con, "mystery_tests", condition, "over_before_it_began", "medium", words, CHECK_ZONES)


def tester_not_independent(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tests by people who are not independent of the team."""

    def words(count: int) -> Said:
        return said_n(
            "{count} mystery test was made by a tester who is not independent of the team; it is not counted.",
            "{count} mystery tests were made by testers who are not independent of the team; they are not counted.",
            count,
        )

    remedy = N_("The variant all_testers counts them.")
    yield from fact(con, "mystery_tests", "NOT independent", "tester_not_independent", "low", words, remedy)


def tester_not_told(con: duckdb.DuckDBPyConnection, config: Config, as_of_us: int) -> Iterator[Notice]:
    """Tests of which nobody says whether the tester is independent of the team."""

    def words(count: int) -> Said:
        return said_n(
            "{count} mystery test does not say who its tester was; it is not counted.",
            "{count} mystery tests do not say who their testers were; they are not counted.",
            count,
        )

    remedy = N_("Record the type of each tester, and map tester_type or independent.")
    yield from fact(con, "mystery_tests", "independent IS NULL", "tester_not_told", "medium", words, remedy)
