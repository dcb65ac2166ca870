"""The summary: what a director has to know, in plain sentences, the warnings first.

In come the headlines with their tests and the verdicts; out come four short lists: what the data do not allow to be
taken for granted, what changed, where the targets stand, and what cannot be concluded and why. Every sentence carries
what it rests on.
"""

from __future__ import annotations

from datetime import timedelta

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import item, joined, name_of, prose
from auditkit.exhibits.quality import TONES as NOTICE_TONES
from auditkit.exhibits.quality import ordered, sentence
from auditkit.exhibits.scorecard import TONES, VERDICT_WORDS, target_sentence, verdicts
from auditkit.exhibits.summary_changes import changed, not_concluded
from auditkit.labels import SPACE, capital

MOST_WARNINGS = 4
LATE_START = timedelta(days=3)  # a quiet start of a period is no gap


def summary(context: Context) -> list[Exhibit]:
    """What to know, what changed, where the targets stand, what cannot be concluded."""
    return [_opening(context), changed(context), *_targets(context), *not_concluded(context)]


def _opening(context: Context) -> Exhibit:
    """What the report rests on, and the warnings that come before any figure."""
    labels, within = context.labels, context.labels.within(context.period)
    paragraphs = [
        f"{labels.say('This report tells how {team} served its customers {when}.', team=context.team, when=within)} "
        f"{_basis(context)}"
    ]
    if context.partial:
        period, instant = capital(labels.period(context.period)), labels.instant(context.as_of)
        paragraphs.append(
            labels.say("{period} is not over: the figures run to {instant}.", period=period, instant=instant)
        )
    if context.coverage is not None and context.coverage.start > context.period.start + LATE_START:
        paragraphs.append(
            labels.say(
                "The data begin on {day}: what came before, within the period, is not in the figures.",
                day=context.coverage.start,
            )
        )
    return prose("summary", _headline(context), paragraphs, _warnings(context))


def _basis(context: Context) -> str:
    """What was counted, as a sentence."""
    labels = context.labels
    received, offered, scored = (context.figure(name) for name in ("tickets_received", "calls_offered", "csat"))
    rests = []
    if _counts(received):
        rests.append(labels.say_n("{count} ticket received", "{count} tickets received", received.value))
    if _counts(offered):
        rests.append(labels.say_n("{count} call offered", "{count} calls offered", offered.value))
    if _counts(scored):
        rests.append(labels.say_n("{count} satisfaction answer", "{count} satisfaction answers", scored.n))
    return labels.say("It rests on {basis}.", basis=rests) if rests else labels.say("There is nothing to count in it.")


def _counts(figure: Figure | None) -> bool:
    return figure is not None and figure.available and bool(figure.n)


def _warnings(context: Context) -> list[dict[str, str]]:
    high = [notice for notice in ordered(context.notices) if notice.severity == "high"]
    items = [item(sentence(context, notice, cite=False), NOTICE_TONES["high"]) for notice in high[:MOST_WARNINGS]]
    if len(high) > MOST_WARNINGS:
        more = len(high) - MOST_WARNINGS
        told = context.labels.say_n(
            "{count} further warning under Data quality.", "{count} further warnings under Data quality.", more
        )
        items.append(item(told, "bad"))
    return items


def _headline(context: Context) -> str:
    labels, within = context.labels, context.labels.within(context.period)
    targets = target_sentence(labels, verdicts(context))
    if context.partial:
        return capital(labels.say("{period} so far: {targets}", period=context.period, targets=targets))
    if not any(one.is_judged for one in context.headlines.values()):
        calm = labels.say("no change {when} can be told for want of earlier data", when=within)
        return capital(joined(labels, calm, targets))
    changes = labels.listed(_how_many(context)) or labels.say("no clear change")
    return capital(joined(labels, labels.say("{changes} {when}", changes=changes, when=within), targets))


def _how_many(context: Context) -> list[str]:
    """How many measures changed, and how many break the pattern of their history, as clauses."""
    labels, found = context.labels, context.headlines.values()
    changed = sum(bool(one.changes) for one in found)
    unusual = sum(one.is_signal and not one.changes for one in found)
    parts = []
    if changed:
        parts.append(labels.say_n("{count} measure clearly changed", "{count} measures clearly changed", changed))
    if unusual:
        parts.append(
            labels.say_n(
                "{count} measure breaks the pattern of its history",
                "{count} measures break the pattern of their history",
                unusual,
            )
        )
    return parts


def _targets(context: Context) -> list[Exhibit]:
    labels, found = context.labels, verdicts(context)
    if not found:
        text = labels.say("audit.toml sets no targets, so no figure is judged. A target is one line under [targets].")
        return [prose("summary-targets", labels.say("No targets are set"), [text])]
    order = ("misses", "cannot conclude", "meets")
    items = [
        item(_target(context, figure, verdict), TONES[verdict])
        for verdict in order
        for figure in found.get(verdict, ())
    ]
    note = labels.say("A target is met or missed only when the whole 95 % interval lies on one side of it.")
    return [prose("summary-targets", capital(target_sentence(labels, found)), [], items, note)]


def _target(context: Context, figure: Figure, verdict: str) -> str:
    """One target: the figure, the aim, the verdict with its reason, and what it rests on."""
    labels = context.labels
    value = f"{context.said(figure)} ({context.interval(figure)})" if figure.available else labels.say("no figure")
    reason = labels.tell(figure.verdict_reason) if verdict == "cannot conclude" else ""
    words = labels.tell(VERDICT_WORDS[verdict])
    told = labels.say(
        "{measure}: {value}, target {target}: {verdict}",
        measure=name_of(context, figure),
        value=value,
        target=context.target_words(figure.measure, figure),
        verdict=f"{words} ({reason})" if reason else words,
    )
    rests = context.rests_on(figure) if figure.available and f"n{SPACE}={SPACE}" not in reason else ""
    return f"{capital(joined(labels, told, rests))}."
