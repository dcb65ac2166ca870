"""``auditkit comments``: complaints to read, keywords in context, and a check that says how often they are right."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest
from editions import auditkit
from openpyxl import load_workbook
from support import store, workspace

from auditkit.comments.checking import precision_of
from auditkit.comments.complaints import complaints, sample_of
from auditkit.comments.found import hits, matchers_of
from auditkit.comments.keywords import keywords_of
from auditkit.comments.texts import texts
from auditkit.workspace import open_workspace

TICKETS = """
ticket_id | team | agent       | created_at       | language | reason   | complaint | outbound | subject
1         | Oslo | Zelda Quist | 2026-05-04 09:00 | nb       | delivery | true      |          | Ring 912 34 567, Zelda svarte ikke
2         | Oslo | Zelda Quist | 2026-05-05 09:00 | nb       | delivery | false     |          | Hei, hvor er pakken
3         | Oslo | Zelda Quist | 2026-05-06 09:00 | en       | invoice  | false     |          | My invoice
4         | Oslo | Zelda Quist | 2026-05-07 09:00 | nb       | invoice  | true      |          |
5         | Oslo | Zelda Quist | 2026-05-08 09:00 | nb       | invoice  | true      | true     | Ringt ut
6         | Oslo | Zelda Quist | 2026-04-08 09:00 | nb       | invoice  | true      |          | Klage i april
"""  # noqa: E501
SURVEYS = """
response_id | team | kind  | ticket_id | answered_at      | score | scale_min | scale_max | invalidated | comment
s1          | Oslo | csat  | 2         | 2026-05-09 09:00 | 1     | 1         | 5         |             | Kom an til slutt
s2          | Oslo | csat  | 3         | 2026-05-09 09:00 | 5     | 1         | 5         |             | Quick and friendly, thanks Zelda!
s3          | Oslo | csat  |           | 2026-05-10 09:00 | 3     | 1         | 5         |             | =Elendig service
s4          | Oslo | csat  |           | 2026-05-10 09:00 | 1     | 1         | 5         | true        | Elendig
s5          | Oslo | agent |           | 2026-05-10 09:00 | 1     | 1         | 5         |             | Elendig ledelse
s6          | Oslo | nps   | 1         | 2026-05-11 09:00 | 9     | 0         | 10        |             | Hyggelig til slutt
"""  # noqa: E501
AS_OF = 'as_of = 2026-06-01T00:00:00Z\nlanguage = "nb"'
MAY = ("--team", "Oslo", "--period", "2026-05")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("loaded")
    store(folder, audit=AS_OF, tickets=TICKETS, surveys=SURVEYS)
    return folder


@pytest.fixture
def desk(loaded, tmp_path) -> Path:
    """A loaded workspace of the test's own."""
    return Path(shutil.copytree(loaded, tmp_path / "desk"))


def said(capsys, *arguments) -> str:
    capsys.readouterr()
    assert auditkit(*arguments) == 0
    return capsys.readouterr().out


def test_what_complains_is_flagged_or_scored_low_or_says_so(capsys, desk):
    found = json.loads(said(capsys, "comments", "list", "-w", desk, *MAY, "--format", "json"))["complaints"]
    assert {one["id"]: (one["why"], one["text"]) for one in found} == {
        "1": ("flagged", "Ring [phone number], [name] svarte ikke · Hyggelig til slutt"),
        "2": ("low_score", "Hei, hvor er pakken · Kom an til slutt"),
        "4": ("flagged", ""),
        "s3": ("keyword", "=Elendig service"),
    }


def test_where_the_source_flags_nothing_subjects_speak_for_themselves(tmp_path):
    drawn = "\n".join(line.rsplit("|", 3)[0] + "|" + line.rsplit("|", 1)[1] for line in TICKETS.strip().splitlines())
    found = store(tmp_path, audit=AS_OF, tickets=drawn)
    there = complaints(texts(found, ["Oslo"]), matchers_of(found.workspace), flags=False)
    assert dict(zip(there["id"], there["why"], strict=True)) == {"1": ("keyword",), "6": ("keyword",)}


