"""Speed: how long customers waited for the first answer and for the solution.

Each on two clocks: the calendar's, and the team's business hours. Times are heavily skewed, so the median comes first.
A share within a target counts what is overdue and unanswered as missed, and leaves out what is not due yet.
"""

from __future__ import annotations

from typing import Any

from auditkit.definition import Gate, Measure, Quantity, Share, Survival, on_business_clock
from auditkit.translation import N_

# A share within a target speaks of the tickets that have one: by priority, that may be few.
_UNDER_TARGET = Gate(kind="coverage", dated_by="created_at", met="{within} IS NOT NULL", needs_target=("within",))


def _without_pending(measure: Measure) -> Measure:
    """The measure with a variant whose clock stands still while the ticket waits for its customer."""
    net = "resolution_seconds - paused_seconds"
    changes: dict[str, Any] = {
        "complete": f"paused_seconds IS NOT NULL AND (resolved_at IS NULL OR (resolution_seconds >= 0 AND {net} >= 0))",
        "needs": (*measure.needs, "pending_seconds"),
        "variant_words": N_("without the time in which the ticket waited for its customer"),
    }
    if isinstance(measure, Share):
        open_for = "seconds_to_as_of - coalesce(paused_seconds, 0)"
        changes["counted"] = f"{{within}} IS NOT NULL AND (resolved_at IS NOT NULL OR {open_for} > {{within}})"
        changes["met"] = f"resolved_at IS NOT NULL AND {net} <= {{within}}"
    elif isinstance(measure, Survival):
        changes["value"] = f"CASE WHEN resolved_at IS NULL THEN seconds_to_as_of - paused_seconds ELSE {net} END"
    else:
        changes["value"] = net
    if measure.clock == "business":
        changes["needs_table"] = ("ticket_events",)
        expressions = {name for name in ("complete", "counted", "met", "value") if name in changes}
        changes |= {name: on_business_clock(changes[name]) for name in expressions}
    return measure.varying(without_pending=changes)


FIRST_RESPONSE_TIME = Quantity(
    id="first_response_time",
    label=N_("First response time"),
    summary=N_(
        "From the customer's contact to the first public reply of an agent, "
        "of tickets received in the period and answered."
    ),
    of="tickets",
    dated_by="created_at",
    counted="first_response_at IS NOT NULL",
    complete="response_seconds >= 0",
    value="response_seconds",
    needs=("first_response_at",),
    better="lower",
    clock="calendar",
    counts="tickets",
    articles="A B E",
    decision=N_("A reply before the creation is a fault of the data: it is left out, counted and listed."),
)

FIRST_RESPONSE_TIME_BUSINESS = FIRST_RESPONSE_TIME.business(
    N_("From the customer's contact to the first public reply of an agent, counting only the team's business hours.")
)

FIRST_RESPONSE_WITHIN = Share(
    id="first_response_within",
    label=N_("First response within target"),
    summary=N_("Share of tickets received in the period whose first reply came within the target."),
    of="tickets",
    dated_by="created_at",
    counted="{within} IS NOT NULL AND (first_response_at IS NOT NULL OR seconds_to_as_of > {within})",
    complete="first_response_at IS NULL OR response_seconds >= 0",
    met="first_response_at IS NOT NULL AND response_seconds <= {within}",
    needs=("first_response_at",),
    needs_target=("within",),
    better="higher",
    clock="calendar",
    counts="tickets",
    articles="D",
    gate=_UNDER_TARGET,
    decision=N_("Unanswered and overdue is missed; unanswered and not yet due is left out; exactly on target is met."),
)

FIRST_RESPONSE_WITHIN_BUSINESS = FIRST_RESPONSE_WITHIN.business(
    N_("Share of tickets received in the period whose first reply came within the target, counted in business hours.")
)

