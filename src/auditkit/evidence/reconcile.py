"""Reconciliation: where a source has its own figure per ticket, how it differs from the recomputed one, and why.

In comes a store, out come frames: how many tickets differ for which reason, and the worst of them as evidence. The
recomputation is that of the measures themselves (their expressions, over the rows that query.py lays out), so that a
difference is the source's and not a second definition's. The reasons are found in differences.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from auditkit.answers import Question, answer
from auditkit.clocks.period import Period
from auditkit.config import Target
from auditkit.definition import Measure, Share
from auditkit.evaluation.evaluate import scope_of
from auditkit.evaluation.query import base, prepare, with_parameters
from auditkit.evidence.differences import AGREES, EXPLANATIONS, IMPOSSIBLE, ZONE, Comparison, Explained, Shift, explain
from auditkit.facts.readings import team_clock
from auditkit.labels import said
from auditkit.measures import CATALOGUE
from auditkit.relations import day_of
from auditkit.store import Store
from auditkit.translation import Said

if TYPE_CHECKING:
    from auditkit.clocks.hours import Clock


WORST_TOLD = 10  # tickets


@dataclass(frozen=True)
class Subject:
    """A column in which a source says its own figure, and the measures that recompute it, by clock.

    ``stem`` names the facts (``{stem}_seconds``), ``end`` the instant at which the clock stops, ``first_end`` the one
    at which it would stop if a reopening did not count.
    """

    column: str
    calendar: str
    business: str
    stem: str
    end: str
    first_end: str | None = None

    @property
    def clocks(self) -> dict[str, Measure]:
        """The measure on each clock."""
        return {"calendar": CATALOGUE[self.calendar], "business": CATALOGUE[self.business]}


SUBJECTS = (
    Subject(
        "sla_first_response_met",
        "first_response_within", "first_response_within_business", "response", "first_response_at",
    ),
    Subject(
        "sla_resolution_met",
        "resolved_within", "resolved_within_business", "resolution", "resolved_at", "first_resolved_at",
    ),
    Subject(
        "recorded_first_response_seconds",
        "first_response_time", "first_response_time_business", "response", "first_response_at",
    ),
    Subject(
        "recorded_resolution_seconds",
        "resolution_time", "resolution_time_business", "resolution", "resolved_at", "first_resolved_at",
    ),
)  # fmt: skip
BY_EXPLANATION = ["column", "clock", "team", "explanation", "tickets", "share", "fits", "offset_seconds", "words"]
WORST = [
    "column", "clock", "team", "explanation", "ticket_id", "created_at", "ended_at", "recorded", "recomputed",
    "seconds", "limit_seconds", "difference_seconds", "source", "source_row",
]  # fmt: skip


@dataclass(frozen=True)
class Reconciliation:
    """What the sources say against what was recomputed.

    ``by_explanation``: per column, clock and team, the ``tickets`` of each explanation, their ``share`` of the tickets
    compared, how well the explanation ``fits`` all of them (0..1), the ``offset_seconds`` of a time zone, and the
    explanation in ``words``. ``worst``: the tickets that differ most, per column, clock and explanation; durations in
    seconds, ``difference_seconds`` is the distance from the recorded figure, or of a verdict from its limit.
    ``reasons``: what could not be recomputed, and why, one sentence each.
    """

    by_explanation: pd.DataFrame
    worst: pd.DataFrame
    reasons: tuple[str, ...]


def reconcile(
    store: Store,
    team: str | None = None,
    period: Period | None = None,
    *,
    as_of: datetime | None = None,
    worst: int = WORST_TOLD,
) -> Reconciliation:
    """Compare every column of SUBJECTS that a source fills with its recomputation, for one team or all.

    The tickets are those of the measures: their population, and the period by their date rule. A verdict is recomputed
    on each clock for which audit.toml sets a limit (the other clock has its own limit, or the same); a duration on the
    calendar. Raises UsageError for an unknown team.
    """
    question = reconcile_question(team, period, as_of or store.meta.as_of, worst)
    return answer(store, question, lambda: _reconciled(store, team, period, as_of, worst))


def reconcile_question(team: str | None, period: Period | None, as_of: datetime, worst: int = WORST_TOLD) -> Question:
    """What ``reconcile`` is asked, as answers are known by."""
    return "reconcile", team, period, as_of, worst


def _reconciled(
    store: Store, team: str | None, period: Period | None, as_of: datetime | None, worst: int
) -> Reconciliation:
    names = store.find_teams([team] if team else [])
    scope = scope_of(store, names, [period] if period else [], None, as_of)
    info = store.meta.tables.get("tickets")
    subjects = [one for one in SUBJECTS if info and one.column in info.present]
    counts, rows, reasons = [], [], [] if subjects else [said("no source has a figure of its own for its tickets")]
    with store.connect() as con:
        prepare(con, scope)
        for subject in subjects:
            limits = _limits(store, subject)
            clocks, why = _clocks(store, subject, limits)
            reasons += why
            for clock in clocks:
                found = con.sql(_sql(subject, clock, limits, base("tickets", scope))).to_arrow_table().to_pandas()
                for name, own in found.groupby("team"):
                    team_rows, counted = _team(store, str(name), subject, clock, own.reset_index(drop=True))
                    rows.append(team_rows)
                    counts.append(counted)
                    reasons += _no_hours(store, str(name), subject, clock)
    told = tuple(dict.fromkeys(reasons))
    return Reconciliation(_stack(counts, BY_EXPLANATION), _worst(_stack(rows, WORST), worst), told)


def _limits(store: Store, subject: Subject) -> dict[str, object]:
    """The limit that audit.toml sets on each clock, in seconds or by priority."""
    targets = store.workspace.config.targets
    found = {clock: targets.get(one.id, Target()).within for clock, one in subject.clocks.items()}
    return {clock: within for clock, within in found.items() if within is not None}


def _clocks(store: Store, subject: Subject, limits: dict[str, object]) -> tuple[tuple[str, ...], list[Said]]:
    """The clocks on which the column can be recomputed, and why none can, or why an explanation cannot be tried."""
    present = store.meta.tables["tickets"].present
    measure, names = CATALOGUE[subject.calendar], {"figure": subject.column}
    missing = [name for name in measure.needs if name not in present]
    if missing:
        absent = ", ".join(missing)
        return (), [said("{figure} cannot be recomputed: no source has the column {column}", column=absent, **names)]
    if isinstance(measure, Share) and not limits:
        names |= {"calendar": subject.calendar, "business": subject.business}
        return (), [
            said("{figure} cannot be recomputed: audit.toml sets no limit for {calendar} or {business}", **names)
        ]
    untried = subject.first_end is not None and subject.first_end not in present
    names |= {"column": subject.first_end or ""}
    why = said("a reopening cannot explain {figure}: no source has the column {column}", **names)
    return tuple(limits) if isinstance(measure, Share) else ("calendar",), [why] if untried else []


def _no_hours(store: Store, team: str, subject: Subject, clock: str) -> list[Said]:
    if store.meta.teams[team].has_hours:
        return []
    names = {"figure": subject.column, "team": team}
    if clock == "business":
        return [said("{figure} cannot be recomputed: the business hours of {team} are not in audit.toml", **names)]
    return [said("a schedule cannot explain {figure}: the business hours of {team} are not in audit.toml", **names)]


def _sql(subject: Subject, clock: str, limits: dict[str, object], rows: str) -> str:
    """The tickets of a column: what the source says, what the measure says, and what that rests on."""
    other = "business" if clock == "calendar" else "calendar"
    measure = with_parameters(subject.clocks[clock], limits.get(clock))
    answer = measure.met if isinstance(measure, Share) else measure.value
    still_open = f"CASE WHEN {subject.end} IS NULL THEN CAST('inf' AS DOUBLE) ELSE"
    numbers = {
        "created_us": "epoch_us(created_at)",
        "end_us": f"epoch_us({subject.end})",
        "first_us": f"epoch_us(coalesce({subject.first_end or 'NULL'}, {subject.end}))",
        "recorded": subject.column,
        "recomputed": f"CASE WHEN ({measure.counted}) AND ({measure.complete}) THEN CAST({answer} AS DOUBLE) END",
        "seconds": f"{still_open} {_seconds(subject, clock)} END",
        "other_seconds": f"{still_open} {_seconds(subject, other)} END",
        "limit_seconds": _limit(subject, clock, limits.get(clock)),
        "other_limit": _limit(subject, other, limits.get(other, limits.get(clock))),
        "so_far": "business_seconds_to_as_of" if clock == "business" else "seconds_to_as_of",
    }
    columns = ", ".join(f"CAST({sql} AS DOUBLE) AS {name}" for name, sql in numbers.items())
    day = day_of(measure.dated_by)
    return f"""SELECT team, ticket_id, created_at, {subject.end} AS ended_at, source, source_row, {columns} FROM {rows}
        WHERE {subject.column} IS NOT NULL AND {day} IN (SELECT day FROM audit_days)
        ORDER BY team, source, source_row"""


def _seconds(subject: Subject, clock: str) -> str:
    return f"{subject.stem}_business_seconds" if clock == "business" else f"{subject.stem}_seconds"


def _limit(subject: Subject, clock: str, within: object) -> str:
    """SQL of the limit in seconds, by the same words as in the measure."""
    measure = subject.clocks[clock]
    return with_parameters(replace(measure, met="{within}"), within).met if isinstance(measure, Share) else "NULL"


def _team(
    store: Store, team: str, subject: Subject, clock: str, rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one team with their explanation, and how many there are of each."""
    verdicts = isinstance(subject.clocks[clock], Share)
    info = store.meta.teams[team]
    hours = team_clock(store.workspace.config, team, info.first_us, info.last_us) if info.has_hours else None
    explained = explain(_comparison(rows, verdicts, hours if clock == "business" else None))
    elapsed = rows["seconds"].where(~np.isinf(rows["seconds"]), rows["so_far"])
    against = rows["limit_seconds"] if verdicts else rows["recorded"]
    told = rows.assign(column=subject.column, clock=clock, explanation=explained.words)
    told = told.assign(seconds=elapsed, difference_seconds=(elapsed - against).abs())
    return told, _counts(subject, clock, team, explained)


