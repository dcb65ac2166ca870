"""The data's own words as readers know them: the canonical tables, and the channels and types that they name.

A source's own word (a channel called "Kiosk 7") stands as its owners wrote it; the words that the schema itself
suggests are texts to translate. In comes a column's value, out comes what a table or a title prints.
"""

from __future__ import annotations

from auditkit.labels import Labels
from auditkit.translation import N_

_WORDS = {
    "table": {
        "tickets": N_("tickets"),
        "ticket_events": N_("ticket events"),
        "calls": N_("calls"),
        "surveys": N_("surveys"),
        "reviews": N_("quality reviews"),
        "mystery_tests": N_("mystery tests"),
        "agents": N_("agents"),
        "training": N_("training"),
        "customers": N_("customers"),
        "orders": N_("orders"),
        "offers": N_("offers"),
        "staffing": N_("shifts"),
        "changes": N_("changes"),
    },
    "channel": {
        "phone": N_("phone"),
        "email": N_("email"),
        "chat": N_("chat"),
        "web": N_("web"),
        "social": N_("social"),
        "walk-in": N_("walk-in"),
    },
    "tester_type": {
        "independent": N_("independent tester"),
        "customer": N_("customer"),
        "employee": N_("employee"),
        "vendor": N_("vendor"),
        "team": N_("the team itself"),
    },
    "type": {
        "question": N_("question"),
        "incident": N_("incident"),
        "request": N_("request"),
        "problem": N_("problem"),
        "task": N_("task"),
    },
    "excluded": {
        "spam": N_("spam"),
        "merged": N_("merged with another"),
        "deleted": N_("deleted"),
        "test": N_("test"),
        "internal": N_("internal"),
        "bot-only": N_("answered by a bot alone"),
        "outbound": N_("outbound"),
    },
}


def value_words(labels: Labels, column: str, value: str) -> str:
    """A value of a column of the canonical tables in the reader's words.

    >>> value_words(Labels(), "channel", "phone"), value_words(Labels(), "channel", "Kiosk 7")
    ('phone', 'Kiosk 7')
    """
    declared = _WORDS.get(column, {}).get(value)
    return labels.tell(declared) if declared else value