RESOLUTION_TIME = Quantity(
    id="resolution_time",
    label=N_("Resolution time"),
    summary=N_("From the customer's contact to the last resolution, of tickets resolved in the period."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="resolution_seconds >= 0",
    value="resolution_seconds",
    needs=("resolved_at",),
    better="lower",
    clock="calendar",
    counts="tickets",
    articles="A D E",
    decision=N_(
        "Of resolved tickets only, so it flatters a team that leaves hard tickets open: "
        "read it beside resolution_time_all."
    ),
)

RESOLUTION_TIME_BUSINESS = RESOLUTION_TIME.business(
    N_("From the customer's contact to the last resolution, counting only the team's business hours.")
)

RESOLUTION_TIME_ALL = Survival(
    id="resolution_time_all",
    label=N_("Resolution time, open tickets included"),
    summary=N_(
        "Time by which half of the tickets received in the period are resolved, "
        "open tickets counted as not yet resolved."
    ),
    of="tickets",
    dated_by="created_at",
    complete="resolved_at IS NULL OR resolution_seconds >= 0",
    value="CASE WHEN resolved_at IS NULL THEN seconds_to_as_of ELSE resolution_seconds END",
    observed="resolved_at IS NOT NULL",
    needs=("resolved_at",),
    better="lower",
    clock="calendar",
    counts="tickets",
    articles="A B",
    source="Kaplan & Meier 1958",
)

RESOLUTION_TIME_ALL_BUSINESS = RESOLUTION_TIME_ALL.business(
    N_(
        "Business time by which half of the tickets received in the period are resolved, "
        "open tickets counted as not yet resolved."
    )
)

RESOLVED_WITHIN = Share(
    id="resolved_within",
    label=N_("Resolved within target"),
    summary=N_("Share of tickets received in the period that were resolved within the target."),
    of="tickets",
    dated_by="created_at",
    counted="{within} IS NOT NULL AND (resolved_at IS NOT NULL OR seconds_to_as_of > {within})",
    complete="resolved_at IS NULL OR resolution_seconds >= 0",
    met="resolved_at IS NOT NULL AND resolution_seconds <= {within}",
    needs=("resolved_at",),
    needs_target=("within",),
    better="higher",
    clock="calendar",
    counts="tickets",
    articles="A D",
    gate=_UNDER_TARGET,
    decision=N_("Unresolved and overdue is missed; unresolved and not yet due is left out; exactly on target is met."),
)

RESOLVED_WITHIN_BUSINESS = RESOLVED_WITHIN.business(
    N_("Share of tickets received in the period that were resolved within the target, counted in business hours.")
)

SLA_MET_AS_RECORDED = Share(
    id="sla_met_as_recorded",
    label=N_("SLA met, as the source says"),
    summary=N_("Share of tickets whose resolution met its service level, in the source's own words."),
    of="tickets",
    dated_by="settled_at",
    complete="sla_resolution_met IS NOT NULL",
    met="sla_resolution_met",
    needs=("sla_resolution_met",),
    better="higher",
    counts="tickets",
    articles="D",
    gate=Gate(kind="coverage", dated_by="settled_at", met="sla_resolution_met IS NOT NULL"),
    decision=N_(
        "Per ticket, folded from its log by the last value. "
        "A ticket never resolved is dated by its closing, else its creation."
    ),
)

SLA_COVERAGE = Share(
    id="sla_coverage",
    label=N_("Tickets under a target"),
    summary=N_("Share of the tickets received to which a target for the first response or the resolution applies."),
    of="tickets",
    dated_by="created_at",
    met="{any_within} IS NOT NULL",
    better="neither",
    counts="tickets",
    articles="D",
    decision=N_(
        "A target by priority covers the priorities it names; one number covers all tickets; no target covers none."
    ),
)

HANDLE_TIME = Quantity(
    id="handle_time",
    label=N_("Handling time"),
    summary=N_("Working time spent on a resolved ticket, as the source records it."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="handle_seconds IS NOT NULL",
    value="handle_seconds",
    needs=("resolved_at", "handle_seconds"),
    clock="calendar",
    counts="tickets",
    articles="E",
    decision=N_("Shorter is not better by itself; compare within a type, and read the completeness."),
)

UPDATE_CADENCE = Share(
    id="update_cadence",
    label=N_("Daily update"),
    summary=N_(
        "Share of the days on which a ticket was open that brought the customer a public update within the 24 hours."
    ),
    of="update_windows",
    dated_by="at",
    met="updated",
    better="higher",
    clock="calendar",
    counts="ticket days",
    articles="E20",
    decision=N_("Full 24-hour windows from the creation on; windows cut by the resolution or by as_of are left out."),
)

MEASURES = (
    FIRST_RESPONSE_TIME,
    FIRST_RESPONSE_TIME_BUSINESS,
    FIRST_RESPONSE_WITHIN,
    FIRST_RESPONSE_WITHIN_BUSINESS,
    _without_pending(RESOLUTION_TIME),
    _without_pending(RESOLUTION_TIME_BUSINESS),
    _without_pending(RESOLUTION_TIME_ALL),
    _without_pending(RESOLUTION_TIME_ALL_BUSINESS),
    _without_pending(RESOLVED_WITHIN),
    _without_pending(RESOLVED_WITHIN_BUSINESS),
    SLA_MET_AS_RECORDED,
    SLA_COVERAGE,
    HANDLE_TIME,
    UPDATE_CADENCE,
)
