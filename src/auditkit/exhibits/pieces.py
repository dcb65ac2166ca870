"""What sections share: a chart with its table and description, and the words for changes and signals.

In come figures and comparisons, out come exhibits' parts in plain words. A title hedges as far as the evidence does:
this is the place where "no clear change" and "too few to tell" are decided to be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Any

from auditkit.clocks.period import Period
from auditkit.colour import on_white
from auditkit.exhibits.axes import Line, Mark
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST, Comparison, Headline
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.labels import NOTHING, SPACE, Labels, capital
from auditkit.translation import N_

Cell = str | dict[str, Any]
_STATISTICS = {"median": N_("median"), "mean": N_("mean"), "p90": N_("90th percentile"), "max": N_("longest")}
_SIGNAL_WORDS = {
    "outside": N_("outside the usual range of {low} to {high}"),
    "run_of_7": N_("the latest of seven or more in a row on one side of the average"),
    "trend_of_7": N_("the latest of seven or more in a row that go one way"),
    "two_of_three": N_("for the second time in three periods close to the edge of the usual range of {low} to {high}"),
}


def chart(
    slug: str, title: str, note: str, svg: str, columns: Sequence[str], rows: list[list[str]], about: str
) -> Exhibit:
    """A chart exhibit: the picture, the same figures as a table, and a description that carries them."""
    table = {"columns": aligned(columns), "rows": rows}
    return Exhibit(
        slug,
        "chart",
        {"title": capital(title), "note": note, "svg": svg, "table": table, "alt": _alt(about, columns, rows)},
    )


def table(slug: str, title: str, note: str, columns: Sequence[str], rows: list[list[Cell]], total: str = "") -> Exhibit:
    """A table exhibit; every column but the first is set to the right."""
    title = capital(title)
    data = {"title": title, "note": note, "columns": aligned(columns), "rows": rows, "alt": title}
    return Exhibit(slug, "table", data | ({"caption_total": total} if total else {}))


def prose(
    slug: str, title: str, paragraphs: Sequence[str] = (), items: Sequence[dict[str, str]] = (), note: str = ""
) -> Exhibit:
    """A text exhibit."""
    data = {"title": capital(title), "note": note, "paragraphs": list(paragraphs), "items": list(items)}
    return Exhibit(slug, "prose", data)


def item(text: str, tone: str = "neutral") -> dict[str, str]:
    """One line of a list with its tone."""
    return {"text": text, "tone": tone}


def aligned(columns: Sequence[str], left: Sequence[int] = (0,)) -> list[dict[str, str]]:
    """Columns with their alignment: numbers to the right."""
    return [{"label": label, "align": "left" if place in left else "right"} for place, label in enumerate(columns)]


def period_rows(context: Context, *series: Sequence[Figure | None], intervals: bool = False) -> list[list[str]]:
    """A row per period of the history: its name, then each figure, with its interval where asked for."""
    rows = []
    for place, period in enumerate(context.history):
        cells = [context.labels.period(period)]
        for one in series:
            cells.append(context.said(one[place], one[-1]))
            if intervals:
                cells.append(context.interval(one[place], one[-1]))
        rows.append(cells)
    return rows


def joined(labels: Labels, *clauses: str) -> str:
    """Clauses of one sentence side by side; those that say nothing are left out.

    >>> joined(Labels(), "Half were answered", "", "too few to compare with April")
    'Half were answered; too few to compare with April'
    """
    said = [clause for clause in clauses if clause]
    return reduce(lambda first, second: labels.say("{first}; {second}", first=first, second=second), said or [""])


def ending(words: str, value: str) -> str:
    """What stands at the end of a line of a chart: its name over its last value."""
    return f"{words}\n{value}"


def line(figures: Sequence[Figure | None], label: str, colour: str, band: bool = False) -> Line:
    """A line of a chart through figures, with the band of their intervals."""

    def part(name: str) -> list[float | None]:
        return [None if one is None or one.value is None else getattr(one, name) for one in figures]

    return Line(part("value"), label, colour, part("low") if band else (), part("high") if band else ())


def target_mark(context: Context, measure: str, figure: Figure | None) -> Mark | None:
    """The target's level for a chart; None where the measure has none on this statistic."""
    words = context.target_words(measure, figure)
    if words == NOTHING:
        return None
    return Mark(context.targets[measure].bound, f"{context.labels.say_in('chart', 'target')}\n{words}")


def accent(context: Context) -> str:
    """The client's accent, dark enough to be read."""
    return on_white(context.accent)


def name_of(context: Context, figure: Figure, statistic: bool = True) -> str:
    """What a figure is called: the measure's label, and its statistic where the measure has several."""
    return measure_name(context, figure.measure, figure.statistic if statistic else "")


