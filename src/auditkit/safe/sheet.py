"""Cells of a workbook that people read and fill in: what strangers wrote is a text in them, never a formula.

In come a sheet of openpyxl and texts; the cells are set in place. A form that comes back filled in is opened here too.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from auditkit.errors import DataError, Problem, UsageError

HEAD, FILL_IN = "1F3A54", "FFF6DF"


def put_heads(sheet: Any, heads: Sequence[str]) -> None:
    """The first row: white on dark."""
    from openpyxl.styles import Alignment, Font, PatternFill

    for number, text in enumerate(heads, 1):
        cell = sheet.cell(1, number, text)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color=HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def put_text(cell: Any, value: str | None, bold: bool = False, align: str | None = None) -> None:
    """A text as a text, whatever it begins with; signs that a workbook cannot hold become U+FFFD."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Font

    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if value else None
    if value:
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=align)
    if bold:
        cell.font = Font(bold=True)


def mark_to_fill_in(cell: Any) -> None:
    """The ground of a cell that waits for somebody's answer."""
    from openpyxl.styles import PatternFill

    cell.fill = PatternFill("solid", start_color=FILL_IN)


def write_rows(path: Path, title: str, heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence]) -> None:
    """A workbook of one sheet of texts, to read and to sort."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = title
    put_heads(sheet, heads)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            put_text(sheet.cell(number, column), None if value is None else str(value))
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    book.save(path)


def open_form(path: Path, sheet: str, about: str, remedy: str) -> Any:
    """A filled-in workbook with its sheet and what travels with it (JSON in the first cell of ``about``).

    UsageError for a file that is not there, DataError with the remedy for one that is no such form.
    """
    from openpyxl import load_workbook

    if not path.is_file():
        raise UsageError(Problem(str(path), "does not exist", "a filled-in form"))
    try:
        book = load_workbook(path, data_only=True)
        json.loads(book[about].cell(1, 1).value)
        book[sheet]
    except Exception as error:  # whatever a stranger's file makes the library say
        problem = Problem(str(path), f"cannot be read as a form: {error}", "a form made by auditkit", remedy)
        raise DataError(problem) from None
    return book
