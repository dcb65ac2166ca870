"""The 168 hours of a local week: how long each lasted, who was on duty in it, what load the calls brought.

In come UTC instants, a zone and arrays with one entry per hour of the week (Monday 00 first); out come arrays of the
same shape and the frame that Erlang C is read from. An hour that a clock change skips or shows twice counts for the
time it really lasted. It reads no store, so that an analyst and the engine can both call it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.clocks.zones import DAY_US, to_local, transitions
from auditkit.stats import erlang_required_agents, poisson_count

HOUR_US = 3_600_000_000
SECONDS_PER_HOUR = 3600
HOURS_PER_WEEK = 168
ENOUGH_CALLS = 20  # answered calls from which an hour's own handling time is used
DEFAULT_WITHIN, DEFAULT_AT_LEAST = 20.0, 0.8
_THURSDAY = 3  # 1970-01-01, counted from Monday
LOAD = (
    "weekday", "hour", "hours", "calls", "calls_per_hour", "calls_low", "calls_high", "handled", "aht_seconds",
    "aht_pooled", "load_erlangs", "required_agents", "required_low", "required_high",
)  # fmt: skip


def hour_of_week(weekday, hour) -> np.ndarray:
    """The place of an hour in the week, 0..167, from the weekday (1 is Monday) and the hour of the day.

    >>> hour_of_week(1, 0), hour_of_week(7, 23)
    (0, 167)
    """
    return (weekday - 1) * 24 + hour


def hours_lasted(first_us: int, last_us: int, zone: str) -> np.ndarray:
    """How many hours each local hour of the week lasted in ``[first_us, last_us)``: float64[168]."""
    edges = _edges(first_us, last_us, zone)
    return _by_hour(edges, np.diff(edges) / HOUR_US, zone)


def agent_hours(
    starts_us: np.ndarray, ends_us: np.ndarray, agents: np.ndarray, first_us: int, last_us: int, zone: str
) -> np.ndarray:
    """The agents on duty in each local hour of the week, added up over ``[first_us, last_us)``: agent-hours[168].

    Shifts ``[start, end)`` may begin and end at any minute and overlap: those at work together add up.
    """
    edges = _edges(first_us, last_us, zone)
    seconds = (edges - first_us) / 1e6
    begun, over = ((np.clip(one, first_us, last_us) - first_us) / 1e6 for one in (starts_us, ends_us))
    worked = _worked_by(seconds, begun, agents) - _worked_by(seconds, over, agents)
    return _by_hour(edges, np.diff(worked) / 3600, zone)


def weekly_load(
    calls: np.ndarray, hours: np.ndarray, handled: np.ndarray, handle_seconds: np.ndarray,
    within: float = DEFAULT_WITHIN, at_least: float = DEFAULT_AT_LEAST,
) -> pd.DataFrame:  # fmt: skip
    """One row per hour of the week with calls: its mean calls, handling time, load and the agents that it needs.

    All four arrays have 168 entries: ``calls`` offered, ``hours`` that the hour lasted in all, ``handled`` answered
    calls whose handling time is known and the ``handle_seconds`` of them together. An hour with fewer than ENOUGH_CALLS
    of these takes the handling time of all hours together (``aht_pooled``). ``required_agents`` are those that answer
    ``at_least`` (a share) ``within`` seconds by Erlang C; ``required_low`` and ``required_high`` those at the 95 %
    limits of the mean calls (Poisson, exact), the handling time taken as known. No rows where no handling time is
    known.
    """
    if not handled.sum():
        return pd.DataFrame(columns=list(LOAD), dtype=float)
    there = np.flatnonzero((calls > 0) & (hours > 0))
    pooled, aht = (one[there] for one in _handling_time(handled, handle_seconds))
    low, high = poisson_count(calls[there])
    rates = [count / hours[there] for count in (calls[there], low, high)]
    needed = [erlang_required_agents(rate, aht, at_least, within) for rate in rates]
    columns = [
        there // 24 + 1, there % 24, hours[there], calls[there].astype(int), *rates, handled[there].astype(int), aht,
        pooled, rates[0] * aht / SECONDS_PER_HOUR, *needed,
    ]  # fmt: skip
    return pd.DataFrame(dict(zip(LOAD, columns, strict=True)))


@np.errstate(divide="ignore", invalid="ignore")
def _handling_time(handled: np.ndarray, handle_seconds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For the hours of a week (the last axis): whether the handling time is that of all hours, and what it is."""
    pooled = handled < ENOUGH_CALLS
    of_all = handle_seconds.sum(axis=-1, keepdims=True) / handled.sum(axis=-1, keepdims=True)
    return pooled, np.where(pooled, of_all, handle_seconds / np.maximum(handled, 1))


