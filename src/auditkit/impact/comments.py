"""Satisfaction comments before and after a change: counted by the score that they came with, and a few of them to read.

In come a store, a team and the days before and after; out go counts, and a sample that is the same each time: nobody
chose it, neither a person nor the clock. The texts are a stranger's, and are masked where they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from auditkit.clocks.period import Period
from auditkit.evaluation.evaluate import scope_of
from auditkit.evaluation.query import base, prepare
from auditkit.store import Store

BANDS = ("low", "middle", "high")  # the lowest quarter of the scale, the upper quarter, and what lies between
SAMPLED = 5  # comments on each side
_PLACE = "(score - scale_min) / nullif(scale_max - scale_min, 0)"
_BAND = f"CASE WHEN {_PLACE} <= 0.25 THEN 'low' WHEN {_PLACE} >= 0.75 THEN 'high' ELSE 'middle' END"
_COMMENTED = "trim(coalesce(comment, '')) <> ''"


@dataclass(frozen=True)
class Comment:
    """What a customer wrote, with the score and the top of its scale."""

    text: str
    score: float
    out_of: float


@dataclass(frozen=True)
class Comments:
    """Answers and comments by band, each (before, after), and the comments drawn on each side."""

    answers: dict[str, tuple[int, int]]
    comments: dict[str, tuple[int, int]]
    sample: tuple[tuple[Comment, ...], tuple[Comment, ...]] = ((), ())


def total(counts: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """All bands together, before and after."""
    return sum(one[0] for one in counts.values()), sum(one[1] for one in counts.values())


def comments_around(store: Store, team: str, before: Period, after: Period, as_of: datetime) -> Comments | None:
    """The comments of satisfaction surveys; None where no source has any.

    The sample is drawn by the MD5 of each answer's id, so that it depends on nothing but the answers there are.
    """
    table = store.meta.tables.get("surveys")
    if table is None or not {"comment", "score", "answered_at"} <= table.present:
        return None
    scope = scope_of(store, [team], [before, after], None, as_of)
    with store.connect() as con:
        prepare(con, scope)
        con.execute(
            f"""CREATE TEMP TABLE answered AS SELECT {_BAND} AS band, d.period_no AS side, score, scale_max, comment,
                {_COMMENTED} AS commented, md5(response_id) AS drawn
            FROM {base("surveys", scope)} s JOIN audit_days d ON s.answered_on = d.day
            WHERE kind = 'csat' AND {_PLACE} BETWEEN 0 AND 1"""
        )
        rows = con.execute("SELECT band, side, count(*), count(*) FILTER (commented) FROM answered GROUP BY ALL")
        counted = {(band, side): found for band, side, *found in rows.fetchall()}
        rows = con.execute(
            f"""SELECT side, comment, score, scale_max FROM answered WHERE commented
            QUALIFY row_number() OVER (PARTITION BY side ORDER BY drawn) <= {SAMPLED} ORDER BY side, drawn"""
        )
        drawn = [(side, Comment(*found)) for side, *found in rows.fetchall()]
    answers, comments = (
        {band: tuple(counted.get((band, side), (0, 0))[what] for side in (0, 1)) for band in BANDS} for what in (0, 1)
    )
    return Comments(answers, comments, tuple(tuple(one for place, one in drawn if place == side) for side in (0, 1)))
