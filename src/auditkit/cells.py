"""Cells: team, period and group, and the ways from the rows of a query to them.

A query answers with one row per cell that has any, or one row per ticket; figures are told for every cell asked
about. Here is only the bookkeeping between the two, on arrays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Cells:
    """The cells of a measure: team and period numbers, and the group of each."""

    team: np.ndarray
    period: np.ndarray
    group: np.ndarray

    def __len__(self) -> int:
        return len(self.team)


def numbers_by_cell(column, order: np.ndarray, size: int) -> np.ndarray:
    """A query's column laid out by cell; cells without a row count zero."""
    values = column.to_numpy(zero_copy_only=False) if hasattr(column, "to_numpy") else np.asarray(column)
    out = np.zeros(size)
    found = order >= 0
    out[found] = np.array(values, dtype=float)[order[found]]
    return out


def rows_by_cell(rows, index: dict) -> np.ndarray:
    """For each cell, the row of a query that holds it, or -1."""
    order = np.full(len(index), -1)
    for number, key in enumerate(
        zip(*(rows[name].to_pylist() for name in ("team_no", "period_no", "group")), strict=True)
    ):
        order[index[key]] = number
    return order


def cell_of_each_row(rows, index: dict) -> np.ndarray:
    """The cell of each row."""
    team, period = rows["team_no"].to_numpy(), rows["period_no"].to_numpy()
    column = rows["group"].combine_chunks()
    if column.null_count == len(column):
        groups, code = [None], np.zeros(len(column), dtype=np.int64)
    else:
        coded = column.dictionary_encode()
        groups = [*coded.dictionary.to_pylist(), None]
        code = coded.indices.fill_null(len(groups) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    combined = (team.astype(np.int64) * (int(period.max(initial=0)) + 1) + period) * len(groups) + code
    distinct, inverse = np.unique(combined, return_inverse=True)
    periods = int(period.max(initial=0)) + 1
    cells = [
        index[(int(one // len(groups) // periods), int(one // len(groups) % periods), groups[int(one % len(groups))])]
        for one in distinct
    ]
    return np.array(cells, dtype=np.int64)[inverse] if len(cells) else np.zeros(0, dtype=np.int64)
