"""One report made in this process: the notebook executed, judged, and written as page, tables and print.

In comes a task (plain values), out comes an answer: how it ended, why, and what the manifest is to say. Whatever a
library or the notebook prints goes to the report's log. It knows nothing of the process that it runs in, but that the
process is its own: what the notebook does to it costs this report and no other.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from auditkit.errors import AuditError, Problem, ReportError
from auditkit.running.failures import Failure, answer_of, of_os_error

REINSTALL = "Install auditkit again: pip install --force-reinstall auditkit"

Tell = Callable[[dict[str, Any]], None]


class ChangedData(ReportError):
    """The store was loaded anew while the report was made."""


class MissingFont(ReportError):
    """A shipped face is not there."""


def make(task: dict[str, Any], tell: Tell, around: Any = None) -> dict[str, Any]:
    """Make one report in ``task["built"]``; the answer has ``state`` ("made", "without pdf", "failed") and problems.

    ``tell`` hears of each cell as it begins; ``around`` are the shell's Surroundings. What is printed goes to the log.
    """
    begun = time.monotonic()
    with _logged(Path(task["log"])):
        try:
            answer = _make(task, tell, around)
        except Exception as error:
            answer = _answer_of_error(task, error)
    return answer | {"seconds": round(time.monotonic() - begun, 3)}


def _answer_of_error(task: dict[str, Any], error: Exception) -> dict[str, Any]:
    """What the product itself raised, by class."""
    if isinstance(error, AuditError):
        kinds = {ChangedData: "changed data", MissingFont: "missing font"}
        kind = kinds.get(type(error), "refused")
        problems = [str(problem) for problem in error.problems]
        return answer_of(Failure(kind, problems[0] if problems else str(error))) | {"problems": problems}
    _log_traceback()
    if isinstance(error, OSError):
        return answer_of(of_os_error(error, task["built"]))
    if isinstance(error, MemoryError):
        return answer_of(Failure("memory limit", "there was not enough memory to write the report"))
    said = f"{type(error).__name__}: {error}".splitlines()[0]
    problem = Problem(task["name"], f"a fault of auditkit: {said}", "", "Please report it, with the log.")
    return answer_of(Failure("program fault", said)) | {"problems": [str(problem)]}


def _log_traceback() -> None:
    """The traceback to the log; a full disk must not cost the answer."""
    with suppress(OSError):
        traceback.print_exc()


def _make(task: dict[str, Any], tell: Tell, around: Any) -> dict[str, Any]:
    from auditkit.running.engine import execute, without_traces
    from auditkit.running.task import ENGINES
    from auditkit.running.truth import failure_of

    _require_fonts()
    figures = _figures_first(task)
    scratch = Path(f"{task['built']}-kernel")
    scratch.mkdir()

    def on_cell(done: int, total: int, number: int, heading: str) -> None:
        tell({"kind": "cell", "done": done, "total": total, "cell": number, "heading": heading})

    try:
        execution = execute(
            Path(task["notebook"]), task["parameters"], scratch, on_cell, task.get("engine", ENGINES[0]), around
        )
    except ValueError as error:
        return answer_of(Failure("damaged notebook", str(error)))
    failure = failure_of(execution, {name: tuple(right) for name, right in task["expected"].items()})
    if failure is not None:
        return _failed(task, execution, failure)
    tell({"kind": "cell", "done": 1, "total": 1, "cell": 0, "heading": ""})  # what follows is no cell's doing
    _workspace(task)  # the notebook has read the same generation
    return _built(task, execution, without_traces(execution.notebook), figures or _figures(task))


def _built(task: dict[str, Any], execution: Any, notebook: Any, figures: list[dict[str, Any]]) -> dict[str, Any]:
    """Write page, tables and print, and what the manifest says of them, unless a figure is not the store's own."""
    from auditkit.running.truth import figures_failure

    failure = figures_failure(notebook, figures)
    if failure is not None:
        return _failed(task, execution, failure)
    built = Path(task["built"])
    document = _read_document(notebook, task["report"])
    _write_html(document, built, task["report"])
    _write_tables(document, built, task["report"])
    problems = _write_pdf(document, built, task["report"]) if task["pdf"] else []
    entry = task["entry"] | {
        "cells": [{"cell": cell.number, "state": cell.state} for cell in execution.cells()],
        "figures": figures,
        "pdf": "made" if task["pdf"] and not problems else "failed" if problems else "not asked for",
    }
    state = "without pdf" if problems else "made"
    return {"state": state, "problems": problems, "entry": entry, "remarks": execution.remarks, "failure": None}


