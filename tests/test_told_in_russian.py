"""What engine and checks say is told in Russian with the right forms, comma and dates; JSON stays English."""

from __future__ import annotations

import json
import re

import pytest
from support import store

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.evaluation.records import records
from auditkit.labels import Labels, said, shown
from auditkit.store import Meta

RUSSIAN = Labels("ru", "Asia/Almaty")
HEADER = "ticket_id | team | created_at | first_response_at | resolved_at\n"


def told(found) -> list[str]:
    return [RUSSIAN.tell(notice.statement).replace("\u00a0", " ") for notice in found.meta.notices]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Forty tickets of one team: 22 identical copies, one with an answer before it was asked."""
    rows = [f"{number} | Алматы | 2026-05-04 08:{number:02d} | 2026-05-04 09:00 |" for number in range(40)]
    early = "90 | Алматы | 2026-05-05 08:00 | 2026-05-05 07:00 |"
    text = HEADER + "\n".join([*rows, *rows[:22], early]) + "\n"
    return store(tmp_path_factory.mktemp("ru"), "[targets]\nfirst_response_within = { within = '4h', at_least = 0.8 }",
                 tickets=text)  # fmt: skip


def test_a_notice_has_the_form_of_its_number(made):
    assert "22 строки — точные копии других; каждая учтена один раз." in told(made)
    assert "1 обращение получило ответ раньше, чем было создано; время ответа не учтено." in told(made)


def test_a_notice_is_the_same_after_the_store(made):
    again = Meta.from_json(made.meta.to_json())
    assert [RUSSIAN.tell(one.statement) for one in again.notices] == [
        RUSSIAN.tell(one.statement) for one in made.meta.notices
    ]
    assert again.notices == made.meta.notices


def test_a_reason_is_told_with_days_as_the_reader_writes_them(made):
    (row,) = evaluate(made, ["tickets_received"], periods=[parse_period("2019-05")]).to_dict("records")
    assert row["reason"].startswith("the data hold no tickets of the period (they cover 2026-05-04 to")
    assert (
        RUSSIAN.tell(row["reason"])
        .replace("\u00a0", " ")
        .startswith("в данных нет обращений за этот период (охвачено: 4 мая 2026 года — ")
    )


def test_a_verdict_gives_its_reason_in_the_language(made):
    (row,) = evaluate(made, ["first_response_within"], periods=[parse_period("2026-05-01..2026-05-31")]).to_dict(
        "records"
    )
    assert row["verdict_reason"] == str(row["verdict_reason"])
    assert not re.search("[A-Za-z]{3}", RUSSIAN.tell(row["verdict_reason"]))
    assert RUSSIAN.tell(row["verdict_reason"]) != row["verdict_reason"]


def test_json_stays_english_and_plain(made):
    rows = records(evaluate(made, ["tickets_received"], periods=[parse_period("2019-05")]))
    again = json.loads(json.dumps(rows))
    assert again[0]["reason"].startswith("the data hold no tickets of the period (they cover 2026-05-04 to")
    assert type(again[0]["reason"]) is str


def test_figures_in_a_sentence_get_the_decimal_comma_and_the_percent_sign_its_space():
    sentence = said(
        "low response: {share} of those asked answered, a verdict needs {least}",
        share=shown("share", 0.1234, 0.12, 0.13),
        least=shown("percent", 0.2),
    )
    told = RUSSIAN.tell(sentence).replace("для\u00a0", "для ")
    assert told == "мало ответов: ответили 12,3\u00a0% опрошенных, для вывода нужно 20\u00a0%"


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1 обращение"), (2, "2 обращения"), (5, "5 обращений"), (11, "11 обращений"), (21, "21 обращение"),
     (104, "104 обращения"), (1112, "1 112 обращений")],
)  # fmt: skip
def test_the_three_forms_of_a_count(count, words):
    assert RUSSIAN.say_n("{count} ticket", "{count} tickets", count).replace("\u00a0", " ").replace(
        "\u202f", " ") == words  # fmt: skip
