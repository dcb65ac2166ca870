"""``comments``: complaints to read, themes, keywords in context, and the check of how often keywords are right.

In come names from the command line, out come tables for people, CSV and JSON for programs, or a form. Every text of a
customer is masked before it is printed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.cli.common import loaded, period_as_written, plain
from auditkit.cli.show import print_json, print_table, say, tell
from auditkit.errors import DataError, Problem, UsageError

if TYPE_CHECKING:
    from auditkit.clocks.period import Period
    from auditkit.comments.checking import Precision
    from auditkit.store import Store
    from auditkit.workspace import Workspace

TO_READ = ("team", "id", "on", "channel", "reason", "why", "text")
WIDTHS = (14, 16, 12, 12, 16, 28, 90)
THEMES = ("team", "reason", "complaints", "contacts", "seen_in", "of_periods", "recurs", "more_than_others", "trend")
TRENDS = {1: "rises", -1: "falls", 0: "no clear trend", None: "too few to tell"}
LONGEST = 300  # signs of one text on a screen


def complaints(
    root: str, teams: Sequence[str], period: str | None, size: int, seed: int, output: str | None, form: str
) -> None:
    """Draw complaints to read; print them, or write them to a file."""
    from auditkit.comments.complaints import complaints as complaints_of
    from auditkit.comments.complaints import sample_of
    from auditkit.comments.found import matchers_of
    from auditkit.comments.texts import texts
    from auditkit.privacy import masker

    target = _target(output)
    workspace, store = _opened(root)
    matchers = matchers_of(workspace)
    flags = "complaint" in store.meta.tables["tickets"].present if "tickets" in store.meta.tables else False
    rows: list[dict[str, Any]] = []
    for team, chosen in _asked(store, teams, period):
        mask = masker(store, [team])
        found = sample_of(complaints_of(texts(store, [team], chosen), matchers, flags), size, seed)
        tell(f"auditkit: {team}, {chosen.label}: {len(found.rows)} of {found.population} complaints are drawn.")
        rows += [
            {"team": team, **_told(row), "why": "; ".join(row["why"]), "text": mask(row["text"])}
            for row in found.rows.to_dict("records")
        ]
    if target is not None:
        _write(target, rows)
        say(f"{len(rows)} complaints are in {target}.")
    elif form == "json":
        print_json({"schema": 1, "complaints": rows})
    else:
        _print(TO_READ, rows, form, ())


def themes(root: str, teams: Sequence[str], period: str | None, form: str) -> None:
    """Print the themes of each team over the periods of its report."""
    from auditkit.comments.themes import counts_by_reason
    from auditkit.comments.themes import themes as themes_of
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.report.history import history_of

    _, store = _opened(root)
    rows: list[dict[str, Any]] = []
    for team, chosen in _asked(store, teams, period):
        history, _ = history_of(store, team, chosen)
        figures = evaluate(store, ["complaint_rate"], [team], history, "reason")
        there = figures[figures["available"].astype(bool)]
        columns = (there[name] for name in ("group", "period", "numerator", "denominator"))
        counts = counts_by_reason(zip(*columns, strict=True), [one.label for one in history])
        if not counts:
            reason = next((one for one in figures["reason"] if one), "no complaint has a reason")
            tell(f"auditkit: {team}: no themes: {reason}")
        rows += [
            {"team": team, "reason": one.name, "complaints": int(one.total), "contacts": int(sum(one.contacts)),
             "seen_in": one.seen, "of_periods": len(history), "recurs": one.recurs, "more_than_others": one.above,
             "trend": TRENDS[one.trend]}
            for one in themes_of(counts)
        ]  # fmt: skip
    if form == "json":
        print_json({"schema": 1, "themes": rows})
    else:
        _print(THEMES, rows, form, ("complaints", "contacts", "seen_in", "of_periods"))


def keywords(
    root: str, teams: Sequence[str], period: str | None, lists: Sequence[str], shown: int, seed: int, form: str
) -> None:
    """Print how many texts hold a keyword of each list, and some of them in context."""
    from auditkit.comments.checking import precision_of
    from auditkit.comments.found import context_of, hits, matchers_of, searched
    from auditkit.comments.texts import texts
    from auditkit.privacy import masker

    workspace, store = _opened(root)
    matchers = matchers_of(workspace)
    precision = precision_of(workspace, {name: one.keywords for name, one in matchers.items()})
    told: list[dict[str, Any]] = []
    for team, chosen in _asked(store, teams, period):
        mask, written = masker(store, [team]), texts(store, [team], chosen)
        found = hits(written, matchers)
        totals = searched(written, matchers)
        for one in totals[~totals["has_lists"]].itertuples(index=False):
            missing = f"no keywords/{one.language}.toml"
            tell(f"auditkit: {team}: {one.texts} texts ({one.kind}) in {one.language!r} are not searched: {missing}")
        counts = {(one.kind, one.language): one.texts for one in totals.itertuples(index=False)}
        for (category, language, kind), part in found.groupby(["category", "language", "kind"], sort=True):
            if lists and category not in lists:
                continue
            drawn = part.sample(min(shown, len(part)), random_state=seed).sort_values("key", kind="stable")
            contexts = [context_of(text, category, matchers[language], mask) for text in drawn["text"]]
            told.append(
                {"team": team, "list": category, "language": language, "in": kind, "texts": len(part),
                 "of": int(counts[kind, language]), "precision": _precision(precision.get((category, language))),
                 "hits": [dict(zip(("before", "keyword", "after"), one, strict=True)) for one in contexts]}
            )  # fmt: skip
    if form == "json":
        print_json({"schema": 1, "keywords": told})
        return
    for one in told:
        say(f"{one['team']}, {one['list']} ({one['language']}), {one['in']}: {one['texts']} of {one['of']} texts; "
            f"precision: {one['precision']['words']}")  # fmt: skip
        for hit in one["hits"]:
            say(f"  {hit['before']}*{hit['keyword']}*{hit['after']}")
    if not told:
        say("No keyword of these lists stands in a text.")


def check(root: str, team: str | None, period: str | None, size: int, seed: int, language: str | None) -> None:
    """Draw hits to judge, and say how many of how many."""
    from auditkit.comments.checking import draw_check
    from auditkit.comments.found import hits, matchers_of
    from auditkit.comments.texts import language_of, texts
    from auditkit.labels import Labels
    from auditkit.privacy import masker
    from auditkit.slug import slug

    workspace, store = _opened(root)
    names = store.find_teams([team] if team else [])
    if len(names) != 1:
        raise UsageError(Problem("--team", "is needed: the client has several teams", ", ".join(names)))
    ((name, chosen),) = _asked(store, names, period)
    matchers = matchers_of(workspace)
    found = hits(texts(store, [name], chosen), matchers)
    labels = Labels(_known(language) or language_of(store, name))
    sample = f"{slug(name)}-{chosen.label.replace('..', '-to-')}-{seed}"
    mask = masker(store, [name], labels.language)
    folder, counts = draw_check(workspace, sample, found, matchers, mask, labels, size, seed)
    for (category, spoken), (drawn, total) in counts.items():
        say(f"{category} ({spoken}): {drawn} of {total} hits")
    say(f"The form is {folder / 'form.xlsx'}. When it is filled in: auditkit comments import {folder / 'form.xlsx'}")


def bring_in(root: str, files: Sequence[str], replace: bool) -> None:
    """Take the judgements of forms; DataError names every row that was refused, the rest are written."""
    from auditkit.comments.check_form import about_form, read_judged
    from auditkit.comments.checking import judged_before, precision_of, read_sample, write_judged
    from auditkit.comments.keywords import keywords_of
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    problems: list[Problem] = []
    for file in map(Path, files):
        sample = read_sample(workspace, str(about_form(file).get("check")))
        earlier = judged_before(workspace, sample["id"])
        judged, refused, empty = read_judged(file, sample["hits"], {} if replace else earlier)
        kept = earlier | {one.key: one for one in judged}
        if any(earlier.get(one.key) != one for one in judged):
            say(f"{file.name}: {len(kept)} judgements are in {write_judged(workspace, sample, list(kept.values()))}.")
        else:
            say(f"{file.name}: no new judgement.")
        if empty:
            say(f"{file.name}: {empty} hits are not judged yet.")
        remedy = "The row was not taken; the form is as it was."
        problems += [Problem(f"{file}, row {one.row}", one.reason, "", remedy) for one in refused]
    for (category, language), one in sorted(precision_of(workspace, keywords_of(workspace)).items()):
        say(f"{category} ({language}): precision {_precision(one)['words']}")
    if problems:
        raise DataError(*problems)


def _precision(found: Precision | None) -> dict[str, Any]:
    """The precision of a list, for programs and in words."""
    from auditkit.labels import Labels

    if found is None or found.value is None:
        state = found.state if found else "not checked"
        words = "not checked" if state != "changed" else "not checked since the list changed"
        return {"state": state, "value": None, "low": None, "high": None, "judged": 0, "unsure": 0, "words": words}
    (low, high), labels = found.interval, Labels()
    between = f"{labels.percent(low)} to {labels.percent(high)}"
    words = f"{labels.percent(found.value)} ({between}; {found.right} of {found.judged} judged, {found.unsure} unsure)"
    return {"state": found.state, "value": found.value, "low": low, "high": high, "judged": found.judged,
        "unsure": found.unsure, "words": words}  # fmt: skip


def _opened(root: str) -> tuple[Workspace, Store]:
    from auditkit.comments.keywords import keywords_of
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    keywords_of(workspace)  # a fault in a list is told before anything is loaded
    return workspace, loaded(workspace)


def _asked(store: Store, teams: Sequence[str], period: str | None) -> list[tuple[str, Period]]:
    """Each team with the period asked for, by default its last complete month."""
    return [
        (team, period_as_written(period or "last-month", store, team, store.meta.as_of))
        for team in store.find_teams(teams)
    ]


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {name: plain(row[name]) for name in ("id", "on", "channel", "reason")}


def _print(columns: Sequence[str], rows: Sequence[dict[str, Any]], form: str, right: Sequence[str]) -> None:
    from auditkit.safe.spreadsheets import csv_text

    if form == "csv":
        print(csv_text(columns, [[row[name] for name in columns] for row in rows]), end="")
    else:
        print_table(columns, [[_cell(row[name]) for name in columns] for row in rows], right)


def _cell(value: Any) -> str:
    text = {None: "", True: "yes", False: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _target(output: str | None) -> Path | None:
    if output is None:
        return None
    path = Path(output).expanduser()
    if path.suffix.lower() not in _WRITERS:
        raise UsageError(Problem(f"--output {output!r}", "is no kind of file", ", ".join(_WRITERS)))
    if path.exists():
        raise UsageError(Problem(f"--output {output!r}", "exists already", "", "Name another file."))
    return path


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    try:
        _WRITERS[path.suffix.lower()](path, rows)
    except OSError as error:
        expected = "a file in a folder that exists"
        raise UsageError(Problem(f"--output '{path}'", f"cannot be written: {error.strerror}", expected)) from None


def _write_csv(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    from auditkit.safe.spreadsheets import csv_text

    path.write_text(
        csv_text(TO_READ, [[row[name] for name in TO_READ] for row in rows]), encoding="utf-8-sig", newline=""
    )


def _write_xlsx(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    from auditkit.safe.sheet import write_rows

    write_rows(path, "Complaints", TO_READ, WIDTHS, [[row[name] for name in TO_READ] for row in rows])


def _write_json(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    import json

    text = json.dumps({"schema": 1, "complaints": list(rows)}, ensure_ascii=False, indent=2, allow_nan=False)
    path.write_text(f"{text}\n", encoding="utf-8")


def _known(language: str | None) -> str | None:
    from auditkit.config import LANGUAGES, nearest

    if language and language not in LANGUAGES:
        raise UsageError(
            Problem(f"--language {language!r}", "is not known", ", ".join(LANGUAGES), nearest(language, LANGUAGES))
        )
    return language


_WRITERS: dict[str, Callable[[Path, Sequence[dict[str, Any]]], None]] = {
    ".xlsx": _write_xlsx,
    ".csv": _write_csv,
    ".json": _write_json,
}
