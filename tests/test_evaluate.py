"""The engine: teams, periods, groups, as_of and reasons, whatever the measure."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from support import one, store, table, utc, values, workspace, write_table

from auditkit.answers import give
from auditkit.clocks.period import parse_period
from auditkit.config import Target
from auditkit.errors import ConfigError, UsageError
from auditkit.evaluation.evaluate import COLUMNS, evaluate, question_of
from auditkit.load import load
from auditkit.measures import CATALOGUE

APRIL, MAY, JULY, DAY = (parse_period(text) for text in ("2026-04", "2026-05", "2026-07", "2026-05-01"))

# North is in Helsinki (UTC+3 in summer), South in London (UTC+1); instants are UTC.
TICKETS = """
ticket_id | team  | channel | agent | tags | created_at          | first_response_at   | resolved_at         | reopens
1         | North | email   | eva   | a    | 2026-04-10 09:00:00 | 2026-04-10 10:00:00 | 2026-04-10 11:00:00 | 0
2         | North | chat    | eva   | a;b  | 2026-04-30 20:59:59 | 2026-04-30 21:00:00 | 2026-05-02 09:00:00 | 0
3         | North | email   | ivo   |      | 2026-04-30 21:00:00 | 2026-05-01 09:00:00 |                     | 1
4         | North |         | ivo   | b    | 2026-05-04 09:00:00 | 2026-05-04 09:10:00 | 2026-05-31 21:00:00 | 0
5         | South | email   | kim   |      | 2026-04-30 22:59:59 | 2026-05-01 09:00:00 | 2026-05-01 10:00:00 | 2
6         | South | chat    | kim   |      | 2026-04-30 23:00:00 |                     | 2026-05-05 10:00:00 | 0
7         | South | email   | kim   |      | 2026-06-01 09:00:00 | 2026-06-01 09:30:00 |                     | 0
"""
SURVEYS = """
response_id | team | kind | agent | sent_at              | answered_at          | score | scale_min | scale_max
1           | Care | csat | a     | 2026-05-04T09:00:00Z | 2026-05-04T10:00:00Z | 5     | 1         | 5
2           | Care | csat | a     | 2026-05-04T09:00:00Z | 2026-05-04T10:00:00Z | 5     | 1         | 5
3           | Care | csat | a     | 2026-05-04T09:00:00Z | 2026-05-04T10:00:00Z | 4     | 1         | 5
4           | Care | csat | a     | 2026-05-04T09:00:00Z | 2026-05-04T10:00:00Z | 1     | 1         | 5
5           | Care | csat | a     | 2026-05-04T09:00:00Z | 2026-05-20T10:00:00Z | 2     | 1         | 5
6           | Care | csat | b     | 2026-05-04T09:00:00Z | 2026-05-04T10:00:00Z | 1     | 1         | 5
"""
ZONES = """
[teams.North]
timezone = "Europe/Helsinki"
[teams.South]
timezone = "Europe/London"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    audit = "as_of = 2026-06-15T00:00:00Z"
    return store(tmp_path_factory.mktemp("desk"), ZONES, audit=audit, tickets=TICKETS, surveys=SURVEYS)


# --- the grid


def test_every_team_and_period_has_its_row_in_the_order_asked(desk):
    found = evaluate(desk, ["tickets_received"], ["South", "North"], [MAY, APRIL])
    assert list(zip(found["team"], found["period"], found["value"], strict=True)) == [
        ("South", "2026-05", 1),  # 6, at midnight in London
        ("South", "2026-04", 1),  # 5, a second before it
        ("North", "2026-05", 2),  # 3, at midnight in Helsinki, and 4
        ("North", "2026-04", 2),  # 1 and 2, a second before it
    ]


def test_the_table_has_the_published_columns(desk):
    assert tuple(evaluate(desk, ["nps"]).columns) == COLUMNS


def test_no_period_asked_means_all_that_the_data_cover(desk):
    found = one(evaluate(desk, ["tickets_received"], ["North"]))
    assert (found["period"], found["value"], found["reason"]) == ("2026-04-10..2026-06-01", 4, None)


def test_a_period_asked_twice_is_told_once(desk):
    assert len(evaluate(desk, ["tickets_received"], ["North"], [MAY, MAY])) == 1


