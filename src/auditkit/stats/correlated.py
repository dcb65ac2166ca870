"""A regression over time whose errors hang together and rest on unequal counts, with intervals that keep their cover.

In comes a short series with gaps, the number of rows behind each value and a design; out comes a fit that tells what
any contrast of the coefficients can be. Nothing is plugged in as if it were known: how strongly neighbours resemble
each other, and how much of the scatter is mere counting, are averaged over by how well they fit. That is what the usual
sandwich formulas lack on the thirty to sixty periods that a service has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.stats.numeric import tail

CORRELATIONS = np.linspace(-0.3, 0.95, 16)  # of neighbouring periods
COUNTING = np.linspace(0.0, 1.0, 5)  # part of the variance that comes from counting few rows
FEWEST_FREE = 3  # degrees of freedom below which limits would say nothing
HALVINGS = 60


@dataclass(frozen=True)
class Estimate:
    """What a number can be: its middle and its limits; NaN where the series cannot tell."""

    value: float = np.nan
    low: float = np.nan
    high: float = np.nan

    @property
    def is_known(self) -> bool:
        """Whether there are limits at all."""
        return bool(np.isfinite(self.low) and np.isfinite(self.high))

    @property
    def half(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    @property
    def sign(self) -> int:
        """1 or -1 where the whole interval lies on one side of nought, else 0."""
        return int(self.low > 0) - int(self.high < 0)

    def holds(self, value: float) -> bool:
        """Whether the value lies within the limits."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Fit:
    """Coefficients by each assumed covariance (``betas``, ``spreads`` of their t distribution) and its weight."""

    betas: np.ndarray
    spreads: np.ndarray
    weights: np.ndarray
    free: int
    correlation: float

    def estimate(self, contrast, level: float = 0.95) -> Estimate:
        """The contrast of the coefficients: median and equal-tailed limits of the mixture of t distributions."""
        contrast = np.asarray(contrast, dtype=np.float64)
        centres = self.betas @ contrast
        scales = np.sqrt(np.maximum(np.einsum("k,gkl,l->g", contrast, self.spreads, contrast), 0.0))
        return Estimate(*(self._quantile(p, centres, scales) for p in (0.5, tail(level), 1 - tail(level))))

    def line(self, design) -> np.ndarray:
        """The fitted value of each row of a design."""
        return np.asarray(design, dtype=np.float64) @ (self.weights @ self.betas)

    def _quantile(self, p: float, centres: np.ndarray, scales: np.ndarray) -> float:
        """The quantile of the mixture, by halving between the outermost of its parts."""
        from scipy.special import stdtr, stdtrit

        ends = centres + stdtrit(self.free, p) * scales
        low, high = float(np.min(ends)), float(np.max(ends))
        for _ in range(HALVINGS if high > low else 0):
            middle = (low + high) / 2
            with np.errstate(divide="ignore", invalid="ignore"):
                below = float(self.weights @ stdtr(self.free, (middle - centres) / scales))
            low, high = (middle, high) if below < p else (low, middle)
        return (low + high) / 2


def regress(values, counts, times, design) -> Fit | None:
    """Fit y = X b + e over the ``times`` (whole numbers, ascending) that have a value and a count above 0.

    The errors have variance s^2 ((1 - c) r^|t - u| + c [t = u] h / n_t), h the harmonic mean of the counts n: a
    first-order autoregression seen through the noise of counting. Given r and c, a contrast is Student's t about
    generalised least squares with T - k degrees of freedom (Zellner & Tiao 1964, Journal of the American Statistical
    Association 59, 763-778); r and c are averaged over a grid by their restricted likelihood, which is their posterior
    under flat priors (Harville 1974, Biometrika 61, 383-385). None with fewer than 3 degrees of freedom, columns that
    cannot be told apart, or values without any scatter. Assumes normal errors whose correlation fades evenly. Checked
    against ``statsmodels`` (``GLS`` for each covariance) and by simulated series.

    >>> y, ones = [2.0, 3.0, 2.0, 4.0, 3.0, 4.0], [[1.0]] * 6
    >>> mean = regress(y, [1] * 6, range(6), ones).estimate([1.0])
    >>> print(f"{mean.value:.1f} {mean.low < 2.1 < 3.9 < mean.high}")
    3.0 True
    """
    y, n, t = (np.asarray(part, dtype=np.float64) for part in (values, counts, times))
    x = np.asarray(design, dtype=np.float64)
    there = np.isfinite(y) & (n > 0)
    y, n, t, x = y[there], n[there], t[there], x[there]
    free = y.size - x.shape[1]
    if free < FEWEST_FREE or np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    correlations, covariances = _covariances(n, t)
    root = np.linalg.cholesky(covariances)
    both = _forward(root, np.column_stack([x, y]))
    whitened, target = both[..., :-1], both[..., -1:]
    turned = np.swapaxes(whitened, 1, 2)
    inverse = np.linalg.inv(turned @ whitened)
    betas = inverse @ turned @ target
    variance = np.sum((target - whitened @ betas) ** 2, axis=(1, 2)) / free
    if not np.all(variance > 1e-20 * np.mean(y**2)):
        return None
    roots = np.sum(np.log(np.diagonal(root, axis1=1, axis2=2)), axis=1)
    likelihood = np.linalg.slogdet(inverse)[1] / 2 - roots - free / 2 * np.log(variance)
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    return Fit(betas[..., 0], variance[:, None, None] * inverse, weights, free, float(weights @ correlations))


def _forward(roots: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """The columns with each lower triangle divided out, row by row for all triangles at once."""
    found = np.empty((len(roots), *columns.shape))
    for row, given in enumerate(columns):
        above = (roots[:, row : row + 1, :row] @ found[:, :row])[:, 0]
        found[:, row] = (given - above) / roots[:, row, row, None]
    return found


def _covariances(n: np.ndarray, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of the grid: the correlation of neighbours that it means, and the covariance up to its scale."""
    apart = np.abs(t[:, None] - t[None, :])
    sign = np.where(apart % 2, np.sign(CORRELATIONS)[:, None, None], 1.0)
    smooth = sign * np.abs(CORRELATIONS)[:, None, None] ** apart
    counting = np.diag(n.size / np.sum(1 / n) / n)
    parts = COUNTING[None, :, None, None]
    every = (1 - parts) * smooth[:, None] + parts * counting
    neighbours = CORRELATIONS[:, None] * (1 - COUNTING)[None, :]
    return neighbours.ravel(), every.reshape(-1, n.size, n.size)
