"""A new workspace: audit.toml to fill in, folders for what people put there, or the whole sample.

In comes a folder's name, out goes a workspace in it. Nothing that exists is overwritten. It stands alone: it knows no
measure and reads no data.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from auditkit.config import FILE_NAME, LANGUAGES, nearest
from auditkit.errors import Problem, UsageError
from auditkit.shipped import shipped

NOT_COPIED = {"reports", ".auditkit", "__pycache__"}


@dataclass(frozen=True)
class LaidOut:
    """The workspace's folder, and the files that were there before and stayed as they were."""

    root: Path
    kept: tuple[str, ...]


def lay_out(folder: str, sample: bool = False, language: str = "en") -> LaidOut:
    """Lay out a workspace in ``folder``.

    Raises UsageError when it already has audit.toml, when it cannot be written, or for an unknown language.
    """
    if language not in LANGUAGES:
        raise UsageError(
            Problem(f"--language {language!r}", "is not known", ", ".join(LANGUAGES), nearest(language, LANGUAGES))
        )
    root = Path(folder).expanduser().absolute()
    if (root / FILE_NAME).exists():
        remedy = "Choose another folder; what is there is never overwritten."
        raise UsageError(Problem(str(root), f"already has {FILE_NAME}", "a new or empty folder", remedy))
    source = shipped("sample") if sample else shipped("templates") / "workspace"
    try:
        kept = _copy(source, root)
        for name in ("data", "notes", "checklist", "notebooks"):
            (root / name).mkdir(exist_ok=True)
        _set_language(root / FILE_NAME, language)
    except OSError as error:
        place = str(error.filename or root)
        remedy = "Choose a folder in which you may write, on a disk with space."
        raise UsageError(Problem(place, f"cannot be written: {error.strerror}", "", remedy)) from None
    return LaidOut(root, tuple(kept))


def _copy(source: Path, root: Path) -> list[str]:
    """Copy the files that are not there yet, audit.toml last: a copy that broke off can be made again."""
    files = [
        path
        for path in sorted(source.rglob("*"))
        if path.is_file() and not NOT_COPIED & set(path.relative_to(source).parts)
    ]
    kept = []
    root.mkdir(parents=True, exist_ok=True)
    for path in sorted(files, key=lambda path: path.name == FILE_NAME):
        target = root / path.relative_to(source)
        if target.exists():
            kept.append(path.relative_to(source).as_posix())
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return kept


def _set_language(path: Path, language: str) -> None:
    if language == "en":
        return
    text = path.read_text(encoding="utf-8")
    path.write_text(
        re.sub(r'^language = "en"', f'language = "{language}"', text, count=1, flags=re.MULTILINE), encoding="utf-8"
    )
