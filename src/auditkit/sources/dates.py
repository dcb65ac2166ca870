"""How dates are written: from the shape of a value to the format that reads it, and which comes first, day or month.

A shape (digits as 9, letters as capitals) goes in; a :class:`Form` comes out, with a strptime format in which only
the order of day and month may still be open. The order is settled by what was declared, by values that allow one
order only, or by the other columns of the same file; it is never guessed. No row and no SQL is needed for that, so it
stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
DECLARABLE = ("auto", "iso", DAY_FIRST, MONTH_FIRST, "excel", "epoch")
FIRST_YEAR, LAST_YEAR = 1970, 2100
# A column shows a swap when one form has only days up to 12 and the other only days past 12. With five values in each,
# honest dates look so in fewer than one column in a thousand: (12/30.4)^5 x (18.4/30.4)^5 = 0.0008.
SWAP_MINIMUM = 5

MONTHS = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
]
_DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]
_B = f"(?P<B>{'|'.join(name for name in MONTHS if len(name) > 3)})"
_MONTH = f"(?:{_B}|(?P<b>{'|'.join(name[:3] for name in MONTHS)}))"
_WEEKDAY = f"(?:(?:(?P<A>{'|'.join(_DAYS)})|(?P<a>{'|'.join(name[:3] for name in _DAYS)}))[,. ] *)?"
_GAP = "(?:[-/ ]|[.,] ?)"
_YEAR = "(?:(?P<Y>9999)|(?P<y>99))"
DATE_FORMS = {
    "year-first": _WEEKDAY + r"(?P<Y>9999)(?P<gap>[-/.])(?P<m>99?)(?P=gap)(?P<d>99?)",
    "compact": r"(?P<Y>9999)(?P<m>99)(?P<d>99)",
    "numeric": rf"(?P<first>99?)(?P<gap>[-/.])(?P<second>99?)(?P=gap){_YEAR}",
    "named": rf"{_WEEKDAY}(?P<d>99?){_GAP}{_MONTH}{_GAP}{_YEAR}",
    "named month-first": rf"{_WEEKDAY}{_MONTH}{_GAP}(?P<d>99?){_GAP} *{_YEAR}",
    "named year-first": rf"(?P<Y>9999){_GAP}{_MONTH}{_GAP}(?P<d>99?)",
}
_TIME = (
    r"(?:(?:T|,? +)(?P<H>99?)(?P<colon>[:.])(?P<M>99)(?:(?P=colon)(?P<S>99)(?:[.,](?P<n>9{1,9}))?)?"
    r"(?: ?(?P<p>AM|PM))?(?: ?(?:(?P<utc>Z|UTC|GMT)|(?P<z>[-+]99(?::?99)?)))?)?"
)
_COMPACT_TIME = r"(?:T?(?P<H>99)(?P<M>99)(?P<S>99)?(?P<utc>Z)?)"


@dataclass(frozen=True)
class Form:
    """One way of writing: ``pattern`` is a strptime format, with {first} and {second} where the order is open."""

    kind: str
    separator: str
    pattern: str
    is_instant: bool

    def format(self, order: str | None) -> str:
        """The strptime format, with day and month in the given order."""
        first, second = ("%m", "%d") if order == MONTH_FIRST else ("%d", "%m")
        return self.pattern.replace("{first}", first).replace("{second}", second)


@dataclass(frozen=True)
class Evidence:
    """What the numeric dates of one column and separator say: counts of values that only one order reads, or either.

    ``equal`` counts those like 01/01; ``example`` is a value that either order reads, differently.
    """

    day_first: int = 0
    month_first: int = 0
    either: int = 0
    equal: int = 0
    example: str = ""

    @property
    def order(self) -> str | None:
        """The order that the values settle by themselves, if they do."""
        if bool(self.day_first) == bool(self.month_first):
            return None
        return DAY_FIRST if self.day_first else MONTH_FIRST

    @property
    def is_one_sided(self) -> bool:
        """Every value has a day past 12, and they are enough to be no accident: half of what a swap leaves behind."""
        return (
            self.order is not None
            and not self.either + self.equal
            and self.day_first + self.month_first >= SWAP_MINIMUM
        )


@dataclass(frozen=True)
class Settled:
    """The order of each (column, separator), where each came from, and the (column, separator) that stay open."""

    orders: Mapping[tuple[str, str], str]
    from_others: tuple[tuple[str, str], ...] = ()
    unsettled: Mapping[tuple[str, str], Evidence] = field(default_factory=dict)


@lru_cache(maxsize=4096)
def form_of(shape: str) -> Form | None:
    """The form of a shape, or None when it is no date that is understood.

    >>> form_of("99/9/9999 99:99").pattern, form_of("9999-99-99T99:99:99Z").is_instant, form_of("99999")
    ('{first}/{second}/%Y %H:%M', True, None)
    """
    for kind, date in DATE_FORMS.items():
        times = (_TIME, _COMPACT_TIME) if kind == "compact" else (_TIME,)
        for time in times:
            if match := re.fullmatch(date + time, shape):
                groups = match.groupdict()
                is_instant = bool(groups.get("utc") or groups.get("z"))
                return Form(kind, groups.get("gap") or "", _pattern(shape, match), is_instant)
    return None


def settle(found: Mapping[tuple[str, str], Evidence], declared: Mapping[str, str]) -> Settled:
    """The order of day and month for every (column, separator) of one file.

    ``declared`` is each column's ``dates`` rule. A rule names the order; else the values do; else a dot means
    day-first, which is the only convention in use; else the file's other columns, where they agree; values like 01/01
    need no order.
    """
    orders: dict[tuple[str, str], str] = {}
    own = {key: evidence.order for key, evidence in found.items() if declared[key[0]] == "auto"}
    agreed = {order for key, order in own.items() if order and key[1] != "."}
    others, unsettled = [], {}
    for key, evidence in found.items():
        rule = declared[key[0]]
        contradictory = evidence.day_first and evidence.month_first
        if rule in (DAY_FIRST, MONTH_FIRST):
            orders[key] = rule
        elif own.get(key):
            orders[key] = own[key]
        elif not contradictory and (key[1] == "." or not evidence.either):
            orders[key] = DAY_FIRST
        elif not contradictory and len(agreed) == 1:
            orders[key] = next(iter(agreed))
            others.append(key)
        else:
            unsettled[key] = evidence
    return Settled(orders, tuple(others), unsettled)


def expected(formats: Iterable[str]) -> str:
    """Formats in the letters people use.

    >>> expected(["%d/%m/%Y %H:%M"])
    'DD/MM/YYYY HH:MM'
    """
    letters = {
        "%Y": "YYYY", "%y": "YY", "%m": "MM", "%d": "DD", "%H": "HH", "%I": "HH", "%M": "MM", "%S": "SS", "%n": "fff",
        "%f": "fff", "%p": "AM", "%b": "Mon", "%B": "Month", "%a": "Day", "%A": "Day", "%z": "+HH:MM",
    }  # fmt: skip
    words = [re.sub(r"%[A-Za-z]", lambda match: letters.get(match[0], match[0]), one) for one in formats]
    return " or ".join(dict.fromkeys(words))


def is_swapped(values: int, past_twelve: int, texts: Evidence) -> bool:
    """Whether a spreadsheet has read day-first dates as month-first (or the reverse) where it could.

    ``values`` are written year-first, ``past_twelve`` of them with a day past 12; ``texts`` are the day/month texts
    beside.
    """
    return texts.is_one_sided and values >= SWAP_MINIMUM and not past_twelve


def _pattern(shape: str, match: re.Match[str]) -> str:
    """The shape with each part replaced by its directive; what stands between stays as it is."""
    parts = sorted((match.start(group), match.end(group), group) for group in match.groupdict() if match[group])
    pattern, at = "", 0
    for start, end, group in parts:
        if group in ("gap", "colon", "utc"):
            continue
        directive = {"first": "{first}", "second": "{second}"}.get(group, "%" + group)
        if group == "H" and match.groupdict().get("p"):
            directive = "%I"
        pattern += shape[at:start] + directive
        at = end
    return pattern + shape[at:]
