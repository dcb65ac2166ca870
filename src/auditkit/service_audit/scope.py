"""Scope and method: what was audited by whom, what was left out, and how the audit comes to what it says."""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.pieces import item, prose, table
from auditkit.service_audit.audited import Audited
from auditkit.translation import N_

KINDS = {"internal": N_("internal audit"), "external": N_("external audit")}
SUBJECTS = {
    "action": N_("actions"),
    "availability": N_("availability"),
    "business": N_("business"),
    "channels": N_("channels"),
    "data": N_("data"),
    "goals": N_("goals"),
    "improvement": N_("improvement"),
    "people": N_("people"),
    "process": N_("processes"),
    "quality": N_("quality"),
    "resolution": N_("resolution"),
    "root": N_("roots"),
    "self_service": N_("self-service"),
    "voice": N_("customers' voice"),
}
METHOD = (
    N_(
        "Figures are counted from the exports by published definitions, and stand with their 95 % intervals. A target "
        "is met or missed only when the whole interval lies on one side of it; else nothing is concluded."
    ),
    N_(
        "An item of a checklist is computed where the data answer it, attested where the auditor does, and missing "
        "where neither does. The auditor's word stands over the data's; where the two lie far apart, that is said."
    ),
    N_(
        "A score is the weighted mean of the items that could be scored, and is printed only where these carry at "
        "least half of the weight."
    ),
    N_(
        "A finding is made by a rule: a target missed, a change to the worse that chance does not explain, a fault of "
        "the data, a gap of a checklist. Its severity follows from a rule that is printed with it."
    ),
    N_(
        "An action is verified only when its measure leaves the usual range of the periods before it, on the good "
        "side. A better figure within that range proves nothing."
    ),
)


def scope(audited: Audited) -> list[Exhibit]:
    """What the audit covers, and how it was done."""
    return [_scope(audited), _method(audited)]


def _scope(audited: Audited) -> Exhibit:
    labels, context, about = audited.context.labels, audited.context, audited.about
    unsaid = labels.say("not stated")
    kinds = ", ".join(labels.tell(SUBJECTS.get(one, one)) for one in audited.choice.kinds)
    extent = labels.say("partial: {kinds}", kinds=kinds) if kinds else labels.say("whole")
    rows = [
        [labels.say("Client"), context.client],
        [labels.say("Teams"), ", ".join(audited.teams)],
        [labels.say("Period"), labels.period(context.period)],
        [labels.say("Kind of audit"), labels.tell(KINDS[about.kind]) if about.kind else unsaid],
        [labels.say("Extent"), extent],
        [labels.say("Auditors"), ", ".join(about.auditors) or unsaid],
        [labels.say("Purpose"), about.purpose or unsaid],
        [labels.say("Checklists"), "; ".join(one.checklist.name(labels.language) for one in audited.results)],
    ]
    rows += [[labels.say("Items left out"), labels.count(audited.skipped)]] if audited.skipped else []
    off = [
        labels.say("{item}: {reason}", item=name, reason=one.reason)
        for name, one in audited.choice.items.items()
        if one.off
    ]
    note = labels.say("Switched off by the client: {items}", items="; ".join(off)) if off else ""
    heads = [labels.say("What"), labels.say("Which")]
    made = table("audit-scope", labels.say("What the audit covers"), note, heads, rows)
    return Exhibit(made.id, made.kind, {**made.data, "columns": [{"label": one, "align": "left"} for one in heads]})


def _method(audited: Audited) -> Exhibit:
    labels = audited.context.labels
    return prose("audit-method", labels.say("How the audit was done"), [], [item(labels.tell(text)) for text in METHOD])
