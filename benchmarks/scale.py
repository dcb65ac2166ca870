"""What a big audit costs: processor seconds, memory and bytes, measured small, and worked out for 500 teams.

Every step is a process of its own, and what it and its children used is what the operating system says they used
(processor seconds do not depend on what else the machine does). Two sizes of each show what grows with the rows. Run it
as ``python benchmarks/scale.py [--small ROWS] [--large ROWS]``; docs/scale.md quotes it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from million import AUDIT, make_tickets

TEAMS, REPORTS, TICKETS = 500, 3, 100_000_000
CORES, EFFICIENCY = 8, 0.9  # of one machine in the example; what is lost to waiting and to memory's speed
SRC = Path(__file__).resolve().parents[1] / "src"


@dataclass(frozen=True)
class Cost:
    """What a command and its children used."""

    seconds: float
    megabytes: float


def command(*arguments: str | Path) -> Cost:
    """Run auditkit and account for it."""
    code = "import sys; from auditkit.cli import main; sys.exit(main())"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(SRC), "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{arguments[0]} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def size_of(folder: Path) -> int:
    """Bytes of all files beneath a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measured(folder: Path, rows: int, teams: int, reports: int) -> dict[str, float]:
    """The costs of one workspace of ``rows`` tickets, a few of whose teams get a report."""
    folder.mkdir()
    (folder / "audit.toml").write_text(AUDIT, encoding="utf-8")
    make_tickets(folder / "tickets.csv", rows, teams)
    load = command("load", "-w", folder)
    figures = command("measures", "-w", folder, "--format", "csv", "--period", "2026-05")
    named = [argument for number in range(reports) for argument in ("--team", f"Team {number}")]
    first = command("run", "-w", folder, *named, "--workers", "1")
    again = command("run", "-w", folder, "--period", "2026-05", *named, "--workers", "1")
    from auditkit.running.ledger import reading

    with reading(folder / ".auditkit") as ledger:
        made = ledger.attempts_of(1)
    return {
        "rows": rows,
        "rows of a team": rows / teams,
        "csv bytes": (folder / "tickets.csv").stat().st_size,
        "store bytes": size_of(folder / ".auditkit/store"),
        "load seconds": load.seconds,
        "load megabytes": load.megabytes,
        "figures seconds": figures.seconds,
        "figures megabytes": figures.megabytes,
        "plan seconds": again.seconds,
        "report seconds": (first.seconds - again.seconds) / len(made),
        "report megabytes": max(one["memory_bytes"] or 0 for one in made) / 1024**2,
        "report bytes": size_of(folder / "reports") / len(made),
        "slice bytes": slice_bytes(folder),
    }


def slice_bytes(folder: Path) -> float:
    """What travels to a worker that does not see the workspace, for one report."""
    from auditkit.running.packing import pack
    from auditkit.running.plan import find_reports
    from auditkit.store import open_store
    from auditkit.workspace import open_workspace

    store = open_store(open_workspace(folder))
    (notebook,) = find_reports(store.workspace, ["team_report"]).values()
    return len(pack(store, notebook, "Team 0", "history", "2026-05"))


def at(small: dict[str, float], large: dict[str, float], what: str, rows: float, by: str = "rows") -> float:
    """A cost at ``rows``: the line through the two that were measured."""
    slope = (large[what] - small[what]) / (large[by] - small[by])
    return max(small[what], small[what] + slope * (rows - small[by]))


def worked_out(small: dict[str, float], large: dict[str, float]) -> dict[str, float]:
    """The example of docs/scale.md from the two measurements."""
    of_team = TICKETS / TEAMS
    report = at(small, large, "report seconds", of_team, "rows of a team")
    total = report * TEAMS * REPORTS
    machine = CORES * EFFICIENCY
    return {
        "seconds of processor for a report": report,
        "megabytes for a report": at(small, large, "report megabytes", of_team, "rows of a team"),
        "hours of processor for all reports": total / 3600,
        "hours on one machine of 8": total / machine / 3600,
        "hours on four machines of 8": total / machine / 4 / 3600,
        "hours of processor to load": at(small, large, "load seconds", TICKETS) / 3600,
        "minutes of processor to plan": at(small, large, "plan seconds", TICKETS) / 60,
        "minutes of processor for all figures of a month": at(small, large, "figures seconds", TICKETS) / 60,
        "gigabytes of CSV": at(small, large, "csv bytes", TICKETS) / 1e9,
        "gigabytes in the store": at(small, large, "store bytes", TICKETS) / 1e9,
        "gigabytes of editions": small["report bytes"] * TEAMS * REPORTS / 1e9,
        "megabytes of a slice": at(small, large, "slice bytes", of_team, "rows of a team") / 1e6,
    }


def main() -> None:
    """Print what was measured and what follows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", type=int, default=400_000)
    parser.add_argument("--large", type=int, default=1_200_000)
    parser.add_argument("--reports", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="auditkit-scale-") as folder:
        small = measured(Path(folder) / "small", asked.small, 80, asked.reports)
        large = measured(Path(folder) / "large", asked.large, 6, asked.reports)
    print(json.dumps({"small": small, "large": large}, indent=1))
    print(json.dumps(worked_out(small, large), indent=1))


if __name__ == "__main__":
    main()
