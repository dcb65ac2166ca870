"""What a worker of a Dask cluster does: one report, in a process of its own, as on any machine.

In comes a task (and the slice that it reads, where the workspace is out of sight), out goes the answer; what happens
meanwhile is said through the scheduler. Whatever is built is built in a folder that nobody else writes to: a worker
that was given up for lost may still be alive, and its late work must fall on nothing. The cluster pickles these
functions by their names, so they stand in a module that imports little.
"""

from __future__ import annotations

import tempfile
import threading
import uuid
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

TOPIC = "auditkit-"  # and the run's own token
_EVENT_SECONDS = 0.5
_ended: set[str] = set()  # tokens of runs that are over, however that came
_own = threading.local()  # each thread of the worker keeps its makers warm


def look(path: str, sha256: str) -> dict[str, Any]:
    """What a worker has: its program and libraries, and whether it sees the file with this hash."""
    import hashlib

    from auditkit.versions import libraries, program

    sees = False
    with suppress(OSError):
        sees = hashlib.sha256(Path(path).read_bytes()).hexdigest() == sha256
    return {"program": program(), "libraries": dict(libraries()), "sees": sees}


def stop(token: str) -> None:
    """The run is over: whatever is still made for it is given up."""
    _ended.add(token)


def make(token: str, number: int, task: Mapping[str, Any], data: bytes | None, limits: Mapping[str, Any]) -> dict:
    """Make one report; the answer of auditkit.running.warm, and what was built: "folder", or "archive" (bytes)."""
    if data is None:
        built = Path(f"{task['built']}-{uuid.uuid4().hex[:8]}")
        built.mkdir(parents=True)
        return _made(token, number, {**task, "built": str(built)}, limits) | {"folder": str(built)}
    with tempfile.TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True) as scratch:
        return _made_from_slice(token, number, task, data, limits, Path(scratch))


def facts(table: str, data: Mapping[str, bytes], config: Any, teams: Mapping[str, Any]) -> bytes:
    """The rows of some teams with their facts, as Parquet; ``data`` holds what enrich reads, by relation."""
    import duckdb

    from auditkit.facts.enrich import enrich

    with tempfile.TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True) as scratch:
        with duckdb.connect() as con:
            con.execute("SET TimeZone = 'UTC'")
            for name, content in data.items():
                path = Path(scratch) / f"{name}.parquet"
                path.write_bytes(content)
                source = str(path).replace("'", "''")
                con.execute(f"CREATE TEMP VIEW {name} AS SELECT * FROM read_parquet('{source}')")
            target = Path(scratch) / "facts"
            enrich(con, table, "rows", target, config, dict(teams))
        return target.read_bytes()


def figures(root: str, generation: str, data: bytes | None, teams: tuple[str, ...], asked: Mapping[str, Any]) -> Any:
    """The figures of some teams: from the workspace where it is in sight, else from their slice."""
    from auditkit.evaluation.evaluate import evaluate
    from auditkit.running.packing import unpack
    from auditkit.store import open_store
    from auditkit.workspace import open_workspace

    with tempfile.TemporaryDirectory(prefix="auditkit-", ignore_cleanup_errors=True) as scratch:
        if data is not None:
            unpack(data, Path(scratch))
        store = open_store(open_workspace(root if data is None else scratch))
        if store.generation != generation:
            raise RuntimeError("the data were loaded anew meanwhile; run again")
        return evaluate(store, teams=teams, **asked)


def _made_from_slice(token, number, task, data, limits, scratch: Path) -> dict:
    """In a workspace of its own, which holds what the report reads and nothing else."""
    from auditkit.running.packing import pack_folder, unpack

    root, built, log = scratch / "workspace", scratch / "built", scratch / "log" / "report.log"
    for folder in (root, built, log.parent):
        folder.mkdir()
    notebook = unpack(data, root)
    parameters = {**task["parameters"], **({"workspace": str(root)} if "workspace" in task["parameters"] else {})}
    own = {
        **task, "workspace": str(root), "notebook": str(notebook), "parameters": parameters, "built": str(built),
        "log": str(log),
    }  # fmt: skip
    answer = _made(token, number, own, limits)
    kept = Path(answer.get("notebook") or "")
    answer["archive"] = pack_folder(built) if answer["state"] != "failed" else b""
    answer["log_bytes"] = log.read_bytes() if log.is_file() else b""
    answer["notebook_bytes"] = kept.read_bytes() if kept.is_file() else b""
    return answer


def _made(token: str, number: int, task: Mapping[str, Any], limits: Mapping[str, Any]) -> dict:
    """Hand the task to this thread's makers and pass on what they say."""
    from distributed import get_worker

    worker = get_worker()
    makers = _makers(limits)

    def say(kind: str, detail: Mapping[str, Any]) -> None:
        worker.log_event(TOPIC + token, {"number": number, "kind": kind, "detail": dict(detail)})

    makers.submit(number, dict(task))
    while True:
        for event in makers.events(_EVENT_SECONDS):
            if event.number != number:
                continue  # of a report that was given up
            if event.kind == "end":
                return dict(event.detail)
            detail = event.detail | ({"worker": f"worker {worker.address}"} if event.kind == "begun" else {})
            say(event.kind, detail)
        if token in _ended:
            makers.cancel(number)
            _own.makers = None
            makers.end()
            return {"state": "failed", "problems": ["the run was ended"]}


def _makers(limits: Mapping[str, Any]) -> Any:
    from auditkit.running.warm import Limits, open_makers

    if getattr(_own, "makers", None) is None or _own.limits != dict(limits):
        _own.limits = dict(limits)
        _own.makers = open_makers(1, Limits.from_json(limits))
    return _own.makers
