"""A drawn sample in the workspace: ``reviews/<sample>/`` with what was drawn, a form per reviewer, and the scores back.

In come a store and what to draw, out comes the folder; later, scores go in as one CSV per reviewer, which a source of
audit.toml reads like any other (table ``reviews``, path ``reviews/*/*.csv``). A CSV is replaced in one step.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from auditkit.clocks.period import Period
from auditkit.errors import DataError, Problem, UsageError
from auditkit.labels import Labels
from auditkit.privacy import masker
from auditkit.safe.files import write_whole
from auditkit.scorecards.form import TOLD, write_form
from auditkit.scorecards.model import Scorecard
from auditkit.scorecards.sampling import STRATA, Sample, deal, draw, size_for
from auditkit.scorecards.scores import COLUMNS, Review, rows_of
from auditkit.slug import slug
from auditkit.store import Store
from auditkit.workspace import Workspace

FOLDER = "reviews"
SAMPLE = "sample.json"
DRAWN_FROM = "tickets_resolved"  # the measure whose counted rows are the population


@dataclass(frozen=True)
class Plan:
    """What to draw: ``error`` wanted (0..1) or ``size``, for which reviewers, with how many tickets for all of them."""

    team: str
    period: Period
    reviewers: tuple[str, ...]
    error: float | None = None
    size: int | None = None
    calibration: int = 5
    seed: int = 1


def draw_into(store: Store, plan: Plan, scorecard: Scorecard, labels: Labels) -> tuple[Path, Sample]:
    """Draw the sample of the tickets resolved in the period, and write the folder with a form for each reviewer.

    Raises UsageError where there is nothing to draw from, the folder exists, or two reviewers would share a file.
    """
    tickets = _population(store, plan)
    if tickets.empty:
        place = f"{plan.team}, {plan.period.label}"
        raise UsageError(Problem(place, "has no resolved ticket to review", "", "Name another --period or --team."))
    size = plan.size if plan.size is not None else size_for(plan.error or 0.1, len(tickets))
    sample = draw(tickets, size=size, seed=plan.seed, calibration=min(plan.calibration, size, len(tickets)))
    name = f"{slug(plan.team)}-{plan.period.label}-{scorecard.id}-{plan.seed}"
    folder = store.workspace.root / FOLDER / name
    files = _file_names(plan.reviewers)
    if folder.exists():
        raise UsageError(Problem(str(folder), "exists already", "", "Forms may hold scores: draw with another --seed."))
    dealt = deal(sample, plan.reviewers, plan.seed)
    config = store.workspace.config
    told = [name for name in TOLD if name in sample.rows]
    mask = masker(store, [plan.team], labels.language)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".drawing-", dir=folder.parent) as place:
            built = Path(place) / name
            built.mkdir()
            for reviewer, rows in dealt.items():
                shown = rows[told].copy()
                if "agent" in shown:
                    shown["agent"] = [
                        labels.tell(config.agent(one)) if isinstance(one, str) else None for one in shown["agent"]
                    ]
                if "subject" in shown:
                    shown["subject"] = shown["subject"].map(mask, na_action="ignore")
                about = {"form": 1, "sample": name, "reviewer": reviewer, "scorecard": scorecard.id}
                write_form(built / files[reviewer], shown, scorecard, labels, about)
            (built / SAMPLE).write_text(_as_json(name, plan, scorecard, sample, dealt), encoding="utf-8")
            built.rename(folder)
    except OSError as error:
        raise DataError(Problem(str(folder), f"cannot be written: {error.strerror or error}")) from None
    return folder, sample


def _population(store: Store, plan: Plan) -> pd.DataFrame:
    """The tickets that count as resolved in the period, with every column that they have."""
    from auditkit.evidence.rows_behind import evidence

    counted = evidence(store, DRAWN_FROM, plan.team, plan.period)["ticket_id"]
    tickets = store.frame("tickets", plan.team)
    return tickets[tickets["ticket_id"].isin(counted)].dropna(axis="columns", how="all")


def read_sample(workspace: Workspace, name: str) -> dict[str, Any]:
    """What was drawn under this name. DataError where it is not in the workspace."""
    path = workspace.root / FOLDER / Path(name).name / SAMPLE
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        remedy = "Import it in the workspace where it was drawn."
        raise DataError(
            Problem(str(path), "is not there or cannot be read", "the sample of the form", remedy)
        ) from None


def samples_of(workspace: Workspace, team: str) -> list[dict[str, Any]]:
    """Everything that was drawn of a team, in the order of the names. DataError for a sample that cannot be read."""
    folders = sorted(path.parent.name for path in (workspace.root / FOLDER).glob(f"*/{SAMPLE}"))
    return [one for one in (read_sample(workspace, name) for name in folders) if one.get("team") == team]


def handed_in(workspace: Workspace, sample: str, reviewer: str) -> dict[str, Review]:
    """What a reviewer handed in before, by ticket."""
    path = _scores_path(workspace, sample, reviewer)
    if not path.is_file():
        return {}
    found: dict[str, dict[str, Any]] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            one = found.setdefault(
                row["ticket_id"], {"scores": {}, "on": row["reviewed_at"], "comment": row["comment"]}
            )
            one["scores"][row["criterion"]] = float(row["score"]) if row["score"] else None
    return {
        ticket: Review(ticket, date.fromisoformat(one["on"]), one["scores"], one["comment"])
        for ticket, one in found.items()
    }


def hand_in(
    workspace: Workspace, sample: Mapping[str, Any], reviewer: str, reviews: Sequence[Review], scorecard: Scorecard
) -> Path:
    """Write all reviews of a reviewer as CSV, in the order of the sample; returns the file."""
    path = _scores_path(workspace, sample["id"], reviewer)
    order = {ticket: place for place, ticket in enumerate(sample["tickets"])}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows_of(sorted(reviews, key=lambda one: order[one.ticket_id]), scorecard, sample, reviewer))
    write_whole(path, stream.getvalue())
    return path


def _scores_path(workspace: Workspace, sample: str, reviewer: str) -> Path:
    return workspace.root / FOLDER / Path(sample).name / f"{slug(reviewer)}.csv"


def _file_names(reviewers: Sequence[str]) -> dict[str, str]:
    names = {one: f"{slug(one)}.xlsx" for one in reviewers}
    if len({name.casefold() for name in names.values()}) < len(reviewers) or not reviewers:
        raise UsageError(Problem("--reviewer", "names too much alike, or none", "a different name for each reviewer"))
    return names


def _as_json(name: str, plan: Plan, scorecard: Scorecard, sample: Sample, dealt: Mapping[str, Any]) -> str:
    rows = sample.rows
    agents = rows["agent"] if "agent" in rows else [None] * len(rows)
    who = {ticket: one if isinstance(one, str) else None for ticket, one in zip(rows["ticket_id"], agents, strict=True)}
    told = {
        "id": name, "team": plan.team, "period": plan.period.label, "scorecard": scorecard.id, "seed": plan.seed,
        "drawn_from": DRAWN_FROM, "population": sample.population, "size": len(rows), "error": round(sample.error, 6),
        "strata": [one for one in STRATA if one in rows],
        "tickets": who,
        "calibration": rows.loc[rows["calibration"], "ticket_id"].tolist(),
        "reviewers": {reviewer: part["ticket_id"].tolist() for reviewer, part in dealt.items()},
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
