"""One million tickets: loading them from CSV, and every measure for every team over 13 months.

Each step runs in a process of its own, whose time and peak memory the operating system accounts for. Ratios are to the
baseline of the same run: DuckDB alone reading the same files (every column, types found by itself). Run it as
``python benchmarks/million.py [--rows N] [--teams T] [--repeat R]``.
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

AUDIT = """[audit]
client = "Benchmark"
timezone = "Europe/Helsinki"

[[source]]
table = "tickets"
path = "tickets.csv"

[hours.default]
mon-fri = "08:00-16:00"
holidays = "FI"

[targets]
first_response_within = { within = "4h", at_least = 0.8 }
first_response_within_business = { within = "4h", at_least = 0.8 }
resolved_within = { within = "3d", at_least = 0.8 }
resolved_within_business = { within = "24h", at_least = 0.8 }
"""
STEPS = {
    "read": "read the CSV with DuckDB alone",
    "load": "load it into the store, facts included",
    "scan": "read the stored tickets with DuckDB alone",
    "figures": "all measures, all teams, 13 months",
    "variants": "the same with all variants",
}


def make_tickets(target: Path, rows: int, teams: int) -> None:
    """A seeded CSV of tickets over 13 months: naive local times, canonical headers."""
    import duckdb

    seconds = 395 * 86400
    duckdb.connect().execute(f"""
        COPY (
            WITH raw AS (
                SELECT i, CAST(hash(i) >> 2 AS BIGINT) AS h, CAST(hash(i * 7 + 1) >> 2 AS BIGINT) AS g,
                    CAST(hash(i * 13 + 5) >> 2 AS BIGINT) AS k
                FROM range({rows}) t(i)),
            timed AS (
                SELECT *, make_timestamp(1746057600000000 + CAST(h % {seconds} AS BIGINT) * 1000000) AS created_at,
                    CAST(exp(7 + 3 * ((g % 1000) / 1000.0)) AS BIGINT) AS reply,
                    CAST(exp(8 + 5 * ((k % 1000) / 1000.0)) AS BIGINT) AS work
                FROM raw)
            SELECT 'T' || i AS ticket_id, 'Team ' || (h % {teams}) AS team, created_at,
                created_at + to_seconds(reply) AS first_response_at,
                CASE WHEN k % 20 > 0 THEN created_at + to_seconds(reply + work) END AS resolved_at,
                ['phone', 'email', 'chat', 'web'][1 + g % 4] AS channel, 'Agent ' || (g % ({teams} * 8)) AS agent,
                'C' || (k % {max(rows // 3, 1)}) AS customer_id, ['low', 'normal', 'high'][1 + k % 3] AS priority,
                ['bill', 'fault', 'move', 'price', 'other'][1 + h % 5] AS reason, g % 25 = 0 AS escalated,
                CASE WHEN g % 12 = 0 THEN 1 ELSE 0 END AS reopens, 1 + k % 4 AS replies,
                'Subject of ticket ' || i AS subject
            FROM timed ORDER BY i
        ) TO '{target}' (FORMAT csv, HEADER)
    """)


def step(name: str, folder: Path) -> None:
    """What one process does; the first import is part of it, as it is for a user."""
    if name in ("read", "scan"):
        import duckdb

        path = (
            folder / "tickets.csv" if name == "read" else next((folder / ".auditkit/store").glob("*/tickets.parquet"))
        )
        reader = f"read_csv('{path}')" if name == "read" else f"read_parquet('{path}')"
        con = duckdb.connect()
        columns = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {reader}").fetchall()]
        con.execute("SELECT " + ", ".join(f'hash(max("{one}"))' for one in columns) + f" FROM {reader}").fetchall()
        return
    from auditkit.clocks.period import parse_period
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.load import load
    from auditkit.store import open_store
    from auditkit.workspace import open_workspace

    workspace = open_workspace(folder)
    if name == "load":
        load(workspace, force=True)
        return
    periods = parse_period("2026-05").history(13)
    results = evaluate(open_store(workspace), periods=periods, variants=name == "variants")
    assert results["available"].any()


def timed(name: str, folder: Path) -> tuple[float, float]:
    """Wall seconds and peak memory (MB) of one step in a process of its own."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, "--step", name, "--folder", str(folder)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the step {name!r} failed")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    """Make the files, run the steps in turn, print medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--step", choices=("make", *STEPS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        if asked.step == "make":
            return make_tickets(asked.folder / "tickets.csv", asked.rows, asked.teams)
        return step(asked.step, asked.folder)
    with tempfile.TemporaryDirectory(prefix="auditkit-bench-") as name:
        folder = Path(name)
        (folder / "audit.toml").write_text(AUDIT, encoding="utf-8")
        # In a process of its own, whose memory the measured ones do not inherit.
        subprocess.run(
            [
                sys.executable,
                __file__,
                "--step",
                "make",
                "--folder",
                name,
                "--rows",
                str(asked.rows),
                "--teams",
                str(asked.teams),
            ],
            check=True,
        )
        megabytes = (folder / "tickets.csv").stat().st_size / 1e6
        order = ("read", "load", "scan", "figures", "variants")
        runs = {one: [] for one in order}
        for _ in range(asked.repeat):
            for one in order:
                runs[one].append(timed(one, folder))
    report(asked, megabytes, runs)
    return None


def report(asked: argparse.Namespace, megabytes: float, runs: dict[str, list[tuple[float, float]]]) -> None:
    """Medians of the runs, as ratios to reading alone."""
    seconds = {name: statistics.median(one[0] for one in times) for name, times in runs.items()}
    memory = {name: max(one[1] for one in times) for name, times in runs.items()}
    baseline = {"load": "read", "figures": "read", "variants": "read", "read": "read", "scan": "read"}
    rows = [
        {
            "step": STEPS[name],
            "seconds": seconds[name],
            "ratio": seconds[name] / seconds[baseline[name]],
            "peak_mb": memory[name],
        }
        for name in runs
    ]
    if asked.format == "json":
        print(json.dumps({"rows": asked.rows, "teams": asked.teams, "megabytes": megabytes, "steps": rows}, indent=1))
        return
    size = f"{asked.rows:,} tickets, {asked.teams} teams, {megabytes:.0f} MB of CSV"
    print(f"{size}, {os.cpu_count()} cores, medians of {asked.repeat}")
    print(f"{'step':<44} {'seconds':>8} {'x reading':>10} {'peak MB':>8}")
    for row in rows:
        print(f"{row['step']:<44} {row['seconds']:>8.2f} {row['ratio']:>10.1f} {row['peak_mb']:>8.0f}")


if __name__ == "__main__":
    main()
