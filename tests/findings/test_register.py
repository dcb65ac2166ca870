"""The register: people and program write side by side; the plan goes out as workbook, calendar and CSV."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from editions import auditkit, workspace_of
from icalendar import Calendar
from openpyxl import load_workbook

TARGETS = '[targets]\nfirst_response_within = { within = "30m", at_least = 0.9, minimum_n = 5 }\n'


@pytest.fixture
def acme(tmp_path, capsys) -> Path:
    """Two teams whose first responses take an hour, with a target of half an hour that they miss in both months."""
    folder = workspace_of(tmp_path / "acme", "Oslo", "=cmd()", extra=TARGETS)
    assert auditkit("findings", "-w", folder) == 0
    capsys.readouterr()
    return folder


def register(folder: Path) -> dict:
    return tomllib.loads((folder / "findings.toml").read_text(encoding="utf-8"))


def missed(folder: Path, team: str = "Oslo") -> str:
    """The number of the team's missed target."""
    (number,) = (
        number for number, one in register(folder).items()
        if one["found"]["rule"] == "target_missed" and one["found"]["team"] == team
    )  # fmt: skip
    return number


def write(folder: Path, number: str, text: str) -> None:
    """Replace the state line of a finding by lines of a person's own."""
    path = folder / "findings.toml"
    head, tail = path.read_text(encoding="utf-8").split(f"[{number}]\n", 1)
    path.write_text(f"{head}[{number}]\n" + tail.replace('state = "open"\n', text, 1), encoding="utf-8")


def test_what_people_write_stays_and_what_is_found_is_written_anew(acme):
    number = missed(acme)
    write(acme, number, 'state = "accepted"  # agreed on Monday\nowner = "Kari"\ndue = 2024-07-01\nroom = "3"\n')
    assert auditkit("findings", "-w", acme, "--period", "2024-05") == 0
    text = (acme / "findings.toml").read_text(encoding="utf-8")
    own = register(acme)[number]
    assert "# agreed on Monday" in text and own["room"] == "3" and own["due"] == date(2024, 7, 1)
    assert own["found"]["first_seen"] <= own["found"]["last_seen"] == "2024-05"


def test_running_again_changes_no_byte(acme):
    before = (acme / "findings.toml").read_bytes()
    assert auditkit("findings", "-w", acme) == 0
    assert (acme / "findings.toml").read_bytes() == before


def test_what_comes_again_after_it_was_done_has_recurred(acme, capsys):
    number = missed(acme)
    write(acme, number, 'state = "done"\ndone_on = 2024-04-15\n')
    assert auditkit("findings", "-w", acme, "--period", "2024-05", "--format", "json") == 0
    states = {one["number"]: one["state"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert states[number] == "recurred"


def test_what_is_found_no_more_stays_with_when_it_was_last_seen(acme, capsys):
    number = missed(acme)
    text = (acme / "audit.toml").read_text(encoding="utf-8")
    (acme / "audit.toml").write_text(
        text.replace('within = "30m"', 'within = "2h"').replace("0.9,", "0.5,"), encoding="utf-8"
    )
    assert auditkit("findings", "-w", acme, "--all", "--format", "json") == 0
    one = next(one for one in json.loads(capsys.readouterr().out)["findings"] if one["number"] == number)
    assert one["state"] == "not found any more" and one["found"]["last_seen"] == "2024-05"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('state = "finished"\n', "state 'finished' is not known (expected open, accepted, done)"),
        ('state = "done"\n', "is done without a day (expected done_on = 2026-05-12)"),
        ('state = "open"\ndue = "1.7."\n', "due '1.7.' is no date (expected 2026-05-12)"),
        ("state = open\n", "cannot be read"),
    ],
)
def test_a_register_that_cannot_be_followed_is_told_and_left_alone(acme, capsys, line, told):
    write(acme, missed(acme), line)
    before = (acme / "findings.toml").read_bytes()
    assert auditkit("findings", "-w", acme) == 4
    assert told in capsys.readouterr().err
    assert (acme / "findings.toml").read_bytes() == before


def test_the_plan_goes_out_as_workbook_calendar_and_csv_with_strangers_text_as_text(acme, tmp_path):
    number, hostile = missed(acme), missed(acme, "=cmd()")
    write(acme, number, 'state = "accepted"\nowner = "Kari"\ndue = 2024-06-15\naction = "=1+1\\nBEGIN:VEVENT"\n')
    for kind in ("xlsx", "ics", "csv"):
        assert auditkit("findings", "export", tmp_path / f"plan.{kind}", "-w", acme) == 0
    sheet = load_workbook(tmp_path / "plan.xlsx").active
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert [rows[number][place].value for place in (1, 6)] == ["delegate", "Kari"]  # medium, and due within 30 days
    assert rows[number][7].value.date() == date(2024, 6, 15) and rows[number][5].data_type == "s"
    todos = {str(one["uid"]): one for one in Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VTODO")}
    assert str(todos[f"{number}@auditkit"]["summary"]) == "=1+1 BEGIN:VEVENT"
    assert todos[f"{number}@auditkit"]["due"].dt == date(2024, 6, 15)
    board = {
        row["External id"]: row for row in csv.DictReader(io.StringIO((tmp_path / "plan.csv").read_text("utf-8-sig")))
    }
    assert board[number]["Title"] == "'=1+1 BEGIN:VEVENT" and board[number]["Due date"] == "2024-06-15"
    assert board[hostile]["Labels"].startswith("'=cmd()")


def test_the_same_plan_gives_the_same_bytes(acme, tmp_path):
    for name in ("one", "two"):
        for kind in ("xlsx", "ics", "csv"):
            auditkit("findings", "export", tmp_path / f"{name}.{kind}", "-w", acme)
    for kind in ("xlsx", "ics", "csv"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_an_answer_to_the_client_is_one_finding_and_one_to_a_team_is_the_teams(acme):
    folder = acme / "checklist" / "answers"
    (folder / "teams").mkdir(parents=True)
    (folder / "client.toml").write_text(
        '[service_audit.A13]\nanswer = "no"\n[service_audit.A4]\nanswer = "no"\n', encoding="utf-8"
    )
    (folder / "teams" / "Oslo.toml").write_text('[service_audit.A4]\nanswer = "partly"\n', encoding="utf-8")
    assert auditkit("findings", "-w", acme) == 0
    found = [one["found"] for one in register(acme).values()]
    gaps = sorted((one["subject"], one.get("team", "")) for one in found if "service_audit/" in one["subject"])
    assert gaps == [("service_audit/A13", ""), ("service_audit/A4", ""), ("service_audit/A4", "Oslo")]
