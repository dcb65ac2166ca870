"""Forms: out to people and back, nothing of theirs lost; every row that cannot be taken is told with its reason."""

from __future__ import annotations

import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from editions import auditkit, workspace_of
from openpyxl import load_workbook

from auditkit.checklists.answers import Answer, own_answers, write_answers
from auditkit.checklists.form import ASKED, TOLD
from auditkit.workspace import open_workspace

COLUMNS = {name: number for number, name in enumerate(("key", "base", *TOLD, *ASKED), 1)}
ANSWERED = {"answer": "partly", "score": 0.25, "evidence": 'Two of five have "duties"; =1+1', "date": date(2026, 5, 12),
    "who": "Ä. Virtanen", "comment": "ask again\nin June"}  # fmt: skip
EXPECTED = Answer("partly", 0.25, ANSWERED["evidence"], date(2026, 5, 12), "Ä. Virtanen", "ask again\nin June")


@pytest.fixture
def acme(tmp_path) -> Path:
    return workspace_of(tmp_path / "acme", "Oslo")


@pytest.fixture
def form(acme) -> Path:
    """A workbook of the client's checklist, not filled in."""
    path = acme.parent / "form.xlsx"
    assert auditkit("checklist", "export", str(path), "-w", str(acme)) == 0
    return path


def fill(path: Path, **rows: dict) -> None:
    """Write into the rows of items; ``path`` is saved."""
    book = load_workbook(path)
    sheet = book["Form"]
    places = {sheet.cell(row, 3).value: row for row in range(2, sheet.max_row + 1)}
    for item, values in rows.items():
        for name, value in values.items():
            cell = sheet.cell(places[item], COLUMNS[name])
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    book.save(path)


def bring_in(path: Path, acme: Path, capsys) -> tuple[int, str]:
    capsys.readouterr()
    code = auditkit("checklist", "import", str(path), "-w", str(acme))
    return code, capsys.readouterr().err


def standing(acme: Path) -> dict:
    return own_answers(open_workspace(acme))


