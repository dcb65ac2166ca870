"""Benchmarks: our figures beside what others reach, each with its source and date, and compared only where they count
alike.

In come the context and the ``[[benchmark]]`` entries of audit.toml, out comes a table for benchmarks and one for
competitors. A difference is taken only from the variant of ours that an entry names, in the same unit; everything else
stands beside our figure with the reason why it is not compared. What is older than two years is said to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from auditkit.config import Benchmark
from auditkit.exhibits.apart import apart, with_interval
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import Cell, aligned, measure_name
from auditkit.labels import NOTHING
from auditkit.translation import N_

STALE_YEARS = 2
COMPETITOR = "competitor"


def benchmarks(context: Context, entries: Sequence[Benchmark]) -> list[Exhibit]:
    """A table of benchmarks and one of competitors; nothing for a kind that has no entry."""
    parts = {
        "benchmarks": [one for one in entries if one.kind != COMPETITOR],
        "competitors": [one for one in entries if one.kind == COMPETITOR],
    }
    return [_table(context, slug, chosen) for slug, chosen in parts.items() if chosen]


def no_benchmarks(context: Context) -> Exhibit:
    """The text that stands where audit.toml names none."""
    labels = context.labels
    why = labels.say("audit.toml names none under [[benchmark]]; a benchmark needs its source and date.")
    return context.missing("benchmarks", labels.say("There are no benchmarks"), why)


def _table(context: Context, slug: str, entries: Sequence[Benchmark]) -> Exhibit:
    labels = context.labels
    rows = [_row(context, one) for one in entries]
    compared = sum(_why_not(context, one, _ours(context, one)) == "" for one in entries)
    columns = [
        labels.say("Measure"), labels.period_short(context.period), labels.say("Theirs"),
        labels.say("Whose, and who says so"), labels.say("Ours less theirs"),
    ]  # fmt: skip
    title = _title(context, slug, len(entries), compared)
    note = labels.say(
        "The interval is that of our figure: how sure theirs is, the source may say. Where theirs is a range, the "
        "difference is to its nearer end. Nothing is compared that does not count alike."
    )
    data = {"title": title, "note": note, "columns": aligned(columns, (0, 3, 4)), "rows": rows, "alt": title}
    return Exhibit(slug, "table", data)


def _title(context: Context, slug: str, count: int, compared: int) -> str:
    labels = context.labels
    if slug == "competitors":
        return labels.say_n(
            "Beside competitors: {compared} of {count} figure can be compared",
            "Beside competitors: {compared} of {count} figures can be compared",
            count,
            compared=compared,
        )
    return labels.say_n(
        "Beside benchmarks: {compared} of {count} figure can be compared",
        "Beside benchmarks: {compared} of {count} figures can be compared",
        count,
        compared=compared,
    )


def _ours(context: Context, entry: Benchmark) -> Figure | None:
    """Our figure of the variant that the benchmark counts like; the default where it names none."""
    variant, statistic = entry.variant or "default", entry.statistic or ""
    if variant == "default":
        return context.figure(entry.measure, statistic=statistic)
    return context.variants.figure(entry.measure, context.period.label, statistic, variant)


def _row(context: Context, entry: Benchmark) -> list[Cell]:
    labels, ours = context.labels, _ours(context, entry)
    name = measure_name(context, entry.measure, ours.statistic if ours is not None else entry.statistic or "")
    if entry.variant and entry.variant != "default":
        name = labels.say("{measure}, variant {variant}", measure=name, variant=entry.variant)
    now = with_interval(context.said(ours), context.interval(ours)) if ours is not None else NOTHING
    return [name, now, _theirs(context, entry, ours), _source(context, entry), _difference(context, entry, ours)]


def _theirs(context: Context, entry: Benchmark, ours: Figure | None) -> str:
    """Their figure in our unit's words, or bare with the unit that the entry names."""
    named = [name for name in ("value", "low", "high") if getattr(entry, name) is not None]
    figures = [_number(context, entry, name, ours) for name in named]
    if entry.value is None:
        return context.labels.reach(*figures)
    return figures[0] if entry.low is None else f"{figures[0]} ({context.labels.reach(*figures[1:])})"


def _number(context: Context, entry: Benchmark, name: str, ours: Figure | None) -> str:
    labels, value = context.labels, entry.number(name)
    unit, statistic = _unit_of(context, entry, ours)
    if entry.unit and entry.unit != unit:
        return f"{labels.number(value, 0 if value == round(value) else 2)}\u00a0{entry.unit}"
    return labels.bound(unit, value, statistic=statistic, business=context.is_business(entry.measure))


def _unit_of(context: Context, entry: Benchmark, ours: Figure | None) -> tuple[str, str]:
    if ours is not None:
        return ours.unit, ours.statistic
    declared = context.measures.get(entry.measure)
    statistic = entry.statistic or (declared.statistics[0] if declared else "")
    return (declared.unit if declared else ""), statistic


def _source(context: Context, entry: Benchmark) -> Cell:
    """Whose figure it is, how they count, and who says so when."""
    say = context.labels.say
    told = say("{source}, {day}", source=entry.source, day=context.labels.day(entry.date))
    told = say("{source} (more than two years old)", source=told) if is_stale(entry, context) else told
    text = "; ".join(part for part in (entry.name, entry.population, entry.definition, told) if part)
    return {"text": text, "tone": "unsure"} if is_stale(entry, context) else text


def is_stale(entry: Benchmark, context: Context) -> bool:
    """Whether the benchmark was more than two years old when the audit looked."""
    today = context.as_of.astimezone(ZoneInfo(context.labels.zone)).date()
    day = min(today.day, 28) if today.month == 2 else today.day
    return entry.date < date(today.year - STALE_YEARS, today.month, day)


def _why_not(context: Context, entry: Benchmark, ours: Figure | None) -> str:
    """Why ours is not compared with theirs, as a clause; "" where it is."""
    labels = context.labels
    if not entry.comparable:
        return entry.reason
    if ours is None or not ours.available:
        why = labels.tell(ours.reason) if ours is not None and ours.reason else context.reason(entry.measure)
        return labels.say("we have no figure ({reason})", reason=why.removesuffix("."))
    if entry.unit and entry.unit != ours.unit:
        return labels.say("the units differ ({theirs} and {ours})", theirs=entry.unit, ours=ours.unit)
    return ""


def _difference(context: Context, entry: Benchmark, ours: Figure | None) -> Cell:
    labels, why = context.labels, _why_not(context, entry, ours)
    if why or ours is None or ours.value is None:
        return {"text": labels.say("not comparable: {reason}", reason=why), "tone": "neutral"}
    low = entry.number("low") if entry.low is not None else entry.number("value")
    high = entry.number("high") if entry.high is not None else entry.number("value")
    if low < high and low <= ours.value <= high:
        inside = ours.low is not None and ours.high is not None and low <= ours.low and ours.high <= high
        words = N_("within their range") if inside else N_("within their range, its interval reaches beyond")
        return labels.tell(words)
    return apart(context, ours, low if ours.value < low else high)
