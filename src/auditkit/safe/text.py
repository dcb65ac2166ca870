"""Small rules for texts that come from outside: what may pass, and how an id is made of them.

In comes any value from a notebook, out goes a string that XML, HTML, JSON and a typesetter all accept. It stands alone
because every other module of the export uses it, and none of them should decide this twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

# What XML 1.0 forbids (control characters, halves of a pair, non-characters).
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


def clean(value: Any) -> str:
    """``value`` as a text; characters that documents cannot carry become U+FFFD, nothing (None) becomes ""."""
    text = "" if value is None else str(value)
    return _FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def clean_terminal(value: Any) -> str:
    """As :func:`clean`, without terminal colours and without memory addresses (which differ from run to run)."""
    return clean(_ADDRESS.sub("0x…", _ANSI.sub("", str(value))))


def words_of(text: str) -> frozenset[str]:
    """The words of ``text``, for long lists of names that are read better as prose."""
    return frozenset(text.split())


def slug(text: str) -> str:
    """Lower-case letters, digits and hyphens: ``"Speed & backlog"`` gives ``"speed-backlog"``. May be empty."""
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    return re.sub(r"[^\w]+", "-", folded).strip("-_")[:60].strip("-_")


def unique_ids() -> Callable[[str, str], str]:
    """A function (wanted text, fallback) -> id that never gives the same id twice."""
    taken: set[str] = set()

    def take(wanted: str, fallback: str) -> str:
        base = slug(wanted) or fallback
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        return name

    return take
