"""Where quality reviews come from: the random samples they were drawn in, and how far they speak for all tickets.

In come the context and what the workspace's ``reviews/`` folder says was drawn; out comes a table, or one honest
sentence: scores of tickets that nobody drew at random say nothing sure about the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, table
from auditkit.labels import NOTHING
from auditkit.scorecards.sampling import error_of


def review_sample(context: Context, samples: Sequence[Mapping[str, Any]]) -> list[Exhibit]:
    """A row per sample of the team: of how many tickets, how many drawn and scored, and the error that gives."""
    labels, reviewed = context.labels, _reviewed(context)
    if not samples:
        title = labels.say("How the reviewed tickets were chosen is not known")
        words = labels.say(
            "They are no random sample that is known here, so their scores may not speak for the other tickets. "
            "The command “{command}” draws one.",
            command="auditkit review draw",
        )
        return [context.missing("reviews-sample", title, words)]
    rows: list[list[Cell]] = [_row(context, one, reviewed) for one in samples]
    columns = [labels.say("Sample"), labels.say("Resolved tickets"), labels.say("Drawn"), labels.say("Reviewed"),
        labels.say("For every reviewer"), labels.say("Reviewers"), labels.say("Error")]  # fmt: skip
    title = labels.say_n(
        "{done} of {count} ticket drawn at random is reviewed",
        "{done} of {count} tickets drawn at random are reviewed",
        sum(one["size"] for one in samples),
        done=sum(_done(one, reviewed) for one in samples),
    )
    note = labels.say(
        "Error: half-width of the 95 % interval of a share of half over all resolved tickets (Cochran 1977), for the "
        "tickets reviewed so far; it holds only if those left out are no different. Drawn in proportion to agents, "
        "channels and types, where they are known."
    )
    return [table("reviews-sample", title, note, columns, rows)]


def _row(context: Context, sample: Mapping[str, Any], reviewed: set[str]) -> list[Cell]:
    labels, done = context.labels, _done(sample, reviewed)
    error = labels.points(error_of(done, sample["population"])).removeprefix("+") if done else NOTHING
    counts = (sample["population"], sample["size"], done, len(sample["calibration"]), len(sample["reviewers"]))
    return [sample["id"], *(labels.count(one) for one in counts), error]


def _done(sample: Mapping[str, Any], reviewed: set[str]) -> int:
    """Tickets of the sample with a review that was handed in for it, by whomever."""
    mark = f"{sample['id']}/"
    return len({one.rsplit("/", 1)[-1] for one in reviewed if one.startswith(mark)})


def _reviewed(context: Context) -> set[str]:
    """The ids of the reviews: sample, reviewer and ticket, of those that were drawn here."""
    rows = context.fetch("scored_reviews")
    return set() if rows is None else set(rows["review_id"].astype(str))
