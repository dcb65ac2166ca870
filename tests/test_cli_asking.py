"""The commands that ask for what stands behind a figure: its rows, its other definitions, the sources' own figures."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from editions import auditkit, tree
from support import workspace

TICKETS = """
ticket_id | team | channel | created_at       | first_response_at | resolved_at      | replies | reopens | sla_resolution_met
1         | Oslo | email   | 2026-05-04 09:00 | 2026-05-04 10:00  | 2026-05-04 12:00 | 1       | 0       | true
2         | Oslo | email   | 2026-05-04 09:00 | 2026-05-04 17:00  | 2026-05-06 12:00 | 2       | 0       | true
3         | Oslo | chat    | 2026-05-05 09:00 |                   |                  | 0       | 0       |
=4        | Oslo |         | 2026-05-05 09:00 | 2026-05-05 10:30  | 2026-05-07 12:00 | 1       | 1       | false
5         | Oslo | chat    | 2026-04-05 09:00 | 2026-04-05 10:00  | 2026-04-05 12:00 | 1       | 0       | true
6         | Rome | chat    | 2026-05-05 09:00 | 2026-05-05 10:00  | 2026-05-05 12:00 | 1       | 0       | true
"""  # noqa: E501
SURVEYS = "response_id | team | kind | agent | answered_at | score | scale_min | scale_max\n" + "\n".join(
    f"{number} | Oslo | csat | {agent} | 2026-05-05 09:00 | {score} | 1 | 5"
    for number, (agent, score) in enumerate([("eva", 5), ("eva", 4), ("eva", 3), ("eva", 5), ("eva", 1), ("ivo", 1)])
)  # fmt: skip
TOML = "[targets]\nfirst_response_within = { within = '2h' }\nresolved_within = { within = '24h' }\n"
MAY = ("--team", "Oslo", "--period", "2026-05")


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    workspace(folder, TOML, audit="as_of = 2026-06-01T00:00:00Z", tickets=TICKETS, surveys=SURVEYS)
    assert auditkit("load", "-w", folder) == 0
    return folder


def said(capsys, *arguments: str | Path) -> dict:
    """The JSON that a command prints."""
    capsys.readouterr()
    assert auditkit(*arguments, "--format", "json") == 0
    return json.loads(capsys.readouterr().out)


def rows(capsys, *arguments: str | Path) -> list[dict[str, str]]:
    """The CSV that a command prints."""
    capsys.readouterr()
    assert auditkit(*arguments) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


# evidence


@pytest.mark.parametrize(
    "options",
    [
        ("first_response_within",),
        ("csat",),
        ("tickets_received",),
        ("tickets_received", "--as-of", "2026-05-04T12:00:00Z"),
        ("service_level",),
        ("fcr",),
        ("first_response_time",),
    ],
)
def test_the_rows_add_up_to_the_figure_of_measures(desk, capsys, options):
    measure, *more = options
    figure = said(capsys, "measures", "-w", desk, "-m", measure, *MAY, *more)["results"][0]
    counted = rows(capsys, "evidence", measure, "-w", desk, *MAY, *more)
    assert len(counted) == (figure["denominator"] or figure["n"] or 0)
    if figure["statistic"] == "share" and figure["available"]:
        assert len(rows(capsys, "evidence", measure, "-w", desk, *MAY, *more, "--met")) == figure["numerator"]


def test_the_rows_of_a_variant_and_of_a_group_add_up_too(desk, capsys):
    named = ("fcr", "-w", desk, *MAY, "--variant", "one_touch")
    figures = said(capsys, "measures", "-w", desk, "-m", "fcr", *MAY, "--variants")["results"]
    (figure,) = [one for one in figures if one["variant"] == "one_touch"]
    assert len(rows(capsys, "evidence", *named)) == figure["denominator"] == 3
    assert len(rows(capsys, "evidence", *named, "--met")) == figure["numerator"] == 2
    split = ("evidence", "tickets_received", "-w", desk, *MAY, "--by", "channel")
    assert [row["ticket_id"] for row in rows(capsys, *split, "--group", "email")] == ["1", "2"]
    assert [row["ticket_id"] for row in rows(capsys, *split, "--group", "")] == ["'=4"]
    assert [row["group"] for row in rows(capsys, *split)] == ["email", "email", "chat", ""]


def test_every_row_says_what_it_is_and_where_it_came_from(desk, capsys):
    first, second, third, fourth = rows(capsys, "evidence", "first_response_within", "-w", desk, *MAY, "--all")
    assert (first["response_seconds"], first["counted"], first["met"]) == ("3600", "true", "true")
    assert (second["met"], third["met"], fourth["met"]) == ("false", "false", "true")
    assert third["response_seconds"] == ""  # no answer is no number
    assert first["created_at"] == "2026-05-04T09:00:00Z"
    assert (first["source"], first["source_row"]) == ("data/tickets.csv", "2")


def test_no_cell_runs_as_a_formula(desk, capsys):
    assert rows(capsys, "evidence", "tickets_received", "-w", desk, *MAY)[3]["ticket_id"] == "'=4"


def test_how_many_and_why_not_all_are_told_beside_the_rows(desk, capsys):
    auditkit("evidence", "first_response_within", "-w", desk, *MAY)
    assert "4 counted, 2 met" in capsys.readouterr().err
    auditkit("evidence", "csat", "-w", desk, *MAY, "--by", "agent")
    captured = capsys.readouterr()
    assert "5 counted, 3 met" in captured.err
    assert "not all rows are shown: hidden: fewer than 5 answers in the group" in captured.err
    assert "ivo" not in captured.out
    auditkit("evidence", "service_level", "-w", desk, *MAY)
    assert "no rows: no source fills the table calls" in capsys.readouterr().err


def test_evidence_as_json(desk, capsys):
    told = said(capsys, "evidence", "first_response_within", "-w", desk, *MAY, "--met")
    assert (told["kind"], told["counted"], told["met"], told["reason"]) == ("met", 2, 2, None)
    assert (told["period"], told["as_of"], told["by"]) == ("2026-05", "2026-06-01T00:00:00Z", None)
    assert [row["ticket_id"] for row in told["rows"]] == ["1", "=4"]
    assert told["rows"][0]["met"] is True and list(told["rows"][0]) == told["columns"]
    whole = said(capsys, "evidence", "first_response_within", "-w", desk, "--team", "Oslo")
    assert (whole["counted"], whole["period"]) == (5, "2026-04-05..2026-05-07")


def test_a_file_has_the_mark_of_spreadsheets(desk, capsys, tmp_path):
    target = tmp_path / "rows.csv"
    assert auditkit("evidence", "tickets_received", "-w", desk, *MAY, "-o", target) == 0
    assert capsys.readouterr().out == ""
    assert target.read_bytes().startswith(b"\xef\xbb\xbfticket_id,")
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 5
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]
    assert auditkit("evidence", "csat", "-w", desk, *MAY, "-o", target, "--format", "json") == 0
    assert json.loads(target.read_text(encoding="utf-8"))["counted"] == 6


def test_a_source_is_never_written_over(desk, capsys):
    before = tree(desk / "data")
    for name in ("data/tickets.csv", "audit.toml"):
        assert auditkit("evidence", "csat", "-w", desk, *MAY, "-o", desk / name) == 2
        assert "is a file that the audit reads" in capsys.readouterr().err
    assert tree(desk / "data") == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("csatt", *MAY), "Did you mean 'csat'?"),
        (("csat", "--team", "Olso", "--period", "2026-05"), "Teams: Oslo, Rome"),
        (("csat", "--team", "Oslo", "--period", "May"), "2024-Q2"),
        (("csat", "--period", "2026-05"), "--team"),
        (("fcr", *MAY, "--variant", "one_tuch"), "'one_touch'"),
        (("csat", *MAY, "--by", "chanel"), "channel, agent"),
        (("csat", *MAY, "--group", "email"), "Say by what"),
        (("tickets_received", *MAY, "--by", "channel", "--group", "emial"), "Did you mean 'email'?"),
        (("tickets_received", *MAY, "--by", "agent", "--group", "eva"), "does not exist"),
        (("csat", *MAY, "--met", "--all"), "exclude each other"),
        (("csat", *MAY, "--as-of", "soon"), "not an instant"),
        (("csat", *MAY, "-o", "no/such/folder.csv"), "cannot be written"),
        (("csat", *MAY, "--format", "xlsx"), "csv"),
    ],
)
def test_what_does_not_exist_is_2_with_what_there_is(desk, capsys, arguments, words):
    assert auditkit("evidence", "-w", desk, *arguments) == 2
    assert words in capsys.readouterr().err


# definitions


def test_the_spread_of_each_measure_with_variants(desk, capsys):
    told = said(capsys, "definitions", "-w", desk, *MAY)
    (fcr,) = [one for one in told["spreads"] if one["measure"] == "fcr"]
    # resolved in May: 1, 2, =4 with 1, 2, 1 replies and 0, 0, 1 reopens: one_touch 2 of 3, no_reopen 2 of 3
    assert (fcr["lowest"], fcr["highest"], fcr["default"]) == (pytest.approx(2 / 3), pytest.approx(2 / 3), None)
    assert all(one["reason"] for one in told["unavailable"])
    assert {"schema", "as_of", "spreads", "apart", "unavailable"} == set(told)


def test_definitions_for_people_and_as_csv(desk, capsys):
    assert auditkit("definitions", "-w", desk, *MAY, "-m", "fcr", "-m", "tickets_received") == 0
    captured = capsys.readouterr()
    assert "67\u00a0% (one_touch)" in captured.out and "Without a figure" in captured.out
    assert "tickets_received has no variants" in captured.err
    (row,) = rows(capsys, "definitions", "-w", desk, *MAY, "-m", "fcr", "--format", "csv")
    assert (row["measure"], row["default_place"], row["flatters"]) == ("fcr", "", "")
    assert auditkit("definitions", "-w", desk, *MAY, "-m", "tickets_received") == 0
    assert "No measure has two definitions" in capsys.readouterr().out


def test_definitions_know_their_names(desk, capsys):
    assert auditkit("definitions", "-w", desk, "-m", "frc") == 2
    assert "'fcr'" in capsys.readouterr().err


# reconcile


def test_the_sources_own_verdicts_are_explained_and_counted(desk, capsys):
    told = said(capsys, "reconcile", "-w", desk, "--team", "Oslo")
    counts = {one["explanation"]: one["tickets"] for one in told["by_explanation"]}
    # 1 and 5 took 3 h, =4 51 h and says so; 2 took 51 h and is called met; no hours are known that could explain it
    assert counts == {"agrees": 3, "unexplained": 1}
    (worst,) = told["worst"]
    assert (worst["ticket_id"], worst["seconds"], worst["difference_seconds"]) == ("2", 51 * 3600, 27 * 3600)
    assert (worst["source"], worst["source_row"]) == ("data/tickets.csv", 3)
    assert any("business hours of Oslo" in reason for reason in told["reasons"])


def test_reconciliation_for_people_and_as_csv(desk, capsys):
    assert auditkit("reconcile", "-w", desk, *MAY) == 0
    shown = capsys.readouterr().out
    assert (
        "unexplained" in shown and "missed" in shown and "1.1\u00a0d" in shown and "A schedule cannot explain" in shown
    )
    assert [row["tickets"] for row in rows(capsys, "reconcile", "-w", desk, *MAY, "--format", "csv")] == ["2", "1"]
    worst = rows(capsys, "reconcile", "-w", desk, *MAY, "--format", "csv", "--rows")
    assert [row["ticket_id"] for row in worst] == ["2"]
    assert said(capsys, "reconcile", "-w", desk, *MAY, "--worst", "0")["worst"] == []


def test_without_a_column_of_the_source_it_says_so(tmp_path, capsys):
    drawn = "ticket_id | team | created_at\n1 | Oslo | 2026-05-04 09:00"
    workspace(tmp_path, audit="as_of = 2026-06-01T00:00:00Z", tickets=drawn)
    assert auditkit("reconcile", "-w", tmp_path) == 0
    assert "No source has a figure of its own" in capsys.readouterr().out
    assert auditkit("reconcile", "-w", tmp_path, "--team", "Olso") == 2
