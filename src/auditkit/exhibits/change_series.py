"""The charts of a change: the team's own series with what it would have been, and its difference to other teams.

In comes a study, out come chart exhibits: each week a dot, the change an upright line, and the same figures as a table.
"""

from __future__ import annotations

import numpy as np

from auditkit.exhibits import axes, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.change_charts import Drawn, around_a_change
from auditkit.exhibits.change_words import (
    effect_words,
    size_words,
    subject_name,
    titled,
    value_words,
)
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, aligned, ending, joined
from auditkit.impact.series import Series, Study
from auditkit.impact.study import Impact
from auditkit.impact.window import WEEK
from auditkit.labels import NOTHING, SPACE, capital, is_net


def series_chart(context: Context, impact: Impact, study: Study, slug: str) -> Exhibit:
    labels, series, found = context.labels, study.series, study.verdict.series
    window, name = series.window, subject_name(context, series)
    after = np.arange(len(window.periods)) >= window.at
    fitted, without = series.native(found.fitted), series.native(found.without)
    alone = np.where(after, without, np.nan)
    lines = [
        Drawn(alone, ending(labels.say("without it"), _end(context, series, without)), theme.GREY),
        Drawn(np.where(after, np.nan, fitted), "", accent(context)),
        Drawn(np.where(after, fitted, np.nan), ending(labels.say("fitted"), _end(context, series, fitted)),
            accent(context)),
    ]  # fmt: skip
    values = series.own[0]
    svg = around_a_change(window.periods, window.at, values, lines, _scale(context, series, values),
        impact.change.title, labels, _bounds(series))  # fmt: skip
    title = joined(
        labels,
        labels.say("{measure}: {before} before the change, {after} after it", measure=name,
            before=value_words(context, series, series.level(False)),
            after=value_words(context, series, series.level(True))),
        labels.say("by its own series {effect}", effect=size_words(context, series, found.level.value,
            found.level.half)),
    )  # fmt: skip
    columns = [_period_head(context, series), name, labels.say("n"), labels.say("Fitted"), labels.say("Without it")]
    rows = [
        [labels.period(period), value_words(context, series, values[place]), labels.count(series.own[1][place]),
         value_words(context, series, fitted[place]), value_words(context, series, alone[place])]
        for place, period in enumerate(window.periods)
    ]  # fmt: skip
    season = labels.say("Trend, step and a yearly season by segmented regression (Wagner et al. 2002)")
    if not found.seasonal:
        season = labels.say("Trend and step by segmented regression (Wagner et al. 2002); too short for a season")
    note = _note(context, series, season)
    return _chart(f"{slug}-series", title, note, svg, columns, rows)


def teams_chart(context: Context, impact: Impact, study: Study, slug: str) -> Exhibit:
    labels, series, found = context.labels, study.series, study.verdict.teams
    window = series.window
    after = np.arange(len(window.periods)) >= window.at
    known = np.isfinite(found.difference) & (found.counts > 0)
    base = float(np.average(found.difference[known & ~after], weights=found.counts[known & ~after]))
    step = np.where(after, base + found.effect.value, np.nan)
    lines = [
        Drawn(series.native(np.full(len(after), base)), ending(labels.say("as before"),
            _apart(context, series, base)), theme.GREY),
        Drawn(series.native(step), ending(labels.say("after it"), _apart(context, series, base + found.effect.value)),
            accent(context), series.native(step + found.effect.low - found.effect.value),
            series.native(step + found.effect.high - found.effect.value)),
    ]  # fmt: skip
    apart = series.native(found.difference)
    scale = axes.Scale(suffix=f"{SPACE}×", label=labels.number)
    if not series.ratio:
        scale = _scale(context, series, apart)
    svg = around_a_change(window.periods, window.at, apart, lines, scale, impact.change.title, labels,
        level=1.0 if series.ratio else 0.0)  # fmt: skip
    title = labels.say_n(
        "Against {count} team without the change: {effect}",
        "Against {count} teams without the change: {effect}",
        len(series.others),
        effect=effect_words(context, series, found.effect),
    )
    head = labels.say("Difference")
    if series.ratio:
        head = labels.say("Times the others")
        told = labels.say("Each dot is the team's figure over that of the others (their geometric mean)")
    else:
        told = labels.say("Each dot is the team's figure less the mean of the others")
    rows = [[labels.period(period), _apart(context, series, found.difference[place])]
        for place, period in enumerate(window.periods)]  # fmt: skip
    extra = joined(labels, told, labels.say("Compared with {teams}", teams=labels.listed(list(series.others))),
        *_left_out(context, series))  # fmt: skip
    note = _note(context, series, extra, labels.say("The band is the 95 % interval of the effect"))
    return _chart(f"{slug}-teams", title, note, svg, [_period_head(context, series), head], rows)


