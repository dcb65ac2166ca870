"""The summary: what a director has to know, in plain sentences, the warnings first.

In come the headlines with their tests and the verdicts; out come three short lists: what the data do not allow to be
taken for granted, what changed, and where the targets stand. What cannot be concluded is said to be so, with the
reason. Every sentence carries what it rests on.
"""

from __future__ import annotations

from datetime import timedelta

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import THRESHOLD, Comparison, Headline
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import (
    direction,
    item,
    name_of,
    probability,
    prose,
    short_period,
    signal_words,
    tone_of,
    usual_words,
)
from auditkit.exhibits.quality import TONES as NOTICE_TONES
from auditkit.exhibits.quality import ordered, sentence
from auditkit.exhibits.scorecard import TONES, VERDICT_WORDS, target_sentence, verdicts
from auditkit.labels import capital, listed

MOST_WARNINGS = 4
LATE_START = timedelta(days=3)  # a quiet start of a period is no gap
_VOLUMES = (
    ("tickets_received", "tickets received"),
    ("calls_offered", "calls offered"),
    ("csat", "satisfaction answers"),
)


def summary(context: Context) -> list[Exhibit]:
    """What to know, what changed, where the targets stand."""
    return [_opening(context), _changed(context), *_targets(context)]


def _opening(context: Context) -> Exhibit:
    """What the report rests on, and the warnings that come before any figure."""
    labels = context.labels
    rests = [
        f"{labels.count(figure.n if name == 'csat' else figure.value)} {words}"
        for name, words in _VOLUMES
        if (figure := context.figure(name)) is not None and figure.available and figure.n
    ]
    when = labels.within(context.period)
    basis = f"It rests on {listed(rests)}." if rests else "There is nothing to count in it."
    first = f"This report tells how {context.team} served its customers {when}. {basis}"
    paragraphs = [first]
    if context.partial:
        paragraphs.append(
            f"{capital(labels.period(context.period))} is not over: the figures run to {labels.instant(context.as_of)}."
        )
    if context.coverage is not None and context.coverage.start > context.period.start + LATE_START:
        begin = labels.day(context.coverage.start)
        paragraphs.append(f"The data begin on {begin}: what came before, within the period, is not in the figures.")
    high = [notice for notice in ordered(context.notices) if notice.severity == "high"]
    items = [item(sentence(context, notice, cite=False), NOTICE_TONES["high"]) for notice in high[:MOST_WARNINGS]]
    if len(high) > MOST_WARNINGS:
        items.append(
            item(f"{labels.counted(len(high) - MOST_WARNINGS, 'further warnings')} under Data quality.", "bad")
        )
    title = _headline(context)
    return prose("summary", title, paragraphs, items)


def _headline(context: Context) -> str:
    changed = [one for one in context.headlines.values() if one.changes]
    unusual = [one for one in context.headlines.values() if not one.changes and one.is_signal]
    targets = target_sentence(verdicts(context))
    if context.partial:
        return capital(f"{context.labels.period(context.period)} so far: {targets}")
    when = context.labels.within(context.period)
    parts = [f"{_measures(context, changed)} clearly changed"] if changed else []
    verb = "breaks the pattern of its" if len(unusual) == 1 else "break the pattern of their"
    parts += [f"{_measures(context, unusual)} {verb} history"] if unusual else []
    if not any(one.is_judged for one in context.headlines.values()):
        return capital(f"no change {when} can be told for want of earlier data; {targets}")
    return capital(f"{listed(parts) or 'no clear change'} {when}; {targets}")


def _measures(context: Context, found: list[Headline]) -> str:
    return "one measure" if len(found) == 1 else f"{context.labels.count(len(found))} measures"


