"""What changes have brought, on the sample whose truth is known, and on small workspaces where nothing can be told."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from checking import load_frames
from small_report import plain, texts

from auditkit import change_impact
from auditkit.cli import main
from auditkit.clocks.period import parse_period
from auditkit.errors import UsageError
from auditkit.impact.series import Study
from auditkit.load import load
from auditkit.shipped import shipped
from auditkit.workspace import open_workspace

TEAMS = ("Almaty", "Helsinki", "London", "Oslo")
FACTOR = 0.55  # by which the generator of the sample shortened London's waits
MEASURES_OF_WAITING = {"resolution_time"}  # what waits for the first response waits less too


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """The sample, loaded."""
    folder = tmp_path_factory.mktemp("changes") / "sample"
    shutil.copytree(shipped("sample"), folder, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    load(open_workspace(folder))
    return folder


@pytest.fixture(scope="module")
def audits(sample):
    """The changes of each team of the sample, studied once."""
    return {team: change_impact.open(str(sample), team, language="en") for team in TEAMS}


def named(audit) -> Study:
    (impact,) = audit.impacts
    return impact.named


def asked(audit, change: str = "", period: str = ""):
    """The same audit asked anew: for one change, or until another period."""
    context = replace(audit.context, period=parse_period(period)) if period else audit.context
    return change_impact.ChangeAudit(context, audit.store, change)


def by_id(section) -> dict[str, dict]:
    return {one.id: one.as_json() for one in section}


# --- the sample


def test_the_planted_change_is_found_within_the_interval_of_its_size(sample, audits):
    planted = json.loads((sample / "planted.json").read_text(encoding="utf-8"))["effects"]["process_change"]["London"]
    study = named(audits["London"])
    assert study.verdict.kind == "as_expected"  # half the waiting time, as changes.csv says
    for estimate in (study.verdict.effect, study.verdict.series.level, *study.verdict.teams.left_out):
        assert estimate.sign == -1
        assert estimate.holds(math.log(FACTOR)) and estimate.holds(math.log(planted["ratio"]))
    assert sorted(study.series.others) == ["Almaty", "Helsinki", "Oslo"]


@pytest.mark.parametrize("team", ["Helsinki", "Oslo"])
def test_no_effect_is_claimed_where_none_was_planted(audits, team):
    (impact,) = audits[team].impacts
    assert impact.named.verdict.kind == "none"
    assert [one.series.subject.id for one in studies(impact) if one.verdict.is_found] == []


def studies(impact) -> list[Study]:
    return [*impact.beside, *impact.orders, *impact.work]


def test_beside_the_planted_change_only_what_hangs_on_it_moved(audits):
    (impact,) = audits["London"].impacts
    found = {one.series.subject.id for one in studies(impact) if one.verdict.is_found}
    assert found <= MEASURES_OF_WAITING
    assert len(studies(impact)) >= 10


def test_the_same_reckoning_finds_nothing_in_teams_that_did_not_change(audits):
    for team in ("Helsinki", "London", "Oslo"):
        assert all(one.holds(0.0) for one in named(audits[team]).verdict.teams.placebos)


def test_a_team_with_a_change_of_its_own_is_no_comparison(audits):
    (impact,) = audits["Helsinki"].impacts
    response = next(one for one in impact.beside if one.series.subject.id == "first_response_time_business")
    assert [(one.team, one.why) for one in response.series.left_out] == [("London", "changed")]


def test_the_page_says_verdict_size_and_assumptions(audits):
    glance, shown = by_id(audits["London"].verdicts()), by_id(audits["London"].changes())
    assert plain(glance["changes-verdicts"]["rows"][0][-1]["text"]) == "Effect found, of the size expected"
    assert "effect found, of the size expected" in shown["change-1"]["title"]
    assert any("Half the waiting time" in one["text"] for one in shown["change-1"]["items"])
    said = " ".join(one["text"] for one in shown["change-1-assumptions"]["items"])
    assert "in parallel with Almaty, Helsinki and Oslo" in said and "nobody began to record" in said
    assert {"change-1-series", "change-1-teams", "change-1-estimates", "change-1-placebos", "change-1-beside",
        "change-1-comments", "change-1-read", "change-1-business", "change-1-cost"} <= shown.keys()  # fmt: skip


def test_comments_are_counted_by_score_and_a_few_are_shown_the_same_each_time(sample, audits):
    (impact,) = audits["London"].impacts
    frame = load(open_workspace(sample)).frame("surveys", "London")
    rated = frame[(frame["kind"] == "csat") & frame["comment"].notna() & ~frame["invalidated"].fillna(False)]
    before, after = impact.commented
    for side, period in enumerate((before, after)):
        days = pd.to_datetime(rated["answered_on"]).dt.date
        within = rated[(days >= period.start) & (days < period.end)]
        assert [impact.comments.comments[band][side] for band in ("low", "middle", "high")] == [
            int((within["score"] <= 2).sum()), int((within["score"] == 3).sum()), int((within["score"] >= 4).sum())
        ]  # fmt: skip
    again = asked(audits["London"]).impacts[0].comments
    assert again.sample == impact.comments.sample and [len(side) for side in again.sample] == [5, 5]


def test_orders_are_those_within_thirty_days_of_a_contact(sample, audits):
    """One week of London counted again with pandas."""
    (impact,) = audits["London"].impacts
    share = next(one.series for one in impact.orders if one.series.subject.id == "order_share")
    week = share.window.periods[10]
    store = load(open_workspace(sample))
    with store.connect() as con:
        contacts = con.sql("SELECT customer_id, epoch_us(\"at\") AS at, at_on FROM contacts WHERE team = 'London'").df()
        orders = con.sql("SELECT customer_id, epoch_us(ordered_at) AS at FROM team_orders WHERE team = 'London'").df()
    days = pd.to_datetime(contacts["at_on"]).dt.date
    first = contacts[(days >= week.start) & (days < week.end)].dropna().groupby("customer_id")["at"].min()
    month = 30 * 86_400_000_000
    ordered = [
        bool(((orders["customer_id"] == who) & (orders["at"] > at) & (orders["at"] <= at + month)).any())
        for who, at in first.items()
    ]
    assert (share.own[0][10], share.own[1][10]) == (pytest.approx(np.mean(ordered)), len(ordered))
    assert np.isnan(share.own[0][-1])  # its thirty days are not over


def test_a_team_without_a_change_gets_a_page_that_says_so(audits):
    glance, shown = by_id(audits["Almaty"].verdicts()), by_id(audits["Almaty"].changes())
    assert plain(glance["changes-none"]["title"]) == "No dated change of Almaty can be looked at"
    assert list(shown) == ["changes-each"]


def test_a_change_is_chosen_by_its_title_or_its_day(audits):
    for words in ("New phone menu", "2025-10-01"):
        assert [one.title for one in asked(audits["Oslo"], words)._chosen] == ["New phone menu"]
    with pytest.raises(UsageError, match="is not a dated change of Oslo"):
        asked(audits["Oslo"], "New phone men")
    with pytest.raises(UsageError, match="lies outside the data"):
        asked(audits["London"], "2026-02-01", "2025-12")


def test_until_a_period_before_it_the_change_has_not_happened(audits):
    audit = asked(audits["London"], period="2026-01")
    assert audit.impacts == ()
    assert "Outside the time looked at" in texts(audit.verdicts()[0])


def test_the_notebook_is_a_report_of_one_team(sample):
    """Of the team without a change, which takes the least time; a parameter chooses among changes."""
    assert main(["run", "change_impact", "-w", str(sample), "--team", "Almaty", "--no-pdf"]) == 0
    page = plain((sample / "reports" / "Almaty" / "2026-05" / "change_impact.html").read_text(encoding="utf-8"))
    assert "Эффект изменений" in page and "нет датированных изменений" in page
    wrong = ["run", "change_impact", "-w", str(sample), "--team", "Almaty", "--no-pdf", "--param", "chnage=x"]
    assert main(wrong) == 2


# --- small workspaces

START = pd.Timestamp("2026-01-05", tz="UTC")  # a Monday


def tickets(teams: dict[str, float], weeks: int = 25, a_week: int = 20, at: int = 15, start=START) -> pd.DataFrame:
    """Answers after some hours by each team, times a factor from week ``at`` on."""
    rng = np.random.default_rng(1)
    parts = []
    for team, factor in teams.items():
        week = np.repeat(np.arange(weeks), a_week)
        created = start + pd.to_timedelta(week * 7 * 86400 + rng.integers(0, 7 * 86400, len(week)), unit="s")
        waits = rng.lognormal(np.log(7200), 0.5, len(week)) * np.where(week >= at, factor, 1)
        parts.append(pd.DataFrame({"team": team, "created_at": created,
            "first_response_at": created + pd.to_timedelta(np.round(waits), unit="s")}))  # fmt: skip
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(ticket_id=np.arange(len(frame)))


def changes(*rows: dict) -> pd.DataFrame:
    base = {"at": START + pd.Timedelta(weeks=15), "team": "A", "title": "Triage", "measure": "first_response_time",
        "direction": "down"}  # fmt: skip
    return pd.DataFrame([base | row for row in rows])


def studied(folder, frame: pd.DataFrame, listed: pd.DataFrame, team: str = "A"):
    load_frames(folder, tickets=frame, changes=listed)
    return change_impact.open(str(folder), team, "2026-06", language="en")


def test_half_a_year_with_a_team_beside_it_is_enough(tmp_path):
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({"expected_ratio": 0.5}))
    assert named(audit).verdict.kind == "as_expected"
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({"expected_ratio": 0.9}))
    assert named(audit).verdict.kind == "larger"
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({"direction": "up"}))
    assert named(audit).verdict.kind == "other_way"


def test_half_a_year_of_a_team_alone_concludes_nothing_and_says_why(tmp_path):
    audit = studied(tmp_path, tickets({"A": 0.5}), changes({}))
    assert "span less than a year" in texts(audit.verdicts()[0])
    shown = by_id(audit.changes())
    assert "change-1-teams" not in shown and "change-1-series" in shown
    assert any("No team can be compared" in one["text"] for one in shown["change-1-assumptions"]["items"])


def test_a_change_of_all_teams_leaves_none_to_compare_with(tmp_path):
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 0.5}), changes({"team": None}))
    (left,) = named(audit).series.left_out
    assert (left.team, left.why, left.change.title) == ("B", "changed", "Triage")
    assert named(audit).verdict.why == "season"


def test_two_changes_of_one_day_on_one_measure_cannot_be_told_apart(tmp_path):
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({}, {"title": "A new rota"}))
    assert [one.why_not for one in audit.impacts] == ["together", "together"]
    said = texts(audit.verdicts()[0])
    assert "“Triage” took effect on the same day" in said and "“A new rota” took effect on the same day" in said


def test_another_change_of_the_measure_bounds_the_weeks_that_are_looked_at(tmp_path):
    later = {"at": START + pd.Timedelta(weeks=18), "title": "Undone"}
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({}, later))
    first, second = audit.impacts
    assert (first.named.series.window.before, first.named.series.window.after) == (15, 3)
    assert first.named.verdict.why == "few_after"
    assert (second.named.series.window.before, second.named.verdict.why) == (3, "few_before")
    assert "only 3 whole weeks lie after it, and 4 are needed" in texts(audit.verdicts()[0])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"measure": None}, "the change names no measure that it should move"),
        ({"measure": "happiness"}, "no measure is called “happiness”"),
        ({"measure": "csat"}, "has no figures"),
    ],
)
def test_a_change_whose_measure_cannot_be_looked_at_says_why(tmp_path, row, words):
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes(row))
    assert f"Cannot conclude, because {words}" in texts(audit.verdicts()[0]) or words in texts(audit.verdicts()[0])
    assert "change-1-beside" in by_id(audit.changes())  # what else moved is told all the same


def test_few_tickets_a_week_are_looked_at_by_four_weeks(tmp_path):
    frame = tickets({"A": 0.3, "B": 1.0}, weeks=40, a_week=3, at=28, start=START - pd.Timedelta(weeks=15))
    audit = studied(tmp_path, frame, changes({"at": START + pd.Timedelta(weeks=13)}))
    assert named(audit).series.window.days == 28
    assert named(audit).verdict.is_found


def test_a_title_by_a_stranger_is_only_text(tmp_path):
    title = '<script>alert(1)</script> {0} "; import os # ' + "long " * 60
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({"title": title}))
    shown = by_id(audit.changes())
    assert "<script>" not in shown["change-1-series"]["svg"]
    assert len(shown["change-1"]["title"]) < 250


def test_no_orders_and_no_comments_are_said_to_be_missing(tmp_path):
    audit = studied(tmp_path, tickets({"A": 0.5, "B": 1.0}), changes({}))
    shown = by_id(audit.changes())
    assert "No source has orders" in " ".join(shown["change-1-cost"]["paragraphs"])
    assert shown["change-1-comments"]["title"] == "No customer's comments around the change"


def test_of_many_teams_the_largest_are_compared(tmp_path):
    frame = tickets({"A": 0.5} | {f"T{number:02d}": 1.0 for number in range(15)})
    small = frame["team"].isin(["T03", "T07", "T11"]) & (frame["ticket_id"] % 2 == 0)
    audit = studied(tmp_path, frame[~small], changes({}))
    series = named(audit).series
    assert len(series.others) == 12 and not {"T03", "T07", "T11"} & set(series.others)
    assert "not with 3 smaller teams" in plain(by_id(audit.changes())["change-1-teams"]["note"])


def test_work_is_told_in_money_where_an_hour_has_a_price(tmp_path):
    """A ticket takes ten minutes before and five after, which at 36 an hour is 6 and 3."""
    frame = tickets({"A": 1.0, "B": 1.0})
    after = (frame["team"] == "A") & (frame["created_at"] >= START + pd.Timedelta(weeks=15))
    frame["resolved_at"] = frame["first_response_at"]
    frame["handle_seconds"] = np.where(after, 300, 600) + np.random.default_rng(1).integers(-60, 61, len(frame))
    load_frames(tmp_path, '[costs]\nhour = 36\ncurrency = "EUR"\n', tickets=frame, changes=changes({}))
    audit = change_impact.open(str(tmp_path), "A", "2026-06", language="en")
    shown = by_id(audit.changes())
    row = [plain(cell) if isinstance(cell, str) else cell for cell in shown["change-1-business"]["rows"][0]]
    assert row[0] == "Cost of handling a ticket"
    assert [float(cell.removesuffix(" EUR")) for cell in row[1:3]] == pytest.approx([6, 3], abs=0.15)
    assert row[3].startswith("−50 %") or row[3].startswith("−49 %") or row[3].startswith("−51 %")
    assert "at 36.00 EUR an hour" in plain(shown["change-1-business"]["note"])
    assert shown["change-1-cost"]["paragraphs"][-1] == "What the change itself cost is not in the data."


def test_without_a_price_work_is_told_in_time(audits):
    shown = by_id(audits["London"].changes())
    assert plain(shown["change-1-business"]["rows"][-1][0]).startswith("Average handle time")
    assert any("has no price in audit.toml" in text for text in shown["change-1-cost"]["paragraphs"])
