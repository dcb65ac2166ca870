"""What an analyst calls: the same figure from the store, from a frame at hand, and in the command line's JSON."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from generated import drawn as drawn_rows
from generated import tables
from support import one, table, utc, workspace

import auditkit
from auditkit.clocks.period import parse_period
from auditkit.errors import AuditError, UsageError
from auditkit.evaluation.evaluate import evaluate
from auditkit.measures import CATALOGUE
from auditkit.relations import RELATIONS

HOURS = {"mon-fri": "08:00-16:00"}
TOML = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "4h" }
first_response_within_business = { within = "4h" }
resolved_within = { within = "48h" }
resolved_within_business = { within = "16h" }
service_level = { within = "30s", at_least = 0.8 }
"""
AUDIT = 'timezone = "Europe/Helsinki"\nas_of = 2026-04-20T12:00:00Z'
COLUMNS = ["statistic", "variant", "team", "value", "low", "high", "numerator", "denominator", "n", "completeness"]
COLUMNS += ["available", "reason"]


def drawn(columns: dict[str, object], rows: int) -> str:
    """The columns as a drawn table."""
    cells = [[str(value) for value in np.broadcast_to(values, rows)] for values in columns.values()]
    lines = [" | ".join(row).replace("NaT", "").replace("nan", "") for row in zip(*cells, strict=True)]
    return "\n".join([" | ".join(columns), *lines])


def instants(start: str, seconds: np.ndarray, known: np.ndarray | bool = True) -> np.ndarray:
    moments = np.datetime64(start, "s") + seconds.astype("timedelta64[s]")
    return np.where(known, np.char.add(moments.astype(str), "Z"), "")


def small_workspace(folder):
    """Three months of two teams, seeded, with every table that a measure is of; no call says where it was left."""
    rng = np.random.default_rng(7)
    rows = 300
    created = rng.integers(0, 100 * 86400, rows)
    answered = created + rng.exponential(6 * 3600, rows).astype(int)
    resolved = answered + rng.exponential(40 * 3600, rows).astype(int)
    tickets = {
        "ticket_id": np.arange(rows),
        "team": rng.choice(["North", "South"], rows),
        "customer_id": rng.integers(0, 120, rows),
        "reason": rng.choice(["bill", "line", ""], rows),
        "channel": rng.choice(["email", "chat", ""], rows),
        "created_at": instants("2026-01-05", created),
        "first_response_at": instants("2026-01-05", answered, rng.random(rows) < 0.9),
        "resolved_at": instants("2026-01-05", resolved, rng.random(rows) < 0.8),
        "reopens": rng.integers(0, 2, rows),
        "replies": rng.integers(0, 4, rows),
        "customer_replies": rng.integers(0, 3, rows),
        "sla_resolution_met": rng.choice(["true", "false", ""], rows),
        "excluded": np.where(rng.random(rows) < 0.05, "spam", ""),
    }
    was_answered = rng.random(rows) < 0.8
    calls = {
        "call_id": np.arange(rows),
        "team": rng.choice(["North", "South"], rows),
        "customer_id": rng.integers(0, 120, rows),
        "offered_at": instants("2026-01-05", rng.integers(0, 100 * 86400, rows)),
        "answered": np.where(was_answered, "yes", "no"),
        "wait_seconds": rng.integers(0, 90, rows),
        "talk_seconds": np.where(was_answered, rng.integers(20, 900, rows).astype(str), ""),
        "resolved": np.where(was_answered, rng.choice(["yes", "no"], rows), ""),
    }
    kind = rng.choice(["csat", "ces", "nps"], rows)
    sent = rng.integers(0, 100 * 86400, rows)
    replied = rng.random(rows) < 0.6
    surveys = {
        "response_id": np.arange(rows),
        "team": rng.choice(["North", "South"], rows),
        "kind": kind,
        "sent_at": instants("2026-01-05", sent),
        "answered_at": instants("2026-01-05", sent + 3600, replied),
        "score": np.where(replied, rng.integers(1, 6, rows).astype(str), ""),
    }
    frames = {"tickets": tickets, "calls": calls, "surveys": surveys}
    return workspace(folder, TOML, audit=AUDIT, **{name: drawn(columns, rows) for name, columns in frames.items()})


