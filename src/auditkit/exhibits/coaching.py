"""Coaching: in which criteria an agent scores clearly lower than the others, and what costs each agent most points.

In come the scored criteria of the whole history, out come two tables. Only differences beyond chance, adjusted for
looking at every agent in every criterion, are called so; the rest is listed as what to talk about, not as a finding.
Agents stand under pseudonyms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, table
from auditkit.labels import NOTHING
from auditkit.stats import compare_means, holm, mean_t

ADJUSTED = 0.05  # p value, adjusted, below which a difference is called one
LISTED = 3  # criteria told of each agent
FEWEST = 5  # reviews of an agent below which nothing is told of the agent


@dataclass(frozen=True)
class Spot:
    """One agent in one criterion: the mean share of the points against that of the others, and the points lost."""

    agent: str
    criterion: str
    n: int
    mean: float
    low: float
    high: float
    others: float
    p: float
    lost: float

    @property
    def lower(self) -> bool:
        """Whether the agent scores lower than the others beyond chance."""
        return self.p < ADJUSTED and self.mean < self.others


def coaching(context: Context) -> list[Exhibit]:
    """The coaching list; empty where no agent has enough reviews, or there is nobody to compare with."""
    rows = reviewed_criteria(context)
    if rows is None or rows["agent"].nunique() < 2:
        return []
    spots = weak_spots(rows)
    if not spots:
        return []
    shown = sorted(spots, key=lambda one: (not one.lower, one.agent, -one.lost))
    return [_list(context, shown)]


def scores_by_agent(context: Context) -> list[Exhibit]:
    """Each agent's mean score with its interval beside that of the others; empty without two agents."""
    rows = ordinary_reviews(context)
    if rows is None or rows["agent"].nunique() < 2:
        return []
    return [_scores(context, rows)]


def reviewed_criteria(context: Context) -> pd.DataFrame | None:
    """The criteria of ordinary reviews over the whole history that applied, with agent, share and weight."""
    rows = context.fetch("review_criteria")
    if rows is None:
        return None
    own = rows[_within(context, rows) & (rows["kind"] == "review")]
    own = own[own["applicable"].fillna(False).to_numpy(dtype=bool)]
    return own.dropna(subset=["share", "agent"]).assign(weight=own["weight"].astype(float).fillna(1.0))


def weak_spots(rows: pd.DataFrame) -> list[Spot]:
    """The criteria that cost each agent most points, at most :data:`LISTED` each.

    ``rows``: one per criterion of a review, with agent, criterion, share (0..1), weight. Welch's t test of the agent
    against all others in the same criterion; p values adjusted by Holm (1979) over all agents and criteria at once.
    Assumes that reviews are independent of each other.
    """
    counted = rows.groupby("agent")["criterion"].transform(lambda part: part.value_counts().max())
    rows = rows[counted >= FEWEST]
    cells = rows.groupby(["agent", "criterion"], sort=True).agg(
        n=("share", "size"), total=("share", "sum"), squares=("share", lambda part: float(np.square(part).sum())),
        weight=("weight", "mean"),
    )  # fmt: skip
    if cells.empty:
        return []
    whole = cells.groupby(level="criterion")[["n", "total", "squares"]].transform("sum")
    own, rest = _moments(cells), _moments(whole - cells[["n", "total", "squares"]])
    _, _, _, p = compare_means(*own, *rest)
    mean, low, high = mean_t(*own)
    lost = (1 - own[1]) * cells["weight"].to_numpy()
    made = [
        Spot(agent, criterion, int(n), *map(float, rest_))
        for (agent, criterion), n, *rest_ in zip(
            cells.index, own[0], mean, low, high, rest[1], holm(p), lost, strict=True
        )
    ]
    told: list[Spot] = []
    for agent in dict.fromkeys(one.agent for one in made):
        ranked = sorted((one for one in made if one.agent == agent and one.lost > 0), key=lambda one: -one.lost)
        told += [one for place, one in enumerate(ranked) if place < LISTED or one.lower]
    return told