@np.errstate(divide="ignore", invalid="ignore")
def busiest_hours(
    calls: np.ndarray, handled: np.ndarray, handle_seconds: np.ndarray, first_day: np.ndarray, last_day: np.ndarray
) -> np.ndarray:
    """Agents that the busiest hour of each week needs so that 80 % of its calls are answered within 20 seconds.

    ``calls``, ``handled`` and ``handle_seconds`` as in ``weekly_load``, one row of 168 per cell (float64[cells, 168]);
    ``first_day`` and ``last_day`` the days (since 1970) with the first and the last call of each cell. The busiest hour
    is the one with the most load in erlang. NaN where no answered call has a handling time. A cell knows no period:
    each weekday is counted from its first to its last day with calls, and a clock change not at all.
    """
    hours = np.repeat(_weekdays_between(first_day, last_day), 24, axis=1)
    _, aht = _handling_time(handled, handle_seconds)
    rates = calls / hours
    load = np.where((calls > 0) & (hours > 0), rates * aht / SECONDS_PER_HOUR, -1.0)
    busiest = np.argmax(load, axis=1)[:, None]
    rate, aht = (np.take_along_axis(one, busiest, axis=1)[:, 0] for one in (rates, aht))
    needed = erlang_required_agents(rate, aht, DEFAULT_AT_LEAST, DEFAULT_WITHIN)
    return np.where(handled.sum(axis=1) > 0, needed, np.nan)


def _weekdays_between(first_day: np.ndarray, last_day: np.ndarray) -> np.ndarray:
    """How often each weekday (Monday first) comes from the first to the last day, both included: float64[cells, 7]."""
    weekday = np.arange(7)
    until_last = (last_day[:, None] + _THURSDAY - weekday) // 7
    before_first = (first_day[:, None] - 1 + _THURSDAY - weekday) // 7
    return (until_last - before_first).astype(float)


def _edges(first_us: int, last_us: int, zone: str) -> np.ndarray:
    """The UTC instants from ``first_us`` to ``last_us`` between which the local hour stays the same, both included."""
    if last_us <= first_us:
        return np.array([first_us], dtype=np.int64)
    changes, offsets = transitions(zone, first_us, last_us)
    begins, ends = np.append(first_us, changes), np.append(changes, last_us)
    parts = [
        np.arange(-(-(begin + offset) // HOUR_US) * HOUR_US - offset, end, HOUR_US, dtype=np.int64)
        for begin, end, offset in zip(begins, ends, offsets, strict=True)
    ]
    return np.unique(np.concatenate([begins, *parts, [last_us]]))


def _by_hour(edges: np.ndarray, amounts: np.ndarray, zone: str) -> np.ndarray:
    """The amounts between the edges, added up by local hour of the week."""
    local = to_local(edges[:-1], zone)
    weekday = (local // DAY_US + _THURSDAY) % 7
    return np.bincount(weekday * 24 + local % DAY_US // HOUR_US, weights=amounts, minlength=HOURS_PER_WEEK)


def _worked_by(seconds: np.ndarray, since: np.ndarray, agents: np.ndarray) -> np.ndarray:
    """Agent-seconds by each of ``seconds`` (ascending) of agents who began at ``since`` and never stopped."""
    order = np.argsort(since, kind="stable")
    begun = np.searchsorted(since[order], seconds, side="right")
    agents_so_far = np.append(0.0, np.cumsum(agents[order]))[begun]
    lost = np.append(0.0, np.cumsum((agents * since)[order]))[begun]
    return seconds * agents_so_far - lost
