"""Numbers and durations as files write them: decimal mark, thousands, minus signs, clock times and "2h 5m".

In go the shapes found in a column (see sql.py); out come the decimal mark that the file uses and the SQL that reads it.
A column whose only commas could be thousands or decimals is never guessed: it is reported, with the line to add. It
stands alone because a number must be understood before any row is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from auditkit.schema import Column
from auditkit.sources import sql
from auditkit.sources.readings import UNIT_SECONDS, Reading, parsed, text

THOUSANDS = " \u00a0\u2009\u202f'’"
MINUS = "−"
PLAIN = re.compile(r"[-+]?9+(?:\.9+)?(?:E[-+]?9+)?")
CLOCK = re.compile(r"9+:9?9(?::9?9(?:[.,]9+)?)?")
WORDS = re.compile(
    "(?=9)" + "".join(f"(?:9+(?:[.,]9+)? *{unit} *)?" for unit in ("W", "D", "H", "M(?:IN)?", "S(?:EC)?"))
)
WORD_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
LARGEST_WHOLE = 2**53  # beyond it a double no longer says which whole number it is
# "10 - Extremely likely", "5 (very satisfied)": a scale's number and its label.
LABELLED = r"^([-+]?[0-9]+(?:[.,][0-9]+)?)(?: +[-–—] .*| *\(.*\)| *\[.*\])$"


@dataclass(frozen=True)
class Marks:
    """Which shapes of a column can only be read with a decimal comma, only with a decimal point, or with either.

    ``either`` are those with one comma and three digits after it: thousands to one reader, decimals to another.
    """

    comma: tuple[str, ...] = ()
    point: tuple[str, ...] = ()
    either: tuple[str, ...] = ()

    @property
    def is_contradictory(self) -> bool:
        """No decimal mark reads all values."""
        return bool(self.comma and self.point)

    @property
    def decimal(self) -> str | None:
        """The mark that the values settle; "." where there is nothing to settle; None where they do not."""
        if self.is_contradictory:
            return None
        if self.comma or self.point:
            return "," if self.comma else "."
        return None if self.either else "."


def marks(shapes: Iterable[str]) -> Marks:
    """What the shapes of a column say about its decimal mark.

    >>> marks(["9,9", "99"]).decimal, marks(["9,999"]).decimal, marks(["9,999", "9.9"]).decimal
    (',', None, '.')
    """
    found: dict[str, list[str]] = {"comma": [], "point": [], "either": []}
    for shape in shapes:
        comma, point = is_number(shape, ","), is_number(shape, ".")
        if comma != point:
            found["comma" if comma else "point"].append(shape)
        elif comma and "," in shape:
            found["either"].append(shape)
    return Marks(*(tuple(found[kind]) for kind in ("comma", "point", "either")))


def is_number(shape: str, decimal: str) -> bool:
    """Whether a shape is a number when ``decimal`` is its decimal mark.

    >>> is_number("9.999,99", ","), is_number("9,99", "."), is_number("9 999", "."), is_number("99%", ".")
    (True, False, True, False)
    """
    return bool(_NUMBER[decimal].fullmatch(shape))


def source_text(column: Column) -> str:
    """SQL of the text that holds the number: for a score with a label ("10 - Extremely likely"), what precedes it."""
    own = text(column)
    if column.name != "score":
        return own
    label = sql.literal(LABELLED)
    labelled = f"TRY_CAST({own} AS DOUBLE) IS NULL AND regexp_matches({own}, {label})"
    return f"CASE WHEN {labelled} THEN regexp_extract({own}, {label}, 1) ELSE {own} END"


def number_reading(column: Column, shapes: Iterable[str], decimal: str) -> Reading:
    """A column of numbers, whose shapes and decimal mark are known."""
    value = _number(source_text(column), set(shapes), decimal)
    return _bounded(column, value, "is not a number", whole=column.type == "count")


def duration_reading(column: Column, shapes: Iterable[str], decimal: str, unit: str) -> Reading:
    """A column of durations: numbers in ``unit``, hh:mm:ss or "2h 5m"; seconds come out."""
    clocks = {one for one in shapes if CLOCK.fullmatch(one)}
    words = {one for one in shapes if WORDS.fullmatch(one) and one not in clocks}
    others = set(shapes) - clocks - words
    branches = [(sql.has_shape(text(column), clocks), _clock(text(column)))] if clocks else []
    branches += [(sql.has_shape(text(column), words), _words(text(column)))] if words else []
    number = f"({_number(text(column), others, decimal)}) * {UNIT_SECONDS[unit]}"
    value = branches[0][1] if len(branches) == 1 and not others else sql.choose(branches, number)
    return _bounded(column, value, 'is not a duration (expected a number, hh:mm:ss or "2h 5m")')


def _bounded(column: Column, value: str, otherwise: str, whole: bool = False) -> Reading:
    """The reading of a parsed number, which must be whole or not below a bound."""
    own = parsed(column)
    faults = [(f"NOT isfinite({own})", "is not a number")]
    if column.at_least is not None:
        faults.append((f"{own} < {column.at_least!r}", f"is below {column.at_least:g}"))
    if whole:
        faults.append((f"{own} <> floor({own}) OR abs({own}) > {LARGEST_WHOLE}", "is not a whole number"))
    valid = " AND ".join(f"NOT ({fault})" for fault, _ in faults)
    reasons = [(fault, sql.literal(words)) for fault, words in faults]
    return Reading(column, value, sql.choose(reasons, sql.literal(otherwise)), valid)


def _number(own: str, shapes: set[str], decimal: str) -> str:
    """SQL of the number in a text, NULL where its shape is not one."""
    good = {one for one in shapes if is_number(one, decimal)}
    if good == shapes and all(PLAIN.fullmatch(one) for one in good):
        return f"TRY_CAST({own} AS DOUBLE)"
    other = "." if decimal == "," else ","
    written, read = (MINUS + decimal, "-.") if decimal == "," else (MINUS, "-")
    bare = f"translate({own}, {sql.literal(written + THOUSANDS + other)}, {sql.literal(read)})"
    return f"CASE WHEN {sql.has_shape(own, good)} THEN TRY_CAST({bare} AS DOUBLE) END"


def _clock(own: str) -> str:
    """SQL of hh:mm or hh:mm:ss as seconds; minutes and seconds stay below 60."""
    hours, minutes, seconds = (
        f"TRY_CAST(split_part(translate({own}, ',', '.'), ':', {part}) AS DOUBLE)" for part in (1, 2, 3)
    )
    total = f"{hours} * 3600 + {minutes} * 60 + coalesce({seconds}, 0)"
    return f"CASE WHEN {minutes} < 60 AND coalesce({seconds}, 0) < 60 THEN {total} END"


def _words(own: str) -> str:
    """SQL of "2h 5m" as seconds."""
    parts = (
        f"coalesce(TRY_CAST(translate(regexp_extract(lower({own}), '([0-9]+(?:[.,][0-9]+)?) *{unit}', 1), ',', '.')"
        f" AS DOUBLE), 0) * {seconds}"
        for unit, seconds in WORD_SECONDS.items()
    )
    return " + ".join(parts)


def _grammar(decimal: str) -> re.Pattern[str]:
    """What a number's shape may be; thousands are separated by one mark throughout."""
    other = "." if decimal == "," else ","
    grouped = f"9{{1,3}}(?P<mark>[{THOUSANDS}{other}])999(?:(?P=mark)999)*"
    point = re.escape(decimal)
    return re.compile(f"[-+{MINUS}]? ?(?:(?:9+|{grouped})(?:{point}9+)?|{point}9+)(?:E[-+]?9+)?")


_NUMBER = {mark: _grammar(mark) for mark in ".,"}
