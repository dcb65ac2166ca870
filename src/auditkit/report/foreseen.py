"""What the sections of team reports will ask of the rows, asked for a few teams together before any report does.

A question about so few rows costs its planning, however many teams it is about. In come teams that are asked the same,
with their figures, and the sections of their reports; out go the answers of each team by question, as answers.py takes
them. What is not foreseen here is asked by the report itself: that costs time, and changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditkit.answers import Question
from auditkit.clocks.period import Period
from auditkit.definition import Measure, Quantity, Survival
from auditkit.evaluation.at_hand import about_rows
from auditkit.evaluation.evaluate import evaluate, question_of
from auditkit.evidence.reconcile import reconcile, reconcile_question
from auditkit.evidence.rows import changes_question, frame_question, sample_question, sources_question
from auditkit.evidence.rows_by_team import changes_of, frames_of, samples_of, sources_of
from auditkit.exhibits import agents, channels, coverage, journeys, mystery, quality_reviews, reasons, resolution, voice
from auditkit.exhibits.context import SELDOM, Context
from auditkit.exhibits.figures import Results
from auditkit.exhibits.scorecard import headline_measures
from auditkit.labels import Labels
from auditkit.measures import find
from auditkit.privacy import CUSTOMERS, names_of, names_question
from auditkit.report.history import Told
from auditkit.staffing import required_agents, staffing_question
from auditkit.store import Store

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 400_000  # of a few teams: handing more over takes longer than asking for them
Answers = dict[Question, Any]
Part = tuple[str, Question, Any]  # the answer of a team
Asked = Callable[[Context], tuple[str, ...]]
When = Callable[[Context], Iterable[tuple[Period, ...]]]


@dataclass(frozen=True)
class _Foreseen:
    """Figures that a section asks for: which measures, by which group, of which periods (one question each)."""

    sections: tuple[str, ...]
    measures: Asked
    by: str | None
    when: When


def _now(context: Context) -> Iterable[tuple[Period, ...]]:
    return ((context.period,),)


def _over_all(context: Context) -> Iterable[tuple[Period, ...]]:
    return ((context.whole,),)


def _now_or_over_all(context: Context) -> Iterable[tuple[Period, ...]]:
    """Of a period that holds too little the whole history is told."""
    return dict.fromkeys([*_now(context), *_over_all(context)])


def _each(context: Context) -> Iterable[tuple[Period, ...]]:
    return (context.history,)


def _these(*measures: str) -> Asked:
    return lambda context: measures


_SELDOM_TOLD = ("volume", "channels", "mystery_tests", "resolution", "voice", "quality_reviews", "people", "business")
_FIGURES = (
    _Foreseen(_SELDOM_TOLD, _these(*SELDOM), None, _over_all),
    _Foreseen(("volume",), _these(*reasons.ASKED), "reason", _now_or_over_all),
    _Foreseen(("channels",), channels.asked, "channel", _now),
    _Foreseen(("channels",), _these(coverage.MATCHED), "language", _now),
    _Foreseen(("channels", "mystery_tests"), _these(*mystery.FIGURES), "opening", _over_all),
    _Foreseen(("resolution",), _these(resolution.TYPES[0]), resolution.TYPES[1], _now),
    _Foreseen(("journeys",), _these(*journeys.BY_CHANNEL), "channel", _now),
    _Foreseen(("voice",), _these(voice.TOUCHPOINTS[0]), voice.TOUCHPOINTS[1], _now_or_over_all),
    _Foreseen(("voice",), _these(voice.QUESTIONS[0]), voice.QUESTIONS[1], _over_all),
    _Foreseen(("voice", "complaints"), _these("complaint_rate"), "reason", _each),
    _Foreseen(("quality_reviews",), _these(quality_reviews.CRITERIA[0]), quality_reviews.CRITERIA[1], _now_or_over_all),
    _Foreseen(("quality_reviews",), _these(quality_reviews.AGREEMENT[0]), quality_reviews.AGREEMENT[1], _over_all),
    _Foreseen(("people",), agents.asked, "agent", _now_or_over_all),
    _Foreseen(("agents_reviewed",), agents.asked_of_reviews, "agent", _now_or_over_all),
)
_TEXTS_SHOWN = ("voice", "public_reviews", "complaints")
_FRAMES = {
    "tickets": ("volume", "channels", "resolution", "mystery_tests"),
    "mystery_tests": ("channels", "mystery_tests"),
    "calls": ("channels", "mystery_tests"),
    "journeys": ("journeys",),
    "surveys": ("voice", "public_reviews"),
    "review_criteria": ("quality_reviews", "agents_reviewed", "coaching"),
    "scored_reviews": ("agents_reviewed", "review_sample"),
}


def foreseen(
    store: Store, teams: Sequence[str], told: Told, figures: pd.DataFrame, sections: Collection[str]
) -> dict[str, Answers]:
    """The answers of each team; ``figures`` are those of all teams and periods, ``sections`` the methods of Audit that
    the notebook calls."""
    answers: dict[str, Answers] = {team: {} for team in teams}
    contexts = {team: _context(store, team, told, figures) for team in teams}
    for parts in (
        _sources_and_changes(store, teams, told),
        _figures(store, contexts, told, sections),
        _samples(store, contexts, told),
        _frames(store, teams, told, sections),
        _names(store, teams, sections),
        _of_one_team_each(store, contexts, told, sections),
    ):
        for team, question, answer in parts:
            answers[team][question] = answer
    return answers


def _context(store: Store, team: str, told: Told, figures: pd.DataFrame) -> Context:
    """As much of a report's context as tells what it will ask."""
    config, info = store.workspace.config, store.meta.teams[team]
    own = (figures["team"] == team) & (figures["period"] == told.period.label) & (figures["variant"] == "default")
    return Context(
        client="",
        team=team,
        period=told.period,
        history=told.history,
        as_of=told.as_of,
        labels=Labels("en", info.zone),
        results=Results.from_frame(figures[own]),
        measures={measure.id: measure for measure in find((), config.measure)},
        fetch=lambda table: None,
        year_before=told.year_before,
        targets=config.targets,
        has_hours=info.has_hours,
    )


