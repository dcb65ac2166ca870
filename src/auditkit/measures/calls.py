"""Calls: how many, how long they waited, whether they were answered and settled.

All of inbound calls, dated by the offer to the team. Waiting and holding are two things, and a caller who hung up
(abandoned) is not a call that nobody picked up (missed). Whether a call was abandoned is known only where the source
says where the caller left.
"""

from __future__ import annotations

from auditkit.definition import Computed, Count, Quantity, Share
from auditkit.translation import N_

ICMI = N_("The six usual calculations of service level (ICMI)")

CALLS_OFFERED = Count(
    id="calls_offered",
    label=N_("Calls offered"),
    summary=N_("Inbound calls offered to the team in the period."),
    of="calls",
    dated_by="offered_at",
    unit="calls",
    counts="calls",
    articles="B",
)

CALLS_ANSWERED = Count(
    id="calls_answered",
    label=N_("Calls answered"),
    summary=N_("Inbound calls offered in the period that an agent answered."),
    of="calls",
    dated_by="offered_at",
    counted="answered IS NULL OR answered",
    complete="answered IS NOT NULL",
    needs=("answered",),
    unit="calls",
    counts="calls",
    articles="B",
)

ANSWER_RATE = Share(
    id="answer_rate",
    label=N_("Answer rate"),
    summary=N_("Share of the calls offered that an agent answered."),
    of="calls",
    dated_by="offered_at",
    complete="answered IS NOT NULL",
    met="answered",
    needs=("answered",),
    better="higher",
    counts="calls",
    articles="B",
)

ABANDONMENT_RATE = Share(
    id="abandonment_rate",
    label=N_("Abandonment rate"),
    summary=N_("Share of the calls offered in which the caller hung up before an answer."),
    of="calls",
    dated_by="offered_at",
    complete="answered IS NOT NULL",
    met="abandoned",
    needs=("answered", "abandoned_in"),
    better="lower",
    counts="calls",
    articles="C9",
    parameters={"short": 5},
    decision=N_(
        "Short abandons are counted; the variant without_short leaves out callers who hung up within 5 seconds."
    ),
).varying(
    without_short={
        "counted": "NOT (abandoned AND coalesce(wait_seconds <= {short}, FALSE))",
        "needs": ("answered", "abandoned_in", "wait_seconds"),
        "variant_words": N_("without callers who hung up within {short} seconds"),
    },
    in_ivr={"met": "abandoned AND abandoned_in = 'ivr'", "variant_words": N_("hung up in the voice menu")},
    in_queue={"met": "abandoned AND abandoned_in = 'queue'", "variant_words": N_("hung up in the queue")},
    ringing={
        "met": "abandoned AND abandoned_in = 'ringing'",
        "variant_words": N_("hung up while an agent's phone rang"),
    },
)

_WAIT_KNOWN = "answered IS NOT NULL AND (NOT answered OR wait_seconds IS NOT NULL)"
_ALL_WAITS_KNOWN = "answered IS NOT NULL AND (wait_seconds IS NOT NULL OR NOT (answered OR abandoned))"
_IN_TIME = "answered AND wait_seconds <= {within}"
_SHORT = "(abandoned AND wait_seconds <= {short})"
_BOTH = ("answered", "wait_seconds", "abandoned_in")

