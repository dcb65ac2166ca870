"""What a report is made again for: its own team's rows and settings, and nothing that only others can see."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from editions import auditkit, notebook, small_report, workspace_of

from auditkit.clocks.period import parse_period
from auditkit.load import load
from auditkit.report.history import reads_from
from auditkit.running.ingredients import Ingredients
from auditkit.running.slices import Slices
from auditkit.workspace import open_workspace

MONTHS = ("2024-02", "2024-03", "2024-04", "2024-05")
MAY = parse_period("2024-05")


@pytest.fixture
def acme(tmp_path):
    return workspace_of(tmp_path / "acme", "Bergen", "Oslo", months=MONTHS)


def slices(folder: Path, period: str = "2024-05") -> dict[str, str]:
    """The hash of the history of each team."""
    store = load(open_workspace(folder))
    found = Slices(store)
    return {
        team: found.hash_of("history", team, parse_period(period), store.meta.as_of)
        for team in sorted(store.meta.teams)
    }


def edit(folder: Path, table: str, change) -> None:
    path = folder / f"data/{table}.json"
    path.write_text(json.dumps(change(json.loads(path.read_text()))))


def test_a_row_of_one_team_changes_the_slice_of_that_team_alone(acme):
    before = slices(acme)

    def one_more(rows):  # first in the file, so that every other row moves down by one
        return [rows[-1] | {"id": "new", "team": "Oslo", "at": "2024-05-03T08:00:00Z"}, *rows]

    edit(acme, "tickets", one_more)
    after = slices(acme)
    assert after["Bergen"] == before["Bergen"] and after["Oslo"] != before["Oslo"]


def test_the_order_of_the_rows_is_nothing_to_a_slice(acme):
    before = slices(acme)
    edit(acme, "calls", lambda rows: rows[::-1])
    assert slices(acme) == before


@pytest.mark.parametrize(("at", "period", "changes"), [
    ("2024-05-03", "2024-04", False),  # after the period
    ("2024-04-03", "2024-04", True),
    ("2024-02-03", "2024-04", True),  # in the history
])  # fmt: skip
def test_only_the_history_that_the_report_tells_of_counts(acme, at, period, changes):
    before = slices(acme, period)
    edit(
        acme,
        "calls",
        lambda rows: [r | {"wait": 99} if r["team"] == "Oslo" and r["at"][:10] == at else r for r in rows],
    )
    assert (slices(acme, period)["Oslo"] != before["Oslo"]) is changes


def test_what_was_over_before_the_history_is_left_out_and_what_was_open_is_not(tmp_path):
    folder = workspace_of(tmp_path / "w", "Oslo", months=[f"{y}-{m:02d}" for y in (2022, 2023) for m in range(1, 13)])
    store = load(open_workspace(folder))
    asked = "2023-12"
    assert reads_from(store, "Oslo", parse_period(asked)) == date(2022, 12, 1)
    before = slices(folder, asked)["Oslo"]

    def reply(day):
        return lambda rows: [r | {"reply": "2022-03-20T11:00:00Z"} if r["at"][:10] == day else r for r in rows]

    edit(folder, "tickets", reply("2022-03-01"))  # resolved then: no figure of 2023 knows it
    assert slices(folder, asked)["Oslo"] == before
    edit(folder, "tickets", reply("2022-03-10"))  # never resolved: it is in the backlog to this day
    assert slices(folder, asked)["Oslo"] != before


CONFIGURATION = {
    "another team's hours": ('[hours."Bergen"]\nmon-fri = "08:00-16:00"', False),
    "another team's zone": ('[teams."Bergen"]\nlanguage = "fi"', False),
    "its own hours": ('[hours."Oslo"]\nmon-fri = "08:00-16:00"', True),
    "a target": ("[targets]\nanswer_rate = { at_least = 0.9 }", True),
    "the client's colour": ('[branding]\naccent = "#123456"', True),
    "a remark": ("# nothing", False),
}


@pytest.mark.parametrize(("words", "changes"), CONFIGURATION.values(), ids=CONFIGURATION)
def test_only_configuration_that_matters_to_the_team_counts(acme, words, changes):
    book = small_report(acme, reads="history")

    def key(folder: Path) -> dict:
        store = load(open_workspace(folder))
        parameters = {"as_of": "2024-06-01T00:00:00Z", "language": "en", "team": "Oslo"}
        parts = Ingredients(store).of(book, "Oslo", MAY, parameters)
        return parts

    before = key(acme)
    toml = acme / "audit.toml"
    toml.write_text(toml.read_text() + words + "\n")
    after = key(acme)
    assert (before != after) is changes


WRITTEN = {
    "notes/Oslo/2024-05.md": ({"Oslo"}, "## Summary"),
    "notes/remarks.md": ({"Bergen", "Oslo"}, "of nobody in particular"),
    "checklist/answers/client.toml": ({"Bergen", "Oslo"}, ""),
    "checklist/answers/teams/Bergen.toml": ({"Bergen"}, ""),
    "reviews/Oslo-2024-05-quality-1/sample.json": ({"Oslo"}, "{}"),
    "reviews/Oslo-2024-05-quality-1/ann.csv": (set(), "scores that come back as data"),
    "keywords/fi.toml": (set(), "thanks = []"),  # shown by notebooks that say so
    "data/notes.txt": (set(), "nothing that a report reads"),
}


@pytest.mark.parametrize(("name", "concerned", "text"), [(name, *one) for name, one in WRITTEN.items()], ids=WRITTEN)
def test_what_was_written_of_a_team_concerns_that_team(acme, name, concerned, text):
    book = small_report(acme, reads="history")
    store = load(open_workspace(acme))

    def keys() -> dict[str, dict]:
        return {team: Ingredients(store).of(book, team, MAY, {"team": team}) for team in ("Bergen", "Oslo")}

    before = keys()
    (acme / name).parent.mkdir(parents=True, exist_ok=True)
    (acme / name).write_text(text)
    after = keys()
    assert {team for team in after if after[team] != before[team]} == concerned


def test_the_run_makes_only_what_a_change_concerns_and_says_why(acme, capsys):
    small_report(acme, reads="history")
    small_report(acme, "whole")
    assert auditkit("run", "small", "whole", "-w", acme, "--no-pdf") == 0
    edit(acme, "calls", lambda rows: [r | {"wait": 99} if r["team"] == "Oslo" else r for r in rows])
    capsys.readouterr()
    assert auditkit("run", "small", "whole", "-w", acme, "--no-pdf") == 0
    said = capsys.readouterr().err
    assert "up to date  small, Bergen, 2024-05" in said
    assert "made  small, Oslo, 2024-05" in said and "(the data changed)" in said
    assert "made  whole, Bergen, 2024-05" in said  # it does not say that it looks at its team alone
    assert "3 made, 1 up to date, 0 failed" in said


def test_a_notebook_that_reads_what_there_is_not_is_refused(acme, capsys):
    book = notebook(acme / "notebooks/odd.ipynb", "1")
    made = json.loads(book.read_text()) | {"metadata": {"auditkit": {"reads": "everything"}}}
    book.write_text(json.dumps(made))
    assert auditkit("run", "odd", "-w", acme) == 2
    assert (
        "metadata auditkit.reads: says 'everything' (expected one of history, team, company)" in capsys.readouterr().err
    )