def _moments(sums: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n, mean and sample variance from counts, sums and sums of squares."""
    n, total, squares = (sums[name].to_numpy(dtype=float) for name in ("n", "total", "squares"))
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / n
        variance = np.maximum(squares - n * mean**2, 0.0) / (n - 1)
    return n, mean, variance


def _list(context: Context, spots: list[Spot]) -> Exhibit:
    labels = context.labels
    names = {one.agent: labels.tell(context.agent(one.agent)) for one in spots}
    rows: list[list[Cell]] = []
    for one in spots:
        read: Cell = (
            {"text": labels.say("clearly lower than the others"), "tone": "bad"}
            if one.lower
            else {"text": labels.say("no clear difference"), "tone": "neutral"}
        )
        limits = (max(one.low, 0.0), min(one.high, 1.0)) if not np.isnan(one.low) else (None, None)
        rows.append(
            [names[one.agent], one.criterion, labels.share(one.mean, *limits), labels.interval("share", *limits),
             labels.share(one.others) if not np.isnan(one.others) else NOTHING, labels.count(one.n), read]
        )  # fmt: skip
    columns = [labels.say("Agent"), labels.say("Criterion"), labels.say("Points"), labels.say("95 % interval"),
        labels.say("The others"), labels.say("n"), labels.say("Reads as")]  # fmt: skip
    lower = list(dict.fromkeys(names[one.agent] for one in spots if one.lower))
    title = labels.say("No agent scores clearly lower than the others in any criterion")
    if lower:
        title = labels.say_n(
            "{count} agent scores clearly lower than the others in some criterion: {names}",
            "{count} agents score clearly lower than the others in some criterion: {names}",
            len(lower),
            names=labels.listed(lower),
        )
    note = labels.say(
        "What costs each agent most points {when}: at most {most} criteria each, of agents with at least {fewest} "
        "reviews. "
        "Compared by Welch's t test, adjusted for looking at every agent in every criterion (Holm 1979). What shows no "
        "clear difference is for the talk with the agent, not for a judgement.",
        when=context.over_history,
        most=LISTED,
        fewest=FEWEST,
    )
    return table("reviews-coaching", title, note, columns, rows)


def _scores(context: Context, rows: pd.DataFrame) -> Exhibit:
    labels = context.labels
    cells = rows.groupby("agent", sort=True)["score_share"].agg(
        n="size", total="sum", squares=lambda part: float(np.square(part).sum())
    )
    own, rest = _moments(cells), _moments(cells.sum() - cells)
    _, low, high, p = compare_means(*own, *rest)
    adjusted = holm(p)
    mean, mean_low, mean_high = mean_t(*own)
    names = [labels.tell(context.agent(one)) for one in cells.index]
    order = np.argsort(-own[0], kind="stable")
    told: list[list[Cell]] = []
    apart: list[str] = []
    for place in order:
        out = adjusted[place] < ADJUSTED
        apart += [names[place]] if out else []
        limits = (max(mean_low[place], 0.0), min(mean_high[place], 1.0)) if own[0][place] > 1 else (None, None)
        difference = labels.reach(labels.signed(100 * low[place]), labels.points(float(high[place]), coarse=True))
        read: Cell = {"text": labels.say("differs") if out else labels.say("no clear difference"),
            "tone": "unsure" if out else "neutral"}  # fmt: skip
        told.append(
            [names[place], labels.share(float(mean[place]), *limits), labels.interval("share", *limits),
             difference if not np.isnan(low[place]) else NOTHING, labels.count(int(own[0][place])), read]
        )  # fmt: skip
    columns = [labels.say("Agent"), labels.say("Mean score"), labels.say("95 % interval"),
        labels.say("Against the others"), labels.say("n"), labels.say("Reads as")]  # fmt: skip
    title = labels.say("No agent's score differs from the others' beyond chance")
    if apart:
        title = labels.say_n(
            "{count} agent's score differs from the others' beyond chance: {names}",
            "{count} agents' scores differ from the others' beyond chance: {names}",
            len(apart),
            names=labels.listed(apart),
        )
    note = labels.say(
        "Ordinary reviews {when}, agents with most reviews first; nobody is ranked by score. Differences by Welch's "
        "t test, adjusted for looking at every agent (Holm 1979). Agents who get harder matters differ for that "
        "reason too.",
        when=context.over_history,
    )
    return table("reviews-agents", title, note, columns, told)


def ordinary_reviews(context: Context) -> pd.DataFrame | None:
    """The scored reviews of the whole history, without calibration and mystery ones; None without any source."""
    rows = context.fetch("scored_reviews")
    if rows is None:
        return None
    own = rows[_within(context, rows) & (rows["kind"] == "review")]
    return own.dropna(subset=["score_share", "agent"])


def _within(context: Context, rows: pd.DataFrame) -> pd.Series:
    return (rows["reviewed_on"] >= context.whole.start) & (rows["reviewed_on"] < context.whole.end)
