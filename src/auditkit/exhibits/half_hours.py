"""Service level by half hour of the day: when callers were answered in time, and when not.

In come the calls of the period, out comes one chart over the hours with the limits of each half hour. The rule is that
of the measure (V3: answered in time of all offered), so all half hours together are its figure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.exhibits import axes, charts
from auditkit.exhibits.axes import Line, Mark
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, chart
from auditkit.labels import NOTHING
from auditkit.stats import compare_shares, wilson

FEWEST_CALLS = 5  # of a half hour: with fewer it has no point
FEWEST_HALF_HOURS = 4


def half_hours(context: Context) -> list[Exhibit]:
    """The chart; empty where too few half hours have calls whose wait is known."""
    target = context.targets.get("service_level")
    within = getattr(target, "within", None) or context.measures["service_level"].parameters["within"]
    if not isinstance(within, int | float):
        return []
    limit = float(within)
    met, n = by_half_hour(context, limit)
    there = np.flatnonzero(n >= FEWEST_CALLS)
    if there.size < FEWEST_HALF_HOURS or not context.has("service_level"):
        return []
    return [_exhibit(context, limit, met, n, int(there[0]), int(there[-1]) + 1)]


def by_half_hour(context: Context, limit: float) -> tuple[np.ndarray, np.ndarray]:
    """Calls of the period answered in time, and calls counted, for each of the 48 half hours of the local day."""
    rows = context.fetch("calls")
    if rows is None:
        return np.zeros(48, dtype=int), np.zeros(48, dtype=int)
    own = rows[(rows["offered_on"] >= context.period.start) & (rows["offered_on"] < context.period.end)]
    wait, said = own["wait_seconds"].to_numpy(dtype=float), own["answered"]
    is_answered = said.fillna(False).to_numpy(dtype=bool)
    known = said.notna().to_numpy() & (~is_answered | ~np.isnan(wait))
    local = own["offered_at"].dt.tz_convert(context.labels.zone)
    place = (local.dt.hour * 2 + local.dt.minute // 30).to_numpy(dtype=int)
    in_time = known & is_answered & (np.nan_to_num(wait, nan=np.inf) <= limit)
    return np.bincount(place[in_time], minlength=48), np.bincount(place[known], minlength=48)


def _exhibit(context: Context, limit: float, met: np.ndarray, n: np.ndarray, first: int, beyond: int) -> Exhibit:
    labels = context.labels
    places = range(first, beyond)
    low, high = (np.asarray(part, dtype=float) for part in wilson(met, np.maximum(n, 1)))
    told = n >= FEWEST_CALLS

    def values(part: np.ndarray) -> list[float | None]:
        return [float(part[place]) if told[place] else None for place in places]

    shares = met / np.maximum(n, 1)
    whole = labels.share(float(met.sum() / n.sum()), *(float(one) for one in wilson(met.sum(), n.sum())))
    names = [f"{place // 2:02d}" if place % 2 == 0 else "" for place in places]
    drawn = [Line(values(shares), "", accent(context), values(low), values(high))]
    target = context.targets.get("service_level")
    bound = target.bound if target is not None else None
    mark = Mark(bound, labels.say("target {limit}", limit=labels.percent(bound))) if bound else None
    svg = charts.lines(names, drawn, axes.share_scale(labels), target=mark, top=1.0, height=2.4)
    rows = [[_half_hour(place), labels.count(n[place]), *_cells(context, met[place], n[place])] for place in places]
    columns = [
        labels.say("Half hour"),
        labels.say("Calls"),
        labels.say("Answered in time"),
        labels.say("95 % interval"),
    ]
    about = labels.say("Share of the calls answered in time by half hour of the day, with its 95 % interval")
    extra = labels.say("Half hours with fewer than {fewest} calls have no point. {zone} time", fewest=FEWEST_CALLS,
        zone=labels.zone)  # fmt: skip
    title = _title(context, limit, met, n, whole)
    return chart("calls-half-hours", title, context.note("service_level", extra=extra), svg, columns, rows, about)


def worst_half_hour(met: Sequence[int], n: Sequence[int]) -> tuple[int, float]:
    """The half hour with the lowest share, and the adjusted p of its being lower than all the others together."""
    met, n = np.asarray(met, dtype=float), np.asarray(n, dtype=float)
    there = np.flatnonzero(n >= FEWEST_CALLS)
    worst = int(there[np.argmin(met[there] / n[there])])
    p = float(compare_shares(met[worst], n[worst], met.sum() - met[worst], n.sum() - n[worst])[3])
    return worst, min(p * there.size, 1.0)


def _title(context: Context, limit: float, met: np.ndarray, n: np.ndarray, whole: str) -> str:
    labels, within = context.labels, context.labels.duration_short(limit)
    worst, p = worst_half_hour(met, n)
    if p >= THRESHOLD:
        return labels.say("{share} of the calls were answered within {within}; no half hour is clearly worse",
            share=whole, within=within)  # fmt: skip
    low, high = (float(one) for one in wilson(met[worst], n[worst]))
    return labels.say(
        "{share} of the calls were answered within {within}; the worst half hour is {half_hour} with {worst}",
        share=whole,
        within=within,
        half_hour=_half_hour(worst),
        worst=labels.share(float(met[worst] / n[worst]), low, high),
    )


def _half_hour(place: int) -> str:
    beyond = place + 1
    return f"{place // 2:02d}:{place % 2 * 30:02d}–{beyond // 2:02d}:{beyond % 2 * 30:02d}"


def _cells(context: Context, met: int, n: int) -> list[str]:
    if n < FEWEST_CALLS:
        return [NOTHING, NOTHING]
    low, high = (float(one) for one in wilson(met, n))
    return [context.labels.share(met / n, low, high), context.labels.interval("share", low, high)]
