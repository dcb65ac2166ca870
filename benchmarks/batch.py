"""How long a run of reports takes, beside the ways that people have without it, all measured in one run.

``python benchmarks/batch.py [--reports 32] [--runs 5]`` makes the team report of the sample (more than 20 exhibits,
HTML and PDF) on two processors, the ways in turn, and prints medians per report, of the wall clock and of the
processors (which a busy machine moves less), with the ratios to ours:

- cli: ``papermill`` and ``jupyter nbconvert`` (HTML, PDF) by command line, one after another;
- loop: a Python loop over the two libraries in two processes;
- limit: the cells' code run bare in processes forked from a warm one, with one HTML and one PDF;
- ours: ``auditkit run``, everything included (plan, checks, tables, manifest, ledger).

The PDFs of the first two ways are set by our exporter too, which is faster than a browser or LaTeX would be.
``python benchmarks/batch.py --small 1000`` makes that many small reports and prints the memory of every process and the
cost per report, hundred by hundred.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import gc
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditkit.shipped import shipped

NOTEBOOK = shipped("notebooks") / "team_report.ipynb"
PROCESSES = 2
PERIODS = ("2026-05", "2026-04", "2026-03", "2026-02", "2026-01", "2025-12", "2025-11", "2025-10")
TEAMS = ("Helsinki", "Oslo", "London", "Almaty")
BIN = Path(sys.executable).parent
FEW = 4  # reports by command line, one after another: spread over all that the other ways make


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=32, help="how many in each run of loop, limit and ours")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--small", type=int, default=0, help="make so many small reports instead, and watch memory")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="auditkit-batch-") as place:
        folder = Path(place) / "audit"
        for command in (["new", str(folder), "--sample"], ["load", "-w", str(folder)]):
            subprocess.run([BIN / "auditkit", *command], check=True, capture_output=True)
        if asked.small:
            small(folder, asked.small)
        else:
            compare(folder, asked.reports, asked.runs)


# The ways


def compare(folder: Path, reports: int, runs: int) -> None:
    """The four ways in turn, ``runs`` times."""
    every = [{"workspace": str(folder), "team": team, "period": period} for period in PERIODS for team in TEAMS]
    asked = every[:reports]
    step = max(1, len(asked) // FEW) + 1  # of all months, and of all teams
    few = [asked[number * step % len(asked)] for number in range(min(FEW, len(asked)))]
    ways: dict[str, tuple[Callable[[Path, list[dict[str, str]]], None], list[dict[str, str]]]] = {
        "cli": (by_command_line, few),
        "loop": (by_loop, asked),
        "limit": (bare, asked),
        "ours": (ours, asked),
    }
    taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in ways}
    for number in range(runs):
        for name, (make, some) in ways.items():
            with tempfile.TemporaryDirectory(prefix="auditkit-out-") as out:
                before = _clocks()
                make(Path(out), some)
                taken[name].append(tuple((now - then) / len(some) for now, then in zip(_clocks(), before, strict=True)))
        said = ", ".join(f"{name} {found[-1][0]:.2f} s ({found[-1][1]:.2f})" for name, found in taken.items())
        print(f"run {number + 1}: {said}", flush=True)
    middle = {name: [statistics.median(one) for one in zip(*found, strict=True)] for name, found in taken.items()}
    print(f"\nPer report, medians of {runs} runs in turn, {reports} reports, {PROCESSES} processes:")
    print("         seconds   times ours   processor seconds   times ours")
    for name, (seconds, work) in middle.items():
        ratios = seconds / middle["ours"][0], work / middle["ours"][1]
        print(f"  {name:6} {seconds:7.2f}   {ratios[0]:10.2f}   {work:17.2f}   {ratios[1]:10.2f}")


def _clocks() -> tuple[float, float]:
    """Seconds on the wall, and of the processors in all processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), used.ru_utime + used.ru_stime


def by_command_line(out: Path, asked: list[dict[str, str]]) -> None:
    """papermill, then nbconvert twice, each a process of its own, one after another."""
    for number, parameters in enumerate(asked):
        given = [part for name, value in parameters.items() for part in ("-p", name, value)]
        done = out / f"{number}.ipynb"
        steps = [[BIN / "papermill", NOTEBOOK, done, *given, "--no-progress-bar"]]
        steps += [[BIN / "jupyter", "nbconvert", "--to", form, done] for form in ("audit_html", "audit_pdf")]
        for step in steps:
            subprocess.run(step, check=True, capture_output=True)


