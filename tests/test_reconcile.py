"""Reconciliation: what the source says of a ticket against what was recomputed, each explanation worked by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from support import store, utc

from auditkit.clocks.period import parse_period
from auditkit.errors import UsageError
from auditkit.evidence.differences import Comparison, explain
from auditkit.evidence.reconcile import BY_EXPLANATION, WORST, reconcile
from auditkit.load import load
from auditkit.store import Store
from auditkit.workspace import open_workspace

SHARED = Path(__file__).parents[2] / "shared" / "data"
HOUR = 3600
OFFICE = '[hours.default]\nmon-fri = "08:00-16:00"\n'
DAY_ON_CALENDAR = '[targets]\nresolved_within = { within = "24h" }\n' + OFFICE

# 4 May 2026 is a Monday. On the calendar the limit is 24 h; in business hours it is the same number of hours.
MIXED = """
ticket_id | team | created_at          | first_resolved_at   | resolved_at         | sla_resolution_met
agrees    | Desk | 2026-05-04 09:00:00 | 2026-05-04 12:00:00 | 2026-05-04 12:00:00 | true
schedule  | Desk | 2026-05-04 09:00:00 | 2026-05-06 09:00:00 | 2026-05-06 09:00:00 | true
reopen    | Desk | 2026-05-04 09:00:00 | 2026-05-04 15:00:00 | 2026-05-11 15:00:00 | true
rounding  | Desk | 2026-05-04 09:00:00 | 2026-05-05 08:59:30 | 2026-05-05 08:59:30 | false
quick     | Desk | 2026-05-04 09:00:00 | 2026-05-04 10:00:00 | 2026-05-04 10:00:00 | false
slow      | Desk | 2026-05-04 09:00:00 | 2026-05-08 09:00:00 | 2026-05-08 09:00:00 | true
silent    | Desk | 2026-05-04 09:00:00 | 2026-05-04 10:00:00 | 2026-05-04 10:00:00 |
overdue   | Desk | 2026-05-04 09:00:00 |                     |                     | true
not due   | Desk | 2026-05-31 23:00:00 |                     |                     | true
"""
JUNE = "as_of = 2026-06-01T00:00:00Z"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    return store(tmp_path_factory.mktemp("mixed"), DAY_ON_CALENDAR, audit=JUNE, tickets=MIXED)


def counts(found, **where) -> dict[str, int]:
    """Tickets by explanation."""
    rows = found.by_explanation
    for name, value in where.items():
        rows = rows[rows[name] == value]
    return dict(zip(rows["explanation"], rows["tickets"], strict=True))


def test_each_ticket_is_explained_by_the_first_explanation_that_holds(mixed):
    found = reconcile(mixed)
    assert counts(found) == {
        "agrees": 1,
        "schedule": 1,  # 48 h on the calendar, 16 h of business
        "reopen": 1,  # 174 h and 46 h, but 6 h to the first resolution
        "rounding": 1,  # 23:59:30
        "unexplained": 3,  # an hour is not late; 96 h and 32 h are; and open for 27 days is not met
        "not recomputable": 1,  # open for an hour, not yet due
    }
    explained = dict(zip(found.worst["ticket_id"], found.worst["explanation"], strict=True))
    assert explained == {
        "schedule": "schedule", "reopen": "reopen", "rounding": "rounding",
        "quick": "unexplained", "slow": "unexplained", "overdue": "unexplained",
    }  # fmt: skip


def test_the_frames_have_the_published_columns(mixed):
    found = reconcile(mixed)
    assert list(found.by_explanation.columns) == BY_EXPLANATION
    assert set(WORST) == set(found.worst.columns)


def test_the_worst_are_the_unexplained_farthest_from_the_limit(mixed):
    worst = reconcile(mixed).worst
    assert list(worst["ticket_id"][:3]) == ["overdue", "slow", "quick"]
    assert list(worst["difference_seconds"][:3]) == [
        (27 * 24 + 15 - 24) * HOUR,  # open from 4 May 09:00 to 1 June 00:00
        72 * HOUR,
        23 * HOUR,
    ]
    assert (worst["source"][0], worst["source_row"][0]) == ("data/tickets.csv", 9)
    assert list(reconcile(mixed, worst=1).worst["ticket_id"]) == ["overdue", "rounding", "reopen", "schedule"]


def test_the_shares_are_of_the_tickets_compared_and_the_fit_is_of_all_of_them(mixed):
    rows = reconcile(mixed).by_explanation.set_index("explanation")
    assert rows.loc["unexplained", "share"] == pytest.approx(3 / 7)
    # in business hours the source would be right on `agrees` and `schedule`, and wrong on the other five
    assert rows.loc["schedule", "fits"] == pytest.approx(2 / 7)


def test_a_limit_on_the_business_clock_alone_is_compared_on_it(tmp_path):
    toml = '[targets]\nresolved_within_business = { within = "24h" }\n' + OFFICE
    found = reconcile(store(tmp_path, toml, audit=JUNE, tickets=MIXED))
    assert set(found.by_explanation["clock"]) == {"business"}
    assert counts(found)["agrees"] == 2  # 3 h and 16 h of business
    assert "schedule" not in counts(found)


def test_two_limits_are_compared_each_on_its_clock(tmp_path):
    toml = '[targets]\nresolved_within = { within = "24h" }\nresolved_within_business = { within = "2h" }\n' + OFFICE
    found = reconcile(store(tmp_path, toml, audit=JUNE, tickets=MIXED))
    assert counts(found, clock="calendar")["agrees"] == 1
    # 3 h of business is over the 2 h limit, but `rounding` (8 h) is missed as the source says
    assert counts(found, clock="business")["agrees"] == 1
    assert counts(found, clock="business")["schedule"] == 1  # `agrees`, on the calendar's 24 h


def test_a_constant_offset_that_fits_every_ticket_is_a_time_zone(tmp_path):
    # limit 4 h; the source has met where ours less 3 h is within it: up to 7 h
    tickets = """
