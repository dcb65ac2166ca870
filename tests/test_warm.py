"""Makers of reports: one fresh process each, limits kept, every way to fail told by class, nothing left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil
import pytest
from editions import CLOSING, OPENING, notebook, workspace_of

from auditkit.load import load
from auditkit.running.warm import Limits, best_way, open_makers, warm_up
from auditkit.running.warm.family import is_dead
from auditkit.store import current_generation
from auditkit.workspace import open_workspace

LIMITS = Limits(cell_seconds=2.0, notebook_seconds=60.0, memory_bytes=600_000_000, grace_seconds=3.0)
WAYS = ["fork", "spawn"] if hasattr(os, "fork") else ["spawn"]

# name: the cell that goes wrong, the class, words of the error, words of the last output
FAULTS = {
    "raises": ("print('before'); 1 / 0", "error in a cell", "ZeroDivisionError: division by zero", "ZeroDivisionError"),
    "exits": ("import sys; sys.exit(0)", "ended itself", "ended itself before its end (SystemExit: 0)", ""),
    "quits": ("quit()", "ended itself", "ended itself before its end", ""),
    "ends": ("print('the last words'); import os; os._exit(3)", "process ended", "ended with code 3", "the last words"),
    "crashes": ("import ctypes; print('near'); ctypes.string_at(0)", "crash", "SIGSEGV", "near"),
    "killed": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed", "SIGKILL", ""),
    "sleeps": ("import time; time.sleep(60)", "cell timeout", "the cell took longer than 2 s", "time.sleep(60)"),
    "awaits": ("import asyncio; await asyncio.sleep(60)", "cell timeout", "the cell took longer than 2 s", ""),
    "swallows": (
        "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass",
        "cell timeout",
        "did not stop when asked",
        "",
    ),
    "hangs in C": (
        "print('waiting'); sum(range(10**12))",
        "cell timeout",
        "did not stop when asked",
        "waiting",
    ),
    "one big block": ("held = bytearray(20_000_000_000)", "memory limit", "MemoryError", "bytearray"),
    "many small blocks": (
        "held = []\nwhile True:\n    held.append(bytearray(1_000_000))",
        "memory limit",
        "600 MB are allowed",
        "",
    ),
    "asks": ("input('Who is there?')", "error in a cell", "StdinNotImplementedError", ""),
    "disk": ("import errno; raise OSError(errno.ENOSPC, 'No space left on device')", "disk full", "No space left", ""),
    "stops early": ("pass", "untrue", "did not end with the closing exhibit", ""),
}


def task(folder, path, name="report", **more):
    """What a maker is told: the notebook at ``path``, for Oslo in May."""
    built = folder / name
    built.mkdir(parents=True)
    return {
        "kind": "report", "name": name, "report": name, "notebook": str(path), "workspace": str(folder / "acme"),
        "team": "Oslo", "period": "2024-05", "as_of": "2024-06-01T00:00:00Z", "pdf": False,
        "parameters": {"team": "Oslo", "period": "2024-05"}, "expected": {"team": ["Oslo"], "period": ["2024-05"]},
        "built": str(built), "log": str(folder / "logs" / f"{name}.log"), "entry": {"generation": ""},
    } | more  # fmt: skip


def make(makers, tasks):
    """Every task made; their answers by number."""
    waiting, answers = dict(enumerate(tasks)), {}
    while waiting or makers.busy:
        for number in list(waiting)[: makers.free]:
            makers.submit(number, waiting.pop(number))
        for event in makers.events():
            if event.kind == "end":
                answers[event.number] = event.detail
    return [answers[number] for number in sorted(answers)]


@pytest.fixture(scope="module", params=WAYS)
def failed(request, tmp_path_factory):
    """Answers to every fault, by name, and the ids of the processes that were there."""
    folder = tmp_path_factory.mktemp(request.param)
    tasks = []
    for name, (cell, *_) in FAULTS.items():
        closing = [] if name == "stops early" else [CLOSING]
        path = notebook(folder / f"{name}.ipynb", OPENING, "# Calls", cell, *closing)
        tasks.append(task(folder, path, name))
    (folder / "damaged.ipynb").write_text('{"cells": [')
    tasks.append(task(folder, folder / "damaged.ipynb", "damaged"))
    before = set(psutil.Process().children(recursive=True))
    with open_makers(2, LIMITS, folder / "log", request.param) as makers:
        answers = dict(zip([*FAULTS, "damaged"], make(makers, tasks), strict=True))
    assert set(psutil.Process().children(recursive=True)) <= before
    return answers


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault_is_told_with_class_cell_error_and_last_output(failed, name):
    _, kind, words, output = FAULTS[name]
    answer = failed[name]
    failure = answer["failure"]
    assert (answer["state"], failure["class"]) == ("failed", kind), answer
    assert words in failure["error"]
    assert output in "\n".join(failure["output"])
    assert failure["remedy"]
    if name != "stops early":
        assert (failure["cell"], failure["heading"]) == (4, "Calls")


def test_a_damaged_notebook_is_told(failed):
    assert failed["damaged"]["failure"]["class"] == "damaged notebook"
    assert "damaged.ipynb" in failed["damaged"]["failure"]["error"]


def test_no_process_is_left(failed):
    assert not [one for one in failed.values() if psutil.pid_exists(one["pid"])]


# What is bounded or ended, and told, but no failure

PRINTS = """import subprocess, sys
for _ in range(1000):
    print("x" * 1_000_000)
