"""Who watches a run: a person at a terminal, a log that is read in the morning, or a program.

In come the plan, what happens to each report and the end; out come a live table, one line for each report, or one line
of JSON for each event. All three are told the same things.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from auditkit.cli.show import one_line, tell, watched

if TYPE_CHECKING:
    from auditkit.running.plan import Job, Plan
    from auditkit.running.run import Happened, Outcome

SCHEMA = 1
RECENT = 20  # reports whose pace says how long the rest will take
_REFRESH_PER_SECOND = 4


class Watching(Protocol):
    """What a run reports to."""

    def planned(self, plan: Plan, workers: int) -> None:
        """What is to be made, what is up to date, what was left out."""

    def happened(self, event: Happened) -> None:
        """A report began, did a cell, is tried again, or ended."""

    def ended(self, summary: dict[str, Any]) -> None:
        """The run is over."""


@contextmanager
def watching(form: str) -> Iterator[Watching]:
    """The watcher for whoever is there: ``form`` "json" is a program."""
    if form == "json":
        yield Machine()
    elif watched():
        with _live() as table:
            yield table
    else:
        yield Log()


class Recorded:
    """Passes everything on to another watcher, and keeps the events of the run for ``.auditkit/run.json``."""

    def __init__(self, watcher: Watching, path: Path):
        self.watcher, self.path = watcher, path
        self.events: list[str] = []
        self.machine = Machine(self.events.append)

    def planned(self, plan: Plan, workers: int) -> None:
        self.machine.planned(plan, workers)
        self.watcher.planned(plan, workers)

    def happened(self, event: Happened) -> None:
        if event.kind != "cell":
            self.machine.happened(event)
        self.watcher.happened(event)

    def ended(self, summary: dict[str, Any]) -> None:
        self.machine.ended(summary)
        self.watcher.ended(summary)
        fresh = self.path.with_suffix(".new")
        with suppress(OSError):  # a full disk: it was all said already
            fresh.write_text("[\n" + ",\n".join(self.events) + "\n]\n", encoding="utf-8")
            fresh.replace(self.path)


class Log:
    """One line for each report that ended or is tried again."""

    def __init__(self) -> None:
        self.total = self.count = 0

    def planned(self, plan: Plan, workers: int) -> None:
        self.total = len(plan.due)
        _tell_plan(plan)

    def happened(self, event: Happened) -> None:
        if event.kind == "retry":
            tell(_retry_words(event))
        elif event.kind == "end":
            self.count += 1
            outcome = event.detail["outcome"]
            why = outcome.problems[0] if outcome.state == "failed" and outcome.problems else event.job.why
            seconds = f"{outcome.seconds:.1f} s"
            tell(f"{self.count} of {self.total}  {outcome.state}  {event.job.name}  {seconds}  ({why})")

    def ended(self, summary: dict[str, Any]) -> None:
        """The summary is printed by the command itself."""


class Machine:
    """One line of JSON for each event on standard output; see docs/run.md."""

    def __init__(self, write: Callable[[str], None] = lambda line: print(line, flush=True)):
        self.write = write

    def planned(self, plan: Plan, workers: int) -> None:
        due = [_named(job) | {"why": job.why} for job in plan.due]
        current = [_named(job) for job in plan.current]
        self._say("plan", workers=workers, due=due, up_to_date=current, left_out=list(plan.left_out))

    def happened(self, event: Happened) -> None:
        if event.kind == "end":
            self._say("end", **_named(event.job), **as_json(event.detail["outcome"]))
        else:
            self._say(event.kind, **_named(event.job), **event.detail)

    def ended(self, summary: dict[str, Any]) -> None:
        self._say("summary", **summary)

    def _say(self, event: str, **values: Any) -> None:
        from auditkit.running.ledger import now

        said = {"schema": SCHEMA, "event": event, "at": now()} | values
        self.write(json.dumps(said, ensure_ascii=False, allow_nan=False))


class Live:
    """A table for a person: what runs, how far it is, how many are done, at what pace, and how long it will take."""

    def __init__(self, console: Any, clock: Callable[[], float] = time.monotonic):
        self.console, self.clock = console, clock
        self.total = self.done = self.failed = 0
        self.running: dict[str, tuple[float, float, str]] = {}
        self.ends: deque[float] = deque(maxlen=RECENT + 1)

    def planned(self, plan: Plan, workers: int) -> None:
        self.total = len(plan.due)
        self.ends.append(self.clock())
        _tell_plan(plan, self._print)

    def happened(self, event: Happened) -> None:
        name = event.job.name
        begun, _, worker = self.running.get(name, (self.clock(), 0.0, ""))
        if event.kind == "begun":
            self.running[name] = (self.clock(), 0.0, event.detail.get("worker", ""))
        elif event.kind == "cell" and event.detail.get("total"):
            self.running[name] = (begun, event.detail["done"] / event.detail["total"], worker)
        elif event.kind == "retry":
            self.running.pop(name, None)
            self._print(_retry_words(event))
        elif event.kind == "end":
            self.running.pop(name, None)
            self._end(name, event.detail["outcome"])

    def ended(self, summary: dict[str, Any]) -> None:
        """The summary is printed by the command itself."""

    def _end(self, name: str, outcome: Outcome) -> None:
        self.ends.append(self.clock())
        self.done += 1
        if outcome.state != "made":
            self.failed += 1
            self._print(f"{outcome.state}  {name}: {outcome.problems[0] if outcome.problems else ''}")

    def _print(self, words: str) -> None:
        from rich.text import Text

        self.console.print(Text(one_line(words)))

    def headline(self) -> str:
        """``12 done (1 not in order), 2 running, 26 remaining; 14.2 a minute; about 3 min left``"""
        remaining = self.total - self.done - len(self.running)
        trouble = f" ({self.failed} not in order)" if self.failed else ""
        words = f"{self.done} done{trouble}, {len(self.running)} running, {remaining} remaining"
        pace = self.pace()
        if pace is None:
            return words
        left = (self.total - self.done) / pace
        return f"{words}; {60 * pace:.1f} a minute; about {_duration(left)} left"

    def pace(self) -> float | None:
        """Reports a second, of the last ones; None before the first has ended."""
        if len(self.ends) < 2 or self.ends[-1] <= self.ends[0]:
            return None
        return (len(self.ends) - 1) / (max(self.clock(), self.ends[-1]) - self.ends[0])

    def __rich__(self) -> Any:
        from rich.console import Group
        from rich.progress_bar import ProgressBar
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        for name, (begun, part, worker) in self.running.items():
            seconds = Text(f"{self.clock() - begun:.0f} s", justify="right")
            bar = ProgressBar(total=1.0, completed=part, width=20)
            table.add_row(Text(one_line(name)), bar, seconds, Text(one_line(worker), style="dim"))
        foot = Table.grid(padding=(0, 2))
        foot.add_row(ProgressBar(total=max(1, self.total), completed=self.done, width=20), Text(self.headline()))
        return Group(table, foot)


@contextmanager
def _live() -> Iterator[Live]:
    from rich.console import Console
    from rich.live import Live as Screen

    console = Console(stderr=True, highlight=False)
    table = Live(console)
    with Screen(table, console=console, refresh_per_second=_REFRESH_PER_SECOND, transient=True):
        yield table


def as_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as programs read it."""
    return {
        "state": outcome.state,
        "seconds": outcome.seconds,
        "memory_bytes": outcome.memory_bytes,
        "attempts": outcome.attempts,
        "problems": list(outcome.problems),
        "failure": dict(outcome.failure) if outcome.failure else None,
        "remarks": list(outcome.remarks),
        "files": [str(path) for path in files_of(outcome.job)] if outcome.state != "failed" else [],
        "log": outcome.log,
        "notebook": outcome.notebook,
    }


def files_of(job: Job) -> Sequence[Path]:
    """The documents of a report that are there."""
    paths = (job.folder / f"{job.report}.{kind}" for kind in ("html", "pdf"))
    return [path for path in paths if path.is_file()]


def _named(job: Job) -> dict[str, Any]:
    return {"report": job.report, "team": job.team, "period": job.period.label}


def _tell_plan(plan: Plan, say: Callable[[str], None] = tell) -> None:
    for line in plan.left_out:
        say(f"left out: {line}")
    for job in plan.current:
        say(f"up to date  {job.name}")


def _retry_words(event: Happened) -> str:
    pause = event.detail["pause"]
    when = f", in {pause:g} s" if pause else ""
    return f"again  {event.job.name}: {event.detail['why']} (attempt {event.detail['attempt']}{when})"


def _duration(seconds: float) -> str:
    """``40 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
