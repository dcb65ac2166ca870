"""The product finds in the sample what was planted there, where it was planted, and nothing of the kind elsewhere.

The truth comes from data/sample/planted.json, which the generator wrote from its own knowledge.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from auditkit.clocks.period import parse_period
from auditkit.evaluation.evaluate import evaluate
from auditkit.exhibits.context import Context
from auditkit.exhibits.mystery_waits import independent_tests, pairs
from auditkit.exhibits.public_reviews import public_reviews
from auditkit.load import load
from auditkit.report.evaluated import make_context
from auditkit.stats import compare_samples, xmr
from auditkit.workspace import open_workspace

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
PLANTED = json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))
TEAMS = ("Almaty", "Helsinki", "London", "Oslo")
MONTHS = parse_period("2026-05").history(14)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "w"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".auditkit", "reports"))
    return load(open_workspace(folder))


def teams_told(store, check: str) -> set[str]:
    return {notice.place.removeprefix("team ").split(",")[0] for notice in store.meta.notices if notice.check == check}


@pytest.mark.parametrize(
    ("check", "team"),
    [
        ("heaping_under_target", "Almaty"),
        ("month_end_bulk_close", "Helsinki"),
        ("repeat_after_quick_close", "Helsinki"),
        ("weekend_gap", "Oslo"),
    ],
)
def test_a_planted_pattern_is_found_at_its_team_and_nowhere_else(store, check, team):
    assert teams_told(store, check) == {team}


def test_the_bulk_closes_found_are_about_as_many_as_were_planted(store):
    (notice,) = [one for one in store.meta.notices if one.check == "month_end_bulk_close"]
    assert notice.count == pytest.approx(PLANTED["effects"]["month_end_closes"]["Helsinki"]["planted"], rel=0.03)


def test_the_quick_closes_come_back_as_often_as_planted(store):
    (notice,) = [one for one in store.meta.notices if one.check == "repeat_after_quick_close"]
    # The generator counts repeats by ticket; the product counts calls too, so it finds a few more.
    planted = PLANTED["effects"]["repeats_after_quick_close"]["Helsinki"]["quick_repeated"]
    assert planted <= notice.count <= 1.1 * planted


@pytest.mark.parametrize("team", TEAMS)
def test_response_times_before_and_after_the_change_are_those_planted(store, team):
    truth = PLANTED["effects"]["process_change"][team]
    periods = [parse_period("2025-04-01..2026-01-31"), parse_period("2026-02-01..2026-05-31")]
    results = evaluate(store, ["first_response_time_business"], [team], periods)
    before, after = results[results["statistic"] == "median"]["value"]
    # Refused rows (unreadable dates, contradicting ids) are missing from the product's median, so it differs a little.
    assert before == pytest.approx(truth["before_median"], rel=0.01)
    assert after == pytest.approx(truth["after_median"], rel=0.01)


def test_only_london_changed_on_the_day_of_the_change(store):
    chances = {}
    for team in TEAMS:
        frame = store.frame("tickets", team).dropna(subset=["response_business_seconds"])
        after = frame["created_on"].astype(str) >= "2026-02-01"
        chances[team] = compare_samples(
            frame.loc[after, "response_business_seconds"], frame.loc[~after, "response_business_seconds"]
        )[1]
    assert chances["London"] < 1e-10
    assert min(chance for team, chance in chances.items() if team != "London") > 0.01


@pytest.mark.parametrize("team", TEAMS)
def test_december_stands_out_where_it_was_planted(store, team):
    received = evaluate(store, ["tickets_received"], [team], MONTHS)["value"].to_numpy()
    december = [period.label for period in MONTHS].index("2025-12")
    signals = xmr(received).signals[december]
    assert ("outside" in signals) == (team in ("London", "Oslo"))


def test_dirt_is_refused_folded_and_noticed_as_often_as_planted(store):
    dirt = PLANTED["dirt"]["counts"]
    with (store.workspace.state / "refused.csv").open(encoding="utf-8", newline="") as stream:
        refused = list(csv.DictReader(stream))
    by_file = Counter(row["file"].split("#")[0].split("!")[0] for row in refused)
    expected = Counter()
    for kind, rows_each in (("unreadable_date", 1), ("too_few_fields", 1), ("conflicting_duplicate", 2)):
        for file, count in dirt[kind].items():
            expected[file] += rows_each * count
    assert by_file == expected
    folded = {one.name.split("!")[0]: one.rows_folded for one in store.meta.sources if one.rows_folded}
    assert folded == dirt["exact_duplicate"]
    for check, kind in (
        ("reply_before_creation", "reply_before_creation"),
        ("resolved_before_created", "resolved_before_creation"),
        ("score_outside_scale", "score_outside_scale"),
    ):
        told = {one.place.split("#")[0]: one.count for one in store.meta.notices if one.check == check}
        assert told == dirt[kind]


def test_every_row_in_and_every_row_out_is_accounted_for(store):
    for source in store.meta.sources:
        assert source.rows_in == source.rows_kept + source.rows_refused + source.rows_folded


def test_a_column_that_a_team_does_not_have_makes_its_figure_absent_with_the_reason(store):
    results = evaluate(store, ["fcr"], ["Almaty"], [parse_period("2026-04")])
    assert not results["available"].any()
    assert "has what the measure needs" in results["reason"].iloc[0]


# --- tests by an agency, and public reviews


@pytest.fixture(scope="module")
def contexts(store) -> dict[str, Context]:
    """Each team as its report for May sees it."""
    return {team: make_context(store, team, parse_period("2026-05"), store.meta.as_of) for team in TEAMS}


def test_tests_after_hours_wait_longer_than_reported_in_almaty_and_nowhere_else(contexts):
    slower = {
        (team, pair.channel, pair.closed)
        for team, context in contexts.items()
        for pair in pairs(context, independent_tests(context, context.whole))
        if pair.is_slower or pair.is_faster
    }
    assert slower == {("Almaty", "email", True)}


@pytest.mark.parametrize("team", TEAMS)
def test_the_test_emails_found_are_those_planted(contexts, team):
    truth = PLANTED["effects"]["tests_after_hours"][team]
    tests = independent_tests(contexts[team], contexts[team].whole)
    assert len(tests) == truth["tests"] - truth["by_insiders"]
    for name, closed in (("open", False), ("closed", True)):
        mails = tests[(tests["channel"] == "email") & (tests["after_hours"] == closed)]
        assert (len(mails), mails["answered"].sum()) == (truth[f"{name}_mails"], truth[f"{name}_answered"])
        assert mails["reply_seconds"].median() == truth[f"{name}_median"]


def test_tests_by_phone_after_hours_conclude_nothing_because_no_such_calls_are_on_record(contexts):
    for context in contexts.values():
        found = [one for one in pairs(context, independent_tests(context, context.whole)) if one.channel == "phone"]
        assert [(one.closed, one.is_compared) for one in found] == [(False, True), (True, False)]


@pytest.mark.parametrize("team", TEAMS)
def test_the_site_that_nobody_replies_on_is_found_in_oslo_and_nowhere_else(store, contexts, team):
    results = evaluate(store, ["review_reply_rate"], [team], [parse_period("2025-04-01..2026-05-31")], by="channel")
    found = {one.group: (one.denominator, one.numerator) for one in results.itertuples() if one.group}
    planted = PLANTED["effects"]["unseen_site"][team]
    assert found == {site: (one["reviews"], one["replied"]) for site, one in planted.items()}
    sites = next(one for one in public_reviews(contexts[team]) if one.id == "reviews-public-sites")
    assert ("Shopmirror" in sites.data["title"]) == (team == "Oslo")
