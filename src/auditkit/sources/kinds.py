"""Tells what a file is from its first bytes, and only then from its ending.

Endings lie: help desks save an HTML page as .xls, people rename a workbook to .csv, and an expired session saves the
login page in place of the export. Each is read as what it is, or refused with words that say what it is.
"""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path, PurePosixPath

from auditkit.sources.faults import told_as, unreadable

MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook"),
)
NOT_DATA = (
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "an RTF document"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
)
PACKED_ENDINGS = (".gz", ".zst")
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
DATA_ENDINGS = (".csv", ".tsv", ".txt", *WORKBOOK_ENDINGS, ".json", ".jsonl", ".ndjson", ".parquet")
LINES_ENDINGS = (".jsonl", ".ndjson")
EXPORT_AGAIN = "Export the data again as CSV or XLSX."
LOOKS_LIKE_HTML = re.compile(
    r"\s*<(!--|(?:!doctype|html|head|body|title|div|table|meta|script|style|\?xml|Workbook)\b)", re.IGNORECASE
)
LOOKS_LIKE_JSON = re.compile(r'\s*(\{\s*("|\}|$)|\[\s*([\[{"\]\d]|$))')
LOOKS_LIKE_LABELS = re.compile(r"\s*\[[^\]\[{\"\r\n]*\]\s*[,;|\t]\s*\S")


def binary_kind(path: Path, name: str) -> str:
    """``zip``, ``gzip``, ``zstd``, ``parquet``, ``workbook`` or ``text``.

    Raises :class:`DataError` for an empty file and for what is known not to be data (a PDF, a picture).
    """
    with told_as(name), path.open("rb") as file:
        head = file.read(64)
    if not head:
        raise unreadable(name, "is empty", EXPORT_AGAIN)
    for magic, what in NOT_DATA:
        if head.startswith(magic):
            raise unreadable(name, f"is {what}, not a data file", EXPORT_AGAIN)
    kind = next((kind for magic, kind in MAGIC if head.startswith(magic)), "text")
    return _kind_of_zip(path, name) if kind == "zip" else kind


def text_kind(head: str, name: str) -> str:
    """``json``, ``json lines`` or ``delimited``, from the first characters of a text.

    Raises :class:`DataError` for a web page or an XML document, whatever its ending says.
    """
    if found := LOOKS_LIKE_HTML.match(head):
        raise unreadable(name, *_page_words(found[1].lower(), head))
    if not LOOKS_LIKE_JSON.match(head) or LOOKS_LIKE_LABELS.match(head):
        return "json lines" if ending(name) in LINES_ENDINGS else "delimited"
    if head.lstrip().startswith("["):
        return "json"
    return "json lines" if ending(name) in LINES_ENDINGS or _first_line_is_a_record(head) else "json"


def ending(name: str) -> str:
    """The ending that tells the format: ``.csv`` for ``a.csv``, ``a.csv.gz`` and ``b.zip!a.csv``."""
    path = PurePosixPath(name.rpartition("!")[2].lower())
    return PurePosixPath(path.stem).suffix if path.suffix in PACKED_ENDINGS else path.suffix


def _kind_of_zip(path: Path, name: str) -> str:
    try:
        with told_as(name), zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            mimetype = archive.read("mimetype") if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        what = "workbook" if ending(name) in WORKBOOK_ENDINGS else "zip archive"
        raise unreadable(name, f"is a damaged {what} ({error})", "Copy or export the file again.") from error
    if any(member.startswith("xl/") for member in names) or b"opendocument.spreadsheet" in mimetype:
        return "workbook"
    if any(member.startswith(("word/", "ppt/")) for member in names) or b"opendocument" in mimetype:
        raise unreadable(name, "is an office document, not a workbook", EXPORT_AGAIN)
    return "zip"


def _page_words(tag: str, head: str) -> tuple[str, str]:
    if tag in ("?xml", "workbook") and "<html" not in head.lower():
        return "is an XML document, not a data file", "Open it in a spreadsheet and save it as XLSX or CSV."
    remedy = "Sign in and export the data again" if _is_login(head) else "Export the data again"
    return "is a web page (HTML), not a data file", f"{remedy}, or open it in a spreadsheet and save it as XLSX."


def _is_login(head: str) -> bool:
    return any(word in head.lower() for word in ("password", "log in", "login", "sign in", "signin"))


def _first_line_is_a_record(head: str) -> bool:
    first, newline, rest = head.lstrip().partition("\n")
    try:
        return isinstance(json.loads(first), dict) and bool(newline) and rest.lstrip().startswith("{")
    except ValueError:
        return False
