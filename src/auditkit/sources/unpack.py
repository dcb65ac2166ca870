"""Unpacks gzip, zstd and zip into a scratch folder, so that every reader has a plain file before it.

Archives come from strangers: what would unpack to more than 4 GiB, or to more than a thousand times its size, is
refused, and a member's name is only ever cited, never used to write a file. The scratch folder belongs to the caller,
who deletes it when the readers are consumed.
"""

from __future__ import annotations

import gzip
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

import pyarrow as pa

from auditkit.sources.faults import told_as, unreadable
from auditkit.sources.kinds import DATA_ENDINGS, PACKED_ENDINGS, binary_kind

LARGEST_UNPACKED = 4 << 30
LARGEST_RATIO = 1000
RATIO_COUNTS_FROM = 1 << 20  # a small file of one repeated value packs as well as a bomb and does no harm
DEEPEST = 3
CHUNK = 1 << 20
DAMAGED = (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile, pa.ArrowException, NotImplementedError)


@dataclass(frozen=True)
class Plain:
    """A file ready to be read: where it is, the name it is cited by, what its first bytes say it is."""

    path: Path
    name: str
    kind: str


def unpacked(path: Path, name: str, scratch: Path, depth: int = 0) -> Iterator[Plain]:
    """The plain files in ``path``: itself, what a .gz or .zst holds, or every data member of a zip archive.

    Raises :class:`DataError` for damaged, encrypted or bomb-like archives and for archives without a data file.
    """
    kind = binary_kind(path, name)
    if kind in ("parquet", "text", "workbook"):
        if kind == "workbook" and zipfile.is_zipfile(path):
            _members(path, name)
        yield Plain(path, name, kind)
        return
    if depth >= DEEPEST:
        raise unreadable(name, f"is an archive inside {DEEPEST} archives", "Unpack it by hand.")
    inside = _zip_parts(path, name, scratch) if kind == "zip" else _stream_part(path, name, scratch, kind)
    for part, part_name in inside:
        yield from unpacked(part, part_name, scratch, depth + 1)


def scratch_file(scratch: Path, ending: str) -> Path:
    """A new empty file in ``scratch`` with a name that owes nothing to the source."""
    with told_as(str(scratch)):
        scratch.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=scratch, suffix=ending)
        os.close(handle)
    return Path(name)


def _stream_part(path: Path, name: str, scratch: Path, kind: str) -> Iterator[tuple[Path, str]]:
    target = scratch_file(scratch, ".part")
    try:
        with told_as(name), _opened(path, kind) as packed:
            _copy(packed, target, name, path.stat().st_size)
    except DAMAGED as error:
        raise _damaged(name, error) from error
    yield target, name


def _opened(path: Path, kind: str) -> IO[bytes]:
    return gzip.open(path) if kind == "gzip" else pa.input_stream(str(path), compression="zstd")


def _zip_parts(path: Path, name: str, scratch: Path) -> Iterator[tuple[Path, str]]:
    for member in _data_members(_members(path, name), name):
        place = f"{name}!{member.filename}"
        if member.flag_bits & 1:
            raise unreadable(place, "is encrypted with a password", "Unpack it by hand, or send it without one.")
        target = scratch_file(scratch, ".part")
        try:
            with told_as(place), zipfile.ZipFile(path) as archive, archive.open(member) as packed:
                _copy(packed, target, place, member.compress_size)
        except DAMAGED as error:
            raise _damaged(place, error) from error
        yield target, place


def _members(path: Path, name: str) -> list[zipfile.ZipInfo]:
    with told_as(name), zipfile.ZipFile(path) as archive:
        members = sorted(archive.infolist(), key=lambda member: member.filename)
    _guard(sum(member.file_size for member in members), path.stat().st_size, name)
    return members


def _data_members(members: list[zipfile.ZipInfo], name: str) -> list[zipfile.ZipInfo]:
    data = [member for member in members if not member.is_dir() and _is_data(member.filename)]
    if not data:
        found = ", ".join(member.filename for member in members[:5]) or "nothing"
        raise unreadable(name, f"holds no data file (in it: {found})", "Pack CSV, XLSX, JSON or Parquet files.")
    return data


def _is_data(member: str) -> bool:
    path = PurePosixPath(member)
    hidden = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
    return not hidden and path.suffix.lower() in (*DATA_ENDINGS, *PACKED_ENDINGS, ".zip")


def _copy(packed: IO[bytes], target: Path, name: str, packed_bytes: int) -> None:
    size = 0
    with target.open("wb") as out:
        while chunk := packed.read(CHUNK):
            size += len(chunk)
            _guard(size, packed_bytes, name)
            out.write(chunk)


def _guard(size: int, packed_bytes: int, name: str) -> None:
    remedy = "If it is what it should be, unpack it by hand."
    if size > LARGEST_UNPACKED:
        raise unreadable(name, f"unpacks to more than {LARGEST_UNPACKED >> 30} GiB", remedy)
    if size > RATIO_COUNTS_FROM and size > LARGEST_RATIO * max(packed_bytes, 1):
        raise unreadable(name, f"unpacks to more than {LARGEST_RATIO} times its size, like a zip bomb", remedy)


def _damaged(name: str, error: Exception) -> Exception:
    return unreadable(name, f"is a damaged or cut off archive ({error})", "Copy or export the file again.")
