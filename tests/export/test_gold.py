"""The printed pages look as they did, and where they do not, the test says what moved."""

from __future__ import annotations

import shutil
from copy import deepcopy

import gold
import numpy as np
import pytest
from scipy import ndimage

from auditkit.exhibits.base import Exhibit

pytestmark = pytest.mark.skipif(
    not (shutil.which("pdftoppm") and shutil.which("pdftotext")), reason="needs poppler, which .ci/run installs"
)


@pytest.fixture(scope="module")
def kept() -> list[gold.Page]:
    return gold.read_gold()


@pytest.fixture(scope="module")
def made() -> list[gold.Page]:
    return gold.read_pages(gold.report())


def changed(name: str, **data: object) -> list[gold.Page]:
    """The pages of the report with something else in one exhibit."""
    pieces = [
        Exhibit(one.id, one.kind, {**one.data, **data}) if isinstance(one, Exhibit) and one.id == name else one
        for one in gold.pieces()
    ]
    return gold.read_pages(gold.pdf_of(*pieces))


def data_of(name: str) -> dict:
    return next(deepcopy(dict(one.data)) for one in gold.pieces() if isinstance(one, Exhibit) and one.id == name)


def test_the_pages_look_as_they_did(kept, made):
    assert gold.differences(kept, made) == [], "if this is meant: make gold, and look at the pages"


def test_a_figure_that_changed_is_named_with_its_place(made):
    rows = data_of("scorecard")["rows"]
    rows[2][2] = "67.0 to 75.5 %"
    told = gold.differences(made, changed("scorecard", rows=rows))
    assert len(told) == 2
    assert told[0].startswith("page 3: ") and "67.0 to 75.5 %" in told[0] and "is new" in told[0]
    assert "66.9 to 75.5 %" in told[1] and "is gone" in told[1]


def test_what_a_longer_text_pushed_down_is_named_with_the_way_it_went(made):
    title = "Seven of nine figures are on target; satisfaction cannot be judged yet, " * 3
    told = gold.differences(made, changed("scorecard", title=title))
    assert any("'Reopened" in one and " mm down" in one for one in told)


def test_a_chart_in_another_colour_is_named_by_the_words_at_it(made):
    svg = data_of("form-histogram")["svg"].replace("#1f5f8b", "#7b2d8b")
    told = gold.differences(made, changed("form-histogram", svg=svg))
    assert told and all(one.startswith("page 4: ") and "looks different" in one for one in told)
    assert any("target" in one or "A chart of histogram" in one for one in told)


def test_a_mark_that_is_gone_from_a_chart_is_seen(made):
    svg = data_of("form-lines")["svg"]
    start = svg.rindex("<circle")
    told = gold.differences(made, changed("form-lines", svg=svg[:start] + svg[svg.index("/>", start) + 2 :]))
    assert len(told) == 1 and "looks different" in told[0]


def test_another_way_of_smoothing_edges_is_no_difference(made):
    softer = [gold.Page(ndimage.gaussian_filter(one.picture, (0.4, 0.4, 0)), one.lines) for one in made]
    noise = np.random.default_rng(1)
    grainy = [
        gold.Page(np.clip(one.picture + noise.integers(-6, 7, one.picture.shape), 0, 255).astype(np.uint8), one.lines)
        for one in made
    ]
    assert gold.differences(made, softer) == []
    assert gold.differences(made, grainy) == []


def test_a_page_more_is_told(made):
    assert gold.differences(made, [*made, made[0]]) == [f"{len(made) + 1} pages instead of {len(made)}"]
