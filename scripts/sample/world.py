"""The invented company: its four teams, their hours, their volumes, and the sizes of the effects that are planted.

Everything that someone may want to turn is a named number here. Holidays are written out, so that the data do not
change with the version of a calendar package; a test compares them with what ``audit.toml`` declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

CLIENT = "Tarnivaara Oy"
FIRST, LAST = date(2025, 4, 1), date(2026, 5, 31)
AS_OF = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
HOUR, DAY = 3600, 86400

# Effect 1: from this day London sorts the morning queue first.
CHANGE_TEAM, CHANGE_DAY, CHANGE_FACTOR = "London", date(2026, 2, 1), 0.55
# Effect 2: Oslo's customers write at weekends, when nobody is there (weekend day as a share of a weekday).
WEEKEND_TEAM = "Oslo"
# Effect 3: Helsinki clears its desk on the last working day of the month, 15:00 to 16:00.
BULK_TEAM, BULK_SHARE, BULK_MINUTES = "Helsinki", 0.27, ((15, 17), (15, 36), (15, 52))
# Effect 4: Almaty's answers that are due just after the target are stamped just before it.
HEAP_TEAM, HEAP_TARGET, HEAP_REACH, HEAP_SHARE = "Almaty", 4 * HOUR, 2 * HOUR, 0.85
# Effect 5: what Helsinki closes within ten minutes comes back.
QUICK_TEAM, QUICK_SHARE, QUICK_LIMIT = "Helsinki", 0.15, 600
REPEAT_AFTER_QUICK, REPEAT_OTHERWISE, REPEAT_WITHIN = 0.465, 0.08, 3 * DAY
# Logs of the help desks of Oslo and London reach back to this day.
EVENTS_FROM = date(2026, 2, 1)
# Two letters reach Helsinki in the hour that the wall clock shows twice: at 03:25 before and after the change.
TWICE_TEAM, TWICE_AT = "Helsinki", (1761438300, 1761441900)
# Effect 6: the peak before Christmas.
PEAK_TEAMS, PEAK_FACTOR, PEAK_WAIT = ("London", "Oslo"), 1.70, 2.4
# Effect 7: test e-mails that reach Almaty after hours wait longer than its reports say.
TEST_TEAM, TEST_FACTOR = "Almaty", 2.6
# Effect 8: nobody in Oslo looks at this site of public reviews.
UNSEEN_SITE = ("Oslo", "Shopmirror")

SHIFT = Mapping[str, float]


@dataclass(frozen=True)
class Agent:
    """Someone at work: ``skill`` lies around 0 and moves QA scores; dates are first and last day."""

    name: str
    languages: tuple[str, ...]
    skill: float
    joined: date
    left: date | None = None

    def works_on(self, day: date) -> bool:
        """True on the agent's first day, last day and between."""
        return self.joined <= day and (self.left is None or day <= self.left)


@dataclass(frozen=True)
class Team:
    """One team. Hours are local, medians in business hours; ``weights`` (Monday first) scale ``tickets_a_day``."""

    name: str
    code: str
    zone: str
    language: str
    weekday: tuple[float, float]
    saturday: tuple[float, float] | None
    holidays: frozenset[date]
    half_days: Mapping[date, tuple[float, float]]
    tickets_a_day: float
    calls_a_day: float
    weights: tuple[float, ...]
    channels: SHIFT
    languages: SHIFT
    response_hours: float
    resolve_hours: float
    wait_seconds: float
    customers: int
    satisfaction: float
    agents: tuple[Agent, ...] = field(repr=False)

    def open_on(self, day: date) -> list[tuple[float, float]]:
        """The opening hours of a day: none, or one span."""
        if day in self.holidays:
            return []
        if day in self.half_days:
            return [self.half_days[day]]
        if day.weekday() == 5:
            return [self.saturday] if self.saturday else []
        return [self.weekday] if day.weekday() < 5 else []

    def on_duty(self, day: date) -> list[Agent]:
        """The agents employed on a day."""
        return [agent for agent in self.agents if agent.works_on(day)]


def days() -> list[date]:
    """Every day of the sample."""
    return [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]


def _dates(text: str) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for day in text.split())


_FI = _dates(
    "2025-04-18 2025-04-21 2025-05-01 2025-05-29 2025-06-20 2025-12-24 2025-12-25 2025-12-26 2026-01-01 2026-01-06 "
    "2026-04-03 2026-04-06 2026-05-01 2026-05-14"
)
_NO = _dates(
    "2025-04-17 2025-04-18 2025-04-21 2025-05-01 2025-05-29 2025-06-09 2025-12-25 2025-12-26 2026-01-01 2026-04-02 "
    "2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25"
)
_ENGLAND = _dates(
    "2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26 2026-01-01 2026-04-03 2026-04-06 "
    "2026-05-04 2026-05-25"
)
_KZ = _dates(
    "2025-05-01 2025-05-07 2025-05-09 2025-06-06 2025-07-07 2025-09-01 2025-10-27 2025-12-16 2026-01-01 2026-01-02 "
    "2026-01-07 2026-03-09 2026-03-23 2026-03-24 2026-03-25 2026-05-01 2026-05-07 2026-05-11 2026-05-27"
)
_D = date
_LONG_AGO = date(2021, 3, 1)

