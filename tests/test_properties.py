"""What holds for the whole catalogue, whatever the data: how rows are handed over and when they happened is irrelevant.

One generated workspace of two teams (generated.py), its figures with all variants, compared with those of the same
rows handed over otherwise.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from generated import Tables, drawn, tables
from support import AUDIT, write_table

from auditkit.clocks.period import Period, parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.load import load
from auditkit.measures import CATALOGUE
from auditkit.store import Store
from auditkit.workspace import open_workspace

NUMBERS = ["value", "numerator", "denominator", "n", "low", "high", "completeness"]
KEYS = ["measure", "statistic", "variant", "team", "place", "group"]
AS_OF = datetime(2026, 7, 10)
PERIODS = [
    parse_period(text) for text in ("2026-04-06..2026-05-03", "2026-05-04..2026-05-31", "2026-04-06..2026-07-05")
]
TOML = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "2h" }
first_response_within_business = { within = { high = "1h", low = "4h" } }
resolved_within = { within = "1d" }
resolved_within_business = { within = "8h" }
"""


def store_of(folder: Path, made: Tables, as_of: datetime = AS_OF, parts: int = 1, copies: int = 1) -> Store:
    """A store of these tables: each table's rows dealt out to so many files, each file there so many times."""
    sources = ""
    for name, rows in made.items():
        for part in range(parts):
            for copy in range(copies):
                write_table(folder / "data" / f"{name}-{part}-{copy}.csv", drawn(rows[part::parts]))
        sources += f'[[source]]\ntable = "{name}"\npath = "data/{name}-*.csv"\ndates = "iso"\n'
    audit = f'{AUDIT}as_of = {as_of:%Y-%m-%dT%H:%M:%S}Z\ntimezone = "Asia/Kolkata"\n'
    (folder / "audit.toml").write_text(f"{audit}{sources}{TOML}", encoding="utf-8")
    return load(open_workspace(folder))


def figures(of: Store, periods: list[Period] = PERIODS, by: str | None = None) -> pd.DataFrame:
    """Every figure with every variant; a period is known by its place in the list."""
    found = evaluate(of, CATALOGUE, periods=periods, by=by, variants=True)
    place = {period.label: number for number, period in enumerate(periods)}
    found = found.assign(place=found["period"].map(place), group=found["group"].fillna(""))
    return found.sort_values(KEYS).set_index(KEYS)


def assert_same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one[NUMBERS], other[NUMBERS], check_dtype=False, rtol=1e-9)


@pytest.fixture(scope="module")
def made() -> Tables:
    return tables(5)


@pytest.fixture(scope="module")
def plain(tmp_path_factory, made) -> pd.DataFrame:
    return figures(store_of(tmp_path_factory.mktemp("plain"), made))


def test_the_property_is_tried_on_figures_of_nearly_every_measure(plain):
    there = plain[plain["available"].astype(bool)].index.get_level_values("measure")
    # The generated tables have no log, and too few reviews of tickets that were also rated.
    assert CATALOGUE.keys() - set(there) == {"update_cadence", "qa_predicts_csat"}


def test_splitting_files_shuffling_rows_and_loading_them_twice_change_nothing(tmp_path, made, plain):
    shuffled = {name: random.Random(3).sample(rows, len(rows)) for name, rows in made.items()}
    assert_same(plain, figures(store_of(tmp_path, shuffled, parts=3, copies=2)))


def test_shifting_every_instant_by_whole_weeks_shifts_only_the_dates(tmp_path, made, plain):
    by = timedelta(weeks=5)
    moved = {
        name: [{key: cell + by if isinstance(cell, datetime) else cell for key, cell in row.items()} for row in rows]
        for name, rows in made.items()
    }
    later = [parse_period(f"{period.start + by}..{period.end - timedelta(days=1) + by}") for period in PERIODS]
    assert_same(plain, figures(store_of(tmp_path, moved, AS_OF + by), later))


def test_a_figure_lies_in_its_interval_and_the_interval_of_a_share_in_the_whole(plain):
    known = plain[plain["available"].astype(bool) & plain["low"].notna() & plain["high"].notna()]
    low, value, high = (known[name].to_numpy(dtype=float) for name in ("low", "value", "high"))
    assert len(known) > 300
    assert (low <= value + 1e-9).all() and (value <= high + 1e-9).all()
    shares = known[known.index.get_level_values("statistic") == "share"]
    assert len(shares) > 100
    assert shares[["low", "value", "high"]].to_numpy(dtype=float).min() >= 0
    assert shares[["low", "value", "high"]].to_numpy(dtype=float).max() <= 1


def test_a_share_is_its_numerator_over_its_denominator_and_no_numerator_is_larger(plain):
    shares = plain[plain["available"].astype(bool) & (plain.index.get_level_values("statistic") == "share")]
    shares = shares[shares["numerator"].notna()]
    assert (shares["numerator"] <= shares["denominator"]).all()
    np.testing.assert_allclose(shares["value"].astype(float), shares["numerator"] / shares["denominator"])


POOLED = ("channel", "agent", "priority", "type", "reason", "language", "hour", "weekday", "opening")


@pytest.mark.parametrize("by", POOLED)
def test_groups_pool_to_the_total_for_every_measure_that_has_them(tmp_path_factory, made, by, plain, grouped):
    """Counts, shares and net scores of rows: their numerators and their n add up, those of no group included."""
    own = grouped(by)
    whole = plain[plain["available"].astype(bool)].reset_index()
    tried = 0
    for (measure, statistic, variant, team, place), total in whole.groupby(KEYS[:5]):
        parts = own[
            (own["measure"] == measure) & (own["statistic"] == statistic) & (own["variant"] == variant)
            & (own["team"] == team) & (own["place"] == place)
        ]  # fmt: skip
        declared = CATALOGUE[measure].variants.get(variant, CATALOGUE[measure])
        has_no_such_group = parts.empty or (parts["group"].eq("").all() and not parts["available"].any())
        if has_no_such_group or _counts_things(declared) or statistic not in ("count", "share", "net", "ratio"):
            continue
        if parts["numerator"].isna().any():  # a small group of a survey is hidden
            continue
        tried += 1
        assert parts["n"].sum() == pytest.approx(total["n"].iloc[0]), (measure, variant, by)
        if statistic in ("count", "share"):
            assert parts["numerator"].sum() == pytest.approx(total["numerator"].iloc[0]), (measure, variant, by)
    assert tried >= 12, by


def _counts_things(declared) -> bool:
    """Whether it counts different things (customers), of which one may be in several groups, or has no such sums."""
    return bool(getattr(declared, "per", "") or getattr(declared, "distinct", "")) or hasattr(declared, "function")


@pytest.fixture(scope="module")
def grouped(tmp_path_factory, made):
    of = store_of(tmp_path_factory.mktemp("grouped"), made)
    return lambda by: figures(of, by=by).reset_index()
