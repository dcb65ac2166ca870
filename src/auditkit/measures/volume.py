"""Volume and flow: what came in, what went out, what is still there.

All of tickets. Received is dated by creation, resolved by resolution; a backlog is a picture taken at the period's end.
"""

from __future__ import annotations

from auditkit.definition import Computed, Count, Pair, Share, Snapshot

TICKETS_RECEIVED = Count(
    id="tickets_received",
    label="Tickets received",
    summary="Tickets that customers opened in the period.",
    of="tickets",
    dated_by="created_at",
    counts="tickets",
    articles="C10 B",
)

TICKETS_RESOLVED = Count(
    id="tickets_resolved",
    label="Tickets resolved",
    summary="Tickets whose last resolution fell in the period, whenever they were opened.",
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    needs=("resolved_at",),
    better="neither",
    counts="tickets",
    articles="E",
    decision="One ticket counts once, at its last resolution.",
).varying(
    resolution_events={
        "amount": "1 + coalesce(reopens, 0)",
        "needs": ("resolved_at", "reopens"),
        "variant_words": "every resolution counts: one, and one more for each time reopened",
        "counts": "resolutions",
    },
    customers_resolved={
        "distinct": "customer_id",
        "complete": "customer_id IS NOT NULL",
        "needs": ("resolved_at", "customer_id"),
        "variant_words": "customers with at least one resolved ticket",
        "counts": "customers",
        "unit": "customers",
    },
)

RESOLUTION_RATE = Share(
    id="resolution_rate",
    label="Resolution rate",
    summary="Of the tickets received in the period, the share resolved by the audit's as-of instant.",
    of="tickets",
    dated_by="created_at",
    met="resolved_at IS NOT NULL",
    needs=("resolved_at",),
    better="higher",
    counts="tickets",
    articles="D E C10",
    decision="Of those received, not resolved over received: that is the clearance ratio and may pass 100 %.",
)

CLEARANCE_RATIO = Pair(
    id="clearance_ratio",
    label="Clearance ratio",
    summary="Tickets resolved over tickets received in the same period; above 1 the backlog shrinks.",
    of="tickets",
    dated_by="both",
    top=TICKETS_RESOLVED,
    bottom=TICKETS_RECEIVED,
    unit="ratio",
    needs=("resolved_at",),
    better="higher",
    counts="tickets",
    articles="D C10",
)

NET_FLOW = Pair(
    id="net_flow",
    label="Net flow",
    summary="Tickets received less tickets resolved in the period; above 0 the backlog grows.",
    of="tickets",
    dated_by="both",
    top=TICKETS_RECEIVED,
    bottom=TICKETS_RESOLVED,
    statistic="net",
    unit="tickets",
    needs=("resolved_at",),
    better="lower",
    counts="tickets",
    articles="C10",
)

BACKLOG = Snapshot(
    id="backlog",
    label="Backlog",
    summary="Tickets opened by the end of the period and not resolved at that instant.",
    of="tickets",
    dated_by="created_at",
    until="resolved_at",
    needs=("resolved_at",),
    better="lower",
    counts="tickets",
    articles="B C10",
    decision="A ticket that was reopened counts as open until its last resolution.",
)

BACKLOG_AGE_MEDIAN = Snapshot(
    id="backlog_age_median",
    label="Median age of the backlog",
    summary="Median age of the tickets that were open at the end of the period.",
    of="tickets",
    dated_by="created_at",
    until="resolved_at",
    statistic="median",
    unit="seconds",
    needs=("resolved_at",),
    better="lower",
    clock="calendar",
    counts="tickets",
    articles="B C10",
)

BACKLOG_AGE_P90 = Snapshot(
    id="backlog_age_p90",
    label="90th percentile of the backlog's age",
    summary="Age below which nine in ten of the open tickets were at the end of the period.",
    of="tickets",
    dated_by="created_at",
    until="resolved_at",
    statistic="p90",
    unit="seconds",
    needs=("resolved_at",),
    better="lower",
    clock="calendar",
    counts="tickets",
    articles="B C10",
)

AWAITING_FIRST_RESPONSE = Snapshot(
    id="awaiting_first_response",
    label="Waiting for a first response",
    summary="Tickets that were open at the end of the period and had no first response at that instant.",
    of="tickets",
    dated_by="created_at",
    until="first_response_at",
    counted="resolved_at IS NULL OR epoch_us(resolved_at) >= end_us",
    needs=("first_response_at", "resolved_at"),
    better="lower",
    counts="tickets",
    articles="B",
)

UNANSWERED_SHARE = Share(
    id="unanswered_share",
    label="Never answered",
    summary="Share of the tickets received that no agent ever answered, resolved or not.",
    of="tickets",
    dated_by="created_at",
    met="first_response_at IS NULL",
    needs=("first_response_at",),
    better="lower",
    counts="tickets",
    articles="E22",
    decision="Young tickets count too: read it for periods that are a while ago.",
)

PEAK_RATIO = Computed(
    id="peak_ratio",
    label="Peak hour",
    summary="Tickets in the busiest hour of the week over those in its mean hour.",
    of="tickets",
    dated_by="created_at",
    function="peak_ratio",
    columns=("created_weekday", "created_hour"),
    statistic="ratio",
    unit="ratio",
    counts="tickets",
    articles="B2",
)

AFTER_HOURS_SHARE = Share(
    id="after_hours_share",
    label="Outside business hours",
    summary="Share of the tickets that arrived while the team was closed.",
    of="tickets",
    dated_by="created_at",
    complete="after_hours IS NOT NULL",
    met="after_hours",
    clock="business",
    counts="tickets",
    articles="A16",
)

MEASURES = (
    TICKETS_RECEIVED,
    TICKETS_RESOLVED,
    RESOLUTION_RATE,
    CLEARANCE_RATIO,
    NET_FLOW,
    BACKLOG,
    BACKLOG_AGE_MEDIAN,
    BACKLOG_AGE_P90,
    AWAITING_FIRST_RESPONSE,
    UNANSWERED_SHARE,
    PEAK_RATIO,
    AFTER_HOURS_SHARE,
)
