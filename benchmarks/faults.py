"""A long run through every fault: killed workers, a killed run, a full disk, a moved clock, notebooks that misbehave.

Two workspaces of the same data: one is run undisturbed, the other through the faults, started again until it has
nothing more to make. At the end every edition must be the same, byte by byte, every failure told, and no process left.
``python benchmarks/faults.py [--reports N] [--workers W]`` (1,000 reports by default, half an hour on two cores). The
full disk needs a small disk (Linux: unshare and tmpfs), the moved clock libfaketime; what a machine lacks is said and
left out. The suite runs the same with tens of reports (tests/test_faults.py).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path.insert(0, str(TESTS))
from editions import CLOSING, OPENING, SRC, notebook, small_report, tree, workspace_of  # noqa: E402

MARK = "AUDITKIT_FAULTS"  # in the environment of everything that a run starts, so that what is left is found
MISBEHAVING = {
    "allocates": "held = []\nwhile True:\n    held.append(bytearray(10_000_000))",
    "prints": "line = 'x' * 999_999\nfor _ in range({lines}):\n    print(line)",
    "forks": "import subprocess, sys\nfor _ in range(5):\n    subprocess.Popen([sys.executable, '-c', 'import time; "
    "time.sleep(600)'], start_new_session=True)",
    "hangs": "import re\nre.match('(a|aa)+$', 'a' * 60 + 'b')",  # in C code that no signal interrupts
}
TOLD = {"allocates": "memory limit", "hangs": "cell timeout"}  # what they must be told as; the others are made
NEVER_MADE = tuple(TOLD)
FAKETIME = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")
DISK_FULL = ("disk full", "cannot be written")


@dataclass
class Trial:
    """One workspace that is run until nothing is left to make."""

    workspace: Path
    workers: int
    cell_time: str
    token: str = field(default_factory=lambda: uuid.uuid4().hex)
    environment: dict[str, str] = field(default_factory=dict)
    seen: Counter = field(default_factory=Counter)
    classes: Counter = field(default_factory=Counter)
    codes: list[int] = field(default_factory=list)
    examples: dict[str, str] = field(default_factory=dict)

    def run(self, reports: Sequence[str], during: Callable[[Trial, psutil.Process, dict], None] | None = None) -> int:
        """One run from its beginning to its end; ``during`` hears each event and may do harm. The exit code."""
        code = "import sys; from auditkit.cli import main; sys.exit(main())"
        paths = os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        process = subprocess.Popen(
            [sys.executable, "-c", code, "run", *reports, "-w", str(self.workspace), "--no-pdf",
             "--workers", str(self.workers), "--format", "json", "--memory", "400MB", "--cell-time", self.cell_time],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            env={**os.environ, **self.environment, "PYTHONPATH": paths, MARK: self.token},
        )  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            with suppress(ValueError):  # the half line of a killed run
                self._hear(json.loads(line), psutil.Process(process.pid), during)
        self.codes.append(process.wait())
        return self.codes[-1]

    def _hear(self, event: dict, process: psutil.Process, during: Callable | None) -> None:
        self.seen[event["event"]] += 1
        kind = (event.get("failure") or {}).get("class") or event.get("class")
        if kind:
            self.classes[kind] += 1
            self.examples.setdefault(kind, (event.get("failure") or {}).get("error") or event.get("why", ""))
        if during is not None:
            with suppress(psutil.NoSuchProcess):
                during(self, process, event)

    def left(self) -> list[psutil.Process]:
        """What still runs of all that this trial started."""
        deadline = time.monotonic() + 10
        while (found := list(self._marked())) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found

    def _marked(self) -> Iterator[psutil.Process]:
        for one in psutil.process_iter():
            with suppress(psutil.Error):
                if one.environ().get(MARK) == self.token and one.status() != psutil.STATUS_ZOMBIE:
                    yield one


class Kills:
    """Kills a random process beneath the run every so often, and the run itself at given numbers of reports."""

    def __init__(self, seed: int, every: float, runs_at: Sequence[int] = ()):
        self.random, self.every, self.runs_at = random.Random(seed), every, list(runs_at)
        self.killed, self.runs_killed, self.ended, self.last = 0, 0, 0, time.monotonic()

    def __call__(self, trial: Trial, process: psutil.Process, event: dict) -> None:
        self.ended += event["event"] == "end"
        if self.runs_at and self.ended >= self.runs_at[0]:
            self.runs_at.pop(0)
            self.runs_killed += 1
            process.kill()
            return
        beneath = process.children(recursive=True)
        if beneath and time.monotonic() - self.last > self.every:
            self.random.choice(beneath).kill()
            self.killed += 1
            self.last = time.monotonic()


class FullDisk:
    """Fills the disk once, after some reports, and frees it when a report has been told as failed for it."""

    def __init__(self, filler: Path, after: int):
        self.filler, self.after, self.ended, self.told, self.filled = filler, after, 0, 0, False

    def __call__(self, trial: Trial, process: psutil.Process, event: dict) -> None:
        self.ended += event["event"] == "end"
        if not self.filled and self.ended >= self.after:
            fill(self.filler)
            self.filled = True
        if self.filled and (event.get("failure") or {}).get("class") in DISK_FULL:
            self.told += 1
            self.filler.unlink(missing_ok=True)


def fill(path: Path) -> None:
    """Write until nothing more fits."""
    with suppress(OSError), path.open("wb", buffering=0) as stream:
        while stream.write(bytes(1 << 16)):
            pass


def make_workspace(folder: Path, teams: int, books: int, printed_megabytes: int) -> list[str]:
    """A workspace of small reports and one of each kind of misbehaving notebook; the names of the reports."""
    workspace_of(folder, *(f"Team {number:03d}" for number in range(teams)), months=("2024-05",))
    names = [f"small-{number}" for number in range(books)]
    for name in names:
        small_report(folder, name, reads="history")
    for name, body in MISBEHAVING.items():
        text = body.replace("{lines}", str(printed_megabytes))
        cells = (
            OPENING,
            f"# {name}",
            f"if team == 'Team 000':\n    {text.replace(chr(10), chr(10) + '    ')}",
            CLOSING,
        )
        notebook(folder / f"notebooks/{name}.ipynb", *cells, reads="history")
    return names


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """A disk of its own at ``folder``, where the system lets us mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    mounted = bool(shutil.which("mount")) and subprocess.run(mount, capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)


