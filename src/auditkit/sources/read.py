"""The one entry for reading a file: whatever its kind, it comes out as raw text columns with row numbers.

In comes a path and the name reports cite it by; out comes one :class:`RawFile` for each table in it: the file, each
member of a zip archive, or a sheet of a workbook. What the file is, its content decides first, and its ending second.
Values are not typed here.
"""

from __future__ import annotations

from pathlib import Path

from auditkit.sources.delimited import open_delimited
from auditkit.sources.find import expand
from auditkit.sources.kinds import text_kind
from auditkit.sources.raw import SOURCE_ROW, RawFile, RefusedRow
from auditkit.sources.text import as_utf8
from auditkit.sources.unpack import Plain, unpacked

__all__ = ["SOURCE_ROW", "RawFile", "RefusedRow", "expand", "open_file"]


def open_file(
    path: Path,
    name: str,
    *,
    encoding: str = "auto",
    delimiter: str = "auto",
    sheet: str | None = None,
    skip_rows: int = 0,
    scratch: Path,
) -> list[RawFile]:
    """The tables in the file at ``path``, each a stream of text columns and ``source_row``.

    ``name`` is how reports cite the file; a zip member adds ``!member``, a named sheet ``#sheet``. ``sheet`` also
    names the list in a JSON document that holds several. ``skip_rows`` counts rows before the header. ``scratch`` is
    a folder for unpacked and transcoded copies; it must live until the readers are consumed. Raises
    :class:`DataError` for whatever cannot be read, now or while a reader is consumed.
    """
    return [
        _open(part, path, encoding=encoding, delimiter=delimiter, sheet=sheet, skip_rows=skip_rows, scratch=scratch)
        for part in unpacked(path, name, scratch)
    ]


def _open(
    part: Plain, path: Path, *, encoding: str, delimiter: str, sheet: str | None, skip_rows: int, scratch: Path
) -> RawFile:
    if part.kind == "workbook":
        from auditkit.sources.sheets import open_sheet

        return open_sheet(path, part.path, part.name, sheet=sheet, skip_rows=skip_rows)
    if part.kind == "parquet":
        from auditkit.sources.parquet import open_parquet

        return open_parquet(path, part.path, part.name)
    text = as_utf8(part.path, part.name, encoding, scratch)
    kind = text_kind(text.head(), part.name)
    if kind == "delimited":
        return open_delimited(text, path, part.name, delimiter=delimiter, skip_rows=skip_rows)
    from auditkit.sources.records import open_json, open_json_lines

    if kind == "json":
        return open_json(text, path, part.name, key=sheet)
    return open_json_lines(text, path, part.name)
