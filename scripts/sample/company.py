"""The small tables: agents, training, shifts, customers, orders, offers and the dated changes.

Each function gives rows as dicts of the values that the company's systems hold; how they print them is settled
elsewhere.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sample import world
from sample.draws import Draws
from sample.opening import Opening
from sample.tickets import Ticket
from sample.world import AS_OF, HOUR, TEAMS, Team

COURSES = ("Products of the season", "Writing to customers", "Data protection", "Handling complaints", "Phone manners")
PASS_MARK, TOP_MARK = 14, 20
CHANGES = (
    {
        "at": world.CHANGE_DAY, "team": "London", "title": "Triage of the queue each morning",
        "measure": "first_response_time_business", "direction": "down", "expected": "Half the waiting time",
        "expected_ratio": "0.5",
    },
    {
        "at": date(2025, 10, 1), "team": "Oslo", "title": "New phone menu",
        "measure": "abandonment_rate", "direction": "down", "expected": "Fewer callers give up",
        "expected_ratio": "",
    },
    {
        "at": date(2026, 3, 2), "team": "Helsinki", "title": "Answer templates renewed",
        "measure": "csat", "direction": "up", "expected": "Happier customers",
        "expected_ratio": "",
    },
)  # fmt: skip


def make_agents() -> list[dict[str, Any]]:
    """One row per agent."""
    return [
        {
            "agent": agent.name,
            "team": team.name,
            "joined": agent.joined,
            "left": agent.left,
            "languages": agent.languages,
        }
        for team in TEAMS
        for agent in team.agents
    ]


def make_training() -> list[dict[str, Any]]:
    """Two to four courses per agent, one of them repeated when it was failed."""
    rows = []
    draws = Draws("training")
    for team in TEAMS:
        for agent in team.agents:
            for course in COURSES[: draws.whole(2, 4)]:
                day = max(agent.joined, world.FIRST) + timedelta(days=draws.whole(5, 300))
                while day <= min(agent.left or world.LAST, world.LAST):
                    score = min(max(round(16 + 2.2 * draws.normal() + agent.skill), 5), TOP_MARK)
                    rows.append({"agent": agent.name, "team": team.name, "course": course, "day": day, "score": score})
                    if score >= PASS_MARK:
                        break
                    day += timedelta(days=21)
    return sorted(rows, key=lambda row: (row["day"], row["agent"], row["course"]))


def make_staffing() -> list[dict[str, Any]]:
    """Two shifts for each day on which a team is open."""
    rows = []
    for team in TEAMS:
        clock, draws = Opening(team), Draws("staffing", team.name)
        for day in world.days():
            for start, end in team.open_on(day):
                middle = (start + end) / 2
                present = len(team.on_duty(day))
                for shift_start, shift_end in ((start, middle), (middle, end)):
                    away = min(draws.poisson(0.8), present - 2)
                    starts, ends = clock.instant(day, shift_start), clock.instant(day, shift_end)
                    rows.append({"team": team.name, "starts": starts, "ends": ends, "agents": present - away})
    return rows


def make_customers() -> list[dict[str, Any]]:
    """One row per customer of every team."""
    rows = []
    for team in TEAMS:
        draws = Draws("customers", team.name)
        for number in range(team.customers):
            since = date(2019, 1, 1) + timedelta(days=draws.whole(0, 2500))
            left = date(2025, 4, 1) + timedelta(days=draws.whole(0, 420)) if draws.chance(0.05) else None
            friend = customer_id(team, draws.whole(0, number - 1)) if number and draws.chance(0.06) else ""
            rows.append({"customer": customer_id(team, number), "since": since, "left": left, "referred_by": friend})
    return rows


def make_orders(tickets: dict[str, list[Ticket]]) -> list[dict[str, Any]]:
    """Orders of some customers; a few grew out of a ticket (cross-selling)."""
    rows = []
    for team in TEAMS:
        clock, draws = Opening(team), Draws("orders", team.name)
        start = clock.instant(world.FIRST, 0)
        for number in range(team.customers):
            for repeat in range(draws.poisson(0.55)):
                at = start + int((AS_OF - start) * draws.between(0, 1))
                rows.append(_order(team, number, at, "repeat" if repeat else "sale", "", draws))
        for ticket in tickets[team.name]:
            if ticket.reason == "product" and ticket.resolved and ticket.counts and draws.chance(0.12):
                row = _order(team, ticket.customer, ticket.resolved + HOUR, "cross_sell", ticket.id, draws)
                rows.append(row)
    rows = sorted((row for row in rows if row["at"] < AS_OF), key=lambda row: (row["at"], row["customer"]))
    return [{"order": f"O{100001 + number}", **row} for number, row in enumerate(rows)]


def _order(team: Team, customer: int, at: int, kind: str, ticket: str, draws: Draws) -> dict[str, Any]:
    amount = round(draws.lognormal(85, 0.6), 1)
    return {"customer": customer_id(team, customer), "at": at, "amount": amount, "kind": kind, "ticket": ticket}


def make_offers(tickets: dict[str, list[Ticket]]) -> list[dict[str, Any]]:
    """Offers that agents made in some tickets."""
    rows = []
    for team in TEAMS:
        draws = Draws("offers", team.name)
        for ticket in tickets[team.name]:
            if ticket.replies and ticket.counts and draws.chance(0.045):
                kind = draws.weighted({"cross_sell": 60, "conversion": 25, "referral": 15})
                accepted = draws.chance({"cross_sell": 0.24, "conversion": 0.35, "referral": 0.12}[kind])
                rows.append({"at": ticket.first_response, "ticket": ticket, "kind": kind, "accepted": accepted})
    return sorted(rows, key=lambda row: (row["at"], row["ticket"].id))


def customer_id(team: Team, number: int | None) -> str:
    """How the shop names a customer."""
    return "" if number is None else f"{team.code[0]}{1001 + number}"
