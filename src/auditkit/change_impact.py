"""What the notebook of changes calls: one team, and each dated change of it until the end of a period.

In come plain strings (the notebook's parameters), out come sections, as in the room report: all changes at a glance,
then each of them from its verdict to its assumptions. ``change`` names one of them, by its title or its day.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from auditkit import report
from auditkit.config import nearest
from auditkit.errors import Problem, UsageError
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.impact.study import Impact, Studies
from auditkit.known_changes import Change
from auditkit.report.audit import Audit
from auditkit.report.sections import Section
from auditkit.store import Store
from auditkit.translation import N_

REPORT_NAME = N_("Effect of changes")


class ChangeAudit(Audit):
    """One team with its dated changes, ready to be shown; the last expression of a cell shows the cover."""

    def __init__(self, context: Context, store: Store, change: str = ""):
        super().__init__(context, store, REPORT_NAME)
        self._studies = Studies(store, context.team, context.period, context.as_of, context.measures)
        reached, self._beyond = self._studies.within_reach()
        self._chosen = _chosen(reached, self._beyond, change, context.team)

    @cached_property
    def impacts(self) -> tuple[Impact, ...]:
        """What is known of each change, as numbers: for analysts, and for the sections below."""
        return tuple(self._studies.impact(one) for one in self._chosen)

    def verdicts(self) -> Section:
        """All changes at a glance."""
        from auditkit.exhibits.change_verdicts import verdicts

        return self._section(N_("verdicts"), lambda context: verdicts(context, self.impacts, self._beyond))

    def changes(self) -> Section:
        """Each change: verdict, charts, estimates, assumptions, what else moved, comments, orders and work."""

        def made(context: Context) -> list[Exhibit]:
            if not self.impacts:
                return [context.missing("changes-each", context.labels.say("There is no change to look at"))]
            return [one for place, impact in enumerate(self.impacts, 1) for one in self._of(context, impact, place)]

        return self._section(N_("changes"), made)

    def _of(self, context: Context, impact: Impact, place: int) -> Sequence[Exhibit]:
        from auditkit.exhibits.change_assumptions import assumptions
        from auditkit.exhibits.change_beside import Known, beside, business
        from auditkit.exhibits.change_comments import comments
        from auditkit.exhibits.change_effect import effect

        costs = self.store.workspace.config.costs
        price = f"{context.labels.number(costs.hour, 2)} {costs.currency}".strip() if costs.hour else ""
        slug, known = f"change-{place}", Known("orders" in self.store.meta.tables, price)
        return [
            *effect(context, impact, slug),
            *assumptions(context, impact, slug),
            *beside(context, impact, slug),
            *comments(context, impact, slug),
            *business(context, impact, slug, known),
        ]


def open(  # noqa: A001  (notebooks read change_impact.open)
    workspace: str = "", team: str = "", period: str = "", as_of: str = "", language: str = "", change: str = ""
) -> ChangeAudit:
    """Open the changes of a team until the end of a period; every parameter is a string, "" means its default.

    The parameters are those of ``report.open``. ``change``: the title of a change, or its day (2026-02-01); default all
    that lie within the data. Raises UsageError for a change that is not there.
    """
    audit = report.open(workspace, team, period, as_of, language, REPORT_NAME)
    return ChangeAudit(audit.context, audit.store, change)


def _chosen(reached: Sequence[Change], beyond: Sequence[Change], asked: str, team: str) -> list[Change]:
    """The changes of this title or day; all of them where none is asked for."""
    if not asked:
        return list(reached)
    found = [one for one in reached if asked in (one.title, one.day.isoformat())]
    if found:
        return found
    asked_words = f"change {asked!r}"
    if any(asked in (one.title, one.day.isoformat()) for one in beyond):
        raise UsageError(Problem(asked_words, f"lies outside the data of {team} until the end of the period"))
    remedy = nearest(asked, [one.title for one in reached]) if reached else "Put it in the table changes."
    raise UsageError(Problem(asked_words, f"is not a dated change of {team}", "its title, or its day", remedy))