def by_loop(out: Path, asked: list[dict[str, str]]) -> None:
    """Two processes, each with a loop over the libraries."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        pool.starmap(one_by_libraries, [(out / f"{number}", given) for number, given in enumerate(asked)], chunksize=1)


def one_by_libraries(stem: Path, parameters: dict[str, str]) -> None:
    """One report by papermill's and nbconvert's Python interfaces."""
    import papermill
    from nbconvert import get_exporter

    notebook = papermill.execute_notebook(str(NOTEBOOK), f"{stem}.ipynb", parameters, progress_bar=False)
    stem.with_suffix(".html").write_text(get_exporter("audit_html")().from_notebook_node(notebook)[0], encoding="utf-8")
    stem.with_suffix(".pdf").write_bytes(get_exporter("audit_pdf")().from_notebook_node(notebook)[0])


def bare(out: Path, asked: list[dict[str, str]]) -> None:
    """A process of its own that gets warm and forks; what is left when nothing is but the work itself."""
    here = str(Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r}); import batch; batch.warm_and_fork(*sys.argv[1:])"
    from auditkit.running.warm.forking import environment

    subprocess.run([sys.executable, "-c", code, str(out), json.dumps(asked)], check=True, env=environment())


def warm_and_fork(out: str, asked: str) -> None:
    """Fork a child for each report, two at a time."""
    from auditkit.running.warm.ready import get_ready

    get_ready()
    gc.collect()
    gc.freeze()
    running: set[int] = set()
    for number, parameters in enumerate(json.loads(asked)):
        if len(running) == PROCESSES:
            running.discard(_ended())
        pid = os.fork()
        if pid == 0:
            one_bare(Path(out) / str(number), parameters)
            os._exit(0)
        running.add(pid)
    while running:
        running.discard(_ended())


def _ended() -> int:
    pid, status = os.wait()
    if status:
        raise SystemExit("a report of the limit failed")
    return pid


def one_bare(stem: Path, parameters: dict[str, str]) -> None:
    """The cells' code with ``exec``, what they show put in a document, and the two renderings."""
    from auditkit.export.document import read_document
    from auditkit.export.page import html_page
    from auditkit.export.typeset import pdf_file

    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            tagged = "parameters" in cell["metadata"].get("tags", ())
            cell["outputs"] = _shown(source, names)
            names.update(parameters if tagged else {})
    document = read_document(notebook, "team_report")
    stem.with_suffix(".html").write_text(html_page(document), encoding="utf-8")
    stem.with_suffix(".pdf").write_bytes(pdf_file(document))


def _shown(source: str, names: dict[str, Any]) -> list[dict[str, Any]]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    if last is None:
        return []
    value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    exhibits = list(value) if hasattr(value, "exhibits") else [value]
    return [{"output_type": "display_data", "data": one._repr_mimebundle_(), "metadata": {}} for one in exhibits]


def ours(out: Path, asked: list[dict[str, str]]) -> None:
    """The command, all of it."""
    folder = asked[0]["workspace"]
    teams = [part for team in dict.fromkeys(one["team"] for one in asked) for part in ("--team", team)]
    periods = [part for period in dict.fromkeys(one["period"] for one in asked) for part in ("--period", period)]
    command = [BIN / "auditkit", "run", "-w", folder, "--force", "--workers", str(PROCESSES), *teams, *periods]
    subprocess.run(command, check=True, capture_output=True)


# Many small reports


def small(folder: Path, count: int) -> None:
    """Memory of parent, warm process and children, and seconds per report, for each hundred."""
    import nbformat
    import psutil

    from auditkit.running.warm import Limits, open_makers
    from auditkit.running.warm.family import own_bytes

    notebook = folder / "small.ipynb"
    cells = [
        'team = ""\nperiod = ""',
        "from auditkit.exhibits.base import Exhibit\n"
        'display(Exhibit("cover", "cover", {"team": team, "period": period, "title": "Small"}))',
        'display(Exhibit("closing", "closing", {"items": [["team", team]]}))',
    ]
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    made.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(made, notebook)
    built, me = folder / "built", psutil.Process()
    print("reports   s/report   parent MB   warm MB   child MB (private)")
    with contextlib.ExitStack() as stack:
        makers = stack.enter_context(open_makers(PROCESSES, Limits(), folder / "log"))
        begun, number, private, costs = time.perf_counter(), 0, [], []
        ended = 0
        while ended < count:
            while makers.free and number < count:
                makers.submit(number, _small_task(folder, notebook, built / str(number)))
                number += 1
            for event in makers.events():
                if event.kind != "end":
                    continue
                if event.detail["state"] == "failed":
                    raise SystemExit(event.detail["problems"])
                shutil.rmtree(built / str(event.number), ignore_errors=True)
                shutil.rmtree(built / f"{event.number}-kernel", ignore_errors=True)
                private.append(event.detail["memory"])
                ended += 1
                if ended % max(1, count // 10) == 0:
                    costs.append((time.perf_counter() - begun) / max(1, count // 10))
                    memory = (me.memory_info().rss, own_bytes(makers.pid), statistics.median(private))
                    shown = "   ".join(f"{one / 1e6:9.1f}" for one in memory)
                    print(f"{ended:7}   {costs[-1]:8.3f}   {shown}", flush=True)
                    begun, private = time.perf_counter(), []
    print(f"last part of the run to the first: {costs[-1] / costs[0]:.3f} times the cost per report")


def _small_task(folder: Path, notebook: Path, built: Path) -> dict[str, Any]:
    built.mkdir(parents=True)
    return {
        "name": "small", "report": "small", "notebook": str(notebook), "workspace": str(folder), "team": "Oslo",
        "period": "2026-05", "as_of": "2026-06-01T00:00:00Z", "pdf": False, "built": str(built),
        "parameters": {"team": "Oslo", "period": "2026-05"}, "expected": {"team": ["Oslo"], "period": ["2026-05"]},
        "log": str(folder / "logs" / "small.log"), "entry": {"generation": _generation(folder)},
    }  # fmt: skip


def _generation(folder: Path) -> str:
    return (folder / ".auditkit" / "store" / "current").read_text(encoding="utf-8").strip()


if __name__ == "__main__":
    main()
