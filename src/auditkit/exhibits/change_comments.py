"""What customers wrote before and after a change: counted by score, and a few comments to read side by side.

In come counts and a sample, out come tables. A difference is told with its interval; the comments are masked, and none
is shown where so few wrote that the writers would be known.
"""

from __future__ import annotations

import textwrap
from dataclasses import replace
from itertools import zip_longest

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, aligned, prose, table
from auditkit.impact.comments import BANDS, Comment, Comments, total
from auditkit.impact.study import Impact
from auditkit.labels import NOTHING
from auditkit.masking import Masker
from auditkit.privacy import SMALLEST_GROUP
from auditkit.stats import compare_shares
from auditkit.translation import N_

LONGEST_COMMENT = 280  # signs
BAND_WORDS = {"low": N_("Dissatisfied"), "middle": N_("In between"), "high": N_("Satisfied")}


def comments(context: Context, impact: Impact, slug: str) -> list[Exhibit]:
    """Satisfaction comments before and after, by the score that they came with."""
    labels, found = context.labels, impact.comments
    if found is None or impact.commented is None or not sum(total(found.comments)):
        title = labels.say("No customer's comments around the change")
        why = labels.say("No source has comments on satisfaction surveys of this team in the time looked at.")
        return [prose(f"{slug}-comments", title, [why])]
    before, after = total(found.comments)
    rows = [_band(context, found, band, before, after) for band in BANDS]
    rows.append(_all(context, found))
    note = labels.say(
        "Comments on satisfaction surveys {before} and {after}: all of them counted, by the score that they came with "
        "(the lowest and the upper quarter of the scale, and between). Difference of shares with Newcombe's interval "
        "(1998).",
        before=labels.period(impact.commented[0]),
        after=labels.period(impact.commented[1]),
    )
    columns = [labels.say("Comments"), labels.say("Before"), labels.say("Share"), labels.say("After"),
        labels.say("Share"), labels.say("Difference"), labels.say("95 % interval")]  # fmt: skip
    counted = table(f"{slug}-comments", _comments_title(context, found), note, columns, rows)
    return [counted, *_to_read(context, found, slug)]


def _to_read(context: Context, found: Comments, slug: str) -> list[Exhibit]:
    """A few comments of before and after side by side; none where a side has so few that their writers are known."""
    labels = context.labels
    if min(total(found.comments)) < SMALLEST_GROUP:
        return []
    mask = context.mask()
    rows = [[cell for one in pair for cell in _quoted(context, mask, one)] for pair in zip_longest(*found.sample)]
    columns = aligned([labels.say("Before"), labels.say("Score"), labels.say("After"), labels.say("Score")], (0, 2))
    note = labels.say(
        "Drawn by lot among all comments, the same each time; their share says nothing of how many think so. Names, "
        "addresses and numbers that tell who somebody is are masked."
    )
    made = table(f"{slug}-read", labels.say("Comments of before and after, drawn by lot"), note, [], rows)
    return [replace(made, data={**made.data, "columns": columns})]


def _quoted(context: Context, mask: Masker, one: Comment | None) -> list[str]:
    """A comment as it may be shown, with its score."""
    if one is None:
        return [NOTHING, NOTHING]
    text = textwrap.shorten(mask(one.text), LONGEST_COMMENT, placeholder=" …")
    return [text, f"{context.labels.number(one.score)}/{context.labels.number(one.out_of)}"]


def _comments_title(context: Context, found: Comments) -> str:
    labels, (before, after) = context.labels, total(found.comments)
    low = found.comments["low"]
    difference = _difference(low[1], after, low[0], before)
    if difference is None:
        return labels.say("Comments on one side of the change alone: nothing to compare")
    if difference[1] > 0:
        return labels.say("A larger part of the comments came with a low score after the change")
    if difference[2] < 0:
        return labels.say("A smaller part of the comments came with a low score after the change")
    return labels.say("Whether fewer comments came with a low score after the change cannot be told")


def _band(context: Context, found: Comments, band: str, before: int, after: int) -> list[Cell]:
    labels, (first, then) = context.labels, found.comments[band]
    name = labels.tell(BAND_WORDS[band])
    if 0 < min(one for one in found.answers[band]) < SMALLEST_GROUP:
        hidden = labels.say("hidden: fewer than {count} answers in the group", count=SMALLEST_GROUP)
        return [name, NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, hidden]
    return [name, *_sides(context, first, before, then, after)]


def _all(context: Context, found: Comments) -> list[Cell]:
    """How many of the answers came with a comment at all."""
    (before, after), (asked, then) = total(found.comments), total(found.answers)
    return [context.labels.say("Answers with a comment"), *_sides(context, before, asked, after, then)]


def _sides(context: Context, first: int, before: int, then: int, after: int) -> list[str]:
    labels, difference = context.labels, _difference(then, after, first, before)
    shares = [labels.share(part / whole) if whole else NOTHING for part, whole in ((first, before), (then, after))]
    told = [NOTHING, NOTHING]
    if difference is not None:
        value, low, high = difference
        told = [labels.points(value, coarse=True), labels.reach(labels.signed(100 * low),
            labels.points(high, coarse=True))]  # fmt: skip
    return [labels.count(first), shares[0], labels.count(then), shares[1], *told]


def _difference(met1: int, n1: int, met2: int, n2: int) -> tuple[float, float, float] | None:
    if not (n1 and n2):
        return None
    value, low, high, _ = compare_shares(met1, n1, met2, n2)
    return float(value), float(low), float(high)
