"""The scorecard: each headline figure with its interval, target and verdict, earlier periods and history.

One row per measure. A tone is given to a verdict, never to a difference between two figures that may be chance.
"""

from __future__ import annotations

from typing import Any

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import accent, aligned, name_of, short_period
from auditkit.exhibits.sparkline import sparkline
from auditkit.exhibits.speed import by_clock
from auditkit.labels import NOTHING, capital, listed

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
SHORT_VERDICTS = {"meets": "met", "misses": "missed", "cannot conclude": "open"}
VERDICT_WORDS = {"meets": "met", "misses": "missed", "cannot conclude": "cannot conclude"}


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
    wanted = headline_measures(context)
    shown, absent = [], {}
    for measure, statistic in wanted:
        history = context.series(measure, statistic)
        if any(one is not None and one.available for one in history):
            shown.append((measure, statistic))
        elif measure in context.measures:
            absent.setdefault(context.why_not(measure).removesuffix("."), []).append(context.measures[measure].label)
    if not shown:
        return [context.missing("scorecard", f"No figures {context.labels.within(context.period)}", *absent)]
    labels = context.labels
    year = context.year_before
    short = labels.period_short
    heads = ["Measure", short(context.period), "95 % interval", "Target", short(context.previous)]
    heads += [short(year)] if year is not None else []
    heads.append(context.history_words)
    rows = [_row(context, measure, statistic) for measure, statistic in shown]
    missing = "; ".join(f"{listed(names)}: {reason[:1].lower()}{reason[1:]}" for reason, names in absent.items())
    note = (
        "A target is open when nothing can be concluded. Each line has its own scale, from its lowest to its highest."
    )
    note += f" Without figures: {missing}." if missing else ""
    alt = "; ".join(f"{row[0]['text']} {row[1]['text']}" for row in rows)
    data = {
        "title": _title(context),
        "note": note,
        "columns": aligned(heads),
        "rows": rows,
        "alt": f"Scorecard. {alt}.",
    }
    if not verdicts(context):
        beside = f"{len(rows)} figures of {labels.period(context.period)} beside those of earlier periods"
        data["title"] = f"{beside}; no targets are set"
    return [Exhibit("scorecard", "table", data)]


def verdicts(context: Context) -> dict[str, list[Figure]]:
    """The figures that have a target in this period, by verdict."""
    found: dict[str, list[Figure]] = {}
    for figure in context.results.for_period(context.period.label):
        if figure.verdict:
            found.setdefault(figure.verdict, []).append(figure)
    return found


def target_sentence(found: dict[str, list[Figure]]) -> str:
    """How many targets are met, missed and open, as one clause."""
    total = sum(len(figures) for figures in found.values())
    if not total:
        return "no targets are set"
    met, missed, unsure = (len(found.get(verdict, ())) for verdict in TONES)
    if unsure == total:
        return f"nothing can be concluded on {'the one target' if total == 1 else f'any of the {total} targets'}"
    if total in (met, missed):
        whole = {1: "the one target is", 2: "both targets are"}.get(total, f"all {total} targets are")
        return f"{whole} {'met' if met else 'missed'}"
    parts = [f"{met or 'none'} of {total} {'targets' if total > 1 else 'target'} {'is' if met < 2 else 'are'} met"]
    parts += [f"{missed} {'is' if missed == 1 else 'are'} missed"] if missed else []
    parts += [f"on {unsure} nothing can be concluded"] if unsure else []
    return listed(parts)


def _title(context: Context) -> str:
    sentence = target_sentence(verdicts(context))
    return capital(f"{sentence} {context.labels.within(context.period)}")


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
    short = words.replace("at least", "≥").replace("at most", "≤")
    verdict = SHORT_VERDICTS.get(figure.verdict, figure.verdict)
    return {"text": f"{short}, {verdict}", "tone": TONES.get(figure.verdict, "neutral")}


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
    ends = " to ".join(
        f"{context.said(one)} in {short_period(context, period)}" for period, one in (known[0], known[-1])
    )
    alt = f"From {ends}; lowest {context.said(low[1])}, highest {context.said(high[1])}"
    return {"text": "", "svg": picture, "alt": alt}
