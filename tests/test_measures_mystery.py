"""Mystery tests and public reviews: who counts, what waits on, what was not known yet."""

from __future__ import annotations

import pandas as pd
import pytest
from support import one, table

from auditkit import measure

AS_OF = "2026-06-01T00:00:00+00:00"
HOURS = {"mon-fri": "08:00-16:00"}
TESTS = table("""
test_id | channel | contacted_at     | reply_seconds | watched_until    | tester_type | right | score | max_score
1       | phone   | 2026-05-04 09:00 | 10            | 2026-05-04 09:05 | independent | true  | 8     | 10
2       | phone   | 2026-05-04 10:00 | 30            | 2026-05-04 10:05 | customer    | false | 4     | 10
3       | Phone   | 2026-05-09 09:00 |               | 2026-05-09 09:05 | independent |       |       |
4       | email   | 2026-05-04 09:00 | 3600          | 2026-05-06 09:00 | independent | true  | 9     | 10
5       | email   | 2026-05-04 18:00 | 54000         | 2026-05-06 18:00 | independent |       |       |
6       | chat    | 2026-05-30 18:00 |               | 2026-06-03 18:00 | independent |       |       |
7       | email   | 2026-05-04 09:00 | 60            | 2026-05-06 09:00 | team        | true  | 10    | 10
8       | phone   | 2026-05-04 09:00 | 2             | 2026-05-04 09:05 |             | true  | 10    | 10
""").rename(columns={"right": "answered_right"})
SITES = table("""
response_id | kind   | channel | answered_at      | replied_at       | score | scale_min | scale_max
1           | review | Mapstar | 2026-05-01 09:00 | 2026-05-02 09:00 | 5     | 1         | 5
2           | review | Mapstar | 2026-05-01 09:00 | 2026-05-04 09:00 | 1     | 1         | 5
3           | review | Mirror  | 2026-05-01 09:00 |                  | 2     | 1         | 5
""")

# measure, variant, statistic, value
WORKED = [
    ("mystery_tests_made", "default", "count", 6),
    ("mystery_tests_made", "all_testers", "count", 8),
    ("mystery_answer_rate", "default", "share", 4 / 5),  # 3 was not answered; 6 is still being watched
    ("mystery_answer_rate", "all_testers", "share", 6 / 7),
    # 10 s and 30 s of three that rang: after 10 s two thirds, after 30 s one third still wait
    ("mystery_speed_of_answer", "default", "median", 30),
    ("mystery_speed_of_answer", "all_testers", "median", 10),  # 2, 10 and 30 s of four
    ("mystery_first_response_time", "default", "median", 15 * 3600),  # 1 h and 15 h of three
    ("mystery_first_response_time", "all_testers", "median", 3600),  # 1 min, 1 h and 15 h of four
    ("mystery_right_rate", "default", "share", 2 / 3),
    ("mystery_right_rate", "all_testers", "share", 4 / 5),
    ("mystery_test_score", "default", "mean", 0.7),  # 0.8, 0.4 and 0.9
    ("mystery_test_score", "all_testers", "mean", 0.82),
    ("review_reply_time", "default", "median", 3 * 86400),  # 1 d and 3 d of three
]


@pytest.mark.parametrize(("name", "variant", "statistic", "value"), WORKED)
def test_the_figure_is_the_one_worked_by_hand(name, variant, statistic, value):
    frame = SITES if name.startswith("review") else TESTS
    found = one(measure(name, frame, variants=True, as_of=AS_OF), variant=variant, statistic=statistic)
    assert found["value"] == pytest.approx(value), found["reason"]


def test_a_tester_of_whom_nothing_is_known_makes_the_figure_less_complete():
    found = one(measure("mystery_tests_made", TESTS, as_of=AS_OF), variant="default")
    assert found["completeness"] == pytest.approx(6 / 7)  # 8 says nothing of its tester, 7 is known not to count


def test_the_log_itself_may_say_who_is_independent():
    own = TESTS.assign(independent=[None] * 6 + [True, False])
    assert one(measure("mystery_tests_made", own, as_of=AS_OF))["value"] == 7


def test_without_the_testers_type_there_is_no_figure_but_that_of_all():
    found = measure("mystery_answer_rate", TESTS.drop(columns="tester_type"), variants=True, as_of=AS_OF)
    assert one(found, variant="default")["reason"] == "no source has the column independent"
    assert one(found, variant="all_testers")["value"] == pytest.approx(6 / 7)


def test_a_median_that_was_not_reached_says_so():
    rang = table("""
    test_id | channel | contacted_at     | reply_seconds | watched_until    | tester_type
    1       | phone   | 2026-05-04 09:00 | 5             | 2026-05-04 09:05 | customer
    2       | phone   | 2026-05-04 10:00 |               | 2026-05-04 10:05 | customer
    3       | phone   | 2026-05-04 11:00 |               | 2026-05-04 11:05 | customer
    """)
    found = one(measure("mystery_speed_of_answer", rang, as_of=AS_OF))
    assert found["reason"] == "fewer than half were answered while the testers watched"


def test_a_wait_that_ends_before_it_begins_is_left_out():
    early = TESTS.drop(columns="reply_seconds").assign(answered_at="2026-05-01 09:00")
    assert one(measure("mystery_speed_of_answer", early, as_of=AS_OF))["n"] == 0


def test_what_was_answered_later_had_not_been_answered_then():
    """On the 5th at 8:00 the e-mail of the evening before waits, and its tester still watches."""
    found = one(measure("mystery_answer_rate", TESTS[3:5], as_of="2026-05-05T08:00:00+00:00"))
    assert (found["numerator"], found["denominator"]) == (1, 1)
    wait = one(measure("mystery_first_response_time", TESTS[3:5], as_of="2026-05-05T08:00:00+00:00"))
    assert (wait["numerator"], wait["n"], wait["value"]) == (1, 2, 3600)


@pytest.mark.parametrize(("group", "met", "n"), [("open", 3, 3), ("closed", 1, 2)])
def test_tests_are_told_by_opening_hours(group, met, n):
    found = one(measure("mystery_answer_rate", TESTS, by="opening", hours=HOURS, as_of=AS_OF), group=group)
    assert (found["numerator"], found["denominator"]) == (met, n)


def test_tickets_and_calls_are_told_by_opening_hours_too():
    tickets = pd.DataFrame({"created_at": ["2026-05-04 09:00", "2026-05-04 17:00", "2026-05-09 09:00"]})
    found = measure("tickets_received", tickets, by="opening", hours=HOURS)
    assert dict(zip(found["group"], found["value"], strict=True)) == {"closed": 2, "open": 1}
    assert list(measure("tickets_received", tickets, by="opening")["group"]) == [None]  # its hours are not known


# --- public reviews


def test_in_a_file_that_dates_replies_no_date_is_no_reply():
    found = one(measure("review_reply_rate", SITES, as_of=AS_OF))
    assert (found["numerator"], found["denominator"]) == (2, 3)


def test_a_reply_that_came_later_was_not_there_yet():
    found = one(measure("review_reply_rate", SITES, as_of="2026-05-03T00:00:00+00:00"))
    assert (found["numerator"], found["denominator"]) == (1, 3)


def test_a_file_that_says_nothing_of_replies_gives_no_rate():
    found = one(measure("review_reply_rate", SITES.drop(columns="replied_at"), as_of=AS_OF))
    assert found["reason"] == "no source has the column replied"
