"""What the notebooks of the audit call: the audit of one team, or of a client with all its teams.

In come plain strings (the notebook's parameters), out come sections, as in the room report.
"""

from __future__ import annotations

from collections.abc import Callable

from auditkit.company import teams_in
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.report.asked import as_of_of, language_of, loaded_store, settle_period
from auditkit.report.audit import Audit
from auditkit.report.sections import Section
from auditkit.service_audit.audited import Audited, audited
from auditkit.store import Store
from auditkit.translation import N_
from auditkit.workspace import find_workspace, open_workspace

REPORT_NAME = N_("Service audit")


class ServiceAudit(Audit):
    """An audit ready to be shown: sections of its own beside those of the team's report."""

    def __init__(self, known: Audited, store: Store):
        super().__init__(known.context, store, REPORT_NAME)
        self.audited = known

    def management_summary(self) -> Section:
        """What the audit says, on one page."""
        from auditkit.service_audit.opinion import management_summary

        return self._part(N_("management summary"), management_summary)

    def scope(self) -> Section:
        """What was audited by whom, and how."""
        from auditkit.service_audit.scope import scope

        return self._part(N_("scope and method"), scope)

    def teams(self) -> Section:
        """The teams of a client side by side."""
        from auditkit.service_audit.steps import by_team

        return self._part(N_("teams"), by_team)

    def steps(self) -> Section:
        """The checklists, step by step."""
        from auditkit.service_audit.steps import steps

        return self._part(N_("checklist"), steps)

    def since(self, report: str = "service_audit", edition: str = "") -> Section:
        """What is different since an earlier edition: figures, rules, data, findings, and what cannot be compared.

        Of a client it is each team against its own edition. ``edition`` names it (a manifest, the folder of an edition
        or of reports); by default it is the one that audit.toml names, else that of the period before. Of the
        edition's reports it is the one called ``report``, else the first that has figures of the team.
        """
        from auditkit.service_audit.teams_since import teams_since
        from auditkit.since import exhibits_since

        if self.audited.is_of_client:
            return self._part(N_("since the last audit"), lambda known: teams_since(known, self.store, report, edition))
        return self._section(
            N_("since the last audit"), lambda context: exhibits_since(context, self.store, report, edition)
        )

    def change_verdicts(self) -> Section:
        """What each dated change of the team has brought, at a glance; a notebook of its own tells it whole."""
        from auditkit.exhibits.change_verdicts import verdicts
        from auditkit.impact.study import Studies

        def made(context: Context) -> list[Exhibit]:
            studies = Studies(self.store, context.team, context.period, context.as_of, context.measures)
            reached, beyond = studies.within_reach()
            return verdicts(context, [studies.impact(one) for one in reached], beyond)

        return self._section(N_("verdicts"), made)

    def findings(self) -> Section:
        """What was found, the gravest first."""
        from auditkit.service_audit.found import findings

        return self._part(N_("findings"), findings)

    def plan(self) -> Section:
        """Who does what by when."""
        from auditkit.service_audit.plan import plan

        return self._part(N_("action plan"), plan)

    def evidence_lists(self) -> Section:
        """The rows behind the findings."""
        from auditkit.service_audit.evidence_lists import evidence_lists

        return self._part(N_("evidence"), lambda known: evidence_lists(known, self.store))

    def glossary(self) -> Section:
        """The words of the audit."""
        from auditkit.service_audit.glossary import glossary

        return self._part(N_("glossary"), glossary)

    def sign_off(self) -> Section:
        """Who stands for it."""
        from auditkit.service_audit.sign_off import sign_off

        return self._part(N_("sign-off"), sign_off)

    @property
    def _teams(self) -> list[str]:
        return list(self.audited.teams)

    def _held_against(self, context: Context) -> list[Exhibit]:
        """Nothing: gaps and benchmarks have sections of their own here."""
        return []

    def _reconciliation(self, context: Context) -> list[Exhibit]:
        """The source's own figures against ours, of one team; those of a client's teams stand in their own reports."""
        return [] if self.audited.is_of_client else super()._reconciliation(context)

    def _part(self, name: str, make: Callable[[Audited], list[Exhibit]]) -> Section:
        return self._section(name, lambda context: make(self.audited))


def open(  # noqa: A001  (notebooks read service_audit.open)
    workspace: str = "", team: str = "", period: str = "", as_of: str = "", language: str = ""
) -> ServiceAudit:
    """Open the audit of one team; every parameter is a string, and "" means its default, as in ``report.open``."""
    store = loaded_store(open_workspace(workspace or find_workspace()))
    chosen = team or store.find_teams()[0]
    store.find_teams([chosen])
    known = as_of_of(as_of, store, chosen)
    when = settle_period(period, store, chosen, known)
    return ServiceAudit(audited(store, [chosen], when, known, language_of(language, store, chosen)), store)


def open_client(
    workspace: str = "", teams: str = "", period: str = "", as_of: str = "", language: str = ""
) -> ServiceAudit:
    """Open the audit of a client; ``teams`` is a JSON list of names (default: all), the rest as in ``company.open``."""
    store = loaded_store(open_workspace(workspace or find_workspace()))
    there, when, known = teams_in(store, teams, period, as_of)
    return ServiceAudit(audited(store, there, when, known, language_of(language, store, ""), client=True), store)
