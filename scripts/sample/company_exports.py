"""How the tools that all teams share print: surveys, quality reviews, people, the shop and the list of changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sample import world
from sample.company import CHANGES, PASS_MARK, TOP_MARK
from sample.exports import CODES, ORIGIN, Export, day, or_blank, utc
from sample.public import PublicReview
from sample.testers import Test
from sample.voice import CRITERIA, SCALES, SCORECARD, Criterion, Survey


def surveys(found: Iterable[Survey]) -> Export:
    """The survey tool of all teams: codes for teams, UTC."""
    rows = [
        {
            ORIGIN: one,
            "response": f"S{number + 50001}",
            "team": CODES[one.team],
            "survey": one.kind,
            "sent": utc(one.sent),
            "answered": utc(one.answered),
            "score": or_blank(one.score),
            "min": SCALES[one.kind][0],
            "max": SCALES[one.kind][1],
            "question": one.question,
            "comment": one.comment,
            "ticket": one.ticket.id if one.ticket else "",
            "agent": one.agent,
            "withdrawn": "yes" if one.invalidated else "no",
        }
        for number, one in enumerate(found)
    ]
    return Export("surveys.csv.gz", "surveys", "", "csv", rows)


def reviews(found: Iterable[Criterion]) -> Export:
    """The quality team's sheet: one row per criterion."""
    rows = []
    for one in found:
        weight, points, critical, *_ = CRITERIA[one.criterion]
        row = {
            ORIGIN: one,
            "review": one.review,
            "date": utc(one.at),
            "team": CODES[one.ticket.team],
            "agent": one.ticket.agent,
            "reviewer": one.reviewer,
            "ticket": one.ticket.id,
            "scorecard": SCORECARD,
            "criterion": one.criterion,
            "score": or_blank(one.score),
            "points": points,
            "weight": weight,
            "critical": "yes" if critical else "no",
            "not applicable": "yes" if one.score is None else "no",
            "kind": one.kind,
        }
        rows.append(row)
    return Export("quality/reviews.csv.gz", "reviews", "", "csv", rows)


def mystery_tests(found: Iterable[Test]) -> Export:
    """The log of the agency that tests: a row per test, UTC."""
    rows = [
        {
            ORIGIN: one,
            "test": f"T{number + 1:04d}",
            "team": CODES[one.team],
            "by": one.channel,
            "made": utc(one.made),
            "answered": utc(one.answered),
            "watched until": utc(one.watched),
            "tester": one.tester,
            "tester is": one.kind,
            "right": "" if one.right is None else "yes" if one.right else "no",
            "points": or_blank(one.points),
            "of": or_blank(one.points and 10),
            "language": one.language,
            "note": one.note,
        }
        for number, one in enumerate(found)
    ]
    return Export("quality/mystery-tests.csv.gz", "mystery_tests", "", "csv", rows)


def public_reviews(found: Iterable[PublicReview]) -> Export:
    """What a service that watches review sites gathers: authors and texts by strangers, UTC."""
    rows = [
        {
            ORIGIN: one,
            "id": f"P{number + 1:04d}",
            "team": CODES[one.team],
            "site": one.site,
            "posted": utc(one.posted),
            "stars": one.stars,
            "author": one.author,
            "text": one.text,
            "reply": utc(one.replied),
        }
        for number, one in enumerate(found)
    ]
    return Export("quality/public-reviews.csv.gz", "surveys", "", "csv", rows)


def company(tables: dict[str, list[dict[str, Any]]]) -> list[Export]:
    """The small files: people, shop and changes."""
    return [_agents(tables), _training(tables), _staffing(tables), *_shop(tables), _changes()]


def _agents(tables: dict[str, list[dict[str, Any]]]) -> Export:
    rows = [
        {
            "name": row["agent"],
            "team": row["team"],
            "first day": day(row["joined"]),
            "last day": day(row["left"]),
            "languages": ", ".join(row["languages"]),
        }
        for row in tables["agents"]
    ]
    return Export("people/agents.csv", "agents", "", "csv", rows)


def _training(tables: dict[str, list[dict[str, Any]]]) -> Export:
    rows = [
        {
            "name": row["agent"],
            "team": row["team"],
            "course": row["course"],
            "date": day(row["day"]),
            "points": row["score"],
            "of": TOP_MARK,
            "passed": "yes" if row["score"] >= PASS_MARK else "no",
        }
        for row in tables["training"]
    ]
    return Export("people/training.csv", "training", "", "csv", rows)


def _staffing(tables: dict[str, list[dict[str, Any]]]) -> Export:
    rows = [
        {"team": CODES[row["team"]], "from": utc(row["starts"]), "to": utc(row["ends"]), "on duty": row["agents"]}
        for row in tables["staffing"]
    ]
    return Export("people/shifts.csv.gz", "staffing", "", "csv", rows)


def _shop(tables: dict[str, list[dict[str, Any]]]) -> list[Export]:
    customers = [
        {
            "customer": row["customer"],
            "since": day(row["since"]),
            "until": day(row["left"]),
            "referred by": row["referred_by"],
        }
        for row in tables["customers"]
    ]
    orders = [
        {
            "order_id": row["order"],
            "customer_id": row["customer"],
            "ordered_at": row["at"],
            "amount": row["amount"],
            "kind": row["kind"],
            "ticket_id": row["ticket"] or None,
        }
        for row in tables["orders"]
    ]
    offers = [
        {
            "at": utc(row["at"]),
            "team": row["ticket"].team,
            "kind": row["kind"],
            "accepted": row["accepted"],
            "ticket": row["ticket"].id,
            "agent": row["ticket"].agent,
        }
        for row in tables["offers"]
    ]
    return [
        Export("shop/customers.csv.gz", "customers", "", "csv", customers),
        Export("shop/orders.parquet", "orders", "", "parquet", orders),
        Export("shop/offers.json.gz", "offers", "", "json", offers),
    ]


def _changes() -> Export:
    zones = {team.name: ZoneInfo(team.zone) for team in world.TEAMS}
    rows = [
        {**change, "at": datetime.combine(change["at"], datetime.min.time(), zones[change["team"]]).isoformat()}
        for change in CHANGES
    ]
    return Export("changes.csv", "changes", "", "csv", rows)
