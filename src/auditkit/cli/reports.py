"""``run``: make what is due, say how each report ended, and where the reports are.

In come a workspace and names from the command line; out come lines on the screen and an exit code. What is done is in
plan.py and run.py; what is shown meanwhile is in watching.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditkit.cli.show import say, tell
from auditkit.cli.watching import Recorded, Watching, files_of, watching
from auditkit.errors import Problem, ReportError, UsageError

if TYPE_CHECKING:
    from auditkit.running.plan import Plan, Request
    from auditkit.running.run import Manner, Outcome
    from auditkit.running.warm.makers import Makers
    from auditkit.store import Store
    from auditkit.workspace import Workspace


@dataclass(frozen=True)
class Ways:
    """How a run is to go about it: everything that bears on no figure."""

    workers: int | None = None
    engine: str = "auditkit"
    dask: str | None = None
    limits: Mapping[str, Any] = field(default_factory=dict)
    form: str = "table"


def run(
    root: str, reports: Sequence[str], teams: Sequence[str], periods: Sequence[str], force: bool, pdf: bool,
    as_of: str | None, parameters: Sequence[str], ways: Ways,
) -> int:  # fmt: skip
    """Plan, run, tell. The exit code is 0, or 5 when a report or a PDF is missing."""
    from auditkit.cli.common import ended_like_an_interruption, read_instant
    from auditkit.lock import RUN, held
    from auditkit.running.plan import DEFAULT_REPORT, Request, check_parameters, find_reports
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    instant = read_instant(as_of, workspace)
    given = _parameters(parameters)
    request = Request(tuple(reports), tuple(teams), tuple(periods), instant, given, pdf, force)
    check_parameters(find_reports(workspace, request.reports or (DEFAULT_REPORT,)), request)  # before a long load
    _check_periods(request)
    with ended_like_an_interruption(), held(workspace.state, RUN, tell):
        return _run(workspace, request, ways)


def _run(workspace: Workspace, request: Request, ways: Ways) -> int:
    with _warming(workspace, ways) as makers:
        from auditkit.cli.common import loaded
        from auditkit.running.plan import make_plan
        from auditkit.running.run import run_plan

        store = loaded(workspace)
        begun = time.monotonic()
        plan = make_plan(store, request)
        with _manner(store, plan, ways, makers) as manner, watching(ways.form) as shown:
            watcher = Recorded(shown, workspace.state / "run.json")
            watcher.planned(plan, manner.workers)
            outcomes = run_plan(store, plan, manner, watcher.happened, tell)
    return _ended(workspace, plan, outcomes, watcher, ways, time.monotonic() - begun)


@contextmanager
def _warming(workspace: Workspace, ways: Ways) -> Iterator[Makers | None]:
    """Makers of this machine, which get ready while the run is planned."""
    from auditkit.running.warm import warm_up

    if ways.dask:
        yield None
        return
    log = workspace.state / "logs" / "workers.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        makers = warm_up(log)
    except OSError:  # told where the run needs to write
        makers = None
    try:
        yield makers
    finally:
        if makers is not None:
            makers.end()


@contextmanager
def _manner(store: Store, plan: Plan, ways: Ways, makers: Makers | None) -> Iterator[Manner]:
    """Processes of this machine (``makers``, where they are getting ready), or the workers of a cluster."""
    from auditkit.running.run import Manner, default_workers
    from auditkit.running.warm import Limits, open_makers
    from auditkit.running.warm.limits import fair_memory

    if ways.dask:
        from auditkit.cluster.makers import ClusterMakers, connect, fair_share, threads_of

        with connect(ways.dask) as client:
            limits = Limits(**{"memory_bytes": fair_share(client)} | dict(ways.limits))
            workers = ways.workers or threads_of(client)
            yield Manner(workers, ways.engine, lambda building: ClusterMakers(client, store, limits), ways.dask)
        return
    workers = ways.workers or default_workers(plan)
    limits = Limits(**{"memory_bytes": fair_memory(workers)} | dict(ways.limits))
    if makers is None:
        yield Manner(workers, ways.engine, lambda building: open_makers(workers, limits, building / "workers.log"))
        return
    makers.workers, makers.limits = workers, limits
    yield Manner(workers, ways.engine, lambda building: makers)


def _ended(
    workspace: Workspace, plan: Plan, outcomes: Sequence[Outcome], watcher: Watching, ways: Ways, seconds: float
) -> int:
    """Say what failed and where the reports are; the exit code."""
    troubled = [one for one in outcomes if one.state != "made"]
    code = ReportError.exit_code if troubled else 0
    counts = {
        "made": sum(one.state != "failed" for one in outcomes),
        "up_to_date": len(plan.current),
        "failed": sum(one.state == "failed" for one in outcomes),
        "without_pdf": sum(one.state == "without pdf" for one in outcomes),
    }
    pages = sorted({workspace.reports / one.job.period.label / "failures.html" for one in troubled})
    pages = [page for page in pages if page.is_file()]
    watcher.ended(counts | {"seconds": round(seconds, 1), "failures": [str(page) for page in pages], "exit_code": code})
    for one in troubled:
        _tell_trouble(one)
    if ways.form != "json":
        _say_files(plan, outcomes)
    for page in pages:
        tell(f"What is not in order, and what to do: {page}")
    words = f"{counts['made']} made, {counts['up_to_date']} up to date, {counts['failed']} failed"
    tell(f"{words}. Reports are in {workspace.reports}")
    return code


def _tell_trouble(one: Outcome) -> None:
    tell("")
    tell(f"auditkit: {one.job.name}: {'FAILED' if one.state == 'failed' else 'made without its PDF'}")
    failure = one.failure or {}
    if failure:
        tried = f", tried {one.attempts} times" if one.attempts > 1 else ""
        tell(f"  {failure['words'][:1].upper()}{failure['words'][1:]} ({failure['class']}{tried})")
    for problem in one.problems:
        tell(f"  {problem}")
    for line in one.lines:
        tell(f"    {line}")
    if failure.get("remedy") and not any(failure["remedy"] in problem for problem in one.problems):
        tell(f"  {failure['remedy']}")
    tell(f"  Log: {one.log}" + (f"\n  Notebook as far as it ran: {one.notebook}" if one.notebook else ""))


def _say_files(plan: Plan, outcomes: Sequence[Outcome]) -> None:
    there = [one.job for one in outcomes if one.state != "failed"]
    for job in sorted([*there, *plan.current], key=lambda job: str(job.folder)):
        for path in files_of(job):
            say(str(path))


def _parameters(given: Sequence[str]) -> dict[str, str]:
    problems = [Problem(f"--param {one!r}", "has no value", "NAME=VALUE") for one in given if "=" not in one]
    if problems:
        raise UsageError(*problems)
    return dict(one.split("=", 1) for one in given)


def _check_periods(request: Request) -> None:
    """A period that nobody can read is told before a long load."""
    from datetime import date

    from auditkit.clocks.period import parse_period

    for text in request.periods:
        parse_period(text, date(2000, 1, 31))
