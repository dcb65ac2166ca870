"""The scorecard: each headline figure with its interval, target and verdict, earlier periods and history.

One row per measure. A tone is given to a verdict, never to a difference between two figures that may be chance.
"""

from __future__ import annotations

from typing import Any

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import accent, aligned, joined, name_of, when
from auditkit.exhibits.sparkline import sparkline
from auditkit.exhibits.speed import by_clock
from auditkit.labels import NOTHING, Labels, capital
from auditkit.translation import N_

# What a director reads first: (measure, statistic), on the team's own clock where it is known.
HEADLINES = (
    ("tickets_received", "count"),
    ("tickets_resolved", "count"),
    ("backlog", "count"),
    ("first_response_time", "median"),
    ("first_response_within", "share"),
    ("resolution_time", "median"),
    ("resolution_time_all", "median"),
    ("resolved_within", "share"),
    ("sla_met_as_recorded", "share"),
    ("fcr", "share"),
    ("reopen_rate", "share"),
    ("replies_per_resolution", "mean"),
    ("contacts_per_journey", "mean"),
    ("calls_offered", "count"),
    ("answer_rate", "share"),
    ("abandonment_rate", "share"),
    ("service_level", "share"),
    ("speed_of_answer", "mean"),
    ("call_resolution_rate", "share"),
    ("csat", "share"),
    ("csat_mean", "mean"),
    ("ces", "mean"),
    ("nps", "net"),
    ("survey_response_rate", "share"),
    ("qa_score", "mean"),
)
ON_A_CLOCK = (
    "first_response_time",
    "first_response_within",
    "resolution_time",
    "resolution_time_all",
    "resolved_within",
)
TONES = {"meets": "good", "misses": "bad", "cannot conclude": "unsure"}
VERDICT_WORDS = {"meets": N_("met"), "misses": N_("missed"), "cannot conclude": N_("cannot conclude")}
SHORT_VERDICTS = VERDICT_WORDS | {"cannot conclude": N_("open")}


def headline_measures(context: Context) -> list[tuple[str, str]]:
    """The headlines on the clock that the team works by, with every measure that has a target, and the user's own."""
    wanted = [(by_clock(context, name) if name in ON_A_CLOCK else name, statistic) for name, statistic in HEADLINES]
    known = {name for name, _ in wanted}
    for name, measure in context.measures.items():
        target = context.targets.get(name)
        statistic = (target.statistic if target else None) or measure.statistics[0]
        if (target is not None and target.bound is not None and (name, statistic) not in wanted) or (
            measure.source == "audit.toml" and name not in known
        ):
            wanted.append((name, statistic))
    order = list(context.measures)
    return sorted(wanted, key=lambda one: order.index(one[0]) if one[0] in order else len(order))


def scorecard(context: Context) -> list[Exhibit]:
    """The table, with what is not available and why in its note."""
    labels, absent = context.labels, absent_headlines(context)
    shown = [one for one in headline_measures(context) if _has_history(context, *one)]
    if not shown:
        title = labels.say("No figures {when}", when=labels.within(context.period))
        return [context.missing("scorecard", title, *(f"{capital(reason)}." for reason in absent))]
    rows = [_row(context, measure, statistic) for measure, statistic in shown]
    told = "; ".join(f"{row[0]['text']} {row[1]['text']}" for row in rows)
    data = {
        "title": _title(context, len(rows)),
        "note": _note(context, absent),
        "columns": aligned(_heads(context)),
        "rows": rows,
        "alt": labels.say("Scorecard. {figures}.", figures=told),
    }
    return [Exhibit("scorecard", "table", data)]


def absent_headlines(context: Context) -> dict[str, list[str]]:
    """The headlines that have no figure in any period of the history, by the reason why."""
    absent: dict[str, list[str]] = {}
    for measure, statistic in headline_measures(context):
        if measure in context.measures and not _has_history(context, measure, statistic):
            absent.setdefault(context.reason(measure), []).append(context.label(measure))
    return absent


def without_figures(context: Context, absent: dict[str, list[str]]) -> str:
    """Which headlines have no figure, and why, as a sentence."""
    labels = context.labels
    measures = "; ".join(f"{labels.listed(names)} ({reason})" for reason, names in absent.items())
    return labels.say("Without figures: {measures}.", measures=measures)


def _has_history(context: Context, measure: str, statistic: str) -> bool:
    return any(one is not None and one.available for one in context.series(measure, statistic))


def _heads(context: Context) -> list[str]:
    labels, year = context.labels, context.year_before
    heads = [labels.say("Measure"), labels.period_short(context.period), labels.say("95 % interval")]
    heads += [labels.say_in("column heading", "Target"), labels.period_short(context.previous)]
    heads += [labels.period_short(year)] if year is not None else []
    return [*heads, context.history_words]


