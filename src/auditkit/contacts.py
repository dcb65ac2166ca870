"""Contacts of the same customer: how long since the last one and how long until the next, for every contact at once.

In go the times, customers and reasons of one team's tickets and calls; out come two columns of microseconds. Two
contacts belong together when the customer is the same and the reason too, where both are known. One sort per key, no
loop over rows. Contacts at the very same instant are neither before nor after each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NEVER = np.iinfo(np.int64).max

Ints = NDArray[np.int64]


def contact_gaps(time_us: Ints, customer: Ints, reason: Ints) -> tuple[Ints, Ints]:
    """Microseconds since the previous contact and until the next one; NEVER where there is none.

    ``customer`` and ``reason`` are codes; -1 is unknown. A contact of an unknown customer has no neighbours.
    """
    since, until = np.full(len(time_us), NEVER), np.full(len(time_us), NEVER)
    known = np.flatnonzero(customer >= 0)
    if len(known):
        later = _until_next(time_us[known], customer[known], reason[known])
        earlier = _until_next(-time_us[known], customer[known], reason[known])
        until[known], since[known] = later, earlier
    return since, until


def _until_next(time: Ints, customer: Ints, reason: Ints) -> Ints:
    """Time to the next strictly later contact of the same customer about the same matter."""
    to_any, to_unknown = _next_times(time, customer, reason < 0)
    if not (reason >= 0).any():
        return to_any
    to_same, _ = _next_times(time, _pair_codes(customer, reason), np.zeros(len(time), dtype=bool))
    return np.where(reason < 0, to_any, np.minimum(to_same, to_unknown))


def _next_times(time: Ints, key: Ints, marked: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """For each row: time to the next later row of the same key, and to the next later ``marked`` row of it."""
    order = np.lexsort((time, key))
    sorted_key, sorted_time = key[order], time[order]
    starts_run = np.ones(len(order), dtype=bool)
    starts_run[1:] = (sorted_key[1:] != sorted_key[:-1]) | (sorted_time[1:] != sorted_time[:-1])
    run_start = np.append(np.flatnonzero(starts_run), len(order))
    after_run = run_start[np.cumsum(starts_run)]
    next_marked = np.append(_next_true(marked[order]), len(order))
    nearest, nearest_marked = np.empty(len(order), np.int64), np.empty(len(order), np.int64)
    nearest[order] = _gap(sorted_key, sorted_time, after_run)
    nearest_marked[order] = _gap(sorted_key, sorted_time, next_marked[after_run])
    return nearest, nearest_marked


def _next_true(flags: NDArray[np.bool_]) -> Ints:
    """Index of the first true flag at or after each position; the length where there is none."""
    index = np.where(flags, np.arange(len(flags)), len(flags))
    return np.minimum.accumulate(index[::-1])[::-1]


def _gap(key: Ints, time: Ints, target: Ints) -> Ints:
    inside = target < len(key)
    at = np.where(inside, target, 0)
    return np.where(inside & (key[at] == key), time[at] - time, NEVER)


def _pair_codes(first: Ints, second: Ints) -> Ints:
    """One code for each pair of codes; both are small, so their product cannot overflow."""
    return first * (second.max() + 2) + second + 1
