"""Generated tables for properties of the whole catalogue: seeded, of two teams, with what a real export leaves out.

``tables`` makes every canonical table that a measure is of, as rows; ``drawn`` writes rows as ``support.workspace``
wants them; ``known_at`` is the same export as it would have been at an earlier instant.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Row = dict[str, object]
Tables = dict[str, list[Row]]
TEAMS = ("North", "South")
DAYS = 90


class Dice:
    """Seeded chances, with gaps: one cell in five."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)

    def often(self, value: object, chance: float = 0.8) -> object:
        return value if self.random.random() < chance else None

    def one_of(self, *values: object) -> object:
        return self.often(self.random.choice(values))

    def always(self, *values: object) -> object:
        return self.random.choice(values)

    def moment(self) -> datetime:
        return datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=self.random.randrange(DAYS * 1440))

    def after(self, moment: datetime, hours: float) -> datetime:
        return moment + timedelta(seconds=round(self.random.expovariate(1 / (hours * 3600))))

    def agent(self, team: object) -> object:
        return self.one_of(*(f"{team}-{number}" for number in range(5)))


def ticket(dice: Dice, number: int) -> Row:
    created, team = dice.moment(), dice.always(*TEAMS)
    made = {
        "ticket_id": number, "team": team, "created_at": created,
        "first_response_at": dice.often(dice.after(created, 5) - timedelta(minutes=10)),
        "resolved_at": dice.often(dice.after(created, 40)), "closed_at": dice.often(dice.after(created, 90)),
        "channel": dice.one_of("email", "chat"), "tags": dice.one_of("a", "a;b"), "agent": dice.agent(team),
        "priority": dice.one_of("high", "low"), "type": dice.one_of("bill", "line"),
        "reason": dice.one_of("size", "price"), "language": dice.one_of("fi", "en"),
        "customer_id": dice.often(f"c{dice.random.randrange(60)}"), "reopens": dice.one_of(0, 0, 0, 1, 3),
        "replies": dice.one_of(0, 1, 2, 3), "customer_replies": dice.one_of(0, 1, 2),
        "transfers": dice.one_of(0, 0, 1), "agents_touched": dice.one_of(1, 2),
        "escalated": dice.one_of("true", "false"), "complaint": dice.often("true", 0.1),
        "compliment": dice.often("true", 0.1), "handle_seconds": dice.one_of(60, 600),
        "excluded": dice.often("spam", 0.05), "outbound": dice.often("true", 0.05),
        "sla_resolution_met": dice.one_of("true", "false"),
    }  # fmt: skip
    waited = number % 7 * 600 if made["resolved_at"] and number % 5 else None  # of an open ticket nobody knows yet
    return made | {"pending_seconds": waited}


def call(dice: Dice, number: int) -> Row:
    answered, team = dice.one_of(True, True, True, False), dice.always(*TEAMS)
    of_answered = {
        "talk_seconds": dice.often(dice.random.randrange(900)), "hold_seconds": dice.one_of(0, 30),
        "wrap_seconds": dice.one_of(0, 60), "resolved": dice.one_of("true", "false"),
        "transferred": dice.one_of("true", "false"), "outcome": dice.one_of("success", "partial", "failure"),
    }  # fmt: skip
    return {
        "call_id": number, "team": team, "offered_at": dice.moment(), "answered": answered,
        "wait_seconds": dice.often(dice.random.randrange(60)), "agent": dice.agent(team),
        "abandoned_in": dice.one_of("ivr", "queue", "ringing") if answered is False else None,
        "customer_id": dice.often(f"c{dice.random.randrange(60)}"),
        "direction": dice.one_of("inbound", "inbound", "inbound", "outbound"),
    } | {name: value if answered else None for name, value in of_answered.items()}  # fmt: skip


SURVEYS = (("csat", 1, 5), ("nps", 0, 10), ("ces", 1, 7), ("review", 1, 5), ("touchpoint", 1, 5), ("agent", 1, 5))


def survey(dice: Dice, number: int) -> Row:
    kind, low, high = dice.always(*SURVEYS, ("agent", 0, 10))  # type: ignore[misc]
    sent, team = dice.moment(), dice.always(*TEAMS)
    answered = dice.often(dice.after(sent, 20), 0.6)
    of_answered = {
        "score": dice.often(dice.random.randint(low, high + 1)), "resolved": dice.one_of("true", "false"),
        "contacts": dice.one_of(1, 1, 2), "replied": dice.one_of("true", "false"),
    }  # fmt: skip
    return {
        "response_id": number, "team": team, "kind": kind, "sent_at": sent, "answered_at": answered,
        "scale_min": low, "scale_max": high, "channel": dice.one_of("email", "chat"), "agent": dice.agent(team),
        "question": dice.one_of("pay", "work"), "touchpoint": dice.one_of("shop", "home"),
        "ticket_id": dice.often(dice.random.randrange(400)), "invalidated": dice.often("true", 0.05),
    } | {name: value if answered else None for name, value in of_answered.items()} | {
        "replied_at": answered + timedelta(days=number % 9) if answered and of_answered["replied"] == "true" else None
    }  # fmt: skip


