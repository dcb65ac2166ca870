"""``status``: what was made when and from what, what is stale and why, what failed and why, who is at work.

In comes a workspace, out come tables or JSON, from the editions' manifests and the ledger. Nothing is written, so it
can be asked while a run is at work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.show import print_json, print_table, say
from auditkit.errors import UsageError
from auditkit.running.ledger import moment

if TYPE_CHECKING:
    from auditkit.running.ingredients import Ingredients
    from auditkit.store import Store
    from auditkit.workspace import Workspace

EDITION_COLUMNS = ("team", "period", "report", "made", "took", "files", "data", "state")
FAILING_COLUMNS = ("team", "period", "report", "state", "class", "problem", "remedy", "tried", "log")
SHOWN_OF_HASH = 8


def status(root: str, form: str) -> None:
    """Print editions, failures, and the last run."""
    from auditkit.lock import owner_of
    from auditkit.running.ledger import reading
    from auditkit.store import current_generation, open_store
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    store = open_store(workspace) if current_generation(workspace) else None
    at_work = owner_of(workspace.state)
    with reading(workspace.state) as ledger:
        last_run = ledger.last_run() if ledger else None
        failing = ledger.failing() if ledger else []
        made = ledger.last_made() if ledger else {}
    found = {
        "schema": 1,
        "data": data_state(workspace, store),
        "at_work": at_work,
        "editions": list_editions(workspace, store, made),
        "failing": failing,
        "last_run": _as_it_is(last_run, at_work),
    }
    if form == "json":
        print_json(found)
    else:
        _print(found)


def _as_it_is(run: dict[str, Any] | None, at_work: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A run that says that it is running, though nobody is at work, was killed."""
    if run is None or at_work is not None or run["state"] != "running":
        return run
    attempts = [one | {"state": "lost"} if one["state"] == "running" else one for one in run["attempts"]]
    return run | {"state": "killed", "attempts": attempts}


def _print(found: Mapping[str, Any]) -> None:
    say(f"Data: {found['data']}")
    run = found["last_run"]
    if found["at_work"]:
        say(f"At work: {_at_work(found['at_work'], run)}")
    if run:
        say(f"Last run: {_run_words(run)}")
    if found["editions"]:
        rows = [
            [one["team"], one["period"], one["report"], moment(one["made_at"]), _seconds(one["seconds"]),
             ", ".join(one["files"]), one["data"][:SHOWN_OF_HASH], one["state"]]
            for one in found["editions"]
        ]  # fmt: skip
        print_table(EDITION_COLUMNS, rows, ("took",), "Editions")
    else:
        say("No editions yet. Make them with 'auditkit run'.")
    if found["failing"]:
        _print_failing(found["failing"])


def _print_failing(failing: Sequence[Mapping[str, Any]]) -> None:
    rows = [
        [one["team"], one["period"], one["report"], one["state"], one["class"] or "",
         "\n".join(one["problems"] or [one["error"] or ""]), one["remedy"] or "",
         f"{one['attempt']}, last {moment(one['ended_at'])}", one["log"] or ""]
        for one in failing
    ]  # fmt: skip
    print_table(FAILING_COLUMNS, rows, (), "Not in order")


def _at_work(owner: Mapping[str, Any], run: Mapping[str, Any] | None) -> str:
    if not owner:
        return "another process"
    words = f"a {owner.get('what', 'run')}, process {owner['pid']} on {owner['host']}, since {owner['since']}"
    if owner.get("what") == "run" and run and run["state"] == "running" and run["pid"] == owner["pid"]:
        done = sum(one["state"] in ("made", "without pdf", "failed") and not one["retried"] for one in run["attempts"])
        now = ", ".join(f"{one['report']}, {one['team']}" for one in run["attempts"] if one["state"] == "running")
        words += f"; {done} of {run['due']} done" + (f", now {now}" if now else "")
    return words


def _run_words(run: Mapping[str, Any]) -> str:
    """``ended, 2026-06-01 02:00:04 UTC to ..., 40 due, 12 up to date, 2 workers (auditkit): 39 made, 1 failed``"""
    ends = [one["state"] for one in run["attempts"] if not one["retried"]]
    counts = ", ".join(f"{ends.count(state)} {state}" for state in dict.fromkeys(ends))
    until = f" to {moment(run['ended_at'])}" if run["ended_at"] else ""
    about = f"{run['due']} due, {run['up_to_date']} up to date, {run['workers']} workers ({run['engine']})"
    return f"{run['state']}, {moment(run['begun_at'])}{until}, {about}" + (f": {counts}" if counts else "")


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:.1f} s"


def data_state(workspace: Workspace, store: Store | None) -> str:
    """Whether the store holds what the files and audit.toml now say, in words."""
    from auditkit.errors import DataError
    from auditkit.load import config_sha256, find_inputs

    if store is None:
        return "nothing is loaded; run 'auditkit load'"
    if store.meta.config_sha256 != config_sha256(workspace):
        return "loaded, but audit.toml has changed since; the next run loads again"
    try:
        now = {one.sha256 for one in find_inputs(workspace)}
    except DataError as error:
        return f"loaded, but {error.problems[0]}"
    if now != {one.sha256 for one in store.meta.sources}:
        return "loaded, but the files have changed since; the next run loads again"
    return "loaded and up to date"


def list_editions(
    workspace: Workspace, store: Store | None, made: Mapping[tuple[str, str, str], Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Every report of every edition: what it is, where, from what, when it was made and whether it is up to date.

    ``made`` are the ledger's entries of what made each report last.
    """
    from auditkit.running.edition import MANIFEST, read_manifest
    from auditkit.running.ingredients import Ingredients

    ingredients = Ingredients(store) if store else None
    found = []
    for path in sorted(workspace.reports.glob(f"*/*/{MANIFEST}")):
        manifest = read_manifest(path.parent)
        for report, entry in (manifest or {}).get("reports", {}).items():
            attempt = made.get((report, manifest["team"], manifest["period"]), {})
            of_this = attempt if attempt.get("key") == entry["key"] else {}  # not an edition that was copied here
            found.append(
                {"team": manifest["team"], "period": manifest["period"], "report": report, "folder": str(path.parent),
                 "files": [name for name in entry["files"] if "/" not in name],
                 "made_at": of_this.get("ended_at"), "seconds": of_this.get("seconds"),
                 "memory_bytes": of_this.get("memory_bytes"), "why": of_this.get("why"),
                 "data": entry.get("generation", ""), "key": entry["key"], "as_of": entry["as_of"],
                 "state": _edition_state(ingredients, workspace, entry, report, manifest, path.parent)}
            )  # fmt: skip
    return found


def _edition_state(
    ingredients: Ingredients | None, workspace: Workspace, entry: Mapping[str, Any], report: str,
    manifest: Mapping[str, Any], folder: Path,
) -> str:  # fmt: skip
    from auditkit.clocks.period import parse_period
    from auditkit.running.plan import find_reports, is_of_all, staleness

    if ingredients is None:
        return "unknown: nothing is loaded"
    try:
        notebook = find_reports(workspace, [report])[report]
    except (UsageError, KeyError):
        return f"unknown: its notebook {entry['notebook']} is not among the reports"
    if manifest["team"] not in ingredients.store.meta.teams and not is_of_all(notebook):
        return "unknown: the team is no longer in the data"
    parameters = entry["made_from"]["parameters"]
    parts = ingredients.of(notebook, manifest["team"], parse_period(manifest["period"]), parameters)
    why = staleness(folder, report, parts, entry["pdf"] != "not asked for")
    return f"stale: {why}" if why else "up to date"
