"""The face of an exhibit in JupyterLab: one HTML fragment, readable on a light and on a dark ground.

In comes the exhibit's neutral JSON, out goes HTML with inline style, no script and no reference that loads anything.
Colours are inherited from the notebook, so both themes work; charts stand on a white card. Every text is escaped. It
stands alone because the page that a client reads is made elsewhere, from the same JSON.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_RULE = "1px solid rgba(128,128,128,.35)"
_TONE_SIGN = {"good": "✓ ", "bad": "▲ ", "unsure": "? ", "neutral": ""}
_TONE_EDGE = {"good": "#2e8b57", "bad": "#c8553d", "unsure": "#b8860b", "neutral": "rgba(128,128,128,.5)"}


def html_fragment(shown: Mapping[str, Any]) -> str:
    """HTML for the exhibit ``shown`` (its neutral JSON): title, body by kind, note."""
    body = _BODIES[shown["kind"]](shown)
    title = f'<div style="font-weight:600;font-size:1.1em">{_text(shown["title"])}</div>' if shown["title"] else ""
    note = f'<div style="opacity:.75;font-size:.85em">{_text(shown["note"])}</div>' if shown["note"] else ""
    style = "max-width:60em;margin:.6em 0;line-height:1.5;font-variant-numeric:tabular-nums"
    return f'<div style="{style}">{title}{body}{note}</div>'


def _cover(shown: Mapping[str, Any]) -> str:
    lines = [shown.get(key) for key in ("client", "team", "period")]
    return f"<div>{' · '.join(_text(line) for line in lines if line)}</div>{_pairs(shown.get('prepared') or ())}"


def _chart(shown: Mapping[str, Any]) -> str:
    picture = _picture(shown.get("svg") or "", shown["alt"], "max-width:100%;height:auto")
    return f'<div style="background:#fff;padding:8px;border-radius:4px">{picture}</div>'


def _table(shown: Mapping[str, Any]) -> str:
    columns = shown.get("columns") or ()
    aligns = [column.get("align", "left") for column in columns]
    heads = "".join(
        f'<th scope="col" style="{_cell_style(align)};border-bottom:{_RULE}">{_text(column.get("label", ""))}</th>'
        for column, align in zip(columns, aligns, strict=True)
    )
    rows = "".join(_row(row, aligns) for row in shown.get("rows") or ())
    total = f'<div style="opacity:.75;font-size:.85em">{_text(shown.get("caption_total"))}</div>'
    table = f'<table style="border-collapse:collapse"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div style="overflow-x:auto">{table}</div>{total if shown.get("caption_total") else ""}'


def _prose(shown: Mapping[str, Any]) -> str:
    paragraphs = "".join(f"<p>{_text(paragraph)}</p>" for paragraph in shown.get("paragraphs") or ())
    items = "".join(
        f'<li style="list-style:none;border-left:3px solid {_TONE_EDGE.get(item.get("tone"), _TONE_EDGE["neutral"])};'
        f'padding-left:.6em;margin:.3em 0">{_toned(item)}</li>'
        for item in shown.get("items") or ()
    )
    return paragraphs + (f'<ul style="padding-left:0">{items}</ul>' if items else "")


def _definitions(shown: Mapping[str, Any]) -> str:
    parts = []
    for item in shown.get("items") or ():
        details = "".join(f"<div>{_text(detail)}</div>" for detail in item.get("details") or ())
        parts.append(f"<dt><b>{_text(item.get('term', ''))}</b></dt><dd>{_text(item.get('text', ''))}{details}</dd>")
    return f"<dl>{''.join(parts)}</dl>"


def _notes(shown: Mapping[str, Any]) -> str:
    style = f"border-left:3px solid {_TONE_EDGE['neutral']};padding-left:.8em;white-space:pre-wrap"
    return f'<div style="{style}">{_text(shown.get("markdown"))}</div>'


def _signatures(shown: Mapping[str, Any]) -> str:
    paragraphs = "".join(f"<p>{_text(paragraph)}</p>" for paragraph in shown.get("paragraphs") or ())
    return paragraphs + _pairs(shown.get("items") or ())


def _closing(shown: Mapping[str, Any]) -> str:
    return _pairs(shown.get("items") or ())


_BODIES = {
    "cover": _cover,
    "chart": _chart,
    "table": _table,
    "prose": _prose,
    "definitions": _definitions,
    "notes": _notes,
    "signatures": _signatures,
    "closing": _closing,
}


def _row(row: Sequence[Any], aligns: Sequence[str]) -> str:
    cells = []
    for place, (cell, align) in enumerate(zip(row, aligns, strict=False)):
        tag, scope = ("th", ' scope="row"') if place == 0 else ("td", "")
        weight = "font-weight:600" if isinstance(cell, Mapping) and cell.get("strong") else "font-weight:400"
        cells.append(f'<{tag}{scope} style="{_cell_style(align)};{weight}">{_cell(cell)}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


def _cell(cell: Any) -> str:
    if not isinstance(cell, Mapping):
        return _text(cell)
    picture = _picture(cell.get("svg") or "", cell.get("alt") or "", "vertical-align:middle;background:#fff")
    return picture + _toned(cell)


def _toned(item: Mapping[str, Any]) -> str:
    return _TONE_SIGN.get(item.get("tone") or "neutral", "") + _text(item.get("text", ""))


def _cell_style(align: str) -> str:
    return f"text-align:{align if align in ('left', 'right', 'center') else 'left'};padding:.25em .7em"


def _picture(svg: str, alt: str, style: str) -> str:
    if not svg:
        return ""
    data = base64.b64encode(svg.encode("utf-8", "replace")).decode("ascii")
    return f'<img alt="{_text(alt)}" style="{style}" src="data:image/svg+xml;base64,{data}">'


def _pairs(pairs: Sequence[Sequence[Any]]) -> str:
    rows = "".join(
        f'<tr><th scope="row" style="{_cell_style("left")};font-weight:400;opacity:.75">{_text(label)}</th>'
        f'<td style="{_cell_style("left")}">{_text(value)}</td></tr>'
        for label, value in pairs
    )
    return f'<table style="border-collapse:collapse">{rows}</table>' if rows else ""


def _text(value: Any) -> str:
    return escape("" if value is None else str(value), quote=True)
