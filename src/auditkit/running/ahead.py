"""What reports will ask, asked before them: of a few teams together, by the processes that make the reports.

What a report asks of its team costs more to plan than to count, so a few teams together cost hardly more than one. In
come the jobs of a run, out come tasks that answer for a few teams each, and for each job the file with the answers of
its team, or none where a report asks something of its own. Reports take their figures from it, and what a report shows
is compared with it: a notebook can touch neither.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from auditkit.evaluation.at_hand import FEW_TEAMS, about_rows
from auditkit.report.history import Told, told_of
from auditkit.running.answering import task_of_answers
from auditkit.running.plan import Job
from auditkit.running.slices import HISTORY, reads_of
from auditkit.running.task import LOGS
from auditkit.store import Store

LOG = "asked-ahead.log"  # of the last run: what came to nothing, and why
FEWEST_TEAMS = 2  # one alone is answered by its own report
MOST_ROWS = 1_000_000  # that are asked about together; a few hundred megabytes
_CALLED = re.compile(r"\.([a-z_]+)\(")


@dataclass
class _Batch:
    """A few teams that are asked the same; ``files`` is None until they are answered."""

    told: Told
    teams: list[str] = field(default_factory=list)
    files: Mapping[str, str] | None = None


class Ahead:
    """The answers for a run's jobs, one batch of teams after another."""

    def __init__(self, store: Store, jobs: Sequence[Job], folder: Path, workers: int):
        self._store, self._folder = store, folder
        self._batches, self._place = _batches(store, jobs, workers)
        self._left = Counter(self._place.values())
        notebooks = {jobs[place].notebook for place in self._place}
        self._sections = sorted({name for one in notebooks for name in _calls(one)})
        self._begun, self._log = 0, store.workspace.state / LOGS / LOG
        self._log.unlink(missing_ok=True)

    def in_turn(self, places: Iterable[int]) -> list[int]:
        """Jobs in an order in which nobody waits long: those that need no answers, then one batch after another."""
        return sorted(places, key=lambda place: (self._place.get(place, (-1, ""))[0], place))

    def is_ready(self, place: int) -> bool:
        """Whether the job need not wait for answers any more."""
        return place not in self._place or self._batches[self._place[place][0]].files is not None

    def next(self) -> tuple[int, dict[str, Any]] | None:
        """The number of the next batch and its task; None where all are begun."""
        if self._begun == len(self._batches):
            return None
        number, batch = self._begun, self._batches[self._begun]
        self._begun += 1
        stem = self._folder / f"answers-{number}"
        return number, task_of_answers(self._store, batch.teams, batch.told, self._sections, stem)

    def answered(self, number: int, answer: Mapping[str, Any]) -> None:
        """The batch's task has ended, with or without answers; why there are none goes to a log."""
        batch = self._batches[number]
        batch.files = answer.get("files") or {}
        if not batch.files:
            why = "; ".join(map(str, answer.get("problems", ()))) or "the data were loaded anew"
            words = f"{batch.told.period.label}, {', '.join(batch.teams)}: {why}. Each report asks for itself.\n"
            with suppress(OSError):  # a full disk is told by the reports
                self._log.parent.mkdir(parents=True, exist_ok=True)
                with self._log.open("a", encoding="utf-8") as log:
                    log.write(words)

    def file_of(self, place: int) -> str:
        """The file with the answers for the job's team, "" where there is none."""
        if place not in self._place:
            return ""
        number, team = self._place[place]
        return (self._batches[number].files or {}).get(team, "")

    def let_go(self, place: int) -> None:
        """The job has ended for good: a file that no other job needs is removed."""
        if place in self._place:
            self._left[self._place[place]] -= 1
            if not self._left[self._place[place]] and self.file_of(place):
                Path(self.file_of(place)).unlink(missing_ok=True)


def _calls(notebook: Path) -> set[str]:
    """The names of all methods that a notebook calls, sections among them; none where it cannot be read."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, LookupError, TypeError):
        return set()
    return {name for one in code for name in _CALLED.findall(one)}


def _batches(store: Store, jobs: Sequence[Job], workers: int) -> tuple[list[_Batch], dict[int, tuple[int, str]]]:
    """The batches in the order of the jobs, and for each job that asks of its team's history its batch and team.

    Few teams are shared out, so that no worker waits for the answers of another one's; of teams with many rows each
    report asks for itself, since then it is the counting that costs.
    """
    asking: dict[Told, dict[str, list[int]]] = {}
    reads = {path: reads_of(path) for path in {job.notebook for job in jobs}}
    for place, job in enumerate(jobs):
        if not job.teams and reads[job.notebook] == HISTORY:
            as_of = datetime.fromisoformat(job.as_of) if job.as_of else store.meta.as_of
            told = told_of(store, job.team, job.period, as_of)
            asking.setdefault(told, {}).setdefault(job.team, []).append(place)
    of_a_team = about_rows(store, ("any",), store.meta.tables)
    share = math.ceil(sum(map(len, asking.values())) / workers)
    size = min(FEW_TEAMS, share, int(MOST_ROWS / max(1.0, of_a_team)))
    batches: list[_Batch] = []
    places: dict[int, tuple[int, str]] = {}
    for told, teams in asking.items():
        names = list(teams)
        for first in range(0, len(names), max(size, 1)):
            together = names[first : first + size]
            if len(together) < FEWEST_TEAMS:
                continue
            places |= {place: (len(batches), team) for team in together for place in teams[team]}
            batches.append(_Batch(told, together))
    return batches, places
