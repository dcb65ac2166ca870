"""How often the intervals of a change's effect hold the truth, and how often an effect is claimed where there is none.

Each simulated change has a team and up to three others over 40 to 104 weeks: shares, or times told by their medians;
weeks that resemble their neighbours, a season that the teams share and one of their own, rows that differ from week to
week and swell in season, and no effect, a small or a large one. The product's own rules judge it. Beside them stand the
intervals that a spreadsheet or an ordinary regression would give for the same series.
Run it as ``python benchmarks/change_coverage.py [--changes N] [--seed N] [--format table|markdown|json]``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from auditkit.impact.verdict import judge
from auditkit.stats import compare_means, wilson

WEEK = 7
LENGTHS = (40, 61, 104)
CORRELATIONS = (0.0, 0.3, 0.6)
SIZES = (0.0, 0.0, 0.25, 0.6)  # of the change, in the series' own scale; half of the changes have none
TEAMS = (0, 1, 3)
MEDIAN_NOISE = 1.25  # standard error of a median over that of a mean, for a bell of logarithms


@dataclass(frozen=True)
class Change:
    """One simulated change: the team's series, those of the others, and what is true of it."""

    own: tuple[np.ndarray, np.ndarray]
    others: list[tuple[np.ndarray, np.ndarray]]
    at: int
    truth: float
    correlation: float


def simulated(rng: np.random.Generator) -> Change:
    """One change. Times are logarithms of medians; shares are shares, whose effects are a quarter of those of times."""
    weeks, correlation = int(rng.choice(LENGTHS)), float(rng.choice(CORRELATIONS))
    at = int(weeks * rng.uniform(0.6, 0.8))
    shares = rng.random() < 0.5
    unit = 0.25 if shares else 1.0
    truth = unit * float(rng.choice(SIZES)) * rng.choice((-1, 1))
    season = _wave(rng, weeks, 0.2 * unit)
    teams = []
    for place in range(1 + int(rng.choice(TEAMS))):
        level = season + _wave(rng, weeks, 0.03 * unit) + _wandering(rng, weeks, correlation, 0.08 * unit)
        if place == 0:
            level = level + truth * (np.arange(weeks) >= at)
        busy = rng.uniform(10, 80) * np.exp(_wave(rng, weeks, 0.4))
        counts = np.maximum(rng.poisson(busy), 2)
        teams.append((_counted(rng, level, counts, shares), counts))
    return Change(teams[0], teams[1:], at, truth, correlation)


def _wave(rng: np.random.Generator, weeks: int, size: float) -> np.ndarray:
    """A season: a yearly wave with a shorter peak on it, so that no model of it is quite right."""
    places = 2 * np.pi * (np.arange(weeks) / 52.18 + rng.random())
    return size * (np.sin(places) + 0.3 * np.exp(4 * (np.cos(places + rng.uniform(0, 6)) - 1)))


def _wandering(rng: np.random.Generator, weeks: int, correlation: float, size: float) -> np.ndarray:
    steps = rng.normal(size=weeks)
    steps[1:] *= np.sqrt(1 - correlation**2)
    for week in range(1, weeks):
        steps[week] += correlation * steps[week - 1]
    return size * steps


def _counted(rng: np.random.Generator, level: np.ndarray, counts: np.ndarray, shares: bool) -> np.ndarray:
    if shares:
        return rng.binomial(counts, np.clip(0.6 + level, 0.02, 0.98)) / counts
    return np.log(4.0) + level + rng.normal(size=len(counts)) * MEDIAN_NOISE / np.sqrt(counts)


def before_and_after(change: Change) -> tuple[float, float]:
    """The usual way: the mean of the weeks after less the mean of those before, with Welch's interval."""
    values, at = change.own[0], change.at
    sides = [(len(part), part.mean(), part.var(ddof=1)) for part in (values[at:], values[:at])]
    _, low, high, _ = compare_means(*sides[0], *sides[1])
    return float(low), float(high)


