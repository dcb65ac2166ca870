"""People: agents beside each other, training, turnover, and whether agents speak their customers' languages."""

from __future__ import annotations

from auditkit.exhibits.agents import agents
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further, why_nothing

_PEOPLE = ("language_match_rate", "agent_turnover", "training_pass_rate", "training_uptake")


def people(context: Context) -> list[Exhibit]:
    """Agents on a funnel and one table of the rest, or why there is none."""
    shown = [*agents(context), *further(context, "people", _PEOPLE, seldom=True)]
    title = context.labels.say("Nothing is known of training, turnover and languages")
    return shown or [context.missing("people", title, why_nothing(context, _PEOPLE))]
