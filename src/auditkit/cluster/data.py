"""Facts and figures split by team over a Dask cluster: what ``load --dask`` and ``measures --dask`` do elsewhere.

In come a client and what would be computed here, out comes the same. Splitting by team loses nothing, because no fact
and no figure of a team uses a row of another: contacts, repeats and journeys are those of one customer with one team,
so a customer who crosses teams is told once in each of them. What does cross teams (copies and contradictions among
ids, the scale of a survey, orders and customers, what is noticed) is settled here, over all rows, before and after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from auditkit.clocks.period import Period
from auditkit.cluster import work as cluster_work
from auditkit.cluster.makers import check_workers, threads_of
from auditkit.config import Config
from auditkit.evaluation.reasons import lies_outside
from auditkit.facts.enrich import ROW_GROUP, TIMES, TeamFrame, enrich
from auditkit.running.packing import pack_teams
from auditkit.running.slices import TEAM
from auditkit.store import Store

if TYPE_CHECKING:
    import pandas as pd
    from distributed import Client

BATCHES_PER_THREAD = 4  # so that an unequal batch does not keep the others waiting long
AHEAD_PER_THREAD = 2  # batches on their way at a time: they are held in memory
CALL_COLUMNS = "team, call_id, ticket_id, customer_id, offered_at, direction"  # what facts of tickets ask of calls
_Item = TypeVar("_Item")


@dataclass(frozen=True)
class ClusterFacts:
    """Makes the facts of a table as enrich does, batch by batch of teams, on the cluster."""

    client: Client

    def __call__(
        self,
        con: duckdb.DuckDBPyConnection,
        table: str,
        relation: str,
        target: Path,
        config: Config,
        teams: dict[str, TeamFrame],
    ) -> None:
        """Write ``relation`` to ``target`` with its facts; a table without facts is written here."""
        if table not in TIMES:
            enrich(con, table, relation, target, config, teams)
            return
        check_workers(self.client)
        rows = con.execute(f"SELECT team, count(*) FROM {relation} GROUP BY team ORDER BY team").fetchall()
        batches = _batches(rows, threads_of(self.client) * BATCHES_PER_THREAD)

        def send(batch: Sequence[str]) -> Future:
            data = _rows_of(con, table, relation, batch, target)
            own = {name: teams[name] for name in batch}
            return self.client.submit(cluster_work.facts, table, data, config, own, pure=False)

        parts = []
        for number, made in enumerate(_in_order(batches, send, threads_of(self.client) * AHEAD_PER_THREAD)):
            parts.append(target.with_name(f"{target.stem}.part-{number:06d}"))
            parts[-1].write_bytes(made)
        _join(con, parts, target)


def evaluate_on(
    client: Client,
    store: Store,
    ids: Sequence[str],
    teams: Sequence[str],
    periods: Sequence[Period],
    by: str | None,
    variants: bool,
    as_of: datetime,
) -> pd.DataFrame:
    """The table of figures that ``evaluate`` gives, each batch of teams evaluated on the cluster."""
    import pandas as pd

    shared = check_workers(client, store)
    rows = [(team, _rows_known(store, team)) for team in teams]
    batches = _batches(rows, threads_of(client) * BATCHES_PER_THREAD)
    asked = {"measures": tuple(ids), "periods": tuple(periods), "by": by, "variants": variants, "as_of": as_of}

    def send(batch: Sequence[str]) -> Future:
        data = None if shared else pack_teams(store, batch, TEAM)
        root = str(store.workspace.root)
        return client.submit(cluster_work.figures, root, store.generation, data, tuple(batch), asked, pure=False)

    frames = list(_in_order(batches, send, threads_of(client) * AHEAD_PER_THREAD))
    return _as_one(pd.concat(frames, ignore_index=True), teams)


def _as_one(found: pd.DataFrame, teams: Sequence[str]) -> pd.DataFrame:
    """The rows in the order of one evaluation: by measure, statistic and variant, then by team, as each came."""
    kinds = found[["measure", "statistic", "variant"]].apply(tuple, axis=1)
    kind_no = kinds.map({kind: number for number, kind in enumerate(dict.fromkeys(kinds))})
    team_no = found["team"].map({team: number for number, team in enumerate(teams)})
    outside = found["by"].notna() & found["group"].isna() & found["reason"].map(lies_outside)
    order = kind_no.to_frame("kind").assign(outside=outside, team=team_no)
    order = order.sort_values(["kind", "outside", "team"], kind="stable").index
    return found.loc[order].reset_index(drop=True)


def _batches(rows: Sequence[tuple[str, int]], count: int) -> list[list[str]]:
    """The teams in their order, in about ``count`` batches of about as many rows each.

    >>> _batches([("a", 6), ("b", 1), ("c", 1), ("d", 4)], 2)
    [['a'], ['b', 'c', 'd']]
    """
    share = sum(size for _, size in rows) / max(1, count)
    batches: list[list[str]] = []
    room = 0.0
    for team, size in rows:
        if room <= 0 or not batches:
            batches.append([])
            room = share
        batches[-1].append(team)
        room -= size
    return batches


def _in_order(batches: Sequence[_Item], send: Callable[[_Item], Any], ahead: int) -> Iterator[Any]:
    """The results in order, with no more than ``ahead`` batches sent and not yet taken."""
    sent: list[Any] = []
    waiting = list(batches)
    while sent or waiting:
        while waiting and len(sent) < ahead:
            sent.append(send(waiting.pop(0)))
        yield sent.pop(0).result()


def _rows_of(
    con: duckdb.DuckDBPyConnection, table: str, relation: str, teams: Sequence[str], target: Path
) -> Mapping[str, bytes]:
    """The rows of some teams as Parquet, and for tickets the calls of their customers."""
    found = {"rows": _parquet(con, f"SELECT * FROM {relation}", teams, target)}
    known = {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    known |= {name for (name,) in con.execute("SELECT view_name FROM duckdb_views()").fetchall()}
    if table == "tickets" and "calls_ready" in known:
        found["calls_ready"] = _parquet(con, f"SELECT {CALL_COLUMNS} FROM calls_ready", teams, target)
    return found


def _parquet(con: duckdb.DuckDBPyConnection, rows: str, teams: Sequence[str], beside: Path) -> bytes:
    path = beside.with_name(f"{beside.stem}.batch")
    names = ", ".join("'" + team.replace("'", "''") + "'" for team in teams)
    con.execute(f"COPY ({rows} WHERE team IN ({names})) TO '{_sql(path)}' (FORMAT parquet, COMPRESSION zstd)")
    data = path.read_bytes()
    path.unlink()
    return data


def _join(con: duckdb.DuckDBPyConnection, parts: Sequence[Path], target: Path) -> None:
    """The parts one after another in one file."""
    paths = ", ".join(f"'{_sql(part)}'" for part in parts)
    con.execute(
        f"COPY (SELECT * FROM read_parquet([{paths}])) TO '{_sql(target)}'"
        f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
    )
    for part in parts:
        part.unlink()


def _rows_known(store: Store, team: str) -> int:
    """A team's weight: the days of its data, for want of its rows."""
    covered = store.coverage(team)
    return (covered.end - covered.start).days if covered else 1


def _sql(path: Path) -> str:
    return str(path).replace("'", "''")
