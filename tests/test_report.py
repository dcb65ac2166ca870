"""The report as its notebook makes it: on a small workspace, by papermill, from the first cell to the last."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from support import workspace

from auditkit import report
from auditkit.errors import DataError, UsageError
from auditkit.exhibits.base import EXHIBIT_MIME
from auditkit.load import load
from auditkit.measures import CATALOGUE
from auditkit.shipped import shipped

NOTEBOOK = shipped("notebooks") / "team_report.ipynb"
HOSTILE = "; import os # <b>"
SECTIONS = (
    "summary",
    "scorecard",
    "patterns",
    "volume",
    "channels",
    "backlog",
    "speed",
    "resolution",
    "journeys",
    "calls",
    "voice",
    "quality_reviews",
    "people",
    "business",
    "data_quality",
    "definitions",
    "all_measures",
    "provenance",
)
HOURS = """
[hours.default]
mon-fri = "08:00-16:00"

[targets]
first_response_within = { within = "2h", at_least = 0.8 }
csat = { at_least = 0.8 }
"""


def tickets(team: str, first: date, days: int) -> str:
    """Five tickets a day at 09:00 UTC, each answered after 20, 40 ... 100 minutes and resolved after a day."""
    lines = [
        "ticket_id | team | created_at | first_response_at | resolved_at | customer_id | reopens | replies | subject"
    ]
    for number in range(5 * days):
        day, place = first + timedelta(days=number // 5), number % 5
        answered = f"{day} {9 + (20 + 20 * place) // 60:02d}:{(20 + 20 * place) % 60:02d}:00+00:00"
        lines.append(
            f"{team}-{number} | {team} | {day} 09:00:00+00:00 | {answered} | {day + timedelta(days=1)} 09:00:00+00:00 "
            f"| c{number} | 0 | {1 + place % 2} | <script>alert(1)</script>"
        )
    return "\n".join(lines)


def surveys(team: str, first: date, days: int) -> str:
    """One answer a day: 5, 4, 3, 5, 4, 3 ..."""
    lines = ["response_id | team | kind | sent_at | answered_at | score | scale_min | scale_max"]
    for number in range(days):
        day = first + timedelta(days=number)
        lines.append(
            f"s{number} | {team} | csat | {day} 10:00:00+00:00 | {day} 11:00:00+00:00 | {5 - number % 3} | 1 | 5"
        )
    return "\n".join(lines)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    first, days = date(2026, 4, 1), 61
    both = tickets("North", first, days) + "\n" + "\n".join(tickets(HOSTILE, first, days).splitlines()[1:])
    made = workspace(
        folder, HOURS, audit="as_of = 2026-06-01T00:00:00Z", tickets=both, surveys=surveys("North", first, days)
    )
    load(made)
    return folder


def opened(made: Path, **parameters: str) -> report.Audit:
    return report.open(workspace=str(made), **{"team": "North", "period": "2026-05"} | parameters)


def test_the_defaults_are_the_first_team_and_the_last_complete_month(made):
    context = report.open(workspace=str(made)).context
    assert (context.team, context.period.label) == (HOSTILE, "2026-05")
    assert report.open(workspace=str(made), as_of="2026-05-20T12:00:00Z").context.period.label == "2026-04"


def test_the_cover_names_client_team_and_period(made):
    cover = opened(made).cover().as_json()
    assert (cover["client"], cover["team"], cover["period"]) == ("Acme Oy", "North", "May\u00a02026")
    assert EXHIBIT_MIME in opened(made)._repr_mimebundle_()


def test_the_reports_figures_are_the_engines(made):
    """155 tickets in May, answered after 20, 40 ... 100 minutes: the median is 60. One answer a day makes 31."""
    figures = opened(made).context.results
    assert figures.value("tickets_received", "2026-05") == 155
    assert figures.value("first_response_time", "2026-05", "median") == 3600
    assert figures.figure("csat", "2026-05").n == 31


def test_every_section_shows_exhibits_with_ids_of_their_own(made):
    audit = opened(made)
    shown = [exhibit for name in SECTIONS for exhibit in getattr(audit, name)()]
    ids = [exhibit.id for exhibit in shown]
    assert len(ids) == len(set(ids))
    assert all(exhibit.as_json()["title"] for exhibit in shown)
    closing = dict(map(tuple, audit.close().data["items"]))
    assert closing["Exhibits"] == str(len(shown))


def test_all_figures_are_json(made):
    audit = opened(made)
    for name in SECTIONS:
        for exhibit in getattr(audit, name)():
            assert json.loads(json.dumps(exhibit.as_json(), allow_nan=False))["id"] == exhibit.id


def test_the_same_report_twice_is_the_same(made):
    def shown() -> list[dict]:
        audit = opened(made)
        return [exhibit.as_json() for name in SECTIONS for exhibit in getattr(audit, name)()]

    assert shown() == shown()


def test_every_measure_of_the_catalogue_is_in_the_report_by_its_id(made):
    said = json.dumps([exhibit.as_json() for exhibit in opened(made).all_measures()], ensure_ascii=False)
    assert [name for name in CATALOGUE if f"({name})" not in said] == []


def test_touchpoints_are_broken_down_with_their_leading_emotion(tmp_path):
    """Forty answers on delivery, all 5 of 1-5 and calm; forty on returns, alternately 1 and 3, angry."""
    lines = ["response_id | team | kind | answered_at | score | scale_min | scale_max | touchpoint | emotion"]
    for number in range(40):
        at = f"2026-05-{1 + number % 28:02d} 10:00:00+00:00"
        lines.append(f"d{number} | North | touchpoint | {at} | 5 | 1 | 5 | delivery | calm")
        lines.append(f"r{number} | North | touchpoint | {at} | {1 + 2 * (number % 2)} | 1 | 5 | returns | angry")
    workspace(tmp_path, surveys="\n".join(lines), audit="as_of = 2026-06-01T00:00:00Z")
    shown = {one.id: one.data for one in report.open(workspace=str(tmp_path)).voice()}["voice-touchpoints"]
    assert shown["title"].startswith("Touchpoint score: from 25\u00a0% ")
    cells = [[cell.replace("\u00a0", " ") for cell in row] for row in shown["rows"]]
    assert cells == [
        ["returns", "25 %", "17–33 %", "40", "angry (40 of 40)"],
        ["delivery", "100.0 %", "–", "40", "calm (40 of 40)"],
    ]


def test_a_team_without_calls_is_told_so(made):
    (only,) = opened(made).calls()
    assert only.kind == "prose"
    assert only.data["title"] == "No calls in May\u00a02026"


def test_an_open_period_is_told_as_open(made):
    audit = opened(made, as_of="2026-05-20T12:00:00Z")
    assert audit.context.partial
    assert audit.context.results.value("tickets_received", "2026-05") == 100
    assert "is not over" in audit.summary()[0].data["paragraphs"][1]


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"team": "Nort"}, "does not exist"),
        ({"period": "2024-01"}, "holds no data of North. The data of North cover 2026-04-01 to 2026-06-01"),
        ({"period": "2026-08"}, "begins after the as-of instant"),
        ({"period": "May"}, "is not a period"),
        ({"as_of": "yesterday"}, "is not an instant"),
        ({"language": "xx"}, "is not known"),
    ],
)
def test_a_parameter_that_names_nothing_is_refused_with_what_there_is(made, parameters, words):
    with pytest.raises(UsageError) as refused:
        opened(made, **parameters)
    assert words in str(refused.value)


def test_the_cover_says_in_which_language_the_report_is_in_that_languages_own_words(made):
    cover = opened(made, language="fi").cover().data
    assert cover["language"] == "fi"
    assert cover["prepared"][-1][1] == "suomi"


def test_data_that_were_not_loaded_are_loaded_for_an_analyst(tmp_path):
    workspace(tmp_path, tickets=tickets("North", date(2026, 5, 1), 31), audit="as_of = 2026-06-01T00:00:00Z")
    assert report.open(workspace=str(tmp_path)).context.team == "North"


def test_a_missing_file_is_said_at_once(tmp_path):
    workspace(tmp_path, tickets=tickets("North", date(2026, 5, 1), 3))
    (tmp_path / "data" / "tickets.csv").unlink()
    with pytest.raises(DataError):
        report.open(workspace=str(tmp_path))


def test_the_notebook_is_prose_one_call_prose():
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in code)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    assert code[0]["metadata"]["tags"] == ["parameters"]
    assert not any(word in "".join(cell["source"]) for cell in code for word in ("for ", "def ", "if ", "lambda"))


@pytest.mark.parametrize("team", ["North", HOSTILE])
def test_the_notebook_runs_from_its_first_cell_to_the_closing_exhibit(made, tmp_path, team):
    import papermill

    target = tmp_path / "out.ipynb"
    parameters = {"workspace": str(made), "team": team, "period": "2026-05"}
    papermill.execute_notebook(NOTEBOOK, target, parameters, progress_bar=False, request_save_on_cell_execute=False)
    cells = [c for c in json.loads(target.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"]
    kinds = [
        output["data"][EXHIBIT_MIME]["kind"]
        for cell in cells
        for output in cell["outputs"]
        if EXHIBIT_MIME in output.get("data", {})
    ]
    assert (kinds[0], kinds[-1], kinds.count("closing")) == ("cover", "closing", 1)
    assert not any(output["output_type"] in ("error", "stream") for cell in cells for output in cell["outputs"])
    assert "<script>" not in json.dumps([c["outputs"] for c in cells])


WRITTEN = """\ufeffCalm, but for **one** week. <script>alert(1)</script>

