"""Reviewers beside each other: how often they give the very same points, and who is milder or stricter than the others.

In come the calibration reviews, in which several reviewers score the same tickets; out come two tables. Alpha (in
quality_reviews.py) says whether scores can be leant on; these say where it is lost. Reviewers stand under pseudonyms.
"""

from __future__ import annotations

import numpy as np

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, table
from auditkit.labels import NOTHING
from auditkit.stats import exact_agreement, reviewer_bias
from auditkit.translation import N_

LEVEL = 0.95
_READ = {"milder": N_("milder"), "stricter": N_("stricter"), "": N_("no clear bias")}


def reviewers(context: Context) -> list[Exhibit]:
    """Exact agreement by criterion, and each reviewer's bias; empty without calibration reviews of two reviewers."""
    rows = _calibrations(context)
    if rows is None or rows["reviewer"].nunique() < 2:
        return []
    ratings = _ratings(rows)
    if exact_agreement(ratings.to_numpy())[4] == 0:
        return []
    return [_exact(context, ratings), _bias(context, ratings)]


def _calibrations(context: Context):
    """The calibration scores of the whole history, as shares of the points."""
    rows = context.fetch("review_criteria")
    if rows is None:
        return None
    whole = context.whole
    own = rows[(rows["reviewed_on"] >= whole.start) & (rows["reviewed_on"] < whole.end)]
    own = own[(own["kind"] == "calibration") & own["applicable"].fillna(False).to_numpy(dtype=bool)]
    return own.dropna(subset=["share", "reviewer", "ticket_id"])


def _ratings(rows):
    """A row per reviewer, a column per ticket and criterion; the mean where somebody scored it twice."""
    return rows.pivot_table(index="reviewer", columns=["ticket_id", "criterion"], values="share", aggfunc="mean")


def _exact(context: Context, ratings) -> Exhibit:
    labels, criteria = context.labels, ratings.columns.get_level_values("criterion")
    parts = [(labels.say("All criteria"), ratings)]
    parts += [(name, ratings.loc[:, criteria == name]) for name in sorted(set(criteria), key=str)]
    cells: list[list[Cell]] = []
    for name, part in parts:
        share, low, high, met, counted = exact_agreement(part.to_numpy())
        if counted:
            told = labels.share(share, low, high)
            cells.append([name, told, labels.interval("share", low, high), labels.count(met), labels.count(counted)])
    columns = [labels.say("Criterion"), labels.say("The same points"), labels.say("95 % interval"),
        labels.say("Agreed"), labels.say("n")]  # fmt: skip
    met, counted = cells[0][3], cells[0][4]
    title = labels.say("Reviewers gave the very same points in {met} of {counted} scores that they share ({share})",
        met=met, counted=counted, share=cells[0][1])  # fmt: skip
    return table("reviews-exact", title, _note(context), columns, cells)


def _bias(context: Context, ratings) -> Exhibit:
    labels, values = context.labels, ratings.to_numpy()
    many = int(np.count_nonzero(reviewer_bias(values)[3]))
    bias, low, high, units = reviewer_bias(values, 1 - (1 - LEVEL) / max(many, 1))
    names = [labels.tell(context.reviewer(name)) for name in ratings.index]
    order = np.argsort(np.nan_to_num(bias, nan=np.inf))
    cells: list[list[Cell]] = []
    apart: list[str] = []
    for place in order:
        if not units[place]:
            continue
        side = "milder" if low[place] > 0 else "stricter" if high[place] < 0 else ""
        apart += [names[place]] if side else []
        points, limits = labels.points(float(bias[place]), coarse=True), _limits(labels, low[place], high[place])
        read: Cell = {"text": labels.tell(_READ[side]), "tone": "unsure" if side else "neutral"}
        cells.append([names[place], points, limits, labels.count(int(units[place])), read])
    columns = [labels.say("Reviewer"), labels.say("Against the others"), labels.say("Interval"), labels.say("n"),
        labels.say("Reads as")]  # fmt: skip
    title = labels.say("No reviewer is clearly milder or stricter than the others")
    if apart:
        title = labels.say_n("{count} reviewer scores the same work clearly otherwise than the others: {names}",
            "{count} reviewers score the same work clearly otherwise than the others: {names}", len(apart),
            names=labels.listed(apart))  # fmt: skip
    extra = labels.say(
        "Percentage points of the score: mean difference to the other reviewers of the same ticket and criterion; "
        "t intervals, widened for looking at {count} reviewers at once",
        count=many,
    )
    return table("reviews-reviewers", title, _note(context, extra), columns, cells)


def _limits(labels, low: float, high: float) -> str:
    if np.isnan(low) or np.isnan(high):
        return NOTHING
    return labels.reach(labels.signed(100 * float(low)), labels.points(float(high), coarse=True))


def _note(context: Context, extra: str = "") -> str:
    labels = context.labels
    parts = [labels.say("Calibration reviews, {when}.", when=context.over_history), f"{extra}." if extra else "",
        labels.say("Reviewers who agree by chance agree too: read it beside alpha. Measure qa_agreement.")]  # fmt: skip
    return " ".join(part for part in parts if part)
