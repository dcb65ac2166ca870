"""Every estimate of a change's effect beside each other, and what the same reckoning says where nothing changed.

In comes a study, out come tables: which estimate decides, how much hangs on each team, and how well the way of
reckoning keeps quiet about teams that did not change.
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.change_words import (
    limits_words,
    size_words,
)
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, table
from auditkit.impact.series import Study
from auditkit.labels import NOTHING
from auditkit.stats.correlated import Estimate


def estimates(context: Context, study: Study, slug: str) -> Exhibit:
    """Every way of reckoning beside each other."""
    labels, series, verdict = context.labels, study.series, study.verdict
    rows: list[list[Cell]] = []

    def add(words: str, found: Estimate | None, read: str = "") -> None:
        if found is not None and found.is_known:
            told = read or _read(context, found)
            rows.append([words, size_words(context, series, found.value, found.half),
                limits_words(context, series, found), told])  # fmt: skip

    found, teams = verdict.series, verdict.teams
    if teams is not None:
        decides = labels.say("decides") if verdict.basis == "teams" else ""
        add(labels.say("Difference in differences: the team against the mean of the others"), teams.effect, decides)
        for team, one in zip(series.others, teams.left_out, strict=False):
            add(labels.say("the same without {team}", team=team), one)
        add(labels.say("Drift of the difference before the change, carried on"), teams.drift)
    if found is not None:
        decides = labels.say("decides") if verdict.basis == "series" and verdict.kind != "unclear" else ""
        add(labels.say("Interrupted series: the step at the change"), found.level, decides)
    if verdict.sloping is not None:
        add(labels.say("the same with another slope after it, on average"), verdict.sloping.mean)
        add(labels.say("change of that slope, per period"), verdict.sloping.slope)
    if study.expected.size is not None:
        rows.append([labels.say("Expected"), size_words(context, series, study.expected.size), NOTHING, NOTHING])
    columns = [labels.say("Reckoning"), labels.say("Effect"), labels.say("95 % interval"), labels.say("Reads as")]
    note = labels.say(
        "Intervals allow for periods that resemble their neighbours and rest on unequal counts: Student's t averaged "
        "over how strong both may be (Zellner & Tiao 1964; Harville 1974). Their cover was measured on simulated "
        "changes."
    )
    return table(f"{slug}-estimates", labels.say("Every estimate beside each other"), note, columns, rows)


def placebos(context: Context, study: Study, slug: str) -> list[Exhibit]:
    """What the same reckoning says of teams in which nothing changed."""
    labels, series, teams = context.labels, study.series, study.verdict.teams
    if teams is None or not teams.placebos:
        return []
    rows = [[team, size_words(context, series, one.value, one.half), limits_words(context, series, one),
        {"text": _read(context, one), "tone": "unsure" if one.sign else "neutral"}]
        for team, one in zip(series.others, teams.placebos, strict=True)]  # fmt: skip
    seen = [team for team, one in zip(series.others, teams.placebos, strict=True) if one.sign]
    title = labels.say("Where nothing changed, the same reckoning finds nothing")
    if seen:
        title = labels.say("The same reckoning finds a difference also where nothing changed: {teams}",
            teams=labels.listed(seen))  # fmt: skip
    note = labels.say(
        "Each team without the change against the rest of them, as if it had changed on that day. Intervals are "
        "widened for looking at all of them at once (Bonferroni)."
    )
    columns = [labels.say("Team"), labels.say("Effect"), labels.say("95 % interval"), labels.say("Reads as")]
    return [table(f"{slug}-placebos", title, note, columns, rows)]


def _read(context: Context, found: Estimate) -> str:
    say = context.labels.say
    return say("up") if found.sign > 0 else say("down") if found.sign < 0 else say("no clear difference")
