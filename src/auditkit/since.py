"""Since the last audit: the earlier edition found and read, held against what is counted now, and told.

In come a report's context and its store, out come exhibits. It stands apart from the room report because it alone reads
another edition and the register of findings.
"""

from __future__ import annotations

from pathlib import Path

from auditkit.errors import DataError, Problem
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.since import Around, FindingSince, nothing_before, since, unreadable
from auditkit.exhibits.since_compare import Since, since_edition
from auditkit.findings.register import FILE, read_register
from auditkit.findings.since import findings_since
from auditkit.previous.basis import basis_of
from auditkit.previous.edition import Edition, find_manifest, read_edition
from auditkit.store import Store
from auditkit.versions import libraries, program


def exhibits_since(context: Context, store: Store, report: str = "", given: str = "") -> list[Exhibit]:
    """The exhibits of the section; one text where there is nothing to compare with.

    Raises DataError for an edition that was named and is absent, damaged, of another team or of a later period.
    """
    named = bool(given or store.workspace.config.audit.previous)
    path = find_manifest(store.workspace, context.team, context.period, given)
    if path is None:
        return [nothing_before(context)]
    try:
        edition = read_edition(path, context.team, report)
    except DataError:
        if named:
            raise
        return [unreadable(context)]
    return since(context, *compared(context, store, edition, path))


def compared(context: Context, store: Store, edition: Edition, path: Path) -> tuple[Since, Around]:
    """What is different since the edition, and what stands around it."""
    if edition.period.start > context.period.start:
        finding = f"is of {edition.period.label}, which is later than {context.period.label}"
        raise DataError(Problem(str(path), finding, "an edition of an earlier period"))
    basis = basis_of(store, context.team)
    around = Around(basis, dict(libraries()), program(), _findings(context, store, edition))
    return since_edition(context, edition, basis), around


def _findings(context: Context, store: Store, edition: Edition) -> list[FindingSince] | None:
    """What became of findings; None where no register is kept."""
    if not (store.workspace.root / FILE).is_file():
        return None
    entries = read_register(store.workspace).values()
    return findings_since(entries, context.team, edition.period, context.period)