def _sources_and_changes(store: Store, teams: Sequence[str], told: Told) -> Iterator[Part]:
    with store.connect() as con:
        for team, names in sources_of(store, con, teams).items():
            yield team, sources_question(team), names
            yield team, changes_question(team, told.as_of), changes_of(store, con, team, told.as_of)


def _figures(store: Store, contexts: Mapping[str, Context], told: Told, sections: Collection[str]) -> Iterator[Part]:
    """Each question once, for all teams that will ask it: which measures they are may depend on a team's clock."""
    asking: dict[tuple, list[str]] = defaultdict(list)
    for one in _FIGURES:
        if any(name in sections for name in one.sections):
            for team, context in contexts.items():
                for periods in one.when(context):
                    asking[one.measures(context), periods, one.by].append(team)
    for (measures, periods, by), teams in asking.items():
        found = evaluate(store, measures, teams, periods, by, as_of=told.as_of)
        for team in teams:
            own = found[found["team"] == team].reset_index(drop=True)
            yield team, question_of(store, measures, (team,), periods, by, as_of=told.as_of), own


def _samples(store: Store, contexts: Mapping[str, Context], told: Told) -> Iterator[Part]:
    """The values behind the headlines, which are compared with those of earlier periods."""
    periods = told.periods
    asking: dict[str, tuple[Measure, list[str]]] = {}
    for team, context in contexts.items():
        for name in dict.fromkeys(name for name, _ in headline_measures(context)):
            if isinstance(context.measures[name], Quantity | Survival):
                asking.setdefault(name, (context.measures[name], []))[1].append(team)
    for name, (measure, teams) in asking.items():
        for team, sample in samples_of(store, teams, periods, told.as_of, measure).items():
            yield team, sample_question(team, periods, told.as_of, name), sample


def _frames(store: Store, teams: Sequence[str], told: Told, sections: Collection[str]) -> Iterator[Part]:
    for table, told_by in _FRAMES.items():
        if table in store.meta.tables and any(name in sections for name in told_by) and _is_small(store, teams, table):
            for team, frame in frames_of(store, teams, told.periods, told.as_of, table).items():
                yield team, frame_question(team, told.as_of, table), frame


def _names(store: Store, teams: Sequence[str], sections: Collection[str]) -> Iterator[Part]:
    """The names that are masked in the texts of strangers."""
    if any(name in sections for name in _TEXTS_SHOWN) and _is_small(store, teams, *CUSTOMERS):
        for team, names in names_of(store, teams).items():
            yield team, names_question((team,)), names


def _is_small(store: Store, teams: Sequence[str], *tables: str) -> bool:
    return about_rows(store, teams, [one for one in tables if one in store.meta.tables]) <= MOST_ROWS


def _of_one_team_each(
    store: Store, contexts: Mapping[str, Context], told: Told, sections: Collection[str]
) -> Iterator[Part]:
    """What is asked of each team on its own, over one connection for all."""
    for team, context in contexts.items():
        offered = context.figure("calls_offered")
        if "calls" in sections and offered is not None and offered.value:
            yield (
                team,
                staffing_question(team, context.period, told.as_of),
                required_agents(store, team, context.period, as_of=told.as_of),
            )
        if "data_quality" in sections:
            yield (
                team,
                reconcile_question(team, context.period, told.as_of),
                reconcile(store, team, context.period, as_of=told.as_of),
            )
