"""A checklist as a frozen value: its items, what each asks, which measures answer it and by what rule.

In comes a TOML file, out comes a :class:`Checklist` or a ConfigError with every fault of the file. Texts stand beside
each item by language; a client's own checklist may be in one language only. What a client switches off, weighs
otherwise or adds is settled here too, from audit.toml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from auditkit.config import FILE_NAME, ChecklistChoice, nearest
from auditkit.errors import ConfigError, Problem
from auditkit.evaluation.query import GROUPS
from auditkit.itemlists import Frozen, ItemId, ListId, Title, in_language, read_toml, refuse_repeated
from auditkit.workspace import Workspace

SHIPPED = ("service_audit", "eight_questions", "eighteen_measures", "resolution")
FOLDER = Path(__file__).parent
OWN_FOLDER = "checklist"
EVERY = "*"  # in place of a measure: every measure that the rule can be asked of
Rule = Literal["target", "measured", "known", "grouped", "targeted", "gap", "trend"]


class Texts(Frozen):
    """An item in one language: what it is called, asks, why, how to examine it, what to read and what to look for."""

    title: str = Field(min_length=1)
    question: str = Field(min_length=1)
    why: str = ""
    how: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    evidence: str = ""


class Item(Frozen):
    """One item. ``weight`` is its part in the score, ``kind`` its subject (for a partial audit), ``by`` the group that
    the rule "grouped" asks for; ``dated_changes``: what dated changes have brought answers it."""

    id: str = ItemId
    kind: str = ""
    weight: float = Field(default=1, gt=0)
    by: str = ""
    dated_changes: bool = False
    measures: dict[str, Rule] = Field(default_factory=dict)
    en: Texts | None = None
    fi: Texts | None = None
    nb: Texts | None = None
    ru: Texts | None = None

    @model_validator(mode="after")
    def _can_be_asked(self) -> Item:
        if in_language(dict(self), "") is None:
            raise ValueError(
                f"item {self.id} has no texts (expected one of [item.en], [item.fi], [item.nb], [item.ru])"
            )
        if "grouped" in self.measures.values() and not self.by:
            raise ValueError(f'item {self.id} asks for figures by a group and names none (expected by = "channel")')
        return self

    def texts(self, language: str) -> Texts:
        """The texts in a language, else in English, else in the first there is."""
        return in_language(dict(self), language)


class Checklist(Frozen):
    """A named list of items in their order. ``reference`` is the letter of its source, where it has one."""

    id: str = ListId
    reference: str = ""
    title: Title = Field(min_length=1)
    item: tuple[Item, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Checklist:
        refuse_repeated(one.id for one in self.item)
        return self

    def name(self, language: str) -> str:
        """The title in a language, else in English, else in the first there is."""
        return in_language(self.title, language)


def checklists_of(workspace: Workspace, names: Collection[str] = ()) -> list[Checklist]:
    """The checklists that a workspace uses (or those named), with what audit.toml changes in them.

    Raises ConfigError for a file that cannot be used, UsageError's kin for a name that does not exist.
    """
    chosen = workspace.config.checklist
    available = {name: FOLDER / f"{name}.toml" for name in SHIPPED}
    own = sorted((workspace.root / OWN_FOLDER).glob("*.toml"))
    available |= {path.stem: path for path in own}
    wanted = list(names) or list(chosen.use) + [path.stem for path in own if path.stem not in chosen.use]
    unknown = [
        Problem(f"checklist {name!r}", "does not exist", "", nearest(name, available))
        for name in wanted
        if name not in available
    ]
    if unknown:
        raise ConfigError(*unknown)
    found = [read_checklist(available[name]) for name in wanted]
    _refuse_unknown_items(chosen.items, found, names)
    _refuse_unknown_kinds(chosen.kinds, found)
    kept = (_as_chosen(one, chosen.items, chosen.kinds) for one in found)
    return [one for one in kept if one.item]


def all_items(workspace: Workspace) -> int:
    """How many items the checklists in use have before anything is switched off or left out."""
    whole = workspace.config.checklist.model_copy(update={"items": {}, "kinds": ()})
    config = workspace.config.model_copy(update={"checklist": whole})
    return sum(len(one.item) for one in checklists_of(replace(workspace, config=config)))


def read_checklist(path: Path, measures: Collection[str] = ()) -> Checklist:
    """Read one file; ConfigError with every fault. ``measures``: ids that items may name (empty: the catalogue)."""
    raw = read_toml(path)
    try:
        found = Checklist.model_validate(raw)
    except ValidationError as error:
        raise ConfigError(*_faults(path, raw, error)) from None
    problems = [*_unknown_measures(path, found, measures), *_unknown_groups(path, found)]
    if problems:
        raise ConfigError(*problems)
    return found


def _faults(path: Path, raw: Mapping[str, Any], error: ValidationError) -> Iterator[Problem]:
    for one in error.errors():
        place, rest = [path.name], list(one["loc"])
        if len(rest) > 1 and rest[0] == "item" and isinstance(rest[1], int):
            item = raw["item"][rest[1]]
            place.append(f"item {item.get('id', rest[1] + 1) if isinstance(item, dict) else rest[1] + 1}")
            rest = rest[2:]
        if rest:
            place.append(f"key '{'.'.join(map(str, rest))}'")
        yield Problem(", ".join(place), one["msg"].removeprefix("Value error, ").lower())


def _unknown_measures(path: Path, found: Checklist, measures: Collection[str]) -> Iterator[Problem]:
    from auditkit.measures import CATALOGUE

    known = measures or CATALOGUE
    for item in found.item:
        for name in item.measures:
            if name != EVERY and name not in known:
                yield Problem(
                    f"{path.name}, item {item.id}", f"measure {name!r} does not exist", "", nearest(name, known)
                )


def _unknown_groups(path: Path, found: Checklist) -> Iterator[Problem]:
    for item in found.item:
        if item.by and item.by not in GROUPS:
            yield Problem(f"{path.name}, item {item.id}", f"no group {item.by!r}", "", nearest(item.by, GROUPS))


def _refuse_unknown_items(items: Mapping[str, ChecklistChoice], found: list[Checklist], names: Collection[str]) -> None:
    """A misspelt item of audit.toml is told, where all checklists in use are read."""
    known = {item.id for one in found for item in one.item}
    unknown = [name for name in items if name not in known] if not names else []
    if unknown:
        raise ConfigError(
            *(
                Problem(f"{FILE_NAME}, key 'checklist.items.{name}'", "is no item in use", "", nearest(name, known))
                for name in unknown
            )
        )


def _refuse_unknown_kinds(kinds: Collection[str], found: list[Checklist]) -> None:
    """A partial audit names kinds of items that there are."""
    known = sorted({item.kind for one in found for item in one.item if item.kind})
    unknown = [kind for kind in kinds if kind not in known]
    if unknown:
        place = f"{FILE_NAME}, key 'checklist.kinds'"
        expected = f"some of {', '.join(known)}"
        raise ConfigError(
            *(Problem(place, f"no item is of the kind {kind!r}", expected, nearest(kind, known)) for kind in unknown)
        )


def _as_chosen(checklist: Checklist, items: Mapping[str, ChecklistChoice], kinds: Collection[str]) -> Checklist:
    """What a partial audit looks at, without what is switched off, with the weights that the client sets."""
    kept = []
    for item in (one for one in checklist.item if not kinds or one.kind in kinds):
        choice = items.get(item.id)
        if choice is None:
            kept.append(item)
        elif not choice.off:
            kept.append(item.model_copy(update={"weight": choice.weight} if choice.weight else {}))
    return checklist.model_copy(update={"item": tuple(kept)})
