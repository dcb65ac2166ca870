"""Each check finds what was planted, with its rows, and is silent on data where nothing is wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import store

from auditkit.load import load
from auditkit.notices import Notice
from auditkit.workspace import open_workspace

AS_OF = 'as_of = 2026-06-30T00:00:00Z\ntimezone = "UTC"'
TARGET = '[targets]\nfirst_response_within = { within = "4h" }\n'


def notices(found, check: str) -> list[Notice]:
    return [notice for notice in found.meta.notices if notice.check == check]


def load_frames(folder, toml: str = "", **frames: pd.DataFrame):
    (folder / "data").mkdir(exist_ok=True)
    sources = ""
    for name, frame in frames.items():
        frame.to_csv(folder / "data" / f"{name}.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
        sources += f'[[source]]\ntable = "{name}"\npath = "data/{name}.csv"\n'
    (folder / "audit.toml").write_text(f'[audit]\nclient = "x"\n{AS_OF}\n{sources}{toml}', encoding="utf-8")
    return load(open_workspace(folder))


def clean_tickets(seed: int, rows: int = 4000) -> pd.DataFrame:
    """Half a year without a fault: smooth times, steady closing, customers who come back at random."""
    rng = np.random.default_rng(seed)
    created = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 150 * 86400, rows), unit="s")
    response = np.round(rng.lognormal(np.log(3 * 3600), 0.8, rows))
    resolution = response + np.round(rng.lognormal(np.log(10 * 3600), 1, rows))
    return pd.DataFrame(
        {
            "ticket_id": np.arange(rows),
            "team": rng.choice(["North", "South"], rows),
            "customer_id": rng.integers(0, rows, rows),
            "created_at": created,
            "first_response_at": created + pd.to_timedelta(response, unit="s"),
            "resolved_at": created + pd.to_timedelta(resolution, unit="s"),
        }
    )


@pytest.mark.parametrize("seed", range(5))
def test_clean_data_raise_no_notice(tmp_path, seed):
    assert load_frames(tmp_path, TARGET, tickets=clean_tickets(seed)).meta.notices == ()


TINY = """
ticket_id | team  | created_at       | first_response_at | resolved_at
1         | North | 2026-05-04 09:00 | 2026-05-04 08:59  | 2026-05-04 10:00
2         | North | 2026-05-04 09:00 | 2026-05-04 09:00  | 2026-05-04 08:00
3         | North | 2026-05-04 09:00 |                   | 2026-05-04 10:00
4         | North | 2026-07-01 09:00 |                   |
"""


@pytest.mark.parametrize(
    ("check", "rows"),
    [
        ("reply_before_creation", (2,)),
        ("resolved_before_created", (3,)),
        ("resolved_with_no_reply", (4,)),
        ("instant_in_the_future", (5,)),
    ],
)
def test_a_fault_is_told_with_its_row(tmp_path, check, rows):
    (found,) = notices(store(tmp_path, audit=AS_OF, tickets=TINY), check)
    assert (found.count, found.rows, found.place) == (1, rows, "data/tickets.csv")


def test_where_no_replies_are_known_their_absence_is_no_fault(tmp_path):
    tickets = "ticket_id | team | created_at | resolved_at\n1 | North | 2026-05-04 09:00 | 2026-05-04 10:00"
    assert notices(store(tmp_path, audit=AS_OF, tickets=tickets), "resolved_with_no_reply") == []


def test_faults_of_calls_and_surveys_need_no_tickets(tmp_path):
    calls = """
    call_id | team  | offered_at       | answered_at
    1       | North | 2026-05-04 09:00 | 2026-05-04 08:59
    2       | North | 2026-07-04 09:00 |
    """
    surveys = """
    response_id | team  | kind | answered_at      | score | scale_min | scale_max
    1           | North | csat | 2026-05-04 09:00 | 6     | 1         | 5
    2           | North | csat | 2026-05-04 09:00 | 5     | 1         | 5
    """
    found = store(tmp_path, audit=AS_OF, calls=calls, surveys=surveys)
    assert [(n.check, n.table, n.rows) for n in found.meta.notices] == [
        ("answered_before_offered", "calls", (2,)),
        ("instant_in_the_future", "calls", (3,)),
        ("score_outside_scale", "surveys", (2,)),
    ]


def heaped(under: int, over: int) -> pd.DataFrame:
    """Tickets of South answered just before four hours, and just after."""
    minutes = [239 - number % 10 for number in range(under)] + [241 + number % 10 for number in range(over)]
    created = pd.Timestamp("2026-05-04 09:00", tz="UTC")
    return pd.DataFrame(
        {
            "ticket_id": range(len(minutes)),
            "team": "South",
            "created_at": created,
            "first_response_at": created + pd.to_timedelta(minutes, unit="min"),
        }
    )


# The chance of so many of n on one side, if both were alike: 14 of 14 6e-5, 13 of 13 1.2e-4, 30 of 40 1.1e-3
@pytest.mark.parametrize(
    ("under", "over", "told"), [(14, 0, True), (13, 0, False), (30, 10, False), (60, 20, True), (0, 60, False)]
)
def test_times_heaped_just_under_a_target_are_told_when_chance_cannot_explain_them(tmp_path, under, over, told):
    found = notices(load_frames(tmp_path, TARGET, tickets=heaped(under, over)), "heaping_under_target")
    assert [notice.count for notice in found] == ([under] if told else [])
    if told:
        assert found[0].place == "team South, first_response_within" and found[0].rows == (2, 3, 4, 5, 6)


def test_heaping_is_looked_for_at_each_priority_s_own_target(tmp_path):
    toml = '[targets]\nfirst_response_within = { within = { high = "4h", low = "30h" } }\n'
    assert len(notices(load_frames(tmp_path, toml, tickets=heaped(20, 0)), "heaping_under_target")) == 1


def test_without_a_target_there_is_nothing_to_heap_under(tmp_path):
    assert notices(load_frames(tmp_path, tickets=heaped(60, 0)), "heaping_under_target") == []


@pytest.mark.parametrize(("months", "told"), [(1, False), (3, True)])
def test_bulk_closes_at_the_end_of_months_are_told_when_they_come_back(tmp_path, months, told):
    steady = clean_tickets(1, 2000)
    ends = [pd.Timestamp(f"2026-{month:02d}-28 16:00", tz="UTC") for month in range(2, 2 + months)]
    bulk = pd.concat(
        pd.DataFrame({"ticket_id": [f"b{end.month}-{n}" for n in range(40)], "team": "North", "customer_id": "",
            "created_at": end - pd.Timedelta(days=5), "first_response_at": end - pd.Timedelta(days=4),
            "resolved_at": end + pd.to_timedelta(range(40), unit="min")})
        for end in ends
    )  # fmt: skip
    found = notices(load_frames(tmp_path, tickets=pd.concat([steady, bulk])), "month_end_bulk_close")
    assert [notice.place for notice in found] == (["team North"] if told else [])
    if told:
        assert "2026-02-28, 2026-03-28, 2026-04-28" in found[0].statement


def test_customers_who_come_back_after_quick_closes_are_told(tmp_path):
    def pairs(team: str, minutes: int, back: int):
        """Thirty tickets resolved after so many minutes; ``back`` of the customers write again the next day."""
        first = pd.Timestamp("2026-05-04 09:00", tz="UTC")
        for number in range(30):
            for day in (0, 1) if number < back else (0,):
                created = first + pd.Timedelta(days=day)
                took = pd.Timedelta(minutes=minutes if day == 0 else 600)
                yield {"ticket_id": f"{team}{minutes}-{number}-{day}", "team": team, "created_at": created,
                    "customer_id": f"{team}{minutes}-{number}", "resolved_at": created + took}  # fmt: skip

    rows = [*pairs("North", 5, 20), *pairs("North", 300, 3), *pairs("South", 5, 3), *pairs("South", 300, 3)]
    (found,) = notices(load_frames(tmp_path, tickets=pd.DataFrame(rows)), "repeat_after_quick_close")
    assert (found.place, found.count) == ("team North", 20)
    # 30 first and 20 + 3 second tickets took longer, of which only 3 saw the customer again
    assert "After 20 of 30" in found.statement and "after the others in 6%" in found.statement


@pytest.mark.parametrize(
    ("hours", "weekdays", "told"),
    [
        (46, 200, True),  # Saturday 10:00 to Monday 08:00
        (37, 200, False),  # Sunday 23:00
        (46, 2000, False),  # the weekend is 3 % of all
        (46, 0, True),
    ],
)
def test_a_weekend_that_waits_for_monday_is_told(tmp_path, hours, weekdays, told):
    saturday = pd.Timestamp("2026-05-09 10:00", tz="UTC")
    created = pd.Series([saturday] * 60 + [saturday - pd.Timedelta(days=2)] * weekdays)
    answered = created + pd.to_timedelta([hours] * 60 + [2] * weekdays, unit="h")
    tickets = pd.DataFrame({"ticket_id": range(len(created)), "created_at": created, "first_response_at": answered})
    assert len(notices(load_frames(tmp_path, tickets=tickets.assign(team="North")), "weekend_gap")) == told


def test_a_check_names_a_team_whatever_its_name(tmp_path):
    tickets = heaped(20, 0).assign(team="O'Brien; {x} --")
    (found,) = notices(load_frames(tmp_path, TARGET, tickets=tickets), "heaping_under_target")
    assert found.place == "team O'Brien; {x} --, first_response_within"
