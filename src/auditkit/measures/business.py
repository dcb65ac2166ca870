"""Business: offers made in contacts and taken, customers kept, customers who buy again.

Customers and orders have no team of their own: they count for every team that the customer has been in contact with.
"""

from __future__ import annotations

from auditkit.definition import Cohort, Share


def _offers(name: str, label: str, kind: str, what: str, articles: str) -> Share:
    return Share(
        id=name,
        label=label,
        summary=f"Share of the {what} that were accepted.",
        of="offers",
        dated_by="offered_at",
        counted=f"kind = '{kind}'",
        complete="accepted IS NOT NULL",
        met="accepted",
        needs=("accepted",),
        better="higher",
        counts="offers",
        articles=articles,
    )


CONVERSION_RATE = _offers("conversion_rate", "Conversion rate", "conversion", "offers to buy", "A C13")
CROSS_SELL_RATE = _offers("cross_sell_rate", "Cross-selling rate", "cross_sell", "offers of a further product", "C13")
REFERRAL_RATE = _offers("referral_rate", "Referral rate", "referral", "requests to recommend", "C17")

RETENTION_RATE = Cohort(
    id="retention_rate",
    label="Retention rate",
    summary="Of the customers there were at the start of the period, the share still there at its end.",
    of="customer_teams",
    dated_by="since_at",
    since="since_at",
    until="left_at",
    needs=("left_at",),
    better="higher",
    counts="customers",
    articles="C18",
    decision="Customers at the end less new ones, over customers at the start; not the same as buying again.",
)

REPEAT_PURCHASE_RATE = Share(
    id="repeat_purchase_rate",
    label="Repeat purchase rate",
    summary="Share of the customers who ordered in the period that had ordered before.",
    of="team_orders",
    dated_by="ordered_at",
    per="customer_id",
    met="order_number >= 2",
    better="higher",
    counts="customers",
    articles="C18",
)

MEASURES = (CONVERSION_RATE, CROSS_SELL_RATE, REFERRAL_RATE, RETENTION_RATE, REPEAT_PURCHASE_RATE)
