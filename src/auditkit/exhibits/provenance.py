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
from auditkit.exhibits.values import value_words

PACKAGES = ("auditkit", "duckdb", "pandas", "numpy", "scipy")
SHOWN_OF_HASH = 16


def provenance(context: Context, generation: str) -> list[Exhibit]:
    """The sources with their hashes, and the versions, configuration and instant that the figures rest on."""
    return [_sources(context), _made_of(context, generation)]


def closing(context: Context, sections: Sequence[str], exhibits: int) -> Exhibit:
    """The last exhibit: that it is there proves that the notebook ran to its end.

    ``figures`` are not printed: every figure that the sections could show, for a comparison with the store's own.
    """
    labels = context.labels
    items = [
        [labels.say("Team"), context.team],
        [labels.say("Period"), labels.period(context.period)],
        [labels.say("As of"), labels.instant(context.as_of)],
        [labels.say("Sections"), ", ".join(labels.tell(name) for name in sections)],
        [labels.say("Exhibits"), labels.count(exhibits)],
    ]
    title = labels.say("End of the report")
    shown = context.results.for_period(context.period.label)
    figures = [[one.measure, one.statistic, one.value, one.n] for one in shown]
    return Exhibit("closing", "closing", {"title": title, "items": items, "alt": title, "figures": figures})


def _sources(context: Context) -> Exhibit:
    labels = context.labels
    rows = [
        [one.name, value_words(labels, "table", one.table), labels.count(one.rows_in), one.sha256[:SHOWN_OF_HASH]]
        for one in context.sources
    ]
    title = labels.say_n(
        "The figures of {team} rest on {count} file",
        "The figures of {team} rest on {count} files",
        len({one.name for one in context.sources}),
        team=context.team,
    )
    note = labels.say(
        "SHA-256, first {count} characters; the whole hashes are in the edition's manifest.", count=SHOWN_OF_HASH
    )
    heads = [labels.say("File"), labels.say("Table"), labels.say("Rows"), "SHA-256"]
    return table("provenance-sources", title, note, heads, rows)


def _made_of(context: Context, generation: str) -> Exhibit:
    labels = context.labels
    rows = [[labels.say("As of"), labels.instant(context.as_of)]]
    rows += [[labels.say("Newest instant in the data"), labels.instant(context.meta.newest)]]
    rows += [[labels.say("Configuration (SHA-256)"), context.meta.config_sha256[:SHOWN_OF_HASH] or "–"]]
    rows += [[labels.say("Loaded data (generation)"), generation[:SHOWN_OF_HASH]]]
    rows += [["Python", platform.python_version()]]
    rows += [[name, _version(name)] for name in PACKAGES]
    title = labels.say("The same files and configuration give the same figures again")
    return table("provenance-made-of", title, "", [labels.say("What"), labels.say("Which")], rows)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        import auditkit

        return getattr(auditkit, "__version__", "–") if package == "auditkit" else "–"
