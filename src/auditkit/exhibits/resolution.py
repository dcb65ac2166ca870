"""Resolution: how long until the matter was settled, and whether it stayed settled.

The curve follows every ticket received, open ones too, so a team cannot look quick by leaving the hard ones. First
contact resolution is shown with all its published variants, because they differ by more than most changes do.
"""

from __future__ import annotations

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits import charts, theme
from auditkit.exhibits.axes import Line, Mark
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.breakdown import breakdown
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart
from auditkit.exhibits.speed import by_clock, clocks_table, limit_of, share_trend, time_trend
from auditkit.exhibits.variants import variants
from auditkit.labels import DAY, HOUR, MINUTE, Labels
from auditkit.stats import kaplan_meier_curve
from auditkit.translation import N_

YEAR = 365 * DAY
_TICKS = (15 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY, 90 * DAY, YEAR)
FEWEST_AT_RISK = 10  # tickets: with fewer still open to observation a single one would move the curve too far
_POINTS = 240  # steps drawn of a curve: more cannot be seen at this width
_FURTHER = (
    "repeat_contact_rate",
    "transfer_rate",
    "right_first_agent_rate",
    "escalation_rate",
    "complaint_rate",
    "compliment_rate",
    "replies_per_resolution",
)
_READ_AT = (HOUR, 8 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY)
_TREND = N_("Tickets that were resolved had taken a median {time} {when}")

TYPES = ("never_resolved_types", "type")


def resolution(context: Context) -> list[Exhibit]:
    """The curve of resolution, times, shares within target, reopening and first contact resolution."""
    if not context.has("resolution_time_all") and not context.has("resolution_time") and not context.has("fcr"):
        reason = context.why_not("resolution_time")
        title = context.labels.say("Whether matters were settled is not known")
        missing = context.missing("resolution", title, reason)
        return [missing, *further(context, "resolution-further", _FURTHER)]
    exhibits = _curves(context)
    measure = by_clock(context, "resolution_time")
    if context.has(measure):
        exhibits.append(time_trend(context, measure, "resolution-trend", _TREND))
        exhibits.append(clocks_table(context, "resolution-clocks", "resolution_time"))
    for name in (by_clock(context, "resolved_within"), "sla_met_as_recorded", "reopen_rate", "fcr"):
        if context.has(name):
            exhibits.append(share_trend(context, name, f"resolution-{name.replace('_', '-')}"))
    exhibits += variants(context, "fcr", "resolution-fcr-variants")
    exhibits += further(context, "resolution-further", _FURTHER)
    return [*exhibits, *breakdown(context, "resolution-types", *TYPES)]


def _curves(context: Context) -> list[Exhibit]:
    now = _curve(context, context.period)
    if now is None:
        return []
    labels = context.labels
    drawn = [(context.period, now, accent(context))]
    earlier_period = context.year_before or context.previous
    earlier = _curve(context, earlier_period)
    if earlier is not None:
        drawn.append((earlier_period, earlier, theme.GREY))
    ticks = _ticks(labels, [curve for _, curve, _ in drawn])
    lines = [(_line(context, period, curve, colour, ticks), _times(curve, ticks)) for period, curve, colour in drawn]
    limit, _ = limit_of(context, "resolved_within")
    mark = Mark(limit, labels.say("target {limit}", limit=labels.duration_short(limit))) if limit else None
    svg = charts.curves(lines, ticks, labels, mark)
    return [_curve_exhibit(context, drawn, svg)]


def _curve_exhibit(context: Context, drawn, svg: str) -> Exhibit:
    labels = context.labels
    names = [labels.period(period) for period, _, _ in drawn]
    rows = [
        [_length(labels, seconds), *(labels.share(_at(curve, seconds)) for _, curve, _ in drawn)]
        for seconds in _READ_AT
    ]
    extra = labels.say(
        "Kaplan-Meier estimate: open tickets count as not yet resolved. Calendar time, on a logarithmic axis"
    )
    note = context.note("resolution_time_all", extra=extra)
    about = labels.say(
        "Share of the tickets received that were resolved, by time since they came in: {periods}",
        periods=labels.listed(names),
    )
    columns = [labels.say("Resolved within"), *names]
    return chart("resolution-curve", _curve_title(context, drawn[0][1]), note, svg, columns, rows, about)


