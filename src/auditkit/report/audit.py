"""One audit of one team in one period, and a method for each section.

In come plain strings (the notebook's parameters), out come sections: a few exhibits each, shown one after another.
Everything is evaluated once, when the audit is opened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.notes import read_notes
from auditkit.report.asked import as_of_of, language_of, loaded_store, settle_period
from auditkit.report.evaluated import make_context
from auditkit.report.sections import Section, headings
from auditkit.store import Store
from auditkit.translation import N_
from auditkit.workspace import find_workspace, open_workspace

REPORT_NAME = N_("Customer service report")
REVIEW_NAME = N_("Quality review")


class Audit:
    """One team in one period, evaluated and ready to be shown; the last expression of a cell shows the cover."""

    def __init__(self, context: Context, store: Store, name: str = REPORT_NAME):
        self.context, self.store, self.name = context, store, name
        self._notes = read_notes(store.workspace, context.team, context.period.label, headings(context.labels))
        self._shown: dict[str, int] = {}

    def cover(self) -> Exhibit:
        """Client, team, period and as-of instant."""
        context, labels = self.context, self.context.labels
        title, period = labels.tell(self.name), labels.period(context.period)
        logo = self.store.workspace.logo
        prepared = [[labels.say("Data"), labels.period(context.coverage)]] if context.coverage else []
        data = {
            "title": title,
            "client": context.client,
            "team": context.team,
            "period": period,
            "as_of": labels.instant(context.as_of),
            "language": labels.language,
            "prepared": [*prepared, [labels.say("Language"), labels.language_name]],
            "accent": context.accent,
            "paper": self.store.workspace.config.branding.paper,
            "logo": logo.as_json() if logo else None,
            "alt": labels.say("{report}: {team}, {period}", report=title, team=context.team, period=period),
        }
        return self._made_for(Exhibit("cover", "cover", data))

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return self.cover()._repr_mimebundle_(include, exclude)

    def summary(self) -> Section:
        """Warnings, what changed and how sure that is, where the targets stand."""
        from auditkit.exhibits.summary import summary

        return self._section(N_("summary"), summary)

    def scorecard(self) -> Section:
        """Every headline figure with interval, target, earlier periods and history."""
        from auditkit.exhibits.scorecard import scorecard

        return self._section(N_("scorecard"), lambda context: [*scorecard(context), *self._held_against(context)])

    def gap_to_target(self) -> Section:
        """How far each figure is from its target, and whether the trend gets there by the day that is wanted."""
        from auditkit.exhibits.gap_to_target import gap_to_target

        return self._section(N_("gap to target"), gap_to_target)

    def benchmarks(self) -> Section:
        """Our figures beside benchmarks and competitors, compared only where they count alike."""
        from auditkit.exhibits.benchmarks import benchmarks, no_benchmarks

        entries = self.store.workspace.config.benchmark
        return self._section(N_("benchmarks"), lambda context: benchmarks(context, entries) or [no_benchmarks(context)])

    def patterns(self) -> Section:
        """Charts of the measures that signal, with their limits, and what dated changes have brought."""
        from auditkit.exhibits.patterns import patterns

        return self._section(N_("patterns"), patterns)

    def volume(self) -> Section:
        """Tickets received and resolved, and when they came."""
        from auditkit.exhibits.volume import volume

        return self._section(N_("volume"), volume)

    def channels(self) -> Section:
        """Channels side by side, who is served after hours and in which language, and what mystery tests found."""
        from auditkit.exhibits.channels import channels
        from auditkit.exhibits.mystery import mystery_tests

        return self._section(N_("channels"), lambda context: [*channels(context), *mystery_tests(context)])

    def backlog(self) -> Section:
        """Open tickets and their age."""
        from auditkit.exhibits.volume import backlog

        return self._section(N_("backlog"), backlog)

    def speed(self) -> Section:
        """First response: trend, distribution, share within target, both clocks."""
        from auditkit.exhibits.speed import speed

        return self._section(N_("speed"), speed)

    def resolution(self) -> Section:
        """The curve of resolution, reopening, first contact resolution and its variants."""
        from auditkit.exhibits.resolution import resolution

        return self._section(N_("resolution"), resolution)

    def journeys(self) -> Section:
        """Contacts per journey, lead time, changes of channel, where journeys begin."""
        from auditkit.exhibits.journeys import journeys

        return self._section(N_("journeys"), journeys)

    def calls(self) -> Section:
        """Calls offered, answered and settled; service level and waits; the agents that the hours of the week need."""
        from auditkit.exhibits.calls import calls

        return self._section(N_("calls"), lambda context: [*calls(context), *self._staffing(context)])

    def voice(self) -> Section:
        """Satisfaction, effort, NPS and response rate; complaints that recur; what strangers read in public reviews."""
        from auditkit.comments.gathered import themes_of
        from auditkit.exhibits.complaint_themes import complaint_themes
        from auditkit.exhibits.public_reviews import public_reviews
        from auditkit.exhibits.voice import voice

        def made(context: Context) -> list[Exhibit]:
            themes = themes_of(self.store, self._teams, context.history, context.as_of)
            recurring = [one for one in complaint_themes(context, themes) if one.kind == "chart"]
            return [*voice(context), *recurring, *public_reviews(context)]

        return self._section(N_("voice"), made)

    def mystery_tests(self) -> Section:
        """Test calls and messages against the reported times, by hour of the week and by period, and their log."""
        from auditkit.exhibits.mystery import mystery_tests

        def made(context: Context) -> list[Exhibit]:
            title = context.labels.say("No mystery tests on record")
            why = context.why_not("mystery_tests_made")
            return mystery_tests(context) or [context.missing("tests", title, why)]

        return self._section(N_("mystery tests"), made)

    def public_reviews(self) -> Section:
        """Public reviews by site and by period, and the low ones without a reply."""
        from auditkit.exhibits.public_reviews import public_reviews

        def made(context: Context) -> list[Exhibit]:
            title = context.labels.say("No public reviews on record")
            return public_reviews(context) or [
                context.missing("reviews-public", title, context.why_not("review_score"))
            ]

        return self._section(N_("public reviews"), made)

    def complaints(self) -> Section:
        """Complaints to read, what recurs, keywords in context and how often they are right."""
        from auditkit.comments.gathered import gather
        from auditkit.exhibits.comments import complaints_to_read, keyword_counts, keywords_in_context
        from auditkit.exhibits.complaint_themes import complaint_themes

        def made(context: Context) -> list[Exhibit]:
            teams, language = self._teams, context.labels.language
            found = gather(self.store, teams, context.period, context.history, context.as_of, language)
            return [*complaint_themes(context, found.themes), *complaints_to_read(context, found),
                *keyword_counts(context, found), *keywords_in_context(context, found)]  # fmt: skip

        return self._section(N_("complaints"), made)

    def quality_reviews(self) -> Section:
        """Scores, criteria, coverage, and whether reviewers agree."""
        from auditkit.exhibits.quality_reviews import quality_reviews

        return self._section(N_("quality reviews"), quality_reviews)

    def review_sample(self) -> Section:
        """How the reviewed tickets were chosen, and how far they speak for all."""
        from auditkit.exhibits.review_sample import review_sample
        from auditkit.scorecards.drawn import samples_of

        found = samples_of(self.store.workspace, self.context.team)
        return self._section(N_("review sample"), lambda context: review_sample(context, found))

    def agents_reviewed(self) -> Section:
        """Scores by agent, and a funnel of the reviews without a critical failure."""
        from auditkit.exhibits.agents import REVIEWED, funnel_of
        from auditkit.exhibits.coaching import scores_by_agent

        return self._section(
            N_("agents reviewed"),
            lambda context: self._or_missing(
                "reviews-agents", [*scores_by_agent(context), *funnel_of(context, REVIEWED)]
            ),
        )

    def coaching(self) -> Section:
        """In which criteria agents score clearly lower, and what costs each most points."""
        from auditkit.exhibits.coaching import coaching

        return self._section(N_("coaching"), lambda context: self._or_missing("reviews-coaching", coaching(context)))

    def quality_and_results(self) -> Section:
        """Whether better reviewed tickets were settled at the first contact."""
        from auditkit.evidence.rows_behind import evidence
        from auditkit.exhibits.quality_predicts import quality_and_resolution

        def made(context: Context) -> list[Exhibit]:
            counted = evidence(self.store, "fcr", context.team, context.whole, as_of=context.as_of)
            return self._or_missing("reviews-resolution", quality_and_resolution(context, counted))

        return self._section(N_("quality and results"), made)

    @property
    def _teams(self) -> list[str]:
        """The teams that the report is of."""
        return [self.context.team]

    def _or_missing(self, slug: str, exhibits: list[Exhibit]) -> list[Exhibit]:
        """The exhibits, or one sentence where the reviews are too few for any."""
        if exhibits:
            return exhibits
        return [self.context.missing(slug, self.context.labels.say("The reviews are too few to tell"))]

    def people(self) -> Section:
        """Training, turnover, languages."""
        from auditkit.exhibits.people import people

        return self._section(N_("people"), people)

    def business(self) -> Section:
        """Offers, customers who stayed, customers who bought again."""
        from auditkit.exhibits.business import business

        return self._section(N_("business"), business)

    def data_quality(self) -> Section:
        """Rows by source, notices, completeness, and where a source's own figures differ."""
        from auditkit.exhibits.quality import data_quality

        return self._section(
            N_("data quality"), lambda context: [*data_quality(context), *self._reconciliation(context)]
        )

    def definitions(self) -> Section:
        """What each figure means, by what rule it was counted, and what other definitions would have made of it."""
        from auditkit.evidence.sensitivity import sensitivity
        from auditkit.exhibits.definition_spread import definition_spread
        from auditkit.exhibits.definitions import definitions

        found = sensitivity(self.context.variant_rows, self.context.measures)
        return self._section(
            N_("definitions"), lambda context: [*definition_spread(context, found), *definitions(context)]
        )

    def all_measures(self) -> Section:
        """Every measure of the catalogue with its figure, or why there is none."""
        from auditkit.exhibits.all_measures import all_measures

        return self._section(N_("all measures"), all_measures)

    def provenance(self) -> Section:
        """Sources, hashes and versions."""
        from auditkit.exhibits.provenance import provenance

        return self._section(N_("provenance"), lambda context: provenance(context, self.store.generation))

    def close(self) -> Exhibit:
        """The closing exhibit: the proof that the notebook ran to its end."""
        from auditkit.exhibits.provenance import closing

        return self._made_for(closing(self.context, list(self._shown), sum(self._shown.values())))

    def _staffing(self, context: Context) -> list[Exhibit]:
        """Required agents against those on duty, of a team that takes calls."""
        from auditkit.exhibits.staffing import staffing
        from auditkit.staffing import required_agents

        offered = context.figure("calls_offered")
        if offered is None or not offered.value:
            return []
        return staffing(context, required_agents(self.store, context.team, context.period, as_of=context.as_of))

    def _reconciliation(self, context: Context) -> list[Exhibit]:
        """The source's own figures against ours."""
        from auditkit.evidence.reconcile import reconcile
        from auditkit.exhibits.reconciliation import reconciliation

        return reconciliation(context, reconcile(self.store, context.team, context.period, as_of=context.as_of))

    def _held_against(self, context: Context) -> list[Exhibit]:
        """Gaps to targets that are wanted by a day, and benchmarks: where audit.toml names such."""
        from auditkit.exhibits.benchmarks import benchmarks
        from auditkit.exhibits.gap_to_target import gap_to_target, has_days

        gaps = gap_to_target(context) if has_days(context) else []
        return [*gaps, *benchmarks(context, self.store.workspace.config.benchmark)]

    def _words_on(self, section: str) -> list[Exhibit]:
        """The auditor's own words on a section, before its figures; nothing where nothing was written."""
        if section not in self._notes:
            return []
        title = self.context.labels.say("The auditor's words")
        return [
            Exhibit(f"notes-{section.replace(' ', '-')}", "notes", {"title": title, "markdown": self._notes[section]})
        ]

    def _section(self, name: str, make: Callable[[Context], list[Exhibit]]) -> Section:
        exhibits = (*self._words_on(name), *make(self.context))
        self._shown[name] = len(exhibits)
        return Section(tuple(map(self._made_for, exhibits)))

    def _made_for(self, exhibit: Exhibit) -> Exhibit:
        """The exhibit with the names of what its figures are of; a run compares them with what was asked for."""
        names = {"team": self.context.team, "period": self.context.period.label}
        return replace(exhibit, data={**exhibit.data, "made_for": names})


def open(  # noqa: A001  (notebooks read report.open)
    workspace: str = "", team: str = "", period: str = "", as_of: str = "", language: str = "", name: str = REPORT_NAME
) -> Audit:
    """Open an audit; every parameter is a string, and "" means its default. ``name`` stands on the cover.

    ``workspace``: a folder (default: the nearest one). ``team``: default the first. ``period``: as periods are written
    (default: the last complete month). ``as_of``: an instant in ISO form (default: the store's). ``language``: default
    the team's or the audit's. Raises UsageError for a team, period, instant or language that is not there.
    """
    store = loaded_store(open_workspace(workspace or find_workspace()))
    chosen_team = team or store.find_teams()[0]
    store.find_teams([chosen_team])
    known = as_of_of(as_of, store, chosen_team)
    chosen = settle_period(period, store, chosen_team, known)
    wanted = language_of(language, store, chosen_team)
    return Audit(make_context(store, chosen_team, chosen, known, wanted), store, name)
