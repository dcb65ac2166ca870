"""How the answers to surveys spread over their scales, and how effort moved: what a mean or a net score hides.

In come the scores of the period, out come a column per answer for NPS and for effort, and the trend of the mean
effort. Few answers are told as few: the columns then come without a claim.
"""

from __future__ import annotations

import numpy as np

from auditkit.exhibits import axes, charts, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, chart, hedged, joined, line, period_rows, since
from auditkit.labels import SPACE
from auditkit.stats import wilson

# Kind of survey: its scale, the last low answer, the first high one.
SPREADS = {"nps": (0, 10, 6, 9), "ces": (1, 7, 3, 5)}


def effort(context: Context) -> list[Exhibit]:
    """The trend of the mean effort, and the spread of its answers."""
    return [*([_trend(context)] if context.has("ces", "mean") else []), *spread(context, "ces")]


def spread(context: Context, kind: str) -> list[Exhibit]:
    """The answers of the period by score; empty where there are none."""
    counts = answers(context, kind)
    total = int(counts.sum())
    if not context.has(kind) or not total:
        return []
    labels, (first, _last, low, high) = context.labels, SPREADS[kind]
    shades = [
        theme.WARNING if answer <= low else accent(context) if answer >= high else theme.PALE
        for answer in range(first, first + counts.size)
    ]
    shares = [float(count) / total for count in counts]
    names = [str(first + place) for place in range(counts.size)]
    texts = [_short(context, share) for share in shares]
    svg = charts.columns(names, shares, texts, shades)
    rows = [
        [name, labels.count(count), labels.share(share)]
        for name, count, share in zip(names, counts, shares, strict=True)
    ]
    columns = [labels.say("Answer"), labels.say("Answers"), labels.say("Share")]
    about = labels.say("{measure}: answers of the period by score", measure=context.label(kind))
    lows = int(counts[: low - first + 1].sum())
    return [chart(f"voice-{kind}-answers", _spread_title(context, kind, lows, total), context.note(kind), svg, columns,
        rows, about)]  # fmt: skip


def answers(context: Context, kind: str) -> np.ndarray:
    """How often each answer of the scale was given in the period; answers outside it are none."""
    first, last, *_ = SPREADS[kind]
    rows = context.fetch("surveys")
    if rows is None:
        return np.zeros(last - first + 1, dtype=int)
    own = rows[(rows["kind"] == kind) & (rows["answered_on"] >= context.period.start)]
    given = own.loc[own["answered_on"] < context.period.end, "score"].to_numpy(dtype=float)
    given = given[(given >= first) & (given <= last) & (given == np.round(given))]
    return np.bincount((given - first).astype(int), minlength=last - first + 1)


def _spread_title(context: Context, kind: str, lows: int, total: int) -> str:
    labels = context.labels
    share = labels.share(lows / total, *(float(limit) for limit in wilson(lows, total)))
    if total < FEWEST:
        share = labels.say("{share} (n = {count})", share=share, count=total)
    if kind == "nps":
        return labels.say("{share} of those asked whether they recommend us gave 6 or less", share=share)
    return labels.say("{share} of the answers said that it was not easy (1 to 3 of 7)", share=share)


def _short(context: Context, share: float) -> str:
    labels = context.labels
    if 0 < share < 0.005:
        return f"<{SPACE}{labels.percent(0.01)}"
    return labels.percent(round(share, 2))


def _trend(context: Context) -> Exhibit:
    labels, figures = context.labels, context.series("ces", "mean")
    now = figures[-1]
    drawn = [line(figures, context.said(now), accent(context), band=True)]
    svg = charts.lines(labels.axis(context.history), drawn, axes.count_scale(labels), top=7.0, bottom=1.0,
        partial=context.partial, height=2.3)  # fmt: skip
    mean, when = f"{context.said(now)}{hedged(context, now)}", labels.within(context.period)
    lead = labels.say("Effort: a mean of {mean} of 7 (7 is easy) {when}", mean=mean, when=when)
    title = joined(labels, lead, since(context, context.headline("ces", "mean")))
    rows = period_rows(context, figures, intervals=True)
    columns = [labels.say("Period"), context.label("ces"), labels.say("95 % interval")]
    about = labels.say("{measure} by period", measure=context.label("ces"))
    note = context.note("ces", extra=labels.say("1 is hard and 7 is easy. The band is the 95 % interval"))
    return chart("voice-ces-trend", title, note, svg, columns, rows, about)
