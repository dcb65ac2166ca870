"""What a user gets: a light import, commands and exporters that are registered, and a wheel that is whole and clean."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import auditkit

ROOT = Path(__file__).parents[1]
HEAVY = {"duckdb", "IPython", "matplotlib", "nbconvert", "nbformat", "numpy", "pandas", "papermill", "pyarrow"}
HEAVY |= {"pydantic", "scipy", "typst"}


def heavy_after(code: str) -> set[str]:
    """The heavy libraries that a fresh Python has loaded when ``code`` is done; what it prints is dropped."""
    program = f"import sys\ntry:\n    {code}\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return HEAVY & set(done.stderr.split())


def test_importing_auditkit_loads_no_heavy_library():
    assert heavy_after("import auditkit") == set()


def test_help_loads_no_heavy_library():
    assert heavy_after("from auditkit.cli import main; sys.argv = ['auditkit', '--help']; main()") == set()


def test_the_version_is_the_same_in_the_package_and_in_pyproject():
    assert project()["version"] == auditkit.__version__


@pytest.mark.parametrize("name", ["audit_html", "audit_pdf"])
def test_nbconvert_knows_the_exporter(name):
    from nbconvert.exporters import get_exporter

    assert get_exporter(name).__module__.startswith("auditkit.export.")
    assert name in entry_points(group="nbconvert.exporters").names


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the source archive, the wheel made from it, and the wheel made from the checkout."""
    folder = tmp_path_factory.mktemp("dist")
    build(folder)
    build(folder / "direct", "--wheel")
    return folder


def test_the_wheel_carries_notebooks_templates_fonts_and_sample(built):
    names = contents(built)
    for folder, below in {"notebooks": "notebooks", "templates": "templates", "sample": "data/sample"}.items():
        shipped = {name.removeprefix(f"auditkit/_shipped/{folder}/") for name in names if f"_shipped/{folder}/" in name}
        assert shipped == committed(below)
    modules = {
        name.removeprefix("auditkit/") for name in names if name.startswith("auditkit/") and "_shipped" not in name
    }
    assert modules == committed("src/auditkit")


def test_the_wheel_carries_nothing_that_a_run_leaves_behind(built):
    left_behind = re.compile(r"/(\.auditkit|reports|__pycache__|\.ipynb_checkpoints|tests)/")
    assert [name for name in contents(built) if left_behind.search(name)] == []


def test_the_wheel_is_small(built):
    assert wheel(built).stat().st_size < 4_500_000, "fonts, catalogues and the sample are most of it"


def test_the_wheel_is_the_same_by_way_of_the_source_archive(built):
    assert wheel(built).read_bytes() == wheel(built / "direct").read_bytes()


def test_the_source_archive_can_test_itself(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    assert {"Makefile", "requirements.lock", "tests/test_packaging.py", "scripts/make_sample.py"} <= names


def test_the_lock_pins_every_requirement_and_names_no_place():
    pins = [line.split(" ; ")[0] for line in lock_lines()]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9][0-9a-z.]*", pin) for pin in pins)
    extras = [line for lines in project()["optional-dependencies"].values() for line in lines]
    wanted = {re.split(r"[><=!~\[; ]", line)[0].lower() for line in [*project()["dependencies"], *extras]}
    assert wanted <= {pin.split("==")[0] for pin in pins}


def test_the_lock_satisfies_what_pyproject_asks_for():
    from packaging.requirements import Requirement

    versions = dict(line.split(" ; ")[0].split("==") for line in lock_lines())
    for line in project()["dependencies"]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(versions[wanted.name]), line


def project() -> dict:
    """The ``[project]`` table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lock_lines() -> list[str]:
    """The pins of requirements.lock."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def build(into: Path, *options: str) -> None:
    """Build the project as ``make wheel`` does."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(into), *options, str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def wheel(folder: Path) -> Path:
    """The one wheel in ``folder``."""
    (found,) = folder.glob("*.whl")
    return found


def contents(folder: Path) -> list[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel(folder)) as archive:
        return archive.namelist()


def committed(below: str) -> set[str]:
    """The files below a folder of the checkout, without what runs leave there."""
    left_behind = {".auditkit", "reports", "__pycache__", ".ipynb_checkpoints"}
    files = [path.relative_to(ROOT / below) for path in (ROOT / below).rglob("*") if path.is_file()]
    return {path.as_posix() for path in files if not left_behind & set(path.parts)}
