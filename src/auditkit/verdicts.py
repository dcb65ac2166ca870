"""Verdicts: does a figure meet its target, miss it, or can it not be concluded?

A verdict rests on the interval, not on the value: a target is met when the whole interval lies on its good side,
missed when all of it lies on the bad one. With too few rows, too little of the data complete, or a period that is not
over, nothing is concluded, and the reason is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from auditkit.config import Target
from auditkit.definition import Measure

MEETS, MISSES, OPEN = "meets", "misses", "cannot conclude"
JUDGED = ("statistic", "available", "reason", "n", "completeness", "low", "high")


def judge(results: pd.DataFrame, targets: Mapping[str, Target], measures: Mapping[str, Measure]) -> pd.DataFrame:
    """The results with ``target``, ``verdict`` and ``verdict_reason`` where a target is set for the statistic."""
    aims = np.full(len(results), np.nan)
    verdicts, reasons = (np.full(len(results), None, dtype=object) for _ in range(2))
    names, statistics, variants = (results[name].to_numpy() for name in ("measure", "statistic", "variant"))
    for name, target in targets.items():
        if name not in measures or target.bound is None:
            continue
        statistic = target.statistic or measures[name].statistics[0]
        rows = np.flatnonzero((names == name) & (statistics == statistic) & (variants == target.variant))
        figures = results[list(JUDGED)].iloc[rows].to_dict("records")
        for row, figure in zip(rows, figures, strict=True):
            verdicts[row], reasons[row] = verdict_of(figure, target)
        aims[rows] = target.bound
    return results.assign(target=aims, verdict=verdicts, verdict_reason=reasons)


def verdict_of(figure: Mapping, target: Target) -> tuple[str, str]:
    """The verdict on one figure, and its reason in words."""
    if not figure["available"]:
        return OPEN, str(figure["reason"])
    # A count is its own evidence: few are few, and its interval says how surely.
    if figure["statistic"] != "count" and figure["n"] < target.minimum_n:
        return OPEN, f"too few: n = {figure['n']:,.0f}, a verdict needs {target.minimum_n}"
    if figure["completeness"] is not None and figure["completeness"] < target.minimum_completeness:
        has, needs = f"{figure['completeness']:.0%}", f"{target.minimum_completeness:.0%}"
        return OPEN, f"incomplete: {has} of the rows have what it needs, a verdict needs {needs}"
    if figure.get("reason"):
        return OPEN, str(figure["reason"])
    better_high = target.at_least is not None
    bound = target.bound
    assert bound is not None
    low, high = _limit(figure["low"], -math.inf), _limit(figure["high"], math.inf)
    if math.isinf(low) and math.isinf(high):
        return OPEN, "the figure has no interval to judge it by"
    if (low >= bound) if better_high else (high <= bound):
        return MEETS, "the whole interval is on the good side of the target"
    if (high < bound) if better_high else (low > bound):
        return MISSES, "the whole interval is on the bad side of the target"
    return OPEN, "the interval holds the target: the data fit both sides"


def _limit(value: object, absent: float) -> float:
    return absent if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type]
