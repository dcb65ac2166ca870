"""Which column of a file feeds which canonical column.

In go a file's headers and its ``[[source]]``; out comes one :class:`Feed` for each canonical column that the file can
give. A required column without a feed stops the load with a remedy to paste; an optional one that was mapped to a
header the file lacks becomes a notice. It stands alone because it needs no row of the file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from auditkit.config import Source
from auditkit.errors import DataError, Problem
from auditkit.labels import said
from auditkit.notices import Notice
from auditkit.schema import TABLES, Column
from auditkit.translation import N_

UPDATED_AT = Column("updated_at", "instant", "when the row was last written; orders the rows that fold into one")


@dataclass(frozen=True)
class Feed:
    """Where one canonical column comes from: headers to be joined by a blank, or a constant.

    ``implied`` means that others were mapped and this one was not: the file merely has a header of the same name.
    """

    column: Column
    headers: tuple[str, ...] = ()
    constant: str | int | float | bool | None = None
    implied: bool = False


def map_columns(file: str, headers: Sequence[str], source: Source) -> tuple[tuple[Feed, ...], tuple[Notice, ...]]:
    """The feeds of one file in schema order, and what was noticed.

    ``file`` is the name to cite. Raises DataError with every required column that has no feed.
    """
    feeds, notices, problems, unmapped = [], [], [], []
    for column in TABLES[source.table].columns:
        wanted = _as_list(source.columns.get(column.name))
        found = _found(wanted, headers)
        if wanted:
            problems += _absent_problems(file, headers, column, wanted, found)
            notices += _absent_notices(file, headers, source.table, column, wanted, found)
        elif column.name not in source.constants:
            found = _found([column.name], headers)
            unmapped += [column.name] if column.required and not found else []
        if found:
            feeds.append(Feed(column, headers=found, implied=bool(source.columns) and not wanted))
        elif not wanted and column.name in source.constants:
            feeds.append(Feed(column, constant=source.constants[column.name]))
    wanted = _as_list(source.updated_at)
    if wanted:
        found = _found(wanted, headers)
        problems += [] if found else [_absent(file, headers, "updated_at", wanted)]
        feeds.append(Feed(UPDATED_AT, headers=found))
    problems += [_unmapped(file, headers, source.table, unmapped)] if unmapped else []
    if problems:
        raise DataError(*problems)
    return tuple(feeds), tuple(notices)


def nearest_header(wanted: str, headers: Sequence[str]) -> str | None:
    """The header most like ``wanted``, when one is near.

    >>> nearest_header("Opened at", ["Closed", "opened_at"])
    'opened_at'
    """
    folded = {_fold(header).replace("_", " "): header for header in headers}
    close = difflib.get_close_matches(_fold(wanted).replace("_", " "), folded, n=1, cutoff=0.55)
    return folded[close[0]] if close else None


def _as_list(wanted: str | Sequence[str] | None) -> list[str]:
    return [] if wanted is None else [wanted] if isinstance(wanted, str) else list(wanted)


def _fold(header: str) -> str:
    return " ".join(header.casefold().split())


def _found(wanted: Sequence[str], headers: Sequence[str]) -> tuple[str, ...]:
    """The file's own spelling of each wanted header that it has."""
    folded = {_fold(header): header for header in reversed(headers)}
    return tuple(
        one if one in headers else folded[_fold(one)] for one in wanted if one in headers or _fold(one) in folded
    )


def _absent_problems(
    file: str, headers: Sequence[str], column: Column, wanted: Sequence[str], found: Sequence[str]
) -> Iterator[Problem]:
    if column.required and not found:
        yield _absent(file, headers, column.name, wanted)


def _absent(file: str, headers: Sequence[str], column: str, wanted: Sequence[str]) -> Problem:
    words = " and ".join(repr(one) for one in wanted)
    near = next((one for one in (nearest_header(each, headers) for each in wanted) if one), None)
    remedy = f"Did you mean {near!r}? Mend the mapping of {column} in audit.toml." if near else "Mend audit.toml."
    return Problem(
        f"{file}, column '{column}'",
        f"is mapped to {words}, which the file does not have",
        f"one of its headers: {_listed(headers)}",
        remedy,
    )


def _absent_notices(
    file: str, headers: Sequence[str], table: str, column: Column, wanted: Sequence[str], found: Sequence[str]
) -> Iterator[Notice]:
    absent = [one for one in wanted if not _found([one], headers)]
    if not absent or (column.required and not found):
        return
    names = {"file": file, "header": tuple(repr(one) for one in absent), "column": column.name}
    if found:
        statement = said(
            "{file} has no column {header}, which {column} is mapped to: {column} is read without it.", **names
        )
    else:
        statement = said(
            "{file} has no column {header}, which {column} is mapped to: {column} is empty for this file.", **names
        )
    near = nearest_header(absent[0], headers)
    yield Notice(
        "column_absent_in_file",
        "medium",
        table,
        file,
        statement,
        1,
        remedy=said("Did you mean '{name}'?", name=near)
        if near
        else N_("Export the file again with this column, or take out the mapping."),
    )


def _unmapped(file: str, headers: Sequence[str], table: str, columns: Sequence[str]) -> Problem:
    lines = [f'{column} = "{_toml(nearest_header(column, headers) or "...")}"' for column in columns]
    return Problem(
        file,
        f"nothing says where the required {'columns' if len(columns) > 1 else 'column'} "
        f"{', '.join(columns)} of {table} {'come' if len(columns) > 1 else 'comes'} from",
        f"a header for each; the file has {_listed(headers)}",
        "Add to its [[source]] in audit.toml, with the right headers:\n[source.columns]\n" + "\n".join(lines),
    )


def _listed(headers: Sequence[str]) -> str:
    shown = ", ".join(repr(header) for header in headers[:40])
    return f"{shown}, ... ({len(headers)} in all)" if len(headers) > 40 else shown or "no header at all"


def _toml(header: str) -> str:
    return header.replace("\\", "\\\\").replace('"', '\\"')
