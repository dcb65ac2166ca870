"""The form on which somebody judges hits: a row per hit with its keyword in context, and what is right to choose.

In come hits, out goes a workbook; in comes the workbook again, and out come judgements, or the row and the reason
where one cannot be taken. What strangers wrote is text in a cell, never a formula.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from auditkit.checklists.form_import import read_date
from auditkit.comments.keywords import CATEGORIES
from auditkit.errors import DataError, Problem
from auditkit.labels import Labels
from auditkit.safe.sheet import mark_to_fill_in, open_form, put_heads, put_text
from auditkit.translation import N_

SHEET, ABOUT, LISTS, KEY = "Hits", "_about", "_lists", "key"
_REMEDY = "Draw the sample anew with 'auditkit comments check'."
TOLD = {
    "category": N_("List"),
    "language": N_("Language"),
    "before": N_("Text before"),
    "hit": N_("Keyword"),
    "after": N_("Text after"),
}
ASKED = {"verdict": N_("Is it right?"), "who": N_("Judged by"), "on": N_("Judged on")}
VERDICTS = {"yes": N_("yes"), "no": N_("no"), "unsure": N_("cannot tell")}
WIDTHS = {"category": 14, "language": 10, "before": 48, "hit": 20, "after": 48, "verdict": 14, "who": 18, "on": 12}


class HitToJudge(NamedTuple):
    """One row: the key of the hit, its list and language, and the keyword in its masked context."""

    key: str
    category: str
    language: str
    keyword: str
    before: str
    hit: str
    after: str


@dataclass(frozen=True)
class Judged:
    """What somebody said of one hit: "yes", "no" or "unsure"."""

    key: str
    verdict: str
    who: str = ""
    on: str = ""


class Refused(NamedTuple):
    """A row that was not taken, and why."""

    row: int
    reason: str


def write_form(path: Path, hits: Sequence[HitToJudge], labels: Labels, about: Mapping[str, Any]) -> None:
    """Write the workbook; ``about`` travels with it."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    put_heads(sheet, [KEY, *(labels.tell(text) for text in (*TOLD.values(), *ASKED.values()))])
    for number, one in enumerate(hits, 2):
        told = [one.key, labels.tell(CATEGORIES[one.category]), one.language, one.before, one.hit, one.after]
        for column, text in enumerate(told, 1):
            put_text(sheet.cell(number, column), text, column == 5, "right" if column == 4 else None)
        for column in range(len(told) + 1, len(told) + 1 + len(ASKED)):
            mark_to_fill_in(sheet.cell(number, column))
    _lay_out(book, sheet, len(hits), labels)
    hidden = book.create_sheet(ABOUT)
    hidden.sheet_state = "hidden"
    put_text(hidden.cell(1, 1), json.dumps(dict(about), ensure_ascii=False))
    book.save(path)


def read_judged(
    path: Path, known: Collection[str], earlier: Mapping[str, Judged]
) -> tuple[list[Judged], list[Refused], int]:
    """The judgements of a filled-in form, the rows refused, and how many are empty. DataError for what is no form."""
    book = open_form(path, SHEET, ABOUT, _REMEDY)
    sheet = book[SHEET]
    columns = _columns([cell.value for cell in sheet[1]], path)
    taken: dict[str, Judged] = {}
    refused, seen, empty = [], set(), 0
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        values = {name: cells[place] for name, place in columns.items()}
        key = str(values[KEY] or "")
        if not key and not any(values.get(name) for name in ASKED):
            continue
        try:
            one = _judged(key, values, known, key in seen, earlier.get(key))
        except ValueError as error:
            refused.append(Refused(number, str(error)))
            taken.pop(key, None)
        else:
            empty += one is None
            taken |= {key: one} if one is not None else {}
        seen.add(key)
    return list(taken.values()), refused, empty


def about_form(path: Path) -> dict[str, Any]:
    """What a form says of itself. DataError for a file that is no form."""
    return json.loads(open_form(path, SHEET, ABOUT, _REMEDY)[ABOUT].cell(1, 1).value)


def _judged(
    key: str, values: Mapping[str, Any], known: Collection[str], again: bool, earlier: Judged | None
) -> Judged | None:
    if key not in known:
        raise ValueError(f"the key {key!r} is no hit of this sample: it was changed")
    if again:
        raise ValueError("the hit stands in the form more than once")
    word = str(values.get("verdict") or "").strip()
    if not word:
        return None
    words = _words()
    if word.casefold() not in words:
        raise ValueError(f"{word!r} is not understood (expected yes, no or cannot tell)")
    on = read_date(values.get("on"))
    found = Judged(key, words[word.casefold()], str(values.get("who") or "").strip(), f"{on}" if on else "")
    if earlier is not None and earlier.verdict != found.verdict:
        raise ValueError("it was judged otherwise before (to replace that: --replace)")
    return found


def _words() -> dict[str, str]:
    """Every way to say a verdict, in every language."""
    from auditkit.config import LANGUAGES

    return {Labels(one).tell(text).casefold(): name for one in LANGUAGES for name, text in VERDICTS.items()}


def _columns(heads: Sequence[Any], path: Path) -> dict[str, int]:
    from auditkit.config import LANGUAGES

    names = {KEY: KEY}
    for language in LANGUAGES:
        names |= {Labels(language).tell(text): name for name, text in ASKED.items()}
    found = {
        names[str(head or "").strip()]: place for place, head in enumerate(heads) if str(head or "").strip() in names
    }
    gone = [name for name in (KEY, "verdict") if name not in found]
    if gone:
        raise DataError(
            Problem(f"{path.name}, row 1", f"the columns {', '.join(gone)} are gone", "the form's own heads")
        )
    return found


def _lay_out(book: Any, sheet: Any, rows: int, labels: Labels) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet.column_dimensions["A"].hidden = True
    place = {name: get_column_letter(number) for number, name in enumerate((*TOLD, *ASKED), 2)}
    for name, width in WIDTHS.items():
        sheet.column_dimensions[place[name]].width = width
    for number in range(2, rows + 2):
        sheet[f"{place['on']}{number}"].number_format = "yyyy-mm-dd"
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for number, text in enumerate(VERDICTS.values(), 1):
        lists.cell(number, 1, labels.tell(text))
    choice = DataValidation("list", formula1=f"={LISTS}!$A$1:$A${len(VERDICTS)}", allow_blank=True)
    sheet.add_data_validation(choice)
    if rows:
        choice.add(f"{place['verdict']}2:{place['verdict']}{rows + 1}")
    sheet.freeze_panes = "B2"
