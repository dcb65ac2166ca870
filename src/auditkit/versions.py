"""With what figures and pages are made: Python, auditkit and its libraries, and the hash of the program itself.

Nothing comes in; out go versions and hashes that an edition keeps, so that a later one can tell what has changed.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import auditkit

LIBRARIES = (
    "duckdb",
    "ipykernel",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "phonenumbers",
    "scipy",
    "typst",
    "xlsxwriter",
    "tzdata",
    "holidays",
)


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
def program() -> str:
    """The hash of every module of auditkit, and of the lists of words that they read."""
    package = Path(auditkit.__file__).parent
    return hash_of_files(path for ending in ("py", "toml", "txt") for path in package.rglob(f"*.{ending}"))


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
