"""A scorecard as a frozen value: observable criteria, each with what earns nothing, half and full.

In comes a TOML file beside this one or in a workspace's ``scorecards/`` folder, out comes a :class:`Scorecard`, or a
ConfigError with every fault of the file.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from auditkit.config import nearest
from auditkit.errors import ConfigError, Problem, UsageError
from auditkit.itemlists import Frozen, ItemId, ListId, Title, in_language, read_toml, refuse_repeated
from auditkit.workspace import Workspace

FOLDER = Path(__file__).parent
OWN_FOLDER = "scorecards"
DEFAULT = "service_quality"


class Guidance(Frozen):
    """A criterion in one language: its name, and what a reviewer saw for 0, for half and for full."""

    name: str = Field(min_length=1)
    zero: str = Field(min_length=1)
    half: str = Field(min_length=1)
    full: str = Field(min_length=1)


class Criterion(Frozen):
    """One criterion. ``weight`` is its part in the score; a ``critical`` one scored 0 makes the whole review 0."""

    id: str = ItemId
    weight: float = Field(default=1, gt=0)
    critical: bool = False
    en: Guidance | None = None
    fi: Guidance | None = None
    nb: Guidance | None = None
    ru: Guidance | None = None

    @model_validator(mode="after")
    def _can_be_read(self) -> Criterion:
        if in_language(dict(self), "") is None:
            raise ValueError(f"criterion {self.id} has no guidance in any language")
        return self

    def guidance(self, language: str) -> Guidance:
        """The guidance in a language, else in English, else in the first there is."""
        return in_language(dict(self), language)


class Scorecard(Frozen):
    """A named list of criteria in their order."""

    id: str = ListId
    reference: str = ""
    title: Title = Field(min_length=1)
    criterion: tuple[Criterion, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Scorecard:
        refuse_repeated(one.id for one in self.criterion)
        return self

    def name(self, language: str) -> str:
        """The title in a language, else in English, else in the first there is."""
        return in_language(self.title, language)


def find_scorecard(workspace: Workspace, name: str = DEFAULT) -> Scorecard:
    """The scorecard of this name: the client's own over a shipped one. UsageError names the nearest."""
    available = {path.stem: path for folder in (FOLDER, workspace.root / OWN_FOLDER) for path in folder.glob("*.toml")}
    if name not in available:
        raise UsageError(Problem(f"scorecard {name!r}", "does not exist", "", nearest(name, available)))
    return read_scorecard(available[name])


def read_scorecard(path: Path) -> Scorecard:
    """Read one file; ConfigError with every fault."""
    try:
        return Scorecard.model_validate(read_toml(path))
    except ValidationError as error:
        raise ConfigError(
            *(
                Problem(
                    f"{path.name}, {'.'.join(map(str, one['loc'])) or 'file'}", one["msg"].removeprefix("Value error, ")
                )
                for one in error.errors()
            )
        ) from None
