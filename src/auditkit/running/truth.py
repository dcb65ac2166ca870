"""Whether an execution is the report that was asked for: everything that could be wrong is looked for, nothing assumed.

In comes an executed notebook with the states of its cells and what its exhibits must say; out comes the first failure,
or none. A report counts only when every code cell ran to its end, the last exhibit is the closing one, the cover and
every exhibit speak of the team and period that were asked for, and the figures are those of the store. The rules are
the same for every engine.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError

from auditkit.exhibits.base import EXHIBIT_MIME
from auditkit.running.engine import Execution, heading_above, numbered
from auditkit.running.failures import Failure, last_lines, of_raised
from auditkit.running.shell import runs

_SAME = 1e-9
_TERMINAL = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def failure_of(execution: Execution, expected: Mapping[str, tuple[str, ...]]) -> Failure | None:
    """Why the execution is no report, or None.

    ``expected`` maps keys of the cover to the texts that are right, for example ``{"team": ("Oslo",)}``; an exhibit
    that says for which team and period it was made must say the same.
    """
    return next(_failures(execution, expected), None)


def figures_failure(notebook: Any, records: Sequence[Mapping[str, Any]]) -> Failure | None:
    """Whether a figure of the report differs from the store's own, evaluated apart from the notebook.

    ``records`` are the engine's figures of the team and period (see records.py). A notebook that ends with a closing
    exhibit of its own says nothing of figures, and nothing can be compared.
    """
    last = list(exhibits(notebook))[-1]
    own = {
        (one["measure"], one["statistic"]): (one["value"] if one["available"] else None, one["n"])
        for one in records
        if one["variant"] == "default"
    }
    for measure, statistic, *shown in last.get("figures") or ():
        right = own.get((measure, statistic))
        if right is None or not all(map(_is_same, shown, right)):
            said = f"the report's {measure} ({statistic}) is {shown[0]}, n {shown[1]}; the store says {right}"
            return Failure("untrue", said)
    return None


def _is_same(shown: float | None, right: float | None) -> bool:
    """Equal but for the order in which a sum was taken."""
    if shown is None or right is None:
        return shown is right
    return math.isclose(shown, right, rel_tol=_SAME, abs_tol=_SAME)


def exhibits(notebook: Any) -> Iterator[Mapping[str, Any]]:
    """The exhibits that the notebook displayed, in order."""
    for _, _, shown in _placed_exhibits(notebook):
        yield shown


def _failures(execution: Execution, expected: Mapping[str, tuple[str, ...]]) -> Iterator[Failure]:
    notebook = execution.notebook
    for place, number, cell in numbered(notebook):
        for output in cell.get("outputs", ()):
            if output.get("output_type") == "error":
                yield _raised(notebook, place, number, output)
    if execution.crash is not None:
        yield _crashed(execution)
    for place, number, cell in numbered(notebook):
        if runs(cell) and execution.states.get(place) != "ok":
            yield Failure("untrue", "the cell was never run to its end", number, heading_above(notebook, place))
    yield from _untruths(notebook, expected)


def _untruths(notebook: Any, expected: Mapping[str, tuple[str, ...]]) -> Iterator[Failure]:
    shown = list(_placed_exhibits(notebook))
    if not shown or shown[-1][2].get("kind") != "closing":
        yield Failure("untrue", "the notebook did not end with the closing exhibit (audit.close())")
    cover = shown[0][2] if shown and shown[0][2].get("kind") == "cover" else {}
    for key, right in expected.items():
        if cover.get(key) not in right:
            yield Failure("untrue", f"the report's cover says {key} {cover.get(key)!r}, but {right[0]!r} was asked for")
    for place, number, one in shown:
        made_for = one.get("made_for") or {}
        for key, right in expected.items():
            if key in made_for and made_for[key] not in right:
                said = f"exhibit {one.get('id')!r} is of {key} {made_for[key]!r}, but {right[0]!r} was asked for"
                yield Failure("untrue", said, number, heading_above(notebook, place))


def _placed_exhibits(notebook: Any) -> Iterator[tuple[int, int, Mapping[str, Any]]]:
    for place, number, cell in numbered(notebook):
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(EXHIBIT_MIME)
            if isinstance(shown, Mapping):
                yield place, number, shown


def _raised(notebook: Any, place: int, number: int, output: Any) -> Failure:
    ename, evalue = str(output.get("ename")), str(output.get("evalue"))
    kind = of_raised(ename, evalue)
    said = evalue if kind in ("cell timeout", "notebook timeout") else f"{ename}: {evalue}".removesuffix(": ")
    if kind == "ended itself":
        said = f"the notebook ended itself before its end ({said})"
    lines = last_lines([_TERMINAL.sub("", one) for one in output.get("traceback", ())])
    return Failure(kind, said, number, heading_above(notebook, place), lines)


def _crashed(execution: Execution) -> Failure:
    notebook = execution.notebook
    started = [(place, number) for place, number, _ in numbered(notebook) if place in execution.states]
    place, number = started[-1] if started else (-1, 0)
    heading = heading_above(notebook, place) if started else ""
    lines = _printed(notebook.cells[place]) if started else ()
    if isinstance(execution.crash, DeadKernelError):
        return Failure(
            "process ended", "the kernel died (out of memory, killed, or a library crashed)", number, heading, lines
        )
    if isinstance(execution.crash, CellTimeoutError):
        return Failure("cell timeout", "the cell took longer than is allowed", number, heading, lines)
    kind = "no kernel" if not started else "program fault"
    words = f"{type(execution.crash).__name__}: {execution.crash}".splitlines()[0]
    return Failure(kind, words, number, heading, lines)


def _printed(cell: Any) -> tuple[str, ...]:
    streams = [one.get("text", "") for one in cell.get("outputs", ()) if one.get("output_type") == "stream"]
    return last_lines(["".join(one) for one in streams])
