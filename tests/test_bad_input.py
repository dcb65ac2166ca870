"""Bad input: a value with its reason, or "not available" with its reason; never a wrong number, never a crash.

The whole catalogue, with its variants, is evaluated on data as bad as exports are; each fault then has its own case
with the answer worked by hand.
"""

from __future__ import annotations

import pandas as pd
import pytest
from generated import drawn, tables
from support import one, store, utc

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.measures import CATALOGUE

MAY = parse_period("2026-05")
JUNE = parse_period("2026-06")
AS_OF = "as_of = 2026-07-10T00:00:00Z\n"
TOML = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "2h" }
first_response_within_business = { within = "2h" }
resolved_within = { within = "1d" }
resolved_within_business = { within = "8h" }
"""
LATE = ("first_response_at", "resolved_at", "closed_at")


def untouched(made: dict) -> dict:
    return made


def every_ticket_open(made: dict) -> dict:
    return made | {"tickets": [row | dict.fromkeys(LATE) for row in made["tickets"]]}


def one_ticket(made: dict) -> dict:
    return {"tickets": made["tickets"][:1]}


def only_what_must_be_there(made: dict) -> dict:
    needed = {
        "tickets": ("ticket_id", "team", "created_at"), "calls": ("call_id", "team", "offered_at"),
        "surveys": ("response_id", "team", "kind"), "agents": ("agent", "team"),
    }  # fmt: skip
    return {name: [{key: row[key] for key in keys} for row in made[name]] for name, keys in needed.items()}


def half_empty(made: dict) -> dict:
    kept = {"ticket_id", "team", "created_at", "call_id", "offered_at", "response_id", "kind", "sent_at", "review_id",
        "reviewed_at", "scorecard", "criterion", "agent", "course", "taken_at", "customer_id", "since", "order_id",
        "ordered_at"}  # fmt: skip
    return {
        name: [row if number % 2 else {key: cell if key in kept else None for key, cell in row.items()}
               for number, row in enumerate(rows)]
        for name, rows in made.items()
    }  # fmt: skip


def times_turned_round(made: dict) -> dict:
    turned = [row | {"created_at": row["resolved_at"] or row["created_at"], "resolved_at": row["created_at"]}
              for row in made["tickets"]]  # fmt: skip
    return made | {"tickets": turned}


BAD = [untouched, every_ticket_open, one_ticket, only_what_must_be_there, half_empty, times_turned_round]


@pytest.fixture(scope="module", params=BAD, ids=lambda spoil: spoil.__name__)
def spoilt(request, tmp_path_factory):
    made = request.param(tables(3))
    return store(
        tmp_path_factory.mktemp("bad"), TOML, audit=AS_OF, **{name: drawn(rows) for name, rows in made.items()}
    )


@pytest.mark.parametrize("as_of", [None, "2026-05-20T12:00", "2020-01-01T00:00"], ids=["today", "within", "before all"])
def test_every_figure_has_a_value_or_a_reason(spoilt, as_of):
    found = evaluate(spoilt, CATALOGUE, periods=[MAY, JUNE], variants=True, as_of=utc(as_of) if as_of else None)
    there = found["available"].astype(bool)
    assert found.loc[there, "value"].notna().all() and found.loc[~there, "value"].isna().all()
    assert found.loc[~there, "reason"].map(bool).all()
    durations = found[there & (found["unit"] == "seconds")]
    assert (durations["value"] >= 0).all()
    shares = found[there & (found["statistic"] == "share")]
    assert shares["value"].between(0, 1).all()
    assert found.loc[there, "completeness"].dropna().between(0, 1).all()
    if as_of == "2020-01-01T00:00":
        assert not there.any()


@pytest.mark.parametrize("by", ["channel", "agent", "hour"])
def test_every_group_has_a_value_or_a_reason(spoilt, by):
    found = evaluate(spoilt, CATALOGUE, periods=[MAY], by=by)
    there = found["available"].astype(bool)
    assert found.loc[there, "value"].notna().all() and found.loc[~there, "reason"].map(bool).all()


# --- each fault by itself


def figure(folder, measure: str, statistic: str = "", toml: str = TOML, periods=(MAY,), **data: str) -> pd.Series:
    found = evaluate(store(folder, toml, audit=AS_OF, **data), [measure], periods=list(periods))
    return one(found, statistic=statistic or CATALOGUE[measure].statistics[0])


HEAD = "ticket_id | team | created_at | first_response_at | resolved_at\n"


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("tickets_received", (3, "")),
        ("resolution_rate", (0, "")),
        ("backlog", (3, "")),
        ("resolution_time_all", (None, "fewer than half were resolved by the audit's as-of instant")),
        # 40, 30 and 20 days after their creation they are overdue, and that is missed
        ("resolved_within", (0, "")),
        ("csat", (None, "no source fills the table surveys")),
    ],
)
def test_every_ticket_still_open(tmp_path, measure, expected):
    rows = "\n".join(f"{number} | North | 2026-05-{day}T10:00Z | |" for number, day in enumerate((11, 21, 31)))
    later = "\nlast | South | 2026-05-04T10:00Z | 2026-05-04T11:00Z | 2026-05-04T12:00Z"
    of = store(tmp_path, TOML, audit=AS_OF, tickets=HEAD + rows + later)
    found = evaluate(of, [measure], ["North"], [MAY]).iloc[0]
    assert (None if pd.isna(found["value"]) else found["value"], found["reason"] or "") == expected


def test_a_team_with_one_ticket_has_its_median_and_no_interval(tmp_path):
    rows = HEAD + "1 | North | 2026-05-04T10:00Z | 2026-05-04T11:00Z | 2026-05-04T12:00Z"
    found = figure(tmp_path, "first_response_time", tickets=rows)
    assert found["value"] == 3600 and pd.isna(found["low"]) and pd.isna(found["high"])


def test_a_month_with_none_has_no_shares_and_a_count_of_nothing(tmp_path):
    rows = HEAD + "1 | North | 2026-04-04T10:00Z | 2026-04-04T11:00Z | 2026-04-04T12:00Z\n"
    rows += "2 | North | 2026-06-04T10:00Z | 2026-06-04T11:00Z | 2026-06-04T12:00Z"
    share = figure(tmp_path / "a", "resolution_rate", tickets=rows)
    assert (share["available"], share["reason"]) == (False, "nothing to count in the period")
    count = figure(tmp_path / "b", "tickets_received", tickets=rows)
    assert (count["available"], count["value"]) == (True, 0)


def test_negative_durations_are_left_out_counted_and_listed(tmp_path):
    rows = HEAD + "1 | North | 2026-05-04T10:00Z | 2026-05-04T09:00Z | 2026-05-04T08:00Z\n"
    rows += "2 | North | 2026-05-04T10:00Z | 2026-05-04T11:00Z | 2026-05-04T12:00Z"
    of = store(tmp_path, TOML, audit=AS_OF, tickets=rows)
    found = evaluate(of, ["first_response_time", "resolution_time"], periods=[MAY])
    for measure, seconds in (("first_response_time", 3600), ("resolution_time", 7200)):
        own = one(found, measure=measure, statistic="median")
        assert (own["value"], own["n"], own["completeness"]) == (seconds, 1, 0.5)
    told = {notice.check: notice.rows for notice in of.meta.notices}
    assert told["reply_before_creation"] == told["resolved_before_created"] == (2,)


SURVEYS = "response_id | team | kind | sent_at | answered_at | score | scale_min | scale_max\n"


def answers(*scores: float, scale: str = "1 | 5", kind: str = "csat") -> str:
    return SURVEYS + "\n".join(
        f"{number} | North | {kind} | 2026-05-04T10:00Z | 2026-05-04T11:00Z | {score} | {scale}"
        for number, score in enumerate(scores)
    )


def test_a_score_outside_its_scale_is_left_out_and_listed(tmp_path):
    of = store(tmp_path, audit=AS_OF, surveys=answers(5, 5, 1, 9))
    found = one(evaluate(of, ["csat"], periods=[MAY]))
    assert (found["numerator"], found["denominator"], found["completeness"]) == (2, 3, 0.75)
    assert [notice.rows for notice in of.meta.notices if notice.check == "score_outside_scale"] == [(5,)]


def test_a_scale_that_nobody_declared_and_nothing_settles_is_not_guessed(tmp_path):
    of = store(tmp_path, audit=AS_OF, surveys=answers(80, 90, 35, scale=" | "))
    found = one(evaluate(of, ["csat"], periods=[MAY]))
    assert (found["available"], found["reason"]) == (False, "none of the 3 rows has what the measure needs")
    assert [notice.count for notice in of.meta.notices if notice.check == "scale_unknown"] == [3]


def test_an_unknown_that_is_written_as_zero_never_enters_a_satisfaction(tmp_path):
    found = figure(tmp_path, "csat", surveys=answers(0, 0, 3, 3, 1, scale="1 | 3"))
    assert (found["numerator"], found["denominator"], found["completeness"]) == (2, 3, 0.6)


def test_a_column_that_is_half_empty_says_how_much_a_figure_rests_on(tmp_path):
    rows = "ticket_id | team | created_at | resolved_at | reopens\n"
    rows += "\n".join(
        f"{number} | North | 2026-05-04T10:00Z | 2026-05-05T10:00Z | {'' if number % 2 else number % 4 // 2}"
        for number in range(8)
    )
    found = figure(
        tmp_path, "reopen_rate", toml="[targets]\nreopen_rate = { at_most = 0.9, minimum_n = 1 }\n", tickets=rows
    )
    assert (found["numerator"], found["denominator"], found["completeness"]) == (2, 4, 0.5)
    assert found["verdict"] == "cannot conclude" and found["verdict_reason"].startswith("incomplete")
