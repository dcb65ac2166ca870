"""How each help desk prints its tickets and its log: its own headers, words, dates, encoding and file format."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sample import words
from sample.company import customer_id
from sample.exports import ORIGIN, Export, utc, wall
from sample.tickets import Event, Ticket
from sample.world import DAY, Team


def helsinki_tickets(team: Team, tickets: list[Ticket]) -> Export:
    """Semicolons, day.month.year, day and time apart, minutes of work with a decimal comma, UTF-8 with a mark."""
    say, shown = words.PRINTED["fi"], wall(team, "%d.%m.%Y %H:%M:%S")
    rows = [
        {
            ORIGIN: one,
            "Tunnus": one.id,
            "Pvm": shown(one.created)[:10],
            "Klo": shown(one.created)[11:],
            "Kanava": say["channel"][one.channel],
            "Käsittelijä": one.agent,
            "Asiakas": customer_id(team, one.customer),
            "Aihe": one.subject,
            "Syy": say["reason"][one.reason],
            "Kiireellisyys": say["priority"][one.priority],
            "Tyyppi": say["type"][one.type],
            "Kieli": one.language,
            "Tila": say["status"][one.status],
            "1. vastaus": shown(one.first_response),
            "1. ratkaisu": shown(one.first_resolved),
            "Ratkaistu": shown(one.resolved),
            "Vastauksia": one.replies,
            "Asiakkaan viestejä": one.customer_replies,
            "Siirtoja": one.transfers,
            "Avattu uudelleen": one.reopens,
            "Eskaloitu": say["flag"][one.escalated],
            "Valitus": say["flag"][one.complaint],
            "Kiitos": say["flag"][one.compliment],
            "Käsittelyaika (min)": f"{one.handle_seconds / 60:.1f}".replace(".", ","),
            "Lähtevä": say["flag"][one.outbound],
            "Hylätty": say["excluded"][one.excluded],
        }
        for one in tickets
    ]
    return Export("helsinki/tiketit.csv", "tickets", team.name, "csv", rows, "utf-8-sig", ";")


def oslo_tickets(team: Team, tickets: list[Ticket]) -> Export:
    """A workbook with true date cells in Oslo time; the first sheet is only a cover."""
    say, zone = words.PRINTED["nb"], ZoneInfo(team.zone)

    def cell(instant: int | None) -> datetime | None:
        return None if instant is None else datetime.fromtimestamp(instant, zone).replace(tzinfo=None)

    rows = [
        {
            ORIGIN: one,
            "Saksnr": one.id,
            "Opprettet": cell(one.created),
            "Kanal": say["channel"][one.channel],
            "Saksbehandler": one.agent,
            "Kunde": customer_id(team, one.customer),
            "Emne": one.subject,
            "Årsak": say["reason"][one.reason],
            "Prioritet": say["priority"][one.priority],
            "Type": say["type"][one.type],
            "Språk": one.language,
            "Status": say["status"][one.status],
            "Første svar": cell(one.first_response),
            "Først løst": cell(one.first_resolved),
            "Løst": cell(one.resolved),
            "Antall svar": one.replies,
            "Svar fra kunde": one.customer_replies,
            "Overført": one.transfers,
            "Gjenåpnet": one.reopens,
            "Eskalert": say["flag"][one.escalated],
            "Klage": say["flag"][one.complaint],
            "Ros": say["flag"][one.compliment],
            "Utgående": say["flag"][one.outbound],
            "Utelatt": say["excluded"][one.excluded] or None,
        }
        for one in tickets
    ]
    return Export("oslo/saker.xlsx", "tickets", team.name, "xlsx", rows)


def london_tickets(team: Team, tickets: list[Ticket]) -> Export:
    """JSON Lines with instants in UTC, true numbers and lists; ``slaMet`` counts three days by the calendar."""
    rows = [
        {
            ORIGIN: one,
            "id": one.id,
            "createdAt": utc(one.created),
            "channel": one.channel,
            "assignee": one.agent,
            "requester": customer_id(team, one.customer),
            "subject": one.subject,
            "category": one.reason,
            "priority": one.priority,
            "kind": one.type,
            "locale": one.language,
            "state": one.status,
            "labels": ["peak", one.reason] if datetime.fromtimestamp(one.created, UTC).month == 12 else [one.reason],
            "firstReplyAt": utc(one.first_response) or None,
            "firstSolvedAt": utc(one.first_resolved) or None,
            "solvedAt": utc(one.resolved) or None,
            "replies": one.replies,
            "requesterReplies": one.customer_replies,
            "handovers": one.transfers,
            "reopens": one.reopens,
            "escalated": one.escalated,
            "complaint": one.complaint,
            "compliment": one.compliment,
            "workSeconds": one.handle_seconds,
            "outbound": one.outbound,
            "suppressed": one.excluded or None,
            "slaMet": None if one.resolved is None else one.resolved - one.created <= 3 * DAY,
        }
        for one in tickets
    ]
    return Export("london/tickets.jsonl.gz", "tickets", team.name, "jsonl", rows)


def almaty_tickets(team: Team, tickets: list[Ticket]) -> Export:
    """Tabs, day.month.year, Cyrillic in Windows-1251; the export has no column for the customer."""
    say, shown = words.PRINTED["ru"], wall(team, "%d.%m.%Y %H:%M:%S", "—")
    rows = [
        {
            ORIGIN: one,
            "Номер": one.id,
            "Создано": shown(one.created),
            "Канал": say["channel"][one.channel],
            "Исполнитель": one.agent,
            "Тема": one.subject,
            "Причина": say["reason"][one.reason],
            "Приоритет": say["priority"][one.priority],
            "Тип": say["type"][one.type],
            "Язык": one.language,
            "Состояние": say["status"][one.status],
            "Первый ответ": shown(one.first_response),
            "Решено": shown(one.resolved),
            "Ответов": one.replies,
            "Передач": one.transfers,
            "Возвратов": one.reopens,
            "Жалоба": say["flag"][one.complaint],
            "Исходящее": say["flag"][one.outbound],
            "Исключено": say["excluded"][one.excluded],
        }
        for one in tickets
    ]
    return Export("almaty/obrashcheniya.txt", "tickets", team.name, "csv", rows, "cp1251", "\t")


def london_events(team: Team, events: list[Event]) -> Export:
    """The help desk's log, in UTC."""
    rows = [
        {
            ORIGIN: one,
            "ticket": one.ticket.id,
            "time": utc(one.at),
            "by": one.actor,
            "name": one.agent,
            "event": one.kind,
            "detail": one.value,
        }
        for one in events
    ]
    return Export("london/ticket-events.csv.gz", "ticket_events", team.name, "csv", rows)


def oslo_events(team: Team, events: list[Event]) -> Export:
    """The help desk's log, in Norwegian words, Latin-1 and Oslo time."""
    say, shown = words.PRINTED["nb"], wall(team, "%d.%m.%Y %H:%M:%S")
    rows = [
        {
            ORIGIN: one,
            "Saksnr": one.ticket.id,
            "Tid": shown(one.at),
            "Av": say["actor"][one.actor],
            "Navn": one.agent,
            "Hendelse": say["kind"][one.kind],
            "Verdi": one.value,
        }
        for one in events
    ]
    return Export("oslo/hendelser.csv.gz", "ticket_events", team.name, "csv", rows, "latin-1", ";")
