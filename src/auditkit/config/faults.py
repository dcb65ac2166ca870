"""What is wrong with an ``audit.toml``, in words that a person can act on: place, finding, expectation, nearest name.

In comes the file as parsed, out come problems, all of them at once. The models' own errors are put in plain words;
beneath them stand the checks that need other tables: columns, zones, hours, measures, codecs. Nothing here reads
data.
"""

from __future__ import annotations

import codecs
import re
import zoneinfo
from collections.abc import Collection, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import ValidationError

from auditkit.clocks.written_hours import check_country, parse_week
from auditkit.config.aims import aim_problems, benchmark_place
from auditkit.config.models import (
    DATE_FORMS,
    DATE_RULES,
    DELIMITERS,
    ENCODINGS,
    HOLIDAY_KEYS,
    Audit,
    Benchmark,
    Branding,
    ChecklistChoice,
    Checklists,
    Config,
    Costs,
    OwnMeasure,
    Source,
    Target,
    Team,
)
from auditkit.config.naming import nearest
from auditkit.errors import Problem
from auditkit.relations import RELATIONS
from auditkit.schema import TABLES


def _place(name: str, raw: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """Cite a key the way people find it: audit.toml, source 2 (calls), key 'columns.team'."""
    words = [name]
    rest = list(location)
    if len(rest) > 1 and rest[0] == "benchmark" and isinstance(rest[1], int):
        words.append(benchmark_place(raw, rest[1]))
        rest = rest[2:]
    if len(rest) > 1 and rest[0] == "source" and isinstance(rest[1], int):
        sources = raw.get("source")
        source = sources[rest[1]] if isinstance(sources, list) and rest[1] < len(sources) else {}
        table = source.get("table", "?") if isinstance(source, dict) else "?"
        words.append(f"source {rest[1] + 1} ({table})")
        rest = rest[2:]
    tags = {key for key in rest[1:] if isinstance(key, str) and ("[" in key or key in _UNION_TAGS)}
    keys = [str(key) for place, key in enumerate(rest) if place == 0 or key not in tags]
    if keys:
        words.append(f"key '{'.'.join(keys)}'")
    return ", ".join(words)


def own_errors(raw: dict[str, Any], error: ValidationError) -> Iterator[Any]:
    """The errors without those that only follow from others or from trying the other alternatives for a key."""
    for one in error.errors():
        alternative = "[" in str(one["loc"][-1])
        follows = one["type"] == "too_short" and raw.get("source")
        if not follows and not (alternative and isinstance(one["input"], dict)):
            yield one


_UNION_TAGS = {"str", "int", "float", "bool", "datetime", "date"}


def problem_of(name: str, raw: dict[str, Any], error: Any) -> Problem:
    """One error of the models in plain words."""
    place = _place(name, raw, error["loc"])
    if error["type"] == "extra_forbidden":
        key = str(error["loc"][-1])
        return Problem(place, "is not a known key", "", nearest(key, _keys_at(error["loc"])))
    if error["type"] == "missing":
        return Problem(place, "is missing", "", "Add it; design and examples are in the documentation.")
    if error["type"] == "literal_error":
        allowed = re.findall(r"'([^']*)'", error["ctx"]["expected"])
        near = nearest(str(error["input"]), allowed)
        near = near if near.startswith("Did") else ""
        return Problem(place, f"{error['input']!r} is not understood", ", ".join(allowed), near)
    if error["type"] in _EXPECTED:
        found = "is empty" if error["input"] in ("", []) else f"{_shown(error['input'])} cannot be used"
        return Problem(place, found, _EXPECTED[error["type"]].format(**error.get("ctx", {})))
    message = error["msg"].removeprefix("Value error, ")
    given = (
        ""
        if isinstance(error["input"], dict | list) or message.startswith(repr(error["input"]))
        else repr(error["input"]) + ": "
    )
    return Problem(place, given + message[0].lower() + message[1:])


# What to write where a value is of the wrong kind, by pydantic's name of the error.
_EXPECTED = (
    dict.fromkeys(("string_type", "string_too_short"), "a text in quotes")
    | dict.fromkeys(("tuple_type", "list_type", "too_short"), "a list with something in it")
    | dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "a table of keys and values")
    | dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number")
    | dict.fromkeys(("float_type", "float_parsing"), "a number")
    | dict.fromkeys(("bool_type", "bool_parsing"), "true or false")
    | dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "date_type", "date_parsing"),
        "an instant such as 2026-06-30T12:00:00Z or a day such as 2026-06-30",
    )
    | {
        "string_pattern_mismatch": "a colour such as #1f5f8b",
        "greater_than": "more than {gt:g}",
        "greater_than_equal": "{ge} or more",
        "less_than_equal": "{le} or less",
    }
)


def _shown(value: object) -> str:
    """A value of the file in a few words."""
    if isinstance(value, dict | list):
        return "a table" if isinstance(value, dict) else "a list"
    return repr(value)


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    """The keys that the model at ``location`` (less its last part) understands."""
    model: Any = Config
    nested = {
        "audit": Audit,
        "source": Source,
        "teams": Team,
        "targets": Target,
        "benchmark": Benchmark,
        "branding": Branding,
        "costs": Costs,
        "measure": OwnMeasure,
        "checklist": Checklists,
    }
    if len(location) > 1:
        model = nested.get(str(location[0]), Config)
    if location[:2] == ("checklist", "items"):
        model = ChecklistChoice
    return list(model.model_fields)


def semantic_problems(name: str, raw: dict[str, Any], measures: Collection[str]) -> Iterator[Problem]:
    """What the models cannot see: columns, zones, hours, codecs, targets and own measures."""
    audit = raw.get("audit") if isinstance(raw.get("audit"), dict) else {}
    yield from _zone_problems(f"{name}, key 'audit.timezone'", audit.get("timezone"))
    for team, entry in _tables(raw.get("teams")):
        yield from _zone_problems(f"{name}, key 'teams.{team}.timezone'", entry.get("timezone"))
    sources = raw.get("source") if isinstance(raw.get("source"), list) else []
    for number, source in enumerate(sources):
        if isinstance(source, dict):
            yield from _source_problems(name, raw, number, source)
    for team, entry in (raw.get("hours") or {}).items() if isinstance(raw.get("hours"), dict) else ():
        for schedule in entry if isinstance(entry, list) else [entry]:
            if isinstance(schedule, dict):
                yield from _hours_problems(f"{name}, key 'hours.{team}'", schedule)
    own = raw.get("measure") if isinstance(raw.get("measure"), dict) else {}
    for measure, entry in _tables(own):
        yield from _own_measure_problems(f"{name}, key 'measure.{measure}'", measure, entry, measures)
    yield from aim_problems(name, raw, measures)


# What reads a clock or draws lots in DuckDB; age of one instant is its distance from today.
_CLOCKS = re.compile(
    r"\b(?:now|today|current_date|current_time|current_timestamp|get_current_time|get_current_timestamp|localtime"
    r"|localtimestamp|transaction_timestamp|current_localtime|current_localtimestamp|random|setseed|uuid|uuidv[47]"
    r"|gen_random_uuid|nextval)\b|\bage\s*\((?=[^(),]*\))",
    re.IGNORECASE,
)
_LITERAL = re.compile(r"'(?:[^']|'')*'")


def _own_measure_problems(
    place: str, measure: str, entry: dict[str, Any], measures: Collection[str]
) -> Iterator[Problem]:
    """A measure of the user's own that hides one of the catalogue, or lacks what its kind needs."""
    if measure in measures:
        yield Problem(place, "is the name of a measure of the catalogue", "a name of its own")
    table, dated_by = entry.get("of"), entry.get("dated_by")
    if isinstance(table, str) and table not in RELATIONS:
        yield Problem(
            place, f"of = {table!r} is not a table of measures", ", ".join(RELATIONS), nearest(table, RELATIONS)
        )
    elif isinstance(table, str) and isinstance(dated_by, str) and dated_by not in RELATIONS[table].dated:
        remedy = nearest(dated_by, RELATIONS[table].dated)
        yield Problem(
            place, f"dated_by = {dated_by!r} does not date {table}", ", ".join(RELATIONS[table].dated), remedy
        )
    for key in ("counted", "met", "value"):
        clock = _CLOCKS.search(_LITERAL.sub("''", str(entry.get(key, ""))))
        if clock:
            remedy = "Use seconds_to_as_of, the time from the row to the audit's as_of."
            finding = f"{key} uses {clock[0].rstrip('( ')}, which differs from one run to the next"
            yield Problem(place, finding, "an expression over the columns alone", remedy)
    needed = {"share": "met", "quantity": "value"}.get(str(entry.get("kind")))
    if needed and needed not in entry:
        yield Problem(place, f"is a {entry['kind']} without {needed}", f"{needed} = an expression over the columns")
    for column in entry.get("needs", []) if table in RELATIONS else ():
        if column not in RELATIONS[str(table)].columns:
            remedy = nearest(str(column), RELATIONS[str(table)].columns)
            yield Problem(place, f"needs {column!r}, which is not a column of {table}", "", remedy)


def _tables(value: object) -> list[tuple[str, dict[str, Any]]]:
    return [(key, one) for key, one in value.items() if isinstance(one, dict)] if isinstance(value, dict) else []


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    """Every time zone that there is; reading them takes a moment."""
    return frozenset(zoneinfo.available_timezones())


def _zone_problems(place: str, zone: object) -> Iterator[Problem]:
    if isinstance(zone, str) and zone not in _zones():
        remedy = nearest(zone, _zones()) if zone else ""
        remedy = remedy if remedy.startswith("Did") else "Use an IANA name."
        yield Problem(place, f"{zone!r} is not a time zone", "an IANA name such as Europe/Helsinki", remedy)


