"""Chains: which contacts of a customer are one journey, for all contacts at once.

In go the times, customers and reasons of contacts in their order; out comes for each the first contact of its journey.
Read one contact of a customer after the other. A journey is alive while its last contact is at most ``gap`` ago.

- A contact of unknown reason joins the living journey with the most recent contact, whatever its reason.
- A contact of a known reason joins the living journey of that reason, or one in which no reason is known yet (which
  has that reason from then on); of two, the more recent.
- A contact that can join none begins a journey.

The rule looks only backwards: contacts that come later never move an earlier one, so the journeys known at an earlier
instant are the chains of the contacts up to it.

Why no loop is needed. An unknown reason always joins the customer's previous contact, if that is not too long ago. So
every known contact owns a *block*: itself and the unknown ones that follow it closely. Unknown contacts that follow
nothing begin when no journey is alive, so the next contact in time joins them, whatever its reason: they open its
block. Blocks of one customer and reason are then chained by the gap between the end of one and the start of the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from auditkit.facts.ordering import by_key

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def first_contacts(time_us: Ints, customer: Ints, reason: Ints, gap_us: int) -> Ints:
    """For each contact the position of its journey's first contact; -1 for a contact of an unknown customer.

    ``customer`` and ``reason`` are codes of at least 0, -1 is unknown. The contacts of one customer must come in their
    order: times must not fall from one to the next. A gap of exactly ``gap_us`` still belongs together.

    >>> hour = np.array([0, 1, 2, 30], dtype=np.int64)
    >>> first_contacts(hour, np.array([7, 7, 7, 7]), np.array([1, 2, 1, -1]), gap_us=10).tolist()
    [0, 1, 0, 3]
    """
    first = np.full(len(time_us), -1, dtype=np.int64)
    known = np.flatnonzero(customer >= 0)
    if not len(known):
        return first
    order = known[by_key(customer[known])]
    time, key, matter = time_us[order], customer[order], reason[order]
    starts = _block_starts(_close(time, key, gap_us), matter)
    heads = np.flatnonzero(starts)
    ends = np.append(heads[1:], len(order)) - 1
    joined = _chained(time[heads], time[ends], key[heads], np.maximum.reduceat(matter, heads), gap_us)
    first[order] = order[heads[joined[np.cumsum(starts) - 1]]]
    return first


def until_next(time_us: Ints, customer: Ints) -> Ints:
    """Microseconds until the same customer's next contact, -1 where there is none; arguments as in first_contacts.

    >>> until_next(np.array([0, 1, 5], dtype=np.int64), np.array([7, -1, 7])).tolist()
    [5, -1, -1]
    """
    known = np.flatnonzero(customer >= 0)
    order = known[by_key(customer[known])]
    again = np.flatnonzero(customer[order[1:]] == customer[order[:-1]])
    until = np.full(len(time_us), -1, dtype=np.int64)
    until[order[again]] = time_us[order[again + 1]] - time_us[order[again]]
    return until


def numbered(first: Ints) -> tuple[Ints, Ints]:
    """The contacts in the order of their journeys, and the number (from 1) of each within its journey, in that order.

    Contacts without a journey are left out.
    """
    inside = np.flatnonzero(first >= 0)
    order = inside[by_key(first[inside])]
    position = np.arange(len(order))
    begins = order == first[order]
    return order, position - np.maximum.accumulate(np.where(begins, position, 0)) + 1


def changes_of(order: Ints, first: Ints, value: Ints) -> Flags:
    """Where ``value`` (codes, -1 unknown) differs from the last known one before it in the same journey.

    ``order`` is that of ``numbered``; the flags are in the order of the contacts.
    """
    told = order[value[order] >= 0]
    changed = np.zeros(len(first), dtype=bool)
    if len(told) > 1:
        same = first[told[1:]] == first[told[:-1]]
        changed[told[1:]] = same & (value[told[1:]] != value[told[:-1]])
    return changed


def _close(time: Ints, key: Ints, gap_us: int) -> Flags:
    """Whether each row follows one of the same key at most ``gap_us`` before it; rows are sorted by key and time."""
    close = np.zeros(len(time), dtype=bool)
    close[1:] = (key[1:] == key[:-1]) & (time[1:] - time[:-1] <= gap_us)
    return close


def _block_starts(close: Flags, reason: Ints) -> Flags:
    """Where a block begins: after a long gap, and at a known reason unless only unknown ones lie between that gap and
    it.
    """
    position = np.arange(len(close))
    last_gap = np.maximum.accumulate(np.where(close, -1, position))
    last_known = np.maximum.accumulate(np.where(reason >= 0, position, -1))
    only_unknown_before = np.zeros(len(close), dtype=bool)
    only_unknown_before[1:] = (last_gap > last_known)[:-1]
    return ~close | ((reason >= 0) & ~only_unknown_before)


def _chained(start: Ints, end: Ints, customer: Ints, reason: Ints, gap_us: int) -> Ints:
    """For each block the first block of its journey; a block without a reason stands alone."""
    joined = np.arange(len(start))
    known = np.flatnonzero(reason >= 0)
    if not len(known):
        return joined
    pair = customer[known] * (reason.max() + 1) + reason[known]
    by_pair = by_key(pair)
    order, pair = known[by_pair], pair[by_pair]
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = (pair[1:] != pair[:-1]) | (start[order[1:]] - end[order[:-1]] > gap_us)
    joined[order] = order[np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))]
    return joined
