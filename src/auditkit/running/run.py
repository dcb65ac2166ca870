"""A run: the jobs of a plan handed to makers of reports, and each edition put in its place when it is whole.

In comes a plan and whoever makes reports (processes of this machine, or a cluster), out comes one outcome per job.
What a retry can help is tried again, with a pause and a bound; what is wrong with data or code is told at once. Every
attempt is entered in the ledger. An interruption ends every process and leaves no half-made edition; a run that was
killed is taken up where it was, because the plan believes the editions that are there. Watching is someone else's work.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from auditkit.errors import AuditError, ReportError
from auditkit.running.ahead import Ahead
from auditkit.running.edition import building_folder, holds, install, remove_building
from auditkit.running.failures import CLASSES, Failure, answer_of, of_os_error
from auditkit.running.failures_page import write_pages
from auditkit.running.ledger import FAILED, INTERRUPTED, LOST, Ledger
from auditkit.running.plan import Job, Plan
from auditkit.running.task import ENGINES, log_path, task_of
from auditkit.running.warm import Event
from auditkit.store import Store

PAUSES = (1.0, 6.0)  # seconds before the second and the third attempt; there is no fourth
MOST_OF = {"memory limit": 2, "cell timeout": 2, "notebook timeout": 2}  # attempts, where one more seldom helps
LOADED = 1.5  # processes that wait for a processor, per processor: a timeout may then be the machine's fault
LITTLE_SPACE = 100 * 1024**2  # bytes
_PATIENCE_SECONDS = 0.2


@dataclass(frozen=True)
class Outcome:
    """How one job ended: ``state`` is "made", "without pdf" or "failed"; ``failure`` as failures.py says it."""

    job: Job
    state: str
    problems: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    log: str = ""
    notebook: str = ""
    seconds: float = 0.0
    memory_bytes: int | None = None
    attempts: int = 1
    remarks: tuple[str, ...] = ()
    failure: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Happened:
    """Something about a job: "begun" (attempt, worker), "cell" (done, total), "retry" (attempt, why, pause) or "end"
    (outcome).
    """

    kind: str
    job: Job
    detail: Mapping[str, Any] = field(default_factory=dict)


Watcher = Callable[[Happened], None]
"""Called from the main thread."""


class Makers(Protocol):
    """Whoever makes reports; see auditkit.running.warm, which says what the events hold."""

    @property
    def busy(self) -> bool:
        """Whether a task has not ended."""

    def submit(self, number: int, task: dict[str, Any]) -> None:
        """Take a task."""

    def events(self, timeout: float) -> Iterable[Event]:
        """What happened; waits so long for the first of it."""

    def end(self) -> None:
        """End everything that was started."""


@dataclass(frozen=True)
class Manner:
    """How to run: how many reports at a time, by which engine, what opens the makers (given a folder), and the
    address of the cluster, where it is one.
    """

    workers: int
    engine: str
    open: Callable[[Path], Makers]
    where: str = ""


def default_workers(plan: Plan) -> int:
    """As many as there are processors, but no more than reports to make."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, len(plan.due)))


def run_plan(
    store: Store,
    plan: Plan,
    manner: Manner,
    watch: Watcher = lambda happened: None,
    tell: Callable[[str], None] = lambda words: None,
) -> list[Outcome]:
    """Make every report that is due; outcomes in the plan's order. The workspace must be held (see lock.py).

    ``KeyboardInterrupt`` passes through after every process is gone. Raises DataError when the workspace cannot be
    written.
    """
    building = building_folder(store.workspace)
    ledger = Ledger(store.workspace.state, tell)
    run = None
    try:
        ledger.close_left_open(lambda one: _is_made(plan, one))
        if plan.due:
            run = ledger.begin_run(
                store.generation,
                f"{manner.engine} {manner.where}".strip(),
                manner.workers,
                len(plan.due),
                len(plan.current),
            )
            asks_ahead = manner.engine == ENGINES[0] and not manner.where
            ahead = Ahead(store, plan.due if asks_ahead else (), building, manner.workers)
            with _ended(manner.open(building)) as makers, _entered(ledger, run):
                work = _Work(store, plan.due, building, ledger, run, manner, makers, ahead, watch)
                work.do()
                outcomes = work.in_order()
        else:
            outcomes = []
        write_pages(store, ledger.failing(), outcomes, plan.current, tell)
    finally:
        remove_building(building, store.workspace)
        ledger.close()
        if ledger.trouble:
            tell(ledger.trouble)
    return outcomes


@contextmanager
def _ended(one: Any) -> Iterator[Any]:
    try:
        yield one
    finally:
        one.end()


