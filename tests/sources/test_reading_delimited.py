"""Delimited text: every record is either a row with its number, or refused with its number."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditkit.errors import DataError
from auditkit.sources.delimited import open_delimited
from auditkit.sources.read import RawFile, open_file
from auditkit.sources.text import Text


def read(tmp_path: Path, content: str | bytes, name: str = "tickets.csv", **options: object) -> RawFile:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (raw,) = open_file(path, name, scratch=tmp_path / "scratch", **options)
    return raw


def rows(raw: RawFile) -> list[tuple]:
    return [tuple(row.values()) for row in raw.reader.read_all().to_pylist()]


def refused(raw: RawFile) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in raw.refused]


def test_values_stay_text_and_rows_count_as_in_a_spreadsheet(tmp_path):
    raw = read(tmp_path, "id,score\n007,1.50\n008,\n")
    assert raw.headers == ("id", "score")
    assert rows(raw) == [("007", "1.50", 2), ("008", None, 3)]


def test_a_stray_quote_inside_a_value_is_only_a_character(tmp_path):
    assert rows(read(tmp_path, 'id,size\n1,5" screen\n2,6" screen\n')) == [("1", '5" screen', 2), ("2", '6" screen', 3)]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path, sign):
    raw = read(tmp_path, f"id{sign}subject{sign}team\n1{sign}a{sign}North\n2{sign}b{sign}South\n")
    assert (raw.delimiter, raw.headers) == (sign, ("id", "subject", "team"))


def test_decimal_commas_do_not_make_commas_the_delimiter(tmp_path):
    raw = read(tmp_path, "id;hours;cost\n1;1,5;2,0\n2;0,5;3,5\n")
    assert rows(raw) == [("1", "1,5", "2,0", 2), ("2", "0,5", "3,5", 3)]


def test_delimiters_inside_quotes_do_not_count(tmp_path):
    raw = read(tmp_path, 'id,"a;b;c;d"\n1,"x;y;z;å"\n')
    assert (raw.delimiter, rows(raw)) == (",", [("1", "x;y;z;å", 2)])


def test_a_file_of_one_column_needs_no_delimiter(tmp_path):
    raw = read(tmp_path, "comment\nHello, world\n\nBye\n")
    assert (raw.delimiter, rows(raw)) == (None, [("Hello, world", 2), ("Bye", 4)])


def test_a_separator_line_of_a_spreadsheet_is_obeyed_and_not_counted(tmp_path):
    raw = read(tmp_path, "sep=;\nid;team\n1;North\n")
    assert rows(raw) == [("1", "North", 2)]


def test_a_declared_delimiter_wins_and_may_be_a_word(tmp_path):
    assert read(tmp_path, "a,b|c\n1,2|3\n", delimiter="pipe").headers == ("a,b", "c")
    with pytest.raises(DataError, match="delimiter 'both' cannot be used"):
        read(tmp_path, "a,b\n", delimiter="both")


def test_a_record_counts_once_however_many_lines_its_cells_have(tmp_path):
    raw = read(tmp_path, 'id,"long\nheader"\n1,"two\nlines"\n2,"say ""hi"""\n')
    assert raw.headers == ("id", "long\nheader")
    assert rows(raw) == [("1", "two\nlines", 2), ("2", 'say "hi"', 3)]


def test_rows_of_the_wrong_width_are_refused_with_number_and_text(tmp_path):
    raw = read(tmp_path, "id,team,score\n1,North,5\n2,North\n3,North,4,extra\n4,South,3\n")
    assert rows(raw) == [("1", "North", "5", 2), ("4", "South", "3", 5)]
    assert refused(raw) == [(3, "2 fields where the header has 3"), (4, "4 fields where the header has 3")]
    assert [row.value for row in raw.refused] == ["2,North", "3,North,4,extra"]


def test_blank_lines_and_rows_of_delimiters_count_but_are_no_rows(tmp_path):
    raw = read(tmp_path, "id,team\n\n1,North\n,\n,,,\n  \n2,South\n\n\n")
    assert rows(raw) == [("1", "North", 3), ("2", "South", 7)]
    assert raw.refused == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_ending_works_with_and_without_the_last_one(tmp_path, end):
    for last in (end, ""):
        assert rows(read(tmp_path, f"id,team{end}1,North{end}2,South{last}")) == [("1", "North", 2), ("2", "South", 3)]


def test_headers_are_trimmed_named_and_made_unique(tmp_path):
    raw = read(tmp_path, " id ,category,,category,Category,source_row\n1,a,b,c,d,e\n")
    assert raw.headers == ("id", "category", "column 3", "category (2)", "Category (3)", "source_row (2)")
    assert rows(raw) == [("1", "a", "b", "c", "d", "e", 2)]


