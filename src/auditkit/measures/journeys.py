"""Journeys: the chain of contacts that a customer needed, across tickets and calls.

Over journeys (contacts of one customer about one matter, chained while the gap is at most 14 days), dated by their
start, and over single contacts.
"""

from __future__ import annotations

from auditkit.definition import Count, Quantity, Share
from auditkit.translation import N_

CONTACTS_PER_JOURNEY = Quantity(
    id="contacts_per_journey",
    label=N_("Contacts per journey"),
    summary=N_("Contacts that a customer needed for one matter, by ticket or by call."),
    of="journeys",
    dated_by="started_at",
    counted="window_seconds <= seconds_to_as_of",
    value="contacts",
    wanted=("mean", "median", "p90"),
    unit="contacts",
    better="lower",
    counts="journeys",
    articles="B",
    decision=N_("Contacts of one customer are chained while the gap is at most 14 days and known reasons agree."),
)

JOURNEY_LEAD_TIME = Quantity(
    id="journey_lead_time",
    label=N_("Lead time of a journey"),
    summary=N_("From the first contact about a matter to its last resolution, of journeys that are settled."),
    of="journeys",
    dated_by="started_at",
    counted="ended_at IS NOT NULL",
    complete="lead_seconds >= 0",
    value="lead_seconds",
    better="lower",
    clock="calendar",
    counts="journeys",
    articles="B",
)

CHANNEL_SWITCH_RATE = Share(
    id="channel_switch_rate",
    label=N_("Journeys that changed channel"),
    summary=N_("Share of the journeys in which the customer had to change the channel."),
    of="journeys",
    dated_by="started_at",
    complete="start_channel IS NOT NULL",
    met="channel_switches > 0",
    better="lower",
    counts="journeys",
    articles="B",
)

START_CHANNEL = Count(
    id="start_channel",
    label=N_("Journeys begun"),
    summary=N_("Journeys that began in the period; broken down by channel, where customers begin."),
    of="journeys",
    dated_by="started_at",
    unit="journeys",
    counts="journeys",
    articles="B",
)

IDENTITY_MATCH_RATE = Share(
    id="identity_match_rate",
    label=N_("Contacts with a known customer"),
    summary=N_("Share of the contacts, by ticket or by call, whose customer is known: what journeys rest on."),
    of="contacts",
    dated_by="at",
    met="customer_id IS NOT NULL",
    better="higher",
    counts="contacts",
    articles="B",
)

MEASURES = (CONTACTS_PER_JOURNEY, JOURNEY_LEAD_TIME, CHANNEL_SWITCH_RATE, START_CHANNEL, IDENTITY_MATCH_RATE)
