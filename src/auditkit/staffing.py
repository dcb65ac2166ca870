"""Staffing: how many agents each hour of the week needs by Erlang C, and how many were on duty.

In come a store, a team and a period; out comes a frame with a row per local hour of the week that had calls: calls,
handling time, load, agents required and on duty, and the service level that Erlang C expects with them beside the one
that was measured. What it assumes (``ASSUMPTIONS``) belongs beside every figure. ``what_if`` reckons the same hours
again with other agents, handling times or volumes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from auditkit.answers import Question, answer
from auditkit.clocks.period import Period, parse_period, span
from auditkit.clocks.week_hours import (
    DEFAULT_AT_LEAST,
    HOURS_PER_WEEK,
    LOAD,
    agent_hours,
    hour_of_week,
    hours_lasted,
    weekly_load,
)  # fmt: skip
from auditkit.clocks.zones import local_day, midnight_us
from auditkit.config import Target
from auditkit.definition import Measure
from auditkit.errors import Problem, UsageError
from auditkit.evaluation.evaluate import scope_of
from auditkit.evaluation.query import Scope, base, prepare, with_parameters
from auditkit.labels import said, said_n, shown
from auditkit.measures import find
from auditkit.stats import erlang_required_agents
from auditkit.stats import what_if as queue
from auditkit.stats.erlang import ASSUMPTIONS
from auditkit.store import Store, microseconds_of
from auditkit.translation import Said

__all__ = [
    "ASSUMPTIONS",
    "SHORT_BY",
    "Overall",
    "Staffing",
    "overall",
    "required_agents",
    "staffing_question",
    "what_if",
]

DUTY = ("agents_on_duty", "gap", "expected_service_level", "expected_asa_seconds")
MEASURED = ("measured_service_level", "measured_n")
COLUMNS = (*LOAD, *DUTY, *MEASURED)
SHORT_BY = 0.5  # agents fewer than required from which an hour is called short: less is no agent
ROUNDED = 6  # decimals of a mean of agents, so that 14 are not 13.999...
LATE = timedelta(days=7)  # data that begin later, or end earlier, than this do not cover the period


@dataclass(frozen=True, eq=False)
class Staffing:
    """The hours of the week of one team in one period.

    ``hours``: a row per local hour of the week with calls, by weekday (1 is Monday) and hour: ``hours`` that it lasted
    in the period, ``calls`` offered (inbound, those that hung up too), ``calls_per_hour`` with its 95 % limits,
    ``handled`` (answered calls with a handling time), ``aht_seconds`` and whether it is that of all hours
    (``aht_pooled``), ``load_erlangs``, ``required_agents`` with those at the limits, ``agents_on_duty`` on average,
    ``gap`` (on duty less required), ``expected_service_level`` (0..1) and ``expected_asa_seconds`` (infinite where the
    queue only grows) with the agents on duty, a part of an agent left out, and the ``measured_service_level`` of
    ``measured_n`` calls. ``within_seconds`` and ``at_least`` are the target, ``reasons`` say what is missing or left
    out, one sentence each.
    """

    team: str
    period: Period
    within_seconds: float
    at_least: float
    hours: pd.DataFrame
    reasons: tuple[str, ...] = ()
    assumptions: str = ASSUMPTIONS

    @property
    def knows_duty(self) -> bool:
        """Whether it is known who was on duty."""
        return bool(self.hours["agents_on_duty"].notna().any())


@dataclass(frozen=True)
class Overall:
    """A week in one line: agent-hours on duty and required in the hours with calls, how many hours are short, how many
    have agents for no more than their load, and the expected service level of all calls (None where unknown)."""

    on_duty_hours: float | None
    required_hours: float
    hours: int
    short_hours: int | None
    overloaded_hours: int | None
    service_level: float | None


def required_agents(store: Store, team: str, period: Period | str, *, as_of: datetime | None = None) -> Staffing:
    """Agents required and on duty in each hour of the week, for the target of service_level (by default 80 % in 20 s).

    Days of the period that the data do not cover (later than as_of, or more than a week before the first or after the
    last call or shift) are left out of the means and told in ``reasons``. Raises UsageError for an unknown team.
    """
    store.find_teams([team])
    period = parse_period(period) if isinstance(period, str) else period
    known = as_of or store.meta.as_of
    return answer(store, staffing_question(team, period, known), lambda: _staffing(store, team, period, known))


def staffing_question(team: str, period: Period, as_of: datetime) -> Question:
    """What ``required_agents`` is asked, as answers are known by."""
    return "staffing", team, period, as_of


def _staffing(store: Store, team: str, period: Period, known: datetime) -> Staffing:
    measure, target = find(["service_level"])[0], store.workspace.config.targets.get("service_level", Target())
    within, at_least = _target(measure, target)
    reasons: list[Said] = []
    if not 0 < at_least < 1:
        goal = shown("percent", at_least)
        reasons.append(
            said("the target for service_level is {share}: no number of agents reaches it for certain", share=goal)
        )
    elif "calls" not in store.meta.tables:
        reasons.append(said("no source has calls"))
    if reasons:
        return Staffing(team, period, within, at_least, _nothing(), tuple(reasons))
    scope = scope_of(store, [team], [period], None, known)
    with store.connect() as con:
        prepare(con, scope)
        load = _load(con, store, team, period, scope, with_parameters(measure, within), (within, at_least), reasons)
        duty = _duty(con, store, team, period, known, reasons) if len(load) else None
    hours = _beside(load, duty, within)
    return Staffing(team, period, within, at_least, hours[list(COLUMNS)], tuple(reasons))


def what_if(
    store: Store, team: str, period: Period | str, *, agents: int | None = None, aht_factor: float = 1.0,
    volume_factor: float = 1.0, as_of: datetime | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The hours of ``required_agents`` with ``agents`` more (or fewer) on duty, and other handling times and volumes.

    What was measured is left out: it belongs to what was. None leaves the agents as they are.
    """
    return vary(required_agents(store, team, period, as_of=as_of), agents, aht_factor, volume_factor)


