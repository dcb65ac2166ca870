"""What every statistic shares: float arrays of one shape, the normal quantile, and silence about 0/0.

Groups come in as scalars or arrays of numbers and leave as float64 in the same shape. A figure that does not exist is
NaN, in and out. Only a level of confidence that is no level raises, since that is a fault of the caller and not of the
data.
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np


def floats(*values) -> tuple[np.ndarray, ...]:
    """The values as float64 arrays of one common shape."""
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=np.float64) for value in values)))


def tail(level: float) -> float:
    """What is left beyond each limit: 0.025 for a level of 0.95. Raises ValueError outside 0 < level < 1."""
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level!r}")
    return (1 - level) / 2


def normal_quantile(level: float) -> float:
    """The z of a two-sided interval: 1.959964 for a level of 0.95."""
    return -NormalDist().inv_cdf(tail(level))


def only_where(condition, *values: np.ndarray) -> tuple[np.ndarray, ...]:
    """The values where the condition holds, NaN elsewhere; NumPy scalars when everything is scalar."""
    return tuple(np.where(condition, value, np.nan)[()] for value in values)
