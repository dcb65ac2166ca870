"""Sentences in the reader's language: whole messages with named places for values that are already written.

In comes an English message, which is its own key; out goes its translation with the values set in. What was said
before the reader was known (:class:`auditkit.translation.Said`) is told here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from auditkit.labels.numbers import SPACE, Numbers
from auditkit.languages import locale_of
from auditkit.translation import Said, Shown, catalogue


class Sentences(Numbers):
    """Numbers, and sentences that hold them."""

    def say(self, message: str, /, **values: Any) -> str:
        """A sentence in the reader's language, with its ``{placeholders}`` filled.

        A whole number is written as a count, a day, an instant and a period as dates, several values as a list; what
        was said or shown elsewhere is told in this language; a text stands as it is. A bare float is refused: say how
        it is to be written.

        >>> Sentences().say("{team} has {count} tickets", team="Oslo", count=1200)
        'Oslo has 1\u202f200 tickets'
        """
        return self._filled(catalogue(self.language).gettext(message), values)

    def say_in(self, context: str, message: str, /, **values: Any) -> str:
        """As :meth:`say`, for a short text whose translation depends on where it stands."""
        return self._filled(catalogue(self.language).pgettext(context, message), values)

    def say_n(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """A sentence with a count in it, ``{count}``, in the form that the language has for such a number.

        The space after the count does not break, so that a number never stands without what it counts.

        >>> Sentences().say_n("{count} ticket", "{count} tickets", 1)
        '1\xa0ticket'
        """
        message = catalogue(self.language).ngettext(one, many, int(count)).replace("{count} ", f"{{count}}{SPACE}")
        return self._filled(message, {"count": int(count)} | values)

    def tell(self, text: str | None) -> str:
        """What was said, shown or declared in English (``said``, ``shown``, ``N_``), in the reader's language."""
        if not text:
            return ""
        if isinstance(text, Shown):
            return getattr(self, text.kind)(*text.given)
        if not isinstance(text, Said):
            return catalogue(self.language).gettext(text)
        if text.many:
            rest = {name: value for name, value in text.values.items() if name != "count"}
            return self.say_n(text.message, text.many, text.values["count"], **rest)
        return self.say(text.message, **text.values)

    def listed(self, words: Iterable[Any], last: str = "and") -> str:
        """Words as a list in a sentence, the last one after "and" (or "or").

        >>> Sentences().listed(["one", "two", "three"]), Sentences("fi").listed(["yksi", "kaksi"], "or")
        ('one, two and three', 'yksi tai kaksi')
        """
        from babel.lists import format_list

        style = "or" if last == "or" else "standard"
        return format_list([self.write(one) for one in words], style, locale_of(self.language))

    def sample_size(self, *counts: float | None) -> str:
        """What a figure rests on: ``n = 412``, or ``n = 412 and 398`` for a comparison."""
        return f"n{SPACE}={SPACE}{self.listed([self.count(count) for count in counts])}"

    def write(self, value: Any) -> str:
        """A value of a sentence as it stands there; ``TypeError`` for one that nobody said how to write."""
        if isinstance(value, Said | Shown):
            return self.tell(value)
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return self.count(value)
        if isinstance(value, list | tuple):
            return self.listed(value)
        raise TypeError(f"{value!r}: a text or a whole number; other values are written by Labels first")

    def _filled(self, message: str, values: Mapping[str, Any]) -> str:
        return (
            message.format(**{name: self._place(name, value) for name, value in values.items()}) if values else message
        )

    def _place(self, name: str, value: Any) -> str:
        try:
            return self.write(value)
        except TypeError as error:
            raise TypeError(f"{name}={error}") from None
