"""Names of teams as names of folders: readable, the same on every system, and never a way out of the folder.

In comes any text, out goes one path component: letters of all scripts stay (NFC), whatever a file system or a shell
could take amiss becomes a hyphen. Two teams that would share a folder, also where case is ignored, are refused. It
stands alone, without any other module's words.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator

from auditkit.errors import DataError, Problem

MOST_BYTES = 100  # file systems allow 255 per component; a path has several, and a PDF's name comes after
_DEVICES = re.compile(r"(con|prn|aux|nul|conin|conout|clock|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
_KEPT = "-_.+"


def slug(name: str) -> str:
    """One safe path component for ``name``; the same name always gives the same one.

    >>> slug("Service desk"), slug("../../x"), slug("a/b"), slug("CON"), slug("Алматы")
    ('Service-desk', 'x', 'a-b', 'team-CON', 'Алматы')
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(sign if unicodedata.category(sign)[0] in "LMN" or sign in _KEPT else "-" for sign in text)
    text = re.sub(r"-{2,}", "-", re.sub(r"\.{2,}", "-", text)).strip("-. ")
    if not re.search(r"\w", text):
        return f"team-{_hash(name)}"
    if unicodedata.category(text[0])[0] == "M" or _DEVICES.fullmatch(text.split(".")[0]):
        text = f"team-{text}"
    if len(text.encode()) > MOST_BYTES:
        text = text.encode()[: MOST_BYTES - 9].decode(errors="ignore").rstrip("-. ") + f"-{_hash(name)}"
    return text


def refuse_collisions(teams: Collection[str], wanted: Collection[str]) -> None:
    """DataError naming every pair of ``teams`` that would share a folder, where one of them is ``wanted``."""
    problems = [
        Problem(
            f"teams {first!r} and {second!r}",
            f"would share the folder '{slug(first)}'",
            "names that differ in their letters or digits",
            'Rename one in audit.toml with [source.values.team] ("name in the file" = "another name").',
        )
        for first, second in _pairs(teams)
        if first in wanted or second in wanted
    ]
    if problems:
        raise DataError(*problems)


def _pairs(teams: Collection[str]) -> Iterator[tuple[str, str]]:
    taken: dict[str, str] = {}
    for team in sorted(teams):
        key = unicodedata.normalize("NFC", slug(team).casefold())
        if key in taken:
            yield taken[key], team
        taken.setdefault(key, team)


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
