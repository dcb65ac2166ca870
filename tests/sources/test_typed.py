"""One file from raw text to canonical columns: what is kept, what is refused and counted, what is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from typing_tools import Typed, created, raw_file, tickets, utc

from auditkit.errors import ConfigError
from auditkit.schema import TABLES
from auditkit.sources.raw import RefusedRow

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_all_canonical_columns_come_out_in_schema_order_with_their_types():
    typed = created("2024-01-31")
    described = typed.con.execute('DESCRIBE "typed here"').fetchall()
    assert [(name, kind) for name, kind, *_ in described] == [
        (name, "TIMESTAMP WITH TIME ZONE" if kind == "TIMESTAMPTZ" else kind)
        for name, kind in TABLES["tickets"].sql_types.items()
    ]
    assert typed.file.present == {"ticket_id", "team", "created_at"}
    assert typed.column("source") == ["data/a.csv"]
    assert typed.column("source_row") == [2]


def test_every_table_can_be_typed_from_an_empty_file():
    for table in TABLES.values():
        raw = raw_file({column.name: [] for column in table.columns})
        assert Typed(raw, table=table.name).file.rows_in == 0


def test_the_moment_of_the_last_update_comes_last():
    typed = tickets({"changed": ["2024-02-13 10:00", None]}, updated_at="changed", zone="Europe/Helsinki")
    assert typed.column("updated_at") == [utc("2024-02-13 08:00"), None]
    assert typed.con.execute('DESCRIBE "typed here"').fetchall()[-1][0] == "updated_at"
    assert "updated_at" not in typed.file.present


def test_missing_words_and_blanks_are_null_and_text_is_trimmed():
    typed = tickets({"channel": ["?", "  ", "\u00a0 e  mail\t", " N/A ", "-"]})
    assert typed.column("channel") == [None, None, "e  mail", None, None]
    assert tickets({"channel": ["?", "none at all"]}, missing=("none at all",)).column("channel") == ["?", None]


def test_an_empty_required_cell_refuses_its_row():
    typed = tickets({"team": ["A", None, "?"]})
    assert typed.refused == [(3, "team", "", "is empty"), (4, "team", "", "is empty")]
    assert (typed.file.rows_in, typed.file.rows_kept) == (3, 1)


def test_a_row_with_several_faults_is_listed_for_each_and_counted_once():
    typed = tickets({"team": [None, "A"], "resolved_at": ["never", "2024-02-13"], "reopens": ["-1", "0"]})
    assert [(row, column) for row, column, _, _ in typed.refused] == [(2, "team"), (2, "resolved_at"), (2, "reopens")]
    assert (typed.file.rows_in, typed.file.rows_kept) == (2, 1)


def test_rows_refused_while_reading_are_counted_and_kept_as_evidence():
    raw = raw_file(
        {"ticket_id": ["1", "2"], "team": ["A", "A"], "created_at": ["2024-01-31"] * 2},
        refused=(RefusedRow(3, "", "2;A", "has 2 cells"), RefusedRow(9, "", "x", "has 1 cell")),
    )
    typed = Typed(raw, table="tickets")
    assert (typed.file.rows_in, typed.file.rows_kept) == (3, 1)
    assert typed.refused == [(3, "", "2;A", "has 2 cells"), (9, "", "x", "has 1 cell")]


@pytest.mark.parametrize("word", ["true", "Yes", "Y", "t", "1", "JA", "Kyllä", "ДА"])
def test_words_for_true(word):
    assert tickets({"escalated": [word]}).column("escalated") == [True]


@pytest.mark.parametrize("word", ["False", "no", "N", "F", "0", "nei", "EI", "нет"])
def test_words_for_false(word):
    assert tickets({"escalated": [word]}).column("escalated") == [False]


def test_any_other_word_for_a_boolean_refuses_its_row():
    assert tickets({"escalated": ["maybe"]}).refused[0][3].startswith("is not yes or no")


def test_lists_are_split_at_commas_semicolons_and_bars_or_read_as_json():
    typed = tickets({"tags": ["a, b;c|d", '["x, y", " z "]', ";;", None, "[not json"]})
    assert typed.column("tags") == [["a", "b", "c", "d"], ["x, y", "z"], [], None, ["[not json"]]


def test_values_are_mapped_exactly_then_in_any_case():
    values = {"channel": {"E-mail": "email", "PH": "phone", "ph": "photo"}}
    typed = tickets({"channel": ["E-mail", "e-MAIL", "PH", "ph", "Ph", "Fax"]}, values=values)
    assert typed.column("channel") == ["email", "email", "phone", "photo", "phone", "Fax"]


def test_an_unknown_value_of_an_optional_column_is_left_empty_and_noticed():
    typed = tickets({"outcome": ["Success", "won", "won", "lost"]}, values={"outcome": {"lost": "failure"}})
    assert typed.column("outcome") == ["success", None, None, "failure"]
    (notice,) = typed.file.notices
    assert (notice.check, notice.count, notice.rows) == ("unknown_value", 2, (3,))
    assert "'won' (2)" in notice.statement


def test_an_unknown_value_of_a_required_column_refuses_its_row_and_names_the_nearest():
    columns = {"ticket_id": ["1", "1"], "at": ["2024-01-31"] * 2, "kind": ["RESOLVE", "resolved"]}
    typed = Typed(raw_file(columns), table="ticket_events")
    assert typed.column("kind") == ["resolve"]
    ((row, column, value, reason),) = typed.refused
    assert (row, column, value) == (3, "kind", "resolved")
    assert reason.endswith("Did you mean 'resolve'?")


def test_constants_are_values_of_their_column_or_a_fault_of_the_configuration():
    typed = created("2024-01-31", constants={"handle_seconds": "2h 5m", "outbound": "no", "reopens": 0, "tags": "a,b"})
    assert typed.column("handle_seconds") == [7500]
    assert typed.column("outbound") == [False]
    assert typed.column("tags") == [["a", "b"]]
    stamped = created("2024-01-31", constants={"closed_at": "2024-07-01"}, zone="Europe/Helsinki")
    assert stamped.column("closed_at") == [utc("2024-06-30 21:00")]
    for column, value in (("reopens", "many"), ("outbound", "maybe"), ("outcome", "won"), ("closed_at", "soon")):
        with pytest.raises(ConfigError, match=f"constants.{column}"):
            created("2024-01-31", constants={column: value})


def test_nothing_is_left_behind_but_the_relation():
    typed = created("2024-01-31", "never")
    assert typed.con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("typed here",)]


def test_a_failed_file_leaves_no_tables():
    with pytest.raises(Exception, match="day-first"):
        created("01/02/2024")


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not beside the repository")
def test_the_real_incident_log_is_read_whole(tmp_path):
    from auditkit.sources.read import open_file

    path = SHARED / "uci-incident-log" / "incident_event_log_full_stripped.csv.gz"
    (raw,) = open_file(path, path.name, scratch=tmp_path)
    columns = {
        "ticket_id": "number",
        "created_at": "opened_at",
        "resolved_at": "resolved_at",
        "sla_resolution_met": "made_sla",
    }
    typed = Typed(raw, table="tickets", columns=columns, constants={"team": "IT"}, updated_at="sys_updated_at")
    assert (typed.file.rows_in, typed.file.rows_kept) == (141712, 141712)
    per_row, tickets_in = typed.con.execute(
        'SELECT avg(sla_resolution_met::INT), count(DISTINCT ticket_id) FROM "typed here"'
    ).fetchall()[0]
    assert round(per_row, 4) == 0.9350
    assert tickets_in == 24918


def test_a_header_that_merely_shares_a_columns_name_is_not_used_and_said():
    # This export calls the instant of the answer "answered"; the canonical column of that name is yes or no.
    moments = {"Offered": ["2026-01-05 09:00", "2026-01-05 09:10"], "answered": ["2026-01-05 09:01", None]}
    columns = {"call_id": "Id", "team": "Team", "offered_at": "Offered"}
    typed = Typed(raw_file({"Id": ["1", "2"], "Team": ["A", "A"]} | moments), table="calls", columns=columns)
    assert typed.file.rows_kept == 2
    assert "answered" not in typed.file.present
    assert typed.checks == ["header_is_a_namesake"]
