"""A change on the measure that it names, in the order in which a reader asks: what came of it, how the series looks,
how it stands against teams without the change, and every estimate beside each other.

In comes a study, out come exhibits.
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.change_estimates import estimates, placebos
from auditkit.exhibits.change_series import series_chart, teams_chart
from auditkit.exhibits.change_words import (
    effect_words,
    expected_words,
    subject_name,
    titled,
    tone_of,
    value_words,
    verdict_words,
)
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import item, prose
from auditkit.impact.series import Series, Study
from auditkit.impact.study import Impact
from auditkit.impact.window import WEEK


def effect(context: Context, impact: Impact, slug: str) -> list[Exhibit]:
    """The verdict, and what there is of series, comparison and estimates."""
    exhibits = [_verdict(context, impact, slug)]
    study = impact.named
    if study is None or study.verdict.series is None:
        return exhibits
    exhibits.append(series_chart(context, impact, study, slug))
    if study.verdict.teams is not None:
        exhibits.append(teams_chart(context, impact, study, slug))
    exhibits.append(estimates(context, study, slug))
    exhibits += placebos(context, study, slug)
    return exhibits


def _verdict(context: Context, impact: Impact, slug: str) -> Exhibit:
    labels, change, study = context.labels, impact.change, impact.named
    title = labels.say("“{change}”, {day}: {verdict}", change=titled(change), day=labels.day(change.day),
        verdict=verdict_words(context, impact))  # fmt: skip
    name = subject_name(context, study.series) if study else context.label(change.measure)
    items = []
    if change.measure:
        what = expected_words(context, impact)
        items.append(item(labels.say("{measure}. Expected: {what}.", measure=name, what=what)))
    elif change.expected:
        items.append(item(labels.say("Expected: {what}.", what=expected_words(context, impact))))
    return prose(slug, title, [], [*items, *(_findings(context, study) if study else [])])


def _findings(context: Context, study: Study) -> list[dict[str, str]]:
    """What was measured, and how far each way of reckoning carries."""
    labels, series, verdict = context.labels, study.series, study.verdict
    before, after = (value_words(context, series, series.level(side)) for side in (False, True))
    items = [item(labels.say("Level: {before} before, {after} after ({span}).", before=before, after=after,
        span=_span_words(context, series)))]  # fmt: skip
    if verdict.teams is not None:
        words = labels.say_n(
            "Against {count} team without the change: {effect}.",
            "Against {count} teams without the change: {effect}.",
            len(series.others),
            effect=effect_words(context, series, verdict.teams.effect),
        )
        items.append(item(words, tone_of(context, study) if verdict.basis == "teams" else "neutral"))
    if verdict.series is not None:
        words = labels.say("The team's own series: {effect}.", effect=effect_words(context, series,
            verdict.series.level))  # fmt: skip
        items.append(item(words, tone_of(context, study) if verdict.basis == "series" else "neutral"))
    return items


def _span_words(context: Context, series: Series) -> str:
    """How long before and after is looked at: ``43 weeks and 17 weeks``."""
    labels, window = context.labels, series.window
    weeks = window.days // WEEK
    before, after = (labels.say_n("{count} week", "{count} weeks", weeks * many)
        for many in (window.before, window.after))  # fmt: skip
    return labels.listed([before, after])
