"""Charts: the same bytes each time, text that stays text, and shapes that survive odd input."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from small_report import HOSTILE

from auditkit.exhibits import charts, theme
from auditkit.exhibits.axes import Line, Mark, Scale, count_scale, duration_scale, share_scale
from auditkit.exhibits.bins import bins
from auditkit.exhibits.sparkline import sparkline
from auditkit.exhibits.week_grid import week_grid
from auditkit.fonts import FAMILY
from auditkit.labels import Labels

LABELS = Labels()
BLUE = "#1f5f8b"
NAMES = ["Mar\n2026", "Apr", "May"]


def a_line(label: str = "median", values=(3600, 5400, 4000)) -> str:
    line = Line(values, label, BLUE, [3000, 5000, 3500], [4000, 6000, 4500])
    return charts.lines(NAMES, [line], duration_scale(LABELS, 6000), target=Mark(7200, "target 2 h"))


def words(svg: str) -> list[str]:
    return [node.text for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def numbers(path: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?[\d.]+", path)]


def test_the_same_figures_give_the_same_bytes_and_no_date():
    assert a_line() == a_line()
    assert "<dc:date>" not in a_line()


def test_text_stays_text_in_the_shipped_typeface():
    assert {"target 2 h", "median", "Apr"} <= set(words(a_line()))
    assert FAMILY in a_line()


def test_a_label_cannot_become_markup_or_mathematics():
    svg = a_line(f"{HOSTILE} $x^2$")
    assert f"{HOSTILE} $x^2$" in words(svg)
    assert "<script" not in svg


def test_a_chart_of_a_thousand_steps_says_only_what_can_be_seen():
    times = np.geomspace(60, 86400 * 30, 20_000)
    line = Line(np.linspace(0, 1, 20_000), "May", BLUE)
    svg = charts.curves([(line, times)], [(900, "15 min"), (86400, "1 d")], LABELS, None)
    assert len(svg) < 40_000
    path = next(mark.get("d") for mark in ElementTree.fromstring(svg).iter() if mark.get("stroke") == BLUE)
    first, last = numbers(path)[0], numbers(path)[-1]
    assert (first, last) == (39.6, 435.6), "it begins and ends at the edges of the paper"


def test_a_band_beyond_the_paper_is_cut_at_its_edge():
    line = Line((1, 1, 1), "n", BLUE, [0.5, 0.5, 0.5], [99.0, 1.5, 1.5])
    svg = charts.lines(NAMES, [line], count_scale(LABELS))
    path = next(mark.get("d") for mark in ElementTree.fromstring(svg).iter() if mark.get("fill-opacity"))
    assert min(numbers(path)[1::2]) == pytest.approx(0.12 * 72, abs=0.05)


def test_a_line_stops_before_a_gap_and_a_lonely_value_is_a_dot():
    svg = charts.lines(list("abcde"), [Line((1, 2, None, 3, None), "n", BLUE)], count_scale(LABELS))
    marks = list(ElementTree.fromstring(svg).iter())
    (path,) = [mark.get("d") for mark in marks if mark.get("stroke") == BLUE]
    assert len(numbers(path)) == 4
    assert len([mark for mark in marks if mark.tag.endswith("circle")]) == 1


def test_a_name_too_long_for_its_margin_is_set_on_two_lines():
    name = "Share of the contacts of customers who had been in touch before"
    svg = week_grid([["1 / 2"]], np.zeros((1, 1)), [name], ["08"], BLUE)
    assert name not in words(svg)
    assert words(svg)[1] == "Share of"


def test_signs_that_xml_forbids_do_not_spoil_a_chart():
    assert "a\ufffdb" in words(a_line("a\x07b"))


def test_drawing_loads_no_plotting_library():
    code = (
        "import sys; import auditkit.exhibits.charts, auditkit.exhibits.week_grid; print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("values", [(None, None, None), (None, 5, None), (0, 0, 0), (1, None, 2)])
def test_gaps_and_zeros_are_drawn(values):
    assert ElementTree.fromstring(charts.lines(NAMES, [Line(values, "n", BLUE)], count_scale(LABELS))) is not None


def test_an_axis_of_shares_ends_at_all():
    svg = charts.lines(NAMES, [Line((0.97, 0.99, 1.0), "all", BLUE)], share_scale(LABELS), top=1.0)
    assert "100\u00a0%" in words(svg)
    assert "120\u00a0%" not in words(svg)


def test_every_form_is_well_formed():
    grid = np.arange(168.0).reshape(7, 24)
    forms = [
        charts.heatmap(grid, list("abcdefg"), [str(hour) for hour in range(24)], BLUE, LABELS),
        charts.histogram([1, 5, 2], ["0", "1 h", "2 h", "4 h"], BLUE, LABELS, target=Mark(1.5, "target")),
        charts.curves(
            [(Line([0.1, 0.9], "May", BLUE, [0, 0.8], [0.2, 1]), [900, 86400])],
            [(900, "15 min"), (86400, "1 d")],
            LABELS,
            Mark(3600, "target 1 h"),
        ),
        charts.stacked(
            NAMES, [Line([0.5, None, 1], "a", BLUE), Line([0.5, None, 0], "b", theme.PALE)], ["", "", ""], LABELS
        ),
        charts.columns(["1", "2"], [0.0, 1.0], ["0 %", "100 %"], [BLUE, BLUE]),
    ]
    for form in forms:
        assert ElementTree.fromstring(form).tag.endswith("svg")


def test_labels_at_line_ends_never_touch():
    places = theme.spread([50, 50, 50, 1], [10, 10, 20, 10], 0, 100)
    edges = sorted((place - size / 2, place + size / 2) for place, size in zip(places, [10, 10, 20, 10], strict=True))
    assert all(first[1] <= second[0] + 1e-9 for first, second in pairwise(edges))
    assert edges[0][0] >= 0 and edges[-1][1] <= 100


def test_bins_hold_every_duration_once_and_place_a_target():
    found = bins([1.0, 30.0, 3600.0, 7200.0, 7200.0, 10**9, float("nan"), -5.0])
    assert sum(found.counts) == 6
    assert found.place(found.edges[1]) == 1.0
    assert bins([float("nan")]) is None


def test_business_time_has_no_bins_of_days():
    found = bins([3600.0 * hour for hour in range(1, 200)], business=True)
    assert not any("d" in row[0].replace("under", "").replace("and", "") for row in found.rows(LABELS, business=True))


@pytest.mark.parametrize(
    ("values", "drawn"), [([1, 2, 3], True), ([1, None, 3], True), ([2, 2], True), ([1], False), ([None, None], False)]
)
def test_a_sparkline_needs_two_values(values, drawn):
    svg = sparkline(values, BLUE, target=2)
    assert bool(svg) == drawn
    assert not svg or ElementTree.fromstring(svg).tag.endswith("svg")


def test_long_names_of_an_axis_stay_on_the_sheet():
    """Nine letters of 9 points at 0.56 of their size need 45 points; the usual margin has 39."""
    svg = charts.lines(NAMES, [Line([10.0, 400.0, 300.0], "n", BLUE)], Scale(suffix="\u00a0sutki", label=LABELS.number))
    ends = [float(one.get("x")) for one in ElementTree.fromstring(svg).iter() if one.text and "sutki" in one.text]
    assert ends and min(ends) >= 0.56 * 9 * len("400 sutki")


@pytest.mark.parametrize("values", [(0, 0, 1), (0, 0, 0), (1, 2, 3)])
def test_an_axis_of_whole_things_has_no_parts_of_them(values):
    ticks = words(charts.lines(NAMES, [Line(values, "", BLUE)], count_scale(LABELS)))
    assert not [tick for tick in ticks if "." in tick]
    assert words(charts.histogram([1], ["0", "1 h"], BLUE, LABELS))[:2] == ["0", "1"]