def _left_out(context: Context, series: Series) -> list[str]:
    """Who could not be compared, and why, as clauses."""
    labels, told = context.labels, []
    if series.smaller:
        told.append(labels.say_n("not with {count} smaller team", "not with {count} smaller teams", series.smaller))
    for one in series.left_out:
        if one.change is not None:
            told.append(labels.say("not with {team}, which had a change of its own (“{change}”)", team=one.team,
                change=titled(one.change)))  # fmt: skip
        elif one.why == "shorter":
            told.append(labels.say("not with {team}, whose data do not span the time", team=one.team))
        else:
            told.append(labels.say("not with {team}, which lacks the figure in too many periods", team=one.team))
    return told


def _chart(slug: str, title: str, note: str, svg: str, columns: list[str], rows: list[list[str]]) -> Exhibit:
    data = {"title": capital(title), "note": note, "svg": svg, "alt": f"{capital(title)}. {note}",
        "table": {"columns": aligned(columns), "rows": rows}}  # fmt: skip
    return Exhibit(slug, "chart", data)


def _note(context: Context, series: Series, *extra: str) -> str:
    """How long, by what periods, how many rows, and the measure."""
    labels, window = context.labels, series.window
    parts = [labels.say("Weeks counted from the day of the change, so that none lies across it")]
    if window.days != WEEK:
        parts = [labels.say("Spans of four weeks counted from the day of the change, so that none lies across it")]
    rows = [series.counted(side)[1] for side in (False, True)]
    sizes = labels.say("{n} before and after", n=labels.sample_size(*rows))
    rest = [capital(part) for part in (*extra, context.ids([series.subject.id])) if part]
    return ". ".join([*parts, sizes, *rest]) + "."


def _period_head(context: Context, series: Series) -> str:
    return context.labels.say("Week") if series.window.days == WEEK else context.labels.say("Four weeks")


def _end(context: Context, series: Series, values: np.ndarray) -> str:
    return value_words(context, series, float(values[-1]))


def _apart(context: Context, series: Series, difference: float) -> str:
    """A difference of the team and the others in words: ``2.4 ×``, or in the unit of an effect."""
    if not np.isfinite(difference):
        return NOTHING
    if series.ratio:
        return f"{context.labels.number(float(np.exp(difference)), 2)}{SPACE}×"
    return size_words(context, series, difference)


def _scale(context: Context, series: Series, values: np.ndarray) -> axes.Scale:
    labels, subject = context.labels, series.subject
    if is_net(subject.unit, subject.statistic):
        return axes.Scale(0.01, label=labels.number)
    if subject.unit == "share":
        return axes.share_scale(labels)
    if subject.unit == "seconds":
        return axes.duration_scale(labels, float(np.nanmax(values)), context.is_business(subject.id))
    return axes.Scale(label=labels.number)


def _bounds(series: Series) -> tuple[float, float]:
    """What a value can be: a share lies between nothing and all."""
    if is_net(series.subject.unit, series.subject.statistic):
        return -1.0, 1.0
    if series.subject.unit == "share":
        return 0.0, 1.0
    return (0.0, np.inf) if series.subject.statistic != "net" else (-np.inf, np.inf)
