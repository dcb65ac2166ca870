"""What an edition is made from, as hashes: data, configuration, notebook, templates, the program and its libraries.

In come a store, a notebook's file, a team and a period; out goes a dictionary of parts and one key over them. Only
what can show in this report is a part: its slice of the data, what audit.toml says that matters to its team, its own
language. Two editions with the same key tell the same; where keys differ, the parts say why. Nothing here reads a
clock. It is shared by the plan (what to skip) and the ledger (what is stale).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import auditkit
from auditkit.clocks.period import Period
from auditkit.config import Config
from auditkit.running.compared import compared_with
from auditkit.running.slices import COMPANY, Slices, compares, files_of, reads_of
from auditkit.running.written import written_files
from auditkit.shipped import shipped
from auditkit.store import Store
from auditkit.versions import hash_of_files, libraries, program

PART_WORDS = {
    "data": "the data",
    "configuration": "audit.toml or the logo",
    "written": "the notes, the checklist, the findings, the keywords or a sample of reviews",
    "notebook": "the notebook",
    "templates": "the report's templates",
    "program": "auditkit itself",
    "language": "the texts of its language",
    "libraries": "a library's version",
    "parameters": "the parameters",
    "compared": "the edition that it is compared with",
}


@dataclass(frozen=True)
class Ingredients:
    """The parts of any report of one store; what several reports share is hashed once."""

    store: Store

    def of(self, notebook: Path, team: str, period: Period, parameters: Mapping[str, str]) -> dict[str, Any]:
        """Every part that settles what an edition tells; the workspace's own place is no part of it."""
        reads = reads_of(notebook)
        as_of = datetime.fromisoformat(parameters.get("as_of") or self.store.meta.as_of.isoformat())
        language = parameters.get("language", "")
        compared = {"compared": compared_with(self.store, team, period)} if compares(notebook) else {}
        return compared | {
            "data": self._slices.hash_of(reads, team, period, as_of),
            "configuration": _config_hash(self.store.workspace.config, team, reads) + self._logo,
            "written": hash_of_files(written_files(self.store.workspace, team, reads, files_of(notebook))),
            "notebook": hashlib.sha256(notebook.read_bytes()).hexdigest(),
            "templates": _templates(),
            "program": program(),
            "language": _catalogue(language),
            "libraries": dict(libraries()),
            "parameters": {name: value for name, value in parameters.items() if name != "workspace"},
        }

    @cached_property
    def _slices(self) -> Slices:
        return Slices(self.store)

    @cached_property
    def _logo(self) -> str:
        logo = self.store.workspace.logo
        return hashlib.sha256(logo.data.encode()).hexdigest() if logo else ""


def _config_hash(config: Config, team: str, reads: str) -> str:
    """What audit.toml says that can show in a report of the team, whatever its comments and order of keys.

    How sources are read shows in their rows; language and as-of are parameters; other teams' zones and hours are
    nothing to this one. A key that nobody thought of here counts.
    """
    said = config.model_dump(mode="json")
    if reads != COMPANY:
        del said["source"]
        said["audit"] = {name: value for name, value in said["audit"].items() if name not in ("as_of", "language")}
        said["teams"], said["hours"] = said["teams"].get(team), config.hours_of(team)
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def key_of(parts: Mapping[str, Any]) -> str:
    """One name for the parts: equal parts, equal key."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def changed_parts(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The parts that differ, in words."""
    return [words for part, words in PART_WORDS.items() if before.get(part) != now.get(part)]


@cache
def _templates() -> str:
    package = Path(auditkit.__file__).parent
    return hash_of_files([*(shipped("templates") / "audit").rglob("*"), *(package / "fonts").glob("*.?tf")])


@cache
def _catalogue(language: str) -> str:
    """The translated texts of one language; English is in the program itself."""
    return hash_of_files((Path(auditkit.__file__).parent / "locale" / (language or "en")).rglob("*.[mp]o"))
