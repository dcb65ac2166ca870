"""The exact shape of an exhibit, whatever the notebook carried.

In comes the JSON of one exhibit out of a notebook that anyone may have edited, out goes a dictionary with every field
that the templates read: texts cleaned, pictures made safe, rows as long as their columns. What cannot be brought into
shape raises :class:`ShapeError`. It stands alone so that neither template has to doubt its input.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any

from auditkit.exhibits.base import KINDS, TONES
from auditkit.safe.png import PngError, clean_png
from auditkit.safe.svg import SvgError, clean_svg
from auditkit.safe.text import clean

ALIGNS = ("left", "right", "center")
_POINTS_PER_PIXEL = 0.75
_ACCENT = re.compile(r"^#[0-9a-fA-F]{6}$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")


class ShapeError(ValueError):
    """The JSON of an exhibit is not what its kind asks for."""


def shape_exhibit(raw: Any, name: str) -> dict[str, Any]:
    """The exhibit ``raw`` with every field of its kind; ``name`` is its id on the page (prefix of picture ids)."""
    raw = _mapping(raw, "an exhibit")
    kind = raw.get("kind")
    if kind not in KINDS:
        raise ShapeError(f"unknown kind {clean(kind)[:40]!r}")
    common = {"id": name, "kind": kind, "title": clean(raw.get("title")), "note": clean(raw.get("note"))}
    return common | _KINDS[kind](raw, name)


def picture(source: Any, name: str, alt: str) -> dict[str, Any]:
    """A safe picture as ``{"svg", "width", "height", "alt", "turns"}``, sizes in points."""
    try:
        made = clean_svg(clean(source), name, alt)
    except SvgError as error:
        raise ShapeError(f"a picture that cannot be shown: {error}") from error
    return {"svg": made.text, "width": made.width, "height": made.height, "alt": made.alt, "turns": made.turns}


def png_picture(encoded: Any, alt: str) -> dict[str, Any]:
    """A safe picture as ``{"png", "width", "height", "alt"}`` out of base64, sizes in points."""
    try:
        data = base64.b64decode("".join(str(encoded).split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ShapeError("not base64") from error
    try:
        found = clean_png(data)
    except PngError as error:
        raise ShapeError(f"a picture that cannot be shown: {error}") from error
    size = {"width": found.width * _POINTS_PER_PIXEL, "height": found.height * _POINTS_PER_PIXEL}
    return {"png": base64.b64encode(found.data).decode("ascii"), "alt": alt} | size


def _cover(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    language, accent = clean(raw.get("language")), clean(raw.get("accent"))
    texts = {key: clean(raw.get(key)) for key in ("client", "team", "period", "as_of", "as_of_utc")}
    return texts | {
        "language": language if _LANGUAGE.match(language) else "en",
        "accent": accent if _ACCENT.match(accent) else None,
        "prepared": _pairs(raw.get("prepared")),
        "paper": "letter" if raw.get("paper") == "letter" else "a4",
        "logo": _logo(raw.get("logo")),
    }


def _logo(raw: Any) -> dict[str, Any] | None:
    """The client's logo without a description: the client's name stands beside it. One that is none is left out."""
    if not isinstance(raw, Mapping):
        return None
    try:
        return (
            png_picture(raw.get("data"), "") if raw.get("mime") == "image/png" else picture(raw.get("data"), "logo", "")
        )
    except ShapeError:
        return None


def _chart(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    alt = clean(raw.get("alt")) or clean(raw.get("title"))
    table = raw.get("table")
    shown = _columns_and_rows(table, name) if table else None
    return {"picture": picture(raw.get("svg"), name, alt), "table": shown, "caption_total": ""}


def _table(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {
        "table": _columns_and_rows(raw, name),
        "caption_total": clean(raw.get("caption_total")),
        "own_page": raw.get("own_page") is True,
    }


def _prose(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    items = [_toned(item) for item in _sequence(raw.get("items"))]
    return {"paragraphs": [clean(text) for text in _sequence(raw.get("paragraphs"))], "items": items}


def _definitions(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    items = []
    for item in _sequence(raw.get("items")):
        item = _mapping(item, "a definition")
        details = [clean(detail) for detail in _sequence(item.get("details"))]
        items.append({"term": clean(item.get("term")), "text": clean(item.get("text")), "details": details})
    return {"items": items}


def _notes(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"markdown": clean(raw.get("markdown"))}


def _signatures(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    paragraphs = [clean(text) for text in _sequence(raw.get("paragraphs"))]
    asked = [clean(text) for text in _sequence(raw.get("asked"))][:3]
    return {"paragraphs": paragraphs, "items": _pairs(raw.get("items")), "asked": asked + [""] * (3 - len(asked))}


def _closing(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"items": _pairs(raw.get("items"))}


_KINDS = {
    "cover": _cover,
    "chart": _chart,
    "table": _table,
    "prose": _prose,
    "definitions": _definitions,
    "notes": _notes,
    "signatures": _signatures,
    "closing": _closing,
}


def _columns_and_rows(raw: Any, name: str) -> dict[str, Any]:
    raw = _mapping(raw, "a table")
    columns = []
    for column in _sequence(raw.get("columns")):
        column = column if isinstance(column, Mapping) else {"label": column}
        align = column.get("align")
        columns.append({"label": clean(column.get("label")), "align": align if align in ALIGNS else "left"})
    if not columns:
        raise ShapeError("a table without columns")
    rows = [_row(row, len(columns), f"{name}-r{number}") for number, row in enumerate(_sequence(raw.get("rows")), 1)]
    return {"columns": columns, "rows": rows}


def _row(raw: Any, width: int, name: str) -> list[dict[str, Any]]:
    cells = list(_sequence(raw))
    if len(cells) > width:
        raise ShapeError(f"a row of {len(cells)} cells under {width} columns")
    return [_cell(cell, f"{name}c{number}") for number, cell in enumerate(cells + [""] * (width - len(cells)), 1)]


def _cell(raw: Any, name: str) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        return {"text": clean(raw), "tone": "", "strong": False, "picture": None}
    source = raw.get("svg")
    shown = picture(source, name, clean(raw.get("alt"))) if source else None
    return _toned(raw) | {"strong": bool(raw.get("strong")), "picture": shown}


def _toned(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        return {"text": clean(raw), "tone": ""}
    tone = raw.get("tone")
    return {"text": clean(raw.get("text")), "tone": tone if tone in TONES else ""}


def _pairs(raw: Any) -> list[list[str]]:
    pairs = [list(_sequence(pair)) for pair in _sequence(raw)]
    if any(len(pair) != 2 for pair in pairs):
        raise ShapeError("a line that is not a label and a value")
    return [[clean(label), clean(value)] for label, value in pairs]


def _sequence(raw: Any) -> Sequence[Any]:
    if raw is None:
        return ()
    if isinstance(raw, str | bytes | Mapping) or not isinstance(raw, Sequence):
        raise ShapeError(f"expected a list, found {type(raw).__name__}")
    return raw


def _mapping(raw: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise ShapeError(f"expected {what}, found {type(raw).__name__}")
    return raw
