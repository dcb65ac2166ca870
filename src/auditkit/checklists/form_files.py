"""Writing a form: a workbook with lists to choose from, or Markdown that any editor opens.

In come the rows of form.py, out goes one file. What strangers wrote (texts of a client's own checklist, team names) is
text in a cell, never a formula.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from auditkit.checklists.answers import Answer
from auditkit.checklists.form import ASKED, BASE, KEY, TOLD, FormRow, answer_words, headings
from auditkit.errors import Problem, UsageError
from auditkit.labels import Labels
from auditkit.safe.files import made_whole

SHEET, ABOUT, LISTS = "Form", "_about", "_lists"
KINDS = (".xlsx", ".md")
WIDTHS = {"id": 8, "title": 26, "question": 38, "why": 34, "how": 38, "documents": 30, "wanted": 34, "figures": 40,
    "answer": 15, "score": 10, "evidence": 40, "date": 12, "who": 18, "comment": 30}  # fmt: skip
FILL_IN, HEAD = "FFF6DF", "1F3A54"


def write_form(path: Path, rows: Sequence[FormRow], labels: Labels, about: dict[str, Any]) -> None:
    """Write the form; the ending of ``path`` says which kind. ``about`` (team, period ...) travels with it.

    Raises UsageError for another ending or a file that exists, DataError where it cannot be written.
    """
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UsageError(Problem(str(path), "is no kind of form", " or ".join(KINDS)))
    if path.exists():
        raise UsageError(Problem(str(path), "exists already", "", "Name another file; a form may hold answers."))
    writers: dict[str, Callable[..., None]] = {".xlsx": _write_workbook, ".md": _write_markdown}
    made_whole(path, lambda fresh: writers[kind](fresh, rows, labels, about))


def key_of(row: FormRow) -> str:
    """How a form cites an item: ``service_audit/A13``."""
    return f"{row.checklist}/{row.item}"


def _write_workbook(path: Path, rows: Sequence[FormRow], labels: Labels, about: dict[str, Any]) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    _head(sheet, {KEY: KEY, BASE: BASE} | headings(labels, TOLD) | headings(labels, ASKED))
    words = answer_words(labels)
    for number, row in enumerate(rows, 2):
        cells = [key_of(row), row.base, *row.told.values(), *_answered(row.answer, words)]
        for column, value in enumerate(cells, 1):
            _put(sheet.cell(number, column), value, column > 2 + len(TOLD))
    _lay_out(sheet, len(rows))
    _offer(book, sheet, list(words.values()), len(rows))
    hidden = book.create_sheet(ABOUT)
    hidden.sheet_state = "hidden"
    _put(hidden.cell(1, 1), json.dumps(about | {"form": 1, "language": labels.language}, ensure_ascii=False), False)
    book.save(path)


def _answered(answer: Answer | None, words: dict[str, str]) -> list[Any]:
    if answer is None:
        return [None] * len(ASKED)
    return [words[answer.answer], answer.score, answer.evidence, answer.on, answer.who, answer.comment]


def _head(sheet: Any, columns: dict[str, str]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    for number, heading in enumerate(columns.values(), 1):
        cell = sheet.cell(1, number, heading)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", start_color=HEAD)
        cell.alignment = Alignment(wrap_text=True, vertical="center")


def _put(cell: Any, value: Any, to_fill_in: bool) -> None:
    from openpyxl.styles import Alignment, PatternFill

    cell.value = value or None if isinstance(value, str) else value
    if isinstance(value, str) and value:
        cell.data_type = "s"  # a text that begins with "=" stays a text
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if to_fill_in:
        cell.fill = PatternFill("solid", start_color=FILL_IN)


def _lay_out(sheet: Any, rows: int) -> None:
    from openpyxl.utils import get_column_letter

    for number, name in enumerate([KEY, BASE, *TOLD, *ASKED], 1):
        dimension = sheet.column_dimensions[get_column_letter(number)]
        dimension.hidden = name in (KEY, BASE)
        dimension.width = WIDTHS.get(name, 10)
        if name == "date":
            for row in range(2, rows + 2):
                sheet.cell(row, number).number_format = "yyyy-mm-dd"
    sheet.freeze_panes = "E2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"


def _offer(book: Any, sheet: Any, words: list[str], rows: int) -> None:
    """Answers to choose from; anything else is refused by the spreadsheet itself already."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, word in enumerate(words, 1):
        lists.cell(number, 1, word)
    place = {name: get_column_letter(number) for number, name in enumerate([KEY, BASE, *TOLD, *ASKED], 1)}
    choice = DataValidation("list", formula1=f"={LISTS}!$A$1:$A${len(words)}", allow_blank=True)
    scale = DataValidation("decimal", operator="between", formula1="0", formula2="1", allow_blank=True)
    for name, rule in (("answer", choice), ("score", scale)):
        sheet.add_data_validation(rule)
        rule.add(f"{place[name]}2:{place[name]}{rows + 1}")


def _write_markdown(path: Path, rows: Sequence[FormRow], labels: Labels, about: dict[str, Any]) -> None:
    marks = headings(labels, TOLD)
    words = answer_words(labels)
    told = json.dumps(about | {"form": 1, "language": labels.language}, ensure_ascii=False)
    offered = labels.say("Answers: {answers}. Leave empty what is not known.", answers=", ".join(words.values()))
    parts = [f"<!-- auditkit form {told.replace('--', '- -')} -->", "", offered, ""]
    for row in rows:
        parts += [f"## {row.told['id']} · {row.told['title']}", f"<!-- {key_of(row)} {row.base} -->", ""]
        for name in ("question", "why", "how", "documents", "wanted", "figures"):
            lines = row.told[name].splitlines()
            if len(lines) == 1:
                parts += [f"**{marks[name]}:** {lines[0]}", ""]
            elif lines:
                parts += [f"**{marks[name]}:**", "", *(f"* {line}" for line in lines), ""]
        values = _answered(row.answer, words)
        for (_, heading), value in zip(headings(labels, ASKED).items(), values, strict=True):
            text = "" if value is None else str(value)
            parts.append(f"- {heading}: {text.replace(chr(10), chr(10) + '  ')}")
        parts.append("")
    path.write_text("\n".join(parts), encoding="utf-8", newline="\n")
