"""Mystery tests: whether a test is answered as soon as the reports say, when tests were made, and each test itself.

In come the tests of the period and, as a period holds few, of the whole history; out come a table against the reported
times, a grid of the hours that were tested, the figures, the periods, and the log. A test tells what a customer meets,
a report what was recorded. Testers are told by their type, never by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits import charts
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.few_rows import told_figure
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import further
from auditkit.exhibits.mystery_log import log
from auditkit.exhibits.mystery_reports import against_reports
from auditkit.exhibits.mystery_waits import FEWEST_TESTS, independent_tests, pairs
from auditkit.exhibits.pieces import accent, chart, table
from auditkit.labels import NOTHING, capital
from auditkit.stats import wilson

if TYPE_CHECKING:
    import pandas as pd

FIGURES = (
    "mystery_answer_rate",
    "mystery_right_rate",
    "mystery_speed_of_answer",
    "mystery_first_response_time",
    "mystery_test_score",
)
# What a test is held against, period by period: the measure of the tests and the reported one.
_CALLS = ("mystery_speed_of_answer", "speed_of_answer")
_MESSAGES = ("mystery_first_response_time", "first_response_time")


def mystery_tests(context: Context) -> list[Exhibit]:
    """Tests against reported times, by hour of the week, their figures, by period, and the log; empty without tests."""
    window = _window(context)
    tests = independent_tests(context, window)
    if tests is None or tests.empty:
        return []
    found = pairs(context, tests)
    return [
        against_reports(context, found),
        _by_hour(context, window, tests),
        *further(context, "tests-figures", FIGURES, seldom=True),
        *_by_opening(context, window),
        *_by_period(context),
        *log(context, found),
    ]


def _window(context: Context) -> Period:
    """The period where one channel at one kind of hour has enough tests to be compared, else the whole history."""
    own = independent_tests(context, context.period)
    if own is None or own.empty:
        return context.whole
    most = own.groupby(["channel", "after_hours"], dropna=False).size().max()
    return context.period if most >= FEWEST_TESTS else context.whole


def _by_hour(context: Context, window: Period, tests: pd.DataFrame) -> Exhibit:
    """How many tests were made at each hour of the week; hours with a test that nobody answered have a frame."""
    labels = context.labels
    cell = (tests["contacted_weekday"].to_numpy(dtype=int) - 1) * 24 + tests["contacted_hour"].to_numpy(dtype=int)
    made = np.bincount(cell, minlength=168).reshape(7, 24)
    missed = np.bincount(cell[~tests["answered"].to_numpy(dtype=bool)], minlength=168).reshape(7, 24)
    names, hours = [capital(labels.weekday(day)) for day in range(1, 8)], [str(hour) for hour in range(24)]
    svg = charts.heatmap(made.astype(float), names, hours, accent(context), labels, missed > 0)
    rows = [[name, *_tested(labels, made[day], missed[day])] for day, name in enumerate(names)]
    about = labels.say("Mystery tests by weekday and hour of the day")
    note = context.note_of(
        window,
        len(tests),
        "mystery_answer_rate",
        extra=labels.say("Framed: hours with a test that was not answered. {zone} time", zone=labels.zone),
    )
    columns = [labels.say("Weekday"), *(f"{hour:02d}" for hour in range(24))]
    drawn = chart("tests-hours", _hours_title(context, tests, made), note, svg, columns, rows, about)
    return Exhibit(drawn.id, "chart", dict(drawn.data) | {"alt": f"{about}. {drawn.data['title']}."})


def _tested(labels, made: np.ndarray, missed: np.ndarray) -> list[str]:
    """A day's cells in words: ``3``, ``3 (1 not answered)``."""
    return [
        labels.say("{count} ({missed} not answered)", count=int(number), missed=int(lost))
        if lost
        else (labels.count(int(number)) if number else NOTHING)
        for number, lost in zip(made, missed, strict=True)
    ]


def _hours_title(context: Context, tests: pd.DataFrame, made: np.ndarray) -> str:
    labels, hours = context.labels, int(np.count_nonzero(made))
    closed = tests["after_hours"].dropna()
    lead = labels.say_n(
        "{count} mystery test covers {hours} of the 168 hours of the week",
        "{count} mystery tests cover {hours} of the 168 hours of the week",
        len(tests),
        hours=hours,
    )
    if closed.empty:
        return lead
    met, n = int(closed.astype(bool).sum()), len(closed)
    share = labels.share(met / n, *(float(limit) for limit in wilson(met, n)))
    return labels.say("{lead}; {share} came while the team was closed", lead=lead, share=share)


def _by_opening(context: Context, window: Period) -> list[Exhibit]:
    """The figures of tests made while the team was open and closed; empty where not both were tested."""
    labels = context.labels
    figures = context.evaluate(FIGURES, window, "opening")
    found = {(one.measure, one.group): one for one in figures if one.available}
    both = [name for name in FIGURES if (name, "open") in found and (name, "closed") in found]
    if not both:
        return []
    rows = [
        [context.label(name), *(cell for group in ("open", "closed") for cell in _told(context, found[name, group]))]
        for name in both
    ]
    columns = [
        labels.say("Measure"),
        labels.say("While open"),
        labels.say("n"),
        labels.say("While closed"),
        labels.say("n"),
    ]
    lead = both[0]
    title = labels.say(
        "{measure}: {open} while open, {closed} while closed",
        measure=context.label(lead),
        open=told_figure(context, found[lead, "open"]),
        closed=told_figure(context, found[lead, "closed"]),
    )
    note = labels.say("With 95 % intervals. A figure that one of the two lacks is left out.")
    note = f"{capital(labels.period(window))}. {note} {capital(context.ids(both))}."
    return [table("tests-opening", title, note, columns, rows)]


def _told(context: Context, figure: Figure) -> tuple[str, str]:
    return told_figure(context, figure), context.labels.count(figure.n)


def _by_period(context: Context) -> list[Exhibit]:
    """The tests of each period with the reported times beside them; nothing is tested for change."""
    labels = context.labels
    number = context.series("mystery_tests_made")
    shown = [place for place, one in enumerate(number) if one is not None and one.available and one.value]
    if len(shown) < 2:
        return []
    both = [pair for pair in (_CALLS, _MESSAGES) if any(_there(context.series(pair[0])))]
    medians = [context.series(name, "median") for pair in both for name in pair]
    series = [context.series("mystery_answer_rate"), *medians]
    rows = [
        [labels.period(context.history[place]), labels.count(number[place].value)]
        + [told_figure(context, one[place]) for one in series]
        for place in shown
    ]
    heads = {_CALLS: (labels.say("Test calls, median"), labels.say("Calls reported"))}
    heads |= {_MESSAGES: (labels.say("Test messages, median"), labels.say("Messages reported"))}
    columns = [labels.say("Period"), labels.say("Tests"), labels.say("Answered")]
    columns += [head for pair in both for head in heads[pair]]
    note = labels.say(
        "Medians with 95 % intervals, on the calendar and over all hours. Reported times are of those answered, tests "
        "include those that were not; tests come at other hours than customers do, so a row is a picture, not a proof."
    )
    title = labels.say_n(
        "Mystery tests were made in {count} period", "Mystery tests were made in {count} periods", len(shown)
    )
    note = f"{note} {capital(context.ids([one for pair in both for one in pair]))}."
    return [table("tests-periods", title, note, columns, rows)]


def _there(series: Sequence[Figure | None]) -> list[bool]:
    return [one is not None and one.available for one in series]
