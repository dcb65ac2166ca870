"""An edition: the folder ``reports/<team>/<period>/`` with reports, their tables and the manifest; whole, or not there.

In comes a folder in which one report was built, out goes the edition with that report in it and the other reports of
the same team and period as they were. It is assembled beside its place, on the same disk, and put there by a rename;
until then the earlier edition stays. The manifest says what each report was made from and every figure in it.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditkit.errors import DataError, Problem, ReportError
from auditkit.period import Period
from auditkit.slug import slug
from auditkit.workspace import Workspace

MANIFEST = "manifest.json"
SCHEMA = 1
BUILDING = ".building"


def edition_folder(workspace: Workspace, team: str, period: Period) -> Path:
    """Where the edition of a team and period is."""
    return workspace.reports / slug(team) / period.label


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The edition's manifest; None where there is none, or none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("schema") == SCHEMA else None


def made_from(manifest: Mapping[str, Any] | None, report: str, folder: Path) -> dict[str, Any] | None:
    """The manifest's entry of a report, if all of its files are there."""
    entry = (manifest or {}).get("reports", {}).get(report)
    if entry is None or not all((folder / name).is_file() for name in entry["files"]):
        return None
    return entry


def building_folder(workspace: Workspace) -> Path:
    """A new folder to build in, on the disk of the reports; what dead runs left there is removed.

    Raises DataError when the workspace cannot be written.
    """
    root = workspace.reports / BUILDING
    try:
        root.mkdir(parents=True, exist_ok=True)
        for left in root.iterdir():
            if not _alive(left.name):
                shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
    except OSError as error:
        remedy = "Give write access to the workspace, or copy it to a place of your own."
        raise DataError(Problem(str(workspace.reports), f"cannot be written: {error.strerror}", "", remedy)) from None


def remove_building(folder: Path) -> None:
    """Remove what was built in; the parent too when nothing else is in it."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.parent.rmdir()
        folder.parent.parent.rmdir()  # an empty reports/ says nothing
    except OSError:
        pass


def install(built: Path, folder: Path, team: str, period: str, report: str, entry: Mapping[str, Any]) -> None:
    """Put the report built in ``built`` into the edition at ``folder``.

    The entry gets the hashes of the files. Raises ReportError when the disk is full or cannot be written; the edition
    is then as it was.
    """
    try:
        entry = {**entry, "files": {name: _sha256(built / name) for name in _files(built)}}
        earlier = read_manifest(folder) or {}
        others = {name: one for name, one in earlier.get("reports", {}).items() if name != report}
        for other in others.values():
            _take_over(folder, built, other["files"])
        reports = dict(sorted((others | {report: entry}).items()))
        manifest = {"schema": SCHEMA, "team": team, "period": period, "reports": reports}
        text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=False, allow_nan=False)
        (built / MANIFEST).write_text(text + "\n", encoding="utf-8")
        folder.parent.mkdir(parents=True, exist_ok=True)
        _exchange(built, folder)
    except OSError as error:
        raise ReportError(write_problem(error, folder)) from error


def write_problem(error: OSError, place: Path) -> Problem:
    """A failed write, with its remedy."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    remedy = "Free some disk space and run again; earlier editions are as they were."
    if not full:
        remedy = "See who may write there, and whether a file of it is open in another program; then run again."
    return Problem(str(error.filename or place), f"cannot be written: {error.strerror or error}", "", remedy)


def _exchange(built: Path, folder: Path) -> None:
    """Rename into place; an earlier edition steps aside for that moment, and back if the rename fails."""
    aside = built.with_name(built.name + "-earlier")
    had_earlier = folder.exists()
    if had_earlier:
        folder.rename(aside)
    try:
        built.rename(folder)
    except OSError:
        if had_earlier:
            aside.rename(folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _take_over(folder: Path, built: Path, names: Mapping[str, str]) -> None:
    for name in names:
        if (folder / name).is_file() and not (built / name).exists():
            (built / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / name, built / name)


def _files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _alive(name: str) -> bool:
    """Whether the process that a building folder is named after still runs."""
    import psutil

    number = name.partition("-")[0]
    return number.isdigit() and psutil.pid_exists(int(number))