def test_an_answer_comes_back_as_it_was_written(acme, form, capsys):
    fill(form, A13=ANSWERED)
    assert bring_in(form, acme, capsys) == (0, "")
    assert standing(acme) == {("service_audit", "A13"): EXPECTED}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_a_form_saved_by_libreoffice_comes_back_the_same(acme, form, tmp_path, capsys):
    fill(form, A13=ANSWERED, A4={"answer": "no"})
    for kind, folder in (("ods", "as-ods"), ("xlsx", "as-xlsx")):
        source = form if kind == "ods" else tmp_path / "as-ods" / "form.ods"
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind,
             "--outdir", str(tmp_path / folder), str(source)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
    assert bring_in(tmp_path / "as-xlsx" / "form.xlsx", acme, capsys) == (0, "")
    assert standing(acme) == {("service_audit", "A13"): EXPECTED, ("service_audit", "A4"): Answer("no")}


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"answer": "maybe"}, "answer 'maybe' is not understood"),
        ({"answer": "yes", "score": 5}, "score 5 is outside the scale (expected 0 to 1)"),
        ({"answer": "yes", "score": "much"}, "score 'much' is no number"),
        ({"answer": "yes", "date": "12/05/2026"}, "date '12/05/2026' is no date that can be read in one way only"),
        ({"answer": "yes", "date": "31.2.2026"}, "date '31.2.2026' does not exist"),
        ({"evidence": "seen"}, "something is filled in, but no answer is given"),
        ({"answer": "yes", "key": "service_audit/A99"}, "the key 'service_audit/A99' is none of the checklist's items"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_and_the_rest_are_imported(acme, form, capsys, values, reason):
    fill(form, A4=values, A13=ANSWERED)
    code, told = bring_in(form, acme, capsys)
    assert code == 4
    assert f"row 5 ({values.get('key', 'service_audit/A4')}): {reason}" in told
    assert standing(acme) == {("service_audit", "A13"): EXPECTED}


def test_dates_as_text_are_taken_where_they_can_be_read_in_one_way_only(acme, form, capsys):
    fill(form, A4={"answer": "Yes ", "date": "2026-05-12", "score": "0,5"}, A13={"answer": "no", "date": "12.5.2026"})
    assert bring_in(form, acme, capsys)[0] == 0
    assert [one.on for one in standing(acme).values()] == [date(2026, 5, 12)] * 2
    assert standing(acme)["service_audit", "A4"].points == 0.5


def test_a_merged_row_is_refused(acme, form, capsys):
    fill(form, A4={"answer": "yes"})
    book = load_workbook(form)
    book["Form"].merge_cells(start_row=5, end_row=6, start_column=COLUMNS["evidence"], end_column=COLUMNS["evidence"])
    book.save(form)
    code, told = bring_in(form, acme, capsys)
    assert (code, standing(acme)) == (4, {})
    assert "row 5 (service_audit/A4): a merged cell covers the row" in told


def test_a_deleted_row_leaves_its_answer_and_is_told(acme, form, capsys):
    fill(form, A13=ANSWERED)
    bring_in(form, acme, capsys)
    book = load_workbook(form)
    book["Form"].delete_rows(14)
    book.save(form)
    code, told = bring_in(form, acme, capsys)
    assert (code, standing(acme)["service_audit", "A13"]) == (0, EXPECTED)
    assert "service_audit/A13 is no longer in the form; its answer stays as it was" in told


def test_a_second_reviewers_conflicting_answer_is_refused(acme, form, tmp_path, capsys):
    second = tmp_path / "second.xlsx"
    shutil.copy(form, second)
    fill(form, A13=ANSWERED)
    fill(second, A13={"answer": "no"}, A4={"answer": "yes"})
    assert bring_in(form, acme, capsys)[0] == 0
    code, told = bring_in(second, acme, capsys)
    assert code == 4 and "another answer was given since the form was made" in told
    assert standing(acme) == {("service_audit", "A13"): EXPECTED, ("service_audit", "A4"): Answer("yes")}


def test_importing_twice_changes_nothing(acme, form, capsys):
    fill(form, A13=ANSWERED)
    bring_in(form, acme, capsys)
    path = acme / "checklist" / "answers" / "client.toml"
    before = path.read_bytes()
    assert bring_in(form, acme, capsys)[0] == 0
    assert path.read_bytes() == before


def test_what_a_person_wrote_in_the_answers_stays(acme):
    workspace = open_workspace(acme)
    path = acme / "checklist" / "answers" / "client.toml"
    path.parent.mkdir(parents=True)
    path.write_text('# seen in May\n[service_audit.A13]\nanswer = "no"  # by phone\nroom = "3"\n', encoding="utf-8")
    write_answers(workspace, None, {("service_audit", "A13"): Answer("yes", who="B")})
    text = path.read_text(encoding="utf-8")
    assert "# seen in May" in text and 'room = "3"' in text
    assert "earlier = [" in text and 'answer = "no"' in text  # what it replaced
    assert standing(acme)["service_audit", "A13"] == Answer("yes", who="B")


def test_a_markdown_form_comes_back_too_with_lines_of_text(acme, capsys):
    path = acme.parent / "form.md"
    assert auditkit("checklist", "export", str(path), "-w", str(acme), "--language", "fi") == 0
    text = path.read_text(encoding="utf-8")
    head, section = text.split("<!-- service_audit/A13  -->")
    fields = dict(zip(ASKED, [one for one in section.splitlines() if one.startswith("- ")], strict=False))
    for name, value in {"answer": "no", "evidence": "two lines\n  of text", "date": "2026-05-12"}.items():
        section = section.replace(fields[name], f"{fields[name]}{value}", 1)
    path.write_text(f"{head}<!-- service_audit/A13  -->{section}", encoding="utf-8")
    code, told = bring_in(path, acme, capsys)
    assert (code, told) == (0, "")
    assert standing(acme) == {
        ("service_audit", "A13"): Answer("no", evidence="two lines\nof text", on=date(2026, 5, 12))
    }


def test_a_form_that_exists_is_not_overwritten(acme, form, capsys):
    fill(form, A13=ANSWERED)
    before = form.read_bytes()
    assert auditkit("checklist", "export", str(form), "-w", str(acme)) == 2
    assert form.read_bytes() == before
