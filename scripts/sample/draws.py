"""Seeded draws that give the same answers on every machine and Python.

Only ``random.Random.random`` promises the same stream from version to version, so every other draw is built from it
here. Each table and team has a stream of its own, named by text: a change in one table leaves the others as they
were.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import TypeVar

SEED = 20260605
_NORMAL = NormalDist()
T = TypeVar("T")


class Draws:
    """One stream of draws, named by what it is for."""

    def __init__(self, *name: str) -> None:
        self._next = random.Random("/".join((str(SEED), *name))).random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._next() < probability

    def between(self, low: float, high: float) -> float:
        """Uniform between two numbers."""
        return low + (high - low) * self._next()

    def whole(self, low: int, high: int) -> int:
        """Uniform whole number, both ends included."""
        return low + int(self._next() * (high - low + 1))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices, each as likely."""
        return choices[int(self._next() * len(choices))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One of the keys, by weight."""
        left = self._next() * sum(weights.values())
        for key, weight in weights.items():
            left -= weight
            if left < 0:
                return key
        return key

    def normal(self) -> float:
        """Standard normal, by inversion."""
        return _NORMAL.inv_cdf(min(max(self._next(), 1e-9), 1 - 1e-9))

    def lognormal(self, median: float, sigma: float) -> float:
        """Log-normal by its median and the standard deviation of its logarithm."""
        return median * math.exp(sigma * self.normal())

    def exponential(self, mean: float) -> float:
        """Exponential by its mean."""
        return -mean * math.log(1 - self._next())

    def poisson(self, mean: float) -> int:
        """Poisson by multiplying uniforms (Knuth); fine for small means."""
        limit, product, count = math.exp(-mean), self._next(), 0
        while product > limit:
            product *= self._next()
            count += 1
        return count
