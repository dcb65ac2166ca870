"""Streams delimited text (comma, semicolon, tab, pipe) as text columns with exact row numbers.

In comes a UTF-8 text, out goes a :class:`RawFile`. Arrow parses; Python sees only the header, the first records (to
find the delimiter) and the rows that are refused. A record that cannot be a row of the table, because it has too many
or too few fields, is kept with its number. The end of the file is marked with a record of our own: if the parser does
not report it, a quotation mark was never closed, which is what a cut off export looks like.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from auditkit.errors import DataError
from auditkit.sources.faults import told_as, unreadable
from auditkit.sources.raw import RawFile, RefusedRow, raw_reader, raw_schema, unique_headers
from auditkit.sources.sniff import DELIMITERS, delimiter_of
from auditkit.sources.text import Text

NO_DELIMITER = "\x1f"  # given to the parser for a file of one column
BLOCK = 4 << 20
LONGEST_LINE = 1 << 22
LONGEST_QUOTED_VALUE = 300
LINES_OF_A_LONG_CELL = 20
END = "\x1f end of file \x1f"
SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)
CLOSE_THE_QUOTE = "Export the file again; a quotation mark inside a value must be doubled."


@dataclass(frozen=True)
class Header:
    """The header's names, its row as a spreadsheet counts it, and the byte at which the data begins."""

    names: tuple[str, ...]
    row: int
    data_starts: int


def open_delimited(
    text: Text, path: Path, name: str, *, delimiter: str = "auto", skip_rows: int = 0, block: int = BLOCK
) -> RawFile:
    """The table in ``text``, whose header comes after ``skip_rows`` records; no record is longer than ``block`` bytes.

    Raises :class:`DataError` for an unknown delimiter or a header that cannot be read, and while the reader is
    consumed for a record longer than ``block``.
    """
    separator = SEPARATOR_LINE.match(text.head())
    start = text.start + (len(separator[0].encode()) if separator else 0)
    head = text.head()[separator.end() if separator else 0 :]
    chosen = _declared(delimiter, name) or (separator and separator[1]) or delimiter_of(head, skip_rows)
    header = _header(text.path, start, chosen or NO_DELIMITER, skip_rows, name)
    refused: list[RefusedRow] = []
    failures: list[BaseException] = []
    parse = _Parse(text.path, name, header, chosen or NO_DELIMITER, block, refused)
    reader = raw_reader(header.names, parse.batches(), failures)
    return RawFile(path, name, header.names, reader, refused, text.encoding, chosen, "delimited", failures=failures)


def _declared(delimiter: str, name: str) -> str | None:
    if delimiter == "auto":
        return None
    found = DELIMITERS.get(delimiter, delimiter)
    if len(found) != 1 or not found.isascii() or found in '"\r\n':
        expected = "auto, one character, or comma, semicolon, tab, pipe"
        raise unreadable(name, f"delimiter {delimiter!r} cannot be used", "Mend delimiter in audit.toml.", expected)
    return found


def _header(path: Path, start: int, delimiter: str, skip_rows: int, name: str) -> Header:
    with told_as(name), path.open("rb") as file:
        file.seek(start)
        used = [start]
        records = csv.reader(_counted_lines(file, used), delimiter=delimiter)
        try:
            for row, record in enumerate(records, start=1):
                if row > skip_rows and any(cell.strip("\ufeff \t") for cell in record):
                    return Header(unique_headers(record), row, used[0])
        except csv.Error as error:
            raise unreadable(f"{name}, row {skip_rows + 1}", f"is no header: {error}", CLOSE_THE_QUOTE) from error
    raise unreadable(name, f"has no header after {skip_rows} skipped rows", "Mend skip_rows, or export again.")


def _counted_lines(file: BinaryIO, used: list[int]) -> Iterator[str]:
    """Lines ended by \\n, \\r\\n or \\r, as the parser splits them; ``used`` counts their bytes."""
    carry = b""
    while line := carry or file.readline(LONGEST_LINE):
        end = line.find(b"\r") + 1
        if end and line[end : end + 1] == b"\n":
            end += 1
        line, carry = (line[:end], line[end:]) if end else (line, b"")
        used[0] += len(line)
        yield line.decode("utf-8", "replace")


class _WithEnd:
    """The file from a byte on, followed by the record that marks its end."""

    def __init__(self, path: Path, start: int, end: bytes):
        self.file, self.end = path.open("rb"), end
        self.file.seek(start)

    closed = property(lambda self: self.file.closed)

    def read(self, size: int = -1) -> bytes:
        chunk = self.file.read(size)
        if len(chunk) > 1 and chunk.endswith(b"\r"):
            # The parser takes a \n that starts a block for the rest of a line end, even within quotes, and drops it.
            self.file.seek(-1, 1)
            return chunk[:-1]
        if chunk.strip(b"\r"):
            return chunk
        end, self.end = self.end, b""
        return chunk + end

    def close(self) -> None:
        self.file.close()


