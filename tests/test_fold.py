"""Many rows to one: copies, contradictions, logs of updates, and event logs, through a load."""

from __future__ import annotations

import csv

import pandas as pd
import pytest
from support import store, utc

KEPT = ("rows_in", "rows_kept", "rows_refused", "rows_folded")


def counts(found, name: str) -> tuple[int, ...]:
    """Rows in, kept, refused and folded of one file."""
    (info,) = [one for one in found.meta.sources if one.name == name]
    return tuple(getattr(info, column) for column in KEPT)


def refused(folder) -> list[dict[str, str]]:
    with (folder / ".auditkit" / "refused.csv").open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def noticed(found, check: str) -> list[int]:
    return [notice.count for notice in found.meta.notices if notice.check == check]


# --- copies and contradictions


def test_identical_rows_count_once(tmp_path):
    found = store(
        tmp_path,
        tickets="""
        ticket_id | team  | created_at       | channel
        1         | North | 2026-05-04 09:00 | email
        2         | North | 2026-05-04 09:00 |
        1         | North | 2026-05-04 09:00 | email
        2         | North | 2026-05-04 09:00 |
        1         | North | 2026-05-04 09:00 | email
        """,
    )
    frame = found.frame("tickets")
    assert sorted(zip(frame["ticket_id"], frame["source_row"], strict=True)) == [("1", 2), ("2", 3)]
    assert counts(found, "data/tickets.csv") == (5, 2, 0, 3)
    assert noticed(found, "duplicate_rows") == [3]
    assert refused(tmp_path) == []


CONFLICT = """
ticket_id | team  | created_at       | channel
1         | North | 2026-05-04 09:00 | email
2         | North | 2026-05-04 09:00 | email
1         | North | 2026-05-04 09:00 | chat
"""


def test_rows_that_share_an_id_and_contradict_each_other_are_both_refused_with_both_row_numbers(tmp_path):
    found = store(tmp_path, tickets=CONFLICT)
    assert list(found.frame("tickets")["ticket_id"]) == ["2"]
    assert [(row["row"], row["column"], row["value"], row["reason"]) for row in refused(tmp_path)] == [
        ("2", "ticket_id", "1", "contradicts row 4 with the same id"),
        ("4", "ticket_id", "1", "contradicts row 2 with the same id"),
    ]
    assert counts(found, "data/tickets.csv") == (3, 1, 2, 0)
    assert noticed(found, "conflicting_ids") == [2]


def test_a_copy_among_contradicting_rows_is_refused_with_them(tmp_path):
    found = store(
        tmp_path, tickets=CONFLICT + "1 | North | 2026-05-04 09:00 | chat\n2 | North | 2026-05-04 09:00 | email"
    )
    assert [row["reason"] for row in refused(tmp_path)] == [
        "contradicts row 4, row 5 with the same id",
        "contradicts row 2, row 5 with the same id",
        "contradicts row 2, row 4 with the same id",
    ]
    assert counts(found, "data/tickets.csv") == (5, 1, 3, 1)


def test_a_value_against_a_missing_one_is_a_contradiction(tmp_path):
    tickets = """
    ticket_id | team  | created_at       | channel
    1         | North | 2026-05-04 09:00 | email
    2         | North | 2026-05-04 09:00 |
    3         | North | 2026-05-04 09:00 |
    2         | North | 2026-05-04 09:00 | chat
    """
    assert sorted(store(tmp_path, tickets=tickets).frame("tickets")["ticket_id"]) == ["1", "3"]


def test_rows_of_two_files_contradict_by_the_name_of_the_file(tmp_path):
    (tmp_path / "data").mkdir()
    for name, channel in [("a", "email"), ("b", "chat")]:
        text = (
            f"ticket_id,team,created_at,channel\n1,North,2026-05-04 09:00,{channel}\n{name},North,2026-05-04 09:00,\n"
        )
        (tmp_path / "data" / f"{name}.csv").write_text(text)
    toml = '[[source]]\ntable = "tickets"\npath = "data/?.csv"\ndates = "iso"'
    found = store(tmp_path, toml)
    assert [(row["file"], row["reason"]) for row in refused(tmp_path)] == [
        ("data/a.csv", "contradicts row 2 of data/b.csv with the same id"),
        ("data/b.csv", "contradicts row 2 of data/a.csv with the same id"),
    ]
    assert counts(found, "data/a.csv") == counts(found, "data/b.csv") == (2, 1, 1, 0)


def test_a_table_without_an_id_folds_only_whole_rows(tmp_path):
    offers = """
    offered_at       | team  | kind       | accepted
    2026-05-04 09:00 | North | conversion | true
    2026-05-04 09:00 | North | conversion | true
    2026-05-04 09:00 | North | conversion | false
    """
    tickets = "ticket_id | team | created_at\n1 | North | 2026-05-04 09:00"
    assert len(store(tmp_path, offers=offers, tickets=tickets).frame("offers")) == 2


