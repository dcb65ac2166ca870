"""What a run asks ahead, of a few teams at once: nobody can tell the answers from those of a team alone."""

from __future__ import annotations

import dataclasses
import json
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from editions import auditkit, workspace_of

from auditkit.clocks.period import parse_period
from auditkit.definition import Survival
from auditkit.evaluation.evaluate import evaluate
from auditkit.evidence.reconcile import reconcile
from auditkit.evidence.rows import TeamRows
from auditkit.load import load
from auditkit.measures import CATALOGUE
from auditkit.privacy import names_of
from auditkit.report.history import history_of, periods_of, told_of
from auditkit.running.ahead import Ahead
from auditkit.running.answering import ask
from auditkit.running.plan import Request, make_plan
from auditkit.running.run import Manner, run_plan
from auditkit.running.warm import Limits, open_makers
from auditkit.shipped import shipped
from auditkit.staffing import required_agents
from auditkit.store import open_store
from auditkit.workspace import open_workspace

SECTIONS = tuple(
    name
    for cell in json.loads((shipped("notebooks") / "team_report.ipynb").read_text(encoding="utf-8"))["cells"]
    for name in re.findall(r"audit\.([a-z_]+)\(\)", "".join(cell["source"]))
    if cell["cell_type"] == "code" and name != "close"
)
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


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample, loaded."""
    folder = tmp_path_factory.mktemp("sample") / "sample"
    shutil.copytree(shipped("sample"), folder, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    return load(open_workspace(folder))


def asked_ahead(store, folder: Path, period: str) -> dict[str, Path]:
    """The files with the answers for each team, as a run would have them."""
    jobs = make_plan(store, Request(periods=(period,))).due
    ahead = Ahead(store, jobs, folder, 1)
    number, task = ahead.next()
    assert ahead.next() is None and not ahead.is_ready(0)
    ahead.answered(number, ask(task, print))
    assert all(ahead.is_ready(place) for place in range(len(jobs)))
    return {job.team: Path(ahead.file_of(place)) for place, job in enumerate(jobs)}


def alone(store, question: tuple):
    """The answer to a question of one team, asked of the store itself."""
    kind, *rest = question
    if kind == "figures":
        measures, teams, periods, by, variants, as_of = rest
        return evaluate(store, measures, teams, periods, by, variants, as_of)
    if kind == "staffing":
        return required_agents(store, rest[0], rest[1], as_of=rest[2])
    if kind == "reconcile":
        return reconcile(store, rest[0], rest[1], as_of=rest[2])
    if kind == "names":
        return names_of(store, rest[0])[rest[0][0]]
    told = told_of(store, rest[0], parse_period("2026-05"), store.meta.as_of)
    rows = TeamRows(store, rest[0], told.periods, told.as_of)
    if kind == "sample":
        measure = CATALOGUE[rest[-1]]
        fetch = rows.durations if isinstance(measure, Survival) else lambda *asked: (rows.sample(*asked), ())
        return [fetch(measure, one) for one in told.periods]
    return {"frame": lambda: rows.fetch(rest[-1]), "sources": rows.sources, "changes": rows.changes}[kind]()


def same(one, other) -> bool:
    """Whether two answers are the same to the last digit, the types of columns too."""
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True)
        return True
    if dataclasses.is_dataclass(one):
        return all(same(getattr(one, name.name), getattr(other, name.name)) for name in dataclasses.fields(one))
    return one == other


def test_everything_asked_ahead_is_what_a_team_alone_would_be_told(sample, tmp_path):
    kinds = set()
    for file in asked_ahead(sample, tmp_path, "2026-05").values():
        for question, answer in pickle.loads(file.read_bytes()).items():
            kinds.add(question[0])
            right = alone(sample, question)
            if question[0] == "sample":
                pairs = zip(question[2], right, strict=True)
                for period, (values, ended) in pairs:
                    np.testing.assert_array_equal(answer["v0"].get(period.label, ()), values)
                    np.testing.assert_array_equal(answer.get("o0", {}).get(period.label, ()), ended)
            else:
                assert same(answer, right), question
    assert kinds == {"figures", "frame", "sample", "sources", "changes", "names", "staffing", "reconcile"}


def test_a_report_with_its_answers_reads_no_row(sample, tmp_path):
    """All that the shipped report asks is foreseen: it can be made of a store whose rows are gone."""
    folder = tmp_path / "sample"
    shutil.copytree(sample.workspace.root, folder)
    store = open_store(open_workspace(folder))
    files = asked_ahead(store, tmp_path, "2026-05")
    for table in store.folder.glob("*.parquet"):
        table.unlink()
    code = f"""