ticket_id | team | created_at       | resolved_at      | sla_resolution_met
1         | Desk | 2026-05-04 08:00 | 2026-05-04 09:00 | true
2         | Desk | 2026-05-04 08:00 | 2026-05-04 13:00 | true
3         | Desk | 2026-05-04 08:00 | 2026-05-04 14:00 | true
4         | Desk | 2026-05-04 08:00 | 2026-05-04 14:54 | true
5         | Desk | 2026-05-04 08:00 | 2026-05-04 15:30 | false
6         | Desk | 2026-05-04 08:00 | 2026-05-04 16:00 | false
"""
    limit = '[targets]\nresolved_within = { within = "4h" }\n'
    found = reconcile(store(tmp_path, limit + OFFICE, audit=JUNE, tickets=tickets))
    assert counts(found) == {"agrees": 3, "time zone": 3}
    row = found.by_explanation.set_index("explanation").loc["time zone"]
    assert (row["offset_seconds"], row["fits"]) == (-3 * HOUR, 1.0)


def test_an_export_read_in_the_wrong_zone_shows_on_the_business_clock(tmp_path):
    # limit 2 h of business; the office is open 08-16, and every instant is really three hours later
    tickets = """
ticket_id | team | created_at       | resolved_at      | sla_resolution_met
1         | Desk | 2026-05-04 06:00 | 2026-05-04 07:00 | true
2         | Desk | 2026-05-04 05:00 | 2026-05-04 09:00 | false
3         | Desk | 2026-05-04 06:00 | 2026-05-04 09:30 | false
4         | Desk | 2026-05-04 05:30 | 2026-05-04 08:30 | false
5         | Desk | 2026-05-04 14:00 | 2026-05-04 16:00 | true
6         | Desk | 2026-05-04 12:00 | 2026-05-04 15:00 | true
7         | Desk | 2026-05-04 11:00 | 2026-05-04 15:00 | true
"""
    limit = '[targets]\nresolved_within_business = { within = "2h" }\n'
    found = reconcile(store(tmp_path, limit + OFFICE, audit=JUNE, tickets=tickets))
    assert counts(found) == {"agrees": 2, "time zone": 5}
    assert found.by_explanation.set_index("explanation").loc["time zone", "offset_seconds"] == 3 * HOUR


def test_a_source_that_counts_business_hours_is_no_time_zone(tmp_path):
    # each is 16 h longer on the calendar, so that -14 h would nearly do: the schedule needs no fitted number
    tickets = """
ticket_id | team | created_at       | resolved_at      | sla_resolution_met
1         | Desk | 2026-05-04 15:00 | 2026-05-05 09:00 | true
2         | Desk | 2026-05-05 15:00 | 2026-05-06 09:00 | true
3         | Desk | 2026-05-06 15:00 | 2026-05-07 09:00 | true
4         | Desk | 2026-05-07 08:00 | 2026-05-07 14:00 | false
"""
    limit = '[targets]\nresolved_within = { within = "4h" }\n'
    assert counts(reconcile(store(tmp_path, limit + OFFICE, audit=JUNE, tickets=tickets))) == {
        "agrees": 1,
        "schedule": 3,
    }


def test_first_responses_are_reconciled_too_and_limits_may_differ_by_priority(tmp_path):
    tickets = """
