"""A figure at an earlier as_of is that of the data of then, and a team's is its own: nobody else's."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import pytest
from generated import TEAMS, drawn, known_at, tables
from support import one, store, utc

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.measures import CATALOGUE
from auditkit.relations import RELATIONS

KNOWN = utc("2026-05-20T12:00")
PERIODS = [parse_period(text) for text in ("2026-04", "2026-05", "2026-05-12", "2026")]
NUMBERS = ["value", "numerator", "denominator", "n", "low", "high", "completeness"]
ABSENT = -1e99
KEYS = ["measure", "statistic", "variant", "team", "period", "group"]
TOML = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "2h" }
first_response_within_business = { within = { high = "1h", low = "4h" } }
resolved_within = { within = "1d" }
resolved_within_business = { within = "8h" }
"""


def made(folder, rows, as_of):
    audit = f'as_of = {as_of:%Y-%m-%dT%H:%M:%S}Z\ntimezone = "Europe/Helsinki"'
    return store(folder, TOML, audit=audit, **{name: drawn(own) for name, own in rows.items()})


@pytest.fixture(scope="module")
def rows():
    """No call is being answered at the instant in question: what is known of half a call is a case of its own."""
    every = tables(11)
    quiet = KNOWN - timedelta(minutes=20)
    return every | {"calls": [row for row in every["calls"] if not quiet <= row["offered_at"] <= KNOWN]}


@pytest.fixture(scope="module")
def today(tmp_path_factory, rows):
    return made(tmp_path_factory.mktemp("today"), rows, utc("2026-07-10T00:00"))


@pytest.fixture(scope="module")
def then(tmp_path_factory, rows):
    return made(tmp_path_factory.mktemp("then"), known_at(rows, KNOWN), KNOWN)


def of_all(made_store, by=None, teams=(), as_of=None) -> pd.DataFrame:
    found = evaluate(made_store, CATALOGUE, teams, PERIODS, by, variants=True, as_of=as_of)
    return found.assign(group=found["group"].fillna("")).sort_values(KEYS).set_index(KEYS)[NUMBERS]


def differing(one: pd.DataFrame, other: pd.DataFrame) -> list[tuple]:
    """What differs, as (measure, variant, team, period, group, column, one, other)."""
    one, other = (frame.stack(future_stack=True).rename(name) for frame, name in ((one, "one"), (other, "other")))
    both = pd.concat([one, other], axis=1).fillna(ABSENT)
    unlike = both[(both["one"] - both["other"]).abs() > 1e-9 * both.abs().max(axis=1)]
    return [(*key, *values) for key, values in zip(unlike.index, unlike.to_numpy().tolist(), strict=True)]


@pytest.mark.parametrize("by", [None, "channel", "agent"])
def test_figures_at_an_earlier_as_of_are_those_of_the_data_of_then(today, then, by):
    looking_back, of_then = (of_all(one, by, as_of=KNOWN).dropna(subset="value") for one in (today, then))
    assert differing(looking_back, of_then) == []


def test_the_test_sees_every_relation(today):
    """Each relation but the event log's has figures here that differ between the two instants."""
    before, after = of_all(today, as_of=KNOWN), of_all(today)
    changed = (before != after) & ~(before.isna() & after.isna())
    seen = {CATALOGUE[name].of for name in changed[changed.any(axis=1)].index.get_level_values("measure")}
    assert seen == RELATIONS.keys() - {"update_windows"}


@pytest.mark.parametrize("by", [None, "channel"])
def test_a_team_alone_has_the_figures_that_it_has_among_others(today, tmp_path_factory, rows, by):
    own = {name: [row for row in table if row.get("team", "North") == "North"] for name, table in rows.items()}
    of_north = {row["agent"] for row in own["agents"]}
    own["training"] = [row for row in own["training"] if row["agent"] in of_north]
    alone = made(tmp_path_factory.mktemp("alone"), own, utc("2026-07-10T00:00"))
    assert len(TEAMS) == 2
    assert differing(of_all(alone, by), of_all(today, by, ["North"])) == []


def test_ages_at_an_as_of_within_the_period_are_exact(tmp_path):
    tickets = """
    ticket_id | team  | created_at          | resolved_at
    1         | North | 2026-05-04 09:00:00 |
    2         | North | 2026-05-04 09:00:10 |
    3         | North | 2026-05-04 09:00:00 | 2026-05-04 09:00:05
    """
    space = store(tmp_path, audit='as_of = "2026-05-04T09:00:10Z"', tickets=tickets)
    ages = evaluate(space, ["backlog", "backlog_age_median", "backlog_age_p90"])
    assert one(ages, measure="backlog")["value"] == 2
    assert one(ages, measure="backlog_age_median")["value"] == 5.0  # of 10 s and 0 s
    assert one(ages, measure="backlog_age_p90")["value"] == 9.0
