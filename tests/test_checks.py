"""Each check finds what was planted, with its rows, and is silent on data where nothing is wrong."""

from __future__ import annotations

import pandas as pd
import pytest
from checking import AS_OF, TARGET, clean_tickets, load_frames, notices
from support import store


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
        ("instant_in_the_future", (5,)),
    ],
)
def test_a_fault_is_told_with_its_row(tmp_path, check, rows):
    (found,) = notices(store(tmp_path, audit=AS_OF, tickets=TINY), check)
    assert (found.count, found.rows, found.place) == (1, rows, "data/tickets.csv")


def test_one_row_is_told_as_one(tmp_path):
    (found,) = notices(store(tmp_path, audit=AS_OF, tickets=TINY), "reply_before_creation")
    assert found.statement == "1\u00a0ticket was answered before creation; the response time is left out."


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


def test_tests_that_cannot_be_or_prove_nothing_are_told(tmp_path):
    tests = """
    test_id | team  | channel | contacted_at     | answered_at      | tester_type
    1       | North | phone   | 2026-05-04 09:00 | 2026-05-04 08:59 | independent
    2       | North | phone   | 2026-05-04 09:00 | 2026-05-04 09:01 | vendor
    3       | North | email   | 2026-05-04 09:00 | 2026-05-04 09:01 |
    4       | North | email   | 2026-05-04 09:00 | 2026-05-04 09:01 | customer
    """
    found = store(tmp_path, audit=AS_OF, mystery_tests=tests)
    assert [(n.check, n.severity, n.rows) for n in found.meta.notices] == [
        ("over_before_it_began", "medium", (2,)),
        ("tester_not_told", "medium", (4,)),
        ("tester_not_independent", "low", (3,)),
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


def test_times_of_exactly_the_target_are_no_heap(tmp_path):
    dates_only = heaped(0, 0).reindex(range(60)).assign(ticket_id=range(60), team="South")
    dates_only["created_at"] = pd.Timestamp("2026-05-04", tz="UTC")
    dates_only["first_response_at"] = dates_only["created_at"] + pd.Timedelta(days=1)
    toml = TARGET.replace("4h", "24h")
    assert notices(load_frames(tmp_path, toml, tickets=dates_only), "heaping_under_target") == []


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
        assert "at the end of 3\u00a0months, the last 2026-04-28;" in found[0].statement
        assert len(found[0].rows) == 5


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
    assert "After 20 of 30\u00a0tickets" in found.statement and "(67\u00a0%)" in found.statement
    assert "after the others in 6\u00a0%" in found.statement


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


def monthly(*volumes: int, team: str = "North") -> pd.DataFrame:
    """So many tickets in each month from January 2026, spread over its days."""
    created = [
        pd.Timestamp(2026, month, 1 + number % 28, 9, tz="UTC")
        for month, volume in enumerate(volumes, 1)
        for number in range(volume)
    ]
    return pd.DataFrame({"ticket_id": [f"{team}{n}" for n in range(len(created))], "team": team, "created_at": created})


# as_of is the end of June 2026: June itself is not over
@pytest.mark.parametrize(
    ("volumes", "told"),
    [
        ((300, 320, 5, 8, 6), True),
        ((300, 320, 5, 0, 0), True),
        ((300, 320, 5, 8, 40), False),  # not for good
        ((300, 320, 40, 40, 40), False),  # more than a tenth
        ((300, 5, 8, 6, 4), False),  # one month before is no habit
        ((90, 90, 90, 5, 5), False),  # too few to tell
        ((300, 320, 310, 0, 0), False),  # an end is no tail
        ((300, 320, 310, 290, 300, 4), False),  # the month that is not over
    ],
)
def test_a_volume_that_falls_for_good_to_a_fraction_is_told(tmp_path, volumes, told):
    steady = monthly(300, 300, 300, 300, 300, 300, team="South")
    found = notices(load_frames(tmp_path, tickets=pd.concat([monthly(*volumes), steady])), "volume_collapse")
    assert [(one.severity, one.place) for one in found] == [("high", "team North")] * told


def test_a_collapse_is_told_with_its_month_and_figures(tmp_path):
    (found,) = notices(load_frames(tmp_path, tickets=monthly(300, 320, 5, 8, 6, 3)), "volume_collapse")
    assert found.statement == (
        "From 2026-03 on only 5-8\u00a0tickets of North a month, after a median of 310: the export looks cut off; "
        "figures of these months rest on its tail."
    )
    assert (found.count, found.rows) == (19, (622, 623, 624, 625, 626))


def test_calls_that_are_cut_off_are_told_as_well(tmp_path):
    calls = monthly(300, 320, 1, 1).rename(columns={"ticket_id": "call_id", "created_at": "offered_at"})
    (found,) = notices(load_frames(tmp_path, calls=calls), "volume_collapse")
    assert "0-1\u00a0call of North" in found.statement
