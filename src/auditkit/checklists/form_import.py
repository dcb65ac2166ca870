"""Bringing a filled-in form back: each row is taken, or refused with its reason; nothing of a person's is lost.

In comes a form's file and the answers that stand, out come the answers to write, and the rows that were refused. A row
is refused when its key is not one of ours, when a merged cell covers it, when its answer, score or date cannot be read,
or when the answer was changed elsewhere since the form was made. A row that was deleted leaves its answer as it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from auditkit.checklists.answers import Answer, answer_of
from auditkit.checklists.form import ANSWER_WORDS, ASKED, BASE, KEY
from auditkit.checklists.form_files import ABOUT, KINDS, SHEET
from auditkit.config import LANGUAGES
from auditkit.errors import DataError, Problem, UsageError
from auditkit.labels import Labels

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
Key = tuple[str, str]


@dataclass(frozen=True)
class FilledRow:
    """One row as found: its place in the file, the key and fingerprint it carries, and what was filled in."""

    place: str
    key: str
    base: str
    values: Mapping[str, Any]
    merged: bool = False


@dataclass(frozen=True)
class FilledForm:
    """A form as found: what it says of itself, and its rows."""

    about: Mapping[str, Any]
    rows: tuple[FilledRow, ...]


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: where, which item, what was found, and why."""

    place: str
    key: str
    value: str
    reason: str


@dataclass(frozen=True)
class Imported:
    """What an import would change: new answers, how many rows said what stands already, what was refused, and the
    items of the form that it no longer holds."""

    answers: Mapping[Key, Answer]
    unchanged: int = 0
    empty: int = 0
    refused: tuple[Refusal, ...] = field(default=())
    missing: tuple[str, ...] = field(default=())


def read_form(path: Path) -> FilledForm:
    """Read a workbook or a Markdown form. UsageError for another kind, DataError for a file that is no form."""
    kind = path.suffix.lower()
    if kind not in KINDS:
        raise UsageError(Problem(str(path), "is no kind of form", " or ".join(KINDS)))
    if not path.is_file():
        raise UsageError(Problem(str(path), "does not exist", "a filled-in form"))
    return _read_workbook(path) if kind == ".xlsx" else _read_markdown(path)


def take(form: FilledForm, standing: Mapping[Key, Answer], known: Sequence[Key]) -> Imported:
    """Settle every row of a form against the answers that stand now and the items that exist."""
    seen: dict[str, list[FilledRow]] = {}
    for row in form.rows:
        seen.setdefault(row.key, []).append(row)
    names = {f"{checklist}/{item}": (checklist, item) for checklist, item in known}
    taken: dict[Key, Answer] = {}
    unchanged = empty = 0
    refused: list[Refusal] = []
    for key, rows in seen.items():
        for row in rows:
            try:
                answer = _settled(row, names, standing, rows)
            except ValueError as error:
                value = str(row.values.get("answer") or "")
                refused.append(Refusal(row.place, key, value, str(error)))
                continue
            if answer is None:
                empty += 1
            elif answer == standing.get(names[key]):
                unchanged += 1
            else:
                taken[names[key]] = answer
    expected = form.about.get("keys") or []
    missing = tuple(key for key in expected if key not in seen and key in names)
    return Imported(taken, unchanged, empty, tuple(refused), missing)


def _settled(
    row: FilledRow, names: Mapping[str, Key], standing: Mapping[Key, Answer], rows: Sequence[FilledRow]
) -> Answer | None:
    """The answer of one row, None for a row left empty; ValueError with the reason to refuse it."""
    if row.merged:
        raise ValueError("a merged cell covers the row: it cannot be told which item its text belongs to")
    if row.key not in names:
        raise ValueError(f"the key {row.key!r} is none of the checklist's items: it was changed, or the item is gone")
    now = standing.get(names[row.key])
    if not any(value not in (None, "") for value in row.values.values()):
        return None
    answer = _answer(row.values)
    if any(_differs(answer, other) for other in rows if other is not row):
        raise ValueError("the item stands in the form more than once, with different answers")
    fingerprint = now.fingerprint if now else ""
    if row.base != fingerprint and answer != now:
        raise ValueError("another answer was given since the form was made: compare both, then export the form anew")
    return answer


def _differs(answer: Answer, other: FilledRow) -> bool:
    try:
        return _answer(other.values) != answer
    except ValueError:
        return True


