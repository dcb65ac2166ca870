"""Complaints to read: which tickets and comments complain, and a random sample of them, the same for a seed.

In comes the frame of a team's texts, out comes a row per complaint with why it is one. A complaint is a ticket that
the source calls so, an answer with a low score and a comment, or a comment in which a complaint keyword stands; where
the source does not say which tickets complain, a subject with such a keyword too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from auditkit.comments.matching import Matcher
from auditkit.scorecards.sampling import draw
from auditkit.translation import N_

WHY = {
    "flagged": N_("called a complaint by the source"),
    "low_score": N_("low score"),
    "keyword": N_("by its words"),
}
COLUMNS = ("id", "on", "channel", "reason", "why", "text")
BETWEEN = " · "  # a subject and the comments on the same ticket


@dataclass(frozen=True)
class Sample:
    """``rows`` drawn (columns of :data:`COLUMNS`; ``why`` is a tuple of keys of WHY), of ``population`` complaints."""

    rows: pd.DataFrame
    population: int


def complaints(texts: pd.DataFrame, matchers: Mapping[str, Matcher], flags: bool) -> pd.DataFrame:
    """One row per complaint, by its day and id. ``flags``: the source says which tickets are complaints."""
    customers = texts[texts["kind"] != "reply"]
    kinds = ("comment",) if flags else ("comment", "subject")
    found = [
        one.kind in kinds and isinstance(one.text, str) and _complains(one.text, matchers.get(one.language))
        for one in customers.itertuples(index=False)
    ]
    marked = customers.assign(keyword=pd.Series(found, index=customers.index, dtype=bool))
    marked["id"] = marked["ticket_id"].fillna(marked["key"].str.replace(r"^\w+/", "", regex=True))
    any_reason = marked["flagged"] | marked["low_score"] | marked["keyword"]
    marked = marked[marked["id"].isin(marked.loc[any_reason, "id"])]
    rows = [_row(str(name), part) for name, part in marked.groupby("id", sort=True)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.sort_values(["on", "id"], kind="stable", ignore_index=True)


def sample_of(found: pd.DataFrame, size: int, seed: int) -> Sample:
    """``size`` of the complaints, drawn at random in proportion to their reasons."""
    drawn = draw(found.rename(columns={"id": "ticket_id"}), size=size, seed=seed, by=("reason",)).rows
    rows = drawn.rename(columns={"ticket_id": "id"})[list(COLUMNS)]
    return Sample(rows.sort_values(["on", "id"], kind="stable", ignore_index=True), len(found))


def _complains(text: str, matcher: Matcher | None) -> bool:
    return matcher is not None and any(hit.category == "complaint" for hit in matcher.hits(text))


def _row(name: str, part: pd.DataFrame) -> tuple:
    ordered = part.sort_values(["kind", "on"], ascending=[False, True], kind="stable")  # the subject, then comments
    first = ordered.iloc[0]
    why = tuple(reason for reason in WHY if ordered[reason].any())
    text = BETWEEN.join(one for one in ordered["text"] if isinstance(one, str))
    return name, ordered["on"].max(), first["channel"], first["reason"], why, text
