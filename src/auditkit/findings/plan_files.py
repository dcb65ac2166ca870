"""The action plan as files: a workbook for people, calendar entries for their owners, CSV that task boards import.

In come actions, out goes one file; its ending says which. Texts that people or clients wrote are text in every one of
them: no formula, no new line that would begin another calendar entry. The same plan gives the same bytes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from auditkit.errors import Problem, UsageError
from auditkit.findings.action_plan import Action
from auditkit.findings.register import state_words
from auditkit.labels import Labels
from auditkit.safe.files import write_whole
from auditkit.safe.spreadsheets import harmless
from auditkit.translation import N_

KINDS = (".xlsx", ".ics", ".csv")
COLUMNS = {
    "number": N_("Finding"),
    "quadrant": N_("When"),
    "severity": N_("Severity"),
    "team": N_("Team"),
    "statement": N_("What was found"),
    "action": N_("Action"),
    "owner": N_("Owner"),
    "due": N_("Due"),
    "state": N_("State"),
    "cause": N_("Likely cause"),
    "measure": N_("Should move"),
}
TOLD = ("quadrant", "severity", "state")
WIDTHS = (11, 13, 11, 16, 52, 52, 18, 12, 14, 14, 22)


def write_plan(path: Path, actions: Sequence[Action], labels: Labels, as_of: datetime) -> None:
    """Write the plan. UsageError for another ending, DataError where it cannot be written."""
    writers: dict[str, Callable[..., bytes]] = {".xlsx": workbook, ".ics": calendar, ".csv": board}
    if path.suffix.lower() not in writers:
        raise UsageError(Problem(str(path), "is no kind of plan", " or ".join(KINDS)))
    write_whole(path, writers[path.suffix.lower()](actions, labels, as_of))


def board(actions: Sequence[Action], labels: Labels, as_of: datetime) -> bytes:
    """CSV with the columns that task boards know (title, description, assignee, due date, labels, status)."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["Title", "Description", "Assignee", "Due date", "Priority", "Labels", "Status", "External id"])
    for one in actions:
        about = f"{one.statement}\n{one.action}".strip()
        due = one.due.isoformat() if one.due else ""
        tags = ", ".join(text for text in (one.team, one.cause, one.measure) if text)
        row = [_line(one.action or one.statement), about, one.owner, due, one.severity, tags, one.state, one.number]
        writer.writerow([harmless(cell) for cell in row])
    return stream.getvalue().encode("utf-8-sig")


def calendar(actions: Sequence[Action], labels: Labels, as_of: datetime) -> bytes:
    """iCalendar (RFC 5545): a to-do for each action, and its due day where it has one."""
    from icalendar import Calendar, Todo

    made = Calendar()
    made.add("prodid", "-//auditkit//action plan//EN")
    made.add("version", "2.0")
    for one in actions:
        todo = Todo()
        todo.add("uid", f"{one.number}@auditkit")
        todo.add("dtstamp", as_of.astimezone(UTC))
        todo.add("summary", _line(one.action or one.statement))
        todo.add("description", "\n".join(text for text in (one.statement, one.owner, one.measure) if text))
        todo.add("priority", {"high": 1, "medium": 5}.get(one.severity, 9))
        todo.add("categories", [text for text in (one.team, one.cause) if text] or ["audit"])
        todo.add("status", "IN-PROCESS" if one.state == "accepted" else "NEEDS-ACTION")
        if one.due:
            todo.add("due", one.due)
        made.add_component(todo)
    return made.to_ical()


def workbook(actions: Sequence[Action], labels: Labels, as_of: datetime) -> bytes:
    """A workbook with one row per action; due days are days."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties({"created": as_of.replace(tzinfo=None)})
    sheet = book.add_worksheet(labels.say("Action plan"))
    head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A54", "text_wrap": True})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    for column, (name, heading) in enumerate(COLUMNS.items()):
        sheet.set_column(column, column, WIDTHS[column])
        sheet.write_string(0, column, labels.tell(heading), head)
        for row, one in enumerate(actions, 1):
            value = getattr(one, name)
            if name == "due":
                sheet.write_datetime(row, column, value, day) if value else sheet.write_blank(row, column, None, day)
            else:
                sheet.write_string(row, column, labels.tell(state_words(value)) if name in TOLD else str(value), text)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(actions), 1), len(COLUMNS) - 1)
    book.close()
    return stream.getvalue()


def _line(text: str) -> str:
    return " ".join(text.split())