class _Parse:
    """One pass over the data rows: what the parser needs, and the numbers of the records it refused."""

    def __init__(self, path: Path, name: str, header: Header, delimiter: str, block: int, refused: list[RefusedRow]):
        self.path, self.name, self.header, self.delimiter, self.block = path, name, header, delimiter, block
        self.refused = refused
        self.end = delimiter * len(header.names) + END
        self.gaps: deque[int] = deque()
        self.next_row = header.row + 1
        self.ended = False
        self.fault: DataError | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        source = _WithEnd(self.path, self.header.data_starts, f"\n{self.end}\n".encode())
        try:
            with told_as(self.name):
                for batch in self._parser(source):
                    yield self._numbered(batch)
        except pa.ArrowInvalid as error:
            raise self._stopped(error) from error
        finally:
            source.close()
        if self.fault or not self.ended:
            raise self.fault or self._stopped(pa.ArrowInvalid("its end was not found"))

    def _parser(self, source: _WithEnd) -> arrow_csv.CSVStreamingReader:
        names = list(self.header.names)
        return arrow_csv.open_csv(
            pa.PythonFile(source, "r"),
            # Without threads the parser tells the number of each record that it refuses.
            arrow_csv.ReadOptions(use_threads=False, block_size=self.block, column_names=names),
            arrow_csv.ParseOptions(
                delimiter=self.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self._refuse,
            ),
            arrow_csv.ConvertOptions(
                check_utf8=False,  # the text was checked when it was opened
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    def _refuse(self, row: arrow_csv.InvalidRow) -> str:
        number, text = self.header.row + row.number, row.text
        self.gaps.append(number)
        if text == self.end:
            self.ended = True
        elif not self._runs_to_the_end(number, text) and text.strip(f"{self.delimiter} \t"):
            reason = f"{_fields(row.actual_columns)} where the header has {len(self.header.names)}"
            self.refused.append(RefusedRow(number, "", _shortened(text), reason))
        return "skip"

    def _runs_to_the_end(self, row: int, text: str) -> bool:
        """Whether the row holds the end mark: its last quotation mark was never closed. Such a row is refused."""
        value, found, _ = text.partition(f"\n{self.end}")
        if found:
            self.ended = True
            reason = "a quotation mark is never closed; the file may be cut off"
            if (lines := value.rstrip().count("\n")) > LINES_OF_A_LONG_CELL:
                finding = f"{reason} ({lines} lines after it cannot be told apart)"
                self.fault = unreadable(f"{self.name}, row {row}", finding, CLOSE_THE_QUOTE)
            self.refused.append(RefusedRow(row, "", _shortened(value.rstrip("\r\n")), reason))
        return bool(found)

    def _numbered(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = self._row_numbers(batch.num_rows)
        batch = pa.record_batch([*batch.columns, pa.array(rows)], schema=raw_schema(self.header.names))
        batch = self._without_open_quote(batch)
        columns = batch.columns[:-1]
        if not batch.num_rows or min(column.null_count for column in columns) == 0:
            return batch
        return batch.filter(reduce(pc.or_, (column.is_valid() for column in columns)))

    def _row_numbers(self, count: int) -> np.ndarray:
        """The numbers of the next ``count`` good rows: consecutive, except where a record was refused."""
        first, last, gaps = self.next_row, self.next_row + count - 1, []
        while self.gaps and self.gaps[0] <= last:
            gaps.append(self.gaps.popleft() - first)
            last += 1
        self.next_row = last + 1
        return np.delete(np.arange(first, last + 1, dtype=np.int64), gaps)

    def _without_open_quote(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Takes out the last row where its last cell ran on to the end of the file."""
        if not batch.num_rows or END not in (batch.column(len(self.header.names) - 1)[-1].as_py() or ""):
            return batch
        *cells, row = (column[-1].as_py() or "" for column in batch.columns)
        self._runs_to_the_end(row, self.delimiter.join(cells))
        return batch.slice(0, batch.num_rows - 1)

    def _stopped(self, error: pa.ArrowInvalid) -> DataError:
        place = f"{self.name}, after row {self.next_row - 1}"
        if "straddling" in str(error):
            finding = f"a record is longer than {_size(self.block)}: usually a quotation mark that is never closed"
            return unreadable(place, finding, CLOSE_THE_QUOTE)
        return unreadable(place, f"cannot be read as delimited text: {error}", CLOSE_THE_QUOTE)


def _fields(count: int) -> str:
    return "1 field" if count == 1 else f"{count} fields"


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED_VALUE else text[:LONGEST_QUOTED_VALUE] + "…"


def _size(size: int) -> str:
    return f"{size >> 20} MiB" if size >= 1 << 20 else f"{size} bytes"
