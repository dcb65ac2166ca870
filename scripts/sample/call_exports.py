"""How each phone system prints its calls: its own headers, words, dates, units and encoding."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sample import words
from sample.calls import Call
from sample.company import customer_id
from sample.exports import ORIGIN, Export, minutes_clock, or_blank, wall
from sample.world import Team


def helsinki_calls(team: Team, calls: list[Call]) -> Export:
    """Semicolons, day.month.year, durations as hours:minutes:seconds."""
    say, shown = words.PRINTED["fi"], wall(team, "%d.%m.%Y %H:%M:%S")
    rows = [
        {
            ORIGIN: one,
            "Puhelu": one.id,
            "Saapui": shown(one.offered),
            "Jono": say["queue"][one.queue],
            "Vastaaja": one.agent,
            "Asiakas": customer_id(team, one.customer),
            "Odotus": minutes_clock(one.wait),
            "Vastattu": say["flag"][one.answered],
            "Luopui": say["abandoned_in"][one.abandoned_in],
            "Puhe": minutes_clock(one.talk),
            "Pito": minutes_clock(one.hold),
            "Jälkityö": minutes_clock(one.wrap),
            "Siirretty": say["flag"][one.transferred] if one.answered else "",
            "Ratkesi": say["flag"][one.resolved] if one.answered else "",
            "Tiketti": one.ticket,
        }
        for one in calls
    ]
    return Export("helsinki/puhelut.csv.gz", "calls", team.name, "csv", rows, "utf-8", ";")


def oslo_calls(team: Team, calls: list[Call]) -> Export:
    """A zip with a Latin-1 file, seconds, Oslo time; the phone system does not know whether the matter was settled."""
    say, shown = words.PRINTED["nb"], wall(team, "%d.%m.%Y %H:%M:%S")
    rows = [
        {
            ORIGIN: one,
            "Anrop": one.id,
            "Tidspunkt": shown(one.offered),
            "Kø": say["queue"][one.queue],
            "Agent": one.agent,
            "Kunde": customer_id(team, one.customer),
            "Ventetid": one.wait,
            "Besvart": say["flag"][one.answered],
            "Lagt på i": say["abandoned_in"][one.abandoned_in],
            "Samtaletid": or_blank(one.talk),
            "På vent": or_blank(one.hold),
            "Etterarbeid": or_blank(one.wrap),
            "Overført": say["flag"][one.transferred] if one.answered else "",
            "Sak": one.ticket,
        }
        for one in calls
    ]
    return Export("oslo/anrop.zip", "calls", team.name, "csv", rows, "latin-1", ";")


def london_calls(team: Team, calls: list[Call]) -> Export:
    """Commas, instants with their offset, the moments of answer and end beside the seconds."""
    zone = ZoneInfo(team.zone)

    def stamp(instant: int | None) -> str:
        return "" if instant is None else datetime.fromtimestamp(instant, zone).isoformat()

    rows = [
        {
            ORIGIN: one,
            "callId": one.id,
            "offeredAt": stamp(one.offered),
            "queue": one.queue,
            "agent": one.agent,
            "caller": customer_id(team, one.customer),
            "waitSeconds": one.wait,
            "answeredAt": stamp(one.offered + one.wait if one.answered else None),
            "endedAt": stamp(one.ended),
            "abandonedIn": one.abandoned_in,
            "talkSeconds": or_blank(one.talk),
            "holdSeconds": or_blank(one.hold),
            "wrapSeconds": or_blank(one.wrap),
            "transferred": ("yes" if one.transferred else "no") if one.answered else "",
            "settled": ("yes" if one.resolved else "no") if one.answered else "",
            "ticket": one.ticket,
        }
        for one in calls
    ]
    return Export("london/calls.csv.gz", "calls", team.name, "csv", rows)


def almaty_calls(team: Team, calls: list[Call]) -> Export:
    """Tabs in UTF-16, talk in minutes with a decimal comma, waits in seconds."""
    say, shown = words.PRINTED["ru"], wall(team, "%d.%m.%Y %H:%M:%S")
    rows = [
        {
            ORIGIN: one,
            "Звонок": one.id,
            "Поступил": shown(one.offered),
            "Линия": say["queue"][one.queue],
            "Сотрудник": one.agent or "—",
            "Клиент": customer_id(team, one.customer) or "—",
            "Ожидание, с": one.wait,
            "Отвечен": say["flag"][one.answered],
            "Где прерван": say["abandoned_in"][one.abandoned_in],
            "Разговор, мин": "—" if one.talk is None else f"{one.talk / 60:.2f}".replace(".", ","),
            "Удержание, с": "—" if one.hold is None else one.hold,
            "Обработка, с": "—" if one.wrap is None else one.wrap,
            "Переведён": say["flag"][one.transferred] if one.answered else "—",
            "Решён": say["flag"][one.resolved] if one.answered else "—",
        }
        for one in calls
    ]
    return Export("almaty/zvonki.txt.gz", "calls", team.name, "csv", rows, "utf-16", "\t")