def _comparison(rows: pd.DataFrame, verdicts: bool, clock: Clock | None) -> Comparison:
    """The arrays that explanations are found from; ``clock`` is the business clock where that is the one compared."""
    own = {name: rows[name].to_numpy(dtype=float) for name in rows.select_dtypes("float")}
    start, end = own["created_us"], own["end_us"]
    still_open = np.isnan(end)

    def moved(start_by: int, end_by: int) -> np.ndarray:
        return np.where(still_open, np.inf, _between(clock, start + start_by * 1e6, end + end_by * 1e6))

    shifts: tuple[Shift, ...] = (lambda offset: moved(0, offset),)
    if clock is not None:  # moving both instants changes no calendar time, but what of it is open
        shifts = (*shifts, lambda offset: moved(offset, offset))
    return Comparison(
        verdicts, own["recorded"], own["recomputed"], own["seconds"], own["limit_seconds"], own["other_seconds"],
        own["other_limit"], _between(clock, start, own["first_us"]), shifts,
    )  # fmt: skip


def _between(clock: Clock | None, start_us: np.ndarray, end_us: np.ndarray) -> np.ndarray:
    """Seconds between two instants, on the calendar without a clock; NaN where one is missing."""
    if clock is None:
        return (end_us - start_us) / 1e6
    known = ~np.isnan(start_us) & ~np.isnan(end_us)
    ends = [np.clip(one[known], clock.first_us, clock.last_us).astype(np.int64) for one in (start_us, end_us)]
    out = np.full(len(known), np.nan)
    out[known] = clock.between(*ends) / 1e6
    return out


