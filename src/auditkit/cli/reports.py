"""``run`` and ``status``: make what is due and say how each report ended; show what there is and what is stale.

In come a workspace and names from the command line; out come lines on the screen and an exit code. What is done is in
plan.py and run.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditkit.cli.show import print_json, print_table, run_progress, say, tell, watched
from auditkit.errors import Problem, ReportError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from auditkit.ingredients import Ingredients
    from auditkit.plan import Plan, Request
    from auditkit.run import Outcome
    from auditkit.store import Store
    from auditkit.workspace import Workspace


def run(
    root: str, reports: Sequence[str], teams: Sequence[str], periods: Sequence[str], workers: int | None, force: bool,
    pdf: bool, as_of: str | None, parameters: Sequence[str],
) -> int:  # fmt: skip
    """Plan, run, tell. The exit code is 0, or 5 when a report or a PDF is missing."""
    from auditkit.cli.common import loaded, read_instant
    from auditkit.plan import DEFAULT_REPORT, Request, check_parameters, find_reports, make_plan
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    request = Request(
        tuple(reports),
        tuple(teams),
        tuple(periods),
        read_instant(as_of, workspace),
        _parameters(parameters),
        pdf,
        force,
    )
    check_parameters(find_reports(workspace, request.reports or (DEFAULT_REPORT,)), request)  # before a long load
    _check_periods(request)
    store = loaded(workspace)
    plan = make_plan(store, request)
    for line in plan.left_out:
        tell(f"left out: {line}")
    outcomes = _make(store, plan, workers)
    return _summary(workspace, plan, outcomes)


def _make(store: Store, plan: Plan, workers: int | None) -> list[Outcome]:
    """Run the plan; a line per report when nobody watches, bars when somebody does."""
    from auditkit.cli.common import ended_like_an_interruption
    from auditkit.run import default_workers, run_plan

    for job in plan.current:
        tell(f"up to date  {job.name}")
    ended = 0
    with ended_like_an_interruption(), run_progress(len(plan.due)) as show:

        def watch(job: Any, what: str, detail: Any) -> None:
            nonlocal ended
            show(job.name, what, detail[0] / detail[1] if what == "cell" else 0.0)
            if what == "end" and not watched():
                ended += 1
                tell(f"{ended} of {len(plan.due)}  {detail.state}  {job.name}  {detail.seconds:.1f} s  ({job.why})")

        return run_plan(store, plan, workers or default_workers(plan), watch)


def _summary(workspace: Workspace, plan: Plan, outcomes: Sequence[Outcome]) -> int:
    """Say what failed and where the reports are."""
    troubled = [one for one in outcomes if one.state != "made"]
    for one in troubled:
        tell("")
        tell(f"auditkit: {one.job.name}: {'FAILED' if one.state == 'failed' else 'made without its PDF'}")
        for problem in one.problems:
            tell(f"  {problem}")
        for line in one.lines:
            tell(f"    {line}")
        tell(f"  Log: {one.log}" + (f"\n  Notebook as far as it ran: {one.notebook}" if one.notebook else ""))
    there = [one.job for one in outcomes if one.state != "failed"]
    for job in sorted([*there, *plan.current], key=lambda job: str(job.folder)):
        for kind in ("html", "pdf"):
            path = job.folder / f"{job.report}.{kind}"
            if path.is_file():
                say(str(path))
    failed = sum(one.state == "failed" for one in outcomes)
    made = len(there)
    parts = [f"{made} made", f"{len(plan.current)} up to date", f"{failed} failed"]
    tell(f"{', '.join(parts)}. Reports are in {workspace.reports}")
    return ReportError.exit_code if troubled else 0


def _parameters(given: Sequence[str]) -> dict[str, str]:
    problems = [Problem(f"--param {one!r}", "has no value", "NAME=VALUE") for one in given if "=" not in one]
    if problems:
        raise UsageError(*problems)
    return dict(one.split("=", 1) for one in given)


def _check_periods(request: Request) -> None:
    """A period that nobody can read is told before a long load."""
    from datetime import date

    from auditkit.period import parse_period

    for text in request.periods:
        parse_period(text, date(2000, 1, 31))


def status(root: str, form: str) -> None:
    """Print the editions and the failures of the last run."""
    from auditkit.run import last_run
    from auditkit.store import current_generation, open_store
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    store = open_store(workspace) if current_generation(workspace) else None
    data = data_state(workspace, store)
    editions = list_editions(workspace, store)
    run_before = last_run(workspace.state)
    failures = [one for one in (run_before or {}).get("results", ()) if one["state"] != "made"]
    if form == "json":
        print_json({"schema": 1, "data": data, "editions": editions, "last_run": run_before})
        return
    say(f"Data: {data}")
    if editions:
        rows = [
            [one["team"], one["period"], one["report"], ", ".join(one["files"]), one["data"][:8], one["state"]]
            for one in editions
        ]
        print_table(("team", "period", "report", "files", "data", "state"), rows, (), "Editions")
    else:
        say("No editions yet. Make them with 'auditkit run'.")
    if failures:
        rows = [
            [one["team"], one["period"], one["report"], one["state"], "\n".join(one["problems"]), one["log"]]
            for one in failures
        ]
        print_table(
            ("team", "period", "report", "state", "problem", "log"),
            rows,
            (),
            f"Not in order in the last run ({run_before['at']})",
        )


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


def list_editions(workspace: Workspace, store: Store | None) -> list[dict[str, Any]]:
    """Every report of every edition: what it is, where, and whether it is up to date."""
    from auditkit.edition import MANIFEST, read_manifest
    from auditkit.ingredients import Ingredients

    ingredients = Ingredients(store) if store else None
    found = []
    for path in sorted(workspace.reports.glob(f"*/*/{MANIFEST}")):
        manifest = read_manifest(path.parent)
        for report, entry in (manifest or {}).get("reports", {}).items():
            files = [name for name in entry["files"] if "/" not in name]
            found.append(
                {"team": manifest["team"], "period": manifest["period"], "report": report, "folder": str(path.parent),
                 "files": files,
                 "data": entry.get("generation", ""), "as_of": entry["as_of"],
                 "state": _edition_state(ingredients, workspace, entry, report, manifest, path.parent)}
            )  # fmt: skip
    return found


def _edition_state(
    ingredients: Ingredients | None, workspace: Workspace, entry: Mapping[str, Any], report: str,
    manifest: Mapping[str, Any], folder: Path,
) -> str:  # fmt: skip
    from auditkit.period import parse_period
    from auditkit.plan import find_reports, staleness

    if ingredients is None:
        return "unknown: nothing is loaded"
    if manifest["team"] not in ingredients.store.meta.teams:
        return "unknown: the team is no longer in the data"
    try:
        notebook = find_reports(workspace, [report])[report]
    except (UsageError, KeyError):
        return f"unknown: its notebook {entry['notebook']} is not among the reports"
    parameters = entry["made_from"]["parameters"]
    parts = ingredients.of(notebook, manifest["team"], parse_period(manifest["period"]), parameters)
    why = staleness(folder, report, parts, entry["pdf"] != "not asked for")
    return f"stale: {why}" if why else "up to date"
