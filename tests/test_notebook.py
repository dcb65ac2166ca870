"""In a notebook, on a real kernel: what completion offers, how exhibits show themselves, the units of frames."""

from __future__ import annotations

import pytest
from jupyter_client.manager import start_new_kernel
from support import workspace

from auditkit.exhibits.base import EXHIBIT_MIME

TICKETS = """
ticket_id | team  | created_at           | first_response_at    | resolved_at          | channel
1         | North | 2026-04-02T08:00:00Z | 2026-04-02T09:00:00Z | 2026-04-03T09:00:00Z | email
2         | North | 2026-05-04T08:00:00Z | 2026-05-04T08:30:00Z | 2026-05-05T08:00:00Z | email
3         | North | 2026-05-11T08:00:00Z | 2026-05-11T10:00:00Z |                      | chat
"""
SURVEYS = """
response_id | team  | answered_at          | kind | score | scale_min | scale_max
1           | North | 2026-05-06T08:00:00Z | csat | 5     | 1         | 5
"""


class Kernel:
    """A kernel with the audit opened in it."""

    def __init__(self, client):
        self.client = client

    def run(self, code: str) -> dict[str, object]:
        """The data of what a cell displays last."""
        shown: dict[str, object] = {}

        def hear(message):
            if message["msg_type"] in ("display_data", "execute_result"):
                shown.clear()
                shown.update(message["content"]["data"])

        reply = self.client.execute_interactive(code, output_hook=hear, timeout=120)
        assert reply["content"]["status"] == "ok", reply["content"]
        return shown

    def complete(self, code: str) -> list[str]:
        reply = self.client.complete(code, reply=True, timeout=60)
        return reply["content"]["matches"]


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    workspace(folder, audit="as_of = 2026-06-01T00:00:00Z\n", tickets=TICKETS, surveys=SURVEYS)
    manager, client = start_new_kernel(kernel_name="python3", startup_timeout=120)
    try:
        made = Kernel(client)
        made.run(f"import auditkit\naudit = auditkit.open({str(folder)!r}, team='North', period='2026-05')")
        yield made
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_completion_offers_the_tables_that_are_there_and_what_can_be_asked(kernel):
    offered = {match.rpartition(".")[2] for match in kernel.complete("audit.")}
    assert {"tickets", "surveys", "measures", "report", "teams", "as_of"} <= offered
    assert not {"calls", "orders"} & offered, "no source has them"


def test_completion_of_a_key_offers_tables_and_measures(kernel):
    offered = " ".join(kernel.complete('audit["'))
    assert {"tickets", "csat", "first_response_time"} <= set(offered.replace('"', " ").replace("]", " ").split())
    assert "csat" in " ".join(kernel.complete('audit["cs'))


def test_the_audit_tells_what_it_holds(kernel):
    shown = kernel.run("audit")
    assert "Acme Oy: North, 2026-05" in shown["text/html"]
    assert "tickets 3" in shown["text/plain"]
    assert EXHIBIT_MIME not in shown, "it is no part of a report"


def test_an_exhibit_shows_itself_in_a_cell_on_any_ground(kernel):
    shown = kernel.run("audit.report().speed()[0]")
    assert shown[EXHIBIT_MIME]["kind"] == "chart"
    assert '<img alt="' in shown["text/html"] and "data:image/svg+xml;base64," in shown["text/html"]
    assert "background:#fff" in shown["text/html"], "a chart stands on paper of its own"
    assert "color:" not in shown["text/html"].replace("background-color:", ""), "words take the notebook's own colour"
    assert "<script" not in shown["text/html"]


def test_a_whole_section_shows_each_of_its_exhibits(kernel):
    assert EXHIBIT_MIME in kernel.run("audit.report().volume()")


def test_frames_say_their_units(kernel):
    units = kernel.run("audit.tickets.attrs['units']")["text/plain"]
    assert "'created_at': 'UTC'" in units
    assert "'response_seconds': 'seconds'" in units
    assert kernel.run("audit['csat'].attrs['units']")["text/plain"] == "{'csat': 'share'}"
    assert kernel.run("len(audit.tickets), len(audit['surveys'])")["text/plain"] == "(2, 1)"


def test_a_misspelt_name_is_told_with_the_nearest(kernel):
    said = kernel.run(
        """
try:
    audit.tikets
except AttributeError as error:
    said = str(error)
said"""
    )["text/plain"]
    assert "Did you mean 'tickets'?" in said
