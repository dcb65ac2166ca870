"""Makes any text file one that can be streamed as UTF-8, or says at which row and byte it cannot be read.

A byte order mark decides first, then the NUL bytes of UTF-16, then whether the whole file is valid UTF-8, then the
choice among the older encodings in :mod:`auditkit.sources.codepages`. A declared encoding is taken at its word. A
file that is UTF-8 already is used where it lies; any other is written once, chunk by chunk, as UTF-8 into the scratch
folder.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from auditkit.errors import DataError
from auditkit.sources.codepages import CODEPAGES, most_plausible
from auditkit.sources.faults import told_as, unreadable
from auditkit.sources.sniff import delimiter_of
from auditkit.sources.unpack import scratch_file

CHUNK = 1 << 20
SAMPLE = 1 << 16
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
FAMILIES = {"utf-8-sig": "utf-8", "ascii": "utf-8"}
COMMON_NAMES = ("utf-8", "utf-16", "cp1252", "cp1251", "cp850", "latin-1", "koi8-r", "iso8859-15")
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a\x1c\x1d\x1e\x1f"))
SAVE_AS_UTF8 = "Export the file again as UTF-8"


@dataclass(frozen=True)
class Text:
    """A UTF-8 file: where it is, the byte at which its text starts, and the encoding the source was in."""

    path: Path
    start: int
    encoding: str

    def head(self, size: int = SAMPLE) -> str:
        """The first characters; a character cut at the end is left out."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            return file.read(size).decode("utf-8", "ignore")


class Undecodable(ValueError):
    """Bytes that the codec does not know, and where they are in the file."""

    def __init__(self, offset: int, found: bytes):
        super().__init__(offset, found)
        self.offset = offset
        self.found = " ".join(f"0x{byte:02X}" for byte in found[:4])


def as_utf8(path: Path, name: str, declared: str, scratch: Path) -> Text:
    """The file as a streamable UTF-8 text; ``declared`` is "auto" or a codec's name.

    Raises :class:`DataError` naming row and byte offset where the file is not text in that encoding, with the
    encodings that would read the whole of it; also for NUL bytes and files that are blank.
    """
    with told_as(name):
        text = _as_utf8(path, name, declared, scratch)
        if not text.head(CHUNK).strip("\ufeff\0 \t\r\n"):
            raise unreadable(name, "is empty", "Export the data again.")
    return text


def _as_utf8(path: Path, name: str, declared: str, scratch: Path) -> Text:
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    found, mark = _marked(head)
    found = found or _wide(head)
    codec = found or "utf-8"
    if declared != "auto":
        codec = _codec(declared, name)
        if found and found != codec and f"{codec[:6]}-be" != found:
            remedy = f'Set encoding = "{found}", or leave it to "auto".'
            raise unreadable(name, f"is {found} by its first bytes, not {codec} as declared", remedy)
    try:
        return _converted(path, codec, mark, name, scratch)
    except Undecodable as fault:
        if declared != "auto" or found:
            raise _cannot_be_read_as(path, codec, name, fault) from None
        return _converted(path, _codepage(path, name, fault), b"", name, scratch)


def _marked(head: bytes) -> tuple[str, bytes]:
    return next(((codec, mark) for mark, codec in MARKS if head.startswith(mark)), ("", b""))


def _wide(head: bytes) -> str:
    """UTF-16 without a mark: the NULs of its plain letters stand on one side of the pairs, and beside line ends."""
    first, second = head[0::2].count(0), head[1::2].count(0)
    if max(first, second) < 2 or min(first, second) * 10 > max(first, second):
        return ""
    codec = "utf-16-be" if first > second else "utf-16-le"
    line_ends = head.decode(codec, "replace").count("\n")
    return codec if line_ends * 2 >= head.count(b"\n") else ""


def _codec(declared: str, name: str) -> str:
    try:
        info = codecs.lookup(declared)
        known = info._is_text_encoding
    except LookupError:
        known = False
    if not known:
        near = get_close_matches(declared.lower(), COMMON_NAMES, 3, 0.4) or COMMON_NAMES
        raise unreadable(name, f"encoding '{declared}' does not exist", f"Did you mean {' or '.join(near)}?")
    if info.name in ("utf-16", "utf-32"):
        return f"{info.name}-le"
    return FAMILIES.get(info.name, info.name)


def _converted(path: Path, codec: str, mark: bytes, name: str, scratch: Path) -> Text:
    if codec == "utf-8":
        for _ in _decoded(path, codec, name):
            pass
        return Text(path, len(mark), codec)
    target = scratch_file(scratch, ".txt")
    with told_as(str(target)), target.open("wb") as out:
        for text in _decoded(path, codec, name, len(mark)):
            out.write(text.encode("utf-8"))
    return Text(target, 0, codec)


