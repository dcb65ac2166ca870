"""The few words that the export itself puts on a page, by language.

In comes a language code, out go the words; an unknown language gets English. Everything else on a page arrives already
written. It stands alone so that a translator finds all of it on one screen.
"""

from __future__ import annotations

from collections.abc import Mapping

_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "contents": "Contents",
        "skip": "Skip to the report",
        "numbers": "The figures behind this chart",
        "page": "Page {page} of {pages}",
        "as_of": "As of",
        "chart": "Chart",
        "table": "Table",
        "good": "good",
        "bad": "needs attention",
        "unsure": "uncertain",
        "left_out": "Left out of the report: {what}.",
        "active_output": "an output of type {mime}, which could run code",
        "unreadable_output": "a picture that cannot be read safely",
        "unreadable_exhibit": "an exhibit that cannot be read",
        "picture": "picture",
        "no_description": "Picture without a description",
        "error": "This part of the report failed",
        "incomplete": "This report did not run to its end. What follows is not complete.",
    },
    "fi": {
        "contents": "Sisällys",
        "skip": "Siirry raporttiin",
        "numbers": "Kuvion luvut",
        "page": "Sivu {page}/{pages}",
        "as_of": "Tilanne",
        "chart": "Kuvio",
        "table": "Taulukko",
        "good": "hyvä",
        "bad": "vaatii huomiota",
        "unsure": "epävarma",
        "left_out": "Jätetty pois raportista: {what}.",
        "active_output": "tuloste, jonka tyyppi on {mime} ja joka voisi ajaa koodia",
        "unreadable_output": "kuva, jota ei voi lukea turvallisesti",
        "unreadable_exhibit": "osa, jota ei voi lukea",
        "picture": "kuva",
        "no_description": "Kuva ilman kuvausta",
        "error": "Tämä raportin osa epäonnistui",
        "incomplete": "Raportin ajo keskeytyi. Se, mitä seuraa, ei ole täydellinen.",
    },
    "nb": {
        "contents": "Innhold",
        "skip": "Gå til rapporten",
        "numbers": "Tallene bak figuren",
        "page": "Side {page} av {pages}",
        "as_of": "Per",
        "chart": "Figur",
        "table": "Tabell",
        "good": "bra",
        "bad": "krever oppmerksomhet",
        "unsure": "usikkert",
        "left_out": "Utelatt fra rapporten: {what}.",
        "active_output": "en utskrift av typen {mime}, som kunne kjøre kode",
        "unreadable_output": "et bilde som ikke kan leses trygt",
        "unreadable_exhibit": "en del som ikke kan leses",
        "picture": "bilde",
        "no_description": "Bilde uten beskrivelse",
        "error": "Denne delen av rapporten mislyktes",
        "incomplete": "Rapporten ble ikke kjørt ferdig. Det som følger, er ikke fullstendig.",
    },
    "ru": {
        "contents": "Содержание",
        "skip": "Перейти к отчёту",
        "numbers": "Цифры к графику",
        "page": "Страница {page} из {pages}",
        "as_of": "По состоянию на",
        "chart": "График",
        "table": "Таблица",
        "good": "хорошо",
        "bad": "требует внимания",
        "unsure": "не определено",
        "left_out": "Не вошло в отчёт: {what}.",
        "active_output": "вывод типа {mime}, который мог бы выполнить код",
        "unreadable_output": "изображение, которое нельзя безопасно прочитать",
        "unreadable_exhibit": "часть, которую нельзя прочитать",
        "picture": "изображение",
        "no_description": "Изображение без описания",
        "error": "Эта часть отчёта не выполнена",
        "incomplete": "Отчёт не был выполнен до конца. Дальнейшее неполно.",
    },
}


def words(language: str) -> Mapping[str, str]:
    """The words in ``language`` ("fi", "nb-NO", ...), or in English."""
    return _WORDS.get(language.split("-")[0].lower(), _WORDS["en"])
