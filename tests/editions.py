"""What the tests of runs share: workspaces of a few teams, notebooks of a few cells, the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from auditkit.cli import main

SRC = Path(__file__).resolve().parents[1] / "src"

PARAMETERS = 'workspace = ""\nteam = ""\nperiod = ""\nas_of = ""\nlanguage = ""'
OPENING = """from auditkit.exhibits.base import Exhibit
display(Exhibit("cover", "cover", {"team": team, "period": period, "title": f"Report of {team}", "client": "Acme"}))"""
TABLE = """display(Exhibit("rows", "table", {"title": "Rows", "columns": [{"label": "name"}, {"label": "n"}],
    "rows": [["=1+1", "-3"], [{"text": team}, "4"]]}))"""
CLOSING = 'display(Exhibit("closing", "closing", {"items": [["team", team]]}))'


def notebook(path: Path, *cells: str, parameters: str = PARAMETERS, reads: str = "") -> Path:
    """A notebook with a cell of parameters and these cells; one that begins with # is Markdown."""
    made = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "x", "language": "python"}}
        | ({"auditkit": {"reads": reads}} if reads else {})
    )
    made.cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    for text in cells:
        new = nbformat.v4.new_markdown_cell if text.startswith("#") else nbformat.v4.new_code_cell
        made.cells.append(new(text))
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


def small_report(folder: Path, name: str = "small", reads: str = "") -> Path:
    """A report of three exhibits in the workspace's own notebooks."""
    return notebook(folder / "notebooks" / f"{name}.ipynb", "# Report", OPENING, TABLE, CLOSING, reads=reads)


def workspace_of(folder: Path, *teams: str, months: Sequence[str] = ("2024-04", "2024-05"), extra: str = "") -> Path:
    """A workspace in which each team has ten tickets and ten calls in every month, the first nine of each answered."""
    (folder / "data").mkdir(parents=True)
    tickets = [
        {"id": f"{number}-{month}-{day:02d}", "team": team, "at": f"{month}-{day:02d}T09:00:00Z",
         "reply": f"{month}-{day:02d}T10:00:00Z" if day < 10 else None,
         "done": f"{month}-{day:02d}T12:00:00Z" if day < 10 else None}
        for number, team in enumerate(teams) for month in months for day in range(1, 11)
    ]  # fmt: skip
    calls = [row | {"answered": row["reply"] is not None, "wait": 10} for row in tickets]
    for name, rows in (("tickets", tickets), ("calls", calls)):
        (folder / "data" / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    (folder / "audit.toml").write_text(
        f"""[audit]
client = "Acme"
as_of = 2024-06-01T00:00:00Z
[[source]]
table = "tickets"
path = "data/tickets.json"
dates = "iso"
columns = {{ ticket_id = "id", team = "team", created_at = "at", first_response_at = "reply", resolved_at = "done" }}
[[source]]
table = "calls"
path = "data/calls.json"
dates = "iso"
columns = {{ call_id = "id", team = "team", offered_at = "at", answered = "answered", wait_seconds = "wait" }}
{extra}
""",
        encoding="utf-8",
    )
    return folder


def auditkit(*arguments: str | Path) -> int:
    """The command in this process; its exit code."""
    return main([str(one) for one in arguments])


def auditkit_process(
    *arguments: str | Path, before: str = "", environment: dict[str, str] | None = None, prefix: Sequence[str] = ()
):
    """The command in a process of its own; ``before`` is Python that runs first, ``prefix`` what starts it."""
    code = f"import sys; {before}\nfrom auditkit.cli import main\nsys.exit(main())"
    paths = os.pathsep.join(
        [*filter(None, [(environment or {}).get("PYTHONPATH")]), str(SRC), os.environ.get("PYTHONPATH", "")]
    )
    return subprocess.run(
        [*prefix, sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, **(environment or {}), "PYTHONPATH": paths.rstrip(os.pathsep)},
        capture_output=True, text=True, encoding="utf-8", timeout=300,
    )  # fmt: skip


def manifest(folder: Path) -> dict:
    """An edition's manifest."""
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def tree(folder: Path) -> dict[str, bytes]:
    """Every file beneath a folder, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
