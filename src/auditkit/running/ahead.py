"""Figures evaluated before the reports that tell them: of a few teams at once, while earlier reports are made.

What a report asks of its team costs more to plan than to count, so a few teams together cost hardly more than one. In
come the jobs of a run, out comes for each a file with the figures of its team, or none where a report asks something of
its own. The processes that make reports take their figures from it, and what a report shows is compared with it: a
notebook can touch neither. Whatever is wrong with the data is left for the report to meet, and to say in which cell.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditkit.clocks.period import Period
from auditkit.evaluation.at_hand import FEW_TEAMS  # so many are held in memory at once
from auditkit.report.history import history_of, periods_of
from auditkit.running.plan import Job
from auditkit.running.slices import HISTORY, reads_of
from auditkit.store import Store

if TYPE_CHECKING:
    import pandas as pd

Question = tuple[tuple[Period, ...], datetime]


@dataclass
class _Batch:
    """A few teams that are asked the same."""

    question: Question
    teams: list[str] = field(default_factory=list)
    answer: Future | None = None


class Ahead:
    """The figures of a run's jobs, one batch of teams after another, the next one while the last is told."""

    def __init__(self, store: Store, jobs: Sequence[Job], folder: Path):
        self._store, self._folder = store, folder
        self._pool = ThreadPoolExecutor(1, "figures")
        self._batches, self._place = _batches(store, jobs)
        self._start(0)

    def file_of(self, place: int) -> str:
        """The file with the figures of the job's team, "" where there is none; waits until it is there."""
        if place not in self._place:
            return ""
        number, team = self._place[place]
        self._start(number)
        self._start(number + 1)
        answer = self._batches[number].answer
        assert answer is not None
        files = answer.result()
        return files.get(team, "")

    def end(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _start(self, number: int) -> None:
        if number < len(self._batches) and self._batches[number].answer is None:
            self._batches[number].answer = self._pool.submit(self._evaluate, number)

    def _evaluate(self, number: int) -> dict[str, str]:
        from auditkit.evaluation.evaluate import evaluate

        batch = self._batches[number]
        periods, as_of = batch.question
        try:
            figures = evaluate(self._store, teams=batch.teams, periods=periods, variants=True, as_of=as_of)
            return dict(self._written(number, figures))
        except Exception:
            return {}

    def _written(self, number: int, figures: pd.DataFrame) -> Iterator[tuple[str, str]]:
        """A file for each team; texts stay what they are, with all that a translation needs."""
        for place, (team, own) in enumerate(figures.groupby("team", sort=False)):
            path = self._folder / f"figures-{number}-{place}"
            path.write_bytes(pickle.dumps(own.reset_index(drop=True), pickle.HIGHEST_PROTOCOL))
            yield str(team), str(path)


def _batches(store: Store, jobs: Sequence[Job]) -> tuple[list[_Batch], dict[int, tuple[int, str]]]:
    """The batches in the order of the jobs, and for each job that asks of its team's history its batch and team."""
    batches: list[_Batch] = []
    open_ones: dict[Question, int] = {}
    known: dict[tuple[Question, str], int] = {}
    places = {}
    for place, job in enumerate(jobs):
        if job.teams or reads_of(job.notebook) != HISTORY:
            continue
        as_of = datetime.fromisoformat(job.as_of) if job.as_of else store.meta.as_of
        question = (tuple(periods_of(*history_of(store, job.team, job.period))), as_of)
        number = known.get((question, job.team))
        if number is None:
            number = open_ones.get(question, -1)
            if number < 0 or len(batches[number].teams) >= FEW_TEAMS:
                number = open_ones[question] = len(batches)
                batches.append(_Batch(question))
            batches[number].teams.append(job.team)
            known[question, job.team] = number
        places[place] = (number, job.team)
    return batches, places
