"""A run, a load and figures on a real Dask cluster: the same bytes as here, also when a worker is killed half-way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import duckdb
import pandas as pd
import pytest
from clusters import SRC, cluster
from editions import CLOSING, OPENING, TABLE, auditkit, notebook, tree, workspace_of

from auditkit.load import load
from auditkit.shipped import shipped
from auditkit.workspace import open_workspace

TEAMS = ("Bergen", "Oslo", "Tromsø", "Vardø")
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'
HOLD = """import pathlib, time
while not pathlib.Path(go).exists():
    time.sleep(0.05)"""


@pytest.fixture(scope="module")
def two_workers(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def report(folder, go: str = ""):
    """A small report; with ``go`` one that waits until that file is there."""
    parameters = 'workspace = ""\nteam = ""\nperiod = ""\nas_of = ""\nlanguage = ""' + (f"\ngo = {go!r}" if go else "")
    cells = (OPENING, *((HOLD,) if go else ()), TABLE, CLOSING)
    return notebook(folder / "notebooks/small.ipynb", *cells, parameters=parameters, reads="history")


def started(*arguments) -> subprocess.Popen:
    """The command in a process of its own, which is read line by line."""
    paths = os.pathsep.join([str(SRC), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    return subprocess.Popen(
        [sys.executable, "-c", "import sys; from auditkit.cli import main; sys.exit(main())", *map(str, arguments)],
        stdout=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": paths},
    )  # fmt: skip


def test_a_killed_worker_s_reports_are_made_elsewhere_and_are_the_same(tmp_path, two_workers):
    go = tmp_path / "go"
    acme = workspace_of(tmp_path / "acme", *TEAMS)
    report(acme, str(go))
    run = started("run", "small", "-w", acme, "--no-pdf", "--dask", two_workers.address, "--format", "json")
    events, begun = [], []
    for line in run.stdout:
        events.append(json.loads(line))
        begun += [events[-1]["worker"]] if events[-1]["event"] == "begun" else []
        if len(begun) == 2 and not go.exists():  # both workers are in the middle of a report
            assert sorted(begun) == sorted(f"worker {address}" for address in two_workers.workers)
            lost = begun[0].removeprefix("worker ")
            two_workers.workers.pop(lost).kill()
            go.touch()
    assert run.wait() == 0
    (retried,) = [one for one in events if one["event"] == "retry"]
    assert retried["class"] == "worker lost" and f"worker {lost} was lost" in retried["why"]
    assert sum(one["event"] == "end" for one in events) == len(TEAMS)
    local = tmp_path / "local"
    shutil.copytree(acme, local, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    assert auditkit("run", "small", "-w", local, "--no-pdf") == 0
    assert tree(local / "reports") == tree(acme / "reports")
    two_workers.add_workers(1)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "sample"
    shutil.copytree(shipped("sample"), folder, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    load(open_workspace(folder))
    return folder


def test_facts_made_on_the_cluster_are_the_same_rows_in_the_same_order(tmp_path, two_workers, sample):
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(sample, elsewhere, ignore=shutil.ignore_patterns(".auditkit"))
    assert auditkit("load", "-w", elsewhere, "--dask", two_workers.address) == 0
    here, there = (next((one / ".auditkit/store").glob("*/meta.json")).parent for one in (sample, elsewhere))
    assert here.name == there.name
    names = sorted(path.name for path in here.glob("*.parquet"))
    assert names == sorted(path.name for path in there.glob("*.parquet")) and len(names) > 20
    for name in names:
        one, other = (
            duckdb.sql(f"SELECT * FROM read_parquet('{place / name}')").to_arrow_table() for place in (here, there)
        )
        assert one.equals(other), name


def stored(path):
    """The rows of a table of the store, in their order."""
    return duckdb.sql(f"SELECT * FROM read_parquet('{path}')").to_arrow_table()


@pytest.mark.parametrize("more", [(), ("--by", "channel", "--period", "2026-04", "--period", "2026-05", "--variants")])
def test_figures_made_on_the_cluster_are_the_same(two_workers, sample, capsys, more):
    assert auditkit("measures", "-w", sample, "--format", "json", *more) == 0
    here = pd.DataFrame(json.loads(capsys.readouterr().out)["results"])
    assert auditkit("measures", "-w", sample, "--format", "json", "--dask", two_workers.address, *more) == 0
    there = pd.DataFrame(json.loads(capsys.readouterr().out)["results"])
    pd.testing.assert_frame_equal(here, there)


@pytest.fixture
def out_of_sight(tmp_path):
    """What starts a worker that does not see ``tmp_path / "hidden"``."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    prefix = ["unshare", "-rm", "sh", "-c", f'mount -t tmpfs none {hidden} && "$@"', "sh"]
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody hide a folder from a process")
    return hidden, prefix


def test_a_worker_that_does_not_see_the_workspace_gets_its_slice_and_gives_the_same(tmp_path, out_of_sight, capsys):
    hidden, prefix = out_of_sight
    branding = '[branding]\nlogo = "logo.svg"'
    acme = workspace_of(hidden / "acme", *TEAMS[:2], months=("2024-03", "2024-04", "2024-05"), extra=branding)
    (acme / "logo.svg").write_text(LOGO)
    (acme / "notes/Oslo").mkdir(parents=True)
    (acme / "notes/Oslo/2024-05.md").write_text("The auditor was there.")
    notebook(acme / "notebooks/bad.ipynb", OPENING, "# Sums", "1 / 0", CLOSING)
    with cluster(tmp_path, workers=0) as blind:
        blind.add_workers(1, prefix)
        assert auditkit("run", "team_report", "bad", "-w", acme, "--team", "Oslo", "--dask", blind.address) == 5
    said = capsys.readouterr().err
    assert "cell 4 (under 'Sums'): ZeroDivisionError" in said and str(hidden / "acme/.auditkit/logs") in said
    assert (acme / ".auditkit/logs/Oslo-2024-05-bad.ipynb").is_file()
    local = tmp_path / "local"
    shutil.copytree(acme, local, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    assert auditkit("run", "-w", local, "--team", "Oslo") == 0
    assert tree(local / "reports/Oslo") == tree(acme / "reports/Oslo")


def test_an_address_where_nobody_is_is_refused(tmp_path, capsys):
    acme = workspace_of(tmp_path / "acme", "Oslo", months=("2024-05",))
    assert auditkit("measures", "-w", acme, "--dask", "tcp://127.0.0.1:9") == 2
    assert "--dask tcp://127.0.0.1:9: cannot be reached" in capsys.readouterr().err
