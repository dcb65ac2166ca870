"""A store in memory, made from pandas frames: so that the engine serves a notebook as it serves the reports.

In comes a frame with canonical columns, out comes a store with the same facts as a load would give it, for as long as
it is held open. What the frame lacks is absent, with the same consequences as in a file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.build import Built, finish
from auditkit.config import Config, Target, check_config
from auditkit.definition import Measure
from auditkit.errors import Problem, UsageError
from auditkit.facts.derived import make_derived
from auditkit.facts.enrich import enrich
from auditkit.relations import RELATIONS
from auditkit.schema import TABLES
from auditkit.store import Meta, Store, instant
from auditkit.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

ONE_TEAM = "all"


@contextmanager
def frame_store(
    measure: Measure,
    frame: pd.DataFrame,
    *,
    timezone: str,
    hours: dict[str, Any] | None,
    as_of: datetime | str | None,
    target: Target | dict[str, Any] | None,
    calls: pd.DataFrame | None,
    others: dict[str, pd.DataFrame] | None = None,
) -> Iterator[Store]:
    """A store over the frame (and the calls beside it) that lives in a temporary folder until the block ends."""
    import duckdb
    import pandas as pd

    config = _config(measure, timezone, hours, as_of, target)
    frames = (
        {RELATIONS[measure.of].made_of[0]: frame} | ({"calls": calls} if calls is not None else {}) | (others or {})
    )
    with tempfile.TemporaryDirectory(prefix="auditkit-") as name:
        folder = Path(name)
        con = duckdb.connect()
        con.execute("SET TimeZone = 'UTC'")
        built = Built()
        for table, rows in frames.items():
            alone = not any("team" in other for other in frames.values())
            typed = _typed(table, rows, timezone, alone, pd)
            con.register(f"given_{table}", typed)
            types = TABLES[table].sql_types
            columns = ", ".join(
                f'CAST("{column}" AS {kind}) AS "{column}"'
                if column in typed
                else f'CAST(NULL AS {kind}) AS "{column}"'
                for column, kind in types.items()
            )
            con.execute(f"CREATE TEMP TABLE {table}_given AS SELECT {columns}, 0 AS file_no FROM given_{table}")
            built.relations[table] = f"{table}_given"
            built.present[table] = {column for column in TABLES[table].by_name if column in typed}
        finish(con, built, config)
        store_folder = folder / ".auditkit" / "store" / "frame"
        store_folder.mkdir(parents=True)
        for table, relation in built.relations.items():
            enrich(con, table, relation, store_folder / f"{table}.parquet", config, built.teams)
        built.present |= make_derived(con, store_folder, config, built.teams, built.present)
        meta = Meta(
            as_of=instant(built.as_of_us),
            newest=instant(built.newest_us),
            teams=built.team_infos(config),
            tables=built.table_infos(con, store_folder),
            sources=[],
        )
        con.close()
        yield _FrameStore(Workspace(folder, config), "frame", meta)


class _FrameStore(Store):
    """A store in a temporary folder."""

    @property
    def lasting(self) -> bool:
        return False


def _config(measure: Measure, timezone: str, hours, as_of, target) -> Config:
    """The configuration that a frame brings with it, checked like an audit.toml."""
    if isinstance(as_of, str):
        as_of = datetime.fromisoformat(as_of)
    if isinstance(as_of, datetime):
        as_of = datetime.fromtimestamp(as_of.timestamp(), UTC) if as_of.tzinfo else as_of
    raw: dict[str, Any] = {
        "audit": {"client": "frame", "timezone": timezone} | ({"as_of": as_of} if as_of else {}),
        "source": [{"table": RELATIONS[measure.of].made_of[0], "path": "frame"}],
        "hours": {"default": hours} if hours else {},
    }
    if target is not None:
        raw["targets"] = {measure.id: target if isinstance(target, dict) else target.model_dump(exclude_none=True)}
    return check_config(raw, "the arguments")


def _typed(table: str, frame: pd.DataFrame, timezone: str, alone: bool, pd) -> pd.DataFrame:
    """The frame with a team, provenance and tz-aware UTC instants; UsageError where a required column is missing.

    ``alone``: no frame names a team. Else a table that may do without one takes it from the others.
    """
    typed = frame.reset_index(drop=True)
    declared = TABLES[table]
    if "team" not in typed and ("team" in declared.required or (alone and "team" in declared.by_name)):
        typed = typed.assign(team=ONE_TEAM)
    if declared.key and declared.key[0] not in typed:
        typed = typed.assign(**{declared.key[0]: [str(number) for number in range(len(typed))]})
    missing = [name for name in declared.required if name not in typed]
    if missing:
        place = f"the {table} frame"
        raise UsageError(
            Problem(
                place,
                f"lacks the column {', '.join(missing)}",
                f"columns as in the table {table}",
                "Rename its columns.",
            )
        )
    for column in declared.columns:
        if column.type == "instant" and column.name in typed:
            instants = pd.to_datetime(typed[column.name])
            if instants.dt.tz is None:
                instants = instants.dt.tz_localize(timezone, ambiguous=False, nonexistent="shift_forward")
            typed = typed.assign(**{column.name: instants.dt.tz_convert("UTC")})
    keep = [name for name in typed if name in declared.by_name]
    return typed[keep].assign(source=f"{table} frame", source_row=range(1, len(typed) + 1))
