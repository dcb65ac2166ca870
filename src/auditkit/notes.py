"""The auditor's own words: Markdown that stands beside the figures it speaks of, and is never written by the product.

In come a workspace, a team and a period; out come texts by section of the report. They are read from one file,
``notes/<team's folder>/<period>.md``. A heading of the second level that names a section (``## speed``) opens the words
for it; what stands before the first such heading belongs to the summary. Any other heading is part of the text, so
nothing that was written is ever lost. No file, or nothing for a section, is no words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from auditkit.errors import DataError, Problem
from auditkit.slug import slug
from auditkit.workspace import Workspace

FOLDER = "notes"
FIRST = "summary"
_HEADING = re.compile(r"^##\s+(.+?)\s*#*\s*$")


def notes_path(workspace: Workspace, team: str, period: str) -> Path:
    """Where the auditor writes of a team and a period (its label, such as ``2026-05``)."""
    return workspace.root / FOLDER / slug(team) / f"{period}.md"


def read_notes(workspace: Workspace, team: str, period: str, sections: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The auditor's Markdown by section; ``sections`` names each one with the headings that mean it.

    Raises DataError when the file is not UTF-8.
    """
    path = notes_path(workspace, team, period)
    if not path.is_file():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        place = path.relative_to(workspace.root).as_posix()
        raise DataError(
            Problem(place, f"byte {error.start} is not UTF-8", "Markdown in UTF-8", "Save the file as UTF-8.")
        ) from None
    return split_notes(text, sections)


def split_notes(text: str, sections: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """A file's Markdown by section; headings are compared without case.

    >>> split_notes("Calm.\\n## Speed\\nSlow.", {"summary": (), "speed": ("Speed of the first response",)})
    {'summary': 'Calm.', 'speed': 'Slow.'}
    """
    names = {_plain(heading): name for name, headings in sections.items() for heading in (name, *headings)}
    found: dict[str, list[str]] = {FIRST: []}
    section, fenced = FIRST, False
    for line in text.splitlines():
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        heading = None if fenced else _HEADING.match(line)
        if heading and _plain(heading[1]) in names:
            section = names[_plain(heading[1])]
            found.setdefault(section, [])
        else:
            found[section].append(line)
    whole = {name: "\n".join(lines).strip() for name, lines in found.items()}
    return {name: words for name, words in whole.items() if words}


def _plain(heading: str) -> str:
    return " ".join(heading.replace("_", " ").casefold().split())
