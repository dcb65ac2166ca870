"""Where customers' texts leave auditkit they are masked, by the names in the data, unless audit.toml says otherwise."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from editions import auditkit
from openpyxl import load_workbook
from support import store, workspace

import auditkit as package
from auditkit.errors import UsageError
from auditkit.privacy import masker

TICKETS = """
ticket_id | team | agent       | customer_id  | created_at       | resolved_at      | subject
1         | Oslo | Zelda Quist | C1           | 2026-05-04 09:00 | 2026-05-04 12:00 | zelda sa: ring 912 34 567
2         | Oslo | Zelda Quist | Ximena Pazos | 2026-05-04 09:00 | 2026-05-06 12:00 | Quist og pazos kom 4. mai kl. 9:00
3         | Oslo | Zelda Quist | C1           | 2026-05-05 09:00 | 2026-05-06 12:00 |
"""
OWN = """
[measure.phoned]
kind = "share"
of = "tickets"
dated_by = "created_at"
summary = "Share of tickets that speak of ringing."
counted = "subject IS NOT NULL"
met = "contains(subject, 'ring')"
"""
AS_OF = "as_of = 2026-06-01T00:00:00Z"


@pytest.fixture
def desk(tmp_path) -> Path:
    workspace(tmp_path, OWN, audit=AS_OF, tickets=TICKETS)
    return tmp_path


def subjects(capsys, desk: Path) -> list[str]:
    capsys.readouterr()
    assert auditkit("evidence", "phoned", "-w", desk, "--team", "Oslo") == 0
    return [row["subject"] for row in csv.DictReader(io.StringIO(capsys.readouterr().out))]


def test_the_rows_behind_a_figure_are_masked_by_the_names_of_agents_and_customers(capsys, desk):
    assert subjects(capsys, desk) == [
        "[name] sa: ring [phone number]",
        "[name] og [name] kom 4. mai kl. 9:00",
    ]


def test_a_client_who_may_see_them_has_them_as_they_were_written(capsys, desk):
    toml = desk / "audit.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '[privacy]\ntexts = "shown"\n', encoding="utf-8")
    assert subjects(capsys, desk)[0] == "zelda sa: ring 912 34 567"


def test_another_word_for_texts_is_a_fault_of_the_configuration(capsys, desk):
    toml = desk / "audit.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '[privacy]\ntexts = "hidden"\n', encoding="utf-8")
    assert auditkit("check", "-w", desk) == 3
    assert "privacy.texts" in capsys.readouterr().err


def test_a_reviewers_form_shows_masked_subjects(capsys, desk):
    draw = (
        "review",
        "draw",
        "-w",
        desk,
        "--reviewer",
        "Kari",
        "--period",
        "2026-05",
        "--size",
        "3",
        "--language",
        "nb",
    )
    assert auditkit(*draw) == 0
    sheet = load_workbook(next(desk.glob("reviews/*/*.xlsx")))["Reviews"]
    written = {cell.value for row in sheet.iter_rows(min_row=2) for cell in row}
    assert "[navn] sa: ring [telefonnummer]" in written


def test_names_are_those_of_the_teams_asked_for(tmp_path):
    rome = "\n4 | Rome | Yorick Bell | C2 | 2026-05-05 09:00 | 2026-05-06 12:00 |\n"
    found = store(tmp_path, audit=AS_OF, tickets=TICKETS.rstrip() + rome)
    assert masker(found, ["Oslo"])("yorick and zelda") == "yorick and [name]"
    assert masker(found)("yorick and zelda") == "[name] and [name]"


def test_an_analyst_masks_a_column(desk):
    audit = package.open(str(desk), team="Oslo")
    texts = pd.Series(["zelda", None, "kari@eksempel.no"], index=[3, 1, 2])
    assert audit.mask(texts).tolist()[::2] == ["[name]", "[e-mail]"]
    shown = package.mask(texts, names=["Nobody Else"], language="ru")
    assert shown.isna().tolist() == [False, True, False]
    assert (shown[3], shown[2]) == ("zelda", "[эл. почта]")
    with pytest.raises(UsageError, match="language 'xx'"):
        package.mask(texts, language="xx")
