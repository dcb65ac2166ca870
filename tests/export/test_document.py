"""A notebook becomes a document: what is shown, what is left out, how headings and ids come about."""

from __future__ import annotations

from nbformat.v4 import new_markdown_cell, new_output
from sample_notebook import EXHIBIT_MIME, closing, cover, display, notebook_of, table

from auditkit.exhibits.base import Exhibit
from auditkit.export.document import read_document

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def kinds(*contents):
    return [block.kind for block in read_document(notebook_of(*contents)).blocks]


def headings(*contents):
    blocks = read_document(notebook_of(*contents)).blocks
    return [(block.level, block.id, block.data["number"]) for block in blocks if block.kind == "heading"]


def test_the_cover_gives_the_title_and_no_block():
    document = read_document(notebook_of(cover(title="Service audit"), "Words."))
    assert document.cover["title"] == "Service audit"
    assert [block.kind for block in document.blocks] == ["markdown"]


def test_without_a_cover_the_first_heading_is_the_title():
    document = read_document(notebook_of("# Explore\nWords.", "## Volume"), name="file-name")
    assert document.cover["title"] == "Explore"
    assert [block.kind for block in document.blocks] == ["markdown", "heading"]


def test_without_cover_and_heading_the_name_of_the_notebook_is_the_title():
    assert read_document(notebook_of("Words."), name="my-notebook").cover["title"] == "my-notebook"


def test_levels_have_no_gaps_and_sections_are_level_one():
    assert headings("# Title", "## A", "#### Deep", "### Less deep", "## B") == [
        (1, "a", "1"),
        (2, "deep", "1.1"),
        (2, "less-deep", "1.2"),
        (1, "b", "2"),
    ]


def test_equal_headings_get_different_ids_and_cyrillic_stays():
    assert [found[1] for found in headings("## Speed", "## Speed", "## Скорость", "## !!!", "## Contents")] == [
        "speed",
        "speed-2",
        "скорость",
        "section",
        "contents-2",
    ]


def test_an_authors_own_numbers_are_kept_alone():
    assert [found[2] for found in headings("## 1. Volume", "## 2. Speed")] == ["", ""]


def test_a_title_that_repeats_its_heading_is_printed_once():
    document = read_document(notebook_of("## Provenance", closing()))
    assert document.blocks[-1].data["title"] == ""
    assert document.blocks[-1].level == 0


def test_a_chart_keeps_its_title_even_when_the_heading_says_the_same():
    document = read_document(notebook_of("## Speed", table("t", "Speed", ["a"], [["1"]])))
    assert document.blocks[-1].data["title"] == "Speed"


def test_complete_means_that_the_closing_exhibit_is_the_last_one():
    rows = table("t", "T", ["a"], [["1"]])
    assert read_document(notebook_of(cover(), rows, closing())).complete
    assert not read_document(notebook_of(cover(), rows)).complete
    assert not read_document(notebook_of(cover(), closing(), rows)).complete


def test_printed_text_is_not_shown_and_an_error_is():
    error = new_output(
        "error", ename="ValueError", evalue="\x1b[31mno rows\x1b[0m at 0x7f00aa11bb22", traceback=["/home/me"]
    )
    document = read_document(notebook_of(new_output("stream", name="stdout", text="debug"), error))
    assert [block.kind for block in document.blocks] == ["error"]
    assert document.blocks[0].data == {"name": "ValueError", "message": "no rows at 0x…"}


def test_what_could_run_code_is_left_out_with_a_note():
    for mime in (
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
        "application/vnd.plotly.v1+json",
        "text/javascript",
        "text/vnd.something",
    ):
        document = read_document(notebook_of(display({mime: "alert(1)", "text/html": "<b>x</b>", "text/plain": "x"})))
        assert [block.kind for block in document.blocks] == ["omitted"], mime
        assert mime in document.blocks[0].data["text"]


def test_foreign_outputs_that_are_permitted():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    assert kinds(display({"image/png": PNG, "text/plain": "<Figure>"})) == ["image"]
    assert kinds(display({"image/svg+xml": svg})) == ["image"]
    assert kinds(display({"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "1"})) == ["html"]
    assert kinds(display({"text/plain": "42"})) == ["text"]
    assert kinds(display({"image/png": "bm90IGEgcG5n"})) == ["omitted"]


def test_html_of_others_is_sanitised():
    source = (
        '<h1 onclick="x()">T</h1><script>alert(1)</script><style>*{}</style><img src="http://x/y.png">'
        '<a href="http://x">l</a><p style="position:fixed">p</p><iframe src="//x"></iframe>'
    )
    markup = read_document(notebook_of(display({"text/html": source}))).blocks[0].data["markup"]
    assert markup == "<p>T</p>l<p>p</p>"


def test_an_exhibit_that_cannot_be_read_becomes_a_note():
    bad = [
        {"kind": "table", "id": "t", "columns": [{"label": "a"}], "rows": [["1", "2"]]},
        {"kind": "table", "id": "t", "rows": []},
        {"kind": "chart", "id": "c", "svg": "<html/>"},
        {"kind": "unheard-of"},
        {"kind": "prose", "paragraphs": "one text"},
        ["no", "mapping"],
    ]
    for raw in bad:
        assert kinds(display({EXHIBIT_MIME: raw})) == ["omitted"], raw


def test_a_short_row_is_filled_and_none_is_an_empty_text():
    document = read_document(notebook_of(table("t", "T", ["a", "b"], [[None]])))
    assert [cell["text"] for cell in document.blocks[0].data["table"]["rows"][0]] == ["", ""]


def test_ids_of_exhibits_are_unique_and_ordinals_count_by_kind():
    blocks = read_document(notebook_of(*(table("t", "T", ["a"], [["1"]]) for _ in range(2)))).blocks
    assert [(block.id, block.data["ordinal"]) for block in blocks] == [("t", 1), ("t-2", 2)]


def test_a_cell_tagged_remove_cell_is_left_out():
    notebook = notebook_of("Shown.")
    notebook.cells.append(new_markdown_cell("Not shown.", metadata={"tags": ["remove_cell"]}))
    assert len(read_document(notebook).blocks) == 1


def test_characters_that_files_cannot_carry_are_replaced():
    document = read_document(notebook_of(Exhibit("p", "prose", {"paragraphs": ["a\x00b\ud800c\x1b[0m\r\nd"]})))
    assert document.blocks[0].data["paragraphs"] == ["a\ufffdb\ufffdc\ufffd[0m\nd"]


def test_an_accent_or_language_that_is_none_falls_back():
    document = read_document(notebook_of(cover(accent="red;}body{", language='en"><script>')))
    assert document.cover["accent"] is None
    assert document.language == "en"
