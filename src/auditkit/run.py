"""A run: the jobs of a plan, spread over worker processes, and each edition put in its place when it is whole.

In comes a plan, out comes one outcome per job. A worker that dies costs its own report; an interruption ends every
worker and kernel and leaves no half-made edition. What a run did is added as one line to ``.auditkit/runs.jsonl``.
Watching is someone else's work: ``Watcher`` hears what happens.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from auditkit.edition import building_folder, install, remove_building
from auditkit.errors import AuditError
from auditkit.ingredients import key_of, libraries
from auditkit.labels import Labels
from auditkit.plan import Job, Plan
from auditkit.records import instant_text
from auditkit.store import Store

LEDGER = "runs.jsonl"
LOGS = "logs"
WORKERS_LOG = "workers.log"  # what workers say outside any report
LAST_LINES = 8
LITTLE_SPACE = 100 * 1024**2  # bytes


@dataclass(frozen=True)
class Outcome:
    """How one job ended: ``state`` is "made", "without pdf" or "failed"; why, and where the log is."""

    job: Job
    state: str
    problems: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    log: str = ""
    notebook: str = ""
    seconds: float = 0.0


Watcher = Callable[[Job, str, Any], None]
"""Called with a job and "begun", ("cell", (done, total)) or ("end", outcome), always from the main thread."""


def default_workers(plan: Plan) -> int:
    """As many as there are processors, but no more than reports to make."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(processors, len(plan.due)))


def run_plan(store: Store, plan: Plan, workers: int, watch: Watcher = lambda job, what, detail: None) -> list[Outcome]:
    """Make every report that is due; outcomes in the plan's order.

    ``KeyboardInterrupt`` passes through after every worker and kernel is gone. Raises DataError when the workspace
    cannot be written.
    """
    if not plan.due:
        return []
    building = building_folder(store.workspace)
    pool = _Pool(store, plan.due, building)
    try:
        outcomes = pool.run(max(1, min(workers, len(plan.due))), watch)
    finally:
        pool.end()
        remove_building(building)
    _record(store, outcomes)
    return outcomes


def last_run(store_state: Path) -> dict[str, Any] | None:
    """The ledger's last whole line."""
    try:
        lines = (store_state / LEDGER).read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        try:
            return json.loads(line)
        except ValueError:
            continue
    return None


