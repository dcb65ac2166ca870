"""Provenance: from which files, by which rules and with which software the figures were made, and the closing mark.

Hashes let anyone check that the files are the same. Nothing here depends on when or where the report was made.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import table

PACKAGES = ("auditkit", "duckdb", "pandas", "numpy", "scipy")
SHOWN_OF_HASH = 16


def provenance(context: Context, generation: str) -> list[Exhibit]:
    """The sources with their hashes, and the versions, configuration and instant that the figures rest on."""
    return [_sources(context), _made_of(context, generation)]


def closing(context: Context, sections: Sequence[str], exhibits: int) -> Exhibit:
    """The last exhibit: that it is there proves that the notebook ran to its end."""
    labels = context.labels
    items = [
        ["Team", context.team],
        ["Period", labels.period(context.period)],
        ["As of", labels.instant(context.as_of)],
        ["Sections", ", ".join(sections)],
        ["Exhibits", labels.count(exhibits)],
    ]
    return Exhibit("closing", "closing", {"title": "End of the report", "items": items, "alt": "End of the report"})


def _sources(context: Context) -> Exhibit:
    labels = context.labels
    rows = [[one.name, one.table, labels.count(one.rows_in), one.sha256[:SHOWN_OF_HASH]] for one in context.sources]
    title = (
        f"The figures of {context.team} rest on {labels.counted(len({one.name for one in context.sources}), 'files')}"
    )
    note = f"SHA-256, first {SHOWN_OF_HASH} characters; the whole hashes are in the edition's manifest."
    return table("provenance-sources", title, note, ["File", "Table", "Rows", "SHA-256"], rows)


def _made_of(context: Context, generation: str) -> Exhibit:
    rows = [["As of", context.labels.instant(context.as_of)]]
    rows += [["Newest instant in the data", context.labels.instant(context.meta.newest)]]
    rows += [["Configuration (SHA-256)", context.meta.config_sha256[:SHOWN_OF_HASH] or "–"]]
    rows += [["Loaded data (generation)", generation[:SHOWN_OF_HASH]]]
    rows += [["Python", platform.python_version()]]
    rows += [[name, _version(name)] for name in PACKAGES]
    title = "The same files and configuration give the same figures again"
    return table("provenance-made-of", title, "", ["What", "Which"], rows)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        import auditkit

        return getattr(auditkit, "__version__", "–") if package == "auditkit" else "–"
