"""A made-up executed notebook with every kind of block, for the tests of the export and for looking at the pages."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from auditkit import fonts
from auditkit.exhibits import charts, theme
from auditkit.exhibits.axes import Line, Mark, share_scale
from auditkit.exhibits.base import EXHIBIT_MIME, Exhibit
from auditkit.exhibits.definition_spread import Dots, ranges
from auditkit.exhibits.week_grid import week_grid
from auditkit.labels import Labels
from auditkit.languages import weekdays

HOSTILE = (
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    '#import "x": *',
    "=cmd|'/c calc'!A1",
    "</style><b>out</b>",
    "$x^2$ *bold* _under_ @label <label> [link](javascript:alert(1))",
    "فشل تسجيل الدخول",
    "Printer on fire 🔥",
)
MONTHS = ("May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May")


def cover(**changes: Any) -> Exhibit:
    """The cover of the made-up report."""
    values = {
        "title": "Team report",
        "client": "Nordic Parcel Oy",
        "team": "Service desk Helsinki",
        "period": "May 2026",
        "as_of": "2026-06-01T00:00:00Z",
        "language": "en",
        "prepared": [["Prepared for", "Customer service board"], ["Data", "Zendesk export, phone log, surveys"]],
        "accent": None,
    }
    return Exhibit("cover", "cover", values | changes)


def signatures() -> Exhibit:
    """Who signs the made-up report: one known by name, one with a hostile role and no name."""
    data = {
        "title": "Sign-off",
        "paragraphs": ["The auditor confirms that the figures were counted by the rules of this document."],
        "items": [["Auditor", "Aino Virtanen, Example Oy"], [f"For {HOSTILE[0]} & Sons", ""]],
        "asked": ["Name", "Date", "Signature"],
    }
    return Exhibit("sign-off", "signatures", data)


def closing() -> Exhibit:
    """The closing exhibit of the made-up report."""
    items = [
        ["As of", "1 June 2026, 00:00 UTC"],
        ["data/tickets.csv", "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
        ["auditkit", "0.1.0"],
        ["Read by", "____________________   Date ____________"],
    ]
    return Exhibit("closing", "closing", {"title": "Provenance", "items": items, "note": "The same inputs give this."})


def table(name: str, title: str, columns: list[Any], rows: list[Any], **more: Any) -> Exhibit:
    """A table; ``columns`` are labels, all but the first aligned right."""
    heads = [{"label": label, "align": "left" if number == 0 else "right"} for number, label in enumerate(columns)]
    return Exhibit(name, "table", {"title": title, "columns": heads, "rows": rows} | more)


def notebook_of(*contents: Any, metadata: dict[str, Any] | None = None) -> nbformat.NotebookNode:
    """A notebook of cells: a text is a Markdown cell, an exhibit or an output is what a code cell displayed."""
    cells = []
    for number, content in enumerate(contents):
        if isinstance(content, str):
            cells.append(new_markdown_cell(content, id=f"cell-{number}"))
            continue
        shown = display(content._repr_mimebundle_()) if isinstance(content, Exhibit) else content
        cells.append(new_code_cell("secret_call()", outputs=[shown], execution_count=1, id=f"cell-{number}"))
    return new_notebook(cells=cells, metadata=metadata or {})


def display(bundle: dict[str, Any]) -> nbformat.NotebookNode:
    """A display_data output of ``bundle``."""
    return new_output("display_data", data=bundle)


@cache
def chart_svg(kind: str = "line") -> str:
    """A chart as an analyst may draw one: matplotlib SVG, text as text."""
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    for path in fonts.paths():
        font_manager.fontManager.addfont(path)
    style = {"svg.fonttype": "none", "svg.hashsalt": "auditkit", "font.family": [fonts.FAMILY, "DejaVu Sans"]}
    with mpl.rc_context(style | {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}):
        figure = Figure(figsize=(6.6, 2.7), layout="constrained")
        FigureCanvasSVG(figure)
        _draw(figure.add_subplot(), kind)
        target = io.StringIO()
        figure.savefig(target, format="svg", metadata={"Date": None})
    return target.getvalue()


def _draw(axes: Any, kind: str) -> None:
    values = [412, 398, 377, 420, 455, 470, 468, 520, 610, 498, 472, 466, 431]
    places = range(len(MONTHS))
    if kind == "bar":
        axes.bar(places, values, color="#1f5f8b", width=0.62)
    elif kind == "band":
        axes.fill_between(
            places, [v * 0.9 for v in values], [v * 1.1 for v in values], color="#1f5f8b", alpha=0.18, lw=0
        )
        axes.plot(places, values, color="#1f5f8b", lw=1.8)
        axes.axhline(450, color="#9c2f1b", lw=1, ls="--")
    else:
        axes.plot(places, values, color="#1f5f8b", lw=1.8)
        axes.plot(places, [v * 0.93 - 10 for v in values], color="#8a94a0", lw=1.8)
        axes.annotate("received", (12, 431), xytext=(4, 0), textcoords="offset points", color="#1f5f8b", va="center")
    axes.set_xticks(list(places), MONTHS)
    axes.set_ylabel("tickets")
    axes.margins(x=0.02)
    axes.tick_params(length=3, color="#8a94a0")


def spark_svg(shift: int = 0) -> str:
    """A small line without words, for a cell."""
    points = " ".join(f"{4 + 6 * place},{4 + (place * 7 + shift * 5) % 11}" for place in range(13))
    line = f'<polyline points="{points}" style="fill: none; stroke: #1f5f8b; stroke-width: 1.4"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="18" viewBox="0 0 80 18">{line}</svg>'


def chart(name: str, title: str, kind: str = "line") -> Exhibit:
    """A chart with its figures as a table."""
    figures = {
        "columns": [{"label": "Month", "align": "left"}, {"label": "Tickets", "align": "right"}],
        "rows": [[f"{month} {number}", str(400 + number)] for number, month in enumerate(MONTHS)],
    }
    note = "n = 5,997 tickets created May 2025 to May 2026, calendar months, Europe/Helsinki. Source: tickets."
    alt = "Line over 13 months: about 400 tickets a month, a peak of 610 in January, 431 in May 2026."
    return Exhibit(name, "chart", {"title": title, "note": note, "alt": alt, "svg": chart_svg(kind), "table": figures})


@cache
def own_charts() -> tuple[Exhibit, ...]:
    """One chart of each form that the product draws."""
    labels, blue = Labels(), "#1f5f8b"
    band = Line([0.81, 0.78, 0.83], "83 %", blue, [0.76, 0.72, 0.78], [0.86, 0.84, 0.88])
    grid = np.arange(168.0).reshape(7, 24) / 40
    hours, names = [str(hour) for hour in range(24)], ["Mar\n2026", "Apr", "May"]
    rising = Line([0.1, 0.5, 0.9], "May 2026", blue, [0.05, 0.4, 0.85], [0.2, 0.6, 0.95])
    ticks = [(900, "15 min"), (3600, "1 h"), (86400, "1 d")]
    answers = [Line([0.2, 0.3, 0.25], "detractors", theme.WARNING), Line([0.8, 0.7, 0.75], "promoters", blue)]
    spread = [Dots("First contact resolution", [0.59, 0.8, 0.95], 0.8, 0.75, 0.85)]
    forms = {
        "lines": charts.lines(names, [band], share_scale(labels), target=Mark(0.8, "target\nat least 80 %"), top=1.0),
        "heatmap": charts.heatmap(grid, list(weekdays("en")), hours, blue, labels),
        "histogram": charts.histogram([1, 5, 2], ["0", "1 h", "2 h", "4 h"], blue, labels, target=Mark(1.5, "target")),
        "curves": charts.curves([(rising, [900, 3600, 80000])], ticks, labels, Mark(7200, "target 2 h")),
        "stacked": charts.stacked(names, answers, ["+60", "+40", "+50"], labels),
        "week": week_grid([["1 / 2", "2 / 1"]], np.array([[1.0, 0.0]]), ["Monday"], ["08", "09"], blue),
        "ranges": ranges(spread, labels, blue),
    }
    return tuple(
        Exhibit(f"form-{name}", "chart", {"title": f"A chart of {name}", "svg": svg, "alt": f"Some {name}"})
        for name, svg in forms.items()
    )


@cache
def rich_notebook(language: str = "en") -> nbformat.NotebookNode:
    """A whole report: four charts and six of the product's own, tables short, long, wide and hostile, prose,
    definitions, foreign outputs. ``language`` is that of the page's own words; what the cells say stays English.
    """
    scorecard = table(
        "scorecard",
        "Seven of nine figures are on target; satisfaction cannot be judged yet",
        ["Measure", "May 2026", "95 % interval", "Target", "Verdict", "April 2026", "May 2025", "13 months"],
        [
            ["Tickets received", {"text": "431", "strong": True}, "–", "–", "–", "466", "412", _spark(1)],
            _score("First response, business, median", "3 h 12 min", "2 h 58 to 3 h 31", "at most 4 h", "good", 2),
            _score("Resolved within 48 h", "71.4 %", "66.9 to 75.5 %", "at least 80 %", "bad", 3),
            _score("Satisfied customers (CSAT)", "84.0 %", "65.3 to 93.6 %", "at least 85 %", "unsure", 4),
            _score("Reopened", "3.2 %", "1.9 to 5.4 %", "at most 5 %", "good", 5),
        ],
        note="n = 431 tickets; Wilson intervals. Calls: phone log, business hours 08:00-16:00, Europe/Helsinki.",
    )
    weekdays = table(
        "weekdays",
        "Monday morning brings a quarter of the week",
        ["Weekday", *[f"{hour:02d}" for hour in range(7, 19)], "All day"],
        [
            [day, *[str((hour * 7 + place * 3) % 23) for hour in range(12)], "188"]
            for place, day in enumerate(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"))
        ],
        note="Tickets by the hour in which they were created.",
    )
    oldest = table(
        "oldest",
        "Forty tickets have waited longer than thirty days",
        ["Ticket", "Subject", "Opened", "Age"],
        [
            [f"#{10_400 + place}", HOSTILE[place % len(HOSTILE)], f"{place % 28 + 1} April 2026", f"{60 - place} d"]
            for place in range(40)
        ],
        caption_total="40 of 340 rows shown; the whole table is tables/oldest.csv",
    )
    return notebook_of(
        "# Team report\nWhat happened in the team, and how sure we are.",
        cover(language=language),
        "## Summary\nThe month in **four** sentences, for readers in a *hurry*. See [the method](https://example.com/m).",
        Exhibit(
            "summary",
            "prose",
            {
                "title": "What changed, and how sure it is",
                "paragraphs": ["Fewer tickets came in than in April, and the team answered them faster. Backlog fell."],
                "items": [
                    {"text": "First replies came 41 minutes earlier than in April (95 %: 22 to 58).", "tone": "good"},
                    {"text": "Fewer were resolved within 48 hours than the target asks for.", "tone": "bad"},
                    {"text": "Too few answers to say whether satisfaction moved (n = 25).", "tone": "unsure"},
                    {"text": "Two public holidays fell on working days.", "tone": "neutral"},
                ],
                "note": "Compared with April 2026 unless said otherwise.",
            },
        ),
        scorecard,
        "## Volume and backlog",
        chart("volume", "Fewer tickets than last May, after a peak in January"),
        "The peak of January is the parcel season. Three things explain it:\n\n1. returns\n2. late parcels\n"
        "   - in the north\n   - abroad\n3. the new `status` page\n\n> It was the worst week I have seen.\n\n"
        "| Cause | Share |\n|:--|--:|\n| Returns | **41 %** |\n| Late | 33 % |",
        chart("backlog", "The backlog is back where it was a year ago", "bar"),
        "### By weekday and hour",
        weekdays,
        "## Speed",
        chart("speed", "Half of all first replies come within three hours", "band"),
        "Nothing here is slower than in the year before.",
        chart("resolution", "Resolution takes a day longer when two teams take part", "line"),
        oldest,
        "## Every form of chart",
        *own_charts(),
        "## An analyst's own cell",
        new_output("stream", name="stdout", text="printed for the analyst only"),
        display({"text/html": "<table><tr><th>a</th></tr><tr><td>1<script>alert(2)</script></td></tr></table>"}),
        display({"text/plain": "0.8108 of 5,000 calls"}),
        display({"application/javascript": "alert(3)", "text/plain": "<Javascript object>"}),
        "## Definitions",
        Exhibit(
            "definitions",
            "definitions",
            {
                "title": "Definitions",
                "items": [
                    {
                        "term": "First response time",
                        "text": "From creation to the first public reply of a person.",
                        "details": ["Clock: business hours of the team.", "Left out: merged and deleted tickets."],
                    },
                    {"term": "Reopen rate", "text": "Of tickets resolved, the share opened again.", "details": []},
                ],
            },
        ),
        "## Who stands for it",
        signatures(),
        "## Where the figures come from",
        closing(),
    )


def _spark(shift: int) -> dict[str, Any]:
    return {"text": "", "svg": spark_svg(shift), "alt": "13 months, between 380 and 610"}


def _score(name: str, value: str, interval: str, target: str, tone: str, shift: int) -> list[Any]:
    verdict = {"good": "on target", "bad": "below target", "unsure": "too few to say"}[tone]
    return [
        name,
        {"text": value, "strong": True},
        interval,
        target,
        {"text": verdict, "tone": tone},
        "–",
        "–",
        _spark(shift),
    ]


__all__ = ["EXHIBIT_MIME", "HOSTILE", "chart", "closing", "cover", "display", "notebook_of", "rich_notebook", "table"]
