"""The audit as a document: what it says follows from the data, the answers and the register, and from nothing else."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path

import pytest
from editions import auditkit, workspace_of

from auditkit.analyst import open as auditkit_open
from auditkit.checklists.model import FOLDER, SHIPPED, read_checklist
from auditkit.exhibits.base import Exhibit
from auditkit.load import load
from auditkit.service_audit import report as service_audit
from auditkit.service_audit.report import ServiceAudit
from auditkit.service_audit.scope import SUBJECTS
from auditkit.workspace import open_workspace

TARGETS = '[targets]\nfirst_response_within = { within = "30m", at_least = 0.9, minimum_n = 5 }\n'


@pytest.fixture
def acme(tmp_path) -> Path:
    """Two teams that miss their target in both of their months; nobody has answered the checklist."""
    folder = workspace_of(tmp_path / "acme", "Oslo", "Helsinki", extra=TARGETS)
    load(open_workspace(folder))
    return folder


def opened(folder: Path, team: str = "Oslo") -> ServiceAudit:
    return service_audit.open(workspace=str(folder), team=team)


def texts(exhibits) -> str:
    return json.dumps([one.as_json() for one in exhibits], ensure_ascii=False).replace("\xa0", " ")


def answer(folder: Path, **answers: str) -> None:
    """The auditor's answers to the client."""
    lines = [f"[service_audit.{item}]\n{text}" for item, text in answers.items()]
    path = folder / "checklist" / "answers" / "client.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines), encoding="utf-8")


def table_of(exhibits, name: str) -> Exhibit:
    return next(one for one in exhibits if one.id == name)


def cell(value) -> str:
    return value["text"] if isinstance(value, dict) else value


def test_no_score_is_printed_where_little_could_be_scored(acme):
    shown = texts(opened(acme).management_summary())
    assert "no score: only" in shown and "of the points" not in shown


def test_a_score_is_the_weighted_mean_of_what_was_answered(acme):
    """All items answered with yes but two of weight 1 and 3 answered with no: the mean by hand."""
    items = {one.item.id: one.item.weight for one in opened(acme).audited.results[0].items}
    noes = ("A1", "A10")
    answer(acme, **{item: f'answer = "{"no" if item in noes else "yes"}"' for item in items})
    whole = sum(items.values())
    right = (whole - sum(items[item] for item in noes)) / whole
    assert f"{round(100 * right)}" in texts(opened(acme).management_summary())
    assert opened(acme).audited.results[0].score == pytest.approx(right)


def test_coverage_counts_each_item_once_as_computed_attested_or_missing(acme):
    answer(acme, A13='answer = "yes"\nevidence = "Job descriptions of March"\nwho = "Aino"')
    rows = table_of(opened(acme).steps(), "audit-steps-service_audit").data["rows"]
    states = [cell(row[2]) for row in rows]
    assert len(rows) == 22 and states.count("attested") == 1
    assert set(states) <= {"computed", "attested", "missing"}
    assert "Job descriptions of March; Aino" in texts(opened(acme).steps())


def test_a_no_of_the_auditor_is_a_finding_with_its_rule(acme):
    answer(acme, A1='answer = "no"\nevidence = "No survey was ever sent"')
    shown = texts(opened(acme).findings())
    assert "No survey was ever sent" in shown and "the answer is no, the weight 3" in shown


def test_what_people_wrote_in_the_register_stands_in_the_document(acme):
    auditkit("findings", "-w", acme)
    path = acme / "findings.toml"
    register = tomllib.loads(path.read_text(encoding="utf-8"))
    number = next(
        name for name, one in register.items()
        if one["found"]["rule"] == "target_missed" and one["found"]["team"] == "Oslo"
    )  # fmt: skip
    written = f'[{number}]\nstate = "accepted"\nowner = "Kari"\ndue = 2024-07-01\naction = "Two more at lunch"\n'
    path.write_text(path.read_text(encoding="utf-8").replace(f'[{number}]\nstate = "open"\n', written))
    before = path.read_bytes()
    audit = opened(acme)
    shown = texts(audit.findings())
    assert "Recommended: Two more at lunch" in shown and "Owner: Kari. Due: 1 July 2024" in shown
    row = next(row for row in table_of(audit.plan(), "action-list").data["rows"] if row[0] == number)
    assert row[1:3] == ["Two more at lunch", "Kari"]
    assert path.read_bytes() == before  # a document reads the register and leaves it alone


