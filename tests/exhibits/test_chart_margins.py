"""What is at the edges of a chart has room there: long names beside a grid, and an axis for a line of noughts."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from auditkit.exhibits import charts
from auditkit.exhibits.axes import Line, share_scale
from auditkit.labels import Labels

LABELS, BLUE = Labels(), "#1f5f8b"


def texts(svg: str) -> list[ElementTree.Element]:
    return [node for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text") if node.text]


def test_a_line_of_noughts_has_an_axis_for_its_band():
    line = Line([0.0, 0.0, 0.0], "none", BLUE, [0.0, 0.0, 0.0], [0.04, 0.05, 0.06])
    drawn = texts(charts.lines(["Mar", "Apr", "May"], [line], share_scale(LABELS), top=1.0))
    axis = [node.text for node in drawn if node.text.endswith("\u00a0%")]
    assert len(set(axis)) == len(axis) > 2


def test_a_long_name_of_a_day_has_room_at_the_left():
    svg = charts.heatmap(np.ones((2, 3)), ["Понедельник", "Воскресенье"], ["0", "1", "2"], BLUE, LABELS)
    ends = [float(node.get("x")) for node in texts(svg) if node.text == "Понедельник"]
    assert ends[0] > 11 * 0.56 * 9  # letters, wide as they are, at nine points
