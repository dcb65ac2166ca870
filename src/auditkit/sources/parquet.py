"""Reads a Parquet file as text columns, batch by batch.

Structs become columns with dotted names, lists are joined by commas, instants are ISO (``Z`` where the column has a
zone, no suffix where it has none), floats that are whole lose their ``.0`` (pandas stores ids with gaps as floats).
Records count from 1. Arrow does the work; Python values are only made for nested lists and other rare types.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as kinds

from auditkit.sources.cells import text_of
from auditkit.sources.faults import told_as, unreadable
from auditkit.sources.raw import RawFile, raw_reader, raw_schema, unique_headers

BATCH_ROWS = 50_000
EXPORT_AGAIN = "Export or copy the file again."
DAMAGED = (pa.ArrowException, UnicodeDecodeError)


def open_parquet(path: Path, file: Path, name: str) -> RawFile:
    """The table in the Parquet file at ``file``; ``path`` is the source on disk.

    Raises :class:`DataError` for a file that is damaged or cut off, here or while the reader is consumed.
    """
    try:
        with told_as(name):
            parquet = pq.ParquetFile(file)
    except DAMAGED as error:
        raise unreadable(name, f"is a damaged or cut off Parquet file ({error})", EXPORT_AGAIN) from error
    headers = unique_headers(_flat(parquet.schema_arrow.empty_table()).column_names)
    failures: list[BaseException] = []
    reader = raw_reader(headers, _batches(parquet, headers, name), failures)
    return RawFile(path, name, headers, reader, [], "", None, "parquet", failures=failures)


def _batches(parquet: pq.ParquetFile, headers: tuple[str, ...], name: str) -> Iterator[pa.RecordBatch]:
    first = 1
    try:
        with told_as(name), parquet:
            for batch in parquet.iter_batches(BATCH_ROWS):
                batch.validate(full=True)  # reading alone lets text through that is not UTF-8
                columns = [_text(column) for column in _flat(pa.Table.from_batches([batch])).columns]
                rows = pa.array(range(first, first + batch.num_rows), pa.int64())
                first += batch.num_rows
                yield pa.record_batch([*columns, rows], schema=raw_schema(headers))
    except DAMAGED as error:
        place = f"{name}, after record {first - 1}"
        raise unreadable(place, f"is a damaged or cut off Parquet file ({error})", EXPORT_AGAIN) from error


def _flat(table: pa.Table) -> pa.Table:
    while any(kinds.is_struct(column.type) for column in table.schema):
        table = table.flatten()
    return table


def _text(column: pa.ChunkedArray) -> pa.Array:
    array = pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, pa.string())
    if kinds.is_dictionary(array.type):
        array = array.dictionary_decode()
    if kinds.is_timestamp(array.type):
        return _instants(array)
    if kinds.is_floating(array.type):
        return _numbers(array)
    if _is_plain(array.type):
        text = pc.cast(array, pa.string())
        return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return pa.array([text_of(value) for value in array.to_pylist()], pa.string())


def _is_plain(kind: pa.DataType) -> bool:
    tests = (kinds.is_string, kinds.is_large_string, kinds.is_string_view, kinds.is_integer, kinds.is_boolean)
    return any(test(kind) for test in (*tests, kinds.is_decimal, kinds.is_date32, kinds.is_null))


def _numbers(array: pa.Array) -> pa.Array:
    return pc.cast(pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array), pa.string())


def _instants(array: pa.Array) -> pa.Array:
    """YYYY-MM-DD HH:MM:SS, with a fraction only where a value of the batch has one, and Z where there is a zone."""
    zoned = array.type.tz is not None
    for unit in ("s", "ms", "us", "ns"):
        try:
            text = pc.cast(pc.cast(array, pa.timestamp(unit)), pa.string())
            return pc.binary_join_element_wise(text, "Z", "") if zoned else text
        except pa.ArrowInvalid:  # a finer fraction than this unit holds
            continue
    return pa.array([text_of(value) for value in array.to_pylist()], pa.string())
