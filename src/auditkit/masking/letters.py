"""What a text shows, and the same text in plain letters and digits, sign for sign.

In comes anything, out come two texts of equal length: the one that is shown, and the one that rules read. In the
second, digits of every script and of full width are 0 to 9, and every kind of space, hyphen and quote is the plain one.
"""

from __future__ import annotations

import re
import unicodedata

from auditkit.safe.text import clean

_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_QUOTES = dict.fromkeys("\u2018\u2019\u02bc\u00b4\u0060\uff07", "'")
_SAME = _HYPHENS | _QUOTES
_NOT_PLAIN = re.compile(r"[^\x00-\x7f]")


def visible(text: str | None) -> str:
    """``text`` composed (NFC) and without signs that do not show: zero-width, soft hyphen, marks of direction."""
    shown = clean(text)
    if shown.isascii():
        return shown
    composed = unicodedata.normalize("NFC", shown)
    return "".join(sign for sign in composed if not _is_hidden(sign))


def plain_letters(text: str) -> str:
    """``text`` in plain digits, spaces, hyphens and quotes, with as many signs as before."""
    return text if text.isascii() else _NOT_PLAIN.sub(lambda found: _plain(found[0]), text)


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or sign in "\u034f\u115f\u1160\u3164\ufe0e\ufe0f"


def _plain(sign: str) -> str:
    if sign in _SAME:
        return _SAME[sign]
    if sign.isspace() and sign != "\n":
        return " "
    digit = unicodedata.decimal(sign, None)
    if digit is not None:
        return str(digit)
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign
