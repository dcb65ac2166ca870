"""The ways in which a report can fail: one class each, with what to do about it and whether another attempt can help.

In comes what was seen (an exception, an exit code, a signal, a limit that was passed), out goes a frozen failure that
says class, cell, error, last output and remedy. It stands alone because everything that makes, retries or lists reports
speaks of failures in these words, whichever process saw them.
"""

from __future__ import annotations

import errno
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FailureClass:
    """``retry``: whether the same inputs may well succeed when they are tried again."""

    words: str
    remedy: str
    retry: bool = False


CLASSES = {
    "error in a cell": FailureClass(
        "a cell of the notebook raised an error", "Read the last lines of the error, and mend the notebook or the data."
    ),
    "ended itself": FailureClass(
        "the notebook ended itself before its end",
        "Remove the call of exit() or sys.exit(): a report ends with audit.close().",
    ),
    "process ended": FailureClass(
        "the process of the report ended in the middle of a cell",
        "Something called os._exit() or ended the interpreter; look at the cell and at the libraries that it calls.",
    ),
    "crash": FailureClass(
        "a library crashed the process of the report",
        "Look at the last lines in the log; renew the library that crashed.",
    ),
    "killed": FailureClass(
        "the process of the report was killed from outside", "Run again; see who ended it.", retry=True
    ),
    "out of memory": FailureClass(
        "the machine ran out of memory and the system ended the process",
        "Run with fewer --workers, or on a machine with more memory.",
        retry=True,
    ),
    "memory limit": FailureClass(
        "the report needed more memory than it is allowed",
        "Look for what the cell holds in memory; allow more memory, or use fewer --workers.",
        retry=True,
    ),
    "cell timeout": FailureClass(
        "a cell ran longer than a cell is allowed",
        "Look at what the cell waits for; allow cells more time where the work is honest.",
        retry=True,
    ),
    "notebook timeout": FailureClass(
        "the report took longer than a report is allowed",
        "Look for the slow cells in the log; allow reports more time where the work is honest.",
        retry=True,
    ),
    "too much output": FailureClass(
        "the notebook displayed more than a report may hold", "Show less: no report is read that is this long."
    ),
    "disk full": FailureClass(
        "the disk is full", "Free some disk space and run again; earlier editions are as they were."
    ),
    "cannot be written": FailureClass(
        "a file could not be written",
        "See who may write there, and whether a file of it is open in another program; then run again.",
    ),
    "damaged notebook": FailureClass(
        "the notebook cannot be read", "Open it in JupyterLab and save it, or restore it from a backup."
    ),
    "missing font": FailureClass(
        "a shipped font is missing", "Install auditkit again: pip install --force-reinstall auditkit"
    ),
    "no kernel": FailureClass(
        "the notebook's kernel did not start",
        "pip install --force-reinstall ipykernel; a firewall must let programs talk on 127.0.0.1.",
        retry=True,
    ),
    "untrue": FailureClass(
        "what the notebook showed is not the report that was asked for",
        "Open the audit with the notebook's own parameters, and end with audit.close().",
    ),
    "changed data": FailureClass("the data were loaded anew while the report was made", "Run again.", retry=True),
    "worker lost": FailureClass(
        "every worker of the cluster that was given the report was lost",
        "See the log of the cluster's workers, and whether the report needs more memory than they have; run again.",
    ),
    "cancelled": FailureClass("the report was cancelled", "Run again."),
    "refused": FailureClass("the report could not be made from what it was given", "See the problem."),
    "program fault": FailureClass("a fault of auditkit", "Please report it, with the log."),
}
CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGSYS")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True)
class Failure:
    """Why there is no report. ``kind`` is a key of CLASSES; ``cell`` counts the shipped cells from 1 (0: none)."""

    kind: str
    error: str
    cell: int = 0
    heading: str = ""
    output: tuple[str, ...] = ()
    remedy: str = ""

    def __post_init__(self) -> None:
        if self.kind not in CLASSES:
            raise ValueError(f"unknown class of failure {self.kind!r}")

    @property
    def said(self) -> str:
        """One line: where and what."""
        heading = f" (under '{self.heading}')" if self.heading else ""
        return f"cell {self.cell}{heading}: {self.error}" if self.cell else self.error

    def as_json(self) -> dict[str, Any]:
        """For the ledger and the log: class, words, cell, heading, error, output (lines), remedy, retry."""
        known = CLASSES[self.kind]
        return {
            "class": self.kind,
            "words": known.words,
            "cell": self.cell,
            "heading": self.heading,
            "error": self.error,
            "output": list(self.output),
            "remedy": self.remedy or known.remedy,
            "retry": known.retry,
        }


def answer_of(failure: Failure, **more: Any) -> dict[str, Any]:
    """A report's answer when it failed: state, problems, lines and the failure itself."""
    told = {"state": "failed", "problems": [failure.said], "lines": list(failure.output), "failure": failure.as_json()}
    return told | more


def of_death(status: int, oom_kills: int = 0) -> tuple[str, str]:
    """(class, words) for a process that ended without an answer; ``status`` as subprocess.returncode has it.

    ``oom_kills``: how many processes the system ended for want of memory meanwhile.
    """
    if status >= 0:
        return "process ended", f"the kernel died: its process ended with code {status}"
    name = signal_name(-status)
    if name in CRASHES:
        return "crash", f"the kernel died: a library crashed it ({name})"
    if name == "SIGKILL" and oom_kills:
        return "out of memory", f"the kernel died: the system ended it for want of memory ({name})"
    return "killed", f"the kernel died: its process was ended by {name} (killed, or out of memory)"


def of_os_error(error: OSError, place: str) -> Failure:
    """A failed read or write of the product's own files."""
    where = error.filename or place
    kind = "disk full" if error.errno in FULL else "cannot be written"
    return Failure(kind, f"{where}: cannot be written: {error.strerror or error}.")


def of_raised(ename: str, evalue: str) -> str:
    """The class of an error that a cell raised."""
    if ename == "SystemExit":
        return "ended itself"
    if ename == "MemoryError" or (ename == "OutOfMemoryException"):
        return "memory limit"
    if ename == "CellTimeout":
        return "cell timeout"
    if ename == "NotebookTimeout":
        return "notebook timeout"
    if ename in ("OSError", "IOException") and any(f"Errno {number}" in evalue for number in FULL):
        return "disk full"
    return "error in a cell"


def signal_name(number: int) -> str:
    """``SIGKILL`` for 9; the bare number where it has no name here."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def last_lines(text: str | Sequence[str], count: int = 12) -> tuple[str, ...]:
    """The last lines of what was printed."""
    lines = text.splitlines() if isinstance(text, str) else [line for part in text for line in part.splitlines()]
    return tuple(lines[-count:])


def retry_helps(answer: Mapping[str, Any]) -> bool:
    """Whether another attempt can help a failed report."""
    return bool((answer.get("failure") or {}).get("retry"))
