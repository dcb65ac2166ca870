"""What the notebook of the whole company calls: every team in one period, beside each other and on a page of its own.

In come plain strings (the notebook's parameters), out come sections, as in the room report. All headline figures of all
teams are evaluated at once, and the p values of all their changes are adjusted together: with many teams and measures
some would seem to have changed by chance alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from auditkit.clocks.period import Period
from auditkit.company_rows import CompanyRows
from auditkit.errors import Problem, UsageError
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.company import Company
from auditkit.exhibits.context import Context
from auditkit.labels import Labels
from auditkit.measures import find
from auditkit.report.asked import as_of_of, language_of, loaded_store, settle_period
from auditkit.report.history import history_of, periods_of
from auditkit.report.sections import Section
from auditkit.store import Store
from auditkit.translation import N_
from auditkit.workspace import find_workspace, open_workspace

REPORT_NAME = N_("Customer service of all teams")


class CompanyAudit:
    """All teams in one period, evaluated and ready to be shown; the last expression of a cell shows the cover."""

    def __init__(self, company: Company, store: Store):
        self.company, self.store = company, store
        self._shown: dict[str, int] = {}

    def cover(self) -> Exhibit:
        """Client, period and as-of instant."""
        whole, labels = self.company.whole, self.company.whole.labels
        title, period = labels.say(REPORT_NAME), labels.period(whole.period)
        teams = labels.say_n("{count} team", "{count} teams", len(self.company.teams))
        data = {
            "title": title,
            "client": whole.client,
            "team": whole.team,
            "period": period,
            "as_of": labels.instant(whole.as_of),
            "as_of_utc": f"{whole.as_of:%Y-%m-%dT%H:%M:%SZ}",
            "language": labels.language,
            "prepared": [[labels.say("Teams"), teams], [labels.say("Language"), labels.language_name]],
            "accent": whole.accent,
            "alt": labels.say("{report}: {team}, {period}", report=title, team=whole.team, period=period),
        }
        return Exhibit("cover", "cover", data)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.cover()._repr_mimebundle_(include, exclude)

    def summary(self) -> Section:
        """Who changed for certain."""
        from auditkit.exhibits.company import summary

        return self._section(N_("summary"), summary)

    def together(self) -> Section:
        """One table of all teams."""
        from auditkit.exhibits.company import together

        return self._section(N_("together"), together)

    def multiples(self) -> Section:
        """The lines of all teams, one small chart each, on one scale."""
        from auditkit.exhibits.company_charts import multiples

        return self._section(N_("side by side"), multiples)

    def funnels(self) -> Section:
        """Teams on funnels, in place of a league table."""
        from auditkit.exhibits.company_charts import funnels

        return self._section(N_("funnels"), funnels)

    def teams(self) -> Section:
        """A page for each team."""
        from auditkit.exhibits.company import pages

        return self._section(N_("teams"), pages)

    def provenance(self) -> Section:
        """Sources, hashes and versions."""
        from auditkit.exhibits.provenance import provenance

        generation = self.store.generation
        return self._section(N_("provenance"), lambda company: provenance(company.whole, generation))

    def close(self) -> Exhibit:
        """The closing exhibit: the proof that the notebook ran to its end."""
        from auditkit.exhibits.provenance import closing

        return closing(self.company.whole, list(self._shown), sum(self._shown.values()))

    def _section(self, name: str, make: Callable[[Company], list[Exhibit]]) -> Section:
        exhibits = tuple(make(self.company))
        self._shown[name] = len(exhibits)
        return Section(exhibits)


def open(  # noqa: A001  (notebooks read company.open)
    workspace: str = "", teams: str = "", period: str = "", as_of: str = "", language: str = ""
) -> CompanyAudit:
    """Open all teams of a client; every parameter is a string, and "" means its default.

    ``teams`` is a JSON list of names (default: all). The others are those of ``report.open``; the default period is
    the last complete month of the team whose data reach furthest. Teams without data in the period are left out.
    Raises UsageError where a name is not there or no team has data.
    """
    store = loaded_store(open_workspace(workspace or find_workspace()))
    there, chosen, known = teams_in(store, teams, period, as_of)
    return CompanyAudit(make_company(store, there, chosen, known, language_of(language, store, "")), store)


def teams_in(store: Store, teams: str, period: str, as_of: str) -> tuple[list[str], Period, datetime]:
    """The teams that have data in the period, the period, and the as-of instant, of parameters as written.

    Raises UsageError where a name is not there or no team has data.
    """
    names = store.find_teams(_names(teams))
    known = as_of_of(as_of, store, names[0])
    settled, problems = _settle(store, names, period, known)
    if not settled:
        raise UsageError(*dict.fromkeys(problems))
    chosen = max(settled.values(), key=lambda one: one.start)
    return [name for name, one in settled.items() if one.label == chosen.label], chosen, known


def make_company(store: Store, teams: list[str], period: Period, as_of: datetime, language: str = "en") -> Company:
    """Evaluate the headline figures of all teams, once, and adjust their changes together."""
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.exhibits.figures import Results

    config = store.workspace.config
    measures = {measure.id: measure for measure in find((), config.measure)}
    spans = {team: history_of(store, team, period) for team in teams}
    periods = list(dict.fromkeys(one for span in spans.values() for one in periods_of(*span)))
    figures = evaluate(store, asked(store), teams, periods, as_of=as_of)
    rows = CompanyRows(store, teams, periods, as_of)
    of_team = dict(tuple(figures.groupby("team", sort=False)))
    contexts = [
        _context(store, team, spans[team], as_of, Results.from_frame(of_team[team]), rows, measures, language)
        for team in teams
    ]
    labels = Labels(language, config.audit.timezone)
    longest = max((span for span, _ in spans.values()), key=len)
    whole = Context(
        client=config.audit.client, team=config.audit.client, period=period, history=longest, as_of=as_of,
        labels=labels, results=Results(()), measures=measures, fetch=lambda table: None, targets=config.targets,
        accent=config.branding.accent, meta=store.meta, sources=tuple(store.meta.sources),
    )  # fmt: skip
    return Company(whole, adjusted_together(contexts))


def asked(store: Store) -> list[str]:
    """The measures that a report of all teams tells: headlines on both clocks, those with a target, the user's own."""
    from auditkit.exhibits.scorecard import HEADLINES, ON_A_CLOCK

    config = store.workspace.config
    names = [name for name, _ in HEADLINES] + [f"{name}_business" for name in ON_A_CLOCK]
    return list(dict.fromkeys([*names, *config.targets, *config.measure]))