@pytest.fixture(scope="module")
def audit(tmp_path_factory) -> auditkit.analyst.Audit:
    space = small_workspace(tmp_path_factory.mktemp("small"))
    return auditkit.open(str(space.root))


@pytest.mark.parametrize(
    "name", [name for name, found in CATALOGUE.items() if found.of in ("tickets", "calls", "surveys")]
)
def test_a_measure_of_a_frame_is_the_store_s_figure(audit, name):
    """Every variant, per team, over March; the target's limit goes along."""
    targets = audit.store.workspace.config.targets
    own = auditkit.measure(
        name,
        audit.frame(CATALOGUE[name].of),
        period="2026-03",
        variants=True,
        timezone="Europe/Helsinki",
        hours=HOURS,
        as_of=audit.as_of,
        target=targets["resolved_within"] if name == "sla_coverage" else targets.get(name),
        calls=audit.calls,
        others={"surveys": audit.surveys} if name == "fcr" else None,
    )
    stored = audit.measures(name, periods=["2026-03"], variants=True)
    assert set(own["team"]) == {"North", "South"}
    pd.testing.assert_frame_equal(own[COLUMNS], stored[COLUMNS], check_dtype=False)


@pytest.fixture(scope="module")
def generated(tmp_path_factory) -> auditkit.analyst.Audit:
    """Three months of two teams with every table that derived relations are made of."""
    made = {name: drawn_rows(rows) for name, rows in tables(3).items()}
    audit = 'timezone = "Europe/Helsinki"\nas_of = 2026-07-10T00:00:00Z'
    return auditkit.open(str(workspace(tmp_path_factory.mktemp("generated"), audit=audit, **made).root))


# The tables that a relation is made of by themselves, and those that add to them.
BESIDE = {"scored_reviews": ("surveys",), "trainings": ("agents", "reviews"), "agent_days": ("tickets", "reviews")}
BESIDE |= {"team_orders": ("calls",), "customer_teams": ("calls",)}


@pytest.mark.parametrize(
    "name",
    [name for name, found in CATALOGUE.items() if found.of not in ("tickets", "calls", "surveys", "update_windows")],
)
def test_a_measure_of_a_derived_relation_is_the_store_s_figure_of_the_frames_that_it_is_made_of(generated, name):
    relation = RELATIONS[CATALOGUE[name].of]
    main, *others = (*relation.made_of, *BESIDE.get(relation.name, ()))
    own = auditkit.measure(
        name,
        generated.frame(main),
        others={other: generated.frame(other) for other in others},
        period="2026-Q2",
        variants=True,
        timezone="Europe/Helsinki",
        as_of=generated.as_of,
    )
    stored = generated.measures(name, periods=["2026-Q2"], variants=True)
    assert stored["available"].any()
    pd.testing.assert_frame_equal(own[COLUMNS], stored[COLUMNS], check_dtype=False)


def test_the_json_of_the_command_line_has_the_same_figures(audit):
    command = [
        sys.executable,
        "-c",
        "from auditkit.cli import main; main()",
        "measures",
        "-w",
        str(audit.store.workspace.root),
    ]
    printed = subprocess.run(
        [*command, "--format", "json", "--period", "2026-03", "--variants"], capture_output=True, text=True, check=True
    )
    document = json.loads(printed.stdout)
    assert (document["schema"], document["as_of"]) == (1, "2026-04-20T12:00:00Z")
    told = pd.DataFrame(document["results"]).astype(dict.fromkeys(("value", "low", "high", "n"), float))
    stored = evaluate(audit.store, periods=[parse_period("2026-03")], variants=True)
    keys = ["measure", "statistic", "variant", "team", "period", "available", "reason", "verdict"]
    pd.testing.assert_frame_equal(told[keys].fillna(""), stored[keys].fillna(""), check_dtype=False)
    numbers = ["value", "low", "high", "n"]
    pd.testing.assert_frame_equal(told[numbers], stored[numbers], check_dtype=False, rtol=1e-9)


# --- opening a workspace


def test_open_gives_the_rows_of_a_team_and_a_period(audit):
    of_march = auditkit.open(str(audit.store.workspace.root), "North", "2026-03")
    tickets = of_march.tickets
    assert set(tickets["team"]) == {"North"}
    assert {(day.year, day.month) for day in tickets["created_on"]} == {(2026, 3)}
    assert str(tickets["created_at"].dt.tz) == "UTC"
    assert (of_march.teams, of_march.as_of) == (["North", "South"], utc("2026-04-20T12:00:00"))
    assert one(of_march.measures("tickets_received"))["value"] == tickets["excluded"].isna().sum()


