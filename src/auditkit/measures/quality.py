"""Quality: what reviewers found when they read tickets and listened to calls.

Over scored reviews (one row per review, folded from its criteria) and over single criteria. A review that fails a
critical criterion scores nothing. Calibration and mystery reviews are kept apart from ordinary ones.
"""

from __future__ import annotations

from auditkit.definition import Computed, Quantity, Share
from auditkit.translation import N_

_ORDINARY = "kind IS NULL OR kind = 'review'"

QA_SCORE = Quantity(
    id="qa_score",
    label=N_("Quality score"),
    summary=N_("Mean score of the reviews: weighted share of the points, nothing when a critical criterion fails."),
    of="scored_reviews",
    dated_by="reviewed_at",
    counted=_ORDINARY,
    complete="score_share IS NOT NULL",
    value="score_share",
    wanted=("mean", "median"),
    unit="share",
    better="higher",
    counts="reviews",
    articles="E C3 C4 C5 C12",
    decision=N_("Mean over reviews, not over criteria: a short review weighs as much as a long one."),
)

QA_CRITICAL_FREE_RATE = Share(
    id="qa_critical_free_rate",
    label=N_("Reviews without a critical failure"),
    summary=N_("Share of the reviews in which no critical criterion failed."),
    of="scored_reviews",
    dated_by="reviewed_at",
    counted=_ORDINARY,
    complete="critical_failed IS NOT NULL",
    met="NOT critical_failed",
    better="higher",
    counts="reviews",
    articles="E",
)

QA_CRITERION_RATE = Quantity(
    id="qa_criterion_rate",
    label=N_("Points per criterion"),
    summary=N_("Mean share of the points given where a criterion applies; broken down by criterion."),
    of="review_criteria",
    dated_by="reviewed_at",
    counted=f"({_ORDINARY}) AND applicable",
    complete="share IS NOT NULL",
    value="share",
    wanted=("mean",),
    unit="share",
    better="higher",
    counts="criteria",
    articles="E",
)

QA_COVERAGE = Share(
    id="qa_coverage",
    label=N_("Review coverage"),
    summary=N_("Share of the tickets resolved in the period that were reviewed."),
    of="tickets",
    dated_by="resolved_at",
    counted="resolved_at IS NOT NULL",
    complete="reviewed IS NOT NULL",
    met="first_reviewed_at IS NOT NULL",
    needs=("resolved_at",),
    needs_table=("reviews",),
    better="neither",
    counts="tickets",
    articles="E",
)

QA_AGREEMENT = Computed(
    id="qa_agreement",
    label=N_("Agreement of reviewers"),
    summary=N_("Krippendorff's alpha of the calibration reviews: 1 is full agreement, 0 is chance."),
    of="review_criteria",
    dated_by="reviewed_at",
    counted="kind = 'calibration' AND applicable AND share IS NOT NULL AND reviewer IS NOT NULL",
    complete="ticket_id IS NOT NULL",
    function="reviewer_agreement",
    columns=("ticket_id", "criterion", "reviewer", "share"),
    statistic="alpha",
    unit="coefficient",
    better="higher",
    counts="ratings",
    articles="E",
    source=N_("Krippendorff 2004; interval metric on the share of the points, over ticket and criterion"),
)

QA_PREDICTS_CSAT = Computed(
    id="qa_predicts_csat",
    label=N_("Does quality predict satisfaction?"),
    summary=N_("Rank correlation of the quality score and the satisfaction score of the same tickets."),
    of="scored_reviews",
    dated_by="reviewed_at",
    counted=f"({_ORDINARY}) AND score_share IS NOT NULL AND csat_score IS NOT NULL",
    function="rank_correlation",
    columns=("score_share", "csat_score"),
    statistic="rho",
    unit="coefficient",
    better="higher",
    counts="tickets",
    articles="E",
    source=N_("Spearman's rho; Bonett & Wright 2000"),
)

MYSTERY_SCORE = Quantity(
    id="mystery_score",
    label=N_("Mystery test score"),
    summary=N_("Mean score of the mystery tests."),
    of="scored_reviews",
    dated_by="reviewed_at",
    counted="kind = 'mystery'",
    complete="score_share IS NOT NULL",
    value="score_share",
    wanted=("mean",),
    unit="share",
    better="higher",
    counts="tests",
    articles="A16 C E",
)

MEASURES = (
    QA_SCORE,
    QA_CRITICAL_FREE_RATE,
    QA_CRITERION_RATE,
    QA_COVERAGE,
    QA_AGREEMENT,
    QA_PREDICTS_CSAT,
    MYSTERY_SCORE,
)
