"""``measures`` and ``explain``: figures with what belongs to them, and what each of them means.

In come names from the command line; out come a table for people, CSV for a spreadsheet or JSON for programs, all from
the engine's one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from auditkit.cli.show import print_json, print_table, say

if TYPE_CHECKING:
    import pandas as pd

    from auditkit.definition import Measure
    from auditkit.store import Store

Evaluation = Callable[..., "pd.DataFrame"]  # as auditkit.evaluation.evaluate.evaluate
SHOWN = ("measure", "statistic", "variant", "team", "period", "group", "value", "interval", "n", "target", "verdict")


def measures(
    root: str, ids: Sequence[str], teams: Sequence[str], periods: Sequence[str], by: str | None, variants: bool,
    as_of: str | None, form: str, dask: str | None = None,
) -> None:  # fmt: skip
    """Evaluate, here or on a cluster, and print."""
    from auditkit.cli.common import loaded, read_instant
    from auditkit.evaluation.records import document
    from auditkit.measures import find
    from auditkit.safe.spreadsheets import csv_text
    from auditkit.workspace import open_workspace

    workspace = open_workspace(root)
    find(ids, workspace.config.measure)  # a misspelt name is told before anything is loaded
    instant = read_instant(as_of, workspace)
    store = loaded(workspace)
    known = instant or store.meta.as_of
    with _evaluation(dask) as evaluation:
        results = evaluate_as_written(store, ids, teams, periods, by, variants, known, evaluation)
    if form == "json":
        print_json(document(results, known))
    elif form == "csv":
        shown = document(results, known)["results"]
        print(csv_text(list(results.columns), [list(row.values()) for row in shown]), end="")
    else:
        _print_figures(store, results, known)


@contextmanager
def _evaluation(dask: str | None) -> Iterator[Evaluation | None]:
    """What evaluates elsewhere, or None."""
    if not dask:
        yield None
        return
    from auditkit.cluster.data import evaluate_on
    from auditkit.cluster.makers import connect

    with connect(dask) as client:
        yield partial(evaluate_on, client)


def evaluate_as_written(
    store: Store, ids: Sequence[str], teams: Sequence[str], periods: Sequence[str], by: str | None, variants: bool,
    as_of: datetime, evaluation: Evaluation | None = None,
) -> pd.DataFrame:  # fmt: skip
    """The engine's table for periods as users write them; ``last-month`` is settled in each team's own zone."""
    import pandas as pd

    from auditkit.cli.common import period_as_written
    from auditkit.clocks.period import Period
    from auditkit.evaluation.evaluate import evaluate

    together: dict[tuple[Period, ...], list[str]] = {}
    for team in store.find_teams(teams):
        together.setdefault(tuple(period_as_written(text, store, team, as_of) for text in periods), []).append(team)
    frames = [
        (evaluation or evaluate)(store, ids, teams=names, periods=chosen, by=by, variants=variants, as_of=as_of)
        for chosen, names in together.items()
    ]
    return frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)


def _print_figures(store: Store, results: pd.DataFrame, as_of: datetime) -> None:
    from auditkit.evaluation.records import records
    from auditkit.measures import find

    declared = {measure.id: measure for measure in find((), store.workspace.config.measure)}
    rows = [_shown(row, declared[row["measure"]]) for row in records(results)]
    used = [
        name
        for name in SHOWN
        if name not in ("variant", "group", "target", "verdict")
        or any(row[name] not in ("", "default") for row in rows)
    ]
    print_table(used, [[row[name] for name in used] for row in rows], ("value", "n", "target"))
    say(f"As of {as_of:%Y-%m-%d %H:%M} UTC. 95 % intervals; a dash: nothing to count, with the reason beside it.")


def _shown(row: dict[str, Any], declared: Measure) -> dict[str, str]:
    """A figure's cells as people read them; the reason stands where there is no interval to print."""
    from auditkit.labels import NOTHING, Labels

    labels, business = Labels(), declared.clock == "business"
    unit, statistic = row["unit"], row["statistic"]
    words = {"statistic": statistic, "business": business}
    low, high = row["low"], row["high"]
    reason = f"({row['reason']})" if row["reason"] else ""
    interval = labels.interval(unit, low, high, **words)
    return {
        "measure": row["measure"],
        "statistic": statistic,
        "variant": row["variant"],
        "team": row["team"],
        "period": row["period"],
        "group": "" if row["by"] is None else str(row["group"] if row["group"] is not None else "(none)"),
        "value": labels.value(unit, row["value"], low, high, **words) if row["available"] else NOTHING,
        "interval": " ".join(part for part in (interval if row["available"] else "", reason) if part),
        "n": labels.count(row["n"]),
        "target": labels.bound(unit, row["target"], **words) if row["target"] is not None else "",
        "verdict": row["verdict"] or "",
    }


def explain(name: str, root: str | None, form: str) -> None:
    """Print everything that a measure states about itself."""
    from auditkit.measures import find

    own = {}
    if root is not None:
        from auditkit.workspace import open_workspace

        own = open_workspace(root).config.measure
    (measure,) = find([name], own)
    said = explanation(measure)
    if form == "json":
        print_json(said)
        return
    say(f"{said['label']} ({said['measure']})")
    say(said["summary"])
    say()
    for key, value in said.items():
        if value and key not in ("schema", "measure", "label", "summary", "variants"):
            _say_pair(key.replace("_", " "), value)
    for variant in said["variants"]:
        say()
        say(f"Variant {variant['variant']}: {variant['words']}")
        for key in ("dated_by", "rule", "golden"):
            if variant[key] and variant[key] != said[key]:
                _say_pair(key.replace("_", " "), variant[key])


def _say_pair(key: str, value: Any) -> None:
    """A key and its value; the parts of a rule stand under each other."""
    if isinstance(value, dict):
        lines = [f"{name}: {one}" for name, one in value.items()]
    else:
        lines = [", ".join(value) if isinstance(value, list) else str(value)]
    for place, line in enumerate(lines):
        say(f"  {key if place == 0 else '':<12}{line}")


def explanation(measure: Measure) -> dict[str, Any]:
    """What ``explain --format json`` prints."""
    from auditkit.relations import POPULATION_WORDS

    return {
        "schema": 1,
        "measure": measure.id,
        "label": measure.label,
        "summary": _filled(measure.summary, measure),
        "table": measure.of,
        "dated_by": measure.dated_by,
        "rule": measure.expressions(),
        "statistics": list(measure.statistics),
        "unit": measure.unit,
        "clock": measure.clock or None,
        "better": measure.better,
        "population": POPULATION_WORDS.get(measure.of),
        "needs": list(measure.needs),
        "parameters": dict(measure.parameters),
        "decision": measure.decision or None,
        "source": measure.source or None,
        "golden": measure.golden or None,
        "articles": measure.articles.split(),
        "variants": [
            {
                "variant": one.variant,
                "words": _filled(one.variant_words, one),
                "dated_by": one.dated_by,
                "rule": one.expressions(),
                "golden": one.golden or None,
            }
            for one in measure.variants.values()
        ],
    }


def _filled(text: str, measure: Measure) -> str:
    """The text with the measure's own parameters in it."""
    for name, value in measure.parameters.items():
        text = text.replace(f"{{{name}}}", f"{value:g}" if isinstance(value, int | float) else str(value))
    return text
