"""The statistics behind the figures: intervals, quantiles, survival, comparisons and control limits.

One statistic is one function over NumPy arrays of groups. In come counts, sums or sorted values; out come arrays, with
NaN where there is nothing to say. Nothing here knows tables, teams or periods, rounds, or reads a clock. SciPy is
imported inside the functions that need it, so that importing this package stays light.
"""

from __future__ import annotations

from auditkit.stats.agreement import exact_agreement, krippendorff_alpha, reviewer_bias
from auditkit.stats.comparison import compare_counts, compare_means, compare_samples, compare_shares, holm
from auditkit.stats.control import XmR, xmr
from auditkit.stats.correlation import kendall, spearman
from auditkit.stats.erlang import erlang_asa, erlang_c, erlang_required_agents, erlang_service_level, what_if
from auditkit.stats.funnel import funnel, funnel_limits
from auditkit.stats.intervals import count_difference, mean_t, net_score, poisson_count, poisson_ratio, wilson
from auditkit.stats.projection import Trend, projected, theil_sen
from auditkit.stats.quantiles import grouped_quantiles
from auditkit.stats.survival import kaplan_meier_curve, kaplan_meier_median
from auditkit.stats.survival_comparison import compare_survival
from auditkit.stats.trend import share_trend

__all__ = [
    "Trend",
    "XmR",
    "compare_counts",
    "compare_means",
    "compare_samples",
    "compare_shares",
    "compare_survival",
    "count_difference",
    "erlang_asa",
    "erlang_c",
    "erlang_required_agents",
    "erlang_service_level",
    "exact_agreement",
    "funnel",
    "funnel_limits",
    "grouped_quantiles",
    "holm",
    "kaplan_meier_curve",
    "kaplan_meier_median",
    "kendall",
    "krippendorff_alpha",
    "mean_t",
    "net_score",
    "poisson_count",
    "poisson_ratio",
    "projected",
    "reviewer_bias",
    "share_trend",
    "spearman",
    "theil_sen",
    "what_if",
    "wilson",
    "xmr",
]
