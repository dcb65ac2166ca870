"""How long ``import auditkit`` and ``auditkit --help`` take, beside a bare Python and an import of pandas.

Every command is a process of its own, run in turn so that a busy machine slows all alike; the least of the runs counts.
Run it as ``python benchmarks/startup.py [RUNS]``.
"""

from __future__ import annotations

import subprocess
import sys
import time

COMMANDS = {
    "python, nothing else": ["-c", "pass"],
    "import auditkit": ["-c", "import auditkit"],
    "auditkit --help": ["-c", "import sys; sys.argv = ['auditkit', '--help']; from auditkit.cli import main; main()"],
    "import typer, rich": ["-c", "import typer, rich.console"],
    "import pandas": ["-c", "import pandas"],
    "import pandas, duckdb, matplotlib": ["-c", "import pandas, duckdb, matplotlib.pyplot"],
}
RUNS = 5


def main(runs: int = RUNS) -> None:
    """Print one line per command: milliseconds, and the ratio to a bare Python."""
    best = dict.fromkeys(COMMANDS, float("inf"))
    for _ in range(runs + 1):  # the first one also warms the disk's cache
        for name, arguments in COMMANDS.items():
            best[name] = min(best[name], seconds(arguments))
    bare = best["python, nothing else"]
    for name, taken in best.items():
        print(f"{name:34} {taken * 1000:7.0f} ms {taken / bare:6.1f} x")


def seconds(arguments: list[str]) -> float:
    """The wall time of one Python process; a failure of it ends the benchmark."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
