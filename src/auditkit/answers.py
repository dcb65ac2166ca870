"""Answers that are there before they are asked for: a run asks for several teams at once what their reports will ask.

In come a store and answers by their questions, out goes the answer to who asks the very same of the same store in the
same process. A question is a tuple of all that an answer depends on, beside the store and its configuration. Nothing
that is asked is kept by itself: who does not give answers beforehand gets each as it is made.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from auditkit.config import Config
    from auditkit.store import Store

Question = tuple[Hashable, ...]
T = TypeVar("T")

_given: dict[tuple, tuple[Config, dict[Question, Any]]] = {}


def give(store: Store, answers: Mapping[Question, Any]) -> None:
    """Have these answers at hand for who asks this store, as it is configured now, in this process."""
    config, known = _given.get(_place(store), (store.workspace.config, {}))
    if config != store.workspace.config:
        config, known = store.workspace.config, {}
    _given[_place(store)] = config, {**known, **answers}


def answer(store: Store, question: Question, make: Callable[[], T]) -> T:
    """The answer that was given, frames as copies, so that nobody changes another's; else ``make`` makes it."""
    config, known = _given.get(_place(store), (None, {}))
    if question in known and config == store.workspace.config:
        found = known[question]
        return found.copy() if hasattr(found, "copy") else found
    return make()


def _place(store: Store) -> tuple:
    """A process that was forked has no answers of its parent's: they may be another client's."""
    return os.getpid(), store.folder