def vary(
    found: Staffing, agents: int | None = None, aht_factor: float = 1.0, volume_factor: float = 1.0
) -> pd.DataFrame:
    """``what_if`` of a staffing that is at hand. Raises UsageError for a factor that is not above 0."""
    for name, factor in (("aht_factor", aht_factor), ("volume_factor", volume_factor)):
        if not factor > 0 or not np.isfinite(factor):
            raise UsageError(Problem(f"{name} {factor!r}", "is not a factor", "a number above 0, 1.1 for a tenth more"))
    hours = found.hours.drop(columns=list(MEASURED))
    for name in ("calls_per_hour", "calls_low", "calls_high"):
        hours[name] = hours[name] * volume_factor
    hours["aht_seconds"] = hours["aht_seconds"] * aht_factor
    hours["load_erlangs"] = hours["calls_per_hour"] * hours["aht_seconds"] / 3600
    needs = {"required_agents": "calls_per_hour", "required_low": "calls_low", "required_high": "calls_high"}
    for name, rate in needs.items():
        numbers = (hours[rate].to_numpy(float), hours["aht_seconds"].to_numpy(float))
        hours[name] = erlang_required_agents(*numbers, found.at_least, found.within_seconds)
    return _with_duty(hours, (hours["agents_on_duty"] + (agents or 0)).clip(lower=0), found.within_seconds)


def overall(hours: pd.DataFrame) -> Overall:
    """The frame of ``required_agents`` or ``what_if`` in one line; the service level is weighted by calls."""
    needed = float(hours["required_agents"].sum())
    if hours["agents_on_duty"].isna().any() or hours.empty:
        return Overall(None, needed, len(hours), None, None, None)
    level = float(np.average(hours["expected_service_level"], weights=hours["calls"]))
    overloaded = int(np.isinf(hours["expected_asa_seconds"]).sum())
    short = int((hours["gap"] <= -SHORT_BY).sum())
    return Overall(float(hours["agents_on_duty"].sum()), needed, len(hours), short, overloaded, level)


def _target(measure: Measure, target: Target) -> tuple[float, float]:
    """Seconds and share of the target for service_level; calls have no priorities, so limits by priority are none."""
    within = target.within if isinstance(target.within, int | float) else measure.parameters["within"]
    return float(within), DEFAULT_AT_LEAST if target.at_least is None else float(target.bound)


def _load(
    con: duckdb.DuckDBPyConnection, store: Store, team: str, period: Period, scope: Scope, measure: Measure,
    target: tuple[float, float], reasons: list[Said],
) -> pd.DataFrame:  # fmt: skip
    """The load of each hour with calls, and its measured service level."""
    info = store.meta.tables["calls"]
    first, last = info.first_day.get(team), info.last_day.get(team)
    if first is None or last is None:
        reasons.append(said("the sources hold calls, but none of {team}", team=team))
        return _nothing()
    zone = store.meta.teams[team].zone
    days = _covered(period, (first, last + timedelta(days=1)), _some_calls, team, reasons)
    found = _by_hour(con.sql(_sql(measure, base("calls", scope))).to_arrow_table().to_pandas())
    if days is None or not found["calls"].sum():
        reasons.append(said("there are no calls of {team} in {period}", team=team, period=period))
        return _nothing()
    bounds = midnight_us(days.start, zone), min(midnight_us(days.end, zone), microseconds_of(scope.as_of))
    if bounds[1] < midnight_us(days.end, zone):
        reasons.append(
            said("{period} is not over at the as-of instant: the hours until then are counted", period=period)
        )
    columns = (found[name].to_numpy(float) for name in ("handled", "handle_seconds"))
    load = weekly_load(found["calls"].to_numpy(), hours_lasted(*bounds, zone), *columns, *target)
    if load.empty:
        unsaid = said(
            "no answered call of {team} in {period} says how long it took (talk_seconds)", team=team, period=period
        )
        reasons.append(unsaid)
    places = hour_of_week(load["weekday"], load["hour"]).astype(int)
    level = found["met"] / found["measured_n"].where(found["measured_n"] > 0)
    measured = {"measured_service_level": level, "measured_n": found["measured_n"]}
    return load.assign(**{name: one.to_numpy()[places] for name, one in measured.items()})


