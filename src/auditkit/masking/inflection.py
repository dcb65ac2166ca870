"""How names are inflected: the stems that a name has in a sentence, and the endings that may follow each.

Finnish changes consonants before an ending (Matti, Matin; Virtanen, Virtasen) and puts an i between a foreign name and
its ending, Russian drops the last vowel (Анна, Анны), Norwegian and English add an s.
"""

from __future__ import annotations

from auditkit.masking import words

FEWEST = 3  # letters of a stem: a shorter one would be found in other words
ENDINGS = {kind: frozenset(("", *endings) if kind == "base" else endings) for kind, endings in words.ENDINGS.items()}
LONGEST_ENDING = max(len(one) for several in ENDINGS.values() for one in several)
_GRADES = {"kk": "k", "pp": "p", "tt": "t", "nt": "nn", "nk": "ng", "mp": "mm", "lt": "ll", "rt": "rr", "ht": "hd"}
_SINGLE = {"k": "", "p": "v", "t": "d"}
_VOWELS = "aeiouyäöåø"


def stems(word: str) -> set[tuple[str, str]]:
    """The stems of a folded name, each with the kind of endings (a key of ENDINGS) that it takes.

    >>> sorted(stems("pekka"))
    [('peka', 'fi'), ('pekka', 'base'), ('pekka', 'fi')]
    >>> sorted(stems("анна"))
    [('анн', 'ru'), ('анна', 'base')]
    """
    found = {(word, "base")}
    if "а" <= word[-1] <= "ё":
        found |= {(one, "ru") for one in _russian(word)}
    else:
        found |= {(one, "fi") for one in _finnish(word)}
    return {(stem, kind) for stem, kind in found if len(stem) >= FEWEST}


def _russian(word: str) -> list[str]:
    if word[-1] in "аяйьоеиы":
        return [word[:-1]]
    if word.endswith(("ек", "ок", "ел", "ец")):
        return [word, f"{word[:-2]}{word[-1]}"]  # Павел, Павла
    return [word]


def _finnish(word: str) -> list[str]:
    if word.endswith("nen"):
        return [f"{word[:-3]}se", f"{word[:-3]}s"]
    if word.endswith(("as", "äs", "is", "us", "ys")):
        return [word[:-1], f"{word[:-1]}{word[-2]}", f"{word[:-1]}kse", f"{word}i"]
    if word[-1] not in _VOWELS:
        return [f"{word}i"]  # Kevin, Kevinille
    found = [word, *_weak(word)]
    return [*found, *(f"{one[:-1]}e" for one in found if word[-1] == "i" and len(word) > 4)]  # Lahti, Lahden


def _weak(word: str) -> list[str]:
    """The stem with its weak grade: Pekka, Pekan; Lahti, Lahden; Aki, Akin."""
    body, vowel = word[:-1], word[-1]
    for strong, weak in _GRADES.items():
        if body.endswith(strong):
            return [f"{body[: -len(strong)]}{weak}{vowel}"]
    if len(body) > 2 and body[-1] in _SINGLE and body[-2] in f"{_VOWELS}lr":
        return [f"{body[:-1]}{_SINGLE[body[-1]]}{vowel}"]
    return []
