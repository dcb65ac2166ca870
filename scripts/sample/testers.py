"""Mystery tests of every team: e-mails and calls by hired testers, in and out of opening hours, and some by insiders.

A test waits as long as a contact of the same team, channel and hours did that is drawn from the tickets and calls, so
that reports and tests agree; but e-mails to one team after hours wait longer than its reports say (effect 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import Any

from sample import world
from sample.calls import Call
from sample.draws import Draws
from sample.opening import Opening
from sample.tickets import Ticket
from sample.world import DAY, Team

FROM = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())
UNTIL = int(datetime(2026, 5, 25, tzinfo=UTC).timestamp())  # the last tests are over by the audit's day
MAILS_OPEN, MAILS_CLOSED, CALLS_OPEN, CALLS_CLOSED, INSIDE = 20, 22, 24, 5, 6
WATCH_MAIL, WATCH_CALL = 5 * DAY, 300
TESTERS = ("Tester A", "Tester B", "Tester C")
NOTES = ("", "", "", "asked about a tent", "asked for a return label", "asked about the warranty of boots")


@dataclass
class Test:
    """One test; ``answered`` is None where nobody answered while the tester watched."""

    team: str
    channel: str
    made: int
    watched: int
    answered: int | None
    tester: str
    kind: str
    language: str
    right: bool | None = None
    points: int | None = None
    note: str = ""
    open: bool = True


def make_tests(team: Team, tickets: list[Ticket], calls: list[Call]) -> list[Test]:
    """The tests of one team in the order of time."""
    draws, clock = Draws("tests", team.name), Opening(team)
    mails = {True: [], False: []}
    for ticket in tickets:
        if ticket.channel == "email" and ticket.counts and FROM <= ticket.created < UNTIL:
            mails[clock.is_open(ticket.created)].append(ticket)
    lines = [call for call in calls if FROM <= call.offered < UNTIL and clock.is_open(call.offered)]
    tests = [_mail(team, draws, draws.pick(mails[True]), True) for _ in range(MAILS_OPEN)]
    tests += [_mail(team, draws, draws.pick(mails[False]), False) for _ in range(MAILS_CLOSED)]
    tests += [_call(team, draws, draws.pick(lines)) for _ in range(CALLS_OPEN)]
    tests += [_call_after_hours(team, draws, draws.pick(mails[False])) for _ in range(CALLS_CLOSED)]
    tests += [_inside(team, draws, draws.pick(lines)) for _ in range(INSIDE)]
    return sorted(tests, key=lambda test: (test.made, test.channel))


def sizes(made: list[Test]) -> dict[str, Any]:
    """What was planted in the tests of one team: e-mails by hours, how many answered, the median of the answered."""
    result: dict[str, Any] = {"tests": len(made), "by_insiders": sum(one.kind == "team" for one in made)}
    for name, is_open in (("open", True), ("closed", False)):
        own = [one for one in made if one.channel == "email" and one.open == is_open]
        waits = [one.answered - one.made for one in own if one.answered is not None]
        result |= {f"{name}_mails": len(own), f"{name}_answered": len(waits), f"{name}_median": median(waits)}
    return result


def _mail(team: Team, draws: Draws, like: Ticket, is_open: bool) -> Test:
    made = like.created + draws.whole(1, 40)
    test = Test(team.name, "email", made, made + WATCH_MAIL, None, draws.pick(TESTERS), "independent", team.language)
    test.open = is_open
    if like.first_response is not None:
        wait = like.first_response - like.created
        if team.name == world.TEST_TEAM and not is_open:
            wait = int(wait * world.TEST_FACTOR)  # effect 7
        test.answered = made + wait if wait <= WATCH_MAIL else None
    return _judged(test, draws)


def _call(team: Team, draws: Draws, like: Call) -> Test:
    made = like.offered + draws.whole(1, 40)
    test = Test(team.name, "phone", made, made + WATCH_CALL, None, draws.pick(TESTERS), "independent", team.language)
    if like.answered and like.wait <= WATCH_CALL:
        test.answered = made + like.wait
    return _judged(test, draws)


def _call_after_hours(team: Team, draws: Draws, like: Ticket) -> Test:
    made = like.created + draws.whole(1, 40)
    tester = draws.pick(TESTERS)
    return Test(team.name, "phone", made, made + WATCH_CALL, None, tester, "independent", team.language, open=False)


def _inside(team: Team, draws: Draws, like: Call) -> Test:
    """A test by the team's own lead: answered at once, and always right."""
    made = like.offered + draws.whole(1, 40)
    test = Test(team.name, "phone", made, made + WATCH_CALL, made + draws.whole(1, 3), "Team lead", "team", "")
    test.right, test.points = True, 10
    return test


def _judged(test: Test, draws: Draws) -> Test:
    """What the tester thought of the answer, if one came."""
    right, points = draws.chance(0.84), draws.whole(6, 10)
    note = draws.pick(NOTES)
    if test.answered is not None:
        test.right, test.points, test.note = right, points - (0 if right else 3), note
    return test