def _answer(values: Mapping[str, Any]) -> Answer:
    word = str(values.get("answer") or "").strip()
    if not word:
        raise ValueError("something is filled in, but no answer is given")
    known = _known_words()
    if word.casefold() not in known:
        raise ValueError(f"answer {word!r} is not understood (expected {', '.join(dict.fromkeys(known))})")
    texts = {name: str(values.get(name) or "").strip() for name in ("evidence", "who", "comment")}
    return answer_of(
        {"answer": known[word.casefold()], "score": _score(values.get("score")), "date": read_date(values.get("date"))}
        | texts
    )


def _known_words() -> dict[str, str]:
    """Every answer in every language, as it may stand in a form."""
    return {Labels(one).tell(text).casefold(): word for one in LANGUAGES for word, text in ANSWER_WORDS.items()}


def _score(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return float(value.strip().replace(",", "."))
        except ValueError:
            raise ValueError(f"score {value!r} is no number (expected 0 to 1)") from None
    return value


def read_date(value: Any) -> date | None:
    """A day as a spreadsheet or a person writes it, never one whose day and month could change places; None for none.

    Raises ValueError with what was expected.
    """
    if value in (None, ""):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    found = _DATE.fullmatch(str(value).strip())
    if found is None:
        raise ValueError(f"date {value!r} is no date that can be read in one way only (expected 2026-05-12)")
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"date {value!r} does not exist (expected 2026-05-12)") from None


def _read_workbook(path: Path) -> FilledForm:
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, data_only=True)
        sheet, about = book[SHEET], json.loads(book[ABOUT].cell(1, 1).value)
    except Exception as error:
        remedy = "Export the form anew with 'auditkit checklist export' and copy the answers into it."
        problem = Problem(str(path), f"cannot be read as a form: {error}", "a form made by auditkit", remedy)
        raise DataError(problem) from None
    columns = _columns([cell.value for cell in sheet[1]])
    if KEY not in columns:
        raise DataError(Problem(f"{path.name}, row 1", f"the column {KEY!r} is gone", "the form's hidden first column"))
    covered = {row for one in sheet.merged_cells.ranges for row in range(one.min_row, one.max_row + 1)}
    return FilledForm(about, tuple(_workbook_rows(sheet, columns, covered)))


def _workbook_rows(sheet: Any, columns: Mapping[str, int], covered: set[int]) -> Iterator[FilledRow]:
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        values = {name: cells[columns[name]] for name in ASKED if name in columns}
        key = str(cells[columns[KEY]] or "")
        if key or any(value not in (None, "") for value in values.values()):
            base = str(cells[columns[BASE]] or "") if BASE in columns else ""
            yield FilledRow(f"row {number}", key, base, values, number in covered)


def _columns(heads: Sequence[Any]) -> dict[str, int]:
    """Where each column stands, by its heading in any language."""
    names = {KEY: KEY, BASE: BASE}
    for language in LANGUAGES:
        names |= {Labels(language).tell(heading).casefold(): name for name, heading in ASKED.items()}
    found = {}
    for place, head in enumerate(heads):
        name = names.get(str(head or "").strip().casefold())
        if name:
            found.setdefault(name, place)
    return found


def _read_markdown(path: Path) -> FilledForm:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        about = json.loads(re.fullmatch(r"<!-- auditkit form (.*) -->", lines[0])[1])  # type: ignore[index]
    except (OSError, UnicodeDecodeError, IndexError, TypeError, ValueError):
        remedy = "Export the form anew with 'auditkit checklist export' and copy the answers into it."
        raise DataError(Problem(f"{path}, line 1", "is not the head of a form", "", remedy)) from None
    return FilledForm(about, tuple(_markdown_rows(lines)))


def _markdown_rows(lines: Sequence[str]) -> Iterator[FilledRow]:
    place, key, base, values, name = "", "", "", {}, None
    names = {}
    for language in LANGUAGES:
        names |= {Labels(language).tell(heading).casefold(): one for one, heading in ASKED.items()}
    for number, line in enumerate(lines, 1):
        mark = re.fullmatch(r"<!-- (\S+/\S+) ?(\w*) -->", line.strip())
        field_ = re.match(r"- ([^:]+):\s?(.*)$", line)
        if line.startswith("## "):
            if place:
                yield FilledRow(place, key, base, values)
            place, key, base, values, name = f"line {number}", "", "", {}, None
        elif mark and place and not key:
            key, base = mark[1], mark[2]
        elif field_ and field_[1].strip().casefold() in names and place:
            name = names[field_[1].strip().casefold()]
            values[name] = field_[2].strip()
        elif name and line.startswith("  "):
            values[name] += "\n" + line.strip()
        elif line.strip():
            name = None
    if place:
        yield FilledRow(place, key, base, values)
