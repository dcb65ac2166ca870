"""Masking: free text of customers without what tells who they are, so that it may be shown.

In comes a text by a stranger, out goes the same text with a word in brackets in place of each e-mail address, web
address, phone number, personal id, card, bank account, long number and name. It is done by rules, on all languages at
once, in a time that grows with the length of the text alone. What rules can find is found; a name that no rule knows
is not (docs/masking.md says which). It stands alone, so that every place that shows such text uses this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditkit.labels import Labels
from auditkit.masking import addresses, names, numbers
from auditkit.masking.letters import plain_letters, visible
from auditkit.masking.spans import Span, without_overlaps
from auditkit.translation import N_

KINDS = {
    "email": N_("[e-mail]"),
    "web": N_("[web address]"),
    "user": N_("[user name]"),
    "phone": N_("[phone number]"),
    "id": N_("[personal id]"),
    "card": N_("[card number]"),
    "account": N_("[bank account]"),
    "number": N_("[number]"),
    "name": N_("[name]"),
}


@dataclass(frozen=True)
class Masked:
    """A masked text: ``text`` as it may be shown, and where in it each mask stands (``Span``), first to last."""

    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Masker:
    """Masks texts. ``known``: names that the data hold (agents, customers), in any order and form; ``language``: of
    the words in brackets; ``off``: shows the texts as they are, where ``[privacy] texts`` says so."""

    known: frozenset[str] = frozenset()
    language: str = "en"
    off: bool = False
    _finders: tuple[Callable[[str], Iterable[Span]], ...] = field(
        default=(addresses.find, numbers.find), repr=False, compare=False
    )

    def __call__(self, text: str | None) -> str:
        """``text`` masked; nothing (None) stays empty."""
        return self.masked(text).text

    def masked(self, text: str | None) -> Masked:
        """``text`` masked, with the places of the masks.

        Signs that do not show (zero-width, marks of direction) are dropped: they could hide a number from the rules.
        """
        shown = visible(text)
        if self.off or not shown:
            return Masked(shown)
        plain = plain_letters(shown)
        found = [span for find in self._finders for span in find(plain)]
        found += names.find(plain, self._stems)
        return _replaced(shown, without_overlaps(found), self._words)

    @cached_property
    def _stems(self) -> names.Stems:
        return names.stems_of(self.known)

    @cached_property
    def _words(self) -> Mapping[str, str]:
        labels = Labels(self.language)
        return {kind: labels.tell(word) for kind, word in KINDS.items()}


def _replaced(text: str, spans: Iterable[Span], words: Mapping[str, str]) -> Masked:
    parts, masks, at, length = [], [], 0, 0
    for span in spans:
        parts += [text[at : span.start], words[span.kind]]
        length += span.start - at
        masks.append(Span(length, length + len(words[span.kind]), span.kind))
        length, at = masks[-1].end, span.end
    return Masked("".join([*parts, text[at:]]), tuple(masks))
