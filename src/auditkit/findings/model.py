"""A finding as a frozen value, and its number, which stays the same from month to month.

``statement``, ``reason`` and ``action`` are sentences that Labels tells in a reader's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditkit.pseudonyms import pseudonym
from auditkit.translation import N_

HIGH, MEDIUM, LOW = N_("high"), N_("medium"), N_("low")
SEVERITIES = (HIGH, MEDIUM, LOW)


@dataclass(frozen=True)
class Finding:
    """One thing found in one team and period.

    ``rule`` and ``subject`` (a measure, a check or an item) say what it is about; ``severity`` is one of
    :data:`SEVERITIES` and ``reason`` says why; ``evidence`` are figures, rows or answers as plain values; ``cause`` is
    the likely root (an item of the checklist "resolution", "" where nothing points to one); ``action`` is what to do,
    which should move ``measure`` (the subject, where it is one) to the better.
    """

    rule: str
    subject: str
    team: str
    period: str
    severity: str
    reason: str
    statement: str
    action: str
    cause: str = ""
    measure: str = ""
    evidence: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def item(self) -> tuple[str, str]:
        """The checklist and the item that it is about, where it is about one."""
        checklist, _, item = self.subject.partition("/")
        return checklist, item

    def number(self, client: str) -> str:
        """The finding's number: the same for the same rule, subject and team of a client.

        >>> one = Finding("target_missed", "csat", "Oslo", "2026-05", "high", "", "", "")
        >>> one.number("Acme") == one.number("Acme") != one.number("Another")
        True
        """
        return f"F-{pseudonym(f'{self.team}|{self.rule}|{self.subject}', client)}"
