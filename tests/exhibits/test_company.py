"""All teams in one report: changes adjusted together, teams in the order of their names, funnels, and a real run.

Five teams of which each has a hundred surveys a month; the shares of satisfied ones are written beside them.
"""

from __future__ import annotations

import json

import numpy as np
import pytest
from editions import auditkit, manifest
from scipy.stats import chi2_contingency
from small_report import plain, texts
from support import store, workspace

from auditkit import company
from auditkit.clocks.period import parse_period
from auditkit.company_rows import CompanyRows
from auditkit.errors import UsageError
from auditkit.measures import CATALOGUE

AUDIT = "as_of = 2026-06-01T00:00:00Z\n"
TOML = "[targets]\ncsat = { at_least = 0.5, minimum_response_rate = 0 }\n"
MONTHS = ("2026-03", "2026-04", "2026-05")
# Satisfied of a hundred in March, April and May. Ost is better for certain than in April, Sor by chance; Vest is worse.
SATISFIED = {"Vest": (70, 72, 40), "Nord": (80, 80, 80), "Ost": (60, 60, 84), "Sor": (78, 74, 80), "Inn": (79, 78, 81)}
MAY = parse_period("2026-05")


def surveys(satisfied=SATISFIED) -> str:
    rows = ["response_id | team | kind | answered_at | score | scale_min | scale_max"]
    for team, months in satisfied.items():
        for month, met in zip(MONTHS, months, strict=True):
            rows += [
                f"{team}{month}{number} | {team} | csat | {month}-03T{number % 24:02d}:00Z | {5 if number < met else 1}"
                " | 1 | 5"
                for number in range(100)
            ]
    return "\n".join(rows)


# Tickets of two teams: first responses of Nord in April 1 to 40 hours and in May a quarter of that; Ost has none.
def tickets() -> str:
    rows = ["ticket_id | team | created_at | first_response_at | resolved_at"]
    for month, factor in (("2026-04", 60), ("2026-05", 15)):
        for number in range(1, 41):
            minutes = number * factor
            day = 5 + minutes // 1440
            at = f"{month}-{day:02d}T{minutes % 1440 // 60:02d}:{minutes % 60:02d}Z"
            rows.append(f"N{month}{number} | Nord | {month}-05T00:00Z | {at} | {at}")
    return "\n".join(rows)


@pytest.fixture(scope="module")
def acme(tmp_path_factory):
    return store(tmp_path_factory.mktemp("acme"), TOML, audit=AUDIT, surveys=surveys(), tickets=tickets())


@pytest.fixture(scope="module")
def made(acme):
    return company.open(workspace=str(acme.workspace.root), period="2026-05")


def by_id(section) -> dict:
    return {exhibit.id: exhibit.as_json() for exhibit in section}


def headline(made, team: str, measure: str, statistic: str):
    context = next(one for one in made.company.teams if one.team == team)
    return context.headlines[measure, statistic]


def test_changes_are_adjusted_for_all_comparisons_of_all_teams(made):
    tests = [
        one.p for team in made.company.teams for found in team.headlines.values() for one in found.comparisons
        if one.p is not None
    ]  # fmt: skip
    (vest,) = headline(made, "Vest", "csat", "share").comparisons
    (ost,) = headline(made, "Ost", "csat", "share").comparisons
    p_vest = chi2_contingency([[40, 60], [72, 28]], correction=False).pvalue
    p_ost = chi2_contingency([[84, 16], [60, 40]], correction=False).pvalue
    assert (vest.p, ost.p) == (pytest.approx(p_vest), pytest.approx(p_ost))
    # Holm: the smallest of m times m, the next times m - 1, and so on
    order = sorted(tests)
    for one in (vest, ost):
        steps = [p * (len(tests) - place) for place, p in enumerate(order) if p <= one.p * (1 + 1e-9)]
        assert one.adjusted == pytest.approx(min(max(steps), 1))
    assert vest.is_change and ost.is_change
    assert not headline(made, "Sor", "csat", "share").changes


def test_who_changed_for_certain_is_told_better_ones_first(made):
    shown = by_id(made.summary())["company-changes"]
    assert plain(shown["title"]) == (
        "Of 5 teams, 2 improved for certain in at least one measure and 1 got worse in one"
    )
    satisfied = [[row[0], plain(row[2]), plain(row[3]), row[5]["tone"]] for row in shown["rows"] if "satisf" in row[1]]
    assert next(row for row in satisfied if row[0] in ("Ost", "Vest")) == ["Ost", "84 %", "60 % (April 2026)", "good"]
    assert ["Vest", "40 %", "72 % (April 2026)", "bad"] in satisfied
    tones = [row[5]["tone"] for row in shown["rows"]]
    assert tones == sorted(tones, key=("good", "bad", "neutral").index)


def test_no_certain_change_is_said_in_one_sentence(tmp_path):
    steady = {team: (months[0],) * 3 for team, months in SATISFIED.items()}
    of = store(tmp_path, TOML, audit=AUDIT, surveys=surveys(steady))
    (only,) = company.open(workspace=str(of.workspace.root), period="2026-05").summary()
    assert plain(only.as_json()["title"]) == "No team changed for certain in May 2026"


def test_teams_stand_in_the_order_of_their_names_with_the_verdicts_as_marks(made):
    shown = by_id(made.together())["company-together"]
    assert [row[0] for row in shown["rows"]] == ["Inn", "Nord", "Ost", "Sor", "Vest"]
    column = [one["label"] for one in shown["columns"]].index("Customer satisfaction (CSAT)")
    cells = {row[0]: row[column] for row in shown["rows"]}
    assert (plain(cells["Nord"]["text"]), cells["Nord"]["tone"]) == ("80 %", "good")
    assert (plain(cells["Vest"]["text"]), cells["Vest"]["tone"]) == ("40 %", "bad")  # 30.9 to 49.8 %
    assert plain(shown["title"]) == "Of 5 targets of all teams, 4 are met for certain"


