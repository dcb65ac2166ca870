"""What is missing on this machine: each thing that reports need, whether it is there, and how to mend it.

In comes a workspace's folder (or none), out goes a list of findings. Each look is a small function that says what it
found and never raises.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from auditkit.errors import AuditError
from auditkit.versions import LIBRARIES, libraries

LITTLE_SPACE = 500_000_000  # bytes: a store and a year of editions of a middling client
KERNEL_PATIENCE = 60  # seconds
REINSTALL = "Install auditkit again: pip install --force-reinstall auditkit"


@dataclass(frozen=True)
class Finding:
    """``state`` is "ok", "note" (works, but read it) or "missing" (reports cannot be made)."""

    what: str
    state: str
    found: str
    remedy: str = ""


def examine(root: str = ".") -> list[Finding]:
    """Every finding, in the order in which they would stop a run."""
    looks = (_versions, _time_zones, _fonts, _shipped_files, _pdf, _kernel)
    found = [finding for look in looks for finding in look()]
    return [*found, *_workspace(Path(root).expanduser().resolve())]


def _versions() -> Iterator[Finding]:
    found = dict(libraries())
    absent = [name for name in LIBRARIES if found[name] == "absent" and name != "typst"]
    yield Finding("auditkit", "ok", f"{found['auditkit']}, Python {found['python']} ({sys.executable})")
    if absent:
        yield Finding("libraries", "missing", f"absent: {', '.join(absent)}", REINSTALL)
    else:
        yield Finding(
            "libraries", "ok", ", ".join(f"{name} {found[name]}" for name in LIBRARIES if found[name] != "absent")
        )


def _time_zones() -> Iterator[Finding]:
    """Kazakhstan gave up its eastern zone on 1 March 2024: a database older than that is an hour wrong."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    remedy = "Renew the time zones: pip install --upgrade tzdata, or your system's tzdata package."
    try:
        zone = ZoneInfo("Asia/Almaty")
    except ZoneInfoNotFoundError:
        yield Finding("time zones", "missing", "no database of time zones", remedy)
        return
    offsets = [datetime(2024, month, 15, tzinfo=zone).utcoffset() for month in (2, 3)]
    if offsets == [timedelta(hours=6), timedelta(hours=5)]:
        yield Finding("time zones", "ok", "up to date (Asia/Almaty moved to UTC+5 on 1 March 2024)")
    else:
        yield Finding("time zones", "missing", "too old: the change of Asia/Almaty in 2024 is not in it", remedy)


def _fonts() -> Iterator[Finding]:
    from auditkit import fonts

    files = list(fonts.folder().glob("*.?tf"))
    if files:
        yield Finding("fonts", "ok", f"{len(files)} faces of {fonts.FAMILY}")
    else:
        yield Finding("fonts", "missing", f"none in {fonts.folder()}", REINSTALL)


def _shipped_files() -> Iterator[Finding]:
    from auditkit.shipped import shipped

    try:
        count = len(list(shipped("notebooks").glob("*.ipynb")))
        complete = (shipped("templates") / "audit" / "report.html.j2").is_file() and count > 0
    except FileNotFoundError as error:
        yield Finding("notebooks and templates", "missing", str(error), REINSTALL)
        return
    state = "ok" if complete else "missing"
    yield Finding("notebooks and templates", state, f"{count} notebooks", "" if complete else REINSTALL)


def _pdf() -> Iterator[Finding]:
    try:
        import typst

        typst.compile(b"ready")
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        yield Finding("PDF (typst)", "missing", said, "pip install typst, or make HTML only: auditkit run --no-pdf")
    else:
        yield Finding("PDF (typst)", "ok", dict(libraries())["typst"])


def _kernel() -> Iterator[Finding]:
    """Start the kernel as a run does, and let it answer one question."""
    remedy = "pip install --force-reinstall ipykernel; a firewall must let programs talk on 127.0.0.1."
    try:
        said = _ask_kernel()
    except Exception as error:
        yield Finding("notebook kernel", "missing", f"{type(error).__name__}: {error}".splitlines()[0], remedy)
        return
    if said == sys.executable:
        yield Finding("notebook kernel", "ok", "starts and answers")
    else:
        yield Finding("notebook kernel", "missing", f"answers from another Python: {said}", remedy)


def _ask_kernel() -> str:
    import nbformat
    from nbclient import NotebookClient

    from auditkit.running.stock_kernel import OwnKernel, kernel_environment

    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("import sys; print(sys.executable)")])
    with tempfile.TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True) as scratch:
        before = dict(os.environ)
        os.environ.update(kernel_environment(Path(scratch)))
        (Path(scratch) / "runtime").mkdir()
        try:
            client = NotebookClient(
                notebook, kernel_name="python3", kernel_manager_class=OwnKernel, timeout=KERNEL_PATIENCE,
                startup_timeout=KERNEL_PATIENCE, resources={"metadata": {"path": scratch}},
            )  # fmt: skip
            client.execute(stderr=subprocess.DEVNULL)
        finally:
            os.environ.clear()
            os.environ.update(before)
    return notebook.cells[0].outputs[0]["text"].strip()


def _workspace(root: Path) -> Iterator[Finding]:
    from auditkit.config import FILE_NAME
    from auditkit.workspace import open_workspace

    if not (root / FILE_NAME).is_file():
        yield Finding(
            "workspace", "note", f"{root} is none", "Make one with 'auditkit new DIR', or name one with --workspace."
        )
    else:
        try:
            workspace = open_workspace(root)
            yield Finding("workspace", "ok", f"{workspace.config.audit.client}: {len(workspace.config.source)} sources")
        except AuditError as error:
            yield from (Finding("workspace", "missing", str(problem), "Mend audit.toml.") for problem in error.problems)
    yield from _disk(root)


def _disk(root: Path) -> Iterator[Finding]:
    while not root.is_dir() and root != root.parent:
        root = root.parent
    try:
        with tempfile.TemporaryFile(dir=root):
            yield Finding("write access", "ok", str(root))
    except OSError as error:
        remedy = "Give write access, or copy the workspace to a place of your own."
        yield Finding("write access", "missing", f"{root}: {error.strerror}", remedy)
    free = shutil.disk_usage(root).free
    enough = free >= LITTLE_SPACE
    remedy = "" if enough else "Free some space; a load writes the new store beside the old one."
    yield Finding("disk space", "ok" if enough else "note", f"{free / 1e9:.1f} GB free", remedy)