def _decoded(path: Path, codec: str, name: str, start: int = 0) -> Iterator[str]:
    """The file's text in chunks; plain ASCII in a UTF-8 file is only checked, not yielded, which makes it fast."""
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as file:
        offset, more = file.seek(start), True
        while more:
            chunk = file.read(CHUNK)
            more, pending = bool(chunk), decoder.getstate()[0]
            if codec == "utf-8" and more and not pending and chunk.isascii():
                text = chunk[: chunk.find(0) + 1].decode()
            else:
                text = _decode(decoder, chunk, offset - len(pending))
            if "\0" in text:
                before = text[: text.index("\0")].encode(codec)
                raise _holds_nul(path, codec, name, offset - len(pending) + len(before))
            yield text
            offset += len(chunk)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, starts_at: int) -> str:
    try:
        return decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        raise Undecodable(starts_at + error.start, error.object[error.start : error.end]) from None


def _codepage(path: Path, name: str, fault: Undecodable) -> str:
    """The older encoding of a file that is not UTF-8."""
    sample = _sample(path)
    if sum(sample.count(byte) for byte in CONTROLS) * 100 > len(sample):
        raise unreadable(name, "is not text (it is full of control codes)", "Export it again as CSV or XLSX.")
    as_utf8 = sample.decode("utf-8", "replace")
    broken = as_utf8.count("\ufffd")
    if (whole := sum(not char.isascii() for char in as_utf8) - broken) and whole >= broken:
        remedy = f"{SAVE_AS_UTF8}, or set encoding to read all of it as one."
        found = f"byte {fault.offset} ({fault.found}) is not UTF-8, while the rest of the file is"
        raise unreadable(_at(path, "utf-8", name, fault.offset), found, remedy)
    codec = most_plausible(sample, [codec for codec in CODEPAGES if _reads(path, codec, name)])
    if codec is None:
        raise _cannot_be_read_as(path, "utf-8", name, fault)
    return codec


def _sample(path: Path) -> bytes:
    """Up to 64 KiB of the lines that hold something beyond ASCII, from the whole file."""
    sample = bytearray()
    with path.open("rb") as file:
        while len(sample) < SAMPLE and (line := file.readline(SAMPLE)):
            if not line.isascii():
                sample += line
    return bytes(sample)


def _cannot_be_read_as(path: Path, codec: str, name: str, fault: Undecodable) -> DataError:
    others = [other for other in ("utf-8", *CODEPAGES) if other != codec and _reads(path, other, name)]
    remedy = f"Encodings that read the whole file: {', '.join(others)}. Set encoding to one of them."
    found = f"byte {fault.offset} ({fault.found}) cannot be read as {codec}"
    return unreadable(_at(path, codec, name, fault.offset), found, remedy if others else f"{SAVE_AS_UTF8}.")


def _reads(path: Path, codec: str, name: str) -> bool:
    try:
        return all(True for _ in _decoded(path, codec, name))
    except (Undecodable, DataError):
        return False


def _holds_nul(path: Path, codec: str, name: str, offset: int) -> DataError:
    finding = f"byte {offset} is a NUL, which no text holds: the file is damaged, or is not text"
    return unreadable(_at(path, codec, name, offset), finding, "Export the file again, or copy it again.")


def _at(path: Path, codec: str, name: str, offset: int) -> str:
    """``name, row N``: the record that byte ``offset`` lies in, counted as a spreadsheet does."""
    width = 4 if "32" in codec else 2 if "16" in codec else 1
    with path.open("rb") as file, _long_cells():
        sign = delimiter_of(file.read(SAMPLE).decode(codec, "replace")) or ","
        file.seek(0)
        part = io.BufferedReader(_UpTo(file, offset + width))
        lines = io.TextIOWrapper(part, codec, errors="replace", newline="")
        return f"{name}, row {sum(1 for _ in csv.reader(lines, delimiter=sign))}"


class _UpTo(io.RawIOBase):
    """The first ``size`` bytes of a file."""

    def __init__(self, file: io.BufferedReader, size: int):
        self.file, self.left = file, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        chunk = self.file.read(min(len(buffer), self.left))
        buffer[: len(chunk)] = chunk
        self.left -= len(chunk)
        return len(chunk)


@contextmanager
def _long_cells() -> Iterator[None]:
    """Lets the csv module read cells of any length, which it otherwise refuses for the whole process."""
    limit = csv.field_size_limit(1 << 30)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
