"""The customers' voice: what those say who answered, how they differ, and how many of those asked did answer.

Every share of answers comes with its interval, because answers are few; the response rate stands beside them,
because those who answer are not all who were served.
"""

from __future__ import annotations

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits import charts, theme
from auditkit.exhibits.axes import Line
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.breakdown import breakdown
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart, hedged, joined, since
from auditkit.exhibits.scores import effort, spread
from auditkit.exhibits.speed import share_trend
from auditkit.exhibits.variants import variants
from auditkit.labels import NOTHING, Labels
from auditkit.privacy import SMALLEST_GROUP

TOUCHPOINTS = ("touchpoints", "touchpoint")
QUESTIONS = ("agent_satisfaction", "question")
_FURTHER = ("low_score_rate", "agent_satisfaction", "enps")
MOST_COLUMNS = 11  # answers of a scale that still fit side by side


def voice(context: Context) -> list[Exhibit]:
    """CSAT with its scores, effort, NPS with its parts, the response rate; touchpoints, agents."""
    exhibits = _customers(context) or [_nothing(context)]
    exhibits += further(context, "voice-further", _FURTHER, seldom=True)
    emotion = {context.labels.say("Leading emotion"): lambda group, period: _emotion(context, group.group, period)}
    exhibits += breakdown(context, "voice-touchpoints", *TOUCHPOINTS, emotion)
    return [*exhibits, *breakdown(context, "voice-agents", *QUESTIONS)]


def _customers(context: Context) -> list[Exhibit]:
    """What customers said of the service."""
    exhibits = []
    if context.has("csat"):
        exhibits += [share_trend(context, "csat", "voice-csat"), *_scores(context)]
    if context.has("ces"):
        exhibits += [*effort(context), *variants(context, "ces", "voice-ces")]
    if context.has("nps"):
        exhibits += [*_nps(context), *spread(context, "nps")]
    if context.has("survey_response_rate"):
        exhibits.append(share_trend(context, "survey_response_rate", "voice-response"))
    return exhibits


def _scores(context: Context) -> list[Exhibit]:
    """How the satisfaction scores of the period spread."""
    scores = np.asarray(context.sample(context.measures["csat_mean"], context.period), dtype=float)
    values, counts = np.unique(scores[~np.isnan(scores)], return_counts=True)
    whole = values.size and np.all(values == np.round(values)) and values[-1] - values[0] < MOST_COLUMNS
    if not whole or values.size < 2:
        return []
    labels, total = context.labels, int(counts.sum())
    low, high = _scale(context, values)
    answers = list(range(low, high + 1))
    by_answer = dict(zip(values.astype(int), counts, strict=True))
    numbers = [int(by_answer.get(answer, 0)) for answer in answers]
    shares = [number / total for number in numbers]
    texts = [labels.share(share, 0.0, 1.0) for share in shares]
    top = low + 0.75 * (high - low)
    colours = [accent(context) if answer >= top else theme.PALE for answer in answers]
    svg = charts.columns([str(answer) for answer in answers], shares, texts, colours)
    title = labels.say(
        "{share} of the answers gave the lowest score; the mean is {mean} of {highest}",
        share=labels.share(shares[0]),
        mean=context.said(context.figure("csat_mean")),
        highest=high,
    )
    rows = [
        [str(answer), labels.count(number), labels.share(share)]
        for answer, number, share in zip(answers, numbers, shares, strict=True)
    ]
    note = context.note("csat", "csat_mean", extra=labels.say("Scores that count as satisfied are dark"))
    columns = [labels.say("Score"), labels.say("Answers"), labels.say("Share")]
    about = labels.say("Satisfaction scores of the period")
    return [chart("voice-scores", title, note, svg, columns, rows, about)]


def _scale(context: Context, values: np.ndarray) -> tuple[int, int]:
    """The ends of the scale: as the source states them, else the scores seen."""
    rows = context.fetch("surveys")
    low, high = int(values[0]), int(values[-1])
    if rows is not None and "scale_max" in rows:
        own = rows[(rows["kind"] == "csat") & rows["scale_max"].notna()]
        if len(own) and own["scale_max"].nunique() == 1 and own["scale_min"].nunique() == 1:
            return int(own["scale_min"].iloc[0]), int(own["scale_max"].iloc[0])
    return low, high


