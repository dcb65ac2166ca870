"""The action plan in the document: the Eisenhower matrix, and every action with owner, day and the measure it moves."""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.pieces import prose
from auditkit.findings.action_plan import QUADRANTS, Action, action_plan
from auditkit.labels import NOTHING, Labels, capital
from auditkit.service_audit.audited import Audited


def plan(audited: Audited) -> list[Exhibit]:
    """The matrix and the list; one sentence where nothing is to do."""
    context, labels = audited.context, audited.context.labels
    actions = action_plan(audited.standing, context.as_of.date())
    if not actions:
        return [prose("action-plan", labels.say("Nothing is to be done"))]
    return [_matrix(labels, actions), _list(audited, actions)]


def _matrix(labels: Labels, actions: list[Action]) -> Exhibit:
    """Important against urgent: the findings in each field, by number."""
    rows = []
    for important, word in ((True, labels.say("Important")), (False, labels.say("Less important"))):
        cells = [word]
        for urgent in (True, False):
            quadrant = QUADRANTS[important, urgent]
            numbers = [one.number for one in actions if one.quadrant == quadrant]
            cells.append(f"{capital(labels.tell(quadrant))}: {', '.join(numbers) or NOTHING}")
        rows.append(cells)
    heads = ["", labels.say("Urgent"), labels.say("Less urgent")]
    title = labels.say("What to do when")
    note = labels.say(
        "Important: the finding is grave. Urgent: due within 30 days of the audit's date, overdue, or found again "
        "after it was done."
    )
    columns = [{"label": one, "align": "left"} for one in heads]
    return Exhibit(
        "action-matrix", "table", {"title": title, "note": note, "columns": columns, "rows": rows, "alt": title}
    )


def _list(audited: Audited, actions: list[Action]) -> Exhibit:
    labels = audited.context.labels
    rows = []
    for one in actions:
        measure = audited.context.label(one.measure) if one.measure else NOTHING
        number = f"{one.number}, {one.team}" if audited.is_of_client and one.team else one.number
        due = labels.day(one.due) if one.due else NOTHING
        rows.append([number, one.action, one.owner or NOTHING, due, capital(labels.tell(one.quadrant)), measure])
    heads = [labels.say("Finding"), labels.say("Action"), labels.say("Owner"), labels.say("Due"), labels.say("When")]
    heads.append(labels.say("Should move"))
    title = labels.say_n("{count} action", "{count} actions", len(rows))
    note = labels.say("As a workbook, a calendar or for a task board: auditkit findings export FILE.")
    columns = [{"label": one, "align": "left"} for one in heads]
    return Exhibit(
        "action-list", "table", {"title": title, "note": note, "columns": columns, "rows": rows, "alt": title}
    )