def newey_west(change: Change) -> tuple[float, float]:
    """Segmented regression by ordinary least squares with a sandwich (Newey & West 1987), lag 4 (T/100)^(2/9)."""
    values, at = change.own[0], change.at
    places = np.arange(len(values))
    x = np.column_stack([np.ones(len(places)), places - at, places >= at]).astype(float)
    beta, inverse = np.linalg.lstsq(x, values, rcond=None)[0], np.linalg.inv(x.T @ x)
    scores = x * (values - x @ beta)[:, None]
    middle = scores.T @ scores
    lags = int(4 * (len(values) / 100) ** (2 / 9))
    for lag in range(1, lags + 1):
        part = scores[lag:].T @ scores[:-lag]
        middle += (1 - lag / (lags + 1)) * (part + part.T)
    free = len(values) - x.shape[1]
    half = stdtrit(free, 0.975) * np.sqrt((inverse @ middle @ inverse)[2, 2] * len(values) / free)
    return beta[2] - half, beta[2] + half


WAYS = {
    "verdict": "the verdict of auditkit",
    "teams": "difference in differences",
    "series": "interrupted series of a year or more",
    "short": "interrupted series of less than a year",
    "ordinary": "segmented regression, Newey-West",
    "means": "mean after less mean before, Welch",
}


@dataclass
class Score:
    """How one way did: intervals that hold the truth, claims where there is nothing, claims where there is something.

    Each is a list of yes and no.
    """

    held: list[bool]
    false: list[bool]
    found: list[bool]

    def note(self, truth: float, low: float, high: float, claimed: bool, told: bool = True) -> None:
        """Add one interval; one that was not ``told`` makes no claim and holds nothing."""
        if told:
            self.held.append(bool(low <= truth <= high))
        (self.found if truth else self.false).append(bool(claimed))


def tally(changes: Iterable[Change]) -> dict[str, Score]:
    """The score of each way over the changes."""
    scores = {way: Score([], [], []) for way in WAYS}
    for change in changes:
        verdict = judge(change.own, change.others, change.at, WEEK, checks=False)
        effect, told = verdict.effect, verdict.kind != "unclear"
        scores["verdict"].note(change.truth, effect.low, effect.high, verdict.is_found, told)
        if verdict.series is not None:
            level = verdict.series.level
            way = "series" if verdict.series.seasonal else "short"
            scores[way].note(change.truth, level.low, level.high, bool(level.sign))
        if verdict.teams is not None:
            effect = verdict.teams.effect
            scores["teams"].note(change.truth, effect.low, effect.high, bool(effect.sign))
        for way, reckon in (("ordinary", newey_west), ("means", before_and_after)):
            low, high = reckon(change)
            scores[way].note(change.truth, low, high, low > 0 or high < 0)
    return scores


def run(changes: int, seed: int) -> dict[str, Score]:
    """So many changes from one seed."""
    rng = np.random.default_rng(seed)
    return tally(simulated(rng) for _ in range(changes))


def rate(answers: list[bool]) -> dict[str, float]:
    """How many of the answers are yes, with Wilson's interval."""
    low, high = wilson(sum(answers), len(answers))
    part = sum(answers) / len(answers) if answers else float("nan")
    return {"share": part, "low": float(low), "high": float(high), "met": sum(answers), "n": len(answers)}


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--changes", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("table", "markdown", "json"), default="table")
    asked = parser.parse_args()
    began = time.perf_counter()
    scores = run(asked.changes, asked.seed)
    rates = {
        way: {name: rate(getattr(one, name)) for name in ("held", "false", "found")} for way, one in scores.items()
    }
    if asked.format == "json":
        print(json.dumps({"changes": asked.changes, "seed": asked.seed, "ways": rates}, indent=1))
        return
    heads = ["way", "intervals that hold the truth", "effects claimed where there is none", "effects found"]
    rows = [[WAYS[way], *(_told(one) for one in found.values())] for way, found in rates.items()]
    if asked.format == "markdown":
        print("\n".join(f"| {' | '.join(row)} |" for row in [heads, ["---"] * 4, *rows]))
        return
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(4)]
    for row in [heads, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)))
    print(f"{asked.changes} changes, seed {asked.seed}, {time.perf_counter() - began:.0f} s")


def _told(one: dict[str, float]) -> str:
    if not one["n"]:
        return "-"
    limits = f"{100 * one['low']:.1f}-{100 * one['high']:.1f}"
    return f"{100 * one['share']:.1f} % ({limits}) of {one['n']}"


if __name__ == "__main__":
    main()
