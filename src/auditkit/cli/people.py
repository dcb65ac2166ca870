"""``agents``: who stands behind the pseudonyms that reports use. For those who hold the data anyway."""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.cli.common import loaded
from auditkit.cli.show import print_json, print_table, tell


def agents(root: str, teams: Sequence[str], form: str) -> None:
    """Print each person's team, pseudonym and name, in the order of the pseudonyms."""
    from auditkit.privacy import people
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    store = loaded(workspace)
    wanted, config = store.find_teams(teams), workspace.config
    named = {"agent": config.agent, "reviewer": config.reviewer}
    found = {(team, str(named[role](name)), name) for team, name, role in people(store, wanted)}
    rows = [dict(zip(("team", "shown", "name"), row, strict=True)) for row in sorted(found)]
    if config.privacy.agents == "names":
        tell('auditkit: [privacy] agents = "names": reports show the names themselves')
    if form == "json":
        print_json({"schema": 1, "agents": rows})
    else:
        print_table(("team", "shown", "name"), [tuple(row.values()) for row in rows])
