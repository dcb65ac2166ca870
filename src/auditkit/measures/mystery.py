"""Mystery tests: calls and messages sent to see how they are answered, and how soon.

Only tests by people who are independent of the team count, and a test whose tester is not told makes a figure less
complete; the variant ``all_testers`` counts every test. A call's wait and a message's are two measures. A test without
an answer is not left out: its customer would have waited at least as long as its tester watched.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from auditkit.definition import Count, Measure, Quantity, Share, Survival
from auditkit.translation import N_

_OF_TESTS = {"of": "mystery_tests", "dated_by": "contacted_at", "counts": "tests"}
_CALL = "lower(channel) = 'phone'"
_WATCHED = "least(watched_seconds, seconds_to_as_of)"
_WAIT = {
    "complete": "coalesce(reply_seconds >= 0, watched_seconds >= 0, FALSE)",
    "value": f"coalesce(reply_seconds, {_WATCHED})",
    "observed": "reply_seconds IS NOT NULL",
    "needs": ("reply_seconds",),
    "better": "lower",
    "clock": "calendar",
    "source": "Kaplan & Meier 1958",
    "unreached": N_("fewer than half were answered while the testers watched"),
}
M = TypeVar("M", bound=Measure)


def _by_independent_testers(measure: M) -> M:
    """The measure of tests by testers who are independent of the team, with its variant of all tests."""
    everyone = {"counted": measure.counted, "complete": measure.complete, "needs": measure.needs}
    independent = {
        "counted": _both(measure.counted, "independent IS DISTINCT FROM FALSE"),
        "complete": _both(measure.complete, "independent IS NOT NULL"),
        "needs": (*measure.needs, "independent"),
    }
    words = N_("of all tests, whoever the tester was")
    return replace(measure, **independent).varying(all_testers=everyone | {"variant_words": words})


def _both(first: str, second: str) -> str:
    return second if first == "TRUE" else f"({first}) AND {second}"


MYSTERY_TESTS_MADE = _by_independent_testers(
    Count(
        **_OF_TESTS,
        id="mystery_tests_made",
        label=N_("Mystery tests"),
        summary=N_("Test calls and test messages by testers who are independent of the team."),
        unit="tests",
        articles="A1 A16 C",
        decision=N_(
            "Hired testers and recruited customers are independent of the team; its own people, colleagues and its "
            "vendor are not, unless the log says so test by test."
        ),
    )
)

MYSTERY_ANSWER_RATE = _by_independent_testers(
    Share(
        **_OF_TESTS,
        id="mystery_answer_rate",
        label=N_("Mystery tests answered"),
        summary=N_("Share of the mystery tests that a person answered before the tester stopped waiting."),
        counted="reply_seconds IS NOT NULL OR watched_seconds IS NULL OR watched_seconds <= seconds_to_as_of",
        met="reply_seconds IS NOT NULL",
        needs=("reply_seconds",),
        better="higher",
        articles="A1 A16",
        decision=N_("A test that is still being watched at the as-of instant is left out."),
    )
)

MYSTERY_SPEED_OF_ANSWER = _by_independent_testers(
    Survival(
        **_OF_TESTS,
        **_WAIT,
        id="mystery_speed_of_answer",
        label=N_("Speed of answer of test calls"),
        summary=N_("Time by which half of the test calls are answered; a call that nobody answered waited on."),
        counted=_CALL,
        articles="A16",
        decision=N_("Calls and messages are never put together: hold it against the speed of answer."),
    )
)

MYSTERY_FIRST_RESPONSE_TIME = _by_independent_testers(
    Survival(
        **_OF_TESTS,
        **_WAIT,
        id="mystery_first_response_time",
        label=N_("First response to test messages"),
        summary=N_("Time by which half of the test messages are answered; one that nobody answered waited on."),
        counted=f"NOT {_CALL}",
        articles="A16",
        decision=N_("Calls and messages are never put together: hold it against the first response time."),
    )
)

MYSTERY_RIGHT_RATE = _by_independent_testers(
    Share(
        **_OF_TESTS,
        id="mystery_right_rate",
        label=N_("Mystery tests answered right"),
        summary=N_("Share of the answered mystery tests whose answer was right."),
        counted="reply_seconds IS NOT NULL",
        complete="answered_right IS NOT NULL",
        met="answered_right",
        needs=("reply_seconds", "answered_right"),
        better="higher",
        articles="A1 A16 C",
    )
)

MYSTERY_TEST_SCORE = _by_independent_testers(
    Quantity(
        **_OF_TESTS,
        id="mystery_test_score",
        label=N_("Score by the testers"),
        summary=N_("Mean share of the points that the testers gave to answered mystery tests."),
        counted="score IS NOT NULL",
        complete="max_score > 0 AND score <= max_score",
        value="score / max_score",
        wanted=("mean",),
        unit="share",
        needs=("score", "max_score"),
        better="higher",
        articles="A1 C",
    )
)

MEASURES = (
    MYSTERY_TESTS_MADE,
    MYSTERY_ANSWER_RATE,
    MYSTERY_SPEED_OF_ANSWER,
    MYSTERY_FIRST_RESPONSE_TIME,
    MYSTERY_RIGHT_RATE,
    MYSTERY_TEST_SCORE,
)
