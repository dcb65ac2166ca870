"""Markdown cells as plain trees that the page and the print both render.

In comes the source of a Markdown cell (GitHub tables included), out goes a list of blocks, each a small dictionary.
Raw HTML is not passed through: it stays text, and is escaped like any other. Links go only to http, https and mailto;
pictures are never fetched, their description is shown instead. It stands alone so that no renderer parses Markdown.

Blocks: ``heading`` (level, inline), ``paragraph`` (inline), ``list`` (ordered, start, items of blocks), ``quote``
(blocks), ``code`` (text), ``rule``, ``grid`` (aligns, head and rows of inline). Inlines: ``text``, ``strong``, ``em``,
``strike``, ``code``, ``link`` (url, inline), ``break``.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from auditkit.safe.text import clean

Node = dict[str, Any]
ALLOWED_SCHEMES = ("http", "https", "mailto")
_WRAPPERS = {"strong": "strong", "emphasis": "em", "strikethrough": "strike"}


def read_markdown(source: str) -> list[Node]:
    """The blocks of ``source``, in order."""
    return list(_blocks(_parser()(clean(source))))


def plain_text(inline: Sequence[Node]) -> str:
    """The words of an inline tree, without marks."""
    return "".join(_plain(node) for node in inline).strip()


def _plain(node: Node) -> str:
    if node["type"] == "break":
        return " "
    return node["text"] if "text" in node else "".join(_plain(child) for child in node["inline"])


@cache
def _parser() -> Callable[[str], Any]:
    import mistune

    return mistune.create_markdown(renderer="ast", plugins=["table", "strikethrough", "task_lists"])


def _blocks(tokens: Sequence[Mapping[str, Any]]) -> Iterator[Node]:
    for token in tokens:
        read = _BLOCKS.get(token["type"])
        if read is not None:
            yield read(token)
        elif token.get("raw"):
            yield _paragraph_of([_text(token["raw"].strip())])


def _heading(token: Mapping[str, Any]) -> Node:
    return {"type": "heading", "level": token["attrs"]["level"], "inline": _inline(token)}


def _paragraph(token: Mapping[str, Any]) -> Node:
    return _paragraph_of(_inline(token))


def _paragraph_of(inline: list[Node]) -> Node:
    return {"type": "paragraph", "inline": inline}


def _list(token: Mapping[str, Any]) -> Node:
    attributes = token.get("attrs", {})
    items = [_item(item) for item in token["children"]]
    return {
        "type": "list",
        "ordered": bool(attributes.get("ordered")),
        "start": int(attributes.get("start") or 1),
        "items": items,
    }


def _item(token: Mapping[str, Any]) -> list[Node]:
    blocks = list(_blocks(token["children"]))
    if token["type"] == "task_list_item":
        mark = _text("✓ " if token["attrs"]["checked"] else "○ ")
        first = [mark, *blocks[0]["inline"]] if blocks and "inline" in blocks[0] else [mark]
        return [_paragraph_of(first), *blocks[1:]]
    return blocks


def _quote(token: Mapping[str, Any]) -> Node:
    return {"type": "quote", "blocks": list(_blocks(token["children"]))}


def _code(token: Mapping[str, Any]) -> Node:
    return {"type": "code", "text": clean(token["raw"]).rstrip("\n")}


def _grid(token: Mapping[str, Any]) -> Node:
    head = token["children"][0]["children"]
    rows = token["children"][1]["children"] if len(token["children"]) > 1 else []
    return {
        "type": "grid",
        "aligns": [cell["attrs"]["align"] or "left" for cell in head],
        "head": [_inline(cell) for cell in head],
        "rows": [[_inline(cell) for cell in row["children"]] for row in rows],
    }


_BLOCKS: dict[str, Callable[[Mapping[str, Any]], Node]] = {
    "heading": _heading,
    "paragraph": _paragraph,
    "block_text": _paragraph,
    "list": _list,
    "block_quote": _quote,
    "block_code": _code,
    "table": _grid,
    "thematic_break": lambda token: {"type": "rule"},
}


def _inline(token: Mapping[str, Any]) -> list[Node]:
    return [node for child in token.get("children", ()) for node in _inline_node(child)]


def _inline_node(token: Mapping[str, Any]) -> Iterator[Node]:
    kind = token["type"]
    if kind in _WRAPPERS:
        yield {"type": _WRAPPERS[kind], "inline": _inline(token)}
    elif kind == "link":
        yield from _link(token)
    elif kind == "image":
        yield {"type": "em", "inline": [_text(f"[{plain_text(_inline(token)) or '–'}]")]}
    elif kind == "codespan":
        yield {"type": "code", "text": clean(html.unescape(token["raw"]))}
    elif kind == "linebreak":
        yield {"type": "break"}
    elif kind == "softbreak":
        yield _text(" ")
    elif kind == "text":
        yield _text(html.unescape(token["raw"]))
    elif token.get("raw"):
        yield _text(token["raw"])


def _link(token: Mapping[str, Any]) -> Iterator[Node]:
    url = clean(html.unescape(token["attrs"]["url"])).strip()
    inner = _inline(token)
    if _is_allowed(url):
        yield {"type": "link", "url": url, "inline": inner or [_text(url)]}
    else:
        yield from inner


def _is_allowed(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    has_place = bool(parts.netloc) if parts.scheme in ("http", "https") else bool(parts.path)
    return parts.scheme in ALLOWED_SCHEMES and has_place and not any(sign in url for sign in " \t\n\"'<>\\")


def _text(text: str) -> Node:
    return {"type": "text", "text": clean(text)}
