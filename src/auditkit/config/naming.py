"""The nearest known name to one that is not known, as a remedy: every problem with a name ends with it."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from auditkit.labels import said


def nearest(word: str, known: Collection[str]) -> str:
    """A remedy that names the nearest known word, or all of them when none is near.

    >>> nearest("chanel", ["channel", "agent"])
    "Did you mean 'channel'?"
    """
    folded = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return said("Did you mean '{name}'?", name=folded[close[0]])
    return said("Known: {names}.", names=", ".join(sorted(known))) if known else ""