# --- logs of updates


LOG = """
ticket_id | team  | created_at       | status   | resolved_at      | updated
1         | North | 2026-05-04 09:00 | new      |                  | 2026-05-04 09:00
1         | North | 2026-05-04 09:00 | resolved | 2026-05-04 10:00 | 2026-05-04 10:00
1         | North | 2026-05-04 09:00 | open     |                  | 2026-05-04 09:30
2         | North | 2026-05-04 09:00 | new      |                  | 2026-05-04 09:00
2         | North | 2026-05-04 09:00 | open     |                  | 2026-05-04 09:10
"""
LOG_TOML = '[[source]]\ntable = "tickets"\npath = "data/log.csv"\ndates = "iso"\n'


def log_store(folder, toml: str, text: str = LOG):
    from support import write_table

    write_table(folder / "data" / "log.csv", text)
    return store(folder, LOG_TOML + toml)


@pytest.mark.parametrize(
    ("toml", "statuses"),
    [
        ('updated_at = "updated"\nfold = "last"', ["resolved", "open"]),  # the newest update, wherever it stands
        ('updated_at = "updated"', ["resolved", "open"]),  # rows that say when they were updated are updates
        ('fold = "last"', ["open", "open"]),  # without it, the row that comes last
    ],
)
def test_a_log_folds_to_the_last_row_of_each_ticket(tmp_path, toml, statuses):
    found = log_store(tmp_path, toml)
    assert list(found.frame("tickets").sort_values("ticket_id")["status"]) == statuses
    assert counts(found, "data/log.csv") == (5, 2, 0, 3)
    assert noticed(found, "folded_updates") == [3]


@pytest.mark.parametrize(("tickets", "kept", "refused_rows"), [(30, 30, 0), (29, 0, 58)])
def test_what_nobody_declared_is_a_log_only_where_that_is_plain(tmp_path, tickets, kept, refused_rows):
    rows = [
        f"{number} | North | 2026-05-04 09:00 | {status} | |" for number in range(tickets) for status in ("new", "old")
    ]
    found = log_store(
        tmp_path, "", "\n".join([LOG.strip().splitlines()[0], *rows, "x | North | 2026-05-04 09:00 | | |"])
    )
    assert counts(found, "data/log.csv")[1:3] == (kept + 1, refused_rows)
    assert set(found.frame("tickets")["status"].dropna()) == ({"old"} if kept else set())


def test_fold_none_says_that_it_is_no_log(tmp_path):
    found = log_store(tmp_path, 'fold = "none"', LOG + "3 | North | 2026-05-04 09:00 | new | |\n")
    assert list(found.frame("tickets")["ticket_id"]) == ["3"]
    assert counts(found, "data/log.csv") == (6, 1, 5, 0)


def test_a_missing_updated_at_is_older_than_any(tmp_path):
    text = LOG.replace("| 2026-05-04 09:10", "|")
    found = log_store(tmp_path, 'updated_at = "updated"', text).frame("tickets")
    assert found.set_index("ticket_id").loc["2", "status"] == "new"


def test_equal_updated_at_falls_back_to_the_order_of_the_rows(tmp_path):
    text = LOG.replace("2026-05-04 09:10", "2026-05-04 09:00")
    found = log_store(tmp_path, 'updated_at = "updated"', text).frame("tickets")
    assert found.set_index("ticket_id").loc["2", "status"] == "open"


# --- events


EVENTS = """
ticket_id | team  | at               | kind         | actor    | agent | value
{}
"""
TICKETS = """
ticket_id | team  | created_at       | resolved_at      | replies | channel
{}
"""


def folded(folder, *events: str, tickets: tuple[str, ...] = ()) -> pd.DataFrame:
    """The tickets that come of events ``ticket | at | kind | actor | agent | value`` of 4 May 2026."""
    lines = []
    for event in events:
        ticket, at, *rest = [cell.strip() for cell in event.split("|")]
        kind, actor, agent, value = [*rest, "", "", ""][:4]
        lines.append(f"{ticket} | North | 2026-05-04 {at} | {kind} | {actor} | {agent} | {value}")
    sources = {"ticket_events": EVENTS.format("\n".join(lines))}
    if tickets:
        sources["tickets"] = TICKETS.format("\n".join(tickets))
    found = store(folder, **sources)
    folded.notices = {notice.check: notice.count for notice in found.meta.notices}
    folded.present = found.meta.tables["tickets"].present
    return found.frame("tickets").set_index("ticket_id").sort_index()


def at(text: str):
    return utc(f"2026-05-04T{text}:00")


