"""The relations derived from several tables, made once at load and stored beside them.

In come the enriched tables as Parquet files and the configuration; out come further Parquet files: contacts and
journeys, update windows, scored reviews, agents' days, trainings, offers by day, and the orders and customers of each
team. A relation whose tables are absent is not made, and the measures over it say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path

import duckdb

from auditkit.config import Config
from auditkit.facts.cadence import make_update_windows
from auditkit.facts.columns import with_local_days
from auditkit.facts.enrich import ROW_GROUP, TeamFrame
from auditkit.facts.journeys import make_contacts, make_journeys
from auditkit.facts.scored_reviews import make_scored_reviews
from auditkit.facts.workforce import make_agent_days, make_trainings
from auditkit.relations import RELATIONS
from auditkit.schema import TABLES

# Stored for journeys_sql at an earlier as_of; no measure counts them.
BESIDE = ("journey_surveys",)
KNOWN_CUSTOMERS_SQL = """SELECT team, customer_id, min("at") AS first_contact_at FROM contacts
    WHERE customer_id IS NOT NULL GROUP BY ALL"""
TEAM_ORDERS_SQL = """
WITH numbered AS (
    SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY ordered_at, order_id) AS order_number FROM {orders})
SELECT k.team, o.order_id, o.customer_id, o.ordered_at, o.amount, o.kind, o.order_number, k.first_contact_at, o.source,
    o.source_row
FROM numbered o JOIN ({known}) k USING (customer_id)
"""
CUSTOMER_TEAMS_SQL = """
SELECT k.team, c.customer_id, c.since AS since_at, c.left_at, k.first_contact_at, c.source, c.source_row
FROM {customers} c JOIN ({known}) k USING (customer_id)
WHERE c.since IS NOT NULL
"""


# A mark that a team's tickets never carry is unknown, not absent. Where they do, a call is a contact without it.
MARKS = ("complaint", "compliment")


def make_derived(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    config: Config,
    teams: Mapping[str, TeamFrame],
    present: Mapping[str, Set[str]],
) -> dict[str, set[str]]:
    """Write every derived relation that the stored tables allow into ``folder``; returns their columns by name.

    ``present`` are the columns that the sources of each table provide: what they lack, a derived relation lacks too.
    """
    there = {}
    for path in sorted(folder.glob("*.parquet")):
        con.execute(f"CREATE OR REPLACE TEMP VIEW stored_{path.stem} AS SELECT * FROM read_parquet('{_sql(path)}')")
        there[path.stem] = f"stored_{path.stem}"
    made: list[str] = []
    if {"tickets", "calls"} & there.keys():
        made += _contacts(con, there, config)
    if "ticket_events" in there and "tickets" in there:
        make_update_windows(con, there["ticket_events"], there["tickets"], config.zone_of)
        made.append("update_windows")
    if "reviews" in there:
        make_scored_reviews(con, there["reviews"], there.get("tickets"), there.get("surveys"), config.zone_of)
        made += ["scored_reviews", "review_criteria"]
    made += _people(con, there, config, teams, "scored_reviews" in made)
    made += _business(con, there, config, "contacts" in made)
    told = {"contacts": "contacts_told"}
    return {
        name: _write(con, name, told.get(name, name), folder / f"{name}.parquet") - _lacking(name, present)
        for name in made
    }


def _lacking(name: str, present: Mapping[str, Set[str]]) -> set[str]:
    """The columns that a relation would have from its tables, had their sources them."""
    tables = RELATIONS[name].made_of if name in RELATIONS else ()
    could = {column for table in tables for column in TABLES[table].by_name}
    return could - {column for table in tables for column in present.get(table, ())} - {"customer_id"}


def _contacts(con: duckdb.DuckDBPyConnection, there: Mapping[str, str], config: Config) -> list[str]:
    make_contacts(con, there.get("tickets"), there.get("calls"), config.zone_of)
    make_journeys(con, there.get("surveys"), there.get("calls"))
    replaced = ", ".join(f"{_told_mark(con, mark)} AS {mark}" for mark in MARKS)
    con.execute(f"CREATE OR REPLACE TEMP VIEW contacts_told AS SELECT * REPLACE ({replaced}) FROM contacts")
    return ["contacts", "journeys", *(BESIDE if "surveys" in there else ())]


def _told_mark(con: duckdb.DuckDBPyConnection, mark: str) -> str:
    """SQL of a mark on contacts: false where its team knows the mark and the contact does not carry it."""
    found = con.execute(f"SELECT team FROM contacts GROUP BY team HAVING count({mark}) > 0 ORDER BY team").fetchall()
    teams = ", ".join("'" + team.replace("'", "''") + "'" for (team,) in found)
    return f"CASE WHEN team IN ({teams}) THEN coalesce({mark}, FALSE) END" if found else "CAST(NULL AS BOOLEAN)"


def _people(
    con: duckdb.DuckDBPyConnection,
    there: Mapping[str, str],
    config: Config,
    teams: Mapping[str, TeamFrame],
    scored: bool,
) -> list[str]:
    made = []
    if "agents" in there and teams:
        first, last = min(one.first_us for one in teams.values()), max(one.last_us for one in teams.values())
        make_agent_days(con, there["agents"], first, last, config.zone_of, config.audit.timezone)
        made.append("agent_days")
    if "training" in there:
        reviews = "scored_reviews" if scored else _NO_REVIEWS
        make_trainings(con, there["training"], there.get("agents"), reviews, config.zone_of)
        made.append("trainings")
    return made


def _business(con: duckdb.DuckDBPyConnection, there: Mapping[str, str], config: Config, contacts: bool) -> list[str]:
    made = []
    if "offers" in there:
        with_local_days(
            con, there["offers"], "offered_at, source_row", ("offered_at",), config.zone_of, "offers_by_day"
        )
        con.execute("CREATE OR REPLACE TEMP VIEW offers AS SELECT * FROM offers_by_day")
        made.append("offers")
    if "orders" in there and contacts:
        rows = TEAM_ORDERS_SQL.format(orders=there["orders"], known=KNOWN_CUSTOMERS_SQL)
        with_local_days(con, rows, "ordered_at, order_id", ("ordered_at",), config.zone_of, "team_orders")
        made.append("team_orders")
    if "customers" in there and contacts:
        rows = CUSTOMER_TEAMS_SQL.format(customers=there["customers"], known=KNOWN_CUSTOMERS_SQL)
        with_local_days(con, rows, "since_at, customer_id", ("since_at",), config.zone_of, "customer_teams")
        made.append("customer_teams")
    return made


_NO_REVIEWS = """(SELECT NULL::VARCHAR AS team, NULL::VARCHAR AS agent, NULL::TIMESTAMPTZ AS reviewed_at,
    NULL::VARCHAR AS kind, NULL::DOUBLE AS score_share WHERE FALSE)"""


def _write(con: duckdb.DuckDBPyConnection, relation: str, rows: str, target: Path) -> set[str]:
    fresh = target.with_suffix(".new")
    options = f"FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP}"
    con.execute(f"COPY (SELECT * FROM {rows}) TO '{_sql(fresh)}' ({options})")
    fresh.replace(target)
    declared = RELATIONS[relation].columns if relation in RELATIONS else frozenset()
    return {name for name, *_ in con.execute(f"DESCRIBE {rows}").fetchall()} | declared


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")
