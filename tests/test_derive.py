"""Columns that follow from others, and answers that cannot be what they seem."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, store

from auditkit.evaluation.evaluate import evaluate

CALLS = """
call_id | team  | offered_at | answered_at | ended_at | abandoned_in | answered | wait_seconds
{}
"""


def call(folder, row: str) -> pd.Series:
    """The stored call of ``answered_at | ended_at | abandoned_in | answered | wait_seconds``, offered at 09:00."""
    return store(folder, calls=CALLS.format(f"1 | North | 2026-05-04T09:00:00Z | {row}")).frame("calls").iloc[0]


NINE = "2026-05-04T09:00:"


@pytest.mark.parametrize(
    ("row", "answered", "wait", "abandoned"),
    [
        (f"{NINE}30Z | | | |", True, 30, False),
        (f"{NINE}00Z | | | |", True, 0, False),
        (f"{NINE}30Z | | | true | 12", True, 12, False),  # what the source says wins
        (f" | {NINE}45Z | queue | |", False, 45, True),
        (" | | ivr | | 7", False, 7, True),
        (f" | {NINE}45Z | | false |", False, None, False),  # unanswered, and nobody knows where the caller left
        (f"{NINE}30Z | | queue | true |", True, 30, False),  # answered: then it was not abandoned
        (f" | {NINE}45Z | | |", None, None, False),  # nothing says whether it was answered
        ("2026-05-04T08:59:00Z | | | |", True, None, False),  # answered before it was offered: no wait
    ],
)
def test_whether_a_call_was_answered_and_how_long_it_waited(tmp_path, row, answered, wait, abandoned):
    found = call(tmp_path, row)
    assert (None if pd.isna(found["answered"]) else bool(found["answered"])) == answered
    assert (None if pd.isna(found["wait_seconds"]) else found["wait_seconds"]) == wait
    assert bool(found["abandoned"]) == abandoned


def test_where_answers_have_an_instant_a_call_without_one_was_not_answered(tmp_path):
    calls = """
    call_id | team  | offered_at           | answered_at
    1       | North | 2026-05-04T09:00:00Z | 2026-05-04T09:00:10Z
    2       | North | 2026-05-04T09:00:00Z |
    """
    found = store(tmp_path, calls=calls)
    assert one(evaluate(found, ["answer_rate"]))["value"] == 1 / 2
    assert one(evaluate(found, ["speed_of_answer"]), statistic="mean")["value"] == 10
    assert one(evaluate(found, ["abandonment_rate"]))["reason"] == "no source has the column abandoned_in"


def test_handling_is_talk_hold_and_wrap(tmp_path):
    calls = """
    call_id | team  | offered_at           | answered | talk_seconds | hold_seconds | wrap_seconds
    1       | North | 2026-05-04T09:00:00Z | true     | 100          | 20           | 3
    2       | North | 2026-05-04T09:00:00Z | true     | 100          |              |
    3       | North | 2026-05-04T09:00:00Z | true     |              | 20           |
    """
    found = store(tmp_path, calls=calls).frame("calls").set_index("call_id")["handle_seconds"]
    assert (found["1"], found["2"], pd.isna(found["3"])) == (123, 100, True)


# --- values filled in where none can exist


def filled(folder, fillers: list[tuple[object, object]], linked_by: str = "row"):
    """Twelve answered calls with differing values, and unanswered ones with these (rating, talk seconds)."""
    lines = [f"{number} | North | 2026-05-04 09:00 | true | {100 + number} | {number % 5 + 1}" for number in range(12)]
    lines += [
        f"u{number} | North | 2026-05-04 09:00 | false | {talk} | {rating}"
        for number, (rating, talk) in enumerate(fillers)
    ]
    (folder / "data").mkdir()
    rows = "\n".join(",".join(cell.strip() for cell in line.split("|")) for line in lines)
    (folder / "data" / "calls.csv").write_text(f"call_id,team,offered_at,answered,talk_seconds,rating\n{rows}\n")
    by_id = 'call_id = "call_id"' if linked_by == "id" else ""
    return store(
        folder,
        f"""
