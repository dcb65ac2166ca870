"""The rows behind a figure add up to it, for every measure of the catalogue and each of its variants."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from generated import drawn, tables
from support import store, utc

from auditkit.clocks.period import parse_period
from auditkit.definition import Cohort, Count, Measure, Net, Pair, Quantity, Share, Snapshot, Survival
from auditkit.errors import UsageError
from auditkit.evaluation.evaluate import evaluate
from auditkit.evidence.rows_behind import evidence
from auditkit.load import load
from auditkit.measures import CATALOGUE
from auditkit.workspace import open_workspace

SAMPLE = Path(__file__).parents[1] / "data" / "sample"
MAY = parse_period("2026-05")
VARIANTS = [(measure.id, name) for measure in CATALOGUE.values() for name in ("default", *measure.variants)]

TICKETS = """
ticket_id | team | channel | tags | created_at       | first_response_at | resolved_at      | reopens | customer_id
4         | Desk | email   | a    | 2026-05-04 09:00 | 2026-05-04 10:00  | 2026-05-04 12:00 | 0       | ann
1         | Desk | email   | a;b  | 2026-05-04 09:00 | 2026-05-04 17:00  | 2026-05-05 12:00 | 2       | bo
2         | Desk | chat    |      | 2026-05-05 09:00 | 2026-05-05 08:00  | 2026-06-02 12:00 | 0       | cy
3         | Desk |         | b    | 2026-04-05 09:00 | 2026-04-05 10:00  | 2026-05-06 12:00 | 1       | ann
"""
SURVEYS = """
response_id | team | kind | agent | sent_at          | answered_at      | score
1           | Desk | nps  | eva   | 2026-05-04 09:00 | 2026-05-05 09:00 | 10
2           | Desk | nps  | eva   | 2026-05-04 09:00 | 2026-05-05 09:00 | 9
3           | Desk | nps  | eva   | 2026-05-04 09:00 | 2026-05-05 09:00 | 6
4           | Desk | nps  | eva   | 2026-05-04 09:00 | 2026-05-05 09:00 | 8
5           | Desk | nps  | eva   | 2026-05-04 09:00 | 2026-05-05 09:00 | 0
6           | Desk | nps  | ivo   | 2026-05-04 09:00 | 2026-05-05 09:00 | 1
"""
TOML = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "2h" }
[measure.same_day]
kind = "share"
of = "tickets"
dated_by = "created_at"
summary = "Tickets of e-mail that were resolved on their day."
counted = "channel = 'email'"
met = "resolved_on = created_on"
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    audit = "as_of = 2026-06-15T00:00:00Z"
    return store(tmp_path_factory.mktemp("desk"), TOML, audit=audit, tickets=TICKETS, surveys=SURVEYS)


def ids(rows: pd.DataFrame, mark: str = "counted") -> list[str]:
    return rows.loc[rows[mark], rows.columns[0]].tolist()


# --- what is shown


def test_a_share_shows_which_rows_count_and_which_are_met(desk):
    rows = evidence(desk, "first_response_within", "Desk", MAY, rows="all")
    assert list(rows["ticket_id"]) == ["4", "1", "2"]  # as in the file
    assert list(rows["asked"]) == [True, True, True]
    assert list(rows["counted"]) == [True, True, False]  # 2 was answered before it was created
    assert list(rows["met"]) == [True, False, False]
    assert list(rows["response_seconds"]) == [3600, 8 * 3600, -3600]
    assert list(rows["source"].unique()) == ["data/tickets.csv"] and list(rows["source_row"]) == [2, 3, 4]


def test_counted_rows_are_shown_unless_others_are_asked_for(desk):
    assert ids(evidence(desk, "first_response_within", "Desk", MAY)) == ["4", "1"]
    assert ids(evidence(desk, "first_response_within", "Desk", MAY, rows="met")) == ["4"]


def test_only_the_columns_that_the_measure_uses_are_shown(desk):
    rows = evidence(desk, "first_response_within", "Desk", "2026-05")
    assert list(rows.columns) == [
        "ticket_id", "created_at", "first_response_at", "response_seconds", "seconds_to_as_of",
        "asked", "counted", "met", "source", "source_row",
    ]  # fmt: skip
    assert str(rows["created_at"].dtype) == "datetime64[us, UTC]"


def test_a_quantity_shows_its_value(desk):
    rows = evidence(desk, "resolution_time", "Desk", MAY)
    assert dict(zip(rows["ticket_id"], rows["value"] / 3600, strict=True)) == {"4": 3, "1": 27, "3": 31 * 24 + 3}


def test_a_survival_shows_which_ends_were_seen(desk):
    rows = evidence(desk, "resolution_time_all", "Desk", MAY, as_of=utc("2026-06-01T00:00"))
    assert list(rows["observed"]) == [True, True, False]  # 2 is resolved in June
    assert rows["value"].iloc[2] == (26 * 24 + 15) * 3600  # from 5 May 09:00 to 1 June


def test_a_snapshot_shows_the_age_of_each_row(desk):
    rows = evidence(desk, "backlog", "Desk", MAY)
    assert (ids(rows), rows["value"].tolist()) == (["2"], [(26 * 24 + 15) * 3600])


def test_a_pair_shows_the_rows_of_both_sides_and_each_once(desk):
    rows = evidence(desk, "clearance_ratio", "Desk", MAY, rows="all").set_index("ticket_id")
    assert rows["top"].to_dict() == {"4": True, "1": True, "2": False, "3": True}  # resolved in May
    assert rows["bottom"].to_dict() == {"4": True, "1": True, "2": True, "3": False}  # received in May


def test_a_count_shows_what_each_row_adds(desk):
    rows = evidence(desk, "tickets_resolved", "Desk", MAY, variant="resolution_events")
    assert dict(zip(rows["ticket_id"], rows["amount"], strict=True)) == {"4": 1, "1": 3, "3": 2}


def test_a_net_score_shows_both_ends(desk):
    rows = evidence(desk, "nps", "Desk", MAY)
    assert (ids(rows, "plus"), ids(rows, "minus")) == (["1", "2"], ["3", "5", "6"])
    assert ids(rows, "met") == ["1", "2"]


def test_a_measure_of_the_users_own_has_its_rows_too(desk):
    rows = evidence(desk, "same_day", "Desk", MAY)
    assert (ids(rows), ids(rows, "met")) == (["4", "1"], ["4"])
    assert list(rows.columns[:4]) == ["ticket_id", "created_at", "channel", "created_on"]


def test_a_group_can_be_picked_and_a_row_of_two_tags_is_in_both(desk):
    assert ids(evidence(desk, "tickets_received", "Desk", MAY, by="channel", group="email")) == ["4", "1"]
    assert ids(evidence(desk, "tickets_received", "Desk", MAY, by="tag", group="b")) == ["1"]
    assert ids(evidence(desk, "tickets_received", "Desk", MAY, by="tag", group="")) == ["2"]  # no tag
    every = evidence(desk, "tickets_received", "Desk", MAY, by="tag")
    assert sorted(every["group"].fillna("-")) == ["-", "a", "a", "b"]


# --- the new kinds of measures


CONTACTS = """
ticket_id | team | customer_id | complaint | created_at
1         | Desk | ann         |           | 2026-05-04 09:00
2         | Desk | ann         | true      | 2026-05-05 09:00
3         | Desk | ann         |           | 2026-05-20 09:00
4         | Desk | bo          |           | 2026-05-04 09:00
5         | Desk |             |           | 2026-05-04 09:00
"""
CUSTOMERS = """
customer_id | since            | left_at
ann         | 2020-01-01 09:00 | 2026-05-20 09:00
bo          | 2020-01-01 09:00 |
"""
REVIEWS = """
review_id | team | scorecard | criterion | score | max_score | reviewed_at      | ticket_id | kind        | reviewer
1         | Desk | Card      | tone      | 4     | 5         | 2026-05-04 09:00 | 1         | calibration | rae
2         | Desk | Card      | tone      | 2     | 5         | 2026-05-04 09:00 | 1         | calibration | sam
3         | Desk | Card      | tone      | 1     | 5         | 2026-05-04 09:00 | 2         | calibration | rae
"""


@pytest.fixture(scope="module")
def contacts(tmp_path_factory):
    audit = "as_of = 2026-06-15T00:00:00Z"
    made = {"tickets": CONTACTS, "customers": CUSTOMERS, "reviews": REVIEWS}
    return store(tmp_path_factory.mktemp("contacts"), audit=audit, **made)


def test_a_share_of_customers_shows_the_contacts_of_each(contacts):
    rows = evidence(contacts, "repeat_contact_rate", "Desk", MAY, rows="all")
    assert dict(zip(rows["id"], rows["counted"], strict=True)) == {
        "1": True,
        "2": True,
        "3": True,
        "4": True,
        "5": False,
    }
    assert rows.loc[rows["met"], "customer_id"].tolist() == ["ann"]  # by her first contact, not by the others
    assert rows.loc[rows["counted"], "customer_id"].nunique() == 2


def test_a_mark_per_thousand_shows_the_marked_contacts(contacts):
    rows = evidence(contacts, "complaint_rate", "Desk", MAY, rows="met")
    assert list(zip(rows["kind"], rows["id"], strict=True)) == [("ticket", "2")]


def test_a_cohort_shows_who_was_there_and_who_stayed(contacts):
    rows = evidence(contacts, "retention_rate", "Desk", MAY)
    assert dict(zip(rows["customer_id"], rows["met"], strict=True)) == {"ann": False, "bo": True}
    assert list(rows["source"].unique()) == ["data/customers.csv"]


def test_a_computed_statistic_shows_the_rows_it_was_computed_from(contacts):
    rows = evidence(contacts, "qa_agreement", "Desk", MAY)
    assert list(zip(rows["ticket_id"], rows["reviewer"], rows["share"], strict=True)) == [
        ("1", "rae", 0.8),
        ("1", "sam", 0.4),
        ("2", "rae", 0.2),
    ]


# --- what is not shown


def test_a_small_group_of_a_survey_shows_no_rows(desk):
    ivo = evidence(desk, "nps", "Desk", MAY, by="agent", group="ivo", rows="all")
    assert ivo.empty and ivo.attrs["reason"] == "hidden: fewer than 5 answers in the group"
    eva = evidence(desk, "nps", "Desk", MAY, by="agent", group="eva")
    assert len(eva) == 5 and eva.attrs["reason"] is None
    assert set(evidence(desk, "nps", "Desk", MAY, by="agent")["group"]) == {"eva"}


def test_no_agent_is_named_beside_an_answer_unless_asked_for(desk):
    assert "agent" not in evidence(desk, "nps", "Desk", MAY)


@pytest.mark.parametrize(
    ("measure", "reason"),
    [
        ("calls_offered", "no source fills the table calls"),
        ("replies_per_resolution", "no source has the column replies"),
        ("resolved_within", "audit.toml sets no within for resolved_within"),
    ],
)
def test_a_figure_that_does_not_exist_has_no_rows_and_says_why(desk, measure, reason):
    for rows in ("counted", "met", "all"):
        found = evidence(desk, measure, "Desk", MAY, rows=rows)
        assert found["counted"].sum() == 0
        assert found.attrs["reason"] == reason


@pytest.mark.parametrize(
    ("measure", "by", "reason"),
    [
        ("tickets_resolved", "hour", "tickets dated by resolved_at have no hour"),
        ("calls_offered", "queue", "no source fills the table calls"),
    ],
)
def test_a_group_that_the_measure_does_not_have_shows_no_rows(desk, measure, by, reason):
    found = evidence(desk, measure, "Desk", MAY, by=by)
    assert found.empty and found.attrs["reason"] == reason


def test_rows_after_as_of_are_not_known(desk):
    rows = evidence(desk, "resolution_rate", "Desk", MAY, as_of=utc("2026-05-05T00:00"), rows="all")
    assert (ids(rows), ids(rows, "met")) == (["4", "1"], ["4"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"measure_id": "npz"}, "Did you mean 'nps'"),
        ({"team": "Dsk"}, "Did you mean 'Desk'"),
        ({"variant": "ressolution_events", "measure_id": "tickets_resolved"}, "Did you mean 'resolution_events'"),
        ({"rows": "most"}, "counted, met, all"),
        ({"by": "colour"}, "channel"),
        ({"group": "email"}, "by='channel'"),
        ({"period": "May"}, "is not a period"),
    ],
)
def test_a_name_that_does_not_exist_is_told_with_the_nearest(desk, arguments, message):
    asked = {"measure_id": "nps", "team": "Desk", "period": MAY} | arguments
    with pytest.raises(UsageError, match=message):
        evidence(desk, asked.pop("measure_id"), asked.pop("team"), asked.pop("period"), **asked)


# --- the rows add up, for the whole catalogue


def adds_up(rows: pd.DataFrame, measure: Measure, figures: pd.DataFrame) -> None:
    """Counted rows are the denominator (n where there is none), and what they add is the numerator."""
    for figure in figures.to_dict("records"):
        place = " ".join(str(figure[name]) for name in ("measure", "variant", "statistic", "team", "group"))
        expected = figure["n"] if pd.isna(figure["denominator"]) else figure["denominator"]
        if measure.id == "qa_agreement":  # its n are tickets x criteria that both reviewers judged
            assert rows["counted"].sum() >= expected, place
            continue
        assert size(rows[rows["counted"]], measure) == expected, place
        if not isinstance(measure, Pair):
            assert size(rows[rows["counted"]], measure) == figure["n"], place
        if not pd.isna(figure["numerator"]):
            assert numerator(rows, measure) == pytest.approx(figure["numerator"]), place


def size(rows: pd.DataFrame, measure: Measure) -> int:
    """How many these are: rows, or different values where the measure counts those."""
    return rows[measure.per].nunique() if isinstance(measure, Share) and measure.per else len(rows)


def numerator(rows: pd.DataFrame, measure: Measure) -> float:
    counted = rows[rows["counted"]]
    if isinstance(measure, Count):
        return counted[measure.distinct].nunique() if measure.distinct else counted["amount"].sum()
    if isinstance(measure, Net):
        return counted["plus"].sum() - counted["minus"].sum()
    if isinstance(measure, Quantity):
        return counted["value"].sum()
    assert isinstance(measure, Share | Cohort | Survival | Snapshot | Pair)
    return size(rows[rows["met"]], measure)


def whole_catalogue_adds_up(made, team: str, period) -> None:
    figures = evaluate(made, teams=[team], periods=[period], variants=True)
    assert figures["available"].sum() > len(figures) / 2
    for name, variant in VARIANTS:
        rows = evidence(made, name, team, period, variant=variant, rows="all")
        own = figures[(figures["measure"] == name) & (figures["variant"] == variant)]
        adds_up(rows, CATALOGUE[name].variants.get(variant, CATALOGUE[name]), own)


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """Two teams with every kind of gap, and tickets reopened, answered before they were made, and still open."""
    toml = """
