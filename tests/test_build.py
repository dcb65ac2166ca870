"""What is settled once all rows are together: how far the data reach, and what audit.toml says of teams."""

from __future__ import annotations

import pytest
from checking import notices
from support import store, utc, workspace

from auditkit.build import _last_day
from auditkit.load import load

HEADER = "ticket_id | team | created_at | resolved_at\n"


def tickets(*more: str, rows: int = 61) -> str:
    """Tickets of one May, an hour apart, each resolved half an hour later, and more rows."""
    hours = [f"2026-05-{number // 24 + 1:02d} {number % 24:02d}" for number in range(rows)]
    made = [f"{number} | Aa | {hour}:00 | {hour}:30" for number, hour in enumerate(hours)]
    return HEADER + "\n".join([*made, *more])


FAR_AHEAD = ["x | Aa | 2062-01-01 00:00 |", "x | Aa | 2026-05-02 00:00 | 2062-01-01 00:00"]


@pytest.mark.parametrize("row", FAR_AHEAD)
def test_one_date_in_the_far_future_does_not_move_the_audit(tmp_path, row):
    found = store(tmp_path, tickets=tickets(row))
    assert found.meta.as_of == utc("2026-05-03 12:30")
    assert found.meta.newest == utc("2062-01-01 00:00")


def test_one_date_in_the_far_future_is_told_once(tmp_path):
    found = store(tmp_path, tickets=tickets("x | Aa | 2062-01-01 00:00 |"))
    (notice,) = notices(found, "instant_far_ahead")
    assert (notice.severity, notice.table, notice.place) == ("high", "tickets", "data/tickets.csv")
    assert (notice.count, notice.rows) == (1, (63,))
    assert notice.statement == (
        "1\u00a0row lies far ahead of all others, up to 2062-01-01: the data reach to 2026-05-03, and no figure knows "
        "what is dated later."
    )
    assert notices(found, "instant_in_the_future") == []


def test_a_resolution_far_ahead_counts_as_well(tmp_path):
    found = store(tmp_path, tickets=tickets("x | Aa | 2026-05-02 00:00 | 2062-01-01 00:00"))
    assert [one.rows for one in notices(found, "instant_far_ahead")] == [(63,)]


def test_a_stated_as_of_stands_and_what_lies_after_it_is_told_once(tmp_path):
    audit = "as_of = 2026-06-01T00:00:00Z"
    found = store(tmp_path, audit=audit, tickets=tickets("x | Aa | 2062-01-01 00:00 |"))
    assert found.meta.as_of == utc("2026-06-01 00:00")
    assert [len(notices(found, check)) for check in ("instant_in_the_future", "instant_far_ahead")] == [1, 0]


# day numbers with their rows, and the newest day that is not isolated
@pytest.mark.parametrize(
    ("days", "last"),
    [
        ({}, None),
        ({1: 40}, 1),
        ({1: 40, 61: 1}, 61),  # sixty days: a quiet time
        ({1: 40, 62: 1}, 1),
        ({1: 40, 62: 5}, 62),  # five rows are no slip
        ({1: 40, 62: 2, 900: 2}, 1),  # several slips
        ({1: 40, 62: 4, 900: 4}, 62),  # with the rows of both it is too many to be slips
        ({1: 9, 62: 1}, 62),  # no bulk to be far from
        ({1: 100_000, 62: 100}, 1),
        ({1: 100_000, 62: 101}, 62),
    ],
)
def test_few_rows_far_beyond_all_others_do_not_say_how_far_the_data_reach(days, last):
    assert _last_day(days) == last


def test_a_team_that_no_row_has_is_told_with_the_nearest(tmp_path):
    toml = '[hours.default]\nmon = "24h"\n[hours."Ab"]\nmon = "24h"\n[teams."North"]\n[teams."Aa"]\n'
    found = notices(load(workspace(tmp_path, toml, tickets=tickets())), "unknown_team_in_configuration")
    assert [(one.severity, one.place, one.remedy) for one in found] == [
        ("medium", "audit.toml, key 'hours.Ab'", "Known: Aa."),
        ("medium", "audit.toml, key 'teams.North'", "Known: Aa."),
    ]


def test_a_team_name_with_a_slip_names_the_one_that_is_meant(tmp_path):
    toml = '[hours."Service dsek"]\nmon = "24h"\n'
    text = HEADER + "1 | Service desk | 2026-05-01 08:00 |\n"
    (found,) = notices(store(tmp_path, toml, tickets=text), "unknown_team_in_configuration")
    assert found.remedy == "Did you mean 'Service desk'?"


@pytest.mark.parametrize(("copies", "words"), [(1, "1\u00a0row is an"), (2, "2\u00a0rows are identical")])
def test_one_row_is_told_as_one(tmp_path, copies, words):
    text = HEADER + "1 | Aa | 2026-05-01 08:00 |\n" * (copies + 1)
    (found,) = notices(store(tmp_path, tickets=text), "duplicate_rows")
    assert found.statement.startswith(words)
