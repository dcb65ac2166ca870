"""Bringing scores back: a filled-in form as rows of the table ``reviews``, each row taken or refused with its reason.

In come a workbook, the sample that it belongs to and what the reviewer handed in before; out come reviews and refusals.
A row is taken whole or not at all: every criterion has a score of its scale or is said not to apply, and the day of the
review is given.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from auditkit.checklists.form_import import read_date
from auditkit.errors import DataError, Problem
from auditkit.labels import Labels
from auditkit.safe.sheet import open_form
from auditkit.scorecards.form import ABOUT, ASKED, KEY, POINTS, SHEET, not_applicable_words
from auditkit.scorecards.model import Scorecard

COLUMNS = ("review_id", "reviewed_at", "team", "agent", "reviewer", "ticket_id", "scorecard", "criterion", "score",
    "max_score", "weight", "critical", "not_applicable", "comment", "kind")  # fmt: skip
_REMEDY = "Draw the sample anew, or ask the reviewer for the workbook itself."


@dataclass(frozen=True)
class Review:
    """One reviewed ticket: the score of each criterion (0, 0.5, 1, or None where it does not apply), day, comment."""

    ticket_id: str
    on: date
    scores: Mapping[str, float | None]
    comment: str = ""


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken: where, which ticket, and why."""

    place: str
    ticket_id: str
    reason: str


@dataclass(frozen=True)
class Scores:
    """What a form holds: ``about`` it, the reviews taken, the rows refused, rows left empty, and tickets of the
    reviewer that the form no longer holds."""

    about: Mapping[str, Any]
    reviews: tuple[Review, ...]
    refused: tuple[Refusal, ...]
    empty: int
    missing: tuple[str, ...]


def about_form(path: Path) -> dict[str, Any]:
    """What a form says of itself: sample, reviewer, scorecard. DataError for a file that is no form."""
    return json.loads(open_form(path, SHEET, ABOUT, _REMEDY)[ABOUT].cell(1, 1).value)


def read_scores(path: Path, scorecard: Scorecard, dealt: Sequence[str], earlier: Mapping[str, Review]) -> Scores:
    """Read a filled-in form. ``dealt``: the tickets that its reviewer was given; ``earlier``: what was handed in."""
    book = open_form(path, SHEET, ABOUT, _REMEDY)
    sheet, about = book[SHEET], json.loads(book[ABOUT].cell(1, 1).value)
    columns = _columns([cell.value for cell in sheet[1]], scorecard, path)
    covered = {row for one in sheet.merged_cells.ranges for row in range(one.min_row, one.max_row + 1)}
    reviews: dict[str, Review] = {}
    refused, seen, empty = [], [], 0
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        filled = {name: cells[place] for name, place in columns.items()}
        ticket = str(filled.pop(KEY) or "")
        if not ticket and not any(value not in (None, "") for value in filled.values()):
            continue
        seen.append(ticket)
        try:
            review = _settled(ticket, filled, scorecard, dealt, number in covered, seen, earlier.get(ticket))
        except ValueError as error:
            refused.append(Refusal(f"row {number}", ticket, str(error)))
            reviews.pop(ticket, None) if seen.count(ticket) > 1 else None
            continue
        if review is None:
            empty += 1
        else:
            reviews[ticket] = review
    missing = tuple(one for one in dealt if one not in seen)
    return Scores(about, tuple(reviews.values()), tuple(refused), empty, missing)


def rows_of(
    reviews: Sequence[Review], scorecard: Scorecard, sample: Mapping[str, Any], reviewer: str
) -> Iterator[list[Any]]:
    """The reviews as rows of the canonical table, a row per criterion, in the order of :data:`COLUMNS`."""
    agents, calibration = sample["tickets"], set(sample["calibration"])
    for review in reviews:
        kind = "calibration" if review.ticket_id in calibration else "review"
        key = f"{sample['id']}/{reviewer}/{review.ticket_id}"
        for one in scorecard.criterion:
            score, ticket = review.scores[one.id], review.ticket_id
            yield [key, review.on.isoformat(), sample["team"], agents[ticket] or "", reviewer, ticket, scorecard.id,
                   one.id, "" if score is None else score, 1, one.weight, str(one.critical).lower(),
                   str(score is None).lower(), review.comment, kind]  # fmt: skip


def _settled(
    ticket: str, filled: Mapping[str, Any], scorecard: Scorecard, dealt: Sequence[str], merged: bool,
    seen: Sequence[str], earlier: Review | None,
) -> Review | None:  # fmt: skip
    if merged:
        raise ValueError("a merged cell covers the row: it cannot be told which ticket its scores belong to")
    if ticket not in dealt:
        raise ValueError(f"ticket {ticket!r} was not given to this reviewer, or its key was changed")
    if seen.count(ticket) > 1:
        raise ValueError("the ticket stands in the form more than once")
    given = {one.id: filled.get(one.id) for one in scorecard.criterion}
    if all(value in (None, "") for value in given.values()):
        return None
    scores = {name: _score(name, value) for name, value in given.items()}
    on = read_date(filled.get("reviewed_on"))
    if on is None:
        raise ValueError("the day of the review is not given (expected a date such as 2026-05-12)")
    review = Review(ticket, on, scores, str(filled.get("comment") or "").strip())
    if earlier is not None and earlier != review:
        raise ValueError("the reviewer handed in other scores for it before (to replace them: --replace)")
    return review


def _score(name: str, value: Any) -> float | None:
    if value in (None, ""):
        raise ValueError(f"{name} has no score (expected 0, 0.5, 1 or not applicable)")
    if isinstance(value, str):
        if value.strip().casefold() in not_applicable_words():
            return None
        try:
            value = float(value.strip().replace(",", "."))
        except ValueError:
            raise ValueError(f"{name}: {value!r} is no score (expected 0, 0.5, 1 or not applicable)") from None
    if isinstance(value, bool) or value not in POINTS:
        raise ValueError(f"{name}: {value} is outside the scale (expected 0, 0.5 or 1)")
    return float(value)


def _columns(heads: Sequence[Any], scorecard: Scorecard, path: Path) -> dict[str, int]:
    """Where each column stands; DataError names those that are gone."""
    from auditkit.config import LANGUAGES

    names = {KEY: KEY} | {one.id: one.id for one in scorecard.criterion}
    for language in LANGUAGES:
        names |= {Labels(language).tell(text): name for name, text in ASKED.items()}
    found = {names[str(head).strip()]: place for place, head in enumerate(heads) if str(head or "").strip() in names}
    gone = [name for name in (KEY, *(one.id for one in scorecard.criterion), "reviewed_on") if name not in found]
    if gone:
        raise DataError(
            Problem(f"{path.name}, row 1", f"the columns {', '.join(gone)} are gone", "the form's own heads")
        )
    return found
