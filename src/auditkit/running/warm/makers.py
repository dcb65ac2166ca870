"""What every kind of makers can do, however its processes come about.

In come tasks, out go events; see the package's description. What differs is in ``forking`` and ``spawning``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from auditkit.running.warm.limits import Limits
from auditkit.running.warm.wire import Event


class Makers(ABC):
    """Up to ``workers`` reports at a time."""

    def __init__(self, workers: int, limits: Limits, log: Path | None):
        self.workers, self.limits, self.log = workers, limits, log
        self.running: dict[int, dict[str, Any]] = {}

    @property
    def busy(self) -> bool:
        """Whether an end is still awaited."""
        return bool(self.running)

    @property
    def free(self) -> int:
        """How many more tasks can be handed in now."""
        return self.workers - len(self.running)

    @abstractmethod
    def submit(self, number: int, task: dict[str, Any], limits: Limits | None = None) -> None:
        """Begin a task; ``number`` is the caller's own, and none that is still running. ValueError if none is free.

        ``limits`` are this task's own, where they differ.
        """

    @abstractmethod
    def events(self, timeout: float = 0.2) -> list[Event]:
        """What has happened; waits for the first for at most ``timeout`` seconds."""

    @abstractmethod
    def cancel(self, number: int) -> None:
        """End the task's processes; its end is told with the class "cancelled"."""

    @abstractmethod
    def end(self) -> None:
        """End every process. Idempotent."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None):
        self.end()

    def _take(self, number: int, task: dict[str, Any]) -> None:
        if number in self.running or not self.free:
            raise ValueError(f"task {number}: nobody is free to make it, or it is being made")
        self.running[number] = task
