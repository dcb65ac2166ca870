"""``review``: tickets drawn for quality review, and reviewers' scores brought back.

In come names from the command line, out come a folder of forms, or rows of the table ``reviews`` in the workspace.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditkit.cli.common import loaded, period_as_written
from auditkit.cli.show import say, tell
from auditkit.errors import DataError, Problem, UsageError

SOURCE = """[[source]]
table = "reviews"
path = "reviews/*/*.csv"
dates = "iso\""""


def draw(
    root: str, team: str | None, period: str | None, reviewers: Sequence[str], error: str, size: int | None,
    calibration: int, seed: int, scorecard: str, language: str | None,
) -> None:  # fmt: skip
    """Draw tickets, and say how many, of how many, and what error that gives."""
    from auditkit.labels import Labels
    from auditkit.scorecards.drawn import Plan, draw_into
    from auditkit.scorecards.model import find_scorecard
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    store = loaded(workspace)
    (name,) = _one_team(store.find_teams([team] if team else []))
    chosen = period_as_written(period or "last-month", store, name, store.meta.as_of)
    wanted = None if size is not None else _share(error)
    plan = Plan(name, chosen, tuple(dict.fromkeys(reviewers)), wanted, size, calibration, seed)
    labels = Labels(language or store.meta.teams[name].language or workspace.config.audit.language)
    folder, sample = draw_into(store, plan, find_scorecard(workspace, scorecard), labels)
    shared, within = int(sample.rows["calibration"].sum()), Labels().number(100 * sample.error, 1)
    say(f"{len(sample.rows)} of {sample.population} resolved tickets are drawn, {shared} of them for every reviewer.")
    say(f"A share over all of them is known to within {within} percentage points (95 %, at worst).")
    say(f"The forms are in {folder}. When they are filled in: auditkit review import {folder}/*.xlsx")


def bring_in(root: str, files: Sequence[str], replace: bool) -> None:
    """Take the scores of forms; DataError names every row that was refused, the rest are written."""
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    problems: list[Problem] = []
    for file in files:
        problems += _bring_in(workspace, Path(file).expanduser(), replace)
    if not any(one.table == "reviews" for one in workspace.config.source):
        tell(f"auditkit: audit.toml has no source for reviews yet. Add:\n{SOURCE}")
    if problems:
        raise DataError(*problems)


def _bring_in(workspace, path: Path, replace: bool) -> list[Problem]:
    from auditkit.scorecards.drawn import hand_in, handed_in, read_sample
    from auditkit.scorecards.model import find_scorecard
    from auditkit.scorecards.scores import about_form, read_scores

    about = about_form(path)
    sample = read_sample(workspace, str(about.get("sample")))
    reviewer = str(about.get("reviewer"))
    if reviewer not in sample["reviewers"]:
        return [Problem(str(path), f"reviewer {reviewer!r} was given no ticket of {sample['id']}")]
    scorecard = find_scorecard(workspace, sample["scorecard"])
    earlier = handed_in(workspace, sample["id"], reviewer)
    found = read_scores(path, scorecard, sample["reviewers"][reviewer], {} if replace else earlier)
    kept = earlier | {one.ticket_id: one for one in found.reviews}
    new = sum(earlier.get(one.ticket_id) != one for one in found.reviews)
    if new:
        target = hand_in(workspace, sample, reviewer, list(kept.values()), scorecard)
        say(f"{path.name}: {new} reviews by {reviewer} are in {target}.")
    else:
        say(f"{path.name}: no new review.")
    if found.empty:
        say(f"{path.name}: {found.empty} tickets are not scored yet.")
    for ticket in found.missing:
        tell(f"auditkit: {path.name}: ticket {ticket} is no longer in the form; what was handed in for it stays.")
    remedy = "The row was not taken; the form is as it was."
    return [
        Problem(f"{path}, {one.place} ({one.ticket_id or 'no key'})", one.reason, "", remedy) for one in found.refused
    ]


def _one_team(teams: Sequence[str]) -> Sequence[str]:
    if len(teams) != 1:
        raise UsageError(Problem("--team", "is needed: the client has several teams", ", ".join(teams)))
    return teams


def _share(text: str) -> float:
    """``10%``, ``10 %`` or ``0.1`` as a share."""
    try:
        value = float(text.strip().removesuffix("%").strip()) / (100 if text.strip().endswith("%") else 1)
    except ValueError:
        value = 0.0
    if not 0 < value < 1:
        raise UsageError(Problem(f"--error {text!r}", "is no share", "for example 10% or 0.1"))
    return value
