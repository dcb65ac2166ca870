"""What a report's notebook calls: one audit of one team in one period, and a method for each section.

In come plain strings (the notebook's parameters), out come sections: a few exhibits each, shown one after another.
Everything is evaluated once, when the audit is opened: all measures over thirteen periods and the same period a year
ago. A parameter that names nothing real is refused before any figure is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from auditkit.clocks.period import NEARLY_OVER, Period, last_complete_day, last_complete_month, month_of, parse_period
from auditkit.config import LANGUAGES, nearest
from auditkit.errors import DataError, Problem, UsageError
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.labels import Labels
from auditkit.notes import read_notes
from auditkit.store import Store, open_store
from auditkit.translation import N_
from auditkit.workspace import Workspace, find_workspace, open_workspace

HISTORY = 13
LATE_START = timedelta(days=7)  # a period whose data begin later than this is no whole period
REPORT_NAME = N_("Customer service report")
REVIEW_NAME = N_("Quality review")


# The sections of the team's report with the headings of its notebook: the auditor may use either name in notes/.
SECTIONS = {
    "summary": N_("Summary"),
    "scorecard": N_("Scorecard"),
    "gap to target": N_("Gap to target"),
    "benchmarks": N_("Benchmarks"),
    "since the last audit": N_("Since the last audit"),
    "patterns": N_("Patterns over time"),
    "volume": N_("Volume"),
    "backlog": N_("Backlog"),
    "channels": N_("Channels and coverage"),
    "speed": N_("Speed of the first response"),
    "resolution": N_("Resolution"),
    "mystery tests": N_("Mystery tests"),
    "public reviews": N_("Public reviews"),
    "journeys": N_("Journeys"),
    "calls": N_("Calls"),
    "voice": N_("Customers' voice"),
    "complaints": N_("Complaints and comments"),
    "quality reviews": N_("Quality reviews"),
    "review sample": N_("The tickets that were reviewed"),
    "agents reviewed": N_("Agents"),
    "coaching": N_("Coaching list"),
    "verdicts": N_("Verdicts"),
    "changes": N_("Change by change"),
    "quality and results": N_("Does quality go with results?"),
    "people": N_("People"),
    "business": N_("Business"),
    "data quality": N_("Data quality"),
    "definitions": N_("Definitions"),
    "all measures": N_("Every measure"),
    "provenance": N_("Provenance"),
    "management summary": N_("Management summary"),
    "scope and method": N_("Scope and method"),
    "teams": N_("Teams"),
    "checklist": N_("Results by step"),
    "findings": N_("Findings"),
    "action plan": N_("Action plan"),
    "evidence": N_("Appendix: evidence lists"),
    "glossary": N_("Appendix: glossary"),
    "sign-off": N_("Sign-off"),
}


@dataclass(frozen=True)
class Section:
    """The exhibits of one section, in order; in a notebook each is a display of its own."""

    exhibits: tuple[Exhibit, ...]

    def __iter__(self) -> Iterator[Exhibit]:
        return iter(self.exhibits)

    def __len__(self) -> int:
        return len(self.exhibits)

    def __getitem__(self, place: int) -> Exhibit:
        return self.exhibits[place]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for exhibit in self.exhibits:
            display(exhibit)


class Audit:
    """One team in one period, evaluated and ready to be shown; the last expression of a cell shows the cover."""

    def __init__(self, context: Context, store: Store, name: str = REPORT_NAME):
        self.context, self.store, self.name = context, store, name
        self._notes = read_notes(store.workspace, context.team, context.period.label, _headings(context.labels))
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
        from auditkit.exhibits.agents import funnel_of
        from auditkit.exhibits.coaching import scores_by_agent

        return self._section(
            N_("agents reviewed"),
            lambda context: self._or_missing(
                "reviews-agents", [*scores_by_agent(context), *funnel_of(context, "qa_critical_free_rate")]
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


def _headings(labels: Labels) -> dict[str, tuple[str, ...]]:
    """The sections with their headings, in English and in the report's language."""
    return {name: (heading, labels.tell(heading)) for name, heading in SECTIONS.items()}