def _nps(context: Context) -> list[Exhibit]:
    """Promoters, passives and detractors by period, with the score above."""
    labels, figures, now = context.labels, context.series("nps"), context.figure("nps")
    parts = [_parts(context, period) for period in context.history]
    value = f"{context.said(now)}{hedged(context, now)}"
    lead = labels.say("NPS {value} {when}", value=value, when=labels.within(context.period))
    title = joined(labels, lead, since(context, context.headline("nps")))
    shades = (theme.WARNING, theme.PALE, accent(context))
    names = (
        labels.say_in("line of a chart", "detractors"),
        labels.say_in("line of a chart", "passives"),
        labels.say_in("line of a chart", "promoters"),
    )
    drawn = [
        Line([None if part is None else part[place] for part in parts], name, shade)
        for place, (name, shade) in enumerate(zip(names, shades, strict=True))
    ]
    above = [context.said(one) if one is not None and one.available else "" for one in figures]
    svg = charts.stacked(labels.axis(context.history), drawn, above, labels)
    rows = [
        [labels.period(period), context.said(figure), context.interval(figure), *_said_parts(labels, part)]
        for period, figure, part in zip(context.history, figures, parts, strict=True)
    ]
    columns = [
        *(labels.say("Period"), labels.say("NPS"), labels.say("95 % interval"), labels.say("Promoters")),
        *(labels.say("Passives"), labels.say("Detractors"), labels.say("Answers")),
    ]
    extra = labels.say("Promoters answer 9-10, passives 7-8, detractors 0-6. The score stands above each column")
    about = labels.say("Shares of promoters, passives and detractors by period")
    return [chart("voice-nps", title, context.note("nps", extra=extra), svg, columns, rows, about)]


def _parts(context: Context, period) -> tuple[float, float, float, int] | None:
    """Shares of detractors, passives and promoters, and the number of answers."""
    rows = context.fetch("surveys")
    if rows is None:
        return None
    own = rows[(rows["kind"] == "nps") & (rows["answered_on"] >= period.start) & (rows["answered_on"] < period.end)]
    scores = own["score"].to_numpy(dtype=float)
    scores = scores[(scores >= 0) & (scores <= 10)]
    if not scores.size:
        return None
    detractors, promoters = float(np.mean(scores <= 6)), float(np.mean(scores >= 9))
    return detractors, max(0.0, 1 - detractors - promoters), promoters, scores.size


def _said_parts(labels: Labels, part: tuple[float, float, float, int] | None) -> list[str]:
    if part is None:
        return [NOTHING] * 4
    detractors, passives, promoters, total = part
    return [labels.share(promoters), labels.share(passives), labels.share(detractors), labels.count(total)]


def _emotion(context: Context, touchpoint: str, period: Period) -> str:
    """The emotion named most often at a touchpoint, with how often; a dash where that would tell of single persons."""
    rows = context.fetch("surveys")
    if rows is None:
        return NOTHING
    own = rows[(rows["kind"] == "touchpoint") & (rows["touchpoint"] == touchpoint)]
    named = own.loc[(own["answered_on"] >= period.start) & (own["answered_on"] < period.end), "emotion"].dropna()
    if len(named) < SMALLEST_GROUP:
        return NOTHING
    counts = named.value_counts()
    leading = sorted(counts.index[counts == counts.iloc[0]])
    return context.labels.say(
        "{names} ({count} of {total})",
        names=context.labels.listed(leading, "or"),
        count=int(counts.iloc[0]),
        total=len(named),
    )


def _nothing(context: Context) -> Exhibit:
    labels, when = context.labels, context.labels.within(context.period)
    why = context.why_not("csat")
    if context.meta is not None and "surveys" in context.meta.tables:
        why = labels.say("The sources hold surveys, but no answers of {team} {when}.", team=context.team, when=when)
    so = labels.say("Without answers nothing can be said about how customers felt.")
    return context.missing("voice", labels.say("No survey answers {when}", when=when), why, so)