def review(dice: Dice, number: int) -> list[Row]:
    team, agent = dice.always(*TEAMS), dice.always("North-0", "North-1", "South-0", "South-1")
    common = {
        "review_id": number, "reviewed_at": dice.moment(), "team": team, "agent": agent,
        "reviewer": dice.one_of("rae", "sam"), "ticket_id": dice.often(dice.random.randrange(400)), "scorecard": "Card",
        "kind": dice.one_of("review", "review", "calibration", "mystery"),
    }  # fmt: skip
    if common["kind"] == "calibration":
        common["ticket_id"] = number % 10
    return [
        common | {
            "criterion": name, "score": dice.often(dice.random.randrange(6)), "max_score": 5,
            "weight": dice.one_of(1, 2), "critical": name == "facts", "not_applicable": dice.often("true", 0.1),
        }
        for name in ("tone", "facts", "speed")
    ]  # fmt: skip


def mystery_test(dice: Dice, number: int) -> Row:
    made, team = dice.moment(), dice.always(*TEAMS)
    answered = dice.often(dice.after(made, 10))
    score = dice.one_of(2, 6, 10) if answered else None
    return {
        "test_id": number, "team": team, "channel": dice.always("phone", "email", "email"), "contacted_at": made,
        "answered_at": answered, "watched_until": dice.often(made + timedelta(days=2)), "language": dice.one_of("fi"),
        "tester_type": dice.one_of("independent", "independent", "customer", "team"),
        "answered_right": dice.one_of("true", "true", "false") if answered else None,
        "score": score, "max_score": 10,
    }  # fmt: skip


def people(dice: Dice) -> Tables:
    first = datetime(2026, 4, 1, tzinfo=UTC)
    agents = [
        {
            "agent": f"{team}-{number}", "team": team,
            "joined_at": dice.often(first + timedelta(days=30 * number - 60)),
            "left_at": dice.often(first + timedelta(days=80 - 10 * number), 0.5),
            "languages": dice.one_of("fi", "fi;en"),
        }
        for team in TEAMS for number in range(5)
    ]  # fmt: skip
    training = [
        {
            "agent": dice.always("North-0", "North-1", "South-0", "South-1"), "course": f"Course {number}",
            "taken_at": dice.moment(), "passed": dice.one_of("true", "false"),
        }
        for number in range(30)
    ]  # fmt: skip
    return {"agents": agents, "training": training}


def business(dice: Dice) -> Tables:
    first = datetime(2026, 4, 1, tzinfo=UTC)
    customers = [
        {
            "customer_id": f"c{number}", "since": first + timedelta(days=2 * number - 60),
            "left_at": dice.often(first + timedelta(days=80 - number), 0.4),
        }
        for number in range(55)
    ]  # fmt: skip
    orders = [
        {
            "order_id": number,
            "customer_id": f"c{dice.random.randrange(70)}",
            "ordered_at": dice.moment(),
            "kind": "sale",
        }
        for number in range(150)
    ]
    offers = [
        {
            "offered_at": dice.moment(), "team": dice.always(*TEAMS), "agent": dice.one_of("North-0", "South-0"),
            "kind": dice.always("conversion", "cross_sell", "referral"), "accepted": dice.one_of("true", "false"),
        }
        for _ in range(120)
    ]  # fmt: skip
    return {"customers": customers, "orders": orders, "offers": offers}


def tables(seed: int) -> Tables:
    """Every table but the event log, which would replace what the tickets say themselves."""
    dice = Dice(seed)
    made: Tables = {
        "tickets": [ticket(dice, number) for number in range(400)],
        "calls": [call(dice, number) for number in range(300)],
        "surveys": [survey(dice, number) for number in range(1200)],
        "reviews": [row for number in range(150) for row in review(dice, number)],
    }
    made |= people(dice) | business(dice)
    return made | {"mystery_tests": [mystery_test(dice, number) for number in range(200)]}


def drawn(rows: list[Row]) -> str:
    """The rows as a drawn table."""
    lines = [" | ".join("" if cell is None else str(cell) for cell in row.values()) for row in rows]
    return "\n".join([" | ".join(rows[0]), *lines])


# By table: the instant from which a row exists, and the columns that are empty before another instant.
BEGINS: dict[str, Callable[[Row], object]] = {
    "tickets": lambda row: row["created_at"],
    "calls": lambda row: row["offered_at"],
    "surveys": lambda row: row["sent_at"],
    "reviews": lambda row: row["reviewed_at"],
    "agents": lambda row: None,  # the list of agents is one of names and languages too
    "training": lambda row: row["taken_at"],
    "customers": lambda row: row["since"],
    "orders": lambda row: row["ordered_at"],
    "offers": lambda row: row["offered_at"],
    "mystery_tests": lambda row: row["contacted_at"],
}
LATER = {
    "tickets": {
        "first_response_at": (),
        "resolved_at": ("handle_seconds", "sla_resolution_met", "pending_seconds"),
        "closed_at": (),
    },
    "surveys": {
        "answered_at": ("score", "resolved", "contacts", "replied", "invalidated"),
        "replied_at": ("replied",),
    },
    "mystery_tests": {"answered_at": ("answered_right", "score")},
    "agents": {"left_at": ()},
    "customers": {"left_at": ()},
}


def known_at(made: Tables, instant: datetime) -> Tables:
    """The tables as an export at ``instant`` would have had them."""
    known = {}
    for name, rows in made.items():
        begun = [dict(row) for row in rows if (BEGINS[name](row) or instant) <= instant]
        for row in begun:
            for later, columns in LATER.get(name, {}).items():
                if row[later] is not None and row[later] > instant:
                    row.update(dict.fromkeys((later, *columns)))
        known[name] = begun
    return known
