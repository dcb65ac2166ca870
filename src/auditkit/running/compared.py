"""What a report that compares reads beside its data: an earlier edition's manifest.

In come a workspace, a team and a period, out come a hash for the plan and the file for a worker that does not see the
workspace. Of a manifest only what it says of figures counts, not when it was made nor what it was itself compared with:
so a change of one edition makes the next one again, and not all that follow.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from auditkit.clocks.period import Period
from auditkit.errors import DataError
from auditkit.previous.edition import find_manifest, read_reports
from auditkit.workspace import Workspace

NONE, UNREADABLE = "none", "unreadable"


def compared_with(workspace: Workspace, team: str, period: Period) -> str:
    """The hash of what the edition says, or a word for one that is not there or cannot be read."""
    try:
        path = find_manifest(workspace, team, period)
        if path is None:
            return NONE
        said = {name: one.sha256 for name, one in read_reports(path, team).items()}
    except DataError:
        return UNREADABLE
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def compared_files(workspace: Workspace, team: str, period: Period) -> list[Path]:
    """The manifest itself, where it lies in the workspace."""
    try:
        path = find_manifest(workspace, team, period)
    except DataError:
        return []
    return [path] if path is not None and path.resolve().is_relative_to(workspace.root) else []