def _sql(measure: Measure, rows: str) -> str:
    """Calls by hour of the week, with the measure's own rule for the service level."""
    counted = f"({measure.counted}) AND ({measure.complete})"
    handled = "answered AND handle_seconds IS NOT NULL"
    return f"""SELECT offered_weekday AS weekday, offered_hour AS hour, count(*) AS calls,
        count(*) FILTER ({handled}) AS handled, coalesce(sum(handle_seconds) FILTER ({handled}), 0) AS handle_seconds,
        count(*) FILTER ({counted}) AS measured_n, count(*) FILTER ({counted} AND ({measure.met})) AS met
        FROM {rows} WHERE offered_on IN (SELECT day FROM audit_days) GROUP BY ALL"""


def _by_hour(counts: pd.DataFrame) -> pd.DataFrame:
    """A row for each hour of the week, 0 where nothing was counted."""
    places = hour_of_week(counts["weekday"].astype(int), counts["hour"].astype(int))
    counts = counts.set_index(places).drop(columns=["weekday", "hour"])
    return counts.reindex(range(HOURS_PER_WEEK), fill_value=0)


def _duty(
    con: duckdb.DuckDBPyConnection, store: Store, team: str, period: Period, as_of: datetime, reasons: list[Said]
) -> np.ndarray | None:
    """Agents on duty on average in each hour of the week; None, with its reason, where no shift says."""
    if "staffing" not in store.meta.tables:
        reasons.append(said("no source has shifts (staffing): who was on duty is not known"))
        return None
    sql = """SELECT epoch_us(starts_at) AS start, epoch_us(ends_at) AS stop, agents_on_duty AS agents
        FROM staffing WHERE team = ? ORDER BY source, source_row"""
    shifts = con.sql(sql, params=[team]).to_arrow_table().to_pandas()
    sound = shifts[(shifts["stop"] > shifts["start"]) & shifts["agents"].notna()]
    if len(sound) < len(shifts):
        reasons.append(
            said_n(
                "{count} shift is left out: it has no end after its start, or no agents",
                "{count} shifts are left out: they have no end after their start, or no agents",
                len(shifts) - len(sound),
            )
        )
    zone = store.meta.teams[team].zone
    days = None
    if len(sound):
        ends = (_day(sound["start"].min(), zone), _day(sound["stop"].max() - 1, zone) + timedelta(days=1))
        days = _covered(period, ends, _some_shifts, team, reasons)
    if days is None:
        reasons.append(
            said("there are no shifts of {team} in {period}: who was on duty is not known", team=team, period=period)
        )
        return None
    bounds = midnight_us(days.start, zone), min(midnight_us(days.end, zone), microseconds_of(as_of))
    lasted = hours_lasted(*bounds, zone)
    starts, stops, agents = (sound[name].to_numpy(kind) for name, kind in _SHIFT.items())
    mean = agent_hours(starts, stops, agents, *bounds, zone) / np.where(lasted > 0, lasted, np.nan)
    return np.round(mean, ROUNDED)


_SHIFT = {"start": np.int64, "stop": np.int64, "agents": float}


def _some_calls(**values: Any) -> Said:
    return said("the calls of {team} cover only {first} to {last} of {period}", **values)


def _some_shifts(**values: Any) -> Said:
    return said("the shifts of {team} cover only {first} to {last} of {period}", **values)


def _covered(
    period: Period, ends: tuple[date, date], words: Callable[..., Said], team: str, reasons: list[Said]
) -> Period | None:
    """The days of the period that data from ``ends[0]`` up to ``ends[1]`` cover; None for none."""
    first = ends[0] if ends[0] - period.start > LATE else period.start
    beyond = ends[1] if period.end - ends[1] > LATE else period.end
    if first >= beyond or ends[0] >= period.end or ends[1] <= period.start:
        return None
    days = span(first, beyond)
    if (first, beyond) != (period.start, period.end):
        reasons.append(words(team=team, first=first, last=beyond - timedelta(days=1), period=period))
    return days


def _day(instant_us: int, zone: str) -> date:
    return date(1970, 1, 1) + timedelta(days=int(local_day(np.array([instant_us], dtype=np.int64), zone)[0]))


def _beside(load: pd.DataFrame, duty: np.ndarray | None, within: float) -> pd.DataFrame:
    """The load with the agents on duty and what they give."""
    places = hour_of_week(load["weekday"], load["hour"]).astype(int)
    agents = np.full(len(load), np.nan) if duty is None else duty[places]
    return _with_duty(load, pd.Series(agents, index=load.index), within)


def _with_duty(hours: pd.DataFrame, agents: pd.Series, within: float) -> pd.DataFrame:
    given = queue(*(hours[name].to_numpy(float) for name in ("calls_per_hour", "aht_seconds")), agents, within)
    columns = (agents, agents - hours["required_agents"], given.service_level, given.asa_seconds)
    return hours.assign(**dict(zip(DUTY, columns, strict=True)))


def _nothing() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS), dtype=float)