def _changed(context: Context) -> Exhibit:
    if context.partial:
        note = "A period that is not over is not compared with whole ones."
        return prose("summary-changes", "Nothing is compared yet", [note])
    found = list(context.headlines.values())
    signals = [headline for headline in found if headline.is_signal]
    items = [item(change_sentence(context, one), _tone(context, one)) for one in sorted(signals, key=_strength)]
    few = [one for one in found if not one.is_signal and one.comparisons and not any(c.enough for c in one.comparisons)]
    items += [item(_too_few(context, few), "unsure")] if few else []
    rest = [one for one in found if not one.is_signal and one not in few and (one.comparisons or one.usual)]
    calm, unjudged = [one for one in rest if one.is_judged], [one for one in rest if not one.is_judged]
    items += [item(_no_change(context, calm))] if calm else []
    items += [item(_not_judged(context, unjudged))] if unjudged else []
    before = context.labels.period(context.previous)
    tests = sum(one.p is not None for headline in found for one in headline.comparisons)
    against = f"with {before}"
    if context.year_before is not None and any(
        c.against == context.year_before for one in found for c in one.comparisons
    ):
        against += f" and {context.labels.period(context.year_before)}"
    paragraph = (
        f"A change is called so when chance alone would hardly make it (adjusted p below {THRESHOLD:g} over all "
        f"{context.labels.counted(tests, 'comparisons')} {against}), or when it breaks the pattern of its history."
    )
    if not found or (not tests and not any(one.usual for one in found)):
        return prose(
            "summary-changes", "There is nothing earlier to compare with", ["The data hold no earlier period."]
        )
    if signals:
        title = "What changed, and how sure that is"
    elif calm:
        title = "Nothing changed more than chance explains"
    elif unjudged and not few:
        title = "Nothing can be held against an earlier period"
    else:
        title = "Too few rows to say whether anything changed"
    return prose("summary-changes", title, [paragraph], items)


def change_sentence(context: Context, headline: Headline) -> str:
    """One change with its size, its certainty and what it rests on."""
    figure = headline.figure
    lead = f"{name_of(context, figure)}: {context.said(figure)} {context.labels.within(context.period)}"
    parts = []
    if headline.changes:
        strongest = max(one.adjusted for one in headline.changes)
        against = listed([_against(context, one) for one in headline.changes])
        bases = [figure.n, *(one.then.n for one in headline.changes)]
        rests = context.labels.sample_size(*bases)
        parts.append(f"{against}, more than chance explains (adjusted {probability(strongest)}; {rests})")
    if headline.usual is not None and headline.usual.signals:
        trial = " (a provisional range, from fewer than 12 periods)" if headline.usual.trial else ""
        counts = figure.statistic == "count" and "outside" in headline.usual.signals
        words = usual_words(context, headline) if counts else signal_words(context, headline)
        parts.append(f"{words}{trial}")
    return f"{lead}, {'; '.join(parts)}."


def _against(context: Context, compared: Comparison) -> str:
    period = short_period(context, compared.against)
    return f"{direction(compared)} than in {period} ({context.said(compared.then)})"


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


def _too_few(context: Context, found: list[Headline]) -> str:
    parts = [
        f"{name_of(context, one.figure)} ({context.said(one.figure)}, {context.labels.sample_size(one.figure.n)})"
        for one in found
    ]
    return f"Too few rows to say whether these changed: {listed(parts)}."


def _no_change(context: Context, found: list[Headline]) -> str:
    return f"No clear change: {' · '.join(name_of(context, one.figure, statistic=False) for one in found)}."


def _not_judged(context: Context, found: list[Headline]) -> str:
    names = " · ".join(name_of(context, one.figure, statistic=False) for one in found)
    return f"Not judged, because their history is too short or too unsteady to say what is usual: {names}."


def _targets(context: Context) -> list[Exhibit]:
    found = verdicts(context)
    if not found:
        text = "audit.toml sets no targets, so no figure is judged. A target is one line under [targets]."
        return [prose("summary-targets", "No targets are set", [text])]
    items = []
    for verdict in ("misses", "cannot conclude", "meets"):
        for figure in found.get(verdict, ()):
            value = f"{context.said(figure)}" if figure.available else "no figure"
            interval = f" ({context.interval(figure)})" if figure.available else ""
            words = VERDICT_WORDS[verdict]
            reason = f" ({figure.verdict_reason})" if verdict == "cannot conclude" else ""
            rests = f"; {context.rests_on(figure)}" if figure.available and "n = " not in reason else ""
            target = context.target_words(figure.measure, figure)
            text = f"{name_of(context, figure)}: {value}{interval}, target {target}: {words}{reason}{rests}."
            items.append(item(capital(text), TONES[verdict]))
    note = "A target is met or missed only when the whole 95 % interval lies on one side of it."
    return [prose("summary-targets", capital(target_sentence(found)), [], items, note)]
