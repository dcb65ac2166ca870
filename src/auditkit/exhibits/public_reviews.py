"""Public reviews: what strangers read about the service, site by site, and whether the company replies.

In come the reviews of the period and of the whole history; out come a table by site, one by period, and the low reviews
that wait for a reply. Who wrote a review is never told. A site on which fewer reviews are replied to is named only
where it differs from the others by more than chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST, THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.exhibits.few_rows import Scale, told_figure, told_mean, told_median, told_score, told_share
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import Cell, table
from auditkit.exhibits.reviews_waiting import points, waiting
from auditkit.labels import NOTHING, Labels, capital
from auditkit.stats import compare_shares

if TYPE_CHECKING:
    import pandas as pd

MOST_SITES = 12
LOW = 0.25  # of the way up the scale: 1 and 2 of 1-5, as the top box is 4 and 5
_MEASURES = ("review_score", "review_reply_rate", "review_reply_time")
Sites = Sequence[tuple[str, "pd.DataFrame"]]


def public_reviews(context: Context) -> list[Exhibit]:
    """By site, by period, and the low reviews without a reply; empty where there are no public reviews."""
    everything = _reviews(context, context.whole)
    if everything is None or everything.empty:
        return []
    own, scale = _reviews(context, context.period), _scale(everything)
    window, shown = (context.period, own) if len(own) >= FEWEST else (context.whole, everything)
    return [
        _by_site(context, window, shown, scale),
        *_by_period(context, scale),
        *waiting(context, everything[everything["up"] <= LOW]),
    ]


def _reviews(context: Context, period: Period) -> pd.DataFrame | None:
    """The reviews posted in a period: how far ``up`` its scale each lies, its ``site``, whether it has no reply."""
    rows = context.fetch("surveys")
    if rows is None:
        return None
    own = rows[(rows["kind"] == "review") & (rows["answered_on"] >= period.start) & (rows["answered_on"] < period.end)]
    reach = (own["scale_max"] - own["scale_min"]).where(lambda one: one > 0)
    up = (own["score"] - own["scale_min"]) / reach
    return own.assign(
        up=up.where(up.between(0, 1)),
        site=own["channel"].fillna(""),
        is_waiting=own["has_reply"].eq(False).fillna(False).astype(bool),
    )


def _scale(reviews: pd.DataFrame) -> Scale | None:
    """The scale of all the reviews; None where they have several, and are told by shares."""
    scales = reviews[["scale_min", "scale_max"]].dropna().drop_duplicates()
    return (float(scales["scale_min"].iloc[0]), float(scales["scale_max"].iloc[0])) if len(scales) == 1 else None


def _by_site(context: Context, window: Period, shown: pd.DataFrame, scale: Scale | None) -> Exhibit:
    labels = context.labels
    sites = sorted(shown.groupby("site"), key=lambda one: (-len(one[1]), one[0]))
    rows: list[list[Cell]] = [[name or NOTHING, *_cells(labels, own, scale)] for name, own in sites[:MOST_SITES]]
    if len(sites) > 1:
        rows.append([{"text": labels.say("All sites"), "strong": True}, *_cells(labels, shown, scale)])
    columns = [*_heads(labels, labels.say("Site"), scale), labels.say("Low, no reply")]
    note = labels.say(
        "With 95 % intervals. Low: the lower quarter of the scale, 1 and 2 of 1-5. Time to reply is a Kaplan-Meier "
        "median: reviews without a reply wait on."
    )
    note = f"{capital(labels.period(window))}. {note} {capital(context.ids(_MEASURES))}."
    return table("reviews-public-sites", _title(context, window, shown, sites), note, columns, rows)


def _heads(labels: Labels, first: str, scale: Scale | None) -> list[str]:
    score = labels.say("Mean score, share of the scale")
    if scale:
        low, high = (points(labels, end) for end in scale)
        score = labels.say("Mean score ({low}–{high})", low=low, high=high)
    return [first, labels.say("Reviews"), score, labels.say("Replied to"), labels.say("Half replied to within")]


def _cells(labels: Labels, own: pd.DataFrame, scale: Scale | None) -> list[Cell]:
    """Number, score, replies, time to reply and low ones without a reply, each with what it rests on."""
    known = own["has_reply"].dropna()
    low = int(((own["up"] <= LOW) & own["is_waiting"]).sum())
    return [
        labels.count(len(own)),
        told_mean(labels, own["up"].to_numpy(dtype=float), scale),
        told_share(labels, int(known.astype(bool).sum()), len(known)),
        _time(labels, own),
        labels.count(low) if len(known) else NOTHING,
    ]


def _time(labels: Labels, own: pd.DataFrame) -> str:
    """The median time to reply; a dash where replies have no dates."""
    dated = own["replied_at"].notna()
    if not dated.any() and own["has_reply"].eq(True).any():
        return NOTHING
    waits = (own["replied_at"] - own["answered_at"]).dt.total_seconds()
    seconds = waits.where(dated, own["seconds_to_as_of"].where(own["is_waiting"])).to_numpy(dtype=float)
    known = np.where(seconds >= 0, seconds, np.nan)
    return told_median(labels, known, dated.to_numpy(dtype=bool), labels.say("fewer than half"))


def _title(context: Context, window: Period, shown: pd.DataFrame, sites: Sites) -> str:
    labels, known = context.labels, shown["has_reply"].dropna()
    when = labels.within(window) if window == context.period else context.over_history
    neglected = _neglected(sites)
    if neglected is not None:
        site, met, n = neglected
        return labels.say(
            "Public reviews on {site} are replied to less often than elsewhere: {share} {when}",
            site=site,
            share=told_share(labels, met, n),
            when=when,
        )
    if len(known):
        share = told_share(labels, int(known.astype(bool).sum()), len(known))
        return labels.say("{share} of the public reviews were replied to {when}", share=share, when=when)
    return labels.say_n("{count} public review {when}", "{count} public reviews {when}", len(shown), when=when)


def _neglected(sites: Sites) -> tuple[str, int, int] | None:
    """The site with the smallest share of replies where it differs from the rest by more than chance (Bonferroni)."""
    counts = []
    for site, own in sites:
        known = own["has_reply"].dropna().astype(bool)
        if site and len(known):
            counts.append((site, int(known.sum()), len(known)))
    if len(counts) < 2:
        return None
    site, met, n = min(counts, key=lambda one: one[1] / one[2])
    rest_met, rest = sum(one[1] for one in counts) - met, sum(one[2] for one in counts) - n
    p = float(compare_shares(met, n, rest_met, rest)[3]) * len(counts)
    return (site, met, n) if p < THRESHOLD else None


def _by_period(context: Context, scale: Scale | None) -> list[Exhibit]:
    """Number, score, replies and time to reply in each period; none is tested against another."""
    labels = context.labels
    series = [[one if one and one.n else None for one in context.series(name)] for name in _MEASURES]
    rows: list[list[Cell]] = []
    for period, score, *others in zip(context.history, *series, strict=True):
        there = [one for one in (score, *others) if one is not None]
        if there:
            number = labels.count(max(int(one.n) for one in there))
            cells = [told_figure(context, one) for one in others]
            rows.append([labels.period(period), number, _score(context, score, scale), *cells])
    if len(rows) < 2:
        return []
    title = labels.say_n("Public reviews in {count} period", "Public reviews in {count} periods", len(rows))
    note = labels.say("Few reviews make wide intervals; no period is tested against another.")
    columns = _heads(labels, labels.say("Period"), scale)
    return [table("reviews-public-periods", title, f"{note} {capital(context.ids(_MEASURES))}.", columns, rows)]


def _score(context: Context, score: Figure | None, scale: Scale | None) -> str:
    if score is None or not score.available:
        return NOTHING
    return told_score(context.labels, score.value, score.low, score.high, scale)
