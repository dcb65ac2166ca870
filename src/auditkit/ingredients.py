"""What an edition is made from, as hashes: data, configuration, notebook, templates, the program and its libraries.

In come a store and a notebook's file, out goes a dictionary of parts and one key over them. Two editions with the
same key are the same; where keys differ, the parts say why. Nothing here reads a clock. It is shared by the plan
(what to skip) and the ledger (what is stale).
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import auditkit
from auditkit.shipped import shipped
from auditkit.store import Store

LIBRARIES = (
    "duckdb",
    "ipykernel",
    "matplotlib",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "typst",
    "tzdata",
    "holidays",
)
WRITTEN = ("notes", "checklist")  # what the auditor writes beside the data
PART_WORDS = {
    "data": "the data",
    "configuration": "audit.toml",
    "written": "the notes or the checklist",
    "notebook": "the notebook",
    "templates": "the report's templates",
    "program": "auditkit itself",
    "libraries": "a library's version",
    "parameters": "the parameters",
}


def ingredients(store: Store, notebook: Path, parameters: Mapping[str, str]) -> dict[str, Any]:
    """Every part that settles what an edition looks like; the workspace's own place is no part of it."""
    return {
        "data": store.generation,
        "configuration": store.meta.config_sha256,
        "written": hash_of_files(file for name in WRITTEN for file in (store.workspace.root / name).rglob("*")),
        "notebook": hashlib.sha256(notebook.read_bytes()).hexdigest(),
        "templates": _templates(),
        "program": _program(),
        "libraries": dict(libraries()),
        "parameters": {name: value for name, value in parameters.items() if name != "workspace"},
    }


def key_of(parts: Mapping[str, Any]) -> str:
    """One name for the parts: equal parts, equal key."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def changed_parts(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """The parts that differ, in words."""
    return [words for part, words in PART_WORDS.items() if before.get(part) != now.get(part)]


def hash_of_files(files: Iterable[Path]) -> str:
    """One hash over the names and bytes of files, in order of their paths; "" for none."""
    found = sorted(path for path in files if path.is_file())
    if not found:
        return ""
    digest = hashlib.sha256()
    for path in found:
        digest.update(f"{path.parent.name}/{path.name}\0{path.stat().st_size}\0".encode("utf-8", "surrogatepass"))
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def libraries() -> tuple[tuple[str, str], ...]:
    """Python, auditkit and the libraries that figures and pages depend on, with their versions."""
    found = [("python", platform.python_version()), ("auditkit", auditkit.__version__)]
    for name in LIBRARIES:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            found.append((name, "absent"))
    return tuple(found)


@cache
def _templates() -> str:
    package = Path(auditkit.__file__).parent
    return hash_of_files([*(shipped("templates") / "audit").rglob("*"), *(package / "fonts").glob("*.otf")])


@cache
def _program() -> str:
    return hash_of_files(Path(auditkit.__file__).parent.rglob("*.py"))