subprocess.run([sys.executable, "-c", "for _ in range(50): print('y' * 1_000_000)"], check=True)"""
LEAVES = """import os, pathlib, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
reading, writing = os.pipe()
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.write(writing, str(os.getpid()).encode())
        time.sleep(600)
    os._exit(0)
pathlib.Path(place).write_bytes(os.read(reading, 20))"""


@pytest.fixture(scope="module", params=WAYS)
def kept(request, tmp_path_factory):
    """Two reports that are made all the same, the file in which one noted a process, and the most that was held."""
    folder = tmp_path_factory.mktemp(request.param)
    place = f"place = {str(folder / 'pid')!r}\n"
    cells = {"prints": PRINTS, "leaves": place + LEAVES}
    tasks = [
        task(folder, notebook(folder / f"{name}.ipynb", OPENING, cell, CLOSING), name) for name, cell in cells.items()
    ]
    for one in tasks:
        one["entry"]["generation"] = loaded(folder)
    with open_makers(2, Limits(memory_bytes=1_000_000_000), folder / "log", request.param) as makers:
        return folder, *make(makers, tasks)


def loaded(folder):
    """The generation of a small store in ``folder``, loaded once."""
    if not (folder / "acme").exists():
        load(open_workspace(workspace_of(folder / "acme", "Oslo")))
    return current_generation(open_workspace(folder / "acme"))


def test_a_gigabyte_of_print_is_cut_and_told(kept):
    folder, prints, _ = kept
    assert prints["state"] == "made", prints
    assert any("more characters were printed than the 1,000,000 that are kept" in one for one in prints["remarks"])
    assert (folder / "logs" / "prints.log").stat().st_size < 10_000
    assert prints["memory"] < 700_000_000


def test_processes_that_a_notebook_leaves_are_ended_and_told(kept):
    folder, _, leaves = kept
    assert leaves["state"] == "made", leaves
    assert any("processes that the notebook started and left were ended" in one for one in leaves["remarks"])
    assert is_dead(int((folder / "pid").read_text()))  # gone, or a zombie that the system has not buried yet


@pytest.mark.skipif(best_way() != "fork", reason="there is no warm process")
def test_makers_that_were_not_needed_end_at_once_though_they_are_still_getting_ready(tmp_path):
    before = set(psutil.Process().children(recursive=True))
    makers = warm_up(tmp_path / "workers.log")
    begun = time.monotonic()
    makers.end()
    assert time.monotonic() - begun < 1
    assert set(psutil.Process().children(recursive=True)) <= before


@pytest.mark.skipif(best_way() != "fork", reason="there is no warm process")
def test_what_only_some_notebooks_name_is_imported_before_their_fork_and_not_before(tmp_path):
    look = "import sys; raise RuntimeError([one in sys.modules for one in ('matplot' 'lib', 'sci' 'py.stats')])"
    paths = [notebook(tmp_path / "plain.ipynb", look), notebook(tmp_path / "draws.ipynb", look, "import matplotlib")]
    with open_makers(1, LIMITS, tmp_path / "log") as makers:
        errors = [one["failure"]["error"] for one in make(makers, [task(tmp_path, path, path.stem) for path in paths])]
    assert errors == ["RuntimeError: [False, False]", "RuntimeError: [True, False]"]


def test_what_one_report_leaves_is_ended_while_another_report_is_starting_processes():
    """Reports end at any moment, also while a neighbour's supervisor is just forking its notebook."""
    starting = (
        "import subprocess, sys\n"
        "sys.exit(any(subprocess.run(['true']).returncode for _ in range(400)))  # 1 where one of them was killed"
    )
    code = f"""
import os, subprocess, sys
from auditkit.running.warm.family import end_descendants
kept, ended = subprocess.Popen([sys.executable, "-c", {starting!r}]), 0
while kept.poll() is None:
    left = subprocess.Popen(["sleep", "60"])
    ended += end_descendants(os.getpid(), spare={{kept.pid}})
    left.poll()
print(kept.returncode, ended > 10)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["0", "True"], done.stderr
