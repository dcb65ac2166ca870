"""The examples in docs/schedule: each calls the same command, on a schedule that its scheduler understands."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "schedule"
BOUNDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def cron_faults(fields: str) -> list[str]:
    """The fields of a cron schedule that cron would refuse."""
    part = re.compile(r"(\*|\d+(-\d+)?)(/\d+)?")
    faults = []
    for field, (low, high) in zip(fields.split(), BOUNDS, strict=True):
        numbers = [int(one) for one in re.findall(r"\d+", field.partition("/")[0])]
        if not all(part.fullmatch(one) for one in field.split(",")) or not all(low <= one <= high for one in numbers):
            faults.append(field)
    return faults


@pytest.mark.parametrize(
    "name", ["crontab", "auditkit.service", "github-actions.yml", "airflow_dag.py", "prefect_flow.py"]
)
def test_every_example_calls_the_same_command(name):
    said = text(name).replace('", "', " ")
    assert re.search(
        r"(auditkit|\{AUDITKIT\}|auditkit,) ?run --workspace", said.replace('auditkit, "run', "auditkit run")
    )


def test_the_crontab_is_one_cron_takes():
    lines = [line for line in text("crontab").splitlines() if line and not line.startswith(("#", "MAILTO="))]
    assert len(lines) == 1
    *fields, command = lines[0].split(maxsplit=5)
    assert cron_faults(" ".join(fields)) == [] and command.startswith("/") and "%" not in command
    assert cron_faults("61 3 1-3 * *") == ["61"]  # the check itself can fail


def test_systemd_takes_the_units(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    for name in ("auditkit.service", "auditkit.timer"):
        there = tmp_path / name
        there.write_text(text(name).replace("/opt/auditkit/bin/auditkit", "/bin/true"), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))], capture_output=True, text=True
    )
    own = [line for line in done.stderr.splitlines() if "auditkit." in line]
    assert done.returncode == 0 and own == [], done.stderr
    calendar = re.search(r"^OnCalendar=(.+)$", text("auditkit.timer"), re.MULTILINE)[1]
    done = subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_workflow_is_one_github_takes():
    said = yaml.safe_load(text("github-actions.yml"))
    on = said[True]  # YAML 1.1 reads the key "on" as true; GitHub does not
    (job,) = said["jobs"].values()
    assert cron_faults(on["schedule"][0]["cron"]) == [] and "workflow_dispatch" in on
    assert job["runs-on"] and all(("uses" in step) != ("run" in step) for step in job["steps"])
    assert all(re.fullmatch(r"[\w./-]+@v\d+", step["uses"]) for step in job["steps"] if "uses" in step)
    assert said["concurrency"]["cancel-in-progress"] is False


@pytest.mark.parametrize("name", ["airflow_dag.py", "prefect_flow.py"])
def test_python_examples_say_a_schedule_that_cron_takes(name):
    given = [(one.arg, one.value.value) for one in ast.walk(ast.parse(text(name)))
             if isinstance(one, ast.keyword) and isinstance(one.value, ast.Constant)]  # fmt: skip
    schedules = [value for key, value in given if key in ("schedule", "cron") and value]
    assert [cron_faults(one) for one in schedules] == [[]]