class _Pool:
    """Worker processes, a thread for each that passes tasks and answers, and one queue of news for the main thread."""

    def __init__(self, store: Store, jobs: tuple[Job, ...], building: Path):
        self.store, self.building = store, building
        self.tasks: queue.SimpleQueue[tuple[int, Job]] = queue.SimpleQueue()
        for numbered in enumerate(jobs):
            self.tasks.put(numbered)
        self.jobs = jobs
        self.news: queue.SimpleQueue[tuple[int, str, Any]] = queue.SimpleQueue()
        self.processes: list[subprocess.Popen[str]] = []
        self.ending = False

    def run(self, workers: int, watch: Watcher) -> list[Outcome]:
        for _ in range(workers):
            threading.Thread(target=self._serve, daemon=True).start()
        outcomes: dict[int, Outcome] = {}
        while len(outcomes) < len(self.jobs):
            try:
                number, what, detail = self.news.get(timeout=0.2)  # short, so that an interruption is heard everywhere
            except queue.Empty:
                continue
            if what == "fault":
                raise detail
            job = self.jobs[number]
            if what == "end":
                detail = outcomes[number] = self._settle(number, job, detail)
            watch(job, what, detail)
        return [outcomes[number] for number in range(len(self.jobs))]

    def end(self) -> None:
        """End every worker and what it started."""
        self.ending = True
        for process in self.processes:
            if process.poll() is None:
                _end_tree(process)

    def _serve(self) -> None:
        """One worker's thread: a task, its answers, the next task; a new process when the old one died."""
        process = None
        try:
            while not self.ending:
                try:
                    number, job = self.tasks.get_nowait()
                except queue.Empty:
                    break
                process = process if process and process.poll() is None else self._start()
                self.news.put((number, "begun", None))
                self.news.put((number, "end", self._ask(process, number, job)))
        except BaseException as error:
            self.news.put((-1, "fault", error))
        finally:
            if process and process.stdin:
                process.stdin.close()

    def _start(self) -> subprocess.Popen[str]:
        with (self.building / WORKERS_LOG).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "auditkit.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, text=True, encoding="utf-8", start_new_session=True, env=_environment(),
            )  # fmt: skip
        self.processes.append(process)
        return process

    def _ask(self, process: subprocess.Popen[str], number: int, job: Job) -> dict[str, Any]:
        """Give the worker one task and pass on what it says; its death is an answer too."""
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(self._task(number, job)) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                message = json.loads(line)
                if message.pop("event") == "end":
                    return message
                self.news.put((number, "cell", (message["done"], message["total"])))
        except OSError:
            pass
        code = process.wait()
        if code < 0:
            said = f"the worker process was ended by signal {-code} (out of memory, or killed)"
        else:
            said = f"the worker process ended with code {code}{_disk_words(self.building)}"
        lines = (self.building / WORKERS_LOG).read_text(encoding="utf-8", errors="replace").splitlines()
        return {"state": "failed", "problems": [said], "lines": lines[-LAST_LINES:] if code > 0 else []}

    def _task(self, number: int, job: Job) -> dict[str, Any]:
        built = self.building / str(number)
        built.mkdir()
        language = job.parameters.get("language", "en")
        labels = [job.period.label, *(Labels(one).period(job.period) for one in dict.fromkeys((language, "en")))]
        return {
            "name": job.name,
            "report": job.report,
            "notebook": str(job.notebook),
            "workspace": str(self.store.workspace.root),
            "team": job.team,
            "period": job.period.label,
            "as_of": job.parts["parameters"].get("as_of") or instant_text(self.store.meta.as_of),
            "parameters": dict(job.parameters),
            "expected": {"team": [job.team], "period": labels},
            "pdf": job.pdf,
            "built": str(built),
            "log": str(log_path(self.store, job)),
            "entry": manifest_entry(self.store, job),
        }

    def _settle(self, number: int, job: Job, answer: Mapping[str, Any]) -> Outcome:
        """Put a built report in its place; what cannot be put there has failed."""
        state, problems = answer["state"], list(answer.get("problems", ()))
        if state != "failed":
            try:
                install(
                    self.building / str(number), job.folder, job.team, job.period.label, job.report, answer["entry"]
                )
            except AuditError as error:
                state, problems = "failed", [str(problem) for problem in error.problems]
        log = str(log_path(self.store, job))
        lines, seconds = tuple(answer.get("lines", ())), answer.get("seconds", 0.0)
        return Outcome(job, state, tuple(problems), lines, log, answer.get("notebook", ""), seconds)


def log_path(store: Store, job: Job) -> Path:
    """Where the log of a job is."""
    return store.workspace.state / LOGS / f"{job.log_stem}.log"


def manifest_entry(store: Store, job: Job) -> dict[str, Any]:
    """What the manifest says of a report before it is made: everything that it is made from."""
    inputs = [
        {"file": one.name, "table": one.table, "sha256": one.sha256, "rows_in": one.rows_in, "rows_kept": one.rows_kept,
         "rows_refused": one.rows_refused, "rows_folded": one.rows_folded}
        for one in store.meta.sources
    ]  # fmt: skip
    return {
        "key": key_of(job.parts),
        "as_of": job.parts["parameters"].get("as_of") or instant_text(store.meta.as_of),
        "notebook": job.notebook.name,
        "generation": store.generation,
        "made_from": dict(job.parts),
        "inputs": inputs,
        "versions": dict(libraries()),
    }


def _environment() -> dict[str, str]:
    """The worker's environment: this one, with hashes in a fixed order."""
    return {**os.environ, "PYTHONHASHSEED": "0"}


def _disk_words(folder: Path) -> str:
    """A nearly full disk, as the likely cause of what cannot say its own; empty where there is space."""
    free = shutil.disk_usage(folder).free
    if free >= LITTLE_SPACE:
        return ""
    return f"; the disk of {folder} is nearly full ({free / 1024**2:.0f} MB left). Free some disk space and run again."


def _end_tree(process: subprocess.Popen[str]) -> None:
    """End a process and all that it started: a kernel lives in a session of its own."""
    import psutil

    try:
        family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in family:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=5)


def _record(store: Store, outcomes: list[Outcome]) -> None:
    """Add the run to the ledger. It is for people: no figure depends on it."""
    line = {
        "at": instant_text(datetime.now(UTC)),
        "generation": store.generation,
        "results": [
            {"report": one.job.report, "team": one.job.team, "period": one.job.period.label, "state": one.state,
             "problems": list(one.problems), "log": one.log, "seconds": one.seconds}
            for one in outcomes
        ],
    }  # fmt: skip
    try:
        with (store.workspace.state / LEDGER).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
    except OSError:
        return  # a full disk: the outcomes are printed all the same
