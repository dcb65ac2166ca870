"""Figures since the last audit: which changed by more than chance explains, and which come out differently today.

In come the comparisons of since_compare.py, out come two tables (or one line where nothing came out differently). A
difference is printed only between figures that count alike.
"""

from __future__ import annotations

from auditkit.exhibits.apart import difference, told_apart, with_interval
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import Cell, aligned, name_of, probability, prose, usual_words
from auditkit.exhibits.scorecard import headline_measures
from auditkit.exhibits.since_compare import FACT, OVERLAP, SAME, TOO_FEW, Changed, Restated, Since
from auditkit.labels import NOTHING, capital
from auditkit.labels.numbers import half_width
from auditkit.translation import N_

MOST_OTHERS = 20  # figures restated that are shown where no headline is among them


def which_edition(context: Context, found: Since) -> str:
    """Which edition it is, as a note's first sentence."""
    labels, edition = context.labels, found.edition
    return labels.say(
        "Compared with the edition of {period}, which knew what was known on {instant}.",
        period=labels.period(edition.period),
        instant=labels.instant(edition.as_of),
    )


def changed_figures(context: Context, found: Since) -> Exhibit:
    """Each headline figure of then and now, their difference, and what can be said of it."""
    labels, period = context.labels, found.edition.period
    certain = sum(one.is_certain for one in found.changed)
    title = labels.say_n(
        "{certain} of {count} figure has changed since {period} by more than chance explains",
        "{certain} of {count} figures have changed since {period} by more than chance explains",
        len(found.changed),
        certain=certain,
        period=labels.period(period),
    )
    columns = [
        labels.say("Measure"), labels.period_short(period), labels.period_short(context.period),
        labels.say("Difference"), labels.say("What can be said"),
    ]  # fmt: skip
    note = " ".join(
        [
            which_edition(context, found),
            labels.say(
                "Figures of then are as they are counted today, where this report counts that period; p values are "
                "adjusted for all comparisons (Holm 1979), limits of differences (Newcombe 1998) stand by themselves."
            ),
        ]
    )
    data = {"title": title, "note": note, "columns": aligned(columns, (0, 3, 4)), "alt": title}
    return Exhibit("since-figures", "table", data | {"rows": [_changed_row(context, one) for one in found.changed]})


def _changed_row(context: Context, one: Changed) -> list[Cell]:
    now, then = one.now, one.then
    then_words = with_interval(context.said(then, now), context.interval(then, now))
    now_words = with_interval(context.said(now), context.interval(now))
    return [name_of(context, now), then_words, now_words, _size(context, one), _said(context, one)]


def _size(context: Context, one: Changed) -> str:
    """The difference, with its limits where a test gives them."""
    size = _value(one.now) - _value(one.then)
    if one.low is None or one.high is None:
        return difference(context, one.now, size, _half(one))
    return told_apart(context, one.now, size, one.low, one.high)


def _half(one: Changed) -> float:
    """The wider half of the two intervals, which settles the digits."""
    return max(half_width(one.now.low, one.now.high), half_width(one.then.low, one.then.high))


def _value(figure: Figure) -> float:
    assert figure.value is not None
    return figure.value


def _said(context: Context, one: Changed) -> Cell:
    labels = context.labels
    if one.outcome == FACT:
        headline = context.headline(one.now.measure, one.now.statistic)
        usual = usual_words(context, headline) if headline is not None and one.now.statistic == "count" else ""
        return {"text": usual or labels.say("counted whole; no test")}
    words = {
        SAME: N_("no clear change"),
        TOO_FEW: N_("too few then or now to tell a change"),
        OVERLAP: N_("cannot be told: the intervals overlap, and the rows of then are not counted here"),
    }
    if one.outcome in words:
        return {"text": labels.tell(words[one.outcome]), "tone": "neutral" if one.outcome == SAME else "unsure"}
    rose = _value(one.now) > _value(one.then)
    long = one.now.unit == "seconds"
    word = (N_("longer") if rose else N_("shorter")) if long else (N_("higher") if rose else N_("lower"))
    how = labels.say("the intervals lie apart") if one.p is None else probability(labels, one.p)
    return {"text": labels.say("{change}, {how}", change=labels.tell(word), how=how), "tone": bearing(context, one)}


def bearing(context: Context, one: Changed) -> str:
    """Whether the change is for the better: "good", "bad", or "neutral" where neither way is."""
    declared, rose = context.measures.get(one.now.measure), _value(one.now) > _value(one.then)
    better = declared.better if declared else "neither"
    return "neutral" if better == "neither" else "good" if rose == (better == "higher") else "bad"


def restated_figures(context: Context, found: Since) -> Exhibit:
    """The figures of the earlier period that come out differently today, or that none does."""
    labels, period = context.labels, found.edition.period
    if not found.restated:
        if not found.same:
            return prose(
                "since-restated",
                labels.say("The figures of {period} are not counted again here", period=labels.period(period)),
                [labels.say("This report does not reach back to that period, so what was reported stands as it was.")],
                note=which_edition(context, found),
            )
        title = labels.say_n(
            "{count} figure of {period} comes out today as it was reported",
            "All {count} figures of {period} come out today as they were reported",
            found.same,
            period=labels.period(period),
        )
        return prose("since-restated", title, note=which_edition(context, found))
    title = labels.say_n(
        "{count} figure of {period} comes out differently today",
        "{count} figures of {period} come out differently today",
        len(found.restated),
        period=labels.period(period),
    )
    columns = [
        labels.say("Measure"), labels.say("Reported"), labels.say("Counted today"), labels.say("Difference"),
        labels.say("Why"),
    ]  # fmt: skip
    headlines = set(headline_measures(context))
    shown = [one for one in found.restated if (one.again.measure, one.again.statistic) in headlines]
    shown = shown or list(found.restated[:MOST_OTHERS])
    rows = [_restated_row(context, one) for one in shown]
    data = {"title": title, "note": _restated_note(context, found, len(shown)), "alt": title, "rows": rows}
    return Exhibit("since-restated", "table", data | {"columns": aligned(columns, (0, 4))})


def _restated_note(context: Context, found: Since, shown: int) -> str:
    """Which edition it is, what is not shown, and how many figures are as they were."""
    labels, further = context.labels, len(found.restated) - shown
    others = labels.say_n(
        "{count} more figure, not a headline, comes out differently too; 'auditkit since --format json' lists all.",
        "{count} more figures, not headlines, come out differently too; 'auditkit since --format json' lists all.",
        further,
    )
    same = labels.say_n(
        "{count} figure of that period comes out as it was reported.",
        "{count} figures of that period come out as they were reported.",
        found.same,
    )
    return " ".join([which_edition(context, found), *([others] if further else []), same])


def _restated_row(context: Context, one: Restated) -> list[Cell]:
    labels, then, now = context.labels, one.reported, one.again
    size = NOTHING
    if not one.why and then.value is not None and now.value is not None:
        size = difference(context, now, now.value - then.value)
    why = labels.tell(one.why)
    if not why:
        counts = {"then": labels.sample_size(then.n), "now": labels.sample_size(now.n)}
        why = labels.say("the data changed ({then}, now {now})", **counts) if then.n != now.n else ""
    return [name_of(context, now), context.said(then, now), context.said(now), size,
        capital(why or labels.say("the data changed"))]  # fmt: skip
