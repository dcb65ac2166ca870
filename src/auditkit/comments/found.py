"""Which texts hold a keyword, of which list, and where: a row per text and list.

In come a team's texts and the matchers of their languages, out comes a frame with the first hit of each list in each
text. What is shown of a text is masked first and searched again, so that a context never shows more than a mask does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from auditkit.comments.keywords import CATEGORIES, keywords_of
from auditkit.comments.matching import Hit, Matcher, in_context
from auditkit.workspace import Workspace

COLUMNS = ("key", "kind", "on", "ticket_id", "language", "category", "keyword", "text")


def matchers_of(workspace: Workspace) -> dict[str, Matcher]:
    """What finds keywords, for every language that has lists."""
    return {language: Matcher(keywords) for language, keywords in keywords_of(workspace).items()}


def hits(texts: pd.DataFrame, matchers: Mapping[str, Matcher]) -> pd.DataFrame:
    """A row per text and list of which a keyword stands in it, with the columns of :data:`COLUMNS`."""
    known: dict[tuple[str, str], list[Hit]] = {}
    rows = []
    for one in texts.itertuples(index=False):
        if not isinstance(one.text, str) or one.language not in matchers:
            continue
        asked = (one.language, one.text)
        if asked not in known:
            known[asked] = matchers[one.language].hits(one.text)
        first: dict[str, Hit] = {}
        for hit in known[asked]:
            first.setdefault(hit.category, hit)
        rows += [
            (one.key, one.kind, one.on, one.ticket_id, one.language, category, first[category].keyword, one.text)
            for category in CATEGORIES
            if category in first
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def context_of(
    text: str, category: str, matcher: Matcher, mask: Callable[[str], str], width: int = 48
) -> tuple[str, str, str]:
    """Before, keyword and after in the masked text; the beginning of it where the mask took the keyword away."""
    shown = mask(text)
    hit = next((one for one in matcher.hits(shown) if one.category == category), None)
    if hit is None:
        return in_context(shown, Hit(0, 0, category, ""), 2 * width)
    return in_context(shown, hit, width)


def searched(texts: pd.DataFrame, matchers: Mapping[str, Matcher]) -> pd.DataFrame:
    """How many texts there are by kind and language, and whether there are lists for that language."""
    written = texts[texts["text"].notna()]
    counts = written.groupby(["kind", "language"], sort=True).size().rename("texts").reset_index()
    return counts.assign(has_lists=counts["language"].isin(list(matchers)))
