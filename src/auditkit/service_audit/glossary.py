"""The glossary: the words that a reader of the audit needs, in plain sentences."""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.service_audit.audited import Audited
from auditkit.translation import N_

TERMS = {
    N_("95 % interval"): N_(
        "A range that is made so that, of many such ranges, 95 in 100 hold the true value. Few rows make it wide."
    ),
    N_("Cannot conclude"): N_(
        "The interval lies on both sides of the target, or too little is known. It is no verdict."
    ),
    N_("Median"): N_("Half of the values are lower, half are higher. A few very long cases do not move it."),
    N_("90th percentile"): N_("One value in ten is higher."),
    N_("Usual range"): N_(
        "The limits between which a figure has moved in the periods before, worked out from its own ups and downs "
        "(an XmR chart)."
    ),
    N_("Signal"): N_("A value outside the usual range, or a run of values that chance would hardly make."),
    N_("Contact"): N_("A ticket or a call."),
    N_("Journey"): N_("All contacts of one customer about one matter, from the first to the last."),
    N_("First contact resolution"): N_(
        "The matter was settled at the first contact, and the customer did not come back with it."
    ),
    N_("Backlog"): N_("Tickets that were open at the end of the period."),
    N_("Business hours"): N_("Time counted only while the team is open, without holidays."),
    N_("Net Promoter Score"): N_(
        "The share of those who answer 9 or 10 less the share of those who answer 0 to 6, asked whether they would "
        "recommend."
    ),
    N_("Customer effort"): N_("How easy it was, from 1 to 7; high is easy."),
    N_("Computed, attested, missing"): N_("Answered by the data, by the auditor with evidence, or by nobody."),
    N_("Completeness"): N_("The share of the rows that have what a measure needs."),
}


def glossary(audited: Audited) -> list[Exhibit]:
    """Every term with its meaning."""
    labels = audited.context.labels
    items = [{"term": labels.tell(term), "text": labels.tell(text), "details": []} for term, text in TERMS.items()]
    title = labels.say("Terms")
    return [Exhibit("glossary", "definitions", {"title": title, "note": "", "items": items, "alt": title})]