def test_small_charts_name_who_changed_and_have_every_figure_beside_them(made):
    shown = by_id(made.multiples())["company-csat"]
    assert plain(shown["title"]) == "Customer satisfaction (CSAT): better for certain Ost; worse Vest"
    assert [[row[0], plain(row[1]), row[3]] for row in shown["table"]["rows"]] == [
        ["Inn", "81 %", "100"], ["Nord", "80 %", "100"], ["Ost", "84 %", "100"], ["Sor", "80 %", "100"],
        ["Vest", "40 %", "100"],
    ]  # fmt: skip
    for team in SATISFIED:
        assert f">{team}</text>" in shown["svg"]


def test_a_funnel_holds_the_teams_against_chance(made):
    shown = by_id(made.funnels())["company-funnel-csat"]
    # 365 of 500: 73 %; 40 of 100 lies far below the exact limits
    rows = {row[0]: row for row in shown["table"]["rows"]}
    assert rows["Vest"][2] == "100" and "73" in shown["svg"]
    outside = [name for name, row in rows.items() if row[-1] != "within the limits"]
    told = "none stands apart" if not outside else ", ".join(outside)
    assert told in plain(shown["title"])


def test_three_teams_are_too_few_for_a_funnel(tmp_path):
    three = {team: SATISFIED[team] for team in ("Vest", "Nord", "Ost")}
    of = store(tmp_path, TOML, audit=AUDIT, surveys=surveys(three))
    (only,) = company.open(workspace=str(of.workspace.root), period="2026-05").funnels()
    assert "Too few teams" in texts(only)


def test_each_team_has_a_page_of_its_own(made):
    first, *rest = list(made.teams())
    assert plain(first.as_json()["title"]) == "Where each of the 5 teams stands" and len(first.as_json()["items"]) == 5
    assert [str(one.data["title"]).split(":")[0] for one in rest] == ["Inn", "Nord", "Ost", "Sor", "Vest"]
    assert all(one.data["own_page"] for one in rest)


def test_samples_of_all_teams_are_those_of_each(acme):
    rows = CompanyRows(acme, ["Nord", "Ost"], [MAY.previous(), MAY], acme.meta.as_of)
    measure = CATALOGUE["first_response_time"]
    assert sorted(rows.sample("Nord", measure, MAY)) == [number * 900.0 for number in range(1, 41)]
    assert sorted(rows.sample("Nord", measure, MAY.previous())) == [number * 3600.0 for number in range(1, 41)]
    assert len(rows.sample("Ost", measure, MAY)) == 0
    durations, ended = rows.durations("Nord", CATALOGUE["resolution_time_all"], MAY)
    assert len(durations) == 40 and np.all(ended)


@pytest.mark.parametrize(("teams", "there"), [("", 5), ('["Ost", "Vest"]', 2)])
def test_teams_may_be_named(acme, teams, there):
    opened = company.open(workspace=str(acme.workspace.root), teams=teams, period="2026-05")
    assert len(opened.company.teams) == there


@pytest.mark.parametrize(
    ("teams", "message"), [("Ost", "is not a list of names"), ('["Ost", "Vets"]', "Did you mean 'Vest'?")]
)
def test_teams_that_do_not_exist_are_refused(acme, teams, message):
    with pytest.raises(UsageError, match=message.replace("?", r"\?")):
        company.open(workspace=str(acme.workspace.root), teams=teams, period="2026-05")


def test_a_team_without_data_in_the_period_is_left_out(tmp_path):
    gone = surveys({"Nord": (80, 80, 80)}) + "\nx | Gone | csat | 2026-03-10T00:00Z | 5 | 1 | 5"
    of = store(tmp_path, TOML, audit=AUDIT, surveys=gone)
    assert [one.team for one in company.open(workspace=str(of.workspace.root)).company.teams] == ["Nord"]


# --- a real run


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ran")
    workspace(folder, TOML, audit=AUDIT, surveys=surveys(), tickets=tickets())
    assert auditkit("run", "company", "-w", folder, "--no-pdf") == 0
    return folder


def test_a_run_makes_one_report_of_all_teams_in_the_clients_folder(ran):
    edition = ran / "reports" / "Acme-Oy" / "2026-05"
    page = (edition / "company.html").read_text(encoding="utf-8")
    assert "Who changed for certain" in page and "league table" in page
    made = manifest(edition)["reports"]["company"]
    assert {one["team"] for one in made["figures"]} == set(SATISFIED)
    assert [path.name for path in (ran / "reports").iterdir() if path.name != "2026-05"] == ["Acme-Oy"]


def test_it_is_not_made_again_and_status_knows_it(ran, capsys):
    assert auditkit("run", "company", "-w", ran, "--no-pdf") == 0
    assert "1 up to date" in capsys.readouterr().err
    assert auditkit("status", "-w", ran, "--format", "json") == 0
    (edition,) = json.loads(capsys.readouterr().out)["editions"]
    assert (edition["team"], edition["report"], edition["state"]) == ("Acme Oy", "company", "up to date")


def test_a_client_with_the_name_of_a_team_is_refused(tmp_path, capsys):
    workspace(tmp_path, TOML, audit=AUDIT, surveys=surveys({"Acme Oy": (80, 80, 80), "Nord": (80, 80, 80)}))
    assert auditkit("run", "company", "-w", tmp_path, "--no-pdf") == 2
    assert "is also the name of a team" in capsys.readouterr().err
