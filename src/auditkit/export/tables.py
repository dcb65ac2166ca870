"""The tables of a document as files: a CSV for each table, and one workbook with a sheet for each table and chart.

In comes a document, out come texts and bytes. Nothing in them runs: in a CSV a cell that a spreadsheet would take for a
formula is led by an apostrophe, in the workbook every text is stored as a text. What is a number beyond doubt is a
number in the workbook, shown as the report shows it. The same document gives the same bytes. It stands alone so that
documents may cut a long table, and lose nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from auditkit.export.document import TABLES, Block, Document, table_file
from auditkit.export.reading import Read, read_number
from auditkit.export.words import words
from auditkit.safe.spreadsheets import csv_text

__all__ = ["TABLES", "csv_files", "workbook"]
DAY = 86400
WIDEST_COLUMN = 60  # signs
LONGEST_TEXT = 32_767  # signs that a cell of a workbook holds
_MADE = datetime(2000, 1, 1)  # a workbook bears a date; this one says that it has none
_QUIET = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}


def csv_files(document: Document, report: str) -> dict[str, str]:
    """The text of each table, and of the figures of a chart that are too many for a page, by the name of its file."""
    files = {}
    for block in document.blocks:
        if block.kind == "table" or block.data.get("cut"):
            table = block.data["table"]
            header = [column["label"] for column in table["columns"]]
            rows = [[_text(cell) for cell in row] for row in table["rows"]]
            files[PurePosixPath(table_file(report, block.data["name"])).name] = csv_text(header, rows)
    return files


def workbook(document: Document) -> bytes | None:
    """The XLSX of all tables and of the figures behind all charts; None where the document has none."""
    import xlsxwriter

    sheets = list(_sheets(document))
    if not sheets:
        return None
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _QUIET) as book:
        cover = document.cover
        subject = ", ".join(text for text in (cover["team"], cover["period"]) if text)
        book.set_properties({"title": cover["title"], "subject": subject, "company": cover["client"], "created": _MADE})
        writer = _Writer(book, document.language)
        writer.contents(words(document.language), sheets)
        for name, block in sheets:
            writer.table(name, block)
    return stream.getvalue()


def _sheets(document: Document) -> Iterator[tuple[str, Block]]:
    """The name of the sheet (``Table 3``, as the report numbers it) and the block, in order."""
    told = words(document.language)
    for block in document.blocks:
        if block.kind in ("chart", "table") and block.data["table"]:
            yield f"{told[block.kind]} {block.data['ordinal']}", block


class _Writer:
    """Writes sheets; remembers the formats that were made."""

    def __init__(self, book: Any, language: str):
        self._book, self._language = book, language
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def contents(self, told: Mapping[str, str], sheets: Sequence[tuple[str, Block]]) -> None:
        """The first sheet: every other with its title, its rows and its note; the name leads there."""
        sheet = self._book.add_worksheet(told["contents"])
        self._header(sheet, ["", told["title"], told["rows"], told["note"]])
        link, wrapped = (
            self._format(font_color="#1f5f8b", underline=1, valign="top"),
            self._format(text_wrap=True, valign="top"),
        )
        for row, (name, block) in enumerate(sheets, 1):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
            sheet.write_string(row, 1, block.data["title"][:LONGEST_TEXT], wrapped)
            sheet.write_number(row, 2, len(block.data["table"]["rows"]), self._format(num_format="#,##0", valign="top"))
            sheet.write_string(row, 3, block.data["note"][:LONGEST_TEXT], wrapped)
        for column, width in enumerate((14, 70, 8, 90)):
            sheet.set_column(column, column, width)

    def table(self, name: str, block: Block) -> None:
        """One sheet: heads, which stay in sight and filter, and every row."""
        sheet = self._book.add_worksheet(name)
        columns, rows = block.data["table"]["columns"], block.data["table"]["rows"]
        heads = [column["label"] for column in columns]
        self._header(sheet, heads, [column["align"] for column in columns])
        widths = [len(head) for head in heads]
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                text = _text(cell)
                self._cell(sheet, number, column, text, bold=cell["strong"], align=columns[column]["align"])
                widths[column] = max(widths[column], len(text))
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 3, WIDEST_COLUMN))
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)

    def _header(self, sheet: Any, heads: Sequence[str], aligns: Sequence[str] = ()) -> None:
        for column, head in enumerate(heads):
            align = aligns[column] if aligns else "left"
            sheet.write_string(
                0, column, head, self._format(bold=True, bottom=1, text_wrap=True, align=align, valign="top")
            )
        sheet.freeze_panes(1, 1 if aligns else 0)

    def _cell(self, sheet: Any, row: int, column: int, text: str, bold: bool, align: str) -> None:
        found = read_number(text, self._language)
        look = {"align": align} | ({"bold": True} if bold else {})
        if found is None:
            sheet.write_string(row, column, text[:LONGEST_TEXT], self._format(**look))
        else:
            value = found.value / DAY if found.kind == "duration" else found.value
            sheet.write_number(row, column, value, self._format(num_format=_number_format(found), **look))

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]


def _number_format(found: Read) -> str:
    if found.kind == "duration":
        return "[h]:mm:ss"
    decimals = "." + "0" * found.decimals if found.decimals else ""
    return f"0{decimals}%" if found.kind == "share" else f"#,##0{decimals}"


def _text(cell: Mapping[str, Any]) -> str:
    """What a cell says; a picture says its description."""
    return cell["text"] or (cell["picture"]["alt"] if cell["picture"] else "")
