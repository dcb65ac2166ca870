"""A slice of a workspace, packed to travel: what one report reads, for a worker that does not see the workspace.

In come a store, a team and how far the notebook looks; out go the bytes of an archive. Unpacked, it is a workspace in
which that report comes out the same, to the byte: the rows of the team, what is known about the whole store, audit.toml
and what the auditor wrote. What a report has no business to read is not in it.
"""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from auditkit.clocks.period import parse_period
from auditkit.config import FILE_NAME
from auditkit.running.compared import compared_files
from auditkit.running.slices import COMPANY, HISTORY, compares, files_of
from auditkit.running.written import written_files
from auditkit.store import CURRENT, META, Store

NOTEBOOK = "notebook.ipynb"


def pack(store: Store, notebook: Path, team: str, reads: str, period: str) -> bytes:
    """The archive for one team's report."""
    with tempfile.TemporaryDirectory(prefix="auditkit-pack-") as scratch:
        held = dict(_tables(store, (team,), reads, Path(scratch)))
        beside = written_files(store.workspace, team, reads, files_of(notebook))
        if compares(notebook):
            beside += compared_files(store, team, parse_period(period))
        return _archive(_files(store, held, notebook, beside))


def pack_teams(store: Store, teams: Sequence[str], reads: str) -> bytes:
    """The archive for the figures of some teams, without a notebook."""
    with tempfile.TemporaryDirectory(prefix="auditkit-pack-") as scratch:
        return _archive(_files(store, dict(_tables(store, teams, reads, Path(scratch)))))


def unpack(data: bytes, folder: Path) -> Path:
    """Lay the workspace out in an empty folder; the notebook's path."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder / NOTEBOOK


def pack_folder(folder: Path) -> bytes:
    """A built report, to travel back."""
    names = ((path.relative_to(folder).as_posix(), path) for path in folder.rglob("*") if path.is_file())
    return _archive(sorted(names))


def _tables(store: Store, teams: Sequence[str], reads: str, scratch: Path) -> Iterator[tuple[str, Path]]:
    """Each stored table as a file: as it is for who reads the company, else the rows of the teams."""
    if reads == COMPANY:
        yield from ((table, store.folder / f"{table}.parquet") for table in store.meta.tables)
        return
    with store.connect() as con:
        for table in store.meta.tables:
            columns = [name for name, *_ in con.execute(f"DESCRIBE {table}").fetchall()]
            where = "team IN $teams OR team IS NULL" if "team" in columns else "FALSE" if reads == HISTORY else "TRUE"
            path = scratch / f"{table}.parquet"
            values = {"teams": list(teams)} if "$teams" in where else {}
            target = str(path).replace("'", "''")
            con.execute(
                f"COPY (SELECT * FROM {table} WHERE {where}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)", values
            )
            yield table, path


def _files(
    store: Store, tables: dict[str, Path], notebook: Path | None = None, written: Sequence[Path] = ()
) -> Iterator[tuple[str, Path | bytes]]:
    root, logo = store.workspace.root, store.workspace.config.branding.logo
    generation = f".auditkit/store/{store.generation}"
    yield FILE_NAME, root / FILE_NAME
    yield f".auditkit/store/{CURRENT}", f"{store.generation}\n".encode()
    yield f"{generation}/{META}", store.folder / META
    for table, path in tables.items():
        yield f"{generation}/{table}.parquet", path
    if notebook is not None:
        yield NOTEBOOK, notebook
    for path in [*written, *([root / logo] if logo else ())]:
        yield path.resolve().relative_to(root).as_posix(), path


def _archive(files: Iterable[tuple[str, Path | bytes]]) -> bytes:
    """Uncompressed: Parquet is compressed already."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name), content if isinstance(content, bytes) else content.read_bytes())
    return target.getvalue()
