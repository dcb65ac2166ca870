"""What every exhibit is: a frozen value that knows its id, its kind and what is printed, and shows itself.

In comes a dictionary of texts that are already formatted and rounded for people; out goes a MIME bundle with two faces:
HTML for the eye in JupyterLab, and one neutral JSON representation of the project's own type. The page, the PDF and the
spreadsheets are all made from that JSON, so they cannot disagree. This module stands alone: the concrete exhibits build
on it from one side, and the exporters read what it defines from the other.

The JSON is ``{"schema": 1, "kind": ..., "id": ..., "title": ..., "note": ..., "alt": ..., ...}`` and by kind:

- cover: client, team, period, as_of (in words), as_of_utc (ISO 8601, dates the PDF), language, prepared
  ``[[label, value], ...]``, accent ``"#1f5f8b"`` or null, logo ``{"mime", "data"}`` (SVG as text, PNG as base64) or
  null, paper (``a4`` or ``letter``).
- chart: svg, table (``{"columns": ..., "rows": ...}``: the same numbers for those who cannot see the picture).
- table: columns ``[{"label", "align"}, ...]``, rows of cells (a text or ``{"text", "svg", "alt", "tone", "strong"}``),
  caption_total, own_page (it begins a page in print). The first column heads its row.
- prose: paragraphs, items ``[{"text", "tone"}, ...]``.
- definitions: items ``[{"term", "text", "details": [...]}, ...]``.
- notes: markdown (the auditor's own words; sanitised where it is shown).
- signatures: paragraphs, items ``[[role, name], ...]`` (a name may be empty), asked (headings of name, day, signature).
- closing: items ``[[label, value], ...]``; the last exhibit of a report that ran to its end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from auditkit.exhibits.show import html_fragment

EXHIBIT_MIME = "application/vnd.auditkit.exhibit+json"
SCHEMA = 1
KINDS = ("cover", "chart", "table", "prose", "definitions", "notes", "signatures", "closing")
TONES = ("good", "bad", "unsure", "neutral")


@dataclass(frozen=True)
class Exhibit:
    """One piece of a report: ``kind`` is one of :data:`KINDS`, ``id`` a slug that is unique in its report.

    ``data`` holds title, note, alt and what the kind asks for.
    Raises ``ValueError`` for an unknown kind or an empty id.
    """

    id: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind of exhibit {self.kind!r} (expected one of {', '.join(KINDS)})")
        if not self.id:
            raise ValueError("an exhibit needs an id")

    def as_json(self) -> dict[str, Any]:
        """The neutral representation, ready for JSON."""
        common = {"schema": SCHEMA, "kind": self.kind, "id": self.id, "title": "", "note": "", "alt": ""}
        return common | {key: value for key, value in self.data.items() if key not in ("schema", "kind", "id")}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        shown = self.as_json()
        plain = " - ".join(text for text in (str(shown["title"]), str(shown["note"])) if text)
        return {EXHIBIT_MIME: shown, "text/html": html_fragment(shown), "text/plain": plain or f"{self.kind} {self.id}"}
