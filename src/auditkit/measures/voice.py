"""The voice of the customer: what those say who answered a survey, and how many of those asked did.

Dated by the answer; the response rate by the sending. A score counts only on a scale that the source declares (or
that the loader could settle from the answers, and then says so).
"""

from __future__ import annotations

from auditkit.definition import Net, Quantity, Share, Survival, responded
from auditkit.translation import N_

TOP_BOX = "score >= scale_min + 0.75 * (scale_max - scale_min)"
_ON_SCALE = "score BETWEEN scale_min AND scale_max AND scale_max > scale_min"

CSAT = Share(
    id="csat",
    label=N_("Customer satisfaction (CSAT)"),
    summary=N_("Share of the answers in the top boxes: 4 or 5 of 1-5, and the like on other scales."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'csat' AND score IS NOT NULL",
    complete=_ON_SCALE,
    met=TOP_BOX,
    needs=("answered_at", "score"),
    better="higher",
    counts="answers",
    articles="A B C16 E",
    gate=responded("kind = 'csat'"),
    decision=N_("Top box = the upper quarter of the scale: 4-5 of 1-5, 3 of 1-3, good of good or bad."),
)

CSAT_MEAN = Quantity(
    id="csat_mean",
    label=N_("Mean satisfaction score"),
    summary=N_("Mean of the satisfaction scores on their own scale."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'csat' AND score IS NOT NULL",
    complete=_ON_SCALE,
    value="score",
    wanted=("mean",),
    unit="points",
    needs=("answered_at", "score"),
    better="higher",
    counts="answers",
    articles="A B C16 E",
    gate=responded("kind = 'csat'"),
)

_CES = "kind = 'ces' AND score IS NOT NULL"
_CES_SCALE = "score BETWEEN 1 AND 7 AND coalesce(scale_min, 1) = 1 AND coalesce(scale_max, 7) = 7"
_CES_COMMON = {
    "id": "ces",
    "of": "surveys",
    "dated_by": "answered_at",
    "counted": _CES,
    "complete": _CES_SCALE,
    "needs": ("answered_at", "score"),
    "better": "higher",
    "counts": "answers",
    "gate": responded("kind = 'ces'"),
}

CES = Quantity(
    **_CES_COMMON,
    label=N_("Customer effort score (CES 2.0)"),
    summary=N_("Mean agreement, 1 to 7, that the company made it easy; high is easy."),
    value="score",
    wanted=("mean",),
    unit="points",
    articles="B",
    golden="80/210/140/110/160/180/120 answers for 1..7: mean 4.08, share of 5 and above 46 %, net -13",
    decision=N_("CES 2.0: high is easy. The older 1.0 scale is reversed and is not mixed in."),
).varying(
    share_5_plus=Share(
        **_CES_COMMON,
        label=N_("Easy (CES 5 and above)"),
        summary=N_("Share of the answers of 5, 6 or 7."),
        met="score >= 5",
        variant_words=N_("share of answers of 5 and above"),
    ),
    net=Net(
        **_CES_COMMON,
        label=N_("Net easy (CES)"),
        summary=N_("Share of the answers 6-7 less the share 1-3."),
        plus="score >= 6",
        minus="score <= 3",
        variant_words=N_("share 6-7 less share 1-3"),
    ),
)

NPS = Net(
    id="nps",
    label=N_("Net Promoter Score (NPS)"),
    summary=N_("Share of promoters (9-10) less the share of detractors (0-6) among answers on 0-10."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'nps' AND score IS NOT NULL",
    complete="score BETWEEN 0 AND 10 AND coalesce(scale_min, 0) = 0 AND coalesce(scale_max, 10) = 10",
    plus="score >= 9",
    minus="score <= 6",
    needs=("answered_at", "score"),
    better="higher",
    counts="answers",
    articles="A B E",
    gate=responded("kind = 'nps'"),
    golden="promoters 50, passives 33, detractors 17 of 100: 33 +/- 14.7",
    decision=N_("A 6 is a detractor."),
)

SURVEY_RESPONSE_RATE = Share(
    id="survey_response_rate",
    label=N_("Survey response rate"),
    summary=N_("Share of the surveys sent in the period that were answered."),
    of="surveys",
    dated_by="sent_at",
    counted="kind IN ('csat', 'ces', 'nps') AND sent_at IS NOT NULL",
    met="answered_at IS NOT NULL",
    needs=("sent_at", "answered_at"),
    better="higher",
    counts="surveys",
    articles="A8",
)

LOW_SCORE_RATE = Share(
    id="low_score_rate",
    label=N_("Low scores"),
    summary=N_("Share of the scored answers in the lowest {low_percent} % of their scale."),
    of="surveys",
    dated_by="answered_at",
    counted="kind IN ('csat', 'ces', 'nps') AND score IS NOT NULL",
    complete=_ON_SCALE,
    met="score < scale_min + {low_percent} / 100.0 * (scale_max - scale_min + 1)",
    needs=("answered_at", "score"),
    better="lower",
    counts="answers",
    articles="E",
    parameters={"low_percent": 20},
    gate=responded("kind IN ('csat', 'ces', 'nps')"),
    decision=N_("2 of 10 and below by default, and in proportion on other scales; the bound is printed."),
)

REVIEW_SCORE = Quantity(
    id="review_score",
    label=N_("Public review score"),
    summary=N_("Mean score of the public reviews, as a share of their scale."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'review' AND score IS NOT NULL",
    complete=_ON_SCALE,
    value="(score - scale_min) / (scale_max - scale_min)",
    wanted=("mean",),
    unit="share",
    needs=("answered_at", "score"),
    better="higher",
    counts="reviews",
    articles="A19 E C16",
)

REVIEW_REPLY_RATE = Share(
    id="review_reply_rate",
    label=N_("Public reviews replied to"),
    summary=N_("Share of the public reviews to which the company replied."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'review'",
    complete="has_reply IS NOT NULL",
    met="has_reply",
    needs=("answered_at", "replied"),
    better="higher",
    counts="reviews",
    articles="A19 E C16",
)

REVIEW_REPLY_TIME = Survival(
    id="review_reply_time",
    label=N_("Time to reply to a public review"),
    summary=N_("Time by which half of the public reviews have a reply; those without one waited on."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'review'",
    complete="replied IS NOT NULL AND (NOT has_reply OR replied_at >= answered_at)",
    value="coalesce((epoch_us(replied_at) - epoch_us(answered_at)) / 1e6, seconds_to_as_of)",
    observed="replied_at IS NOT NULL",
    needs=("answered_at", "replied_at"),
    better="lower",
    clock="calendar",
    counts="reviews",
    articles="A19",
    source="Kaplan & Meier 1958",
    unreached=N_("fewer than half have a reply by the audit's as-of instant"),
)

TOUCHPOINTS = Quantity(
    id="touchpoints",
    label=N_("Touchpoint score"),
    summary=N_("Mean score, as a share of the scale, of the answers about touchpoints; broken down by touchpoint."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'touchpoint' AND score IS NOT NULL",
    complete=_ON_SCALE,
    value="(score - scale_min) / (scale_max - scale_min)",
    wanted=("mean",),
    unit="share",
    needs=("answered_at", "score", "touchpoint"),
    better="higher",
    counts="answers",
    articles="B",
    gate=responded("kind = 'touchpoint'"),
)

AGENT_SATISFACTION = Share(
    id="agent_satisfaction",
    label=N_("Agents' satisfaction"),
    summary=N_("Share of the agents' answers in the top boxes; broken down by question."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'agent' AND score IS NOT NULL AND NOT coalesce(scale_min = 0 AND scale_max = 10, FALSE)",
    complete=_ON_SCALE,
    met=TOP_BOX,
    needs=("answered_at", "score"),
    better="higher",
    counts="answers",
    articles="A7",
    gate=responded("kind = 'agent' AND NOT coalesce(scale_min = 0 AND scale_max = 10, FALSE)"),
)

ENPS = Net(
    id="enps",
    label=N_("Employee Net Promoter Score (eNPS)"),
    summary=N_("Agents who recommend the workplace (9-10) less those who do not (0-6), of answers on 0-10."),
    of="surveys",
    dated_by="answered_at",
    counted="kind = 'agent' AND score IS NOT NULL AND scale_min = 0 AND scale_max = 10",
    complete="score BETWEEN 0 AND 10",
    plus="score >= 9",
    minus="score <= 6",
    needs=("answered_at", "score"),
    better="higher",
    counts="answers",
    articles="A7",
    gate=responded("kind = 'agent' AND scale_min = 0 AND scale_max = 10"),
)

MEASURES = (
    CSAT,
    CSAT_MEAN,
    CES,
    NPS,
    SURVEY_RESPONSE_RATE,
    LOW_SCORE_RATE,
    REVIEW_SCORE,
    REVIEW_REPLY_RATE,
    REVIEW_REPLY_TIME,
    TOUCHPOINTS,
    AGENT_SATISFACTION,
    ENPS,
)