def _curve_title(context: Context, curve: tuple[np.ndarray, ...]) -> str:
    labels, figure = context.labels, context.figure("resolution_time_all")
    week = _at(curve, 7 * DAY)
    told = {"when": labels.within(context.period), "median": context.said(figure), "share": labels.share(week)}
    if figure is not None and figure.available:
        if week is None:
            return labels.say("Half of the tickets received {when} were resolved within {median}", **told)
        return labels.say(
            "Half of the tickets received {when} were resolved within {median}, {share} within 7 days", **told
        )
    if week is None:
        return labels.say("Fewer than half of the tickets received {when} have been resolved", **told)
    return labels.say(
        "Fewer than half of the tickets received {when} have been resolved, {share} within 7 days", **told
    )


def _length(labels: Labels, seconds: int) -> str:
    """A round length of time in words: ``8 hours``, ``1 day``."""
    if seconds < DAY:
        return labels.say_n("{count} hour", "{count} hours", seconds // HOUR)
    return labels.say_n("{count} day", "{count} days", seconds // DAY)


def _curve(context: Context, period: Period) -> tuple[np.ndarray, ...] | None:
    """(time, share resolved, low, high) of the tickets received in the period, while enough are observed; or None."""
    rows = context.fetch("tickets")
    if rows is None or "resolution_seconds" not in rows:
        return None
    own = rows[(rows["created_on"] >= period.start) & (rows["created_on"] < period.end)]
    done = own["resolved_at"].notna().to_numpy()
    waited = (context.as_of - own["created_at"]).dt.total_seconds().to_numpy()
    seconds = np.where(done, own["resolution_seconds"].to_numpy(dtype=float), waited)
    sane = seconds >= 0
    if not (done & sane).any():
        return None
    time, survival, low, high, at_risk = kaplan_meier_curve(seconds[sane], done[sane])
    known = at_risk >= min(FEWEST_AT_RISK, int(sane.sum()))
    return time[known], 1 - survival[known], 1 - high[known], 1 - low[known]


def _ticks(labels: Labels, curves: list[tuple[np.ndarray, ...]]) -> list[tuple[float, str]]:
    """Ticks from the first quarter of an hour to the first one by which every curve has risen as far as it does."""
    last = max(float(time[np.searchsorted(share, share[-1])]) for time, share, *_ in curves)
    needed = sum(seconds < last for seconds in _TICKS)
    chosen = _TICKS[: max(needed + 1, 3)]
    return [(at, labels.say("1 year") if at == YEAR else labels.duration_short(at)) for at in chosen]


def _at(curve: tuple[np.ndarray, ...], seconds: float) -> float | None:
    """The share at a time; None beyond the last ticket seen."""
    if seconds > curve[0][-1]:
        return float(curve[1][-1]) if curve[1][-1] == 1 else None
    place = np.searchsorted(curve[0], seconds, side="right") - 1
    return float(curve[1][place]) if place >= 0 else 0.0


def _times(curve: tuple[np.ndarray, ...], ticks) -> np.ndarray:
    grid = np.geomspace(ticks[0][0], min(ticks[-1][0], max(curve[0][-1], 2 * ticks[0][0])), _POINTS)
    return grid


def _line(context: Context, period: Period, curve, colour: str, ticks) -> Line:
    places = np.searchsorted(curve[0], _times(curve, ticks), side="right") - 1
    value, low, high = (np.where(places >= 0, part[np.maximum(places, 0)], 0.0) for part in curve[1:])
    low, high = np.where(np.isnan(low), value, low), np.where(np.isnan(high), value, high)
    band = (low, high) if period == context.period else ((), ())
    return Line(list(value), context.labels.period(period), colour, list(band[0]), list(band[1]))
