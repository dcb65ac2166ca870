"""Volume and flow: what came in, what went out, what is still there.

All of tickets. Received is dated by creation, resolved by resolution; a backlog is a picture taken at the period's end.
"""

from __future__ import annotations

from auditkit.definition import Computed, Count, Pair, Share, Snapshot
from auditkit.translation import N_

TICKETS_RECEIVED = Count(
    id="tickets_received",
    label=N_("Tickets received"),
    summary=N_("Tickets that customers opened in the period."),
    of="tickets",
    dated_by="created_at",
    counts="tickets",
    articles="C10 B",
)

TICKETS_RESOLVED = Count(
    id="tickets_resolved",
    label=N_("Tickets resolved"),
    summary=N_("Tickets whose last resolution fell in the period, whenever they were opened."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    needs=("resolved_at",),
    better="neither",
    counts="tickets",
    articles="E",
    decision=N_("One ticket counts once, at its last resolution."),
).varying(
    resolution_events={
        "amount": "1 + coalesce(reopens, 0)",
        "needs": ("resolved_at", "reopens"),
        "variant_words": N_("every resolution counts: one, and one more for each time reopened"),
        "counts": "resolutions",
    },
    customers_resolved={
        "distinct": "customer_id",
        "complete": "customer_id IS NOT NULL",
        "needs": ("resolved_at", "customer_id"),
        "variant_words": N_("customers with at least one resolved ticket"),
        "counts": "customers",
        "unit": "customers",
    },
)

RESOLUTION_RATE = Share(
    id="resolution_rate",
    label=N_("Resolution rate"),
    summary=N_("Of the tickets received in the period, the share resolved by the audit's as-of instant."),
    of="tickets",
    dated_by="created_at",
    met="resolved_at IS NOT NULL",
    needs=("resolved_at",),
    better="higher",
    counts="tickets",
    articles="D E C10",
    decision=N_("Of those received, not resolved over received: that is the clearance ratio and may pass 100 %."),
)

CLEARANCE_RATIO = Pair(
    id="clearance_ratio",
    label=N_("Clearance ratio"),
    summary=N_("Tickets resolved over tickets received in the same period; above 1 the backlog shrinks."),
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
    label=N_("Net flow"),
    summary=N_("Tickets received less tickets resolved in the period; above 0 the backlog grows."),
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
    label=N_("Backlog"),
    summary=N_("Tickets opened by the end of the period and not resolved at that instant."),
    of="tickets",
    dated_by="created_at",
    until="resolved_at",
    needs=("resolved_at",),
    better="lower",
    counts="tickets",
    articles="B C10",
    decision=N_("A ticket that was reopened counts as open until its last resolution."),
)

BACKLOG_AGE_MEDIAN = Snapshot(
    id="backlog_age_median",
    label=N_("Median age of the backlog"),
    summary=N_("Median age of the tickets that were open at the end of the period."),
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
    label=N_("90th percentile of the backlog's age"),
    summary=N_("Age below which nine in ten of the open tickets were at the end of the period."),
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
    label=N_("Waiting for a first response"),
    summary=N_("Tickets that were open at the end of the period and had no first response at that instant."),
    of="tickets",
    dated_by="created_at",
    until="least(first_response_at, resolved_at)",
    needs=("first_response_at", "resolved_at"),
    better="lower",
    counts="tickets",
    articles="B",
)

UNANSWERED_SHARE = Share(
    id="unanswered_share",
    label=N_("Never answered"),
    summary=N_("Share of the tickets received that no agent ever answered, resolved or not."),
    of="tickets",
    dated_by="created_at",
    met="first_response_at IS NULL",
    needs=("first_response_at",),
    better="lower",
    counts="tickets",
    articles="E22",
    decision=N_("Young tickets count too: read it for periods that are a while ago."),
)

PEAK_RATIO = Computed(
    id="peak_ratio",
    label=N_("Peak hour"),
    summary=N_("Tickets in the busiest hour of the week over those in its mean hour."),
    of="tickets",
    dated_by="created_at",
    function="peak_ratio",
    columns=("created_weekday", "created_hour"),
    totals={"tickets": "count(*)"},
    statistic="ratio",
    unit="ratio",
    counts="tickets",
    articles="B2",
)

AFTER_HOURS_SHARE = Share(
    id="after_hours_share",
    label=N_("Outside business hours"),
    summary=N_("Share of the tickets that arrived while the team was closed."),
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
