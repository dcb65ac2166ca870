"""Telephone calls, one team at a time: arrival, wait, the patience of the caller, talk, hold and wrap-up.

Lines are open in the team's hours. A caller who waits longer than their patience hangs up, in the queue or while a
phone rings; some leave already in the menu. In December the peak teams' waits grow with the load. Some customers
with an open ticket call about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sample import world
from sample.draws import Draws
from sample.opening import Opening
from sample.tickets import Ticket, demand
from sample.world import AS_OF, DAY, HOUR, Team

CALL_HOURS = {0: 1.0, 1: 1.5, 2: 1.6, 3: 1.2, 4: 0.9, 5: 1.0, 6: 1.1, 7: 0.9, 8: 0.8, 9: 0.6}  # since opening
QUEUES = {"orders": 50, "returns": 30, "technical": 20}
PATIENCE = 210  # seconds, mean
CHASING = 0.03  # share of tickets whose customer calls about it


@dataclass
class Call:
    """One call; seconds are None where there was nothing to time."""

    team: str
    offered: int
    queue: str
    customer: int | None
    ticket: str = ""
    id: str = ""
    wait: int = 0
    agent: str = ""
    abandoned_in: str = ""
    talk: int | None = None
    hold: int | None = None
    wrap: int | None = None
    transferred: bool = False
    resolved: bool = False

    @property
    def answered(self) -> bool:
        """True when an agent picked up."""
        return not self.abandoned_in

    @property
    def ended(self) -> int:
        """When the caller or the agent hung up."""
        return self.offered + self.wait + (self.talk or 0) + (self.hold or 0)


def make_calls(team: Team, tickets: list[Ticket]) -> list[Call]:
    """All calls of a team in the order of time, with their ids."""
    clock, draws = Opening(team), Draws("calls", team.name, "lines")
    calls = [call for day in world.days() for call in _day(team, clock, draws, day)]
    calls += _chasing(team, clock, draws, tickets)
    calls.sort(key=lambda call: (call.offered, call.queue))
    for number, call in enumerate(calls):
        call.id = f"{team.code}-C{20001 + number}"
        _answer(team, clock, draws, call)
    return calls


def _day(team: Team, clock: Opening, draws: Draws, day: date) -> list[Call]:
    if not team.open_on(day):
        return []
    start, end = team.open_on(day)[0]
    weights = {hour: CALL_HOURS[hour] for hour in range(int(end - start))}
    share = len(weights) / (team.weekday[1] - team.weekday[0])
    factor = max(demand(team, day), 0.5) * share
    found = []
    for _ in range(draws.poisson(team.calls_a_day * factor)):
        offered = clock.instant(day, start + draws.weighted(weights), draws.whole(0, HOUR - 1))
        customer = int(team.customers * draws.between(0, 1) ** 1.3) if draws.chance(0.9) else None
        found.append(Call(team.name, offered, draws.weighted(QUEUES), customer))
    return found


def _chasing(team: Team, clock: Opening, draws: Draws, tickets: list[Ticket]) -> list[Call]:
    found = []
    for ticket in tickets:
        if ticket.counts and draws.chance(CHASING):
            offered = clock.later(ticket.created + DAY, draws.between(0, 12 * HOUR))
            if offered < AS_OF:
                found.append(Call(team.name, offered, "orders", ticket.customer, ticket.id))
    return found


def _answer(team: Team, clock: Opening, draws: Draws, call: Call) -> None:
    local = clock.local(call.offered)
    busy = CALL_HOURS[max(int(local.hour - (team.open_on(local.date()) or [team.weekday])[0][0]), 0)]
    wait = draws.lognormal(team.wait_seconds * busy**1.5, 1.0)
    if team.name in world.PEAK_TEAMS and local.month == 12:
        wait *= world.PEAK_WAIT  # effect 6
    patience = 5 + draws.exponential(PATIENCE)
    if draws.chance(0.025):  # hangs up at once, most often in the menu
        call.wait, call.abandoned_in = draws.whole(1, 5), "ivr" if draws.chance(0.8) else "queue"
    elif wait > patience:
        call.wait, call.abandoned_in = int(patience), "ringing" if draws.chance(0.2) else "queue"
    else:
        call.wait = int(wait)
        call.agent = draws.pick(team.on_duty(local.date())).name
        call.talk = int(draws.lognormal(215, 0.65)) + 5
        call.hold = int(draws.exponential(70)) if draws.chance(0.22) else 0
        call.wrap = int(draws.lognormal(55, 0.6))
        call.transferred = draws.chance(0.08)
        call.resolved = draws.chance(0.45 if call.transferred else 0.8)
