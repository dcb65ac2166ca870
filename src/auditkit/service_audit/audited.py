"""What an audit knows of one team, or of all teams of a client: figures, checklists as they stand, findings.

In come a store, the teams and a period; out comes a frozen value that every part of the document reads. The register of
findings is read and joined with what is found now; nothing is written, so that the same workspace gives the same
document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from auditkit.checklists.answers import read_answers
from auditkit.checklists.assess import Result, assess, figures_for, together
from auditkit.checklists.model import Checklist, all_items, checklists_of
from auditkit.clocks.period import Period
from auditkit.config.models import Audit, Checklists
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Results
from auditkit.findings.model import SEVERITIES
from auditkit.findings.register import Entry, in_step
from auditkit.findings.rules import findings_of
from auditkit.labels import Labels
from auditkit.report import make_context
from auditkit.store import Store


@dataclass(frozen=True)
class Audited:
    """``context`` is that of the team, or of the client as a whole; ``teams`` holds one for each team that was looked
    at. ``results`` are the checklists in use, ``by_team`` the same for each team; ``entries`` the findings, the gravest
    first; ``skipped`` the items of the checklists that the client switched off or a partial audit leaves out."""

    context: Context
    teams: Mapping[str, Context]
    results: tuple[Result, ...]
    by_team: Mapping[str, tuple[Result, ...]]
    entries: tuple[Entry, ...]
    about: Audit
    choice: Checklists
    skipped: int

    @property
    def is_of_client(self) -> bool:
        """Whether it is of several teams under the client's name."""
        return self.context.team not in self.teams

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The findings that are not closed."""
        return tuple(one for one in self.entries if not one.is_closed)

    @property
    def closed(self) -> tuple[Entry, ...]:
        """The findings that are verified, or not found any more."""
        return tuple(one for one in self.entries if one.is_closed)


def audited(
    store: Store, teams: Sequence[str], period: Period, as_of: datetime, language: str, client: bool = False
) -> Audited:
    """Evaluate, assess and find. ``client``: of all the teams together, under the client's name."""
    checklists = checklists_of(store.workspace)
    contexts, by_team, entries = {}, {}, []
    for team in teams:
        contexts[team] = make_context(store, team, period, as_of, language)
        by_team[team] = _assessed(store, checklists, contexts[team])
        entries += _entries(store, contexts[team], by_team[team])
    results = tuple(
        together({team: by_team[team][place] for team in teams}) for place in range(len(checklists))
    )  # one checklist after another, of all teams
    config = store.workspace.config
    kept = sum(len(one.item) for one in checklists)
    return Audited(
        _whole(store, contexts, language) if client else contexts[teams[0]],
        contexts, results, by_team, tuple(_in_order(_once(entries))), config.audit, config.checklist,
        all_items(store.workspace) - kept,
    )  # fmt: skip


def _assessed(store: Store, checklists: Sequence[Checklist], context: Context) -> tuple[Result, ...]:
    figures = figures_for(store, checklists, context.team, context.period, context.labels, context.as_of)
    answers = read_answers(store.workspace, context.team)
    return tuple(assess(one, figures, answers) for one in checklists)


def _entries(store: Store, context: Context, results: Sequence[Result]) -> list[Entry]:
    """The team's part of the register, as it stands after what is found now."""
    known = in_step(store.workspace, context, findings_of(context, results), context.labels)
    return [one for one in known.values() if one.found.get("team") == context.team]


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """What was found of several teams in the same words (an answer to the client stands in all) is one finding."""
    same: dict[tuple, list[Entry]] = {}
    for one in entries:
        key = (one.found.get("rule"), one.found.get("subject"), one.found.get("statement"), one.state, one.owner)
        same.setdefault(key, []).append(one)
    return [
        replace(several[0], found={**several[0].found, "team": ", ".join(one.found["team"] for one in several)})
        for several in same.values()
    ]


def _in_order(entries: Sequence[Entry]) -> list[Entry]:
    def key(one: Entry) -> tuple:
        severity = one.found.get("severity", "")
        place = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
        return place, one.found.get("team", ""), one.found.get("rule", ""), one.number

    return sorted(entries, key=key)


def _whole(store: Store, contexts: Mapping[str, Context], language: str) -> Context:
    """The client's own context: no figures of its own, what was noticed of any team."""
    first, config = next(iter(contexts.values())), store.workspace.config
    notices = dict.fromkeys(notice for one in contexts.values() for notice in one.notices)
    return replace(
        first, team=config.audit.client, labels=Labels(language, config.audit.timezone), results=Results(()),
        variants=Results(()), headlines={}, notices=tuple(notices), sources=tuple(store.meta.sources), coverage=None,
    )  # fmt: skip