def test_the_rows_behind_a_missed_target_are_those_that_missed_it(acme):
    """Every ticket of the two teams is answered after an hour, so all of the period's are named, by key and place."""
    audit = opened(acme)
    (shown,) = audit.evidence_lists()
    figure = audit.context.figure("first_response_within")
    assert f"of {figure.n:.0f} rows shown" in shown.data["caption_total"].replace("\xa0", " ")
    assert [column["label"] for column in shown.data["columns"]] == ["ticket_id", "File", "Row"]
    assert "auditkit evidence first_response_within --team 'Oslo'" in shown.data["note"]


def test_a_partial_audit_looks_at_its_kinds_alone_and_says_so(acme):
    with (acme / "audit.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[checklist]\nkinds = ["people", "voice"]\n')
    audit = opened(acme)
    assert {one.item.kind for one in audit.audited.results[0].items} == {"people", "voice"}
    shown = texts(audit.scope())
    assert "partial: people, customers' voice" in shown and '["Items left out", "15"]' in shown


def test_every_kind_of_the_shipped_checklists_has_a_word():
    kinds = {item.kind for name in SHIPPED for item in read_checklist(FOLDER / f"{name}.toml").item if item.kind}
    assert kinds <= SUBJECTS.keys()


def test_a_kind_that_no_item_has_is_refused_with_the_nearest(acme, capsys):
    with (acme / "audit.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[checklist]\nkinds = ["peple"]\n')
    assert auditkit("checklist", "-w", acme) == 3
    told = capsys.readouterr().err
    assert "peple" in told and "people" in told


def test_who_audits_and_why_stands_in_the_scope_and_the_sign_off(acme):
    text = (acme / "audit.toml").read_text(encoding="utf-8")
    more = '[audit]\nkind = "external"\nauditors = ["Aino <b>Virtanen</b>"]\npurpose = "Renewal of the contract"\n'
    (acme / "audit.toml").write_text(text.replace("[audit]\n", more, 1), encoding="utf-8")
    audit = opened(acme)
    shown = texts(audit.scope())
    assert "external audit" in shown and "Renewal of the contract" in shown
    assert audit.sign_off()[0].data["items"][0] == ["Auditor", "Aino <b>Virtanen</b>"]


def test_the_client_is_audited_with_all_its_teams(acme):
    answer(acme, A1='answer = "no"\nevidence = "No survey was ever sent"')
    audit = service_audit.open_client(workspace=str(acme))
    assert audit.context.team == "Acme"
    assert [row[0] for row in audit.teams()[0].data["rows"]] == ["Helsinki", "Oslo"]
    told = [one for one in audit.audited.standing if "No survey" in str(one.found["statement"])]
    assert [one.team for one in told] == [""]  # an answer to the client is one finding, of no team


@pytest.mark.parametrize("report", ["service_audit", "client_audit"])
def test_the_document_is_made_and_redone_when_the_register_changes(acme, report, capsys):
    assert auditkit("run", report, "-w", acme) == 0
    pages = sorted((acme / "reports").rglob(f"{report}.html"))
    assert len(pages) == (2 if report == "service_audit" else 1)
    assert all("Aino" not in page.read_text(encoding="utf-8") for page in pages)
    assert auditkit("run", report, "-w", acme) == 0
    assert capsys.readouterr().err.splitlines()[-1].startswith("0 made")
    auditkit("findings", "-w", acme)
    path = acme / "findings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('\nstate = "open"\n', '\nstate = "open"\nowner = "Aino"\n'), encoding="utf-8")
    assert auditkit("run", report, "-w", acme) == 0
    assert all("Aino" in page.read_text(encoding="utf-8") for page in pages)


def test_a_team_report_is_not_redone_for_the_register(acme, capsys):
    assert auditkit("run", "-w", acme, "--no-pdf") == 0
    auditkit("findings", "-w", acme)
    capsys.readouterr()
    assert auditkit("run", "-w", acme, "--no-pdf") == 0
    assert "0 made, 2 up to date" in capsys.readouterr().err


def test_a_team_of_a_hostile_name_has_its_audit(tmp_path):
    name = '=cmd()|"<script>alert(1)</script>'
    folder = workspace_of(tmp_path / "acme", name, extra=TARGETS)
    assert auditkit("run", "service_audit", "-w", folder) == 0
    (page,) = (folder / "reports").rglob("service_audit.html")
    assert "<script>alert(1)" not in page.read_text(encoding="utf-8")
    shutil.rmtree(folder)


def test_an_analyst_gets_the_findings_and_the_checklist_of_the_document(acme):
    audit = auditkit_open(str(acme), team="Oslo")
    known = opened(acme).audited
    assert list(audit.findings()["number"]) == [one.number for one in known.entries]
    checklist = audit.checklist()
    assert dict(checklist["status"].value_counts()) == {
        state: count for state, count in known.results[0].coverage.items() if count
    }
    assert set(auditkit_open(str(acme)).findings()["team"]) == {"Helsinki, Oslo"}  # the same of both
