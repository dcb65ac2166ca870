"""Reads the instant columns of one file: looks at how they are written, settles the order of day and month, gives SQL.

In go the file's raw text table and the ``dates`` rule of each column; out come readings that give microseconds
(local, or UTC where the text carries an offset), notices, and the problems that only the owner of the file can
settle. It stands between dates.py, which knows forms but no rows, and typed.py, which knows rows but no forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from auditkit.config import nearest
from auditkit.errors import Problem
from auditkit.labels import said
from auditkit.notices import Notice
from auditkit.schema import Column
from auditkit.sources import dates, sql
from auditkit.sources.readings import Reading, text
from auditkit.sources.written import Written, instant_reading
from auditkit.translation import N_


@dataclass(frozen=True)
class Instants:
    """The readings of a file's instant columns by column name, with what was noticed and what must be settled."""

    readings: Mapping[str, Reading]
    notices: tuple[Notice, ...]
    problems: tuple[Problem, ...]


def rule_of(rules: str | Mapping[str, str], column: str) -> str:
    """The ``dates`` rule of one column."""
    return rules if isinstance(rules, str) else rules.get(column, "auto")


def rule_problem(con: duckdb.DuckDBPyConnection, file: str, column: str, rule: str) -> Problem | None:
    """What is wrong with a ``dates`` rule, if anything."""
    place = f"audit.toml, dates of {column} ({file})"
    if "%" not in rule:
        expectation = f"{', '.join(dates.DECLARABLE)} or a format such as %d/%m/%Y %H:%M"
        known = rule in dates.DECLARABLE
        return (
            None
            if known
            else Problem(place, f"{rule!r} is not understood", expectation, nearest(rule, dates.DECLARABLE))
        )
    try:
        sql.rows(con, f"SELECT try_strptime('', {sql.literal(rule)})::VARCHAR")
    except duckdb.Error as error:
        return Problem(place, f"{rule!r} is not a strptime format: {str(error).splitlines()[0]}")
    return None


def read_instants(
    con: duckdb.DuckDBPyConnection, raw: str, file: str, table: str, columns: Iterable[tuple[Column, str, str]]
) -> Instants:
    """The readings of (column, rule, condition for cells to look at) triples in the table ``raw``."""
    written = [_look(con, raw, column, rule, where) for column, rule, where in columns]
    evidence = {
        (one.column.name, separator): _evidence(con, raw, one, separator, shapes)
        for one in written
        for separator, shapes in one.numeric.items()
    }
    settled = dates.settle(evidence, {one.column.name: one.rule for one in written})
    problems = tuple(_open_problem(file, column, found) for (column, _), found in settled.unsettled.items())
    notices = [
        _borrowed(file, table, column, settled.orders[column, separator]) for column, separator in settled.from_others
    ]
    for one in written:
        found = [value for (column, _), value in evidence.items() if column == one.column.name]
        notices += _swapped(con, raw, file, table, one, found)
    readings = {} if problems else {one.column.name: instant_reading(one, settled.orders) for one in written}
    return Instants(readings, tuple(notices), problems)


def _look(con: duckdb.DuckDBPyConnection, raw: str, column: Column, rule: str, where: str) -> Written:
    if "%" in rule:
        return Written(column, rule, where, {})
    shapes = sql.shapes(con, raw, text(column), where)
    forms = {shape: form for shape in shapes if (form := dates.form_of(shape)) and _accepts(rule, form)}
    return Written(column, rule, where, shapes, forms)


def _accepts(rule: str, form: dates.Form) -> bool:
    """Year-first forms are always understood; a rule that names another way of writing adds only that."""
    if rule in ("excel", "epoch"):
        return form.kind == "year-first"
    return rule != "iso" or form.kind in ("year-first", "compact")