[[source]]
table = "calls"
path = "data/calls.csv"
dates = "iso"
[[source]]
table = "surveys"
path = "data/calls.csv"
dates = "iso"
[source.columns]
response_id = "call_id"
answered_at = "offered_at"
score = "rating"
{by_id}
[source.constants]
kind = "csat"
scale_min = 1
scale_max = 5
""",
    )


def fillings(found) -> dict[str, tuple[int, tuple[int, ...]]]:
    return {n.table: (n.count, n.rows) for n in found.meta.notices if n.check == "filled_in_values"}


@pytest.mark.parametrize("linked_by", ["row", "id"])
def test_ratings_and_talk_times_of_unanswered_calls_that_are_all_one_value_are_set_aside_and_told(tmp_path, linked_by):
    found = filled(tmp_path, [(3, 182)] * 10, linked_by)
    assert fillings(found) == {"calls": (10, (14, 15, 16, 17, 18)), "surveys": (10, (14, 15, 16, 17, 18))}
    csat = one(evaluate(found, ["csat_mean"]))
    assert (csat["value"], csat["n"]) == (pytest.approx(33 / 12), 12)  # 1-5 twice, then 1 and 2
    assert one(evaluate(found, ["talk_time"]), statistic="mean")["n"] == 12


@pytest.mark.parametrize(
    ("fillers", "told"),
    [
        ([(3, 182)] * 9, set()),  # nine may be a coincidence
        ([(3, 0)] * 10, {"surveys"}),  # no talk is what an unanswered call has
        ([("", "")] * 10, set()),
        ([(number % 5 + 1, 100 + number) for number in range(20)], set()),  # differing: wrong in another way
        ([(3, 182)] * 18 + [(4, 100), (5, 101)], {"calls", "surveys"}),  # nine in ten
        ([(3, 182)] * 17 + [(4, 100), (5, 101)], set()),
    ],
)
def test_only_one_identical_value_over_many_rows_is_a_filling(tmp_path, fillers, told):
    assert set(fillings(filled(tmp_path, fillers))) == told


# --- scales


def scaled(folder, scores: list[object], declared: str = "", kind: str = "csat"):
    (folder / "data").mkdir()
    rows = "".join(f"{number},North,2026-05-04 09:00,{score}\n" for number, score in enumerate(scores))
    (folder / "data" / "s.csv").write_text(f"response_id,team,answered_at,score\n{rows}")
    toml = f'[[source]]\ntable = "surveys"\npath = "data/s.csv"\ndates = "iso"\n[source.constants]\nkind = "{kind}"\n'
    found = store(folder, toml + declared)
    return one(evaluate(found, [kind], variants=False)), {notice.check for notice in found.meta.notices}


@pytest.mark.parametrize(
    ("kind", "scores", "n", "notices"),
    [
        ("csat", [1, 3, 5], 3, {"scale_assumed"}),  # whole scores up to 5
        ("csat", [5, 5, 5], 3, {"scale_assumed"}),
        ("csat", [1, 3, 4], 0, {"scale_unknown"}),  # nobody gave a 5: 1-4, or 1-5?
        ("csat", [0, 3, 5], 0, {"scale_unknown"}),
        ("csat", [1, 4.5, 5], 0, {"scale_unknown"}),
        ("csat", [80, 90, 100], 0, {"scale_unknown"}),
        ("nps", [0, 9, 10], 3, set()),  # by definition 0-10
        ("ces", [1, 4, 7], 3, set()),  # by definition 1-7
        ("nps", [0, 9, 11], 2, {"score_outside_scale"}),
    ],
)
def test_a_scale_that_nobody_declared_is_settled_by_the_kind_or_by_the_answers(tmp_path, kind, scores, n, notices):
    figure, told = scaled(tmp_path, scores, kind=kind)
    assert (figure["n"], told) == (n, notices)


def test_a_declared_scale_is_believed(tmp_path):
    figure, told = scaled(tmp_path, [1, 2, 3, 4], "scale_min = 1\nscale_max = 4")
    assert (figure["value"], told) == (1 / 4, set())  # the upper quarter begins at 3.25
