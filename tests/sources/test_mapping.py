"""Which header feeds which canonical column, and what is said when one is not there."""

from __future__ import annotations

import pytest
from typing_tools import Typed, raw_file, tickets

from auditkit.config import Source
from auditkit.errors import DataError
from auditkit.sources.mapping import map_columns


def feeds(headers: list[str], **source: object) -> dict[str, tuple[str, ...]]:
    found, _ = map_columns("a.csv", headers, Source(path="a.csv", table="tickets", **source))
    return {feed.column.name: feed.headers for feed in found}


def test_headers_equal_to_canonical_names_need_no_mapping_in_any_case():
    assert feeds(["Ticket_ID", " TEAM ", "created_at", "other"]) == {
        "ticket_id": ("Ticket_ID",),
        "team": (" TEAM ",),
        "created_at": ("created_at",),
    }


def test_an_exact_header_goes_before_one_in_another_case():
    mapped = feeds(["ID", "id", "team", "created_at"], columns={"ticket_id": "id"})
    assert mapped["ticket_id"] == ("id",)


def test_a_mapping_goes_before_a_constant_and_a_constant_before_a_like_named_header():
    typed = tickets({"Group": ["B"], "team": ["A"]}, columns={"team": "Group"}, constants={"team": "C"})
    assert typed.column("team") == ["B"]
    assert tickets({"team": ["A"]}, constants={"team": "C"}).column("team") == ["C"]


def test_all_required_columns_that_nothing_feeds_are_told_at_once_with_lines_to_paste():
    with pytest.raises(DataError) as caught:
        feeds(["Ticket ID", "Opened"])
    message = str(caught.value)
    assert "ticket_id, team, created_at of tickets" in message
    assert "the file has 'Ticket ID', 'Opened'" in message
    assert '[source.columns]\nticket_id = "Ticket ID"\nteam = "..."\ncreated_at = "..."' in message


def test_a_required_column_mapped_to_an_absent_header_names_the_nearest():
    with pytest.raises(DataError) as caught:
        feeds(["id", "team", "Created at"], columns={"ticket_id": "id", "created_at": "Created_on"})
    assert "a.csv, column 'created_at': is mapped to 'Created_on', which the file does not have" in str(caught.value)
    assert "Did you mean 'Created at'?" in str(caught.value)


def test_an_optional_column_mapped_to_an_absent_header_is_empty_and_noticed():
    typed = tickets({"team": ["A"]}, columns={"channel": "Kanal"})
    (notice,) = typed.file.notices
    assert (notice.check, notice.severity) == ("column_absent_in_file", "medium")
    assert "'Kanal'" in notice.statement
    assert typed.column("channel") == [None]
    assert "channel" not in typed.file.present


def test_headers_joined_by_a_blank_skip_what_is_absent():
    typed = tickets({"First": ["Ann", None, None], "Last": ["Lee", "Moe", None]}, columns={"agent": ["First", "Last"]})
    assert typed.column("agent") == ["Ann Lee", "Moe", None]


def test_hostile_headers_and_values_are_only_text():
    header = 'x"; DROP TABLE y; --'
    typed = tickets({header: ["it's", "'; DROP TABLE y; --", "<script>"]}, columns={"subject": header})
    assert typed.column("subject") == ["it's", "'; DROP TABLE y; --", "<script>"]
    raw = raw_file({"ticket_id": ["1"], "team": ["A"], "created_at": ["2024-01-31"]}, name='o\'clock "x".csv')
    assert Typed(raw, table="tickets", constants={"team": "O'Hara"}).column("source") == ['o\'clock "x".csv']


def test_an_update_column_that_is_absent_stops_the_load():
    with pytest.raises(DataError, match="updated_at"):
        tickets({"team": ["A"]}, updated_at="changed")
