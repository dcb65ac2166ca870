"""Tickets and what happened to them, one team at a time.

Customers arrive by day, weekday and hour in the team's own time; some come back with the same matter. An answer and
a solution take log-normal business time. Then the planted effects bend single tickets. All instants are whole
seconds in UTC. The events of a ticket are drawn last and agree with its columns, so that either can be derived from
the other.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import date, datetime

from sample import words, world
from sample.draws import Draws
from sample.opening import Opening
from sample.world import AS_OF, DAY, HOUR, Team

# Arrivals by local hour, midnight first: people write from breakfast to late evening.
HOURS = (2, 1, 0.6, 0.4, 0.4, 0.8, 2, 5, 10, 14, 15, 13, 11, 12, 13, 12, 10, 9, 8, 8, 9, 8, 6, 4)
PRIORITIES = {"normal": 70, "low": 14, "high": 12, "urgent": 4}
HURRY = {"low": 1.35, "normal": 1.0, "high": 0.62, "urgent": 0.3}  # factor on response and resolution
TYPES = {"product": "question", "account": "request", "return": "request", "warranty": "incident"}
HOLIDAY_DEMAND = 0.55
CHAT_MEDIAN, CHAT_SIGMA = 150, 0.7  # seconds to the first answer in a chat


@dataclass
class Ticket:
    """One ticket as it truly was; None where something never happened by the audit's day."""

    team: str
    created: int
    customer: int
    reason: str
    channel: str = ""
    priority: str = ""
    type: str = ""
    language: str = ""
    subject: str = ""
    id: str = ""
    agent: str = ""
    first_response: int | None = None
    first_resolved: int | None = None
    reopened: int | None = None
    resolved: int | None = None
    closed: int | None = None
    replies: int = 0
    customer_replies: int = 0
    transfers: int = 0
    escalated: bool = False
    complaint: bool = False
    compliment: bool = False
    outbound: bool = False
    excluded: str = ""
    handle_seconds: int = 0
    planted: set[str] = field(default_factory=set)

    @property
    def counts(self) -> bool:
        """True when the ticket belongs to the usual population: neither excluded nor outbound."""
        return not self.excluded and not self.outbound

    @property
    def reopens(self) -> int:
        """Times reopened."""
        return int(self.reopened is not None)

    @property
    def status(self) -> str:
        """State on the audit's day."""
        if self.closed is not None:
            return "closed"
        if self.resolved is not None:
            return "resolved"
        return "open" if self.first_response is None else "pending"


def make_tickets(team: Team) -> list[Ticket]:
    """All tickets of a team, by the time they were made, with their ids."""
    return _Desk(team).tickets()


