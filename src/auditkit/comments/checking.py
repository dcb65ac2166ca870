"""Checking the keywords: a random sample of hits that a person judges, and the precision that follows.

In come hits, out comes a folder ``keywords/checks/NAME/`` with a form and ``sample.json``; the judged form comes back
as ``checked.csv`` beside it. A precision holds for one list in one language, as it was when it was checked: once the
list has changed, it says so. No text is kept, only a hash of where it came from.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from auditkit.comments.check_form import HitToJudge, Judged, write_form
from auditkit.comments.found import context_of
from auditkit.comments.keywords import OWN_FOLDER, Keywords
from auditkit.comments.matching import Matcher
from auditkit.errors import DataError, Problem, UsageError
from auditkit.labels import Labels
from auditkit.safe.files import write_whole
from auditkit.stats import wilson
from auditkit.workspace import Workspace

CHECKS, SAMPLE, CHECKED, FORM = "checks", "sample.json", "checked.csv", "form.xlsx"
COLUMNS = ("key", "category", "language", "verdict", "who", "on")
List = tuple[str, str]  # a category and a language


@dataclass(frozen=True)
class Precision:
    """How often a hit of a list is right: ``right`` of ``judged`` (those that could not be judged apart), with the
    95 % interval (Wilson); ``state`` "checked", or why there is none."""

    state: Literal["checked", "changed", "not checked"] = "not checked"
    right: int = 0
    judged: int = 0
    unsure: int = 0

    @property
    def value(self) -> float | None:
        """The share of hits that are right."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its 95 % interval."""
        if not self.judged:
            return None
        low, high = wilson(self.right, self.judged)
        return float(low), float(high)


def draw_check(
    workspace: Workspace, name: str, found: pd.DataFrame, matchers: Mapping[str, Matcher], mask: Callable[[str], str],
    labels: Labels, size: int, seed: int,
) -> tuple[Path, dict[List, tuple[int, int]]]:  # fmt: skip
    """Draw up to ``size`` hits of each list at random and write the folder; returns it, and drawn and all by list.

    Raises UsageError where nothing was hit or the folder exists, DataError where it cannot be written.
    """
    folder = workspace.root / OWN_FOLDER / CHECKS / name
    if found.empty:
        raise UsageError(Problem(name, "has no keyword in any text", "", "Name another --period or --team."))
    if folder.exists():
        raise UsageError(Problem(str(folder), "exists already", "", "It may hold judgements: use another --seed."))
    generator = np.random.default_rng(seed)
    rows, counts = [], {}
    for (category, language), part in found.sort_values("key").groupby(["category", "language"], sort=True):
        drawn = part.iloc[np.sort(generator.choice(len(part), min(size, len(part)), replace=False))]
        counts[category, language] = (len(drawn), len(part))
        for one in drawn.itertuples(index=False):
            told = context_of(one.text, category, matchers[language], mask)
            rows.append(HitToJudge(_key(one.key, category), category, language, one.keyword, *told))
    order = generator.permutation(len(rows))  # so that nobody judges a list at a stretch
    told = [rows[place] for place in order]
    about = {
        "id": name, "seed": seed,
        "hits": {one.key: [one.category, one.language] for one in told},
        "population": [[*which, count] for which, (_, count) in counts.items()],
        "lists": [[*which, matchers[which[1]].keywords.fingerprint(which[0])] for which in counts],
    }  # fmt: skip
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".drawing-", dir=folder.parent) as place:
            built = Path(place) / name
            built.mkdir()
            write_form(built / FORM, told, labels, {"form": 1, "check": name})
            (built / SAMPLE).write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            built.rename(folder)
    except OSError as error:
        raise DataError(Problem(str(folder), f"cannot be written: {error.strerror or error}")) from None
    return folder, counts


def read_sample(workspace: Workspace, name: str) -> dict[str, Any]:
    """What was drawn under this name. DataError where it is not in the workspace."""
    path = workspace.root / OWN_FOLDER / CHECKS / Path(name).name / SAMPLE
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remedy = "Import it in the workspace where it was drawn."
        raise DataError(
            Problem(str(path), "is not there or cannot be read", "the sample of the form", remedy)
        ) from None


def judged_before(workspace: Workspace, name: str) -> dict[str, Judged]:
    """The judgements that stand, by the key of the hit."""
    path = workspace.root / OWN_FOLDER / CHECKS / Path(name).name / CHECKED
    return {one.key: one for one in _judgements(path)}


def write_judged(workspace: Workspace, sample: Mapping[str, Any], judged: Sequence[Judged]) -> Path:
    """Write every judgement of a sample, in the order in which it was drawn; the file is replaced in one step."""
    path = workspace.root / OWN_FOLDER / CHECKS / Path(sample["id"]).name / CHECKED
    by_key = {one.key: one for one in judged}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key, which in sample["hits"].items():
        if key in by_key:
            one = by_key[key]
            writer.writerow([key, *which, one.verdict, one.who, one.on])
    write_whole(path, stream.getvalue())
    return path


def precision_of(workspace: Workspace, keywords: Mapping[str, Keywords]) -> dict[List, Precision]:
    """The precision of every list that was checked, over all checks of the list as it is now."""
    counts: dict[List, Counter] = {}
    outdated: set[List] = set()
    for folder in sorted((workspace.root / OWN_FOLDER / CHECKS).glob(f"*/{SAMPLE}")):
        sample = read_sample(workspace, folder.parent.name)
        then = {(category, language): mark for category, language, mark in sample["lists"]}
        which = {key: tuple(one) for key, one in sample["hits"].items()}
        for one in judged_before(workspace, folder.parent.name).values():
            asked = which.get(one.key)
            now = keywords.get(asked[1]) if asked else None
            if now is None:
                continue
            if now.fingerprint(asked[0]) == then.get(asked):
                counts.setdefault(asked, Counter())[one.verdict] += 1
            else:
                outdated.add(asked)
    found = {one: Precision("checked", tally["yes"], tally["yes"] + tally["no"], tally["unsure"])
             for one, tally in counts.items() if tally["yes"] + tally["no"]}  # fmt: skip
    return {one: Precision("changed") for one in outdated} | found


def _key(text: str, category: str) -> str:
    return hashlib.sha256(f"{category}\0{text}".encode()).hexdigest()[:16]


def _judgements(path: Path) -> list[Judged]:
    if not path.is_file():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            return [Judged(row["key"], row["verdict"], row["who"], row["on"]) for row in csv.DictReader(stream)]
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        remedy = "Import the form again."
        raise DataError(
            Problem(str(path), f"cannot be read: {error}", "the file that an import wrote", remedy)
        ) from None
