"""docs/audit.md, followed to the letter: every command runs on the sample, in its order, and ends in the document."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "audit.md"
COMMANDS = [
    line.split("#")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("auditkit ")
]


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a shell would run it in the folder."""
    words = [
        word
        for text in shlex.split(line)[1:]
        for word in (sorted(map(str, folder.glob(text))) if "*" in text else [text])
    ]
    command = [sys.executable, "-c", "import sys; from auditkit.cli import main; sys.exit(main())", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=600)


def test_the_walk_through_runs_from_the_first_file_to_the_document(tmp_path):
    assert len(COMMANDS) > 12
    for line in COMMANDS:
        done = run(line, tmp_path)
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    made = {path.name for path in (tmp_path / "acme" / "reports").rglob("*.pdf")}
    assert {"service_audit.pdf", "client_audit.pdf"} <= made
