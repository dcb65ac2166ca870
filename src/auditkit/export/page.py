"""One self-contained HTML page out of a document.

In comes a document, out goes the text of one file: style and fonts inside, no script, nothing to fetch, and a
content-security policy that would stop both. Its templates are looked up in the product's own folder and nowhere else,
with escaping on. It stands alone, without nbconvert, so that a warm process can make many pages quickly.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from auditkit import fonts
from auditkit.export import templates_dir
from auditkit.export.colour import accents
from auditkit.export.document import Document
from auditkit.export.words import words

_POLICY = (
    "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_SIGNS = {"good": "✓", "bad": "▲", "unsure": "?"}


def html_page(document: Document) -> str:
    """The page as text (UTF-8, lines end with a line feed). The same document gives the same text."""
    style = _style(document.cover["accent"])
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            cover=document.cover,
            blocks=[block.as_json() for block in document.blocks],
            contents=[block.as_json() for block in document.contents],
            broke_off=document.broke_off,
            words=words(document.language),
            signs=_SIGNS,
            style=Markup(style),
            policy=_POLICY.format(digest=digest),
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


def _style(accent: str | None) -> str:
    light, dark = accents(accent)
    colours = f":root{{--accent-on-light:{light};--accent-on-dark:{dark}}}\n"
    return f"\n{_font_faces()}{colours}{_stylesheet()}"


@cache
def _stylesheet() -> str:
    return (templates_dir() / "style.css").read_text(encoding="utf-8").replace("\r\n", "\n")


@cache
def _font_faces() -> str:
    return "".join(_font_face(*face) for face in fonts.web_fonts())


def _font_face(path: Path, weight: int, slant: str) -> str:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    source = f"url(data:font/woff2;base64,{data}) format('woff2')"
    return f"@font-face{{font-family:'{fonts.FAMILY}';font-weight:{weight};font-style:{slant};src:{source}}}\n"
