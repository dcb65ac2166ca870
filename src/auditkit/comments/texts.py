"""The free texts of some teams in one period: comments, subjects, and replies where a log has their words.

In comes a store, out comes a frame with a row per text, under the very population that figures are counted by: spam
and outbound tickets are left out, withdrawn answers too, and nothing is known that was written after as_of. Texts are
as they were written; who shows them masks them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pandas as pd

from auditkit.clocks.period import Period
from auditkit.definition import Share
from auditkit.evaluation.evaluate import scope_of
from auditkit.evaluation.query import base, prepare, with_parameters
from auditkit.measures import CATALOGUE
from auditkit.store import Store

COLUMNS = ("team", "key", "kind", "on", "ticket_id", "channel", "reason", "language", "text", "flagged", "low_score")
KINDS = ("comment", "subject", "reply")
_TICKETS = """SELECT team, 'ticket/' || ticket_id AS key, 'subject' AS kind, created_on AS "on", ticket_id, channel,
    reason, language, subject AS text, coalesce(complaint, FALSE) AS flagged, FALSE AS low_score FROM known_tickets
    WHERE subject IS NOT NULL OR complaint"""
_COMMENTS = """SELECT s.team, 'survey/' || s.response_id, 'comment', s.answered_on, s.ticket_id,
    coalesce(t.channel, s.channel), t.reason, t.language, s.comment, coalesce(t.complaint, FALSE), {low}
    FROM {surveys} s LEFT JOIN known_tickets t ON t.ticket_id = s.ticket_id
    WHERE s.kind <> 'agent' AND s.comment IS NOT NULL AND s.answered_on IS NOT NULL"""
_REPLIES = """SELECT t.team, 'reply/' || t.ticket_id || '/' || CAST(e."at" AS VARCHAR), 'reply', t.created_on,
    t.ticket_id, t.channel, t.reason, t.language, e.value, coalesce(t.complaint, FALSE), FALSE
    FROM ticket_events e JOIN known_tickets t ON t.ticket_id = e.ticket_id
    WHERE e.kind = 'public_reply' AND e.actor IS DISTINCT FROM 'customer' AND contains(e.value, ' ')
    AND e."at" <= TIMESTAMPTZ '{as_of}'"""
_NO_TICKETS = """CREATE OR REPLACE TEMP TABLE known_tickets (team VARCHAR, ticket_id VARCHAR, channel VARCHAR,
    reason VARCHAR, language VARCHAR, complaint BOOLEAN, created_on DATE)"""


def texts(
    store: Store, teams: Sequence[str], period: Period | None = None, as_of: datetime | None = None
) -> pd.DataFrame:
    """Every text of these teams that was written in the period (all by default), with the columns of :data:`COLUMNS`.

    ``on`` is the local day of the ticket's creation or of the answer. ``language`` is the ticket's, else the team's,
    else the audit's. ``flagged`` says that the source calls the ticket a complaint, ``low_score`` that the answer's
    score is low by the rule of the measure low_score_rate. A flagged ticket is there even without a subject.
    """
    scope = scope_of(store, list(teams), [period] if period else [], None, as_of)
    con = store.connect()
    prepare(con, scope)
    parts = []
    if "tickets" in store.meta.tables:
        con.execute(f"CREATE OR REPLACE TEMP TABLE known_tickets AS SELECT * FROM {base('tickets', scope)}")
        parts.append(_TICKETS)
    else:
        con.execute(_NO_TICKETS)
    if "surveys" in store.meta.tables:
        parts.append(_COMMENTS.format(low=_low_score(), surveys=base("surveys", scope)))
    if "tickets" in store.meta.tables and "ticket_events" in store.meta.tables:
        parts.append(_REPLIES.format(as_of=scope.as_of.isoformat()))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    within = _within(period.start, period.end) if period else "TRUE"
    rows = f"SELECT * FROM ({' UNION ALL '.join(parts)}) WHERE {within} ORDER BY key"
    found = con.sql(rows).to_arrow_table().to_pandas()
    spoken = {team: language_of(store, team) for team in teams}
    return found.assign(language=found["language"].fillna(found["team"].map(spoken)))


def language_of(store: Store, team: str) -> str:
    """The language in which the team's customers write where nothing says otherwise."""
    return store.meta.teams[team].language or store.workspace.config.audit.language


def _within(start: date, end: date) -> str:
    return f"\"on\" >= DATE '{start}' AND \"on\" < DATE '{end}'"


def _low_score() -> str:
    measure = CATALOGUE["low_score_rate"]
    assert isinstance(measure, Share)
    ready = with_parameters(measure, None)
    return f"coalesce({ready.counted} AND {ready.complete} AND {ready.met}, FALSE)"