def test_periods_may_overlap(desk):
    periods = [parse_period("2026"), parse_period("2026-Q2"), MAY, parse_period("2026-05-04")]
    assert values(evaluate(desk, ["tickets_received"], ["North"], periods)) == [4, 4, 2, 1]


def test_many_measures_at_once_give_what_each_gives_alone(desk):
    together = evaluate(desk, periods=[APRIL, MAY], variants=True)
    alone = [evaluate(desk, [name], periods=[APRIL, MAY], variants=True) for name in CATALOGUE]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True), check_dtype=False)


# --- snapshots, flows, ratios


def test_an_answer_that_is_there_is_given_to_the_very_question_whatever_was_done_to_it_before(desk):
    asked = {"measures": ("tickets_received", "csat"), "teams": ("North",), "periods": (MAY,), "as_of": desk.meta.as_of}
    there = evaluate(desk, **asked)
    there["value"] = [-1.0, -2.0]  # no store says so: whoever sees it has the answer that was given
    give(desk, {question_of(desk, **asked): there})
    first = evaluate(desk, **asked)
    first["value"] = 0
    pd.testing.assert_frame_equal(evaluate(desk, **asked), there)
    pd.testing.assert_frame_equal(evaluate(desk, [*asked["measures"]], ["North"], iter([MAY])), there)
    assert evaluate(desk, **asked | {"teams": ("South",)})["value"].tolist()[0] == 1  # 6
    (april,) = set(evaluate(desk, **asked | {"periods": (APRIL,)})["period"])
    assert april == "2026-04"
    aimed = desk.workspace.config.targets | {"csat": Target(at_least=0.8)}
    assert evaluate(desk, **asked, targets=aimed)["target"].tolist()[1] == 0.8


def test_a_backlog_is_what_is_open_when_the_period_ends(desk):
    found = evaluate(desk, ["backlog"], ["North"], [APRIL, MAY])
    assert values(found) == [
        1,  # 2 is open at the end of April; 3 begins in that very instant and belongs to May
        2,  # 3, and 4: resolved at the very end of May is resolved in June
    ]


def test_the_backlog_at_a_period_that_goes_on_is_that_of_as_of(desk):
    found = one(evaluate(desk, ["backlog"], ["North"], [parse_period("2026")]))
    assert (found["value"], found["reason"]) == (1, "the period is not over at the as-of instant")


def test_the_backlog_grows_by_the_net_flow(desk):
    for team in ("North", "South"):
        april, may = values(evaluate(desk, ["backlog"], [team], [APRIL, MAY]))
        assert may - april == one(evaluate(desk, ["net_flow"], [team], [MAY]))["value"]


def test_clearance_may_pass_one(desk):
    found = one(evaluate(desk, ["clearance_ratio"], ["South"], [MAY]))
    assert (found["value"], found["numerator"], found["denominator"]) == (2, 2, 1)


def test_clearance_of_nothing_received_has_no_value(desk):
    found = one(evaluate(desk, ["clearance_ratio"], ["South"], [parse_period("2026-05-05")]))
    assert pd.isna(found["value"]) and found["reason"] == "nothing to count in the period"


# --- groups


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("channel", {"chat": 1, "email": 2, None: 1}),
        ("agent", {"eva": 2, "ivo": 2}),
        ("tag", {"a": 2, "b": 2, None: 1}),  # a ticket with two tags stands in both
        ("hour", {"0": 1, "12": 2, "23": 1}),  # local: 21:00 UTC is midnight in Helsinki
        ("weekday", {"1": 1, "4": 1, "5": 2}),  # Monday 4 May; Thursday 30 April; Fridays 10 April and 1 May
        ("priority", {None: 4}),
    ],
)
def test_groups_of_the_tickets_of_a_team(desk, by, groups):
    found = evaluate(desk, ["tickets_received"], ["North"], by=by)
    assert dict(zip(found["group"], found["value"], strict=True)) == groups


@pytest.mark.parametrize("by", ["channel", "agent", "hour", "weekday"])
@pytest.mark.parametrize("name", ["tickets_received", "tickets_resolved", "backlog", "net_flow"])
def test_groups_pool_to_the_total(desk, name, by):
    whole = values(evaluate(desk, [name], periods=[MAY]), team="North")
    if name in ("tickets_resolved", "net_flow") and by in ("hour", "weekday"):
        found = one(evaluate(desk, [name], ["North"], [MAY], by=by))
        assert found["reason"].endswith(f"have no {by}")  # the hour of a resolution is not stored
    else:
        assert [sum(values(evaluate(desk, [name], ["North"], [MAY], by=by)))] == whole


