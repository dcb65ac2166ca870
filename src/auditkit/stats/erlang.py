"""How many agents a call queue needs, and how long callers wait with those there are: Erlang's delay formula.

In come calls, handling time and agents, one number or one array entry per hour; out come the chance to wait, the
service level, the average wait and the agents needed. It plans and does not measure: the waits that happened are the
measures' business. ``ASSUMPTIONS`` has to be printed beside every figure from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.stats.numeric import floats, only_where
from auditkit.translation import N_

ASSUMPTIONS = N_(
    "Erlang C assumes that nobody hangs up, that calls arrive at random and independently (Poisson), that handling "
    "times are exponential, that every agent can take every call, and that the hour is long enough for the queue to "
    "settle. Where callers do hang up, it overstates the wait and the agents needed."
)
SECONDS_PER_HOUR = 3600
ROUNDING = 1e-12  # an occupancy of exactly the highest allowed is allowed, however the division rounds


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What a staffing would give, each field a number or an array of one shape; see ``what_if``.

    ``load`` in erlang (agents' worth of work); ``occupancy``, ``waiting`` (chance to wait) and ``service_level`` in
    0..1; ``asa_seconds`` the mean wait of all callers, infinite where the queue only grows. ``assumptions`` is the
    sentence to print.
    """

    load: np.ndarray
    agents: np.ndarray
    occupancy: np.ndarray
    waiting: np.ndarray
    service_level: np.ndarray
    asa_seconds: np.ndarray
    assumptions: str = ASSUMPTIONS


def erlang_c(load_erlangs, agents) -> np.ndarray:
    """Chance that a caller has to wait, in 0..1, for a load a (calls per second x seconds of handling) and n agents.

    C = n B / (n - a (1 - B)), with the loss B by the recursion B(k) = a B(k - 1) / (k + a B(k - 1)), B(0) = 1, which
    neither overflows nor cancels at any load. 1 where the agents are no more than the load: the queue then only grows.
    A part of an agent is left out (7.5 agents are 7). NaN for a load or a number of agents below 0. Assumes what
    ``ASSUMPTIONS`` says. The time it takes grows with the largest number of agents.
    Source: Erlang 1917, as in Cooper 1981, Introduction to Queueing Theory, sections 3.3-3.4. Checked against the
    definition added up in exact fractions, the Poisson distribution of SciPy, and two published examples.

    >>> print(f"{erlang_c(10, 14):.6f}")
    0.174132
    """
    load, agents = floats(load_erlangs, agents)
    agents = np.floor(agents)
    blocking, k = np.ones(load.shape), 0
    while True:
        k += 1
        more = (agents >= k) & (agents > load) & (load >= 0) & (blocking > 0) & np.isfinite(agents)
        if not more.any():
            break
        blocking = np.where(more, _one_more_agent(blocking, load, k), blocking)
    waiting = np.where(agents > load, _waiting(blocking, load, agents), 1.0)
    return only_where((load >= 0) & (agents >= 0), waiting)[0]


def erlang_service_level(load_erlangs, agents, aht_seconds, threshold_seconds) -> np.ndarray:
    """Share of calls answered within the threshold, in 0..1.

    1 - C exp(-(n - a) T / AHT); 0 where the agents are no more than the load. NaN where the handling time is not above
    0 or the threshold is below 0. Assumes what ``ASSUMPTIONS`` says.
    Source: Cooper 1981, section 3.4. Checked against two published examples and a simulated queue.

    >>> print(f"{erlang_service_level(10, 14, 180, 20):.6f}")
    0.888350
    """
    load, agents, aht, threshold = floats(load_erlangs, agents, aht_seconds, threshold_seconds)
    level = _service_level(erlang_c(load, agents), load, np.floor(agents), aht, threshold)
    return only_where((aht > 0) & (threshold >= 0), level)[0]


@np.errstate(divide="ignore", invalid="ignore")
def erlang_asa(load_erlangs, agents, aht_seconds) -> np.ndarray:
    """Average speed of answer: the mean wait of all callers, those who do not wait among them, in seconds.

    C AHT / (n - a); infinite where the agents are no more than the load. NaN where the handling time is not above 0.
    Assumes what ``ASSUMPTIONS`` says.
    Source: Cooper 1981, section 3.4. Checked against two published examples and a simulated queue.

    >>> print(f"{erlang_asa(10, 14, 180):.4f}")
    7.8359
    """
    load, agents, aht = floats(load_erlangs, agents, aht_seconds)
    waiting, free = erlang_c(load, agents), np.floor(agents) - load
    wait = np.where(free > 0, waiting * aht / free, np.inf)
    return only_where(~np.isnan(waiting) & (aht > 0), wait)[0]


