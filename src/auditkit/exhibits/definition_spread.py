"""The spread of definitions: how far each figure would move under the other published definitions of its measure.

In come the report's context and the sensitivity of its figures; out come a chart of the shares, each variant a dot and
the report's own marked, and a table of every measure with variants. A reader sees at once where a figure is a matter
of definition, and in whose favour it was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from auditkit.evidence.sensitivity import PARTS, Sensitivity
from auditkit.exhibits import theme
from auditkit.exhibits.axes import row_names, share_scale, x_axis
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.drawing import Drawing
from auditkit.exhibits.pieces import Cell, accent, chart, measure_name, table
from auditkit.exhibits.variants import why_none
from auditkit.labels import NOTHING, Labels, capital, is_net
from auditkit.translation import N_

MOST_DRAWN = 12  # measures in the chart, those with the largest spread
SMALL = 8.0


@dataclass(frozen=True)
class Dots:
    """One measure of the chart: its name, the values of its variants, and the default with its interval."""

    name: str
    values: Sequence[float]
    default: float | None
    low: float | None = None
    high: float | None = None


def definition_spread(context: Context, found: Sensitivity) -> list[Exhibit]:
    """The chart of the shares and the table of all; one text where no measure has two definitions with a figure."""
    labels = context.labels
    spreads = [row for row in found.spreads.to_dict("records") if row["measure"] in context.measures]
    if not spreads:
        why = labels.say("In this period no measure has figures by two definitions that can be compared.")
        title = labels.say("No figure can be compared by definition")
        return [context.missing("definition-spread", title, why, *_absent(context, found))]
    shares = [row for row in spreads if row["unit"] == "share" and row["statistic"] == "share"]
    shares.sort(key=lambda row: -row["spread"])
    return [*([_chart(context, shares[:MOST_DRAWN])] if shares else []), _table(context, found, spreads)]


def _chart(context: Context, shares: list[dict[str, Any]]) -> Exhibit:
    labels, top = context.labels, shares[0]
    drawn = [_dots(context, row) for row in shares]
    low, high, used = (_said(context, top, name) for name in ("lowest", "highest", "default"))
    values = {"measure": _label(context, top), "low": low, "high": high, "when": labels.within(context.period)}
    if used == NOTHING:
        title = labels.say(
            "The definition moves {measure} most: {low} to {high} {when}; the report's own definition has no figure",
            **values,
        )
    else:
        title = labels.say(
            "The definition moves {measure} most: {low} to {high} {when}; this report uses {value}",
            value=used,
            **values,
        )
    note = labels.say(
        "{period}. Each dot is a published definition of the measure; the filled one is this report's, and the bar its "
        "95 % interval. Parts of a figure and other units are not drawn.",
        period=capital(labels.period(context.period)),
    )
    rows = [_row(context, row) for row in shares]
    about = labels.say("Shares by each definition of their measure")
    svg = ranges(drawn, labels, accent(context))
    return chart("definition-spread", title, note, svg, _columns(labels), rows, about)


def _table(context: Context, found: Sensitivity, spreads: list[dict[str, Any]]) -> Exhibit:
    judged = [row for row in spreads if row["flatters"]]
    better = [row for row in judged if row["flatters"] != "default"]
    labels = context.labels
    title = labels.say_n(
        "In {better} of {count} figure another published definition would look better",
        "In {better} of {count} figures another published definition would look better",
        len(judged),
        better=len(better),
    )
    if not judged:
        title = labels.say("No other published definition would look better")
    rows: list[list[Cell]] = [list(_row(context, row)) for row in spreads]
    notes = [
        labels.say("{period}. Spread: the highest less the lowest.", period=capital(labels.period(context.period)))
    ]
    if len(found.apart):
        apart = _grouped(labels, zip(found.apart["measure"], found.apart["variant"], strict=True))
        notes.append(labels.say("Not compared, as they are of another unit or a part: {variants}.", variants=apart))
    note = " ".join([*notes, *_absent(context, found)])
    return table("definition-spread-all", title, note, _columns(labels), rows)


_COLUMNS = (
    N_("Measure"),
    N_("This report"),
    N_("Lowest"),
    N_("Highest"),
    N_("Spread"),
    N_("Flatters most"),
)


def _columns(labels: Labels) -> list[str]:
    return [labels.tell(name) for name in _COLUMNS]


def _row(context: Context, row: dict[str, Any]) -> list[str]:
    return [
        _label(context, row),
        _said(context, row, "default"),
        f"{_said(context, row, 'lowest')} ({_name(context.labels, row['lowest_variant'])})",
        f"{_said(context, row, 'highest')} ({_name(context.labels, row['highest_variant'])})",
        _difference(context, row),
        _name(context.labels, row["flatters"]) if row["flatters"] else NOTHING,
    ]


def _name(labels: Labels, variant: str) -> str:
    """A definition by its id; the report's own in words."""
    return labels.say_in("definition", "default") if variant == "default" else variant