SERVICE_LEVEL = Share(
    id="service_level",
    label=N_("Service level"),
    summary=N_("Share of the calls offered that were answered within {within} seconds."),
    of="calls",
    dated_by="offered_at",
    complete=_WAIT_KNOWN,
    met=_IN_TIME,
    needs=("answered", "wait_seconds"),
    better="higher",
    counts="calls",
    articles="D",
    source=ICMI,
    golden="1000 answered (860 in time), 60 abandoned (20 in time, 10 of them short): V3 = 81.13 %",
    parameters={"within": 20, "short": 5},
    decision=N_("V3 is the default: abandoned calls stay in the denominator, so hanging up never improves the figure."),
).varying(
    v1={
        "complete": _ALL_WAITS_KNOWN,
        "met": f"({_IN_TIME}) OR (abandoned AND wait_seconds <= {{within}})",
        "needs": _BOTH,
        "variant_words": N_("answered or abandoned within the threshold, of all"),
        "golden": "83.02 %",
    },
    v2={
        "counted": "answered IS NULL OR answered",
        "variant_words": N_("answered within the threshold, of those answered"),
        "golden": "86.00 %",
    },
    v3={"variant_words": N_("answered within the threshold, of all (the default)"), "golden": "81.13 %"},
    v4={
        "complete": _ALL_WAITS_KNOWN,
        "counted": "answered IS NULL OR answered OR (abandoned AND coalesce(wait_seconds > {within}, TRUE))",
        "needs": _BOTH,
        "variant_words": N_("answered within the threshold, of those answered or abandoned after it"),
        "golden": "82.69 %",
    },
    v5={
        "complete": _ALL_WAITS_KNOWN,
        "met": f"({_IN_TIME}) OR {_SHORT}",
        "needs": _BOTH,
        "variant_words": N_("short abandons count as served"),
        "golden": "82.08 %",
    },
    v6={
        "complete": _ALL_WAITS_KNOWN,
        "counted": f"NOT coalesce({_SHORT}, FALSE)",
        "needs": _BOTH,
        "variant_words": N_("short abandons left out"),
        "golden": "81.90 %",
    },
)

SPEED_OF_ANSWER = Quantity(
    id="speed_of_answer",
    label=N_("Speed of answer"),
    summary=N_("How long callers waited before an agent answered (the mean is the ASA)."),
    of="calls",
    dated_by="offered_at",
    counted="answered",
    complete="wait_seconds IS NOT NULL",
    value="wait_seconds",
    wanted=("mean", "median", "p90", "max"),
    needs=("answered", "wait_seconds"),
    better="lower",
    clock="calendar",
    counts="calls",
    articles="C2",
)

TALK_TIME = Quantity(
    id="talk_time",
    label=N_("Talk time"),
    summary=N_("Time spent talking per answered call. Shorter is not better by itself."),
    of="calls",
    dated_by="offered_at",
    counted="answered",
    complete="talk_seconds IS NOT NULL",
    value="talk_seconds",
    wanted=("mean", "median", "p90"),
    needs=("answered", "talk_seconds"),
    clock="calendar",
    counts="calls",
    articles="C7 A20",
)

CALL_RESOLUTION_RATE = Share(
    id="call_resolution_rate",
    label=N_("Call resolution rate"),
    summary=N_("Share of the answered calls in which the matter was settled."),
    of="calls",
    dated_by="offered_at",
    counted="answered",
    complete="resolved IS NOT NULL",
    met="resolved",
    needs=("answered", "resolved"),
    better="higher",
    counts="calls",
    articles="D C1",
).varying(
    of_offered={
        "counted": "TRUE",
        "complete": "resolved IS NOT NULL",
        "met": "answered AND resolved",
        "variant_words": N_("of all calls offered, answered or not"),
    },
)

MISSED_RATE = Share(
    id="missed_rate",
    label=N_("Missed calls"),
    summary=N_("Share of the calls offered that rang and that nobody picked up, the caller not having hung up."),
    of="calls",
    dated_by="offered_at",
    complete="answered IS NOT NULL",
    met="NOT answered AND NOT abandoned",
    needs=("answered", "abandoned_in"),
    better="lower",
    counts="calls",
    articles="C9",
    decision=N_("Missed is not abandoned: the agent did not pick up, against the caller left."),
)