def make_context(store: Store, team: str, period: Period, as_of: datetime, language: str = "en") -> Context:
    """Evaluate everything that the sections of a report need, once."""
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.evidence.rows import TeamRows
    from auditkit.exhibits.changes import headlines
    from auditkit.exhibits.figures import Results, figures_of
    from auditkit.exhibits.quality import concerning
    from auditkit.exhibits.scorecard import headline_measures
    from auditkit.known_changes import Change
    from auditkit.measures import find
    from auditkit.privacy import masker

    config, info = store.workspace.config, store.meta.teams[team]
    history, year_before = history_of(store, team, period)
    periods = periods_of(history, year_before)
    measures = {measure.id: measure for measure in find((), config.measure)}
    figures = evaluate(store, teams=[team], periods=periods, variants=True, as_of=as_of)
    varied = [name for name, measure in measures.items() if measure.variants]
    variants = figures[figures["measure"].isin(varied) & (figures["period"] == period.label)]
    rows = TeamRows(store, team, periods, as_of)
    files = rows.sources()
    notices = concerning(store.meta.notices, team, store.meta.teams, files)
    context = Context(
        client=config.audit.client,
        team=team,
        period=period,
        history=history,
        as_of=as_of,
        labels=Labels(language, info.zone),
        results=Results.from_frame(figures[figures["variant"] == "default"]),
        variants=Results.from_frame(variants),
        variant_rows=variants,
        measures=measures,
        fetch=rows.fetch,
        sample=rows.sample,
        durations=rows.durations,
        evaluate=lambda measures, asked, by: figures_of(rows.figures(measures, asked, by)),
        year_before=year_before,
        targets=config.targets,
        has_hours=info.has_hours,
        partial=is_partial(period, info.zone, as_of),
        accent=config.branding.accent,
        meta=store.meta,
        notices=notices,
        notices_elsewhere=sum(notice.severity != "low" for notice in set(store.meta.notices) - set(notices)),
        coverage=store.coverage(team),
        changes=tuple(Change(*one) for one in rows.changes()),
        agent=config.agent,
        reviewer=config.reviewer,
        mask=cache(lambda: masker(store, [team], language)),
        sources=tuple(one for one in store.meta.sources if one.name in files or not one.rows_kept),
    )
    found = headlines(context, headline_measures(context))
    return replace(context, headlines={(one.figure.measure, one.figure.statistic): one for one in found})


def is_partial(period: Period, zone: str, as_of: datetime) -> bool:
    """Whether the period is not over at as_of."""
    return _midnight(period.end, zone) - as_of > NEARLY_OVER


def loaded_store(workspace: Workspace) -> Store:
    """The store, loaded where it is not yet."""
    try:
        return open_store(workspace)
    except DataError:
        from auditkit.load import load

        return load(workspace)


def as_of_of(text: str, store: Store, team: str) -> datetime:
    """The as-of instant as written (in the team's zone where it names none); "" is the store's."""
    if not text:
        return store.meta.as_of
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        expected = "an instant such as 2026-06-01T00:00:00Z"
        raise UsageError(Problem(f"as_of {text!r}", "is not an instant", expected)) from None
    if stated.tzinfo is None:
        stated = stated.replace(tzinfo=ZoneInfo(store.meta.teams[team].zone))
    return stated.astimezone(UTC)


def settle_period(text: str, store: Store, team: str, as_of: datetime) -> Period:
    """The period as written, for one team; "" is the last month that is over at ``as_of`` and of which there are data.

    Raises UsageError, naming what the data cover, for a period in the future or without data.
    """
    zone = store.meta.teams[team].zone
    covered = store.coverage(team)
    if covered is None:
        raise UsageError(Problem(f"team {team!r}", "has no data", "", "Load a source that names it."))
    complete = last_complete_day(as_of, zone)
    last = covered.end - timedelta(days=1)
    if not text:
        return min(last_complete_month(complete), max(month_of(last), month_of(covered.start)))
    period = parse_period(text, complete)
    asked, remedy = f"period {period.label!r}", f"The data of {team} cover {covered.start} to {last}."
    if _midnight(period.start, zone) > as_of:
        finding = f"begins after the as-of instant {as_of:%Y-%m-%d %H:%M} UTC"
        raise UsageError(Problem(asked, finding, "a period that has begun", remedy))
    if period.end <= covered.start or period.start >= covered.end:
        raise UsageError(Problem(asked, f"holds no data of {team}", "", remedy))
    return period


def language_of(text: str, store: Store, team: str) -> str:
    """The language of a team's report, or of the client's where no team is named."""
    own = store.meta.teams[team].language if team else None
    wanted = text or own or store.workspace.config.audit.language
    if text and text not in LANGUAGES:
        raise UsageError(Problem(f"language {text!r}", "is not known", ", ".join(LANGUAGES), nearest(text, LANGUAGES)))
    return wanted


def history_of(store: Store, team: str, period: Period) -> tuple[tuple[Period, ...], Period | None]:
    """The last thirteen periods that the data cover whole, this one included, and the same one a year ago."""
    covered = store.coverage(team)
    before = [one for one in period.history(HISTORY)[:-1] if one.start + LATE_START >= covered.start]
    year = period.year_before()
    return (*before, period), year if year.start + LATE_START >= covered.start and year != period.previous() else None


def periods_of(history: tuple[Period, ...], year_before: Period | None) -> list[Period]:
    """Every period that a report counts, each once."""
    return list(dict.fromkeys([*history, *([year_before] if year_before else []), history[-1].previous()]))


def reads_from(store: Store, team: str, period: Period) -> date:
    """The first day of which a team's report of this period tells."""
    return min(one.start for one in periods_of(*history_of(store, team, period)))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