def measure_name(context: Context, measure: str, statistic: str = "") -> str:
    """The measure's label, with the statistic where the measure has several."""
    declared, label = context.measures.get(measure), context.label(measure)
    word = context.labels.tell(_STATISTICS.get(statistic, ""))
    needed = word and declared is not None and len(declared.statistics) > 1
    return context.labels.say("{measure}, {statistic}", measure=label, statistic=word) if needed else label


def since(context: Context, headline: Headline | None) -> str:
    """How the figure stands to the period before, as a clause for the second half of a title; empty for nothing."""
    labels = context.labels
    if context.partial:
        return labels.say("the period is not over")
    if headline is None:
        return ""
    compared = next((one for one in headline.comparisons if one.against == context.previous), None)
    if headline.figure.statistic in ("count", "net") and (compared is None or compared.p is None):
        return usual_words(context, headline)
    if compared is None:
        return labels.say("nothing to compare with {when}", when=labels.within(context.previous))
    if compared.is_change:
        return against_words(context, compared, compared.now)
    if not compared.enough:
        return labels.say("too few now or {when} to tell a change", when=when(context, compared.against))
    if "outside" in (headline.usual.signals if headline.usual else ()):
        return signal_words(context, headline)
    return labels.say("no clear change {since}", since=labels.since(compared.against)) if headline.is_judged else ""


def usual_words(context: Context, headline: Headline) -> str:
    """Where a count stands to its usual range."""
    labels, usual = context.labels, headline.usual
    if usual is None:
        return labels.say("too few periods to say what is usual")
    low, high = usual_limits(context, headline)
    if "outside" in usual.signals:
        if headline.figure.value > usual.high:
            return labels.say("above the usual range of {low} to {high}", low=low, high=high)
        return labels.say("below the usual range of {low} to {high}", low=low, high=high)
    if usual.signals:
        return signal_words(context, headline)
    return labels.say("within the usual range of {low} to {high}", low=low, high=high)


def signal_words(context: Context, headline: Headline) -> str:
    """The first rule that the last point breaks, in words."""
    low, high = usual_limits(context, headline)
    return context.labels.say(_SIGNAL_WORDS[headline.usual.signals[0]], low=low, high=high)


def usual_limits(context: Context, headline: Headline) -> tuple[str, str]:
    """The usual range's ends in words."""
    figure, usual = headline.figure, headline.usual
    business = context.is_business(figure.measure)
    half = (usual.high - usual.low) / 2  # the ends of a range are estimates themselves, and are told roughly
    low, high = (
        context.labels.value(
            figure.unit,
            round(limit) if figure.statistic == "count" else limit,
            -half,
            half,
            statistic=figure.statistic,
            business=business,
        )
        for limit in (usual.low, usual.high)
    )
    return low, high


def against_words(context: Context, compared: Comparison, like: Figure | None = None) -> str:
    """A change against an earlier period: ``higher than in April (81 %)``; durations are longer or shorter."""
    say = context.labels.say
    value, then = context.said(compared.then, like), when(context, compared.against)
    if compared.now.unit == "seconds":
        if compared.rose:
            return say("longer than {when} ({value})", when=then, value=value)
        return say("shorter than {when} ({value})", when=then, value=value)
    if compared.rose:
        return say("higher than {when} ({value})", when=then, value=value)
    return say("lower than {when} ({value})", when=then, value=value)


def tone_of(context: Context, compared: Comparison) -> str:
    """Whether a change is good or bad by the measure's own direction."""
    declared = context.measures.get(compared.now.measure)
    better = declared.better if declared else "neither"
    if better == "neither":
        return "neutral"
    return "good" if compared.rose == (better == "higher") else "bad"


def when(context: Context, period: Period) -> str:
    """When a period was, without the year where it is the report's own: ``in May``."""
    return context.labels.within(period, year=period.start.year != context.period.start.year)


def probability(labels: Labels, p: float) -> str:
    """A p value, never printed as nothing."""
    if p < 0.001:
        return f"p{SPACE}<{SPACE}{labels.number(0.001, 3)}"
    return f"p{SPACE}={SPACE}{labels.number(p, 3 if p < 0.01 else 2)}"


def few(figure: Figure | None) -> bool:
    """Whether a figure rests on too few rows to be leant on."""
    return figure is not None and (figure.n or 0) < FEWEST


def hedged(context: Context, figure: Figure) -> str:
    """What follows a value in a title where it rests on few rows: its interval, or n where there is none."""
    if not few(figure):
        return ""
    interval = context.interval(figure)
    return f" ({context.labels.sample_size(figure.n) if interval == NOTHING else interval})"


def _alt(about: str, columns: Sequence[str], rows: list[list[str]]) -> str:
    parts = []
    for row in rows:
        cells = [
            f"{label} {cell}" if len(columns) > 2 else cell for label, cell in zip(columns[1:], row[1:], strict=True)
        ]
        parts.append(f"{row[0]}: {', '.join(cells)}")
    return f"{about}. {'; '.join(parts)}."
