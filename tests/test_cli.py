"""The command line: what is printed, in which form, and with which exit code; none of these makes a report."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from editions import SRC, auditkit, auditkit_process, tree, workspace_of

COMMANDS = [
    "new", "check", "load", "measures", "explain", "evidence", "agents", "definitions", "reconcile", "checklist",
    "findings", "review", "run", "status", "doctor",
]  # fmt: skip
DOCS = Path(__file__).resolve().parents[1] / "docs" / "commands.md"


@pytest.fixture
def acme(tmp_path) -> Path:
    """A workspace of two teams with twenty tickets and twenty calls each."""
    return workspace_of(tmp_path / "acme", "Oslo", "Алматы")


def test_help_names_every_command(capsys):
    assert auditkit("--help") == 0
    shown = capsys.readouterr().out
    assert all(f"  {command} " in shown for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_itself(command, capsys):
    assert auditkit(command, "--help") == 0
    shown = capsys.readouterr().out
    assert "Example: auditkit" in shown
    assert len(shown.splitlines()) > 8


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_and_option_is_in_the_documentation(command, capsys):
    auditkit(command, "--help")
    options = {word.strip(",") for word in capsys.readouterr().out.split() if word.startswith("--")}
    text = DOCS.read_text(encoding="utf-8")
    section = text.split(f"## {command}\n")[1].split("\n## ")[0]
    assert {option for option in options - {"--help"} if f"`{option}" not in section} == set()


def test_help_imports_nothing_heavy():
    code = "import sys; from auditkit.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(SRC)}, check=True
    )
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert (
        loaded & {"pandas", "numpy", "duckdb", "matplotlib", "pydantic", "pyarrow", "nbformat", "papermill", "scipy"}
        == set()
    )


def test_version(capsys):
    assert auditkit("--version") == 0
    assert capsys.readouterr().out.startswith("auditkit 0.")


def test_an_unknown_command_is_a_usage_error_with_a_hint(capsys):
    assert auditkit("runn") == 2
    assert "'run'" in capsys.readouterr().err


# new


def test_new_lays_out_a_workspace_whose_configuration_is_valid(tmp_path, capsys):
    assert auditkit("new", tmp_path / "acme", "--language", "fi") == 0
    assert "auditkit check -w" in capsys.readouterr().out
    assert tomllib.loads((tmp_path / "acme/audit.toml").read_text(encoding="utf-8"))["audit"]["language"] == "fi"
    assert (tmp_path / "acme/data").is_dir()
    assert auditkit("check", "-w", tmp_path / "acme") == 4  # valid, but there are no files yet
    assert "data/tickets*.csv" in capsys.readouterr().err


def test_new_with_the_sample_brings_its_data(tmp_path):
    assert auditkit("new", tmp_path / "s", "--sample") == 0
    assert (tmp_path / "s/data/helsinki/tiketit.csv").is_file()
    assert not (tmp_path / "s/.auditkit").exists()


def test_new_refuses_a_folder_that_is_a_workspace(acme, capsys):
    before = tree(acme)
    assert auditkit("new", acme) == 2
    assert "already has audit.toml" in capsys.readouterr().err
    assert tree(acme) == before


def test_new_keeps_what_is_in_the_folder(tmp_path, capsys):
    (tmp_path / "README.md").write_text("mine")
    assert auditkit("new", tmp_path) == 0
    assert (tmp_path / "README.md").read_text() == "mine"
    assert "kept as it was: README.md" in capsys.readouterr().out


def test_new_in_a_file_is_refused(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert auditkit("new", tmp_path / "file" / "acme") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_new_knows_its_languages(tmp_path, capsys):
    assert auditkit("new", tmp_path / "x", "--language", "sv") == 2
    assert "en, fi, nb, ru" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


# check and load


def test_check_tells_refused_rows_and_writes_nothing(acme, capsys):
    rows = json.loads((acme / "data/tickets.json").read_text())
    (acme / "data/tickets.json").write_text(json.dumps([*rows, rows[0] | {"id": "bad", "at": "31/02/2026"}]))
    before = tree(acme)
    assert auditkit("check", "-w", acme) == 0
    shown = capsys.readouterr().out
    assert "31/02/2026" in shown and "created_at" in shown
    assert "without the 1 row refused" in shown
    assert tree(acme) == before


def test_check_tries_every_own_measure(acme, capsys):
    with (acme / "audit.toml").open("a", encoding="utf-8") as stream:
        for name, column in (("long_waits", "wait_secnds"), ("short_waits", "wait_seconds"), ("odd", "oddity")):
            stream.write(
                f"[measure.{name}]\nkind = 'quantity'\nof = 'calls'\ndated_by = 'offered_at'\n"
                f"summary = 'Waits.'\nvalue = '{column}'\n"
            )
    assert auditkit("check", "-w", acme) == 3
    said = capsys.readouterr().err
    assert "key 'measure.long_waits': cannot be evaluated" in said and "wait_secnds" in said
    assert "key 'measure.odd'" in said and "measure.short_waits" not in said


def test_check_as_json(acme, capsys):
    assert auditkit("check", "-w", acme, "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["loadable"] is True
    assert [(one["table"], one["rows_in"], one["rows_kept"]) for one in said["sources"]] == [
        ("tickets", 40, 40),
        ("calls", 40, 40),
    ]
    assert said["teams"] == ["Oslo", "Алматы"]


def test_a_wrong_configuration_is_3_with_every_problem(acme, capsys):
    text = (acme / "audit.toml").read_text(encoding="utf-8")
    (acme / "audit.toml").write_text(
        text.replace("client", "cleint") + "[hours.default]\nmon-fri = '25:00-26:00'\n", encoding="utf-8"
    )
    assert auditkit("check", "-w", acme) == 3
    said = capsys.readouterr().err.splitlines()
    assert any("client" in line for line in said) and any("25:00" in line for line in said)


def test_no_workspace_is_3_with_the_remedy(tmp_path, capsys):
    assert auditkit("load", "-w", tmp_path) == 3
    assert "auditkit new" in capsys.readouterr().err


def test_a_missing_file_is_4_and_leaves_the_earlier_store(acme, capsys):
    assert auditkit("load", "-w", acme) == 0
    before = tree(acme / ".auditkit/store")
    (acme / "data/calls.json").unlink()
    assert auditkit("load", "-w", acme) == 4
    assert "data/calls.json" in capsys.readouterr().err
    assert tree(acme / ".auditkit/store") == before


def test_load_says_where_the_refused_rows_are(acme, capsys):
    rows = json.loads((acme / "data/tickets.json").read_text())
    (acme / "data/tickets.json").write_text(json.dumps([*rows, rows[0] | {"id": "bad", "at": "soon"}]))
    assert auditkit("load", "-w", acme) == 0
    shown = capsys.readouterr().out
    assert "Refused: 1 row" in shown and str(acme / ".auditkit/refused.csv") in shown


def test_nothing_is_read_twice(acme, capsys):
    auditkit("load", "-w", acme)
    capsys.readouterr()
    assert auditkit("load", "-w", acme) == 0
    captured = capsys.readouterr()
    assert "Nothing has changed" in captured.out and "reading" not in captured.err
    assert auditkit("load", "-w", acme, "--force") == 0
    assert "reading data/tickets.json" in capsys.readouterr().err


# measures and explain


def test_figures_as_json(acme, capsys):
    assert (
        auditkit(
            "measures", "-w", acme, "-m", "answer_rate", "--period", "2024-05", "--team", "Oslo", "--format", "json"
        )
        == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["as_of"]) == (1, "2024-06-01T00:00:00Z")
    (figure,) = said["results"]
    assert list(figure) == [
        "measure", "statistic", "variant", "team", "period", "by", "group", "unit", "value", "numerator", "denominator",
        "n", "low", "high", "method", "completeness", "available", "reason", "target", "verdict", "verdict_reason",
    ]  # fmt: skip
    assert (figure["value"], figure["numerator"], figure["denominator"], figure["available"]) == (0.9, 9, 10, True)


def test_what_does_not_exist_is_null_with_a_reason(acme, capsys):
    assert auditkit("measures", "-w", acme, "--period", "2031-05", "--format", "json") == 0
    shown = capsys.readouterr().out
    assert "NaN" not in shown
    figures = json.loads(shown)["results"]
    assert all(one["value"] is None and one["available"] is False and one["reason"] for one in figures)


def test_the_whole_span_is_the_default_period(acme, capsys):
    auditkit("measures", "-w", acme, "-m", "calls_offered", "--team", "Oslo", "--format", "json")
    (figure,) = json.loads(capsys.readouterr().out)["results"]
    assert (figure["value"], figure["period"]) == (20, "2024-04-01..2024-05-10")


def test_last_month_counts_from_as_of(acme, capsys):
    auditkit(
        "measures",
        "-w",
        acme,
        "-m",
        "calls_offered",
        "--team",
        "Oslo",
        "--period",
        "last-month",
        "--as-of",
        "2024-05-20",
        "--format",
        "json",
    )
    (figure,) = json.loads(capsys.readouterr().out)["results"]
    assert (figure["value"], figure["period"]) == (10, "2024-04")


def test_figures_as_csv_hold_no_formula(tmp_path, capsys):
    folder = workspace_of(tmp_path / "w", "=cmd|'/c calc'!A1")
    assert auditkit("measures", "-w", folder, "-m", "answer_rate", "--format", "csv") == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["team"] == "'=cmd|'/c calc'!A1"
    assert (row["value"], row["target"]) == ("0.9", "")


def test_figures_for_people_carry_units_and_intervals(acme, capsys):
    assert auditkit("measures", "-w", acme, "-m", "answer_rate", "-m", "first_response_time") == 0
    shown = capsys.readouterr().out
    assert "90\u00a0%" in shown and "Алматы" in shown and "nan" not in shown.lower()


def test_unknown_names_are_2_with_the_nearest(acme, capsys):
    assert auditkit("measures", "-w", acme, "-m", "answer_rat") == 2
    assert "'answer_rate'" in capsys.readouterr().err
    assert auditkit("measures", "-w", acme, "--team", "Olso") == 2
    assert "Teams: Oslo, Алматы" in capsys.readouterr().err
    assert auditkit("measures", "-w", acme, "--period", "May") == 2
    assert "2024-Q2" in capsys.readouterr().err
    assert auditkit("measures", "-w", acme, "--as-of", "yesterday") == 2
    assert "not an instant" in capsys.readouterr().err


def test_explain_prints_rule_variants_and_decision(capsys):
    assert auditkit("explain", "service_level") == 0
    shown = capsys.readouterr().out
    assert "answered within 20 seconds" in shown
    assert "wait_seconds" in shown and "Variant v6: short abandons left out" in shown and "81.13 %" in shown


def test_explain_as_json(capsys):
    assert auditkit("explain", "fcr", "--format", "json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["measure"] == "fcr" and said["dated_by"] == "created_at"
    assert "one_touch" in [one["variant"] for one in said["variants"]]


def test_explain_names_the_nearest(capsys):
    assert auditkit("explain", "csatt") == 2
    assert "'csat'" in capsys.readouterr().err


def test_explain_knows_the_workspaces_own_measures(tmp_path, capsys):
    own = '[measure.loud]\nkind = "count"\nof = "tickets"\ndated_by = "created_at"\nsummary = "Tickets that shout."\n'
    folder = workspace_of(tmp_path / "w", "Oslo", extra=own)
    assert auditkit("explain", "loud", "-w", folder) == 0
    assert "Tickets that shout." in capsys.readouterr().out


# The program itself


def test_a_fault_of_the_program_keeps_its_traceback(acme, capsys, monkeypatch):
    import auditkit.preview

    def broken(*_):
        raise RuntimeError("the sky fell")

    monkeypatch.setattr(auditkit.preview, "preview", broken)
    assert globals()["auditkit"]("check", "-w", acme) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said and "the sky fell" in said and "fault of auditkit, please report it" in said


def test_a_closed_pipe_is_quiet(acme):
    code = "import sys; from auditkit.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "measures", "-w", str(acme), "--format", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"PYTHONPATH": str(SRC)},
    )  # fmt: skip
    process.stdout.close()
    said = process.stderr.read()
    process.wait(timeout=120)
    process.stderr.close()
    assert "Traceback" not in said and "BrokenPipe" not in said


def test_a_full_output_is_said(acme):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    code = "import sys; from auditkit.cli import main; sys.exit(main())"
    with full.open("w") as nowhere:
        done = subprocess.run(
            [sys.executable, "-c", code, "explain", "csat"],
            stdout=nowhere,
            stderr=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(SRC)},
        )
    assert done.returncode == 4
    assert "Free some disk space" in done.stderr and "Traceback" not in done.stderr


def test_names_in_all_scripts_are_printed_on_any_console(acme):
    done = auditkit_process(
        "measures", "-w", acme, "-m", "answer_rate", environment={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    )
    assert done.returncode == 0
    assert "Алматы" in done.stdout


def test_check_says_from_when_to_when_each_team_has_contacts(tmp_path, capsys):
    # Customers of the sample go back to 2018 and agents to 2019; its contacts begin in April 2025.
    assert auditkit("new", tmp_path / "w", "--sample") == 0
    capsys.readouterr()
    assert auditkit("check", "-w", tmp_path / "w") == 0
    teams = capsys.readouterr().out.split("Teams")[-1]
    assert "2025-04-01" in teams
    assert "2018" not in teams and "2019" not in teams
