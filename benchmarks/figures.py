"""Ten million tickets with calls and surveys, 200 teams, 24 months: figures from stored facts.

Ratios are to the limit in the same run: DuckDB reading the columns that the six representative measures need, once.
Beside it the same six in plain pandas, and hand-written SQL from raw columns. Each step is a process of its own.
``python benchmarks/figures.py [--rows N] [--teams T] [--repeat R] [--keep DIR]``
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SIX = (
    "tickets_received",
    "first_response_time",
    "first_response_within_business",
    "backlog",
    "fcr",
    "contacts_per_journey",
)
NEEDED = (
    "team", "created_at", "created_on", "resolved_at", "first_response_at", "response_seconds",
    "response_business_seconds", "open_seconds_at_creation", "excluded", "outbound", "customer_id", "reopens",
    "seconds_since_contact", "seconds_to_contact",
)  # fmt: skip
AUDIT = """[audit]
client = "Benchmark"
timezone = "Europe/Helsinki"
as_of = 2026-05-01T00:00:00Z

[[source]]
table = "tickets"
path = "none.csv"

[hours.default]
mon-fri = "08:00-16:00"
holidays = "FI"

[targets]
first_response_within = { within = "4h", at_least = 0.8 }
first_response_within_business = { within = "4h", at_least = 0.8 }
resolved_within = { within = "3d", at_least = 0.8 }
"""
FIRST_US = 1714521600000000  # 2024-05-01
SPAN_S = 730 * 86400
PARTS = {
    "facts": "facts, computed from the rows in order",
    "finish": "load: what follows from the same row and others",
    "order": "load: rows sorted by team and time",
    "write": "load: rows and facts written as Parquet",
    "derive": "load: contacts, journeys and what else is derived",
}
STEPS = {
    "scan": "read the needed columns once (the limit)",
    "six": "the six measures from stored facts",
    "catalogue": "the whole catalogue, team x month",
    "channels": "the whole catalogue, channel x month",
    "sql": "the six by hand-written SQL from raw columns",
    "pandas": "the six in plain pandas",
    "team": "one team's month with 13 months of history",
}


def make_store(folder: Path, rows: int, teams: int) -> dict[str, float]:
    """Generate the tables, compute the facts and store them; returns the seconds of each part."""
    import duckdb

    from auditkit.build import Built, finish
    from auditkit.facts.derived import make_derived
    from auditkit.facts.enrich import TIMES, facts_table, lay_in_order, write_ordered
    from auditkit.store import Meta, put_in_force
    from auditkit.workspace import open_workspace

    (folder / "audit.toml").write_text(AUDIT, encoding="utf-8")
    workspace = open_workspace(folder)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    built = Built()
    for table, sql in tables_sql(rows, teams).items():
        con.execute(f"CREATE TABLE {table}_made AS {sql}")
        built.relations[table] = f"{table}_made"
        built.present[table] = {name for name, *_ in con.execute(f"DESCRIBE {table}_made").fetchall()}
        _complete(con, table)
    target = workspace.store / "benchmark"
    target.mkdir(parents=True)
    parts = dict.fromkeys(PARTS, 0.0)

    def add(part: str, work, *given):
        started = time.perf_counter()
        found = work(con, *given)
        parts[part] += time.perf_counter() - started
        return found

    add("finish", finish, built, workspace.config)
    for table, relation in built.relations.items():
        add("order", lay_in_order, table, relation)
        facts = add("facts", facts_table, table, workspace.config, built.teams) if table in TIMES else None
        add("write", write_ordered, facts, target / f"{table}.parquet")
    built.present |= add("derive", make_derived, target, workspace.config, built.teams, built.present)
    meta = Meta(
        as_of=workspace.config.as_of,
        newest=workspace.config.as_of,
        teams=built.team_infos(workspace.config),
        tables=built.table_infos(con, target),
        sources=[],
    )
    (target / "meta.json").write_text(meta.to_json(), encoding="utf-8")
    put_in_force(workspace, "benchmark")
    return parts


def _complete(con, table: str) -> None:
    """Give a generated table the columns that it lacks."""
    from auditkit.schema import TABLES

    there = {name for name, *_ in con.execute(f"DESCRIBE {table}_made").fetchall()}
    for name, kind in TABLES[table].sql_types.items():
        if name not in there:
            con.execute(f'ALTER TABLE {table}_made ADD COLUMN "{name}" {kind}')
    con.execute(f"ALTER TABLE {table}_made ADD COLUMN file_no INTEGER DEFAULT 0")


def tables_sql(rows: int, teams: int) -> dict[str, str]:
    """Queries that generate tickets, calls and surveys from hashes: the same rows on every machine."""
    number = "CAST(hash(i * {0} + {1}) >> 2 AS BIGINT)"
    raw = f"""(SELECT i, {number.format(1, 0)} AS h, {number.format(7, 1)} AS g, {number.format(13, 5)} AS k
        FROM range({{count}}) t(i))"""
    at = f"make_timestamptz({FIRST_US} + (h % {SPAN_S}) * 1000000)"
    customers = max(rows // 4, 1)
    return {
        "tickets": f"""
            SELECT 'tickets.csv' AS source, i + 2 AS source_row, 'T' || i AS ticket_id,
                'Team ' || (h % {teams}) AS team, {at} AS created_at,
                make_timestamptz(epoch_us({at}) + CAST(exp(6 + 5 * ((g % 1000) / 1000.0)) AS BIGINT) * 1000000)
                    AS first_response_at,
                CASE WHEN k % 25 > 0 THEN make_timestamptz(epoch_us({at})
                    + CAST(exp(11 + 3 * ((k % 1000) / 1000.0)) AS BIGINT) * 1000000) END AS resolved_at,
                ['phone', 'email', 'chat', 'web'][1 + g % 4] AS channel, 'Agent ' || (g % ({teams} * 8)) AS agent,
                'C' || (k % {customers}) AS customer_id, ['bill', 'fault', 'move', 'price'][1 + (k // 7) % 4] AS reason,
                CASE WHEN g % 12 = 0 THEN 1 ELSE 0 END AS reopens, 1 + k % 4 AS replies, g % 9 AS transfers
            FROM {raw.format(count=rows)}""",
        "calls": f"""
            SELECT 'calls.csv' AS source, i + 2 AS source_row, 'K' || i AS call_id,
                'Team ' || (h % {teams}) AS team, {at} AS offered_at, g % 20 > 0 AS answered,
                CAST(g % 90 AS DOUBLE) AS wait_seconds, CASE WHEN g % 20 = 0 THEN 'queue' END AS abandoned_in,
                CAST(60 + k % 600 AS DOUBLE) AS talk_seconds, 'C' || (k % {customers}) AS customer_id,
                k % 5 > 0 AS resolved
            FROM {raw.format(count=rows // 4)}""",
        "surveys": f"""
            SELECT 'surveys.csv' AS source, i + 2 AS source_row, 'S' || i AS response_id,
                'Team ' || (h % {teams}) AS team, ['csat', 'nps', 'ces'][1 + g % 3] AS kind,
                {at} AS sent_at, CASE WHEN k % 3 > 0 THEN {at} END AS answered_at,
                CASE WHEN k % 3 > 0 THEN CAST(1 + k % 5 AS DOUBLE) END AS score, 1.0 AS scale_min, 5.0 AS scale_max,
                'T' || i AS ticket_id
            FROM {raw.format(count=rows // 5)}""",
    }


def step(name: str, folder: Path) -> float:
    """The seconds of one step, imports left out: what is measured is the reading and counting."""
    import scipy.special  # noqa: F401  (the engine imports it when the first interval is asked for)

    from auditkit.clocks.period import parse_period
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.store import open_store
    from auditkit.workspace import open_workspace

    store = open_store(open_workspace(folder))
    months = parse_period("2026-04").history(24)
    if name == "team":
        team, history = [sorted(store.meta.teams)[0]], months[-13:]
        evaluate(store, teams=team, periods=history)
    started = time.perf_counter()
    if name == "scan":
        con = store.connect()
        columns = ", ".join(f'hash(max("{one}"))' for one in NEEDED)
        con.execute(f"SELECT {columns} FROM tickets").fetchall()
    elif name == "six":
        evaluate(store, SIX, periods=months)
    elif name == "catalogue":
        evaluate(store, periods=months)
    elif name == "channels":
        evaluate(store, periods=months, by="channel", teams=sorted(store.meta.teams))
    elif name == "team":
        evaluate(store, teams=team, periods=history)
    elif name == "sql":
        by_hand(store)
    elif name == "pandas":
        in_pandas(store)
    return time.perf_counter() - started


def by_hand(store) -> None:
    """Four of the six as an analyst would write them on raw columns; business hours and journeys by windows."""
    con = store.connect()
    month = "date_trunc('month', timezone('Europe/Helsinki', created_at))"
    for sql in (
        f"SELECT team, {month} AS m, count(*) FROM tickets GROUP BY ALL",
        f"""SELECT team, {month} AS m, avg(epoch_us(first_response_at) - epoch_us(created_at)),
            quantile_cont((epoch_us(first_response_at) - epoch_us(created_at)) / 1e6, [0.5, 0.9])
            FROM tickets WHERE first_response_at IS NOT NULL GROUP BY ALL""",
        f"""SELECT team, {month} AS m, avg(CAST(epoch_us(first_response_at) - epoch_us(created_at) <= 4 * 3600e6
            AS INT)) FROM tickets GROUP BY ALL""",
        """SELECT t.team, e.m, count(*) FROM tickets t
            JOIN (SELECT unnest(generate_series(TIMESTAMPTZ '2024-06-01', TIMESTAMPTZ '2026-05-01', INTERVAL 1 MONTH))
                AS m) e
            ON t.created_at < e.m AND (t.resolved_at IS NULL OR t.resolved_at >= e.m) GROUP BY ALL""",
        f"""WITH c AS (SELECT *, lead(created_at) OVER w AS after, lag(created_at) OVER w AS before
                FROM tickets WINDOW w AS (PARTITION BY team, customer_id, reason ORDER BY created_at))
            SELECT team, {month} AS m, count(*), count(*) FILTER (resolved_at IS NOT NULL AND reopens = 0
                AND (after IS NULL OR after > created_at + INTERVAL 7 DAY))
            FROM c WHERE before IS NULL OR created_at > before + INTERVAL 7 DAY GROUP BY ALL""",
        f"""WITH c AS (SELECT team, customer_id, reason, created_at,
                    created_at > lag(created_at) OVER w + INTERVAL 14 DAY AS new
                FROM tickets WINDOW w AS (PARTITION BY team, customer_id, reason ORDER BY created_at)),
            j AS (SELECT *, sum(CAST(coalesce(new, TRUE) AS INT)) OVER (PARTITION BY team, customer_id, reason
                ORDER BY created_at) AS no FROM c),
            k AS (SELECT team, min(created_at) AS created_at, count(*) AS contacts
                FROM j GROUP BY team, customer_id, reason, no)
            SELECT team, {month} AS m, avg(contacts) FROM k GROUP BY ALL""",
    ):
        con.sql(sql).to_arrow_table()


def in_pandas(store) -> None:
    """The same by groupby on a frame read from the stored columns."""
    import pandas as pd

    columns = ["team", "created_at", "first_response_at", "resolved_at", "customer_id", "reason", "reopens"]
    frame = pd.read_parquet(store.folder / "tickets.parquet", columns=columns)
    month = frame["created_at"].dt.tz_convert("Europe/Helsinki").dt.tz_localize(None).dt.to_period("M")
    groups = [frame["team"], month]
    frame.groupby(groups).size()
    wait = (frame["first_response_at"] - frame["created_at"]).dt.total_seconds()
    wait.groupby(groups).agg(["mean", "median", lambda one: one.quantile(0.9)])
    (wait <= 4 * 3600).groupby(groups).mean()
    for end in pd.date_range("2024-06-01", "2026-05-01", freq="MS", tz="Europe/Helsinki"):
        still = (frame["created_at"] < end) & ~(frame["resolved_at"] < end)
        frame.loc[still].groupby("team").size()
    frame = frame.sort_values(["team", "customer_id", "reason", "created_at"])
    same = frame.groupby(["team", "customer_id", "reason"])["created_at"]
    after, before = same.shift(-1) - frame["created_at"], frame["created_at"] - same.shift(1)
    week = pd.Timedelta(days=7)
    met = frame["resolved_at"].notna() & (frame["reopens"] == 0) & ~(after <= week)
    met[~(before <= week)].groupby([frame["team"], month]).mean()
    journey = (before.isna() | (before > pd.Timedelta(days=14))).cumsum()
    frame.groupby(journey).size().mean()


def timed(name: str, folder: Path) -> tuple[float, float]:
    """Seconds told by the step itself, and the peak memory of its process in MB."""
    command = [sys.executable, __file__, "--step", name, "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    told = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the step {name!r} failed")
    return float(told), usage.ru_maxrss / 1024


def main() -> None:
    """Make the store, run the steps in turn, print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=STEPS, default=list(STEPS))
    parser.add_argument("--keep", type=Path, help="folder for the store; used again when it is there")
    parser.add_argument("--step", choices=("make", *STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step == "make":
        print(json.dumps(make_store(asked.folder, asked.rows, asked.teams)))
    elif asked.step:
        print(step(asked.step, asked.folder))
    elif asked.keep:
        asked.keep.mkdir(parents=True, exist_ok=True)
        compare(asked, asked.keep)
    else:
        with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as name:
            compare(asked, Path(name))


def compare(asked: argparse.Namespace, folder: Path) -> None:
    """Run every step and print it beside the scan of the same run."""
    parts = {}
    if not (folder / "audit.toml").exists():
        sizes = ["--rows", str(asked.rows), "--teams", str(asked.teams)]
        command = [sys.executable, __file__, "--step", "make", "--folder", str(folder), *sizes]
        parts = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    names = list(dict.fromkeys(["scan", *asked.only]))
    runs = {name: [] for name in names}
    for _ in range(asked.repeat):
        for name in names:
            runs[name].append(timed(name, folder))
    scan = statistics.median(seconds for seconds, _ in runs["scan"])
    print(f"{asked.rows:,} tickets, {asked.teams} teams, 24 months, {os.cpu_count()} cores, medians of {asked.repeat}")
    print(f"{'step':<50} {'seconds':>8} {'x scan':>8} {'peak MB':>8}")
    for name, seconds in parts.items():
        print(f"{PARTS[name]:<50} {seconds:>8.2f} {seconds / scan:>8.1f} {'':>8}")
    for name in names:
        seconds = statistics.median(one for one, _ in runs[name])
        print(f"{STEPS[name]:<50} {seconds:>8.2f} {seconds / scan:>8.1f} {max(mb for _, mb in runs[name]):>8.0f}")


if __name__ == "__main__":
    main()