def _context(
    store: Store, team: str, span, as_of: datetime, results, rows: CompanyRows, measures, language: str
) -> Context:
    from auditkit.exhibits.changes import headlines
    from auditkit.exhibits.scorecard import headline_measures
    from auditkit.report.history import is_partial

    config, info, (history, year_before) = store.workspace.config, store.meta.teams[team], span
    context = Context(
        client=config.audit.client, team=team, period=history[-1], history=history, as_of=as_of,
        labels=Labels(language, info.zone), results=results, measures=measures, fetch=lambda table: None,
        sample=lambda measure, period: rows.sample(team, measure, period),
        durations=lambda measure, period: rows.durations(team, measure, period),
        year_before=year_before, targets=config.targets, has_hours=info.has_hours,
        partial=is_partial(history[-1], info.zone, as_of), accent=config.branding.accent, meta=store.meta,
    )  # fmt: skip
    found = headlines(context, headline_measures(context))
    return replace(context, headlines={(one.figure.measure, one.figure.statistic): one for one in found})


def adjusted_together(contexts: list[Context]) -> tuple[Context, ...]:
    """The teams with their p values adjusted for all comparisons of all of them (Holm 1979)."""
    from auditkit.stats import holm

    raw = [one.p for team in contexts for headline in team.headlines.values() for one in headline.comparisons]
    adjusted = iter(holm([math.nan if p is None else p for p in raw]))

    def again(headline):
        compared = tuple(replace(one, adjusted=_number(next(adjusted))) for one in headline.comparisons)
        return replace(headline, comparisons=compared)

    return tuple(
        replace(team, headlines={key: again(headline) for key, headline in team.headlines.items()}) for team in contexts
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _settle(store: Store, names: list[str], period: str, as_of: datetime) -> tuple[dict[str, Period], list[Problem]]:
    """The period of each team that has data in it; by default the same month for all, the last one that any has."""
    settled: dict[str, Period] = {}
    problems: list[Problem] = []
    for name in names:
        try:
            settled[name] = settle_period(period, store, name, as_of)
        except UsageError as error:
            problems += error.problems
    if period or not settled:
        return settled, problems
    latest = max(settled.values(), key=lambda one: one.start).label
    return _settle(store, names, latest, as_of)


def _names(text: str) -> list[str]:
    """The teams of a JSON list; none for an empty text."""
    if not text:
        return []
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise UsageError(Problem(f"teams {text!r}", "is not a list of names", 'a JSON list such as ["Oslo", "London"]'))
    return names
