"""``audit.toml``: read, checked as a whole, and handed on as frozen models.

Everything that is wrong with the file is told at once. The models are in config/models.py, the faults in
config/faults.py; whoever needs the configuration imports it from here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from auditkit.config.faults import own_errors, problem_of, semantic_problems
from auditkit.config.models import (
    FILE_NAME,
    HOLIDAY_KEYS,
    LANGUAGES,
    Benchmark,
    ChecklistChoice,
    Config,
    OwnMeasure,
    Source,
    Target,
)
from auditkit.config.naming import nearest
from auditkit.errors import ConfigError, Problem

__all__ = [
    "FILE_NAME",
    "HOLIDAY_KEYS",
    "LANGUAGES",
    "Benchmark",
    "ChecklistChoice",
    "Config",
    "OwnMeasure",
    "Source",
    "Target",
    "check_config",
    "config_of",
    "nearest",
    "read_config",
    "text_of",
]


def read_config(path: Path, measures: Mapping[str, Any] | Collection[str] = ()) -> Config:
    """Read and check ``audit.toml``.

    ``measures`` are the ids that targets may name (empty: not checked). Raises ConfigError with every problem found.
    """
    return config_of(text_of(path), path, measures)


def text_of(path: Path) -> str:
    """The text of ``audit.toml``. Raises ConfigError where there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        remedy = "Make a workspace with 'auditkit new DIR', or name one with --workspace."
        raise ConfigError(Problem(str(path), "does not exist", "a workspace with audit.toml", remedy)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(Problem(str(path), f"cannot be read: {error}", "a UTF-8 text file")) from None


def config_of(text: str, path: Path, measures: Mapping[str, Any] | Collection[str] = ()) -> Config:
    """Check the text of the ``audit.toml`` at ``path``, as ``read_config`` does."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        remedy = "Mend the line; strings need quotes, tables need [brackets]."
        raise ConfigError(Problem(str(path), f"is not valid TOML: {error}", "", remedy)) from None
    return check_config(raw, path.name, measures)


def check_config(raw: dict[str, Any], name: str = FILE_NAME, measures: Collection[str] = ()) -> Config:
    """Check a parsed ``audit.toml``; ``name`` is how problems cite it."""
    problems: list[Problem] = []
    config = None
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        told = {one.place: one for one in reversed([problem_of(name, raw, one) for one in own_errors(raw, error)])}
        problems += list(told.values())[::-1]  # of the alternatives for one key, the first is enough
    problems += list(semantic_problems(name, raw, measures))
    if problems or config is None:
        raise ConfigError(*dict.fromkeys(problems))
    return config
