"""What customers, agents and reviewers say: surveys (csat, ces, nps, agent) and quality reviews.

Satisfaction falls a little with the business time that a solution took and with a reopening. Agents differ in
skill, which moves their quality scores. Each review gives one row per criterion of one scorecard.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from sample import words, world
from sample.draws import Draws
from sample.opening import Opening
from sample.tickets import Ticket
from sample.world import AS_OF, DAY, HOUR, Team

SCALES = {"csat": (1, 5), "ces": (1, 7), "nps": (0, 10), "agent": (1, 5)}
SCORECARD = "Service 2025"
# criterion: (weight, points possible, critical, share of reviews that it applies to, share of the points usually given)
CRITERIA = {
    "greeting": (1, 2, False, 1.0, 0.92),
    "understanding": (2, 5, False, 1.0, 0.82),
    "solution": (3, 5, False, 1.0, 0.80),
    "accuracy": (3, 5, True, 1.0, 0.90),
    "tone": (2, 5, False, 1.0, 0.86),
    "data protection": (1, 1, True, 0.7, 0.985),
}
REVIEWERS = ("Quality 1", "Quality 2", "Quality 3")
REVIEWS_A_MONTH = 13


@dataclass
class Survey:
    """One question sent; ``score`` and ``answered`` are None without an answer."""

    team: str
    kind: str
    sent: int
    answered: int | None = None
    score: int | None = None
    question: str = ""
    comment: str = ""
    ticket: Ticket | None = None
    agent: str = ""
    customer: int | None = None
    invalidated: bool = False
    id: str = ""


@dataclass
class Criterion:
    """One criterion of one review."""

    review: str
    at: int
    ticket: Ticket
    reviewer: str
    kind: str
    criterion: str
    score: int | None


def make_surveys(team: Team, tickets: list[Ticket]) -> list[Survey]:
    """The surveys of a team: after tickets, each month to customers, each quarter to agents."""
    draws, clock = Draws("surveys", team.name), Opening(team)
    surveys = [survey for ticket in tickets for survey in _after_ticket(team, clock, draws, ticket)]
    surveys += _relationship(team, clock, draws) + _agents(team, clock, draws)
    surveys = [survey for survey in surveys if survey.sent < AS_OF]
    for survey in surveys:
        if survey.answered is not None and survey.answered >= AS_OF:
            survey.answered = survey.score = None
            survey.comment = ""
    return sorted(surveys, key=lambda survey: (survey.sent, survey.kind, survey.question, survey.agent))


def _after_ticket(team: Team, clock: Opening, draws: Draws, ticket: Ticket) -> list[Survey]:
    if ticket.resolved is None or not ticket.counts:
        return []
    kind = draws.weighted({"csat": 62, "ces": 13, "": 25})
    if not kind:
        return []
    hours = clock.seconds(ticket.created, ticket.resolved) / HOUR
    happy = team.satisfaction + 0.06 - 0.035 * math.log1p(hours) - (0.12 if ticket.reopened else 0)
    sent = ticket.resolved + HOUR
    survey = Survey(team.name, kind, sent, ticket=ticket, agent=ticket.agent, customer=ticket.customer)
    if draws.chance(0.42):
        survey.answered = survey.sent + int(draws.lognormal(5 * HOUR, 1.1))
        survey.score = _score(kind, draws.chance(happy), draws)
        if draws.chance(0.08):
            glad = survey.score >= (4 if kind == "csat" else 5)
            survey.comment = draws.pick(words.COMMENTS[team.language][0 if glad else 1])
        survey.invalidated = kind == "csat" and survey.score <= 2 and draws.chance(0.06)
    return [survey]


def _score(kind: str, glad: bool, draws: Draws) -> int:
    weights = {
        ("csat", True): {5: 62, 4: 38},
        ("csat", False): {3: 45, 2: 25, 1: 30},
        ("ces", True): {7: 40, 6: 38, 5: 22},
        ("ces", False): {4: 40, 3: 25, 2: 20, 1: 15},
        ("nps", True): {10: 45, 9: 35, 8: 20},
        ("nps", False): {7: 30, 6: 20, 5: 20, 4: 8, 3: 8, 2: 6, 1: 3, 0: 5},
    }
    return draws.weighted(weights[kind, glad])


def _relationship(team: Team, clock: Opening, draws: Draws) -> list[Survey]:
    found = []
    for first in months():
        sent = clock.instant(first + timedelta(days=13), 10)
        for _ in range(70):
            survey = Survey(team.name, "nps", sent, customer=draws.whole(0, team.customers - 1))
            if draws.chance(0.45):
                survey.answered = sent + int(draws.lognormal(12 * HOUR, 1.0))
                survey.score = _score("nps", draws.chance(team.satisfaction - 0.2), draws)
            found.append(survey)
    return found


def _agents(team: Team, clock: Opening, draws: Draws) -> list[Survey]:
    found = []
    for first in months()[2::3]:
        day = first + timedelta(days=9)
        for agent in team.on_duty(day):
            for topic in words.AGENT_TOPICS:
                survey = Survey(team.name, "agent", clock.instant(day, 9), question=topic, agent=agent.name)
                if draws.chance(0.85):
                    survey.answered = survey.sent + int(draws.between(HOUR, 4 * DAY))
                    survey.score = draws.weighted({5: 20, 4: 38, 3: 24, 2: 12, 1: 6})
                found.append(survey)
    return found


def make_reviews(team: Team, tickets: list[Ticket]) -> list[Criterion]:
    """Quality reviews: a monthly sample, one ticket that all reviewers score (calibration), one mystery contact."""
    draws, clock = Draws("reviews", team.name), Opening(team)
    skills = {agent.name: agent.skill for agent in team.agents}
    rows: list[Criterion] = []
    number = 0
    for first in months():
        last = (first + timedelta(days=32)).replace(day=1)
        start, end = clock.instant(first, 0), clock.instant(last, 0)
        done = [one for one in tickets if one.counts and one.replies and one.resolved and start <= one.resolved < end]
        plan = [("review", (draws.pick(REVIEWERS),))] * REVIEWS_A_MONTH
        plan += [("calibration", REVIEWERS), ("mystery", (draws.pick(REVIEWERS),))]
        for kind, reviewers in plan:
            ticket = draws.pick(done)
            at = min(clock.later(ticket.resolved, draws.between(HOUR, 20 * HOUR)), AS_OF - HOUR)
            quality = 0.9 * skills[ticket.agent] + 0.5 * draws.normal()
            reviewers = (draws.pick(REVIEWERS),) if len(reviewers) == 1 else reviewers
            for reviewer in reviewers:
                number += 1
                strict = -0.35 if reviewer == "Quality 3" else 0.0
                rows += _review(f"{team.code}-R{number:04d}", at, ticket, reviewer, kind, quality + strict, draws)
    return rows


def _review(
    name: str, at: int, ticket: Ticket, reviewer: str, kind: str, quality: float, draws: Draws
) -> list[Criterion]:
    rows = []
    for criterion, (_, points, critical, applies, usual) in CRITERIA.items():
        score = None
        if draws.chance(applies):
            share = usual + (0.03 if critical else 0.09) * quality + (0.05 if critical else 0.12) * draws.normal()
            score = int(min(max(share, 0), 1) * points + 0.5)
            if critical and points > 1 and score < points:
                score = 0 if draws.chance(0.07) else points - 1
        rows.append(Criterion(name, at, ticket, reviewer, kind, criterion, score))
    return rows


def months() -> list[date]:
    """The first day of every month of the sample."""
    return [day for day in world.days() if day.day == 1]
