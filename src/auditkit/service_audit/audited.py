"""What an audit knows of one team, or of all teams of a client: figures, checklists as they stand, findings.

In come a store, the teams and a period; out comes a frozen value that every part of the document reads. The register of
findings is read and joined with what is found now; nothing is written, so that the same workspace gives the same
document.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from auditkit.checklists.assess import Result, together
from auditkit.checklists.model import all_items, checklists_of
from auditkit.clocks.period import Period
from auditkit.config.models import Audit, Checklists
from auditkit.exhibits.context import Context
from auditkit.findings.look import Looked, look_at_client, look_at_team
from auditkit.findings.model import SEVERITIES
from auditkit.findings.register import Entry, in_step
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
    looked = {team: look_at_team(store, team, period, as_of, language) for team in teams}
    whole = look_at_client(store, list(looked.values()), language)
    by_team = {team: one.results for team, one in looked.items()}
    checklists = checklists_of(store.workspace)
    results = tuple(  # one checklist after another, of all teams
        together({team: by_team[team][place] for team in teams}) for place in range(len(checklists))
    )
    entries = [entry for one in (whole, *looked.values()) for entry in _entries(store, one)]
    config = store.workspace.config
    kept = sum(len(one.item) for one in checklists)
    return Audited(
        whole.context if client else looked[teams[0]].context,
        {team: one.context for team, one in looked.items()}, results, by_team,
        tuple(_in_order(_once(entries))), config.audit, config.checklist, all_items(store.workspace) - kept,
    )  # fmt: skip


def _entries(store: Store, looked: Looked) -> list[Entry]:
    """The part of the register that is of the team (or the client), as it stands after what is found now."""
    known = in_step(store.workspace, looked.context, looked.findings, looked.team)
    return [one for one in known.values() if one.team == looked.team]


def _once(entries: Sequence[Entry]) -> list[Entry]:
    """What was found of several teams in the same words (a fault of a file that all are in) is one finding."""
    same: dict[tuple, list[Entry]] = {}
    for one in entries:
        key = (one.found.get("rule"), one.found.get("subject"), one.found.get("statement"), one.state, one.owner)
        same.setdefault(key, []).append(one)
    return [
        replace(several[0], found={**several[0].found, "team": ", ".join(one.team for one in several)})
        for several in same.values()
    ]


def _in_order(entries: Sequence[Entry]) -> list[Entry]:
    def key(one: Entry) -> tuple:
        severity = one.found.get("severity", "")
        place = SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
        return place, one.team, one.found.get("rule", ""), one.number

    return sorted(entries, key=key)
