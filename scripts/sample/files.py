"""Writes the files so that the same rows give the same bytes: fixed order, LF, no clock in any header.

A compressor or a Parquet writer of another version may pack the same content into other bytes; the content is what
is promised there, and what the test compares.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from sample.exports import ORIGIN, SHORT, Export

SHEET = "Saker"
FIXED_DATE = (2026, 6, 1, 0, 0, 0)  # of the members of a zip, which cannot go without one


def write(export: Export, root: Path) -> None:
    """Write one export below ``root``."""
    path = root / export.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack(export.path, CONTENT[export.form](export)))


def pack(name: str, content: bytes) -> bytes:
    """Compress by the ending of the name; the time in the header is zero, or fixed."""
    if name.endswith(".gz"):
        return gzip.compress(content, 9, mtime=0)
    if name.endswith(".zip"):
        return zipped({f"{Path(name).stem}.csv": content})
    return content


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip with fixed dates and rights."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, FIXED_DATE)
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            archive.writestr(member, content)
    return buffer.getvalue()


def _csv(export: Export) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=export.delimiter, lineterminator="\n")
    writer.writerow(export.headers)
    for row in export.rows:
        cells = ["" if row[header] is None else row[header] for header in export.headers]
        writer.writerow(cells[: row.get(SHORT)])
    # "utf-16" alone would follow the machine's byte order
    if export.encoding == "utf-16":
        return b"\xff\xfe" + text.getvalue().encode("utf-16-le")
    return text.getvalue().encode(export.encoding)


def _plain(row: dict) -> dict:
    return {key: value for key, value in row.items() if key not in (ORIGIN, SHORT)}


def _jsonl(export: Export) -> bytes:
    lines = [json.dumps(_plain(row), ensure_ascii=False, separators=(",", ":")) for row in export.rows]
    return ("\n".join(lines) + "\n").encode()


def _json(export: Export) -> bytes:
    lines = ",\n".join(json.dumps(_plain(row), ensure_ascii=False) for row in export.rows)
    return f"[\n{lines}\n]\n".encode()


def _xlsx(export: Export) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    cover = book.create_sheet("Om uttrekket")
    for line in ("Uttrekk av saker", "Tidspunkter er norsk tid", f"Saker: se arket {SHEET}"):
        cover.append([line])
    sheet = book.create_sheet(SHEET)
    sheet.append(export.headers)
    for row in export.rows:
        sheet.append([row[header] for header in export.headers])
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    stamp = datetime(*FIXED_DATE, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    core = "docProps/core.xml"  # holds the time of saving
    members[core] = re.sub(rb"(<dcterms:\w+[^>]*>)[^<]*", rb"\g<1>" + stamp, members[core])
    return zipped(members)


def _parquet(export: Export) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {"ordered_at": pa.timestamp("s", "UTC"), "amount": pa.float64()}
    columns = [pa.array([row[name] for row in export.rows], types.get(name, pa.string())) for name in export.headers]
    buffer = io.BytesIO()
    pq.write_table(pa.table(columns, names=export.headers), buffer, compression="zstd", write_statistics=False)
    return buffer.getvalue()


CONTENT = {"csv": _csv, "jsonl": _jsonl, "json": _json, "xlsx": _xlsx, "parquet": _parquet}
