"""Verdicts: does a figure meet its target, miss it, or can it not be concluded?

A verdict rests on the interval, not on the value: a target is met when the whole interval lies on its good side,
missed when all of it lies on the bad one. With too few rows, too little of the data complete, too few of those asked
answering, too few tickets under any service level, or a period that is not over, nothing is concluded, and the reason
is said.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from auditkit.config import Target
from auditkit.definition import Measure, Share
from auditkit.labels import said, shown
from auditkit.translation import N_, Shown

MEETS, MISSES, OPEN = N_("meets"), N_("misses"), N_("cannot conclude")
JUDGED = ("statistic", "available", "reason", "n", "completeness", "low", "high")
CELL = ("team", "period", "by", "group")
# Sentences without values are said once: thousands of figures share them.
_GOOD = said("the whole interval is on the good side of the target")
_BAD = said("the whole interval is on the bad side of the target")
BOTH = said("the interval holds the target: the data fit both sides")
_NO_INTERVAL = said("the figure has no interval to judge it by")
_NO_FIGURE = said("there is no figure")


def gates_of(measures: Iterable[Measure], targets: Mapping[str, Target]) -> list[Share]:
    """The shares that the verdicts on these measures ask for: response rates and coverages, each of its measure's id.

    A minimum of nothing asks for nothing.
    """
    shares = []
    for measure in measures:
        judged = _judged_variant(measure, targets.get(measure.id))
        share = judged.gate_share() if judged is not None else None
        if share is not None and judged is not None and _minimum(judged, targets[measure.id]) > 0:
            shares.append(share)
    return shares


def judge(
    results: pd.DataFrame,
    targets: Mapping[str, Target],
    measures: Mapping[str, Measure],
    gates: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The results with ``target``, ``verdict`` and ``verdict_reason`` where a target is set for the statistic.

    ``gates`` are the figures of ``gates_of``, by the same teams, periods and groups.
    """
    aims = np.full(len(results), np.nan)
    verdicts, reasons = (np.full(len(results), None, dtype=object) for _ in range(2))
    names, statistics, variants = (results[name].to_numpy() for name in ("measure", "statistic", "variant"))
    columns = _columns(results, (*JUDGED, *CELL))
    rates = _by_cell(gates)
    for name, target in targets.items():
        measure = _judged_variant(measures[name], target) if name in measures else None
        if measure is None:
            continue
        statistic = target.statistic or measure.statistics[0]
        rows = np.flatnonzero((names == name) & (statistics == statistic) & (variants == target.variant))
        for row in rows.tolist():
            figure = {column: values[row] for column, values in columns.items()}
            verdicts[row], reasons[row] = verdict_of(figure, target, measure, rates.get(_cell(name, figure)))
        aims[rows] = target.bound
    told = {"verdict": verdicts, "verdict_reason": reasons}  # sentences, which plain strings of pandas would forget
    return results.assign(target=aims, **{k: pd.Series(v, results.index, object) for k, v in told.items()})


def verdict_of(
    figure: Mapping, target: Target, measure: Measure | None = None, rate: float | None = None
) -> tuple[str, str]:
    """The verdict on one figure, and its reason in words; ``rate`` is the share that the measure's gate asks for."""
    lacking = _too_few(figure, target) or _closed(measure, target, rate) or _incomplete(figure, target)
    if lacking:
        return OPEN, lacking
    if figure.get("reason"):
        return OPEN, figure["reason"]
    better_high = target.at_least is not None
    bound = target.bound
    assert bound is not None
    low, high = _limit(figure["low"], -math.inf), _limit(figure["high"], math.inf)
    if math.isinf(low) and math.isinf(high):
        return OPEN, _NO_INTERVAL
    if (low >= bound) if better_high else (high <= bound):
        return MEETS, _GOOD
    if (high < bound) if better_high else (low > bound):
        return MISSES, _BAD
    return OPEN, BOTH


def _too_few(figure: Mapping, target: Target) -> str | None:
    """Why there are too few rows for a verdict, or None."""
    if not figure["available"]:
        return figure["reason"] or _NO_FIGURE
    # A count is its own evidence: few are few, and its interval says how surely.
    if figure["statistic"] != "count" and figure["n"] < target.minimum_n:
        return said("too few: n = {n}, a verdict needs {least}", n=int(figure["n"]), least=target.minimum_n)
    return None


def _incomplete(figure: Mapping, target: Target) -> str | None:
    """Why the rows lack too much for a verdict, or None."""
    if figure["completeness"] is not None and figure["completeness"] < target.minimum_completeness:
        return said(
            "incomplete: {share} of the rows have what it needs, a verdict needs {least}",
            share=_percent(figure["completeness"]),
            least=_percent(target.minimum_completeness),
        )
    return None


def _closed(measure: Measure | None, target: Target, rate: float | None) -> str | None:
    """Why the measure's gate lets no verdict through, or None."""
    if measure is None or measure.gate is None:
        return None
    least = _minimum(measure, target)
    if least <= 0 or (rate is not None and rate >= least):
        return None
    response, asked = measure.gate.kind == "response", _percent(least)
    if rate is None and response:
        return said("the response rate is not known, a verdict needs {least}", least=asked)
    if rate is None:
        return said("how many tickets are under a service level is not known, a verdict needs {least}", least=asked)
    if response:
        return said("low response: {share} of those asked answered, a verdict needs {least}", share=_percent(rate),
            least=asked)  # fmt: skip
    return said("low coverage: {share} of the tickets are under this service level, a verdict needs {least}",
        share=_percent(rate), least=asked)  # fmt: skip


def _judged_variant(measure: Measure, target: Target | None) -> Measure | None:
    """The measure or variant that the target judges; None where it sets no bound."""
    if target is None or target.bound is None:
        return None
    return measure if target.variant == "default" else measure.variants.get(target.variant)


def _minimum(measure: Measure, target: Target) -> float:
    assert measure.gate is not None
    return target.minimum_response_rate if measure.gate.kind == "response" else target.minimum_sla_coverage


def _by_cell(gates: pd.DataFrame | None) -> dict[tuple, float]:
    """The value of each gate that has one, by measure, team, period and group."""
    if gates is None or gates.empty:
        return {}
    columns = _columns(gates, ("measure", *CELL, "available", "value"))
    rows = ({name: values[row] for name, values in columns.items()} for row in range(len(gates)))
    return {_cell(row["measure"], row): float(row["value"]) for row in rows if row["available"]}


def _columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, list]:
    """The columns that there are, as plain Python values."""
    return {name: frame[name].tolist() for name in names if name in frame}


def _cell(measure: str, row: Mapping) -> tuple:
    return (measure, *(row.get(name) for name in CELL))


def _percent(share: float) -> Shown:
    return shown("percent", float(share))


def _limit(value: object, absent: float) -> float:
    return absent if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type]