ticket_id | team | priority | created_at       | first_response_at | sla_first_response_met
1         | Desk | high     | 2026-05-04 09:00 | 2026-05-04 10:30  | false
2         | Desk | low      | 2026-05-04 09:00 | 2026-05-04 10:30  | true
3         | Desk | low      | 2026-05-04 09:00 | 2026-05-05 09:00  | true
4         | Desk | none     | 2026-05-04 09:00 | 2026-05-05 09:00  | true
"""
    limits = '[targets]\nfirst_response_within = { within = { high = "1h", low = "8h" } }\n'
    found = reconcile(store(tmp_path, limits + OFFICE, audit=JUNE, tickets=tickets))
    assert counts(found) == {"agrees": 2, "schedule": 1, "not recomputable": 1}


def test_a_team_and_a_period_can_be_picked(mixed):
    assert counts(reconcile(mixed, "Desk", parse_period("2026-05-31"))) == {"not recomputable": 1}
    assert reconcile(mixed, "Desk", parse_period("2026-04")).by_explanation.empty
    with pytest.raises(UsageError, match="Did you mean 'Desk'"):
        reconcile(mixed, "Dest")


def test_what_happened_after_as_of_is_not_known(mixed):
    found = reconcile(mixed, as_of=utc("2026-05-05T00:00"))
    # `agrees` and `quick` are resolved, `overdue` is not due yet, and the other verdicts fall with their resolutions
    assert counts(found) == {"agrees": 1, "unexplained": 1, "not recomputable": 1}


def test_without_a_limit_nothing_can_be_recomputed_and_that_is_said(tmp_path):
    found = reconcile(store(tmp_path, OFFICE, audit=JUNE, tickets=MIXED))
    assert found.by_explanation.empty and found.worst.empty
    why = "audit.toml sets no limit for resolved_within or resolved_within_business"
    assert found.reasons == (f"sla_resolution_met cannot be recomputed: {why}",)


def test_without_hours_a_schedule_cannot_explain_and_that_is_said(tmp_path):
    limit = '[targets]\nresolved_within = { within = "24h" }\n'
    found = reconcile(store(tmp_path, limit, audit=JUNE, tickets=MIXED))
    assert "schedule" not in counts(found)
    assert found.reasons == (
        "a schedule cannot explain sla_resolution_met: the business hours of Desk are not in audit.toml",
    )


def test_without_the_instants_nothing_is_recomputed_and_no_verdict_is_called_wrong(tmp_path):
    tickets = """
ticket_id | team | created_at       | sla_first_response_met
1         | Desk | 2026-05-04 09:00 | true
"""
    limit = '[targets]\nfirst_response_within = { within = "4h" }\n'
    found = reconcile(store(tmp_path, limit + OFFICE, audit=JUNE, tickets=tickets))
    assert found.by_explanation.empty
    assert found.reasons == ("sla_first_response_met cannot be recomputed: no source has the column first_response_at",)


def test_without_first_resolutions_a_reopening_cannot_explain_and_that_is_said(tmp_path):
    tickets = """