class _Desk:
    """A team at work: its clock, its draws, and the queue of arrivals."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.clock = Opening(team)
        self.draws = Draws("tickets", team.name)
        self.queue: list[tuple[int, int, int, str]] = []

    def tickets(self) -> list[Ticket]:
        for number, created in enumerate(self.arrivals()):
            customer = int(self.team.customers * self.draws.between(0, 1) ** 1.3)
            heapq.heappush(self.queue, (created, number, customer, self.draws.weighted(words.REASONS)))
        done = []
        while self.queue:
            created, _, customer, reason = heapq.heappop(self.queue)
            ticket = self.handle(Ticket(self.team.name, created, customer, reason))
            done.append(ticket)
            self.maybe_repeat(ticket)
        for number, ticket in enumerate(done):
            ticket.id = f"{self.team.code}-{10001 + number}"
        return done

    def arrivals(self) -> list[int]:
        found = []
        for day in world.days():
            for _ in range(self.draws.poisson(self.team.tickets_a_day * demand(self.team, day))):
                hour = self.draws.weighted(dict(enumerate(HOURS)))
                found.append(self.clock.instant(day, hour, self.draws.whole(0, HOUR - 1)))
        found += world.TWICE_AT if self.team.name == world.TWICE_TEAM else ()
        return sorted(instant for instant in found if instant < AS_OF)

    def maybe_repeat(self, ticket: Ticket) -> None:
        """Effect 5: the customer comes back with the same matter, far more often after a too-quick close."""
        quick = ticket.resolved is not None and ticket.resolved - ticket.created <= world.QUICK_LIMIT
        planted = quick and ticket.team == world.QUICK_TEAM
        comes_back = self.draws.chance(world.REPEAT_AFTER_QUICK if planted else world.REPEAT_OTHERWISE)
        if not comes_back or not ticket.counts:
            return
        for _ in range(12):  # look for an hour at which people write
            again = ticket.created + int(self.draws.between(2 * HOUR, world.REPEAT_WITHIN - HOUR))
            if self.draws.chance(HOURS[self.clock.local(again).hour] / max(HOURS)):
                break
        if again < AS_OF:
            heapq.heappush(self.queue, (again, -len(self.queue), ticket.customer, ticket.reason))

    def handle(self, ticket: Ticket) -> Ticket:
        self.describe(ticket)
        if ticket.excluded:
            return self.put_aside(ticket)
        if self.draws.chance(0.012):  # never answered; half of them are closed without a word
            if self.draws.chance(0.5):
                ticket.resolved = self.clock.later(ticket.created, self.draws.lognormal(20 * HOUR, 0.6))
            return self.finish(ticket)
        ticket.first_response = self.clock.later(ticket.created, self.response_seconds(ticket))
        ticket.resolved = self.resolution(ticket)
        self.plant_quick_close(ticket)
        self.plant_bulk_close(ticket)
        self.maybe_reopen(ticket)
        self.count_work(ticket)
        return self.finish(ticket)

    def describe(self, ticket: Ticket) -> None:
        draws = self.draws
        ticket.channel = draws.weighted(self.team.channels)
        ticket.priority = draws.weighted(PRIORITIES)
        ticket.type = TYPES.get(ticket.reason) or draws.pick(("question", "incident"))
        ticket.language = draws.weighted(self.team.languages)
        spoken = ticket.language if ticket.language in words.SUBJECTS else self.team.language
        ticket.subject = draws.pick(words.SUBJECTS[spoken][ticket.reason])
        ticket.excluded = draws.weighted({"": 97.5, "spam": 1.6, "merged": 0.6, "test": 0.3})
        ticket.outbound = draws.chance(0.012)
        day = self.clock.local(self.clock.later(ticket.created, 60)).date()
        ticket.agent = draws.pick(self.team.on_duty(min(day, world.LAST))).name

    def put_aside(self, ticket: Ticket) -> Ticket:
        ticket.resolved = self.clock.later(ticket.created, self.draws.lognormal(HOUR, 0.8))
        ticket.outbound = False
        return self.finish(ticket)

    def response_seconds(self, ticket: Ticket) -> float:
        if ticket.channel == "chat":
            seconds = self.draws.lognormal(CHAT_MEDIAN, CHAT_SIGMA)
        else:
            seconds = self.draws.lognormal(self.team.response_hours * HOUR, 0.72) * HURRY[ticket.priority]
        if ticket.team == world.CHANGE_TEAM and self.clock.local(ticket.created).date() >= world.CHANGE_DAY:
            seconds *= world.CHANGE_FACTOR  # effect 1
        return self.heap(seconds) if ticket.team == world.HEAP_TEAM else seconds

    def heap(self, seconds: float) -> float:
        """Effect 4: what would be answered just after the target is answered just before it."""
        late = seconds - world.HEAP_TARGET
        if not 0 <= late < world.HEAP_REACH:
            return seconds
        if self.draws.chance(world.HEAP_SHARE):
            return world.HEAP_TARGET - self.draws.between(1, 600)
        if late < 1200 and self.draws.chance(0.6):
            return seconds + 1200
        return seconds

    def resolution(self, ticket: Ticket) -> int | None:
        if self.draws.chance(0.016):
            return None  # still open, however old
        if self.draws.chance(0.38):  # settled with the first answer
            return ticket.first_response + self.draws.whole(20, 240)
        seconds = self.draws.lognormal(self.team.resolve_hours * HOUR, 0.95) * HURRY[ticket.priority]
        return self.clock.later(ticket.first_response, seconds)

    def plant_quick_close(self, ticket: Ticket) -> None:
        if ticket.team != world.QUICK_TEAM or not self.clock.is_open(ticket.created):
            return
        if self.draws.chance(world.QUICK_SHARE):
            ticket.first_response = ticket.created + self.draws.whole(40, 300)
            ticket.resolved = ticket.first_response + self.draws.whole(20, world.QUICK_LIMIT - 310)
            ticket.planted.add("quick")

    def plant_bulk_close(self, ticket: Ticket) -> None:
        """Effect 3: a ticket that was let lie until the last working hour of the month."""
        if ticket.team != world.BULK_TEAM or "quick" in ticket.planted or not self.draws.chance(world.BULK_SHARE):
            return
        local = self.clock.local(ticket.first_response)
        for month in (local.month, local.month + 1):
            day = self.clock.last_working_day(local.year + (month - 1) // 12, (month - 1) % 12 + 1)
            hour, minute = self.draws.pick(world.BULK_MINUTES)
            moment = self.clock.instant(day, hour, minute * 60 + self.draws.whole(0, 59))
            if moment > ticket.first_response + 600:
                ticket.resolved = moment
                ticket.planted.add("bulk")
                return

    def maybe_reopen(self, ticket: Ticket) -> None:
        ticket.first_resolved = ticket.resolved
        if ticket.resolved is None or ticket.planted or not self.draws.chance(0.045):
            return
        ticket.reopened = ticket.resolved + int(self.draws.between(HOUR, 4 * DAY))
        ticket.resolved = self.clock.later(ticket.reopened, self.draws.lognormal(4 * HOUR, 0.8))

    def count_work(self, ticket: Ticket) -> None:
        draws = self.draws
        one_touch = ticket.resolved is not None and ticket.resolved - ticket.first_response <= 300
        ticket.replies = 1 + (0 if one_touch else draws.poisson(0.9))
        ticket.customer_replies = 0 if one_touch else draws.poisson(0.8)
        ticket.transfers = 0 if one_touch else draws.poisson(0.16)
        ticket.escalated = draws.chance(0.015 if one_touch else 0.05)
        ticket.complaint = draws.chance(0.025)
        ticket.compliment = not ticket.complaint and draws.chance(0.02)
        ticket.handle_seconds = 6 * round(draws.lognormal(300, 0.6) * ticket.replies / 6)

    def finish(self, ticket: Ticket) -> Ticket:
        """Forget everything that lies after the audit's day."""
        ticket.first_resolved = ticket.resolved if ticket.first_resolved is None else ticket.first_resolved
        if ticket.reopened is not None and ticket.reopened >= AS_OF:
            ticket.reopened, ticket.resolved = None, ticket.first_resolved
        for name in ("first_response", "first_resolved", "resolved"):
            instant = getattr(ticket, name)
            if instant is not None and instant >= AS_OF:
                setattr(ticket, name, None)
        if ticket.first_response is None:
            ticket.replies = ticket.customer_replies = ticket.transfers = ticket.handle_seconds = 0
            ticket.escalated = ticket.complaint = ticket.compliment = False
        if ticket.resolved is None:
            ticket.planted.discard("bulk")
        elif ticket.resolved + 7 * DAY < AS_OF:
            ticket.closed = ticket.resolved + 7 * DAY
        return ticket