def _evidence(
    con: duckdb.DuckDBPyConnection, raw: str, written: Written, separator: str, shapes: list[str]
) -> dates.Evidence:
    own = text(written.column)
    first, second = (f"TRY_CAST(split_part({own}, {sql.literal(separator)}, {part}) AS INTEGER)" for part in (1, 2))
    among = "" if len(shapes) == len(written.shapes) else f" AND {sql.has_shape(own, shapes)}"
    (row,) = sql.rows(
        con,
        f"""
        SELECT count(*) FILTER (a BETWEEN 13 AND 31 AND b BETWEEN 1 AND 12),
               count(*) FILTER (b BETWEEN 13 AND 31 AND a BETWEEN 1 AND 12),
               count(*) FILTER (a <> b AND a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12),
               count(*) FILTER (a = b AND a BETWEEN 1 AND 12),
               arg_min(t, source_row) FILTER (a <> b AND a BETWEEN 1 AND 12 AND b BETWEEN 1 AND 12)
        FROM (SELECT source_row, {own} AS t, {first} AS a, {second} AS b FROM {raw} WHERE {written.where}{among})
    """,
    )
    return dates.Evidence(*row[:4], row[4] or "")


def _open_problem(file: str, column: str, found: dates.Evidence) -> Problem:
    place = f"{file}, column '{column}'"
    remedy = (
        'Add to its [[source]] in audit.toml: dates = "day-first" or dates = "month-first" '
        f'(for this column alone: dates = {{ {column} = "day-first" }}).'
    )
    if found.day_first and found.month_first:
        finding = f"{found.day_first} dates can only be day-first and {found.month_first} only month-first"
        return Problem(place, finding, "one order; dates that it cannot read are then refused", remedy)
    day, month, rest = re.split(r"[-/.]", found.example, maxsplit=2)
    year = rest.split()[0] if rest.split() else rest
    finding = (
        f"could be day-first or month-first, and no value settles it: {found.example!r} is "
        f"{_spoken(day, month, year)} or {_spoken(month, day, year)}"
    )
    return Problem(place, finding, "a declared order", remedy)


def _spoken(day: str, month: str, year: str) -> str:
    return f"{int(day)} {dates.MONTHS[int(month) - 1].capitalize()} {year}"


ORDERS = {"day-first": N_("day-first"), "month-first": N_("month-first")}


def _borrowed(file: str, table: str, column: str, order: str) -> Notice:
    statement = said(
        "{file}: no value of {column} settles the order of day and month; it is read {order}, as the others.",
        file=file,
        column=column,
        order=said(ORDERS[order]),
    )
    remedy = said("Declare {line}.", line=f'dates = "{order}"')
    return Notice("date_order_from_other_columns", "low", table, file, statement, 1, remedy=remedy)


def _swapped(
    con: duckdb.DuckDBPyConnection, raw: str, file: str, table: str, written: Written, found: list[dates.Evidence]
) -> list[Notice]:
    true_dates = [shape for shape in written.with_kind("year-first") if not written.forms[shape].is_instant]
    texts = next((one for one in found if one.is_one_sided), None)
    if texts is None or not true_dates:
        return []
    own, column = text(written.column), written.column.name
    day = f"TRY_CAST(regexp_extract({own}, '^[A-Za-z, ]*[0-9]+[^0-9]+[0-9]+[^0-9]+([0-9]+)', 1) AS INTEGER)"
    ((values, past, rows),) = sql.rows(
        con,
        f"""
        SELECT count(*), count(*) FILTER ({day} > 12), min(source_row, 5)
        FROM {raw} WHERE {written.where} AND {sql.has_shape(own, true_dates)}
    """,
    )
    if not dates.is_swapped(values, past, texts):
        return []
    count = texts.day_first or texts.month_first
    statement = said(
        "{file}: {column} is in two forms, {dates} year-first dates whose days are all 12 or less, and {texts} texts "
        "whose days are all past 12. A spreadsheet has most likely swapped day and month of the {dates}, and left as "
        "text what it could not read. They are kept as they stand; figures by day and month rest on wrong dates.",
        file=file,
        column=column,
        dates=values,
        texts=count,
    )
    remedy = N_(
        "Export the file again and do not open it in a spreadsheet, or set the column to text before opening it."
    )
    return [Notice("days_and_months_swapped", "high", table, file, statement, values, tuple(rows), remedy)]
