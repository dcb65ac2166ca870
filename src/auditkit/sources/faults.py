"""Turns what the operating system and the reading libraries say into errors that a person can act on.

In goes the name a file is cited by; out comes a :class:`DataError` with place, finding and remedy. Kept apart because
every format needs the same words for the same mishap.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from auditkit.errors import DataError, Problem

REMEDIES = {
    errno.ENOENT: "Check the path in audit.toml.",
    errno.EISDIR: "Name the files in the folder, for example with *.csv.",
    errno.EACCES: "Give your user the right to read it.",
    errno.EPERM: "Give your user the right to read it.",
    errno.ENOSPC: "Free some disk space and start again.",
}


def unreadable(place: str, finding: str, remedy: str = "", expectation: str = "") -> DataError:
    """The error for something in a file that stops the load."""
    return DataError(Problem(place, finding, expectation, remedy))


@contextmanager
def told_as(place: str) -> Iterator[None]:
    """Turns an operating system's error about ``place`` into a :class:`DataError` with the system's own words."""
    try:
        yield
    except OSError as error:
        words = error.strerror or str(error) or type(error).__name__
        remedy = REMEDIES.get(error.errno or 0, "Export the file again, or copy it again from where it came.")
        raise unreadable(place, f"cannot be read: {words}", remedy) from error
