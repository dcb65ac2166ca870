"""How the effect of a change is told: its size, its verdict and what stands in the way of one.

In come estimates on the scale that they were reckoned on, out come words: times and counts change by a percentage,
shares by points, other figures by their own unit. Every sentence of a verdict stands here, so that a table and a title
cannot say two things.
"""

from __future__ import annotations

import math
import textwrap

from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import measure_name
from auditkit.impact.orders import AMOUNT, DAYS, ORDERED
from auditkit.impact.series import Series, Study
from auditkit.impact.study import FEWEST_ROWS, Impact
from auditkit.impact.window import FEWEST, WEEK
from auditkit.known_changes import Change
from auditkit.labels import NOTHING, PER_THOUSAND, SPACE, is_net
from auditkit.stats.correlated import Estimate
from auditkit.translation import N_

LONGEST_TITLE = 120  # signs
COARSE_POINTS = 0.02  # half-width of an interval from which a decimal of a point says nothing
VERDICTS = {
    "as_expected": N_("effect found, of the size expected"),
    "smaller": N_("effect found, smaller than expected"),
    "larger": N_("effect found, larger than expected"),
    "expected_way": N_("effect found, in the expected direction"),
    "some": N_("effect found; no direction was expected"),
    "other_way": N_("effect found, against the expected direction"),
    "ruled_out": N_("no effect found; one of the expected size is ruled out"),
    "none": N_("no effect found; the data could have shown one of {size}"),
    "open": N_("cannot conclude, because no effect and the expected one are both possible"),
}
TONES = dict.fromkeys(("as_expected", "larger", "expected_way"), "good") | dict.fromkeys(("other_way",), "bad")
MONEY_NAMES = {
    ORDERED.id: N_("Customers who ordered within {days} days of a contact"),
    AMOUNT.id: N_("Amount ordered within {days} days, per customer in contact"),
    "cost_per_ticket": N_("Cost of handling a ticket"),
    "cost_per_call": N_("Cost of handling a call"),
}
DIRECTIONS = {"up": N_("up"), "down": N_("down")}


def titled(change: Change) -> str:
    """What a change is called; a title that is a story is cut."""
    return textwrap.shorten(change.title, LONGEST_TITLE, placeholder=" …")


def subject_name(context: Context, series: Series) -> str:
    """What is looked at, in words."""
    subject = series.subject
    if subject.id in MONEY_NAMES:
        return context.labels.say(MONEY_NAMES[subject.id], days=DAYS)
    return measure_name(context, subject.id, subject.statistic)


def value_words(context: Context, series: Series, value: float) -> str:
    """A value of the series in its own unit, as roughly as the effect deserves."""
    labels, subject = context.labels, series.subject
    if not math.isfinite(value):
        return NOTHING
    if subject.unit == "amount":
        return f"{labels.number(value, 2)}{SPACE}{subject.currency}".rstrip(SPACE)
    if subject.statistic == "count":
        return labels.number(value, 1)
    return labels.value(
        subject.unit, value, statistic=subject.statistic, business=context.is_business(subject.id)
    )  # fmt: skip


def size_words(context: Context, series: Series, size: float, half: float = 0.0) -> str:
    """An effect in words, with its sign: ``−44 %``, ``+3 points``."""
    labels, subject = context.labels, series.subject
    if not math.isfinite(size):
        return NOTHING
    if series.ratio:
        return f"{_bare(context, series, size, half)}{SPACE}%"
    if _in_points(series):
        return labels.points(size, coarse=half >= COARSE_POINTS)
    if subject.unit == PER_THOUSAND:
        return labels.say("{rate}\u00a0per {thousand}", rate=_bare(context, series, size, half), thousand=1000)
    return f"{_bare(context, series, size, half)}{SPACE}{subject.currency}".rstrip(SPACE)


def limits_words(context: Context, series: Series, effect: Estimate) -> str:
    """The interval of an effect in words, the unit once: ``−53 to −35 %``."""
    if not effect.is_known:
        return NOTHING
    low = _bare(context, series, effect.low, effect.half)
    return context.labels.reach(low, size_words(context, series, effect.high, effect.half))


def _bare(context: Context, series: Series, size: float, half: float) -> str:
    """The number of an effect without its unit."""
    labels = context.labels
    if series.ratio:
        return labels.signed(100 * math.expm1(size))
    if _in_points(series):
        return labels.signed(100 * size, 0 if half >= COARSE_POINTS else 1)
    return labels.signed(size, 1 if series.subject.unit == PER_THOUSAND else 2)


def _in_points(series: Series) -> bool:
    return series.subject.unit == "share" or is_net(series.subject.unit, series.subject.statistic)


def effect_words(context: Context, series: Series, effect: Estimate) -> str:
    """An effect with its interval in brackets."""
    if not effect.is_known:
        return NOTHING
    return f"{size_words(context, series, effect.value, effect.half)} ({limits_words(context, series, effect)})"