def demand(team: Team, day: date) -> float:
    """How busy a day is against the team's plain weekday: weekday, holiday and the peak before Christmas."""
    factor = team.weights[day.weekday()]
    if day in team.holidays and day.weekday() < 5:
        factor *= HOLIDAY_DEMAND
    if team.name in world.PEAK_TEAMS and day.month == 12:
        factor *= world.PEAK_FACTOR  # effect 6
    return factor


@dataclass(frozen=True)
class Event:
    """One thing that happened to a ticket; ``kind`` and ``actor`` are the canonical words."""

    ticket: Ticket
    at: int
    actor: str
    agent: str
    kind: str
    value: str = ""


def make_events(team: Team, tickets: list[Ticket], since: date) -> list[Event]:
    """The log of the tickets made since a day, in the order of time."""
    clock, draws = Opening(team), Draws("events", team.name)
    start = int(datetime.combine(since, datetime.min.time(), clock.zone).timestamp())
    events = [event for ticket in tickets if ticket.created >= start for event in _story(team, ticket, draws)]
    return sorted(events, key=lambda event: (event.at, event.ticket.id, event.kind))


def _story(team: Team, ticket: Ticket, draws: Draws) -> list[Event]:
    mate = draws.pick([agent.name for agent in team.agents if agent.name != ticket.agent])
    first = mate if ticket.transfers else ticket.agent
    story = [Event(ticket, ticket.created, "agent" if ticket.outbound else "customer", "", "created")]

    def add(at: int, kind: str, agent: str, value: str = "", actor: str = "agent") -> None:
        story.append(Event(ticket, at, actor, agent, kind, value))

    if ticket.first_response is not None:
        add(ticket.created + (ticket.first_response - ticket.created) // 3, "assign", first, first, "system")
        add(ticket.first_response, "public_reply", first)
        end = ticket.first_resolved or AS_OF - 60
        span = end - ticket.first_response
        moments = sorted(ticket.first_response + int(span * draws.between(0.1, 0.9)) for _ in range(ticket.replies - 1))
        for at in moments:
            add(at, "public_reply", ticket.agent)
        for _ in range(ticket.customer_replies):
            add(ticket.first_response + int(span * draws.between(0.1, 0.9)), "public_reply", "", actor="customer")
        for number in range(ticket.transfers):
            add(ticket.first_response + int(span * 0.05) + number, "transfer", first, ticket.agent)
        if ticket.escalated:
            add(ticket.first_response + int(span * 0.08), "escalate", ticket.agent, "second line")
    if ticket.first_resolved is not None:
        add(ticket.first_resolved, "resolve", ticket.agent)
    if ticket.reopened is not None:
        add(ticket.reopened, "reopen", "", actor="customer")
        if ticket.resolved is not None:
            add(ticket.resolved, "resolve", ticket.agent)
    if ticket.closed is not None:
        add(ticket.closed, "close", "", actor="system")
    return story
