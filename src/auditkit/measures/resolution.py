"""Resolution quality: was it settled at the first contact, and did it stay settled?

First contact resolution looks ahead: a ticket counts only when its window is over, so the last days of the data are
left out.
"""

from __future__ import annotations

from auditkit.definition import Quantity, Share

DAY = 86400

FCR = Share(
    id="fcr",
    label="First contact resolution",
    summary="Share of first contacts that were resolved, not reopened, and not followed by another contact "
    "about the same matter within {days} days.",
    of="tickets",
    dated_by="created_at",
    counted=(
        f"(seconds_since_contact IS NULL OR seconds_since_contact > {{days}} * {DAY})"
        f" AND seconds_to_as_of >= {{days}} * {DAY}"
    ),
    complete="customer_id IS NOT NULL",
    met=(
        "resolved_at IS NOT NULL AND coalesce(reopens, 0) = 0"
        f" AND (seconds_to_contact IS NULL OR seconds_to_contact > {{days}} * {DAY})"
    ),
    needs=("customer_id", "resolved_at", "reopens"),
    better="higher",
    counts="tickets",
    articles="C1 B1 E A20",
    parameters={"days": 7},
    decision="No repeat contact, by ticket or call, of the same customer (and reason, where both are known) in the "
    "window. What a help desk prints as FCR is usually one of the variants, which cannot see the customer who comes "
    "back.",
).varying(
    one_touch={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "replies IS NOT NULL",
        "met": "replies = 1",
        "needs": ("resolved_at", "replies"),
        "variant_words": "of resolved tickets, those with exactly one public reply",
    },
    one_touch_or_none={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "replies IS NOT NULL",
        "met": "replies <= 1",
        "needs": ("resolved_at", "replies"),
        "variant_words": "of resolved tickets, those with at most one public reply",
    },
    no_reopen={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "reopens IS NOT NULL",
        "met": "reopens = 0",
        "needs": ("resolved_at", "reopens"),
        "variant_words": "of resolved tickets, those never reopened",
    },
    no_customer_reply={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "customer_replies IS NOT NULL",
        "met": "customer_replies = 0",
        "needs": ("resolved_at", "customer_replies"),
        "variant_words": "of resolved tickets, those the customer never had to answer",
    },
)

REOPEN_RATE = Share(
    id="reopen_rate",
    label="Reopen rate",
    summary="Share of the tickets resolved in the period that had been reopened at least once.",
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="reopens IS NOT NULL",
    met="reopens > 0",
    needs=("resolved_at", "reopens"),
    better="lower",
    counts="tickets",
    articles="E",
).varying(
    of_received={
        "dated_by": "created_at",
        "counted": "TRUE",
        "needs": ("reopens",),
        "variant_words": "of all tickets received, resolved or not",
    },
    per_resolved=Quantity(
        id="reopen_rate",
        label="Reopens per resolved ticket",
        summary="Mean number of times that a ticket resolved in the period had been reopened.",
        of="tickets",
        dated_by="resolved_at",
        counted="resolved_at IS NOT NULL",
        complete="reopens IS NOT NULL",
        value="reopens",
        wanted=("mean",),
        unit="reopens",
        needs=("resolved_at", "reopens"),
        better="lower",
        counts="tickets",
        variant_words="reopens per resolved ticket",
    ),
)

REPLIES_PER_RESOLUTION = Quantity(
    id="replies_per_resolution",
    label="Replies per resolution",
    summary="Public replies by agents that a resolved ticket took.",
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="replies IS NOT NULL",
    value="replies",
    wanted=("mean", "median", "p90"),
    unit="replies",
    needs=("resolved_at", "replies"),
    better="lower",
    counts="tickets",
    articles="E",
)

MEASURES = (FCR, REOPEN_RATE, REPLIES_PER_RESOLUTION)
