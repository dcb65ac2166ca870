"""Why a source's own figure differs from ours, ticket by ticket: time zone, schedule, reopen, rounding or unexplained.

In come the rows of one team with what the source recorded and what was recomputed, out comes one word per row. An
explanation is another way of reckoning the same ticket; it explains a row when the source agrees with it there. The
first that does, in the order of EXPLANATIONS, is told, and with it how well it fits all rows: one that explains the
differences but contradicts the rest is a coincidence, and its fit says so. It reads no store and no configuration.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from auditkit.translation import N_

AGREES, ZONE, SCHEDULE = N_("agrees"), N_("time zone"), N_("schedule")
REOPEN, ROUNDING = N_("reopen"), N_("rounding")
UNEXPLAINED, IMPOSSIBLE = N_("unexplained"), N_("not recomputable")
EXPLANATIONS = {
    AGREES: N_("the source says what the recomputation says"),
    ZONE: N_("a constant offset between the instants, of whole or half hours, makes it agree"),
    SCHEDULE: N_("it agrees on the other clock (calendar or business hours)"),
    REOPEN: N_("it agrees when the clock stops at the first resolution"),
    ROUNDING: N_("it lies within a minute"),
    UNEXPLAINED: N_("nothing tried makes it agree"),
    IMPOSSIBLE: N_("an instant or a limit that the recomputation needs is missing"),
}
ROUNDING_SECONDS = 60.0  # help desks keep whole minutes
EXACT_SECONDS = 1.0  # and export whole seconds
HALF_HOUR = 1800
WIDEST_ZONE = 14 * 3600  # UTC+14 is the farthest that any zone is from UTC
OFFSETS = tuple(sign * size for size in range(HALF_HOUR, WIDEST_ZONE + 1, HALF_HOUR) for sign in (-1, 1))
# An offset is a number fitted to the rows, so it needs several rows, most of the differences, and little else broken.
ZONE_ROWS = 3
ZONE_EXPLAINED = {True: 0.9, False: 0.5}  # verdicts say little each; durations that fit to the minute say much
ZONE_BROKEN = 0.05

Shift = Callable[[int], np.ndarray]


@dataclass(frozen=True)
class Comparison:
    """What is compared in one team; arrays with one entry per row, NaN where something is unknown.

    ``recorded`` and ``recomputed`` are verdicts (0 or 1, ``verdicts`` True) or seconds. ``seconds`` and ``limit`` are
    what the recomputation rests on (infinite for a ticket still open), ``other_seconds`` and ``other_limit`` the same
    on the other clock, ``first_seconds`` up to the first resolution. Each of ``shifts`` gives the seconds when instants
    are moved by an offset in seconds.
    """

    verdicts: bool
    recorded: np.ndarray
    recomputed: np.ndarray
    seconds: np.ndarray
    limit: np.ndarray
    other_seconds: np.ndarray
    other_limit: np.ndarray
    first_seconds: np.ndarray
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True)
class Explained:
    """One explanation per row (``words``), the share of the rows compared that agrees under each (``fits``, 0..1), and
    the ``offset`` of a time zone in seconds.
    """

    words: np.ndarray
    fits: dict[str, float]
    offset: int | None


def explain(rows: Comparison) -> Explained:
    """The explanation of each row: the first of EXPLANATIONS that holds.

    A time zone is told only where its offset fits better than the schedule and the reopening, which fit no number.
    """
    compared = ~np.isnan(rows.recomputed)
    agrees = compared & _same(rows)
    plain = {
        SCHEDULE: _agree(rows, rows.other_seconds, rows.other_limit),
        REOPEN: _agree(rows, rows.first_seconds, rows.limit),
    }
    holds = {SCHEDULE: plain[SCHEDULE] & _apart(rows, rows.other_seconds)}
    holds |= {REOPEN: plain[REOPEN] & _apart(rows, rows.first_seconds)}
    offset, shifted = _zone(rows, agrees, compared & ~agrees)
    if max((one & compared).sum() for one in holds.values()) >= (shifted & compared).sum():
        offset, shifted = None, np.zeros(len(compared), dtype=bool)
    holds = {ZONE: shifted} | holds | {ROUNDING: _near(rows)}
    words = np.select([~compared, agrees, *holds.values()], [IMPOSSIBLE, AGREES, *holds], default=UNEXPLAINED)
    total = max(int(compared.sum()), 1)
    told = {AGREES: agrees, ZONE: shifted} | plain
    fits = {name: float((one & compared).sum() / total) for name, one in told.items()}
    return Explained(words.astype(object), fits, offset)


def _same(rows: Comparison) -> np.ndarray:
    """Whether the source says what was recomputed (two verdicts differ by 0 or 1); a NaN agrees with nothing."""
    return np.abs(rows.recorded - rows.recomputed) < EXACT_SECONDS


def _apart(rows: Comparison, seconds: np.ndarray) -> np.ndarray:
    """Whether another way of reckoning gives another figure than ours, by more than rounding."""
    return np.full(len(seconds), True) if rows.verdicts else np.abs(seconds - rows.seconds) > ROUNDING_SECONDS


def _agree(rows: Comparison, seconds: np.ndarray, limit: np.ndarray) -> np.ndarray:
    """Whether the source agrees with another way of reckoning."""
    if not rows.verdicts:
        return np.abs(rows.recorded - seconds) < ROUNDING_SECONDS
    return ((seconds <= limit) == (rows.recorded > 0.5)) & ~np.isnan(seconds) & ~np.isnan(limit)


def _near(rows: Comparison) -> np.ndarray:
    """Whether the difference is of a minute: of the figure itself, or of its distance from the limit."""
    other = rows.limit if rows.verdicts else rows.recorded
    return np.abs(rows.seconds - other) <= ROUNDING_SECONDS


def _zone(rows: Comparison, agrees: np.ndarray, differs: np.ndarray) -> tuple[int | None, np.ndarray]:
    """The offset that explains most (the smallest of equals) and the rows that agree under it; None where none does."""
    best, found = 0, (None, np.zeros(len(agrees), dtype=bool))
    for offset in OFFSETS:
        for shift in rows.shifts:
            fits = _agree(rows, shift(offset), rows.limit)
            explained = int((fits & differs).sum())
            broken = int((~fits & agrees).sum()) if rows.verdicts else 0
            enough = explained >= max(ZONE_ROWS, ZONE_EXPLAINED[rows.verdicts] * differs.sum())
            if enough and broken <= ZONE_BROKEN * explained and explained - broken > best:
                best, found = explained - broken, (offset, fits)
    return found
