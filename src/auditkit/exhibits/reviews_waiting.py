"""The low public reviews that nobody has replied to: a list to work through, the latest first.

In come low reviews with their sites and whether they wait, out comes one table. It says where a review stands, how long
it has waited and how it begins, masked: anybody can read it on its site, but a report need not carry names further.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned, table
from auditkit.labels import NOTHING, Labels

if TYPE_CHECKING:
    import pandas as pd

MOST = 25  # rows of a list that is still worked through
LONGEST = 160  # letters of a text that a row has room for


def waiting(context: Context, low: pd.DataFrame) -> list[Exhibit]:
    """The table; empty where every low review has a reply, or nobody knows."""
    labels, found = context.labels, low[low["is_waiting"]]
    if found.empty:
        return []
    shown = found.sort_values(["answered_at", "response_id"], ascending=False).head(MOST)
    columns = [labels.say("Posted"), labels.say("Site"), labels.say("Review"), labels.say("Score")]
    columns += [labels.say("Waiting for"), labels.say("Text")]
    rows = [[*_row(labels, one), _text(context, one["review_text"])] for _, one in shown.iterrows()]
    title = labels.say_n(
        "{count} low public review has no reply {when}",
        "{count} low public reviews have no reply {when}",
        len(found),
        when=context.over_history,
    )
    left, note = len(found) - len(shown), labels.say("The latest come first. Texts are cut; authors are not told.")
    if left:
        note += " " + labels.say_n("{count} earlier one is left out.", "{count} earlier ones are left out.", left)
    made = table("reviews-public-waiting", title, note, columns, rows)
    return [Exhibit(made.id, "table", dict(made.data) | {"columns": aligned(columns, left=(0, 1, 2, 5))})]


def _row(labels: Labels, review: pd.Series) -> list[Cell]:
    return [
        labels.day(review["answered_on"]),
        review["site"] or NOTHING,
        review["response_id"],
        labels.say(
            "{score} of {highest}", score=points(labels, review["score"]), highest=points(labels, review["scale_max"])
        ),
        labels.duration(review["seconds_to_as_of"], review["seconds_to_as_of"]),
    ]


def _text(context: Context, text: str | None) -> str:
    """How a review begins, masked before it is cut, so that no name is cut free of what gives it away."""
    told = " ".join(context.mask()(text).split()) if isinstance(text, str) else ""
    if len(told) > LONGEST:
        told = f"{told[:LONGEST].rsplit(' ', 1)[0]} …"
    return told or NOTHING


def points(labels: Labels, score: float) -> str:
    """A score or an end of its scale, without decimals where it has none."""
    return labels.number(score, 0 if score == round(score) else 1)
