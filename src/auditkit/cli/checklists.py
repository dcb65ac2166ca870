"""``checklist``: where the audit stands by its checklists, and the forms that carry questions out and answers back.

In come names from the command line, out come tables for people, JSON for programs, or a form's file. The answers of a
form are written to the workspace's ``checklist/answers/``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import loaded, period_as_written
from auditkit.cli.show import print_json, print_table, say, tell
from auditkit.errors import DataError, Problem, UsageError

if TYPE_CHECKING:
    from auditkit.checklists.assess import Assessed, Result
    from auditkit.checklists.form_import import Imported
    from auditkit.checklists.model import Checklist
    from auditkit.labels import Labels
    from auditkit.store import Store
    from auditkit.workspace import Workspace

SHOWN = ("item", "step", "status", "score", "what the data say, or the auditor")
NUMBERS = ("score",)
LONGEST = 160  # characters of one cell on a screen


def show(root: str, names: Sequence[str], team: str | None, period: str | None, form: str, missing: bool) -> None:
    """Print each item with its status; ``missing`` only those that nothing answers yet."""
    workspace, checklists, store = _opened(root, names)
    chosen = _teams(store, team)
    labels = _labels(store, team, None)
    results = _results(store, workspace, checklists, chosen, period, labels)
    if form == "json":
        print_json({"schema": 1, "teams": chosen, "checklists": [_as_json(one, labels, missing) for one in results]})
        return
    for result in results:
        rows = [_row(one, labels) for one in result.items if not missing or one.status == "missing"]
        title = result.checklist.name(labels.language)
        if rows:
            print_table(SHOWN, rows, NUMBERS, title)
        else:
            say(f"{title}: nothing is missing.")
        say(_coverage(result, labels))


def export(
    root: str,
    file: str,
    names: Sequence[str],
    team: str | None,
    period: str | None,
    language: str | None,
    missing: bool,
) -> None:
    """Write a form with the questions, what the data say and the answers that stand."""
    from auditkit.checklists.form import form_rows
    from auditkit.checklists.form_files import key_of, write_form
    from auditkit.config import LANGUAGES, nearest

    if language and language not in LANGUAGES:
        raise UsageError(
            Problem(f"--language {language!r}", "is not known", ", ".join(LANGUAGES), nearest(language, LANGUAGES))
        )
    workspace, checklists, store = _opened(root, names)
    chosen = _teams(store, team)
    labels = _labels(store, team, language)
    results = _results(store, workspace, checklists, chosen, period, labels)
    rows = form_rows(results, labels, missing)
    about = {"team": team, "checklists": [one.id for one in checklists], "keys": [key_of(row) for row in rows]}
    write_form(Path(file).expanduser(), rows, labels, about)
    say(f"{len(rows)} items are in {file}. Fill in the coloured columns, then: auditkit checklist import {file}")


def bring_in(root: str, file: str, team: str | None) -> None:
    """Take the answers of a filled-in form; DataError names every row that was refused, the rest are written."""
    from auditkit.checklists.answers import own_answers, write_answers
    from auditkit.checklists.form_import import read_form, take
    from auditkit.checklists.model import SHIPPED, checklists_of
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    form = read_form(Path(file).expanduser())
    team = team or form.about.get("team") or None
    known = [(one.id, item.id) for one in checklists_of(workspace) for item in one.item]
    known += [(one.id, item.id) for one in checklists_of(workspace, SHIPPED) for item in one.item]
    found = take(form, own_answers(workspace, team), list(dict.fromkeys(known)))
    if found.answers:
        path = write_answers(workspace, team, found.answers)
        say(f"{len(found.answers)} new answers are in {path}.")
    _say_rest(found)
    if found.refused:
        raise DataError(
            *(
                Problem(
                    f"{file}, {one.place} ({one.key or 'no key'})",
                    one.reason,
                    "",
                    "The row was not taken; the form is as it was.",
                )
                for one in found.refused
            )
        )


def _say_rest(found: Imported) -> None:
    if not found.answers and not found.refused:
        say("The form holds no new answer.")
    if found.unchanged:
        say(f"{found.unchanged} answers stand already as in the form.")
    if found.empty:
        say(f"{found.empty} rows are empty; what was answered before stays.")
    for key in found.missing:
        tell(f"auditkit: {key} is no longer in the form; its answer stays as it was.")


def _opened(root: str, names: Sequence[str]) -> tuple[Workspace, list[Checklist], Store]:
    from auditkit.checklists.model import checklists_of
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    checklists = checklists_of(workspace, names)
    return workspace, checklists, loaded(workspace)


def _teams(store: Store, team: str | None) -> list[str]:
    return list(store.find_teams([team] if team else []))


def _labels(store: Store, team: str | None, language: str | None) -> Labels:
    from auditkit.labels import Labels

    own = store.meta.teams[team].language if team else None
    return Labels(language or own or store.workspace.config.audit.language)


def _results(
    store: Store,
    workspace: Workspace,
    checklists: list[Checklist],
    teams: list[str],
    period: str | None,
    labels: Labels,
) -> list[Result]:
    """Every checklist over all teams asked for, in their last complete month or the period asked for."""
    from auditkit.checklists.answers import read_answers
    from auditkit.checklists.assess import assess, figures_for, together

    by_team = {}
    for team in teams:
        chosen = period_as_written(period or "last-month", store, team, store.meta.as_of)
        figures = figures_for(store, checklists, team, chosen, labels)
        answers = read_answers(workspace, team)
        by_team[team] = [assess(one, figures, answers) for one in checklists]
    return [together({team: found[place] for team, found in by_team.items()}) for place in range(len(checklists))]


def _row(one: Assessed, labels: Labels) -> list[str]:
    texts = one.item.texts(labels.language)
    status = one.status + (", but the figures disagree" if one.disagrees else "")
    return [one.item.id, texts.title, status, labels.percent(one.score), _words(one, labels)]


def _words(one: Assessed, labels: Labels) -> str:
    from auditkit.checklists.form import figures_told

    told = figures_told(one, labels)
    if one.answer is not None:
        told = [f"{one.answer.answer}: {one.answer.evidence}" if one.answer.evidence else one.answer.answer, *told]
    if not told:
        told = [f"wanted: {one.item.texts(labels.language).evidence}"]
    text = "; ".join(told)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _coverage(result: Result, labels: Labels) -> str:
    states = ", ".join(f"{count} {state}" for state, count in result.coverage.items())
    if result.score is None:
        return f"{states}; nothing is scored yet.\n"
    part = labels.percent(result.scored)
    return f"{states}; score {labels.percent(result.score)}, which rests on {part} of the weight.\n"


def _as_json(result: Result, labels: Labels, missing: bool) -> dict[str, Any]:
    items = [
        {
            "id": one.item.id,
            "title": one.item.texts(labels.language).title,
            "status": one.status,
            "score": one.score,
            "weight": one.item.weight,
            "disagrees": one.disagrees,
            "figures": [
                {"measure": found.measure, "rule": found.rule, "answers": found.answers, "score": found.score,
                 "words": str(found.words)}
                for found in one.figures
            ],
            "answer": {name: str(value) if name == "date" else value for name, value in one.answer.fields().items()}
            if one.answer
            else None,
        }
        for one in result.items
        if not missing or one.status == "missing"
    ]  # fmt: skip
    whole = {"score": result.score, "scored": result.scored, "coverage": dict(result.coverage)}
    return {"id": result.checklist.id} | whole | {"items": items}
