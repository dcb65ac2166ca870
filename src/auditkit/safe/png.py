"""PNG that is safe to put inside a page: taken apart, checked, and put together again without what is not the picture.

In come the bytes of a file, out go the bytes of a picture that every reader can draw, and its size. Texts, dates,
profiles and whatever follows the end are left out, so the same picture gives the same bytes. It stands alone because a
typesetter stops at a broken picture, and a page must not carry what nobody looked at.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

HEAD = b"\x89PNG\r\n\x1a\n"
LARGEST_SIDE = 10_000
LARGEST_PICTURE = 256 * 1024**2  # bytes, unpacked
_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by kind of colour
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


class PngError(ValueError):
    """The bytes are not a PNG picture that can be drawn."""


@dataclass(frozen=True)
class Png:
    """A checked picture: its bytes, ``width`` and ``height`` in pixels."""

    data: bytes
    width: int
    height: int


def clean_png(data: bytes) -> Png:
    """The picture in ``data`` and nothing else. Raises :class:`PngError` when it is none, or a broken one."""
    if not data.startswith(HEAD):
        raise PngError("it does not begin as a PNG does")
    chunks = [(name, body) for name, body in _chunks(data) if name in _KEPT]
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13 or chunks[-1][0] != b"IEND":
        raise PngError("it is cut short")
    width, height, depth, colour, _, _, laced = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise PngError(f"it is {width} by {height} pixels (at most {LARGEST_SIDE} a side)")
    if depth not in _DEPTHS.get(colour, ()) or (colour == 3 and not any(name == b"PLTE" for name, _ in chunks)):
        raise PngError("its colours are of no kind that PNG has")
    wanted = sum(_sizes(width, height, depth * _CHANNELS[colour], bool(laced)))
    packed = b"".join(body for name, body in chunks if name == b"IDAT")
    if wanted > LARGEST_PICTURE or len(_unpacked(packed, wanted)) != wanted:
        raise PngError("it is not as large as it says")
    return Png(HEAD + b"".join(_written(name, body) for name, body in chunks), width, height)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(HEAD)
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        check = data[place + 8 + length : place + 12 + length]
        if len(body) != length or check != struct.pack(">I", zlib.crc32(name + body)):
            raise PngError("it is damaged")
        yield name, body
        if name == b"IEND":
            return
        place += 12 + length


def _written(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _sizes(width: int, height: int, bits: int, laced: bool) -> Iterator[int]:
    """Bytes of each pass, unpacked: every row has one more, for its filter."""
    for left, top, across, down in _PASSES if laced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            yield rows * (1 + -(-columns * bits // 8))


def _unpacked(packed: bytes, wanted: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, wanted + 1)
    except zlib.error as error:
        raise PngError("its data cannot be unpacked") from error
