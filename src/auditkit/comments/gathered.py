"""What a report tells of customers' words, gathered once: complaints to read, themes, keywords with precision.

In come a store, teams, the report's period and its history; out comes a frozen value. Texts in it are already masked.
Where a period holds few comments, keywords are counted over the whole history, and ``keyword_period`` says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pandas as pd

from auditkit.clocks.period import Period, span
from auditkit.comments.checking import Precision, precision_of
from auditkit.comments.complaints import Sample, complaints, sample_of
from auditkit.comments.found import context_of, hits, matchers_of, searched
from auditkit.comments.matching import Matcher
from auditkit.comments.texts import texts
from auditkit.comments.themes import Theme, counts_by_reason, themes
from auditkit.evaluation.evaluate import evaluate
from auditkit.masking import Masker
from auditkit.privacy import masker
from auditkit.store import Store

TO_READ = 15  # complaints of a report's sample
IN_CONTEXT = 3  # hits of a list and language that are shown
FEWEST_COMMENTS = 30  # of a period whose keywords are counted by themselves
MOST_TEXTS = 20_000  # searched for keywords; of more, as many are drawn at random
SEED = 1


@dataclass(frozen=True)
class InContext:
    """One hit as it is shown."""

    category: str
    language: str
    before: str
    keyword: str
    after: str


@dataclass(frozen=True)
class Counted:
    """How many texts of a kind and language hold a keyword of a list, of how many."""

    category: str
    language: str
    kind: str
    texts: int
    of: int


@dataclass(frozen=True)
class Gathered:
    """``sample``: complaints of the period, masked unless ``shown``; ``themes`` over the ``history``; ``counted`` and
    ``contexts`` of keywords in ``keyword_period``, of a random sample where there are more than MOST_TEXTS of
    ``all_texts``; ``unsearched``: texts by language for which there are no lists."""

    sample: Sample
    themes: tuple[Theme, ...]
    history: tuple[Period, ...]
    counted: tuple[Counted, ...]
    contexts: tuple[InContext, ...]
    precision: Mapping[tuple[str, str], Precision]
    unsearched: Mapping[str, int]
    keyword_period: Period
    all_texts: int
    shown: bool


def gather(
    store: Store, teams: Sequence[str], period: Period, history: Sequence[Period], as_of: datetime, language: str
) -> Gathered:
    """Gather it for these teams together."""
    mask, matchers = masker(store, teams, language), matchers_of(store.workspace)
    whole = span(history[0].start, period.end)
    written = texts(store, teams, whole, as_of)
    days = pd.to_datetime(written["on"]).dt.date
    own = written[(days >= period.start) & (days < period.end)]
    flags = "tickets" in store.meta.tables and "complaint" in store.meta.tables["tickets"].present
    sample = sample_of(complaints(own, matchers, flags), TO_READ, SEED)
    enough = not (written["kind"] == "comment").any() or (own["kind"] == "comment").sum() >= FEWEST_COMMENTS
    there = own if enough else written
    searching = there if len(there) <= MOST_TEXTS else there.sample(MOST_TEXTS, random_state=SEED).sort_index()
    found, totals = hits(searching, matchers), searched(searching, matchers)
    without = totals[~totals["has_lists"]].groupby("language")["texts"].sum()
    return Gathered(
        sample=replace(sample, rows=sample.rows.assign(text=sample.rows["text"].map(mask))),
        themes=tuple(themes_of(store, teams, history, as_of)),
        history=tuple(history),
        counted=tuple(_counted(found, totals)),
        contexts=tuple(_contexts(found, matchers, mask)),
        precision=precision_of(store.workspace, {name: one.keywords for name, one in matchers.items()}),
        unsearched={str(name): int(count) for name, count in without.items()},
        keyword_period=period if enough else whole,
        all_texts=len(there),
        shown=mask.off,
    )


def themes_of(store: Store, teams: Sequence[str], history: Sequence[Period], as_of: datetime) -> list[Theme]:
    """The reasons of complaint of these teams together over the history."""
    figures = evaluate(store, ["complaint_rate"], list(teams), list(history), "reason", as_of=as_of)
    there = figures[figures["available"].astype(bool)]
    columns = (there[name] for name in ("group", "period", "numerator", "denominator"))
    return themes(counts_by_reason(zip(*columns, strict=True), [one.label for one in history]))


def _counted(found: pd.DataFrame, totals: pd.DataFrame) -> list[Counted]:
    of = {(one.kind, one.language): int(one.texts) for one in totals.itertuples(index=False)}
    sizes = found.groupby(["category", "language", "kind"], sort=True).size()
    return [
        Counted(category, language, kind, int(count), of[kind, language])
        for (category, language, kind), count in sizes.items()
    ]


def _contexts(found: pd.DataFrame, matchers: Mapping[str, Matcher], mask: Masker) -> list[InContext]:
    """A few hits of each list and language, drawn at random, no two of the same words."""
    shown: list[InContext] = []
    generator = np.random.default_rng(SEED)
    for (category, language), part in found.groupby(["category", "language"], sort=True):
        different = part.sort_values("key").drop_duplicates("text")
        drawn = generator.choice(len(different), min(IN_CONTEXT, len(different)), replace=False)
        shown += [
            InContext(category, language, *context_of(text, category, matchers[language], mask))
            for text in different["text"].iloc[np.sort(drawn)]
        ]
    return shown