import sys, pickle
from pathlib import Path
from auditkit import answers, report
from auditkit.store import open_store
from auditkit.workspace import open_workspace
answers.give(open_store(open_workspace({str(folder)!r})), pickle.loads(Path(sys.argv[2]).read_bytes()))
audit = report.open({str(folder)!r}, sys.argv[1], "2026-05")
for section in {SECTIONS}:
    print(section, len(getattr(audit, section)()))
"""
    for team, file in files.items():
        made = subprocess.run([sys.executable, "-c", code, team, file], capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        assert len(made.stdout.splitlines()) == len(SECTIONS)


def test_a_batch_that_came_to_nothing_costs_no_report(tmp_path):
    """The answers are lost with the process that was to give them; each report then asks for itself."""
    folder = workspace_of(tmp_path / "acme", *TEAMS)
    store = load(open_workspace(folder))
    plan = make_plan(store, Request())
    ended = []

    class Stingy:
        """Makers that leave no memory to those who ask ahead."""

        def __init__(self, makers):
            self.makers, self.end = makers, makers.end

        def submit(self, number, task):
            self.makers.submit(number, task, Limits(memory_bytes=1) if task.get("kind") == "answers" else None)

        def events(self, timeout):
            found = self.makers.events(timeout)
            ended.extend(one.detail for one in found if one.kind == "end")
            return found

    manner = Manner(2, "auditkit", lambda building: Stingy(open_makers(2, log=building / "log")))
    assert {one.state for one in run_plan(store, plan, manner)} == {"made"}
    lost = [one for one in ended if one["state"] == "failed"]
    assert [one["failure"]["class"] for one in lost] == ["memory limit", "memory limit"]
    told = (folder / ".auditkit" / "logs" / "asked-ahead.log").read_text(encoding="utf-8")
    assert told.count("MB are allowed") == 2 and all(team in told for team in TEAMS)


def test_few_teams_are_shared_out_and_many_go_four_at_a_time(tmp_path):
    folder = workspace_of(tmp_path / "acme", *(f"T{number:02}" for number in range(14)))
    store = load(open_workspace(folder))
    jobs = make_plan(store, Request(pdf=False)).due

    def sizes(some, workers: int) -> list[int]:
        ahead, found = Ahead(store, some, tmp_path, workers), []
        while (question := ahead.next()) is not None:
            found.append(len(question[1]["teams"]))
        return found

    assert sizes(jobs, 2) == [4, 4, 4, 2]
    assert sizes(jobs[:4], 2) == [2, 2]
    assert sizes(jobs[:5], 1) == [4]  # the one that is left asks for itself
    assert sizes(jobs[:1], 2) == []
    assert sizes(jobs, 14) == []
    rows = {name: dataclasses.replace(one, rows=one.rows * 20_000) for name, one in store.meta.tables.items()}
    many = dataclasses.replace(store, meta=dataclasses.replace(store.meta, tables=rows))
    assert many.meta.tables["tickets"].rows == 14 * 20 * 20_000
    ahead = Ahead(many, jobs, tmp_path, 2)
    assert ahead.next() is None  # teams of so many rows are asked about one by one
    assert ahead.is_ready(0) and ahead.file_of(0) == ""


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
