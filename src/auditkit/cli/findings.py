"""``findings``: what the audit has found, kept in the workspace's findings.toml, and the action plan as a file.

In come names from the command line; the register is brought in step with what is found now, and printed or written out
for those who act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import loaded, period_as_written
from auditkit.cli.show import print_json, print_table, say

if TYPE_CHECKING:
    from auditkit.findings.register import Entry
    from auditkit.labels import Labels
    from auditkit.store import Store
    from auditkit.workspace import Workspace

SHOWN = ("number", "severity", "state", "team", "owner", "due", "what was found")


def findings(root: str, teams: Sequence[str], period: str | None, every: bool, form: str) -> None:
    """Look for findings, bring the register in step, and print it."""
    from auditkit.findings.register import FILE

    workspace, store, entries = _updated(root, teams, period)
    chosen = _chosen(store, teams)
    shown = [one for one in _in_order(entries) if one.team in chosen and (every or not one.is_closed)]
    if form == "json":
        print_json({"schema": 1, "findings": [_as_json(one) for one in shown]})
        return
    if shown:
        print_table(SHOWN, [_row(one) for one in shown], (), "Findings")
    closed = sum(one.is_closed for one in entries.values())
    say(f"{len(shown)} findings are shown, {closed} are closed.")
    say(f"They are kept in {workspace.root / FILE}: what you write there stays.")


def export(root: str, file: str, teams: Sequence[str], period: str | None, language: str | None) -> None:
    """Bring the register in step and write the action plan."""
    from auditkit.findings.action_plan import action_plan
    from auditkit.findings.plan_files import write_plan

    _, store, entries = _updated(root, teams, period)
    chosen = _chosen(store, teams)
    actions = action_plan((one for one in entries.values() if one.team in chosen), store.meta.as_of.date())
    write_plan(Path(file).expanduser(), actions, _labels(store, language), store.meta.as_of)
    say(f"{len(actions)} actions are in {file}.")


def _updated(root: str, teams: Sequence[str], period: str | None) -> tuple[Workspace, Store, dict[str, Entry]]:
    """The register after looking at every team asked for, and at the client's own answers."""
    from auditkit.findings.look import look_at_client, look_at_team
    from auditkit.findings.register import read_register, update
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    read_register(workspace)  # a register that cannot be read is told before any work
    store = loaded(workspace)
    audit = workspace.config.audit
    looked = []
    for team in store.find_teams(teams):
        chosen = period_as_written(period or "last-month", store, team, store.meta.as_of)
        language = store.meta.teams[team].language or audit.language
        looked.append(look_at_team(store, team, chosen, store.meta.as_of, language))
    looked.append(look_at_client(store, looked, audit.language))
    for one in looked:
        entries = update(workspace, one.context, one.findings, one.team)
    return workspace, store, entries


def _chosen(store: Store, teams: Sequence[str]) -> set[str]:
    """Whose findings are shown: of the teams named, or of all and (as "") of the client."""
    found = set(store.find_teams(teams))
    return found if teams else found | {""}


def _in_order(entries: Mapping[str, Entry]) -> list[Entry]:
    from auditkit.findings.model import SEVERITIES

    def key(one: Entry) -> tuple:
        severity = one.found.get("severity", "")
        return (SEVERITIES.index(severity) if severity in SEVERITIES else 9, one.team, one.number)

    return sorted(entries.values(), key=key)


def _row(one: Entry) -> list[str]:
    found = one.found
    due = one.due.isoformat() if one.due else ""
    return [one.number, str(found.get("severity", "")), one.state, str(found.get("team", "")), one.owner, due,
        str(found.get("statement", ""))]  # fmt: skip


def _as_json(one: Entry) -> dict[str, Any]:
    days = {
        "due": one.due.isoformat() if one.due else None,
        "done_on": one.done_on.isoformat() if one.done_on else None,
    }
    own = {"number": one.number, "state": one.state, "owner": one.owner, **days, "cause": one.cause}
    return own | {"action": one.action, "note": one.note, "found": _plain(one.found)}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _labels(store: Store, language: str | None) -> Labels:
    from auditkit.config import LANGUAGES, nearest
    from auditkit.errors import Problem, UsageError
    from auditkit.labels import Labels

    if language and language not in LANGUAGES:
        problem = Problem(
            f"--language {language!r}", "is not known", ", ".join(LANGUAGES), nearest(language, LANGUAGES)
        )
        raise UsageError(problem)
    return Labels(language or store.workspace.config.audit.language)
