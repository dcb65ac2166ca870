"""Figures of few rows that a table tells with their intervals: a share, a mean of scores, a median of waits.

In come rows that the engine has already found, or its own figures; out come texts in which each figure carries its
interval. What cannot be told of them is a dash, or words.
"""

from __future__ import annotations

import math

import numpy as np

from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.labels import NOTHING, Labels
from auditkit.stats import kaplan_meier_median, mean_t, wilson

Scale = tuple[float, float]


def told_share(labels: Labels, met: int, n: int) -> str:
    """A share with Wilson's interval: ``82 % (61–93 %)``; a dash where there is nothing to count."""
    if not n:
        return NOTHING
    low, high = (float(limit) for limit in wilson(met, n))
    return f"{labels.share(met / n, low, high)} ({labels.interval('share', low, high)})"


def told_mean(labels: Labels, up: np.ndarray, scale: Scale | None) -> str:
    """A mean score with Student's interval: ``3.6 (3.2–4.0)``; a dash without scores. ``up``: how far up the scale each
    score lies, 0..1, NaN where it does not count."""
    known = up[~np.isnan(up)]
    if not known.size:
        return NOTHING
    spread = known.var(ddof=1) if known.size > 1 else math.nan
    _, low, high = mean_t(np.array([float(known.size)]), np.array([known.mean()]), np.array([spread]))
    return told_score(labels, float(known.mean()), float(low[0]), float(high[0]), scale)


def told_score(labels: Labels, up: float, low: float | None, high: float | None, scale: Scale | None) -> str:
    """A mean score and its limits, all as parts of the scale, in its points; as a share where scales differ."""
    known = low is not None and high is not None and not math.isnan(low)
    low, high = (max(low, 0.0), min(high, 1.0)) if known else (None, None)
    if scale is None:
        value, interval = labels.share(up, low, high), labels.interval("share", low, high)
        return f"{value} ({interval})" if known else value
    value, *limits = (
        labels.number(scale[0] + one * (scale[1] - scale[0]), 1) for one in ((up, low, high) if known else (up,))
    )
    return f"{value} ({'–'.join(limits)})" if known else value


def told_median(labels: Labels, seconds: np.ndarray, ended: np.ndarray, unreached: str) -> str:
    """A Kaplan-Meier median with its interval; ``unreached`` where fewer than half have ended, a dash without rows."""
    if np.isnan(seconds).all():
        return NOTHING
    value, low, high, *_ = (float(one[0]) for one in kaplan_meier_median(seconds, ended, [0, len(seconds)]))
    if math.isnan(value):
        return unreached
    interval = labels.interval("seconds", low, high)
    return labels.value("seconds", value, low, high) + (f" ({interval})" if interval != NOTHING else "")


def told_figure(context: Context, figure: Figure | None) -> str:
    """A figure of the engine with its interval, where its n stands beside it; a dash where there is none."""
    if figure is None or not figure.available:
        return NOTHING
    interval = context.interval(figure)
    return context.said(figure) + (f" ({interval})" if interval != NOTHING else "")
