"""An edition: the folder ``reports/<team>/<period>/`` with reports, their tables and the manifest; whole, or not there.

In comes a folder in which one report was built, out goes the edition with that report in it and the other reports of
the same team and period as they were. It is assembled beside its place, on the same disk, and put there by a rename;
until then the earlier edition stays. The manifest says what each report was made from and every figure in it.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditkit.clocks.period import Period, parse_period
from auditkit.errors import DataError, Problem, ReportError
from auditkit.previous.edition import MANIFEST, SCHEMA
from auditkit.slug import slug
from auditkit.workspace import Workspace

BUILDING = ".building"
_EARLIER = "-earlier"
_HERE, _RENAME_EXCHANGE = -100, 2  # AT_FDCWD and its flag, of Linux's renameat2


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


def holds(folder: Path, report: str, key: str) -> bool:
    """Whether the edition has the report, whole, made from what ``key`` names."""
    entry = made_from(read_manifest(folder), report, folder)
    return entry is not None and entry["key"] == key


def building_folder(workspace: Workspace) -> Path:
    """A new folder to build in, on the disk of the reports. Call it only while holding the workspace.

    What runs that were killed left there is removed; an earlier edition that one of them had just taken out of its
    place is put back. Raises DataError when the workspace cannot be written.
    """
    root = workspace.reports / BUILDING
    try:
        root.mkdir(parents=True, exist_ok=True)
        for left in root.iterdir():
            _put_back(left, workspace)
            shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=root))
    except OSError as error:
        remedy = "Give write access to the workspace, or copy it to a place of your own."
        raise DataError(Problem(str(workspace.reports), f"cannot be written: {error.strerror}", "", remedy)) from None


def remove_building(folder: Path, workspace: Workspace) -> None:
    """Remove what was built in; the parent too when nothing else is in it."""
    _put_back(folder, workspace)
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
        _settle(built)
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
    """Put the new edition in the place of the earlier one: in one step where the system can, else by two renames.

    Who is killed between the two leaves the earlier one aside, and whoever comes next puts it back.
    """
    if not folder.exists():
        built.rename(folder)
    elif not _swapped(built, folder):
        folder.rename(_aside(built))
        try:
            built.rename(folder)
        except BaseException:
            _aside(built).rename(folder)
            raise
        shutil.rmtree(_aside(built), ignore_errors=True)
    shutil.rmtree(built, ignore_errors=True)  # after a swap, the earlier one


def _aside(built: Path) -> Path:
    return built.with_name(built.name + _EARLIER)


def _put_back(building: Path, workspace: Workspace) -> None:
    """Return the earlier editions that stand aside to places that nothing has taken."""
    for aside in building.glob(f"*{_EARLIER}"):
        manifest = read_manifest(aside)
        if manifest is not None:
            folder = workspace.reports / slug(manifest["team"]) / parse_period(manifest["period"]).label
            if not folder.exists():
                folder.parent.mkdir(parents=True, exist_ok=True)
                aside.rename(folder)


def _swapped(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot (only Linux can, on most of its disks)."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    done = rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE))
    return done == 0


def _settle(folder: Path) -> None:
    """Have the files on the disk before their folder takes its place: a power cut must not leave them empty."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as stream:
                os.fsync(stream.fileno())


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
