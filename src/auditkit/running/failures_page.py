"""``reports/<period>/failures.html``: which reports of a period are not there, or not in order, and why.

In come what the ledger says is failing and what came of this run, out goes a page for each period that has something to
tell; where all is well again, the page goes. Whatever a notebook or a team's name says is text here, never markup. The
morning's reader needs nothing else: class, cell, last output, remedy, and whether an earlier edition stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditkit.clocks.period import parse_period
from auditkit.errors import UsageError
from auditkit.running.edition import edition_folder, read_manifest, write_problem
from auditkit.running.failures import CLASSES
from auditkit.running.ledger import MADE, WITHOUT_PDF, moment, now
from auditkit.running.plan import Job
from auditkit.shipped import shipped
from auditkit.store import Store

if TYPE_CHECKING:
    from auditkit.running.run import Outcome

PAGE = "failures.html"
TEMPLATE = "failures.html.j2"


def write_pages(
    store: Store,
    failing: Iterable[Mapping[str, Any]],
    outcomes: Sequence[Outcome],
    current: Iterable[Job],
    tell: Callable[[str], None] = lambda words: None,
) -> list[Path]:
    """Write a page for every period in which something is not in order, remove the others; the pages that stand.

    ``failing`` are the ledger's last words on earlier attempts. What cannot be written is told, and harms nothing.
    """
    by_period: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in _entries(store, failing, outcomes, current):
        by_period[entry["period"]].append(entry)
    reports = store.workspace.reports
    written = []
    for old in reports.glob(f"*/{PAGE}"):
        if old.parent.name not in by_period:
            _remove(old)
    for period, entries in sorted(by_period.items()):
        try:
            written.append(_write(reports / period / PAGE, _page(store, period, entries)))
        except OSError as error:
            tell(str(write_problem(error, reports / period / PAGE)))
    return written


def _entries(
    store: Store, failing: Iterable[Mapping[str, Any]], outcomes: Sequence[Outcome], current: Iterable[Job]
) -> list[dict[str, Any]]:
    """What is not in order now: the ledger's failures, but for what this run made, failed anew or found in order."""
    found = {_name(one): dict(one) for one in failing if one["team"] in store.meta.teams}
    for job in current:
        found.pop((job.report, job.team, job.period.label), None)
    for one in outcomes:
        name = (one.job.report, one.job.team, one.job.period.label)
        found.pop(name, None)
        if one.state != MADE:
            found[name] = _of_outcome(one)
    told = [_shown(store, one) for one in found.values()]
    return sorted(told, key=lambda one: (one["period"], one["team"], one["report"]))


def _name(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    return entry["report"], entry["team"], entry["period"]


def _of_outcome(one: Outcome) -> dict[str, Any]:
    failure = one.failure or {}
    return {
        "report": one.job.report,
        "team": one.job.team,
        "period": one.job.period.label,
        "state": one.state,
        "class": failure.get("class"),
        "cell": failure.get("cell"),
        "heading": failure.get("heading"),
        "problems": list(one.problems),
        "output": list(failure.get("output") or one.lines),
        "remedy": failure.get("remedy"),
        "attempt": one.attempts,
        "ended_at": now(),
        "log": one.log,
        "notebook": one.notebook,
    }


def _shown(store: Store, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry as the template needs it."""
    known = CLASSES.get(entry["class"] or "")
    words = known.words if known else "made without its PDF" if entry["state"] == WITHOUT_PDF else "it was not made"
    times = entry["attempt"]
    return {
        **entry,
        "words": words[:1].upper() + words[1:],
        "remedy": entry["remedy"] or (known.remedy if known else ""),
        "standing": _standing(store, entry),
        "ended_at": moment(entry["ended_at"]),
        "attempts": "once" if times == 1 else f"{times} times",
        "output": "\n".join(entry["output"]),
    }


def _standing(store: Store, entry: Mapping[str, Any]) -> str:
    """Whether there is an edition all the same."""
    if entry["state"] == WITHOUT_PDF:
        return "the page is there, the PDF is not"
    try:
        folder = edition_folder(store.workspace, entry["team"], parse_period(entry["period"]))
    except UsageError:
        return "none"
    made = ((read_manifest(folder) or {}).get("reports") or {}).get(entry["report"])
    return f"stands, as of {made['as_of']}" if made else "none"


def _page(store: Store, period: str, entries: Sequence[Mapping[str, Any]]) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string((shipped("templates") / "run" / TEMPLATE).read_text(encoding="utf-8"))
    return template.render(period=period, client=store.workspace.config.audit.client, entries=entries)


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="\n", errors="replace")
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    return path


def _remove(page: Path) -> None:
    """Remove a page that has nothing to tell any more, and its folder where nothing else is in it."""
    try:
        page.unlink()
        page.parent.rmdir()
    except OSError:
        return
