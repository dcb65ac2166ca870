"""What a report tells of customers' words: masked, with what is certain, and with a precision only where checked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from support import store, workspace

from auditkit import report
from auditkit.clocks.period import parse_period
from auditkit.comments.keywords import keywords_of
from auditkit.comments.themes import Theme
from auditkit.exhibits.complaint_themes import complaint_themes
from auditkit.load import load
from auditkit.report.evaluated import make_context
from auditkit.report.history import history_of
from auditkit.workspace import open_workspace
from comments.test_comments import AS_OF, SURVEYS, TICKETS


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    store(folder, audit=AS_OF, tickets=TICKETS, surveys=SURVEYS)
    return folder


def section(folder: Path, language: str = "en") -> dict[str, dict]:
    audit = report.open(str(folder), "Oslo", "2026-05", language=language)
    return {exhibit.id: plain_spaces(exhibit.as_json()) for exhibit in audit.complaints()}


def plain_spaces(shown: dict) -> dict:
    """The exhibit with spaces that may break."""
    text = json.dumps(shown, ensure_ascii=False).replace("\u00a0", " ").replace("\u202f", " ")
    return json.loads(text)


def cells(shown: dict) -> list[list[str]]:
    return [[cell if isinstance(cell, str) else cell["text"] for cell in row] for row in shown["rows"]]


def test_complaints_are_masked_and_say_why_they_are_there(loaded):
    shown = section(loaded)["complaints-read"]
    assert shown["title"] == "Every complaint in May 2026 is here to be read: 4"
    rows = {row[0]: row[4:] for row in cells(shown)}
    assert rows["1"] == ["called a complaint by the source",
        "Ring [phone number], [name] svarte ikke · Hyggelig til slutt"]  # fmt: skip
    assert rows["2"][0] == "low score" and rows["s3"] == ["by its words", "=Elendig service"]
    assert "masked" in shown["note"]


def test_where_nobody_wrote_anything_that_is_said(tmp_path):
    silent = "ticket_id | team | created_at\n1 | Oslo | 2026-05-04 09:00"
    workspace(tmp_path, audit=AS_OF, tickets=silent)
    found = section(tmp_path)
    assert found["complaints-read"]["title"] == "No complaint is known in May 2026"
    assert found["comments-keywords"]["title"] == "No keyword stands in a text in May 2026"
    assert "comments-context" not in found


def test_the_masks_speak_the_language_of_the_report(loaded):
    assert "[navn]" in json.dumps(section(loaded, "nb"), ensure_ascii=False)


def test_nothing_of_a_person_is_in_the_section_in_any_language(loaded):
    for language in ("en", "fi", "nb", "ru"):
        printed = json.dumps(section(loaded, language), ensure_ascii=False)
        assert not any(one in printed for one in ("Zelda", "Quist", "912 34 567"))


def test_a_report_with_texts_as_they_were_written_says_so(tmp_path):
    workspace(tmp_path, '[privacy]\ntexts = "shown"\n', audit=AS_OF, tickets=TICKETS, surveys=SURVEYS)
    found = section(tmp_path)
    assert "Zelda" in json.dumps(found)
    for name in ("complaints-read", "comments-context"):
        assert "as they were written, because audit.toml asks for it" in found[name]["note"]


def test_keywords_are_not_called_right_before_anybody_has_checked(loaded, tmp_path):
    before = section(loaded)["comments-keywords"]
    assert "nobody has checked" in before["title"]
    assert {row[-1] for row in cells(before)} == {"not checked"}
    own = Path(shutil.copytree(loaded, tmp_path / "own"))
    check = own / "keywords" / "checks" / "c"
    check.mkdir(parents=True)
    mark = keywords_of(open_workspace(own))["nb"].fingerprint("complaint")
    hits = {f"k{number}": ["complaint", "nb"] for number in range(50)}
    sample = {"id": "c", "hits": hits, "lists": [["complaint", "nb", mark]]}
    (check / "sample.json").write_text(json.dumps(sample), encoding="utf-8")
    judged = "".join(f"k{number},complaint,nb,{'yes' if number < 41 else 'no'},,\n" for number in range(50))
    (check / "checked.csv").write_text(f"key,category,language,verdict,who,on\n{judged}", encoding="utf-8")
    after = section(own)["comments-keywords"]
    assert {row[-1] for row in cells(after) if row[:2] == ["Complaint", "norsk bokmål"]} == {"82 % (69–90 %), n = 50"}
    assert after["title"].startswith("1 of ")


def themes_of(folder: Path, *themes: Theme) -> dict:
    found, may = load(open_workspace(folder)), parse_period("2026-05")
    history, _ = history_of(found, "Oslo", may)
    (made,) = complaint_themes(make_context(found, "Oslo", may, found.meta.as_of), themes)
    return plain_spaces(made.as_json()) | {"periods": len(history)}


def test_too_few_complaints_are_no_theme(loaded):
    shown = section(loaded)["complaints-themes"]
    assert shown["title"] == "Too few complaints with a reason to say what recurs"


def test_a_theme_is_said_to_rise_only_where_that_is_certain(tmp_path):
    old = "\n7 | Oslo | Zelda Quist | 2025-04-08 09:00 | nb | invoice | true | | x\n"
    workspace(tmp_path, audit=AS_OF, tickets=TICKETS.rstrip() + old)
    steady = Theme("invoice", (2,) * 13, (100,) * 13, trend=0)
    rising = Theme("delivery", (0,) * 6 + (1, 2, 3, 4, 5, 6, 7), (100,) * 13, above=True, trend=1)
    shown = themes_of(tmp_path, rising, steady)
    assert shown["periods"] == 13
    assert shown["title"] == (
        "2 reasons of complaint recur, “invoice” most often, in 13 of 13 periods; "
        "certainly more often of late: delivery"
    )
    assert shown["table"]["rows"] == [
        ["delivery", "28", "22 per 1 000", "15–31 per 1 000", "7 of 13", "rises"],
        ["invoice", "26", "20 per 1 000", "14–29 per 1 000", "13 of 13", "no clear trend"],
    ]


def test_of_very_many_texts_a_random_sample_is_searched_and_that_is_said(loaded, monkeypatch):
    for module in ("auditkit.comments.gathered", "auditkit.exhibits.comments"):
        monkeypatch.setattr(f"{module}.MOST_TEXTS", 4)
    shown = section(loaded)["comments-keywords"]
    assert "Searched are 4 of 9 texts, drawn at random." in shown["note"]
