"""``evidence``: the rows behind one figure, as CSV for a spreadsheet or JSON for programs.

In come names from the command line, out come the rows that evidence/rows_behind.py marks. What is told about them
(how many, and why some are hidden) goes to standard error, so that the rows can be piped.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import loaded, period_as_written, plain, read_instant
from auditkit.cli.show import print_json, tell
from auditkit.errors import Problem, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    import pandas as pd

    from auditkit.clocks.period import Period
    from auditkit.store import Store
    from auditkit.workspace import Workspace

FREE_TEXTS = ("subject", "comment")


def evidence(
    root: str, measure: str, team: str, period: str | None, variant: str, wanted: Mapping[str, bool], by: str | None,
    group: str | None, as_of: str | None, output: str | None, form: str,
) -> None:  # fmt: skip
    """Print or write the rows, and say how many they are."""
    from auditkit.evaluation.evaluate import whole_span
    from auditkit.evaluation.records import instant_text
    from auditkit.evidence.rows_behind import evidence as rows_behind
    from auditkit.measures import find
    from auditkit.workspace import open_workspace

    kind = _kind(wanted)
    workspace = open_workspace(root)
    find([measure], workspace.config.measure)  # a misspelt name is told before anything is loaded
    instant = read_instant(as_of, workspace)
    target = _target(output, workspace) if output else None
    store = loaded(workspace)
    known = instant or store.meta.as_of
    store.find_teams([team])
    chosen = period_as_written(period, store, team, known) if period else None
    found = rows_behind(store, measure, team, chosen, variant=variant, rows=kind, as_of=known, by=by, group=group)
    if found.empty and group:
        _check_group(store, measure, team, chosen, by, group, known, told=found.attrs["reason"] is not None)
    asked = {
        "schema": 1, "as_of": instant_text(known), "measure": measure, "variant": variant, "team": team,
        "period": str(chosen or whole_span(store, known)), "by": by, "group": group, "kind": kind,
        "counted": int(found["counted"].sum()), "met": int(found["met"].sum()), "reason": found.attrs["reason"],
    }  # fmt: skip
    _put(masked(found, store, team), asked, target, form)
    _tell(found, asked)


def masked(rows: pd.DataFrame, store: Store, team: str) -> pd.DataFrame:
    """The rows with the free texts of customers masked, as ``[privacy] texts`` says."""
    from auditkit.privacy import masker

    written = [name for name in FREE_TEXTS if name in rows]
    mask = masker(store, [team]) if written else None
    return rows.assign(**{name: rows[name].map(mask, na_action="ignore") for name in written})


def _kind(wanted: Mapping[str, bool]) -> Any:
    """Which rows are asked for: the counted ones unless something else is said."""
    said = [name for name, asked in wanted.items() if asked]
    if len(said) > 1:
        place = " and ".join(f"--{name}" for name in said)
        raise UsageError(Problem(place, "exclude each other", "one of them", "Every row says whether it is met."))
    return said[0] if said else "counted"


def _target(output: str, workspace: Workspace) -> Path:
    """The file to write; never one that the audit is made from."""
    path = Path(output)
    sources = {one.resolve() for source in workspace.config.source for one in workspace.root.glob(source.path or "-")}
    if path.resolve() in {*sources, (workspace.root / "audit.toml").resolve()}:
        finding = "is a file that the audit reads"
        raise UsageError(Problem(f"--output {output!r}", finding, "another name", "Sources are never written to."))
    return path


def _check_group(
    store: Store,
    measure: str,
    team: str,
    period: Period | None,
    by: str | None,
    group: str,
    as_of: datetime,
    told: bool,
) -> None:
    """UsageError with the nearest name where the figure has no such group; ``told``: why there is none is known."""
    from auditkit.config import nearest
    from auditkit.evaluation.evaluate import evaluate

    figures = evaluate(store, [measure], [team], [period] if period else [], by, as_of=as_of)
    known = [str(one) for one in figures["group"].dropna().unique()]
    if group not in known and (known or not told):
        remedy = nearest(group, known) or "No row of the figure has one: leave --group out, or give --group ''."
        raise UsageError(Problem(f"group {group!r} of {by}", "does not exist", "", remedy))


def _put(found: pd.DataFrame, asked: dict[str, Any], target: Path | None, form: str) -> None:
    """The rows on standard output or in the file."""
    columns = list(found.columns)
    cells = [[plain(value) for value in row] for row in found.astype(object).itertuples(index=False, name=None)]
    if form == "json":
        document = asked | {"columns": columns, "rows": [dict(zip(columns, row, strict=True)) for row in cells]}
        if target is None:
            print_json(document)
        else:
            _write(target, json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n", "utf-8")
        return
    from auditkit.safe.spreadsheets import csv_text

    text = csv_text(columns, [[_cell(value) for value in row] for row in cells])
    if target is None:
        print(text, end="")
    else:
        _write(target, text, "utf-8-sig")  # with the mark by which spreadsheets know it


def _cell(value: Any) -> Any:
    """A value as a spreadsheet reads it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(str(one) for one in value) if isinstance(value, list) else value


def _write(path: Path, text: str, encoding: str) -> None:
    """The whole file, or nothing of it."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_text(text, encoding=encoding, newline="")  # a pipe or a device
            return
        fresh.write_text(text, encoding=encoding, newline="")
        fresh.replace(path)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        fresh.unlink(missing_ok=True)
        finding = f"cannot be written: {error.strerror}"
        raise UsageError(Problem(f"--output '{path}'", finding, "a file in a folder that exists")) from None
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _tell(found: pd.DataFrame, asked: Mapping[str, Any]) -> None:
    """How many rows there are, and why some are not shown."""
    total, counted, met = len(found), asked["counted"], asked["met"]
    uncounted = f"{total:,} in all; " if total != counted else ""
    tell(f"auditkit: rows behind {asked['measure']}: {uncounted}{counted:,} counted, {met:,} met")
    if asked["reason"]:
        tell(f"auditkit: {'no rows' if found.empty else 'not all rows are shown'}: {asked['reason']}")
