"""What another published definition would have said: spread, place of the default, and which variant flatters."""

from __future__ import annotations

import pandas as pd
import pytest
from support import store

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.evidence.sensitivity import sensitivity

MAY = parse_period("2026-05")

# Five resolved tickets: replies 1 1 0 2 3, reopens 0 0 0 1 0.
TICKETS = """
ticket_id | team | created_at       | resolved_at      | replies | reopens
1         | Desk | 2026-05-04 09:00 | 2026-05-04 10:00 | 1       | 0
2         | Desk | 2026-05-04 09:00 | 2026-05-04 10:00 | 1       | 0
3         | Desk | 2026-05-04 09:00 | 2026-05-04 10:00 | 0       | 0
4         | Desk | 2026-05-04 09:00 | 2026-05-04 10:00 | 2       | 1
5         | Desk | 2026-05-04 09:00 | 2026-05-04 10:00 | 3       | 0
6         | Desk | 2026-05-04 09:00 |                  | 0       | 1
"""
# Ten calls: six answered (five in time), four abandoned (one in time, and short).
CALLS = "call_id | team | offered_at | answered | wait_seconds | abandoned_in\n" + "\n".join(
    f"{number} | Desk | 2026-05-04 09:00 | {answered} | {wait} | {place}"
    for number, (answered, wait, place) in enumerate(
        [("true", 5, "")] * 5 + [("true", 60, "")] + [("false", 3, "queue")] + [("false", 90, "queue")] * 3
    )
)


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    made = store(tmp_path_factory.mktemp("desk"), audit="as_of = 2026-06-15T00:00:00Z", tickets=TICKETS, calls=CALLS)
    return evaluate(made, periods=[MAY], variants=True)


def spread(results: pd.DataFrame, measure: str, statistic: str = "share") -> pd.Series:
    rows = sensitivity(results).spreads
    rows = rows[(rows["measure"] == measure) & (rows["statistic"] == statistic)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_spread_is_from_the_lowest_to_the_highest_of_the_comparable_variants(results):
    found = spread(results, "service_level")
    # default 5/10, v1 6/10, v2 5/6, v4 5/9, v5 6/10, v6 5/9
    assert (found["lowest"], found["lowest_variant"]) == (0.5, "default")
    assert (found["highest"], found["highest_variant"]) == (pytest.approx(5 / 6), "v2")
    assert found["spread"] == pytest.approx(5 / 6 - 5 / 10)
    assert found["variants"] == 6  # v3 is the default under its other name


def test_the_intervals_of_both_ends_are_kept(results):
    found = spread(results, "service_level")
    v2 = results[(results["measure"] == "service_level") & (results["variant"] == "v2")].iloc[0]
    assert (found["highest_low"], found["highest_high"]) == (v2["low"], v2["high"])
    assert found["default_low"] < 0.5 < found["default_high"]


def test_the_best_variant_by_the_direction_of_the_measure_flatters(results):
    assert spread(results, "service_level")["flatters"] == "v2"
    assert spread(results, "service_level")["default_place"] == 6
    assert spread(results, "reopen_rate")["flatters"] == "default"  # 1/5 of resolved, 2/6 of received: lower is better
    assert spread(results, "reopen_rate")["default_place"] == 1


def test_a_measure_without_a_better_direction_flatters_nobody(results):
    found = spread(results, "tickets_resolved", "count")
    assert (found["lowest"], found["highest"]) == (5, 6)
    assert found["flatters"] is None and pd.isna(found["default_place"])


def test_without_the_default_the_others_are_compared(results):
    found = spread(results, "fcr")  # no customers are known
    assert pd.isna(found["default"]) and pd.isna(found["default_place"])
    assert (found["lowest"], found["lowest_variant"]) == (0.4, "one_touch")
    assert (found["highest"], found["flatters"]) == (0.8, "no_reopen")


def test_variants_of_another_kind_stand_apart(results):
    apart = sensitivity(results).apart
    reopens = apart[apart["variant"] == "per_resolved"].iloc[0]
    assert (reopens["unit"], reopens["value"]) == ("reopens", 0.2)
    assert {"in_queue", "in_ivr", "ringing"} < set(apart["variant"])  # parts of the abandoned calls, not definitions


def test_variants_without_a_value_are_listed_with_the_reason(results):
    absent = sensitivity(results).unavailable
    absent = absent[absent["measure"] == "fcr"].set_index("variant")["reason"].to_dict()
    assert absent == {
        "default": "no source has the column customer_id",
        "no_customer_reply": "no source has the column customer_replies",
        "survey": "no source fills the table surveys",
    }


def test_measures_without_variants_are_left_out(results):
    assert "tickets_received" not in set(sensitivity(results).spreads["measure"])


def test_a_table_without_variants_has_no_spreads(results):
    plain = results[results["variant"] == "default"]
    found = sensitivity(plain)
    assert found.spreads.empty and found.apart.empty and found.unavailable.empty
