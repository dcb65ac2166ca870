"""Mystery tests that contradict the recorded times are a finding, where that was planted and nowhere else."""

from __future__ import annotations

import shutil

from auditkit.clocks.period import parse_period
from auditkit.findings import rules
from auditkit.load import load
from auditkit.report.evaluated import make_context
from auditkit.shipped import shipped
from auditkit.workspace import open_workspace


def test_tests_that_wait_longer_than_recorded_are_found_in_almaty_alone(tmp_path):
    folder = tmp_path / "sample"
    shutil.copytree(shipped("sample"), folder, ignore=shutil.ignore_patterns("reports", ".auditkit"))
    store = load(open_workspace(folder))
    found = {
        team: [
            one.subject
            for one in rules.tests_wait_longer(make_context(store, team, parse_period("2026-05"), store.meta.as_of), [])
        ]
        for team in store.find_teams()
    }
    assert found == {"Almaty": ["email closed"], "Helsinki": [], "London": [], "Oslo": []}
