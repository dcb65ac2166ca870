"""Offers, orders and customers on tables small enough to work the answer by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store, table, utc, values

from auditkit import measure
from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate

MAY, JUNE, APRIL = (parse_period(text) for text in ("2026-05", "2026-06", "2026-04"))

OFFERS = """
offered_at        | team  | kind       | accepted | agent
2026-05-04T09:00Z | North | conversion | true     | eva
2026-05-05T09:00Z | North | conversion | false    | eva
2026-05-06T09:00Z | North | conversion | true     | ivo
2026-05-07T09:00Z | North | conversion |          | ivo
2026-05-04T09:00Z | North | cross_sell | true     | eva
2026-05-05T09:00Z | North | cross_sell | false    | eva
2026-05-06T09:00Z | South | referral   | false    | kim
2026-05-31T21:30Z | North | referral   | true     | eva
"""
# North knows ann, bo, cy and dee; South knows ann and fay. Nobody was ever in contact with eve.
TICKETS = """
ticket_id | team  | customer_id | created_at
1         | North | ann         | 2026-04-02T09:00Z
2         | North | bo          | 2026-04-02T09:00Z
3         | North | cy          | 2026-04-02T09:00Z
4         | North | dee         | 2026-05-20T09:00Z
5         | South | ann         | 2026-04-02T09:00Z
6         | South | fay         | 2026-04-02T09:00Z
7         | North |             | 2026-06-14T09:00Z
"""
# There on 1 May: ann, bo and cy; gone by 1 June: bo. Dee is new; who came and left within the month does not count.
CUSTOMERS = """
customer_id | since             | left_at
ann         | 2020-01-01T00:00Z |
bo          | 2020-01-01T00:00Z | 2026-05-15T00:00Z
cy          | 2026-04-30T23:59Z | 2026-06-01T00:00Z
dee         | 2026-05-01T00:00Z | 2026-05-15T00:00Z
eve         | 2020-01-01T00:00Z | 2026-05-15T00:00Z
"""
# In May ann orders for the second and third time, bo and dee for the first.
ORDERS = """
order_id | customer_id | ordered_at        | amount | kind
1        | ann         | 2026-04-10T09:00Z | 10     | sale
2        | ann         | 2026-05-10T09:00Z | 10     | repeat
3        | ann         | 2026-05-11T09:00Z | 10     | repeat
4        | bo          | 2026-05-10T09:00Z | 10     | sale
5        | dee         | 2026-05-10T09:00Z | 10     | sale
6        | eve         | 2026-05-10T09:00Z | 10     | sale
7        | bo          | 2026-06-02T09:00Z | 10     | repeat
"""

WORKED = [
    ("conversion_rate", "default", "share", 2 / 3),  # of one offer nobody knows the end
    ("cross_sell_rate", "default", "share", 1 / 2),
    ("referral_rate", "default", "share", 1),  # 31 May, 21:30 UTC
    ("retention_rate", "default", "share", 2 / 3),  # ann and cy, who leaves in the very moment that May is over
    ("repeat_purchase_rate", "default", "share", 1 / 3),  # ann, of ann, bo and dee
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    tables = {"offers": OFFERS, "tickets": TICKETS, "customers": CUSTOMERS, "orders": ORDERS}
    return store(tmp_path_factory.mktemp("desk"), audit="as_of = 2026-06-15T00:00:00Z", **tables)


@pytest.fixture(scope="module")
def figures(desk) -> pd.DataFrame:
    return evaluate(desk, {case[0] for case in WORKED}, ["North"], [MAY], variants=True)


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(figures, name, variant, statistic, value):
    found = one(figures, measure=name, variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value, rel=1e-12), found["reason"]


def test_an_offer_of_unknown_end_lowers_the_completeness(figures):
    found = one(figures, measure="conversion_rate")
    assert (found["numerator"], found["n"], found["completeness"]) == (2, 3, 0.75)


def test_offers_by_agent(desk):
    found = evaluate(desk, ["conversion_rate"], ["North"], [MAY], by="agent")
    assert dict(zip(found["group"], found["value"], strict=True)) == {"eva": 1 / 2, "ivo": 1}


def test_a_customer_of_two_teams_counts_for_both_and_once_over_many_orders(desk):
    found = evaluate(desk, ["repeat_purchase_rate", "retention_rate"], ["South"], [MAY])
    assert [(row["numerator"], row["denominator"]) for row in found.to_dict("records")] == [(1, 1), (1, 1)]


@pytest.mark.parametrize(
    ("period", "met", "n"),
    [
        (APRIL, 2, 2),  # ann and bo were there on 1 April
        (MAY, 2, 3),
        (JUNE, 1, 2),  # of ann and cy; no customer is as new as that, and still there is a June
    ],
)
def test_retention_of_each_month(desk, period, met, n):
    found = one(evaluate(desk, ["retention_rate"], ["North"], [period]))
    assert (found["numerator"], found["denominator"]) == (met, n)


@pytest.mark.parametrize(("as_of", "met"), [("2026-05-14T12:00", 3), ("2026-05-15T00:00", 2)])
def test_who_leaves_after_as_of_is_still_there(desk, as_of, met):
    found = one(evaluate(desk, ["retention_rate"], ["North"], [MAY], as_of=utc(as_of)))
    assert (found["numerator"], found["denominator"]) == (met, 3)
    assert found["reason"] == "the period is not over at the as-of instant"


def test_orders_of_customers_met_after_as_of_are_not_the_teams_yet(desk):
    """Dee ordered on the 10th and wrote on the 20th."""
    found = one(evaluate(desk, ["repeat_purchase_rate"], ["North"], [MAY], as_of=utc("2026-05-19T00:00")))
    assert (found["numerator"], found["denominator"]) == (1, 2)


@pytest.mark.parametrize(
    ("period", "reason"),
    [("2019-05", "the data hold no customer teams of the period (they cover 2020-01-01 to 2026-06-14)"),
     ("2020-01", "nothing to count in the period")],
)  # fmt: skip
def test_before_there_were_customers_nobody_could_be_kept(desk, period, reason):
    found = one(evaluate(desk, ["retention_rate"], ["North"], [parse_period(period)]))
    assert (found["available"], found["reason"]) == (False, reason)


def test_without_offers_orders_and_customers_it_is_said(tmp_path):
    found = evaluate(store(tmp_path, tickets=TICKETS), [case[0] for case in WORKED], ["North"], [MAY])
    assert list(found["reason"]) == 3 * ["no source fills the table offers"] + [
        "no source fills the table customers or tickets",
        "no source fills the table orders or tickets",
    ]


def test_whether_an_offer_was_taken_must_be_in_the_source():
    found = one(measure("conversion_rate", table(OFFERS).drop(columns=["accepted", "team"])))
    assert (found["available"], found["reason"]) == (False, "no source has the column accepted")


def test_when_customers_leave_must_be_in_the_source():
    found = measure("retention_rate", table(CUSTOMERS).drop(columns="left_at"), others={"tickets": table(TICKETS)})
    assert set(found["reason"]) == {"no source has the column left_at"}


def test_frames_of_offers_orders_and_customers_have_the_figures_of_the_store(figures):
    common = {"period": "2026-05", "as_of": "2026-06-15T00:00:00+00:00"}
    tickets = {"tickets": table(TICKETS)}
    for name in ("conversion_rate", "cross_sell_rate", "referral_rate"):
        assert values(measure(name, table(OFFERS), **common), team="North") == values(figures, measure=name)
    for name, frame in (("repeat_purchase_rate", ORDERS), ("retention_rate", CUSTOMERS)):
        own = measure(name, table(frame), others=tickets, **common)
        assert values(own, team="North") == values(figures, measure=name)