[hours.default]
mon-fri = "08:00-16:00"
[targets]
first_response_within = { within = "2h" }
first_response_within_business = { within = { high = "1h", low = "4h" } }
resolved_within = { within = "1d" }
resolved_within_business = { within = "8h" }
"""
    return store(
        tmp_path_factory.mktemp("generated"),
        toml,
        audit='as_of = 2026-06-20T00:00:00Z\ntimezone = "Europe/Helsinki"',
        **{name: drawn(rows) for name, rows in tables(7).items()},
    )


def test_the_rows_add_up_to_every_figure_of_a_generated_workspace(generated):
    whole_catalogue_adds_up(generated, "North", MAY)


@pytest.mark.parametrize(
    "name",
    [
        "tickets_received",
        "first_response_time",
        "resolution_time_all",
        "backlog",
        "net_flow",
        "fcr",
        "low_score_rate",
        "nps",
        "repeat_contact_rate",
        "complaint_rate",
        "contacts_per_journey",
        "journey_lead_time",
    ],
)
def test_the_rows_add_up_in_every_group_and_when_the_data_go_on_after_as_of(generated, name):
    known = utc("2026-05-20T12:00")
    figures = evaluate(generated, [name], ["South"], [MAY], "channel", as_of=known)
    rows = evidence(generated, name, "South", MAY, rows="all", by="channel", as_of=known)
    assert figures["available"].any()
    for group, own in figures[figures["available"]].groupby("group", dropna=False):
        adds_up(rows[rows["group"].isna() if pd.isna(group) else rows["group"] == group], CATALOGUE[name], own)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "workspace"
    shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns(".auditkit", "reports"))
    return load(open_workspace(folder))


def test_the_rows_add_up_to_every_figure_of_the_sample(sample):
    whole_catalogue_adds_up(sample, "Helsinki", parse_period("2026-03"))
