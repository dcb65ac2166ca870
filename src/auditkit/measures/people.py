"""People: training, turnover, and whether the languages asked for are spoken.

Over trainings (with the quality scores around them), days of service of each agent, and tickets.
"""

from __future__ import annotations

from auditkit.definition import Computed, Quantity, Share
from auditkit.translation import N_

TRAINING_PASS_RATE = Share(
    id="training_pass_rate",
    label=N_("Training passed"),
    summary=N_("Share of the courses taken in the period whose test was passed."),
    of="trainings",
    dated_by="taken_at",
    complete="passed IS NOT NULL",
    met="passed",
    needs=("passed",),
    better="higher",
    counts="courses",
    articles="A11 A12 A15 C15",
)

TRAINING_UPTAKE = Quantity(
    id="training_uptake",
    label=N_("Quality after training"),
    summary=N_("Quality score in the 30 days after a course less that in the 30 days before, per course and agent."),
    of="trainings",
    dated_by="taken_at",
    counted="seconds_to_as_of >= {days} * 86400",
    complete="uptake IS NOT NULL",
    value="uptake",
    wanted=("mean",),
    unit="share",
    better="higher",
    counts="courses",
    articles="A15 C15",
    parameters={"days": 30},
    decision=N_(
        "A mean of differences within agents; no proof of cause, because agents are sent to courses for a reason."
    ),
)

AGENT_TURNOVER = Computed(
    id="agent_turnover",
    label=N_("Agent turnover"),
    summary=N_("Agents who left in the period over the mean headcount of its days."),
    of="agent_days",
    dated_by="day_at",
    function="turnover",
    columns=("day_on", "left_today"),
    needs=("left_at",),
    statistic="ratio",
    unit="share",
    better="lower",
    counts="agent days",
    articles="D",
)

LANGUAGE_MATCH_RATE = Share(
    id="language_match_rate",
    label=N_("Language match"),
    summary=N_("Share of the tickets whose agent speaks the customer's language."),
    of="tickets",
    dated_by="created_at",
    complete="speaks_language IS NOT NULL",
    met="speaks_language",
    needs=("language", "agent"),
    needs_table=("agents",),
    better="higher",
    counts="tickets",
    articles="A10",
)

MEASURES = (TRAINING_PASS_RATE, TRAINING_UPTAKE, AGENT_TURNOVER, LANGUAGE_MATCH_RATE)
