"""``definitions`` and ``reconcile``: what else could have been said, by other definitions or by the sources themselves.

In come names from the command line; out come tables for people, CSV for a spreadsheet or JSON for programs, all from
the frames of sensitivity.py and reconcile.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import loaded, period_as_written, plain, read_instant
from auditkit.cli.show import print_json, print_table, say, tell

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.definition import Measure
    from auditkit.labels import Labels

SPREAD_SHOWN = (
    "measure", "statistic", "team", "period", "default", "place", "lowest", "highest", "spread", "flatters",
)  # fmt: skip
COUNTS_SHOWN = ("column", "clock", "team", "explanation", "tickets", "share", "fits all", "in words")
WORST_SHOWN = (
    "column", "clock", "team", "explanation", "ticket", "source says", "recomputed", "difference", "file", "row",
)  # fmt: skip
NUMBERS = ("default", "lowest", "highest", "spread", "tickets", "share", "fits all", "difference", "row", "value")


def definitions(
    root: str, ids: Sequence[str], teams: Sequence[str], periods: Sequence[str], as_of: str | None, form: str
) -> None:
    """Evaluate with all variants and print the spread of each measure."""
    from auditkit.cli.figures import evaluate_as_written
    from auditkit.evaluation.records import instant_text
    from auditkit.evidence.sensitivity import sensitivity
    from auditkit.measures import find
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    asked = find(ids, workspace.config.measure)
    varied = {one.id: one for one in asked if one.variants}
    for one in asked if ids else ():
        if one.id not in varied:
            tell(f"auditkit: {one.id} has no variants: one definition only")
    instant = read_instant(as_of, workspace)
    store = loaded(workspace)
    known = instant or store.meta.as_of
    chosen = list(varied) or [asked[0].id]
    found = sensitivity(evaluate_as_written(store, chosen, teams, periods, None, True, known), varied)
    frames = {"spreads": found.spreads, "apart": found.apart, "unavailable": found.unavailable}
    if form == "json":
        print_json({"schema": 1, "as_of": instant_text(known)} | {name: _rows(one) for name, one in frames.items()})
    elif form == "csv":
        _print_csv(found.spreads)
    else:
        _print_spreads(_rows(found.spreads), varied)
        _print_apart(_rows(found.apart), _rows(found.unavailable), varied)


def reconcile(
    root: str, team: str | None, period: str | None, worst: int, rows: bool, as_of: str | None, form: str
) -> None:
    """Compare and print counts by explanation and the tickets that differ most."""
    from auditkit.evaluation.records import instant_text
    from auditkit.evidence.reconcile import reconcile as compare
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    instant = read_instant(as_of, workspace)
    store = loaded(workspace)
    known = instant or store.meta.as_of
    store.find_teams([team] if team else [])
    chosen = period_as_written(period, store, team, known) if period else None
    found = compare(store, team, chosen, as_of=known, worst=worst)
    if form == "json":
        frames = {"by_explanation": _rows(found.by_explanation), "worst": _rows(found.worst[_told(found.worst)])}
        print_json({"schema": 1, "as_of": instant_text(known)} | frames | {"reasons": list(found.reasons)})
        return
    if form == "csv":
        _print_csv(found.worst[_told(found.worst)] if rows else found.by_explanation)
    else:
        _print_counts(_rows(found.by_explanation))
        _print_worst(_rows(found.worst))
    for reason in found.reasons:
        (tell if form == "csv" else say)(f"{reason[:1].upper()}{reason[1:]}.")


def _told(worst: pd.DataFrame) -> list[str]:
    """The published columns of the worst tickets."""
    from auditkit.evidence.reconcile import WORST

    return [name for name in WORST if name in worst]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The frame as plain dictionaries; what does not exist is None."""
    names = list(frame.columns)
    rows = frame.astype(object).itertuples(index=False, name=None)
    return [dict(zip(names, map(plain, row), strict=True)) for row in rows]


def _print_csv(frame: pd.DataFrame) -> None:
    from auditkit.safe.spreadsheets import csv_text

    print(csv_text(list(frame.columns), [list(row.values()) for row in _rows(frame)]), end="")


