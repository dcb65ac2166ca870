"""What else could have been said: the spread of definitions, and the sources' own figures beside ours."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pandas as pd
from small_report import HOSTILE, context, figure, plain, share, texts

from auditkit.evidence.reconcile import BY_EXPLANATION, WORST, Reconciliation
from auditkit.evidence.sensitivity import sensitivity
from auditkit.exhibits.definition_spread import definition_spread
from auditkit.exhibits.reconciliation import reconciliation
from auditkit.measures import CATALOGUE

PLACE = {"team": "Service desk", "by": None, "group": None, "method": "Wilson"}


def variant(measure: str, name: str, met: int, n: int = 100) -> dict:
    return share(measure, "2026-05", met, n, variant=name) | PLACE


def absent(measure: str, name: str) -> dict:
    return figure(measure, "2026-05", None, variant=name, reason="no source fills the table surveys", low=np.nan,
                  high=np.nan) | PLACE  # fmt: skip


ROWS = (
    variant("fcr", "default", 72),
    variant("fcr", "one_touch", 55),
    variant("fcr", "no_reopen", 94),
    absent("fcr", "survey"),
    variant("call_resolution_rate", "default", 90),
    variant("call_resolution_rate", "of_offered", 80),
    variant("abandonment_rate", "default", 8),
    variant("abandonment_rate", "in_queue", 5),
)


def spread(*rows: dict) -> list:
    found = sensitivity(pd.DataFrame(list(rows)), CATALOGUE)
    return definition_spread(context(variants=rows), found)


def test_the_title_is_the_measure_that_its_definition_moves_most():
    drawn, _ = spread(*ROWS)
    expected = "The definition moves First contact resolution most: 55 % to 94 % in May 2026; this report uses 72 %"
    assert plain(drawn.data["title"]) == expected


def test_the_table_names_the_definitions_and_which_flatters():
    _, all_of_them = spread(*ROWS)
    assert plain(all_of_them.data["title"]) == "In 1 of 2 figures another published definition would look better"
    rows = [[plain(cell) for cell in row] for row in all_of_them.data["rows"]]
    assert rows == [
        ["First contact resolution", "72 %", "55 % (one_touch)", "94 % (no_reopen)", "39.0 points", "no_reopen"],
        ["Call resolution rate", "90 %", "80 % (of_offered)", "90 % (default)", "10.0 points", "default"],
    ]
    note = plain(all_of_them.data["note"])
    assert "a part: abandonment_rate in_queue." in note
    assert "Without figures: fcr survey (no source fills the table surveys)." in note


def test_the_chart_labels_both_ends_and_its_table_has_the_same_figures():
    drawn, _ = spread(*ROWS)
    words = [plain(node.text) for node in ElementTree.fromstring(drawn.data["svg"]).iter() if node.text]
    assert {"First contact resolution", "55 %", "94 %", "80 %", "90 %"} <= set(words)
    assert len(drawn.data["table"]["rows"]) == 2
    assert "First contact resolution: This report 72 %" in plain(drawn.data["alt"])


def test_a_default_without_a_figure_is_said():
    drawn, _ = spread(absent("fcr", "default"), *ROWS[1:3])
    assert "the report's own definition has no figure" in drawn.data["title"]
    assert drawn.data["table"]["rows"][0][1] == "–"


def test_counts_are_told_in_the_table_alone():
    rows = [
        figure("tickets_resolved", "2026-05", value, variant=name, low=value, high=value) | PLACE
        for name, value in (("default", 164.0), ("resolution_events", 170.0))
    ]
    (only,) = spread(*rows)
    assert only.data["rows"] == [["Tickets resolved", "164", "164 (default)", "170 (resolution_events)", "6", "–"]]
    assert only.data["title"] == "No other published definition would look better"


def test_nothing_to_compare_is_one_text():
    (only,) = spread(absent("fcr", "default"), absent("fcr", "one_touch"))
    assert only.kind == "prose" and "No source fills" not in only.data["title"]
    assert "fcr one_touch (no source fills the table surveys)" in texts(only)


# reconciliation


def counted(explanation: str, tickets: int, fits: float = np.nan, **more) -> dict:
    row = {
        "column": "sla_resolution_met", "clock": "calendar", "team": "Service desk", "explanation": explanation,
        "tickets": tickets, "share": tickets / 200, "fits": fits, "offset_seconds": None,
        "words": f"it is {explanation}",
    }  # fmt: skip
    return row | more


def found(*counts: dict, worst: tuple[dict, ...] = (), reasons: tuple[str, ...] = ()) -> Reconciliation:
    frames = (pd.DataFrame(list(counts), columns=BY_EXPLANATION), pd.DataFrame(list(worst), columns=WORST))
    return Reconciliation(*frames, reasons)


SLOW = {
    "column": "sla_resolution_met", "clock": "calendar", "team": "Service desk", "explanation": "unexplained",
    "ticket_id": HOSTILE, "recorded": 1.0, "recomputed": 0.0, "seconds": 51 * 3600.0, "limit_seconds": 86400.0,
    "difference_seconds": 27 * 3600.0, "source": "data/tickets.csv", "source_row": 3,
}  # fmt: skip
MIXED = (counted("agrees", 160, 0.8), counted("schedule", 30, 0.9), counted("unexplained", 10))


def test_the_title_says_how_many_differ_and_why():
    (table,) = reconciliation(context(), found(*MIXED))
    title = plain(table.data["title"])
    assert title.startswith("What the source says of “Resolution in time” differs in 40 of 200 tickets (20.0 %)")
    assert title.endswith(", mostly explained by schedule")


def test_counts_shares_and_fits_are_in_the_table():
    (table,) = reconciliation(context(), found(*MIXED))
    rows = [[plain(cell) if isinstance(cell, str) else cell for cell in row] for row in table.data["rows"]]
    what = "Resolution in time, calendar time"
    assert rows[1] == [what, {"text": "schedule", "tone": "neutral"}, "30", "15.0 %", "90.0 %", "it is schedule"]
    assert rows[2][1:5] == [{"text": "unexplained", "tone": "bad"}, "10", "5.0 %", "–"]
    assert "Fits all: the share" in table.data["note"]


def test_the_worst_tickets_stand_with_file_and_row():
    _, worst = reconciliation(context(), found(*MIXED, worst=(SLOW,)))
    assert plain(worst.data["title"]) == "1 ticket differs most, 1 of them unexplained"
    row = worst.data["rows"][0]
    assert row[0] == HOSTILE
    assert [plain(cell) for cell in row[3:]] == ["in time", "late", "1.1 d", "data/tickets.csv, row 3"]


def test_a_duration_of_the_source_is_told_as_one():
    quick = SLOW | {"column": "recorded_resolution_seconds", "recorded": 3600.0, "recomputed": 7200.0,
                    "limit_seconds": np.nan, "difference_seconds": 3600.0}  # fmt: skip
    _, worst = reconciliation(context(), found(*MIXED, worst=(quick,)))
    assert [plain(cell) for cell in worst.data["rows"][0][3:6]] == ["1 h 00 min", "2 h 00 min", "1 h 00 min"]


def test_a_time_zone_is_told_with_its_offset():
    (table,) = reconciliation(context(), found(MIXED[0], counted("time zone", 40, 1.0, offset_seconds=-10800.0)))
    assert table.data["title"].endswith("explained by time zone (−3\u00a0h)")


def test_agreement_is_a_finding_too():
    (table,) = reconciliation(context(), found(counted("agrees", 200, 1.0), reasons=("the hours are not known",)))
    assert plain(table.data["title"]).endswith(
        "agree with what the source says of “Resolution in time” in all 200 tickets"
    )
    assert table.data["note"].endswith("The hours are not known.")


def test_nothing_to_reconcile_is_one_text_with_the_reason():
    (only,) = reconciliation(context(), found(reasons=("no source has a figure of its own for its tickets",)))
    assert (only.kind, only.data["paragraphs"]) == ("prose", ["No source has a figure of its own for its tickets."])
    (other,) = reconciliation(context(), found(counted("agrees", 5, team="Other")))
    assert "Service desk" in other.data["paragraphs"][0]
    (open_ones,) = reconciliation(context(), found(counted("not recomputable", 5)))
    assert open_ones.data["title"] == "None of the figures that the source states can be recomputed"
