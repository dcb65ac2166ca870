"""Since the last audit, of a client: each team held against its own earlier edition, and what became of the findings.

In come the audit and its store, out come two tables, the teams in the order of their names. Each team's own audit tells
it whole, with intervals and with what is not compared; here stands what moved, and where nothing can be said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.clocks.period import Period
from auditkit.errors import DataError
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned, name_of
from auditkit.exhibits.since import BACK, CLOSED, NEW, FindingSince, nothing_before
from auditkit.exhibits.since_basis import definition_rows
from auditkit.exhibits.since_compare import Changed, Since, since_edition
from auditkit.exhibits.since_figures import bearing
from auditkit.findings.register import FILE, read_register
from auditkit.findings.since import findings_since
from auditkit.labels import NOTHING
from auditkit.previous.basis import basis_of
from auditkit.previous.edition import find_manifest, read_edition
from auditkit.service_audit.audited import Audited
from auditkit.store import Store
from auditkit.translation import N_
from auditkit.versions import libraries, program

MOST_FIGURES = 6  # told of one team
_ABSENT, _UNUSABLE = N_("no earlier edition"), N_("an edition that cannot be compared")


@dataclass(frozen=True)
class TeamSince:
    """What is different of one team, and in how many rules; ``found`` is None where nothing is compared, ``why`` then
    says the reason."""

    context: Context
    found: Since | None = None
    rules: int = 0
    why: str = ""

    @property
    def certain(self) -> list[Changed]:
        """The figures that changed by more than chance explains."""
        return [one for one in self.found.changed if one.is_certain] if self.found else []


def teams_since(audited: Audited, store: Store, report: str = "", given: str = "") -> list[Exhibit]:
    """Figures, then findings where a register is kept; one text where no team has an earlier edition.

    Raises DataError where an edition was named, and no team has one there.
    """
    contexts = [context for _, context in sorted(audited.teams.items())]
    told = [_of_team(store, context, report, given) for context in contexts]
    if all(one.why == _ABSENT for one in told):
        first = contexts[0]
        find_manifest(store.workspace, first.team, first.period, given)  # raises where one was named
        return [nothing_before(audited.context)]
    return [_figures(audited.context, told), *_findings(audited.context, store, told)]


def _of_team(store: Store, context: Context, report: str, given: str) -> TeamSince:
    try:
        path = find_manifest(store.workspace, context.team, context.period, given)
    except DataError:
        path = None
    if path is None:
        return TeamSince(context, why=_ABSENT)
    try:
        edition = read_edition(path, context.team, report)
    except DataError:
        return TeamSince(context, why=_UNUSABLE)
    if edition.period.start > context.period.start:
        return TeamSince(context, why=_UNUSABLE)
    basis = basis_of(store, context.team)
    rules = definition_rows(context, edition, basis, dict(libraries()), program())
    return TeamSince(context, since_edition(context, edition, basis), len(rules))


def _figures(context: Context, told: Sequence[TeamSince]) -> Exhibit:
    labels, moved = context.labels, sum(bool(one.certain) for one in told)
    title = labels.say_n(
        "Figures changed by more than chance explains in {moved} of {count} team",
        "Figures changed by more than chance explains in {moved} of {count} teams",
        len(told),
        moved=moved,
    )
    if not moved:
        title = labels.say("No figure of any team has changed by more than chance explains")
    note = labels.say(
        "Headline figures, each team against its own earlier edition; p values are adjusted for all comparisons of a "
        "team (Holm 1979). Counted otherwise are figures of then that come out differently today. "
        "Each team's own audit tells it whole, with intervals and with what is not compared."
    )
    heads = [
        labels.say("Team"), labels.say("Compared with"), labels.say("Better"), labels.say("Worse"),
        labels.say("What changed"), labels.say("Counted otherwise"), labels.say("Rules that differ"),
    ]  # fmt: skip
    data = {"title": title, "note": note, "alt": title, "columns": aligned(heads, (0, 1, 4))}
    return Exhibit("since-teams", "table", data | {"rows": [_row(one) for one in told]})


def _row(one: TeamSince) -> list[Cell]:
    context, labels = one.context, one.context.labels
    if one.found is None:
        return [context.team, {"text": labels.tell(one.why), "tone": "unsure"}, *[NOTHING] * 5]
    bearings = [bearing(context, changed) for changed in one.certain]
    counts = [labels.count(bearings.count(word)) for word in ("good", "bad")]
    then = labels.period_short(one.found.edition.period)
    return [context.team, then, *counts, _moved(one), labels.count(len(one.found.restated)), labels.count(one.rules)]


def _moved(one: TeamSince) -> str:
    """The figures of then and now, those first of which it is surest."""
    context, labels = one.context, one.context.labels
    surest = sorted(one.certain, key=lambda changed: changed.p or 0.0)
    words = [
        labels.say(
            "{measure}: {then}, now {now}",
            measure=name_of(context, changed.now),
            then=context.said(changed.then, changed.now),
            now=context.said(changed.now),
        )
        for changed in surest[:MOST_FIGURES]
    ]
    more = len(surest) - MOST_FIGURES
    words += [labels.say_n("and {count} more", "and {count} more", more)] if more > 0 else []
    return "; ".join(words) or NOTHING


def _findings(context: Context, store: Store, told: Sequence[TeamSince]) -> list[Exhibit]:
    """The findings of each team since its own earlier edition, and the client's since the latest of these."""
    if not (store.workspace.root / FILE).is_file():
        return []
    entries, labels = list(read_register(store.workspace).values()), context.labels
    periods = {one.context.team: one.found.edition.period for one in told if one.found is not None}
    if not periods:
        return []
    latest = max(periods.values(), key=lambda period: (period.end, period.start))

    def of(team: str, then: Period) -> list[FindingSince]:
        return findings_since((one for one in entries if one.team == team), team, then, context.period)

    found = {team: of(team, then) for team, then in periods.items()} | {context.team: of("", latest)}
    counts = {
        team: [sum(one.state == state for one in own) for state in (NEW, BACK, CLOSED)] for team, own in found.items()
    }
    new, back, closed = (labels.count(sum(count)) for count in zip(*counts.values(), strict=True))
    title = labels.say(
        "Findings since the last audit: {new} new, {back} back again, {closed} closed",
        new=new,
        back=back,
        closed=closed,
    )
    heads = [labels.say("Team"), labels.say("New"), labels.say("Back again"), labels.say("Closed")]
    note = labels.say("The client's own findings stand under its name. The section on findings tells them one by one.")
    data = {"title": title, "note": note, "alt": title, "columns": aligned(heads, (0,))}
    rows = [[team, *map(labels.count, own)] for team, own in counts.items()]
    return [Exhibit("since-teams-findings", "table", data | {"rows": rows})]
