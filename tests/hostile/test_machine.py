"""A machine that does not play along: nothing may be written, the disk is full, a library is absent."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

import pytest
from editions import (
    CLOSING,
    OPENING,
    auditkit,
    auditkit_process,
    manifest,
    notebook,
    small_report,
    tree,
    workspace_of,
)

KILOBYTE = 1024


@pytest.fixture
def acme(tmp_path):
    folder = workspace_of(tmp_path / "acme", "Oslo")
    small_report(folder)
    return folder


def limited(kilobytes: int) -> str:
    """Python that lets no file grow beyond a size, as a disk that fills up would."""
    return (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * KILOBYTE}, {kilobytes * KILOBYTE}))"
    )


needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="this system cannot limit the size of files")


# Without the PDF library


@pytest.fixture
def without_typst(tmp_path) -> dict[str, str]:
    """An environment in which typst cannot be imported."""
    (tmp_path / "absent/typst").mkdir(parents=True)
    (tmp_path / "absent/typst/__init__.py").write_text("raise ImportError('libtypst is not there')\n")
    return {"PYTHONPATH": str(tmp_path / "absent")}


def test_without_the_pdf_library_the_page_is_made_and_the_remedy_said(acme, without_typst, capsys):
    done = auditkit_process("run", "small", "-w", acme, environment=without_typst)
    assert done.returncode == 5
    assert "the PDF is absent" in done.stderr and "pip install typst" in done.stderr and "--no-pdf" in done.stderr
    edition = acme / "reports/Oslo/2024-05"
    assert (edition / "small.html").is_file() and not (edition / "small.pdf").exists()
    assert manifest(edition)["reports"]["small"]["pdf"] == "failed"
    assert auditkit("run", "small", "-w", acme) == 0  # with the library, it is made the next time
    assert (edition / "small.pdf").is_file()


def test_without_the_pdf_library_html_alone_is_no_failure(acme, without_typst):
    assert auditkit_process("run", "small", "-w", acme, "--no-pdf", environment=without_typst).returncode == 0


def test_doctor_names_the_absent_library_and_its_remedy(acme, without_typst):
    done = auditkit_process("doctor", "-w", acme, environment=without_typst)
    assert done.returncode == 5
    assert "libtypst is not there" in done.stdout and "pip install typst" in done.stdout


# A workspace that cannot be written


def test_a_file_where_the_store_belongs(acme, capsys):
    (acme / ".auditkit").write_text("in the way")
    assert auditkit("run", "small", "-w", acme) == 4
    said = capsys.readouterr().err
    assert "cannot be written" in said and "write access" in said


def test_a_file_where_the_reports_belong(acme, capsys):
    (acme / "reports").write_text("in the way")
    assert auditkit("run", "small", "-w", acme) == 4
    assert "cannot be written" in capsys.readouterr().err
    assert (acme / "reports").read_text() == "in the way"


@pytest.fixture
def read_only():
    """A loaded workspace in which an ordinary user may only read, and the command that makes us one."""
    if not hasattr(os, "geteuid"):
        pytest.skip("this system has no Unix permissions")
    prefix: list[str] = []
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and there is no setpriv to become someone else")
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    folder = Path(tempfile.mkdtemp())
    acme = workspace_of(folder / "acme", "Oslo")
    assert auditkit("load", "-w", acme) == 0
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222 | (0o555 if path.is_dir() else 0o444))
    yield acme, prefix
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)


def test_figures_can_be_read_in_a_read_only_workspace(read_only):
    acme, prefix = read_only
    done = auditkit_process(
        "measures", "-w", acme, "-m", "answer_rate", prefix=prefix, environment={"HOME": "/nonexistent"}
    )
    if prefix and "Permission denied" in done.stderr and "auditkit" not in done.stderr:
        pytest.skip("another user may not run this Python")
    assert done.returncode == 0, done.stderr
    assert "90\u00a0%" in done.stdout
    assert auditkit_process("check", "-w", acme, prefix=prefix).returncode == 0


def test_reports_in_a_read_only_workspace_are_refused_with_the_remedy(read_only):
    acme, prefix = read_only
    before = tree(acme)
    done = auditkit_process("run", "-w", acme, prefix=prefix, environment={"HOME": "/nonexistent"})
    if prefix and "Permission denied" in done.stderr and "auditkit" not in done.stderr:
        pytest.skip("another user may not run this Python")
    assert done.returncode == 4, done.stderr
    assert "cannot be written" in done.stderr and "copy it to a place of your own" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(acme) == before


# A full disk


@needs_limits
def test_a_load_that_fills_the_disk_leaves_the_earlier_store(acme):
    auditkit("load", "-w", acme)
    before = tree(acme / ".auditkit")
    done = auditkit_process("load", "--force", "-w", acme, before=limited(1))
    assert done.returncode == 4, done.stderr
    assert "Free some disk space" in done.stderr and "Traceback" not in done.stderr
    assert tree(acme / ".auditkit") == before


@needs_limits
def test_a_report_that_fills_the_disk_leaves_the_earlier_edition(acme):
    assert auditkit("run", "small", "-w", acme, "--no-pdf") == 0
    before = tree(acme / "reports")
    done = auditkit_process("run", "small", "--force", "-w", acme, "--no-pdf", before=limited(60))
    assert done.returncode == 5, done.stderr
    assert "FAILED" in done.stderr and "Free some disk space" in done.stderr and "Traceback" not in done.stderr
    assert {name: data for name, data in tree(acme / "reports").items() if "failures.html" not in name} == before


@needs_limits
def test_a_full_disk_that_takes_no_log_either_is_told(acme):
    log = acme / ".auditkit/logs/Oslo-2024-05-small.log"
    log.parent.mkdir(parents=True)
    log.symlink_to("/dev/full")  # every write to it says that no space is left
    done = auditkit_process("run", "small", "-w", acme, "--no-pdf", before=limited(60))
    assert done.returncode == 5, done.stderr
    assert "cannot be written" in done.stderr and "Free some disk space" in done.stderr
    assert "the worker process ended" not in done.stderr and "Traceback" not in done.stderr


@pytest.fixture
def small_disk(tmp_path) -> list[str]:
    """What starts a command that sees ``tmp_path/acme`` on a disk of three megabytes of its own."""
    copy = f"cp -r {tmp_path}/acme {tmp_path}/first && mount -t tmpfs -o size=3m disk {tmp_path}/acme"
    prefix = ["unshare", "-rm", "sh", "-c", f'{copy} && cp -r {tmp_path}/first/. {tmp_path}/acme && "$@"', "sh"]
    if not shutil.which("unshare") or subprocess.run([*prefix, "true"], capture_output=True).returncode:
        pytest.skip("this system lets nobody mount a small disk")
    shutil.rmtree(tmp_path / "first")
    return prefix


def test_a_report_on_a_full_disk_says_that_no_space_is_left(acme, small_disk):
    notebook(acme / "notebooks/filling.ipynb", OPENING, FILL, CLOSING)
    assert auditkit("load", "-w", acme) == 0
    done = auditkit_process("run", "filling", "-w", acme, "--no-pdf", prefix=small_disk)
    assert done.returncode == 5, done.stderr
    assert "No space left on device" in done.stderr and "Free some disk space" in done.stderr
    assert "the worker process ended" not in done.stderr and "Traceback" not in done.stderr


FILL = """with open(workspace + "/filler", "wb", buffering=0) as stream:
    try:
        while stream.write(bytes(1024)):
            pass
    except OSError:
        print("full")"""


def test_a_load_on_a_full_disk_says_so_in_the_system_s_words(acme, small_disk):
    row = {"team": "Oslo", "at": "2024-05-01T09:00:00Z", "reply": None, "done": None}
    text = Random(1)  # nothing makes it smaller: two copies do not fit on the disk
    rows = [row | {"id": str(number), "subject": text.randbytes(160).hex()} for number in range(5000)]
    (acme / "data/tickets.json").write_text(json.dumps(rows))
    toml = (acme / "audit.toml").read_text(encoding="utf-8")
    toml = toml.replace('created_at = "at",', 'created_at = "at", subject = "subject",')
    (acme / "audit.toml").write_text(toml, encoding="utf-8")
    done = auditkit_process("load", "-w", acme, prefix=small_disk)
    assert done.returncode == 4, done.stderr
    assert "the load stopped: No space left on device. Free some disk space" in done.stderr, done.stderr


def test_a_worker_that_ends_on_a_nearly_full_disk_says_so(acme, small_disk, tmp_path):
    (tmp_path / "absent").mkdir()
    (tmp_path / "absent/nbclient.py").write_text("import os\nos._exit(3)\n")
    environment = {"PYTHONPATH": str(tmp_path / "absent")}
    done = auditkit_process("run", "small", "-w", acme, "--no-pdf", prefix=small_disk, environment=environment)
    assert done.returncode == 5, done.stderr
    assert "ended with code 3; the disk of" in done.stderr
    assert "is nearly full" in done.stderr and "Free some disk space" in done.stderr
