"""Quality: what reviewers found, on how many contacts, whether they agree, and whether it says what customers feel.

Reviews are few, so the whole history stands beside the period. A score is worth as much as the agreement of those who
gave it: below an alpha of 0.667 no conclusions should be drawn, and only from 0.8 firm ones (Krippendorff 2004).
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.breakdown import breakdown
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import further, told
from auditkit.exhibits.pieces import prose, table
from auditkit.exhibits.reviewers import reviewers
from auditkit.exhibits.speed import share_trend
from auditkit.labels import NOTHING

NO_CONCLUSIONS, FIRM = 0.667, 0.8
CRITERIA = ("qa_criterion_rate", "criterion")
AGREEMENT = ("qa_agreement", "criterion")
_FURTHER = ("qa_coverage", "qa_critical_free_rate", "mystery_score")


def quality_reviews(context: Context) -> list[Exhibit]:
    """Score, criteria, coverage and critical failures, agreement of reviewers, satisfaction predicted."""
    exhibits = [share_trend(context, "qa_score", "reviews-score")] if context.has("qa_score") else []
    exhibits += further(context, "reviews-further", _FURTHER, seldom=True)
    exhibits += breakdown(context, "reviews-criteria", *CRITERIA)
    exhibits += [*_agreement(context), *reviewers(context), *_predicts(context)]
    if not exhibits:
        title = context.labels.say("No quality reviews {when}", when=context.labels.within(context.period))
        return [context.missing("reviews", title, context.why_not("qa_score"))]
    return exhibits


def _agreement(context: Context) -> list[Exhibit]:
    """Alpha of the period, of the whole history, and of each criterion over the whole history."""
    labels, whole = context.labels, context.whole
    now, over = context.figure("qa_agreement"), context.seldom("qa_agreement") if whole != context.period else None
    long = context.history_words
    rated = [(labels.period(context.period), now), (labels.say("{periods}, all criteria", periods=long), over)]
    by_criterion = context.evaluate((AGREEMENT[0],), whole, AGREEMENT[1])
    rated += [(f"{long}, {one.group}", one) for one in by_criterion if one.group]
    known = [(name, one) for name, one in rated if one is not None and one.available]
    if not known:
        return []
    best = over if over is not None and over.available and (now is None or (now.n or 0) < FEWEST) else now
    best = best if best is not None and best.available else known[0][1]
    rows = [[name, context.said(one), context.interval(one), labels.count(one.n)] for name, one in known]
    note = labels.say(
        "Krippendorff's alpha of the calibration reviews: 1 is full agreement, 0 is chance. No conclusions are drawn "
        "below {lowest}, firm ones from {firm} (Krippendorff 2004). "
        "n counts what more than one reviewer rated: one criterion of one ticket. Measure {measure}.",
        lowest=labels.number(NO_CONCLUSIONS, 3),
        firm=labels.number(FIRM, 1),
        measure="qa_agreement",
    )
    columns = [labels.say("Calibration reviews"), labels.say("Alpha"), labels.say("95 % interval"), labels.say("n")]
    return [table("reviews-agreement", _agreement_words(context, best), note, columns, rows)]


def _agreement_words(context: Context, figure: Figure) -> str:
    """What an alpha allows to be concluded, by its whole interval."""
    labels, alpha = context.labels, told(context, figure)
    if figure.low is None or figure.high is None:
        return labels.say("Too few calibration reviews to say whether reviewers agree: alpha {alpha}", alpha=alpha)
    if figure.low >= FIRM:
        return labels.say("Reviewers agree: alpha {alpha}", alpha=alpha)
    if figure.low >= NO_CONCLUSIONS:
        return labels.say("Reviewers agree well enough for tentative conclusions: alpha {alpha}", alpha=alpha)
    if figure.high < NO_CONCLUSIONS:
        return labels.say("Reviewers do not agree enough to conclude from the scores: alpha {alpha}", alpha=alpha)
    return labels.say("Whether reviewers agree enough to conclude from the scores is open: alpha {alpha}", alpha=alpha)


def _predicts(context: Context) -> list[Exhibit]:
    """Whether tickets that were reviewed better had the more satisfied customers."""
    labels = context.labels
    whole = context.seldom("qa_predicts_csat") if context.whole != context.period else None
    now = context.figure("qa_predicts_csat")
    known = [
        (one, when)
        for one, when in ((whole, context.over_history), (now, labels.within(context.period)))
        if one is not None and one.available
    ]
    if not known:
        return []
    figure = known[0][0]
    sure = figure.low is not None and figure.high is not None and (figure.n or 0) >= FEWEST
    if sure and round(figure.low, 2) > 0:
        title = labels.say("Tickets that were reviewed better tended to have more satisfied customers")
    elif sure and round(figure.high, 2) < 0:
        title = labels.say("Tickets that were reviewed better tended to have less satisfied customers")
    else:
        title = labels.say("Whether reviews predict the customers' satisfaction cannot be concluded")
    paragraph = [_correlation(context, one, when) for one, when in known]
    paragraph.append(labels.say("A correlation of 0 means that one score says nothing about the other."))
    paragraph.append(labels.say("Measure {measure}.", measure="qa_predicts_csat"))
    return [prose("reviews-predict", title, [" ".join(paragraph)])]


def _correlation(context: Context, figure: Figure, when: str) -> str:
    interval = context.interval(figure)
    return context.labels.say_n(
        "Rank correlation of the two scores {when}: {value}, from {count} ticket that has both.",
        "Rank correlation of the two scores {when}: {value}, from {count} tickets that have both.",
        int(figure.n or 0),
        when=when,
        value=context.said(figure) + (f" ({interval})" if interval != NOTHING else ""),
    )
