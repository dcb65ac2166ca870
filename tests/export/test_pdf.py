"""The PDF: searchable, tagged, bookmarked, with running headers; texts are data; the same notebook, the same file."""

from __future__ import annotations

import io
import logging
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from sample_notebook import HOSTILE, chart, closing, cover, display, notebook_of, rich_notebook, table

from auditkit.errors import ReportError
from auditkit.exhibits.base import Exhibit
from auditkit.export.document import read_document
from auditkit.export.typeset import pdf_file

pypdf = pytest.importorskip("pypdf", reason="pypdf reads the PDF back")


def reader_of(notebook):
    return pypdf.PdfReader(io.BytesIO(pdf_file(read_document(notebook))))


def words_of(reader):
    """All words, without the breaks that lines and hyphenation-free splitting put between them."""
    return " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


def structure(node):
    """Every element of the structure tree below ``node``."""
    node = node.get_object()
    if isinstance(node, list):
        return [found for child in node for found in structure(child)]
    return [node, *structure(node["/K"])] if isinstance(node, dict) and "/K" in node else []


@pytest.fixture(scope="module")
def rich():
    return reader_of(rich_notebook())


def test_it_has_pages_and_the_running_header_on_each_but_the_cover(rich):
    assert len(rich.pages) >= 6
    for number, page in enumerate(rich.pages, 1):
        text = page.extract_text()
        if number > 1:
            assert "Nordic Parcel Oy · Service desk Helsinki" in text
            assert "May 2026" in text
            assert f"Page {number} of {len(rich.pages)}" in text


def test_it_says_title_language_and_that_it_is_tagged(rich):
    root = rich.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert rich.metadata.title == "Team report · Service desk Helsinki · May 2026"
    assert rich.metadata.author == "Nordic Parcel Oy"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_it_claims_pdf_ua_1(rich):
    assert b"<pdfuaid:part>1</pdfuaid:part>" in rich.trailer["/Root"]["/Metadata"].get_data()


def test_bookmarks_and_contents_name_every_section(rich):
    def flat(outline):
        return [title for item in outline for title in (flat(item) if isinstance(item, list) else [item.title])]

    titles = [re.sub(r"\s+", " ", title) for title in flat(rich.outline)]
    for section in ("1 Summary", "2 Volume and backlog", "2.1 By weekday and hour", "3 Speed", "6 Definitions"):
        assert section in titles
    contents = " ".join(rich.pages[1].extract_text().split())
    assert re.search(r"2 Volume and backlog \d", contents)


def test_charts_have_words_that_can_be_searched_and_a_description(rich):
    assert "received" in words_of(rich)
    described = [node["/Alt"] for node in structure(rich.trailer["/Root"]["/StructTreeRoot"]) if "/Alt" in node]
    assert sum("a peak of 610 in January" in alt for alt in described) == 4


@pytest.mark.parametrize("hostile", HOSTILE[:6])
def test_hostile_texts_are_texts(hostile):
    notebook = notebook_of(
        cover(title=hostile, client=hostile, team=hostile, period=hostile, prepared=[[hostile, hostile]]),
        "## Section\nWords.",
        table("t", hostile, [hostile], [[hostile], [{"text": hostile, "tone": "good"}]], note=hostile),
        Exhibit("p", "prose", {"title": "P", "paragraphs": [hostile], "items": [{"text": hostile}]}),
        Exhibit("d", "definitions", {"items": [{"term": hostile, "text": hostile, "details": [hostile]}]}),
        display({"text/plain": hostile}),
        closing(),
    )
    squeezed = "".join(words_of(reader_of(notebook)).split())
    assert squeezed.count("".join(hostile.split())) >= 8


def test_signs_that_no_font_draws_leave_the_standard_kept(caplog):
    notebook = notebook_of(cover(), table("t", "T", ["a"], [["fire 🔥 \U000f0000"], ["日本"], ["فشل"]]), closing())
    with caplog.at_level(logging.WARNING):
        reader = reader_of(notebook)
    assert not caplog.records
    assert b"pdfuaid:part" in reader.trailer["/Root"]["/Metadata"].get_data()
    assert "fire" in words_of(reader)


def test_texts_of_any_shape_are_set():
    long_words = [
        "x" * 4000,
        "слово " * 3000,
        "a\nb\tc",
        "",
        " ",
        "\u202eabc\u202c",
        "\u0301" * 30,
        "\ufeff\u200d\u00ad",
    ]
    notebook = notebook_of(
        cover(title="", client="", team="x" * 300, as_of="yesterday", accent="#ffff00", language="zz"),
        *(table(f"t{number}", text, ["a", "b"], [[text, "1"]]) for number, text in enumerate(long_words)),
        *(
            Exhibit(f"p{number}", "prose", {"title": text, "paragraphs": [text]})
            for number, text in enumerate(long_words)
        ),
    )
    assert len(reader_of(notebook).pages) > 3


def test_a_document_without_anything_is_set():
    assert len(reader_of(notebook_of()).pages) >= 1


def test_a_table_repeats_its_head_and_keeps_every_row():
    rows = [[f"row {number}", str(number)] for number in range(100)]
    reader = reader_of(
        notebook_of(cover(), "## Rows", table("t", "Many rows", ["Label head", "Count"], rows), closing())
    )
    pages = [page.extract_text() for page in reader.pages if "row " in page.extract_text()]
    assert len(pages) >= 2
    assert all("Label head" in text for text in pages)
    words = words_of(reader)
    assert all(f"row {number} {number}" in words for number in range(100))


