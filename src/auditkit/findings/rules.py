"""The rules by which an audit finds something: one small generator each, from what is known of a team to findings.

In come the report's context (figures judged, signals, notices) and the checklists as they stand; out come findings
with the rule of their severity in words. A figure that cannot be judged finds nothing: it is told where things stand
open, never here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from auditkit.checklists.assess import Assessed, Result
from auditkit.checklists.form import ANSWER_WORDS
from auditkit.evaluation.verdicts import MISSES
from auditkit.exhibits.changes import Headline
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.mystery_reports import LONGER_AT, where
from auditkit.exhibits.mystery_waits import independent_tests, pairs
from auditkit.findings.advice import action_for, cause_of, section_of
from auditkit.findings.model import HIGH, LOW, MEDIUM, SEVERITIES, Finding
from auditkit.labels import NOTHING, said, said_n
from auditkit.translation import N_

IN_A_ROW = 3  # periods in which a target was missed without a break, from which it is grave
HEAVY = 2  # weight of a checklist's item from which a "no" is grave
Rule = Callable[[Context, Sequence[Result]], Iterator[Finding]]


def findings_of(
    context: Context, checklists: Sequence[Result], own: Collection[tuple[str, str]] | None = None
) -> list[Finding]:
    """Everything that is found, the gravest first; of one subject the gravest finding, with the evidence of all.

    ``own`` are the items (checklist, item) that were answered for this team itself: an answer to the client is a
    finding of the client. None: all are.
    """
    found: dict[tuple[str, str], Finding] = {}
    for rule in RULES:
        for one in rule(context, checklists):
            if rule is answered_no and own is not None and one.item not in own:
                continue
            key = (one.measure or one.rule, one.measure or one.subject)
            before = found.get(key)
            found[key] = one if before is None else _together(before, one)
    return sorted(found.values(), key=lambda one: (SEVERITIES.index(one.severity), one.rule, one.subject))


def target_missed(context: Context, checklists: Sequence[Result]) -> Iterator[Finding]:
    """A target whose whole interval lies on the bad side."""
    for measure in context.targets:
        missed = _missed_in_a_row(context, measure)
        if not missed:
            continue
        now = missed[0]
        grave = len(missed) >= IN_A_ROW
        reason = said_n(
            "missed in {count} period without a break", "missed in {count} periods without a break", len(missed)
        )
        statement = said(
            "{measure}: {value}, and the target is {target}",
            measure=said(context.measures[measure].label),
            value=_value(context, now),
            target=context.target_words(measure, now),
        )
        yield Finding(
            "target_missed", measure, context.team, context.period.label, HIGH if grave else MEDIUM, reason, statement,
            action_for(measure), cause_of(measure), measure, tuple(_figure(one) for one in missed),
        )  # fmt: skip


def worse_on_signal(context: Context, checklists: Sequence[Result]) -> Iterator[Finding]:
    """A headline figure that is worse by more than chance: by a test, or outside the usual range of its history."""
    for headline in context.headlines.values():
        measure = context.measures[headline.figure.measure]
        side = {"higher": 1, "lower": -1}.get(measure.better, 0)
        if not side or not _is_worse(headline, side):
            continue
        statement = said(
            "{measure}: {value}, worse than before by more than chance explains",
            measure=said(measure.label),
            value=_value(context, headline.figure),
        )
        yield Finding(
            "worse_on_signal", measure.id, context.team, context.period.label, MEDIUM,
            said("a change to the worse that chance does not explain"), statement,
            action_for(measure.id), cause_of(measure.id), measure.id, (_figure(headline.figure),),
        )  # fmt: skip


def tests_wait_longer(context: Context, checklists: Sequence[Result]) -> Iterator[Finding]:
    """Mystery tests that wait longer than was recorded of their own channel and hours, by more than chance."""
    tests = independent_tests(context, context.whole)
    for pair in pairs(context, tests) if tests is not None else ():
        if pair.is_slower:
            hours = {True: "closed", False: "open", None: "hours not known"}[pair.closed]
            found = {"channel": pair.channel, "hours": hours, "tests": pair.waits.n, "reported": pair.reported.n,
                "p": pair.p}  # fmt: skip
            yield Finding(
                "tests_wait_longer", f"{pair.channel} {hours}", context.team, context.period.label, MEDIUM,
                said("tests wait longer than was recorded, by more than chance explains"),
                said(LONGER_AT, where=where(context.labels, pair)), _RECORDING, evidence=(found,),
            )  # fmt: skip


def data_fault(context: Context, checklists: Sequence[Result]) -> Iterator[Finding]:
    """Something noticed about the data that bears on figures."""
    reasons = {HIGH: said("figures are affected"), MEDIUM: said("some figures may be affected")}
    for notice in context.notices:
        if notice.severity not in reasons:
            continue
        rows = {"check": notice.check, "table": notice.table, "count": notice.count, "rows": list(notice.rows)}
        yield Finding(
            "data_fault", f"{notice.check} {notice.table}", context.team, context.period.label, notice.severity,
            reasons[notice.severity], notice.statement, notice.remedy or _MEND, evidence=(rows,),
        )  # fmt: skip


def answered_no(context: Context, checklists: Sequence[Result]) -> Iterator[Finding]:
    """An item that the auditor answered with no or partly."""
    for one in (item for result in checklists for item in result.items):
        if one.answer is not None and one.applies and (one.score or 0) < 1:
            yield _gap(context, one)


def not_answered(context: Context, checklists: Sequence[Result]) -> Iterator[Finding]:
    """What neither the data nor the auditor answer, one finding for each checklist."""
    for result in checklists:
        missing = [one.item.id for one in result.items if one.applies and one.status == "missing"]
        if missing:
            statement = said_n(
                "{count} item of the checklist {name} is not answered: {items}",
                "{count} items of the checklist {name} are not answered: {items}",
                len(missing),
                name=result.checklist.name(context.labels.language),
                items=", ".join(missing),
            )
            yield Finding(
                "checklist_gap", result.checklist.id, context.team, context.period.label, LOW,
                said("neither the data nor the auditor say"), statement, _ANSWER,
                evidence=({"checklist": result.checklist.id, "missing": missing},),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (target_missed, worse_on_signal, tests_wait_longer, data_fault, answered_no, not_answered)
_RECORDING = N_(
    "Find out how waiting times are recorded, and what is left out of them; follow some tests to their answer."
)
_MEND = N_("Mend the source of the data, and load it anew.")
_ANSWER = N_("Answer them with evidence: auditkit checklist export writes the form.")
_CLOSE = N_("Agree who closes the gap and by when, and what will show that it is closed.")


def _gap(context: Context, one: Assessed) -> Finding:
    assert one.answer is not None
    grave = (one.score or 0) == 0 and one.item.weight >= HEAVY
    severity = HIGH if grave else MEDIUM if (one.score or 0) == 0 else LOW
    reason = said(
        "the answer is {answer}, the weight {weight}",
        answer=said(ANSWER_WORDS[one.answer.answer]),
        weight=f"{one.item.weight:g}",
    )
    statement = said("{id} {title}: {answer}", id=one.item.id, title=one.item.texts(context.labels.language).title,
        answer=one.answer.evidence or said(ANSWER_WORDS[one.answer.answer]))  # fmt: skip
    return Finding(
        "checklist_gap", f"{one.checklist}/{one.item.id}", context.team, context.period.label, severity, reason,
        statement, _CLOSE, evidence=({"checklist": one.checklist, "item": one.item.id, **one.answer.fields()},),
    )  # fmt: skip


def _missed_in_a_row(context: Context, measure: str) -> list[Figure]:
    """The figures that missed the target, of this period and those before it without a break."""
    target, missed = context.targets[measure], []
    for period in reversed(context.history):
        one = context.results.figure(measure, period.label, target.statistic or "", target.variant)
        if one is None or one.verdict != MISSES:
            break
        missed.append(one)
    return missed


def _is_worse(headline: Headline, side: int) -> bool:
    """Whether a change or a signal goes to the bad side; ``side`` is 1 where more is better."""
    changed = any((one.now.value - one.then.value) * side < 0 for one in headline.changes)
    usual = headline.usual
    return changed or (usual is not None and bool(usual.signals) and (headline.figure.value - usual.mean) * side < 0)


def _together(first: Finding, second: Finding) -> Finding:
    """One finding of two about the same measure: the graver one; both together are grave."""
    graver, other = sorted((first, second), key=lambda one: SEVERITIES.index(one.severity))
    both = said("{first}; {second}", first=graver.reason, second=other.reason)
    severity = HIGH if {first.rule, second.rule} == {"target_missed", "worse_on_signal"} else graver.severity
    return replace(graver, severity=severity, reason=both, evidence=(*graver.evidence, *other.evidence))


def _value(context: Context, figure: Figure) -> str:
    interval = context.interval(figure)
    return f"{context.said(figure)} ({interval})" if interval != NOTHING else context.said(figure)


def _figure(one: Figure) -> Mapping[str, Any]:
    """A figure as evidence: what names it, and what it is."""
    return {
        "measure": one.measure, "statistic": one.statistic, "period": one.period, "value": one.value, "n": one.n,
        "low": one.low, "high": one.high, "section": section_of(one.measure),
    }  # fmt: skip
