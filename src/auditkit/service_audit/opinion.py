"""The management summary: on one page what the audit says, what is gravest, and what to do first.

In comes an audit, out come three short exhibits. A score is printed only where most of the weight could be scored;
what could not be answered is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from auditkit.checklists.assess import ATTESTED, COMPUTED, MISSING, Result
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.pieces import item, prose
from auditkit.exhibits.scorecard import target_sentence, verdicts
from auditkit.findings.action_plan import action_plan
from auditkit.findings.model import HIGH, LOW, MEDIUM
from auditkit.labels import Labels, capital
from auditkit.service_audit.audited import Audited

MOST_FOUND, MOST_TO_DO = 4, 3  # on the page: it is to stay one, in every language
ENOUGH = 0.5  # share of the weight that must be scored before a score is printed
TONES = {HIGH: "bad", MEDIUM: "unsure", LOW: "neutral"}
COUNTED: dict[str, Callable[[Labels, int], str]] = {
    HIGH: lambda labels, count: labels.say_n("{count} grave", "{count} grave", count),
    MEDIUM: lambda labels, count: labels.say_n("{count} moderate", "{count} moderate", count),
    LOW: lambda labels, count: labels.say_n("{count} slight", "{count} slight", count),
}


def management_summary(audited: Audited) -> list[Exhibit]:
    """The opinion, the gravest findings, the first actions."""
    return [_opinion(audited), _gravest(audited), _first(audited)]


def score_words(labels: Labels, result: Result) -> str:
    """A checklist's score with the weight that it rests on, or that there is none."""
    if result.score is None or result.scored < ENOUGH:
        return labels.say("no score: only {share} of the weight could be scored", share=labels.share(result.scored))
    return labels.say(
        "{score} of the points, on {share} of the weight",
        score=labels.share(result.score), share=labels.share(result.scored),
    )  # fmt: skip


def coverage_words(labels: Labels, result: Result) -> str:
    """By whom the items are answered, as a sentence."""
    return labels.say_n(
        "Of {count} item, {computed} are answered by the data, {attested} by the auditor and {missing} by nobody.",
        "Of {count} items, {computed} are answered by the data, {attested} by the auditor and {missing} by nobody.",
        sum(result.coverage.values()),
        computed=result.coverage[COMPUTED], attested=result.coverage[ATTESTED], missing=result.coverage[MISSING],
    )  # fmt: skip


def found_words(audited: Audited) -> str:
    """How many findings of which severity, as a clause."""
    labels, standing = audited.context.labels, audited.standing
    if not standing:
        return labels.say("nothing is found wrong in what could be looked at")
    parts = []
    for severity, told in COUNTED.items():
        count = sum(entry.found.get("severity") == severity for entry in standing)
        parts += [told(labels, count)] if count else []
    found = labels.say_n("{count} finding", "{count} findings", len(standing))
    return labels.say("{found}: {parts}", found=found, parts=labels.listed(parts))


def _opinion(audited: Audited) -> Exhibit:
    labels = audited.context.labels
    paragraphs = []
    for result in audited.results:
        name = result.checklist.name(labels.language)
        told = labels.say("{checklist}: {score}.", checklist=name, score=score_words(labels, result))
        paragraphs.append(f"{told} {coverage_words(labels, result)}")
    if not audited.is_of_client:
        targets = target_sentence(labels, verdicts(audited.context))
        within = labels.within(audited.context.period)
        paragraphs.append(f"{capital(labels.say('{clause} {when}', clause=targets, when=within))}.")
    closed = len(audited.closed)
    if closed:
        paragraphs.append(
            labels.say_n(
                "{count} earlier finding is verified or not found any more.",
                "{count} earlier findings are verified or not found any more.",
                closed,
            )
        )
    return prose("audit-opinion", found_words(audited), paragraphs)


def _gravest(audited: Audited) -> Exhibit:
    labels, standing = audited.context.labels, audited.standing
    items = [
        item(_told(audited, one.found), TONES.get(str(one.found.get("severity")), "neutral"))
        for one in standing[:MOST_FOUND]
    ]
    more = len(standing) - len(items)
    note = labels.say_n("{count} further finding below.", "{count} further findings below.", more) if more > 0 else ""
    return prose("audit-gravest", labels.say("What is gravest"), [], items, note)


def _told(audited: Audited, found) -> str:
    statement = str(found.get("statement", ""))
    if not audited.is_of_client or not found.get("team"):
        return statement
    return audited.context.labels.say("{team}: {words}", team=found.get("team", ""), words=statement)


def _first(audited: Audited) -> Exhibit:
    """The first actions; one that answers several findings is said once."""
    labels = audited.context.labels
    actions = action_plan(audited.standing, audited.context.as_of.date())
    same: dict[tuple, list[str]] = {}
    for one in actions:
        same.setdefault((one.action, one.owner, one.due), []).append(one.number)
    items = [item(_to_do(labels, *what, numbers)) for what, numbers in list(same.items())[:MOST_TO_DO]]
    unowned = sum(not one.owner or one.due is None for one in actions)
    note = (
        labels.say_n(
            "{count} of {all} action has no owner or no date yet.",
            "{count} of {all} actions have no owner or no date yet.",
            unowned,
            all=len(actions),
        )
        if unowned
        else ""
    )
    return prose("audit-first", labels.say("What to do first"), [], items, note)


def _to_do(labels: Labels, action: str, owner: str, due: date | None, numbers: list[str]) -> str:
    return labels.say(
        "{action} ({numbers}; owner: {owner}; due: {due})",
        action=action.removesuffix("."),
        numbers=", ".join(numbers),
        owner=owner or labels.say("nobody yet"),
        due=labels.day(due) if due else labels.say("no date yet"),
    )
