"""What goes wrong first in a translated report: plural forms, nothing at all, one of a thing, no target, few rows.

Each sentence is the right one of its language, written by hand. What is right in one language is tested in all of
them, because each has its own forms: Russian has three for a count, Finnish sets what is counted in another case.
"""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_report import MAY, context, figure, plain, share, texts

from auditkit.config import Target
from auditkit.exhibits.breakdown import breakdown
from auditkit.exhibits.calls import calls
from auditkit.exhibits.figures import figures_of
from auditkit.exhibits.journeys import journeys
from auditkit.exhibits.quality import data_quality
from auditkit.exhibits.speed import speed
from auditkit.exhibits.staffing import staffing
from auditkit.exhibits.voice import voice
from auditkit.exhibits.volume import backlog, volume
from auditkit.notices import Notice
from auditkit.staffing import Staffing

LANGUAGES = ("en", "nb", "fi", "ru")


def titles(exhibits) -> dict[str, str]:
    """The titles by id, with ordinary spaces."""
    return {one.id: plain(one.data["title"]) for one in exhibits}


def of_tickets(count: int, language: str):
    names = ("tickets_received", "tickets_resolved", "backlog", "calls_offered")
    rows = [figure(name, "2026-05", count, n=count) for name in names]
    return context(*rows, share("answer_rate", "2026-05", count, count), language=language)


@pytest.mark.parametrize(
    ("language", "count", "title"),
    [
        ("en", 1, "1 ticket came in and 1 was resolved"),
        ("en", 2, "2 tickets came in and 2 were resolved"),
        ("nb", 1, "1 sak kom inn, og 1 ble løst"),
        ("nb", 2, "2 saker kom inn, og 2 ble løst"),
        ("ru", 1, "Поступило 1 обращение, решено 1"),
        ("ru", 2, "Поступило 2 обращения, решено 2"),
        ("ru", 5, "Поступило 5 обращений, решено 5"),
        ("ru", 11, "Поступило 11 обращений, решено 11"),
        ("ru", 21, "Поступило 21 обращение, решено 21"),
    ],
)
def test_what_came_in_is_counted_in_the_languages_own_forms(language, count, title):
    assert titles(volume(of_tickets(count, language)))["volume-flow"] == title


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 call was offered in May 2026 and 100 % was answered", "were answered"),
        ("nb", "1 anrop kom inn i mai 2026, og 100 % ble besvart", "ble besvart"),
    ],
)
def test_one_call_is_one_call(language, one, many):
    assert titles(calls(of_tickets(1, language)))["calls-flow"] == one
    assert titles(calls(of_tickets(3, language)))["calls-flow"].endswith(many)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "1 ticket was open at the end of May 2026", "2 tickets were open at the end of May 2026"),
        ("nb", "1 sak var åpen ved utgangen av mai 2026", "2 saker var åpne ved utgangen av mai 2026"),
    ],
)
def test_one_open_ticket_is_open_and_two_are(language, one, many):
    assert titles(backlog(of_tickets(1, language)))["backlog-open"].startswith(f"{one};")
    assert titles(backlog(of_tickets(2, language)))["backlog-open"].startswith(f"{many};")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_count_has_its_own_form_and_no_place_is_left_open(language):
    """Forms differ between one, two and five at least once over the sections, and never show their places."""
    told = []
    for count in (1, 2, 5):
        made = of_tickets(count, language)
        told.append(" | ".join(texts(one) for section in (volume, backlog, calls) for one in section(made)))
    assert all("{" not in text and "}" not in text for text in told)
    assert len({text.replace("2", "1").replace("5", "1") for text in told}) > 1


@pytest.mark.parametrize(
    ("language", "nothing"),
    [
        ("en", ["No tickets in May 2026", "No calls in May 2026", "No survey answers in May 2026"]),
        ("nb", ["Ingen saker i mai 2026", "Ingen anrop i mai 2026", "Ingen svar på undersøkelser i mai 2026"]),
    ],
)
def test_nothing_at_all_is_said_to_be_nothing(language, nothing):
    made = context(figure("tickets_received", "2026-05", 0, n=0), language=language)
    assert [title for section in (volume, calls, voice) for title in titles(section(made)).values()] == nothing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_team_that_stands_in_a_sentence_stands_as_it_is_called(language):
    made = context(
        figure("tickets_received", "2026-05", 0, n=0), team="Kundesenteret på Grünerløkka", language=language
    )
    assert "Kundesenteret på Grünerløkka" in texts(volume(made)[0])


