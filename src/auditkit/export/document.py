"""An executed notebook as a neutral document: the one thing that page and print are made from.

In comes a v4 notebook, out goes a cover and a row of blocks: headings, Markdown, exhibits, foreign outputs, errors, in
the order of the cells. Code is not shown. Headings get ids, numbers and levels without gaps (sections are level 1, the
title of the report stands above them), exhibits get their ordinal. It stands alone so that neither renderer knows
notebooks, and no notebook knows how it will look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from auditkit.exhibits.base import EXHIBIT_MIME
from auditkit.export.markdown import plain_text, read_markdown
from auditkit.export.outputs import foreign_block, omitted
from auditkit.export.shape import ShapeError, shape_exhibit
from auditkit.export.words import told_markdown, words
from auditkit.labels import Labels
from auditkit.safe.text import clean, unique_ids

HIDDEN_TAGS = frozenset({"remove_cell", "remove-cell"})
_HEADED = ("prose", "definitions", "signatures", "closing")
_NUMBERED = ("chart", "table")
TABLES = "tables"  # the folder beside the document
WHOLE_ROWS = 100  # a longer table is not read on a page: its first rows stand there, and the whole one in a file
FIRST_ROWS = 30


@dataclass(frozen=True)
class Block:
    """One piece of a document. ``level`` is the heading's level where the block has a heading, otherwise 0.

    Kinds: heading, markdown, image, html, text, error, omitted, and the kinds of exhibits without the cover.
    """

    kind: str
    id: str
    level: int = 0
    data: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The block for a template: its data with kind, id and level beside them; of a long table its first rows."""
        shown = {**self.data, "kind": self.kind, "id": self.id, "level": self.level}
        if self.data.get("cut"):
            table = self.data["table"]
            shown["table"] = {**table, "rows": table["rows"][:FIRST_ROWS]}
        return shown


@dataclass(frozen=True)
class Document:
    """``cover``: values of the cover exhibit (else empty texts). ``complete``: the closing exhibit is the last one."""

    cover: Mapping[str, Any]
    blocks: tuple[Block, ...]
    complete: bool

    @property
    def broke_off(self) -> bool:
        """A report that began (with a cover, or an error) and did not reach its closing exhibit."""
        return not self.complete and (self.cover["given"] or any(block.kind == "error" for block in self.blocks))

    @property
    def language(self) -> str:
        return self.cover["language"]

    @property
    def contents(self) -> tuple[Block, ...]:
        """The headings that a list of contents names: sections, and what is one level below."""
        return tuple(block for block in self.blocks if block.kind == "heading" and block.level <= 2)


def read_document(notebook: Mapping[str, Any], name: str = "", beside: bool = False) -> Document:
    """The document in ``notebook``; ``name`` is its title when neither a cover nor a first heading gives one.

    ``beside``: the whole tables are written beside the document (see tables.py), so a table that is cut names its file.
    """
    raw_exhibits = [data for cell in _shown_cells(notebook) for data in _exhibits_of(cell)]
    cover = _cover(raw_exhibits)
    reader = _Reader(cover["language"], name if beside else "")
    blocks = [block for cell in _shown_cells(notebook) for block in reader.cell(cell)]
    title = cover["title"] or reader.title or clean(name) or "Report"
    last = raw_exhibits[-1] if raw_exhibits else None
    complete = isinstance(last, Mapping) and last.get("kind") == "closing"
    return Document(cover | {"title": title}, tuple(_numbered(blocks)), complete)


