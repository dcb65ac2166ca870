"""What it takes to turn one text column into a typed one, and the columns that need no look at the file for it.

A :class:`Reading` is SQL: a value parsed from the text, the condition under which it stands, and the words for a cell
that it cannot read. Text, booleans and lists are here; numbers and instants, which depend on how the whole file writes
them, are in numbers.py and instants.py. Constants and mapped values become literals, so that they cannot be misread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from auditkit.clocks.durations import parse_duration
from auditkit.config import nearest
from auditkit.schema import Column
from auditkit.sources import sql

TRUE_WORDS = ("true", "yes", "y", "t", "1", "1.0", "ja", "kyllä", "да")
FALSE_WORDS = ("false", "no", "n", "f", "0", "0.0", "nei", "ei", "нет")
UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_EPOCH = datetime(1970, 1, 1)


@dataclass(frozen=True)
class Reading:
    """How one column is read. ``parsed`` is SQL over :func:`text`; the rest may also use :func:`parsed`.

    A value for which ``valid`` does not hold is as unreadable as a NULL. An unreadable cell refuses its row for
    ``reason``, unless the reading is ``forgiving``. ``is_instant`` says which values need no time zone.
    """

    column: Column
    parsed: str
    reason: str = "'cannot be read'"
    valid: str = ""
    forgiving: bool = False
    has_text: bool = True
    is_instant: str = "FALSE"

    @property
    def stage(self) -> str:
        """SQL of the value as it is staged: NULL where it cannot be read."""
        return f"CASE WHEN {self.valid} THEN {parsed(self.column)} END" if self.valid else parsed(self.column)

    @property
    def refusal(self) -> str:
        """SQL condition under which the row is refused because of this column."""
        if not self.has_text:
            return "FALSE"
        conditions = [] if self.forgiving else [f"({text(self.column)} IS NOT NULL AND ({self.stage}) IS NULL)"]
        conditions += [f"{text(self.column)} IS NULL"] if self.column.required else []
        return f"({' OR '.join(conditions)})" if conditions else "FALSE"

    @property
    def words(self) -> str:
        """SQL of the reason, for a refused row."""
        return sql.choose([(f"{text(self.column)} IS NULL", "'is empty'")], self.reason)


def text(column: Column) -> str:
    """The column's cleaned text, as a name in a query."""
    return sql.name(column.name)


def parsed(column: Column) -> str:
    """The column's parsed value, as a name in a query."""
    return sql.name(column.name + " parsed")


def constant_reading(column: Column, value: object, unit: str = "seconds") -> Reading:
    """The same value in every row. ValueError when it is no value of the column."""
    return Reading(column, constant(column, value, unit), has_text=False)


def plain_reading(column: Column) -> Reading:
    """Text without allowed values, booleans and lists."""
    if column.type == "boolean":
        folded = f"lower({text(column)})"
        words = [(sql.is_one_of(folded, TRUE_WORDS), "TRUE"), (sql.is_one_of(folded, FALSE_WORDS), "FALSE")]
        return Reading(column, sql.choose(words), "'is not yes or no (expected true/false, yes/no, y/n or 1/0)'")
    if column.type == "list":
        return Reading(column, _split(text(column)), forgiving=True)
    return Reading(column, text(column))


def limited_reading(column: Column, unknown: Iterable[str]) -> Reading:
    """Text with allowed values. ``unknown`` are the values found that are not among them; each gets its own reason."""
    folded = f"lower({text(column)})"
    known = sql.choose([(f"{folded} = {sql.literal(one.lower())}", sql.literal(one)) for one in column.allowed])
    general = f"is not a value of {column.name} (expected {', '.join(column.allowed)})"
    hints = {value: nearest(value, column.allowed) for value in unknown}
    near = [
        (f"{text(column)} = {sql.literal(value)}", sql.literal(f"{general}. {hint}"))
        for value, hint in hints.items()
        if hint.startswith("Did")
    ]
    return Reading(column, known, sql.choose(near, sql.literal(general)), forgiving=not column.required)


