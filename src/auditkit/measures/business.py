"""Business: offers made in contacts and taken, customers kept, customers who buy again.

Customers and orders have no team of their own: they count for every team that the customer has been in contact with.
"""

from __future__ import annotations

from auditkit.definition import Cohort, Share
from auditkit.translation import N_


def _offers(name: str, label: str, kind: str, summary: str, articles: str) -> Share:
    return Share(
        id=name,
        label=label,
        summary=summary,
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


CONVERSION_RATE = _offers(
    "conversion_rate",
    N_("Conversion rate"),
    "conversion",
    N_("Share of the offers to buy that were accepted."),
    "A C13",
)
CROSS_SELL_RATE = _offers(
    "cross_sell_rate",
    N_("Cross-selling rate"),
    "cross_sell",
    N_("Share of the offers of a further product that were accepted."),
    "C13",
)
REFERRAL_RATE = _offers(
    "referral_rate",
    N_("Referral rate"),
    "referral",
    N_("Share of the requests to recommend that were accepted."),
    "C17",
)

RETENTION_RATE = Cohort(
    id="retention_rate",
    label=N_("Retention rate"),
    summary=N_("Of the customers there were at the start of the period, the share still there at its end."),
    of="customer_teams",
    dated_by="since_at",
    since="since_at",
    until="left_at",
    needs=("left_at",),
    better="higher",
    counts="customers",
    articles="C18",
    decision=N_("Customers at the end less new ones, over customers at the start; not the same as buying again."),
)

REPEAT_PURCHASE_RATE = Share(
    id="repeat_purchase_rate",
    label=N_("Repeat purchase rate"),
    summary=N_("Share of the customers who ordered in the period that had ordered before."),
    of="team_orders",
    dated_by="ordered_at",
    per="customer_id",
    met="order_number >= 2",
    better="higher",
    counts="customers",
    articles="C18",
)

MEASURES = (CONVERSION_RATE, CROSS_SELL_RATE, REFERRAL_RATE, RETENTION_RATE, REPEAT_PURCHASE_RATE)
