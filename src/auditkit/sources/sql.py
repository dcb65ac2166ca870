"""The few pieces of SQL text that typing a file is built from: names, literals, and the shape of a value.

Headers, constants and values come from strangers' files, so nothing of theirs enters a query but through these
functions. A shape is the text with every digit written as 9: a million dates have a handful of shapes, and what is
decided once for each shape holds for every row of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import duckdb

BLANKS = " \t\r\n\v\f\u00a0\u2007\u2009\u202f\ufeff"
LONGEST_SHAPE = 60  # nothing longer is a date, a number or a duration
SAMPLE = 5000  # rows whose shapes are looked for first; the others are only compared with them
MOST_SAMPLED = 200  # with more shapes than this, comparing costs more than computing


def name(identifier: str) -> str:
    """An identifier, quoted: any text is safe as one.

    >>> print(name('a "b"; drop'))
    "a ""b""; drop"
    """
    return '"' + identifier.replace("\0", "").replace('"', '""') + '"'


def literal(value: object) -> str:
    """A value as an SQL literal: None, bool, int, float or text.

    >>> print(literal("it's"), literal(True), literal(1.5), literal(None))
    'it''s' TRUE 1.5 NULL
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{value!r}::DOUBLE" if value != value or value in (float("inf"), float("-inf")) else repr(value)
    return "'" + str(value).replace("\0", "").replace("'", "''") + "'"


def is_one_of(text: str, values: Iterable[str]) -> str:
    """A condition: the SQL ``text`` equals one of ``values``."""
    values = list(values)
    return f"{text} IN ({', '.join(literal(value) for value in values)})" if values else "FALSE"


def trimmed(text: str) -> str:
    """The SQL ``text`` without blanks of any kind at its ends; quick where it has none."""
    bare = f"left({text}, 1) BETWEEN '!' AND '~' AND right({text}, 1) BETWEEN '!' AND '~'"
    return f"CASE WHEN {bare} THEN {text} ELSE trim({text}, {literal(BLANKS)}) END"


def shapes(con: duckdb.DuckDBPyConnection, relation: str, text: str, where: str) -> dict[str, int]:
    """Every shape of the SQL ``text`` among the rows ``where``; too long to be one is "". Counts of rows, at least.

    The count of a shape met in the first rows is of those only, because computing a shape costs five times a
    comparison.
    """
    found = _counted(con, f"SELECT {text} AS t FROM {relation} WHERE {where} AND source_row <= {SAMPLE}")
    rest = f"SELECT {text} AS t FROM {relation} WHERE {where}"
    if "" in found or len(found) > MOST_SAMPLED:
        return _counted(con, rest)
    others = _counted(con, f"SELECT t FROM ({rest}) WHERE NOT {has_shape('t', found)}") if found else {}
    return found | others


def has_shape(text: str, shapes: Iterable[str]) -> str:
    """A condition: the SQL ``text`` has one of the shapes."""
    shapes = sorted(shapes)
    if not shapes:
        return "FALSE"
    pattern = "|".join(re.escape(one).replace("9", "[0-9]") for one in shapes)
    any_case = ", 'i'" if pattern.upper() != pattern.lower() else ""
    return f"regexp_full_match({text}, {literal(pattern)}{any_case})"


def rows(con: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    """All rows of a query. The result is read to its end, so that the connection is free for the next query."""
    return con.execute(query).fetchall()


def _counted(con: duckdb.DuckDBPyConnection, texts: str) -> dict[str, int]:
    shape = f"CASE WHEN length(t) <= {LONGEST_SHAPE} THEN translate(upper(t), '0123456789', '9999999999') ELSE '' END"
    return dict(rows(con, f"SELECT {shape}, count(*) FROM ({texts}) GROUP BY 1 ORDER BY 1"))


def choose(branches: Iterable[tuple[str, str]], otherwise: str = "NULL") -> str:
    """A CASE over (condition, value) pairs; with no pair, ``otherwise``."""
    whens = " ".join(f"WHEN {condition} THEN {value}" for condition, value in branches)
    return f"CASE {whens} ELSE {otherwise} END" if whens else otherwise
