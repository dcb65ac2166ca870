"""From exports to the store: read, type, fold, derive, compute facts, and put the new generation in force in one
step.

Nothing of an earlier store is touched until the new one is whole: a file that cannot be read, a full disk or an
interruption leaves what was there. Every row that is not kept is written to ``.auditkit/refused.csv`` with its file,
row, column, value and reason. The same files and the same configuration are not loaded twice.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

import auditkit
from auditkit.config import Config, Source
from auditkit.errors import DataError, Problem
from auditkit.lock import LOAD, held
from auditkit.notices import Notice
from auditkit.sources.read import expand, open_file
from auditkit.store import FORMAT, META, Meta, SourceInfo, Store, current_generation, instant, open_store, put_in_force
from auditkit.workspace import Workspace

if TYPE_CHECKING:
    from auditkit.build import Built
    from auditkit.facts.enrich import TeamFrame
    from auditkit.sources.typed import TypedFile

REFUSED = "refused.csv"
MEMORY_LIMIT = "1200MB"
SCRATCH = "load-"  # what a load works in, before the number of its process
Progress = Callable[[str, int, int], None]
Facts = Callable[[duckdb.DuckDBPyConnection, str, str, Path, Config, "dict[str, TeamFrame]"], None]
"""Writes a finished relation with its facts, as enrich does."""


@dataclass(frozen=True)
class Input:
    """One file to read for one source: its place, the name that reports cite, the hash of its bytes."""

    source_no: int
    source: Source
    path: Path
    name: str
    sha256: str


def _silent(step: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def load(
    workspace: Workspace,
    progress: Progress = _silent,
    *,
    force: bool = False,
    write: bool = True,
    facts: Facts | None = None,
) -> Store:
    """Load the workspace's sources and return the store in force.

    With ``write=False`` everything is read and checked, the result is returned from a temporary place and nothing in
    the workspace changes. Raises DataError for a file that cannot be read, or BusyError while a run of another process
    is at work, and leaves the earlier store as it was. A load of another process is waited for.
    """
    inputs = find_inputs(workspace)
    generation = _generation(workspace, inputs)
    if not write:
        return _load(workspace, inputs, generation, progress, write, facts)
    if not force and current_generation(workspace) == generation:
        return open_store(workspace)
    with held(workspace.state, LOAD, lambda words: progress(words, 0, 1)):
        if not force and current_generation(workspace) == generation:  # by whom we waited for
            return open_store(workspace)
        return _load(workspace, inputs, generation, progress, write, facts)


def _load(
    workspace: Workspace, inputs: list[Input], generation: str, progress: Progress, write: bool, facts: Facts | None
) -> Store:
    with _scratch(workspace, write) as scratch:
        folder = scratch / generation
        folder.mkdir()
        meta = _load_into(folder, scratch, workspace, inputs, progress, facts)
        (folder / META).write_text(meta.to_json(), encoding="utf-8")
        if write:
            _install(workspace, scratch, generation)
    return Store(workspace, generation, meta)


def find_inputs(workspace: Workspace) -> list[Input]:
    """Every file that the sources name, with the hash of its bytes."""
    problems: list[Problem] = []
    inputs: list[Input] = []
    for number, source in enumerate(workspace.config.source):
        try:
            paths = expand(source.path, workspace.root)
            inputs += [Input(number, source, path, _cited(path, workspace.root), _sha256(path)) for path in paths]
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(*problems)
    return inputs


def _cited(path: Path, root: Path) -> str:
    try:
        return path.resolve().relative_to(root).as_posix()
    except ValueError:
        return path.name


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise DataError(Problem(path.name, f"cannot be read: {error.strerror}", "a readable file")) from None


def config_sha256(workspace: Workspace) -> str:
    """The hash of what the configuration says, whatever its comments and order of keys."""
    return hashlib.sha256(json.dumps(workspace.config.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def _generation(workspace: Workspace, inputs: list[Input]) -> str:
    """A name for this load: the same inputs, configuration and version give the same name."""
    parts = [str(FORMAT), auditkit.__version__, config_sha256(workspace)]
    parts += [f"{one.source_no} {one.name} {one.sha256}" for one in inputs]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@contextmanager
def _scratch(workspace: Workspace, write: bool) -> Iterator[Path]:
    """A folder on the store's own disk, so that the last step is a rename; elsewhere when nothing may be written.

    It is named after this process: what loads that were killed left there is removed.
    """
    try:
        if write:
            workspace.state.mkdir(exist_ok=True)
            _remove_left(workspace.state)
        folder = Path(tempfile.mkdtemp(prefix=f"{SCRATCH}{os.getpid()}-", dir=workspace.state if write else None))
    except OSError as error:
        remedy = "Give write access to the workspace, or copy it to a place of your own."
        raise DataError(Problem(str(workspace.state), f"cannot be written: {error.strerror}", "", remedy)) from None
    try:
        yield folder
    except OSError as error:
        raise DataError(
            Problem(str(folder), f"the load stopped: {error.strerror or error}", "", _DISK_REMEDY)
        ) from error
    except (duckdb.InterruptException, RuntimeError) as error:
        if (
            isinstance(error, duckdb.InterruptException) or str(error) == "Query interrupted"
        ):  # DuckDB's word for Ctrl-C
            raise KeyboardInterrupt from None
        raise
    except duckdb.IOException as error:
        raise DataError(Problem(str(folder), f"the load stopped: {_system_words(error)}", "", _DISK_REMEDY)) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left(state: Path) -> None:
    """Remove the folders of loads whose process is gone."""
    import psutil

    for left in state.glob(f"{SCRATCH}*"):
        number = left.name.removeprefix(SCRATCH).partition("-")[0]
        if not (number.isdigit() and psutil.pid_exists(int(number))):
            shutil.rmtree(left, ignore_errors=True)


def _system_words(error: duckdb.Error) -> str:
    """What the system said of a failed write, without the reading library's wrapping of it."""
    known = (os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO))
    return next((words for words in known if words in str(error)), str(error))


