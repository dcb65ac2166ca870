"""Cells: team, period and group, and the ways from the rows of a query to them.

A query answers with one row per cell that has any, or one row per ticket; figures are told for every cell asked
about. Here is only the bookkeeping between the two, on arrays. A place is one whole number for team, period and group,
in the order of reports; ``Places`` has the SQL that computes it, ``Cells`` are the places that are told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import pyarrow as pa

from auditkit.evaluation.figures import Grouped
from auditkit.evaluation.statements import Place

_SMALL = 2**16  # cells below it are sorted by their digits, which is faster
_TABLE = 2**24  # places below it are looked up in a table
_MOST_RUNS = 64


@dataclass(frozen=True)
class Cells:
    """The cells of a measure, in the order in which they are told: team and period numbers, and the group of each.

    The first of them are ``places``, ascending; cells after those have no rows.
    """

    team: np.ndarray
    period: np.ndarray
    group: np.ndarray
    places: np.ndarray

    def __len__(self) -> int:
        return len(self.team)

    def of_places(self, places: np.ndarray) -> np.ndarray:
        """The cell of each place, all of which are told."""
        last = int(self.places[-1]) if len(self.places) else -1
        if last == len(self.places) - 1:  # every place is told
            return places
        if last >= _TABLE:
            return np.searchsorted(self.places, places)
        table = np.zeros(last + 1, dtype=np.int32)
        table[self.places] = np.arange(len(self.places))
        return table[places]

    def numbers(self, column, places: np.ndarray) -> np.ndarray:
        """A query's column, one row per place, laid out by cell; cells without a row count zero."""
        out = np.zeros(len(self))
        out[self.of_places(places)] = column.to_numpy(zero_copy_only=False).astype(float)
        return out


@dataclass(frozen=True)
class Places:
    """The teams, periods and groups of one relation; ``groups`` None where no group is asked for.

    ``table`` names the table in the connection that numbers the groups (``groups_table``).
    """

    teams: int
    periods: int
    groups: tuple[str | None, ...] | None = None
    table: str = ""

    @property
    def sql(self) -> Place:
        """How a statement says the place of a row, ``cell``."""
        kind = "INTEGER" if self.teams * self.periods * len(self.groups or "-") < 2**31 else "BIGINT"
        number = f"CAST(team_no AS BIGINT) * {self.periods} + period_no"
        if self.groups is None:
            return Place("cell", f"CAST({number} AS {kind}) AS cell")
        number = f"({number}) * {len(self.groups)} + g.group_no"
        join = f'JOIN {self.table} g ON t."group" IS NOT DISTINCT FROM g.of_group'
        return Place("cell", f"CAST({number} AS {kind}) AS cell", join)

    @property
    def groups_table(self) -> pa.Table:
        """The groups with their numbers."""
        groups = self.groups or ()
        return pa.table({"of_group": pa.array(groups, pa.string()), "group_no": range(len(groups))})

    def cells(self, places: np.ndarray, outside: np.ndarray) -> Cells:
        """The cells to be told: all teams and periods, or those groups that rows have (``places``).

        A team and period ``outside`` the data (bool[teams, periods]) keep one cell all the same, to carry the reason.
        """
        if self.groups is None:
            team, period = np.indices((self.teams, self.periods)).reshape(2, -1)
            return Cells(team, period, np.full(len(team), None, dtype=object), np.arange(len(team)))
        places = np.unique(places)
        team_period, group = np.divmod(places, len(self.groups))
        team, period = np.divmod(team_period, self.periods)
        alone = outside.copy()
        alone[team, period] = False
        empty = np.argwhere(alone)
        names = np.array([*self.groups, None], dtype=object)
        return Cells(
            np.concatenate([team, empty[:, 0]]),
            np.concatenate([period, empty[:, 1]]),
            names[np.concatenate([group, np.full(len(empty), -1)]).astype(np.int64)],
            places,
        )


def in_order(groups: Iterable[str | None]) -> tuple[str | None, ...]:
    """Groups in the order of reports: None just after the empty text."""
    return tuple(sorted(groups, key=lambda one: (one or "", one is None)))


class RowsByCell:
    """The rows of a query in the order of their cells: columns are brought into it one by one.

    A scan by several threads gives a few runs of rows that are in order already: then only the runs are put in order.
    """

    def __init__(self, rows: pa.Table, cells: Cells):
        self._rows, self.size = rows, len(cells)
        cell = cells.of_places(self._taken("cell").to_numpy())
        self._runs = _runs(cell)
        self._order = _stable_order(cell, self.size) if self._runs is None else None
        self.cell = self._ordered(cell)

    def column(self, name: str) -> np.ndarray:
        """A column; missing numbers are NaN. It can be asked for once: what was taken is let go."""
        return self._ordered(self._taken(name).to_numpy(zero_copy_only=False))

    def _taken(self, name: str) -> pa.ChunkedArray:
        column = self._rows[name]
        self._rows = self._rows.drop_columns([name])
        return column

    def _ordered(self, values: np.ndarray) -> np.ndarray:
        if self._runs is None:
            return values[self._order]
        return values if len(self._runs) < 2 else np.concatenate([values[run] for run in self._runs])

    @cached_property
    def starts(self) -> np.ndarray:
        """Where the rows of each cell begin, and the end: int64[cells + 1]."""
        kind = self.cell.dtype if self.size <= np.iinfo(self.cell.dtype).max else np.int64
        return np.searchsorted(self.cell, np.arange(self.size + 1, dtype=kind))

    def sample(self, place: int) -> Grouped:
        """One column of values, those that count: sorted within each cell, or with what was observed of each."""
        values, starts = self.column(f"v{place}"), self.starts
        observed = self.column(f"o{place}") if f"o{place}" in self._rows.column_names else None
        counts = ~np.isnan(values)
        if not counts.all():
            starts = np.concatenate([[0], np.cumsum(counts)])[starts]
            values, observed = values[counts], observed[counts] if observed is not None else None
        elif not values.flags.writeable:
            values = values.copy()
        for start, stop in pairwise(starts.tolist()) if observed is None else ():
            values[start:stop].sort()
        return Grouped(values, starts, observed)


def _runs(cell: np.ndarray) -> list[slice] | None:
    """The runs of ascending cells, in the order that makes them one; None where there is none, or too many runs."""
    breaks = np.flatnonzero(cell[1:] < cell[:-1]) + 1
    if len(breaks) > _MOST_RUNS:
        return None
    bounds = [0, *breaks.tolist(), len(cell)]
    runs = sorted((slice(*pair) for pair in pairwise(bounds)), key=lambda run: cell[run][:1].tolist())
    apart = all(cell[one.stop - 1] <= cell[other.start] for one, other in pairwise(runs))
    return runs if apart else None


def _stable_order(cell: np.ndarray, size: int) -> np.ndarray:
    return np.argsort(cell.astype(np.uint16) if size <= _SMALL else cell, kind="stable")