def test_a_sample_is_the_same_for_a_seed_and_says_of_how_many(desk):
    from auditkit.load import load

    found = load(open_workspace(desk))
    there = complaints(texts(found, ["Oslo"]), matchers_of(found.workspace), flags=True)
    first, again = sample_of(there, 3, 7), sample_of(there.sample(frac=1, random_state=1), 3, 7)
    assert first.population == 5 and len(first.rows) == 3
    assert first.rows["id"].tolist() == again.rows["id"].tolist()
    assert {tuple(sample_of(there, 3, seed).rows["id"]) for seed in range(9)} != {tuple(first.rows["id"])}
    assert len(sample_of(there, 99, 1).rows) == 5
    assert sample_of(there.head(0), 5, 1).rows.empty


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_a_sample_is_written_for_a_reader_and_nothing_in_it_is_a_formula(capsys, desk, tmp_path, ending):
    target = tmp_path / f"read.{ending}"
    said(capsys, "comments", "list", "-w", desk, *MAY, "--output", target)
    if ending == "csv":
        written = [row["text"] for row in csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig")))]
        assert "'=Elendig service" in written
    elif ending == "xlsx":
        cell = next(c for row in load_workbook(target).active for c in row if c.value == "=Elendig service")
        assert cell.data_type == "s"
    else:
        assert len(json.loads(target.read_text(encoding="utf-8"))["complaints"]) == 4
    assert auditkit("comments", "list", "-w", desk, *MAY, "--output", target) == 2
    assert auditkit("comments", "list", "-w", desk, *MAY, "--output", tmp_path / "read.doc") == 2


def test_replies_are_searched_where_the_log_holds_their_words(tmp_path):
    events = """
ticket_id | at               | kind         | actor    | value
2         | 2026-05-05 10:00 | public_reply | agent    | Hei, som jeg allerede sa: du skulle ha lest vilkårene
2         | 2026-05-05 11:00 | public_reply | customer | Hei, dette er elendig
2         | 2026-05-05 12:00 | status       | agent    | venter på kunde elendig
2         | 2026-06-05 12:00 | public_reply | agent    | Tusen takk for nå, en dag som ikke er kommet
"""
    found = store(tmp_path, audit=AS_OF, tickets=TICKETS, ticket_events=events)
    there = hits(texts(found, ["Oslo"]), matchers_of(found.workspace))
    assert set(there.loc[there["kind"] == "reply", "category"]) == {"greeting", "blame"}


def test_keywords_stand_in_their_masked_context_with_no_precision_that_nobody_checked(capsys, desk):
    out = json.loads(said(capsys, "comments", "keywords", "-w", desk, *MAY, "--format", "json"))["keywords"]
    thanks = next(one for one in out if one["list"] == "thanks")
    assert thanks["hits"] == [{"before": "Quick and friendly, ", "keyword": "thanks", "after": " [name]!"}]
    assert (thanks["language"], thanks["in"], thanks["texts"], thanks["of"]) == ("en", "comment", 1, 1)
    assert thanks["precision"] | {"unsure": 0} == {"state": "not checked", "value": None, "low": None, "high": None,
        "judged": 0, "unsure": 0, "words": "not checked"}  # fmt: skip
    assert {(one["list"], one["texts"]) for one in out if one["language"] == "nb" and one["in"] == "comment"} == {
        ("complaint", 1),
        ("praise", 1),
    }


def test_a_text_in_a_language_without_lists_is_told(capsys, tmp_path):
    workspace(tmp_path, audit=AS_OF, tickets=TICKETS.replace("| en ", "| sv "))
    assert auditkit("comments", "keywords", "-w", tmp_path, *MAY) == 0
    assert "1 texts (subject) in 'sv' are not searched" in capsys.readouterr().err


def drawn_form(desk: Path) -> tuple[Path, dict[str, int]]:
    assert auditkit("comments", "check", "-w", desk, *MAY, "--language", "fi") == 0
    form = desk / "keywords" / "checks" / "Oslo-2026-05-1" / "form.xlsx"
    heads = {cell.value: cell.column for cell in load_workbook(form)["Hits"][1]}
    return form, heads


def judge(form: Path, heads: dict[str, int], verdicts: dict[str, str]) -> None:
    """Fill in the form: a verdict by what stands in the hit."""
    book = load_workbook(form)
    for row in book["Hits"].iter_rows(min_row=2):
        cells = {head: row[column - 1] for head, column in heads.items()}
        cells["Onko oikein?"].value = verdicts.get(cells["Avainsana"].value)
    book.save(form)


def test_a_check_states_how_often_a_list_is_right(capsys, desk):
    form, heads = drawn_form(desk)
    judge(form, heads, {"svarte ikke": "kyllä", "Elendig": "Ei", "Hyggelig": "ei voi sanoa", "thanks": "kyllä"})
    out = said(capsys, "comments", "import", "-w", desk, form)
    assert "complaint (nb): precision 50\u00a0%" in out and "1 of 2 judged" in out
    found = precision_of(open_workspace(desk), keywords_of(open_workspace(desk)))
    assert (found["complaint", "nb"].right, found["complaint", "nb"].judged) == (1, 2)
    assert found["thanks", "en"].interval == pytest.approx((0.2065, 1.0), abs=1e-4)  # Wilson, 1 of 1
    assert ("praise", "nb") not in found  # nothing of it could be judged
    assert "greeting" not in {category for category, _ in found}


def test_a_list_that_has_changed_since_is_not_checked(capsys, desk):
    form, heads = drawn_form(desk)
    judge(form, heads, {"svarte ikke": "kyllä", "thanks": "kyllä"})
    said(capsys, "comments", "import", "-w", desk, form)
    (desk / "keywords" / "nb.toml").write_text('complaint = ["fælt"]\n', encoding="utf-8")
    found = precision_of(open_workspace(desk), keywords_of(open_workspace(desk)))
    assert found["complaint", "nb"].state == "changed" and found["complaint", "nb"].value is None
    assert found["thanks", "en"].state == "checked"


def test_what_cannot_be_taken_is_refused_and_the_rest_is_kept(capsys, desk):
    form, heads = drawn_form(desk)
    judge(form, heads, {"svarte ikke": "kyllä", "Elendig": "varmaan", "thanks": "kyllä"})
    book = load_workbook(form)
    row = next(row for row in book["Hits"].iter_rows(min_row=2) if row[heads["Avainsana"] - 1].value == "thanks")
    row[0].value = "changed"
    book.save(form)
    capsys.readouterr()
    assert auditkit("comments", "import", "-w", desk, form) == 4
    err = capsys.readouterr().err
    assert "'varmaan' is not understood" in err and "'changed' is no hit of this sample" in err
    judge(form, heads, {"svarte ikke": "ei", "Elendig": "ei"})
    assert auditkit("comments", "import", "-w", desk, form) == 4
    assert "judged otherwise before" in capsys.readouterr().err
    assert auditkit("comments", "import", "-w", desk, "--replace", form) == 4  # the changed key stays refused
    assert precision_of(open_workspace(desk), keywords_of(open_workspace(desk)))["complaint", "nb"].right == 0


def test_a_check_that_exists_is_not_drawn_over_and_a_form_shows_no_names(desk):
    form, _ = drawn_form(desk)
    shown = [str(cell.value) for row in load_workbook(form)["Hits"] for cell in row]
    assert not any("Zelda" in text or "912" in text for text in shown)
    assert auditkit("comments", "check", "-w", desk, *MAY) == 2


def test_themes_are_told_team_by_team(capsys, desk):
    rows = list(csv.DictReader(io.StringIO(said(capsys, "comments", "themes", "-w", desk, *MAY, "--format", "csv"))))
    assert {row["reason"]: row["complaints"] for row in rows} == {"invoice": "2", "delivery": "1"}
    assert {row["trend"] for row in rows} == {"too few to tell"}


def test_a_fault_in_a_list_is_told_before_anything_is_loaded(capsys, desk):
    (desk / "keywords").mkdir()
    (desk / "keywords" / "nb.toml").write_text('klage = ["x"]\n', encoding="utf-8")
    for command in (("comments", "list"), ("check",)):
        assert auditkit(*command, "-w", desk) == 3
        assert "keywords/nb.toml, key 'klage'" in capsys.readouterr().err
