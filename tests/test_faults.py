"""A run through every fault at once, small: killed at random, the run killed twice, a full disk, another clock, four
notebooks that misbehave. benchmarks/faults.py does the same with a thousand reports.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "faults.py"


def benchmark():
    spec = importlib.util.spec_from_file_location("faults", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    sys.modules["faults"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    return benchmark().through_faults(
        folder, teams=4, books=2, workers=2, kill_every=0.7, printed_megabytes=10, megabytes=64, cell_time="3s"
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="processes are found by their environment in /proc")
def test_every_edition_is_whole_and_right_whatever_happened_on_the_way(found):
    assert found.kills.killed > 3 and found.kills.runs_killed == 2
    assert found.same
    assert found.editions == 4 * (2 + 4) - 2  # all but the two that can never be made
    assert found.rough.left() == [] and found.calm.left() == []


def test_each_failure_is_told_with_its_class_and_only_what_cannot_be_made_is_left(found):
    assert found.told == {"allocates, Team 000": "memory limit", "hangs, Team 000": "cell timeout"}
    assert found.rough.codes[:2] == [-9, -9] and found.rough.codes[-1] == 5
    assert found.calm.codes == [5]


def test_a_full_disk_was_told_as_such(found):
    if found.disk is None:
        pytest.skip("this system lets nobody mount a small disk")
    assert found.disk.told > 0


def test_another_clock_changes_nothing(found):
    if not found.clock_moved:
        pytest.skip("libfaketime is not installed")
    assert found.same