def erlang_required_agents(
    calls_per_hour, aht_seconds, service_level=0.8, threshold_seconds=20, max_occupancy=None
) -> np.ndarray:
    """The fewest agents that reach the service level, and stay at or below the highest occupancy where one is given.

    Agents on the line, as float64 whole numbers: breaks, meetings and illness come on top. 0 where nobody calls. NaN
    for missing or negative calls or a handling time not above 0. Raises ValueError for a service level outside
    0 < x < 1, a threshold below 0, or an occupancy outside 0 < x <= 1. Assumes what ``ASSUMPTIONS`` says.
    Source: Cooper 1981, section 3.4. Checked against ``erlang_service_level`` with one agent less.

    >>> print(erlang_required_agents([0, 200, 1000], [180, 180, 120]))
    [ 0. 14. 38.]
    """
    _check_targets(service_level, threshold_seconds, max_occupancy)
    calls, aht, target, threshold = floats(calls_per_hour, aht_seconds, service_level, threshold_seconds)
    load = calls * aht / SECONDS_PER_HOUR
    known = (calls >= 0) & (aht > 0) & np.isfinite(load)
    busy = load * (1 - ROUNDING) / (1 if max_occupancy is None else max_occupancy)
    needed, blocking, k = np.zeros(load.shape), np.ones(load.shape), 0
    seeking = known & (load > 0)
    while seeking.any():
        k += 1
        blocking = _one_more_agent(blocking, np.where(seeking, load, 0), k)
        level = _service_level(_waiting(blocking, load, k), load, k, aht, threshold)
        needed = np.where(seeking, k, needed)
        seeking &= ~((k > load) & (k >= busy) & (level >= target))
    return only_where(known, needed)[0]


def what_if(calls_per_hour, aht_seconds, agents, threshold_seconds=20) -> WhatIf:
    """What a number of agents gives for these calls; one case, or arrays of cases that broadcast together.

    Occupancy is load / agents, at most 1. NaN where the calls, the handling time or the agents say nothing. Assumes
    what ``ASSUMPTIONS`` says.
    Source: Cooper 1981, section 3.4. Checked against two published examples.

    >>> case = what_if(1000, 120, 40)
    >>> print(f"{case.occupancy:.3f} {case.waiting:.6f} {case.service_level:.6f} {case.asa_seconds:.4f}")
    0.833 0.190737 0.937211 3.4333
    """
    calls, aht, agents, threshold = floats(calls_per_hour, aht_seconds, agents, threshold_seconds)
    (load,) = only_where((calls >= 0) & (aht > 0), calls * aht / SECONDS_PER_HOUR)
    staff = np.floor(agents)
    (occupancy,) = only_where((load >= 0) & (staff > 0), np.minimum(load / np.maximum(staff, 1), 1))
    level = erlang_service_level(load, staff, aht, threshold)
    return WhatIf(load, staff[()], occupancy, erlang_c(load, staff), level, erlang_asa(load, staff, aht))


@np.errstate(divide="ignore", invalid="ignore")
def _one_more_agent(blocking, load, k: int):
    """Erlang B of k agents from that of k - 1."""
    return load * blocking / (k + load * blocking)


@np.errstate(divide="ignore", invalid="ignore")
def _waiting(blocking, load, agents):
    """Erlang C from Erlang B."""
    return agents * blocking / (agents - load * (1 - blocking))


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _service_level(waiting, load, agents, aht, threshold):
    """Waits are exponential with rate (n - a) / AHT for those who wait; NaN stays NaN."""
    within = 1 - waiting * np.exp(-np.maximum(agents - load, 0) * threshold / aht)
    return np.where(agents > load, within, np.where(np.isnan(waiting), np.nan, 0.0))


def _check_targets(service_level, threshold_seconds, max_occupancy) -> None:
    level, threshold = np.asarray(service_level), np.asarray(threshold_seconds)
    if not np.all((level > 0) & (level < 1)):
        raise ValueError(f"service_level must lie between 0 and 1, not {service_level!r}")
    if not np.all(threshold >= 0):
        raise ValueError(f"threshold_seconds must be 0 or more, not {threshold_seconds!r}")
    if max_occupancy is not None and not 0 < max_occupancy <= 1:
        raise ValueError(f"max_occupancy must lie above 0 and at most 1, not {max_occupancy!r}")
