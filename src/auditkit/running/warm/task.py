"""In the process of a report: fresh random states, limits in force, then the work that the task's kind names.

In comes a task, out go messages, the last of which is the answer. It is the same in a forked and in a spawned process.
"""

from __future__ import annotations

import importlib
import os
import random
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditkit.running.warm.family import private_bytes
from auditkit.running.warm.limits import Limits
from auditkit.running.warm.tail import Tail
from auditkit.running.warm.wire import send

KINDS = {
    "report": ("auditkit.running.worker", "make"),
    "answers": ("auditkit.running.answering", "ask"),
    "notebook": ("auditkit.running.warm.notebook", "run_notebook"),
    "kernel": ("auditkit.running.warm.kernel", "serve_kernel"),
}
_MEMORY_SLACK = 1 << 29  # bytes that libraries reserve and never touch: arenas, stacks of threads


def run_task(task: dict[str, Any], limits: Limits, answers: int, printed: tuple[int, int], tail: Tail) -> None:
    """Do what the task asks; the answer is the last thing that is sent."""
    from auditkit.running.shell import Surroundings

    os.set_inheritable(answers, False)
    reseed()
    bound_memory(limits)
    module, function = KINDS[task.get("kind", "report")]
    around = Surroundings(limits.printed_bytes, limits.shown_bytes, limits.cell_seconds, printed, tail)
    answer = getattr(importlib.import_module(module), function)(task, lambda message: send(answers, message), around)
    send(answers, {"kind": "end", "memory": private_bytes()} | answer)


def reseed() -> None:
    """Random states as a fresh process has them: none is inherited, so no two reports share one."""
    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed()


def bound_memory(limits: Limits) -> None:
    """A request for far more memory than is allowed fails where it is made, as MemoryError in the cell."""
    if limits.memory_bytes is None:
        return
    with suppress(ImportError, OSError, ValueError, StopIteration):
        import resource

        now = _data_bytes()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (now + limits.memory_bytes + _MEMORY_SLACK, hard))


def _data_bytes() -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
