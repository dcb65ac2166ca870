"""Turns the raw text columns of one file into the canonical typed columns of its table, inside DuckDB.

In comes a :class:`RawFile`; out comes a temporary table with every canonical column, and the refused cells as an
Arrow table, each with file, row, column, value and reason. A row with a cell that cannot be read is refused whole: a
figure must not rest on a half-read row. The steps: text in, forms looked at, one pass that parses, refused rows set
aside, times of the source's zone brought to UTC. Nothing is looped over in Python but columns and forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from auditkit.config import Source
from auditkit.errors import ConfigError, DataError, Problem
from auditkit.labels import said, said_n
from auditkit.notices import Notice
from auditkit.schema import TABLES
from auditkit.sources import readings as reading
from auditkit.sources import sql
from auditkit.sources.instants import read_instants, rule_of, rule_problem
from auditkit.sources.mapping import Feed, map_columns
from auditkit.sources.quantities import QUANTITIES, read_quantities
from auditkit.sources.raw import RawFile
from auditkit.sources.rawtable import load_raw
from auditkit.sources.readings import Reading
from auditkit.sources.staging import finish, parsed_rows, refused_cells, stage
from auditkit.translation import N_, Said

INSTANTS = ("instant", "day")
SHOWN_VALUES = 10
# Dirt spoils a few cells of a column; a header that only shares the name spoils nearly all. Half lies between.
TYPES = {  # those of schema.SQL_TYPES, in "its values are no number"
    "text": N_("text"),
    "instant": N_("instant"),
    "day": N_("day"),
    "number": N_("number"),
    "count": N_("count"),
    "duration": N_("duration"),
    "boolean": N_("boolean"),
    "list": N_("list"),
}
NAMESAKE_SHARE = 0.5


@dataclass(frozen=True)
class TypedFile:
    """One file as canonical columns.

    ``relation`` names a temporary table: the table's columns in schema order (NULL where the file has none),
    ``source``, ``source_row``, and ``updated_at`` where the source states it. ``rows_in`` counts data rows, the
    refused included. ``present`` are the columns that the file feeds. ``refused`` has one row per refused cell:
    source, row, column, value, reason; a row may have several. The rows of the relation are in no order: sort by
    ``source_row`` for the file's own.
    """

    relation: str
    rows_in: int
    rows_kept: int
    present: frozenset[str]
    refused: pa.Table
    notices: tuple[Notice, ...]


def type_file(con: duckdb.DuckDBPyConnection, raw: RawFile, source: Source, zone: str, relation: str) -> TypedFile:
    """Type one file into the temporary table ``relation``; ``zone`` is the zone of its naive times.

    Raises DataError with everything that only the owner of the file can settle (required columns that nothing feeds,
    days and months or decimal marks that no value tells apart), and ConfigError for constants that are no value of
    their column.
    """
    feeds, noticed = map_columns(raw.name, raw.headers, source)
    raw_table, stage_table = sql.name(f"{relation} raw"), sql.name(f"{relation} stage")
    try:
        rows_in = load_raw(con, raw, feeds, source.missing, raw_table)
        chosen, found = _choose(con, raw_table, raw.name, source, feeds)
        namesakes = _namesakes(con, raw_table, raw.name, source.table, feeds, chosen)
        feeds = [feed for feed in feeds if feed.column.name not in namesakes]
        chosen = [one for one in chosen if one.column.name not in namesakes]
        found += namesakes.values()
        stage(con, raw_table, chosen, stage_table)
        refused = refused_cells(con, raw, raw_table, chosen, stage_table)
        con.execute(f"DROP TABLE {raw_table}")
        clocks = finish(con, stage_table, chosen, source.table, raw.name, zone, relation)
    finally:
        con.execute(f"DROP TABLE IF EXISTS {raw_table}")
        con.execute(f"DROP TABLE IF EXISTS {stage_table}")
    ((rows_kept,),) = sql.rows(con, f"SELECT count(*) FROM {sql.name(relation)}")
    present = frozenset(feed.column.name for feed in feeds) & frozenset(TABLES[source.table].by_name)
    return TypedFile(relation, rows_in, rows_kept, present, refused, (*noticed, *found, *clocks))


def _namesakes(
    con: duckdb.DuckDBPyConnection,
    raw: str,
    file: str,
    table: str,
    feeds: Iterable[Feed],
    chosen: Iterable[Reading],
) -> dict[str, Notice]:
    """Optional columns that only share their name with a header nobody mapped: most of its values are something else.

    They are left alone, and it is said; a header that somebody mapped refuses its unreadable rows instead.
    """
    implied = {feed.column.name for feed in feeds if feed.implied and not feed.column.required}
    readings = [one for one in chosen if one.column.name in implied and one.has_text]
    if not readings:
        return {}
    counts = ", ".join(f"count(*) FILTER ({one.refusal}), count({reading.text(one.column)})" for one in readings)
    ((*found,),) = sql.rows(con, f"SELECT {counts} FROM ({parsed_rows(raw, readings)})")
    notices = {}
    for one, refused, given in zip(readings, found[::2], found[1::2], strict=True):
        name = one.column.name
        if given and refused > NAMESAKE_SHARE * given:
            words = said_n(
                "{file} has a header '{name}', but {refused} of its {count} value is no {type}: nothing maps it, and "
                "it is not used.",
                "{file} has a header '{name}', but {refused} of its {count} values are no {type}: nothing maps it, and "
                "it is not used.",
                given,
                file=file,
                name=name,
                refused=refused,
                type=said(TYPES.get(one.column.type, one.column.type)),
            )
            remedy = said("Map {name} in [source.columns] to the header that holds it, if there is one.", name=name)
            notices[name] = Notice("header_is_a_namesake", "medium", table, file, words, refused, (), remedy)
    return notices


def _choose(
    con: duckdb.DuckDBPyConnection, raw: str, file: str, source: Source, feeds: Iterable[Feed]
) -> tuple[list[Reading], list[Notice]]:
    """A reading for every feed, in its order, after a look at the file."""
    constants = [_constant(file, source, feed) for feed in feeds if feed.constant is not None]
    fed = [feed.column for feed in feeds if feed.constant is None]
    where = {column.name: reading.unmapped(column, source.values.get(column.name, {})) for column in fed}
    rules = {column.name: rule_of(source.dates, column.name) for column in fed if column.type in INSTANTS}
    _raise(ConfigError, (rule_problem(con, file, column, rule) for column, rule in rules.items()))
    wanted = [(column, rules[column.name], where[column.name]) for column in fed if column.name in rules]
    instants = read_instants(con, raw, file, source.table, wanted)
    wanted = [
        (column, source.units.get(column.name, "seconds"), where[column.name])
        for column in fed
        if column.type in QUANTITIES
    ]
    quantities = read_quantities(con, raw, file, wanted, source.decimal)
    _raise(DataError, (*instants.problems, *quantities.problems))
    chosen = {**instants.readings, **quantities.readings}
    notices = list(instants.notices)
    for column in fed:
        if column.allowed:
            unknown = _unknown(con, raw, column, where[column.name])
            chosen[column.name] = reading.limited_reading(column, [value for value, _, _ in unknown])
            notices += [] if column.required else _unknown_notice(file, source.table, column.name, unknown)
        elif column.name not in chosen:
            chosen[column.name] = reading.plain_reading(column)
    mapped = [_with_values(file, source, chosen[column.name]) for column in fed]
    order = {feed.column.name: position for position, feed in enumerate(feeds)}
    return sorted([*constants, *mapped], key=lambda one: order[one.column.name]), notices


def _raise(kind: type[ConfigError] | type[DataError], problems: Iterable[Problem | None]) -> None:
    if found := [problem for problem in problems if problem]:
        raise kind(*found)


def _constant(file: str, source: Source, feed: Feed) -> Reading:
    unit = source.units.get(feed.column.name, "seconds")
    make = lambda: reading.constant_reading(feed.column, feed.constant, unit)  # noqa: E731
    return _stated(f"audit.toml, constants.{feed.column.name} ({file})", make)


def _with_values(file: str, source: Source, own: Reading) -> Reading:
    column = own.column.name
    make = lambda: reading.with_values(own, source.values.get(column, {}), source.units.get(column, "seconds"))  # noqa: E731
    return _stated(f"audit.toml, values.{column} ({file})", make)


def _stated(place: str, make: Callable[[], Reading]) -> Reading:
    try:
        return make()
    except ValueError as error:
        raise ConfigError(Problem(place, str(error))) from None


def _unknown(
    con: duckdb.DuckDBPyConnection, raw: str, column: reading.Column, where: str
) -> list[tuple[str, int, int]]:
    """Values that are not among those allowed, with counts and first rows, the most frequent first."""
    own = reading.text(column)
    known = sql.is_one_of(f"lower({own})", [one.lower() for one in column.allowed])
    return sql.rows(
        con,
        f"""
        SELECT {own}, count(*), min(source_row) FROM {raw}
        WHERE {where} AND NOT {known} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200
    """,
    )


def _unknown_notice(file: str, table: str, column: str, unknown: list[tuple[str, int, int]]) -> list[Notice]:
    if not unknown:
        return []
    total = sum(count for _, count, _ in unknown)
    statement = said_n(
        "{file}: {count} value of {column} is not among those understood, and was left empty: {values}.",
        "{file}: {count} values of {column} are not among those understood, and were left empty: {values}.",
        total,
        file=file,
        column=column,
        values=_some(unknown),
    )
    rows = tuple(sorted(row for _, _, row in unknown)[:5])
    remedy = said("Say what they mean in {key} of audit.toml.", key=f"[source.values.{column}]")
    return [Notice("unknown_value", "medium", table, file, statement, total, rows, remedy)]


def _some(unknown: list[tuple[str, int, int]]) -> Said | str:
    """The commonest of the values with their counts, and how many more there are."""
    told = ", ".join(f"{value!r} ({count})" for value, count, _ in unknown[:SHOWN_VALUES])
    more = len(unknown) - SHOWN_VALUES
    return said("{values} and {count} more", values=told, count=more) if more > 0 else told
