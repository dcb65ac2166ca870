"""What every report needs and none changes: libraries imported, fonts read, templates compiled.

Nothing comes in and nothing goes out but a process that is ready. No thread is left behind and no connection is open,
so that it can be forked; nothing here has seen a client's data.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

LIBRARIES = (
    "numpy",
    "pandas",
    "pyarrow",
    "pyarrow.parquet",
    "pyarrow.compute",
    "duckdb",
    "scipy.special",
    "IPython.core.interactiveshell",
    "IPython.core.completer",
    "IPython.core.completerlib",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.core.ultratb",
    "stack_data",
    "pygments.formatters.terminal256",
    "nbformat",
    "pyarrow.pandas_compat",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "holidays.countries",
    "babel.dates",
    "babel.lists",
    "babel.numbers",
    "mistune.plugins.task_lists",
    "xlsxwriter.workbook",
    "papermill.parameterize",
    "nh3",
    "typst",
    "zmq",
    "psutil",
    "ipykernel.kernelapp",
    "auditkit.running.warm.forked",
    "auditkit.running.warm.task",
    "auditkit.running.worker",
    "auditkit.running.warm.notebook",
)
# What only some notebooks use, by the word that names it in them.
NAMED = {
    "matplotlib": ("matplotlib.figure", "matplotlib_inline.backend_inline"),
    "scipy": ("scipy.stats",),
}
ROOMS = (
    "auditkit.report",
    "auditkit.report.foreseen",
    "auditkit.evidence.rows",
    "auditkit.evaluation.evaluate",
    "auditkit.evaluation.records",
    "auditkit.export.page",
    "auditkit.export.typeset",
    "auditkit.export.tables",
    "auditkit.running.engine",
    "auditkit.running.slices",
    "auditkit.running.truth",
)


def get_ready() -> None:
    """Import, read and compile. What is missing is noted in the log, and told by the report that needs it."""
    _import(*LIBRARIES, *ROOMS, *_exhibits())
    _bound_arrow()
    _read_languages()
    _read_calendars()
    _warm_export()


def get_ready_for(task: Mapping[str, Any]) -> None:
    """Import what the task's notebook names and is not there yet; all of it for who may run anything (a kernel)."""
    kind, text = task.get("kind", "report"), None
    if kind == "answers":
        return
    if kind == "report":
        with suppress(OSError):
            text = Path(task["notebook"]).read_text(encoding="utf-8", errors="replace")
    for word, libraries in NAMED.items():
        if text is None or word in text:
            _import(*libraries)


def _import(*names: str) -> None:
    for name in names:
        if name in sys.modules:
            continue
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"warm process: {name} cannot be imported: {error}", file=sys.stderr)


def _exhibits() -> list[str]:
    """Every room of the exhibits: sections import theirs when they are called."""
    import pkgutil

    import auditkit.exhibits

    return [f"auditkit.exhibits.{one.name}" for one in pkgutil.iter_modules(auditkit.exhibits.__path__)]


def _bound_arrow() -> None:
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _read_calendars() -> None:
    """The countries whose holidays are known, listed by being asked about once."""
    from auditkit.clocks.written_hours import check_country

    check_country("FI")


def _read_languages() -> None:
    """The catalogue and the writing of dates and numbers of each language, read by being used once."""
    from auditkit.clocks.period import parse_period
    from auditkit.labels import Labels
    from auditkit.languages import AVAILABLE

    for language in AVAILABLE:
        labels = Labels(language)
        labels.period(parse_period("2024-05"))
        labels.share(0.5)
        labels.say("Team")


def _warm_export() -> None:
    """The page's template and the notebooks' schema compiled, the page's fonts encoded; the print's fonts read.
    Setting it would start threads."""
    import nbformat

    from auditkit import fonts
    from auditkit.errors import AuditError
    from auditkit.export.document import read_document
    from auditkit.export.page import html_page
    from auditkit.export.typeset import shipped_fonts

    nbformat.validate(nbformat.v4.new_notebook())
    html_page(read_document({"cells": []}))
    fonts.covered()
    with suppress(AuditError):  # without typst there is no print, and the report that wants one says so
        shipped_fonts(False)
