"""What the tests of the core share: tables drawn as text, workspaces made of them, and one figure picked out.

A drawn table has a header line and one line per row, cells between bars; an empty cell is a missing value.
"""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

import pandas as pd

from auditkit.load import load
from auditkit.schema import TABLES
from auditkit.store import Store
from auditkit.workspace import Workspace, open_workspace

AUDIT = '[audit]\nclient = "Acme Oy"\n'


def table(text: str) -> pd.DataFrame:
    """The drawn table as a frame of text; an empty cell is None."""
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return pd.DataFrame([[cell or None for cell in row] for row in rows], columns=header, dtype=object)


def as_drawn(frame: pd.DataFrame) -> str:
    """The frame as a drawn table: the reverse of ``table``."""
    lines = [" | ".join("" if pd.isna(cell) else str(cell) for cell in row) for row in frame.itertuples(index=False)]
    return "\n".join([" | ".join(frame.columns), *lines])


def write_table(path: Path, text: str) -> Path:
    """The drawn table as a CSV file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as stream:
        frame = table(text)
        writer = csv.writer(stream)
        writer.writerow(frame.columns)
        writer.writerows([["" if cell is None else cell for cell in row] for row in frame.itertuples(index=False)])
    return path


def workspace(folder: Path, toml: str = "", *, audit: str = "", **tables: str) -> Workspace:
    """A workspace with one CSV file for each drawn table.

    ``audit`` is added to ``[audit]``, ``toml`` to the end of the file. The columns have their canonical names.
    """
    sources = ""
    for name, text in tables.items():
        assert name in TABLES, name
        write_table(folder / "data" / f"{name}.csv", text)
        sources += f'[[source]]\ntable = "{name}"\npath = "data/{name}.csv"\ndates = "iso"\n'
    (folder / "audit.toml").write_text(f"{AUDIT}{audit}\n{sources}\n{toml}\n", encoding="utf-8")
    return open_workspace(folder)


def store(folder: Path, toml: str = "", *, audit: str = "", **tables: str) -> Store:
    """The store of such a workspace."""
    return load(workspace(folder, toml, audit=audit, **tables))


def one(results: pd.DataFrame, **where: str) -> pd.Series:
    """The only row of the results where the columns have these values."""
    for column, value in where.items():
        results = results[results[column] == value]
    assert len(results) == 1, f"{len(results)} rows:\n{results}"
    return results.iloc[0]


def values(results: pd.DataFrame, **where: str) -> list[float | None]:
    """The values of the rows where the columns have these values, None where there is none."""
    for column, value in where.items():
        results = results[results[column] == value]
    return [None if pd.isna(value) else float(value) for value in results["value"]]


def utc(text: str) -> datetime:
    """An instant written in UTC."""
    return datetime.fromisoformat(text + "+00:00")
