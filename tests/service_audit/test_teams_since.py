"""Since the last audit, of a client: what moved in which team, where nothing can be said, what became of findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from editions import auditkit, small_report

from auditkit.errors import DataError
from auditkit.load import load
from auditkit.running.packing import pack, unpack
from auditkit.running.plan import Request, make_plan
from auditkit.service_audit import report as service_audit
from auditkit.shipped import shipped
from auditkit.store import open_store
from auditkit.workspace import open_workspace

APRIL, MAY = "2024-04", "2024-05"
# Of 120 tickets a month so many are answered within half an hour, the others after two: by team and month.
SOON = {("Oslo", APRIL): 20, ("Oslo", MAY): 100, ("Helsinki", APRIL): 90, ("Helsinki", MAY): 90, ("Turku", MAY): 60}
AUDIT = """
[audit]
client = "Acme"
as_of = 2024-06-01T00:00:00Z
[[source]]
table = "tickets"
path = "tickets.json"
dates = "iso"
columns = { ticket_id = "id", team = "team", created_at = "at", first_response_at = "reply" }
[targets]
first_response_within = { within = "30m", at_least = 0.7 }
"""


@pytest.fixture
def acme(tmp_path) -> Path:
    """Three teams, two of which have an edition of April."""
    folder = tmp_path / "acme"
    folder.mkdir()
    rows = [
        {"id": f"{team}-{month}-{number}", "team": team, "at": f"{month}-{1 + number % 28:02d}T09:00:00Z",
         "reply": f"{month}-{1 + number % 28:02d}T{'09:20' if number < soon else '11:00'}:00Z"}
        for (team, month), soon in SOON.items() for number in range(120)
    ]  # fmt: skip
    (folder / "tickets.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "audit.toml").write_text(AUDIT, encoding="utf-8")
    load(open_workspace(folder))
    small_report(folder, reads="history")
    teams = ("--team", "Oslo", "--team", "Helsinki")
    assert auditkit("run", "small", "-w", folder, "--period", APRIL, "--no-pdf", *teams) == 0
    return folder


def rows_of(exhibit) -> dict[str, list[str]]:
    cells = ([one["text"] if isinstance(one, dict) else one for one in row] for row in exhibit.data["rows"])
    return {team: [text.replace("\xa0", " ") for text in row] for team, *row in cells}


def edition(folder: Path, team: str) -> Path:
    return folder / "reports" / team / APRIL / "manifest.json"


def test_each_team_is_held_against_its_own_edition(acme):
    (figures,) = service_audit.open_client(str(acme)).since()
    title = figures.data["title"].replace("\xa0", " ")
    assert title == "Figures changed by more than chance explains in 1 of 3 teams"
    rows = rows_of(figures)
    assert list(rows) == ["Helsinki", "Oslo", "Turku"]
    assert rows["Helsinki"] == ["Apr 2024", "0", "0", "–", "0", "0"]
    then, better, worse, moved, again, rules = rows["Oslo"]
    assert (then, worse, again, rules) == ("Apr 2024", "0", "0", "0")
    assert int(better) == len(moved.split("; ")) == 2  # the share within the limit, and the median
    assert "First response within target: 17 %, now 83 %" in moved
    assert "First response time, median: 2 h 00 min, now 20 min 00 s" in moved
    assert rows["Turku"] == ["no earlier edition", *["–"] * 5]


def test_what_cannot_be_compared_is_said_and_costs_no_report(acme):
    edition(acme, "Oslo").write_text("damaged", encoding="utf-8")
    (figures,) = service_audit.open_client(str(acme)).since()
    assert figures.data["title"] == "No figure of any team has changed by more than chance explains"
    assert rows_of(figures)["Oslo"] == ["an edition that cannot be compared", *["–"] * 5]


def test_without_any_earlier_edition_one_text_says_so(acme):
    for team in ("Oslo", "Helsinki"):
        edition(acme, team).unlink()
    (shown,) = service_audit.open_client(str(acme)).since()
    assert shown.data["title"] == "There is no earlier edition to compare with"


def test_an_edition_may_be_named_for_all_teams_and_one_that_is_nowhere_is_refused(acme, tmp_path):
    (acme / "reports").rename(tmp_path / "last")
    (figures,) = service_audit.open_client(str(acme)).since(edition=str(tmp_path / "last"))
    assert rows_of(figures)["Oslo"][0] == "Apr 2024"
    assert rows_of(figures)["Turku"][0] == "no earlier edition"
    with pytest.raises(DataError, match="holds no edition"):
        service_audit.open_client(str(acme)).since(edition=str(tmp_path / "nowhere"))


def test_findings_are_counted_by_team_and_for_the_client(acme):
    """Oslo missed its target in April and met it in May; Turku has missed it since it began."""
    for period in (APRIL, MAY):
        assert auditkit("findings", "-w", acme, "--period", period) == 0
    _, findings = service_audit.open_client(str(acme)).since()
    rows = {team: list(map(int, row)) for team, row in rows_of(findings).items()}
    assert list(rows) == ["Helsinki", "Oslo", "Acme"]  # of Turku there is no edition since which to tell
    assert rows["Oslo"][2] >= 1 and rows["Helsinki"][2] == 0
    new, back, closed = (sum(column) for column in zip(*rows.values(), strict=True))
    title = f"Findings since the last audit: {new} new, {back} back again, {closed} closed"
    assert findings.data["title"] == title


def test_the_client_s_audit_is_made_again_when_the_edition_of_a_team_changes(acme, tmp_path, capsys):
    assert auditkit("run", "client_audit", "-w", acme, "--period", MAY, "--no-pdf") == 0
    store = open_store(open_workspace(acme))

    def why() -> list[str]:
        asked = Request(reports=("client_audit",), periods=(MAY,), pdf=False)
        return [job.why for job in make_plan(store, asked).due]

    assert why() == []
    capsys.readouterr()
    assert auditkit("status", "-w", acme, "--format", "json") == 0
    assert "the edition that it is compared with" not in capsys.readouterr().out
    raw = json.loads(edition(acme, "Helsinki").read_text(encoding="utf-8"))
    next(one for one in raw["reports"]["small"]["figures"] if one["measure"] == "tickets_received")["value"] = 9
    edition(acme, "Helsinki").write_text(json.dumps(raw), encoding="utf-8")
    assert why() == ["the edition that it is compared with changed"]
    folder = unpack(
        pack(store, shipped("notebooks") / "client_audit.ipynb", "Acme", "company", MAY), tmp_path / "there"
    )
    assert sorted(path.parts[-3] for path in folder.parent.rglob(f"{APRIL}/manifest.json")) == ["Helsinki", "Oslo"]
