"""All teams together: who changed for certain, one table of all in the order of their names, and a page for each.

In come the contexts of the teams, whose p values were adjusted together; out come tables. Nobody is ranked: of many
teams somebody is always last. The charts are in company_charts.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST, THRESHOLD, Comparison
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import Cell, aligned, item, name_of, probability, prose, table, tone_of
from auditkit.exhibits.scorecard import ON_A_CLOCK, TONES, scorecard
from auditkit.labels import NOTHING
from auditkit.translation import N_

MOST_ROWS = 60  # of the table of changes
# What stands in the table of all teams.
TOGETHER = ("tickets_received", "first_response_time", "first_response_within", "fcr", "service_level", "csat", "nps")
_READS = {"good": N_("better"), "bad": N_("worse"), "neutral": N_("changed")}


@dataclass(frozen=True)
class Company:
    """The client as a whole (``whole``: its words, period and measures) and the context of each team, by name."""

    whole: Context
    teams: tuple[Context, ...]

    def clocked(self, measure: str) -> str:
        """The business twin where every team's business hours are known, so that teams are told on one clock."""
        one_clock = all(team.has_hours for team in self.teams)
        return f"{measure}_business" if measure in ON_A_CLOCK and one_clock else measure


def summary(company: Company) -> list[Exhibit]:
    """Who changed for certain against the period before and the same period a year ago."""
    whole, labels = company.whole, company.whole.labels
    certain = [
        (team, headline.figure, one)
        for team in company.teams
        for headline in team.headlines.values()
        for one in headline.changes
    ]
    tests = sum(
        one.p is not None
        for team in company.teams
        for headline in team.headlines.values()
        for one in headline.comparisons
    )
    how = labels.say_n(
        "A change is certain when chance alone would hardly make it: adjusted p below {threshold} over the {count} "
        "comparison of all teams and measures together (Holm 1979), on at least {fewest} rows on either side.",
        "A change is certain when chance alone would hardly make it: adjusted p below {threshold} over all {count} "
        "comparisons of all teams and measures together (Holm 1979), on at least {fewest} rows on either side.",
        tests,
        threshold=labels.number(THRESHOLD, 2),
        fewest=FEWEST,
    )
    if not certain:
        return [prose("company-changes", labels.say("No team changed for certain {when}",
            when=labels.within(whole.period)), [how])]  # fmt: skip
    certain.sort(key=lambda one: (_order(tone_of(one[0], one[2])), one[0].team, one[2].adjusted))
    rows = [_change(*one) for one in certain[:MOST_ROWS]]
    columns = [labels.say("Team"), labels.say("Measure"), labels.period_short(whole.period), labels.say("Before"),
        labels.say("Adjusted p"), labels.say("Reads as")]  # fmt: skip
    left = len(certain) - len(rows)
    total = labels.say_n(
        "{count} certain change more is not shown.", "{count} certain changes more are not shown.", left
    )
    made = table("company-changes", _title(company, certain), how, columns, rows, total if left else "")
    return [Exhibit(made.id, "table", dict(made.data) | {"columns": aligned(columns, left=(0, 1, 5))})]


def _order(tone: str) -> int:
    return ("good", "bad", "neutral").index(tone)


def _title(company: Company, certain: Sequence[tuple[Context, Figure, Comparison]]) -> str:
    labels = company.whole.labels
    better, worse = (
        sorted({team.team for team, _, one in certain if tone_of(team, one) == tone}) for tone in ("good", "bad")
    )
    return labels.say_n(
        "Of {count} team, {better} improved for certain in at least one measure and {worse} got worse in one",
        "Of {count} teams, {better} improved for certain in at least one measure and {worse} got worse in one",
        len(company.teams),
        better=len(better),
        worse=len(worse),
    )


def _change(team: Context, figure: Figure, one: Comparison) -> list[Cell]:
    labels, tone = team.labels, tone_of(team, one)
    then = labels.say("{value} ({period})", value=team.said(one.then, figure), period=labels.period(one.against))
    read: Cell = {"text": labels.tell(_READS[tone]), "tone": tone}
    return [team.team, name_of(team, figure), team.said(figure), then, probability(labels, one.adjusted), read]


def together(company: Company) -> list[Exhibit]:
    """One table of all teams in the order of their names, verdicts as words."""
    whole, labels = company.whole, company.whole.labels
    measures = [company.clocked(name) for name in TOGETHER]
    shown = [name for name in measures if any(team.has(name) for team in company.teams)]
    if not shown:
        title = labels.say("No figures {when}", when=labels.within(whole.period))
        return [whole.missing("company-together", title, company.teams[0].why_not(measures[0]))]
    rows: list[list[Cell]] = [[team.team, *(_cell(team, name) for name in shown)] for team in company.teams]
    columns = [labels.say("Team"), *(_heading(whole, name) for name in shown)]
    judged = [one for team in company.teams for one in team.results.for_period(whole.period.label) if one.verdict]
    met = sum(one.verdict == "meets" for one in judged)
    title = labels.say_n("{count} team side by side", "{count} teams side by side", len(company.teams))
    if judged:
        title = labels.say_n("Of {count} target of all teams, {met} are met for certain",
            "Of {count} targets of all teams, {met} are met for certain", len(judged), met=met)  # fmt: skip
    extra = labels.say("In the order of their names; who differs from the others beyond chance, the funnels say")
    return [table("company-together", title, whole.note(*shown, extra=extra), columns, rows)]


def _heading(context: Context, measure: str) -> str:
    declared = context.measures[measure]
    return name_of(context, Figure(measure, declared.statistics[0], "default", context.period.label, declared.unit))


def _cell(team: Context, measure: str) -> Cell:
    figure = team.figure(measure)
    if figure is None or not figure.available:
        return NOTHING
    return {"text": team.said(figure), "tone": TONES[figure.verdict]} if figure.verdict else team.said(figure)


def pages(company: Company) -> list[Exhibit]:
    """Where each team stands in one sentence, then the scorecard of each on a page of its own."""
    labels = company.whole.labels
    made = []
    for number, team in enumerate(company.teams, 1):
        for exhibit in scorecard(team):
            title = labels.say("{team}: {message}", team=team.team, message=str(exhibit.data["title"]))
            made.append(Exhibit(f"team-{number}", exhibit.kind, {**exhibit.data, "title": title, "own_page": True}))
    heading = labels.say_n(
        "Where the {count} team stands", "Where each of the {count} teams stands", len(company.teams)
    )
    return [prose("company-pages", heading, [], [item(str(one.data["title"])) for one in made]), *made]
