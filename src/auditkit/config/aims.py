"""What is wrong with what figures are held against: ``[targets]`` and ``[[benchmark]]`` of audit.toml.

In come the file as parsed and the measures that there are, out come problems that the models cannot see: a measure,
variant or statistic that does not exist, a share beyond the whole, a day by which to reach nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from auditkit.config.naming import nearest
from auditkit.errors import Problem


def aim_problems(name: str, raw: dict[str, Any], measures: Collection[str]) -> Iterator[Problem]:
    """Problems of every target and benchmark; nothing where no measures are known."""
    own = raw.get("measure") if isinstance(raw.get("measure"), dict) else {}
    targets = raw.get("targets") if isinstance(raw.get("targets"), dict) else {}
    for measure, target in targets.items() if measures else ():
        place = f"{name}, key 'targets.{measure}'"
        if measure not in measures and measure not in own:
            yield Problem(place, "is not a known measure", "", nearest(measure, [*measures, *own]))
        elif isinstance(target, dict):
            yield from _target_problems(place, measure, target, measures)
    benchmarks = raw.get("benchmark") if isinstance(raw.get("benchmark"), list) else []
    for number, entry in enumerate(benchmarks if measures else ()):
        if isinstance(entry, dict) and isinstance(entry.get("measure"), str):
            yield from _benchmark_problems(f"{name}, {benchmark_place(raw, number)}", entry, measures, own)


def benchmark_place(raw: dict[str, Any], number: int) -> str:
    """The way people find a benchmark: ``benchmark 2 (csat)``."""
    entries = raw.get("benchmark")
    entry = entries[number] if isinstance(entries, list) and number < len(entries) else {}
    measure = entry.get("measure", "?") if isinstance(entry, dict) else "?"
    return f"benchmark {number + 1} ({measure})"


def _target_problems(place: str, measure: str, target: dict[str, Any], measures: Collection[str]) -> Iterator[Problem]:
    if "by" in target and "at_least" not in target and "at_most" not in target:
        yield Problem(place, "has a day by which to reach nothing", "at_least or at_most beside by")
    if measure in measures and isinstance(measures, Mapping):
        yield from _figure_problems(place, measures[measure], target, ("at_least", "at_most"))


def _benchmark_problems(
    place: str, entry: dict[str, Any], measures: Collection[str], own: dict[str, Any]
) -> Iterator[Problem]:
    measure = entry["measure"]
    if measure not in measures and measure not in own:
        yield Problem(place, f"{measure!r} is not a known measure", "", nearest(measure, [*measures, *own]))
    elif measure in measures and isinstance(measures, Mapping):
        figures = () if entry.get("unit") else ("value", "low", "high")
        yield from _figure_problems(place, measures[measure], entry, figures)


def _figure_problems(place: str, measure: Any, aim: dict[str, Any], figures: tuple[str, ...]) -> Iterator[Problem]:
    """A variant or statistic that the measure does not have, or a share of more than the whole."""
    variants = {"default": measure} | dict(measure.variants)
    chosen = variants.get(str(aim.get("variant", "default")))
    if chosen is None:
        finding = f"variant {aim['variant']!r} is not one of {measure.id}"
        yield Problem(place, finding, "", nearest(str(aim["variant"]), variants))
        return
    statistic = aim.get("statistic", chosen.statistics[0])
    if statistic not in chosen.statistics:
        yield Problem(place, f"statistic {statistic!r} is not one of {measure.id}", ", ".join(chosen.statistics))
    for key in figures:
        figure = aim.get(key)
        if chosen.unit == "share" and isinstance(figure, int | float) and abs(figure) > 1:
            hint = f", such as {figure / 100:g}" if abs(figure) <= 100 else ""
            yield Problem(place, f"{key} = {figure:g} is more than the whole", f"a share of 1{hint}")
