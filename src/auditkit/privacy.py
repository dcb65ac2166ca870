"""Small groups are hidden, so that no figure tells what one person answered.

Only figures of surveys that are broken down by a group are concerned: a team's own total is never hidden, its n is
printed beside it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.labels import said

SMALLEST_GROUP = 5
HIDDEN = ("value", "numerator", "denominator", "low", "high")


def hide_small_groups(results: pd.DataFrame, tables: dict[str, str], smallest: int = SMALLEST_GROUP) -> pd.DataFrame:
    """The results without values for groups of fewer than ``smallest`` answers; ``tables`` maps measures to their
    table.
    """
    if results["by"].isna().all():
        return results
    small = (
        results["by"].notna()
        & (results["measure"].map(tables) == "surveys")
        & results["available"].astype(bool)
        & (results["n"] < smallest)
    )
    hidden = results.copy()
    hidden.loc[small, list(HIDDEN)] = np.nan
    hidden.loc[small, "available"] = False
    hidden.loc[small, "reason"] = said("hidden: fewer than {count} answers in the group", count=smallest)
    return hidden
