"""Looking at a team or a client: the figures are evaluated, the checklists assessed, the rules asked.

In come a store, a team, a period and a language; out comes everything that findings rest on. An answer that the auditor
gave to the client is a finding of the client, once, and of no team; only a team's own answers are its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from auditkit.checklists.answers import own_answers, read_answers
from auditkit.checklists.assess import Result, assess, figures_for
from auditkit.checklists.model import Checklist, checklists_of
from auditkit.checklists.rules import Figures
from auditkit.clocks.period import Period
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Results
from auditkit.findings.model import Finding
from auditkit.findings.rules import answered_no, findings_of
from auditkit.labels import Labels
from auditkit.report.evaluated import make_context
from auditkit.store import Store


@dataclass(frozen=True)
class Looked:
    """A ``team`` ("": the client) with its checklists as they stand and what was found."""

    team: str
    context: Context
    results: tuple[Result, ...]
    findings: tuple[Finding, ...]


def look_at_team(store: Store, team: str, period: Period, as_of: datetime, language: str) -> Looked:
    """Everything about one team in one period."""
    checklists = checklists_of(store.workspace)
    context = make_context(store, team, period, as_of, language)
    figures = figures_for(store, checklists, team, period, context.labels, as_of)
    answers = read_answers(store.workspace, team)
    results = tuple(assess(one, figures, answers) for one in checklists)
    own = frozenset(own_answers(store.workspace, team))
    return Looked(team, context, results, tuple(findings_of(context, results, own)))


def look_at_client(store: Store, teams: Sequence[Looked], language: str) -> Looked:
    """The client as a whole: no figures of its own, what was noticed of any team, and the answers given to it."""
    config, first = store.workspace.config, teams[0].context
    notices = dict.fromkeys(notice for one in teams for notice in one.context.notices)
    context = replace(
        first, team=config.audit.client, labels=Labels(language, config.audit.timezone), results=Results(()),
        variants=Results(()), headlines={}, notices=tuple(notices), sources=tuple(store.meta.sources), coverage=None,
    )  # fmt: skip
    results = tuple(_by_answers(store, one, context.labels) for one in checklists_of(store.workspace))
    found = tuple(replace(one, team="") for one in answered_no(context, results))
    return Looked("", context, results, found)


def _by_answers(store: Store, checklist: Checklist, labels: Labels) -> Result:
    """The checklist by what the auditor answered to the client alone."""
    return assess(checklist, Figures((), {}, {}, (), {}, labels), own_answers(store.workspace))