HELSINKI = Team(
    "Helsinki", "HEL", "Europe/Helsinki", "fi", (8, 16), None, _FI, {},
    tickets_a_day=8.0, calls_a_day=6.6, weights=(1.25, 1.08, 1.0, 0.97, 0.9, 0.2, 0.16),
    channels={"email": 50, "web": 28, "chat": 17, "social": 5}, languages={"fi": 86, "sv": 9, "en": 5},
    response_hours=2.6, resolve_hours=5.5, wait_seconds=6, customers=1150, satisfaction=0.87,
    agents=(
        Agent("Aino Lehtonen", ("fi", "en"), 0.5, _LONG_AGO),
        Agent("Eero Salminen", ("fi", "sv", "en"), 0.2, _LONG_AGO),
        Agent("Helmi Rantala", ("fi", "en"), -0.1, _D(2023, 8, 14)),
        Agent("Otso Kivelä", ("fi",), -0.6, _D(2024, 2, 5)),
        Agent("Siiri Mäkelä", ("fi", "sv"), 0.1, _D(2024, 9, 2), _D(2026, 1, 30)),
        Agent("Väinö Pöyry", ("fi", "en"), 0.0, _D(2025, 10, 6)),
    ),
)  # fmt: skip
OSLO = Team(
    "Oslo", "OSL", "Europe/Oslo", "nb", (8, 16), None, _NO, {},
    tickets_a_day=5.2, calls_a_day=6.2, weights=(1.2, 1.05, 1.0, 0.98, 0.95, 0.85, 0.78),
    channels={"email": 44, "web": 30, "chat": 18, "social": 8}, languages={"nb": 92, "en": 8},
    response_hours=2.2, resolve_hours=5.0, wait_seconds=5.5, customers=1050, satisfaction=0.86,
    agents=(
        Agent("Ingrid Aasen", ("nb", "en"), 0.4, _LONG_AGO),
        Agent("Håkon Bråten", ("nb", "en"), 0.1, _D(2022, 5, 2)),
        Agent("Solveig Øvrebø", ("nb",), -0.2, _D(2023, 1, 9)),
        Agent("Trygve Skår", ("nb", "en"), -0.4, _D(2024, 4, 15), _D(2025, 8, 29)),
        Agent("Marit Fæhn", ("nb", "en"), 0.2, _D(2025, 9, 1)),
    ),
)  # fmt: skip
LONDON = Team(
    "London", "LON", "Europe/London", "en", (8, 18), (9, 13), _ENGLAND,
    {_D(2025, 12, 24): (8, 13), _D(2025, 12, 31): (8, 13)},
    tickets_a_day=8.4, calls_a_day=7.2, weights=(1.2, 1.08, 1.0, 0.98, 0.92, 0.4, 0.22),
    channels={"email": 46, "web": 26, "chat": 20, "social": 8}, languages={"en": 96, "pl": 4},
    response_hours=7.6, resolve_hours=6.5, wait_seconds=4.5, customers=1400, satisfaction=0.89,
    agents=(
        Agent("Amara Whitlock", ("en",), 0.3, _LONG_AGO),
        Agent("Benedict Oyelaran", ("en",), 0.5, _LONG_AGO),
        Agent("Caitlin Prowse", ("en", "pl"), 0.0, _D(2022, 11, 7)),
        Agent("Dev Rathore", ("en",), -0.3, _D(2023, 6, 12)),
        Agent("Esme Trelawny", ("en",), 0.1, _D(2024, 1, 15)),
        Agent("Farid Hosseini", ("en",), -0.5, _D(2024, 10, 21), _D(2025, 11, 14)),
        Agent("Gwen Llewellyn", ("en",), 0.2, _D(2025, 11, 17)),
    ),
)  # fmt: skip
ALMATY = Team(
    "Almaty", "ALA", "Asia/Almaty", "ru", (9, 18), None, _KZ, {},
    tickets_a_day=6.4, calls_a_day=4.6, weights=(1.15, 1.05, 1.0, 1.0, 0.95, 0.22, 0.14),
    channels={"email": 40, "web": 30, "chat": 15, "social": 15}, languages={"ru": 70, "kk": 26, "en": 4},
    response_hours=2.9, resolve_hours=6.0, wait_seconds=7, customers=900, satisfaction=0.88,
    agents=(
        Agent("Айгерим Сарсенова", ("ru", "kk"), 0.3, _LONG_AGO),
        Agent("Данияр Ермеков", ("ru", "kk", "en"), 0.0, _D(2022, 9, 5)),
        Agent("Ольга Вершинина", ("ru",), 0.2, _D(2023, 3, 13)),
        Agent("Тимур Касенов", ("ru", "kk"), -0.3, _D(2024, 7, 1)),
        Agent("Жанна Литвинова", ("ru", "en"), -0.1, _D(2025, 5, 19)),
    ),
)  # fmt: skip
TEAMS = (HELSINKI, OSLO, LONDON, ALMATY)
