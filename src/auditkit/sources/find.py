"""Finds the files that a pattern of ``audit.toml`` names.

In comes a pattern relative to the workspace, out come the files in a fixed order. A pattern that finds nothing is an
error that says where it looked and which names are near, because a mistyped path must not become an empty report.
"""

from __future__ import annotations

import glob
from difflib import get_close_matches
from pathlib import Path

from auditkit.errors import DataError
from auditkit.sources.faults import unreadable

MOST_NAMES = 5


def expand(pattern: str, workspace: Path) -> list[Path]:
    """The files that ``pattern`` names, sorted; ``**`` goes down into folders, absolute patterns are allowed.

    Raises :class:`DataError` where there is none, naming the folder looked in and the nearest names in it.
    """
    literal = workspace / pattern
    if literal.is_file():  # before globbing: a name may hold brackets
        return [literal]
    # Path.glob takes no absolute pattern.
    matches = glob.glob(str(Path(glob.escape(str(workspace))) / pattern), recursive=True)  # noqa: PTH207
    # A spreadsheet that is open leaves a lock file called ~$name beside it.
    files = [path for path in map(Path, sorted(set(matches))) if path.is_file() and not path.name.startswith("~$")]
    if not files:
        raise _nothing_found(pattern, literal)
    return files


def _nothing_found(pattern: str, literal: Path) -> DataError:
    if literal.is_dir():
        return unreadable(pattern, "is a folder", f"Name the files in it, for example {pattern.rstrip('/')}/*.csv.")
    folder = _deepest_folder(literal)
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))
    near = {name.lower(): name for name in names}
    close = [near[match] for match in get_close_matches(literal.name.lower(), near, MOST_NAMES, 0.5)]
    if close:
        remedy = f"Did you mean {' or '.join(close)}?"
    else:
        remedy = f"In that folder: {', '.join(names[:MOST_NAMES]) or 'nothing'}."
    return unreadable(pattern, f"no such file in {folder}", remedy)


def _deepest_folder(path: Path) -> Path:
    """The deepest folder of the path that exists and is named without a wildcard."""
    return next(parent for parent in path.parents if not glob.has_magic(str(parent)) and parent.is_dir())
