"""Workbooks, JSON, Parquet and archives: the same raw columns as from delimited text."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from auditkit.errors import DataError
from auditkit.sources import unpack
from auditkit.sources.read import RawFile, open_file

SHARED = Path(__file__).parents[3] / "shared" / "data"
CSV = b"id,team\n1,North\n2,South\n"
TABLE = [("1", "North", 2), ("2", "South", 3)]


def read_all(tmp_path: Path, content: bytes, name: str, **options: object) -> list[RawFile]:
    path = tmp_path / name
    path.write_bytes(content)
    return open_file(path, f"data/{name}", scratch=tmp_path / "scratch", **options)


def read(tmp_path: Path, content: bytes, name: str, **options: object) -> RawFile:
    (raw,) = read_all(tmp_path, content, name, **options)
    return raw


def rows(raw: RawFile) -> list[tuple]:
    return [tuple(row.values()) for row in raw.reader.read_all().to_pylist()]


def workbook(sheets: dict[str, dict[str, object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, cells in sheets.items():
        sheet = book.create_sheet(title)
        for place, value in cells.items():
            sheet[place] = value
            if isinstance(value, timedelta):
                sheet[place].number_format = "[h]:mm:ss"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def parquet(table: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


# Workbooks


def test_cells_of_every_kind_become_text(tmp_path):
    moment = datetime(2024, 5, 1, 9, 30, 5)
    cells = [109.0, 1.5, datetime(2024, 5, 1), moment, time(9, 5, 7), timedelta(hours=30), True, "007"]
    columns = dict(zip("ABCDEFGH", cells, strict=True))
    header = {f"{column}1": column for column in columns}
    book = workbook({"A": header | {f"{column}2": value for column, value in columns.items()}})
    texts = ("109", "1.5", "2024-05-01", "2024-05-01 09:30:05", "09:05:07", "30:00:00", "true", "007")
    assert rows(read(tmp_path, book, "a.xlsx")) == [(*texts, 2)]


def test_rows_keep_the_numbers_of_the_sheet_and_empty_ones_are_passed_over(tmp_path):
    book = workbook({"A": {"B3": "id", "C3": "team", "B5": 1, "C5": "North", "B8": 2, "E8": "stray"}})
    raw = read(tmp_path, book, "a.xlsx")
    assert raw.headers == ("id", "team", "column 5")
    assert rows(raw) == [("1", "North", None, 5), ("2", None, "stray", 8)]


def test_rows_above_the_header_can_be_skipped(tmp_path):
    book = workbook({"A": {"A1": "Report for May", "A3": "id", "A4": 1}})
    assert rows(read(tmp_path, book, "a.xlsx", skip_rows=1)) == [("1", 4)]


def test_real_date_cells_are_counted_by_column(tmp_path):
    cells = {"A1": "when", "B1": "id", "A2": datetime(2024, 5, 1), "A3": "13/05/2024", "A4": date(2024, 7, 1)}
    book = workbook({"A": cells})
    assert read(tmp_path, book, "a.xlsx").date_cells == {"when": 2}


def test_the_first_sheet_is_read_unless_one_is_named(tmp_path):
    book = workbook({"Info": {"A1": "x"}, "Data": {"A1": "id", "A2": 7}})
    assert read(tmp_path, book, "a.xlsx").headers == ("x",)
    raw = read(tmp_path, book, "a.xlsx", sheet="Data")
    assert (raw.name, rows(raw)) == ("data/a.xlsx#Data", [("7", 2)])
    with pytest.raises(DataError, match=r"has no sheet 'May'. Sheets in it: 'Info', 'Data'"):
        read(tmp_path, book, "a.xlsx", sheet="May")


def test_a_sheet_without_a_cell_is_empty(tmp_path):
    with pytest.raises(DataError, match="is empty"):
        read(tmp_path, workbook({"A": {}}), "a.xlsx")


def test_a_workbook_cut_off_is_told(tmp_path):
    book = workbook({"A": {"A1": "id"}})
    with pytest.raises(DataError, match="damaged workbook"):
        read(tmp_path, book[: len(book) // 2], "a.xlsx")
    with pytest.raises(DataError, match="damaged workbook"):
        read(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls")


# JSON


def test_a_json_array_flattens_and_late_keys_become_columns(tmp_path):
    content = json.dumps(
        [
            {
                "id": 12345678901234567890,
                "requester": {"id": 7},
                "tags": ["a", "b"],
                "open": True,
                "score": 1.5,
                "empty": [],
            },
            {"id": 2, "late": "x", "parts": [{"n": 1}]},
        ]
    ).encode()
    raw = read(tmp_path, content, "a.json")
    assert raw.headers == ("id", "requester.id", "tags", "open", "score", "empty", "late", "parts")
    assert rows(raw) == [
        ("12345678901234567890", "7", "a,b", "true", "1.5", None, None, None, 1),
        ("2", None, None, None, None, None, "x", '[{"n":1}]', 2),
    ]


def test_the_one_list_in_an_object_is_the_table(tmp_path):
    raw = read(tmp_path, b'{"count": 1, "tickets": [{"id": 1}], "next": null}', "a.json")
    assert rows(raw) == [("1", 1)]


def test_two_lists_in_an_object_ask_for_a_choice(tmp_path):
    content = b'{"tickets": [{"id": 1}], "users": [{"name": "A"}]}'
    with pytest.raises(DataError, match="several lists of records: 'tickets', 'users'"):
        read(tmp_path, content, "a.json")
    assert rows(read(tmp_path, content, "a.json", sheet="users")) == [("A", 1)]


def test_broken_json_is_told_with_its_line(tmp_path):
    with pytest.raises(DataError, match=r"data/a.json, line 2, column 8: is not valid JSON"):
        read(tmp_path, b'[{"id": 1},\n{"id": ', "a.json")


def test_broken_json_lines_are_refused_and_the_others_kept(tmp_path):
    raw = read(tmp_path, b'{"id": 1}\n{"id": 2\n\n[3]\n{"id": 4, "late": "\xc3\xa4"}\n', "a.jsonl")
    assert rows(raw) == [("1", None, 1), ("4", "ä", 5)]
    assert [(row.row, row.value) for row in raw.refused] == [(2, '{"id": 2'), (4, "[3]")]


def test_json_that_says_what_no_text_can_hold_is_still_read(tmp_path):
    content = b'[{"id": "a\\ud800b", "score": NaN, "k\\udfff": 1}]'
    raw = read(tmp_path, content, "a.json")
    assert (raw.headers, rows(raw)) == (("id", "score", "k?"), [("a?b", None, "1", 1)])


def test_a_number_too_long_to_be_one_is_told(tmp_path):
    with pytest.raises(DataError, match="is not valid JSON"):
        read(tmp_path, b'[{"id": ' + b"9" * 9999 + b"}]", "a.json")


def test_json_nested_beyond_reason_is_told(tmp_path):
    with pytest.raises(DataError, match="is not valid JSON"):
        read(tmp_path, b"[" * 200_000, "a.json")


def test_json_lines_are_known_by_content(tmp_path):
    assert rows(read(tmp_path, b'{"id": 1}\n{"id": 2}\n', "a.json")) == [("1", 1), ("2", 2)]


def test_json_lines_of_which_none_is_a_record_stop_the_load(tmp_path):
    with pytest.raises(DataError, match="no line is a record"):
        read(tmp_path, b"{id: 1}\n{id: 2}\n", "a.jsonl")


def test_a_header_in_brackets_is_no_json(tmp_path):
    assert read(tmp_path, b"[id],[team]\n1,North\n", "a.csv").headers == ("[id]", "[team]")


# Parquet


def test_parquet_columns_become_text(tmp_path):
    moment = datetime(2024, 5, 1, 9, 30)
    table = pa.table(
        {
            "id": pa.array([109.0, None]),
            "naive": pa.array([moment, None], pa.timestamp("us")),
            "zoned": pa.array([moment, None], pa.timestamp("ns", "Europe/Helsinki")),
            "fine": pa.array([moment.replace(microsecond=500_000), None], pa.timestamp("ms")),
            "day": pa.array([date(2024, 5, 1), None]),
            "open": pa.array([True, False]),
            "tags": pa.array([["a", "b"], []]),
            "who": pa.array([{"id": 7}, None]),
            "team": pa.array(["North", ""]).dictionary_encode(),
            "spent": pa.array([timedelta(hours=30), None]),
            "at": pa.array([time(9, 5, 7), None]),
        }
    )
    raw = read(tmp_path, parquet(table), "a.parquet")
    assert raw.headers == ("id", "naive", "zoned", "fine", "day", "open", "tags", "who.id", "team", "spent", "at")
    first, second = rows(raw)
    assert first == (
        *("109", "2024-05-01 09:30:00", "2024-05-01 09:30:00Z", "2024-05-01 09:30:00.500", "2024-05-01", "true"),
        *("a,b", "7", "North", "30:00:00", "09:05:07", 1),
    )
    assert second == (*[None] * 5, "false", *[None] * 5, 2)


def test_a_zoned_instant_is_written_in_utc(tmp_path):
    table = pa.table({"at": pa.array([datetime(2024, 5, 1, 9, 30, tzinfo=UTC)], pa.timestamp("s", "Europe/Helsinki"))})
    assert rows(read(tmp_path, parquet(table), "a.parquet")) == [("2024-05-01 09:30:00Z", 1)]


def test_parquet_cut_off_is_told(tmp_path):
    content = parquet(pa.table({"id": ["1"] * 1000}))
    with pytest.raises(DataError, match="damaged or cut off Parquet file"):
        read(tmp_path, content[:-20], "a.parquet")


def test_parquet_text_that_is_no_utf8_is_told(tmp_path):
    broken = pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"]).buffers())
    raw = read(tmp_path, parquet(pa.table({"id": broken})), "a.parquet")
    with pytest.raises(DataError, match=r"data/a.parquet, after record 0"):
        raw.reader.read_all()


# What a file is


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.xlsx", "a", "a.json", "a.parquet", "a.zip"])
def test_text_is_read_as_text_whatever_its_ending(tmp_path, name):
    assert rows(read(tmp_path, CSV, name)) == TABLE


def test_a_workbook_called_csv_is_read_as_a_workbook(tmp_path):
    assert rows(read(tmp_path, workbook({"A": {"A1": "id", "A2": 7}}), "a.csv")) == [("7", 2)]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<html><body><table><tr><td>1", "report.xls", "is a web page"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><title>Sign in</title>", "tickets.csv", "is a web page .*Sign in and export"),
        (b'<?xml version="1.0"?><Workbook></Workbook>', "a.xls", "is an XML document"),
        (b"<!-- saved from the portal --><div>Password</div>", "a.csv", "is a web page .*Sign in"),
        (b"%PDF-1.7 ...", "a.csv", "is a PDF document"),
        (b"", "a.csv", "is empty"),
        (b"\xef\xbb\xbf", "a.csv", "is empty"),
        (b"\n \n", "a.csv", "is empty"),
        (zipped({"word/document.xml": b"x"}), "a.docx", "is an office document"),
    ],
)
def test_what_is_no_data_is_refused_with_what_it_is(tmp_path, content, name, words):
    with pytest.raises(DataError, match=words):
        read_all(tmp_path, content, name)


def test_a_missing_file_and_a_folder_get_the_systems_word(tmp_path):
    with pytest.raises(DataError, match="cannot be read: No such file"):
        open_file(tmp_path / "none.csv", "none.csv", scratch=tmp_path)
    with pytest.raises(DataError, match="cannot be read: Is a directory"):
        open_file(tmp_path, "data", scratch=tmp_path)


# Archives


def test_compressed_files_keep_their_name(tmp_path):
    for content, name in ((gzip.compress(CSV), "a.csv.gz"), (pa.compress(CSV, "zstd", asbytes=True), "a.csv.zst")):
        raw = read(tmp_path, content, name)
        assert (raw.name, rows(raw)) == (f"data/{name}", TABLE)


def test_every_data_member_of_a_zip_is_read_and_named(tmp_path):
    members = {
        "b/c.csv.gz": gzip.compress(CSV),
        "a.csv": CSV,
        "notes.pdf": b"%PDF",
        "__MACOSX/a.csv": b"x",
        "d.xlsx": workbook({"A": {"A1": "id"}}),
    }
    raws = read_all(tmp_path, zipped(members), "a.zip")
    assert [raw.name for raw in raws] == ["data/a.zip!a.csv", "data/a.zip!b/c.csv.gz", "data/a.zip!d.xlsx"]
    assert [rows(raw) for raw in raws] == [TABLE, TABLE, []]


def test_a_members_name_is_cited_and_never_written(tmp_path):
    (raw,) = read_all(tmp_path, zipped({"../../evil.csv": CSV}), "a.zip")
    assert raw.name == "data/a.zip!../../evil.csv"
    assert not list(tmp_path.parent.rglob("evil*"))
    assert all(path.parent == tmp_path / "scratch" for path in (tmp_path / "scratch").rglob("*"))


def test_an_archive_without_data_names_what_is_in_it(tmp_path):
    with pytest.raises(DataError, match=r"holds no data file \(in it: readme.pdf\)"):
        read_all(tmp_path, zipped({"readme.pdf": b"x"}), "a.zip")


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: zipped({"a.csv": content})])
def test_a_bomb_is_refused(tmp_path, pack):
    with pytest.raises(DataError, match="more than 1000 times its size"):
        read_all(tmp_path, pack(b"a" * (20 << 20)), "a.zip")


def test_what_unpacks_beyond_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(unpack, "LARGEST_UNPACKED", 10)
    with pytest.raises(DataError, match="unpacks to more than"):
        read_all(tmp_path, gzip.compress(CSV), "a.csv.gz")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (gzip.compress(CSV)[:-9], "a.csv.gz"),
        (pa.compress(CSV * 99, "zstd", asbytes=True)[:-9], "a.csv.zst"),
        (zipped({"a.csv": CSV})[:-30], "a.zip"),
        (zipped({"a.csv": CSV}).replace(CSV[:4], b"xxxx"), "b.zip"),
    ],
    ids=["gzip cut", "zstd cut", "zip cut", "zip damaged"],
)
def test_archives_cut_off_or_damaged_are_told(tmp_path, content, name):
    if name == "b.zip":
        content = content[:40] + bytes([content[40] ^ 255]) + content[41:]
    with pytest.raises(DataError, match=r"damaged|cut off|cannot be read"):
        read_all(tmp_path, content, name)


def test_archives_in_archives_end_somewhere(tmp_path):
    content = CSV
    for _ in range(5):
        content = zipped({"a.zip": content})
    with pytest.raises(DataError, match="inside 3 archives"):
        read_all(tmp_path, content, "a.zip")


# Real files


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real exports are not beside the checkout")
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("pwc-call-center/01 Call-Center-Dataset.xlsx", 5000),
        ("uci-incident-log/incident_event_log_full_stripped.csv.gz", 141_712),
        ("nhsbsa-fic-survey/nhs_pensions_FIC_targets.example.xlsm", 49),
        ("fivetran-seeds/zendesk/ticket_data.csv", 10),
    ],
)
def test_real_exports_are_read_whole(tmp_path, name, count):
    (raw,) = open_file(SHARED / name, name, scratch=tmp_path)
    table = raw.reader.read_all()
    assert (table.num_rows, raw.refused) == (count, [])
    assert table.column("source_row").to_pylist() == list(range(2, count + 2))
