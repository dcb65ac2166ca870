"""Figures that others published, reached from their files: through a workspace, or through a frame in a notebook.

The files are public and lie beside the repository, not in it; each test says so and is skipped where they are absent.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from support import one

import auditkit
from auditkit.evaluation.evaluate import evaluate
from auditkit.evidence.rows_behind import evidence
from auditkit.load import load
from auditkit.store import Store
from auditkit.workspace import open_workspace

SHARED = Path(__file__).parents[2] / "shared" / "data"
PREPBENCH = SHARED / "prepbench"
HELP_DESK = SHARED / "rwfd-helpdesk" / "Help Desk.csv"


def case(number: str) -> Path:
    folder = PREPBENCH / f"case_{number}" / "inputs"
    if not folder.is_dir():
        pytest.skip(f"case {number} of PrepBench is not beside the repository")
    return folder


def made(folder: Path, toml: str) -> Store:
    (folder / "audit.toml").write_text(toml, encoding="utf-8")
    return load(open_workspace(folder))


# --- case 059: IT support, tickets with a log of statuses, service levels of 7, 11 or 18 business days by department


@pytest.fixture(scope="module")
def support_desk(tmp_path_factory) -> Store:
    """One row per ticket: opened by the first status, resolved by `Closed`; its department stands in its number."""
    inputs, folder = case("059"), tmp_path_factory.mktemp("support_desk")
    log = pd.concat([pd.read_csv(inputs / f"input_0{number}.csv") for number in (2, 3, 4)])
    log = log.sort_values(["Ticket", "Timestamp"], kind="stable")
    log["resolved"] = log["Timestamp"].where(log["Status Name"] == "Closed")
    tickets = log.groupby("Ticket").agg(
        created=("Timestamp", "first"), status=("Status Name", "last"), resolved=("resolved", "last")
    )
    names = tickets.index.to_series().str.split(" / ", expand=True).set_axis(["id", "department", "asker"], axis=1)
    names.join(tickets).to_csv(folder / "tickets.csv", index=False)
    with (inputs / "input_01.csv").open(newline="", encoding="utf-8") as stream:
        levels = {row["Department"]: f"{row['SLA Agreement']}d" for row in csv.DictReader(stream)}
    within = "{ " + ", ".join(f'"{name}" = "{days}"' for name, days in levels.items()) + " }"
    toml = f"""
[audit]
client = "PrepBench"
as_of = 2020-03-16T00:00:00Z
[[source]]
table = "tickets"
path = "tickets.csv"
dates = "iso"
[source.constants]
team = "IT support"
[source.columns]
ticket_id = "id"
created_at = "created"
resolved_at = "resolved"
status = "status"
priority = "department"
customer_id = "asker"
[hours.default]
mon-fri = "24h"      # a business day is a weekday, counted to the minute
[targets]
resolved_within = {{ within = {within} }}
resolved_within_business = {{ within = {within} }}
"""
    return made(folder, toml)


@pytest.mark.parametrize(("measure", "missed"), [("resolved_within_business", 32), ("resolved_within", 56)])
def test_32_of_103_closed_tickets_miss_their_business_days_and_56_their_calendar_days(support_desk, measure, missed):
    closed = one(evaluate(support_desk, [measure], by="status"), group="Closed")
    assert (closed["n"], closed["denominator"] - closed["numerator"]) == (103, missed)


@pytest.mark.parametrize(("measure", "missed"), [("resolved_within_business", 32), ("resolved_within", 56)])
def test_the_closed_tickets_that_miss_can_be_listed(support_desk, measure, missed):
    rows = evidence(support_desk, measure, "IT support", None, by="status", group="Closed")
    assert (len(rows), (~rows["met"]).sum()) == (103, missed)


def test_all_665_tickets_of_the_log_are_there_and_103_are_closed(support_desk):
    found = evaluate(support_desk, ["tickets_received", "tickets_resolved"])
    assert list(found["value"]) == [665, 103]


def test_overdue_open_tickets_count_as_missed_in_the_measure_itself(support_desk):
    all_due = one(evaluate(support_desk, ["resolved_within_business"]))
    assert all_due["numerator"] == 71 and all_due["n"] > 103


# --- case 122: would you recommend this airline?


@pytest.fixture(scope="module")
def airlines(tmp_path_factory) -> Store:
    """The answers carry no date: all are given one day, so there is one period."""
    inputs = case("122")
    toml = f"""
