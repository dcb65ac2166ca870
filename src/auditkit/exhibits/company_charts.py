"""All teams in pictures: the same lines beside each other on one scale, and funnels in place of a league table.

In comes a company (company.py), out come a chart of small ones for each measure, and a funnel for each share. Teams
stand in the order of their names; who changed for certain is told in the title and in bold.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.company import Company
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.funnels import Kind, funnel_exhibit
from auditkit.exhibits.pieces import accent, chart, name_of, tone_of
from auditkit.exhibits.small_multiples import Panel, small_multiples
from auditkit.labels import NOTHING, Labels, is_net
from auditkit.translation import N_

MOST_PANELS = 24  # of a chart: with more, no line is seen any more
FEWEST_TEAMS = 4  # on a funnel
FEWEST_POINTS = 3  # of a line
# What is laid side by side: measure and statistic, on the business clock where every team has one.
BESIDE = (
    ("first_response_time", "median"),
    ("first_response_within", "share"),
    ("resolution_time_all", "median"),
    ("fcr", "share"),
    ("reopen_rate", "share"),
    ("service_level", "share"),
    ("csat", "share"),
    ("nps", "net"),
)


def multiples(company: Company) -> list[Exhibit]:
    """For each measure the lines of the teams on one scale, the largest teams first where there are many."""
    return [exhibit for measure, statistic in BESIDE for exhibit in _multiple(company, measure, statistic)]


def _multiple(company: Company, base: str, statistic: str) -> list[Exhibit]:
    whole, labels, measure = company.whole, company.whole.labels, company.clocked(base)
    drawn = [(team, team.series(measure, statistic)) for team in _largest(company)]
    drawn = [(team, line) for team, line in drawn if sum(_value(one) is not None for one in line) >= FEWEST_POINTS]
    drawn = sorted(drawn[:MOST_PANELS], key=lambda one: one[0].team)
    if len(drawn) < 2:
        return []
    length = max(len(line) for _, line in drawn)
    history = max((team.history for team, _ in drawn), key=len)
    figure = next(line[-1] for _, line in drawn if line[-1] is not None)
    panels = [
        Panel(team.team, [None] * (length - len(line)) + [_value(one) for one in line], team.said(line[-1]),
              _worse(team, measure, statistic))
        for team, line in drawn
    ]  # fmt: skip
    target = whole.targets.get(measure)
    bound = target.bound if target is not None and (target.statistic or figure.statistic) == figure.statistic else None
    largest = max(value for panel in panels for value in panel.values if value is not None)
    top = 1.0 if figure.unit == "share" else None
    ends = (labels.period_short(history[0]), labels.period_short(history[-1]))
    svg = small_multiples(panels, _scale(whole, figure, largest), accent(whole), ends,
        _pooled(drawn, length), bound, top)  # fmt: skip
    rows = [[team.team, team.said(line[-1]), team.interval(line[-1]), labels.count(line[-1].n) if line[-1] else NOTHING,
        team.said(team.figure(measure, team.previous, statistic), line[-1])] for team, line in drawn]  # fmt: skip
    columns = [labels.say("Team"), labels.period_short(whole.period), labels.say("95 % interval"), labels.say("n"),
        labels.period_short(whole.previous)]  # fmt: skip
    about = labels.say("{measure} of each team by period, on one scale", measure=name_of(whole, figure))
    title = _multiple_title(company, figure, [team for team, _ in drawn], measure, statistic)
    slug = f"company-{measure.replace('_', '-')}"
    return [chart(slug, title, _multiple_note(company, measure, len(drawn)), svg, columns, rows, about)]


def _value(figure: Figure | None) -> float | None:
    return None if figure is None else figure.value


def _largest(company: Company) -> list[Context]:
    """The teams, those with most tickets and calls first."""

    def size(team: Context) -> float:
        counts = [team.figure(name) for name in ("tickets_received", "calls_offered")]
        return sum(one.value or 0 for one in counts if one is not None)

    return sorted(company.teams, key=lambda team: (-size(team), team.team))


def _worse(team: Context, measure: str, statistic: str) -> bool:
    """Whether the team got worse for certain in this measure."""
    headline = team.headlines.get((measure, statistic))
    return headline is not None and any(tone_of(team, one) == "bad" for one in headline.changes)


def _pooled(drawn: Sequence[tuple[Context, Sequence[Figure | None]]], length: int) -> list[float | None]:
    """The share of all these teams together, period by period; nothing where figures do not pool."""
    pooled: list[float | None] = []
    for place in range(-length, 0):
        own = [line[place] for _, line in drawn if len(line) >= -place and _value(line[place]) is not None]
        if any(one.statistic != "share" or one.numerator is None or one.denominator is None for one in own):
            return []
        total = sum(one.denominator for one in own)
        pooled.append(sum(one.numerator for one in own) / total if total else None)
    return pooled


def _scale(context: Context, figure: Figure, largest: float) -> axes.Scale:
    if is_net(figure.unit, figure.statistic):
        return axes.Scale(0.01, label=context.labels.number)
    if figure.unit == "share":
        return axes.share_scale(context.labels)
    if figure.unit == "seconds":
        return axes.duration_scale(context.labels, largest, context.is_business(figure.measure))
    return axes.count_scale(context.labels)


def _multiple_title(company: Company, figure: Figure, teams: Sequence[Context], measure: str, statistic: str) -> str:
    labels, label = company.whole.labels, name_of(company.whole, figure)
    changes = [
        (team, tone_of(team, one))
        for team in teams
        if (headline := team.headlines.get((measure, statistic))) is not None
        for one in headline.changes
    ]
    better = sorted({team.team for team, tone in changes if tone == "good"})
    worse = sorted({team.team for team, tone in changes if tone == "bad"})
    if better and worse:
        return labels.say("{measure}: better for certain {better}; worse {worse}", measure=label,
            better=labels.listed(better), worse=labels.listed(worse))  # fmt: skip
    if better:
        return labels.say("{measure}: better for certain {better}", measure=label, better=labels.listed(better))
    if worse:
        return labels.say("{measure}: worse for certain {worse}", measure=label, worse=labels.listed(worse))
    return labels.say_n("{measure}: the {count} team did not change for certain",
        "{measure}: none of {count} teams changed for certain", len(teams), measure=label)  # fmt: skip


def _multiple_note(company: Company, measure: str, shown: int) -> str:
    labels, left = company.whole.labels, len(company.teams) - shown
    extra = labels.say("Grey: these teams together, where they add up; dashes: the target; bold: worse for certain")
    hidden = labels.say_n("{count} team without enough figures, or too small for the chart, is not drawn",
        "{count} teams without enough figures, or too small for the chart, are not drawn", left)  # fmt: skip
    return company.whole.note(measure, extra=". ".join([extra, hidden] if left else [extra]))


def funnels(company: Company) -> list[Exhibit]:
    """A funnel for each share of which enough teams have a figure."""
    exhibits = []
    for base, statistic in BESIDE:
        measure = company.clocked(base)
        found = [(team.team, team.figure(measure)) for team in company.teams]
        known = [(name, one) for name, one in found if one is not None and one.available and one.denominator]
        if statistic == "share" and len(known) >= FEWEST_TEAMS:
            known.sort(key=lambda one: (-one[1].denominator, one[0]))
            names = [name for name, _ in known]
            figures = [one for _, one in known]
            exhibits.append(funnel_exhibit(company.whole, TEAMS, measure, company.whole.period, figures, names))
    if exhibits:
        return exhibits
    labels = company.whole.labels
    why = labels.say("A funnel needs at least {fewest} teams with a figure of the same share.", fewest=FEWEST_TEAMS)
    return [company.whole.missing("company-funnels", labels.say("Too few teams to hold against chance"), why)]


def _funnel_title(labels: Labels, label: str, many: int, out: Sequence[str], wide: bool) -> str:
    if not out and wide:
        return labels.say(
            "{measure}: teams differ more than chance allows, and none stands apart from that spread", measure=label
        )
    if not out:
        return labels.say_n(
            "{measure}: the {count} team does not differ beyond chance",
            "{measure}: none of {count} teams differs from the others beyond chance",
            many,
            measure=label,
        )
    return labels.say_n(
        "{measure}: {out} of {count} team lies outside the limits of chance ({names})",
        "{measure}: {out} of {count} teams outside the limits of chance ({names})",
        many,
        measure=label,
        out=len(out),
        names=labels.listed(out),
    )


TEAMS = Kind(
    slug="company-funnel",
    heading=N_("Team"),
    size=N_("Rows counted of each team"),
    about=N_("{measure} of each team by the number of rows, with limits"),
    exact=N_("Exact binomial limits around the pooled share; teams with fewer rows lie further out by chance"),
    wide=N_("the limits are widened, because teams differ more than chance allows as a whole (Spiegelhalter 2005)"),
    caveat=N_("teams with harder matters or other targets differ for that reason too"),
    alt=N_("{about}. All together {centre}; teams from {low} to {high}. Outside the 99.8 % limits: {outside}."),
    title=_funnel_title,
)
