"""E-mail addresses, web addresses with more than a host, and user names (@name), written out or disguised.

Each search is led by a sign that must be there ("@", "://", "www.") and looks a bounded way around it, so that no text
makes it slow. A bare host (shop.example.com) tells nobody's name and stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.masking.spans import Span

LONGEST_PART, LONGEST_HOST = 64, 255  # RFC 5321, 4.5.3.1
_AT_SIGN = re.compile(
    r"@|\s{1,2}собака\s{1,2}|\s*[(\[{]\s*(?:@|at|ät|æt|miukumauku|alfakrøll|krøllalfa|собака)\s*[)\]}]\s*",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"[\w.+%&'*/=?^`{|}~!#$-]{1,64}+\Z")
_HOST = re.compile(r"\[?\w(?:[\w-]{0,62}+(?:\s?[.](?=\w)|\s?[(\[](?:dot|piste|punktum|точка)[)\]]\s?)?+){1,12}+\]?")
_USER = re.compile(r"(?<![\w@])@\w(?:[\w.]{0,48}\w)?")
_WEB = re.compile(r"(?<!\w)(?:[a-z][a-z0-9+.-]{1,12}+://|www\.)[^\s<>\"]{1,2048}+", re.IGNORECASE)
_ONLY_HOST = re.compile(r"(?:\w+://)?[\w.-]+(?::\d{1,5})?/?[.,;:!?)]*", re.IGNORECASE)
_LAST_SIGNS = ".,;:!?)]}'"


def find(text: str) -> Iterator[Span]:
    """Every address in a text of plain letters."""
    if any(sign in text for sign in ("@", "(", "[", "{", "собака")):
        yield from _emails(text)
        yield from (Span(one.start(), one.end(), "user") for one in _USER.finditer(text))
    if "://" in text or "www." in text.casefold():
        yield from _web(text)


def _emails(text: str) -> Iterator[Span]:
    for at in _AT_SIGN.finditer(text):
        before = _BEFORE.search(text, max(0, at.start() - LONGEST_PART), at.start())
        after = _HOST.match(text, at.end(), at.end() + LONGEST_HOST)
        if before and after and ("." in after[0] or "(" in after[0] or len(at[0]) > 1):
            yield Span(before.start(), after.end(), "email")


def _web(text: str) -> Iterator[Span]:
    for one in _WEB.finditer(text):
        address = one[0].rstrip(_LAST_SIGNS)
        if not _ONLY_HOST.fullmatch(address):
            yield Span(one.start(), one.start() + len(address), "web")