def _source_problems(name: str, raw: dict[str, Any], number: int, source: dict[str, Any]) -> Iterator[Problem]:
    where = ("source", number)
    yield from _reading_problems(name, raw, number, source)
    yield from _zone_problems(_place(name, raw, (*where, "timezone")), source.get("timezone"))
    table = TABLES.get(str(source.get("table")))
    if table is None:
        if "table" in source:
            yield Problem(
                _place(name, raw, (*where, "table")),
                f"{source['table']!r} is not a table",
                "",
                nearest(str(source["table"]), TABLES),
            )
        return
    dates = source.get("dates")
    for key in ("columns", "constants", "values", "units", "dates"):
        entry = dates if key == "dates" else source.get(key)
        for column in entry if isinstance(entry, dict) else ():
            if column not in table.by_name and (key, column) != ("dates", "updated_at"):
                place = _place(name, raw, (*where, key, column))
                yield Problem(place, f"is not a column of {table.name}", "", nearest(column, table.by_name))
    for column, choices in _tables(source.get("values")):
        allowed = table.by_name[column].allowed if column in table.by_name else ()
        for written, value in choices.items():
            if allowed and value not in allowed:
                place = _place(name, raw, (*where, "values", column, written))
                yield Problem(place, f"{value!r} is not a value of {column}", ", ".join(allowed))
    for rule in dates.values() if isinstance(dates, dict) else [dates]:
        if isinstance(rule, str) and rule not in DATE_RULES and "%" not in rule:
            remedy = nearest(rule, DATE_RULES)
            yield Problem(_place(name, raw, (*where, "dates")), f"{rule!r} is not a rule for dates", DATE_FORMS, remedy)
    if source.get("fold") == "last" and source.get("table") != "tickets":
        yield Problem(_place(name, raw, (*where, "fold")), "only tickets can be folded from updates")


def _reading_problems(name: str, raw: dict[str, Any], number: int, source: dict[str, Any]) -> Iterator[Problem]:
    """An encoding that does not exist, and a delimiter that is none."""
    encoding, delimiter = source.get("encoding", "auto"), source.get("delimiter", "auto")
    if isinstance(encoding, str) and encoding != "auto" and not _is_encoding(encoding):
        expected, place = "auto, or a name such as utf-8 or cp1252", _place(name, raw, ("source", number, "encoding"))
        yield Problem(place, f"{encoding!r} is not an encoding", expected, _near_or_auto(encoding, ENCODINGS))
    one_sign = isinstance(delimiter, str) and len(delimiter) == 1 and delimiter.isascii() and delimiter not in '"\r\n'
    if isinstance(delimiter, str) and delimiter not in DELIMITERS and not one_sign:
        expected = "auto, one character, or comma, semicolon, tab, pipe"
        place, remedy = _place(name, raw, ("source", number, "delimiter")), _near_or_auto(delimiter, DELIMITERS)
        yield Problem(place, f"{delimiter!r} cannot part the columns", expected, remedy)


def _near_or_auto(word: str, known: Collection[str]) -> str:
    near = nearest(word, known)
    return near if near.startswith("Did") else 'Write "auto" to have it found.'


def _is_encoding(word: str) -> bool:
    try:
        return bool(codecs.lookup(word)._is_text_encoding)
    except (LookupError, ValueError):
        return False


def _holiday_problems(place: str, holidays: object) -> Iterator[Problem]:
    """Countries that nothing knows; the package that says so is heavy, and only asked where one is named."""
    named = [holidays] if isinstance(holidays, str) else holidays
    if not isinstance(named, list) or not all(isinstance(day, date | str) for day in named):
        finding = "holidays holds something that is neither a date nor a country"
        yield Problem(place, finding, "", 'Write holidays = "FI".')
        return
    for country in named:
        if isinstance(country, str):
            try:
                if country[:4].isdigit():
                    date.fromisoformat(country)
                else:
                    check_country(country)
            except ValueError as error:
                yield Problem(place, str(error))


def _hours_problems(place: str, schedule: dict[str, Any]) -> Iterator[Problem]:
    days = {key: value for key, value in schedule.items() if key not in HOLIDAY_KEYS}
    try:
        parse_week(days)
    except ValueError as error:
        yield from (Problem(place, line) for line in str(error).splitlines())
    yield from _holiday_problems(place, schedule.get("holidays", []))
    if "from" in schedule and not isinstance(schedule["from"], date):
        yield Problem(place, f"from = {schedule['from']!r} is not a date", "from = 2026-01-01")
    special = schedule.get("special", {})
    if not isinstance(special, dict):
        yield Problem(place, "special is not a table of dates", 'special = { "2026-12-24" = "08:00-12:00" }')
        return
    for day, spans in special.items():
        try:
            date.fromisoformat(day)
            parse_week({"mon": spans})
        except (ValueError, TypeError) as error:
            yield Problem(f"{place}, special '{day}'", str(error))
