"""Who is served at what hour and in what language: the tickets that come while the team is closed, and each language.

In come the tickets of the period with the customers' waits on the calendar, out come one chart of the waits within and
outside business hours, and one table by language. A difference is called one only where ranks say so.
"""

from __future__ import annotations

import numpy as np

from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST, THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, chart, joined, table
from auditkit.exhibits.rows_of_bars import Dot, dots
from auditkit.labels import NOTHING, Labels
from auditkit.stats import compare_samples, grouped_quantiles, wilson

MATCHED = "language_match_rate"
MOST = 12  # languages of the table


def coverage(context: Context) -> list[Exhibit]:
    """After-hours and language coverage."""
    return [*_hours(context), *_languages(context)]


def _own(context: Context):
    rows = context.fetch("tickets")
    if rows is None:
        return None
    return rows[(rows["created_on"] >= context.period.start) & (rows["created_on"] < context.period.end)]


def _hours(context: Context) -> list[Exhibit]:
    own = _own(context)
    if own is None or not context.has_hours or not own["after_hours"].notna().any():
        return []
    outside = own["after_hours"].fillna(False).to_numpy(dtype=bool)
    waits = own["response_seconds"].to_numpy(dtype=float)
    parts = [waits[part & (waits >= 0)] for part in (~outside, outside)]
    if any(part.size < FEWEST for part in parts):
        return []
    labels = context.labels
    names = [labels.say("while open"), labels.say("while closed")]
    figures = [tuple(float(one[0]) for one in grouped_quantiles(np.sort(part), np.array([0, part.size]), 0.5))
        for part in parts]  # fmt: skip
    told = [labels.duration(value, (high - low) / 2) for value, low, high in figures]
    rows = [
        Dot(name, value, low, high, words, place == 1)
        for place, (name, (value, low, high), words) in enumerate(zip(names, figures, told, strict=True))
    ]
    scale = axes.duration_scale(labels, max(value for value, *_ in figures))
    svg = dots(rows, scale, accent(context))
    cells = [
        [name, labels.count(int(np.sum(part))), words, labels.interval("seconds", low, high)]
        for name, part, words, (_, low, high) in zip(names, (~outside, outside), told, figures, strict=True)
    ]
    columns = [labels.say("Came"), labels.say("Tickets"), labels.say("Median wait"), labels.say("95 % interval")]
    note = context.note("after_hours_share", "first_response_time", extra=labels.say("Calendar time: what a customer "
        "waits, whether the team is open or not"))  # fmt: skip
    about = labels.say("Median time to the first response of tickets that came while the team was open and closed")
    return [chart("coverage-hours", _hours_title(context, outside, parts, told), note, svg, columns, cells, about)]


def _hours_title(context: Context, outside: np.ndarray, parts, told: list[str]) -> str:
    labels, n = context.labels, outside.size
    met = int(outside.sum())
    share = labels.share(met / n, *(float(one) for one in wilson(met, n)))
    if compare_samples(parts[1], parts[0])[1] >= THRESHOLD:
        return labels.say("{share} of the tickets came while the team was closed, and waited no clearly different time",
            share=share)  # fmt: skip
    return labels.say(
        "{share} of the tickets came while the team was closed; they waited a median {closed}, the others {open}",
        share=share,
        closed=told[1],
        open=told[0],
    )


def _languages(context: Context) -> list[Exhibit]:
    own = _own(context)
    if own is None or own["language"].notna().sum() == 0:
        return []
    counts = own["language"].value_counts()
    if len(counts) < 2:
        return []
    labels, total = context.labels, int(counts.sum())
    matched = {
        one.group: one
        for one in context.evaluate((MATCHED,), context.period, "language")
        if one.group and one.available
    }
    rows = []
    for name, count in list(counts.items())[:MOST]:
        waits = own.loc[(own["language"] == name) & (own["response_seconds"] >= 0), "response_seconds"].to_numpy()
        rows.append([spoken(labels, name), labels.count(count), labels.share(count / total), *_wait(context, waits),
            _matched(context, matched.get(name))])  # fmt: skip
    columns = [labels.say("Language"), labels.say("Tickets"), labels.say("Share"), labels.say("Median wait"),
        labels.say("95 % interval"), labels.say("Agent speaks it")]  # fmt: skip
    note = context.note("first_response_time", *([MATCHED] if matched else []),
        extra=labels.say("Medians of fewer than {fewest} tickets are left out", fewest=FEWEST))  # fmt: skip
    unknown = int(own["language"].isna().sum())
    rest = labels.say_n("{count} ticket names no language.", "{count} tickets name no language.", unknown)
    title = _languages_title(context, own, counts)
    return [table("coverage-languages", title, note, columns, rows, rest if unknown else "")]


def _wait(context: Context, waits: np.ndarray) -> list[str]:
    if waits.size < FEWEST:
        return [NOTHING, NOTHING]
    value, low, high = (float(one[0]) for one in grouped_quantiles(np.sort(waits), np.array([0, waits.size]), 0.5))
    return [context.labels.duration(value, (high - low) / 2), context.labels.interval("seconds", low, high)]


def _matched(context: Context, figure) -> str:
    if figure is None or (figure.n or 0) < FEWEST:
        return NOTHING
    return f"{context.said(figure)} ({context.interval(figure)})"


def _languages_title(context: Context, own, counts) -> str:
    """Whether the smaller languages wait longer than the largest one."""
    labels, first = context.labels, counts.index[0]
    waits = own[own["response_seconds"] >= 0]
    largest = waits.loc[waits["language"] == first, "response_seconds"].to_numpy()
    others = waits.loc[(waits["language"] != first) & waits["language"].notna(), "response_seconds"].to_numpy()
    share = labels.share(float(1 - counts.iloc[0] / counts.sum()))
    lead = labels.say(
        "Other languages than {language}: {share} of the tickets", language=spoken(labels, first), share=share
    )
    if min(largest.size, others.size) < FEWEST:
        return joined(labels, lead, labels.say("too few to compare their waits"))
    superiority, p = compare_samples(others, largest)
    if p >= THRESHOLD:
        return joined(labels, lead, labels.say("they waited no clearly different time"))
    if superiority > 0.5:
        return joined(labels, lead, labels.say("they waited longer"))
    return joined(labels, lead, labels.say("they waited less"))


def spoken(labels: Labels, code: str) -> str:
    """The name of a language in the reader's own, from its code; what is no code stands as it is.

    >>> spoken(Labels("en"), "pl"), spoken(Labels("en"), "Klingon?")
    ('Polish', 'Klingon?')
    """
    from babel import Locale

    return Locale.parse(labels.language).languages.get(code.strip().lower().replace("-", "_"), code)
