"""Runs: editions are whole, true and made once; a report that fails says where, and costs the others nothing."""

from __future__ import annotations

import csv
import hashlib
import json

import psutil
import pytest
from editions import (
    CLOSING,
    OPENING,
    TABLE,
    auditkit,
    auditkit_process,
    manifest,
    notebook,
    small_report,
    tree,
    workspace_of,
)

from auditkit.measures import CATALOGUE
from auditkit.running.ledger import reading


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace of two teams after one run of the report that comes with the product."""
    folder = workspace_of(
        tmp_path_factory.mktemp("made") / "acme", "Oslo", "Алматы", months=("2024-03", "2024-04", "2024-05")
    )
    done = auditkit_process("run", "-w", folder)
    assert done.returncode == 0, done.stderr
    return folder, done


@pytest.fixture
def acme(tmp_path):
    """A workspace of two teams with a small report of its own."""
    folder = workspace_of(tmp_path / "acme", "Oslo", "Bergen")
    small_report(folder)
    return folder


def test_each_team_gets_its_edition_of_the_last_complete_month(made):
    folder, done = made
    for team in ("Oslo", "Алматы"):
        edition = folder / "reports" / team / "2024-05"
        assert (edition / "team_report.html").read_text(encoding="utf-8").lower().startswith("<!doctype html>")
        assert (edition / "team_report.pdf").read_bytes().startswith(b"%PDF")
        assert str(edition / "team_report.pdf") in done.stdout
    assert sorted(path.name for path in (folder / "reports").iterdir()) == ["Oslo", "Алматы"]


def test_a_line_per_report_when_nobody_watches(made):
    said = made[1].stderr
    assert "1 of 2  made  team_report, " in said
    assert "2 made, 0 up to date, 0 failed" in said
    assert "\x1b[" not in said


def test_the_manifest_says_what_it_was_made_from_and_every_figure(made):
    folder, _ = made
    edition = folder / "reports/Oslo/2024-05"
    said = manifest(edition)
    entry = said["reports"]["team_report"]
    assert (said["team"], said["period"], entry["as_of"]) == ("Oslo", "2024-05", "2024-06-01T00:00:00Z")
    assert {one["file"] for one in entry["inputs"]} == {"data/tickets.json", "data/calls.json"}
    assert (
        entry["inputs"][0]["sha256"] == hashlib.sha256((folder / entry["inputs"][0]["file"]).read_bytes()).hexdigest()
    )
    assert entry["versions"]["pandas"] and entry["made_from"]["notebook"] and entry["made_from"]["templates"]
    assert {one["state"] for one in entry["cells"]} == {"ok"}
    (rate,) = [one for one in entry["figures"] if one["measure"] == "answer_rate"]
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (9, 10, 0.9)
    assert rate["low"] < 0.9 < rate["high"]
    for name, digest in entry["files"].items():
        assert hashlib.sha256((edition / name).read_bytes()).hexdigest() == digest
    assert str(folder) not in json.dumps(said)


def test_what_is_up_to_date_is_not_made_again(acme, capsys):
    assert auditkit("run", "small", "-w", acme, "--no-pdf") == 0
    before = {path: path.stat().st_mtime_ns for path in acme.glob("reports/*/*/*")}
    capsys.readouterr()
    assert auditkit("run", "small", "-w", acme, "--no-pdf") == 0
    captured = capsys.readouterr()
    assert "0 made, 2 up to date" in captured.err
    assert str(acme / "reports/Oslo/2024-05/small.html") in captured.out
    assert {path: path.stat().st_mtime_ns for path in acme.glob("reports/*/*/*")} == before


def test_a_change_of_data_makes_editions_stale(acme, capsys):
    auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo")
    rows = json.loads((acme / "data/calls.json").read_text())
    (acme / "data/calls.json").write_text(json.dumps(rows[:-1]))
    capsys.readouterr()
    auditkit("status", "-w", acme)
    assert "the files have changed since" in capsys.readouterr().out
    auditkit("load", "-w", acme)
    capsys.readouterr()
    auditkit("status", "-w", acme)
    shown = capsys.readouterr().out
    assert "loaded and up to date" in shown and "stale: the data changed" in shown


def test_an_edition_without_a_pdf_gets_one_when_it_is_asked_for(acme):
    auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo")
    edition = acme / "reports/Oslo/2024-05"
    assert not (edition / "small.pdf").exists()
    assert auditkit("run", "small", "-w", acme, "--team", "Oslo") == 0
    assert (edition / "small.pdf").read_bytes().startswith(b"%PDF")


def test_tables_are_csv_for_a_spreadsheet(acme):
    auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo")
    data = (acme / "reports/Oslo/2024-05/tables/small-rows.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(data.decode("utf-8-sig").splitlines())) == [["name", "n"], ["'=1+1", "-3"], ["Oslo", "4"]]


def test_a_second_report_joins_the_edition(acme):
    small_report(acme, "other")
    auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo")
    auditkit("run", "other", "-w", acme, "--no-pdf", "--team", "Oslo")
    edition = acme / "reports/Oslo/2024-05"
    assert sorted(manifest(edition)["reports"]) == ["other", "small"]
    assert (edition / "small.html").is_file() and (edition / "tables/small-rows.csv").is_file()


def test_a_range_of_days_is_a_period_and_a_folder(acme):
    assert auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo", "--period", "2024-05-01..2024-05-07") == 0
    assert (acme / "reports/Oslo/2024-05-01..2024-05-07/small.html").is_file()


def test_parameters_of_own_notebooks(acme):
    cells = (OPENING, "assert threshold == \"a 'quoted' one\", threshold", CLOSING)
    parameters = 'workspace = ""\nteam = ""\nperiod = ""\nthreshold = "none"'
    notebook(acme / "notebooks/own.ipynb", *cells, parameters=parameters)
    asked = ("run", "own", "-w", acme, "--no-pdf", "--team", "Oslo")
    assert auditkit(*asked) == 5  # the default is not what the notebook wants
    assert auditkit(*asked, "--param", "threshold=a 'quoted' one") == 0


# What is refused before anything runs


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--param", "treshold=3"], "parameter 'treshold': is not declared"),
        (["--param", "team=Oslo"], "Use --team"),
        (["--param", "novalue"], "NAME=VALUE"),
        (["--team", "Olso"], "Teams: Bergen, Oslo"),
        (["--period", "2031-05"], "begins after the as-of instant"),
        (["--period", "2023-05"], "cover 2024-04-01 to 2024-05-10"),
        (["--period", "May"], "2024-Q2"),
        (["--as-of", "noon"], "is not an instant"),
        (["smal"], "Did you mean 'small'?"),
        (["../nowhere.ipynb"], "does not exist"),
        (["--workers", "0"], "--workers"),
    ],
)
def test_refused_before_anything_runs(acme, capsys, arguments, words):
    report = [] if arguments[0] in ("smal", "../nowhere.ipynb") else ["small"]
    assert auditkit("run", *report, "-w", acme, *arguments) == 2
    assert words in capsys.readouterr().err
    assert not (acme / "reports").exists()


def test_a_notebook_without_parameters_is_refused(acme, capsys):
    notebook(acme / "notebooks/bare.ipynb", CLOSING, parameters='place = ""')
    assert auditkit("run", "bare", "-w", acme) == 2
    assert "parameter 'team': is not declared" in capsys.readouterr().err


def test_a_team_without_data_in_the_period_is_left_out_unless_it_is_named(acme, capsys):
    rows = [row for name in ("tickets", "calls") for row in json.loads((acme / f"data/{name}.json").read_text())]
    for name in ("tickets", "calls"):
        path = acme / f"data/{name}.json"
        kept = [row for row in json.loads(path.read_text()) if row["team"] == "Oslo" or row["at"] < "2024-05"]
        path.write_text(json.dumps(kept))
    assert rows
    assert auditkit("run", "small", "-w", acme, "--no-pdf", "--period", "2024-05") == 0
    assert "left out: Bergen: period '2024-05': holds no data of Bergen" in capsys.readouterr().err
    assert not (acme / "reports/Bergen").exists()
    assert auditkit("run", "small", "-w", acme, "--no-pdf", "--period", "2024-05", "--team", "Bergen") == 2


# Reports that fail

# A notebook that changes the engine itself in its own process cannot change what it is compared with.
MEDDLING = """from auditkit import report
from auditkit.evaluation import evaluate as engine
truly = engine.evaluate
engine.evaluate = lambda *asked, **more: truly(*asked, **more).assign(value=lambda told: told["value"] * 2)
audit = report.open(workspace, team, period)"""
FAILING = {
    "raises": ([OPENING, "# Speed", "1 / 0", CLOSING], "cell 4 (under 'Speed'): ZeroDivisionError: division by zero"),
    "exits": ([OPENING, "import sys; sys.exit(0)", CLOSING], "the notebook ended itself before its end"),
    "dies": ([OPENING, "# Calls", "import os; os._exit(1)", CLOSING], "cell 4 (under 'Calls'): the kernel died"),
    "short": ([OPENING, TABLE], "did not end with the closing exhibit"),
    "wrong": ([OPENING.replace('"team": team', '"team": "Paris"'), CLOSING], "the report's cover says team 'Paris'"),
    "kills": (
        [OPENING, "import psutil; psutil.Process().parent().kill()", CLOSING],
        "ended by SIGKILL (killed, or out of memory)",
    ),
    "meddles": ([OPENING, MEDDLING, "audit.close()"], "the report's tickets_received (count) is"),
}


def test_every_way_to_fail_is_told_and_the_others_are_made(acme, capsys):
    for name, (cells, _) in FAILING.items():
        notebook(acme / f"notebooks/{name}.ipynb", *cells)
    assert auditkit("run", *FAILING, "small", "-w", acme, "--no-pdf", "--team", "Oslo", "--workers", "1") == 5
    said = capsys.readouterr().err
    for name, (_, words) in FAILING.items():
        assert f"auditkit: {name}, Oslo, 2024-05: FAILED" in said
        assert words in said
        assert not list(acme.glob(f"reports/**/{name}*"))
    assert (acme / "reports/Oslo/2024-05/small.html").is_file()
    assert f"1 made, 0 up to date, {len(FAILING)} failed" in said
    assert "ZeroDivisionError" in (acme / ".auditkit/logs/Oslo-2024-05-raises.log").read_text(encoding="utf-8")
    kept = json.loads((acme / ".auditkit/logs/Oslo-2024-05-raises.ipynb").read_text(encoding="utf-8"))
    assert any(output["output_type"] == "error" for cell in kept["cells"] for output in cell.get("outputs", ()))


def test_a_failure_leaves_the_other_teams_and_the_earlier_edition(acme, capsys):
    auditkit("run", "small", "-w", acme, "--no-pdf")
    before = tree(acme / "reports/Bergen")
    notebook(acme / "notebooks/small.ipynb", OPENING, "assert team == 'Oslo', 'not here'", CLOSING)
    capsys.readouterr()
    assert auditkit("run", "small", "-w", acme, "--no-pdf") == 5
    said = capsys.readouterr().err
    assert "small, Bergen, 2024-05: FAILED" in said and "AssertionError: not here" in said
    assert str(acme / ".auditkit/logs/Bergen-2024-05-small.log") in said
    assert tree(acme / "reports/Bergen") == before
    assert not (acme / "reports/Oslo/2024-05/tables/small-rows.csv").exists()  # Oslo's is the new one
    auditkit("status", "-w", acme)
    shown = capsys.readouterr().out
    assert "Not in order" in shown and "not here" in shown


@pytest.mark.parametrize("how", ["SIGINT", "SIGTERM"])
def test_an_interruption_ends_the_kernels_and_leaves_nothing_half_made(acme, how):
    stop = (
        "import os, pathlib, signal, time, psutil\n"
        "pathlib.Path(workspace, 'kernel.pid').write_text(str(os.getpid()))\n"
        "run = [one for one in psutil.Process().parents() if 'auditkit.cli' in ' '.join(one.cmdline())]\n"
        f"run[0].send_signal(signal.{how})\n"
        "time.sleep(120)"
    )
    notebook(acme / "notebooks/stop.ipynb", OPENING, stop, CLOSING)
    done = auditkit_process("run", "stop", "-w", acme, "--team", "Oslo")
    assert done.returncode == 130
    assert "interrupted" in done.stderr and "Traceback" not in done.stderr
    assert not psutil.pid_exists(int((acme / "kernel.pid").read_text()))
    assert not (acme / "reports").exists()
    with reading(acme / ".auditkit") as ledger:
        run = ledger.last_run()
        assert run["state"] == "interrupted" and [one["state"] for one in run["attempts"]] == ["interrupted"]


def test_status_as_json(acme, capsys):
    auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo")
    capsys.readouterr()
    assert auditkit("status", "-w", acme, "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["data"] == "loaded and up to date"
    (edition,) = said["editions"]
    assert (edition["team"], edition["period"], edition["state"]) == ("Oslo", "2024-05", "up to date")
    assert [one["state"] for one in said["last_run"]["attempts"]] == ["made"]


def test_status_before_anything_was_made(acme, capsys):
    assert auditkit("status", "-w", acme) == 0
    shown = capsys.readouterr().out
    assert "nothing is loaded" in shown and "No editions yet" in shown


def test_doctor_says_that_reports_can_be_made(acme, capsys):
    assert auditkit("doctor", "-w", acme) == 0
    shown = capsys.readouterr().out
    assert "Reports can be made on this machine." in shown and "starts and answers" in shown


def test_the_manifest_holds_every_figure_those_of_variants_too(acme):
    assert auditkit("run", "small", "-w", acme, "--no-pdf", "--team", "Oslo") == 0
    figures = manifest(acme / "reports/Oslo/2024-05")["reports"]["small"]["figures"]
    held = {(one["measure"], one["variant"]) for one in figures}
    stated = [(name, variant) for name, one in CATALOGUE.items() for variant in ("default", *one.variants)]
    assert len(stated) > len(CATALOGUE) and held == set(stated)
