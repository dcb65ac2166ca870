"""Reviews: drawn, filled in, brought back as rows that the measures count, and refused row by row where wrong."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from editions import auditkit, workspace_of
from openpyxl import load_workbook

from auditkit.config import LANGUAGES
from auditkit.labels import Labels
from auditkit.scorecards.form import NOT_APPLICABLE
from auditkit.scorecards.model import FOLDER, read_scorecard

CARD = read_scorecard(FOLDER / "service_quality.toml")
SOURCE = '\n[[source]]\ntable = "reviews"\npath = "reviews/*/*.csv"\ndates = "iso"\n'


@pytest.fixture
def acme(tmp_path) -> Path:
    return workspace_of(tmp_path / "acme", "Oslo")


@pytest.fixture
def folder(acme) -> Path:
    """Six tickets drawn for two reviewers, two of the tickets for both."""
    drawn = auditkit("review", "draw", "-w", str(acme), "--reviewer", "Kari", "--reviewer", "Per", "--period", "2024",
                     "--size", "6", "--calibration", "2")  # fmt: skip
    assert drawn == 0
    (place,) = (acme / "reviews").iterdir()
    return place


def sheet_of(path: Path):
    book = load_workbook(path)
    sheet = book["Reviews"]
    return book, sheet, {cell.value: cell.column for cell in sheet[1]}


def fill(path: Path, scores: dict[int, dict], on: object = date(2024, 5, 28)) -> list[str]:
    """Fill in rows (from 2): every criterion 1 but those given; the tickets of the rows."""
    book, sheet, columns = sheet_of(path)
    for row, given in scores.items():
        for one in CARD.criterion:
            sheet.cell(row, columns[one.id]).value = given.get(one.id, 1)
        sheet.cell(row, columns["Reviewed on"]).value = on
        sheet.cell(row, columns["Comment"]).value = given.get("comment", "=1+1")
        sheet.cell(row, columns["Comment"]).data_type = "s"
    book.save(path)
    return [sheet.cell(row, 1).value for row in scores]


def bring_in(acme: Path, capsys, *paths: Path, more: tuple[str, ...] = ()) -> tuple[int, str]:
    capsys.readouterr()
    code = auditkit("review", "import", "-w", str(acme), *more, *map(str, paths))
    return code, capsys.readouterr().err


def scores_of(folder: Path, reviewer: str) -> pd.DataFrame:
    return pd.read_csv(folder / f"{reviewer}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scorecard_has_its_22_criteria_with_guidance_in_every_language(language):
    assert [one.id for one in CARD.criterion] == [f"E{number}" for number in range(1, 23)]
    for one in CARD.criterion:
        texts = getattr(one, language)
        assert len({texts.name, texts.zero, texts.half, texts.full}) == 4


def test_scores_come_back_as_rows_that_the_measures_count(acme, folder, capsys):
    """One review with a half and one criterion that does not apply, worked by hand; another failed critically."""
    weights = {one.id: one.weight for one in CARD.criterion}
    shared = json.loads((folder / "sample.json").read_text(encoding="utf-8"))["calibration"]
    _, sheet, _ = sheet_of(folder / "Kari.xlsx")
    one, other = (row for row in range(2, 6) if sheet.cell(row, 1).value not in shared)
    tickets = fill(folder / "Kari.xlsx", {one: {"E5": 0.5, "E9": "n/a"}, other: {"E11": 0}})
    assert bring_in(acme, capsys, folder / "Kari.xlsx")[0] == 0
    with (acme / "audit.toml").open("a", encoding="utf-8") as stream:
        stream.write(SOURCE)
    capsys.readouterr()
    assert auditkit("measures", "-w", str(acme), "-m", "qa_score", "-m", "qa_critical_free_rate", "--period", "2024-05",
                    "--format", "json") == 0  # fmt: skip
    found = {row["measure"]: row for row in json.loads(capsys.readouterr().out)["results"]}
    applicable = sum(weights.values()) - weights["E9"]
    first = (applicable - 0.5 * weights["E5"]) / applicable
    assert found["qa_score"]["value"] == pytest.approx((first + 0) / 2)
    assert (found["qa_critical_free_rate"]["numerator"], found["qa_critical_free_rate"]["denominator"]) == (1, 2)
    assert set(scores_of(folder, "Kari")["ticket_id"]) == set(tickets)


def test_tickets_for_every_reviewer_are_calibration_and_the_form_does_not_say_which(folder, acme, capsys):
    drawn = json.loads((folder / "sample.json").read_text(encoding="utf-8"))
    for reviewer in ("Kari", "Per"):
        _, sheet, _ = sheet_of(folder / f"{reviewer}.xlsx")
        shown = [str(cell.value) for row in sheet.iter_rows() for cell in row]
        assert not any("calibration" in text.lower() for text in shown)
        fill(folder / f"{reviewer}.xlsx", {row: {} for row in range(2, sheet.max_row + 1)})
    assert bring_in(acme, capsys, folder / "Kari.xlsx", folder / "Per.xlsx")[0] == 0
    for reviewer in ("Kari", "Per"):
        kinds = scores_of(folder, reviewer).groupby("ticket_id")["kind"].first()
        assert set(kinds[kinds == "calibration"].index) == set(drawn["calibration"])


@pytest.mark.parametrize(
    ("given", "on", "reason"),
    [
        ({"E7": 2}, date(2024, 5, 28), "E7: 2 is outside the scale (expected 0, 0.5 or 1)"),
        ({"E7": 0.7}, date(2024, 5, 28), "E7: 0.7 is outside the scale"),
        ({"E7": "good"}, date(2024, 5, 28), "E7: 'good' is no score"),
        ({"E7": None}, date(2024, 5, 28), "E7 has no score"),
        ({}, None, "the day of the review is not given"),
        ({}, "6/3/2024", "date '6/3/2024' is no date that can be read in one way only"),
    ],
)
def test_a_row_that_is_wrong_is_refused_whole_and_the_rest_are_taken(acme, folder, capsys, given, on, reason):
    right = fill(folder / "Kari.xlsx", {2: {}})
    fill(folder / "Kari.xlsx", {3: given}, on)
    code, told = bring_in(acme, capsys, folder / "Kari.xlsx")
    assert code == 4 and reason in told and "row 3" in told
    assert set(scores_of(folder, "Kari")["ticket_id"]) == set(right)


def test_a_changed_key_and_a_merged_row_are_refused(acme, folder, capsys):
    fill(folder / "Per.xlsx", {2: {}, 3: {}, 4: {}})
    book, sheet, columns = sheet_of(folder / "Per.xlsx")
    sheet.cell(2, 1).value = "another"
    sheet.merge_cells(start_row=3, end_row=3, start_column=columns["E1"], end_column=columns["E2"])
    kept = sheet.cell(4, 1).value
    book.save(folder / "Per.xlsx")
    code, told = bring_in(acme, capsys, folder / "Per.xlsx")
    assert code == 4 and "row 2 (another): ticket 'another' was not given" in told and "row 3" in told
    assert set(scores_of(folder, "Per")["ticket_id"]) == {kept}


def test_other_scores_than_those_handed_in_need_to_be_asked_for(acme, folder, capsys):
    fill(folder / "Kari.xlsx", {2: {}})
    assert bring_in(acme, capsys, folder / "Kari.xlsx")[0] == 0
    before = (folder / "Kari.csv").read_bytes()
    fill(folder / "Kari.xlsx", {2: {"E1": 0}})
    code, told = bring_in(acme, capsys, folder / "Kari.xlsx")
    assert code == 4 and "handed in other scores" in told and (folder / "Kari.csv").read_bytes() == before
    assert bring_in(acme, capsys, folder / "Kari.xlsx", more=("--replace",))[0] == 0
    assert scores_of(folder, "Kari").set_index("criterion").loc["E1", "score"] == "0.0"


def test_a_deleted_row_is_told_and_a_comma_or_a_word_in_finnish_is_understood(acme, folder, capsys):
    tickets = fill(folder / "Kari.xlsx", {2: {"E1": "0,5", "E2": Labels("fi").tell(NOT_APPLICABLE)}, 3: {}})
    book, sheet, _ = sheet_of(folder / "Kari.xlsx")
    sheet.delete_rows(3)
    book.save(folder / "Kari.xlsx")
    code, told = bring_in(acme, capsys, folder / "Kari.xlsx")
    assert f"ticket {tickets[1]} is no longer in the form" in told
    assert code == 0
    scores = scores_of(folder, "Kari").set_index("criterion")["score"]
    assert (scores["E1"], scores["E2"]) == ("0.5", "")


def test_what_is_drawn_already_is_not_drawn_over(acme, folder):
    again = auditkit("review", "draw", "-w", str(acme), "--reviewer", "Kari", "--period", "2024", "--size", "6")
    assert again == 2 and (folder / "sample.json").is_file()
