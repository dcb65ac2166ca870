"""What a verdict on a change rests on, in words: each assumption with what the data say of it.

In comes a study, out comes one list. An assumption that the data can speak to is told with its figure; one that they
cannot is told as a question for the auditor.
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.change_words import effect_words, limits_words, size_words, titled
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import item, prose
from auditkit.impact.series import Study
from auditkit.impact.study import Impact


def assumptions(context: Context, impact: Impact, slug: str) -> list[Exhibit]:
    """The list; empty where nothing was estimated."""
    study = impact.named
    if study is None or study.verdict.series is None:
        return []
    lines = _of_teams(context, study) if study.verdict.teams is not None else _without_teams(context, study)
    lines += _of_series(context, study)
    title = context.labels.say("What this rests on")
    return [prose(f"{slug}-assumptions", title, [], [item(text, tone) for text, tone in lines])]


def _of_teams(context: Context, study: Study) -> list[tuple[str, str]]:
    labels, series, teams = context.labels, study.series, study.verdict.teams
    names = labels.listed(list(series.others))
    drift = limits_words(context, series, teams.drift)
    lines = [(labels.say("Without the change the team would have gone on in parallel with {teams}.", teams=names), "")]
    if teams.drift.sign:
        lines.append((labels.say(
            "It would not: before the change they moved apart, by {drift} over the time from the middle of before to "
            "the middle of after, so the comparison does not decide.", drift=effect_words(context, series, teams.drift),
        ), "bad"))  # fmt: skip
    elif teams.drift.is_known:
        lines.append((labels.say(
            "Before the change no drift apart can be told; carried on, it would lie between {drift}. A drift within "
            "these limits would not have been seen.", drift=drift,
        ), "unsure"))  # fmt: skip
    lines.append((labels.say(
        "Nothing else touched the team alone at that time, and the change did not reach the others by shared staff, "
        "rules or customers. The data cannot tell this."), "unsure"))  # fmt: skip
    if len(series.others) == 1:
        lines.append((labels.say("There is a single team to compare with: whatever happened to it alone is in the "
            "estimate."), "unsure"))  # fmt: skip
    return lines


def _without_teams(context: Context, study: Study) -> list[tuple[str, str]]:
    labels = context.labels
    lines = [(labels.say("No team can be compared, so whatever else happened at that time is in the estimate."),
        "unsure")]  # fmt: skip
    for one in study.series.left_out:
        if one.change is not None:
            lines.append((labels.say("{team} had a change of its own on {day}: “{change}”.", team=one.team,
                day=labels.day(one.change.day), change=titled(one.change)), ""))  # fmt: skip
        elif one.why == "shorter":
            lines.append((labels.say("The data of {team} do not span the time.", team=one.team), ""))
        else:
            lines.append((labels.say("{team} lacks the figure in too many periods.", team=one.team), ""))
    return lines


def _of_series(context: Context, study: Study) -> list[tuple[str, str]]:
    labels, verdict = context.labels, study.verdict
    found, sloping = verdict.series, verdict.sloping
    if found.seasonal:
        season = labels.say("In the team's own series, the trend goes on and the season is one wave a year, the same "
            "each year.")  # fmt: skip
    else:
        season = labels.say("The team's own series spans less than a year: a season would look like the change in it.")
    lines = [(season, "" if found.seasonal else "unsure")]
    if sloping is not None and sloping.slope.is_known:
        lines.append(_shape(context, study))
    lines.append((labels.say(
        "Neighbouring periods may resemble each other: their correlation is put at {correlation}, and that it is not "
        "known exactly is in the interval.",
        correlation=labels.number(verdict.teams.correlation if verdict.teams else found.correlation, 2),
    ), ""))  # fmt: skip
    lines.append((labels.say(
        "The figure means the same before and after: nobody began to record, count or close in another way on that day."
    ), "unsure"))  # fmt: skip
    return lines


def _shape(context: Context, study: Study) -> tuple[str, str]:
    """Whether the effect is a step that stays."""
    labels, series, sloping = context.labels, study.series, study.verdict.sloping
    mean = effect_words(context, series, sloping.mean)
    if sloping.slope.sign:
        return labels.say(
            "The effect is no step that stays: after the change the figure moves by {slope} per period more than "
            "before. On average over the time after, the effect in the team's own series is {mean}.",
            slope=size_words(context, series, sloping.slope.value, sloping.slope.half), mean=mean,
        ), "unsure"  # fmt: skip
    return labels.say("The effect is a step that stays; no other slope after the change can be told."), ""
