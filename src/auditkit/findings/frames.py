"""Findings and checklists as pandas frames, for analysts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from auditkit.checklists.assess import Result
from auditkit.findings.register import Entry

if TYPE_CHECKING:
    import pandas as pd

FOUND = ("team", "rule", "subject", "severity", "reason", "statement", "measure", "first_seen", "last_seen")


def findings_frame(entries: Iterable[Entry]) -> pd.DataFrame:
    """One row per finding: number, state, owner, due, done_on, cause, action and what was found; ``team`` "" is the
    client's."""
    import pandas as pd

    rows = [
        {"number": one.number, "state": one.state, "owner": one.owner, "due": one.due, "done_on": one.done_on,
            "cause": one.cause, "action": one.action} | {name: one.found.get(name, "") for name in FOUND}
        for one in entries
    ]  # fmt: skip
    columns = ["number", "state", "owner", "due", "done_on", "cause", "action", *FOUND]
    return pd.DataFrame(rows, columns=columns)


def checklist_frame(results: Iterable[Result], language: str = "en") -> pd.DataFrame:
    """One row per item: checklist, item, title, kind, status (computed, attested, missing), score 0..1, weight."""
    import pandas as pd

    rows = [
        (result.checklist.id, one.item.id, one.item.texts(language).title, one.item.kind, one.status, one.score,
            one.item.weight, one.applies)
        for result in results
        for one in result.items
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["checklist", "item", "title", "kind", "status", "score", "weight", "applies"])
