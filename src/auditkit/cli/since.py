"""``since``: what is different from an earlier edition, in figures, rules, data and findings.

In come names from the command line, out come the tables of the report's section "since the last audit", or the
comparisons behind them as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import loaded, period_as_written
from auditkit.cli.show import print_json, print_table, say
from auditkit.errors import DataError, Problem

if TYPE_CHECKING:
    from auditkit.exhibits.base import Exhibit
    from auditkit.exhibits.context import Context
    from auditkit.exhibits.figures import Figure
    from auditkit.exhibits.since import Around
    from auditkit.exhibits.since_compare import Since
    from auditkit.store import Store

_FIGURE = ("value", "low", "high", "n", "numerator", "denominator")


def since(root: str, edition: str | None, teams: Sequence[str], period: str | None, form: str) -> None:
    """Compare each team with its earlier edition, and print what is different."""
    from auditkit.report.evaluated import make_context
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    store = loaded(workspace)
    documents = []
    for team in store.find_teams(teams):
        chosen = period_as_written(period or "last-month", store, team, store.meta.as_of)
        context = make_context(store, team, chosen, store.meta.as_of)
        path = _manifest(store, context, edition)
        found, around = _compared(store, context, path)
        if form == "json":
            documents.append(_document(context, found, around))
        else:
            _print(context, found, around)
    if form == "json":
        print_json({"schema": 1, "teams": documents})


def _manifest(store: Store, context: Context, edition: str | None) -> Path:
    from auditkit.previous.edition import find_manifest

    path = find_manifest(store.workspace, context.team, context.period, edition or "")
    if path is None:
        place = f"{context.team}, {context.previous.label}"
        remedy = "Make it with 'auditkit run --period', or name an earlier one: auditkit since EDITION."
        raise DataError(Problem(place, "has no edition to compare with", "", remedy))
    return path


def _compared(store: Store, context: Context, path: Path) -> tuple[Since, Around]:
    from auditkit.previous.edition import read_edition
    from auditkit.since import compared

    return compared(context, store, read_edition(path, context.team), path)


def _print(context: Context, found: Since, around: Around) -> None:
    from auditkit.exhibits.since import since as exhibits

    say(f"{context.team}: {context.period.label} since {found.edition.period.label}")
    say()
    for exhibit in exhibits(context, found, around):
        _print_exhibit(exhibit)


def _print_exhibit(exhibit: Exhibit) -> None:
    shown = exhibit.as_json()
    if exhibit.kind == "table":
        names = [column["label"] for column in shown["columns"]]
        right = [column["label"] for column in shown["columns"] if column["align"] == "right"]
        rows = [[cell if isinstance(cell, str) else cell["text"] for cell in row] for row in shown["rows"]]
        print_table(names, rows, right, shown["title"])
        return
    for line in (shown["title"], *shown["paragraphs"], *(f"  {one['text']}" for one in shown["items"])):
        say(line)
    say()


def _document(context: Context, found: Since, around: Around) -> dict[str, Any]:
    from auditkit.evaluation.records import instant_text
    from auditkit.exhibits.since_basis import data_rows, definition_rows

    edition = found.edition
    rules = definition_rows(context, edition, around.basis, around.versions, around.program)
    findings = None if around.findings is None else [asdict(one) for one in around.findings]
    return {
        "team": context.team,
        "period": context.period.label,
        "since": {"period": edition.period.label, "report": edition.report, "as_of": instant_text(edition.as_of)},
        "figures": [
            {"measure": one.now.measure, "statistic": one.now.statistic, "unit": one.now.unit,
             "then": _plain(one.then), "now": _plain(one.now), "counted_again": one.counted_again,
             "outcome": one.outcome, "p_adjusted": one.p, "difference_low": one.low, "difference_high": one.high}
            for one in found.changed
        ],
        "restated": [
            {"measure": one.reported.measure, "statistic": one.reported.statistic, "unit": one.again.unit,
             "reported": _plain(one.reported), "counted_today": _plain(one.again), "not_compared": one.why or None}
            for one in found.restated
        ],
        "as_reported": found.same,
        "not_compared": [asdict(one) for one in found.uncompared],
        "rules": _rows(rules),
        "data": _rows(data_rows(context, edition, around.basis)[0]),
        "findings": findings,
    }  # fmt: skip


def _plain(figure: Figure) -> Mapping[str, Any]:
    return {name: getattr(figure, name) for name in _FIGURE}


def _rows(rows: Sequence[tuple[str, str, str]]) -> list[dict[str, str]]:
    return [dict(zip(("what", "then", "now"), row, strict=True)) for row in rows]
