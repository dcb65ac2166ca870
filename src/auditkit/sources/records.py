"""Reads JSON and JSON Lines as text columns; nested objects become columns with dotted names (``requester.id``).

A JSON file is an array of objects, or an object that holds one such list (``{"tickets": [...]}``). JSON Lines is one
object a line; a line that is broken is refused with its number. The headers are the union of the keys of all records,
in the order in which they first come up. Records count from 1; in JSON Lines the lines do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import pyarrow as pa

from auditkit.sources.cells import nested_text
from auditkit.sources.faults import told_as, unreadable
from auditkit.sources.raw import RawFile, RefusedRow, raw_reader, text_batch, unique_headers
from auditkit.sources.text import Text

BATCH_RECORDS = 20_000
LONGEST_QUOTED_VALUE = 300
Record = tuple[int, dict[str, str | None]]


def open_json(text: Text, path: Path, name: str, *, key: str | None = None) -> RawFile:
    """The records of a JSON document; ``key`` names the list where the document holds several.

    Raises :class:`DataError` for broken JSON (with its line), for a document without records, and for several lists.
    """
    cited = f"{name}#{key}" if key else name
    refused: list[RefusedRow] = []
    records: list[Record] = []
    for number, value in enumerate(_record_list(_document(text, name), name, key), start=1):
        try:
            if isinstance(value, dict):
                records.append((number, flattened(value)))
            else:
                refused.append(RefusedRow(number, "", _quoted(value), "is not an object"))
        except RecursionError:
            refused.append(RefusedRow(number, "", "", "is nested too deeply"))
    if refused and not records:
        raise unreadable(
            cited,
            f"holds no records; the first {refused[0].reason}",
            "Export a list of records.",
            '[{"id": 1, ...}, ...]',
        )
    return _raw_file(path, cited, text, "json", _keys(records), lambda _: records, refused)


def open_json_lines(text: Text, path: Path, name: str) -> RawFile:
    """The records of a JSON Lines file, read twice: once for the keys, once as the reader is consumed.

    Raises :class:`DataError` where not one line is a record.
    """
    refused: list[RefusedRow] = []
    with told_as(name):
        keys = _keys(_lines(text, refused))
    if not keys and refused:
        row = refused[0].row
        raise unreadable(f"{name}, line {row}", f"no line is a record; {refused[0].reason}", "Export the file again.")
    return _raw_file(path, name, text, "json lines", keys, lambda kept: _lines(text, kept), [])


def flattened(record: dict, prefix: str = "") -> dict[str, str | None]:
    """One record as text by dotted key; lists of plain values joined by commas, lists of objects as compact JSON.

    >>> flattened({"id": 7, "requester": {"name": "Åse"}, "tags": ["vip", "fi"], "open": True})
    {'id': '7', 'requester.name': 'Åse', 'tags': 'vip,fi', 'open': 'true'}
    """
    flat: dict[str, str | None] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value:
            flat |= flattened(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = _json_text(value)
    return flat


def _json_text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return nested_text(value)
    return None if value != value else repr(value)  # NaN, which some exports write, is no number


def _document(text: Text, name: str) -> object:
    try:
        with told_as(name), text.path.open("rb") as file:
            file.seek(text.start)
            return json.loads(file.read().decode("utf-8"))
    except json.JSONDecodeError as error:
        place, words = f"{name}, line {error.lineno}, column {error.colno}", error.msg
    except (ValueError, RecursionError) as error:
        place, words = name, str(error)
    raise unreadable(place, f"is not valid JSON: {words}", "Export it again; it may be cut off.")


def _record_list(document: object, name: str, key: str | None) -> list:
    if isinstance(document, list):
        return document
    lists = {found: value for found, value in document.items() if _is_record_list(value)}  # type: ignore[attr-defined]
    filled = {found: value for found, value in lists.items() if value} or lists
    if key is not None and key not in lists:
        there = ", ".join(f"'{found}'" for found in lists) or "none"
        raise unreadable(name, f"has no list '{key}'", f"Lists in it: {there}. Mend sheet in audit.toml.")
    if key is None and len(filled) > 1:
        there = ", ".join(f"'{found}'" for found in filled)
        raise unreadable(name, f"holds several lists of records: {there}", "Name one of them with sheet = ...")
    return lists[key] if key else next(iter(filled.values()), [document])


def _is_record_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _lines(text: Text, refused: list[RefusedRow]) -> Iterator[Record]:
    with text.path.open("rb") as file:
        file.seek(text.start)
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                value = json.loads(line)
                record = flattened(value) if isinstance(value, dict) else None
            except (ValueError, RecursionError) as error:
                words = error.msg if isinstance(error, json.JSONDecodeError) else "it cannot be parsed"
                refused.append(RefusedRow(number, "", _quoted(line), f"is not valid JSON: {words}"))
                continue
            if record is not None:
                yield number, record
            else:
                refused.append(RefusedRow(number, "", _quoted(line), "is not an object"))


def _keys(records: Iterable[Record]) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for _, record in records:
        if record.keys() - keys.keys():
            keys |= dict.fromkeys(record)
    return tuple(keys)


def _raw_file(path, name, text, kind, keys, records, refused) -> RawFile:
    headers = unique_headers(keys)
    failures: list[BaseException] = []
    reader = raw_reader(headers, _batches(headers, keys, records(refused)), failures)
    return RawFile(path, name, headers, reader, refused, text.encoding, None, kind, failures=failures)


def _batches(headers: Sequence[str], keys: Sequence[str], records: Iterable[Record]) -> Iterator[pa.RecordBatch]:
    rest = iter(records)
    while part := list(islice(rest, BATCH_RECORDS)):
        columns = [[record.get(key) for _, record in part] for key in keys]
        yield text_batch(headers, columns, [number for number, _ in part])


def _quoted(value: object) -> str:
    text = value.decode("utf-8", "replace").strip() if isinstance(value, bytes) else json.dumps(value)
    return text if len(text) <= LONGEST_QUOTED_VALUE else text[:LONGEST_QUOTED_VALUE] + "…"
