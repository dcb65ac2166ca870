"""The sections beyond the headlines: small tables, groups, journeys, quality, people, business, every measure."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from small_report import HOSTILE, MAY, context, figure, plain, share, texts

from auditkit.clocks.period import parse_period
from auditkit.exhibits.all_measures import all_measures
from auditkit.exhibits.breakdown import apart, breakdown
from auditkit.exhibits.business import business
from auditkit.exhibits.figures import figures_of
from auditkit.exhibits.further import further
from auditkit.exhibits.journeys import journeys
from auditkit.exhibits.people import people
from auditkit.exhibits.quality_reviews import quality_reviews
from auditkit.exhibits.voice import voice
from auditkit.measures import CATALOGUE

WHOLE = "2026-04-01..2026-05-31"


def by_id(exhibits):
    return {exhibit.id: exhibit.data for exhibit in exhibits}


def rows_of(data) -> list[list[str]]:
    return [[plain(cell if isinstance(cell, str) else cell["text"]) for cell in row] for row in data["rows"]]


def answering(*rows):
    """What the engine would say of these rows: figures by measure, period and group."""

    def evaluate(measures, period, by):
        own = [row for row in rows if row["measure"] in measures and row["period"] == period.label]
        return figures_of(pd.DataFrame([row for row in own if bool(row.get("group")) == (by is not None)]))

    return evaluate


def mean(measure: str, group: str, value: float, half: float, n: int, period: str = "2026-05"):
    return figure(measure, period, value, low=value - half, high=value + half, n=n, statistic="mean", group=group)


# Small tables


def test_a_row_has_value_interval_n_and_the_period_before():
    made = context(share("transfer_rate", "2026-04", 20, 100), share("transfer_rate", "2026-05", 10, 100))
    (data,) = (one.data for one in further(made, "more", ("transfer_rate",)))
    assert rows_of(data) == [["Transfer rate", "10 %", "6–17 %", "100", "20 %"]]
    assert plain(data["title"]) == "10 % (6–17 %) of the resolved tickets had been handed on in May 2026"


@pytest.mark.parametrize(("now", "before"), [(29, 100), (100, 29)])
def test_an_earlier_figure_is_left_out_where_either_rests_on_fewer_than_30(now, before):
    made = context(share("transfer_rate", "2026-04", 9, before), share("transfer_rate", "2026-05", 9, now))
    assert rows_of(further(made, "more", ("transfer_rate",))[0].data)[0][-1] == "–"


def test_the_title_tells_the_first_figure_that_rests_on_enough():
    rows = [share("escalation_rate", "2026-05", 2, 9), share("transfer_rate", "2026-05", 10, 100)]
    title = further(context(*rows), "more", ("escalation_rate", "transfer_rate"))[0].data["title"]
    assert plain(title).startswith("10 % (6–17 %) of the resolved tickets")


def test_few_rows_are_told_with_their_number():
    title = further(context(share("transfer_rate", "2026-05", 3, 9)), "more", ("transfer_rate",))[0].data["title"]
    assert plain(title).startswith("33 % (12–65 %, n = 9) of the resolved tickets")


def test_what_is_seldom_is_told_over_the_whole_history():
    rows = [
        share("conversion_rate", "2026-04", 1, 2),
        share("conversion_rate", "2026-05", 1, 2),
    ]
    whole = share("conversion_rate", WHOLE, 20, 50)
    made = context(*rows, evaluate=answering(whole))
    (data,) = (one.data for one in further(made, "more", ("conversion_rate",), seldom=True))
    assert plain(data["title"]) == "40 % (28–54 %) of the offers to buy were accepted over 2 months"
    assert rows_of(data)[0][1:] == ["50 %", "9–91 %", "2", "40 %", "28–54 %", "50"]


def test_measures_without_figures_are_named_and_a_table_without_any_is_left_out():
    made = context(share("transfer_rate", "2026-05", 10, 100))
    (shown,) = further(made, "more", ("transfer_rate", "escalation_rate"))
    assert "Without figures: Escalation rate (why stands under Every measure)" in shown.data["note"]
    assert further(made, "more", ("escalation_rate",)) == []


def test_complaints_are_told_per_thousand_and_differences_in_points():
    complaints = figure("complaint_rate", "2026-05", 4.0, low=2.0, high=8.0, n=1500, statistic="ratio")
    uptake = figure("training_uptake", "2026-05", 0.04, low=-0.02, high=0.10, n=40, statistic="mean")
    made = context(complaints, uptake)
    (told,) = further(made, "more", ("complaint_rate", "training_uptake"))
    assert rows_of(told.data)[0][1:3] == ["4.0 per 1 000", "2.0–8.0 per 1 000"]
    assert rows_of(told.data)[1][1:3] == ["+4 points", "−2 to +10 points"]


def test_the_interval_of_a_mean_share_stays_within_what_is_possible():
    row = figure("qa_score", "2026-05", 0.95, low=0.85, high=1.05, n=8, statistic="mean")
    assert plain(context(row).interval(context(row).figure("qa_score"))) == "85–100 %"


# Groups


def test_the_ends_are_named_when_they_differ_by_more_than_chance():
    groups = [
        share("never_resolved_types", "2026-05", met, 200, group=name) for name, met in (("bug", 60), ("order", 10))
    ]
    (data,) = (one.data for one in breakdown(_with(*groups), "types", "never_resolved_types", "type"))
    assert plain(data["title"]) == (
        "Never resolved, by type: from 5.0 % (2.7–9.0 %) for order to 30 % (24–37 %) for bug in May 2026"
    )
    assert [row[0] for row in rows_of(data)] == ["order", "bug"]


def test_the_last_of_many_alike_groups_is_not_named():
    """38 and 54 of 100 differ (p = 0.02) as one pair, but not as the most extreme of 45 pairs."""
    pair = [share("csat", "2026-05", met, 100, group=str(met)) for met in (38, 54)]
    many = [share("csat", "2026-05", met, 100, group=str(met)) for met in (38, 42, 43, 44, 45, 46, 47, 48, 50, 54)]
    assert apart(figures_of(pd.DataFrame(pair))) is not None
    assert apart(figures_of(pd.DataFrame(many))) is None


def test_groups_of_fewer_than_30_are_never_set_apart():
    groups = [share("csat", "2026-05", met, 29, group=str(met)) for met in (1, 28)]
    assert apart(figures_of(pd.DataFrame(groups))) is None


def test_means_of_groups_are_compared_by_welchs_test():
    """Means of 40 and 60 with half-widths of 5 differ; with half-widths of 25 they do not."""
    near, far = (
        [mean("touchpoints", name, value, half, 40) for name, value in (("a", 0.4), ("b", 0.6))]
        for half in (0.25, 0.05)
    )
    assert apart(figures_of(pd.DataFrame(near))) is None
    assert [one.group for one in apart(figures_of(pd.DataFrame(far)))] == ["a", "b"]


def test_a_period_with_small_groups_gives_way_to_the_whole_history():
    groups = [mean("qa_criterion_rate", "tone", 0.8, 0.1, 9), mean("qa_criterion_rate", "tone", 0.7, 0.1, 90, WHOLE)]
    made = context(figure("qa_score", "2026-04", 0.5), figure("qa_score", "2026-05", 0.5), evaluate=answering(*groups))
    (data,) = (one.data for one in breakdown(made, "criteria", "qa_criterion_rate", "criterion"))
    assert rows_of(data) == [["tone", "70 %", "60–80 %", "90"]]


def test_a_touchpoint_has_score_n_and_leading_emotion():
    asked = pd.DataFrame(
        {
            "kind": "touchpoint",
            "answered_on": [date(2026, 5, 5)] * 8,
            "touchpoint": ["delivery"] * 6 + ["returns"] * 2,
            "emotion": ["calm", "calm", "calm", "calm", "angry", None, "angry", "angry"],
        }
    )
    groups = [mean("touchpoints", "delivery", 0.8, 0.1, 6), mean("touchpoints", "returns", 0.4, 0.1, 5)]
    shown = by_id(voice(_with(*groups, tables={"surveys": asked})))["voice-touchpoints"]
    assert rows_of(shown) == [
        ["returns", "40 %", "30–50 %", "5", "–"],
        ["delivery", "80 %", "70–90 %", "6", "calm (4 of 5)"],
    ]
    assert "too few rows to tell 2 groups from one another" in plain(shown["title"])


# Journeys


def begun(count: int) -> dict:
    return figure("start_channel", "2026-05", count, n=count)


def test_journeys_are_told_by_the_contacts_they_took():
    rows = [begun(60), figure("contacts_per_journey", "2026-05", 1.5, low=1.2, high=1.8, n=40, statistic="mean")]
    taken = [1] * 30 + [2] * 6 + [7] * 4
    shown = by_id(journeys(context(*rows, samples={("contacts_per_journey", "2026-05"): taken})))["journeys-contacts"]
    assert plain(shown["title"]).startswith("75 % of the journeys took one contact; the mean is 1.5 (1.2–1.8)")
    assert [row[1] for row in shown["table"]["rows"]] == ["30", "6", "0", "0", "4"]
    assert shown["table"]["rows"][-1][0] == "5 or more"
    assert "Of the 60 journeys that began" in plain(shown["note"])


@pytest.mark.parametrize(
    ("counts", "title"),
    [
        ({"email": 80, "phone": 20}, "Journeys begin most often by email: 80 % (71–87 %) of 100"),
        ({"email": 52, "phone": 48}, "Journeys begin about as often by email (52 %) as by phone (48 %)"),
        ({"email": 8, "phone": 2}, "Too few journeys to say where they begin most: 10 journeys"),
    ],
)
def test_the_channel_where_journeys_begin_is_named_when_it_is_sure(counts, title):
    groups = [figure("start_channel", "2026-05", n, n=n, group=name) for name, n in counts.items()]
    shown = by_id(journeys(_with(*groups, rows=(begun(sum(counts.values())),))))["journeys-channels"]
    assert plain(shown["title"]) == title


def test_contacts_without_customers_make_no_journeys_and_the_reader_is_told_why():
    (only,) = journeys(context(share("identity_match_rate", "2026-05", 0, 94)))
    assert "None of the 94 contacts names a customer" in texts(only)


# Quality


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.82, 0.95, "Reviewers agree: alpha"),
        (0.70, 0.90, "Reviewers agree well enough for tentative conclusions"),
        (0.30, 0.90, "Whether reviewers agree enough to conclude from the scores is open"),
        (0.10, 0.60, "Reviewers do not agree enough to conclude from the scores"),
        (None, None, "Too few calibration reviews to say whether reviewers agree"),
    ],
)
def test_agreement_is_judged_by_its_whole_interval(low, high, words):
    row = figure("qa_agreement", "2026-05", 0.5, low=low, high=high, n=50, statistic="alpha")
    shown = by_id(quality_reviews(context(row)))["reviews-agreement"]
    assert shown["title"].startswith(words)
    assert "below 0.667" in shown["note"] and "Krippendorff 2004" in shown["note"]


@pytest.mark.parametrize(
    ("low", "n", "words"),
    [(0.1, 50, "tended to have more satisfied"), (-0.1, 50, "cannot be concluded"), (0.1, 9, "cannot be concluded")],
)
def test_reviews_predict_satisfaction_only_when_the_interval_says_so(low, n, words):
    row = figure("qa_predicts_csat", "2026-05", 0.4, low=low, high=0.7, n=n, statistic="rho")
    assert words in by_id(quality_reviews(context(row)))["reviews-predict"]["title"]


def test_a_score_on_few_reviews_carries_its_interval():
    row = figure("qa_score", "2026-05", 0.8, low=0.7, high=0.9, n=12, statistic="mean")
    title = plain(by_id(quality_reviews(context(row)))["reviews-score"]["title"])
    assert title.startswith("Reviews gave a mean score of 80 % (70–90 %) in May 2026")


def test_a_score_of_one_review_says_that_it_is_one():
    row = figure("qa_score", "2026-05", 0.8, n=1, statistic="mean")
    assert "(n = 1)" in plain(by_id(quality_reviews(context(row)))["reviews-score"]["title"])


# Absent data and the whole catalogue


@pytest.mark.parametrize(
    ("section", "measure", "slug"),
    [
        (journeys, "start_channel", "journeys"),
        (quality_reviews, "qa_score", "reviews"),
        (people, "agent_turnover", "people"),
        (business, "retention_rate", "business"),
    ],
)
def test_a_section_without_data_is_one_sentence_with_the_reason(section, measure, slug):
    (only,) = section(context(figure(measure, "2026-05", None, reason="no source fills the table")))
    assert (only.id, only.kind) == (slug, "prose")
    assert "No source fills the table." in texts(only)


def test_every_id_of_the_catalogue_stands_in_the_appendix():
    made = context(
        share("csat", "2026-05", 50, 100), figure("nps", "2026-05", None, reason="no source has the column score")
    )
    said = "\n".join(texts(exhibit) for exhibit in all_measures(made))
    assert [name for name in CATALOGUE if f"({name})" not in said] == []
    known, unknown = by_id(all_measures(made)).values()
    assert rows_of(known) == [["Customer satisfaction (CSAT) (csat)", "50 %", "40–60 %", "100", "100.0 %"]]
    assert ["No source has the column score.", "Net Promoter Score (NPS) (nps)"] in rows_of(unknown)


def test_hostile_groups_stay_text():
    groups = [share("never_resolved_types", "2026-05", met, 200, group=f"{HOSTILE}{met}") for met in (10, 60)]
    (shown,) = breakdown(_with(*groups), "types", "never_resolved_types", "type")
    assert "<script>" not in shown._repr_mimebundle_()["text/html"]


def _with(*groups, rows=(), tables=None):
    """A context of May 2026 alone, with the figures of groups."""
    base = rows or (share("csat", "2026-05", 50, 100),)
    return context(*base, evaluate=answering(*groups), tables=tables, period=parse_period(MAY.label))