def test_a_group_that_nothing_has_is_refused_with_those_there_are(desk):
    with pytest.raises(UsageError, match="channel, agent, tag"):
        evaluate(desk, ["tickets_received"], by="colour")


def test_a_group_that_the_table_lacks_is_a_reason(desk):
    found = evaluate(desk, ["csat"], ["Care"], [MAY], by="tag")
    assert list(found["reason"]) == ["surveys dated by answered_at have no tag"]


@pytest.mark.parametrize("name", ["tickets_received", "backlog", "net_flow", "resolution_time_all"])
def test_groups_of_a_period_outside_the_data_still_say_why(desk, name):
    found = evaluate(desk, [name], ["North"], [parse_period("2020-01")], by="channel")
    assert list(found["available"]) == [False]
    assert found["reason"].iloc[0] == "the data hold no tickets of the period (they cover 2026-04-10 to 2026-06-01)"


def test_survey_groups_of_fewer_than_five_are_hidden_and_the_total_is_not(desk):
    found = evaluate(desk, ["csat", "survey_response_rate"], ["Care"], [MAY], by="agent")
    a, b = one(found, measure="csat", group="a"), one(found, measure="csat", group="b")
    assert a["value"] == pytest.approx(3 / 5)
    assert b[["value", "numerator", "denominator", "low", "high"]].isna().all()
    assert (b["n"], b["available"], b["reason"]) == (1, False, "hidden: fewer than 5 answers in the group")
    assert one(evaluate(desk, ["csat"], ["Care"], [MAY]))["value"] == pytest.approx(3 / 6)


def test_groups_of_tickets_are_not_hidden(desk):
    found = evaluate(desk, ["resolution_rate"], ["North"], [MAY], by="agent")
    assert list(found["available"]) == [True]


# --- reasons


@pytest.mark.parametrize(
    ("name", "team", "period", "reason"),
    [
        ("calls_offered", "North", MAY, "no source fills the table calls"),
        ("replies_per_resolution", "North", MAY, "no source has the column replies"),
        ("fcr", "North", MAY, "no source has the column customer_id"),
        ("first_response_within", "North", MAY, "audit.toml sets no within for first_response_within"),
        ("first_response_time_business", "North", MAY, "the business hours of North are not in audit.toml"),
        ("tickets_received", "Care", MAY, "the data hold no tickets of Care"),
        ("csat", "North", MAY, "the data hold no surveys of North"),
        ("nps", "Care", MAY, "nothing to count in the period"),
        ("resolution_time", "North", parse_period("2026-05-04"), "nothing to count in the period"),
        ("tickets_received", "North", JULY, "the period begins after the as-of instant 2026-06-15 00:00 UTC"),
        ("resolution_time_all", "North", DAY, "fewer than half were resolved by the audit's as-of instant"),
    ],
)  # fmt: skip
def test_a_figure_that_does_not_exist_says_why(desk, name, team, period, reason):
    found = evaluate(desk, [name], [team], [period])
    assert not found["available"].any() and found["value"].isna().all()
    assert set(found["reason"]) == {reason}


def test_one_of_the_periods_outside_the_data_leaves_the_others(desk):
    found = evaluate(desk, ["tickets_received"], ["North"], [parse_period("2020-01"), MAY])
    assert list(found["available"]) == [False, True]


@pytest.mark.parametrize(
    ("as_of", "over"),
    [
        ("2026-05-15T00:00:00", False),
        ("2026-05-31T08:59:59", False),
        ("2026-05-31T09:00:00", True),  # noon in Helsinki: half a day before midnight is near enough
        ("2026-06-20T00:00:00", True),
    ],
)
def test_a_period_that_is_not_over_is_told_with_a_note(desk, as_of, over):
    found = one(evaluate(desk, ["tickets_received"], ["North"], [MAY], as_of=utc(as_of)))
    assert found["available"]
    assert found["reason"] == (None if over else "the period is not over at the as-of instant")