def could_show(context: Context, study: Study) -> str:
    """What the data could have shown, four times in five: one way where one was expected, else either."""
    size, half = study.verdict.could_show, study.verdict.effect.half
    down, up = (size_words(context, study.series, one, half) for one in (-size, size))
    if study.expected.way:
        return up if study.expected.way > 0 else down
    return context.labels.listed([down, up], last="or")


def verdict_words(context: Context, impact: Impact) -> str:
    """The verdict on the measure that a change names, as a clause."""
    if impact.named is None:
        return _cannot(context, _no_study(context, impact))
    return study_words(context, impact.named)


def study_words(context: Context, study: Study) -> str:
    """The verdict of one study, as a clause."""
    verdict = study.verdict
    if verdict.kind == "unclear":
        return _cannot(context, why_words(context, study))
    if verdict.kind == "none":
        return context.labels.say(VERDICTS["none"], size=could_show(context, study))
    return context.labels.tell(VERDICTS[verdict.kind])


def _cannot(context: Context, why: str) -> str:
    return context.labels.say("cannot conclude, because {why}", why=why)


def why_words(context: Context, study: Study) -> str:
    """What stands in the way of a conclusion, as a clause."""
    labels, window = context.labels, study.series.window
    why, (before, after) = study.verdict.why, FEWEST[window.days]
    if why in ("few_before", "few_after"):
        count, least = (
            (study.series.counted(False)[0], before) if why == "few_before" else (study.series.counted(True)[0], after)
        )
        return _few(context, why, count, least, window.days)
    if why == "few_rows":
        return labels.say("fewer than {least} rows lie before it or after it", least=FEWEST_ROWS)
    if why == "season":
        return labels.say(
            "the data span less than a year, so that a season would look the same, and no team can be compared"
        )
    if why == "apart":
        return labels.say("the team and the others were moving apart before it, and its own series cannot tell either")
    if why == "disagree":
        return labels.say("the comparison with other teams and the team's own series contradict each other")
    return labels.say("the series is too short or does not vary")


def _few(context: Context, why: str, count: int, least: int, days: int) -> str:
    say_n = context.labels.say_n
    if days == WEEK and why == "few_before":
        return say_n("only {count} whole week lies before it, and {least} are needed",
            "only {count} whole weeks lie before it, and {least} are needed", count, least=least)  # fmt: skip
    if days == WEEK:
        return say_n("only {count} whole week lies after it, and {least} are needed",
            "only {count} whole weeks lie after it, and {least} are needed", count, least=least)  # fmt: skip
    if why == "few_before":
        return say_n("only {count} span of four weeks lies before it, and {least} are needed",
            "only {count} spans of four weeks lie before it, and {least} are needed", count, least=least)  # fmt: skip
    return say_n("only {count} span of four weeks lies after it, and {least} are needed",
        "only {count} spans of four weeks lie after it, and {least} are needed", count, least=least)  # fmt: skip


def _no_study(context: Context, impact: Impact) -> str:
    """Why the named measure could not be looked at, as a clause."""
    labels, change = context.labels, impact.change
    if impact.why_not == "no_measure":
        return labels.say("the change names no measure that it should move")
    if impact.why_not == "unknown_measure":
        return labels.say("no measure is called “{measure}”", measure=change.measure)
    if impact.why_not == "together" and impact.rival:
        return labels.say("“{change}” took effect on the same day and concerns the same measure",
            change=titled(impact.rival))  # fmt: skip
    reason = labels.tell(impact.reason).removesuffix(".") or labels.say("nothing to count in the period")
    return labels.say("{measure} has no figures ({reason})", measure=context.label(change.measure), reason=reason)


def tone_of(context: Context, study: Study) -> str:
    """Good or bad by what was expected, else by the measure's own direction; unsure where nothing is concluded."""
    verdict = study.verdict
    if verdict.kind in ("open", "unclear"):
        return "unsure"
    if not verdict.is_found:
        return "neutral"
    if verdict.kind in TONES:
        return TONES[verdict.kind]
    declared = context.measures.get(study.series.subject.id)
    better = {"higher": 1, "lower": -1}.get(declared.better if declared else "", 0)
    return "neutral" if not better else "good" if verdict.effect.sign == better else "bad"


def expected_words(context: Context, impact: Impact) -> str:
    """What was expected of a change: direction, size and the words of whoever listed it."""
    change, study, labels = impact.change, impact.named, context.labels
    parts = [labels.tell(DIRECTIONS.get(change.direction, ""))]
    if study is not None and study.expected.size is not None:
        parts.append(size_words(context, study.series, study.expected.size))
    parts.append(labels.say("“{words}”", words=change.expected) if change.expected else "")
    return ", ".join(part for part in parts if part) or NOTHING
