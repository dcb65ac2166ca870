"""What a team's figures rest on, in plain values that a manifest keeps and a later audit compares with its own.

In come a store and a team, out goes a dictionary: the rule of every measure as a hash, hours, zone, targets, how the
sources are read, the days that the data cover, the files and what was left out. It says nothing of the figures.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from typing import Any

from auditkit.config import Config
from auditkit.definition import Measure
from auditkit.measures import find
from auditkit.schema import TABLES
from auditkit.store import Store

SCHEMA = 1
_LETTERS = 16
# What is said of a measure, and where it may be shown; all else of a declaration is its rule.
_WORDS = (
    "label", "summary", "articles", "source", "golden", "decision", "variant_words", "variants", "better", "counts",
)  # fmt: skip


def basis_of(store: Store, team: str) -> dict[str, Any]:
    """What the figures of one team rest on now."""
    config, covered = store.workspace.config, store.meta.coverage(team)
    files, left_out = _rows(store, team)
    return {
        "schema": SCHEMA,
        "timezone": config.zone_of(team),
        "hours": json.loads(json.dumps(config.hours_of(team), default=str)),
        "targets": {name: _target(config, name) for name in sorted(config.targets)},
        "pending": list(config.pending.statuses),
        "reading": _hash([one.model_dump(mode="json") for one in config.source]),
        "measures": {one.id: rule_of(one, config) for one in find((), config.measure)},
        "coverage": [covered.start.isoformat(), covered.end.isoformat()] if covered else [],
        "files": files,
        "left_out": left_out,
    }


def rule_of(measure: Measure, config: Config) -> str:
    """The hash of what a measure counts, with the limit that its target gives it; words about it are no part."""
    target = config.targets.get(measure.id)
    within = target.model_dump(mode="json")["within"] if target is not None else None
    return _hash([_plain(measure), within])


def _target(config: Config, name: str) -> dict[str, Any]:
    return config.targets[name].model_dump(mode="json", exclude_defaults=True)


def _plain(value: Any) -> Any:
    """A declaration as plain values, nested ones too."""
    if is_dataclass(value):
        kept = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.name not in _WORDS}
        return {"kind": type(value).__name__} | kept
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def _rows(store: Store, team: str) -> tuple[list[str], dict[str, int]]:
    """The files that hold rows of the team, and how many of its tickets are left out, by reason."""
    files: set[str] = {one.name for one in store.meta.sources if "team" not in TABLES[one.table].by_name}
    left_out: dict[str, int] = {}
    tables = sorted(name for name in set(store.meta.tables) & set(TABLES) if "team" in TABLES[name].by_name)
    asked = " UNION ".join(f"SELECT source FROM {table} WHERE team = $team" for table in tables)
    with store.connect() as con:
        files |= {name for (name,) in (con.execute(asked, {"team": team}).fetchall() if tables else ()) if name}
        if "tickets" in store.meta.tables:
            asked = """SELECT coalesce(excluded, 'outbound') AS why, count(*) FROM tickets
                WHERE team = ? AND (excluded IS NOT NULL OR outbound) GROUP BY why ORDER BY why"""
            left_out = {str(why): int(count) for why, count in con.execute(asked, [team]).fetchall()}
    return sorted(files), left_out


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:_LETTERS]