def _shown_cells(notebook: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for cell in notebook["cells"]:
        if not HIDDEN_TAGS.intersection(cell.get("metadata", {}).get("tags", ())):
            yield cell


def _exhibits_of(cell: Mapping[str, Any]) -> Iterator[Any]:
    for output in cell.get("outputs", ()):
        if EXHIBIT_MIME in output.get("data", {}):
            yield output["data"][EXHIBIT_MIME]


def _cover(raw_exhibits: list[Any]) -> dict[str, Any]:
    for raw in raw_exhibits:
        if isinstance(raw, Mapping) and raw.get("kind") == "cover":
            try:
                return shape_exhibit(raw, "cover") | {"given": True}
            except ShapeError:
                break
    return shape_exhibit({"kind": "cover"}, "cover") | {"given": False}


class _Reader:
    """Reads cells in order; remembers the ids that are taken and the headings that are open."""

    def __init__(self, language: str, report: str):
        self.title = ""
        self._language, self._report = language, report
        self._words, self._labels = words(language), Labels(language.split("-")[0].lower())
        self._take_id, self._take_name = unique_ids(), unique_ids()
        self._open: list[int] = []
        self._last_heading = ""
        self._is_first = True
        for reserved in ("contents", "report", "top"):
            self._take_id(reserved, reserved)

    def cell(self, cell: Mapping[str, Any]) -> Iterator[Block]:
        if cell["cell_type"] == "markdown":
            yield from self._markdown(told_markdown("".join(cell["source"]), self._language))
        for output in cell.get("outputs", ()):
            block = self._output(output)
            if block is not None:
                yield block

    def _markdown(self, source: str) -> Iterator[Block]:
        for node in read_markdown(source):
            if node["type"] == "heading":
                yield from self._heading(node)
            else:
                yield Block("markdown", "", 0, {"node": _without_headings(node)})
            self._is_first = False

    def _heading(self, node: Mapping[str, Any]) -> Iterator[Block]:
        text = plain_text(node["inline"])
        if self._is_first and node["level"] == 1:
            self.title = text
            return
        if not text:
            return
        while self._open and self._open[-1] >= node["level"]:
            self._open.pop()
        self._open.append(node["level"])
        self._last_heading = text
        data = {"inline": node["inline"], "text": text, "number": ""}
        yield Block("heading", self._take_id(text, "section"), len(self._open), data)

    def _output(self, output: Mapping[str, Any]) -> Block | None:
        bundle = output.get("data", {})
        if EXHIBIT_MIME in bundle:
            return self._exhibit(bundle[EXHIBIT_MIME])
        name = self._take_id("", "output")
        found = foreign_block(output, name, self._words)
        return Block(found[0], name, 0, found[1]) if found else None

    def _exhibit(self, raw: Any) -> Block | None:
        wanted = raw.get("id") if isinstance(raw, Mapping) else ""
        name = self._take_id(clean(wanted), "exhibit")
        try:
            data = shape_exhibit(raw, name)
        except ShapeError:
            kind, note = omitted(self._words["unreadable_exhibit"], self._words)
            return Block(kind, name, 0, note)
        if data["kind"] == "cover":
            return None
        if data["kind"] == "notes":
            return Block("markdown", name, 0, {"node": _notes(data)})
        if data["kind"] in _HEADED and data["title"].casefold() == self._last_heading.casefold():
            data["title"] = ""
        if data["kind"] in _NUMBERED:
            data["name"] = self._take_name(clean(wanted), "exhibit")
            data |= self._cut(data["table"], data["name"])
        has_heading = data["kind"] in _HEADED and data["title"]
        return Block(data["kind"], name, min(len(self._open) + 1, 5) if has_heading else 0, data)

    def _cut(self, table: Mapping[str, Any] | None, name: str) -> dict[str, str]:
        """What is said under a table too long for a page: how many of its rows are shown, and where all of them are."""
        total = len(table["rows"]) if table else 0
        if total <= WHOLE_ROWS:
            return {"cut": "", "file": ""}
        count = self._labels.count
        cut = self._words["cut"].format(shown=count(FIRST_ROWS), total=count(total))
        if not self._report:
            return {"cut": cut, "file": ""}
        return {"cut": f"{cut} {self._words['whole_table']}", "file": table_file(self._report, name)}


def table_file(report: str, name: str) -> str:
    """Where the whole of a table is written, beside the document; ``name`` is its own, whatever the sections are."""
    return f"{TABLES}/{report}-{name}.csv"


def _notes(data: Mapping[str, Any]) -> dict[str, Any]:
    """The auditor's own words as a quotation under their title; their headings are no sections of the report."""
    title = {"type": "heading", "level": 3, "inline": [{"type": "text", "text": data["title"]}]}
    return _without_headings({"type": "quote", "blocks": [title, *read_markdown(data["markdown"])]})


def _without_headings(node: Mapping[str, Any]) -> dict[str, Any]:
    """Headings inside a list or a quotation become strong paragraphs: they are no sections."""
    if node["type"] == "heading":
        return {"type": "paragraph", "inline": [{"type": "strong", "inline": node["inline"]}]}
    if node["type"] == "quote":
        return {**node, "blocks": [_without_headings(child) for child in node["blocks"]]}
    if node["type"] == "list":
        return {**node, "items": [[_without_headings(child) for child in item] for item in node["items"]]}
    return dict(node)


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    """Sections get 1, 1.1, ... (unless the author numbered them), charts and tables their ordinal."""
    headings = [block for block in blocks if block.kind == "heading"]
    has_own_numbers = any(re.match(r"\W*\d", block.data["text"]) for block in headings if block.level == 1)
    counts, ordinals = [0, 0], dict.fromkeys(_NUMBERED, 0)
    for block in blocks:
        if block.kind in ordinals:
            ordinals[block.kind] += 1
            block = Block(block.kind, block.id, block.level, {**block.data, "ordinal": ordinals[block.kind]})
        elif block.kind == "heading" and block.level <= 2 and not has_own_numbers:
            counts = [counts[0] + 1, 0] if block.level == 1 else [counts[0], counts[1] + 1]
            number = ".".join(str(count) for count in counts[: block.level])
            block = Block(block.kind, block.id, block.level, {**block.data, "number": number})
        yield block
