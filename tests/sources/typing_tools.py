"""A raw file drawn as text columns, and the typed rows that come of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from auditkit.config import Source
from auditkit.sources.raw import RawFile, RefusedRow, raw_schema
from auditkit.sources.typed import TypedFile, type_file


def raw_file(
    columns: dict[str, list[str | None]], refused: tuple[RefusedRow, ...] = (), name: str = "data/a.csv"
) -> RawFile:
    """A file with these text columns; the first data row is row 2."""
    headers = tuple(columns)
    count = len(next(iter(columns.values()))) if columns else 0
    arrays = [pa.array(columns[header], pa.string()) for header in headers]
    table = pa.table([*arrays, pa.array(range(2, 2 + count), pa.int64())], schema=raw_schema(headers))
    return RawFile(Path(name), name, headers, table.to_reader(), list(refused), "utf-8", ",", "delimited")


class Typed:
    """A typed file with its rows read back."""

    def __init__(self, raw: RawFile, zone: str = "UTC", **source: object):
        self.con = duckdb.connect()
        self.con.execute("SET TimeZone = 'Asia/Tokyo'")  # the session's zone must not matter
        self.file: TypedFile = type_file(self.con, raw, Source(path="data/a.csv", **source), zone, "typed here")

    def column(self, name: str) -> list:
        """The kept values in the order of the file."""
        query = f'SELECT "{name}" AS v FROM "typed here" ORDER BY source_row'
        values = self.con.sql(query).to_arrow_table()["v"].to_pylist()
        return [value.astimezone(UTC) if isinstance(value, datetime) else value for value in values]

    @property
    def refused(self) -> list[tuple[int, str, str, str]]:
        """(row, column, value, reason) of each refused cell."""
        return [(one["row"], one["column"], one["value"], one["reason"]) for one in self.file.refused.to_pylist()]

    @property
    def checks(self) -> list[str]:
        """The names of what was noticed."""
        return [notice.check for notice in self.file.notices]


def tickets(cells: dict[str, list[str | None]], zone: str = "UTC", **source: object) -> Typed:
    """Tickets with these columns, with ids, a team and a creation time where they are not drawn."""
    count = len(next(iter(cells.values())))
    ids: dict[str, list[str | None]] = {"ticket_id": [str(number) for number in range(count)]}
    fixed: dict[str, list[str | None]] = {"team": ["A"] * count, "created_at": ["2024-01-31"] * count}
    return Typed(raw_file(ids | fixed | cells), zone, table="tickets", **source)


def created(*values: str | None, zone: str = "UTC", **source: object) -> Typed:
    """Tickets with these creation times."""
    return tickets({"created_at": list(values)}, zone, **source)


def utc(text: str) -> datetime:
    """An instant: "2024-05-01 09:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
