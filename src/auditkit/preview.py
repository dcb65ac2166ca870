"""A look at the sources without writing anything: what would be kept, what refused and why, what is noticed.

In comes a workspace, out goes a preview; the load itself is the same as ever, into a temporary folder that is gone
afterwards. It stands alone because ``check`` needs the refused rows themselves, which the store does not keep.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from auditkit.errors import ConfigError, Problem
from auditkit.evaluation.evaluate import evaluate
from auditkit.load import REFUSED, Progress, _load_into, _scratch, find_inputs
from auditkit.measures import find
from auditkit.store import Meta, Store
from auditkit.workspace import Workspace

EXAMPLES = 3


@dataclass(frozen=True)
class RefusedGroup:
    """Rows of one file refused for one reason in one column: how many, and the first few as (row, value)."""

    file: str
    column: str
    reason: str
    rows: int
    examples: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Preview:
    """What a load would give."""

    meta: Meta
    refused: tuple[RefusedGroup, ...]


def preview(workspace: Workspace, progress: Progress) -> Preview:
    """Read and check every source and try every own measure. Nothing in the workspace changes.

    Raises DataError where ``load`` would, ConfigError for an own measure that cannot be evaluated.
    """
    inputs = find_inputs(workspace)
    with _scratch(workspace, write=False) as scratch:
        folder = scratch / "preview"
        folder.mkdir()
        meta = _load_into(folder, scratch, workspace, inputs, progress)
        _try_own_measures(_Previewed(workspace, "", meta, folder))
        return Preview(meta, tuple(refused_groups(scratch / REFUSED)))


@dataclass(frozen=True)
class _Previewed(Store):
    """A store in the temporary folder."""

    place: Path

    @property
    def folder(self) -> Path:
        return self.place

    @property
    def lasting(self) -> bool:
        return False


def _try_own_measures(store: Store) -> None:
    """Evaluate every measure of the user's own once; ConfigError with all that cannot be."""
    own = store.workspace.config.measure
    problems: list[Problem] = []
    for measure in find(own, own) if own else ():
        try:
            evaluate(store, [replace(measure, needs=())])
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)


def refused_groups(path: Path) -> list[RefusedGroup]:
    """The refused rows of a ``refused.csv``, by file, column and reason, the largest group first."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return _grouped(csv.DictReader(stream))


def _grouped(rows: Iterable[dict[str, str]]) -> list[RefusedGroup]:
    counts: dict[tuple[str, str, str], int] = {}
    examples: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for row in rows:
        key = (row["file"], row["column"], re.sub(r"\brow \d+", "another row", row["reason"]))
        counts[key] = counts.get(key, 0) + 1
        seen = examples.setdefault(key, [])
        if len(seen) < EXAMPLES:
            seen.append((int(row["row"]), row["value"]))
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return [RefusedGroup(*key, counts[key], tuple(examples[key])) for key in ordered]
