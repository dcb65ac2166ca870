"""How much a figure depends on its definition: the spread of a measure's variants, and which of them flatters.

In comes the table of ``evaluate(..., variants=True)``, out come three frames: the spread of what can be compared (the
same statistic in the same unit), what cannot, and what is not available with its reason. Nothing is computed again, so
the numbers are those of the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from auditkit.definition import Measure
from auditkit.measures import CATALOGUE

CELL = ["measure", "team", "period", "by", "group"]
SPREAD = (
    *CELL, "statistic", "unit", "better", "variants", "default", "default_low", "default_high", "default_place",
    "lowest", "lowest_variant", "lowest_low", "lowest_high", "highest", "highest_variant", "highest_low",
    "highest_high", "spread", "flatters",
)  # fmt: skip
NUMBERS = (
    "default", "default_low", "default_high", "lowest", "lowest_low", "lowest_high", "highest", "highest_low",
    "highest_high", "spread",
)  # fmt: skip
# Parts of the default, not other definitions of it: each is smaller, and none claims to be the whole.
PARTS = {"abandonment_rate": ("in_ivr", "in_queue", "ringing")}
APART = [*CELL, "variant", "statistic", "unit", "value", "low", "high", "n"]
UNAVAILABLE = [*CELL, "variant", "statistic", "reason"]


@dataclass(frozen=True)
class Sensitivity:
    """Three frames, one block of rows per measure with variants, team, period and group.

    ``spreads``: one row per statistic with at least two variants that can be compared: the ``lowest`` and ``highest``
    value with their variants and intervals, ``spread`` (highest less lowest), the ``default`` value, its place (1 is
    the most flattering; None where no direction is better) and the variant that ``flatters``: the best value by the
    measure's direction, or the default where nothing is better than it. ``apart``: variants in another statistic or
    unit, and parts of the default, with their value. ``unavailable``: variants without a value, with the reason.
    """

    spreads: pd.DataFrame
    apart: pd.DataFrame
    unavailable: pd.DataFrame


def sensitivity(results: pd.DataFrame, measures: Mapping[str, Measure] = CATALOGUE) -> Sensitivity:
    """The sensitivity of every measure with variants in the table of ``evaluate(..., variants=True)``.

    Units are those of the table: seconds, shares 0..1. ``measures`` says which direction is better. Without a figure of
    the default there is no place for it (None), and the spread of the others is told.
    """
    varied = results[results["measure"].map(results.groupby("measure")["variant"].nunique()) > 1]
    again = [_is_default_again(measures.get(name), variant) for name, variant in _names(varied)]
    varied = varied[~np.array(again, dtype=bool)]
    there = varied[varied["available"].astype(bool)]
    parts = np.array([variant in PARTS.get(name, ()) for name, variant in _names(there)], dtype=bool)
    sizes = there[~parts].groupby([*CELL, "statistic", "unit"], dropna=False)["variant"].transform("size")
    compared = sizes.reindex(there.index, fill_value=0) > 1
    groups = there[compared].groupby([*CELL, "statistic", "unit"], sort=False, dropna=False)
    spreads = pd.DataFrame([_spread(alike, measures) for _, alike in groups], columns=list(SPREAD), dtype=object)
    apart = there[~compared & (there["variant"] != "default")]
    return Sensitivity(
        spreads.astype(dict.fromkeys(NUMBERS, float) | {"default_place": "Int64", "variants": int}),
        apart[APART].reset_index(drop=True),
        varied.loc[~varied["available"].astype(bool), UNAVAILABLE].reset_index(drop=True),
    )


def _names(rows: pd.DataFrame) -> Iterator[tuple[str, str]]:
    return zip(rows["measure"], rows["variant"], strict=True)


def _is_default_again(measure: Measure | None, variant: str) -> bool:
    """Whether a variant only gives the default its name among the others (v3 of service_level)."""
    chosen = measure.variants.get(variant) if measure else None
    return chosen is not None and "(the default)" in chosen.variant_words


def _spread(alike: pd.DataFrame, measures: Mapping[str, Measure]) -> dict[str, Any]:
    """The row of one statistic of one measure, team, period and group."""
    first = alike.iloc[0]
    better = measures[first["measure"]].better if first["measure"] in measures else "neither"
    lowest, highest = alike.loc[alike["value"].idxmin()], alike.loc[alike["value"].idxmax()]
    default = alike[alike["variant"] == "default"]
    return (
        {name: first[name] for name in (*CELL, "statistic", "unit")}
        | {"better": better, "variants": len(alike)}
        | _default(default, alike, better)
        | _end("lowest", lowest)
        | _end("highest", highest)
        | {"spread": highest["value"] - lowest["value"], "flatters": _flatters(lowest, highest, default, better)}
    )


def _end(name: str, row: pd.Series) -> dict[str, Any]:
    end = {name: row["value"], f"{name}_variant": row["variant"]}
    return end | {f"{name}_low": row["low"], f"{name}_high": row["high"]}


def _default(default: pd.DataFrame, alike: pd.DataFrame, better: str) -> dict[str, Any]:
    """The default's value, interval and place among the variants; equal values share the better place."""
    if default.empty:
        return {"default": None, "default_low": None, "default_high": None, "default_place": None}
    row = default.iloc[0]
    ahead = alike["value"] > row["value"] if better == "higher" else alike["value"] < row["value"]
    place = None if better == "neither" else int(ahead.sum()) + 1
    return {"default": row["value"], "default_low": row["low"], "default_high": row["high"], "default_place": place}


def _flatters(lowest: pd.Series, highest: pd.Series, default: pd.DataFrame, better: str) -> str | None:
    """The variant with the best value; None where neither direction is better or all are the same."""
    if better == "neither" or lowest["value"] == highest["value"]:
        return None
    best = highest if better == "higher" else lowest
    return "default" if best["value"] in default["value"].tolist() else best["variant"]