def timely(language: str, n: int = 100, **targets: Target):
    time = figure("first_response_time", "2026-05", 7500, statistic="median", n=n, low=7000, high=8000)
    within = share("first_response_within", "2026-05", n * 8 // 10, n)
    samples = {("first_response_time", "2026-05"): np.full(n, 5000.0)}
    return context(time, within, samples=samples, targets=targets, language=language)


@pytest.mark.parametrize(
    ("language", "with_target", "without"),
    [
        ("en", "of the tickets got a first response within 4 h in May 2026", "First response within target: 80 %"),
        ("nb", "av sakene fikk i mai 2026 første svar innen 4 t", "Første svar innen målet: 80 %"),
    ],
)
def test_a_share_within_target_is_told_with_its_limit_or_by_its_name(language, with_target, without):
    target = Target(within="4h", at_least=0.8)
    assert with_target in titles(speed(timely(language, first_response_within=target)))["speed-within"]
    assert titles(speed(timely(language)))["speed-within"].startswith(without)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_a_target_no_chart_speaks_of_one(language):
    shown = {one.id: one.data["svg"] for one in speed(timely(language)) if one.kind == "chart"}
    aimed = {
        one.id: one.data["svg"]
        for one in speed(timely(language, first_response_within=Target(within="4h", at_least=0.8)))
        if one.kind == "chart"
    }
    word = {"en": "target", "nb": "mål", "fi": "tavoite", "ru": "цел"}[language]
    assert word not in shown["speed-distribution"].lower()
    assert word in aimed["speed-distribution"].lower()


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "The first response took a median 2 h 05 min (1:57–2:13 h) on the calendar in May 2026"),
        ("nb", "Median tid til første svar var 2 t 05 min (1:57–2:13 t) kalendertid i mai 2026"),
    ],
)
def test_few_rows_carry_their_interval_beside_the_value(language, title):
    assert titles(speed(timely(language, n=10)))["speed-trend"].startswith(title)


def loaded(refused: int, notices: int, language: str):
    source = SimpleNamespace(
        name="t.csv", table="tickets", rows_in=200, rows_kept=200 - refused, rows_refused=refused, rows_folded=0,
        encoding="utf-8",
    )  # fmt: skip
    found = (Notice("heaped", "high", "tickets", "", "Times are heaped.", 4),) * notices
    return titles(
        data_quality(context(share("csat", "2026-05", 5, 10), sources=(source,), notices=found, language=language))
    )


@pytest.mark.parametrize(
    ("language", "refused", "notices", "expected"),
    [
        ("en", 1, 1, ["1 row of 200 (0.5 %) was refused", "1 notice about the data, 1 of them affects figures"]),
        ("en", 2, 2, ["2 rows of 200 (1.0 %) were refused", "2 notices about the data, 2 of them affect figures"]),
        ("nb", 1, 1, ["1 rad av 200 (0,5 %) ble avvist", "1 merknad til dataene, 1 av dem påvirker tallene"]),
        ("nb", 2, 2, ["2 rader av 200 (1,0 %) ble avvist", "2 merknader til dataene, 2 av dem påvirker tallene"]),
        ("nb", 0, 0, ["Alle de 200 radene ble beholdt eller slått sammen", "Kontrollene fant ikke noe annet å melde"]),
    ],
)
def test_rows_and_notices_are_counted(language, refused, notices, expected):
    assert list(loaded(refused, notices, language).values())[:2] == expected


@pytest.mark.parametrize(
    ("language", "count", "why"),
    [
        ("en", 1, "The 1 contact there is names no customer"),
        ("en", 94, "None of the 94 contacts names a customer"),
        ("nb", 1, "Det finnes 1 henvendelse, og den oppgir ingen kunde"),
        ("nb", 94, "Ingen av de 94 henvendelsene oppgir kunde"),
    ],
)
def test_contacts_without_a_customer_are_counted(language, count, why):
    (only,) = journeys(context(share("identity_match_rate", "2026-05", 0, count), language=language))
    assert why in texts(only)


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("en", "for question, the only group, in May 2026", "no clear difference among 2 groups in May 2026"),
        ("nb", "for spørsmål, den eneste gruppen, i mai 2026", "ingen klar forskjell mellom 2 grupper i mai 2026"),
    ],
)
def test_groups_are_counted_and_the_only_one_is_named_in_the_readers_words(language, one, many):
    groups = [share("never_resolved_types", "2026-05", 10, 100, group=name) for name in ("question", "Kiosk 7")]
    for found, words in ((groups[:1], one), (groups, many)):
        figures = figures_of(pd.DataFrame(found))
        made = context(*found, language=language, evaluate=lambda measures, period, by, figures=figures: figures)
        (shown,) = breakdown(made, "types", "never_resolved_types", "type")
        assert words in plain(shown.data["title"])
        assert ("Kiosk 7" in texts(shown)) == (len(found) == 2)


@pytest.mark.parametrize(
    ("language", "title"), [("en", "No staffing can be reckoned"), ("nb", "Bemanningen kan ikke beregnes")]
)
def test_staffing_without_calls_says_so(language, title):
    found = Staffing("Oslo", MAY, 20.0, 0.8, pd.DataFrame(), ("no source has calls",))
    (only,) = staffing(context(share("csat", "2026-05", 5, 10), language=language), found)
    assert only.data["title"] == title
