"""Whether an execution is the report that was asked for: what it shows is compared, not assumed."""

from __future__ import annotations

import nbformat
import pytest

from auditkit.exhibits.base import EXHIBIT_MIME
from auditkit.running.engine import Execution
from auditkit.running.truth import failure_of, figures_failure

ASKED = {"team": ("Oslo",), "period": ("2024-05", "May 2024")}
OSLO = {"team": "Oslo", "period": "2024-05"}
COVER = {"kind": "cover", "id": "cover", "team": "Oslo", "period": "May 2024", "made_for": OSLO}
CLOSING = {"kind": "closing", "id": "closing", "made_for": OSLO, "figures": [["csat", "share", 0.75, 40.0]]}
RECORD = {"measure": "csat", "statistic": "share", "variant": "default", "available": True, "value": 0.75, "n": 40}


def execution(*exhibits, states=None):
    """A notebook in which each cell displayed one exhibit."""
    notebook = nbformat.v4.new_notebook()
    for exhibit in exhibits:
        shown = nbformat.v4.new_output("display_data", {EXHIBIT_MIME: exhibit})
        notebook.cells.append(nbformat.v4.new_code_cell("show()", outputs=[shown]))
    return Execution(notebook, states or dict.fromkeys(range(len(exhibits)), "ok"))


def test_a_whole_report_of_the_right_team_is_true():
    assert failure_of(execution(COVER, CLOSING), ASKED) is None


@pytest.mark.parametrize(
    ("exhibits", "words"),
    [
        ([COVER], "did not end with the closing exhibit"),
        ([CLOSING, COVER], "did not end with the closing exhibit"),
        ([COVER | {"team": "Bergen"}, CLOSING], "cover says team 'Bergen', but 'Oslo' was asked for"),
        ([COVER | {"period": "April 2024"}, CLOSING], "cover says period 'April 2024'"),
        (
            [COVER, {"kind": "table", "id": "calls", "made_for": OSLO | {"team": "Bergen"}}, CLOSING],
            "exhibit 'calls' is of team 'Bergen', but 'Oslo' was asked for",
        ),
        (
            [COVER, {"kind": "chart", "id": "waits", "made_for": OSLO | {"period": "2024-04"}}, CLOSING],
            "exhibit 'waits' is of period '2024-04'",
        ),
    ],
)
def test_what_is_not_the_report_asked_for(exhibits, words):
    failure = failure_of(execution(*exhibits), ASKED)
    assert failure.kind == "untrue" and words in failure.error


def test_a_cell_that_never_ran_is_told_by_its_number():
    failure = failure_of(execution(COVER, COVER, CLOSING, states={0: "ok", 2: "ok"}), ASKED)
    assert (failure.kind, failure.cell, failure.error) == ("untrue", 2, "the cell was never run to its end")


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({}, None),
        ({"value": 0.75 * (1 + 1e-12)}, None),
        ({"value": 0.76}, "the report's csat (share) is 0.75, n 40.0; the store says (0.76, 40)"),
        ({"n": 41}, "the store says (0.75, 41)"),
        ({"available": False}, "the store says (None, 40)"),
        ({"measure": "nps"}, "the store says None"),
        ({"variant": "other"}, "the store says None"),
    ],
)
def test_every_figure_is_compared_with_the_stores_own(record, words):
    failure = figures_failure(execution(COVER, CLOSING).notebook, [RECORD | record])
    assert (failure and words in failure.error) if words else failure is None
