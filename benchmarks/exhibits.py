"""How long the exhibits of one report take to make, each chart beside the same chart drawn by plain pyplot calls.

The sample's Helsinki report is evaluated once; then every section is made, and every chart of it drawn again from the
same numbers, by the product and by pyplot in turn, in this process; the least of the rounds counts. Last, the page and
the print are made from the exhibits; the print for the first time, fonts read and all. Run it as
``python benchmarks/exhibits.py [ROUNDS]``.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

matplotlib.use("svg")
from matplotlib import pyplot as plt

ROUNDS = 5
TEAM, PERIOD = "Helsinki", "2026-05"
SECTIONS = (
    "summary", "scorecard", "patterns", "volume", "channels", "backlog", "speed", "resolution", "journeys", "calls",
    "voice", "quality_reviews", "people", "business", "data_quality", "definitions", "all_measures", "provenance",
)  # fmt: skip
Call = tuple[str, Callable[..., str], tuple[Any, ...], dict[str, Any]]


def main(rounds: int = ROUNDS) -> None:
    """Print seconds per section, milliseconds per chart with the ratio to pyplot, and the time of page and print."""
    from auditkit.report.audit import open as open_report

    with tempfile.TemporaryDirectory() as folder:
        audit = open_report(str(sample_in(Path(folder) / "sample")), team=TEAM, period=PERIOD)
        exhibits = made_in_sections(audit)
        drawn_beside_pyplot(audit, rounds)
        rendered([audit.cover(), *exhibits, audit.close()], rounds)


def sample_in(folder: Path) -> Path:
    """The sample as a workspace with its store."""
    from auditkit.load import load
    from auditkit.new import lay_out
    from auditkit.workspace import open_workspace

    lay_out(str(folder), sample=True)
    load(open_workspace(folder))
    return folder


def made_in_sections(audit: Any) -> list[Any]:
    """Every section made once, when everything is imported and read; prints its time and its exhibits."""
    for section in SECTIONS:
        getattr(audit, section)()
    exhibits, total = [], 0.0
    print(f"{'section':44} {'exhibits':>8} {'ms':>8} {'ms each':>8}")
    for section in SECTIONS:
        begun = time.perf_counter()
        found = list(getattr(audit, section)())
        taken = 1000 * (time.perf_counter() - begun)
        exhibits += found
        total += taken
        print(f"{section:44} {len(found):8} {taken:8.1f} {taken / max(len(found), 1):8.2f}")
    print(f"{'all':44} {len(exhibits):8} {total:8.1f} {total / len(exhibits):8.2f}\n")
    return exhibits


def drawn_beside_pyplot(audit: Any, rounds: int) -> None:
    """Every chart of the report by the product and by pyplot; prints milliseconds, ratio and bytes."""
    calls: list[Call] = []
    with recording(calls):
        for section in SECTIONS:
            getattr(audit, section)()
    print(f"{'chart':44} {'ms':>8} {'pyplot':>8} {'ratio':>8} {'bytes':>8} {'pyplot':>8}")
    ours, theirs = 0.0, 0.0
    for number, (name, draw, arguments, more) in enumerate(calls, 1):
        here, text = least(lambda d=draw, a=arguments, m=more: d(*a, **m), rounds)
        there, other = least(lambda n=name, a=arguments, m=more: PYPLOT[n](*a, **m), rounds)
        ours, theirs = ours + here, theirs + there
        size = f"{len(text):8} {len(other):8}"
        print(f"{f'{number} {name}':44} {1000 * here:8.2f} {1000 * there:8.1f} {there / here:7.0f}x {size}")
    print(f"{f'all {len(calls)}':44} {1000 * ours:8.2f} {1000 * theirs:8.1f} {theirs / ours:7.0f}x\n")


def rendered(exhibits: list[Any], rounds: int) -> None:
    """The page and the print of these exhibits, from an executed notebook; prints seconds and bytes."""
    import pypdf
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    from auditkit.export.document import read_document
    from auditkit.export.page import html_page
    from auditkit.export.typeset import pdf_file

    outputs = [new_output("display_data", data=one._repr_mimebundle_()) for one in exhibits]
    notebook = new_notebook(cells=[new_code_cell("", outputs=[one]) for one in outputs])
    page, text = least(lambda: html_page(read_document(notebook)), rounds)
    begun = time.perf_counter()
    data = pdf_file(read_document(notebook))  # once: of what it has set before, Typst remembers much
    print_ = time.perf_counter() - begun
    pages = len(pypdf.PdfReader(io.BytesIO(data)).pages)
    print(f"HTML {page:6.3f} s  {len(text.encode()):9} bytes")
    print(f"PDF  {print_:6.3f} s  {len(data):9} bytes, {pages} pages: {1000 * print_ / pages:.0f} ms a page")


def least(make: Callable[[], Any], rounds: int) -> tuple[float, Any]:
    """The shortest of ``rounds`` runs after one that warms up, and what was made."""
    made, best = make(), float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        made = make()
        best = min(best, time.perf_counter() - begun)
    return best, made


@contextmanager
def recording(calls: list[Call]) -> Iterator[None]:
    """While it holds, every form of chart that a section draws is written down with its numbers."""
    from auditkit.exhibits import charts, definition_spread, staffing

    places = [(charts, name) for name in ("lines", "heatmap", "histogram", "curves", "stacked", "columns")]
    places += [(staffing, "week_grid"), (definition_spread, "ranges")]
    originals = [getattr(module, name) for module, name in places]

    def noted(name: str, draw: Callable[..., str]) -> Callable[..., str]:
        def wrapper(*arguments: Any, **more: Any) -> str:
            calls.append((name, draw, arguments, more))
            return draw(*arguments, **more)

        return wrapper

    try:
        for (module, name), draw in zip(places, originals, strict=True):
            setattr(module, name, noted(name, draw))
        yield
    finally:
        for (module, name), draw in zip(places, originals, strict=True):
            setattr(module, name, draw)


# The same charts by plain pyplot calls -------------------------------------------------------------------------------


def saved(figure: Any) -> str:
    stream = io.StringIO()
    figure.savefig(stream, format="svg")
    plt.close(figure)
    return stream.getvalue()


def floats(values: Any) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def pyplot_lines(names, drawn, scale, *, target=None, bars=None, height=2.9, **_) -> str:
    figure, axes = plt.subplots(figsize=(7.2, height))
    places = range(len(names))
    if bars:
        axes.bar(places, floats(bars.values) / scale.divisor, color=bars.colour)
    for line in drawn:
        if len(line.lows):
            low, high = floats(line.lows) / scale.divisor, floats(line.highs) / scale.divisor
            axes.fill_between(places, low, high, color=line.colour, alpha=0.2)
        values = floats(line.values) / scale.divisor
        axes.plot(places, values, color=line.colour)
        axes.annotate(line.label, (places[-1], values[-1]), color=line.colour)
    if target:
        axes.axhline(target.value / scale.divisor, linestyle="--")
        axes.annotate(target.label, (places[-1], target.value / scale.divisor))
    axes.set_xticks(places, names)
    axes.grid(axis="y")
    return saved(figure)


def pyplot_grid(values, row_names, column_names, texts) -> str:
    figure, axes = plt.subplots(figsize=(7.2, 2.3))
    axes.imshow(values, cmap="Blues", aspect="auto")
    for (row, column), text in np.ndenumerate(texts):
        axes.text(column, row, text, ha="center", va="center", fontsize=7)
    axes.set_xticks(range(len(column_names)), column_names)
    axes.set_yticks(range(len(row_names)), row_names)
    return saved(figure)


def pyplot_heatmap(values, row_names, column_names, *_, **__) -> str:
    return pyplot_grid(values, row_names, column_names, np.vectorize(lambda value: f"{value:.1f}")(values))


def pyplot_week_grid(texts, missing, names, heads, *_) -> str:
    return pyplot_grid(missing, names, heads, np.array(texts, dtype=object))


def pyplot_histogram(counts, edge_names, accent, *_, target=None) -> str:
    figure, axes = plt.subplots(figsize=(7.2, 2.7))
    axes.bar(range(len(counts)), counts, align="edge", color=accent)
    axes.set_xticks(range(len(edge_names)), edge_names)
    if target:
        axes.axvline(target.value, linestyle="--")
        axes.annotate(target.label, (target.value, max(counts)))
    axes.grid(axis="y")
    return saved(figure)


def pyplot_curves(drawn, ticks, labels, target) -> str:
    figure, axes = plt.subplots(figsize=(7.2, 2.9))
    axes.set_xscale("log")
    for line, times in drawn:
        if len(line.lows):
            axes.fill_between(times, floats(line.lows), floats(line.highs), step="post", color=line.colour, alpha=0.2)
        axes.step(times, floats(line.values), where="post", color=line.colour)
        axes.annotate(line.label, (times[-1], line.values[-1]))
    if target:
        axes.axvline(target.value, linestyle="--")
    axes.set_xticks([place for place, _ in ticks], [name for _, name in ticks])
    axes.grid(axis="y")
    return saved(figure)


def pyplot_stacked(names, parts, above, labels) -> str:
    figure, axes = plt.subplots(figsize=(7.2, 2.9))
    bottom = np.zeros(len(names))
    for part in parts:
        heights = np.nan_to_num(floats(part.values))
        axes.bar(range(len(names)), heights, bottom=bottom, color=part.colour)
        axes.annotate(part.label, (len(names) - 0.5, bottom[-1]))
        bottom += heights
    for place, text in enumerate(above):
        axes.annotate(text, (place, 1), ha="center")
    axes.set_xticks(range(len(names)), names)
    return saved(figure)


def pyplot_columns(names, shares, texts, colours) -> str:
    figure, axes = plt.subplots(figsize=(7.2, 2.1))
    axes.bar(range(len(names)), shares, color=list(colours))
    for place, (share, text) in enumerate(zip(shares, texts, strict=True)):
        axes.annotate(text, (place, share), ha="center")
    axes.set_xticks(range(len(names)), names)
    return saved(figure)


def pyplot_ranges(drawn, labels, colour) -> str:
    figure, axes = plt.subplots(figsize=(7.2, 0.34 * len(drawn) + 0.5))
    for place, one in enumerate(drawn):
        if one.low is not None and one.high is not None:
            axes.plot([one.low, one.high], [place, place], color=colour, alpha=0.3, linewidth=7)
        axes.plot(one.values, [place] * len(one.values), "o-", color="grey")
        if one.default is not None:
            axes.plot([one.default], [place], "o", color=colour)
    axes.set_yticks(range(len(drawn)), [one.name for one in drawn])
    axes.grid(axis="x")
    return saved(figure)


PYPLOT = {name.removeprefix("pyplot_"): draw for name, draw in list(globals().items()) if name.startswith("pyplot_")}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
