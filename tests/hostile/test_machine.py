"""A machine that does not play along: nothing may be written, the disk is full, a library is absent."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import pytest
from editions import auditkit, auditkit_process, manifest, small_report, tree, workspace_of

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
    assert tree(acme / "reports") == before
