"""What reading a file gives: raw text columns with row numbers, whatever the file was.

Every format ends here, so that the steps that type and map the values see one shape only: the headers as text columns
(null = an absent or empty cell) and ``source_row``. The rows come as a stream of Arrow record batches, which DuckDB
reads directly. What could not be read as a row is kept beside the stream as evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from auditkit.errors import DataError

SOURCE_ROW = "source_row"


@dataclass(frozen=True)
class RefusedRow:
    """A row that could not be read: its number, the column (empty: the whole row), its text and the reason."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class RawFile:
    """One readable table: a file, a member of a zip archive, or one sheet of a workbook.

    ``reader`` can be consumed once; its columns are ``headers`` as text, then ``source_row`` (int64). ``refused``
    fills while it is consumed. ``date_cells`` counts, for each column of a workbook, the cells that held a real date
    rather than text. Consume the reader inside ``with raw.own_words():`` when DuckDB does the reading.
    """

    path: Path
    name: str
    headers: tuple[str, ...]
    reader: pa.RecordBatchReader
    refused: list[RefusedRow]
    encoding: str
    delimiter: str | None
    kind: str
    date_cells: dict[str, int] = field(default_factory=dict)
    failures: list[BaseException] = field(default_factory=list)

    @contextmanager
    def own_words(self) -> Iterator[None]:
        """Raises what stopped the reader (a DataError, an interruption) in place of a reading library's wrapping."""
        try:
            yield
        except DataError:
            raise
        except Exception:
            if self.failures:
                raise self.failures[0] from None
            raise


def unique_headers(cells: Iterable[str | None]) -> tuple[str, ...]:
    """Header cells as usable column names: trimmed, ``column 3`` for an empty one, ``category (2)`` for a second use.

    Names that differ only in case count as the same name, because SQL does not tell them apart.
    """
    used = {SOURCE_ROW}
    names = []
    for position, cell in enumerate(cells, start=1):
        base = _whole(cell or "").strip("\ufeff").strip() or f"column {position}"
        name, use = base, 1
        while name.lower() in used:
            use += 1
            name = f"{base} ({use})"
        used.add(name.lower())
        names.append(name)
    return tuple(names)


def raw_schema(headers: Sequence[str]) -> pa.Schema:
    """The schema of a raw stream: every header as text, then ``source_row``."""
    return pa.schema([*((header, pa.string()) for header in headers), (SOURCE_ROW, pa.int64())])


def raw_reader(
    headers: Sequence[str], batches: Iterable[pa.RecordBatch], failures: list[BaseException]
) -> pa.RecordBatchReader:
    """A reader over ``batches`` that remembers in ``failures`` the error that stopped it."""
    return pa.RecordBatchReader.from_batches(raw_schema(headers), _remembering(batches, failures))


def text_batch(headers: Sequence[str], columns: Sequence[Sequence[str | None]], rows: Sequence[int]) -> pa.RecordBatch:
    """One record batch from Python values, column by column."""
    arrays = [_text_array(column) for column in columns]
    return pa.record_batch([*arrays, pa.array(rows, pa.int64())], schema=raw_schema(headers))


def _text_array(column: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(column, pa.string())
    except UnicodeEncodeError:  # half a character, which JSON can spell and no text can hold
        return pa.array([value and _whole(value) for value in column], pa.string())


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _remembering(batches: Iterable[pa.RecordBatch], failures: list[BaseException]) -> Iterator[pa.RecordBatch]:
    try:
        yield from batches
    except GeneratorExit:  # nobody reads on: no failure
        raise
    except BaseException as error:
        failures.append(error)
        raise
