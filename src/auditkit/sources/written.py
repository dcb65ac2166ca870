"""The SQL that reads one instant column, once it is known how the column is written and in which order.

In go the shapes and forms of a column and the settled order of day and month; out comes a reading that gives
microseconds: of the source's own clock, or UTC where the text carries an offset. It stands apart from instants.py,
which finds out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.schema import Column
from auditkit.sources import dates, sql
from auditkit.sources.readings import Reading, parsed, text

LAST_US = 4_133_980_800_000_000  # 2101-01-01T00:00
SERIAL = re.compile(r"9{1,6}(?:[.,]9+)?")
EPOCH = re.compile(r"-?9{1,16}(?:\.9+)?")
LOOKALIKES = (
    (r"[2-6][0-9]{4}([.,][0-9]+)?", "serial numbers of a spreadsheet", "excel"),
    (r"1[0-9]{9}([.][0-9]+)?|1[0-9]{12}", "seconds or milliseconds since 1970", "epoch"),
)
DEFAULT_EXPECTATION = {
    "auto": "YYYY-MM-DD, DD/MM/YYYY or MM/DD/YYYY",
    "iso": "YYYY-MM-DD",
    dates.DAY_FIRST: "DD/MM/YYYY",
    dates.MONTH_FIRST: "MM/DD/YYYY",
    "excel": "a spreadsheet's serial number",
    "epoch": "seconds since 1970",
}
EXCEL_1970 = 25569  # days that spreadsheets count to 1970-01-01, the 29 February 1900 that never was included


@dataclass(frozen=True)
class Written:
    """How one instant column is written: its rule, and the forms of its shapes with their counts."""

    column: Column
    rule: str
    where: str
    shapes: Mapping[str, int]
    forms: Mapping[str, dates.Form] = field(default_factory=dict)

    def with_kind(self, *kinds: str) -> list[str]:
        """The shapes whose form is of one of these kinds."""
        return [shape for shape, form in self.forms.items() if form.kind in kinds]

    @property
    def numeric(self) -> dict[str, list[str]]:
        """The shapes of day/month forms by their separator."""
        found: dict[str, list[str]] = {}
        for shape in self.with_kind("numeric"):
            found.setdefault(self.forms[shape].separator, []).append(shape)
        return found


@dataclass(frozen=True)
class Branch:
    """One way to read values: which shapes (none: all of them), the SQL of the microseconds, and its form in words."""

    shapes: tuple[str, ...]
    value: str
    is_instant: bool
    expected: str


def instant_reading(written: Written, orders: Mapping[tuple[str, str], str]) -> Reading:
    """The reading of a column; ``orders`` has the order of day and month for its (column, separator) pairs."""
    column = written.column
    branches = _branches(written, orders)
    conditions = [_condition(written, one) for one in branches]
    value = sql.choose(zip(conditions, (one.value for one in branches), strict=True), "NULL::BIGINT")
    if len(branches) == 1 and len(branches[0].shapes) == len(written.shapes):
        value = branches[0].value
    zoned = [condition for one, condition in zip(branches, conditions, strict=True) if one.is_instant]
    is_instant = "TRUE" if zoned and len(zoned) == len(branches) else " OR ".join(zoned) or "FALSE"
    valid = f"{parsed(column)} >= 0 AND {parsed(column)} < {LAST_US}"
    return Reading(column, value, _reason(written, branches), valid, is_instant=is_instant)


def _condition(written: Written, branch: Branch) -> str:
    return sql.has_shape(text(written.column), branch.shapes) if branch.shapes else "TRUE"


def _branches(written: Written, orders: Mapping[tuple[str, str], str]) -> list[Branch]:
    """The ways to read one column, one for each format, the most frequent first."""
    own = text(written.column)
    if "%" in written.rule:
        is_instant = bool(re.search(r"(?<!%)(?:%%)*%z", written.rule))
        return [Branch((), _strptime(own, written.rule), is_instant, dates.expected([written.rule]))]
    special = _special(written)
    by_format: dict[tuple[str, bool], list[str]] = {}
    for shape, form in sorted(written.forms.items(), key=lambda item: -written.shapes[item[0]]):
        order = orders.get((written.column.name, form.separator))
        by_format.setdefault((form.format(order), form.is_instant), []).append(shape)
    for (fmt, is_instant), shapes in by_format.items():
        capital = f"upper({own})" if any(re.search("[A-Z]", shape) for shape in shapes) else own
        special.append(Branch(tuple(shapes), _strptime(capital, fmt), is_instant, dates.expected([fmt])))
    return special


def _special(written: Written) -> list[Branch]:
    """Numbers that are dates because the rule says so: spreadsheet serials, or seconds (milliseconds) since 1970."""
    number = f"TRY_CAST(translate({text(written.column)}, ',', '.') AS DOUBLE)"
    if written.rule == "excel":
        shapes = tuple(shape for shape in written.shapes if SERIAL.fullmatch(shape))
        value = f"CAST(round(({number} - {EXCEL_1970}) * 86400000) AS BIGINT) * 1000"
        return [Branch(shapes, value, False, "a spreadsheet's serial number")] if shapes else []
    if written.rule == "epoch":
        shapes = tuple(shape for shape in written.shapes if EPOCH.fullmatch(shape))
        scale = f"CASE WHEN abs({number}) < 1e11 THEN 1000000 WHEN abs({number}) < 1e14 THEN 1000 ELSE 1 END"
        value = f"CAST(round({number} * {scale}) AS BIGINT)"
        return [Branch(shapes, value, True, "seconds since 1970")] if shapes else []
    return []


def _strptime(own: str, fmt: str) -> str:
    return f"epoch_us(try_strptime({own}, {sql.literal(fmt)}))"


def _reason(written: Written, branches: list[Branch]) -> str:
    expectations = list(dict.fromkeys(one.expected for one in branches))[:3] or [DEFAULT_EXPECTATION[written.rule]]
    own, range_ = text(written.column), f"{dates.FIRST_YEAR}..{dates.LAST_YEAR}"
    words = f"is not a date (expected {' or '.join(expectations)})"
    cases = [(f"{parsed(written.column)} IS NOT NULL", sql.literal(f"is outside {range_}"))]
    if written.rule == "auto":
        cases += [
            (f"regexp_full_match({own}, '{pattern}')", sql.literal(f'{words}; for {what} say dates = "{rule}"'))
            for pattern, what, rule in LOOKALIKES
        ]
    return sql.choose(cases, sql.literal(words))
