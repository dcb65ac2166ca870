"""Statistics that no conditional count gives: one function each, from the rows of one cell to a value and its limits.

The engine fetches the columns that a ``Computed`` measure names and calls the function of its name below. A function
gets the columns of a cell as arrays (never empty) and returns value, low, high, n; NaN where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from auditkit.stats import krippendorff_alpha, poisson_count, spearman
from auditkit.translation import N_
from auditkit.week_hours import erlang_gap

Answer = tuple[float, float, float, float]
Columns = Mapping[str, np.ndarray]
HOURS_PER_WEEK = 168


def reviewer_agreement(rows: Columns) -> Answer:
    """Krippendorff's alpha (interval metric) of reviewers over the units ticket x criterion."""
    import pandas as pd

    frame = pd.DataFrame(dict(rows))
    ratings = frame.pivot_table(index="reviewer", columns=["ticket_id", "criterion"], values="share", aggfunc="mean")
    alpha, low, high, units = krippendorff_alpha(ratings.to_numpy(), "interval")
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


def peak_ratio(rows: Columns) -> Answer:
    """The busiest hour of the week over the mean hour, over all 168; no interval: the busiest was chosen."""
    hour = rows["created_weekday"].astype(np.int64) * 24 + rows["created_hour"]
    return float(np.bincount(hour).max() / (len(hour) / HOURS_PER_WEEK)), np.nan, np.nan, float(len(hour))


def busiest_hour_agents(rows: Columns) -> Answer:
    """Agents that the busiest hour of the week needs by Erlang C for 80 % of the calls within 20 s."""
    import pandas as pd

    return erlang_gap(pd.DataFrame(dict(rows)))


FUNCTIONS: dict[str, Callable[[Columns], Answer]] = {
    "reviewer_agreement": reviewer_agreement,
    "rank_correlation": rank_correlation,
    "turnover": turnover,
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
