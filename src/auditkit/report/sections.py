"""The sections of the reports by name, with the headings of their notebooks; and what one is: exhibits in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from auditkit.exhibits.base import Exhibit
from auditkit.labels import Labels
from auditkit.translation import N_

# The sections of the team's report with the headings of its notebook: the auditor may use either name in notes/.
SECTIONS = {
    "summary": N_("Summary"),
    "scorecard": N_("Scorecard"),
    "gap to target": N_("Gap to target"),
    "benchmarks": N_("Benchmarks"),
    "since the last audit": N_("Since the last audit"),
    "patterns": N_("Patterns over time"),
    "volume": N_("Volume"),
    "backlog": N_("Backlog"),
    "channels": N_("Channels and coverage"),
    "speed": N_("Speed of the first response"),
    "resolution": N_("Resolution"),
    "mystery tests": N_("Mystery tests"),
    "public reviews": N_("Public reviews"),
    "journeys": N_("Journeys"),
    "calls": N_("Calls"),
    "voice": N_("Customers' voice"),
    "complaints": N_("Complaints and comments"),
    "quality reviews": N_("Quality reviews"),
    "review sample": N_("The tickets that were reviewed"),
    "agents reviewed": N_("Agents"),
    "coaching": N_("Coaching list"),
    "verdicts": N_("Verdicts"),
    "changes": N_("Change by change"),
    "quality and results": N_("Does quality go with results?"),
    "people": N_("People"),
    "business": N_("Business"),
    "data quality": N_("Data quality"),
    "definitions": N_("Definitions"),
    "all measures": N_("Every measure"),
    "provenance": N_("Provenance"),
    "management summary": N_("Management summary"),
    "scope and method": N_("Scope and method"),
    "teams": N_("Teams"),
    "checklist": N_("Results by step"),
    "findings": N_("Findings"),
    "action plan": N_("Action plan"),
    "evidence": N_("Appendix: evidence lists"),
    "glossary": N_("Appendix: glossary"),
    "sign-off": N_("Sign-off"),
}


@dataclass(frozen=True)
class Section:
    """The exhibits of one section, in order; in a notebook each is a display of its own."""

    exhibits: tuple[Exhibit, ...]

    def __iter__(self) -> Iterator[Exhibit]:
        return iter(self.exhibits)

    def __len__(self) -> int:
        return len(self.exhibits)

    def __getitem__(self, place: int) -> Exhibit:
        return self.exhibits[place]

    def _ipython_display_(self) -> None:
        from IPython.display import display

        for exhibit in self.exhibits:
            display(exhibit)


def headings(labels: Labels) -> dict[str, tuple[str, ...]]:
    """The sections with their headings, in English and in the report's language."""
    return {name: (heading, labels.tell(heading)) for name, heading in SECTIONS.items()}