def faketime() -> str | None:
    """The library that moves a process's clock, where it is installed."""
    return next((path for path in FAKETIME if Path(path).is_file()), None)


@dataclass
class Findings:
    """What came of the two trials."""

    calm: Trial
    rough: Trial
    kills: Kills
    disk: FullDisk | None
    same: bool
    editions: int
    told: dict[str, str]
    seconds: dict[str, float]
    clock_moved: bool


def through_faults(
    folder: Path, *, teams: int, books: int, workers: int, kill_every: float, printed_megabytes: int, megabytes: int,
    cell_time: str, seed: int = 1, say: Callable[[str], None] = lambda words: None,
) -> Findings:  # fmt: skip
    """Both trials; ``folder`` is empty and stays behind for whoever wants to look."""
    calm = Trial(folder / "calm", workers, cell_time)
    names = make_workspace(calm.workspace, teams, books, printed_megabytes)
    reports = [*names, *MISBEHAVING]
    shutil.copytree(calm.workspace, folder / "as it was")
    begun = time.monotonic()
    calm.run(reports)
    undisturbed = time.monotonic() - begun
    say(f"undisturbed: {undisturbed:.0f} s, exit codes {calm.codes}, {dict(calm.classes)}")
    with small_disk(folder / "disk", megabytes) as has_disk:
        rough = Trial((folder / "disk" if has_disk else folder) / "rough", workers, cell_time)
        shutil.copytree(folder / "as it was", rough.workspace)
        begun = time.monotonic()
        kills, disk, moved = _disturb(rough, reports, teams * books, kill_every, seed, has_disk, say)
        disturbed = time.monotonic() - begun
        say(f"disturbed: {disturbed:.0f} s, exit codes {rough.codes}, {dict(rough.classes)}")
        made = {name: data for name, data in tree(rough.workspace / "reports").items() if not _is_page(name)}
        expected = {name: data for name, data in tree(calm.workspace / "reports").items() if not _is_page(name)}
        told = _failing(rough.workspace)
    return Findings(
        calm=calm,
        rough=rough,
        kills=kills,
        disk=disk,
        same=made == expected,
        editions=sum(name.endswith(".html") for name in made),
        told=told,
        seconds={"undisturbed": undisturbed, "disturbed": disturbed},
        clock_moved=moved,
    )


