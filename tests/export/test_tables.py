"""Tables as files: nothing runs in a spreadsheet, numbers are numbers, and what a document leaves out stands there."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from sample_notebook import HOSTILE, chart, closing, cover, notebook_of, rich_notebook, table

from auditkit.export.document import read_document
from auditkit.export.page import html_page
from auditkit.export.reading import Read, read_number
from auditkit.export.tables import csv_files, workbook


def document_of(*contents, **more):
    return read_document(notebook_of(*contents), "report", beside=True, **more)


def book_of(document):
    return openpyxl.load_workbook(io.BytesIO(workbook(document)))


def long_document(language="en", rows=412):
    heads, body = ["Ticket", "Age"], [[f"#{number}", f"{number} d"] for number in range(rows)]
    return document_of(cover(language=language), "## Rows", table("oldest", "Old", heads, body), closing())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The first 30 of 412 rows. The whole table: tables/report-oldest.csv"),
        ("fi", "Ensimmäiset 30 riviä, kaikkiaan 412. Koko taulukko: tables/report-oldest.csv"),
        ("nb", "De første 30 av 412 rader. Hele tabellen: tables/report-oldest.csv"),
        ("ru", "Первые строки: 30 из 412. Вся таблица: tables/report-oldest.csv"),
    ],
)
def test_a_long_table_is_cut_with_its_count_and_the_file_of_all_rows(language, said):
    document = long_document(language)
    page = html_page(document)
    assert page.count("#29<") == 1 and "#30<" not in page
    assert '<a href="tables/report-oldest.csv" download>' in page
    (block,) = [block.as_json() for block in document.blocks if block.kind == "table"]
    assert f"{block['cut']} {block['file']}" == said


def test_the_file_of_a_cut_table_has_all_its_rows():
    document = long_document()
    (name,) = csv_files(document, "report")
    rows = list(csv.reader(io.StringIO(csv_files(document, "report")[name])))
    assert name == "report-oldest.csv"
    assert [len(rows), rows[-1]] == [413, ["#411", "411 d"]]
    assert book_of(document)["Table 1"].max_row == 413


def test_without_files_beside_it_no_file_is_named():
    body = [[str(number)] for number in range(101)]
    document = read_document(notebook_of(cover(), table("t", "T", ["a"], body), closing()))
    assert "The first 30 of 101 rows." in html_page(document)
    assert "tables/" not in html_page(document)


def test_a_table_that_can_be_read_on_a_page_is_whole():
    page = html_page(long_document(rows=100))
    assert "#99<" in page
    assert "The first 30" not in page


def test_a_workbook_has_a_sheet_for_each_table_and_chart_and_one_that_lists_them():
    book = book_of(read_document(rich_notebook()))
    assert book.sheetnames == [
        "Contents", "Table 1", "Chart 1", "Chart 2", "Table 2", "Chart 3", "Chart 4", "Table 3",
    ]  # fmt: skip
    listed = [[cell.value for cell in row] for row in book["Contents"].iter_rows(max_col=3)]
    assert listed[1] == ["Table 1", "Seven of nine figures are on target; satisfaction cannot be judged yet", 5]
    assert book["Contents"]["A2"].hyperlink.location == "'Table 1'!A1"
    assert [cell.value for cell in book["Table 1"]["A"]][:2] == ["Measure", "Tickets received"]
    assert book["Table 1"].freeze_panes == "B2"


def test_numbers_are_numbers_and_are_shown_as_the_report_shows_them():
    heads = ["Measure", "Value"]
    texts = ["1\u202f234.5", "81.1\u00a0%", "2\u00a0h\u00a005\u00a0min", "3.4\u00a0d", "−12", "431"]
    sheet = book_of(document_of(cover(), table("t", "T", heads, [["a", text] for text in texts])))["Table 1"]
    found = [(cell.value, cell.number_format) for cell in sheet["B"][1:]]
    assert [form for _, form in found] == ["#,##0.0", "0.0%", "[h]:mm:ss", "[h]:mm:ss", "#,##0", "#,##0"]
    assert [found[0][0], found[1][0], found[4][0], found[5][0]] == [1234.5, 0.811, -12, 431]
    assert found[2][0].total_seconds() == 7500
    assert found[3][0].total_seconds() == pytest.approx(3.4 * 86400, abs=1)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("1\u202f234,5", "fi", Read(1234.5, "number", 1)),
        ("81,1\u00a0%", "ru", Read(0.811, "share", 1)),
        ("2\u00a0ч\u00a005\u00a0мин", "ru", Read(7500.0, "duration")),
        ("−45\u00a0s", "en", Read(-45.0, "duration")),
        ("1,234", "en", None),  # in English a comma is no decimal mark, and a written thousand has a narrow space
        ("79–82\u00a0%", "en", None),
        (">\u00a099.9\u00a0%", "en", None),
        ("+358401234567", "en", None),
        ("12345", "en", None),
        ("007", "en", None),
        ("2026-05-01", "en", None),
        ("5 apples", "en", None),
        ("–", "en", None),
        ("", "en", None),
    ],
)
def test_only_a_number_beyond_doubt_is_read_as_one(text, language, found):
    assert read_number(text, language) == found


@pytest.mark.parametrize("hostile", [*HOSTILE, "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "\r=1"])
def test_nothing_runs_in_a_spreadsheet(hostile):
    document = document_of(cover(title=hostile, client=hostile), table("t", hostile, [hostile], [[hostile]]))
    for text in csv_files(document, "report").values():
        for row in csv.reader(io.StringIO(text)):
            assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    book = book_of(document)
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert all(link.target is None for link in links)
    assert "<f>" not in "".join(part.decode() for part in parts_of(document).values())


def parts_of(document):
    with zipfile.ZipFile(io.BytesIO(workbook(document))) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "sheet" in name and name.endswith(".xml")}


def test_the_same_document_gives_the_same_workbook():
    assert workbook(read_document(rich_notebook())) == workbook(read_document(rich_notebook()))


def test_a_document_without_tables_has_no_workbook():
    assert workbook(document_of(cover(), "Words.", closing())) is None
    assert csv_files(document_of(cover(), chart("c", "Message")), "report") == {}


def test_sheets_are_named_in_the_language_of_the_report():
    document = document_of(cover(language="ru"), table("t", "T", ["a"], [["1"]]), chart("c", "C"))
    assert book_of(document).sheetnames == ["Содержание", "Таблица 1", "График 1"]
