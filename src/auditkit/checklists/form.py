"""A form: the questions of checklists with what is known so far, to be filled in by people, as a workbook or as text.

In come assessed checklists and a reader's language, out come rows of the form, the same for both kinds of file. Each
row carries the key of its item and a fingerprint of the answer that it was made from, so that a later import knows
what has changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditkit.checklists.answers import NOT_APPLICABLE, WORDS, Answer
from auditkit.checklists.assess import Assessed, Result
from auditkit.labels import Labels
from auditkit.translation import N_

KEY, BASE = "key", "base"
MOST_FIGURES = 12  # told per row

# Columns that tell, and columns to fill in, with their headings.
TOLD = {
    "id": N_("Id"),
    "title": N_("Step"),
    "question": N_("Question"),
    "why": N_("Why it matters"),
    "how": N_("How to examine it"),
    "documents": N_("Documents to review"),
    "wanted": N_("Evidence wanted"),
    "figures": N_("What the data say"),
}
ASKED = {
    "answer": N_("Answer"),
    "score": N_("Score (0 to 1)"),
    "evidence": N_("Evidence found"),
    "date": N_("Date"),
    "who": N_("Answered by"),
    "comment": N_("Comment"),
}
ANSWER_WORDS = {"yes": N_("yes"), "partly": N_("partly"), "no": N_("no"), NOT_APPLICABLE: N_("not applicable")}


@dataclass(frozen=True)
class FormRow:
    """One item on a form: its key (checklist and item), the texts told, and the answer that stands (or none)."""

    checklist: str
    item: str
    told: dict[str, str]
    answer: Answer | None

    @property
    def base(self) -> str:
        """What the row was made from, for the import."""
        return self.answer.fingerprint if self.answer else ""


def form_rows(results: Iterable[Result], labels: Labels, only_missing: bool = False) -> list[FormRow]:
    """The rows of a form, in the checklists' order; ``only_missing`` leaves out what is computed or attested."""
    return [
        FormRow(result.checklist.id, one.item.id, _told(one, labels), one.answer)
        for result in results
        for one in result.items
        if not only_missing or one.status == "missing"
    ]


def headings(labels: Labels, columns: dict[str, str]) -> dict[str, str]:
    """Column names with their headings in the reader's language."""
    return {name: labels.tell(heading) for name, heading in columns.items()}


def answer_words(labels: Labels) -> dict[str, str]:
    """The answers with their words in the reader's language."""
    return {word: labels.tell(ANSWER_WORDS[word]) for word in WORDS}


def _told(one: Assessed, labels: Labels) -> dict[str, str]:
    texts = one.item.texts(labels.language)
    return {
        "id": one.item.id,
        "title": texts.title,
        "question": texts.question,
        "why": texts.why,
        "how": _lines(texts.how),
        "documents": _lines(texts.documents),
        "wanted": texts.evidence,
        "figures": _lines(_first(figures_told(one, labels), labels)),
    }


def figures_told(one: Assessed, labels: Labels) -> list[str]:
    """What the data say to an item, a line for each measure."""
    return [
        labels.say("{measure}: {words}", measure=labels.tell(found.label), words=labels.tell(found.words))
        if found.label
        else labels.tell(found.words)
        for found in one.figures
    ]


def _first(lines: Sequence[str], labels: Labels) -> list[str]:
    """The first lines, and how many more there are."""
    rest = len(lines) - MOST_FIGURES
    if rest <= 0:
        return list(lines)
    return [*lines[:MOST_FIGURES], labels.say_n("and {count} more", "and {count} more", rest)]


def _lines(texts: Sequence[str]) -> str:
    return "\n".join(texts)