ticket_id | team | created_at       | resolved_at      | sla_resolution_met
1         | Desk | 2026-05-04 09:00 | 2026-05-18 09:00 | true
"""
    found = reconcile(store(tmp_path, DAY_ON_CALENDAR, audit=JUNE, tickets=tickets))
    assert counts(found) == {"unexplained": 1}
    why = "no source has the column first_resolved_at"
    assert found.reasons == (f"a reopening cannot explain sla_resolution_met: {why}",)


def test_a_source_without_figures_of_its_own_says_so(tmp_path):
    tickets = "ticket_id | team | created_at\n1 | Desk | 2026-05-04 09:00"
    assert reconcile(store(tmp_path, tickets=tickets)).reasons == ("no source has a figure of its own for its tickets",)


def test_random_disagreement_is_no_time_zone():
    dice, zones = np.random.default_rng(1), 0
    for _ in range(300):
        seconds = dice.lognormal(np.log(8 * HOUR), 1.2, 100)
        limit, nothing = np.full(100, 24.0 * HOUR), np.full(100, np.nan)
        ours = (seconds <= limit).astype(float)
        recorded = np.where(dice.random(100) < 0.1, 1 - ours, ours)
        rows = Comparison(
            True, recorded, ours, seconds, limit, nothing, limit, nothing, (lambda offset, own=seconds: own + offset,)
        )
        zones += explain(rows).offset is not None
    assert zones == 0


# --- durations that the source recorded itself


def with_recorded(made: Store, column: str, recorded: dict[str, float]) -> Store:
    """The store with one more column of its tickets, as a source that has it would fill it."""
    import duckdb

    path = str(made.folder / "tickets.parquet")
    cases = " ".join(f"WHEN '{ticket}' THEN {seconds}" for ticket, seconds in recorded.items())
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        con.execute(f"CREATE TABLE t AS SELECT * FROM read_parquet('{path}')")
        con.execute(f"ALTER TABLE t DROP COLUMN IF EXISTS {column}")
        con.execute(f"ALTER TABLE t ADD COLUMN {column} DOUBLE")
        con.execute(f"UPDATE t SET {column} = CASE ticket_id {cases} END")
        con.execute(f"COPY (SELECT * FROM t ORDER BY source_row) TO '{path}' (FORMAT parquet)")
    info = made.meta.tables["tickets"]
    tables = made.meta.tables | {"tickets": replace(info, present=info.present | {column})}
    return replace(made, meta=replace(made.meta, tables=tables))


def test_recorded_durations_are_explained_one_by_one(tmp_path):
    made = store(tmp_path, OFFICE, audit=JUNE, tickets=MIXED)
    recorded = {
        "agrees": 3 * HOUR,
        "schedule": 16 * HOUR,
        "reopen": 6 * HOUR,
        "rounding": 24 * HOUR,  # 23:59:30
        "quick": 5 * HOUR,
        "slow": 96 * HOUR + 0.4,  # less than a second is the same
        "overdue": 1 * HOUR,  # open: a resolution time is dated by the resolution
    }
    found = reconcile(with_recorded(made, "recorded_resolution_seconds", recorded))
    assert counts(found, column="recorded_resolution_seconds") == {
        "agrees": 2, "schedule": 1, "reopen": 1, "rounding": 1, "unexplained": 1,
    }  # fmt: skip
    worst = found.worst.set_index("ticket_id")
    assert worst.loc["quick", "difference_seconds"] == 4 * HOUR
    assert (worst.loc["reopen", "recorded"], worst.loc["reopen", "recomputed"]) == (6 * HOUR, 174 * HOUR)


def test_recorded_responses_that_are_all_two_hours_longer_are_a_time_zone(tmp_path):
    tickets = """
ticket_id | team | created_at       | first_response_at
1         | Desk | 2026-05-04 08:00 | 2026-05-04 09:00
2         | Desk | 2026-05-05 08:00 | 2026-05-05 08:20
3         | Desk | 2026-05-06 08:00 | 2026-05-06 12:10
4         | Desk | 2026-05-07 08:00 | 2026-05-07 09:00
"""
    made = store(tmp_path, OFFICE, audit=JUNE, tickets=tickets)
    recorded = {"1": 3 * HOUR, "2": 2 * HOUR + 1200, "3": 6 * HOUR + 600, "4": HOUR}
    found = reconcile(with_recorded(made, "recorded_first_response_seconds", recorded))
    assert counts(found) == {"agrees": 1, "time zone": 3}
    assert found.by_explanation["offset_seconds"].dropna().tolist() == [2 * HOUR]


# --- a public log whose verdicts come without their limits


def test_a_log_of_verdicts_without_known_limits_cannot_be_recomputed(tmp_path):
    log = SHARED / "uci-incident-log" / "incident_event_log.csv.gz"
    if not log.is_file():
        pytest.skip("the incident log of UCI is not beside the repository")
    (tmp_path / "audit.toml").write_text(
        f"""
[audit]
client = "UCI"
[[source]]
table = "tickets"
path = "{log}"
dates = "day-first"
updated_at = "sys_updated_at"
[source.constants]
team = "Incidents"
[source.columns]
ticket_id = "number"
created_at = "opened_at"
resolved_at = "resolved_at"
closed_at = "closed_at"
priority = "priority"
sla_resolution_met = "made_sla"
""",
        encoding="utf-8",
    )
    found = reconcile(load(open_workspace(tmp_path)))
    assert found.by_explanation.empty and found.worst.empty
    assert "sla_resolution_met cannot be recomputed" in found.reasons[0]
