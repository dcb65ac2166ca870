"""Plants dirt in printed files, and keeps a list of every row that was touched.

Rows are chosen by seeded draws among tickets that take no part in a planted effect and are older than any event
log, so that dirt and effects can be counted apart. No row is touched twice. Row numbers are settled at the end,
when all is in place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sample.draws import Draws
from sample.exports import ORIGIN, SHORT, Export
from sample.tickets import Ticket

HELSINKI, OSLO, LONDON, ALMATY = (
    "helsinki/tiketit.csv",
    "oslo/saker.xlsx",
    "london/tickets.jsonl.gz",
    "almaty/obrashcheniya.txt",
)
OSLO_CALLS, SURVEYS = "oslo/anrop.zip", "surveys.csv.gz"
NOT_DATES = ("31.02.2026", "n/a?", "00.00.0000")
HOSTILE = {
    HELSINKI: ("Aihe", ("<script>alert(1)</script>", "{{ 7*7 }}")),
    LONDON: ("subject", ("=cmd|'/c calc'!A1",)),
    OSLO: ("Emne", ("🎒 Hjelp! \u202eשלום\u202c ⛺",)),
}
EVENTS_FROM = int(datetime.fromisoformat("2026-01-20T00:00:00+00:00").timestamp())  # with a margin
STAMP = "%d.%m.%Y %H:%M:%S"

Row = dict[str, Any]


class Dirt:
    """Plants dirt in exports, in place; ``entries`` lists what was done."""

    def __init__(self, exports: dict[str, Export]) -> None:
        self.exports = exports
        self.touched: set[int] = set()
        self.found: list[tuple[str, str, Row, str, Any]] = []
        self.plant()

    def plant(self) -> None:
        """All of it, in a fixed order: copies last, so that no dirty row is copied."""
        self.unreadable_dates()
        self.impossible_orders()
        self.short_rows()
        self.wrong_scores()
        self.mojibake()
        self.hostile_subjects()
        for path, count in ((HELSINKI, 5), (LONDON, 3), (OSLO_CALLS, 4)):
            self.copies("exact_duplicate", path, count, lambda row: row)
        header = {HELSINKI: "Kiireellisyys", ALMATY: "Приоритет"}
        for path, count, other in ((HELSINKI, 1, "kiireellinen"), (ALMATY, 2, "срочный")):
            self.copies("conflicting_duplicate", path, count, lambda row, p=path, o=other: {**row, header[p]: o})

    def entries(self) -> list[dict[str, Any]]:
        """Each touched row: kind, file, row, column, value as printed, id in the file.

        A row counts as in a spreadsheet, where the header is row 1; a line of JSON Lines counts from 1.
        """
        numbers = {
            path: {id(row): number for number, row in enumerate(export.rows, start=1 if export.form == "jsonl" else 2)}
            for path, export in self.exports.items()
        }
        listed = []
        for kind, path, row, column, value in self.found:
            name = row[self.exports[path].headers[0]]
            entry = {"kind": kind, "file": f"data/{path}", "row": numbers[path][id(row)], "id": name}
            listed.append({**entry, "column": column, "value": value})
        return sorted(listed, key=lambda entry: (entry["kind"], entry["file"], entry["row"]))

    def unreadable_dates(self) -> None:
        for path, column in ((HELSINKI, "Pvm"), (OSLO, "Løst"), (ALMATY, "Создано")):
            for row, text in zip(self.choose(path, 3, _plain_ticket), NOT_DATES, strict=True):
                self.put("unreadable_date", path, row, column, text)

    def impossible_orders(self) -> None:
        for row in self.choose(HELSINKI, 3, _plain_ticket):
            before = datetime.strptime(f"{row['Pvm']} {row['Klo']}", STAMP) - timedelta(hours=2, minutes=10)
            self.put("reply_before_creation", HELSINKI, row, "1. vastaus", before.strftime(STAMP))
        for row in self.choose(OSLO, 4, _plain_ticket):
            before = row["Opprettet"] - timedelta(hours=1, minutes=5)
            self.put("reply_before_creation", OSLO, row, "Første svar", before)
        for row in self.choose(ALMATY, 4, _plain_ticket):
            before = datetime.strptime(row["Создано"], STAMP) - timedelta(days=1, minutes=30)
            self.put("resolved_before_creation", ALMATY, row, "Решено", before.strftime(STAMP))

    def short_rows(self) -> None:
        for path, check in ((ALMATY, _plain_ticket), (OSLO_CALLS, lambda origin: origin.answered)):
            for row in self.choose(path, 1, check):
                row[SHORT] = 3
                self.found.append(("too_few_fields", path, row, "", ""))

    def wrong_scores(self) -> None:
        for kind, score in (("csat", 6), ("csat", 0), ("nps", 11)):
            for row in self.choose(SURVEYS, 1, lambda one, k=kind: one.kind == k and one.score is not None):
                self.put("score_outside_scale", SURVEYS, row, "score", score)

    def mojibake(self) -> None:
        """UTF-8 read as Windows-1251 by some earlier system, then saved."""
        for row in self.choose(ALMATY, 6, lambda one: _plain_ticket(one) and _garbled(one.subject) is not None):
            self.put("mojibake", ALMATY, row, "Тема", _garbled(row["Тема"]))

    def hostile_subjects(self) -> None:
        for path, (column, subjects) in HOSTILE.items():
            rows = self.choose(path, len(subjects), lambda one: _plain_ticket(one, before=None))
            for row, subject in zip(rows, subjects, strict=True):
                self.put("hostile_subject", path, row, column, subject)

    def copies(self, kind: str, path: str, count: int, change: Callable[[Row], Row]) -> None:
        """Repeat rows a little further down, as overlapping exports do; ``change`` makes the copy differ."""
        export, draws = self.exports[path], Draws("dirt", kind, path)
        check = (lambda one: one.answered) if path == OSLO_CALLS else _plain_ticket
        for row in self.choose(path, count, lambda one: check(one) and getattr(one, "priority", "") != "urgent"):
            copy = dict(change(row))
            place = next(number for number, one in enumerate(export.rows) if one is row)
            export.rows.insert(place + draws.whole(1, 40), copy)
            self.touched.add(id(copy))
            self.found.append((kind, path, copy, "", ""))

    def choose(self, path: str, count: int, check: Callable[[Any], bool]) -> list[Row]:
        """``count`` untouched rows whose origin passes the check, in the order of the file."""
        rows = self.exports[path].rows
        fit = [number for number, row in enumerate(rows) if id(row) not in self.touched and check(row[ORIGIN])]
        draws, chosen = Draws("dirt", path, str(len(self.touched))), set()
        while len(chosen) < count:
            chosen.add(draws.pick(fit))
        picked = [rows[number] for number in sorted(chosen)]
        self.touched |= {id(row) for row in picked}
        return picked

    def put(self, kind: str, path: str, row: Row, column: str, value: Any) -> None:
        """Overwrite one cell and remember it."""
        row[column] = value
        shown = value.strftime("%Y-%m-%d %H:%M:%S") if isinstance(value, datetime) else value
        self.found.append((kind, path, row, column, shown))


def _plain_ticket(ticket: Ticket, before: int | None = EVENTS_FROM) -> bool:
    """True for a chat that was answered, resolved once and closed, and that belongs to no planted effect."""
    plain = ticket.counts and not ticket.planted and not ticket.reopens and ticket.channel == "chat"
    return plain and ticket.closed is not None and ticket.replies > 0 and (before is None or ticket.created < before)


def _garbled(text: str) -> str | None:
    try:
        return text.encode("utf-8").decode("cp1251")
    except UnicodeDecodeError:
        return None
