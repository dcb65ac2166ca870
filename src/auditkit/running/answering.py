"""In a process of its own: what the reports of a few teams ask of their rows, asked for all of them together.

In comes a task that names the teams, a period and the sections of the reports, out goes for each team a file with the
answers. Whatever is wrong with the data is left for the reports to meet, and to say in which cell: then there is no
file.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from auditkit.answers import Question
    from auditkit.report.history import Told
    from auditkit.store import Store


def task_of_answers(
    store: Store, teams: Sequence[str], told: Told, sections: Sequence[str], stem: Path
) -> dict[str, Any]:
    """What a maker gets; the files are to be called ``stem`` and a number."""
    return {
        "kind": "answers",
        "workspace": str(store.workspace.root),
        "generation": store.generation,
        "teams": list(teams),
        "period": told.period.label,
        "as_of": told.as_of.isoformat(),
        "sections": list(sections),
        "stem": str(stem),
    }


def ask(task: dict[str, Any], tell: Callable[[dict[str, Any]], None], around: Any = None) -> dict[str, Any]:
    """Do it: ``state`` is "made" and ``files`` says where the answers of each team are, or it is "failed"."""
    try:
        return {"state": "made", "problems": [], "files": _files(task)}
    except Exception as error:
        return {"state": "failed", "problems": [f"{type(error).__name__}: {error}"], "files": {}}


def _files(task: dict[str, Any]) -> dict[str, str]:
    from datetime import datetime

    from auditkit.clocks.period import parse_period
    from auditkit.report.history import told_of
    from auditkit.store import open_store
    from auditkit.workspace import open_workspace

    store = open_store(open_workspace(task["workspace"]))
    if store.generation != task["generation"]:
        return {}
    teams, period = task["teams"], parse_period(task["period"])
    told = told_of(store, teams[0], period, datetime.fromisoformat(task["as_of"]))
    files = {}
    for number, (team, own) in enumerate(_answers(store, teams, told, task["sections"]).items()):
        path = Path(f"{task['stem']}-{number}")
        path.write_bytes(pickle.dumps(own, pickle.HIGHEST_PROTOCOL))  # texts stay all that a translation needs
        files[team] = str(path)
    return files


def _answers(store: Store, teams: Sequence[str], told: Told, sections: Sequence[str]) -> dict[str, dict[Question, Any]]:
    """The figures of all measures, and what the sections ask beside them, by team."""
    from auditkit.evaluation.evaluate import evaluate, question_of
    from auditkit.report.foreseen import foreseen

    figures = evaluate(store, teams=teams, periods=told.periods, variants=True, as_of=told.as_of)
    answers = foreseen(store, teams, told, figures, sections)
    for team, own in answers.items():
        question = question_of(store, (), (team,), told.periods, None, True, told.as_of)
        own[question] = figures[figures["team"] == team].reset_index(drop=True)
    return answers
