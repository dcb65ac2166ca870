"""The canonical tables: what every source is turned into, whatever help desk or phone system it came from.

A table is a frozen declaration: one row per what, its key, its columns. A column has a type, a unit where it needs
one, a meaning and, where values are limited, the values allowed. Instants are UTC. Optional columns may be absent
from a source: the measures that need them are then not available, and say so. Every stored row also carries
``source`` (the file, relative to the workspace) and ``source_row`` (the row as a spreadsheet counts it: the header is
row 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

SQL_TYPES = {
    "text": "VARCHAR",
    "instant": "TIMESTAMPTZ",
    "day": "DATE",
    "number": "DOUBLE",
    "count": "BIGINT",
    "duration": "DOUBLE",
    "boolean": "BOOLEAN",
    "list": "VARCHAR[]",
}
PROVENANCE = {"source": "VARCHAR", "source_row": "BIGINT"}


@dataclass(frozen=True)
class Column:
    """One column: ``type`` is a key of SQL_TYPES; ``allowed`` are canonical values; ``at_least`` bounds numbers."""

    name: str
    type: str
    meaning: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    at_least: float | None = None

    @property
    def sql_type(self) -> str:
        """The DuckDB type the column is stored with."""
        return SQL_TYPES[self.type]


@dataclass(frozen=True)
class Table:
    """One canonical table: ``one_row_per``, the ``key`` that makes a row unique (empty: whole rows), its columns."""

    name: str
    one_row_per: str
    key: tuple[str, ...]
    time: str | None
    columns: tuple[Column, ...]

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """The columns by their name."""
        return {column.name: column for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns without which a source cannot be read."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def sql_types(self) -> dict[str, str]:
        """Every stored column with its DuckDB type, provenance last."""
        return {column.name: column.sql_type for column in self.columns} | PROVENANCE


def _required(name: str, kind: str, meaning: str, **more: object) -> Column:
    return Column(name, kind, meaning, required=True, **more)  # type: ignore[arg-type]


TICKETS = Table(
    "tickets",
    "ticket",
    ("ticket_id",),
    "created_at",
    (
        _required("ticket_id", "text", "the ticket's id in its source"),
        _required("team", "text", "the team that answers for the ticket"),
        _required("created_at", "instant", "when the customer made contact"),
        Column("channel", "text", "phone, email, chat, web, social, walk-in or the source's own word"),
        Column("agent", "text", "who holds or resolved the ticket"),
        Column("customer_id", "text", "who asked; links contacts into repeats and journeys"),
        Column("status", "text", "state at the last update"),
        Column("priority", "text", "as the source says it"),
        Column("type", "text", "question, incident, request, ..."),
        Column("reason", "text", "what the contact was about"),
        Column("tags", "list", "free labels"),
        Column("language", "text", "language of the customer (ISO 639-1)"),
        Column("subject", "text", "subject line; written by strangers"),
        Column("first_response_at", "instant", "first public reply of an agent"),
        Column("resolved_at", "instant", "last resolution"),
        Column("first_resolved_at", "instant", "first resolution"),
        Column("closed_at", "instant", "when it could no longer be reopened"),
        Column("reopens", "count", "times reopened after a resolution", at_least=0),
        Column("replies", "count", "public replies by agents", at_least=0),
        Column("customer_replies", "count", "replies by the customer after the first message", at_least=0),
        Column("transfers", "count", "hand-overs to another agent or team", at_least=0),
        Column("agents_touched", "count", "different agents who acted", at_least=0),
        Column("escalated", "boolean", "handed to a higher line"),
        Column("complaint", "boolean", "the customer complained"),
        Column("compliment", "boolean", "the customer praised"),
        Column("outcome", "text", "how it ended", allowed=("success", "partial", "failure")),
        Column("handle_seconds", "duration", "working time spent", at_least=0),
        Column("pending_seconds", "duration", "spent waiting for the customer, as the source counts it", at_least=0),
        Column("outbound", "boolean", "started by the team, not by the customer"),
        Column("excluded", "text", "reason to leave it out: spam, merged, deleted, test, internal, bot-only"),
        Column("recorded_first_response_seconds", "duration", "the source's own first response time", at_least=0),
        Column("recorded_resolution_seconds", "duration", "the source's own resolution time", at_least=0),
        Column("sla_first_response_met", "boolean", "the source's own verdict on the first response"),
        Column("sla_resolution_met", "boolean", "the source's own verdict on the resolution"),
    ),
)

TICKET_EVENTS = Table(
    "ticket_events",
    "thing that happened to a ticket",
    (),
    "at",
    (
        _required("ticket_id", "text", "the ticket"),
        _required("at", "instant", "when it happened"),
        Column("team", "text", "team of a ticket that no ticket file lists"),
        Column("actor", "text", "who acted", allowed=("agent", "customer", "system", "bot")),
        Column("agent", "text", "which agent"),
        _required(
            "kind",
            "text",
            "what happened",
            allowed=(
                "created",
                "public_reply",
                "note",
                "status",
                "assign",
                "transfer",
                "escalate",
                "reopen",
                "resolve",
                "close",
                "csat",
            ),
        ),
        Column("value", "text", "new status, assignee, ..."),
    ),
)

CALLS = Table(
    "calls",
    "call",
    ("call_id",),
    "offered_at",
    (
        _required("call_id", "text", "the call's id in its source"),
        _required("team", "text", "the team the call was offered to"),
        _required("offered_at", "instant", "when the caller began to wait"),
        Column("queue", "text", "queue or topic"),
        Column("agent", "text", "who answered"),
        Column("customer_id", "text", "who called"),
        Column("answered_at", "instant", "when an agent picked up"),
        Column("wait_seconds", "duration", "waiting before the answer or the hang-up", at_least=0),
        Column("answered", "boolean", "an agent picked up"),
        Column("abandoned_in", "text", "where the caller hung up", allowed=("ivr", "queue", "ringing")),
        Column("talk_seconds", "duration", "talking", at_least=0),
        Column("hold_seconds", "duration", "on hold", at_least=0),
        Column("wrap_seconds", "duration", "work after the call", at_least=0),
        Column("ended_at", "instant", "end of the call"),
        Column("transferred", "boolean", "handed to another agent or queue"),
        Column("resolved", "boolean", "the matter was settled"),
        Column("outcome", "text", "how it ended", allowed=("success", "partial", "failure")),
        Column("direction", "text", "inbound or outbound", allowed=("inbound", "outbound")),
        Column("ticket_id", "text", "the ticket it belongs to"),
    ),
)

SURVEYS = Table(
    "surveys",
    "question sent to one customer or agent",
    ("response_id",),
    "answered_at",
    (
        _required("response_id", "text", "id of the response"),
        _required("team", "text", "the team asked about"),
        _required("kind", "text", "which survey", allowed=("csat", "ces", "nps", "agent", "review", "touchpoint")),
        Column("sent_at", "instant", "when the question was sent"),
        Column("answered_at", "instant", "when it was answered"),
        Column("score", "number", "the answer as a number"),
        Column("scale_min", "number", "lowest possible score"),
        Column("scale_max", "number", "highest possible score"),
        Column("question", "text", "the question or its topic"),
        Column("touchpoint", "text", "where in the journey"),
        Column("emotion", "text", "leading emotion"),
        Column("comment", "text", "free text; written by strangers"),
        Column("ticket_id", "text", "the ticket asked about"),
        Column("call_id", "text", "the call asked about"),
        Column("agent", "text", "the agent asked about, or asked"),
        Column("customer_id", "text", "who was asked"),
        Column("channel", "text", "channel of the survey; of a public review, its site"),
        Column("replied", "boolean", "the company replied to it (public reviews)"),
        Column("replied_at", "instant", "when the company replied to it (public reviews)"),
        Column("contacts", "count", "contacts that the customer says it took", at_least=0),
        Column("resolved", "boolean", "the customer says that it was settled"),
        Column("invalidated", "boolean", "withdrawn after the answer"),
    ),
)

REVIEWS = Table(
    "reviews",
    "criterion of a quality review",
    ("review_id", "criterion"),
    "reviewed_at",
    (
        _required("review_id", "text", "id of the review"),
        _required("reviewed_at", "instant", "when it was reviewed"),
        _required("team", "text", "the team reviewed"),
        Column("agent", "text", "the agent reviewed"),
        Column("reviewer", "text", "who reviewed"),
        Column("ticket_id", "text", "the ticket reviewed"),
        _required("scorecard", "text", "which scorecard"),
        _required("criterion", "text", "which criterion"),
        Column("score", "number", "points given", at_least=0),
        Column("max_score", "number", "points possible", at_least=0),
        Column("weight", "number", "weight of the criterion", at_least=0),
        Column("critical", "boolean", "failing it fails the review"),
        Column("not_applicable", "boolean", "could not be judged"),
        Column("comment", "text", "the reviewer's words"),
        Column("kind", "text", "why it was reviewed", allowed=("review", "calibration", "mystery")),
    ),
)

MYSTERY_TESTS = Table(
    "mystery_tests",
    "test contact: a call or a message sent to see how it is answered",
    ("test_id",),
    "contacted_at",
    (
        _required("test_id", "text", "id of the test"),
        _required("team", "text", "the team tested"),
        _required("channel", "text", "phone for a call; email, chat, web, social or the source's own word"),
        _required("contacted_at", "instant", "when the tester called or wrote"),
        Column("answered_at", "instant", "when a person of the team picked up or replied; empty: not while watched"),
        Column("reply_seconds", "duration", "the wait until then, where the log has no instant", at_least=0),
        Column("watched_until", "instant", "how long the tester waited for an answer"),
        Column("tester", "text", "who tested"),
        Column(
            "tester_type",
            "text",
            "who the tester is to the team",
            allowed=("independent", "customer", "employee", "vendor", "team"),
        ),
        Column("independent", "boolean", "independent of the team; unless said, independent testers and customers are"),
        Column("answered_right", "boolean", "the answer was right"),
        Column("score", "number", "points given by the tester", at_least=0),
        Column("max_score", "number", "points possible", at_least=0),
        Column("language", "text", "language of the contact (ISO 639-1)"),
        Column("note", "text", "the tester's words"),
    ),
)

AGENTS = Table(
    "agents",
    "agent in a team",
    ("agent", "team"),
    None,
    (
        _required("agent", "text", "the agent's name or id"),
        _required("team", "text", "the team"),
        Column("joined_at", "instant", "first day"),
        Column("left_at", "instant", "day of leaving"),
        Column("languages", "list", "languages spoken (ISO 639-1)"),
        Column("skills", "list", "skills"),
    ),
)

TRAINING = Table(
    "training",
    "course taken by an agent",
    ("agent", "course", "taken_at"),
    "taken_at",
    (
        _required("agent", "text", "who took it"),
        _required("course", "text", "which course"),
        _required("taken_at", "instant", "when"),
        Column("team", "text", "the agent's team"),
        Column("score", "number", "points", at_least=0),
        Column("max_score", "number", "points possible", at_least=0),
        Column("passed", "boolean", "passed the test"),
    ),
)

CUSTOMERS = Table(
    "customers",
    "customer",
    ("customer_id",),
    "since",
    (
        _required("customer_id", "text", "the customer"),
        Column("since", "instant", "customer since"),
        Column("left_at", "instant", "customer until"),
        Column("referred_by", "text", "who referred them"),
    ),
)

ORDERS = Table(
    "orders",
    "order",
    ("order_id",),
    "ordered_at",
    (
        _required("order_id", "text", "the order"),
        _required("customer_id", "text", "who ordered"),
        _required("ordered_at", "instant", "when"),
        Column("amount", "number", "value in the client's currency"),
        Column("kind", "text", "how it came about", allowed=("sale", "cross_sell", "repeat")),
        Column("ticket_id", "text", "the ticket it grew from"),
    ),
)

OFFERS = Table(
    "offers",
    "offer made in a contact",
    (),
    "offered_at",
    (
        _required("offered_at", "instant", "when"),
        _required("team", "text", "by which team"),
        _required("kind", "text", "what kind", allowed=("conversion", "cross_sell", "referral")),
        Column("accepted", "boolean", "the customer said yes"),
        Column("ticket_id", "text", "in which ticket"),
        Column("agent", "text", "by whom"),
    ),
)

STAFFING = Table(
    "staffing",
    "shift",
    ("team", "starts_at"),
    "starts_at",
    (
        _required("team", "text", "the team"),
        _required("starts_at", "instant", "start of the shift"),
        _required("ends_at", "instant", "end of the shift"),
        Column("agents_on_duty", "number", "agents at work", at_least=0),
    ),
)

CHANGES = Table(
    "changes",
    "dated change in how a team works",
    ("at", "team", "title"),
    "at",
    (
        _required("at", "instant", "when it took effect"),
        Column("team", "text", "which team; empty for all"),
        _required("title", "text", "what changed"),
        Column("measure", "text", "the measure it should move"),
        Column("direction", "text", "expected direction", allowed=("up", "down")),
        Column("expected", "text", "expected effect in words"),
        Column("expected_ratio", "number", "expected size: the measure after over before; 0.5 is half", at_least=0),
        Column(
            "expected_difference",
            "number",
            "expected size: the measure after less before, in its unit (a point of a share is 0.01; seconds)",
        ),
    ),
)

TABLES = {
    table.name: table
    for table in (
        TICKETS,
        TICKET_EVENTS,
        CALLS,
        SURVEYS,
        REVIEWS,
        MYSTERY_TESTS,
        AGENTS,
        TRAINING,
        CUSTOMERS,
        ORDERS,
        OFFERS,
        STAFFING,
        CHANGES,
    )
}
