"""Finding keywords in a text: the words of a phrase side by side, one of them perhaps a stem.

In comes a text and the lists of its language, out come hits with their places. Each word of the text is looked up once
by itself and once by each of its beginnings, so the time grows with the length of the text, however long the lists are.
A hit is none within an exception, and where a negation stands before it in its clause, at most two words between.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from auditkit.comments.keywords import CATEGORIES, FEWEST_LETTERS, Keywords, fold
from auditkit.masking.letters import visible

NOT_NEGATED = ("greeting",)
MOST_KNOWN = 50_000  # words kept at a time
REACH = 2  # words between which a negation and a hit belong together
_WORD = re.compile(r"[^\W_]+(?:['-][^\W_]+)*+")
_CLAUSE_END = re.compile(r"[.,;:!?()\n]")
_EXCEPTION = "except"
_NEGATION = "negation"


class Hit(NamedTuple):
    """A keyword found: its place in the text as it is shown, the list it is of, and the phrase of the list."""

    start: int
    end: int
    category: str
    keyword: str


class _Word(NamedTuple):
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Matcher:
    """Finds the keywords of one language."""

    keywords: Keywords

    def hits(self, text: str) -> list[Hit]:
        """Every hit in ``visible(text)``, first to last; of those of one list that overlap, the longest."""
        shown = visible(text)
        folded = fold(shown)
        if len(folded) != len(shown):  # a sign that becomes two when it is folded (ß): places are those of the fold
            shown = folded
        words = [_Word(one.start(), one.end(), one[0]) for one in _WORD.finditer(folded)]
        found = list(self._found(words))
        excepted = {place for first, last, kind, _ in found if kind == _EXCEPTION for place in range(first, last + 1)}
        negations = {first: last for first, last, kind, _ in found if kind == _NEGATION}
        hits = [
            (first, last, kind, phrase)
            for first, last, kind, phrase in found
            if kind in CATEGORIES
            and excepted.isdisjoint(range(first, last + 1))
            and (kind in NOT_NEGATED or not _is_negated(folded, words, first, negations))
        ]
        return [Hit(words[first].start, words[last].end, kind, phrase) for first, last, kind, phrase in _longest(hits)]

    def _found(self, words: Sequence[_Word]) -> Iterator[tuple[int, int, str, str]]:
        """First and last word, kind and phrase of everything in the lists that stands in the text."""
        for place, word in enumerate(words):
            for kind, phrase, parts in self._starting(word.text):
                rest = words[place : place + len(parts)]
                if len(rest) == len(parts) and all(map(_fits, rest[1:], parts[1:])):
                    yield place, place + len(parts) - 1, kind, phrase

    def _starting(self, word: str) -> Sequence[tuple[str, str, list[str]]]:
        """The phrases that this word may begin; words come again and again, so what is known of one is kept."""
        known = self._known
        if word not in known:
            if len(known) >= MOST_KNOWN:
                known.clear()
            whole, stems = self._index
            lengths = range(1, min(len(word), self._longest_stem) + 1)
            known[word] = [*whole.get(word, ()), *(one for length in lengths for one in stems.get(word[:length], ()))]
        return known[word]

    @cached_property
    def _known(self) -> dict[str, Sequence[tuple[str, str, list[str]]]]:
        return {}

    @cached_property
    def _index(self) -> tuple[dict, dict]:
        """The phrases by their first word, and those whose first word is a stem by that."""
        whole, stems = defaultdict(list), defaultdict(list)
        lists = dict(self.keywords.lists) | {_EXCEPTION: self.keywords.exceptions, _NEGATION: self.keywords.negation}
        for kind, phrases in lists.items():
            for phrase in phrases:
                parts = phrase.split()
                index = stems if parts[0].endswith("*") else whole
                index[parts[0].rstrip("*")].append((kind, phrase, parts))
        return dict(whole), dict(stems)

    @cached_property
    def _longest_stem(self) -> int:
        return max(map(len, self._index[1]), default=FEWEST_LETTERS)


def _fits(word: _Word, part: str) -> bool:
    return word.text.startswith(part[:-1]) if part.endswith("*") else word.text == part


def _is_negated(text: str, words: Sequence[_Word], first: int, negations: dict[int, int]) -> bool:
    for before in range(first - 1, max(first - 2 - REACH, -1), -1):
        if _CLAUSE_END.search(text, words[before].end, words[before + 1].start):
            return False
        if before in negations:
            return True
    return False


def _longest(hits: Iterable[tuple[int, int, str, str]]) -> list[tuple[int, int, str, str]]:
    taken: list[tuple[int, int, str, str]] = []
    last: dict[str, int] = {}
    for hit in sorted(hits, key=lambda one: (one[0], -one[1])):
        first, end, kind, _ = hit
        if first > last.get(kind, -1):
            taken.append(hit)
            last[kind] = end
    return taken


def in_context(text: str, hit: Hit, width: int = 48) -> tuple[str, str, str]:
    """What stands before a hit, the hit, and what stands after, each side cut at a word to ``width`` signs."""
    before, after = (part.replace("\n", " ") for part in (text[: hit.start], text[hit.end :]))
    if len(before) > width:
        before = "…" + before[-width:].partition(" ")[2]
    if len(after) > width:
        after = after[:width].rpartition(" ")[0] + "…"
    return before, text[hit.start : hit.end], after
