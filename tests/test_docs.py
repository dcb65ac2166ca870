"""The pages of docs/ that follow from the code say what the code says today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("page", ["tables.md", "measures.md"])
def test_a_made_page_is_not_stale(page, tmp_path):
    subprocess.run([sys.executable, REPOSITORY / "scripts" / "make_docs.py", tmp_path], check=True, capture_output=True)
    fresh = (tmp_path / page).read_text(encoding="utf-8")
    committed = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    assert committed == fresh, f"docs/{page} is stale: run 'make docs'"
