"""Chooses among the single-byte encodings of old exports by what the text would say in each of them.

Every byte means something in every code page, so the choice is made by plausibility: letters of the expected
languages standing where letters stand. Finnish read as Cyrillic mixes two alphabets within a word, Russian read as
Western European is a run of accented vowels, DOS text read as Windows puts quotation marks inside words, and KOI8
read as Windows swaps capitals and small letters. Where two readings come out equal, charset-normalizer decides
between those two.
"""

from __future__ import annotations

from collections.abc import Sequence

CODEPAGES = ("cp1252", "cp1251", "cp850", "koi8-r", "iso8859-1")  # in the order of preference, all else being equal
EQUAL = 0.1  # points per character; less than this decides nothing
PUNCTUATION = frozenset("“”„‘’‚–—…€£§°·•№«»®™©½¼²³±´×¡¿\u00a0\u00ad")
IN_WORDS = frozenset("’–·\u00ad´")
WESTERN = frozenset("äöåæøéüßèêàáâçñóíúôëïîõÄÖÅÆØÉÜÁÀÇÑÓÍÚšžŠŽ")
NORDIC = frozenset("äöåæøéüÄÖÅÆØÉÜß")
FREQUENT_CYRILLIC = frozenset("оеаинтсрвлкмдпу")


def most_plausible(sample: bytes, readable: Sequence[str]) -> str | None:
    """The codec of ``readable`` in which ``sample`` makes most sense, or None where it makes sense in none."""
    points = {codec: plausibility(sample.decode(codec, "replace")) for codec in readable}
    best = max(points.values(), default=-1.0)
    if best <= 0:
        return None
    equal = [codec for codec in readable if best - points[codec] < EQUAL]
    if len(equal) == 1 or len({sample.decode(codec, "replace") for codec in equal}) == 1:
        return equal[0]
    return _arbiter(sample, equal) or max(equal, key=points.__getitem__)


def plausibility(text: str) -> float:
    """Mean points of the characters beyond ASCII: about 2 for plain language, below 0 for a wrong reading."""
    points = [
        _worth(before, char, after)
        for before, char, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
        if not char.isascii()
    ]
    return sum(points) / len(points) if points else 0.0


def _worth(before: str, char: str, after: str) -> float:
    if char in PUNCTUATION:
        inside_word = before.isalpha() and after.isalpha()
        return -2.0 if inside_word and char not in IN_WORDS else 0.5
    if _is_cyrillic(char):
        return _worth_of_cyrillic(before, char, after)
    return _worth_of_latin(before, char, after) if char.isalpha() and char <= "\u024f" else -2.0


def _worth_of_cyrillic(before: str, char: str, after: str) -> float:
    if any(other.isalpha() and not _is_cyrillic(other) for other in (before, after)) or _swaps_case(before, char):
        return -2.0
    if char.lower() in FREQUENT_CYRILLIC:
        return 2.0
    return 1.0 if "а" <= char.lower() <= "я" else 0.0


def _worth_of_latin(before: str, char: str, after: str) -> float:
    neighbours = [other for other in (before, after) if other.isalpha()]
    if not neighbours or before.isdigit() or after.isdigit() or _swaps_case(before, char):
        return -1.0
    if all(not other.isascii() and other not in NORDIC for other in neighbours):
        return -1.0
    return 2.0 if char in NORDIC else 1.0 if char in WESTERN else 0.0


def _is_cyrillic(char: str) -> bool:
    return "\u0400" <= char <= "\u04ff"


def _swaps_case(before: str, char: str) -> bool:
    return before.islower() and char.isupper()


def _arbiter(sample: bytes, equal: Sequence[str]) -> str | None:
    from charset_normalizer import from_bytes  # only where it is needed: half the import time of this package

    match = from_bytes(sample, cp_isolation=list(equal)).best()
    if match is None:
        return None
    found = match.encoding.replace("_", "-")
    return next((codec for codec in equal if codec.replace("-", "") == found.replace("-", "")), None)
