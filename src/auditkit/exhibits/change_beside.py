"""What moved beside the named measure when a change came: other measures, orders and work.

In come studies judged together, out come tables. Intervals are widened for looking at many figures at once, so that a
list of ten does not find a change by chance; nothing was expected of these figures, so a movement is only told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.change_words import effect_words, subject_name, tone_of, value_words, why_words
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, prose, table
from auditkit.impact.orders import DAYS
from auditkit.impact.series import Study
from auditkit.impact.study import Impact
from auditkit.labels import NOTHING


@dataclass(frozen=True)
class Known:
    """Whether the data hold ``orders`` at all, and the ``price`` of an hour in words ("" where none is set)."""

    orders: bool
    price: str = ""


def beside(context: Context, impact: Impact, slug: str) -> list[Exhibit]:
    """The other measures around the change."""
    labels, studies = context.labels, impact.beside
    if not studies:
        return []
    moved = [subject_name(context, one.series) for one in studies if one.verdict.is_found]
    title = labels.say("No other measure moved beyond chance")
    if moved:
        title = labels.say("Moved at the same time beyond chance: {measures}", measures=labels.listed(moved))
    return [_table(context, impact, f"{slug}-beside", title, studies)]


def business(context: Context, impact: Impact, slug: str, known: Known) -> list[Exhibit]:
    """Orders and work or its cost around the change, and what is not known of them."""
    labels, studies = context.labels, (*impact.orders, *impact.work)
    exhibits = []
    if studies:
        moved = [subject_name(context, one.series) for one in studies if one.verdict.is_found]
        title = labels.say("Neither orders nor work moved beyond chance")
        if not impact.orders:
            title = labels.say("Work did not move beyond chance")
        elif not impact.work:
            title = labels.say("Orders did not move beyond chance")
        if moved:
            title = labels.say("Moved at the same time beyond chance: {measures}", measures=labels.listed(moved))
        notes = []
        if impact.orders:
            notes.append(labels.say(
                "A customer counts in the week of a contact; the {days} days run from the first contact of that week. "
                "Weeks whose {days} days are not over are left out. Customers are those whom the team has been in "
                "contact with.", days=DAYS,
            ))  # fmt: skip
        if impact.work and known.price:
            notes.append(labels.say("The cost of handling is the mean time of work at {price} an hour (audit.toml).",
                price=known.price))  # fmt: skip
        exhibits.append(_table(context, impact, f"{slug}-business", title, studies, " ".join(notes)))
    unknown = _unknown(context, impact, known)
    return [*exhibits, prose(f"{slug}-cost", labels.say("What the data do not tell of cost and profit"), unknown)]


def _unknown(context: Context, impact: Impact, known: Known) -> list[str]:
    """What is not known of money, sentence by sentence."""
    say, told = context.labels.say, []
    if not impact.orders and known.orders:
        told.append(say("No customer in contact can be linked to orders, so what customers bought is not known."))
    elif not impact.orders:
        told.append(say("No source has orders, so what customers bought is not known."))
    if not impact.work:
        told.append(say("No source has the time spent on this team's tickets or calls."))
    elif not known.price:
        told.append(say("An hour of work has no price in audit.toml ([costs]), so work is told in time."))
    return [*told, say("What the change itself cost is not in the data.")]


def _table(
    context: Context, impact: Impact, slug: str, title: str, studies: Sequence[Study], extra: str = ""
) -> Exhibit:
    """Before, after, effect with its interval and how it reads, one row for each study."""
    labels = context.labels
    many = len(impact.beside) + len(impact.orders) + len(impact.work)
    columns = [labels.say("Measure"), labels.say("Before"), labels.say("After"), labels.say("Effect"),
        labels.say("Against"), labels.say("Reads as")]  # fmt: skip
    note = labels.say(
        "Before and after are means of the weeks; the effect is the change against teams without one, or in the "
        "team's own series where no team can be compared. Intervals are widened for looking at {count} figures at "
        "once (Bonferroni), so that 95 % holds for all together.",
        count=many,
    )
    ids = [one.series.subject.id for one in studies if one.series.subject.id in context.measures]
    told = [note, extra, f"{_capital_ids(context, ids)}." if ids else ""]
    return table(slug, title, " ".join(part for part in told if part), columns, [_row(context, one) for one in studies])


def _capital_ids(context: Context, ids: Sequence[str]) -> str:
    words = context.ids(ids)
    return words[:1].upper() + words[1:]


def _row(context: Context, study: Study) -> list[Cell]:
    labels, series, verdict = context.labels, study.series, study.verdict
    levels = [value_words(context, series, series.level(side)) for side in (False, True)]
    effect = verdict.effect if verdict.kind != "unclear" else None
    told = effect_words(context, series, effect) if effect is not None else NOTHING
    against = NOTHING
    if verdict.basis == "teams":
        against = labels.say_n("{count} team", "{count} teams", len(series.others))
    elif verdict.basis == "series":
        against = labels.say("itself")
    return [subject_name(context, series), *levels, told, against, _read(context, study)]


def _read(context: Context, study: Study) -> Cell:
    say, verdict = context.labels.say, study.verdict
    if verdict.kind == "unclear":
        return {"text": say("cannot be told: {why}", why=why_words(context, study)), "tone": "unsure"}
    if not verdict.is_found:
        return {"text": say("no clear difference"), "tone": "neutral"}
    return {"text": say("up") if verdict.effect.sign > 0 else say("down"), "tone": tone_of(context, study)}
