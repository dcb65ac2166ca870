"""Names: those that the data know, those that are common, and those that a text introduces ("my name is ...").

In comes a text of plain letters and the names of the data, out come the places of names. Finnish and Russian inflect
names and Norwegian and English add an s, so a name is a stem with one of the endings of these languages. A name that
is known or common takes the capitalised words beside it along: they are its surname.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from auditkit.masking import words
from auditkit.masking.inflection import ENDINGS, LONGEST_ENDING, stems
from auditkit.masking.spans import Span

_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*+")
_BESIDE = re.compile(r"[ ]{1,2}|-|\.[ ]?")  # between the parts of one name
_PATRONYMIC = re.compile(r"[а-яё]{3,15}(?:ович|евич|ьич|овн|евн|иничн)(?:а|у|ем|ом|е|ы|ой)?")
_FAMILY = re.compile(r"[^\W\d_]{2,14}(?:nen|sen|sson|selta|seltä|selle|sella|sellä|sesta|sestä|енко|енков?|янц)")
_RUSSIAN_FAMILY = re.compile(
    r"[а-яё]{2,14}(?:ов|ев|ёв|ин|ын)(?:а|у|ым|ой|е)?|[а-яё]{3,14}(?:ск|цк)(?:ий|ая|ого|ому|ой|им|ую)"
)
_INITIALS = re.compile(
    r"(?<!\w)(?:[А-ЯЁ]\.[ ]?[А-ЯЁ]\.[ ]?[А-ЯЁ][а-яё]{1,30}+|[А-ЯЁ][а-яё]{1,30}+[ ][А-ЯЁ]\.[ ]?[А-ЯЁ]\.)"
)
_SENTENCE_END = re.compile(r"[.!?:\n…][\s\"'»)]*\Z")
LONGEST_NAME = 4  # words
Stems = Mapping[tuple[str, str], str]


class _Word(NamedTuple):
    start: int
    end: int
    text: str

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def stems_of(names: Iterable[str]) -> Stems:
    """Every stem of the words of these names, with the word; words of service ("support", "team") are no names."""
    found: dict[tuple[str, str], str] = {}
    for name in names:
        for word in _WORD.findall(name):
            for part in {word, *word.split("-")}:
                folded = part.casefold()
                if len(folded) > 2 and folded not in words.NO_NAMES:
                    found |= dict.fromkeys(stems(folded), folded)
    return found


@cache
def common_stems() -> Stems:
    """The stems of the given names that are common in the four languages and are no other word."""
    return stems_of(words.GIVEN_NAMES)


@lru_cache(maxsize=50_000)
def is_common(folded: str) -> bool:
    """Whether a word is a form of a common given name; words come again and again."""
    return _stem_in(folded, common_stems()) is not None


def find(text: str, known: Stems) -> Iterator[Span]:
    """Every name in a text of plain letters; ``known`` are the stems of names that the data hold."""
    found = [_Word(one.start(), one.end(), one[0]) for one in _WORD.finditer(text)]
    sure = [place for place, word in enumerate(found) if _is_name(found, place, text, known)]
    sure += introduced(text, found)
    yield from _one_by_one(text, _joined(text, found, sorted(set(sure))))
    yield from (Span(one.start(), one.end(), "name") for one in _INITIALS.finditer(text))


def _is_name(found: Sequence[_Word], place: int, text: str, known: Stems) -> bool:
    word = found[place]
    if word.folded in words.NO_NAMES:
        return False
    name = _stem_in(word.folded, known)
    if name is not None:
        return word.is_capital or (len(name) > 3 and name not in words.ALSO_WORDS)
    if _PATRONYMIC.fullmatch(word.folded):
        return True
    if not word.is_capital:  # "matti virtanen": a whole given name, and what can only be a surname after it
        return (word.folded, "base") in common_stems() and _has_second(text, found, place, _is_family)
    if is_common(word.folded):
        return True
    in_sentence = not word.text.isupper() and not _begins_sentence(text, word.start)
    return in_sentence and _FAMILY.fullmatch(word.folded) is not None


def _is_family(folded: str) -> bool:
    return any(form.fullmatch(folded) for form in (_FAMILY, _RUSSIAN_FAMILY, _PATRONYMIC))


def _stem_in(word: str, known: Stems) -> str | None:
    """The name of which ``word`` is a form, the longest stem first; of a double name, either part tells."""
    for part in (word, *(word.split("-") if "-" in word else ())):
        for cut in range(min(LONGEST_ENDING, len(part) - 2) + 1):
            stem, ending = part[: len(part) - cut], part[len(part) - cut :]
            for kind, endings in ENDINGS.items():
                if ending in endings and (stem, kind) in known:
                    return known[stem, kind]
    return None


def _begins_sentence(text: str, start: int) -> bool:
    return start == 0 or _SENTENCE_END.search(text[max(0, start - 4) : start]) is not None


def _joined(text: str, found: Sequence[_Word], sure: Sequence[int]) -> Iterator[Span]:
    """The sure words with the capitalised words that belong to them, as one span each."""
    for place in sure:
        last = place
        while last + 1 < len(found) and last - place < LONGEST_NAME - 1 and _belongs(text, found, last):
            last += 1
        first = place
        if first and _belongs_before(text, found, first):
            first -= 1
        yield Span(found[first].start, found[last].end, "name")


def _one_by_one(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in their order; those with only a space between are one name."""
    last: Span | None = None
    for span in spans:
        if last is not None and (span.start <= last.end or text[last.end : span.start] == " "):
            last = last._replace(end=max(last.end, span.end))
            continue
        if last is not None:
            yield last
        last = span
    if last is not None:
        yield last


