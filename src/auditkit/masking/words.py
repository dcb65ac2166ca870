"""The words by which names and numbers are told: common given names, and what stands before a name or a number.

Two files beside this module hold them: ``given_names.txt`` and ``words.toml``. A given name that is an ordinary word as
well (Onni, Will, Bjørn, Вера) is not among the common ones: it is found where the data know it, or where a text
introduces it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent
_WORDS: Mapping[str, Any] = tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))

GIVEN_NAMES = frozenset(
    name
    for line in (_FOLDER / "given_names.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
    for name in line.split()
)
ALSO_WORDS = frozenset(_WORDS["also_words"].split())
NO_NAMES = frozenset(_WORDS["no_names"].split())
ENDINGS = {kind: tuple(endings.split()) for kind, endings in _WORDS["endings"].items()}


def any_of(phrases: Iterable[str]) -> str:
    """A regular expression for one of the phrases, the longest first; "*" stands for up to twelve further letters.

    >>> any_of(["tel", "order no.", "puh*"])
    'order no\\\\.|puh\\\\w{0,12}|tel'
    """
    longest_first = sorted(phrases, key=lambda one: (-len(one), one))
    return "|".join(re.escape(one).replace(r"\ ", " ").replace(r"\*", r"\w{0,12}") for one in longest_first)


def _all(table: Mapping[str, Iterable[str]]) -> list[str]:
    return [phrase for language in ("en", "fi", "nb", "ru") for phrase in table[language]]


# The pattern of what stands before a name, up to the name, and what a name must be there.
INTRODUCTIONS = tuple(
    (re.compile(rf"(?<!\w)(?:{any_of(_all(one))}){one['gap']}(?=[^\W\d_])", re.IGNORECASE), one["rule"])
    for one in _WORDS["before_a_name"]
)
BEFORE_A_NUMBER = any_of(_all(_WORDS["before_a_number"]))
BEFORE_A_PHONE = any_of(_all(_WORDS["before_a_phone"]))
MONEY, OTHER_UNITS = any_of(_WORDS["units"]["money"]), any_of(_WORDS["units"]["other"])
