"""Patterns of audit.toml: what they find, and what is said when they find nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditkit.errors import DataError
from auditkit.sources.read import expand


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    names = ["b.csv", "a.csv", "deep/er/c.csv", "~$a.csv", "notes [1].csv", "Tickets.xlsx"]
    for name in (f"data/{name}" for name in names):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    return tmp_path


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("data/?.csv", ["a.csv", "b.csv"]),
        ("data/**/[ac].csv", ["a.csv", "c.csv"]),
        ("data/notes [1].csv", ["notes [1].csv"]),
        ("data/*.csv", ["a.csv", "b.csv", "notes [1].csv"]),
        ("data/**", ["Tickets.xlsx", "a.csv", "b.csv", "c.csv", "notes [1].csv"]),
    ],
)
def test_patterns_find_files_in_order_and_no_lock_files(workspace, pattern, names):
    assert [path.name for path in expand(pattern, workspace)] == names


def test_absolute_patterns_are_allowed(workspace):
    assert expand(str(workspace / "data" / "a*"), Path("/")) == [workspace / "data" / "a.csv"]


def test_nothing_found_names_the_folder_and_near_files(workspace):
    with pytest.raises(DataError, match=r"data/tickets.xlsx: no such file in .*data. Did you mean Tickets.xlsx\?"):
        expand("data/tickets.xlsx", workspace)
    with pytest.raises(DataError, match="In that folder: data"):
        expand("daat/zz/*.qqq", workspace)


def test_a_folder_is_not_a_file(workspace):
    with pytest.raises(DataError, match=r"is a folder. Name the files in it, for example data/\*.csv"):
        expand("data", workspace)
