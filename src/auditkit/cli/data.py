"""``check`` and ``load``: what is in the files, what was kept, what was refused and why.

In comes a workspace, out come tables on the screen, or the same as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import ended_like_an_interruption
from auditkit.cli.show import load_progress, print_json, print_table, say

if TYPE_CHECKING:
    from auditkit.notices import Notice
    from auditkit.preview import Preview, RefusedGroup
    from auditkit.store import Meta, SourceInfo

SEVERITY = {"high": "figures are affected", "medium": "some figures may be affected", "low": "for information"}
SOURCE_COLUMNS = ("file", "table", "rows in", "kept", "refused", "folded", "encoding", "delimiter")
NUMBERS = ("rows in", "kept", "refused", "folded", "rows")


def check(root: str, form: str) -> None:
    """Read everything, write nothing, and say what was found."""
    from auditkit.comments.keywords import keywords_of
    from auditkit.preview import preview
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    keywords_of(workspace)  # a fault in a list is told with those of audit.toml, before anything is read
    with ended_like_an_interruption(), load_progress() as progress:
        found = preview(workspace, progress)
    if form == "json":
        print_json(_as_json(found))
        return
    _print_sources(found.meta.sources)
    _print_refused(found.refused)
    _print_notices(found.meta.notices)
    _print_teams(found.meta)
    refused = sum(one.rows_refused for one in found.meta.sources)
    say(
        "The data can be loaded."
        if not refused
        else f"The data can be loaded, without the {_rows(refused)} refused above."
    )


def load(root: str, force: bool, dask: str | None = None) -> None:
    """Load, the facts on a cluster where there is one, then a summary and the place of the refused rows."""
    from auditkit.load import REFUSED
    from auditkit.load import load as load_sources
    from auditkit.store import current_generation
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    before = current_generation(workspace)
    with ended_like_an_interruption(), load_progress() as progress, _facts(dask) as facts:
        store = load_sources(workspace, progress, force=force, **facts)
    if store.generation == before and not force:
        say("Nothing has changed since the last load.")
    _print_sources(store.meta.sources)
    rows = ", ".join(f"{info.rows:,} {table}" for table, info in store.meta.tables.items())
    say(f"In the store: {rows}. Data up to {store.meta.newest:%Y-%m-%d %H:%M} UTC.")
    refused = sum(one.rows_refused for one in store.meta.sources)
    if refused:
        say(f"Refused: {_rows(refused)}, each with its reason in {workspace.state / REFUSED}")
    serious = sum(notice.severity == "high" for notice in store.meta.notices)
    if serious:
        say(f"Noticed: {serious} of {len(store.meta.notices)} findings affect figures; see 'auditkit check'.")


@contextmanager
def _facts(dask: str | None) -> Iterator[dict[str, Any]]:
    """What makes the facts elsewhere, as an option of load."""
    if not dask:
        yield {}
        return
    from auditkit.cluster.data import ClusterFacts
    from auditkit.cluster.makers import connect

    with connect(dask) as client:
        yield {"facts": ClusterFacts(client)}


def _as_json(found: Preview) -> dict[str, Any]:
    return {
        "schema": 1,
        "loadable": True,
        "as_of": found.meta.as_of.isoformat().replace("+00:00", "Z"),
        "teams": sorted(found.meta.teams),
        "tables": {name: info.rows for name, info in found.meta.tables.items()},
        "sources": [asdict(one) for one in found.meta.sources],
        "refused": [asdict(group) for group in found.refused],
        "notices": [asdict(notice) for notice in found.meta.notices],
    }


def _print_sources(sources: Sequence[SourceInfo]) -> None:
    rows = [
        [one.name, one.table, f"{one.rows_in:,}", f"{one.rows_kept:,}", f"{one.rows_refused:,}", f"{one.rows_folded:,}",
         one.encoding or "", _delimiter(one.delimiter)]
        for one in sources
    ]  # fmt: skip
    print_table(SOURCE_COLUMNS, rows, NUMBERS, "Sources")


def _print_refused(groups: Sequence[RefusedGroup]) -> None:
    if not groups:
        return
    rows = [
        [
            group.file,
            group.column,
            f"{group.rows:,}",
            group.reason,
            "; ".join(f"row {row}: {value!r}" for row, value in group.examples),
        ]
        for group in groups
    ]
    print_table(("file", "column", "rows", "reason", "examples"), rows, NUMBERS, "Refused rows")


def _print_notices(notices: Sequence[Notice]) -> None:
    for severity, words in SEVERITY.items():
        of_this = [notice for notice in notices if notice.severity == severity]
        if of_this:
            rows = [[one.table, one.place, one.statement, one.remedy] for one in of_this]
            print_table(("table", "place", "finding", "remedy"), rows, (), f"Noticed ({words})")


def _print_teams(meta: Meta) -> None:
    rows = []
    for name, info in sorted(meta.teams.items()):
        covered = meta.coverage(name)
        first, last = (covered.start, covered.each_day()[-1]) if covered else ("", "")
        rows.append([name, info.zone, "known" if info.has_hours else "unknown", str(first), str(last)])
    print_table(("team", "time zone", "business hours", "from", "to"), rows, (), "Teams")


def _delimiter(sign: str | None) -> str:
    return {"\t": "tab", ",": "comma", ";": "semicolon", None: ""}.get(sign, repr(sign))


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"
