"""The plan of a run: which report of which team in which period, from what, and which of them are up to date already.

In come a loaded store and what was asked for, out goes a plan; everything that can be refused (a report, team, period
or parameter that does not exist, two teams in one folder) is refused here, before anything runs. Nothing is executed
or written.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from auditkit.clocks.period import Period, month_of
from auditkit.config import nearest
from auditkit.errors import Problem, UsageError
from auditkit.evaluation.records import instant_text
from auditkit.report.asked import settle_period
from auditkit.running.edition import edition_folder, made_from, read_manifest
from auditkit.running.ingredients import Ingredients, changed_parts, key_of
from auditkit.shipped import shipped
from auditkit.slug import refuse_collisions, slug
from auditkit.store import Store
from auditkit.workspace import Workspace

DEFAULT_REPORT = "team_report"
REQUIRED = ("workspace", "team", "period")
STANDARD = (*REQUIRED, "teams", "as_of", "language")


@dataclass(frozen=True)
class Request:
    """What was asked for, as strings; nothing named means the default."""

    reports: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    as_of: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    pdf: bool = True
    force: bool = False


@dataclass(frozen=True)
class Job:
    """One report of one team in one period; ``why`` says why it is to be made ("" when it is up to date).

    A report of several ``teams`` stands under the client's name as its team.
    """

    report: str
    notebook: Path
    team: str
    period: Period
    parameters: Mapping[str, str]
    pdf: bool
    folder: Path
    parts: Mapping[str, object]
    why: str
    teams: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """How it is called in messages and logs."""
        return f"{self.report}, {self.team}, {self.period.label}"

    @property
    def key(self) -> str:
        """One name for all that it is made from."""
        return key_of(self.parts)

    @property
    def as_of(self) -> str:
        """The as-of instant that it is given; "" is the store's."""
        return self.parameters.get("as_of", "")

    @property
    def log_stem(self) -> str:
        """Name of its log, without an extension."""
        return f"{slug(self.team)}-{self.period.label}-{self.report}"


@dataclass(frozen=True)
class Plan:
    """What to run, what is up to date, and what was left out with the reason."""

    due: tuple[Job, ...]
    current: tuple[Job, ...]
    left_out: tuple[str, ...]


def make_plan(store: Store, request: Request) -> Plan:
    """Plan the request over the store. Raises UsageError (or DataError for teams in one folder) with all problems."""
    teams = store.find_teams(request.teams)
    refuse_collisions(store.meta.teams, teams)
    notebooks = find_reports(store.workspace, request.reports or (DEFAULT_REPORT,))
    check_parameters(notebooks, request)
    as_of = request.as_of or store.meta.as_of
    settled, left_out = _settle_periods(store, request, teams, as_of)
    ingredients = Ingredients(store)
    of_all = {report: path for report, path in notebooks.items() if is_of_all(path)}
    jobs = [
        _job(ingredients, report, path, team, period, as_of, request)
        for team, period in settled
        for report, path in notebooks.items()
        if report not in of_all
    ]
    jobs += [
        _job(ingredients, report, path, store.workspace.config.audit.client, period, as_of, request, there)
        for report, path in of_all.items()
        for period, there in _together(store, settled, request)
    ]
    return Plan(tuple(job for job in jobs if job.why), tuple(job for job in jobs if not job.why), tuple(left_out))


def find_reports(workspace: Workspace, names: Iterable[str]) -> dict[str, Path]:
    """The notebooks of these names: the workspace's own, then the shipped ones; or a path to a notebook."""
    known = {path.stem: path for path in sorted(shipped("notebooks").glob("*.ipynb"))}
    known |= {path.stem: path for path in sorted((workspace.root / "notebooks").glob("*.ipynb"))}
    found, problems = {}, []
    for name in names:
        path = Path(name)
        if name in known:
            found[name] = known[name]
        elif path.suffix == ".ipynb" and path.is_file():
            found[slug(path.stem)] = path.resolve()
        else:
            remedy = nearest(path.name.removesuffix(".ipynb"), known)
            problems.append(Problem(f"report {name!r}", "does not exist", "a notebook's name or path", remedy))
    if problems:
        raise UsageError(*problems)
    return found


def is_of_all(path: Path) -> bool:
    """Whether a notebook is of several teams at once: it declares ``teams``, and no ``team``."""
    declared = declared_parameters(path)
    return "teams" in declared and "team" not in declared


def _together(
    store: Store, settled: list[tuple[str, Period]], request: Request
) -> list[tuple[Period, tuple[str, ...]]]:
    """The periods of a report of several teams with the teams that have data in them; by default the last one.

    Raises DataError where a team would share the folder of the client.
    """
    client = store.workspace.config.audit.client
    refuse_collisions({*store.meta.teams, client} if client not in store.meta.teams else [*store.meta.teams], [client])
    if client in store.meta.teams:
        expected = "another client in [audit]: reports of all teams stand in a folder of the client's name"
        raise UsageError(Problem(f"client {client!r}", "is also the name of a team", expected))
    teams: dict[str, tuple[Period, list[str]]] = {}
    for team, period in settled:
        teams.setdefault(period.label, (period, []))[1].append(team)
    found = [(period, tuple(names)) for period, names in teams.values()]
    return found if request.periods else sorted(found, key=lambda one: one[0].start)[-1:]


