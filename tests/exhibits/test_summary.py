"""The summary says what changed, how sure that is, and when nothing can be said."""

from __future__ import annotations

import numpy as np
from small_report import MAY, context, figure, plain, share, texts

from auditkit.clocks.period import parse_period
from auditkit.config import Target
from auditkit.exhibits.summary import summary
from auditkit.notices import Notice


def changes(*rows, **more):
    """What the summary says of change and of what cannot be concluded."""
    by_id = {one.id: texts(one) for one in summary(context(*rows, **more))}
    return "\n".join(by_id.get(name, "") for name in ("summary-changes", "summary-open"))


def test_a_difference_beyond_chance_is_called_a_change_with_its_size_and_n():
    said = changes(share("csat", "2026-04", 80, 100), share("csat", "2026-05", 50, 100))
    assert (
        "Customer satisfaction (CSAT): 50 % in May 2026, lower than in April (80 %), more than chance explains" in said
    )
    assert "n = 100 and 100" in said


def test_the_same_difference_on_few_rows_is_not():
    said = changes(share("csat", "2026-04", 8, 10), share("csat", "2026-05", 5, 10))
    assert "Too few rows to say whether these changed: Customer satisfaction (CSAT) (50 %, n = 10)" in said
    assert ", more than chance explains" not in said
    assert "Too few rows to say whether anything changed" in said


def test_a_difference_within_chance_is_no_clear_change():
    said = changes(share("csat", "2026-04", 80, 100), share("csat", "2026-05", 78, 100))
    assert "No clear change: Customer satisfaction (CSAT)" in said


def test_many_comparisons_raise_the_bar():
    """p of 0.03 alone is a change; beside seven others that are nothing it is not."""
    telling = (share("csat", "2026-04", 80, 100), share("csat", "2026-05", 67, 100))
    calm = [
        share(measure, period, 50, 100)
        for measure in ("fcr", "reopen_rate", "answer_rate", "service_level", "resolved_within", "survey_response_rate")
        for period in ("2026-04", "2026-05")
    ]
    assert ", more than chance explains" in changes(*telling)
    assert ", more than chance explains" not in changes(*telling, *calm)


def test_durations_are_compared_by_their_samples():
    rng = np.random.default_rng(5)
    slow, quick = rng.exponential(8000, 200), rng.exponential(4000, 200)
    rows = [figure("first_response_time", period, value) for period, value in (("2026-04", 4000), ("2026-05", 8000))]
    samples = {("first_response_time", "2026-04"): quick, ("first_response_time", "2026-05"): slow}
    assert "longer than in April (1 h 07 min)" in changes(*rows, samples=samples)
    samples = {("first_response_time", "2026-04"): quick, ("first_response_time", "2026-05"): quick}
    assert "No clear change: First response time" in changes(*rows, samples=samples)


def test_last_year_is_compared_too():
    rows = [share("csat", period, met, 100) for period, met in (("2025-05", 80), ("2026-04", 52), ("2026-05", 50))]
    said = changes(*rows, year_before=parse_period("2025-05"))
    assert "lower than in May 2025 (80 %), more than chance explains" in said
    assert "lower than in April" not in said


def test_a_count_is_held_against_its_usual_range():
    counts = [100, 104, 98, 101, 99, 103, 97, 102, 100, 99, 101, 98, 160]
    rows = [figure("tickets_received", one.label, n, n=n) for one, n in zip(MAY.history(13), counts, strict=True)]
    assert "Tickets received: 160 in May 2026, above the usual range of" in changes(*rows)
    calm = [*rows[:-1], figure("tickets_received", "2026-05", 101, n=101)]
    assert "No clear change: Tickets received" in changes(*calm)


def test_a_usual_range_from_few_periods_is_called_provisional():
    counts = [100, 104, 98, 101, 99, 103, 160]
    rows = [figure("tickets_received", one.label, n, n=n) for one, n in zip(MAY.history(7), counts, strict=True)]
    assert "a provisional range" in changes(*rows)


