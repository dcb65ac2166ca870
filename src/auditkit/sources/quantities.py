"""Reads the number and duration columns of one file: looks at how they are written and settles the decimal mark.

In go the file's raw text table and its columns; out come readings, and the problems that only the owner of the file can
settle. It stands between numbers.py, which knows shapes but no rows, and typed.py, which knows rows but no shapes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from auditkit.errors import Problem
from auditkit.schema import Column
from auditkit.sources import numbers, sql
from auditkit.sources.readings import Reading

QUANTITIES = ("number", "count", "duration")


@dataclass(frozen=True)
class Quantities:
    """The readings of a file's number, count and duration columns by name, and what must be settled first."""

    readings: Mapping[str, Reading]
    problems: tuple[Problem, ...]


def read_quantities(
    con: duckdb.DuckDBPyConnection,
    raw: str,
    file: str,
    columns: Iterable[tuple[Column, str, str]],
    decimal: str = "auto",
) -> Quantities:
    """The readings of (column, unit, condition for cells to look at) triples in the table ``raw``."""
    columns = list(columns)
    shapes = {column.name: sql.shapes(con, raw, numbers.source_text(column), where) for column, _, where in columns}
    found = {column.name: _marks(con, raw, shapes[column.name], column, where) for column, _, where in columns}
    agreed = {one.decimal for one in found.values() if one.comma or one.point} - {None}
    readings, problems = {}, []
    for column, unit, where in columns:
        own = found[column.name]
        mark = decimal if decimal != "auto" else own.decimal
        if mark is None and not own.is_contradictory and len(agreed) == 1:
            mark = next(iter(agreed))
        if mark is None:
            problems.append(_open_problem(con, raw, file, column, where, own))
        elif column.type == "duration":
            readings[column.name] = numbers.duration_reading(column, shapes[column.name], mark, unit)
        else:
            readings[column.name] = numbers.number_reading(column, shapes[column.name], mark)
    return Quantities(readings, tuple(problems))


def _marks(
    con: duckdb.DuckDBPyConnection, raw: str, shapes: Iterable[str], column: Column, where: str
) -> numbers.Marks:
    """The decimal marks of a column; where only commas before three digits are left, one "0,125" settles it."""
    found = numbers.marks(shapes)
    if found.decimal is None and not found.is_contradictory:
        fraction = f"regexp_full_match({numbers.source_text(column)}, '[-+]?0,[0-9]{{3}}')"
        if sql.rows(con, f"SELECT 1 FROM {raw} WHERE {where} AND {fraction} LIMIT 1"):
            return numbers.Marks(comma=found.either)
    return found


def _open_problem(
    con: duckdb.DuckDBPyConnection, raw: str, file: str, column: Column, where: str, found: numbers.Marks
) -> Problem:
    own, place = numbers.source_text(column), f"{file}, column '{column.name}'"
    remedy = 'Add to its [[source]] in audit.toml: decimal = "," or decimal = ".".'
    conditions = (sql.has_shape(own, shapes) for shapes in (found.comma, found.point, found.either))
    counted = ", ".join(f"count(*) FILTER ({one}), arg_min({own}, source_row) FILTER ({one})" for one in conditions)
    (commas, comma, points, point, _, either), *_ = sql.rows(con, f"SELECT {counted} FROM {raw} WHERE {where}")
    if found.is_contradictory:
        finding = (
            f"{commas} numbers such as {comma!r} can only have a decimal comma, and {points} such as {point!r} "
            "only a decimal point"
        )
        return Problem(place, finding, "one of them; the others are then refused", remedy)
    whole, fraction = either.rsplit(",", 1)
    finding = f"has commas before three digits only: {either!r} is {whole}{fraction} or {whole}.{fraction}"
    return Problem(place, finding, "a declared decimal mark", remedy)
