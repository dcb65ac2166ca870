"""A Dask cluster on loopback for tests: a real scheduler and real worker processes, which can be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from distributed import Client

SRC = Path(__file__).resolve().parents[1] / "src"


@dataclass
class Cluster:
    """A scheduler and its workers by their addresses."""

    folder: Path
    address: str = ""
    processes: list[subprocess.Popen] = field(default_factory=list)
    workers: dict[str, subprocess.Popen] = field(default_factory=dict)

    def add_workers(self, count: int, prefix: Sequence[str] = ()) -> None:
        """Start workers, each with one thread, and wait until they are there."""
        before = set(self.workers)
        names = [f"w{len(self.processes) + place}" for place in range(count)]
        started = {name: self._start_worker(name, prefix) for name in names}
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(len(before) + count, timeout=60)
            found = client.scheduler_info(n_workers=-1)["workers"]
        self.workers |= {address: started[one["name"]] for address, one in found.items() if address not in before}

    def _start_worker(self, name: str, prefix: Sequence[str]) -> subprocess.Popen:
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name)
        place = ("--local-directory", str(self.folder))
        return self._start("distributed.cli.dask_worker", self.address, *options, *place, prefix=prefix)

    def start_scheduler(self) -> None:
        """Start the scheduler at a free port."""
        place = self.folder / "scheduler.json"
        self._start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--scheduler-file", str(place))  # fmt: skip
        with Client(scheduler_file=str(place), set_as_default=False, timeout=60) as client:
            self.address = client.scheduler.address

    def _start(self, module: str, *arguments: str, prefix: Sequence[str] = ()) -> subprocess.Popen:
        paths = os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        with (self.folder / "cluster.log").open("ab") as log:
            process = subprocess.Popen(
                [*prefix, sys.executable, "-m", module, *arguments],
                stdout=log, stderr=log, env={**os.environ, "PYTHONPATH": paths},
            )  # fmt: skip
        self.processes.append(process)
        return process


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster that is gone afterwards."""
    made = Cluster(folder)
    try:
        made.start_scheduler()
        if workers:
            made.add_workers(workers)
        yield made
    finally:
        for process in reversed(made.processes):
            process.terminate()
        for process in made.processes:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
