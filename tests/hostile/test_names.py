"""Teams named like a path, a device or a program: each gets an edition in its own folder, or is refused in words."""

from __future__ import annotations

import json

import pytest
from editions import auditkit, manifest, small_report, workspace_of

NAMES = {
    "../../x": "x",
    "a/b": "a-b",
    "CON": "team-CON",
    '"; import os #': "import-os",
    "Служба поддержки": "Служба-поддержки",
    "{{ 7*7 }}": "7-7",
    "<script>alert(1)</script>": "script-alert-1-script",
    "back\\slash 'quote' \"double\"": "back-slash-quote-double",
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """One run over all of these teams."""
    folder = workspace_of(tmp_path_factory.mktemp("hostile") / "w", *NAMES, months=("2024-05",))
    small_report(folder)
    assert auditkit("run", "small", "-w", folder, "--no-pdf") == 0
    return folder


@pytest.mark.parametrize(("team", "slug"), NAMES.items())
def test_the_edition_is_in_a_folder_of_its_own_and_names_the_team(hostile, team, slug):
    edition = hostile / "reports" / slug / "2024-05"
    assert manifest(edition)["team"] == team
    assert {one["team"] for one in manifest(edition)["reports"]["small"]["figures"]} == {team}


def test_nothing_is_written_outside_the_reports(hostile):
    made = {path.name for path in hostile.iterdir()}
    assert made == {".auditkit", "audit.toml", "data", "notebooks", "reports"}
    assert {path.name for path in (hostile / "reports").iterdir()} == set(NAMES.values())
    assert not (hostile.parent / "x").exists() and not (hostile.parent.parent / "x").exists()


def test_markup_in_a_name_is_text_in_the_page(hostile):
    page = (hostile / "reports/script-alert-1-script/2024-05/small.html").read_text(encoding="utf-8")
    assert page.count("<script") == 1 and "<script>alert" not in page  # the one of the page itself
    assert "&lt;script&gt;alert(1)" in page
    page = (hostile / "reports/7-7/2024-05/small.html").read_text(encoding="utf-8")
    assert "{{ 7*7 }}" in page and "49" not in page.split("<main", 1)[-1].split("Rows", 1)[0]


def test_the_shipped_report_takes_a_name_that_looks_like_code(tmp_path):
    folder = workspace_of(tmp_path / "w", '"; import os #', months=("2024-05",))
    assert auditkit("run", "-w", folder) == 0
    assert (folder / "reports/import-os/2024-05/team_report.pdf").is_file()


def test_two_teams_that_would_share_a_folder_are_refused(tmp_path, capsys):
    folder = workspace_of(tmp_path / "w", "a/b", "a-b", "North", "NORTH")
    small_report(folder)
    assert auditkit("run", "small", "-w", folder) == 4
    said = capsys.readouterr().err
    assert "teams 'a-b' and 'a/b'" in said and "'NORTH' and 'North'" in said and "[source.values.team]" in said
    assert not (folder / "reports").exists()


def test_a_workspace_whose_path_is_hostile(tmp_path):
    folder = workspace_of(tmp_path / "we 'are' {here} \"§\"", "Oslo", months=("2024-05",))
    small_report(folder)
    assert auditkit("run", "small", "-w", folder, "--no-pdf") == 0
    assert json.loads((folder / "reports/Oslo/2024-05/manifest.json").read_text())["team"] == "Oslo"
