"""The engine: any set of measures, for any teams, periods and groups, as one long table of figures.

Measures that share a table and a date rule are counted in one query; values are fetched only where an interval needs
them sorted. Why a figure does not exist is said in words beside its empty value. The same engine serves the store, a
pandas frame, the command line and the reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from auditkit.answers import Question, answer
from auditkit.clocks.period import Period
from auditkit.config import Target
from auditkit.definition import Measure
from auditkit.evaluation.at_hand import rows_of
from auditkit.evaluation.query import Scope, for_targets, needed
from auditkit.evaluation.telling import Columns, Evaluation
from auditkit.evaluation.verdicts import gates_of, judge
from auditkit.facts.readings import reading_at
from auditkit.measures import find
from auditkit.privacy import hide_small_groups
from auditkit.store import Store, TeamInfo, microseconds_of

COLUMNS = (
    "measure", "statistic", "variant", "team", "period", "by", "group", "unit", "value", "numerator", "denominator",
    "n", "low", "high", "method", "completeness", "available", "reason", "target", "verdict", "verdict_reason",
)  # fmt: skip
VERDICTS = ("target", "verdict", "verdict_reason")
TEXT = ("measure", "statistic", "variant", "team", "period", "by", "group", "unit", "method", "reason")


def evaluate(
    store: Store,
    measures: Iterable[str | Measure] = (),
    teams: Iterable[str] = (),
    periods: Iterable[Period] = (),
    by: str | None = None,
    variants: bool = False,
    as_of: datetime | None = None,
    targets: Mapping[str, Target] | None = None,
) -> pd.DataFrame:
    """One row per measure, statistic, variant, team, period and group.

    Durations are in seconds, shares 0..1, net scores -1..1. A figure that does not exist has NaN, ``available`` False
    and a ``reason``. No periods means the whole span of the data; no teams means all; ``targets`` default to those of
    audit.toml.
    """
    measures, teams, periods = tuple(measures), tuple(teams), tuple(periods)
    if targets is not None or not all(isinstance(one, str) for one in measures):
        return _evaluated(store, measures, teams, periods, by, variants, as_of, targets)
    question = question_of(store, measures, teams, periods, by, variants, as_of)
    return answer(store, question, lambda: _evaluated(store, measures, teams, periods, by, variants, as_of))


def question_of(
    store: Store,
    measures: tuple = (),
    teams: tuple[str, ...] = (),
    periods: tuple[Period, ...] = (),
    by: str | None = None,
    variants: bool = False,
    as_of: datetime | None = None,
) -> Question:
    """What ``evaluate`` is asked with the targets of audit.toml, as answers are known by."""
    return "figures", measures, teams, periods, by, variants, as_of or store.meta.as_of


def _evaluated(
    store: Store,
    measures: tuple[str | Measure, ...],
    teams: tuple[str, ...],
    periods: tuple[Period, ...],
    by: str | None,
    variants: bool,
    as_of: datetime | None,
    targets: Mapping[str, Target] | None = None,
) -> pd.DataFrame:
    config = store.workspace.config
    targets = config.targets if targets is None else targets
    found = find(measures, config.measure)
    names = store.find_teams(teams)
    scope = scope_of(store, names, list(periods), by, as_of)
    asked = [one for measure in found for one in (measure, *(measure.variants.values() if variants else ()))]
    gates = gates_of(found, targets)
    tasks = [for_targets(one, targets) for one in (*asked, *gates)]
    with rows_of(store, scope, needed((one.of for one in tasks), scope)) as (connect, held):
        told = Evaluation(connect, store.meta, held, targets).rows(tasks)
    results = _long([columns for one in told[: len(asked)] for columns in one])
    rates = _long([columns for one in told[len(asked) :] for columns in one]) if gates else None
    results = hide_small_groups(results, {measure.id: measure.of for measure in found})
    results = judge(results, targets, {measure.id: measure for measure in found}, rates)
    return results[list(COLUMNS)]


def whole_span(store: Store, as_of: datetime | None = None) -> Period:
    """The days that the data cover, up to the day of as_of in the zones of all teams."""
    from auditkit.clocks.period import span

    covered = store.coverage()
    known = as_of or store.meta.as_of
    if covered is None:
        return span(known.date(), known.date() + timedelta(days=1))
    return span(
        covered.start, max(min(covered.end, known.date() + timedelta(days=2)), covered.start + timedelta(days=1))
    )


def scope_of(store: Store, names: list[str], periods: list[Period], by: str | None, as_of: datetime | None) -> Scope:
    known = as_of or store.meta.as_of
    infos = [store.meta.teams[name] for name in names]
    return Scope(
        teams=tuple(names),
        zones=tuple(info.zone for info in infos),
        open_at_as_of=tuple(
            info.open_at_as_of if known == store.meta.as_of else _open_at(store, info, known) for info in infos
        ),
        periods=tuple(dict.fromkeys(periods or [whole_span(store, as_of)])),
        as_of=known,
        masked=known < store.meta.newest,
        by=by,
        whole=not periods,
    )


def _open_at(store: Store, info: TeamInfo, as_of: datetime) -> float | None:
    """The reading of the team's clock at an as_of that is not the store's own."""
    return reading_at(store.workspace.config, info.name, info.first_us, info.last_us, microseconds_of(as_of))


def _long(parts: list[Columns]) -> pd.DataFrame:
    """One frame of all rows; text stays Python text, with None where there is none."""
    names = [name for name in COLUMNS if name not in VERDICTS]
    columns = {name: np.concatenate([part[name] for part in parts]) if parts else np.array([]) for name in names}
    typed = {name: pd.Series(values, dtype=object) if name in TEXT else values for name, values in columns.items()}
    return pd.DataFrame(typed, columns=names)
