"""An earlier edition, read from its manifest: which one it is, its figures, and what they rested on.

In comes a path that somebody gave, or the place of the period before; out comes a frozen edition, or DataError. A
manifest may be damaged, made by another version, or written by a stranger: nothing in it is believed before its kind
was looked at, and what it does not say is empty.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from auditkit.clocks.period import Period, parse_period
from auditkit.errors import DataError, Problem, UsageError
from auditkit.slug import slug
from auditkit.workspace import Workspace

MANIFEST = "manifest.json"
SCHEMA = 1
MOST_BYTES = 64 * 1024**2
DEEPEST = 8
EXPECTED = "a manifest.json that auditkit wrote, or the folder of its edition"
REMEDY = "Name another edition, or make this one again with 'auditkit run'."
_TEXTS = ("measure", "statistic", "variant", "unit")
_NUMBERS = ("value", "low", "high", "n", "numerator", "denominator", "completeness")
_COUNTS = ("rows_in", "rows_kept", "rows_refused", "rows_folded")


@dataclass(frozen=True)
class Edition:
    """What an earlier manifest says of one report: ``figures`` as records.py writes them, ``basis`` as basis.py does
    (empty where the manifest is older than that), ``inputs`` the files, ``versions`` of the libraries, ``program`` the
    hash of auditkit itself, ``sha256`` that of all of it.
    """

    report: str
    team: str
    period: Period
    as_of: datetime
    figures: tuple[Mapping[str, Any], ...]
    basis: Mapping[str, Any]
    inputs: tuple[Mapping[str, Any], ...]
    versions: Mapping[str, str]
    program: str
    sha256: str


def find_manifest(workspace: Workspace, team: str, period: Period, given: str = "") -> Path | None:
    """The manifest to compare with: the one ``given`` (by whoever asks, else by audit.toml), else that of the period
    before; None where there is none of that period.

    ``given`` is a manifest, the folder of an edition, or a folder of reports, in which it is the team's last edition
    before the period. Raises DataError where what was given is not there.
    """
    written = given or workspace.config.audit.previous
    if not written:
        found = workspace.reports / slug(team) / period.previous().label / MANIFEST
        return found if found.is_file() else None
    path = Path(written).expanduser()
    path = path if path.is_absolute() or given else workspace.root / path
    candidates = [path, path / MANIFEST, *_earlier(path / slug(team), period)]
    found = next((one for one in candidates if one.is_file()), None)
    if found is None:
        raise DataError(Problem(written, f"holds no edition of {team} before {period.label}", EXPECTED))
    return found


def read_edition(path: Path, team: str, report: str = "") -> Edition:
    """The edition's report of that name, else the first that has figures of the team. DataError for anything else."""
    found = read_reports(path, team)
    return found[report] if report in found else found[min(found)]


def read_reports(path: Path, team: str) -> dict[str, Edition]:
    """Every report of a manifest that has figures of the team, at least one, by name. DataError for anything else."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"has more than {MOST_BYTES // 1024**2} MB")
        raw = json.loads(path.read_bytes().decode("utf-8"), parse_constant=_refuse_constant)
        return _reports(_table(raw, "it"), team)
    except OSError as error:
        raise DataError(Problem(str(path), f"cannot be read: {error.strerror or error}", EXPECTED, REMEDY)) from None
    except (ValueError, OverflowError, RecursionError, UsageError) as error:
        said = "is nested too deeply" if isinstance(error, RecursionError) else _one_line(str(error))
        raise DataError(Problem(str(path), said, EXPECTED, REMEDY)) from None


def _earlier(folder: Path, period: Period) -> list[Path]:
    """The manifests of editions before the period, the last one first."""
    found = []
    for path in folder.glob(f"*/{MANIFEST}"):
        try:
            found.append((parse_period(path.parent.name), path))
        except UsageError:
            continue
    before = sorted((one for one in found if one[0].end <= period.start), key=lambda one: (one[0].end, one[0].start))
    return [path for _, path in reversed(before)]


def _reports(raw: Mapping[str, Any], team: str) -> dict[str, Edition]:
    if raw.get("schema") != SCHEMA:
        raise ValueError(f"has schema {raw.get('schema')!r}, this version reads {SCHEMA}")
    if raw.get("team") != team:
        raise ValueError(f"is of {raw.get('team')!r}, not of {team!r}")
    found = {}
    for name, one in _table(raw.get("reports"), "reports").items():
        entry = _table(one, f"report {name!r}")
        figures = _figures(entry, team)
        if figures:
            found[name] = _of_report(name, entry, figures, raw, team)
    if not found:
        raise ValueError(f"has no figures of {team}")
    return found


def _of_report(
    name: str, entry: Mapping[str, Any], figures: tuple[Mapping[str, Any], ...], raw: Mapping[str, Any], team: str
) -> Edition:
    as_of = datetime.fromisoformat(_text(entry.get("as_of"), "as_of"))
    if as_of.tzinfo is None:
        raise ValueError("as_of is in no time zone")
    basis = _table(entry.get("basis") or {}, "basis")
    _shallow(basis)
    inputs = tuple(_input(one) for one in _list(entry.get("inputs") or [], "inputs"))
    versions = {str(key): str(one) for key, one in _table(entry.get("versions") or {}, "versions").items()}
    program = str(_table(entry.get("made_from") or {}, "made_from").get("program", ""))
    parts = {"period": raw.get("period"), "as_of": str(as_of), "figures": figures, "basis": basis, "inputs": inputs,
        "versions": versions, "program": program}  # fmt: skip
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode("utf-8", "surrogatepass"))
    period = parse_period(_text(raw.get("period"), "period"))
    return Edition(name, team, period, as_of, figures, basis, inputs, versions, program, digest.hexdigest())


def _figures(entry: Mapping[str, Any], team: str) -> tuple[Mapping[str, Any], ...]:
    """The team's figures without groups, each looked at; ValueError for one that is none, or that comes twice."""
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for number, raw in enumerate(_list(entry.get("figures") or [], "figures"), 1):
        one = _table(raw, f"figure {number}")
        if one.get("team") != team or one.get("by"):
            continue
        texts = {name: _text(one.get(name), f"figure {number}, {name}") for name in _TEXTS}
        numbers = {name: _number(one.get(name), f"figure {number}, {name}") for name in _NUMBERS}
        key = (texts["measure"], texts["statistic"], texts["variant"])
        if key in found:
            raise ValueError(f"has {' '.join(key)} twice")
        if not one.get("available", numbers["value"] is not None):
            numbers["value"] = None
        reason = one.get("reason")
        found[key] = texts | numbers | {"reason": reason if isinstance(reason, str) else ""}
    return tuple(found.values())


def _input(raw: Any) -> dict[str, Any]:
    one = _table(raw, "inputs")
    texts = {name: _text(one.get(name), f"inputs, {name}") for name in ("file", "table", "sha256")}
    return texts | {name: int(_number(one.get(name), f"inputs, {name}") or 0) for name in _COUNTS}


def _table(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no table of names and values")
    return value


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name} is no list")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} is no text")
    return value


def _number(value: Any, name: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{name} is no number")
    return float(value)


def _shallow(value: Any, depth: int = 0) -> None:
    """ValueError for settings that are nested deeper than any that were ever written."""
    if depth > DEEPEST:
        raise ValueError("has a basis that is nested too deeply")
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _shallow(one, depth + 1)


def _refuse_constant(name: str) -> float:
    raise ValueError(f"holds {name}, which is no number")


def _one_line(text: str) -> str:
    return " ".join(text.split())[:300]