def _note(context: Context, absent: dict[str, list[str]]) -> str:
    labels = context.labels
    note = labels.say(
        "A target is open when nothing can be concluded. Each line has its own scale, from its lowest to its highest."
    )
    return f"{note} {without_figures(context, absent)}" if absent else note


def _title(context: Context, rows: int) -> str:
    labels, found = context.labels, verdicts(context)
    if found:
        return capital(_when(context, target_sentence(labels, found)))
    beside = labels.say_n(
        "{count} figure of {period} beside that of earlier periods",
        "{count} figures of {period} beside those of earlier periods",
        rows,
        period=labels.period(context.period),
    )
    return joined(labels, beside, target_sentence(labels, found))


def _when(context: Context, clause: str) -> str:
    return context.labels.say("{clause} {when}", clause=clause, when=context.labels.within(context.period))


def verdicts(context: Context) -> dict[str, list[Figure]]:
    """The figures that have a target in this period, by verdict."""
    found: dict[str, list[Figure]] = {}
    for figure in context.results.for_period(context.period.label):
        if figure.verdict:
            found.setdefault(figure.verdict, []).append(figure)
    return found


def target_sentence(labels: Labels, found: dict[str, list[Figure]]) -> str:
    """How many targets are met, missed and open, as one clause."""
    say, say_n = labels.say, labels.say_n
    total = sum(len(figures) for figures in found.values())
    met, missed, unsure = (len(found.get(verdict, ())) for verdict in TONES)
    if not total:
        return say("no targets are set")
    if total == 1:
        one = {met: N_("the one target is met"), missed: N_("the one target is missed")}
        return say(one.get(1, N_("nothing can be concluded on the one target")))
    if unsure == total:
        return say_n(
            "nothing can be concluded on any target", "nothing can be concluded on any of the {count} targets", total
        )
    if met == total:
        return (
            say("both targets are met")
            if total == 2
            else say_n("{count} target is met", "all {count} targets are met", total)
        )
    if missed == total:
        if total == 2:
            return say("both targets are missed")
        return say_n("{count} target is missed", "all {count} targets are missed", total)
    return labels.listed([_met(labels, met, total), *_others(labels, missed, unsure)])


def _met(labels: Labels, met: int, total: int) -> str:
    if not met:
        return labels.say_n("none of {count} target is met", "none of {count} targets is met", total)
    if met == 1:
        return labels.say_n("1 of {count} target is met", "1 of {count} targets is met", total)
    return labels.say_n("{met} of {count} target are met", "{met} of {count} targets are met", total, met=met)


def _others(labels: Labels, missed: int, unsure: int) -> list[str]:
    parts = [labels.say_n("{count} is missed", "{count} are missed", missed)] if missed else []
    if unsure:
        parts.append(labels.say_n("on {count} nothing can be concluded", "on {count} nothing can be concluded", unsure))
    return parts


def _row(context: Context, measure: str, statistic: str) -> list[Any]:
    figure = context.figure(measure, statistic=statistic)
    history = context.series(measure, statistic)
    row: list[Any] = [{"text": name_of(context, figure)}, {"text": context.said(figure), "strong": True}]
    row += [context.interval(figure), _target(context, measure, figure)]
    row.append(context.said(context.figure(measure, context.previous, statistic), figure))
    if context.year_before is not None:
        row.append(context.said(context.figure(measure, context.year_before, statistic), figure))
    return [*row, _history(context, history)]


def _target(context: Context, measure: str, figure: Figure) -> str | dict[str, str]:
    words = context.target_words(measure, figure)
    if words == NOTHING or not figure.verdict:
        return words
    verdict = context.labels.tell(SHORT_VERDICTS.get(figure.verdict, figure.verdict))
    return {
        "text": f"{context.target_sign(measure, figure)}, {verdict}",
        "tone": TONES.get(figure.verdict, "neutral"),
    }


def _history(context: Context, history: list[Figure | None]) -> dict[str, str]:
    values = [one.value if one is not None else None for one in history]
    target = context.targets.get(history[-1].measure) if history[-1] is not None else None
    words = context.target_words(history[-1].measure, history[-1]) if target else NOTHING
    picture = sparkline(values, accent(context), target.bound if words != NOTHING else None)
    known = [
        (period, one) for period, one in zip(context.history, history, strict=True) if one is not None and one.available
    ]
    if not picture:
        return {"text": NOTHING}
    low, high = min(known, key=lambda one: one[1].value), max(known, key=lambda one: one[1].value)
    first, last = known[0], known[-1]
    alt = context.labels.say(
        "From {first} {first_when} to {last} {last_when}; lowest {lowest}, highest {highest}",
        first=context.said(first[1]),
        first_when=when(context, first[0]),
        last=context.said(last[1]),
        last_when=when(context, last[0]),
        lowest=context.said(low[1]),
        highest=context.said(high[1]),
    )
    return {"text": "", "svg": picture, "alt": alt}
