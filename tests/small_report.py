"""A report on figures written by hand: what the tests of exhibits share.

``figure`` is one row of the engine's results, ``context`` a report's context around such rows. Nothing is read from
disk.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from auditkit.clocks.period import parse_period
from auditkit.config import Target
from auditkit.exhibits.changes import headlines
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Results
from auditkit.exhibits.scorecard import headline_measures
from auditkit.labels import Labels
from auditkit.measures import CATALOGUE
from auditkit.stats import wilson

MAY = parse_period("2026-05")
HOSTILE = '<script>alert(1)</script> "; import os #'


def figure(measure: str, period: str, value: float | None, **more: Any) -> dict[str, Any]:
    """One row of results; what is not said is taken from the measure's declaration."""
    declared = CATALOGUE[measure]
    statistic = more.get("statistic", declared.statistics[0])
    row = {
        "measure": measure,
        "statistic": statistic,
        "variant": "default",
        "period": period,
        "unit": "net" if statistic == "net" and declared.unit == "share" else declared.unit,
        "value": float("nan") if value is None else value,
        "n": 0 if value is None else 100,
        "completeness": 1.0,
        "available": value is not None,
        "reason": None if value is not None else "nothing to count in the period",
    }
    return row | more


def share(measure: str, period: str, met: int, n: int, **more: Any) -> dict[str, Any]:
    """A share with its Wilson interval."""
    low, high = wilson(met, n)
    limits = {"low": float(low), "high": float(high)}
    return figure(measure, period, met / n, numerator=met, denominator=n, n=n, **limits, **more)


def context(
    *rows: Mapping[str, Any],
    samples: Mapping[tuple[str, str], Any] | None = None,
    durations: Mapping[tuple[str, str], tuple[Any, Any]] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    targets: Mapping[str, Target] | None = None,
    variants: tuple[Mapping[str, Any], ...] = (),
    **more: Any,
) -> Context:
    """A context for May 2026 with a history as long as the rows go back."""
    period = more.pop("period", MAY)
    seen = {row["period"] for row in rows}
    history = tuple(one for one in period.history(13) if one.label in seen or one == period)
    made = Context(
        client=more.pop("client", "Acme Oy"),
        team=more.pop("team", "Service desk"),
        period=period,
        history=history,
        as_of=datetime(2026, 6, 1, tzinfo=UTC),
        labels=Labels(more.pop("language", "en"), "Europe/Helsinki"),
        results=Results.from_frame(pd.DataFrame([dict(row) for row in rows])),
        variants=Results.from_frame(pd.DataFrame([dict(row) for row in variants])) if variants else Results(()),
        measures=CATALOGUE,
        fetch=(tables or {}).get,
        sample=lambda measure, when: np.asarray((samples or {}).get((measure.id, when.label), ()), dtype=float),
        durations=lambda measure, when: (durations or {}).get((measure.id, when.label), ((), ())),
        year_before=more.pop("year_before", None),
        targets=targets or {},
        meta=more.pop("meta", SimpleNamespace(tables={}, newest=datetime(2026, 5, 31, tzinfo=UTC), config_sha256="")),
        **more,
    )
    found = headlines(made, headline_measures(made))
    made.__dict__["headlines"] = {(one.figure.measure, one.figure.statistic): one for one in found}
    return made


def plain(text: str) -> str:
    """The text with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def texts(exhibit: Any) -> str:
    """Everything that an exhibit prints, but no pictures, with ordinary spaces."""
    parts: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str):
            parts.append(value)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                if key != "svg":
                    walk(inner)
        elif isinstance(value, list | tuple):
            for inner in value:
                walk(inner)

    walk(exhibit.as_json())
    return plain("\n".join(parts))
