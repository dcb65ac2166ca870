"""A task: one report as a maker of reports is told to make it, in plain values that travel as JSON.

In comes a job of the plan, out goes a dictionary that holds all there is to know: no maker reads the plan or the
ledger. The manifest's entry is begun here, from what the report is made of; the maker adds what came of it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from auditkit.evaluation.records import instant_text
from auditkit.labels import Labels
from auditkit.previous.basis import basis_of
from auditkit.running.plan import Job
from auditkit.store import Store
from auditkit.versions import libraries

LOGS = "logs"
ENGINES = ("auditkit", "nbclient")  # in the process itself, in a stock kernel


def task_of(store: Store, job: Job, built: Path, engine: str, answers: str = "") -> dict[str, Any]:
    """What a maker gets: the report is to be built in ``built``; ``answers`` is the file of those known ahead."""
    language = job.parameters.get("language", "en")
    labels = [job.period.label, *(Labels(one).period(job.period) for one in dict.fromkeys((language, "en")))]
    return {
        "name": job.name,
        "engine": engine,
        "report": job.report,
        "notebook": str(job.notebook),
        "workspace": str(store.workspace.root),
        "team": job.team,
        "teams": list(job.teams),
        "period": job.period.label,
        "as_of": job.as_of or instant_text(store.meta.as_of),
        "parameters": dict(job.parameters),
        "expected": {"team": [job.team], "period": labels},
        "pdf": job.pdf,
        "answers": answers,
        "built": str(built),
        "log": str(log_path(store, job)),
        "entry": manifest_entry(store, job),
    }


def log_path(store: Store, job: Job) -> Path:
    """Where the log of a job is."""
    return store.workspace.state / LOGS / f"{job.log_stem}.log"


def manifest_entry(store: Store, job: Job) -> dict[str, Any]:
    """What the manifest says of a report before it is made: everything that it is made from, and what the figures of
    its team rest on, for the next audit to compare with; of several teams each report says it of its own."""
    inputs = [
        {"file": one.name, "table": one.table, "sha256": one.sha256, "rows_in": one.rows_in, "rows_kept": one.rows_kept,
         "rows_refused": one.rows_refused, "rows_folded": one.rows_folded}
        for one in store.meta.sources
    ]  # fmt: skip
    return {
        "key": job.key,
        "as_of": job.as_of or instant_text(store.meta.as_of),
        "notebook": job.notebook.name,
        "generation": store.generation,
        "made_from": dict(job.parts),
        "inputs": inputs,
        "basis": {} if job.teams else basis_of(store, job.team),
        "versions": dict(libraries()),
    }
