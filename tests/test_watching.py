"""Who watches a run: a table with pace and time left, a line for each report, or a line of JSON for each event."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from auditkit.cli.watching import Live, Log, Machine
from auditkit.clocks.period import parse_period
from auditkit.running.plan import Job, Plan
from auditkit.running.run import Happened, Outcome


def job(team: str) -> Job:
    return Job(
        "small", Path("small.ipynb"), team, parse_period("2024-05"), {}, True, Path("nowhere"), {}, "not made yet"
    )


OSLO, BERGEN, PARIS = map(job, ("Oslo", "[bold]Bergen\x1b[31m", "Paris"))
PLAN = Plan((OSLO, BERGEN), (PARIS,), ("Rome: holds no data",))
FAILURE = {"class": "killed", "words": "it was killed", "retry": True}
EVENTS = [
    Happened("begun", OSLO, {"attempt": 1, "worker": "process 7"}),
    Happened("cell", OSLO, {"done": 1, "total": 4}),
    Happened("retry", OSLO, {"attempt": 2, "why": "the kernel died", "pause": 1.0, "class": "killed"}),
    Happened("begun", OSLO, {"attempt": 2, "worker": "process 8"}),
    Happened("end", OSLO, {"outcome": Outcome(OSLO, "made", seconds=2.0, attempts=2)}),
    Happened("begun", BERGEN, {"attempt": 1, "worker": "process 9"}),
    Happened("end", BERGEN, {"outcome": Outcome(BERGEN, "failed", ("cell 3: it broke",), failure=FAILURE)}),
]


def test_a_log_has_a_line_for_each_end_and_each_retry(capsys):
    log = Log()
    log.planned(PLAN, 2)
    for event in EVENTS:
        log.happened(event)
    assert capsys.readouterr().err.splitlines()[:4] == [
        "left out: Rome: holds no data",
        "up to date  small, Paris, 2024-05",
        "again  small, Oslo, 2024-05: the kernel died (attempt 2, in 1 s)",
        "1 of 2  made  small, Oslo, 2024-05  2.0 s  (not made yet)",
    ]


def test_a_program_gets_one_line_of_json_for_each_event():
    lines: list[str] = []
    machine = Machine(lines.append)
    machine.planned(PLAN, 2)
    for event in EVENTS:
        machine.happened(event)
    machine.ended({"made": 1, "failed": 1, "exit_code": 5})
    said = [json.loads(line) for line in lines]
    assert [one["event"] for one in said] == [
        "plan",
        "begun",
        "cell",
        "retry",
        "begun",
        "end",
        "begun",
        "end",
        "summary",
    ]
    assert all(
        one["schema"] == 1 and one["at"].endswith("Z") and "\n" not in line
        for one, line in zip(said, lines, strict=True)
    )
    assert [one["team"] for one in said[0]["due"]] == ["Oslo", BERGEN.team] and said[0]["due"][0][
        "why"
    ] == "not made yet"
    assert (said[5]["state"], said[5]["attempts"], said[7]["failure"]["class"]) == ("made", 2, "killed")


@pytest.fixture
def screen():
    now = [0.0]
    console = Console(file=io.StringIO(), width=120, force_terminal=True, color_system=None)
    table = Live(console, clock=lambda: now[0])
    table.planned(Plan(tuple(map(job, "abcdefghij")), (), ()), 2)
    return table, console, now


def test_the_table_says_what_runs_and_how_far_it_is(screen):
    table, console, now = screen
    table.happened(EVENTS[5])
    table.happened(Happened("cell", BERGEN, {"done": 1, "total": 4}))
    now[0] = 5.0
    console.print(table)
    shown = console.file.getvalue()
    assert (
        "small, [bold]Bergen [31m, 2024-05" in shown and "\x1b[31m" not in shown
    )  # text, and never a terminal's order
    assert "5 s" in shown and "process 9" in shown
    assert shown.splitlines()[-1].rstrip().endswith("0 done, 1 running, 9 remaining")
    assert len(shown.splitlines()) == 2  # a line for the report, a line for the whole


def test_pace_and_time_left_follow_the_last_reports(screen):
    table, _, now = screen
    assert table.headline() == "0 done, 0 running, 10 remaining"
    for number, name in enumerate("abcd", 1):
        now[0] = 15.0 * number
        state = "failed" if name == "d" else "made"
        table.happened(Happened("end", job(name), {"outcome": Outcome(job(name), state, ("broke",))}))
    # four in sixty seconds; six are left
    assert table.headline() == "4 done (1 not in order), 0 running, 6 remaining; 4.0 a minute; about 90 s left".replace(
        "90 s", "2 min"
    )
