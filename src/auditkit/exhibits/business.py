"""Business: offers made in contacts and taken, customers who stayed, customers who bought again."""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further, why_nothing

_BUSINESS = ("retention_rate", "repeat_purchase_rate", "conversion_rate", "cross_sell_rate", "referral_rate")


def business(context: Context) -> list[Exhibit]:
    """One table, or why there is none."""
    shown = further(context, "business", _BUSINESS, seldom=True)
    title = context.labels.say("Nothing is known of offers and orders")
    return shown or [context.missing("business", title, why_nothing(context, _BUSINESS))]