def _counts(subject: Subject, clock: str, team: str, explained: Explained) -> pd.DataFrame:
    compared = max(int((explained.words != IMPOSSIBLE).sum()), 1)
    sizes = {name: int((explained.words == name).sum()) for name in EXPLANATIONS}
    rows = [
        {
            "column": subject.column, "clock": clock, "team": team, "explanation": name, "tickets": size,
            "share": np.nan if name == IMPOSSIBLE else size / compared, "fits": explained.fits.get(name, np.nan),
            "offset_seconds": explained.offset if name == ZONE else None, "words": EXPLANATIONS[name],
        }
        for name, size in sizes.items()
        if size
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=BY_EXPLANATION)


def _stack(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def _worst(rows: pd.DataFrame, worst: int) -> pd.DataFrame:
    """The tickets that differ, the largest difference first, at most ``worst`` per column, clock and explanation."""
    order = {name: number for number, name in enumerate(reversed(EXPLANATIONS))}
    differing = rows[~rows["explanation"].isin([AGREES, IMPOSSIBLE])]
    differing = differing.assign(place=differing["explanation"].map(order)).sort_values(
        ["column", "clock", "place", "difference_seconds", "source", "source_row"],
        ascending=[True, True, True, False, True, True],
    )
    kept = differing.groupby(["column", "clock", "explanation"], sort=False).head(worst)
    return kept.drop(columns="place").reset_index(drop=True)