IMMEDIATE_ANSWER_RATE = Share(
    id="immediate_answer_rate",
    label=N_("Answered at once"),
    summary=N_("Share of the answered calls that waited at most {immediate} seconds."),
    of="calls",
    dated_by="offered_at",
    counted="answered",
    complete="wait_seconds IS NOT NULL",
    met="wait_seconds <= {immediate}",
    needs=("answered", "wait_seconds"),
    better="higher",
    counts="calls",
    articles="C14",
    parameters={"immediate": 5},
    decision=N_("A share, not a ratio of immediate to waited."),
)


def _part_of_a_call(name: str, label: str, summary: str, column: str, articles: str) -> Quantity:
    return Quantity(
        id=name,
        label=label,
        summary=summary,
        of="calls",
        dated_by="offered_at",
        counted="answered",
        complete=f"{column} IS NOT NULL",
        value=column,
        wanted=("mean", "median", "p90"),
        needs=("answered", column if column != "handle_seconds" else "talk_seconds"),
        clock="calendar",
        counts="calls",
        articles=articles,
    )


HOLD_TIME = _part_of_a_call("hold_time", N_("Hold time"), N_("Time on hold per answered call."), "hold_seconds", "C7")
WRAP_TIME = _part_of_a_call(
    "wrap_time", N_("Wrap-up time"), N_("Work after the call, per answered call."), "wrap_seconds", "C7"
)
HANDLE_TIME_CALLS = _part_of_a_call(
    "handle_time_calls",
    N_("Average handle time (AHT)"),
    N_("Talk, hold and wrap-up per answered call; a part that the source does not record counts nothing."),
    "handle_seconds",
    "C7 A20",
)

CALL_SUCCESS_RATE = Share(
    id="call_success_rate",
    label=N_("Successful calls"),
    summary=N_("Share of the answered calls in which every matter was settled."),
    of="calls",
    dated_by="offered_at",
    counted="answered",
    complete="outcome IS NOT NULL",
    met="outcome = 'success'",
    needs=("answered", "outcome"),
    better="higher",
    counts="calls",
    articles="C11",
)

CALL_TRANSFER_RATE = Share(
    id="call_transfer_rate",
    label=N_("Transferred calls"),
    summary=N_("Share of the answered calls that were handed to another agent or queue."),
    of="calls",
    dated_by="offered_at",
    counted="answered",
    complete="transferred IS NOT NULL",
    met="transferred",
    needs=("answered", "transferred"),
    better="lower",
    counts="calls",
    articles="C6 A17",
)

ERLANG_REQUIRED_AGENTS = Computed(
    id="erlang_required_agents",
    label=N_("Agents needed in the busiest hour"),
    summary=N_(
        "Agents that the busiest hour of the week needs so that 80 % of its calls are answered within 20 seconds."
    ),
    of="calls",
    dated_by="offered_at",
    function="busiest_hour_agents",
    columns=("offered_weekday", "offered_hour"),
    totals={
        "calls": "count(*)",
        "handled": "count(handle_seconds) FILTER (answered)",
        "handle_seconds": "sum(handle_seconds) FILTER (answered)",
        "first_day": "min(offered_on)",
        "last_day": "max(offered_on)",
    },
    statistic="max",
    needs=("answered", "talk_seconds"),
    unit="agents",
    counts="calls",
    articles="B2 A21",
    source=N_("Erlang C; it assumes that nobody hangs up, calls come at random and handling times are exponential"),
    golden="1000 calls an hour, AHT 120 s, 40 agents, T 20 s: service level 0.937211",
)

MEASURES = (
    CALLS_OFFERED,
    CALLS_ANSWERED,
    ANSWER_RATE,
    ABANDONMENT_RATE,
    SERVICE_LEVEL,
    SPEED_OF_ANSWER,
    TALK_TIME,
    CALL_RESOLUTION_RATE,
    MISSED_RATE,
    IMMEDIATE_ANSWER_RATE,
    HOLD_TIME,
    WRAP_TIME,
    HANDLE_TIME_CALLS,
    CALL_SUCCESS_RATE,
    CALL_TRANSFER_RATE,
    ERLANG_REQUIRED_AGENTS,
)
