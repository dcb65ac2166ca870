"""A worker: one process that makes reports, one after another, as it is told on its standard input.

In comes one line of JSON per report, out go lines of JSON: cells done, then how it ended. Whatever a library or the
notebook prints goes to the report's log. It stands alone because a process of its own dies alone: a crash costs one
report, not the run.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditkit.edition import write_problem
from auditkit.errors import AuditError, Problem, ReportError

Tell = Callable[[dict[str, Any]], None]


def main() -> None:
    """Read tasks until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)

    def tell(message: dict[str, Any]) -> None:
        answers.write(json.dumps(message) + "\n")

    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    for line in sys.stdin:
        task = json.loads(line)
        with _logged(Path(task["log"])):
            tell(make(task, tell) | {"event": "end"})


def make(task: dict[str, Any], tell: Tell) -> dict[str, Any]:
    """Make one report in ``task["built"]``; the answer has ``state`` ("made", "without pdf", "failed") and problems."""
    begun = time.monotonic()
    try:
        answer = _make(task, tell)
    except AuditError as error:
        answer = {"state": "failed", "problems": [str(problem) for problem in error.problems]}
    except OSError as error:
        answer = {"state": "failed", "problems": [str(write_problem(error, Path(task["built"])))]}
        _log_traceback()
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        problem = Problem(task["name"], f"a fault of auditkit: {said}", "", "Please report it, with the log.")
        answer = {"state": "failed", "problems": [str(problem)]}
        _log_traceback()
    return answer | {"seconds": round(time.monotonic() - begun, 1)}


def _log_traceback() -> None:
    """The traceback to the log; a full disk must not cost the answer."""
    with suppress(OSError):
        traceback.print_exc()


def _make(task: dict[str, Any], tell: Tell) -> dict[str, Any]:
    from auditkit.engine import execute, fault_of, without_traces

    scratch = Path(f"{task['built']}-kernel")
    scratch.mkdir()
    execution = execute(
        Path(task["notebook"]),
        task["parameters"],
        scratch,
        lambda done, total: tell({"event": "cell", "done": done, "total": total}),
    )
    fault = fault_of(execution, {name: tuple(right) for name, right in task["expected"].items()})
    if fault is not None:
        return _failed(task, execution, fault)
    notebook = without_traces(execution.notebook)
    built = Path(task["built"])
    document = _read_document(notebook, task["report"])
    _write_html(document, built, task["report"])
    _write_tables(document, built, task["report"])
    problems = _write_pdf(document, built, task["report"]) if task["pdf"] else []
    entry = task["entry"] | {
        "cells": [{"cell": cell.number, "state": cell.state} for cell in execution.cells()],
        "figures": _figures(task),
        "pdf": "made" if task["pdf"] and not problems else "failed" if problems else "not asked for",
    }
    return {"state": "without pdf" if problems else "made", "problems": problems, "entry": entry}


def _failed(task: dict[str, Any], execution: Any, fault: Any) -> dict[str, Any]:
    """Keep the notebook as it stood beside the log, and say where it broke."""
    import nbformat

    kept = Path(task["log"]).with_suffix(".ipynb")
    try:
        nbformat.write(execution.notebook, kept)
    except OSError:
        kept.unlink(missing_ok=True)
    heading = f" (under '{fault.heading}')" if fault.heading else ""
    said = f"cell {fault.cell}{heading}: {fault.error}" if fault.cell else fault.error
    with suppress(OSError):
        print(said, *fault.lines, sep="\n", file=sys.stderr)
    return {
        "state": "failed",
        "problems": [said],
        "lines": list(fault.lines),
        "notebook": str(kept),
    }


def _read_document(notebook: Any, report: str) -> Any:
    from auditkit.export.document import read_document

    return read_document(notebook, report, beside=True)


def _write_html(document: Any, built: Path, report: str) -> None:
    from auditkit.export.page import html_page

    (built / f"{report}.html").write_text(html_page(document), encoding="utf-8", newline="\n")


def _write_pdf(document: Any, built: Path, report: str) -> list[str]:
    """Write the PDF, or say why there is none; the page is there in any case."""
    try:
        from auditkit.export.typeset import pdf_file

        data = pdf_file(document)
    except AuditError as error:
        return [f"the PDF is absent: {problem}" for problem in error.problems]
    except Exception as error:
        _log_traceback()
        return [f"the PDF is absent: {type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"]
    (built / f"{report}.pdf").write_bytes(data)
    return []


def _write_tables(document: Any, built: Path, report: str) -> None:
    """Every table as CSV for a spreadsheet, with a byte order mark, and all of them as one workbook."""
    from auditkit.export.tables import TABLES, csv_files, workbook

    (built / TABLES).mkdir()
    for name, text in csv_files(document, report).items():
        (built / TABLES / name).write_text(text, encoding="utf-8-sig", newline="\n")
    data = workbook(document)
    if data is not None:
        (built / TABLES / f"{report}.xlsx").write_bytes(data)


def _figures(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Every figure of the team and period, those of variants too, from the engine itself."""
    from datetime import datetime

    from auditkit.evaluate import evaluate
    from auditkit.period import parse_period
    from auditkit.records import records
    from auditkit.store import open_store
    from auditkit.workspace import open_workspace

    store = open_store(open_workspace(task["workspace"]))
    if store.generation != task["entry"]["generation"]:
        raise ReportError(Problem(task["name"], "the data were loaded anew while it was made", "", "Run again."))
    as_of = datetime.fromisoformat(task["as_of"])
    period = parse_period(task["period"])
    results = evaluate(store, teams=[task["team"]], periods=[period], as_of=as_of, variants=True)
    return records(results)


class _logged:
    """Everything that is printed goes to the report's log while it is made."""

    def __init__(self, path: Path):
        self.path = path

    def __enter__(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.with_suffix(".ipynb").unlink(missing_ok=True)
            self.stream = self.path.open("w", encoding="utf-8")
        except OSError:  # a full disk must not cost the words about it
            self.stream = Path(os.devnull).open("w")
        os.dup2(self.stream.fileno(), 1)
        os.dup2(self.stream.fileno(), 2)

    def __exit__(self, *_: object) -> None:
        for stream in (sys.stdout, sys.stderr, self.stream):
            with suppress(OSError):
                stream.flush()
        with suppress(OSError):
            self.stream.close()


if __name__ == "__main__":
    main()
