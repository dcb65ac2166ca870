"""Statistics that no conditional count gives: one function each, from the rows of all cells to their values.

The engine fetches the columns that a ``Computed`` measure names and calls the function of its name below, once. A
function gets the rows of the cells that have any, one cell after the other, and where each begins; it returns value,
low, high and n, one entry per cell, NaN where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np

from auditkit.clocks.week_hours import HOURS_PER_WEEK, busiest_hours, hour_of_week
from auditkit.stats import krippendorff_alpha, poisson_count, spearman
from auditkit.translation import N_

Columns = Mapping[str, np.ndarray]
Answer = tuple[float, float, float, float]
Answers = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def each_cell(answer: Callable[[Columns], Answer]) -> Callable[[Columns, np.ndarray], Answers]:
    """A function of all cells from one that answers for the rows of a single cell."""

    def answers(rows: Columns, starts: np.ndarray) -> Answers:
        parts = ({name: values[start:stop] for name, values in rows.items()} for start, stop in pairwise(starts))
        found = np.array([answer(part) for part in parts], dtype=float).reshape(-1, 4)
        return found[:, 0], found[:, 1], found[:, 2], found[:, 3]

    return answers


def reviewer_agreement(rows: Columns) -> Answer:
    """Krippendorff's alpha (interval metric) of reviewers over the units ticket x criterion."""
    import pandas as pd

    reviewer, ticket, criterion = (pd.factorize(rows[name])[0] for name in ("reviewer", "ticket_id", "criterion"))
    named = (reviewer >= 0) & (ticket >= 0) & (criterion >= 0)
    unit = pd.factorize((ticket * len(rows["criterion"]) + criterion)[named])[0]
    shape = reviewer.max(initial=0) + 1, unit.max(initial=0) + 1
    place, size = reviewer[named] * shape[1] + unit, shape[0] * shape[1]
    with np.errstate(invalid="ignore"):
        ratings = np.bincount(place, rows["share"][named], size) / np.bincount(place, minlength=size)
    alpha, low, high, units = krippendorff_alpha(ratings.reshape(shape), "interval")
    return float(alpha), float(low), float(high), float(units)


def rank_correlation(rows: Columns) -> Answer:
    """Spearman's rho of the first column and the second."""
    first, second = (np.asarray(values, dtype=float) for values in rows.values())
    rho, low, high, _, n = spearman(first, second)
    return float(rho), float(low), float(high), float(n)


def turnover(rows: Columns) -> Answer:
    """Leavers over mean headcount, with the exact Poisson limits of the leavers."""
    leavers, agent_days = int(rows["left_today"].sum()), len(rows["day_on"])
    headcount = agent_days / len(np.unique(rows["day_on"]))
    low, high = poisson_count(leavers)
    return leavers / headcount, float(low) / headcount, float(high) / headcount, float(agent_days)


def peak_ratio(rows: Columns, starts: np.ndarray) -> Answers:
    """The busiest hour of the week over the mean hour, over all 168; no interval: the busiest was chosen."""
    begins, tickets = starts[:-1], rows["tickets"].astype(float)
    n = np.add.reduceat(tickets, begins)
    nothing = np.full(len(begins), np.nan)
    return np.maximum.reduceat(tickets, begins) / (n / HOURS_PER_WEEK), nothing, nothing, n


def busiest_hour_agents(rows: Columns, starts: np.ndarray) -> Answers:
    """Agents that the busiest hour of the week needs by Erlang C for 80 % of the calls within 20 s.

    No interval: the busiest of many hours was chosen. n is the number of calls.
    """
    cells, begins = len(starts) - 1, starts[:-1]
    place = np.repeat(np.arange(cells), np.diff(starts)) * HOURS_PER_WEEK
    place += hour_of_week(rows["offered_weekday"].astype(np.int64), rows["offered_hour"])
    weeks = [
        np.bincount(place, np.nan_to_num(rows[name].astype(float)), cells * HOURS_PER_WEEK).reshape(cells, -1)
        for name in ("calls", "handled", "handle_seconds")
    ]
    days = [rows[name].astype("datetime64[D]").astype(np.int64) for name in ("first_day", "last_day")]
    needed = busiest_hours(*weeks, np.minimum.reduceat(days[0], begins), np.maximum.reduceat(days[1], begins))
    nothing = np.full(cells, np.nan)
    return needed, nothing, nothing, weeks[0].sum(axis=1)


FUNCTIONS: dict[str, Callable[[Columns, np.ndarray], Answers]] = {
    "reviewer_agreement": each_cell(reviewer_agreement),
    "rank_correlation": each_cell(rank_correlation),
    "turnover": each_cell(turnover),
    "peak_ratio": peak_ratio,
    "busiest_hour_agents": busiest_hour_agents,
}
METHODS = {
    "reviewer_agreement": N_("jackknife over units"),
    "rank_correlation": N_("Fisher z, Bonett & Wright 2000"),
    "turnover": N_("Poisson, exact (Garwood 1936), headcount given"),
    "peak_ratio": N_("none: the largest of many has no interval"),
    "busiest_hour_agents": N_("none: the busiest of many hours was chosen"),
}
