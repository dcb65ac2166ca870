"""A reviewer's form: one row per ticket, one column per criterion, the guidance on a sheet beside it.

In come the tickets dealt to a reviewer and a scorecard, out goes a workbook. Which tickets every reviewer gets is not
on it: who knows that a score will be compared scores otherwise. Texts of tickets are texts in a cell, never formulas.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from auditkit.labels import Labels
from auditkit.scorecards.model import Scorecard
from auditkit.translation import N_

SHEET, GUIDE, ABOUT, LISTS = "Reviews", "Guide", "_about", "_lists"
KEY = "key"
POINTS = (0, 0.5, 1)
NOT_APPLICABLE = N_("not applicable")
TOLD = {
    "ticket_id": N_("Ticket"),
    "agent": N_("Agent"),
    "channel": N_("Channel"),
    "type": N_("Type"),
    "created_at": N_("Created"),
    "subject": N_("Subject"),
}
ASKED = {"reviewed_on": N_("Reviewed on"), "comment": N_("Comment")}
GUIDE_HEADS = (N_("Criterion"), N_("Weight"), N_("Critical"), N_("0: nothing"), N_("0.5: half"), N_("1: full"))
HEAD, FILL_IN, CRITICAL = "1F3A54", "FFF6DF", "F6DDD9"


def write_form(
    path: Path, tickets: pd.DataFrame, scorecard: Scorecard, labels: Labels, about: Mapping[str, Any]
) -> None:
    """Write the workbook. ``tickets`` has the columns of :data:`TOLD` that there are; ``about`` travels with it."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    told = [name for name in TOLD if name in tickets]
    heads = [KEY, *(labels.tell(TOLD[name]) for name in told), *(one.id for one in scorecard.criterion)]
    _head(sheet, [*heads, *(labels.tell(text) for text in ASKED.values())])
    first = len(told) + 2
    for number, ticket in enumerate(tickets.to_dict("records"), 2):
        _text(sheet.cell(number, 1), ticket["ticket_id"])
        for column, name in enumerate(told, 2):
            _text(sheet.cell(number, column), _told(ticket[name]))
        for column in range(first, first + len(scorecard.criterion) + len(ASKED)):
            _to_fill_in(sheet.cell(number, column))
    _lay_out(sheet, scorecard, first, len(tickets))
    _offer(book, sheet, first, len(scorecard.criterion), len(tickets), labels)
    _guide(book.create_sheet(GUIDE), scorecard, labels)
    hidden = book.create_sheet(ABOUT)
    hidden.sheet_state = "hidden"
    _text(hidden.cell(1, 1), json.dumps(dict(about), ensure_ascii=False))
    book.save(path)


def not_applicable_words() -> set[str]:
    """Every way to say that a criterion does not apply, in every language, folded."""
    from auditkit.config import LANGUAGES

    return {Labels(one).tell(NOT_APPLICABLE).casefold() for one in LANGUAGES} | {"n/a", "na", "-"}


def _told(value: Any) -> str | None:
    if value is None or value is pd.NaT or value != value:
        return None
    return f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value)


def _text(cell: Any, value: str | None) -> None:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment

    cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if value else None
    if value:
        cell.data_type = "s"  # a text that begins with "=" stays a text
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def _head(sheet: Any, heads: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for number, text in enumerate(heads, 1):
        cell = sheet.cell(1, number, text)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color=HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _to_fill_in(cell: Any) -> None:
    from openpyxl.styles import Alignment, PatternFill

    cell.fill = PatternFill("solid", start_color=FILL_IN)
    cell.alignment = Alignment(horizontal="center", vertical="top")


def _lay_out(sheet: Any, scorecard: Scorecard, first: int, rows: int) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter

    sheet.column_dimensions["A"].hidden = True
    for column in range(2, first):
        sheet.column_dimensions[get_column_letter(column)].width = 16
    for place, one in enumerate(scorecard.criterion):
        column = first + place
        sheet.column_dimensions[get_column_letter(column)].width = 7
        texts = one.guidance("en")
        sheet.cell(1, column).comment = Comment(texts.name, "auditkit")
        if one.critical:
            for row in range(2, rows + 2):
                sheet.cell(row, column).fill = PatternFill("solid", start_color=CRITICAL)
    asked = first + len(scorecard.criterion)
    for column, width in ((asked, 13), (asked + 1, 40)):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in range(2, rows + 2):
        sheet.cell(row, asked).number_format = "yyyy-mm-dd"
    sheet.freeze_panes = sheet.cell(2, first)


def _offer(book: Any, sheet: Any, first: int, criteria: int, rows: int, labels: Labels) -> None:
    """Scores to choose from: numbers as numbers, so that each spreadsheet shows its own decimal sign."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, value in enumerate((*POINTS, labels.tell(NOT_APPLICABLE)), 1):
        lists.cell(number, 1, value)
    choice = DataValidation("list", formula1=f"={LISTS}!$A$1:$A${len(POINTS) + 1}", allow_blank=True)
    sheet.add_data_validation(choice)
    if rows:
        last = get_column_letter(first + criteria - 1)
        choice.add(f"{get_column_letter(first)}2:{last}{rows + 1}")


def _guide(sheet: Any, scorecard: Scorecard, labels: Labels) -> None:
    _head(sheet, [labels.tell(text) for text in GUIDE_HEADS])
    for row, one in enumerate(scorecard.criterion, 2):
        texts = one.guidance(labels.language)
        cells = [f"{one.id} {texts.name}", labels.number(one.weight, 0 if one.weight == int(one.weight) else 1)]
        cells += [
            labels.say_in("critical criterion", "yes") if one.critical else "",
            texts.zero,
            texts.half,
            texts.full,
        ]
        for column, text in enumerate(cells, 1):
            _text(sheet.cell(row, column), text)
    for column, width in zip("ABCDEF", (44, 9, 9, 44, 44, 44), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "B2"
