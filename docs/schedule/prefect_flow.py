"""Prefect 3: the monthly run as a flow. ``python prefect_flow.py`` serves it on its schedule.

The flow calls the command that everything else calls, with one line of JSON for each event, which it logs; a retry
makes only what is missing.
"""

from __future__ import annotations

import json
import subprocess

from prefect import flow, get_run_logger, task

AUDITKIT = "/opt/auditkit/bin/auditkit"
WORKSPACE = "/srv/audit/acme"


@task(retries=2, retry_delay_seconds=1800)
def run(auditkit: str, workspace: str) -> dict:
    """Make what is due; the summary. Fails when a report is missing, so that Prefect tries again and tells somebody."""
    logger, summary = get_run_logger(), {}
    command = [auditkit, "run", "--workspace", workspace, "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        for line in process.stdout:
            event = json.loads(line)
            if event["event"] == "end":
                logger.info("%s: %s, %s, %s", event["state"], event["report"], event["team"], event["period"])
            elif event["event"] == "summary":
                summary = event
    if process.returncode:
        raise RuntimeError(f"auditkit run ended with exit code {process.returncode}: {summary.get('failures')}")
    return summary


@flow(name="monthly audit")
def monthly_audit(auditkit: str = AUDITKIT, workspace: str = WORKSPACE) -> dict:
    """The reports of the last complete month."""
    return run(auditkit, workspace)


if __name__ == "__main__":
    monthly_audit.serve(name="monthly", cron="17 3 1-3 * *", limit=1)
