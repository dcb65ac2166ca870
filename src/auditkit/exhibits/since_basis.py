"""What the figures of then and now rest on, side by side: rules, hours, targets, program, files, days, rows left out.

In come what figures rest on now and what the earlier edition said of itself, out come rows of three texts (what, then,
now) for all that differs, and the subjects on which the earlier edition said nothing. Nothing is concluded here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from auditkit.clocks.period import span
from auditkit.exhibits.context import Context
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING
from auditkit.previous.edition import Edition
from auditkit.translation import N_

Row = tuple[str, str, str]
LONGEST = 400  # letters of a setting that are shown


def definition_rows(context: Context, edition: Edition, basis: Mapping[str, Any], versions: Mapping[str, str],
    program: str) -> list[Row]:  # fmt: skip
    """What differs in the rules by which figures are counted."""
    labels = context.labels
    rows = [*_rule_rows(context, edition.basis, basis)]
    rows += _written(labels.say("Time zone"), edition.basis.get("timezone"), basis.get("timezone"))
    rows += _written(labels.say("Opening hours"), edition.basis.get("hours"), basis.get("hours"))
    for name, then, now in _pairs(edition.basis.get("targets"), basis.get("targets")):
        rows += _written(labels.say("Target of {measure}", measure=context.label(name)), then or {}, now or {})
    waiting = labels.say("Statuses that wait for the customer")
    rows += _written(waiting, edition.basis.get("pending"), basis.get("pending"))
    if edition.basis.get("reading") not in (None, basis.get("reading")):
        rows.append((labels.say("How the files are read"), NOTHING, labels.say("changed in audit.toml")))
    return [*rows, *_program_rows(context, edition, versions, program)]


def data_rows(context: Context, edition: Edition, basis: Mapping[str, Any]) -> tuple[list[Row], int, int]:
    """What differs in the data, how many files differ, and how many there are then or now."""
    labels = context.labels
    then, now = _files_then(edition, basis), {(one.name, one.table): one for one in context.sources}
    rows, differing = [], 0
    for key in sorted({*then, *now}):
        before, after = then.get(key), now.get(key)
        if before is not None and after is not None and before["sha256"] == after.sha256:
            continue
        differing += 1
        name = f"{key[0]} ({value_words(labels, 'table', key[1])})"
        told = NOTHING if before is None else _counted(context, before["rows_in"], before["rows_refused"])
        rows.append((name, told, NOTHING if after is None else _counted(context, after.rows_in, after.rows_refused)))
    rows += _coverage_rows(context, edition.basis.get("coverage"), basis.get("coverage"))
    for reason, before, after in _pairs(edition.basis.get("left_out"), basis.get("left_out")):
        name = labels.say("Tickets left out: {reason}", reason=value_words(labels, "excluded", reason))
        rows.append((name, _count(context, before or 0), _count(context, after or 0)))
    return rows, differing, len({*then, *now})


def _rule_rows(context: Context, then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Row]:
    """The measures whose rule is another one, and those that are new or gone, a row for each kind."""
    labels = context.labels
    kinds: dict[str, list[str]] = {}
    for name, before, after in _pairs(then.get("measures"), now.get("measures")):
        kind = N_("New measures") if before is None else N_("Measures gone") if after is None else N_("Rules changed")
        kinds.setdefault(kind, []).append(context.label(name))
    for kind, names in kinds.items():
        gone = kind == "Measures gone"
        told = _shown(", ".join(names))
        yield labels.tell(kind), told if gone else NOTHING, NOTHING if gone else told


def _program_rows(context: Context, edition: Edition, versions: Mapping[str, str], program: str) -> Iterator[Row]:
    """auditkit and the libraries that figures depend on."""
    labels, then, now = context.labels, edition.versions, versions
    if then.get("auditkit") != now.get("auditkit"):
        yield "auditkit", _shown(then.get("auditkit")), _shown(now.get("auditkit"))
    elif edition.program and edition.program != program:
        yield "auditkit", _shown(then.get("auditkit")), labels.say("the same version, another build")
    for name, before, after in _pairs(then, now):
        if name != "auditkit":
            yield name, _shown(before), _shown(after)


def _written(what: str, then: Any, now: Any) -> list[Row]:
    """Settings as they are written, key by key; nothing where the earlier edition did not say them."""
    if then is None or not _differ(then, now):
        return []
    before, after = _flat(then), _flat(now)
    keys = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return [(f"{what}: {key}" if key else what, _shown(before.get(key)), _shown(after.get(key))) for key in keys]


def _flat(value: Any, name: str = "") -> dict[str, str]:
    """Nested settings as one level of names and texts."""
    if isinstance(value, Mapping):
        parts = {(f"{name}.{key}" if name else str(key)): one for key, one in value.items()}
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        lead = f"{name}." if name else ""
        several = len(value) > 1
        parts = {f"{lead}{place}" if several else name: one for place, one in enumerate(value, 1)}
    else:
        return {name: ", ".join(map(str, value)) if isinstance(value, list) else str(value)}
    found: dict[str, str] = {}
    for key, one in parts.items():
        found |= _flat(one, key)
    return found


def _pairs(then: Any, now: Any) -> Iterator[tuple[str, Any, Any]]:
    """Names whose values differ, with both; nothing where one side says nothing of the subject."""
    if not isinstance(then, Mapping) or not isinstance(now, Mapping):
        return
    for name in sorted({*map(str, then), *map(str, now)}):
        if _differ(then.get(name), now.get(name)):
            yield name, then.get(name), now.get(name)


def _differ(then: Any, now: Any) -> bool:
    return bool(then != now)


def _files_then(edition: Edition, basis: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The files of then that held rows of the team; where the edition does not say which, those of now."""
    known = edition.basis.get("files")
    names = set(known) if _texts(known) else set(basis.get("files", ()))
    held = (one for one in edition.inputs if one["file"] in names or not one["rows_kept"])
    return {(one["file"], one["table"]): one for one in held}


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _coverage_rows(context: Context, then: Any, now: Any) -> list[Row]:
    if not _differ(then, now) or not now:
        return []
    before = _days(context, then)
    return [(context.labels.say("Days covered"), before, _days(context, now))] if before != NOTHING else []


def _days(context: Context, days: Any) -> str:
    try:
        first, last = (date.fromisoformat(one) for one in days)
        return context.labels.period(span(first, last)) if first < last else NOTHING
    except (TypeError, ValueError):
        return NOTHING


def _counted(context: Context, rows: int, refused: int) -> str:
    labels = context.labels
    told = labels.say_n("{count} row", "{count} rows", rows)
    if not refused:
        return told
    return labels.say("{rows}, {refused} of them refused", rows=told, refused=labels.count(refused))


def _count(context: Context, value: Any) -> str:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return context.labels.count(value) if plain else NOTHING


def _shown(value: Any) -> str:
    text = NOTHING if value is None or value == "" else str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def unsaid(edition: Edition) -> Sequence[str]:
    """The subjects on which the earlier edition says nothing, so that they are not compared."""
    return [name for name in ("measures", "hours", "targets", "coverage", "left_out") if name not in edition.basis]