def test_a_table_too_wide_for_a_page_gets_a_page_across():
    heads = ["Team", *[f"Measure {number}" for number in range(18)]]
    rows = [["Helsinki", *["1,234,567"] * 18]] * 3
    reader = reader_of(notebook_of(cover(), "## Wide", table("t", "Wide", heads, rows), "After.", closing()))
    shapes = [page.mediabox.width > page.mediabox.height for page in reader.pages]
    assert shapes.count(True) == 1
    assert not shapes[-1]


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler, which .ci/run installs")
def test_heads_do_not_run_into_each_other_however_many_bytes_their_letters_take(tmp_path):
    """The widest word of a head is not that of the most bytes: "sääntöjä" is shorter than "Muuttuneita"."""
    heads = [
        "Tiimi",
        "Vertailukohta",
        "Parempia",
        "Huonompia",
        "Mikä muuttui",
        "Toisin laskettuja",
        "Muuttuneita sääntöjä",
    ]
    long = "Ensivasteaika (palveluaika), mediaani: 6 h 15 min, nyt 3 h 19 min; Ensivaste tavoiteajassa: 34 %, nyt 58 %"
    rows = [["Helsinki", "elo 2025", "0", "0", "–", "1", "2"], ["London", "elo 2025", "3", "0", long, "1", "2"]]
    (tmp_path / "a.pdf").write_bytes(
        pdf_file(read_document(notebook_of(cover(), table("t", "T", heads, rows), closing())))
    )
    subprocess.run(["pdftotext", "-bbox", "a.pdf", "a.html"], check=True, cwd=tmp_path)
    boxes = {
        word: (float(left), float(right))
        for left, right, word in re.findall(
            r'xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">(\S+)</word>',
            (tmp_path / "a.html").read_text(encoding="utf-8"),
        )
    }
    for first, second in (("Toisin", "Muuttuneita"), ("laskettuja", "sääntöjä")):
        assert boxes[first][1] + 2 < boxes[second][0]  # points


def test_a_picture_without_a_description_keeps_the_standard(caplog):
    spark = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    with caplog.at_level(logging.WARNING):
        reader_of(notebook_of(cover(), table("t", "T", ["a"], [[{"text": "", "svg": spark}]]), closing()))
    assert not caplog.records


def test_a_png_is_set():
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    assert len(reader_of(notebook_of(cover(), display({"image/png": png}), closing())).pages) == 2


def test_the_same_notebook_gives_the_same_file_dated_as_of():
    document = read_document(notebook_of(cover(), "## A", chart("c", "Message"), closing()))
    assert pdf_file(document) == pdf_file(document)
    found = pypdf.PdfReader(io.BytesIO(pdf_file(document))).metadata.creation_date
    assert (found.year, found.month, found.day) == (2026, 6, 1)


def test_without_an_instant_the_file_has_no_date():
    assert reader_of(notebook_of(cover(as_of="in June"), closing())).metadata.creation_date is None


def test_a_report_that_broke_off_says_so():
    assert "This report did not run to its end" in words_of(reader_of(notebook_of(cover(), "## A")))


def test_the_words_follow_the_language():
    reader = reader_of(notebook_of(cover(language="ru"), "## Скорость", chart("c", "Больше"), closing()))
    assert reader.trailer["/Root"]["/Lang"] == "ru"
    assert "Содержание" in words_of(reader)
    assert "Страница 2 из" in words_of(reader)


def test_without_typst_the_remedy_is_said(monkeypatch):
    monkeypatch.setitem(sys.modules, "typst", None)
    with pytest.raises(ReportError, match="pip install typst") as caught:
        pdf_file(read_document(notebook_of(cover(), closing())))
    assert caught.value.exit_code == 5


def test_the_exporter_of_nbconvert_gives_the_same_bytes(tmp_path):
    from auditkit.export.pdf import AuditPDFExporter

    nbformat.write(notebook_of(cover(), closing()), tmp_path / "small.ipynb")
    made, resources = AuditPDFExporter().from_filename(str(tmp_path / "small.ipynb"))
    assert made == pdf_file(read_document(notebook_of(cover(), closing())))
    assert resources["output_extension"] == ".pdf"


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792)), ("papyrus", (595, 842))])
def test_the_paper_is_the_one_that_is_asked_for(paper, size):
    wide = table("t", "Wide", ["Team", *[f"Measure {number}" for number in range(18)]], [["Oslo", *["1,234,567"] * 18]])
    reader = reader_of(notebook_of(cover(paper=paper), "## A", chart("c", "Message"), wide, closing()))
    sizes = {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages}
    assert sizes == {size, size[::-1]}


STRANGE = ("فشل تسجيل الدخول", "לא מצליח להתחבר", "Không thể đăng nhập", "Հայերեն ქართული", "🔥🖨️✅")


@pytest.mark.parametrize("text", STRANGE)
def test_what_strangers_write_is_set_in_fonts_that_travel_with_the_package(text, caplog):
    reader = reader_of(notebook_of(cover(), table("t", text, ["a"], [[text]]), closing()))
    used = {
        str(font.get_object()["/BaseFont"]).partition("+")[2].partition("-")[0]
        for page in reader.pages
        for font in page["/Resources"].get_object().get("/Font", {}).values()
    }
    assert used <= {"AuditSans", "AuditSansFurther", "AuditSansSigns"} and len(used) == 2
    assert "□" not in words_of(reader)
    assert not caplog.records