def declared_parameters(path: Path) -> list[str]:
    """The names that the notebook's cell tagged "parameters" sets; UsageError when there is no such cell."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        tagged = [cell for cell in cells if "parameters" in cell.get("metadata", {}).get("tags", ())]
        body = ast.parse("".join(tagged[0]["source"])).body if tagged else None
    except (OSError, ValueError, KeyError, TypeError, SyntaxError) as error:
        raise UsageError(
            Problem(path.name, f"cannot be read as a notebook: {error}", "a Jupyter notebook (nbformat 4)")
        ) from None
    if body is None:
        remedy = 'Tag the cell that sets team, period and so on with "parameters".'
        raise UsageError(Problem(path.name, "has no cell of parameters", 'a cell tagged "parameters"', remedy))
    assigned = [
        target
        for one in body
        for target in (one.targets if isinstance(one, ast.Assign) else [getattr(one, "target", None)])
    ]
    return [target.id for target in assigned if isinstance(target, ast.Name)]


def check_parameters(notebooks: Mapping[str, Path], request: Request) -> None:
    """UsageError unless every parameter that will be given is declared by every notebook."""
    problems = []
    for path in notebooks.values():
        declared = declared_parameters(path)
        of_all = "teams" in declared and "team" not in declared
        needed = [*(("workspace", "teams", "period") if of_all else REQUIRED), *(("as_of",) if request.as_of else ())]
        problems += [
            Problem(
                f"{path.name}, parameter {name!r}", "is not declared", "", f'Add {name} = "" to its cell of parameters.'
            )
            for name in needed
            if name not in declared
        ]
        for name in request.parameters:
            if name in STANDARD:
                problems.append(Problem(f"--param {name}", "is set by auditkit itself", "", _OPTIONS[name]))
            elif name not in declared:
                problems.append(
                    Problem(f"{path.name}, parameter {name!r}", "is not declared", "", nearest(name, declared))
                )
    if problems:
        raise UsageError(*problems)


_OPTIONS = {name: f"Use --{name.replace('_', '-')}." for name in ("workspace", "team", "period", "as_of")} | {
    "teams": "Use --team.",
    "language": "Set it in audit.toml.",
}


def staleness(folder: Path, report: str, parts: Mapping[str, object], pdf: bool) -> str:
    """Why the edition in ``folder`` has to be made (again) from these parts; "" when it is up to date."""
    made = made_from(read_manifest(folder), report, folder)
    if made is None:
        return "not made yet"
    changed = changed_parts(made["made_from"], parts)
    if changed:
        return f"{' and '.join(changed)} changed"
    if pdf and not any(name.endswith(".pdf") for name in made["files"]):
        return "the PDF is missing"
    return "" if made["key"] == key_of(parts) else "made by another version of auditkit"


def _settled(text: str, store: Store, team: str, as_of: datetime) -> Period:
    """The period as written. By default the last month that is over, or the first with data where none is over yet."""
    period = settle_period(text, store, team, as_of)
    covered = store.coverage(team)
    if text or covered is None:
        return period
    return settle_period(max(period, month_of(covered.start)).label, store, team, as_of)


def _settle_periods(
    store: Store, request: Request, teams: list[str], as_of: datetime
) -> tuple[list[tuple[str, Period]], list[str]]:
    """Teams and periods. A team without data in a period is left out, but is an error when it was named."""
    settled, problems, left_out = [], [], []
    for team in teams:
        for text in request.periods or ("",):
            try:
                settled.append((team, _settled(text, store, team, as_of)))
            except UsageError as error:
                problems += error.problems
                left_out += [f"{team}: {problem}" for problem in error.problems]
    if problems and (request.teams or not settled):
        raise UsageError(*dict.fromkeys(problems))
    return list(dict.fromkeys(settled)), left_out


def _job(
    ingredients: Ingredients, report: str, path: Path, team: str, period: Period, as_of: datetime, request: Request,
    teams: tuple[str, ...] = (),
) -> Job:  # fmt: skip
    store, workspace = ingredients.store, ingredients.store.workspace
    own = None if teams else store.meta.teams[team].language
    given = {
        "workspace": str(workspace.root),
        "team": team,
        "teams": json.dumps(list(teams), ensure_ascii=False) if request.teams else "",
        "period": period.label,
        "as_of": instant_text(as_of),
        "language": own or workspace.config.audit.language,
    }
    declared = declared_parameters(path)
    parameters = {name: value for name, value in (given | dict(request.parameters)).items() if name in declared}
    folder = edition_folder(workspace, team, period)
    parts = ingredients.of(path, team, period, parameters)
    why = staleness(folder, report, parts, request.pdf)
    if not why and request.force:
        why = "asked for with --force"
    return Job(report, path, team, period, parameters, request.pdf, folder, parts, why, teams)
