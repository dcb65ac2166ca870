"""What to do about a finding, and where its likely cause lies, by what the finding is about.

In comes a measure, out come an action in words and the item of the checklist "resolution" (DR1 to DR4) that such a
figure points to. Both are suggestions: the register lets people write their own over them.
"""

from __future__ import annotations

from auditkit.measures import subject_of
from auditkit.translation import N_

BUSINESS = "_business"
_WAITING = N_("Compare arrivals with staffing by hour of the week, and move shifts to the hours that wait longest.")
_RESOLVING = N_("Read the longest cases by type; give each type an owner, a procedure and the authority to settle it.")
_FIRST_TIME = N_("Read a sample of matters that came back, name why, and put the answer into the knowledge base.")
_PASSING_ON = N_("Follow a sample of transfers and escalations to their reason, and change routing or authority.")
_LISTENING = N_("Read the comments of dissatisfied customers by reason, and mend the reason that recurs most.")
_QUALITY = N_("Coach the criteria that cost most points, and have reviewers score the same tickets together.")
_PEOPLE = N_("Talk with the team about what makes people leave or stay, and agree what changes first.")
_ASKING = N_("Ask every customer by the same rule, and make answering easy, before leaning on the score.")
_REPLYING = N_("Give the public reviews of each site an owner, and reply to the low ones within a few days.")
_BACKLOG = N_("Set a day on which the oldest open tickets are read and closed or given an owner, every week.")
_ANY = N_("Find out what lies behind the figure, agree an action with an owner and a date, and follow the figure.")

# The measures by the action that suits them; a twin on business hours is its measure's.
ACTIONS = {
    _WAITING: (
        "first_response_time", "first_response_within", "service_level", "speed_of_answer", "abandonment_rate",
        "missed_rate", "immediate_answer_rate", "answer_rate", "unanswered_share", "awaiting_first_response",
        "erlang_required_agents", "peak_ratio", "mystery_answer_rate", "mystery_speed_of_answer",
        "mystery_first_response_time",
    ),
    _RESOLVING: (
        "resolution_time", "resolution_time_all", "resolved_within", "sla_met_as_recorded", "resolution_rate",
        "never_resolved_types", "handle_time", "handle_time_calls", "call_resolution_rate", "call_success_rate",
        "update_cadence",
    ),
    _FIRST_TIME: (
        "fcr", "reopen_rate", "repeat_contact_rate", "contacts_per_journey", "journey_lead_time",
        "channel_switch_rate", "replies_per_resolution",
    ),
    _PASSING_ON: ("transfer_rate", "right_first_agent_rate", "escalation_rate", "call_transfer_rate"),
    _LISTENING: ("csat", "csat_mean", "ces", "nps", "low_score_rate", "complaint_rate", "review_score"),
    _QUALITY: ("qa_score", "qa_critical_free_rate", "qa_criterion_rate", "qa_agreement", "mystery_score",
        "mystery_right_rate", "mystery_test_score", "training_pass_rate", "training_uptake"),
    _PEOPLE: ("agent_satisfaction", "enps", "agent_turnover", "language_match_rate"),
    _ASKING: ("survey_response_rate", "qa_coverage"),
    _REPLYING: ("review_reply_rate", "review_reply_time"),
    _BACKLOG: ("backlog", "backlog_age_median", "backlog_age_p90", "clearance_ratio", "net_flow"),
}  # fmt: skip
# What a bad figure points to: complexity, information out of reach, staff turnover, missing authority.
CAUSES = {
    "DR1": ("resolution_time", "resolution_time_all", "resolved_within", "never_resolved_types", "handle_time"),
    "DR2": ("fcr", "reopen_rate", "repeat_contact_rate", "qa_criterion_rate", "call_resolution_rate"),
    "DR3": ("agent_turnover", "enps", "agent_satisfaction"),
    "DR4": ("escalation_rate", "transfer_rate", "call_transfer_rate", "right_first_agent_rate"),
}
_BY_MEASURE = {measure: action for action, measures in ACTIONS.items() for measure in measures}
_ROOTS = {measure: cause for cause, measures in CAUSES.items() for measure in measures}


def action_for(measure: str) -> str:
    """What to do about a measure, to be told by Labels; a general advice for a measure of the user's own."""
    return _BY_MEASURE.get(measure.removesuffix(BUSINESS), _ANY)


def section_of(measure: str) -> str:
    """The section of the team's report that shows a measure; "" for a measure of the user's own."""
    if measure.startswith("backlog"):
        return "backlog"
    subject = subject_of(measure)
    return {"quality": "quality reviews", "mystery": "channels"}.get(subject, subject)


def cause_of(measure: str) -> str:
    """The likely root of a bad figure; "" where it points to none."""
    return _ROOTS.get(measure.removesuffix(BUSINESS), "")