def test_last_month_is_the_last_that_is_over(audit):
    opened = auditkit.open(str(audit.store.workspace.root), "North", "last-month")
    assert opened.period.label == "2026-03"


def test_frames_state_their_units_and_hold_only_columns_that_exist(audit):
    calls = audit.calls
    assert calls.attrs["units"]["wait_seconds"] == "seconds" and calls.attrs["units"]["offered_at"] == "UTC"
    assert "abandoned_in" not in calls and "hold_seconds" not in calls
    assert "resolution_business_seconds" in audit.tickets


def test_opening_again_loads_only_what_changed(audit):
    root = str(audit.store.workspace.root)
    assert auditkit.open(root).store.generation == audit.store.generation


def test_a_team_that_does_not_exist_is_refused(audit):
    with pytest.raises(UsageError, match="Did you mean 'North'"):
        auditkit.open(str(audit.store.workspace.root), "Nort")


# --- a frame at hand


TICKETS = table("""
created_at       | first_response_at
2026-01-05 09:00 | 2026-01-05 10:00
2026-01-09 15:30 | 2026-01-12 08:30
""")


def test_naive_instants_are_in_the_zone_given():
    """Monday 09:00-10:00 and Friday 15:30 to Monday 08:30 are an hour each of Helsinki's office day."""
    found = auditkit.measure("first_response_time_business", TICKETS, timezone="Europe/Helsinki", hours=HOURS)
    assert list(found["value"]) == [3600, 3600, 3600]


def test_aware_instants_keep_their_own_zone():
    aware = TICKETS.apply(lambda column: pd.to_datetime(column).dt.tz_localize("Asia/Almaty"))
    found = auditkit.measure("tickets_received", aware, timezone="Asia/Almaty", period="2026-01-05")
    assert one(found)["value"] == 1


def test_the_frame_is_left_alone():
    before = TICKETS.copy()
    auditkit.measure("first_response_time", TICKETS)
    pd.testing.assert_frame_equal(TICKETS, before)


def test_a_frame_of_one_team_needs_no_team_and_no_ids():
    assert one(auditkit.measure("tickets_received", TICKETS))["team"] == "all"


def test_teams_and_groups_of_a_frame():
    frame = TICKETS.assign(team=["a", "b"], channel="email")
    found = auditkit.measure("tickets_received", frame, by="channel")
    assert list(zip(found["team"], found["group"], found["value"], strict=True)) == [
        ("a", "email", 1),
        ("b", "email", 1),
    ]


def test_an_index_that_is_not_a_range_does_no_harm():
    assert one(auditkit.measure("tickets_received", TICKETS.set_index(pd.Index(["x", "y"]))))["value"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"name": "tickets_recieved"}, "Did you mean 'tickets_received'"),
        ({"period": "May"}, "is not a period"),
        ({"timezone": "Mars"}, "is not a time zone"),
        ({"hours": {"mon": "8-99"}}, "hours"),
        ({"by": "colour"}, "is not known"),
        ({"frame": TICKETS.drop(columns="created_at")}, "lacks the column created_at"),
    ],
)
def test_an_argument_that_cannot_be_is_told(arguments, words):
    asked = {"name": "tickets_received", "frame": TICKETS} | arguments
    with pytest.raises(AuditError, match=words):
        auditkit.measure(asked.pop("name"), asked.pop("frame"), **asked)


def test_an_empty_frame_is_told():
    with pytest.raises(AuditError, match="no row"):
        auditkit.measure("tickets_received", TICKETS.iloc[:0])


def test_ratings_are_not_taken_for_those_of_calls_that_happen_to_stand_in_the_same_row():
    surveys = pd.DataFrame(
        {"kind": "csat", "score": 3, "scale_min": 1, "scale_max": 5, "answered_at": ["2026-05-04"] * 20}
    )
    calls = pd.DataFrame({"offered_at": ["2026-05-04"] * 20, "answered": False})
    assert one(auditkit.measure("csat", surveys, calls=calls))["n"] == 20