def _disturb(
    rough: Trial, reports: Sequence[str], small: int, every: float, seed: int, has_disk: bool, say: Callable
) -> tuple[Kills, FullDisk | None, bool]:
    """Kills with two deaths of the run, then a full disk, then another clock, then peace.

    What can never be made is asked for at the end: it would be tried in each of them.
    """
    everything, reports = reports, [name for name in reports if name not in NEVER_MADE]
    kills = Kills(seed, every, runs_at=(small // 5, small // 3))
    for _ in range(2):
        rough.run(reports, kills)
        assert rough.codes[-1] == -signal.SIGKILL, rough.codes
        say(f"the run was killed after {kills.ended} reports; left over: {len(rough.left())} processes")
    disk = FullDisk(rough.workspace / "filler", after=1) if has_disk else None
    if disk is not None:
        rough.run(reports, disk)
        disk.filler.unlink(missing_ok=True)
        say(f"the disk was full: {disk.told} reports said so")
    library = faketime()
    rough.environment = {"LD_PRELOAD": library, "FAKETIME": "-3000d"} if library else {}
    rough.run(reports, kills)
    rough.environment = {}
    say("the clock stood eight years back" if library else "libfaketime is not installed: no other clock")
    rough.run(everything)
    return kills, disk, library is not None


def _is_page(name: str) -> bool:
    return name.endswith("failures.html")


def _failing(workspace: Path) -> dict[str, str]:
    """What the ledger says is not in order: report and class."""
    from auditkit.running.ledger import reading

    with reading(workspace / ".auditkit") as ledger:
        return {f"{one['report']}, {one['team']}": one["class"] for one in ledger.failing()} if ledger else {}


def main() -> None:
    """Print what was done and whether it held."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    books = 4
    teams = max(5, asked.reports // (books + len(MISBEHAVING)))
    with tempfile.TemporaryDirectory(prefix="auditkit-faults-") as folder:
        found = through_faults(
            Path(folder), teams=teams, books=books, workers=asked.workers, kill_every=3.0, printed_megabytes=1000,
            megabytes=100 + asked.reports, cell_time="8s", seed=asked.seed, say=lambda words: print(words, flush=True),
        )  # fmt: skip
        left = len(found.rough.left()) + len(found.calm.left())
    expected = {f"{name}, Team 000": kind for name, kind in TOLD.items()}
    print(f"{teams * (books + len(MISBEHAVING))} reports of {teams} teams on {asked.workers} workers")
    print(f"processes killed at random: {found.kills.killed}; runs killed: {found.kills.runs_killed}; clock moved: "
          f"{found.clock_moved}; disk filled: {found.disk is not None}")  # fmt: skip
    print(f"editions: {found.editions}, byte for byte those of the undisturbed run: {found.same}")
    print(f"told as not in order at the end: {found.told if len(found.told) < 9 else len(found.told)}; "
          f"expected: {expected}")  # fmt: skip
    print(f"told on the way: {dict(found.rough.classes)}; tried again: {found.rough.seen['retry']}")
    for kind, words in found.rough.examples.items():
        print(f"  {kind}, for example: {words}")
    print(f"processes left behind: {left}")
    print(f"seconds: { ({name: round(value) for name, value in found.seconds.items()}) }")
    sys.exit(0 if found.same and found.told == expected and not left else 1)


if __name__ == "__main__":
    main()
