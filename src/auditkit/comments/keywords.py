"""Keyword lists: by which words a text in one language complains, praises, blames, greets or thanks.

In come the shipped file of a language and the workspace's own (``keywords/fi.toml``), which adds to it or takes its
place; out come frozen :class:`Keywords`, or a ConfigError that names the file, the list and the word.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from auditkit.config import nearest
from auditkit.errors import ConfigError, Problem
from auditkit.masking.letters import plain_letters, visible
from auditkit.translation import N_
from auditkit.workspace import Workspace

FOLDER = Path(__file__).parent / "keywords"
OWN_FOLDER = "keywords"
CATEGORIES = {
    "complaint": N_("Complaint"),
    "praise": N_("Praise"),
    "blame": N_("Blame"),
    "greeting": N_("Greeting"),
    "thanks": N_("Thanks"),
}
FEWEST_LETTERS = 3  # before a "*": a shorter stem is in every other word
LONGEST = 80  # signs of a phrase
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_WORD = re.compile(r"(?:[^\W_]+(?:['-][^\W_]+)*\*?)")


def _phrase(text: Any) -> str:
    """A phrase as it is matched; ValueError with what is wrong with it."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError("an empty phrase, or no text")
    folded = fold(text)
    if len(folded) > LONGEST:
        raise ValueError(f"{text[:20]!r}... is longer than {LONGEST} signs")
    for word in folded.split():
        if not _WORD.fullmatch(word):
            raise ValueError(f"{text!r}: {word!r} is no word (expected letters and digits, and '*' at the end only)")
        if word.endswith("*") and len(word) - 1 < FEWEST_LETTERS and len(folded.split()) == 1:
            raise ValueError(f"{text!r} would be found everywhere (expected {FEWEST_LETTERS} letters before '*')")
    return " ".join(folded.split())


Phrase = Annotated[str, BeforeValidator(_phrase)]
Phrases = tuple[Phrase, ...]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    extends: bool = True
    without: Phrases = ()
    complaint: Phrases = ()
    praise: Phrases = ()
    blame: Phrases = ()
    greeting: Phrases = ()
    thanks: Phrases = ()
    negation: Phrases = ()
    exceptions: Phrases = ()


class Keywords(BaseModel):
    """The lists of one language. ``negation``: words before a hit that undo it; ``exceptions``: phrases within which
    nothing is a hit."""

    model_config = ConfigDict(frozen=True)

    language: str
    lists: Mapping[str, Phrases]
    negation: Phrases = ()
    exceptions: Phrases = ()

    def fingerprint(self, category: str) -> str:
        """What tells whether a list is still the one that was checked."""
        parts = (self.lists[category], self.negation, self.exceptions)
        return hashlib.sha256(repr([sorted(part) for part in parts]).encode()).hexdigest()[:12]


def fold(text: str) -> str:
    """``text`` as words are compared: small letters, plain signs, е for ё.

    >>> fold("Звёзды – ÄÄNI")
    'звезды - ääni'
    """
    return plain_letters(visible(text)).casefold().replace("ё", "е")


def keywords_of(workspace: Workspace) -> dict[str, Keywords]:
    """The lists of every language that has any, shipped or the workspace's own. ConfigError with every fault."""
    own = {path.stem: path for path in sorted((workspace.root / OWN_FOLDER).glob("*.toml"))}
    shipped = {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}
    wrong = [
        Problem(f"{OWN_FOLDER}/{name}.toml", "is named after no language", "a code such as fi.toml or sv.toml")
        for name in own
        if not _LANGUAGE.fullmatch(name)
    ]
    problems, found = list(wrong), {}
    for language in dict.fromkeys((*shipped, *own)):
        try:
            found[language] = _of(language, shipped.get(language), own.get(language))
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(*problems)
    return found


def _of(language: str, shipped: Path | None, own: Path | None) -> Keywords:
    base = _read(shipped) if shipped else _File()
    added = _read(own) if own else _File()
    if not added.extends:
        base = _File()
    lists = {name: _without(getattr(base, name) + getattr(added, name), added.without) for name in CATEGORIES}
    unknown = [one for one in added.without if not any(one in getattr(base, name) for name in CATEGORIES)]
    if unknown and own:
        known = [one for name in CATEGORIES for one in getattr(base, name)]
        raise ConfigError(
            *(
                Problem(f"{OWN_FOLDER}/{own.name}, key 'without'", f"{one!r} is in no list", "", nearest(one, known))
                for one in unknown
            )
        )
    return Keywords(
        language=language,
        lists=lists,
        negation=_without(base.negation + added.negation, added.without),
        exceptions=_without(base.exceptions + added.exceptions, ()),
    )


def _without(phrases: Phrases, left_out: Phrases) -> Phrases:
    return tuple(one for one in dict.fromkeys(phrases) if one not in left_out)


def _read(path: Path) -> _File:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        remedy = 'Mend the line; words need quotes, lists need [brackets]: complaint = ["late", "broken"].'
        raise ConfigError(Problem(str(path), f"cannot be read: {error}", "a TOML file in UTF-8", remedy)) from None
    if "except" in raw:
        raw["exceptions"] = raw.pop("except")
    try:
        return _File.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(*_faults(path, error)) from None


def _faults(path: Path, error: ValidationError) -> Iterator[Problem]:
    names = ("extends", "without", *CATEGORIES, "negation", "except")
    for one in error.errors():
        key, *rest = [str(part) for part in one["loc"]]
        key = "except" if key == "exceptions" else key
        place = f"{OWN_FOLDER}/{path.name}, key '{key}'" + (f", word {int(rest[0]) + 1}" if rest else "")
        if one["type"] == "extra_forbidden":
            yield Problem(place, "is no list of keywords", ", ".join(names), nearest(key, names))
        else:
            yield Problem(place, one["msg"].removeprefix("Value error, "))
