"""Small groups are hidden, so that no figure tells what one person answered; free texts are masked by the names known.

Only figures of surveys that are broken down by a group are concerned: a team's own total is never hidden, its n is
printed beside it. Whose names the data hold is told here, and what masks a text that a stranger wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from auditkit.answers import Question, answer
from auditkit.labels import said
from auditkit.masking import Masker

if TYPE_CHECKING:
    from auditkit.store import Store

SMALLEST_GROUP = 5
# Table, column, and what a report calls such a person.
PEOPLE = (
    ("tickets", "agent", "agent"),
    ("calls", "agent", "agent"),
    ("surveys", "agent", "agent"),
    ("agents", "agent", "agent"),
    ("reviews", "agent", "agent"),
    ("reviews", "reviewer", "reviewer"),
)
CUSTOMERS = ("tickets", "calls", "surveys")
# An id of a customer that is the name itself: two words or more, no digit.
_IS_NAME = "regexp_matches(customer_id, '^[^0-9@]+[ ,][^0-9@]+$')"
HIDDEN = ("value", "numerator", "denominator", "low", "high")


def hide_small_groups(results: pd.DataFrame, tables: dict[str, str], smallest: int = SMALLEST_GROUP) -> pd.DataFrame:
    """The results without values for groups of fewer than ``smallest`` answers; ``tables`` maps measures to their
    table.
    """
    asked = {name for name, table in tables.items() if table == "surveys"}
    if not asked or results["by"].isna().all():
        return results
    small = (
        results["by"].notna()
        & results["measure"].isin(asked)
        & results["available"].astype(bool)
        & (results["n"] < smallest)
    )
    if not small.any():
        return results
    hidden = results.copy()
    hidden.loc[small, list(HIDDEN)] = np.nan
    hidden.loc[small, "available"] = False
    hidden.loc[small, "reason"] = said("hidden: fewer than {count} answers in the group", count=smallest)
    return hidden


def masker(store: Store, teams: Sequence[str] = (), language: str = "en") -> Masker:
    """What masks the free texts of these teams (all by default), as ``[privacy] texts`` says.

    It knows the names of the teams' agents and reviewers, and of customers where the source has a name for an id.
    """
    off = store.workspace.config.privacy.texts == "shown"
    wanted = tuple(store.find_teams(teams))
    if off:
        return Masker(frozenset(), language, off)
    names = answer(store, names_question(wanted), lambda: frozenset().union(*names_of(store, wanted).values()))
    return Masker(names, language, off)


def names_question(teams: tuple[str, ...]) -> Question:
    """What ``masker`` asks, as answers are known by."""
    return "names", teams


def names_of(store: Store, teams: Sequence[str]) -> dict[str, frozenset[str]]:
    """By team, the names of its agents and reviewers, and of customers where the source has a name for an id."""
    names: dict[str, set[str]] = {team: set() for team in teams}
    for team, name in (*((team, name) for team, name, _ in people(store, teams)), *_customers(store, teams)):
        names[team].add(name)
    return {team: frozenset(own) for team, own in names.items()}


def people(store: Store, teams: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Team, name and role ("agent", "reviewer") of everybody who works in these teams, by the data."""
    for table, column, role in PEOPLE:
        if table in store.meta.tables and column in store.meta.tables[table].present:
            yield from ((team, name, role) for team, name in _distinct(store, table, column, teams))


def _customers(store: Store, teams: Sequence[str]) -> Iterator[tuple[str, str]]:
    for table in CUSTOMERS:
        if table in store.meta.tables and "customer_id" in store.meta.tables[table].present:
            yield from _distinct(store, table, "customer_id", teams, _IS_NAME)


def _distinct(store: Store, table: str, column: str, teams: Sequence[str], where: str = "TRUE") -> list:
    asked = (
        f"SELECT DISTINCT team, {column} FROM {table} WHERE {column} IS NOT NULL AND list_contains(?, team) AND {where}"
    )
    with store.connect() as con:
        return con.execute(asked, [list(teams)]).fetchall()
