"""Drawing tickets to review: a stratified random sample, its size from the error that is wanted, the same for a seed.

In comes a frame of tickets, out come the rows to review and what the sample can say. Every stratum (agent, channel,
type) gets its proportional part and at least one ticket, so that nobody is left out; a few tickets are drawn for all
reviewers, so that their agreement can be measured.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution
STRATA = ("agent", "channel", "type")


@dataclass(frozen=True)
class Sample:
    """``rows`` of the tickets drawn, each with ``stratum`` and ``calibration`` (for every reviewer); ``population``
    they stand for; ``error``, the half-width of the 95 % interval of a share of half that the size gives."""

    rows: pd.DataFrame
    population: int
    error: float


def size_for(error: float, population: int) -> int:
    """How many tickets give a share within ``error`` (half-width of its 95 % interval, 0..1), at worst.

    Cochran (1977, section 4.4): n0 = z^2 / (4 e^2), corrected for a finite population, n = n0 / (1 + (n0 - 1) / N). A
    share of half is the worst case; assumes simple random sampling, which a proportional stratified sample is at least
    as good as. Raises ValueError outside 0 < error < 1.

    >>> size_for(0.05, 100_000), size_for(0.05, 1000), size_for(0.1, 40)
    (383, 278, 29)
    """
    if not 0 < error < 1:
        raise ValueError(f"an error of {error} (expected between 0 and 1, for example 0.05)")
    if population <= 0:
        return 0
    first = Z_95**2 / (4 * error**2)
    return min(population, math.ceil(first / (1 + (first - 1) / population)))


def error_of(size: int, population: int) -> float:
    """The error (half-width of the 95 % interval of a share of half) that a size gives: the inverse of ``size_for``."""
    if size <= 0:
        return math.nan
    if size >= population:
        return 0.0
    return Z_95 * math.sqrt(0.25 / size * (population - size) / (population - 1))


def allocate(sizes: Sequence[int], total: int) -> list[int]:
    """``total`` shared among strata in proportion, at least one each while that is possible, none above its stratum.

    The largest remainders get what is left over (Hamilton's rule); the same input gives the same answer.

    >>> allocate([50, 30, 20], 10), allocate([100, 1, 1], 4), allocate([3, 2], 9)
    ([5, 3, 2], [2, 1, 1], [3, 2])
    """
    total = min(total, sum(sizes))
    if total <= len(sizes):  # fewer than strata: the largest first
        order = sorted(range(len(sizes)), key=lambda place: (-sizes[place], place))
        chosen = set(order[:total])
        return [int(place in chosen) for place in range(len(sizes))]
    given = [1] * len(sizes)
    while (left := total - sum(given)) > 0:
        room = [size - have for size, have in zip(sizes, given, strict=True)]
        wanted = [
            max(size * total / sum(sizes) - have, 0.0) if free else 0.0
            for size, have, free in zip(sizes, given, room, strict=True)
        ]
        scale = min(1.0, left / sum(wanted)) if sum(wanted) else 0.0
        whole = [min(int(part * scale), free) for part, free in zip(wanted, room, strict=True)]
        if sum(whole) == 0:
            remainder = [
                part * scale - int(part * scale) if free else -1.0 for part, free in zip(wanted, room, strict=True)
            ]
            best = max(range(len(sizes)), key=lambda place: (remainder[place], sizes[place], -place))
            whole[best] = 1
        given = [have + more for have, more in zip(given, whole, strict=True)]
    return given


def draw(tickets: pd.DataFrame, *, size: int, seed: int, by: Sequence[str] = STRATA, calibration: int = 0) -> Sample:
    """Draw ``size`` tickets, stratified by the columns of ``by`` that the frame has; ``calibration`` of them for all.

    ``tickets`` has one row per ticket, with ``ticket_id``. Nothing but the ids, the strata and the seed settles which
    are drawn: the order of the rows does not. Raises ValueError for more calibration tickets than the size.
    """
    if calibration > size:
        raise ValueError(f"{calibration} calibration tickets of a sample of {size}")
    used = [name for name in by if name in tickets]
    ordered = tickets.sort_values("ticket_id", kind="stable").reset_index(drop=True)
    labels = ordered[used].astype(object).where(ordered[used].notna(), "").astype(str) if used else None
    stratum = labels.agg(" / ".join, axis=1) if used and len(ordered) else pd.Series("", index=ordered.index, dtype=str)
    groups = {name: part.index.to_numpy() for name, part in ordered.groupby(stratum, sort=True)}
    generator = np.random.default_rng(seed)
    counts = allocate([len(rows) for rows in groups.values()], size)
    drawn = [generator.choice(rows, count, replace=False) for rows, count in zip(groups.values(), counts, strict=True)]
    places = np.sort(np.concatenate(drawn)) if drawn else np.array([], dtype=int)
    shared = generator.choice(places, min(calibration, len(places)), replace=False) if len(places) else places
    rows = ordered.loc[places].assign(stratum=stratum.loc[places].to_numpy(), calibration=np.isin(places, shared))
    return Sample(rows.reset_index(drop=True), len(ordered), error_of(len(rows), len(ordered)))


def deal(sample: Sample, reviewers: Sequence[str], seed: int) -> dict[str, pd.DataFrame]:
    """The sample dealt out: calibration tickets to every reviewer, the others by turns in a random order."""
    generator = np.random.default_rng([seed, 1])
    own = sample.rows.index[~sample.rows["calibration"]].to_numpy(copy=True)
    order = generator.permutation(own)
    shared = sample.rows.index[sample.rows["calibration"]].to_numpy()
    return {
        name: sample.rows.loc[np.sort(np.concatenate([shared, order[place :: len(reviewers)]]))].reset_index(drop=True)
        for place, name in enumerate(reviewers)
    }
