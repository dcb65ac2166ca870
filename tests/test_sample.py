"""The sample in data/sample: it can be made again, it is small, and it holds what its README says.

The figures of planted.json come from the generator's own clock, so the tests count them again from the printed files.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq
import pytest

from auditkit.clocks.written_hours import holiday_dates
from auditkit.config import read_config
from auditkit.schema import TABLES

REPOSITORY = Path(__file__).parents[1]
SAMPLE = REPOSITORY / "data" / "sample"
WORKSPACE_OUTPUT = (".auditkit", "reports")  # made by using the sample as a workspace


@pytest.fixture(scope="module")
def planted() -> dict:
    return json.loads((SAMPLE / "planted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def made_again(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    script = REPOSITORY / "scripts" / "make_sample.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def helsinki() -> list[dict]:
    return _rows("helsinki/tiketit.csv", "utf-8-sig", ";")


@pytest.fixture(scope="module")
def london() -> list[dict]:
    text = gzip.decompress((SAMPLE / "data/london/tickets.jsonl.gz").read_bytes()).decode()
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def almaty() -> list[dict]:
    return _rows("almaty/obrashcheniya.txt", "cp1251", "\t")


# --- made by the script


def test_making_the_sample_again_gives_the_same_content(made_again):
    made = {path.relative_to(made_again).as_posix(): _content(path) for path in _files(made_again)}
    kept = {path.relative_to(SAMPLE).as_posix(): _content(path) for path in _files(SAMPLE)}
    assert made.keys() == kept.keys() - {"audit.toml", "logo.svg"}
    assert [name for name in made if made[name] != kept[name]] == []


def test_the_sample_is_under_two_megabytes():
    assert sum(path.stat().st_size for path in [*_files(SAMPLE), SAMPLE / "audit.toml"]) < 2_000_000


def test_no_file_holds_the_time_at_which_it_was_made():
    for path in SAMPLE.rglob("*.gz"):
        assert path.read_bytes()[4:8] == b"\0\0\0\0", path
    for path in [*SAMPLE.rglob("*.xlsx"), *SAMPLE.rglob("anrop.zip")]:
        assert {member.date_time for member in zipfile.ZipFile(path).infolist()} == {(2026, 6, 1, 0, 0, 0)}


# --- the workspace


def test_every_mapped_header_stands_in_its_file():
    for source in read_config(SAMPLE / "audit.toml").source:
        headers = _headers(SAMPLE / source.path, source)
        wanted = {one for name in source.columns.values() for one in ([name] if isinstance(name, str) else name)}
        assert wanted - headers == set(), source.path


def test_every_required_column_of_every_table_is_mapped():
    sources = read_config(SAMPLE / "audit.toml").source
    assert {source.table for source in sources} == set(TABLES)
    for source in sources:
        assert set(TABLES[source.table].required) <= source.columns.keys() | source.constants.keys(), source.path


def test_the_generator_and_the_configuration_know_the_same_holidays():
    world = _generator_teams()
    for team, hours in read_config(SAMPLE / "audit.toml").hours.items():
        if team != "default":
            days = hours["holidays"]
            days = set(holiday_dates(days, range(2025, 2027)) if isinstance(days, str) else days)
            working = {day for day in days if day.weekday() < 5 and date(2025, 4, 1) <= day < date(2026, 6, 1)}
            assert {day.isoformat() for day in working} == set(world[team]), team


# --- the planted effects, counted again in the printed files


def test_london_answers_faster_from_the_day_of_the_change(london, planted):
    change = datetime(2026, 2, 1, tzinfo=UTC)
    waits = {True: [], False: []}
    for row in _distinct(london, "id"):
        if row["firstReplyAt"] and not row["outbound"] and not row["suppressed"]:
            made, answered = _iso(row["createdAt"]), _iso(row["firstReplyAt"])
            waits[made >= change].append((answered - made).total_seconds())
    size = planted["effects"]["process_change"]["London"]
    assert (len(waits[False]), len(waits[True])) == (size["before_n"], size["after_n"])
    assert median(waits[True]) < 0.75 * median(waits[False])  # by the calendar, nights blur the effect
    assert 0.5 < size["ratio"] < 0.6
    others = [planted["effects"]["process_change"][team]["ratio"] for team in ("Helsinki", "Oslo", "Almaty")]
    assert all(0.93 < ratio < 1.07 for ratio in others)


def test_helsinki_closes_in_bulk_in_the_last_working_hour_of_the_month(helsinki, planted):
    resolved = [row["Ratkaistu"] for row in _distinct(helsinki, "Tunnus") if _usual_finnish(row) and row["Ratkaistu"]]
    minutes = Counter(text[:16] for text in resolved if text[11:13] == "15")
    crowded = {minute: count for minute, count in minutes.items() if count >= 5}
    size = planted["effects"]["month_end_closes"]["Helsinki"]
    assert len(crowded) == size["minutes_with_five_or_more"] == 3 * 14
    assert max(crowded.values()) == pytest.approx(size["fullest_minute"], abs=1)
    assert sum(crowded.values()) == pytest.approx(size["planted"], rel=0.02)
    assert "30.05.2025 15:17" in crowded  # the 31st was a Saturday


def test_almaty_answers_just_before_four_hours_and_hardly_after(almaty, planted):
    """Tickets made and answered between 9 and 18 on one day need no calendar."""
    waits = []
    for row in almaty:
        if (
            _is_time(row["Создано"])
            and _is_time(row["Первый ответ"])
            and row["Создано"][:10] == row["Первый ответ"][:10]
        ):
            made, answered = _dotted(row["Создано"]), _dotted(row["Первый ответ"])
            if made.hour >= 9:
                waits.append((answered - made) / timedelta(minutes=1))
    before, after = (sum(low <= wait < low + 10 for wait in waits) for low in (230, 240))
    assert before > 100
    assert after <= 3
    size = planted["effects"]["heaping"]["Almaty"]
    assert size["from_3h50_to_4h00"] > 25 * size["from_4h00_to_4h20"]


def test_quick_closes_in_helsinki_come_back(helsinki, planted):
    tickets = []
    for row in _distinct(helsinki, "Tunnus"):
        if _usual_finnish(row) and _is_time(made := f"{row['Pvm']} {row['Klo']}"):
            solved = _dotted(row["Ratkaistu"]) if row["Ratkaistu"] else datetime.max
            tickets.append((_dotted(made), solved, row["Asiakas"], row["Syy"]))
    made_by = defaultdict(list)
    for made, _, customer, reason in tickets:
        made_by[customer, reason].append(made)
    found = {True: [0, 0], False: [0, 0]}
    for made, solved, customer, reason in tickets:
        again = any(made < other <= made + timedelta(days=3) for other in made_by[customer, reason])
        counts = found[solved - made <= timedelta(minutes=10)]
        counts[0] += 1
        counts[1] += again
    size = planted["effects"]["repeats_after_quick_close"]["Helsinki"]
    assert found[True][1] / found[True][0] == pytest.approx(size["quick_share"], abs=0.01)
    assert found[False][1] / found[False][0] == pytest.approx(size["other_share"], abs=0.01)
    assert size["quick_share"] > 5 * size["other_share"]


def test_oslo_has_a_weekend_gap(planted):
    gap = planted["effects"]["weekend_gap"]
    assert gap["Oslo"]["share"] > 2 * gap["London"]["share"]
    assert gap["Oslo"]["answered_before_monday"] == 0
    assert gap["Oslo"]["weekend_median_calendar"] > 3 * gap["Oslo"]["weekday_median_calendar"]


def test_december_peaks_in_london_and_oslo_only(planted):
    peak = planted["effects"]["december_peak"]
    for team in ("London", "Oslo"):
        assert 1.5 < peak[team]["tickets_ratio"] < 1.9
        assert 1.5 < peak[team]["calls_ratio"] < 1.9
        assert peak[team]["december_median_wait"] >= 2 * peak[team]["other_median_wait"]
    for team in ("Helsinki", "Almaty"):
        assert 0.85 < peak[team]["tickets_ratio"] < 1.15
        assert 0.85 < peak[team]["calls_ratio"] < 1.15


# --- the planted dirt


def test_dirt_is_as_much_as_was_ordered(planted):
    counts = {kind: sum(files.values()) for kind, files in planted["dirt"]["counts"].items()}
    assert counts == {
        "exact_duplicate": 12,
        "conflicting_duplicate": 3,
        "reply_before_creation": 7,
        "resolved_before_creation": 4,
        "unreadable_date": 9,
        "too_few_fields": 2,
        "score_outside_scale": 3,
        "mojibake": 6,
        "hostile_subject": 4,
    }


@pytest.mark.parametrize("path", ["helsinki/tiketit.csv", "almaty/obrashcheniya.txt"])
def test_every_dirty_cell_stands_where_planted_json_says(path, planted, helsinki, almaty):
    rows = helsinki if path.startswith("helsinki") else almaty
    key = next(iter(rows[0]))
    entries = [entry for entry in planted["dirt"]["rows"] if entry["file"] == f"data/{path}"]
    assert len(entries) > 10
    for entry in entries:
        row = rows[entry["row"] - 2]
        assert row[key] == entry["id"]
        assert not entry["column"] or row[entry["column"]] == entry["value"]


def test_copies_are_exact_or_contradict_each_other(planted, helsinki):
    for entry in planted["dirt"]["rows"]:
        if entry["file"] == "data/helsinki/tiketit.csv" and "duplicate" in entry["kind"]:
            pair = [row for row in helsinki if row["Tunnus"] == entry["id"]]
            assert len(pair) == 2
            assert (pair[0] == pair[1]) == (entry["kind"] == "exact_duplicate")


def test_hostile_subjects_reach_the_files_as_they_are(helsinki, london):
    assert {"<script>alert(1)</script>", "{{ 7*7 }}"} <= {row["Aihe"] for row in helsinki}
    assert "=cmd|'/c calc'!A1" in {row["subject"] for row in london}


def test_the_logs_agree_with_the_tickets(london):
    events = _rows("london/ticket-events.csv.gz", "utf-8", ",")
    replies = Counter(one["ticket"] for one in events if one["event"] == "public_reply" and one["by"] == "agent")
    solved = {one["ticket"]: one["time"] for one in events if one["event"] == "resolve"}  # the last one stays
    logged = {one["ticket"] for one in events}
    assert len({tuple(one.values()) for one in events}) == len(events)
    recent = [row for row in london if row["createdAt"] >= "2026-02-01"]
    assert {row["id"] for row in recent} == logged
    assert all(replies[row["id"]] == row["replies"] for row in recent)
    assert all(solved.get(row["id"]) == row["solvedAt"] for row in recent if row["solvedAt"])


# --- the README


def test_the_readme_tells_every_planted_thing(planted):
    text = (SAMPLE / "README.md").read_text(encoding="utf-8")
    for one in planted["files"]:
        assert f"`{one['path']}` | {one['table']} | {one['rows']:,} |" in text
    for kind, files in planted["dirt"]["counts"].items():
        where = ", ".join(f"`{file}` {count}" for file, count in files.items())
        assert f"| {where} | {sum(files.values())} |" in text, kind
    for team, size in planted["effects"]["process_change"].items():
        assert not isinstance(size, dict) or f"{size['ratio']:.2f} |" in text, team
    assert len(re.findall(r"^### [1-8]\. ", text, re.MULTILINE)) == 8
    assert all(ticket in text for ticket in planted["dirt"]["shown_twice"])


def _files(root: Path) -> list[Path]:
    found = [path for path in sorted(root.rglob("*")) if path.is_file()]
    ours = [path for path in found if not set(path.relative_to(root).parts) & set(WORKSPACE_OUTPUT)]
    return [path for path in ours if path.relative_to(root).parts[0] != "notes"]


def _content(path: Path) -> object:
    """What a file holds, whatever the compressor that packed it."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix in (".zip", ".xlsx"):
        with zipfile.ZipFile(path) as archive:
            return {name: archive.read(name) for name in archive.namelist() if "docProps" not in name}
    return pq.read_table(path).to_pylist() if path.suffix == ".parquet" else path.read_bytes()


