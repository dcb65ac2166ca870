"""What the summary says of change: which figures changed, how sure that is, and what cannot be told from chance.

In come the headlines with their tests and the signals of their own history; out come two lists in plain sentences, one
of what changed and one of what cannot be concluded, each with its reason and what it rests on.
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import THRESHOLD, Headline
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import (
    against_words,
    item,
    joined,
    name_of,
    probability,
    prose,
    signal_words,
    tone_of,
    usual_words,
)
from auditkit.exhibits.scorecard import absent_headlines, without_figures
from auditkit.translation import N_

PROVISIONAL_BELOW = 12  # periods: below this a usual range is a first guess


def changed(context: Context) -> Exhibit:
    """What changed against the period before and the same period a year ago, the strongest first."""
    labels = context.labels
    if context.partial:
        note = labels.say("A period that is not over is not compared with whole ones.")
        return prose("summary-changes", labels.say("Nothing is compared yet"), [note])
    found = list(context.headlines.values())
    tests = sum(one.p is not None for headline in found for one in headline.comparisons)
    if not found or (not tests and not any(one.usual for one in found)):
        why = labels.say("The data hold no earlier period.")
        return prose("summary-changes", labels.say("There is nothing earlier to compare with"), [why])
    signals = sorted((one for one in found if one.is_signal), key=_strength)
    few, calm, unjudged = _sorted_out(context)
    items = [item(_change_sentence(context, one), _tone(context, one)) for one in signals]
    items += [item(labels.say("No clear change: {measures}.", measures=_names(context, calm)))] if calm else []
    title = labels.tell(_changes_title(bool(signals), bool(calm), bool(few), bool(unjudged)))
    return prose("summary-changes", title, [_rule(context, tests)], items)


def _sorted_out(context: Context) -> tuple[list[Headline], list[Headline], list[Headline]]:
    """The headlines that signal nothing: on too few rows, without a clear change, and with nothing to judge them by."""
    quiet = [one for one in context.headlines.values() if not one.is_signal]
    few = [one for one in quiet if one.comparisons and not any(each.enough for each in one.comparisons)]
    rest = [one for one in quiet if one not in few and (one.comparisons or one.usual)]
    return few, [one for one in rest if one.is_judged], [one for one in rest if not one.is_judged]


def _changes_title(signals: bool, calm: bool, few: bool, unjudged: bool) -> str:
    if signals:
        return N_("What changed, and how sure that is")
    if calm:
        return N_("Nothing changed more than chance explains")
    if unjudged and not few:
        return N_("Nothing can be held against an earlier period")
    return N_("Too few rows to say whether anything changed")


def _rule(context: Context, tests: int) -> str:
    """When a change is called one, and against what."""
    labels = context.labels
    compared = [one.against for headline in context.headlines.values() for one in headline.comparisons]
    against = [labels.period(context.previous)]
    against += [labels.period(context.year_before)] if context.year_before in compared else []
    return labels.say_n(
        "A change is called so when chance alone would hardly make it (adjusted p below {threshold} in {count} "
        "comparison; compared with: {periods}), or when it breaks the pattern of its history.",
        "A change is called so when chance alone would hardly make it (adjusted p below {threshold} over all {count} "
        "comparisons; compared with: {periods}), or when it breaks the pattern of its history.",
        tests,
        threshold=labels.number(THRESHOLD, 2),
        periods=against,
    )


def _change_sentence(context: Context, headline: Headline) -> str:
    """One change with its size, its certainty and what it rests on."""
    labels, figure = context.labels, headline.figure
    return labels.say(
        "{measure}: {value} {when}, {what}.",
        measure=name_of(context, figure),
        value=context.said(figure),
        when=labels.within(context.period),
        what=joined(labels, _tested(context, headline), _pattern(context, headline)),
    )


def _tested(context: Context, headline: Headline) -> str:
    """What the tests call a change, and how sure that is; empty for nothing."""
    if not headline.changes:
        return ""
    labels = context.labels
    strongest = max(one.adjusted for one in headline.changes)
    return labels.say(
        "{differences}, more than chance explains (adjusted {p}; {n})",
        differences=[against_words(context, one) for one in headline.changes],
        p=probability(labels, strongest),
        n=labels.sample_size(headline.figure.n, *(one.then.n for one in headline.changes)),
    )


def _pattern(context: Context, headline: Headline) -> str:
    """How the figure breaks the pattern of its history; empty where it does not."""
    usual = headline.usual
    if usual is None or not usual.signals:
        return ""
    counts = headline.figure.statistic == "count" and "outside" in usual.signals
    words = usual_words(context, headline) if counts else signal_words(context, headline)
    if not usual.trial:
        return words
    return context.labels.say(
        "{pattern} (a provisional range, from fewer than {count} periods)", pattern=words, count=PROVISIONAL_BELOW
    )


def _tone(context: Context, headline: Headline) -> str:
    tones = {tone_of(context, one) for one in headline.changes} or {_usual_tone(context, headline)}
    return tones.pop() if len(tones) == 1 else "neutral"


def _usual_tone(context: Context, headline: Headline) -> str:
    """Good or bad for a figure outside its usual range, by the measure's own direction."""
    declared, usual = context.measures.get(headline.figure.measure), headline.usual
    if declared is None or declared.better == "neither" or usual is None or "outside" not in usual.signals:
        return "neutral"
    return "good" if (headline.figure.value > usual.high) == (declared.better == "higher") else "bad"


def _strength(headline: Headline) -> float:
    return min((one.adjusted for one in headline.changes), default=1.0)


def not_concluded(context: Context) -> list[Exhibit]:
    """What cannot be concluded, and why: too few rows, no history to judge by, no figure at all."""
    few, _, unjudged = ([], [], []) if context.partial else _sorted_out(context)
    absent = absent_headlines(context)
    items = [item(_too_few(context, few), "unsure")] if few else []
    items += [item(_not_judged(context, unjudged), "unsure")] if unjudged else []
    items += [item(without_figures(context, absent), "unsure")] if absent else []
    title = context.labels.say("What cannot be concluded, and why")
    return [prose("summary-open", title, (), items)] if items else []


def _too_few(context: Context, found: list[Headline]) -> str:
    parts = [
        f"{name_of(context, one.figure)} ({context.said(one.figure)}, {context.labels.sample_size(one.figure.n)})"
        for one in found
    ]
    return context.labels.say("Too few rows to say whether these changed: {measures}.", measures=parts)


def _not_judged(context: Context, found: list[Headline]) -> str:
    return context.labels.say(
        "Not judged, because their history is too short or too unsteady to say what is usual: {measures}.",
        measures=_names(context, found),
    )


def _names(context: Context, found: list[Headline]) -> str:
    return " · ".join(name_of(context, one.figure, statistic=False) for one in found)
