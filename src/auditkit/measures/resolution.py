"""Resolution quality: was it settled at the first contact, and did it stay settled?

First contact resolution looks ahead: a ticket counts only when its window is over, so the last days of the data are
left out.
"""

from __future__ import annotations

from auditkit.definition import Quantity, Share, responded
from auditkit.translation import N_

DAY = 86400

FCR = Share(
    id="fcr",
    label=N_("First contact resolution"),
    summary=N_(
        "Share of first contacts that were resolved, not reopened, and not followed by another contact "
        "about the same matter within {days} days."
    ),
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
    decision=N_(
        "No repeat contact, by ticket or call, of the same customer (and reason, where both are known) in the "
        "window. What a help desk prints as FCR is usually one of the variants, which cannot see the customer who "
        "comes back."
    ),
).varying(
    one_touch={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "replies IS NOT NULL",
        "met": "replies = 1",
        "needs": ("resolved_at", "replies"),
        "variant_words": N_("of resolved tickets, those with exactly one public reply"),
    },
    one_touch_or_none={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "replies IS NOT NULL",
        "met": "replies <= 1",
        "needs": ("resolved_at", "replies"),
        "variant_words": N_("of resolved tickets, those with at most one public reply"),
    },
    no_reopen={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "reopens IS NOT NULL",
        "met": "reopens = 0",
        "needs": ("resolved_at", "reopens"),
        "variant_words": N_("of resolved tickets, those never reopened"),
    },
    no_customer_reply={
        "dated_by": "resolved_at",
        "counted": "resolved_at IS NOT NULL",
        "complete": "customer_replies IS NOT NULL",
        "met": "customer_replies = 0",
        "needs": ("resolved_at", "customer_replies"),
        "variant_words": N_("of resolved tickets, those the customer never had to answer"),
    },
    survey=Share(
        id="fcr",
        label=N_("First contact resolution, by survey"),
        summary=N_("Share of the customers asked who say that it was settled at their first contact."),
        of="surveys",
        dated_by="answered_at",
        counted="resolved IS NOT NULL OR contacts IS NOT NULL",
        complete="resolved IS NOT NULL AND contacts IS NOT NULL",
        met="resolved AND contacts = 1",
        needs=("answered_at", "resolved", "contacts"),
        better="higher",
        counts="answers",
        gate=responded("kind IN ('csat', 'ces', 'nps')"),
        golden="280 of 400 = 70 %",
        variant_words=N_("of customers asked, those who say it was settled at one contact"),
    ),
)

REOPEN_RATE = Share(
    id="reopen_rate",
    label=N_("Reopen rate"),
    summary=N_("Share of the tickets resolved in the period that had been reopened at least once."),
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
        "variant_words": N_("of all tickets received, resolved or not"),
    },
    per_resolved=Quantity(
        id="reopen_rate",
        label=N_("Reopens per resolved ticket"),
        summary=N_("Mean number of times that a ticket resolved in the period had been reopened."),
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
        variant_words=N_("reopens per resolved ticket"),
    ),
)

REPLIES_PER_RESOLUTION = Quantity(
    id="replies_per_resolution",
    label=N_("Replies per resolution"),
    summary=N_("Public replies by agents that a resolved ticket took."),
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

REPEAT_CONTACT_RATE = Share(
    id="repeat_contact_rate",
    label=N_("Repeat contacts"),
    summary=N_(
        "Share of the customers in contact in the period who came back within {days} days, by ticket or by call."
    ),
    of="contacts",
    dated_by="at",
    counted=f"seconds_to_as_of >= {{days}} * {DAY}",
    complete="customer_id IS NOT NULL",
    per="customer_id",
    met=f"seconds_to_next <= {{days}} * {DAY}",
    better="lower",
    counts="customers",
    articles="E",
    parameters={"days": 7},
    decision=N_("About any matter; contacts whose window is not over are left out."),
)

TRANSFER_RATE = Share(
    id="transfer_rate",
    label=N_("Transfer rate"),
    summary=N_("Share of the tickets resolved in the period that were handed on at least once."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="transfers IS NOT NULL",
    met="transfers > 0",
    needs=("resolved_at", "transfers"),
    better="lower",
    counts="tickets",
    articles="C6 A17 B4",
)

RIGHT_FIRST_AGENT_RATE = Share(
    id="right_first_agent_rate",
    label=N_("Right agent first"),
    summary=N_("Share of the tickets resolved in the period that one agent dealt with from the beginning to the end."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="transfers IS NOT NULL OR agents_touched IS NOT NULL",
    met="coalesce(transfers, 0) = 0 AND coalesce(agents_touched, 1) <= 1",
    needs=("resolved_at", "transfers"),
    better="higher",
    counts="tickets",
    articles="A17 B4 B5",
)

ESCALATION_RATE = Share(
    id="escalation_rate",
    label=N_("Escalation rate"),
    summary=N_("Share of the tickets resolved in the period that went to a higher line."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="escalated IS NOT NULL",
    met="escalated",
    needs=("resolved_at", "escalated"),
    better="lower",
    counts="tickets",
    articles="B5 E",
)


def _per_thousand(name: str, label: str, summary: str, better: str, articles: str) -> Share:
    return Share(
        id=name,
        label=label,
        summary=summary,
        of="contacts",
        dated_by="at",
        complete=f"{name.removesuffix('_rate')} IS NOT NULL",
        met=name.removesuffix("_rate"),
        needs=(name.removesuffix("_rate"),),
        scale=1000,
        unit="per 1,000",
        better=better,  # type: ignore[arg-type]
        counts="contacts",
        articles=articles,
        decision=N_("Calls carry no such mark of their own, so they count in the contacts and never as marked."),
    )


COMPLAINT_RATE = _per_thousand(
    "complaint_rate", N_("Complaints"), N_("Complaints per 1,000 contacts, by ticket and by call."), "lower", "C8 A1 A9"
)
COMPLIMENT_RATE = _per_thousand(
    "compliment_rate", N_("Compliments"), N_("Compliments per 1,000 contacts, by ticket and by call."), "higher", "A1"
)

NEVER_RESOLVED_TYPES = Share(
    id="never_resolved_types",
    label=N_("Never resolved, by type"),
    summary=N_("Share of the tickets received that were not resolved by the as-of instant; broken down by type."),
    of="tickets",
    dated_by="created_at",
    met="resolved_at IS NULL",
    needs=("resolved_at", "type"),
    better="lower",
    counts="tickets",
    articles="C10",
)

MEASURES = (
    FCR,
    REOPEN_RATE,
    REPLIES_PER_RESOLUTION,
    REPEAT_CONTACT_RATE,
    TRANSFER_RATE,
    RIGHT_FIRST_AGENT_RATE,
    ESCALATION_RATE,
    COMPLAINT_RATE,
    COMPLIMENT_RATE,
    NEVER_RESOLVED_TYPES,
)
