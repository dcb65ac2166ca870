"""The changes of a team at a glance: what each should have brought and what may be concluded of it.

In come all studied changes, out comes one table; or one sentence where there is no change to look at, with what to do
about it. Changes that lie outside the days looked at are named, so that none is lost unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.change_words import effect_words, expected_words, subject_name, titled, tone_of, verdict_words
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned, prose, table
from auditkit.impact.study import Impact
from auditkit.known_changes import Change
from auditkit.labels import NOTHING, capital


def verdicts(context: Context, impacts: Sequence[Impact], beyond: Sequence[Change]) -> list[Exhibit]:
    """One row for each change."""
    if not impacts:
        return [_none(context, beyond)]
    labels = context.labels
    found = sum(one.named is not None and one.named.verdict.is_found for one in impacts)
    title = labels.say("No change shows an effect that the data bear out")
    if found:
        title = labels.say_n(
            "{found} of {count} change shows an effect that the data bear out",
            "{found} of {count} changes show an effect that the data bear out",
            len(impacts),
            found=found,
        )
    columns = [labels.say("Change"), labels.say("Measure"), labels.say("Expected"), labels.say("Effect"),
        labels.say("Verdict")]  # fmt: skip
    note = [
        labels.say(
            "An effect counts as found where its 95 % interval leaves out nought: against teams without the change, "
            "if the team's own series points the same way; without such teams in a series of a year or more. Looked "
            "at until {end}.",
            end=labels.day(context.period.each_day()[-1]),
        ),
        *_beyond(context, beyond),
    ]
    made = table("changes-verdicts", title, " ".join(note), columns, [_row(context, one) for one in impacts])
    return [replace(made, data={**made.data, "columns": aligned(columns, left=(0, 1, 2, 4))})]


def _row(context: Context, impact: Impact) -> list[Cell]:
    labels, change, study = context.labels, impact.change, impact.named
    name = (context.label(change.measure) if change.measure in context.measures else change.measure) or NOTHING
    effect, tone = NOTHING, "unsure"
    if study is not None:
        name, tone = subject_name(context, study.series), tone_of(context, study)
        effect = effect_words(context, study.series, study.verdict.effect)
    verdict = {"text": capital(verdict_words(context, impact)), "tone": tone}
    dated = f"{titled(change)} ({labels.day(change.day)})"
    return [dated, name, expected_words(context, impact), effect, verdict]


def _none(context: Context, beyond: Sequence[Change]) -> Exhibit:
    labels = context.labels
    title = labels.say("No dated change of {team} can be looked at", team=context.team)
    paragraphs = [
        labels.say(
            "A change is a row of the table changes: its day, its team, what it was, the measure that it should move "
            "and in which direction. With such rows this report says what each has brought."
        ),
        *_beyond(context, beyond),
    ]
    return prose("changes-none", title, paragraphs)


def _beyond(context: Context, beyond: Sequence[Change]) -> list[str]:
    if not beyond:
        return []
    labels = context.labels
    named = [labels.say("“{change}” of {day}", change=titled(one), day=labels.day(one.day)) for one in beyond]
    return [labels.say("Outside the time looked at: {changes}.", changes=labels.listed(named))]
