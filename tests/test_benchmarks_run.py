"""Benchmarks are kept running: each is started with next to nothing to do, and prints what it promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks"
# What to start it with, and what its answer says.
SMALL = (
    ("batch", ["--reports", "1", "--runs", "1"], r"ours +\d+\.\d\d +1\.00"),
    ("batch", ["--small", "20"], r"last part of the run to the first: \d\.\d+ times"),
    ("change_coverage", ["--changes", "3"], r"3 changes, seed 1"),
    ("exhibits", ["1"], r"all \d+ +[\d.]+ +[\d.]+ +\d+x"),
    ("false_positives", ["--sets", "1"], r"volume_collapse"),
    ("figures", ["--rows", "2000", "--teams", "2", "--repeat", "1"], r"one team's month"),
    ("million", ["--rows", "2000", "--teams", "2", "--repeat", "1"], r"all measures, all teams"),
    ("scale", ["--small", "1600", "--large", "2400", "--reports", "1"], r"seconds of processor for a report"),
    ("startup", ["1"], r"auditkit --help +\d+ ms"),
)
LONG = {"faults"}  # a run of a thousand reports with a disk of its own; what it tries is tried small in test_faults


def test_every_benchmark_is_started_here_or_known_to_take_long():
    assert {path.stem for path in FOLDER.glob("*.py")} == {*LONG, *(name for name, *_ in SMALL)}


@pytest.mark.parametrize(("name", "arguments", "says"), SMALL)
def test_a_benchmark_runs_to_its_end(name, arguments, says):
    done = subprocess.run([sys.executable, FOLDER / f"{name}.py", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert re.search(says, done.stdout), done.stdout