@contextmanager
def _entered(ledger: Ledger, run: int) -> Iterator[None]:
    """The run's end in the ledger, however it ends."""
    try:
        yield
    except KeyboardInterrupt:
        ledger.end_run(run, INTERRUPTED)
        raise
    except BaseException:
        ledger.end_run(run, FAILED)
        raise
    ledger.end_run(run, "ended")


def _is_made(plan: Plan, attempt: Mapping[str, Any]) -> bool:
    """Whether an attempt that was never closed has its edition, whole."""
    folders = (job.folder for job in (*plan.due, *plan.current) if _names(job) == _entry_names(attempt))
    return any(holds(folder, attempt["report"], attempt["key"]) for folder in folders)


def _names(job: Job) -> tuple[str, str, str]:
    return job.report, job.team, job.period.label


def _entry_names(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["report"], entry["team"], entry["period"]


@dataclass
class _Attempt:
    """One attempt under way."""

    place: int
    number: int
    built: Path
    entry: int = 0
    worker: str = ""


@dataclass
class _Work:
    """The attempts that wait, those under way, what is asked ahead for them, and what came of those that ended."""

    store: Store
    jobs: tuple[Job, ...]
    building: Path
    ledger: Ledger
    run: int
    manner: Manner
    makers: Makers
    ahead: Ahead
    watch: Watcher
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    under_way: dict[int, _Attempt] = field(default_factory=dict)
    asking: dict[int, int] = field(default_factory=dict)
    waiting: list[tuple[float, int, int]] = field(default_factory=list)
    given: int = 0

    def do(self) -> None:
        """Until every job has an outcome."""
        self.waiting = [(0.0, place, 1) for place in self.ahead.in_turn(range(len(self.jobs)))]
        try:
            while len(self.outcomes) < len(self.jobs):
                self._hand_out()
                for event in self.makers.events(_PATIENCE_SECONDS):
                    if event.number in self.under_way:  # an answer that comes too late changes nothing
                        self._hear(self.under_way[event.number], event)
                    elif event.number in self.asking and event.kind == "end":
                        self.ahead.answered(self.asking.pop(event.number), event.detail)
        except BaseException:
            for attempt in self.under_way.values():
                self.ledger.end_attempt(attempt.entry, INTERRUPTED)
            raise

    def in_order(self) -> list[Outcome]:
        """The outcomes in the plan's order."""
        return [self.outcomes[place] for place in range(len(self.jobs))]

    def _hand_out(self) -> None:
        """Give out what is ready while there is someone free, and before it runs out, the questions of what follows."""
        free = self.manner.workers - len(self.under_way) - len(self.asking)
        if free <= 0:
            return
        due = sorted((one for one in self.waiting if one[0] <= time.monotonic()), key=lambda one: one[0])
        ready = [one for one in due if self.ahead.is_ready(one[1])]
        for _ in range(free):
            question = self.ahead.next() if len(ready) < self.manner.workers else None
            if question is not None:
                self.given += 1
                self.asking[self.given] = question[0]
                self.makers.submit(self.given, question[1])
            elif ready:
                one = ready.pop(0)
                self.waiting.remove(one)
                self._begin(_Attempt(one[1], one[2], self.building / f"{one[1]}-{one[2]}"))

    def _begin(self, attempt: _Attempt) -> None:
        self.given += 1
        job = self.jobs[attempt.place]
        self.under_way[self.given] = attempt
        self._enter(attempt)
        try:
            attempt.built.mkdir()
        except OSError as error:
            failure = of_os_error(error, str(attempt.built))
            self._end(self.given, attempt, answer_of(failure))
            return
        answers = self.ahead.file_of(attempt.place)
        self.makers.submit(self.given, task_of(self.store, job, attempt.built, self.manner.engine, answers))

    def _enter(self, attempt: _Attempt) -> None:
        job = self.jobs[attempt.place]
        attempt.entry = self.ledger.begin_attempt(
            self.run, key=job.key, report=job.report, team=job.team, period=job.period.label, why=job.why,
            attempt=attempt.number, log=str(log_path(self.store, job)),
        )  # fmt: skip

    def _hear(self, attempt: _Attempt, event: Event) -> None:
        job = self.jobs[attempt.place]
        if event.kind == "begun":
            self._begun(attempt, job, event.detail)
        elif event.kind == "end":
            self._end(event.number, attempt, event.detail)
        else:
            self.watch(Happened(event.kind, job, event.detail))

    def _begun(self, attempt: _Attempt, job: Job, detail: Mapping[str, Any]) -> None:
        """A second beginning of the same attempt: whoever had it is lost, and somebody else has it now."""
        worker = str(detail.get("worker") or f"process {detail.get('pid')}")
        if attempt.worker:
            words = f"{attempt.worker} was lost; it is made again by {worker}"
            self.ledger.end_attempt(attempt.entry, LOST, error=words, retried=1)
            attempt.number += 1
            self._enter(attempt)
            told = {"attempt": attempt.number, "why": words, "class": "worker lost", "pause": 0.0}
            self.watch(Happened("retry", job, told))
        attempt.worker = worker
        self.ledger.note(attempt.entry, worker=worker)
        self.watch(Happened("begun", job, {"attempt": attempt.number, "worker": worker}))

    def _end(self, number: int, attempt: _Attempt, answer: Mapping[str, Any]) -> None:
        """Settle an answer: an edition in its place, another attempt, or a failure."""
        del self.under_way[number]
        job = self.jobs[attempt.place]
        answer = _with_disk_words(answer, self.building)
        if answer["state"] != FAILED:
            answer = self._installed(job, attempt, answer)
        pause = _pause(answer, attempt.number)
        outcome = _outcome(self.store, job, attempt, answer)
        self.ledger.end_attempt(attempt.entry, answer["state"], retried=int(pause is not None), **_told(outcome))
        if pause is None:
            self.ahead.let_go(attempt.place)
            self.outcomes[attempt.place] = outcome
            self.watch(Happened("end", job, {"outcome": outcome}))
            return
        self.waiting.append((time.monotonic() + pause, attempt.place, attempt.number + 1))
        told = {"attempt": attempt.number + 1, "why": outcome.problems[0], "pause": pause}
        self.watch(Happened("retry", job, told | {"class": (outcome.failure or {}).get("class", "")}))

    def _installed(self, job: Job, attempt: _Attempt, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        """Put a built report in its place; what cannot be put there has failed."""
        try:
            install(attempt.built, job.folder, job.team, job.period.label, job.report, answer["entry"])
        except ReportError as error:
            full = any("disk" in problem.remedy for problem in error.problems)
            said = " ".join(str(problem) for problem in error.problems)
            kind = "disk full" if full else "cannot be written"
            return answer_of(Failure(kind, said), seconds=answer.get("seconds", 0.0))
        except AuditError as error:
            return answer_of(Failure("refused", str(error)), seconds=answer.get("seconds", 0.0))
        return answer


def _with_disk_words(answer: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """A death that cannot say its own cause, with a nearly full disk as the likely one."""
    failure = answer.get("failure") or {}
    if failure.get("class") not in ("process ended", "crash"):
        return answer
    free = shutil.disk_usage(folder).free
    if free >= LITTLE_SPACE:
        return answer
    words = f"the disk of {folder} is nearly full ({free / 1024**2:.0f} MB left). Free some disk space and run again."
    return {**answer, "problems": [f"{answer['problems'][0]}; {words}", *answer["problems"][1:]]}


def _pause(answer: Mapping[str, Any], attempt: int) -> float | None:
    """Seconds until the next attempt; None where there is none."""
    failure = answer.get("failure") or {}
    kind = failure.get("class", "")
    if answer["state"] != FAILED or kind not in CLASSES or not CLASSES[kind].retry:
        return None
    if attempt >= min(MOST_OF.get(kind, len(PAUSES) + 1), len(PAUSES) + 1):
        return None
    if "timeout" in kind and not _machine_is_loaded():
        return None
    return PAUSES[attempt - 1]


def _machine_is_loaded() -> bool:
    import psutil

    return psutil.getloadavg()[0] / (os.cpu_count() or 1) > LOADED


def _outcome(store: Store, job: Job, attempt: _Attempt, answer: Mapping[str, Any]) -> Outcome:
    return Outcome(
        job=job,
        state=answer["state"],
        problems=tuple(answer.get("problems", ())),
        lines=tuple(answer.get("lines", ())),
        log=str(log_path(store, job)),
        notebook=answer.get("notebook") or "",
        seconds=answer.get("seconds") or 0.0,
        memory_bytes=answer.get("memory"),
        attempts=attempt.number,
        remarks=tuple(answer.get("remarks", ())),
        failure=answer.get("failure"),
    )


def _told(outcome: Outcome) -> dict[str, Any]:
    """What the ledger keeps of an outcome."""
    failure = outcome.failure or {}
    return {
        "seconds": outcome.seconds,
        "memory_bytes": outcome.memory_bytes,
        "class": failure.get("class"),
        "cell": failure.get("cell"),
        "heading": failure.get("heading"),
        "error": failure.get("error") or (outcome.problems[0] if outcome.problems else None),
        "problems": outcome.problems,
        "output": failure.get("output") or outcome.lines,
        "remedy": failure.get("remedy"),
        "notebook": outcome.notebook,
    }
