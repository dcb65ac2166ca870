"""The same inputs, configuration and as_of give the same bytes: another day, folder, engine, number of workers."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path

import pytest
from editions import auditkit_process, manifest, workspace_of

NEXT_YEAR = "@2027-11-30 23:59:50"
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
MONTHS = ("2024-03", "2024-04", "2024-05")


def run(folder, *arguments, **environment):
    """The team report of every team in a workspace of this name; bytes of pages, prints and tables by name."""
    workspace_of(folder, "Oslo", "Алматы", months=MONTHS)
    done = auditkit_process("run", "-w", folder, *arguments, environment=environment)
    assert done.returncode == 0, done.stderr
    files = [one for one in (folder / "reports").rglob("*") if one.is_file() and one.name != "manifest.json"]
    return {one.relative_to(folder / "reports").as_posix(): one.read_bytes() for one in files}


@pytest.fixture(scope="module")
def today(tmp_path_factory):
    folder = tmp_path_factory.mktemp("today") / "acme"
    return folder, run(folder, "--workers", "2")


def test_another_engine_in_another_folder_with_another_hash_seed(today, tmp_path):
    made = run(
        tmp_path / "elsewhere" / "with a space", "--engine", "nbclient", "--workers", "1",
        PYTHONHASHSEED="7", TZ="Pacific/Auckland", LC_ALL="C", COLUMNS="40", AUDITKIT_THREADS="2",
    )  # fmt: skip
    assert sorted(made) == sorted(today[1])
    assert [name for name in made if made[name] != today[1][name]] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the clock is moved with libfaketime")
def test_another_day(today, tmp_path):
    assert FAKETIME, "install faketime (.ci/run does)"
    # libfaketime refuses the absolute waits that time.sleep asks for (0.9.10)
    (tmp_path / "sitecustomize.py").write_text(
        "import select, time\ntime.sleep = lambda seconds: select.select([], [], [], seconds)"
    )
    moved = {"LD_PRELOAD": str(FAKETIME[0]), "FAKETIME": NEXT_YEAR, "DONT_FAKE_MONOTONIC": "1"}
    moved["PYTHONPATH"] = str(tmp_path)
    made = run(tmp_path / "acme", "--workers", "1", **moved)
    assert [name for name in made if made[name] != today[1][name]] == []
    assert "2027" not in "".join(made[name].decode() for name in made if name.endswith(".html"))


def test_the_manifest_is_the_same_too_and_names_no_clock_and_no_folder(today, tmp_path):
    folder = today[0]
    before = {team: (folder / f"reports/{team}/2024-05/manifest.json").read_bytes() for team in ("Oslo", "Алматы")}
    shutil.rmtree(folder / "reports")
    done = auditkit_process("run", "-w", folder, "--workers", "1")
    assert done.returncode == 0, done.stderr
    for team, data in before.items():
        assert (folder / f"reports/{team}/2024-05/manifest.json").read_bytes() == data
        entry = manifest(folder / f"reports/{team}/2024-05")["reports"]["team_report"]
        assert str(folder) not in data.decode() and os.uname().nodename not in data.decode()
        for name, digest in entry["files"].items():
            assert hashlib.sha256((folder / f"reports/{team}/2024-05" / name).read_bytes()).hexdigest() == digest
