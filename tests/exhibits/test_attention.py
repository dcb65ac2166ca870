"""Where attention goes: hours, channels, reasons, agents, languages, half hours and journeys, each worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from small_report import HOSTILE, context, figure, plain, share, texts

from auditkit.config import Target
from auditkit.exhibits.agents import agents
from auditkit.exhibits.channels import channels
from auditkit.exhibits.coverage import coverage
from auditkit.exhibits.figures import figures_of
from auditkit.exhibits.half_hours import by_half_hour, half_hours
from auditkit.exhibits.journey_ends import journey_ends
from auditkit.exhibits.reasons import reasons
from auditkit.exhibits.reviewers import reviewers
from auditkit.exhibits.scores import answers, effort, spread
from auditkit.exhibits.waiting import waiting
from auditkit.pseudonyms import pseudonym

HOUR = 3600.0
MAY = date(2026, 5, 4)  # a Monday


def groups(*rows: dict):
    """An ``evaluate`` that answers with these rows, whatever the period."""
    return lambda measures, period, by: [one for one in figures_of(pd.DataFrame(list(rows))) if one.measure in measures]


def grouped(measure: str, group: str, met: int, n: int) -> dict:
    return share(measure, "2026-05", met, n, group=group)


def counted(measure: str, group: str, value: int) -> dict:
    return figure(measure, "2026-05", value, group=group, n=value)


def tickets(waits: list[float], **columns) -> pd.DataFrame:
    """Tickets of May that waited so many hours, with what the charts need of them."""
    base = {
        "created_on": MAY,
        "created_hour": 9,
        "created_weekday": 1,
        "response_seconds": np.array(waits) * HOUR,
        "response_business_seconds": np.array(waits) * HOUR,
        "channel": "email",
        "language": None,
        "after_hours": False,
    }
    return pd.DataFrame(base | columns)  # fmt: skip


# --- waiting by hour of the week


def week_of_waits(slow: float) -> pd.DataFrame:
    """Six hours of Monday with ten tickets each that waited 1 to 10 hours, and those of 14-15 so many hours longer."""
    hours = [9, 10, 11, 12, 13, 14]
    waits = [wait + (slow if hour == 14 else 0) for hour in hours for wait in range(1, 11)]
    return tickets(waits, created_hour=np.repeat(hours, 10))


def test_the_slowest_hour_is_named_with_its_median_where_it_is_more_than_chance():
    (exhibit,) = waiting(context(share("csat", "2026-05", 1, 1), tables={"tickets": week_of_waits(50)}))
    # 51 to 60 hours: median 55.5 h = 2.3 d; of all sixty the median is 6.5 h
    assert plain(exhibit.as_json()["title"]).startswith("Longest median wait: 2.3 d (Monday 14–15); over all hours")
    rows = exhibit.as_json()["table"]["rows"]
    assert (plain(rows[0][1 + 14]), plain(rows[0][1 + 9]), rows[0][1]) == ("2.3 d", "6 h", "–")


def test_hours_that_differ_by_chance_name_no_slowest_one():
    (exhibit,) = waiting(context(share("csat", "2026-05", 1, 1), tables={"tickets": week_of_waits(0.5)}))
    assert plain(exhibit.as_json()["title"]).startswith("No hour of the week clearly waits longer than the others")


def test_an_hour_with_few_tickets_is_blank_and_few_hours_make_no_grid():
    few = week_of_waits(0)[:54]  # the last hour keeps four tickets
    assert waiting(context(share("csat", "2026-05", 1, 1), tables={"tickets": few})) == []


# --- channels


def channel_figures(*medians: tuple[str, float, int]) -> list[dict]:
    rows = [counted("tickets_received", name, n) for name, _, n in medians]
    return rows + [
        figure("first_response_time", "2026-05", hours * HOUR, group=name, n=n, low=hours * 3000, high=hours * 4200)
        for name, hours, n in medians
    ]  # fmt: skip


def test_the_slowest_and_the_quickest_channel_are_named_where_ranks_say_so():
    waits = [10 + number / 10 for number in range(40)] + [1 + number / 10 for number in range(40)]
    table = tickets(waits, channel=["email"] * 40 + ["chat"] * 40)
    evaluate = groups(*channel_figures(("email", 12, 40), ("chat", 3, 40)))
    made = channels(context(share("csat", "2026-05", 1, 1), tables={"tickets": table}, evaluate=evaluate))
    title = plain(made[0].as_json()["title"])
    assert title == "First response by channel: longest email (12 h), quickest chat (3 h 00 min)"
    assert plain(made[1].as_json()["title"]) == "Most tickets in May 2026: chat, 50 %" or "50.0 %" in plain(
        made[1].as_json()["title"])  # fmt: skip


@pytest.mark.parametrize(("n", "words"), [(29, "Too few answered tickets"), (40, "No clear difference")])
def test_channels_that_do_not_differ_or_are_too_few_name_none(n, words):
    waits = [1 + number / 10 for number in range(n)] * 2
    table = tickets(waits, channel=["email"] * n + ["chat"] * n)
    evaluate = groups(*channel_figures(("email", 3, n), ("chat", 2.9, n)))
    made = channels(context(share("csat", "2026-05", 1, 1), tables={"tickets": table}, evaluate=evaluate))
    assert words in plain(made[0].as_json()["title"])


def test_one_channel_and_one_language_are_one_sentence():
    evaluate = groups(counted("tickets_received", "email", 40))
    table = tickets([1.0] * 40)
    (only,) = channels(context(share("csat", "2026-05", 1, 1), tables={"tickets": table}, evaluate=evaluate))
    assert only.kind == "prose" and "no channels to compare" in texts(only)


# --- reasons


def test_the_vital_few_reasons_are_counted_and_the_rest_is_put_together():
    counts = {"delivery": 50, "return": 31, "invoice": 12, "account": 7}
    evaluate = groups(*(counted("tickets_received", name, n) for name, n in counts.items()),
        figure("tickets_received", "2026-05", 10, group=None, n=10))  # fmt: skip
    made = context(figure("tickets_received", "2026-05", 110, n=110), evaluate=evaluate)
    (exhibit,) = reasons(made)
    shown = exhibit.as_json()
    assert plain(shown["title"]) == (
        "2 reasons of 4 make up 81.0 % of the tickets that have one; the first is “delivery”"
    )
    rows = [[plain(cell) for cell in row] for row in shown["table"]["rows"]]
    assert rows[0] == ["delivery", "50", "45.5 %", "45.5 %"]
    assert rows[1][3] == "73.6 %"  # 81 of 110
    assert rows[-1] == ["other or none", "10", "9.1 %", "100 %"]


def test_a_reason_is_complained_of_more_only_beyond_chance_over_all_reasons():
    # 20 of 100 against 10 of 300: chi-square 29; 8 of 100 against 22 of 300 is what chance does
    for met, named in ((20, True), (8, False)):
        others = [(10, 300)] if named else [(22, 300)]
        rows = [grouped("complaint_rate", "delivery", met, 100)]
        rows += [grouped("complaint_rate", "return", *one) for one in others]
        rows = [row | {"statistic": "ratio", "unit": "per 1,000", "value": 1000 * row["value"],
                       "low": 1000 * row["low"], "high": 1000 * row["high"]} for row in rows]  # fmt: skip
        made = context(figure("tickets_received", "2026-05", 400), evaluate=groups(*rows))
        (exhibit,) = reasons(made)
        title = plain(exhibit.as_json()["title"])
        if named:
            assert (
                title == "“delivery” is complained of more than the others in May 2026: 200 per 1 000 contacts about it"
            )
        else:
            assert title == "No reason is clearly complained of more than the others in May 2026"


def test_fewer_than_ten_complaints_are_no_chart():
    rows = [grouped("complaint_rate", "delivery", 5, 100), grouped("complaint_rate", "return", 4, 300)]
    assert reasons(context(figure("tickets_received", "2026-05", 400), evaluate=groups(*rows))) == []


# --- agents


def by_agent(*met: tuple[str, int, int]):
    return groups(*(grouped("csat", name, hits, n) for name, hits, n in met))


# Pooled 782 of 1,000 without the last; exact 99.8 % limits at 100 of 78 % are about 64 % to 89 %
ORDINARY = [(f"agent {number}", hits, 100) for number, hits in enumerate((80, 82, 79, 84, 76, 85, 81, 77, 79))]


def test_an_agent_outside_the_limits_is_told_by_pseudonym_and_nobody_by_name():
    made = context(share("csat", "2026-05", 760, 1000), evaluate=by_agent(*ORDINARY, (HOSTILE, 45, 100)),
        agent=lambda name: f"agent {pseudonym(name, 'Acme')}")  # fmt: skip
    (exhibit,) = agents(made)
    title = plain(exhibit.as_json()["title"])
    who = f"agent {pseudonym(HOSTILE, 'Acme')}"
    assert title == f"Customer satisfaction (CSAT): 1 of 10 agents outside the limits of chance ({who})"
    assert HOSTILE not in texts(exhibit) and HOSTILE not in exhibit.as_json()["svg"]
    below = [row for row in exhibit.as_json()["table"]["rows"] if row[-1] != "within the limits"]
    assert [(row[0], row[-1]) for row in below] == [(who, "below the 99.8 % limits")]
    assert who in exhibit.as_json()["svg"]


def test_agents_who_differ_by_chance_are_said_not_to():
    (exhibit,) = agents(context(share("csat", "2026-05", 723, 900), evaluate=by_agent(*ORDINARY)))
    title = plain(exhibit.as_json()["title"])
    assert title == "Customer satisfaction (CSAT): none of 9 agents differs from the others beyond chance"


def test_agents_who_differ_more_than_chance_as_a_whole_have_wider_limits_and_the_note_says_so():
    spread_out = [(f"agent {number}", 30 + 6 * number, 100) for number in range(10)]
    (exhibit,) = agents(context(share("csat", "2026-05", 570, 1000), evaluate=by_agent(*spread_out)))
    assert "the limits are widened" in exhibit.as_json()["note"]
    assert plain(exhibit.as_json()["title"]).endswith(
        "agents differ more than chance allows, and none stands apart from that spread"
    )


@pytest.mark.parametrize("met", [ORDINARY[:3], [(name, 8, 10) for name, *_ in ORDINARY]])
def test_three_agents_or_ten_answers_each_are_no_funnel(met):
    assert agents(context(share("csat", "2026-05", 8, 10), evaluate=by_agent(*met))) == []


# --- hours and languages


def test_tickets_that_come_while_closed_are_told_with_both_waits():
    table = tickets([2.0] * 60 + [14.0] * 40, after_hours=[False] * 60 + [True] * 40)
    made = context(share("csat", "2026-05", 1, 1), tables={"tickets": table}, has_hours=True)
    (exhibit,) = coverage(made)
    title = plain(exhibit.as_json()["title"])
    assert (
        title
        == "40 % of the tickets came while the team was closed; they waited a median 14 h 00 min, the others 2 h 00 min"
    )


@pytest.mark.parametrize(("hours", "closed"), [(False, 40), (True, 29)])
def test_without_hours_or_with_few_tickets_outside_them_nothing_is_compared(hours, closed):
    table = tickets([2.0] * 60 + [14.0] * closed, after_hours=[False] * 60 + [True] * closed)
    assert coverage(context(share("csat", "2026-05", 1, 1), tables={"tickets": table}, has_hours=hours)) == []


@pytest.mark.parametrize(
    ("minor", "words"),
    [(40, "they waited longer"), (1, "they waited less"), (5.5, "they waited no clearly different time")],
)
def test_languages_are_told_by_name_with_whether_they_wait_longer(minor, words):
    waits = [1 + number % 10 for number in range(100)] + [minor + number % 10 / 10 for number in range(40)]
    table = tickets(waits, language=["fi"] * 100 + ["sv"] * 40)
    (exhibit,) = coverage(context(share("csat", "2026-05", 1, 1), tables={"tickets": table}))
    assert plain(exhibit.as_json()["title"]) == f"Other languages than Finnish: 28.6 % of the tickets; {words}"
    assert [row[0] for row in exhibit.as_json()["rows"]] == ["Finnish", "Swedish"]


# --- service level by half hour


def calls(*parts: tuple[str, int, int]) -> pd.DataFrame:
    """Calls of 4 May offered at these UTC times: so many, so many of them answered after 10 s, the rest after 60."""
    rows = [
        {"offered_at": pd.Timestamp(f"2026-05-04 {at}", tz="UTC"), "offered_on": MAY, "answered": True,
         "wait_seconds": 10.0 if number < met else 60.0}
        for at, n, met in parts for number in range(n)
    ]  # fmt: skip
    return pd.DataFrame(rows)


DAY = [("06:00", 30, 28), ("06:30", 30, 27), ("07:00", 30, 28), ("07:45", 30, 27)]


def level(*parts: tuple[str, int, int], **more):
    table = calls(*parts)
    met, n = sum(one[2] for one in parts), len(table)
    return context(share("service_level", "2026-05", met, n), share("calls_offered", "2026-05", n, n),
        tables={"calls": table}, **more)  # fmt: skip


def test_all_half_hours_together_are_the_figure_of_the_measure():
    made = level(*DAY, ("08:10", 30, 10))
    met, n = by_half_hour(made, 20)
    figure_of_may = made.figure("service_level")
    assert (met.sum(), n.sum()) == (figure_of_may.numerator, figure_of_may.denominator)
    assert list(n.nonzero()[0]) == [18, 19, 20, 21, 22]  # 09:00 to 11:30 in Helsinki


def test_unanswered_calls_count_as_not_in_time_and_unknown_waits_not_at_all():
    table = calls(("06:00", 4, 4)).assign(answered=[True, False, True, None], wait_seconds=[10.0, np.nan, np.nan, 5.0])
    made = context(share("service_level", "2026-05", 1, 2), tables={"calls": table})
    met, n = by_half_hour(made, 20)
    assert (met[18], n[18]) == (1, 2)


def test_the_worst_half_hour_is_named_where_it_is_worse_than_all_others_together():
    (exhibit,) = half_hours(level(*DAY, ("08:10", 30, 10), targets={"service_level": Target(within=20, at_least=0.8)}))
    title = plain(exhibit.as_json()["title"])
    assert title == "80 % of the calls were answered within 20 s; the worst half hour is 11:00–11:30 with 33 %"
    assert "target 80 %" in plain(exhibit.as_json()["svg"])


def test_half_hours_that_differ_by_chance_name_none():
    (exhibit,) = half_hours(level(*DAY))
    assert plain(exhibit.as_json()["title"]).endswith("no half hour is clearly worse")


def test_three_half_hours_are_no_chart():
    assert half_hours(level(*DAY[:3])) == []


# --- where journeys end


def journeys(**pairs: int) -> pd.DataFrame:
    rows = [
        {"started_on": MAY, "start_channel": pair.split("_")[0], "last_channel": pair.split("_")[1]}
        for pair, n in pairs.items()
        for _ in range(n)
    ]
    return pd.DataFrame(rows)


def test_journeys_that_end_elsewhere_are_counted_with_the_commonest_way():
    table = journeys(email_email=60, email_phone=9, phone_phone=30, phone_email=1)
    (exhibit,) = journey_ends(context(figure("start_channel", "2026-05", 100), tables={"journeys": table}))
    title = plain(exhibit.as_json()["title"])
    assert title.startswith("10 % of the journeys ended by another channel than they began") or "10.0 %" in title
    assert title.endswith("most often email → phone (9)")
    assert exhibit.as_json()["table"]["rows"] == [["email", "60", "9"], ["phone", "1", "30"]]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ({"email_email": 10, "email_phone": 9}, "Too few journeys to say where they end: 19 journeys"),
        ({"email_email": 30, "phone_phone": 9}, "Every journey ended by the channel by which it began"),
    ],
)
def test_few_journeys_and_loyal_ones_are_said(pairs, words):
    table = journeys(**pairs)
    (exhibit,) = journey_ends(context(figure("start_channel", "2026-05", 39), tables={"journeys": table}))
    assert plain(exhibit.as_json()["title"]) == words


# --- scores


def surveys(kind: str, scores: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"kind": kind, "answered_on": MAY, "score": [float(one) for one in scores]})


def test_a_six_stands_with_the_detractors_and_what_is_off_the_scale_nowhere():
    made = context(
        figure("nps", "2026-05", 0.1, n=100), tables={"surveys": surveys("nps", [6] * 20 + [10] * 80 + [11])}
    )
    assert answers(made, "nps").tolist() == [0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 80]
    (exhibit,) = spread(made, "nps")
    title = plain(exhibit.as_json()["title"])
    assert title == "20 % of those asked whether they recommend us gave 6 or less"


def test_few_answers_are_told_as_few():
    made = context(figure("ces", "2026-05", 5.5, statistic="mean", n=4, low=3, high=8),
        tables={"surveys": surveys("ces", [3, 6, 6, 7])})  # fmt: skip
    trend, answered = effort(made)
    assert "25 % (n = 4) of the answers said that it was not easy" in plain(answered.as_json()["title"])
    # a mean of 1..7 has no limit beyond 7
    assert "(3.0–7.0)" in plain(trend.as_json()["title"])


# --- reviewers


def ratings(**by_reviewer: list[float]) -> pd.DataFrame:
    """Calibration scores of tickets 1, 2, 3 ... on one criterion, as shares."""
    rows = [
        {"reviewed_on": MAY, "kind": "calibration", "ticket_id": f"t{place}", "criterion": "tone", "reviewer": name,
         "applicable": True, "share": value}
        for name, values in by_reviewer.items() for place, value in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_reviewers_are_told_by_how_often_they_agree_and_who_is_milder():
    # Rae gives a fifth more on every ticket but the last, where all agree; Sam and Tom agree on all
    strict = [0.2, 0.4, 0.6, 0.4, 0.2, 0.6, 0.4, 0.2, 0.4, 0.6]
    mild = [value + 0.2 + place % 2 * 0.02 for place, value in enumerate(strict[:-1])] + [strict[-1]]
    table = ratings(Rae=mild, Sam=strict, Tom=strict)
    made = context(
        share("csat", "2026-05", 1, 1), tables={"review_criteria": table}, reviewer=lambda name: f"reviewer {name[0]}"
    )
    exact, bias = reviewers(made)
    assert plain(exact.as_json()["title"]).startswith("Reviewers gave the very same points in 1 of 10 scores")
    # Rae against the others: nine differences of 0.20 or 0.22 and one of 0: mean 0.188
    rows = {
        plain(row[0]): [plain(cell) if isinstance(cell, str) else cell["text"] for cell in row]
        for row in bias.as_json()["rows"]
    }
    assert rows["reviewer R"][1] == "+19 points" and rows["reviewer R"][3:] == ["10", "milder"]
    assert rows["reviewer S"][1] == "−9 points"
    assert "3 reviewers score the same work clearly otherwise" in plain(bias.as_json()["title"])
    assert "Rae" not in texts(bias)


def test_one_reviewer_alone_agrees_with_nobody():
    made = context(share("csat", "2026-05", 1, 1), tables={"review_criteria": ratings(Rae=[0.2, 0.4])})
    assert reviewers(made) == []