def _label(context: Context, row: dict[str, Any]) -> str:
    """The measure's label, with the statistic where it has several."""
    return measure_name(context, row["measure"], row["statistic"])


def _said(context: Context, row: dict[str, Any], name: str) -> str:
    """The default or an end of the spread, with the digits of the default's interval."""
    ends = ("default_low", "default_high") if row["default"] == row["default"] else (f"{name}_low", f"{name}_high")
    low, high = (row[end] for end in ends)
    business = context.is_business(row["measure"])
    return context.labels.value(row["unit"], row[name], low, high, statistic=row["statistic"], business=business)


def _difference(context: Context, row: dict[str, Any]) -> str:
    if row["unit"] == "share" or is_net(row["unit"], row["statistic"]):
        spread = context.labels.number(100 * row["spread"], 1)
        return context.labels.say("{difference}\u00a0points", difference=spread)
    return _said(context, row, "spread") if row["default"] == row["default"] else NOTHING


def _absent(context: Context, found: Sensitivity) -> list[str]:
    """The variants without a figure, by reason, in one sentence; nothing where there are none."""
    labels = context.labels
    rows = found.unavailable[found.unavailable["variant"] != "default"]
    by_reason: dict[str, list[tuple[str, str]]] = {}
    for measure, variant, reason in zip(rows["measure"], rows["variant"], rows["reason"], strict=True):
        by_reason.setdefault(why_none(labels, reason), []).append((measure, variant))
    told = [
        labels.say("{variants} ({reason})", variants=_grouped(labels, names), reason=reason)
        for reason, names in by_reason.items()
    ]
    return [labels.say("Without figures: {variants}.", variants="; ".join(told))] if told else []


def _grouped(labels: Labels, names: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """``ces share_5_plus and net``: each measure once, with its variants."""
    variants: dict[str, list[str]] = {}
    for measure, variant in names:
        variants.setdefault(measure, [])
        if variant not in variants[measure]:
            variants[measure].append(variant)
    return tuple(f"{measure} {labels.listed(own)}" for measure, own in variants.items())


def _dots(context: Context, row: dict[str, Any]) -> Dots:
    """The values of all variants that the spread compares."""
    figures = [
        context.variants.figure(row["measure"], context.period.label, row["statistic"], variant)
        for variant in context.variants.variants(row["measure"])
        if variant not in PARTS.get(row["measure"], ())
    ]
    values = [one.value for one in figures if one is not None and one.available and one.unit == row["unit"]]
    default, low, high = (
        None if row[name] != row[name] else row[name] for name in ("default", "default_low", "default_high")
    )
    return Dots(_label(context, row), sorted({*values, row["lowest"], row["highest"]}), default, low, high)


def ranges(drawn: Sequence[Dots], labels: Labels, colour: str) -> str:
    """A row per measure over 0 to 100 %: a hollow dot per definition, the default filled on the bar of its interval."""
    drawing = Drawing(0.34 * len(drawn) + 0.5, left=2.05, right=0.25, top=0.1, bottom=0.4)
    drawing.reach(-7, 107, len(drawn), 0)
    scale = share_scale(labels)
    for tick in range(0, 101, 25):
        drawing.rule(x=tick)
    x_axis(drawing, [(tick, scale.tick(tick, 25)) for tick in range(0, 101, 25)])
    row_names(drawing, [one.name for one in drawn], SMALL)
    for row, one in enumerate(drawn):
        _draw(drawing, row + 0.5, one, labels, colour)
    return drawing.svg()


def _draw(drawing: Drawing, y: float, one: Dots, labels: Labels, colour: str) -> None:
    values = [100 * value for value in one.values]
    if one.low is not None and one.high is not None:
        drawing.bar(100 * one.low, 100 * (one.high - one.low), y - 0.14, 0.28, colour, 0.3)
    drawing.line([values[0], values[-1]], [y, y], theme.GREY, 1)
    for value in values:
        drawing.dot(value, y, theme.QUIET, hollow=True)
    if one.default is not None:
        drawing.dot(100 * one.default, y, colour, 7)
    reach = [*values, *(100 * end for end in (one.low, one.high) if end is not None)]
    for x, value, anchor, gap in ((min(reach), one.values[0], "end", -6), (max(reach), one.values[-1], "start", 6)):
        drawing.words(drawing.x(x) + gap, drawing.y(y), labels.share(value, 0.0, 1.0), size=SMALL, anchor=anchor)