def with_values(reading: Reading, values: Mapping[str, object], unit: str = "seconds") -> Reading:
    """The reading, with the values of ``source.values`` read as what they are mapped to: exactly, then in any case."""
    if not values:
        return reading
    meant = {written.strip(sql.BLANKS): constant(reading.column, value, unit) for written, value in values.items()}
    folded = {}
    for written, value in meant.items():
        folded.setdefault(written.lower(), value)
    own = text(reading.column)
    exact = [(f"{own} = {sql.literal(one)}", value) for one, value in meant.items() if folded[one.lower()] != value]
    loose = [(f"lower({own}) = {sql.literal(one)}", value) for one, value in folded.items()]
    return replace(reading, parsed=sql.choose([*exact, *loose], reading.parsed))


def unmapped(column: Column, values: Mapping[str, object]) -> str:
    """Condition: the cell has a text that ``source.values`` does not map."""
    mapped = sql.is_one_of(f"lower({text(column)})", {one.strip(sql.BLANKS).lower() for one in values})
    return f"{text(column)} IS NOT NULL" + (f" AND NOT {mapped}" if values else "")


def constant(column: Column, value: object, unit: str = "seconds") -> str:
    """SQL of a value that audit.toml states for a column. ValueError when it is no value of the column."""
    match column.type:
        case "number" | "count":
            return _number(column, value)
        case "duration":
            seconds = parse_duration(value)
            return sql.literal(seconds * (UNIT_SECONDS[unit] if isinstance(value, int | float) else 1))
        case "boolean":
            return sql.literal(_boolean(value))
        case "instant" | "day":
            return f"{_local_microseconds(value)}::BIGINT"
        case "list":
            return _split(sql.literal(str(value)))
        case _:
            return sql.literal(_allowed(column, str(value).lower() if isinstance(value, bool) else str(value)))


def _number(column: Column, value: object) -> str:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not a number") from None
    if number != number or abs(number) == float("inf"):
        raise ValueError(f"{value!r} is not a number")
    if column.type == "count" and not number.is_integer():
        raise ValueError(f"{value!r} is not a whole number")
    if column.at_least is not None and number < column.at_least:
        raise ValueError(f"{value!r} is below {column.at_least:g}")
    return f"{number!r}::DOUBLE"


def _boolean(value: object) -> bool:
    word = str(value).strip().lower()
    if word not in TRUE_WORDS + FALSE_WORDS:
        raise ValueError(f"{value!r} is not yes or no")
    return word in TRUE_WORDS


def _local_microseconds(value: object) -> int:
    try:
        local = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{value!r} is not a date (expected YYYY-MM-DD HH:MM)") from None
    if local.tzinfo is not None:
        raise ValueError(
            f"{value!r} has an offset (expected a time of the source's own zone), here {local.astimezone(UTC)}"
        )
    return (local - _EPOCH) // timedelta(microseconds=1)


def _allowed(column: Column, value: str) -> str:
    if not column.allowed:
        return value
    for one in column.allowed:
        if one.lower() == value.lower():
            return one
    raise ValueError(f"{value!r} is not a value of {column.name} (expected {', '.join(column.allowed)})")


def _split(words: str) -> str:
    """A list from text: JSON, or words between commas, semicolons or bars."""
    parts = f"regexp_split_to_array({words}, '[,;|]')"
    is_json = f"starts_with({words}, '[') AND json_valid({words})"
    parts = f"CASE WHEN {is_json} THEN TRY(from_json({words}, '[\"VARCHAR\"]')) ELSE {parts} END"
    trimmed = f"list_transform({parts}, lambda one: trim(one, {sql.literal(sql.BLANKS)}))"
    return f"list_filter({trimmed}, lambda one: one <> '')"
