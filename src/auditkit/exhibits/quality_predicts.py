"""Does the score of a review go with what became of the ticket: was it settled at the first contact?

In come the scored reviews and the tickets that first contact resolution counts, out comes a table of two means. It is
a difference between two groups of tickets, not a cause.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.coaching import ordinary_reviews
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, table
from auditkit.labels import NOTHING
from auditkit.stats import compare_means, mean_t


def quality_and_resolution(context: Context, counted: pd.DataFrame) -> list[Exhibit]:
    """Mean score of tickets settled at the first contact and of the others.

    ``counted``: the rows behind ``fcr`` over the whole history, with ticket_id and met. Empty where no reviewed ticket
    is among them.
    """
    rows = ordinary_reviews(context)
    if rows is None or counted.empty:
        return []
    joined = rows.merge(counted[["ticket_id", "met"]].drop_duplicates("ticket_id"), on="ticket_id")
    parts = [
        joined.loc[joined["met"].astype(bool) == met, "score_share"].to_numpy(dtype=float) for met in (True, False)
    ]
    if not all(len(part) for part in parts):
        return []
    return [_table(context, parts)]


def _table(context: Context, parts: list[np.ndarray]) -> Exhibit:
    labels = context.labels
    n = [len(part) for part in parts]
    moments = [(len(part), part.mean(), part.var(ddof=1) if len(part) > 1 else np.nan) for part in parts]
    _, low, high, p = (float(one) for one in compare_means(*moments[0], *moments[1]))
    names = [labels.say("Settled at the first contact"), labels.say("Not settled")]
    rows: list[list[Cell]] = []
    for name, one in zip(names, moments, strict=True):
        mean, least, most = (float(value) for value in mean_t(*one))
        limits = (max(least, 0.0), min(most, 1.0)) if not np.isnan(least) else (None, None)
        rows.append([name, labels.share(mean, *limits), labels.interval("share", *limits), labels.count(one[0])])
    columns = [labels.say("Tickets"), labels.say("Mean score"), labels.say("95 % interval"), labels.say("n")]
    difference = labels.reach(labels.signed(100 * low), labels.points(high, coarse=True)) if not np.isnan(low) else ""
    note = labels.say(
        "Reviewed tickets {when} that first contact resolution counts. Difference of the means: {difference} (95 %). "
        "Two groups of tickets are compared; what causes what is not told. Measures {measures}.",
        when=context.over_history,
        difference=difference or NOTHING,
        measures="qa_score, fcr",
    )
    return table("reviews-resolution", _title(context, n, low, high, p), note, columns, rows)


def _title(context: Context, n: list[int], low: float, high: float, p: float) -> str:
    labels = context.labels
    if min(n) < FEWEST or np.isnan(p) or low <= 0 <= high:
        return labels.say("Whether better reviewed tickets are settled at the first contact cannot be concluded")
    if low > 0:
        return labels.say("Tickets settled at the first contact had the better reviews")
    return labels.say("Tickets settled at the first contact had the worse reviews")