def test_a_team_that_does_not_exist_is_refused_with_the_teams_there_are(desk):
    with pytest.raises(UsageError, match=r"Did you mean 'North'\? Teams: Care, North, South"):
        evaluate(desk, ["nps"], ["Nort"])


# --- as_of


@pytest.mark.parametrize(
    ("as_of", "received", "resolved", "rate"),
    [
        ("2026-04-10T08:59:59", 0, 0, None),
        ("2026-04-10T10:59:59", 1, 0, 0),
        ("2026-04-10T11:00:00", 1, 1, 1),
        ("2026-05-01T00:00:00", 2, 1, 1 / 2),
        ("2026-06-15T00:00:00", 2, 1, 1),
    ],
)
def test_nothing_after_as_of_is_known(desk, as_of, received, resolved, rate):
    names = ["tickets_received", "tickets_resolved", "resolution_rate"]
    assert values(evaluate(desk, names, ["North"], [APRIL], as_of=utc(as_of))) == [received, resolved, rate]


def test_a_survey_answered_after_as_of_was_sent_and_is_not_yet_answered(desk):
    found = evaluate(desk, ["csat", "survey_response_rate"], ["Care"], [MAY], as_of=utc("2026-05-10T00:00:00"))
    assert one(found, measure="csat")["n"] == 5
    assert one(found, measure="survey_response_rate")["value"] == pytest.approx(5 / 6)


CALLS = """
call_id | team  | offered_at           | answered | wait_seconds | answered_at          | resolved
1       | North | 2026-05-04T09:00:00Z | true     | 30           |                      | true
2       | North | 2026-05-04T09:00:00Z | true     |              | 2026-05-04T09:01:00Z | true
3       | North | 2026-05-05T09:00:00Z | true     | 1            |                      | true
"""


@pytest.mark.parametrize(
    ("as_of", "offered", "answered"),
    [("2026-05-04T09:00:29", 2, None), ("2026-05-04T09:00:30", 2, 1), ("2026-05-04T09:01:00", 2, 2)],
)
def test_a_call_that_waits_at_as_of_is_neither_answered_nor_lost(tmp_path, as_of, offered, answered):
    found = evaluate(store(tmp_path, calls=CALLS), ["calls_offered", "answer_rate"], as_of=utc(as_of), periods=[MAY])
    assert one(found, measure="calls_offered")["value"] == offered
    rate = one(found, measure="answer_rate")
    assert (rate["numerator"] if answered else None, rate["n"]) == (answered, answered or 0)


def test_the_recorded_verdict_of_a_later_resolution_is_not_known_yet(tmp_path):
    tickets = """
    ticket_id | team  | created_at       | resolved_at      | closed_at        | sla_resolution_met
    1         | North | 2026-05-04 09:00 | 2026-05-05 09:00 | 2026-05-09 09:00 | true
    2         | North | 2026-05-04 09:00 | 2026-05-20 09:00 | 2026-05-29 09:00 | false
    3         | North | 2026-05-04 09:00 |                  |                  | false
    """
    found = store(tmp_path, tickets=tickets)
    known = one(evaluate(found, ["sla_met_as_recorded"], periods=[MAY], as_of=utc("2026-05-10T00:00:00")))
    assert (known["numerator"], known["n"], known["completeness"]) == (1, 2, pytest.approx(2 / 3))


# --- a random year: properties


RANDOM_TEAMS = ('O"Brien; DROP TABLE tickets --', "a'b\\c", "Ürün {x} %")


