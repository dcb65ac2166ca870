"""Public reviews of every team on two sites, and the company's replies.

Most reviews get a reply within days, low ones as well; but nobody of one team looks at one of the sites (effect 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sample import words, world
from sample.draws import Draws
from sample.world import AS_OF, DAY, HOUR, Team

SITES = {"Mapstars": 62, "Shopmirror": 38}
REVIEWS = 80
REPLIED, REPLY_HOURS = 0.78, 30
FIRST_POST = int(datetime(2025, 4, 2, tzinfo=UTC).timestamp())
STARS = {True: {5: 64, 4: 36}, False: {3: 30, 2: 28, 1: 42}}
AUTHORS = ("Retkeilijä77", "fjellvandrer", "Hill walker", "турист_2010", "A. Customer", "M. Reviewer")


@dataclass
class PublicReview:
    """One review as a site shows it; ``replied`` is None where the company has not replied."""

    team: str
    site: str
    posted: int
    stars: int
    author: str
    text: str
    replied: int | None = None


def make_public_reviews(team: Team) -> list[PublicReview]:
    """The reviews of one team in the order of time."""
    draws = Draws("public reviews", team.name)
    reviews = []
    for _ in range(REVIEWS):
        site, posted = draws.weighted(SITES), int(draws.between(FIRST_POST, AS_OF - HOUR))
        glad = draws.chance(team.satisfaction - 0.2)
        text = draws.pick(words.COMMENTS[team.language][0 if glad else 1])
        review = PublicReview(team.name, site, posted, draws.weighted(STARS[glad]), draws.pick(AUTHORS), text)
        replies, wait = draws.chance(REPLIED), draws.lognormal(REPLY_HOURS * HOUR, 0.8)
        unseen = (team.name, site) == world.UNSEEN_SITE  # effect 8
        if replies and not unseen and posted + wait < AS_OF:
            review.replied = int(posted + min(wait, 20 * DAY))
        reviews.append(review)
    return sorted(reviews, key=lambda review: (review.posted, review.site))


def sizes(found: list[PublicReview]) -> dict[str, dict[str, int]]:
    """What was planted in the reviews of one team, by site: how many, how many with a reply, low ones with none."""
    by_site = {site: [one for one in found if one.site == site] for site in SITES}
    return {
        site: {
            "reviews": len(own),
            "replied": sum(one.replied is not None for one in own),
            "low_without_reply": sum(one.replied is None and one.stars <= 2 for one in own),
        }
        for site, own in by_site.items()
    }
