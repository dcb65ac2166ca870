"""The warm process: it has imported everything, has one thread, and forks a supervisor for each task it is told of.

In come lines on standard input (a task, or the number of one to cancel), out go lines on standard output (events). It
runs no notebook (it looks in its text for libraries to import first) and opens no data, so nothing of one client can be
found in it by another's report. When its input ends, because the caller has closed it or is dead, everything beneath it
is ended.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditkit.running.failures import Failure, answer_of, of_death
from auditkit.running.warm.family import adopt_abandoned, end_descendants, threads_here
from auditkit.running.warm.limits import Limits
from auditkit.running.warm.ready import get_ready, get_ready_for
from auditkit.running.warm.wire import Lines, send


class NotForkSafe(RuntimeError):
    """There is more than one thread: a forked child could wait forever for a lock that nobody holds."""


class Warm:
    """The loop of the warm process."""

    def __init__(self, commands: int, answers: int):
        self.answers = answers
        self.commands = Lines(commands)
        self.selector = selectors.DefaultSelector()
        self.selector.register(commands, selectors.EVENT_READ, None)
        self.supervisors: dict[int, tuple[int, Lines]] = {}  # task's number: pid, what it says

    def serve(self) -> None:
        """Until the commands end."""
        while not self.commands.ended:
            for key, _ in self.selector.select():
                if key.data is None:
                    for message in self.commands.read():
                        self._obey(message)
                else:
                    self._pass_on(key.data)
        end_descendants(os.getpid())

    def _obey(self, message: dict[str, Any]) -> None:
        if "cancel" in message:
            found = self.supervisors.get(message["cancel"])
            if found:
                with suppress(ProcessLookupError):
                    os.kill(found[0], signal.SIGTERM)
            return
        number = message["number"]
        get_ready_for(message["task"])
        try:
            check_fork_safety()
        except NotForkSafe as error:
            send(self.answers, {"number": number, "kind": "end"} | answer_of(Failure("program fault", str(error))))
            return
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._become_supervisor(message, writing)
        os.close(writing)
        self.supervisors[number] = (pid, Lines(reading))
        self.selector.register(reading, selectors.EVENT_READ, number)

    def _become_supervisor(self, message: dict[str, Any], writing: int) -> None:
        """In the child: nothing of the warm process's own talk is kept open."""
        code = 1
        try:
            parent = os.getppid()
            self.selector.close()
            for _, lines in self.supervisors.values():
                lines.close()
            os.close(self.commands.descriptor)
            os.close(self.answers)
            from auditkit.running.warm.forked import supervise

            supervise(message["task"], Limits.from_json(message["limits"]), writing, parent)
            code = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(code)

    def _pass_on(self, number: int) -> None:
        _, lines = self.supervisors[number]
        for message in lines.read():
            ended = message["kind"] == "end"
            if ended:
                self._forget(number)
            send(self.answers, {"number": number} | message)
            if ended:
                return
        if lines.ended:
            status = self._forget(number)
            failure = Failure("killed", f"the supervisor of the report is gone: {of_death(status)[1]}")
            if status == -signal.SIGTERM:
                failure = Failure("cancelled", "the report was cancelled")
            send(self.answers, {"number": number, "kind": "end"} | answer_of(failure))

    def _forget(self, number: int) -> int:
        """Bury a supervisor, and what it may have left to this process; its exit status."""
        pid, lines = self.supervisors.pop(number)
        self.selector.unregister(lines.descriptor)
        lines.close()
        _, status = os.waitpid(pid, 0)
        end_descendants(os.getpid(), spare={kept for kept, _ in self.supervisors.values()})
        return os.waitstatus_to_exitcode(status)


def check_fork_safety() -> None:
    """Raises NotForkSafe unless this process has exactly one thread, as Python and as the system count."""
    import threading

    if threading.active_count() != 1 or threads_here() != 1:
        names = ", ".join(sorted({thread.name for thread in threading.enumerate()} | set(_thread_names())))
        raise NotForkSafe(
            f"the warm process has {threads_here()} threads ({names}), so it cannot fork safely. "
            "A library started one on import; run with a pool of spawned processes."
        )


def _thread_names() -> list[str]:
    names = []
    for thread in Path("/proc/self/task").glob("*/comm"):
        with suppress(OSError):
            names.append(thread.read_text().strip())
    return names


def main() -> None:
    """Get ready, then serve until the input ends."""
    commands, answers = os.dup(0), os.dup(1)
    with Path(os.devnull).open("r+b") as nowhere:
        os.dup2(nowhere.fileno(), 0)
        os.dup2(2, 1)  # what libraries print goes to the log
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN if number == signal.SIGINT else signal.SIG_DFL)
    adopt_abandoned()
    get_ready()
    gc.collect()
    gc.freeze()  # what is here now is never looked at again, so its pages stay shared
    with suppress(BrokenPipeError):
        Warm(commands, answers).serve()
    sys.stderr.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
