"""Checks of the stored rows: each is named after the fault, and yields it with its rows.

``faults`` are rows that cannot be as they are written; one is enough, as it is of tests by testers who are not
independent. All others find patterns that make figures look better than the service is: in the times of tickets, in how
tickets are handled, in calls, in who is asked and which answers count, in columns that change meaning, and in volumes
that collapse. Each compares what is there with what would be there if nothing were wrong, by a test whose threshold
stands beside it; a check that finds nothing yields nothing. docs/checks.md says how often each is wrong. Duplicate ids
are found where rows are folded (fold.py); a source's own figures are compared with the recomputed ones in reconcile.py.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from auditkit.checks.calling import call_ended_at_once
from auditkit.checks.columns import column_changed_meaning
from auditkit.checks.faults import (
    answered_before_offered,
    closed_without_resolution,
    instant_in_the_future,
    reply_before_creation,
    resolved_before_created,
    score_outside_scale,
)
from auditkit.checks.handling import (
    agent_resolves_without_reply,
    excluded_jump,
    excluded_share,
    resolved_with_no_reply,
    split_tickets,
)
from auditkit.checks.surveying import invalidated_low_scores, reassigned_after_low_score, survey_not_sent
from auditkit.checks.telling import Check
from auditkit.checks.testing import over_before_it_began, tester_not_independent, tester_not_told
from auditkit.checks.times import heaping_under_target, month_end_bulk_close, repeat_after_quick_close, weekend_gap
from auditkit.checks.volumes import volume_collapse
from auditkit.config import Config
from auditkit.notices import Notice

# Every check, with the tables without which there is nothing to check.
CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("tickets",), reply_before_creation),
    (("tickets",), resolved_before_created),
    ((), instant_in_the_future),
    (("calls",), answered_before_offered),
    (("surveys",), score_outside_scale),
    (("tickets",), closed_without_resolution),
    (("tickets",), heaping_under_target),
    (("tickets",), month_end_bulk_close),
    (("tickets",), repeat_after_quick_close),
    (("tickets",), weekend_gap),
    (("tickets",), split_tickets),
    (("tickets",), excluded_share),
    (("tickets",), excluded_jump),
    (("tickets",), resolved_with_no_reply),
    (("tickets",), agent_resolves_without_reply),
    (("calls",), call_ended_at_once),
    (("surveys",), invalidated_low_scores),
    (("surveys", "ticket_events"), reassigned_after_low_score),
    (("surveys", "tickets"), survey_not_sent),
    (("mystery_tests",), over_before_it_began),
    (("mystery_tests",), tester_not_independent),
    (("mystery_tests",), tester_not_told),
    ((), column_changed_meaning),
    ((), volume_collapse),
)


def check_tables(con: duckdb.DuckDBPyConnection, folder: Path, config: Config, as_of_us: int) -> list[Notice]:
    """Run every check whose tables are there; ``folder`` holds the Parquet files."""
    there = {path.stem for path in folder.glob("*.parquet")}
    for table in there:
        path = str(folder / f"{table}.parquet").replace("'", "''")
        con.execute(f"CREATE OR REPLACE TEMP VIEW checked_{table} AS SELECT * FROM read_parquet('{path}')")
    return run_checks(con, there, config, as_of_us)


def run_checks(con: duckdb.DuckDBPyConnection, tables: Collection[str], config: Config, as_of_us: int) -> list[Notice]:
    """Run every check that the tables allow, on relations named ``checked_<table>``."""
    return [notice for needs, check in CHECKS if set(needs) <= set(tables) for notice in check(con, config, as_of_us)]
