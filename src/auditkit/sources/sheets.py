"""Reads one sheet of a workbook (XLSX, XLSM, XLS, XLSB, ODS) as text columns, with the sheet's own row numbers.

The first sheet unless one is named. The header is the first row that is not empty; wholly empty rows and columns are
passed over, and the rows keep their numbers. Real date cells are counted by column, because a column in which some
dates are dates and some are text is how a spreadsheet leaves its traces when it swaps days and months.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
import python_calamine as calamine

from auditkit.errors import DataError
from auditkit.sources.cells import text_of
from auditkit.sources.faults import told_as, unreadable
from auditkit.sources.raw import RawFile, raw_reader, text_batch, unique_headers

BATCH_ROWS = 20_000


def open_sheet(path: Path, file: Path, name: str, *, sheet: str | None = None, skip_rows: int = 0) -> RawFile:
    """One sheet of the workbook at ``file``, cited as ``name`` or ``name#sheet``; ``path`` is the source on disk.

    Raises :class:`DataError` for an unknown sheet (naming those there are), a damaged or a protected workbook, and a
    sheet without a header.
    """
    rows = _rows(file, name, sheet)
    cited = f"{name}#{sheet}" if sheet else name
    header_row, header = next(_filled(rows, skip_rows), (0, []))
    if not header:
        raise unreadable(cited, "is empty", "Name the sheet that holds the data (sheet = ...), or mend skip_rows.")
    width = max(len(row) for row in rows)
    body = list(_filled(rows, header_row))
    kept = [
        i for i in range(width) if _cell(header, i) is not None or any(_cell(row, i) is not None for _, row in body)
    ]
    names = unique_headers(_labels(header, kept))
    dates = Counter(
        column for _, row in body for column, i in zip(names, kept, strict=True) if isinstance(_raw(row, i), date)
    )
    failures: list[BaseException] = []
    reader = raw_reader(names, _batches(names, kept, body), failures)
    return RawFile(path, cited, names, reader, [], "", None, "workbook", dict(dates), failures)


def _rows(file: Path, name: str, sheet: str | None) -> list[list[object]]:
    try:
        with told_as(name), file.open("rb") as opened, calamine.load_workbook(opened) as workbook:
            wanted = _sheet_name(workbook.sheet_names, sheet, name)
            return workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except calamine.PasswordError as error:
        raise unreadable(name, "is protected with a password", "Save it without a password.") from error
    except calamine.CalamineError as error:
        raise _damaged(name, error) from error
    except BaseException as error:  # a fault inside the parser is neither an Exception nor has it a public class
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(name, error) from error


def _damaged(name: str, error: BaseException) -> DataError:
    return unreadable(name, f"is a damaged workbook ({error})", "Save or export the workbook again.")


def _sheet_name(names: Sequence[str], sheet: str | None, name: str) -> str:
    if sheet is None and names:
        return names[0]
    folded = {known.strip().casefold(): known for known in names}
    if sheet is None or sheet.strip().casefold() not in folded:
        there = ", ".join(f"'{known}'" for known in names) or "none"
        raise unreadable(name, f"has no sheet '{sheet}'", f"Sheets in it: {there}. Mend sheet in audit.toml.")
    return folded[sheet.strip().casefold()]


def _filled(rows: Sequence[list[object]], skip: int) -> Iterator[tuple[int, list[object]]]:
    """The rows that are not empty after the first ``skip``, each with its number in the sheet."""
    for number, row in enumerate(rows[skip:], start=skip + 1):
        if any(value not in ("", None) for value in row):
            yield number, row


def _labels(header: list[object], kept: Sequence[int]) -> list[str]:
    return [_cell(header, i) or f"column {i + 1}" for i in kept]


def _raw(row: list[object], position: int) -> object:
    return row[position] if position < len(row) else None


def _cell(row: list[object], position: int) -> str | None:
    return text_of(_raw(row, position))


def _batches(names: Sequence[str], kept: Sequence[int], body: Sequence[tuple[int, list]]) -> Iterator[pa.RecordBatch]:
    for start in range(0, len(body), BATCH_ROWS):
        part = body[start : start + BATCH_ROWS]
        columns = [[_cell(row, i) for _, row in part] for i in kept]
        yield text_batch(names, columns, [number for number, _ in part])