def _rows(path: str, encoding: str, delimiter: str) -> list[dict]:
    content = (SAMPLE / "data" / path).read_bytes()
    content = gzip.decompress(content) if path.endswith(".gz") else content
    return list(csv.DictReader(io.StringIO(content.decode(encoding)), delimiter=delimiter))


def _headers(path: Path, source) -> set[str]:
    content = _content(path)
    if path.suffix == ".xlsx":
        sheet = next(text for name, text in content.items() if name.endswith("sheet2.xml")).decode()
        strings = re.findall(r"<t[^>]*>([^<]*)</t>", content.get("xl/sharedStrings.xml", b"").decode() or sheet)
        return set(strings)
    if path.suffix == ".parquet":
        return set(content[0])
    content = next(iter(content.values())) if isinstance(content, dict) else content
    if ".json" in path.name:
        text = content.decode()
        return set(json.loads(text)[0] if text.startswith("[") else json.loads(text.splitlines()[0]))
    text = content.decode("utf-8" if source.encoding == "auto" else source.encoding)
    return set(text.splitlines()[0].split("," if source.delimiter == "auto" else source.delimiter))


def _generator_teams() -> dict[str, list[str]]:
    """The weekday holidays that the generator knows, by team."""
    code = (
        "import json; from sample.world import TEAMS; "
        "print(json.dumps({team.name: [str(day) for day in team.holidays] for team in TEAMS}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY / "scripts", capture_output=True, check=True)
    return json.loads(done.stdout)


def _distinct(rows: list[dict], key: str) -> list[dict]:
    return list({row[key]: row for row in rows}.values())


def _usual_finnish(row: dict) -> bool:
    return row["Lähtevä"] == "ei" and not row["Hylätty"]


def _is_time(text: str) -> bool:
    return bool(re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d", text or "")) and text[:5] not in ("31.02", "00.00")


def _dotted(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y %H:%M:%S")


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(ZoneInfo("UTC"))
