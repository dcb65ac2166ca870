"""Patterns that make figures look better than the service is: found where they are, and not where nothing is wrong.

The chances in the comments are worked by hand: a pattern is told below one in ten thousand.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from checking import load_frames, notices

from auditkit.checks import CHECKS, run_checks
from auditkit.pseudonyms import pseudonym

REPOSITORY = Path(__file__).resolve().parent.parent
MAY = pd.Timestamp("2026-05-04 09:00", tz="UTC")
SPACE = "\u00a0"


def tickets(rows: int, **columns) -> pd.DataFrame:
    """So many tickets of North, one an hour from 4 May, answered after one hour and resolved after two."""
    created = MAY + pd.to_timedelta(range(rows), unit="h")
    times = {"created_at": created, "first_response_at": created + pd.Timedelta(hours=1)}
    times["resolved_at"] = created + pd.Timedelta(hours=2)
    return pd.DataFrame({"ticket_id": range(rows), "team": "North"} | times | columns)


def surveys(scores: list[int], **columns) -> pd.DataFrame:
    """One answered csat survey on 1-5 for each score, a day after the ticket of the same number."""
    answered = MAY + pd.Timedelta(days=1) + pd.to_timedelta(range(len(scores)), unit="h")
    return pd.DataFrame({"response_id": range(len(scores)), "team": "North", "kind": "csat", "sent_at": answered,
        "answered_at": answered, "score": scores, "scale_min": 1, "scale_max": 5, "ticket_id": range(len(scores))}
        | columns)  # fmt: skip


def pairs(customers: int, minutes: int, reasons=("bill", "bill")) -> pd.DataFrame:
    """So many customers who write twice, so many minutes apart."""
    first = tickets(customers, customer_id=range(customers), reason=reasons[0])
    second = first.assign(ticket_id=first["ticket_id"] + 1000, reason=reasons[1])
    second["created_at"] += pd.Timedelta(minutes=minutes)
    return pd.concat([first, second], ignore_index=True)


# Were they back by chance, one in seven would be back within 10 of 70 minutes: 5 of 5 6e-5, 4 of 4 4e-4
@pytest.mark.parametrize(
    ("customers", "minutes", "reasons", "told"),
    [
        (5, 4, ("bill", "bill"), True),
        (4, 4, ("bill", "bill"), False),
        (5, 11, ("bill", "bill"), False),
        (5, 4, ("bill", "fault"), False),
    ],
)
def test_tickets_of_one_customer_and_matter_within_minutes_are_split(tmp_path, customers, minutes, reasons, told):
    found = notices(load_frames(tmp_path, tickets=pairs(customers, minutes, reasons)), "split_tickets")
    assert [(one.count, one.rows) for one in found] == ([(5, (7, 8, 9, 10, 11))] if told else [])


def test_a_customer_who_stands_for_everybody_is_no_split(tmp_path):
    rows = tickets(200, customer_id="walk-in", reason="bill")
    rows["created_at"] = MAY + pd.to_timedelta(np.arange(200) * 3, unit="min")
    assert notices(load_frames(tmp_path, tickets=rows), "split_tickets") == []


# 4 of 4 withdrawn among the 6 low of 60: 15 / 487,635 = 3e-5
@pytest.mark.parametrize(("withdrawn", "told"), [([0, 1, 2, 3], True), ([0, 1, 2], False), ([0, 1, 20, 30], False)])
def test_answers_withdrawn_because_they_are_low_are_told(tmp_path, withdrawn, told):
    answers = surveys([1] * 6 + [5] * 54, invalidated=["no"] * 60)
    answers.loc[withdrawn, "invalidated"] = "yes"
    found = notices(load_frames(tmp_path, surveys=answers), "invalidated_low_scores")
    assert [(one.place, one.count, one.rows) for one in found] == ([("team North", 4, (2, 3, 4, 5))] if told else [])
    if told:
        assert found[0].statement.startswith(f"4 of 6{SPACE}answers to North with a low score were withdrawn")


def moved(numbers: list[int], after_days: int) -> pd.DataFrame:
    """A log in which Ann is given 70 tickets, and Bob some of them so many days later."""
    first = pd.DataFrame({"ticket_id": range(70), "at": MAY, "value": "Ann"})
    later = pd.DataFrame({"ticket_id": numbers, "at": MAY + pd.Timedelta(days=after_days), "value": "Bob"})
    return pd.concat([first, later], ignore_index=True).assign(kind="assign", team="North")


# 5 of 5 moved among the 10 low of 70: 252 / 12,103,014 = 2e-5
@pytest.mark.parametrize(
    ("numbers", "after_days", "told"),
    [([0, 1, 2, 3, 4], 20, True), ([0, 1, 2, 3, 4], 0, False), ([0, 1, 2, 3, *range(20, 44)], 20, False)],
)
def test_tickets_given_to_another_agent_after_a_low_score_are_told(tmp_path, numbers, after_days, told):
    answers = surveys([1] * 10 + [5] * 60, agent="Ann")
    found = load_frames(tmp_path, tickets=tickets(70), ticket_events=moved(numbers, after_days), surveys=answers)
    assert [one.rows for one in notices(found, "reassigned_after_low_score")] == ([(2, 3, 4, 5, 6)] if told else [])


def asked(numbers: list[int], answered: int) -> pd.DataFrame:
    """Surveys about these tickets, of which the first few are answered."""
    frame = surveys(
        [5] * len(numbers), ticket_id=numbers, sent_at=MAY + pd.to_timedelta(np.arange(len(numbers)) * 5, "h")
    )
    frame.loc[frame.index >= answered, ["answered_at", "score"]] = None
    return frame


BAD, GOOD = list(range(40)), list(range(40, 200))


# 120 of 200 are asked; 24 of 40 would be; the variance is 40 x 160 x 120 x 80 / (200 x 200 x 199) = 7.7, so 5 lie 6.7
# standard deviations below.
def test_surveys_that_are_not_sent_after_bad_outcomes_are_told(tmp_path):
    rows = tickets(200, complaint=["yes"] * 40 + ["no"] * 160)
    sent = asked(BAD[:5] + GOOD[:115], answered=60)
    (found,) = notices(load_frames(tmp_path, tickets=rows, surveys=sent), "survey_not_sent")
    assert (found.place, found.count, found.rows) == ("team North", 35, (7, 8, 9, 10, 11))
    assert found.statement.startswith(
        "5 of 40 tickets with a complaint, an escalation, a reopening or a failure in North"
    )
    assert "; 24 would be if" in found.statement


def test_a_rule_by_channel_is_no_selection_by_outcome(tmp_path):
    rows = tickets(200, complaint=["yes"] * 40 + ["no"] * 160, channel=["phone"] * 80 + ["email"] * 120)
    sent = asked(list(range(80, 200)), answered=60)
    assert notices(load_frames(tmp_path, tickets=rows, surveys=sent), "survey_not_sent") == []


def test_where_only_answers_are_listed_nobody_knows_who_was_asked(tmp_path):
    rows = tickets(200, complaint=["yes"] * 40 + ["no"] * 160)
    sent = asked(BAD[:5] + GOOD[:115], answered=120)
    assert notices(load_frames(tmp_path, tickets=rows, surveys=sent), "survey_not_sent") == []


def test_an_agent_whose_customers_are_not_asked_is_told(tmp_path):
    rows = tickets(200, agent=["Ann"] * 40 + ["Bob"] * 80 + ["Cid"] * 80)
    sent = asked(BAD[:5] + GOOD[:115], answered=60)
    found = notices(load_frames(tmp_path, tickets=rows, surveys=sent), "survey_not_sent")
    assert [one.place for one in found] == [f"team North, agent {pseudonym('Ann', 'x')}"]


@pytest.mark.parametrize(("reason", "rows", "told"), [("merged", 12, True), ("merged", 9, False), ("spam", 40, False)])
def test_a_large_share_left_out_is_told_unless_it_is_spam(tmp_path, reason, rows, told):
    frame = tickets(100, excluded=[reason] * rows + [None] * (100 - rows))
    found = notices(load_frames(tmp_path, tickets=frame), "excluded_share")
    assert [one.count for one in found] == ([rows] if told else [])
    if told:
        assert found[0].statement.endswith("are left out of every figure: merged 12.")


def over_months(**columns) -> pd.DataFrame:
    """A hundred tickets on the tenth of each month from January to May."""
    rows = tickets(500, **columns)
    rows["created_at"] = [pd.Timestamp(f"2026-{1 + number // 100:02d}-10 09:00", tz="UTC") for number in range(500)]
    return rows.assign(first_response_at=rows["created_at"], resolved_at=rows["created_at"] + pd.Timedelta(hours=1))


@pytest.mark.parametrize(("in_may", "told"), [(20, True), (6, False)])
def test_a_month_in_which_far_more_is_left_out_is_told(tmp_path, in_may, told):
    excluded = (["deleted"] * 2 + [None] * 98) * 4 + ["deleted"] * in_may + [None] * (100 - in_may)
    found = notices(load_frames(tmp_path, tickets=over_months(excluded=excluded)), "excluded_jump")
    assert [(one.place, one.count) for one in found] == ([("team North, 2026-05", 20)] if told else [])
    if told:
        assert f"(20 of 100) are left out as deleted; in the other months 2.0{SPACE}%" in found[0].statement


# If one in a hundred is ordinary, 6 of 100 have a chance of 5e-4 and 8 of 100 8e-6.
@pytest.mark.parametrize(("unanswered", "told"), [(8, True), (6, False)])
def test_more_tickets_resolved_with_no_reply_than_settle_themselves_are_told(tmp_path, unanswered, told):
    rows = tickets(100)
    rows.loc[: unanswered - 1, "first_response_at"] = pd.NaT
    found = notices(load_frames(tmp_path, tickets=rows), "resolved_with_no_reply")
    assert [(one.place, one.count) for one in found] == ([("team North", 8)] if told else [])


def test_where_no_replies_are_known_their_absence_is_no_fault(tmp_path):
    found = load_frames(tmp_path, tickets=tickets(100).drop(columns="first_response_at"))
    assert notices(found, "resolved_with_no_reply") == []


@pytest.mark.parametrize(("of_ann", "of_bob", "told"), [(8, 0, True), (8, 8, False), (4, 0, False)])
def test_an_agent_who_closes_what_nobody_answered_is_told(tmp_path, of_ann, of_bob, told):
    rows = tickets(200, agent=["Ann"] * 50 + ["Bob"] * 50 + ["Cid"] * 100)
    rows.loc[[*range(of_ann), *range(50, 50 + of_bob)], "first_response_at"] = pd.NaT
    found = notices(load_frames(tmp_path, tickets=rows), "agent_resolves_without_reply")
    assert [one.place for one in found] == ([f"team North, agent {pseudonym('Ann', 'x')}"] if told else [])


def test_an_agent_is_named_only_where_audit_toml_says_so(tmp_path):
    rows = tickets(200, agent=["Ann"] * 50 + ["Bob"] * 50 + ["Cid"] * 100)
    rows.loc[list(range(8)), "first_response_at"] = pd.NaT
    (found,) = notices(load_frames(tmp_path, tickets=rows), "agent_resolves_without_reply")
    assert "Ann" not in f"{found.place} {found.statement} {found.remedy}"
    named = load_frames(tmp_path, '[privacy]\nagents = "names"\n', tickets=rows)
    (found,) = notices(named, "agent_resolves_without_reply")
    assert found.place == "team North, Ann" and found.statement.startswith("North, Ann: 8 of 50")


def calls(seconds: list[int], agents: list[str]) -> pd.DataFrame:
    """Answered calls of North with these seconds of talk."""
    return pd.DataFrame({"call_id": range(len(seconds)), "team": "North", "agent": agents, "talk_seconds": seconds,
        "offered_at": MAY + pd.to_timedelta(range(len(seconds)), unit="min"), "answered": "yes"})  # fmt: skip


# 14 of 14 on one side of ten seconds: 6e-5; 20 against 15 is what chance does
@pytest.mark.parametrize(("short", "longer", "told"), [(14, 0, True), (13, 0, False), (20, 15, False)])
def test_answered_calls_that_end_at_once_are_told(tmp_path, short, longer, told):
    rows = calls([3] * short + [15] * longer + [180] * 100, ["Ann", "Bob"] * ((short + longer) // 2 + 50)
        + ["Ann"] * ((short + longer) % 2))  # fmt: skip
    found = notices(load_frames(tmp_path, calls=rows), "call_ended_at_once")
    assert [(one.place, one.count) for one in found] == ([("team North", short)] if told else [])


def test_an_agent_whose_calls_end_at_once_is_told(tmp_path):
    rows = calls([3] * 8 + [180] * 42 + [180] * 150, ["Ann"] * 50 + ["Bob"] * 150)
    found = notices(load_frames(tmp_path, calls=rows), "call_ended_at_once")
    assert [(one.place, one.count) for one in found] == [(f"team North, agent {pseudonym('Ann', 'x')}", 8)]


def test_the_length_of_a_call_follows_from_its_instants_where_no_talk_is_given(tmp_path):
    rows = calls([3] * 14 + [180] * 100, ["Ann", "Bob"] * 57)
    rows["answered_at"] = rows["offered_at"]
    rows["ended_at"] = rows["answered_at"] + pd.to_timedelta(rows.pop("talk_seconds"), unit="s")
    assert len(notices(load_frames(tmp_path, calls=rows), "call_ended_at_once")) == 1


@pytest.mark.parametrize(
    ("filled", "told"),
    [
        ((0, 0, 0, 90, 95), True),
        ((90, 95, 5, 5, 0), True),
        ((90, 95, 85, 90, 75), False),  # a slip in one month
        ((0, 90, 0, 90, 90), False),  # it wanders
        ((50, 50, 50, 50, 50), False),
    ],
)
def test_a_column_that_is_filled_from_a_month_on_has_changed_meaning(tmp_path, filled, told):
    language = [word for part in filled for word in ["fi"] * part + [None] * (100 - part)]
    found = notices(load_frames(tmp_path, tickets=over_months(language=language)), "column_changed_meaning")
    month = "2026-04" if filled[0] == 0 else "2026-03"
    assert [one.place for one in found] == ([f"team North, {month}"] if told else [])
    if told:
        assert "language" in found[0].statement


def test_tickets_still_open_are_no_missing_values(tmp_path):
    rows = over_months(handle_seconds=["60"] * 500)
    late = rows.index >= 400
    rows.loc[late, ["first_response_at", "resolved_at"]] = pd.NaT
    rows.loc[late, "handle_seconds"] = None
    assert notices(load_frames(tmp_path, tickets=rows), "column_changed_meaning") == []


def test_no_check_tells_of_clean_random_data():
    found = {seed: benchmark().told(seed) for seed in range(40)}
    assert {seed: checks for seed, checks in found.items() if checks} == {}


def withdraw_low_scores(tables):
    answers = tables["surveys"]
    low = answers.index[(answers["team"] == "North") & (answers["score"] <= 2)]
    answers.loc[low[::2], "invalidated"] = True


def ask_only_where_it_went_well(tables):
    rows = tables["tickets"]
    bad = (rows["team"] == "North") & (rows["complaint"] | rows["escalated"] | (rows["reopens"] > 0))
    tables["surveys"] = tables["surveys"][~tables["surveys"]["ticket_id"].isin(rows.loc[bad, "ticket_id"])]


def move_low_scores(tables):
    answers = tables["surveys"]
    low = answers[(answers["team"] == "North") & (answers["score"] <= 2)]
    later = pd.DataFrame({"ticket_id": low["ticket_id"], "at": low["answered_at"] + pd.Timedelta(days=30),
        "kind": "assign", "value": "the newcomer", "team": "North", "source": "log.csv"})  # fmt: skip
    tables["ticket_events"] = pd.concat([tables["ticket_events"], later[::2]], ignore_index=True)


def cut_tickets_in_two(tables):
    rows = tables["tickets"]
    twice = rows[(rows["team"] == "North") & rows["excluded"].isna()][::30].copy()
    twice["created_at"] += pd.Timedelta(minutes=3)
    rows.loc[twice.index, "seconds_to_contact"] = twice["seconds_since_contact"] = 180
    tables["tickets"] = pd.concat([rows, twice.assign(ticket_id="again " + twice["ticket_id"])], ignore_index=True)


def merge_in_march(tables):
    rows = tables["tickets"]
    march = rows.index[(rows["team"] == "North") & (rows["created_at"].dt.month == 3)]
    rows.loc[march[::8], "excluded"] = "merged"


def close_unanswered(tables):
    rows = tables["tickets"]
    rows.loc[rows.index[rows["agent"] == "North 0"][::4], "first_response_at"] = pd.NaT


def hang_up(tables):
    rows = tables["calls"]
    rows.loc[rows.index[(rows["team"] == "North") & rows["answered"]][::25], "talk_seconds"] = 4


def forget_the_language(tables):
    rows = tables["tickets"]
    rows.loc[(rows["team"] == "North") & (rows["created_at"].dt.month >= 4), "language"] = None


@pytest.mark.parametrize(
    ("plant", "check"),
    [
        (withdraw_low_scores, "invalidated_low_scores"),
        (ask_only_where_it_went_well, "survey_not_sent"),
        (move_low_scores, "reassigned_after_low_score"),
        (cut_tickets_in_two, "split_tickets"),
        (merge_in_march, "excluded_jump"),
        (close_unanswered, "agent_resolves_without_reply"),
        (hang_up, "call_ended_at_once"),
        (forget_the_language, "column_changed_meaning"),
    ],
)
def test_what_is_planted_in_clean_data_is_found_at_its_team_and_nowhere_else(plant, check):
    tables = benchmark().clean_tables(seed=3)
    plant(tables)
    con = benchmark().connect(tables)
    found = run_checks(con, tables, benchmark().CONFIG, benchmark().AS_OF.value // 1000)
    assert check in {one.check for one in found}
    assert {one.place.split(",")[0] for one in found} == {"team North"}


def test_the_documentation_names_every_check_with_its_measured_rate():
    page = (REPOSITORY / "docs" / "checks.md").read_text(encoding="utf-8")
    for _, check in CHECKS:
        name = re.escape(check.__name__)
        assert re.search(rf"^### {name}$", page, re.M), f"docs/checks.md does not explain {check.__name__}"
        assert re.search(rf"^\| {name} \| \d+ \|", page, re.M), f"docs/checks.md has no rate of {check.__name__}"


def benchmark():
    """The benchmark that measures false alarms, which is not part of the package."""
    if "false_positives" not in sys.modules:
        path = REPOSITORY / "benchmarks" / "false_positives.py"
        spec = importlib.util.spec_from_file_location("false_positives", path)
        sys.modules["false_positives"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["false_positives"]
