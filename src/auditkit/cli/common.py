"""What several commands need: the loaded store, instants as users write them, a rare case told in words.

In come strings from the command line, out come the objects that the package works with, or a UsageError.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from auditkit.cli.show import load_progress, tell
from auditkit.errors import DataError, Problem, UsageError

if TYPE_CHECKING:
    from auditkit.store import Store
    from auditkit.workspace import Workspace


def loaded(workspace: Workspace, force: bool = False) -> Store:
    """The store in force after loading what has changed; where nothing can be written, the store that is there."""
    from auditkit.load import load
    from auditkit.store import current_generation, open_store

    try:
        with load_progress() as progress:
            return load(workspace, progress, force=force)
    except DataError as error:
        if force or current_generation(workspace) is None or writable(workspace.state):
            raise
        tell(f"auditkit: {error.problems[0].place} cannot be written: the figures are those of the earlier load.")
        return open_store(workspace)


def writable(folder: Path) -> bool:
    """Whether a file can be made in ``folder`` (or in the nearest folder above it that exists)."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def read_instant(text: str | None, workspace: Workspace) -> datetime | None:
    """``--as-of`` in UTC; a naive one is in the audit's zone. UsageError when it is no instant."""
    if not text:
        return None
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        problem = Problem(f"--as-of {text!r}", "is not an instant", "a form such as 2026-06-01T00:00:00Z")
        raise UsageError(problem) from None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(workspace.config.audit.timezone))
    return instant.astimezone(UTC)
