"""Makers of reports on a Dask cluster that is there already: the same tasks and the same events, on other machines.

In comes the scheduler's address, out comes what run.py hands its tasks to. Workers that see the workspace build beside
its editions; others get their slice through the scheduler and send back what they built. Only this process puts an
edition in its place, once for each report, so a report that ran twice because its worker seemed lost does no harm. The
scheduler gives the reports of a lost worker to another one.
"""

from __future__ import annotations

import hashlib
import queue
import shutil
import uuid
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cluster import work as cluster_work
from auditkit.errors import Problem, UsageError
from auditkit.running.failures import Failure, answer_of, of_os_error
from auditkit.running.packing import pack, unpack
from auditkit.running.slices import reads_of
from auditkit.running.warm import Event, Limits
from auditkit.store import META, Store
from auditkit.versions import libraries, program

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10
_EXTRA = "pip install 'auditkit[dask]'"


def connect(address: str) -> Client:
    """A client of the cluster; UsageError when there is none, or no worker."""
    try:
        from distributed import Client
    except ImportError:
        raise UsageError(Problem("--dask", "needs the library distributed", "", f"Install it: {_EXTRA}")) from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        remedy = "See that the scheduler runs there ('dask scheduler') and that this machine may reach it."
        place = f"--dask {address}"
        raise UsageError(Problem(place, f"cannot be reached: {error}", "a Dask scheduler", remedy)) from None
    if not threads_of(client):
        client.close()
        remedy = f"Start some: dask worker {address}"
        raise UsageError(Problem(f"--dask {address}", "has no workers", "at least one", remedy))
    return client


def threads_of(client: Client) -> int:
    """How many tasks the cluster can work on at a time."""
    return sum(worker["nthreads"] for worker in client.scheduler_info(n_workers=-1)["workers"].values())


def fair_share(client: Client) -> int | None:
    """The memory that each task may use on the tightest worker, bytes; None where no worker has a limit."""
    workers = client.scheduler_info(n_workers=-1)["workers"].values()
    return min((int(one["memory_limit"] / one["nthreads"]) for one in workers if one["memory_limit"]), default=None)


def check_workers(client: Client, store: Store | None = None) -> bool:
    """Whether all workers see the store. UsageError unless all have this very program and libraries.

    Another version would give other figures under the same key.
    """
    look = ("", "")
    if store is not None:
        look = (str(store.folder / META), hashlib.sha256((store.folder / META).read_bytes()).hexdigest())
    found = client.run(cluster_work.look, *look, on_error="return")
    problems = [problem for name, one in sorted(found.items()) if (problem := _difference(name, one)) is not None]
    if problems:
        raise UsageError(*problems)
    return all(one["sees"] for one in found.values())


def _difference(worker: str, one: Any) -> Problem | None:
    remedy = "Install the same versions there: pip install -c requirements.lock"
    if isinstance(one, BaseException):
        return Problem(f"worker {worker}", f"cannot run auditkit: {one}", "auditkit installed there", remedy)
    mine = dict(libraries())
    other = [f"{name} {one['libraries'].get(name)}" for name in mine if one["libraries"].get(name) != mine[name]]
    if one["program"] != program():
        other.insert(0, "another auditkit")
    if not other:
        return None
    expected = ", ".join(f"{name} {mine[name]}" for name in mine if one["libraries"].get(name) != mine[name])
    return Problem(f"worker {worker}", f"has {', '.join(other)}", expected or "this very auditkit", remedy)


class ClusterMakers:
    """What run.py hands its tasks to; see auditkit.running.warm for what the events hold.

    ``begun`` may come again for a number: the worker that had it is lost, and another has it now.
    """

    def __init__(self, client: Client, store: Store, limits: Limits):
        self.client, self.store, self.limits = client, store, limits.as_json()
        self.token = uuid.uuid4().hex
        self.shared = check_workers(client, store)
        self.tasks: dict[int, Mapping[str, Any]] = {}
        self.futures: dict[int, Future] = {}
        self.news: queue.SimpleQueue[Event] = queue.SimpleQueue()
        client.subscribe_topic(cluster_work.TOPIC + self.token, self._heard)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self.futures)

    def submit(self, number: int, task: dict[str, Any]) -> None:
        """Send a task, with its slice where the workspace is out of the workers' sight."""
        data = None
        if not self.shared:
            notebook = Path(task["notebook"])
            data = pack(self.store, notebook, task["team"], reads_of(notebook), task["period"])
        self.tasks[number] = task
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sending large graph")
            future = self.client.submit(
                cluster_work.make, self.token, number, task, data, self.limits,
                key=f"auditkit-{self.token}-{number}", pure=False,
            )  # fmt: skip
        self.futures[number] = future
        future.add_done_callback(lambda done: self.news.put(Event(number, "done", {})))

    def events(self, timeout: float) -> list[Event]:
        """What happened; waits so long for the first of it."""
        try:
            found = [self.news.get(timeout=timeout)]
            while not self.news.empty():
                found.append(self.news.get())
        except queue.Empty:
            return []
        return [self._settled(one) if one.kind == "done" else one for one in found if one.number in self.futures]

    def end(self) -> None:
        """Have the workers give up what they make, and forget it."""
        from distributed.comm import CommClosedError

        try:
            if self.futures:
                self.client.run(cluster_work.stop, self.token, on_error="ignore")
                self.client.cancel(list(self.futures.values()), force=True)
            self.client.unsubscribe_topic(cluster_work.TOPIC + self.token)
        except (OSError, CommClosedError, ValueError):
            pass  # the cluster is gone, and what it made with it

    def _heard(self, entry: tuple[float, Mapping[str, Any]]) -> None:
        _, said = entry
        self.news.put(Event(said["number"], said["kind"], said["detail"]))

    def _settled(self, done: Event) -> Event:
        """The answer of a task that is over, with what was built where the run looks for it."""
        future, task = self.futures.pop(done.number), self.tasks.pop(done.number)
        try:
            answer = _received(future.result(), task)
        except OSError as error:
            answer = answer_of(of_os_error(error, task["built"]))
        except Exception as error:
            answer = answer_of(_lost(error))
        return Event(done.number, "end", answer)


def _received(answer: dict[str, Any], task: Mapping[str, Any]) -> dict[str, Any]:
    """Put in place what came with an answer: the folder that was built, the log, the notebook."""
    log = Path(task["log"])
    if "folder" in answer:
        built = Path(answer.pop("folder"))
        if answer["state"] != "failed":
            shutil.rmtree(task["built"], ignore_errors=True)
            built.rename(task["built"])
        return answer
    archive, said, notebook = (answer.pop(name, b"") for name in ("archive", "log_bytes", "notebook_bytes"))
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_bytes(said)
    if answer["state"] != "failed":
        unpack(archive, Path(task["built"]))
    elif notebook:
        log.with_suffix(".ipynb").write_bytes(notebook)
        answer["notebook"] = str(log.with_suffix(".ipynb"))
    return answer


def _lost(error: Exception) -> Failure:
    """Why a task has no answer."""
    name = type(error).__name__
    if name in ("KilledWorker", "CancelledError", "FutureCancelledError", "CommClosedError", "LostDependencies"):
        return Failure("worker lost", f"every worker that was given the report was lost ({name})")
    return Failure("program fault", f"{name}: {error}".splitlines()[0])
