"""One writer at a time: who comes second is told who is there, and nothing stale is ever left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys

import pytest
from clusters import SRC
from editions import auditkit, small_report, workspace_of

from auditkit.lock import LOAD, RUN, BusyError, held, owner_of

HOLD = """import sys; from pathlib import Path; from auditkit.lock import held
with held(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()"""


@pytest.fixture
def holder(tmp_path):
    """Starts another process that holds ``tmp_path/acme/.auditkit``."""
    processes = []

    def start(what: str) -> subprocess.Popen:
        (tmp_path / "acme/.auditkit").mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(tmp_path / "acme/.auditkit"), what], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(SRC)},
        )  # fmt: skip
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def test_a_second_run_is_refused_in_words_and_changes_nothing(tmp_path, holder, capsys):
    acme = workspace_of(tmp_path / "acme", "Oslo")
    small_report(acme)
    assert auditkit("load", "-w", acme) == 0
    other = holder(RUN)
    assert auditkit("run", "small", "-w", acme) == 4
    said = capsys.readouterr().err
    assert f"a run is at work in it (process {other.pid} on {socket.gethostname()}, since " in said
    assert "one run at a time" in said and "Traceback" not in said
    assert not (acme / "reports").exists()


def test_figures_during_a_run_are_those_that_it_works_with(tmp_path, holder, capsys):
    acme = workspace_of(tmp_path / "acme", "Oslo")
    assert auditkit("measures", "-w", acme, "-m", "answer_rate") == 0
    before = capsys.readouterr().out
    (acme / "audit.toml").write_text((acme / "audit.toml").read_text().replace("Acme", "Other"))
    holder(RUN)
    assert auditkit("measures", "-w", acme, "-m", "answer_rate") == 0
    captured = capsys.readouterr()
    assert captured.out == before and "the figures are those loaded before" in captured.err
    assert auditkit("load", "-w", acme) == 4


def test_a_load_is_waited_for(tmp_path, holder, capsys):
    acme = workspace_of(tmp_path / "acme", "Oslo")
    other = holder(LOAD)
    ended = []

    def end(words: str) -> None:
        ended.append(words)
        other.communicate()  # its input ends, and so does it

    with held(acme / ".auditkit", RUN, end):
        assert owner_of(acme / ".auditkit")["pid"] == os.getpid()
    assert len(ended) == 1 and f"waiting: a load is at work in it (process {other.pid}" in ended[0]


def test_a_killed_holder_leaves_nothing_in_the_way(tmp_path, holder):
    other = holder(RUN)
    state = tmp_path / "acme/.auditkit"
    assert owner_of(state)["pid"] == other.pid
    with pytest.raises(BusyError), held(state, RUN):
        pass
    other.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    other.wait()
    assert owner_of(state) is None
    with held(state, RUN), held(state, LOAD):  # a run loads
        assert owner_of(state)["what"] == RUN
    assert owner_of(state) is None