_DISK_REMEDY = "Free some disk space and load again; the earlier store is as it was."


def _install(workspace: Workspace, scratch: Path, generation: str) -> None:
    workspace.store.mkdir(exist_ok=True)
    target = workspace.store / generation
    if target.exists():  # the same load forced again, or one that was interrupted before it was put in force
        target.replace(scratch / "before")
    (scratch / generation).replace(target)
    (scratch / REFUSED).replace(workspace.state / REFUSED)
    put_in_force(workspace, generation)
    for old in workspace.store.iterdir():
        if old.is_dir() and old.name != generation:
            shutil.rmtree(old, ignore_errors=True)


def _load_into(
    folder: Path,
    scratch: Path,
    workspace: Workspace,
    inputs: list[Input],
    progress: Progress,
    facts: Facts | None = None,
) -> Meta:
    from auditkit.build import build_tables
    from auditkit.facts.derived import make_derived
    from auditkit.facts.enrich import enrich

    con, facts = _connect(scratch), facts or enrich
    try:
        staged = list(_stage(con, workspace, inputs, scratch, progress))
        built = build_tables(con, staged, workspace.config)
        for number, table in enumerate(built.relations):
            progress(f"computing facts of {table}", number, len(built.relations))
            facts(con, table, built.relations[table], folder / f"{table}.parquet", workspace.config, built.teams)
        progress("chaining contacts", len(built.relations), len(built.relations) + 1)
        built.present |= make_derived(con, folder, workspace.config, built.teams, built.present)
        sources = [_counted(one, built) for one in staged]
        _write_refused(con, built, scratch / REFUSED)
        notices = (*(n for one in staged for n in one.notices), *built.notices)
        return _meta(con, folder, workspace, built, sources, notices)
    finally:
        con.close()


def _connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute(f"SET memory_limit = '{MEMORY_LIMIT}'")
    con.execute("SET temp_directory = ?", [str(scratch / "spill")])
    con.execute(
        'CREATE TEMP TABLE refused_rows (source VARCHAR, "row" BIGINT, "column" VARCHAR, value VARCHAR, reason VARCHAR)'
    )
    return con


@dataclass(frozen=True)
class Staged:
    """One typed file, staged as Parquet with its number among the files."""

    table: str
    source_no: int
    source: Source
    path: Path
    present: frozenset[str]
    notices: tuple[Notice, ...]
    info: SourceInfo