def _belongs(text: str, found: Sequence[_Word], place: int) -> bool:
    """Whether the word after ``place`` is part of the same name."""
    word, after = found[place], found[place + 1]
    between = text[word.end : after.start]
    if between.startswith(".") and len(word.text) > 1:
        return False
    if not _BESIDE.fullmatch(between) or after.folded in words.NO_NAMES:
        return False
    return _is_family(after.folded) if after.text.isupper() or not after.is_capital else True


def _belongs_before(text: str, found: Sequence[_Word], place: int) -> bool:
    """Whether the word before is part of the name: capitalised within a sentence, or a given or a family name."""
    before, word = found[place - 1], found[place]
    if text[before.end : word.start] != " " or before.folded in words.NO_NAMES:
        return False
    if is_common(before.folded) or _RUSSIAN_FAMILY.fullmatch(before.folded):
        return before.is_capital or _PATRONYMIC.fullmatch(word.folded) is not None
    return before.is_capital and not before.text.isupper() and not _begins_sentence(text, before.start)


def introduced(text: str, found: Sequence[_Word]) -> Iterator[int]:
    """The places of words that stand where a name stands: after "my name is", a greeting, a title, a farewell."""
    by_start = {word.start: place for place, word in enumerate(found)}
    for pattern, rule in words.INTRODUCTIONS:
        for one in pattern.finditer(text):
            place = by_start.get(one.end())
            if place is None or found[place].folded in words.NO_NAMES:
                continue
            is_capital, has_second = found[place].is_capital, _has_second(text, found, place)
            if rule == "any":
                yield place
                if has_second and not is_capital:
                    yield place + 1  # "my name is kari nordmann"
            elif rule == "pair":
                if is_capital and has_second and found[place + 1].is_capital and _stands_alone(text, found, place):
                    yield place
            elif is_capital and (rule == "capital" or _stands_alone(text, found, place)):
                yield place


def _has_second(
    text: str, found: Sequence[_Word], place: int, fits: Callable[[str], bool] = lambda folded: True
) -> bool:
    """Whether a second word follows that may be a surname."""
    if place + 1 == len(found) or text[found[place].end : found[place + 1].start] != " ":
        return False
    return found[place + 1].folded not in words.NO_NAMES and fits(found[place + 1].folded)


def _stands_alone(text: str, found: Sequence[_Word], place: int) -> bool:
    """Whether a sign or the end follows, up to two capitalised words between: "Hello, Anna!", not "Hello, Where"."""
    for last in range(place, min(place + 3, len(found))):
        after = text[found[last].end : found[last].end + 2].lstrip(" ")
        if not after or after[0] in ",.!?:;\n)-(":
            return True
        if last + 1 < len(found) and not found[last + 1].is_capital:
            return False
    return False
