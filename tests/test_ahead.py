"""Figures that a run evaluates ahead, of a few teams at once: nobody can tell them from those of a team alone."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from editions import auditkit, workspace_of

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.load import load
from auditkit.report.history import history_of, periods_of
from auditkit.shipped import shipped
from auditkit.workspace import open_workspace

TEAMS = ("Bergen", "Helsinki", "Oslo", "Tromsø", "=cmd()")  # more than are asked about together
OWN = '[measure.broken]\nkind = "share"\nof = "tickets"\ndated_by = "created_at"\nsummary = "x"\nmet = "nonsense > 1"\n'


def figures(folder: Path) -> dict[tuple[str, str], list]:
    """The figures of every manifest, by the folder of the team and the report."""
    found = {}
    for path in (folder / "reports").rglob("manifest.json"):
        for name, made in json.loads(path.read_text(encoding="utf-8"))["reports"].items():
            found[path.parent.parent.name, name] = made["figures"]
    return found


def pages(folder: Path) -> dict[str, bytes]:
    kinds = (".html", ".pdf", ".csv", ".xlsx")
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in (folder / "reports").rglob("*")
        if path.suffix in kinds
    }


def test_a_run_of_many_teams_gives_the_same_as_a_run_of_each(tmp_path):
    together, apart = workspace_of(tmp_path / "together", *TEAMS), workspace_of(tmp_path / "apart", *TEAMS)
    assert auditkit("run", "-w", together) == 0
    for team in TEAMS:
        assert auditkit("run", "-w", apart, "--team", team) == 0
    assert len(pages(together)) > 3 * len(TEAMS)
    assert pages(together) == pages(apart)
    assert figures(together) == figures(apart)


def test_what_is_asked_of_several_teams_at_once_is_the_same_to_the_last_digit(tmp_path):
    folder = tmp_path / "sample"
    shutil.copytree(shipped("sample"), folder, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    store = load(open_workspace(folder))
    teams = store.find_teams()
    periods = periods_of(*history_of(store, teams[0], parse_period("2026-05")))
    every = evaluate(store, teams=teams, periods=periods, variants=True)
    for team in teams:
        alone = evaluate(store, teams=[team], periods=periods, variants=True)
        pd.testing.assert_frame_equal(every[every["team"] == team].reset_index(drop=True), alone, check_exact=True)


def test_a_measure_that_cannot_be_evaluated_is_told_by_the_report_in_its_cell(tmp_path, capsys):
    folder = workspace_of(tmp_path / "acme", "Oslo", extra=OWN)
    assert auditkit("run", "-w", folder) == 5
    told = capsys.readouterr().err
    assert "measure.broken" in told and "cell 4" in told


@pytest.mark.parametrize("engine", ["auditkit", "nbclient"])
def test_a_notebook_that_shows_other_figures_than_the_run_is_no_report(tmp_path, capsys, engine):
    """The notebook changes what its own process evaluates; the run has its figures from elsewhere."""
    folder = workspace_of(tmp_path / "acme", "Oslo")
    shipped_one = json.loads((shipped("notebooks") / "team_report.ipynb").read_text(encoding="utf-8"))
    meddle = (
        "import auditkit.report.evaluated as made\nimport auditkit.evaluation.evaluate as engine\n"
        "real = engine.evaluate\ndef wrong(*a, **k):\n    found = real(*a, **k)\n"
        "    found['value'] = found['value'] * 1.01\n    return found\nengine.evaluate = wrong\n"
    )
    place = next(k for k, cell in enumerate(shipped_one["cells"]) if cell.get("id") == "import")
    shipped_one["cells"][place]["source"] = [meddle, "from auditkit import report"]
    (folder / "notebooks").mkdir(exist_ok=True)
    (folder / "notebooks" / "team_report.ipynb").write_text(json.dumps(shipped_one), encoding="utf-8")
    assert auditkit("run", "-w", folder, "--engine", engine, "--no-pdf") == 5
    assert "the store says" in capsys.readouterr().err