def _require_fonts() -> None:
    """A face that is missing would be replaced by another one, silently: other pages, other bytes."""
    from auditkit import fonts

    wanted = [*fonts.paths(), *(path for path, _, _ in fonts.web_fonts())]
    missing = [path.name for path in wanted if not path.is_file()]
    if missing:
        raise MissingFont(Problem(str(fonts.folder()), f"has no {', '.join(missing)}", "", REINSTALL))


def _failed(task: dict[str, Any], execution: Any, failure: Failure) -> dict[str, Any]:
    """Keep the notebook as it stood beside the log, and say where it broke."""
    import nbformat

    kept = Path(task["log"]).with_suffix(".ipynb")
    try:
        nbformat.write(execution.notebook, kept)
    except OSError:
        kept.unlink(missing_ok=True)
    with suppress(OSError):
        print(failure.said, *failure.output, sep="\n", file=sys.stderr)
    return answer_of(failure, notebook=str(kept), remarks=execution.remarks)


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


def _figures_first(task: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The figures as they are before the notebook can touch anything; None where they cannot be evaluated, which the
    notebook will meet too, and say in which cell."""
    try:
        return _figures(task)
    except ChangedData:
        raise
    except Exception:
        return None


def _figures(task: dict[str, Any]) -> list[dict[str, Any]]:
    """Every figure of the team and period, those of variants too, from the engine itself; of several teams the
    headlines.

    A notebook that tells of a team's history asks the same of all its periods: then the question is its own, and the
    run may have the answer already, with others that its sections will ask for (see ahead.py).
    """
    from datetime import datetime

    from auditkit import answers
    from auditkit.clocks.period import parse_period
    from auditkit.evaluation.evaluate import evaluate, question_of
    from auditkit.evaluation.records import records
    from auditkit.report.history import history_of, periods_of
    from auditkit.running.slices import HISTORY, reads_of
    from auditkit.store import open_store

    store = open_store(_workspace(task))
    as_of = datetime.fromisoformat(task["as_of"])
    period = parse_period(task["period"])
    if task.get("teams"):
        from auditkit.company import asked

        return records(evaluate(store, asked(store), task["teams"], [period], as_of=as_of))
    tells = reads_of(Path(task["notebook"])) == HISTORY
    periods = periods_of(*history_of(store, task["team"], period)) if tells else [period]
    if tells and task.get("answers"):
        answers.give(store, pickle.loads(Path(task["answers"]).read_bytes()))
    question = question_of(store, (), (task["team"],), tuple(periods), None, True, as_of)
    results = evaluate(store, teams=[task["team"]], periods=periods, variants=True, as_of=as_of)
    answers.give(store, {question: results})
    return records(results[results["period"] == period.label])


def _workspace(task: dict[str, Any]) -> Any:
    """The workspace that the report is of; ChangedData where another generation of its store is in force by now."""
    from auditkit.store import current_generation
    from auditkit.workspace import open_workspace

    workspace = open_workspace(task["workspace"])
    if current_generation(workspace) not in (None, task["entry"]["generation"]):
        raise ChangedData(Problem(task["name"], "the data were loaded anew while it was made", "", "Run again."))
    return workspace


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
