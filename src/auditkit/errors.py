"""Errors that a person can act on, one class for each exit code of the command line.

Every error names the place, the finding, what was expected and the remedy. A fault of the input (usage, configuration,
data) is never raised as anything else, and a fault of the program is never dressed as one of these: it keeps its
traceback and ends with exit code 1.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what was found, what was expected, how to mend it."""

    place: str
    finding: str
    expectation: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        expected = f" (expected {self.expectation})" if self.expectation else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{self.place}: {self.finding}{expected}.{remedy}"


class AuditError(Exception):
    """Base of the errors that are told to the user without a traceback.

    ``problems`` holds every :class:`Problem` found, so that all of them are mended in one go.
    """

    exit_code = 1

    def __init__(self, *problems: Problem):
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class UsageError(AuditError):
    """A command or a call was given something that does not exist (a team, a measure, a period)."""

    exit_code = 2


class ConfigError(AuditError):
    """``audit.toml`` says something that cannot be followed."""

    exit_code = 3


class DataError(AuditError):
    """A file cannot be read, or lacks a column that its table requires."""

    exit_code = 4


class ReportError(AuditError):
    """Some reports failed; the others are there."""

    exit_code = 5
