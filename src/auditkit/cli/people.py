"""``agents``: who stands behind the pseudonyms that reports use. For those who hold the data anyway."""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.cli.common import loaded
from auditkit.cli.show import print_json, print_table, tell

# Table, column, and what a report calls such a person.
KNOWN_IN = (
    ("tickets", "agent", "agent"),
    ("calls", "agent", "agent"),
    ("surveys", "agent", "agent"),
    ("agents", "agent", "agent"),
    ("reviews", "agent", "agent"),
    ("reviews", "reviewer", "reviewer"),
)


def agents(root: str, teams: Sequence[str], form: str) -> None:
    """Print each person's team, pseudonym and name, in the order of the pseudonyms."""
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    store = loaded(workspace)
    wanted, config = store.find_teams(teams), workspace.config
    named = {"agent": config.agent, "reviewer": config.reviewer}
    with store.connect() as con:
        found = {
            (team, str(named[role](name)), name)
            for table, column, role in KNOWN_IN
            if table in store.meta.tables and column in store.meta.tables[table].present
            for team, name in con.execute(
                f"SELECT DISTINCT team, {column} FROM {table} WHERE {column} IS NOT NULL AND team IS NOT NULL"
            ).fetchall()
            if team in wanted
        }
    rows = [dict(zip(("team", "shown", "name"), row, strict=True)) for row in sorted(found)]
    if config.privacy.agents == "names":
        tell('auditkit: [privacy] agents = "names": reports show the names themselves')
    if form == "json":
        print_json({"schema": 1, "agents": rows})
    else:
        print_table(("team", "shown", "name"), [tuple(row.values()) for row in rows])
