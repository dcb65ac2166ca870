"""One self-contained HTML page out of a document.

In comes a document, out goes the text of one file: style, fonts and one small script of ours inside, nothing to fetch,
and a content-security policy that lets that style and that script run and nothing else. Its templates are looked up in
the product's own folder and nowhere else, with escaping on. It stands alone, without nbconvert, so that a warm process
can make many pages quickly.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from auditkit import fonts
from auditkit.colour import DARK_GROUND, DEFAULT_ACCENT, on_dark, on_white, turned
from auditkit.exhibits import theme
from auditkit.export import templates_dir
from auditkit.export.document import Document
from auditkit.export.reading import read_number
from auditkit.export.words import words

_POLICY = (
    "default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
_PAINTS = ("fill", "stroke")
_TURNED = {
    theme.INK: "#e4e8ed",
    theme.QUIET: "#a2acb8",
    theme.GREY: "#7f8a97",
    theme.PALE: "#3d4753",
    theme.GRID: "#2a323b",
    theme.BLANK: "#1d232a",
    theme.GROUND: DARK_GROUND,
}
_TURNED_LETTERS = {theme.ON_LIGHT: "#ffffff", theme.ON_DEEP: "#000000"}
SORTABLE_ROWS = 8
_SIGNS = {"good": "✓", "bad": "▲", "unsure": "?"}


def html_page(document: Document) -> str:
    """The page as text (UTF-8, lines end with a line feed). The same document gives the same text."""
    style, script = _style(document.cover), _file("script.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            cover=document.cover,
            blocks=[_sortable(block.as_json(), document.language) for block in document.blocks],
            contents=[block.as_json() for block in document.contents],
            broke_off=document.broke_off,
            words=words(document.language),
            signs=_SIGNS,
            style=Markup(style),
            script=Markup(script),
            policy=_POLICY.format(style=_digest(style), script=_digest(script)),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_dir(), followlinks=False),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["safe_picture"] = lambda picture: Markup(picture["svg"])
    environment.filters["safe_markup"] = Markup
    return environment


def _sortable(block: dict[str, Any], language: str) -> dict[str, Any]:
    """A block whose table, where it is long, has the numbers that its cells are sorted by."""
    table = block.get("table")
    if not table:
        return block
    is_long = len(table["rows"]) >= SORTABLE_ROWS
    rows = [[_keyed(cell, language) for cell in row] for row in table["rows"]] if is_long else table["rows"]
    return {**block, "table": {**table, "rows": rows, "sortable": is_long}}


def _keyed(cell: dict[str, Any], language: str) -> dict[str, Any]:
    found = read_number(cell["text"], language)
    return cell if found is None else {**cell, "key": f"{found.value:.10g}"}


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def _style(cover: Mapping[str, Any]) -> str:
    accent = cover["accent"] or DEFAULT_ACCENT
    own = f":root{{--accent-on-light:{on_white(accent)};--accent-on-dark:{on_dark(accent)};--brand:{accent}}}\n"
    own += f"@page{{size:{cover['paper']}}}\n"
    return f"\n{_font_faces()}{own}{_file('style.css')}{_turned_charts(on_white(accent))}"


def _turned_charts(accent: str) -> str:
    """The colours of charts on a dark screen. Paper, and a reader who prefers light, keep them as they are drawn."""
    tones = _TURNED | {accent: turned(accent), theme.WARNING: turned(theme.WARNING)}
    rules = [f'.turns [{paint}="{colour}"]{{{paint}:{tone}}}' for colour, tone in tones.items() for paint in _PAINTS]
    rules += [f'.turns text[fill="{colour}"]{{fill:{tone}}}' for colour, tone in _TURNED_LETTERS.items()]
    return f"@media screen and (prefers-color-scheme: dark) {{\n{chr(10).join(rules)}\n}}\n"


@cache
def _file(name: str) -> str:
    return (templates_dir() / name).read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _font_faces() -> str:
    return "".join(_font_face(*face) for face in fonts.web_fonts())


def _font_face(path: Path, weight: int, slant: str) -> str:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:'{fonts.FAMILY}';font-weight:{weight};font-style:{slant};src:{source}}}\n"
