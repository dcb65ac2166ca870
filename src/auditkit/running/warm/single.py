"""A preheated process for one report: it gets ready, waits for its task, does it, and waits to be ended.

In comes one line on standard input, out go lines on standard output. When the input ends, its caller is gone, and it
ends itself and all that it started.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from auditkit.running.printed import deaf_to_signals
from auditkit.running.warm.family import adopt_abandoned, end_descendants
from auditkit.running.warm.limits import Limits
from auditkit.running.warm.ready import get_ready
from auditkit.running.warm.tail import Tail


def main() -> None:
    """One task."""
    commands, answers = os.fdopen(os.dup(0), "rb"), os.dup(1)
    with Path(os.devnull).open("r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(2, 1)
    adopt_abandoned()
    get_ready()
    line = commands.readline()
    if not line:
        os._exit(0)
    threading.Thread(target=_end_with_caller, args=(commands,), daemon=True).start()
    told = json.loads(line)
    from auditkit.running.warm.task import run_task

    run_task(told["task"], Limits.from_json(told["limits"]), answers, os.pipe(), Tail(Path(told["tail"])))
    threading.Event().wait()  # whoever reads the answer ends what the notebook left, and this


def _end_with_caller(commands: BinaryIO) -> None:
    deaf_to_signals()
    commands.readline()
    sys.stderr.flush()
    end_descendants(os.getpid())
    os._exit(0)


if __name__ == "__main__":
    main()
