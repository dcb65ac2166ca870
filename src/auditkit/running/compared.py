"""What a report that compares reads beside its data: an earlier edition's manifest, or those of all teams of a client.

In come a store, a team (or the client's name) and a period, out come a hash for the plan and the files for a worker
that does not see the workspace. Of a manifest only what it says of figures counts, not when it was made nor what it was
itself compared with: so a change of one edition makes the next one again, and not all that follow.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from auditkit.clocks.period import Period
from auditkit.errors import DataError
from auditkit.previous.edition import find_manifest, read_reports
from auditkit.store import Store
from auditkit.workspace import Workspace

NONE, UNREADABLE = "none", "unreadable"


def compared_with(store: Store, team: str, period: Period) -> str:
    """The hash of what the edition says, or a word for one that is not there or cannot be read; of a client the hash of
    all these."""
    said = {one: _said_of(store.workspace, one, period) for one in _compared_teams(store, team)}
    return said[team] if team in said else _digest(said)


def compared_files(store: Store, team: str, period: Period) -> list[Path]:
    """The manifests themselves, those that lie in the workspace."""
    workspace, found = store.workspace, []
    for one in _compared_teams(store, team):
        try:
            path = find_manifest(workspace, one, period)
        except DataError:
            continue
        if path is not None and path.resolve().is_relative_to(workspace.root):
            found.append(path)
    return found


def _compared_teams(store: Store, team: str) -> list[str]:
    """The team; all of them where it is the client's name."""
    return [team] if team in store.meta.teams else sorted(store.meta.teams)


def _said_of(workspace: Workspace, team: str, period: Period) -> str:
    try:
        path = find_manifest(workspace, team, period)
        if path is None:
            return NONE
        return _digest({name: one.sha256 for name, one in read_reports(path, team).items()})
    except DataError:
        return UNREADABLE


def _digest(said: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