def test_without_an_earlier_period_nothing_is_compared():
    assert "The data hold no earlier period." in changes(share("csat", "2026-05", 50, 100))


def test_a_period_that_is_not_over_is_not_compared():
    rows = [share("csat", "2026-04", 80, 100), share("csat", "2026-05", 20, 100)]
    found = summary(context(*rows, partial=True))
    assert "is not over" in texts(found[0])
    assert "more than chance" not in texts(found[1])


def test_targets_are_told_as_met_missed_or_open_with_the_reason():
    targets = {"csat": Target(at_least=0.85), "fcr": Target(at_least=0.7), "nps": Target(at_least=0.3)}
    rows = [
        share("csat", "2026-05", 50, 100, target=0.85, verdict="misses", verdict_reason="bad side"),
        share("fcr", "2026-05", 90, 100, target=0.7, verdict="meets", verdict_reason="good side"),
        figure(
            "nps",
            "2026-05",
            0.3,
            n=9,
            low=0.1,
            high=0.5,
            target=0.3,
            verdict="cannot conclude",
            verdict_reason="too few",
        ),
    ]
    exhibit = summary(context(*rows, targets=targets))[2]
    assert plain(exhibit.data["title"]) == "1 of 3 targets is met, 1 is missed and on 1 nothing can be concluded"
    said = [(item["tone"], plain(item["text"])) for item in exhibit.data["items"]]
    assert said == [
        ("bad", "Customer satisfaction (CSAT): 50 % (40–60 %), target at least 85 %: missed; n = 100."),
        (
            "unsure",
            "Net Promoter Score (NPS): +30 (+10 to +50), target at least +30: cannot conclude (too few); n = 9.",
        ),
        ("good", "First contact resolution: 90 % (83–94 %), target at least 70 %: met; n = 100."),
    ]


def test_without_targets_the_reader_is_told_so():
    assert summary(context(share("csat", "2026-05", 50, 100)))[2].data["title"] == "No targets are set"


def test_warnings_that_affect_figures_come_before_the_figures():
    high = Notice("heaped", "high", "tickets", "team Service desk", "Times are heaped just under the target.", 40)
    low = Notice("copies", "low", "tickets", "data/t.csv", "5 rows are copies.", 5)
    exhibit = summary(context(share("csat", "2026-05", 50, 100), notices=(low, high)))[0]
    assert exhibit.data["items"] == [{"text": "Times are heaped just under the target.", "tone": "bad"}]


def test_a_series_that_moved_to_another_level_has_no_usual_range():
    counts = [900, 905, 910, 895, 900, 905, 300, 305, 295, 300, 305, 300, 310]
    rows = [figure("tickets_received", one.label, n, n=n) for one, n in zip(MAY.history(13), counts, strict=True)]
    assert context(*rows).headlines["tickets_received", "count"].usual is None


def test_a_period_that_begins_before_the_data_is_said_to_be_incomplete():
    made = context(share("csat", "2026-05", 50, 100), coverage=parse_period("2026-05-10..2026-05-31"))
    assert "The data begin on 10 May 2026" in texts(summary(made)[0])


def test_when_no_target_can_be_judged_the_title_says_so():
    open_verdict = {"target": 0.85, "verdict": "cannot conclude", "verdict_reason": "too few"}
    made = context(share("csat", "2026-05", 5, 10, **open_verdict), targets={"csat": Target(at_least=0.85)})
    assert summary(made)[2].data["title"] == "Nothing can be concluded on the one target"


def test_what_cannot_be_concluded_stands_by_itself_with_the_reason():
    rows = [share("csat", "2026-04", 8, 10), share("csat", "2026-05", 5, 10)]
    absent = figure("nps", "2026-05", None, reason="no source has the column score")
    last = summary(context(*rows, absent))[-1]
    assert last.data["title"] == "What cannot be concluded, and why"
    said = [plain(item["text"]) for item in last.data["items"]]
    assert said[0] == "Too few rows to say whether these changed: Customer satisfaction (CSAT) (50 %, n = 10)."
    assert "Net Promoter Score (NPS) (no source has the column score)" in said[1]