## Nopeus
## SPEED of the first response
[Roster](javascript:alert(1)) changed.
### On nights
{{ 7*7 }}

```
## calls
```
"""


def test_the_auditors_words_stand_in_their_sections_and_are_never_written_to(made):
    path = made / "notes" / "North" / "2026-04.md"
    path.parent.mkdir(parents=True)
    path.write_text(WRITTEN, encoding="utf-8")
    audit = opened(made, team="North", period="2026-04")
    first = {name: getattr(audit, name)()[0] for name in ("summary", "speed", "calls")}
    assert {name: one.kind for name, one in first.items()} == {"summary": "notes", "speed": "notes", "calls": "prose"}
    assert first["summary"].data["markdown"].endswith("## Nopeus")
    page = exported(audit.cover(), *audit.summary(), *audit.speed())
    assert "<strong>one</strong> week. &lt;script&gt;" in page
    assert "javascript:" not in page and "{{ 7*7 }}" in page
    assert path.read_text(encoding="utf-8") == WRITTEN


def test_words_that_are_not_utf8_are_refused_with_the_place(made):
    path = made / "notes" / "North" / "2026-05-01.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("Päivä".encode("latin-1"))
    with pytest.raises(DataError, match=r"notes/North/2026-05-01\.md: byte 1 is not UTF-8"):
        opened(made, team="North", period="2026-05-01")
    path.unlink()


def exported(*exhibits) -> str:
    """The page of a notebook that shows these exhibits."""
    from auditkit.export.html import AuditHTMLExporter

    cells = [new_code_cell(outputs=[new_output("display_data", one._repr_mimebundle_())]) for one in exhibits]
    return AuditHTMLExporter().from_notebook_node(new_notebook(cells=cells))[0]
