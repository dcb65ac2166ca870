"""The relations that measures count: the canonical tables with their facts, and what is derived from several of them.

A relation is a frozen declaration: one row per what, which rows are its population, when a row begins to be known, and
what of it is only known later. The engine, the evidence and the configuration read it; nothing else needs to know that
a journey is not a file. ``made_of`` names the tables without which there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from auditkit.schema import TABLES
from auditkit.translation import N_


@dataclass(frozen=True, kw_only=True)
class Relation:
    """What can be counted: ``time`` is the row's own instant, ``dated`` the instants that can put it in a period.

    ``begun`` is the SQL instant from which a row is known; ``later`` maps SQL instants (microseconds) to the columns
    that are unknown before them; ``grown`` are columns that grow until as_of, by their SQL. ``days`` are days of the
    first and the last thing known of a row; ``lasting`` rows are there until the data end. ``numbers`` are columns of
    whole numbers that tell the values of a text column apart, by the text column.
    """

    name: str
    one_row_per: str
    made_of: tuple[str, ...]
    key: tuple[str, ...]
    time: str
    dated: tuple[str, ...]
    columns: frozenset[str]
    words: str = ""
    population: str = "TRUE"
    begun: str = ""
    later: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    days: tuple[str, str] = ("", "")
    lasting: bool = False
    hours_of: str = ""
    grown: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)

    @property
    def begins(self) -> str:
        """SQL of the instant from which a row is known."""
        return self.begun or f't."{self.time}"'

    @property
    def first_and_last_day(self) -> tuple[str, str]:
        """SQL of the days that say which span the relation covers."""
        return self.days if self.days[0] else (day_of(self.time), day_of(self.time))


def day_of(instant: str) -> str:
    """The stored local day of an instant: created_on of created_at, at_on of at.

    >>> day_of("created_at"), day_of("at")
    ('created_on', 'at_on')
    """
    return instant.removesuffix("_at") + "_on"


def _columns(table: str, *more: str) -> frozenset[str]:
    return frozenset({*TABLES[table].by_name, *more})


# A call is over when it is answered, or when its caller gave up waiting.
_CALL_DECIDED = "coalesce(epoch_us(t.answered_at), epoch_us(t.offered_at) + CAST(t.wait_seconds * 1000000 AS BIGINT))"
# What a ticket's log says of the spells in which it waited for its customer, else what its own row says.
_PAUSED = """CASE WHEN t.pauses IS NOT NULL THEN coalesce(list_sum(list_transform(t.pauses, lambda p:
        greatest(least(coalesce(p.to_us, {as_of}), {as_of}) - least(p.from_us, {as_of}), 0))), 0) / 1e6
    WHEN epoch_us(t.resolved_at) <= {as_of} OR NOT {masked} THEN t.pending_seconds END"""
_PAUSED_BUSINESS = """CASE WHEN len(t.pauses) = 0 THEN 0 ELSE list_sum(list_transform(t.pauses, lambda p:
        greatest(least(coalesce(p.to_open, a.open_at_as_of), a.open_at_as_of)
            - least(p.from_open, a.open_at_as_of), 0))) END"""
# A reply without a date may have been there from the beginning; one that is dated after as_of is not there yet.
_HAS_REPLY = "CASE WHEN t.replied_at IS NOT NULL THEN epoch_us(t.replied_at) <= {as_of} ELSE t.replied END"
_JOURNEY_COLUMNS = "team journey_id customer_id channel start_channel last_channel agent reason resolved contacts"

TICKETS = Relation(
    name="tickets",
    one_row_per=N_("ticket"),
    made_of=("tickets",),
    key=("ticket_id",),
    time="created_at",
    dated=("created_at", "first_response_at", "resolved_at", "closed_at", "settled_at"),
    columns=_columns("tickets", "reviewed", "first_reviewed_at", "speaks_language", "pauses"),
    words=N_("without spam, merged, deleted, test, internal, bot-only and outbound tickets"),
    population="excluded IS NULL AND outbound IS DISTINCT FROM TRUE",
    later={
        "epoch_us(t.first_response_at)": (
            "first_response_at", "first_response_on", "response_seconds", "response_business_seconds",
            "sla_first_response_met",
        ),
        "epoch_us(t.first_resolved_at)": ("first_resolved_at",),
        "epoch_us(t.resolved_at)": (
            "resolved_at", "resolved_on", "resolution_seconds", "resolution_business_seconds", "sla_resolution_met",
            "outcome", "handle_seconds",
        ),
        "epoch_us(t.closed_at)": ("closed_at", "closed_on"),
        "epoch_us(t.first_reviewed_at)": ("first_reviewed_at",),
    },
    days=("created_on", "greatest(created_on, resolved_on, closed_on)"),
    hours_of="created_at",
    grown={"paused_seconds": _PAUSED, "paused_business_seconds": _PAUSED_BUSINESS},
)  # fmt: skip

CALLS = Relation(
    name="calls",
    one_row_per=N_("call"),
    made_of=("calls",),
    key=("call_id",),
    time="offered_at",
    dated=("offered_at",),
    columns=_columns("calls"),
    words=N_("inbound calls"),
    population="direction IS DISTINCT FROM 'outbound'",
    later={
        _CALL_DECIDED: (
            "answered_at", "answered", "wait_seconds", "abandoned", "abandoned_in", "talk_seconds", "hold_seconds",
            "wrap_seconds", "handle_seconds", "ended_at", "transferred", "resolved", "outcome",
        ),
    },
    hours_of="offered_at",
)  # fmt: skip

SURVEYS = Relation(
    name="surveys",
    one_row_per=N_("survey"),
    made_of=("surveys",),
    key=("response_id",),
    time="answered_at",
    dated=("sent_at", "answered_at"),
    columns=_columns("surveys"),
    words=N_("without invalidated answers"),
    population="invalidated IS DISTINCT FROM TRUE",
    begun="coalesce(t.sent_at, t.answered_at)",
    later={
        "epoch_us(t.answered_at)": ("answered_at", "answered_on", "score", "emotion", "comment", "invalidated"),
        "epoch_us(t.replied_at)": ("replied_at",),
    },
    days=("coalesce(sent_on, answered_on)", "coalesce(answered_on, sent_on)"),
    grown={"has_reply": _HAS_REPLY},
)

CONTACTS = Relation(
    name="contacts",
    one_row_per=N_("contact of a customer, by ticket or by call"),
    made_of=("tickets", "calls"),
    key=("kind", "id"),
    time="at",
    dated=("at",),
    columns=frozenset(
        ["team", "kind", "id", "channel", "agent", "customer_id", "reason", "complaint", "compliment", "journey_id"]
    ),
    words=N_("tickets and inbound calls of customers"),
    later={"epoch_us(t.ended_at)": ("ended_at", "ended_on", "resolved")},
)

JOURNEYS = Relation(
    name="journeys",
    one_row_per=N_("journey: contacts of one customer about one matter"),
    made_of=("tickets", "calls"),
    key=("journey_id",),
    time="started_at",
    dated=("started_at", "ended_at"),
    columns=frozenset(_JOURNEY_COLUMNS.split()),
    words=N_("journeys of known customers"),
)

UPDATE_WINDOWS = Relation(
    name="update_windows",
    one_row_per=N_("ticket and full 24 hours of being open"),
    made_of=("ticket_events",),
    key=("ticket_id", "day_no"),
    time="at",
    dated=("at",),
    columns=frozenset(["team", "ticket_id", "channel", "agent", "priority", "type", "updated"]),
    words=N_("full days of open tickets that the event log covers"),
    begun="t.window_end_at",
)

SCORED_REVIEWS = Relation(
    name="scored_reviews",
    one_row_per=N_("quality review"),
    made_of=("reviews",),
    key=("review_id",),
    time="reviewed_at",
    dated=("reviewed_at",),
    columns=frozenset(["team", "review_id", "agent", "reviewer", "ticket_id", "scorecard", "kind"]),
    later={"epoch_us(t.csat_answered_at)": ("csat_score", "csat_top_box")},
)

REVIEW_CRITERIA = Relation(
    name="review_criteria",
    one_row_per=N_("criterion of a quality review"),
    made_of=("reviews",),
    key=("review_id", "criterion"),
    time="reviewed_at",
    dated=("reviewed_at",),
    columns=_columns("reviews", "applicable", "share", "failed"),
)

MYSTERY_TESTS = Relation(
    name="mystery_tests",
    one_row_per=N_("mystery test"),
    made_of=("mystery_tests",),
    key=("test_id",),
    time="contacted_at",
    dated=("contacted_at",),
    columns=_columns("mystery_tests", "watched_seconds"),
    later={"epoch_us(t.answered_at)": ("answered_at", "reply_seconds", "answered_right", "score")},
    hours_of="contacted_at",
)

AGENT_DAYS = Relation(
    name="agent_days",
    one_row_per=N_("agent and day in service"),
    made_of=("agents",),
    key=("agent", "day_on"),
    time="day_at",
    dated=("day_at",),
    columns=frozenset(["team", "agent", "joined_at", "left_at", "joined_today", "left_today"]),
    later={"epoch_us(t.left_at)": ("left_at",)},
)

TRAININGS = Relation(
    name="trainings",
    one_row_per=N_("course taken by an agent"),
    made_of=("training",),
    key=("agent", "course", "taken_at"),
    time="taken_at",
    dated=("taken_at",),
    columns=frozenset(["team", "agent", "course", "passed"]),
    later={"epoch_us(t.window_end_at)": ("qa_after", "uptake")},
)

OFFERS = Relation(
    name="offers",
    one_row_per=N_("offer made in a contact"),
    made_of=("offers",),
    key=("offered_at", "kind", "ticket_id"),
    time="offered_at",
    dated=("offered_at",),
    columns=_columns("offers"),
)

TEAM_ORDERS = Relation(
    name="team_orders",
    one_row_per=N_("order of a customer whom the team has been in contact with"),
    made_of=("orders", "tickets"),
    key=("order_id",),
    time="ordered_at",
    dated=("ordered_at",),
    columns=frozenset(["team", "order_id", "customer_id", "kind", "amount", "order_number"]),
    words=N_("orders of customers who were in contact with the team"),
    begun="greatest(t.ordered_at, t.first_contact_at)",
)

CUSTOMER_TEAMS = Relation(
    name="customer_teams",
    one_row_per=N_("customer and team that were in contact"),
    made_of=("customers", "tickets"),
    key=("customer_id",),
    time="since_at",
    dated=("since_at",),
    columns=frozenset(["team", "customer_id"]),
    words=N_("customers who were in contact with the team"),
    begun="greatest(t.since_at, t.first_contact_at)",
    lasting=True,
    later={"epoch_us(t.left_at)": ("left_at",)},
)

RELATIONS: dict[str, Relation] = {
    relation.name: relation
    for relation in (
        TICKETS,
        CALLS,
        SURVEYS,
        CONTACTS,
        JOURNEYS,
        UPDATE_WINDOWS,
        SCORED_REVIEWS,
        REVIEW_CRITERIA,
        MYSTERY_TESTS,
        AGENT_DAYS,
        TRAININGS,
        OFFERS,
        TEAM_ORDERS,
        CUSTOMER_TEAMS,
    )
}
POPULATION = {name: relation.population for name, relation in RELATIONS.items()}
POPULATION_WORDS = {name: relation.words for name, relation in RELATIONS.items()}
