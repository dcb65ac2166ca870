"""Figures as people read them: the answers are worked by hand, spaces are written ~ (no-break) and ' (narrow)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from auditkit.clocks.period import parse_period
from auditkit.labels import Labels, capital

LABELS = Labels()
NAN = float("nan")


def seen(text: str) -> str:
    """The text with its special spaces made visible."""
    return text.replace("\u00a0", "~").replace("\u202f", "'")


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1'000"),
        (1234567, 0, "1'234'567"),
        (-12.25, 1, "−12.3"),
        (0.5, 0, "1"),
        (2.675, 2, "2.68"),
        (-0.04, 1, "0.0"),
        (None, 0, "–"),
        (NAN, 0, "–"),
    ],
)
def test_numbers_have_narrow_thousands_a_true_minus_and_round_half_up(value, decimals, expected):
    assert seen(LABELS.number(value, decimals)) == expected


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        (0.8108, None, None, "81.1~%"),
        (0.8108, 0.799, 0.822, "81.1~%"),
        (0.8, 0.62, 0.95, "80~%"),
        (0.0, 0.0, 0.3, "0~%"),
        (1.0, 0.9, 1.0, "100.0~%"),
        (0.99996, None, None, ">~99.9~%"),
        (0.0003, None, None, "<~0.1~%"),
        (None, None, None, "–"),
    ],
)
def test_a_share_has_the_decimals_that_its_interval_justifies(value, low, high, expected):
    assert seen(LABELS.share(value, low, high)) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0~s"),
        (4.24, "4.2~s"),
        (45, "45~s"),
        (59.4, "59~s"),
        (59.7, "1~min~00~s"),
        (67.52, "1~min~08~s"),
        (192, "3~min~12~s"),
        (3599.6, "1~h~00~min"),
        (7500, "2~h~05~min"),
        (86399, "1.0~d"),
        (86400, "1.0~d"),
        (293760, "3.4~d"),
        (29.96 * 86400, "30.0~d"),
        (34 * 86400, "34~d"),
        (134 * 86400, "134~d"),
        (-90, "−1~min~30~s"),
        (None, "–"),
    ],
)
def test_a_duration_is_told_in_the_units_that_suit_it(seconds, expected):
    assert seen(LABELS.duration(seconds)) == expected


@pytest.mark.parametrize(("seconds", "expected"), [(100800, "28~h~00~min"), (360000, "100~h"), (5400, "1~h~30~min")])
def test_business_time_is_never_told_in_days(seconds, expected):
    assert seen(LABELS.duration(seconds, business=True)) == expected


def test_a_wide_interval_drops_the_smaller_unit():
    assert seen(LABELS.duration(192, half_width=75)) == "3~min"
    assert seen(LABELS.duration(7 * 3600 + 1200, half_width=3 * 3600)) == "7~h"


@pytest.mark.parametrize(
    ("seconds", "expected"), [(14400, "4~h"), (20, "20~s"), (5400, "1~h~30~min"), (172800, "2~d"), (90, "1~min~30~s")]
)
def test_a_target_has_no_empty_parts(seconds, expected):
    assert seen(LABELS.duration_short(seconds)) == expected


@pytest.mark.parametrize(
    ("unit", "low", "high", "statistic", "expected"),
    [
        ("share", 0.799, 0.822, "share", "79.9–82.2~%"),
        ("share", 0.62, 0.95, "share", "62–95~%"),
        ("seconds", 45, 59, "mean", "45–59~s"),
        ("seconds", 7080, 8040, "median", "1:58–2:14~h"),
        ("seconds", 192, 245, "median", "3:12–4:05~min"),
        ("seconds", 45, 70, "median", "0:45–1:10~min"),
        ("seconds", 6 * 3600, 17 * 3600, "median", "6–17~h"),
        ("seconds", 82800, 164160, "median", "1.0–1.9~d"),
        ("net", 0.184, 0.477, "net", "+18 to +48"),
        ("points", 3.31, 3.49, "mean", "3.31–3.49"),
        ("share", None, None, "share", "–"),
        ("seconds", None, 120, "median", "up to 2~min~00~s"),
        ("seconds", 120, None, "median", "from 2~min~00~s"),
    ],
)
def test_an_interval_names_its_unit_once(unit, low, high, statistic, expected):
    assert seen(LABELS.interval(unit, low, high, statistic=statistic)) == expected


@pytest.mark.parametrize(
    ("unit", "value", "statistic", "expected"),
    [
        ("tickets", 24918, "count", "24'918"),
        ("tickets", -12, "net", "−12"),
        ("ratio", 1.0416, "ratio", "1.04"),
        ("net", 0.33, "net", "+33.0"),
        ("share", -0.13, "net", "−13.0"),
        ("points", 3.4036, "mean", "3.40"),
        ("share", None, "share", "–"),
    ],
)
def test_a_figure_is_told_by_its_unit(unit, value, statistic, expected):
    assert seen(LABELS.value(unit, value, statistic=statistic)) == expected


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-05", "May~2026"),
        ("2026-Q2", "Q2~2026"),
        ("2026-W18", "week~18 of 2026"),
        ("2026", "2026"),
        ("2026-05-17", "17~May~2026"),
        ("2026-05-01..2026-05-17", "1–17~May~2026"),
        ("2026-03-01..2026-05-17", "1~March – 17~May~2026"),
        ("2025-12-28..2026-01-03", "28~December~2025 – 3~January~2026"),
    ],
)
def test_periods_are_told_in_words(period, expected):
    assert seen(LABELS.period(parse_period(period))) == expected


def test_an_axis_names_the_year_where_it_changes():
    periods = parse_period("2026-02").history(4)
    assert LABELS.axis(periods) == ["Nov\n2025", "Dec", "Jan\n2026", "Feb"]


def test_an_instant_is_told_in_the_readers_zone():
    instant = datetime(2026, 6, 1, 0, 0, tzinfo=UTC)
    assert seen(Labels(zone="Europe/Helsinki").instant(instant)) == "1~June~2026 at 03:00 (Europe/Helsinki)"


def test_rates_per_thousand_lose_their_decimal_where_the_interval_is_wide():
    told = [LABELS.value("per 1,000", 15.29, low, high, statistic="ratio") for low, high in ((14, 17), (7, 35))]
    assert [seen(text) for text in told] == ["15.3~per 1'000", "15~per 1'000"]
    assert seen(LABELS.interval("per 1,000", 6.55, 35.29, statistic="ratio")) == "7–35~per 1'000"


def test_coefficients_have_two_decimals_and_no_dash_between_limits():
    assert LABELS.value("coefficient", -0.077, -0.43, 0.27, statistic="alpha") == "−0.08"
    assert LABELS.interval("coefficient", -0.43, 0.27, statistic="alpha") == "−0.43 to 0.27"


def test_days_and_lists():
    assert seen(LABELS.day(date(2026, 5, 17))) == "17~May~2026"
    assert [LABELS.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert capital("öljy") == "Öljy"


@pytest.mark.parametrize(
    ("language", "share", "wait", "day", "month", "when", "moment", "names"),
    [
        ("fi", "81,1~%", "1~h~30~min", "17.~toukokuuta~2026", "toukokuu~2026", "toukokuussa~2026",
            "1.~kesäkuuta~2026 klo~0.30 (UTC)", "a, b ja c"),
        ("nb", "81,1~%", "1~t~30~min", "17.~mai~2026", "mai~2026", "i mai~2026",
            "1.~juni~2026 kl.~00:30 (UTC)", "a, b og c"),
        ("ru", "81,1~%", "1~ч~30~мин", "17~мая~2026~года", "май~2026~года", "в~мае~2026 года",
            "1~июня~2026~года, 00:30 (UTC)", "a, b и c"),
    ],
)  # fmt: skip
def test_each_language_writes_figures_days_and_lists_in_its_own_way(
    language, share, wait, day, month, when, moment, names
):
    labels, may = Labels(language), parse_period("2026-05")
    assert seen(labels.share(0.811)) == share
    assert seen(labels.duration_short(5400)) == wait
    assert seen(labels.day(date(2026, 5, 17))) == day
    assert seen(labels.period(may)) == month
    assert seen(labels.within(may)) == when
    assert seen(labels.instant(datetime(2026, 6, 1, 0, 30, tzinfo=UTC))) == moment
    assert labels.listed(["a", "b", "c"]) == names


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fi", ["1~tiketti", "2~tikettiä", "5~tikettiä", "21~tikettiä"]),
        ("ru", ["1~обращение", "2~обращения", "5~обращений", "21~обращение"]),
    ],
)
def test_a_count_takes_the_form_that_its_language_asks_for(language, forms):
    say = Labels(language).say_n
    assert [seen(say("{count} ticket", "{count} tickets", count)) for count in (1, 2, 5, 21)] == forms