def _stage(con, workspace: Workspace, inputs: list[Input], scratch: Path, progress: Progress) -> Iterator[Staged]:
    """Read and type every file; all files that cannot be read are told at once."""
    from auditkit.sources.typed import type_file

    problems: list[Problem] = []
    number = 0
    for done, one in enumerate(inputs):
        progress(f"reading {one.name}", done, len(inputs))
        zone = one.source.timezone or workspace.config.audit.timezone
        try:
            source = one.source
            for raw in open_file(
                one.path,
                one.name,
                encoding=source.encoding,
                delimiter=source.delimiter,
                sheet=source.sheet,
                skip_rows=source.skip_rows,
                scratch=scratch,
            ):
                with raw.own_words():
                    typed = type_file(con, raw, source, zone, "typed_rows")
                if typed.rows_in and not typed.rows_kept:
                    raise DataError(_nothing_kept(raw.name, typed))
                path = scratch / f"staged-{number}.parquet"
                updated = "" if source.updated_at is not None else ", NULL::TIMESTAMPTZ AS updated_at"
                con.execute(
                    f"COPY (SELECT *, {number} AS file_no{updated} FROM typed_rows) TO '{_sql(path)}' (FORMAT parquet)"
                )
                con.execute("DROP TABLE typed_rows")
                con.register("refused_now", typed.refused)
                con.execute('INSERT INTO refused_rows SELECT source, row, "column", value, reason FROM refused_now')
                con.unregister("refused_now")
                info = SourceInfo(
                    raw.name, source.table, one.sha256, typed.rows_in, typed.rows_kept,
                    typed.rows_in - typed.rows_kept, 0, raw.encoding, raw.delimiter,
                )  # fmt: skip
                yield Staged(source.table, one.source_no, source, path, typed.present, typed.notices, info)
                number += 1
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(*problems)


def _nothing_kept(name: str, typed: TypedFile) -> Problem:
    """A file of which every row is refused is not dirty, it is misread: the load stops with its commonest reason."""
    reasons = Counter(zip(typed.refused["column"].to_pylist(), typed.refused["reason"].to_pylist(), strict=True))
    (column, reason), count = reasons.most_common(1)[0]
    finding = f"all {typed.rows_in:,} rows are refused; {count:,} of them because {column} {reason}"
    return Problem(name, finding, "rows that can be read", "Check the mapping, dates and values of this source.")


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")


def _counted(one: Staged, built: Built) -> SourceInfo:
    """The file's counts after folding: copies and updates folded, contradictions refused."""
    folded, refused = built.folded.get(one.info.name, 0), built.refused.get(one.info.name, 0)
    kept = one.info.rows_kept - folded - refused
    return replace(one.info, rows_kept=kept, rows_refused=one.info.rows_refused + refused, rows_folded=folded)


def _write_refused(con: duckdb.DuckDBPyConnection, built: Built, target: Path) -> None:
    """Write the refused rows; a cell that a spreadsheet would run as a formula is led by an apostrophe."""
    formula = "regexp_matches({0}, '^ *[=+@\t\r\n-]') AND NOT regexp_full_match({0}, '[+-]?[0-9][0-9., ]*%?')"
    harmless = f"CASE WHEN {formula} THEN '''' || {{0}} ELSE {{0}} END AS {{1}}"
    names = {"source": "file", '"column"': '"column"', "value": "value", "reason": "reason"}
    file, column, value, reason = (harmless.format(*pair) for pair in names.items())
    con.execute(
        f'COPY (SELECT {file}, "row", {column}, {value}, {reason} FROM refused_rows'
        f' ORDER BY source, "row", "column") TO \'{_sql(target)}\' (FORMAT csv, HEADER)'
    )


def _meta(con, folder: Path, workspace: Workspace, built: Built, sources, notices) -> Meta:
    from auditkit.checks import check_tables

    notices = (*notices, *check_tables(con, folder, workspace.config, built.as_of_us))
    return Meta(
        as_of=instant(built.as_of_us),
        newest=instant(built.newest_us),
        teams=built.team_infos(workspace.config),
        tables=built.table_infos(con, folder),
        sources=sources,
        notices=tuple(
            sorted(
                notices,
                key=lambda one: ({"high": 0, "medium": 1}.get(one.severity, 2), one.table, one.check, one.place),
            )
        ),
        config_sha256=config_sha256(workspace),
        version=auditkit.__version__,
    )
