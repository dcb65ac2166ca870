"""Since the last audit: an edition is read, compared where figures count alike, and never believed unseen."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from editions import CLOSING, OPENING, auditkit, notebook, small_report, workspace_of
from small_report import context, figure, plain, share, texts

from auditkit.clocks.period import parse_period
from auditkit.errors import DataError
from auditkit.exhibits.since import BACK, CLOSED, NEW, Around, since
from auditkit.exhibits.since_compare import since_edition
from auditkit.findings.register import Entry
from auditkit.findings.since import findings_since
from auditkit.previous.edition import Edition, read_edition
from auditkit.running.packing import pack, unpack
from auditkit.running.plan import Request, make_plan
from auditkit.service_audit import report as service_audit
from auditkit.store import open_store
from auditkit.workspace import open_workspace

APRIL, MAY = "2024-04", "2024-05"
HOURS = '[hours.default]\nmon-fri = "08:00-16:00"\n'
TARGETS = '[targets]\nfirst_response_within = { within = "2h", at_least = 0.8 }\n'


@pytest.fixture(scope="module")
def made_once(tmp_path_factory) -> Path:
    """One team with an edition of April."""
    folder = workspace_of(tmp_path_factory.mktemp("since") / "acme", "Oslo", extra=HOURS + TARGETS)
    small_report(folder, reads="history")
    assert auditkit("run", "small", "-w", folder, "--period", APRIL, "--no-pdf") == 0
    return folder


@pytest.fixture
def acme(made_once, tmp_path, capsys) -> Path:
    """A workspace of that kind to do with as one likes."""
    folder = tmp_path / "acme"
    shutil.copytree(made_once, folder)
    capsys.readouterr()
    return folder


def edition(folder: Path) -> Path:
    return folder / "reports" / "Oslo" / APRIL


def told(folder: Path, capsys, *more: str | Path) -> dict:
    """What ``auditkit since`` says of Oslo, as JSON."""
    assert auditkit("since", *more, "-w", folder, "--period", MAY, "--format", "json") == 0
    (found,) = json.loads(capsys.readouterr().out)["teams"]
    return found


def test_the_same_rules_and_data_give_nothing_but_the_figures(acme, capsys):
    found = told(acme, capsys)
    assert found["since"]["period"] == APRIL and found["restated"] == [] and found["as_reported"] > 40
    assert found["rules"] == [] and found["data"] == []
    received = next(one for one in found["figures"] if one["measure"] == "tickets_received")
    assert (received["then"]["value"], received["now"]["value"], received["outcome"]) == (10, 10, "fact")
    waited = next(one for one in found["figures"] if one["measure"] == "first_response_within")
    assert waited["outcome"] == "too few" and waited["p_adjusted"] is None


def test_asking_twice_gives_the_same_text(acme, capsys):
    assert auditkit("since", "-w", acme, "--period", MAY) == 0
    first = capsys.readouterr().out
    assert auditkit("since", "-w", acme, "--period", MAY) == 0
    assert capsys.readouterr().out == first and "come out today as they were reported" in plain(first)


def add_ticket(folder: Path) -> None:
    """A ticket of April that came late."""
    path = folder / "data" / "tickets.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    late = {"id": "late", "team": "Oslo", "at": "2024-04-20T09:00:00Z", "reply": None, "done": None}
    path.write_text(json.dumps([*rows, late]), encoding="utf-8")


def test_late_data_restate_what_was_reported_and_name_the_file(acme, capsys):
    add_ticket(acme)
    found = told(acme, capsys)
    received = next(one for one in found["restated"] if one["measure"] == "tickets_received")
    assert (received["reported"]["value"], received["counted_today"]["value"]) == (10, 11)
    assert received["not_compared"] is None
    (changed,) = (one for one in found["data"] if "tickets.json" in one["what"])
    assert (plain(changed["then"]), plain(changed["now"])) == ("20 rows", "21 rows")
    now = next(one for one in found["figures"] if one["measure"] == "tickets_received")
    assert now["then"]["value"] == 11 and now["counted_again"]


def test_other_hours_are_said_and_business_figures_are_not_subtracted(acme, capsys):
    path = acme / "audit.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("08:00-16:00", "12:30-16:00"), encoding="utf-8")
    found = told(acme, capsys)
    assert {"what": "Opening hours: mon-fri", "then": "08:00-16:00", "now": "12:30-16:00"} in found["rules"]
    restated = {one["measure"]: one["not_compared"] for one in found["restated"]}
    assert restated["first_response_time_business"] == "the opening hours have changed"
    assert "first_response_time" not in restated
    assert auditkit("since", "-w", acme, "--period", MAY) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "The opening hours have changed" in line)
    assert " – " in row


def test_another_limit_is_another_rule(acme, capsys):
    path = acme / "audit.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"2h"', '"30m"'), encoding="utf-8")
    found = told(acme, capsys)
    whys = {one["measure"]: one["not_compared"] for one in found["restated"]}
    assert whys["first_response_within"] == "it is counted by another rule now"
    assert any(one["what"].endswith("within") and one["now"] == "1800.0" for one in found["rules"])
    assert any(one["what"] == "Rules changed" for one in found["rules"])


DAMAGED = {
    "cut off": lambda text: text[: len(text) // 2],
    "no JSON": lambda text: "hello",
    "a list": lambda text: "[]",
    "another schema": lambda text: text.replace('"schema": 1', '"schema": 99', 1),
    "another team": lambda text: text.replace('"team": "Oslo"', '"team": "Bergen"', 1),
    "no period": lambda text: text.replace(f'"period": "{APRIL}"', '"period": "soon"', 1),
    "NaN": lambda text: text.replace('"value": 10.0,', '"value": NaN,', 1),
    "a huge number": lambda text: text.replace('"value": 10.0,', f'"value": 1{"0" * 400},', 1),
    "a text for a number": lambda text: text.replace('"value": 10.0,', '"value": "ten",', 1),
    "reports of another kind": lambda text: json.dumps(json.loads(text) | {"reports": ["small"]}),
    "deep": lambda text: "[" * 100_000,
    "no figures": lambda text: json.dumps(json.loads(text) | {"reports": {"small": {"figures": []}}}),
    "a deep basis": lambda text: text.replace('"pending": [', '"pending": [' + "[" * 50 + "]" * 50 + ",", 1),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_manifest_is_refused_by_name(made_once, tmp_path, damage):
    before = (edition(made_once) / "manifest.json").read_text(encoding="utf-8")
    path = tmp_path / "manifest.json"
    path.write_text(DAMAGED[damage](before), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != before
    with pytest.raises(DataError) as raised:
        read_edition(path, "Oslo")
    assert "manifest.json" in str(raised.value)


def test_a_damaged_manifest_ends_the_command_with_the_code_of_data(acme, capsys):
    (edition(acme) / "manifest.json").write_bytes(b"\xff\x00{")
    assert auditkit("since", "-w", acme, "--period", MAY) == 4
    said = capsys.readouterr().err
    assert "manifest.json" in said and "Traceback" not in said


def test_settings_of_the_wrong_kind_compare_with_nothing(acme, capsys):
    path = edition(acme) / "manifest.json"
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["reports"]["small"]["basis"] = {"measures": 7, "hours": "x", "targets": [1], "coverage": 3, "files": [{}],
        "left_out": "y", "timezone": {"a": []}, "pending": 1, "reading": None}  # fmt: skip
    path.write_text(json.dumps(raw), encoding="utf-8")
    found = told(acme, capsys)
    assert found["as_reported"] > 40 and found["data"] == []


def test_editions_are_found_where_they_are_named(acme, capsys, tmp_path):
    moved = tmp_path / "last-audit"
    (acme / "reports").rename(moved)
    assert auditkit("since", "-w", acme, "--period", MAY) == 4
    assert "has no edition to compare with" in capsys.readouterr().err
    for named in (moved, moved / "Oslo" / APRIL, moved / "Oslo" / APRIL / "manifest.json"):
        assert told(acme, capsys, named)["since"]["period"] == APRIL
    path = acme / "audit.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("[audit]\n", '[audit]\nprevious = "../last-audit"\n'), encoding="utf-8")
    assert told(acme, capsys)["since"]["period"] == APRIL
    assert auditkit("since", tmp_path / "nowhere", "-w", acme, "--period", MAY) == 4
    assert "holds no edition of Oslo before 2024-05" in capsys.readouterr().err


def test_a_later_edition_is_no_earlier_one(acme, capsys):
    path = edition(acme) / "manifest.json"
    text = path.read_text(encoding="utf-8").replace(
        f'"period": "{APRIL}",\n "reports"', '"period": "2024-06",\n "reports"'
    )
    path.write_text(text, encoding="utf-8")
    assert auditkit("since", edition(acme), "-w", acme, "--period", MAY) == 4
    assert "is of 2024-06, which is later than 2024-05" in capsys.readouterr().err


COMPARING = """from auditkit.service_audit import report
audit = report.open(workspace, team, period, as_of, language)
for one in audit.since("small"):
    display(one)"""


def test_a_report_that_compares_is_made_again_when_what_it_compares_with_changes(acme):
    path = notebook(acme / "notebooks" / "compared.ipynb", OPENING, COMPARING, CLOSING, reads="team")
    raw = json.loads(path.read_text(encoding="utf-8"))
    raw["metadata"]["auditkit"]["compares"] = True
    path.write_text(json.dumps(raw), encoding="utf-8")
    assert auditkit("run", "compared", "-w", acme, "--period", MAY, "--no-pdf") == 0
    shown = (acme / "reports" / "Oslo" / MAY / "compared.html").read_text(encoding="utf-8")
    assert "come out today as they were reported" in plain(shown)
    store = open_store(open_workspace(acme))

    def why() -> list[str]:
        asked = Request(reports=("compared", "small"), periods=(MAY,), pdf=False)
        return [job.why for job in make_plan(store, asked).due if job.report == "compared"]

    assert why() == []
    earlier = edition(acme) / "manifest.json"
    raw = json.loads(earlier.read_text(encoding="utf-8"))
    raw["reports"]["small"]["key"] = "made anew, with the same figures"
    earlier.write_text(json.dumps(raw), encoding="utf-8")
    assert why() == []
    next(one for one in raw["reports"]["small"]["figures"] if one["measure"] == "tickets_received")["value"] = 9
    changed = ["the edition that it is compared with changed"]
    for text in (json.dumps(raw), "damaged"):
        earlier.write_text(text, encoding="utf-8")
        assert why() == changed
    earlier.unlink()
    assert why() == changed


def test_a_worker_out_of_sight_gets_the_edition_and_the_findings(acme, tmp_path):
    plain_one = notebook(acme / "notebooks" / "plain.ipynb", OPENING, CLOSING, reads="team")
    comparing = notebook(acme / "notebooks" / "comparing.ipynb", OPENING, CLOSING, reads="team")
    raw = json.loads(comparing.read_text(encoding="utf-8"))
    raw["metadata"]["auditkit"]["compares"] = True
    comparing.write_text(json.dumps(raw), encoding="utf-8")
    (acme / "findings.toml").write_text("", encoding="utf-8")
    store = open_store(open_workspace(acme))
    for path, there in ((plain_one, False), (comparing, True)):
        folder = tmp_path / path.stem
        unpack(pack(store, path, "Oslo", "team", MAY), folder)
        wanted = (folder / "reports" / "Oslo" / APRIL / "manifest.json", folder / "findings.toml")
        assert [one.is_file() for one in wanted] == [there, there]


def test_an_edition_of_the_period_before_that_cannot_be_read_costs_no_report(acme):
    (edition(acme) / "manifest.json").write_text("damaged", encoding="utf-8")
    (shown,) = service_audit.open(str(acme), "Oslo", MAY).since()
    assert "cannot be read" in texts(shown)
    shutil.rmtree(edition(acme))
    (shown,) = service_audit.open(str(acme), "Oslo", MAY).since()
    assert "There is no earlier edition" in texts(shown)


# --- what is compared at all, on figures written by hand


def earlier(*figures, period="2026-04", basis=None, as_of=datetime(2026, 5, 1, tzinfo=UTC)) -> Edition:
    names = ("measure", "statistic", "variant", "unit", "value", "low", "high", "n", "numerator", "denominator")
    rows = tuple({name: one.get(name) for name in names} for one in figures)
    return Edition("team_report", "Service desk", parse_period(period), as_of, rows, basis or {}, (), {}, "", "")


RULES = {"measures": {"csat": "a", "first_response_time_business": "b", "tickets_received": "c"}, "hours": [],
    "timezone": "UTC"}  # fmt: skip


def reasons(made, edition, basis=RULES) -> dict[str, str]:
    return {one.measure: plain(one.reason) for one in since_edition(made, edition, basis).uncompared}


def test_a_change_is_called_one_by_the_test_of_shares_adjusted_for_all():
    made = context(share("csat", "2026-05", 180, 200), share("fcr", "2026-05", 101, 200))
    old = earlier(share("csat", "2026-04", 140, 200), share("fcr", "2026-04", 100, 200))
    rules = RULES | {"measures": {"csat": "a", "fcr": "f"}}
    found = since_edition(made, earlier(*old.figures, basis=rules), rules)
    by = {one.now.measure: one for one in found.changed}
    assert by["csat"].outcome == "changed" and by["fcr"].outcome == "no clear change"
    assert not by["csat"].counted_again and by["csat"].p < 1e-4
    text = texts(since(made, found, Around(rules, {}, ""))[0])
    assert "1 of 2 figures have changed since April 2026" in text and "+20 (+12 to +28) points" in text


def test_intervals_speak_where_the_rows_of_then_are_gone():
    def median(period, low, value, high):
        return figure("first_response_time_business", period, value, low=low, high=high, n=200)

    made = context(median("2026-05", 3000.0, 3600.0, 4000.0), has_hours=True)
    for low, value, high, outcome in ((4100.0, 5000.0, 6000.0, "apart"), (3900.0, 5000.0, 6000.0, "overlap")):
        old = earlier(median("2026-04", low, value, high), basis=RULES)
        assert [one.outcome for one in since_edition(made, old, RULES).changed] == [outcome]


@pytest.mark.parametrize(
    ("basis", "reason"),
    [
        ({}, "the earlier edition does not say by which rule it was counted"),
        (RULES | {"measures": {"csat": "z"}}, "it is counted by another rule now"),
        (RULES | {"timezone": "Asia/Almaty"}, "the days are those of another time zone"),
    ],
)
def test_figures_that_do_not_count_alike_are_listed_with_the_reason(basis, reason):
    made, old = context(share("csat", "2026-05", 180, 200)), share("csat", "2026-04", 140, 200)
    assert reasons(made, earlier(old, basis=basis)) == {"csat": reason}
    assert since_edition(made, earlier(old, basis=basis), RULES).changed == ()


def test_counts_of_a_month_and_a_quarter_and_unfinished_periods_are_not_subtracted():
    now = figure("tickets_received", "2026-05", 100.0)
    quarter = earlier(figure("tickets_received", "2026-Q1", 300.0), period="2026-Q1", basis=RULES)
    assert "not equally long" in reasons(context(now), quarter)["tickets_received"]
    early = earlier(figure("tickets_received", "2026-04", 90.0), basis=RULES, as_of=datetime(2026, 4, 20, tzinfo=UTC))
    assert "was not over when it was reported" in reasons(context(now), early)["tickets_received"]
    unfinished = context(now, partial=True)
    assert reasons(unfinished, quarter) == {"tickets_received": "the period is not over"}


# --- findings


def entry(number: str, first: str, last: str, state: str = "open", team: str = "Oslo") -> Entry:
    found = {"team": team, "first_seen": first, "last_seen": last, "severity": "high", "statement": "Slow."}
    return Entry(number, state, "", None, date(2024, 4, 9) if state == "recurred" else None, "", "", "", found)


def test_findings_are_new_closed_or_back_since_the_earlier_period():
    entries = [
        entry("old", APRIL, MAY),
        entry("new", MAY, MAY),
        entry("gone", APRIL, APRIL, "not found any more"),
        entry("long gone", "2024-01", "2024-02", "not found any more"),
        entry("back", "2024-02", MAY, "recurred"),
        entry("later", "2024-06", "2024-06"),
        entry("elsewhere", MAY, MAY, team="Bergen"),
        entry("by hand", "whenever", MAY),
    ]
    found = findings_since(entries, "Oslo", parse_period(APRIL), parse_period(MAY))
    assert {one.number: one.state for one in found} == {"new": NEW, "gone": CLOSED, "back": BACK}
