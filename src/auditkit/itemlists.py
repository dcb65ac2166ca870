"""What checklists and scorecards have in common: named lists of items in TOML, with texts by language.

In comes a file of the product or of a client, out come its plain values or a ConfigError; the models of both build on
the helpers here, so that ids, languages and faults of a file are told in one way.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from auditkit.config import LANGUAGES
from auditkit.errors import ConfigError, Problem

ItemId = Field(pattern=r"^[A-Za-z0-9_.-]{1,32}$")
ListId = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
Title = dict[Literal["en", "fi", "nb", "ru"], str]


class Frozen(BaseModel):
    """A value that is read from a file: nothing in it changes, and a key that nobody knows is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def in_language(texts: Mapping[str, Any], language: str) -> Any:
    """The texts in a language, else in English, else in the first there is; None where there are none.

    >>> in_language({"en": None, "nb": "Ja"}, "fi")
    'Ja'
    """
    return next((texts[one] for one in (language, *LANGUAGES) if texts.get(one) is not None), None)


def refuse_repeated(ids: Iterable[str]) -> None:
    """ValueError that names the ids which stand more than once."""
    seen = list(ids)
    twice = sorted({one for one in seen if seen.count(one) > 1})
    if twice:
        raise ValueError(f"the id {', '.join(twice)} stands more than once")


def read_toml(path: Path) -> dict[str, Any]:
    """The file's plain values; ConfigError where it is no TOML in UTF-8."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        remedy = "Mend the line; strings need quotes, tables need [brackets]."
        raise ConfigError(Problem(str(path), f"cannot be read: {error}", "a TOML file in UTF-8", remedy)) from None
