"""Contacts of the same customer: how long since the last one and how long until the next, for every contact at once.

In go the times, customers and reasons of tickets and calls; out come two columns of microseconds. Two contacts belong
together when the customer is the same and the reason too, where both are known. One sort by customer and one by
customer and reason, no loop over rows. Contacts at the very same instant are neither before nor after each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from auditkit.facts.ordering import by_key, by_key_and_time, pairs

NEVER = np.iinfo(np.int64).max

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def contact_gaps(time_us: Ints, customer: Ints, reason: Ints) -> tuple[Ints, Ints]:
    """Microseconds since the previous contact and until the next one; NEVER where there is none.

    ``customer`` and ``reason`` are codes; -1 is unknown. A contact of an unknown customer has no neighbours.
    """
    since, until = np.full(len(time_us), NEVER), np.full(len(time_us), NEVER)
    known = np.flatnonzero(customer >= 0)
    if not len(known):
        return since, until
    order = known[by_key_and_time(customer[known], time_us[known])]
    time, key, matter = time_us[order], customer[order], reason[order]
    earlier, later = _to_any(time, key)
    about = np.flatnonzero(matter >= 0)
    if len(about):
        same = about[by_key(pairs(key[about], matter[about]))]
        same_earlier, same_later = _to_any(time[same], pairs(key[same], matter[same]))
        if len(about) < len(order):
            unknown_earlier, unknown_later = _to_marked(time, key, matter < 0)
            same_earlier = np.minimum(same_earlier, unknown_earlier[same])
            same_later = np.minimum(same_later, unknown_later[same])
        earlier[same], later[same] = same_earlier, same_later
    since[order], until[order] = earlier, later
    return since, until


def _to_any(time: Ints, key: Ints) -> tuple[Ints, Ints]:
    """Time from the last strictly earlier row of the same key and to the next strictly later one, rows in order."""
    moment = _moments(time, key)
    starts = moment.starts
    same = key[starts[1:]] == key[starts[:-1]]
    gaps = np.where(same, time[starts[1:]] - time[starts[:-1]], NEVER)
    return np.append(NEVER, gaps)[moment.of_row], np.append(gaps, NEVER)[moment.of_row]


def _to_marked(time: Ints, key: Ints, marked: Flags) -> tuple[Ints, Ints]:
    """The same from and to the nearest ``marked`` row of the key."""
    moment = _moments(time, key)
    key, time = key[moment.starts], time[moment.starts]
    index, there = np.arange(len(key)), np.logical_or.reduceat(marked, moment.starts)
    last = np.append(-1, np.maximum.accumulate(np.where(there, index, -1))[:-1])
    following = np.append(np.minimum.accumulate(np.where(there, index, len(key))[::-1])[::-1][1:], len(key))
    return _gap(key, time, last)[moment.of_row], _gap(key, time, following)[moment.of_row]


@dataclass(frozen=True)
class _Moments:
    """The different instants of each key: where each begins among the rows, and the one of each row."""

    starts: Ints
    of_row: Ints | slice


def _moments(time: Ints, key: Ints) -> _Moments:
    begins = np.ones(len(key), dtype=bool)
    begins[1:] = (key[1:] != key[:-1]) | (time[1:] != time[:-1])
    return _Moments(np.flatnonzero(begins), slice(None) if begins.all() else np.cumsum(begins) - 1)


def _gap(key: Ints, time: Ints, other: Ints) -> Ints:
    """The time between each moment and ``other``, NEVER where that is of another key or beyond the ends."""
    inside = (other >= 0) & (other < len(key))
    at = np.where(inside, other, 0)
    return np.where(inside & (key[at] == key), np.abs(time[at] - time), NEVER)