def test_rows_before_the_header_can_be_skipped_and_still_count(tmp_path):
    raw = read(tmp_path, 'Report,"May\n2024"\n\nid,team\n1,North\n2\n', skip_rows=2)
    assert raw.headers == ("id", "team")
    assert rows(raw) == [("1", "North", 4)]
    assert refused(raw) == [(5, "1 field where the header has 2")]


def test_a_header_alone_is_a_table_without_rows(tmp_path):
    for content in ("id,team", "id,team\n", "id,team\n\n"):
        raw = read(tmp_path, content)
        assert (raw.headers, rows(raw), raw.refused) == (("id", "team"), [], [])


def test_skipping_the_whole_file_is_an_error(tmp_path):
    with pytest.raises(DataError, match="has no header after 9 skipped rows"):
        read(tmp_path, "id,team\n1,North\n", skip_rows=9)


@pytest.mark.parametrize(
    ("tail", "value"),
    [
        ('3,South,"cut o', '3,South,cut o'),
        ('3,South,"cut\no\n', '3,South,cut\no'),
        ('3,"Sou', '3,"Sou'),
        ('3,South,"closed by two""', '3,South,closed by two"'),
    ],
)  # fmt: skip
def test_a_quote_never_closed_is_a_cut_off_file_and_its_last_row_is_refused(tmp_path, tail, value):
    raw = read(tmp_path, f"id,team,note\n1,North,a\n2,North,b\n{tail}")
    assert rows(raw) == [("1", "North", "a", 2), ("2", "North", "b", 3)]
    assert refused(raw) == [(4, "a quotation mark is never closed; the file may be cut off")]
    assert raw.refused[0].value == value


def test_a_quote_never_closed_that_swallows_many_rows_stops_the_load(tmp_path):
    raw = read(tmp_path, 'id,note\n1,"oops\n' + "2,fine\n" * 500)
    with pytest.raises(DataError, match=r"tickets.csv, row 2: a quotation mark is never closed.*500 lines"):
        raw.reader.read_all()


def test_a_record_longer_than_a_block_is_told_as_an_open_quote(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('id,note\n1,ok\n2,"' + "never closed\n" * 1000)
    raw = open_delimited(Text(path, 0, "utf-8"), path, "a.csv", block=500)
    with pytest.raises(DataError, match="longer than 500 bytes"):
        raw.reader.read_all()


def test_an_error_while_streaming_keeps_its_words_when_another_library_reads(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    raw = read(tmp_path, 'id,note\n1,"oops\n' + "2,fine\n" * 500)
    reader = raw.reader  # noqa: F841  (DuckDB finds it by its name)
    with pytest.raises(DataError, match="never closed"), raw.own_words():
        duckdb.sql("SELECT count(*) FROM reader").fetchall()


@pytest.mark.parametrize("block", range(48, 110))
def test_a_line_end_inside_a_cell_survives_any_block_boundary(tmp_path, block):
    path = tmp_path / "a.csv"
    path.write_bytes(b'id,note\r\n1,"a\r\nb"\r\n2,"c\r\n\r\nd"\r\n3,"\re\r"\r\n4,"f\r')
    raw = open_delimited(Text(path, 0, "utf-8"), path, "a.csv", block=block)
    assert rows(raw) == [("1", "a\r\nb", 2), ("2", "c\r\n\r\nd", 3), ("3", "\re\r", 4)]
    assert [(row.row, row.value) for row in raw.refused] == [(5, "4,f")]


CELL = st.text(alphabet='ab ,;"\n\räжø', max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=40), st.integers(80, 400))
def test_numbers_and_refusals_agree_with_the_csv_module_over_any_block_size(tmp_path_factory, records, block):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["id", "note"], *records])
    path = tmp_path_factory.mktemp("blocks") / "a.csv"
    path.write_bytes(out.getvalue().encode())
    raw = open_delimited(Text(path, 0, "utf-8"), path, "a.csv", delimiter=",", block=block)
    numbered = list(enumerate(records, start=2))
    kept = [(*(cell or None for cell in r), n) for n, r in numbered if len(r) == 2 and any(r)]
    assert rows(raw) == kept
    wrong = [(n, r) for n, r in numbered if len(r) != 2]
    assert {row.row for row in raw.refused} <= {n for n, _ in wrong}
    assert {n for n, r in wrong if len(r) > 1} <= {row.row for row in raw.refused}