[audit]
client = "PrepBench"
as_of = 2026-01-02T00:00:00Z
[[source]]
table = "surveys"
path = "{inputs.as_posix()}/input_0*.csv"
[source.constants]
kind = "nps"
answered_at = "2026-01-01"
[source.columns]
response_id = ["Airline", "CustomerID"]
team = "Airline"
customer_id = "CustomerID"
score = "How likely are you to recommend this airline?"
"""
    return made(tmp_path_factory.mktemp("airlines"), toml)


def test_prep_air_has_a_net_promoter_score_of_21_20_from_184_answers(airlines):
    found = one(evaluate(airlines, ["nps"], ["Prep Air"]))
    assert found["n"] == 184
    assert round(100 * found["value"], 2) == 21.20
    rows = evidence(airlines, "nps", "Prep Air", None)
    assert (rows["plus"].sum(), rows["minus"].sum()) == (74, 35)  # 40.22 % and 19.02 %


def test_every_answer_of_99_airlines_counts(airlines):
    found = evaluate(airlines, ["nps"])
    assert (len(found), found["n"].sum(), (found["n"] >= 50).sum()) == (99, 5907, 59)


# --- case 158: call-centre agents, counts per agent and month; the first four months have other headers


@pytest.fixture(scope="module")
def agent_months() -> pd.DataFrame:
    inputs = case("158")
    months = [
        pd.read_csv(inputs / f"input_{number:02d}.csv").rename(columns=lambda name: name.removeprefix("Calls "))
        .assign(month=f"2021-{number:02d}-15")
        for number in range(1, 13)
    ]  # fmt: skip
    return pd.concat(months).dropna(subset=["Offered", "Answered"])


def test_the_answer_rate_of_all_calls_is_pooled_and_not_the_mean_of_the_rates(agent_months):
    by_outcome = agent_months.melt(["AgentID", "month"], ["Answered", "Not Answered"], "outcome", "calls")
    calls = by_outcome.loc[by_outcome.index.repeat(by_outcome["calls"].astype(int)), ["AgentID", "month", "outcome"]]
    frame = pd.DataFrame(
        {
            "offered_at": pd.to_datetime(calls["month"]).to_numpy(),
            "agent": calls["AgentID"].astype(str).to_numpy(),
            "answered": (calls["outcome"] == "Answered").to_numpy(),
        }
    )
    found = one(auditkit.measure("answer_rate", frame, as_of="2022-01-01T00:00:00+00:00"))
    assert (found["denominator"], found["denominator"] - found["numerator"]) == (1_050_093, 62_847)
    assert round(100 * (1 - found["value"]), 3) == 5.985
    rates = agent_months["Not Answered"] / agent_months["Offered"]
    assert round(100 * rates.mean(), 3) == 6.356  # what the product must not say


# --- a help desk whose unknown satisfaction is written as 0


def test_unknown_satisfaction_is_no_answer(tmp_path):
    if not HELP_DESK.is_file():
        pytest.skip("the help desk of Real World Fake Data is not beside the repository")
    toml = f"""
[audit]
client = "Help Desk"
[[source]]
table = "surveys"
path = "{HELP_DESK.as_posix()}"
dates = "day-first"
missing = ["0 - Unknown", ""]
[source.constants]
kind = "csat"
team = "Help Desk"
scale_min = 0
scale_max = 1
[source.columns]
response_id = "ticket_number"
ticket_id = "ticket_number"
answered_at = "created_date"
score = "statisfaction_score"
[source.values.score]
"1 - Unsatisfied" = 0
"2 - Satisfied" = 1
"3 - Highly Satisfied" = 1
"""
    found = one(evaluate(made(tmp_path, toml), ["csat"]))
    assert (found["numerator"], found["n"]) == (2543 + 1981, 5583)
    assert round(100 * found["value"], 2) == 81.03