def test_events_alone_make_tickets(tmp_path):
    found = folded(
        tmp_path,
        "1 | 09:00 | created | customer",
        "1 | 09:05 | note | agent | eva",
        "1 | 09:06 | public_reply | bot",
        "1 | 09:10 | public_reply | agent | eva",
        "1 | 09:20 | public_reply | customer",
        "1 | 09:25 | transfer | agent | eva",
        "1 | 09:30 | public_reply | agent | ivo",
        "1 | 09:35 | escalate | agent | ivo",
        "1 | 09:40 | status | system | | solved",
        "1 | 09:40 | resolve | agent | ivo",
        "1 | 12:00 | close | system",
        "2 | 10:00 | created | customer",
    )
    one, two = found.loc["1"], found.loc["2"]
    assert (one["created_at"], one["first_response_at"]) == (at("09:00"), at("09:10"))  # a bot's word is no reply
    assert (one["resolved_at"], one["first_resolved_at"], one["closed_at"]) == (at("09:40"), at("09:40"), at("12:00"))
    assert (one["replies"], one["customer_replies"], one["transfers"], one["reopens"]) == (2, 1, 1, 0)
    assert (one["agents_touched"], one["escalated"], one["status"], one["team"]) == (2, True, "solved", "North")
    assert pd.isna(two["first_response_at"]) and pd.isna(two["resolved_at"])
    assert (two["replies"], two["reopens"], bool(two["escalated"])) == (0, 0, False)


@pytest.mark.parametrize(
    ("events", "first", "last", "reopens"),
    [
        (["10:00 | resolve"], "10:00", "10:00", 0),
        (["10:00 | resolve", "11:00 | reopen"], "10:00", None, 1),  # undone: it is open
        (["10:00 | resolve", "11:00 | reopen", "12:00 | resolve"], "10:00", "12:00", 1),
        (["10:00 | resolve", "11:00 | reopen", "12:00 | resolve", "13:00 | reopen"], "10:00", None, 2),
        (["10:00 | resolve", "12:00 | close"], "10:00", "10:00", 0),
        (["12:00 | close"], "12:00", "12:00", 0),  # closed without a resolution: that was it
        (["10:00 | note"], None, None, 0),
    ],
)
def test_a_resolution_that_was_undone_is_none(tmp_path, events, first, last, reopens):
    found = folded(tmp_path, "1 | 09:00 | created", *(f"1 | {event}" for event in events), "2 | 09:00 | resolve").loc[
        "1"
    ]
    for column, expected in [("first_resolved_at", first), ("resolved_at", last)]:
        assert pd.isna(found[column]) if expected is None else found[column] == at(expected)
    assert found["reopens"] == reopens


def test_a_log_without_a_creation_begins_with_its_first_event(tmp_path):
    assert folded(tmp_path, "1 | 09:30 | note", "1 | 09:10 | assign").loc["1", "created_at"] == at("09:10")


def test_tickets_in_the_log_take_what_it_settles_and_others_keep_their_own(tmp_path):
    found = folded(
        tmp_path,
        "1 | 09:00 | created",
        "1 | 09:30 | resolve",
        tickets=(
            "1 | North | 2026-05-04 08:59 | 2026-05-04 23:00 | 7 | email",
            "2 | North | 2026-05-04 08:00 | 2026-05-04 11:00 | 3 | chat",
        ),
    )
    assert list(found["resolved_at"]) == [at("09:30"), at("11:00")]
    assert list(found["replies"]) == [7, 3]  # the log holds no reply at all: it does not settle them
    assert list(found["created_at"]) == [at("08:59"), at("08:00")]  # the ticket's own
    assert list(found["channel"]) == ["email", "chat"]


def test_tickets_that_only_the_log_knows_are_made_and_told(tmp_path):
    found = folded(
        tmp_path, "9 | 09:00 | created", "9 | 09:30 | resolve", tickets=("1 | North | 2026-05-04 08:59 | | |",)
    )
    assert list(found.index) == ["1", "9"]
    assert folded.notices["ticket_only_in_events"] == 1


def test_columns_that_the_log_settles_are_known_and_others_are_not(tmp_path):
    folded(tmp_path, "1 | 09:00 | created", "1 | 09:30 | resolve")
    assert {"resolved_at", "first_resolved_at", "reopens"} <= folded.present
    assert not {"replies", "first_response_at", "escalated"} & folded.present


def test_events_without_a_team_and_without_a_ticket_are_told_and_left_out(tmp_path):
    events = """
    ticket_id | at               | kind
    8         | 2026-05-04 09:00 | created
    1         | 2026-05-04 09:00 | created
    """
    tickets = "ticket_id | team | created_at\n1 | North | 2026-05-04 09:00"
    found = store(tmp_path, ticket_events=events, tickets=tickets)
    assert list(found.frame("tickets")["ticket_id"]) == ["1"]
    assert noticed(found, "event_without_ticket") == [1]