def _print_spreads(spreads: Sequence[Mapping[str, Any]], declared: Mapping[str, Measure]) -> None:
    if not spreads:
        say("No measure has two definitions with a figure that can be compared.")
        return
    rows = [[row[name] for name in SPREAD_SHOWN] for row in (_spread(one, declared) for one in spreads)]
    print_table(SPREAD_SHOWN, rows, NUMBERS, "What each figure would be by its other definitions")
    say("Place 1 flatters most. A dash: neither direction is better, or all definitions say the same.")


def _spread(row: Mapping[str, Any], declared: Mapping[str, Measure]) -> dict[str, str]:
    """A row of the spread as people read it."""
    from auditkit.labels import NOTHING

    words = {name: _value(row, row[name], declared, name) for name in ("default", "lowest", "highest")}
    place = f"{row['default_place']} of {row['variants']}" if row["default_place"] is not None else NOTHING
    return {
        "measure": row["measure"], "statistic": row["statistic"], "team": row["team"], "period": row["period"],
        "default": words["default"], "place": place, "lowest": f"{words['lowest']} ({row['lowest_variant']})",
        "highest": f"{words['highest']} ({row['highest_variant']})", "spread": _difference(row, declared),
        "flatters": row["flatters"] or NOTHING,
    }  # fmt: skip


def _value(row: Mapping[str, Any], value: float | None, declared: Mapping[str, Measure], end: str = "") -> str:
    """A value with the digits of its own interval."""
    low, high = (row.get(f"{end}_{side}" if end else side) for side in ("low", "high"))
    business = declared[row["measure"]].clock == "business"
    return _labels().value(row["unit"], value, low, high, statistic=row["statistic"], business=business)


def _difference(row: Mapping[str, Any], declared: Mapping[str, Measure]) -> str:
    """The spread: points between shares, else in the figure's own unit."""
    from auditkit.labels import SPACE, is_net

    if row["unit"] == "share" or is_net(row["unit"], row["statistic"]):
        return f"{_labels().number(100 * row['spread'], 1)}{SPACE}points"
    return _value(row, row["spread"], declared, "default")


def _print_apart(
    apart: Sequence[Mapping[str, Any]], missing: Sequence[Mapping[str, Any]], declared: Mapping[str, Measure]
) -> None:
    names = ("measure", "variant", "statistic", "team", "period", "value")
    if apart:
        rows = [[*(one[name] for name in names[:-1]), _value(one, one["value"], declared)] for one in apart]
        print_table(names, rows, NUMBERS, "Not comparable: another statistic or unit, or a part of the default")
    if missing:
        names = (*names[:-1], "reason")
        print_table(names, [[one[name] or "" for name in names] for one in missing], (), "Without a figure")


def _print_counts(counts: Sequence[Mapping[str, Any]]) -> None:
    if not counts:
        say("Nothing was compared.")
        return
    labels = _labels()
    rows = [
        [one["column"], one["clock"], one["team"], _explanation(one), labels.count(one["tickets"]),
         labels.share(one["share"]), labels.share(one["fits"]), one["words"]]
        for one in counts
    ]  # fmt: skip
    print_table(COUNTS_SHOWN, rows, NUMBERS, "What the sources say against what was recomputed, in tickets")


def _explanation(row: Mapping[str, Any]) -> str:
    """The explanation, with the offset of a time zone."""
    offset = row["offset_seconds"]
    return row["explanation"] if offset is None else f"{row['explanation']} ({offset / 3600:+g} h)"


def _print_worst(worst: Sequence[Mapping[str, Any]]) -> None:
    if not worst:
        return
    rows = [
        [one["column"], one["clock"], one["team"], one["explanation"], str(one["ticket_id"]), _said(one, "recorded"),
         _said(one, "recomputed"), _labels().duration(one["difference_seconds"]), one["source"], str(one["source_row"])]
        for one in worst
    ]  # fmt: skip
    print_table(WORST_SHOWN, rows, NUMBERS, "The tickets that differ most")


def _said(row: Mapping[str, Any], name: str) -> str:
    """A verdict or a duration in words."""
    if row["limit_seconds"] is None:
        return _labels().duration(row[name])
    return "met" if row[name] else "missed"


def _labels() -> Labels:
    from auditkit.labels import Labels

    return Labels()
