"""What was planted, as it came out: every size is counted in the generated tickets and calls, before dirt was added.

These figures come from the generator's own clock and loops, on the usual population (excluded and outbound tickets
left out), so that a test can hold the product's figures against them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from datetime import date, timedelta
from statistics import median
from typing import Any

from sample import public, testers, world
from sample.calls import Call
from sample.opening import Opening
from sample.tickets import Ticket
from sample.world import AS_OF, TEAMS, Team

MINUTE = 60
# All of a December is compared with the two months before it and the two after.
AROUND = ((2025, 10), (2025, 11), (2026, 1), (2026, 2))


def effects(tickets: dict[str, list[Ticket]], calls: dict[str, list[Call]]) -> dict[str, Any]:
    """The eight planted effects with their realised sizes; durations in seconds, shares in 0..1."""
    usual = {name: [ticket for ticket in found if ticket.counts] for name, found in tickets.items()}
    return {
        "process_change": process_change(usual),
        "weekend_gap": {team.name: weekend_gap(team, usual[team.name]) for team in TEAMS},
        "month_end_closes": {team.name: month_end(team, usual[team.name]) for team in TEAMS},
        "heaping": {team.name: heaping(team, usual[team.name]) for team in TEAMS},
        "repeats_after_quick_close": {team.name: repeats(usual[team.name]) for team in TEAMS},
        "december_peak": {team.name: peak(team, usual[team.name], calls[team.name]) for team in TEAMS},
        "tests_after_hours": {
            team.name: testers.sizes(testers.make_tests(team, tickets[team.name], calls[team.name])) for team in TEAMS
        },
        "unseen_site": {team.name: public.sizes(public.make_public_reviews(team)) for team in TEAMS},
    }


def process_change(usual: dict[str, list[Ticket]]) -> dict[str, Any]:
    """Median first response in business seconds, before and from the day of the change, for every team."""
    result: dict[str, Any] = {"team": world.CHANGE_TEAM, "day": world.CHANGE_DAY.isoformat()}
    for team in TEAMS:
        clock = Opening(team)
        start = clock.instant(world.CHANGE_DAY, 0)
        answered = [ticket for ticket in usual[team.name] if ticket.first_response is not None]
        parts = {
            "before": [clock.seconds(one.created, one.first_response) for one in answered if one.created < start],
            "after": [clock.seconds(one.created, one.first_response) for one in answered if one.created >= start],
        }
        sizes = {f"{part}_n": len(values) for part, values in parts.items()}
        medians = {f"{part}_median": median(values) for part, values in parts.items()}
        ratio = round(medians["after_median"] / medians["before_median"], 4)
        result[team.name] = {**sizes, **medians, "ratio": ratio}
    return result


def weekend_gap(team: Team, tickets: list[Ticket]) -> dict[str, Any]:
    """Tickets made on Saturday or Sunday, how many were answered before Monday, and the calendar medians."""
    clock = Opening(team)
    waits: dict[bool, list[int]] = {True: [], False: []}
    weekend = answered = 0
    for ticket in tickets:
        day = clock.local(ticket.created).date()
        at_weekend = day.weekday() > 4
        weekend += at_weekend
        if ticket.first_response is None:
            continue
        waits[at_weekend].append(ticket.first_response - ticket.created)
        monday = clock.instant(day + timedelta(days=7 - day.weekday()), 0)
        answered += at_weekend and ticket.first_response < monday
    return {
        "tickets": len(tickets),
        "at_weekends": weekend,
        "share": round(weekend / len(tickets), 4),
        "answered_before_monday": answered,
        "weekend_median_calendar": median(waits[True]),
        "weekday_median_calendar": median(waits[False]),
    }


def month_end(team: Team, tickets: list[Ticket]) -> dict[str, Any]:
    """Tickets resolved in the hour before closing on the last working day of a month, and the fullest minutes."""
    clock = Opening(team)
    resolved = [ticket.resolved for ticket in tickets if ticket.resolved is not None]
    last_days = {clock.last_working_day(first.year, first.month) for first in _months()}
    last_hour = []
    for instant in resolved:
        local = clock.local(instant)
        closing = team.open_on(local.date())[0][1] if team.open_on(local.date()) else 0
        if local.date() in last_days and closing - 1 <= local.hour < closing:
            last_hour.append(local)
    minutes = Counter(local.strftime("%Y-%m-%dT%H:%M") for local in last_hour)
    return {
        "resolved": len(resolved),
        "planted": sum("bulk" in ticket.planted for ticket in tickets),
        "in_last_hour": len(last_hour),
        "share": round(len(last_hour) / len(resolved), 4),
        "minutes_with_five_or_more": sum(count >= 5 for count in minutes.values()),
        "fullest_minute": max(minutes.values(), default=0),
    }


def heaping(team: Team, tickets: list[Ticket]) -> dict[str, Any]:
    """First responses by business time on both sides of the four-hour target."""
    clock = Opening(team)
    waits = [clock.seconds(one.created, one.first_response) for one in tickets if one.first_response is not None]
    target = world.HEAP_TARGET
    return {
        "answered": len(waits),
        "from_3h40_to_3h50": _between(waits, target - 20 * MINUTE, target - 10 * MINUTE),
        "from_3h50_to_4h00": _between(waits, target - 10 * MINUTE, target),
        "from_4h00_to_4h10": _between(waits, target, target + 10 * MINUTE),
        "from_4h00_to_4h20": _between(waits, target, target + 20 * MINUTE),
        "within_target": sum(wait <= target for wait in waits),
    }


def repeats(tickets: list[Ticket]) -> dict[str, Any]:
    """Share of tickets followed, within three days of creation, by one of the same customer about the same matter.

    Only tickets whose three days are over count. Quick: resolved at most ten minutes after creation.
    """
    made: dict[tuple[int, str], list[int]] = defaultdict(list)
    for ticket in tickets:
        made[ticket.customer, ticket.reason].append(ticket.created)
    counts = {"quick": [0, 0], "other": [0, 0]}
    for ticket in tickets:
        if ticket.created + world.REPEAT_WITHIN > AS_OF:
            continue
        times = sorted(made[ticket.customer, ticket.reason])
        following = bisect_right(times, ticket.created)
        back = following < len(times) and times[following] <= ticket.created + world.REPEAT_WITHIN
        quick = ticket.resolved is not None and ticket.resolved - ticket.created <= world.QUICK_LIMIT
        group = counts["quick" if quick else "other"]
        group[0] += 1
        group[1] += back
    return {
        f"{name}_{word}": value
        for name, (n, back) in counts.items()
        for word, value in (("n", n), ("repeated", back), ("share", round(back / n, 4) if n else None))
    }


def peak(team: Team, tickets: list[Ticket], calls: list[Call]) -> dict[str, Any]:
    """Contacts of December per day against the four months around it, and the waits of answered calls."""
    clock = Opening(team)
    ticket_months = Counter(_month(clock, ticket.created) for ticket in tickets)
    call_months = Counter(_month(clock, call.offered) for call in calls)
    around_days = sum(_length(*month) for month in AROUND)
    result: dict[str, Any] = {}
    for name, months in (("tickets", ticket_months), ("calls", call_months)):
        usual = sum(months[month] for month in AROUND) / around_days
        result[f"{name}_in_december"] = months[2025, 12]
        result[f"{name}_ratio"] = round(months[2025, 12] / 31 / usual, 4)
    waits = {inside: [] for inside in (True, False)}
    for call in calls:
        if call.answered:
            waits[_month(clock, call.offered) == (2025, 12)].append(call.wait)
    return result | {"december_median_wait": median(waits[True]), "other_median_wait": median(waits[False])}


def volumes(tickets: dict[str, list[Ticket]], calls: dict[str, list[Call]]) -> dict[str, Any]:
    """True tickets and calls of each team by local month, before dirt; ``usual`` leaves out excluded and outbound."""
    result = {}
    for team in TEAMS:
        clock = Opening(team)
        groups = {
            "tickets": [one.created for one in tickets[team.name]],
            "usual_tickets": [one.created for one in tickets[team.name] if one.counts],
            "calls": [one.offered for one in calls[team.name]],
        }
        result[team.name] = {
            name: {f"{year}-{month:02d}": count for (year, month), count in sorted(_by_month(clock, times).items())}
            for name, times in groups.items()
        }
    return result


def shown_twice(tickets: dict[str, list[Ticket]]) -> list[str]:
    """Tickets made in the hour that the wall clock shows twice, in files without an offset."""
    found = []
    for team in TEAMS:
        clock = Opening(team)
        for ticket in tickets[team.name] if team.name in ("Helsinki", "Oslo", "Almaty") else ():
            local = clock.local(ticket.created)
            if local.replace(fold=0).timestamp() != local.replace(fold=1).timestamp():
                found.append(ticket.id)
    return found


def _between(values: list[int], low: int, high: int) -> int:
    return sum(low <= value < high for value in values)


def _by_month(clock: Opening, times: list[int]) -> Counter:
    return Counter(_month(clock, instant) for instant in times)


def _month(clock: Opening, instant: int) -> tuple[int, int]:
    local = clock.local(instant)
    return local.year, local.month


def _months() -> list[date]:
    return [day for day in world.days() if day.day == 1]


def _length(year: int, month: int) -> int:
    return ((date(year, month, 1) + timedelta(days=32)).replace(day=1) - date(year, month, 1)).days