def random_tickets(seed: int, rows: int = 400) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    created = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 120 * 86400, rows), unit="s")
    first = created + pd.to_timedelta(rng.exponential(5, rows) * 3600, unit="s").round("s")
    resolved = first + pd.to_timedelta(rng.exponential(72, rows) * 3600, unit="s").round("s")
    return pd.DataFrame(
        {
            "ticket_id": [f"T{number}" for number in range(rows)],
            "team": rng.choice(RANDOM_TEAMS, rows),
            "customer_id": [f"c{number}" for number in rng.integers(0, rows // 3, rows)],
            "channel": rng.choice(["email", "chat", ""], rows),
            "created_at": created,
            "first_response_at": first.where(rng.random(rows) < 0.9),
            "resolved_at": resolved.where(rng.random(rows) < 0.8),
            "reopens": 0,
            "replies": rng.integers(0, 4, rows),
        }
    )


def random_surveys(seed: int, rows: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    sent = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 120 * 86400, rows), unit="s")
    answered = sent + pd.to_timedelta(rng.exponential(48, rows) * 3600, unit="s").round("s")
    replied = rng.random(rows) < 0.6
    return pd.DataFrame(
        {
            "response_id": [f"R{number}" for number in range(rows)],
            "team": rng.choice(RANDOM_TEAMS, rows),
            "kind": rng.choice(["csat", "nps", "ces"], rows),
            "sent_at": sent,
            "answered_at": answered.where(replied),
            "score": pd.Series(rng.integers(1, 6, rows)).where(replied).astype("Int64"),
            "scale_min": 1,
            "scale_max": 5,
        }
    )


HOURS = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "4h" }
first_response_within_business = { within = "4h" }
resolved_within = { within = "48h" }
resolved_within_business = { within = "16h" }
"""
QUARTER = [parse_period(f"2026-{month:02d}") for month in (1, 2, 3)]
FIGURES = ["value", "numerator", "denominator", "n", "low", "high", "completeness"]


def store_of_frames(folder, *, audit: str = "", **frames: pd.DataFrame):
    """A store of CSV files made of frames; instants with their zone."""
    sources = ""
    for name, frame in frames.items():
        (folder / "data").mkdir(exist_ok=True)
        frame.to_csv(folder / "data" / f"{name}.csv", index=False, date_format="%Y-%m-%dT%H:%M:%SZ")
        sources += f'[[source]]\ntable = "{name}"\npath = "data/{name}.csv"\n'
    (folder / "audit.toml").write_text(f'[audit]\nclient = "x"\n{audit}\n{sources}{HOURS}', encoding="utf-8")
    from auditkit.workspace import open_workspace

    return load(open_workspace(folder))


@pytest.fixture(scope="module")
def year(tmp_path_factory):
    return store_of_frames(tmp_path_factory.mktemp("year"), tickets=random_tickets(1), surveys=random_surveys(2))


def same(left: pd.DataFrame, right: pd.DataFrame, columns=FIGURES) -> None:
    keys = ["measure", "statistic", "variant", "team", "period", "group"]
    left, right = (frame[keys + list(columns)].reset_index(drop=True) for frame in (left, right))
    pd.testing.assert_frame_equal(left, right, check_dtype=False, rtol=1e-12)


def test_the_order_of_the_rows_is_irrelevant(year, tmp_path):
    tickets, surveys = (frame.sample(frac=1, random_state=3) for frame in (random_tickets(1), random_surveys(2)))
    shuffled = store_of_frames(tmp_path, tickets=tickets, surveys=surveys)
    same(evaluate(shuffled, periods=QUARTER, variants=True), evaluate(year, periods=QUARTER, variants=True))


@pytest.mark.parametrize("team", RANDOM_TEAMS)
def test_a_measure_never_uses_a_row_of_another_team(year, tmp_path, team):
    own = [frame[frame["team"] == team] for frame in (random_tickets(1), random_surveys(2))]
    audit = f"as_of = {year.meta.as_of:%Y-%m-%dT%H:%M:%S}Z"
    alone = store_of_frames(tmp_path, audit=audit, tickets=own[0], surveys=own[1])
    same(
        evaluate(alone, teams=[team], periods=QUARTER, variants=True),
        evaluate(year, teams=[team], periods=QUARTER, variants=True),
    )


@pytest.mark.parametrize("as_of", ["2026-02-14T12:00:00", "2026-03-01T00:00:00"])
def test_an_earlier_as_of_gives_what_was_known_then(year, tmp_path, as_of):
    """The same as a store of only those rows and instants that existed at as_of."""
    then = utc(as_of)
    tickets, surveys = random_tickets(1), random_surveys(2)
    tickets = tickets[tickets["created_at"] <= then].copy()
    for column in ("first_response_at", "resolved_at"):
        tickets[column] = tickets[column].where(tickets[column] <= then)
    surveys = surveys[surveys["sent_at"] <= then].copy()
    surveys["score"] = surveys["score"].where(surveys["answered_at"] <= then)
    surveys["answered_at"] = surveys["answered_at"].where(surveys["answered_at"] <= then)
    known = store_of_frames(tmp_path, audit=f"as_of = {as_of}Z", tickets=tickets, surveys=surveys)
    periods = QUARTER[:2]
    same(evaluate(known, periods=periods, variants=True), evaluate(year, periods=periods, variants=True, as_of=then))


@pytest.mark.parametrize("name", ["tickets_received", "tickets_resolved", "resolution_rate", "survey_response_rate"])
def test_months_pool_to_the_quarter_and_channels_to_the_month(year, name):
    def total(**how):
        found = evaluate(year, [name], **how).groupby("team")[["numerator", "n"]].sum()
        return found.to_dict()

    assert total(periods=QUARTER) == total(periods=[parse_period("2026-Q1")])
    if name.startswith("tickets"):
        assert total(periods=QUARTER, by="channel") == total(periods=QUARTER)


def test_evaluating_twice_gives_the_same(year):
    pd.testing.assert_frame_equal(
        evaluate(year, periods=QUARTER, by="channel"), evaluate(year, periods=QUARTER, by="channel")
    )


def test_median_and_p90_are_those_of_numpy(year):
    frame = random_tickets(1)
    own = frame[(frame["team"] == RANDOM_TEAMS[0]) & (frame["created_at"] < "2026-02-01")]
    seconds = (own["first_response_at"] - own["created_at"]).dt.total_seconds().dropna()
    found = evaluate(year, ["first_response_time"], [RANDOM_TEAMS[0]], QUARTER[:1])
    expected = [np.quantile(seconds, 0.5), seconds.mean(), np.quantile(seconds, 0.9)]
    assert values(found) == pytest.approx(expected)


# --- measures of one's own


OWN = """
[measure.vip_answered]
kind = "share"
of = "tickets"
dated_by = "created_at"
summary = "VIP tickets answered."
counted = "regexp_matches(ticket_id, '^[0-9]{1}$')"
met = "first_response_at IS NOT NULL"
[measure.wait]
kind = "quantity"
of = "tickets"
dated_by = "created_at"
summary = "Response."
value = "response_seconds / 60"
unit = "minutes"
counted = "response_seconds IS NOT NULL"
[measure.weekend]
kind = "count"
of = "tickets"
dated_by = "created_at"
summary = "Weekend."
counted = "created_weekday >= 6"
[targets]
vip_answered = { at_least = 0.9, minimum_n = 1 }
"""


def test_measures_of_ones_own_are_evaluated_like_the_catalogue(tmp_path):
    found = evaluate(store(tmp_path, OWN, tickets=TICKETS), ["vip_answered", "wait", "weekend"], ["North"])
    assert values(found) == [1, pytest.approx(35), pytest.approx((60 + 1 / 60 + 720 + 10) / 4), pytest.approx(522), 0]
    assert one(found, measure="vip_answered")["verdict"] == "cannot conclude"


def test_a_formula_that_cannot_be_evaluated_names_its_measure(tmp_path):
    broken = OWN.replace("created_weekday >= 6", "created_weekdy >= 6")
    with pytest.raises(ConfigError, match=r"measure\.weekend.*created_weekdy"):
        evaluate(store(tmp_path, broken, tickets=TICKETS))


# --- odd sizes


def test_a_file_of_one_row(tmp_path):
    tickets = """
    ticket_id | team  | created_at           | resolved_at
    1         | North | 2026-05-04T09:00:00Z |
    """
    found = evaluate(store(tmp_path, tickets=tickets), variants=True)
    assert one(found, measure="tickets_received", variant="default")["value"] == 1
    assert one(found, measure="backlog")["value"] == 1


def test_two_hundred_periods_at_once(desk):
    first = MAY.start
    periods = [parse_period(str(first + timedelta(days=day))) for day in range(-100, 100)]
    found = evaluate(desk, ["tickets_received"], ["North"], periods)
    assert len(found) == 200 and found["value"].sum() == 4


def test_drawn_tables_are_written_and_read_back(tmp_path):
    path = write_table(tmp_path / "a.csv", "a | b\n1, 2 | \n")
    assert path.read_text(encoding="utf-8") == 'a,b\n"1, 2",\n'
    assert table("a | b\n1 | ").to_dict("records") == [{"a": "1", "b": None}]
    assert workspace(tmp_path, tickets=TICKETS).config.source[0].table == "tickets"
