"""Numbers that tell who somebody is: phones, personal ids, cards, bank accounts, numbers of orders and customers.

First what must stay is set aside: dates, times, prices, measures and amounts. Of the rest, a run of digits is masked
when it has the form of an id, is a phone number in one of the countries (Google's libphonenumber), follows a word
such as "order no.", or is long. A form is enough: an id with a mistyped check digit still tells whose it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from auditkit.masking import words
from auditkit.masking.spans import Span

REGIONS = ("FI", "NO", "RU", "GB", "SE", "DK", "EE")  # where a number without its country may be; KZ shares RU's plan
LONG = 6  # digits in one piece
LONG_GROUPED = 9  # digits in groups
LONGEST_RUN = 80  # signs: nobody writes a number longer than that

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:(?:19|20)\d\d|\d\d)"
_DATE = (
    rf"(?<!\d)(?:19|20)\d\d-{_MONTH}-{_DAY}T\d\d:\d\d(?::\d\d)?(?:[.]\d{{1,6}})?(?:Z|[+-]\d\d:?\d\d)?"
    rf"|(?<![\w-])(?:19|20)\d\d-?W\d\d(?!\w)|(?<![\d.]){_DAY}[./]\s?{_MONTH}[./]\s?{_YEAR}(?![\d])|(?<!\d)(?:19|20)\d\d[-./]{_MONTH}[-./]{_DAY}(?!\d)"
    rf"|(?<![\d-]){_DAY}-{_MONTH}-(?:19|20)\d\d(?![\d-])|(?<![\d./]){_MONTH}/{_DAY}/{_YEAR}(?![\d/])"
)
_TIME = r"(?<![\d.:])(?:[01]?\d|2[0-3])[:.][0-5]\d(?:[:.][0-5]\d)?(?![\d.:]\d|\d)"
_AMOUNT = r"\d{1,3}(?:[ .,']\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,3})?"
_MONEY, _UNITS = rf"(?:{words.MONEY})(?!\w)", rf"(?:{words.OTHER_UNITS})(?!\w)"
_NO_DIGITS_BEFORE = r"(?<![\d+])(?<!\d[ ./-])(?!0\d)"
_PRICE = (
    rf"(?:(?:€|\$|£|₽|₸|\b(?:eur|usd|gbp|nok|sek|kr|rub)\b\.?)\s?(?:{_AMOUNT})(?![ ]?\d)"
    rf"|{_NO_DIGITS_BEFORE}(?:{_AMOUNT})(?:,-)?\s?{_MONEY}"
    rf"|{_NO_DIGITS_BEFORE}(?:\d{{1,3}}[ .]\d{{3}}|\d{{1,5}})(?:[.,]\d{{1,3}})?\s?{_UNITS})"
)
_YEARS = r"(?<!\d)(?:19|20)\d\d\s?[-/]\s?(?:19|20)?\d\d(?!\d)"
_DECIMAL = r"(?<![\d.,])(?:\d{1,9}[.,]\d{1,2}(?![\d.,]*\d)|0[.,]\d{1,9}(?!\d))"
_KEPT = re.compile(rf"(?:{_DATE})|(?:{_PRICE})|(?:{_YEARS})|(?:{_TIME})|(?:{_DECIMAL})", re.IGNORECASE)

_LABEL = re.compile(
    rf"\b(?:{words.BEFORE_A_NUMBER})[ \t]{{0,2}}"
    r"(?:(?:number|numero|nummer|num|no|nro|nr|id|номер\w{0,3}|код\w{0,3})\b)?"
    r"[ \t]{0,2}(?:[:#№=]{0,2}|[.:](?=[ \t]{0,2}[\d#№]))(?:[ \t]{0,2}(?:is|on|er|это|-)\s)?[ \t]{0,2}"
    r"(?P<code>[#№]?(?=[\w-]{0,12}\d)[^\W_][\w/-]{2,39}+)",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"(?:№[ \t]{0,2}|(?<!#)#|\b(?:nr|nro|no)\.[ \t]{0,2})(?P<code>\d[\d-]{2,39}+)", re.IGNORECASE)
_CODE = re.compile(
    r"(?<![\w-])(?:[A-Z]{1,6}-?\d{5,30}+|(?=[\d-]{0,40}[A-Z])(?=(?:[A-Z-]{0,6}\d){6})[A-Z\d][A-Z\d-]{5,40}+)(?![\w-])"
)
_FINNISH_ID = re.compile(
    r"(?<!\w)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d\d[-+A-FU-Y]\d{3}[0-9A-Y](?!\w)", re.IGNORECASE
)
_BRITISH_ID = re.compile(r"(?<!\w)[A-Z]{2}\s?\d\d\s?\d\d\s?\d\d\s?[A-D](?!\w)", re.IGNORECASE)
_NORDIC_ID = re.compile(r"(?<![\d+-])(?:[04][1-9]|[1256]\d|[37][01])(?:[0458][1-9]|[1-9][0-2])\d\d[ -]?\d{5}(?![\d-])")
_RUSSIAN_ID = re.compile(r"(?<![\d-])\d{3}-\d{3}-\d{3}[ -]\d\d(?![\d-])")
_BANK = re.compile(r"(?<!\w)(?=(?:[A-Z ]{0,6}\d){10})[A-Z]{2}\d\d(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?(?!\w)")
_NORWEGIAN_BANK = re.compile(r"(?<![\d.])\d{4}[. ]\d{2}[. ]\d{5}(?!\.?\d)")
_FORMS = (
    (_BANK, "account"), (_NORWEGIAN_BANK, "account"), (_FINNISH_ID, "id"), (_BRITISH_ID, "id"), (_RUSSIAN_ID, "id"),
    (_NORDIC_ID, "id"), (_CODE, "number"),
)  # fmt: skip
_RUN = re.compile(r"(?:\+|\(\+?)?\d(?:[ ./()-]{0,3}+\d)*+")
_PIECES = re.compile(r"\d+")
_PHONE_WORD = re.compile(rf"\b(?:{words.BEFORE_A_PHONE})\W{{0,12}}(?:\w{{1,10}}\W{{1,3}}){{0,2}}\Z", re.IGNORECASE)
_AMOUNT_ALONE = re.compile(r"[1-9]\d{0,2}(?:[ .]\d{3}){1,2}")


def find(text: str) -> Iterator[Span]:
    """Every such number in a text of plain letters."""
    if not any(sign in text for sign in "0123456789"):
        return
    formed = [Span(one.start(), one.end(), kind) for form, kind in _FORMS for one in form.finditer(text)]
    for pattern in (_LABEL, _NUMBER_SIGN):
        formed += [Span(*one.span("code"), "number") for one in pattern.finditer(text)]
    kept = [one.span() for one in _KEPT.finditer(text)]
    clear = _blanked(text, kept)
    formed = [span for span in formed if clear[span.start : span.end].strip("\x00")]
    yield from formed
    rest = _blanked(clear, [(span.start, span.end) for span in formed])
    for run in _RUN.finditer(rest):
        yield from _in_run(rest, run.start(), run.end())


def _blanked(text: str, places: list[tuple[int, int]]) -> str:
    """``text`` with something that no number goes through in the given places."""
    if not places:
        return text
    signs = list(text)
    for start, end in places:
        signs[start:end] = "\x00" * (end - start)
    return "".join(signs)


def _in_run(text: str, start: int, end: int) -> Iterator[Span]:
    """What is masked of one run of digits and what stands between them."""
    run = text[start:end]
    digits = "".join(_PIECES.findall(run))
    if len(digits) < 3:
        return
    if len(run) > LONGEST_RUN:
        yield Span(start, end, "number")
    elif 13 <= len(digits) <= 19 and luhn(digits):
        yield Span(start, end, "card")
    elif _looks_like_a_phone(run, digits) or _is_after_phone_word(text, start, digits):
        yield Span(start, end, "phone")
    elif _AMOUNT_ALONE.fullmatch(run) and len(digits) < 8:
        return
    else:
        phones = _phones(run) if len(digits) >= 7 else []
        yield from (Span(start + first, start + last, "phone") for first, last in phones)
        if not phones and len(digits) >= LONG_GROUPED and not _AMOUNT_ALONE.fullmatch(run):
            yield Span(start, end, "number")
            return
        for piece in _PIECES.finditer(run):
            inside = any(first < piece.end() and piece.start() < last for first, last in phones)
            if not inside and len(piece[0]) >= LONG:
                yield Span(start + piece.start(), start + piece.end(), "number")


def _looks_like_a_phone(run: str, digits: str) -> bool:
    """Whether it begins as phones are dialled, abroad (+) or at home (0), and is as long; no amount begins so."""
    if run.startswith(("+", "(+")):
        return len(digits) >= 7
    return digits.startswith("0") and 9 <= len(digits) <= 13


def _is_after_phone_word(text: str, start: int, digits: str) -> bool:
    return len(digits) >= 5 and _PHONE_WORD.search(text[max(0, start - 40) : start]) is not None


def _phones(run: str) -> list[tuple[int, int]]:
    """Where in a run a number stands that a phone in one of the countries has: as the country that explains most."""
    from phonenumbers import PhoneNumberMatcher

    found = [[(one.start, one.end) for one in PhoneNumberMatcher(run, region, max_tries=20)] for region in REGIONS]
    return max(found, key=lambda places: sum(end - start for start, end in places))


def luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of a card (ISO/IEC 7812-1, annex B).

    >>> luhn("4539578763621486"), luhn("4539578763621487")
    (True, False)
    """
    doubled = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0
