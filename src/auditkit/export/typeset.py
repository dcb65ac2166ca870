"""One PDF out of a document, set by Typst.

In comes a document, out go the bytes of a tagged PDF: cover, contents with page numbers, running header, bookmarks. The
document is handed over as JSON, as data, so a text that looks like Typst source stays a text. It asks for PDF/UA-1; an
input that the standard refuses still gets a tagged file, and the log says why. The same document gives the same bytes:
the date is the report's ``as_of``, and only shipped fonts are used unless a text needs a letter that they lack. It
stands alone, without nbconvert, so that a warm process can make many files quickly.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from auditkit import fonts
from auditkit.colour import DEFAULT_ACCENT, on_white
from auditkit.errors import Problem, ReportError
from auditkit.export import templates_dir
from auditkit.export.document import Document
from auditkit.export.words import words

STANDARD = "ua-1"
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # never printed: without as_of the file bears no date
_BOX = "□"
_ROUNDS = 4
_NOT_DRAWN = re.compile(r'the text `"(.*?)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}")
_LOG = logging.getLogger(__name__)


def pdf_file(document: Document) -> bytes:
    """The PDF as bytes. Raises :class:`ReportError` when Typst is absent or cannot set the document."""
    typst = _typst()
    payload = json.dumps(_payload(document), ensure_ascii=False, sort_keys=True)
    instant = _instant(document) or _NO_DATE
    try:
        return _set_accessibly(typst, payload, instant)
    except typst.TypstError as error:
        _LOG.warning("the PDF is tagged, but not PDF/UA-1: %s", _first_line(error))
    try:
        return _set(typst, payload, instant, [])
    except typst.TypstError as error:
        raise ReportError(
            Problem("PDF", f"it could not be set: {_first_line(error)}", remedy="The HTML report holds the same.")
        ) from error


def _set_accessibly(typst: Any, payload: str, instant: datetime) -> bytes:
    """PDF/UA-1. The standard forbids signs that no font on this machine can draw: a box stands for each of those."""
    for _ in range(_ROUNDS):
        try:
            return _set(typst, payload, instant, [STANDARD])
        except typst.TypstError as error:
            missing = _undrawable(error)
            if not missing:
                raise
            payload = payload.translate(dict.fromkeys(missing, _BOX))
    return _set(typst, payload, instant, [STANDARD])


def _undrawable(error: Exception) -> set[int]:
    """The code points outside ASCII that Typst's diagnosis says it could not draw."""
    found = "".join(_NOT_DRAWN.findall(f"{error}\n{getattr(error, 'diagnostic', '')}"))
    written = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), found)
    return {ord(sign) for sign in written if ord(sign) > 0x7F and sign != _BOX}


def _set(typst: Any, payload: str, instant: datetime, standards: list[str]) -> bytes:
    return typst.compile(
        str(templates_dir() / "report.typ"),
        root=str(templates_dir()),
        font_paths=shipped_fonts(include_system=_needs_more_fonts(payload)),
        sys_inputs={"document": payload},
        format="pdf",
        pdf_standards=standards,
        timestamp=instant,
    )


def _typst() -> Any:
    try:
        import typst
    except ImportError as error:
        remedy = "Run `pip install typst`, or leave the PDF out with --no-pdf."
        raise ReportError(Problem("PDF", f"the typst library cannot be imported ({error})", remedy=remedy)) from error
    return typst


def _payload(document: Document) -> dict[str, Any]:
    instant = _instant(document)
    return {
        "cover": dict(document.cover),
        "blocks": [block.as_json() for block in document.blocks],
        "broke_off": document.broke_off,
        "words": dict(words(document.language)),
        "accent": on_white(document.cover["accent"] or DEFAULT_ACCENT),
        "brand": document.cover["accent"] or DEFAULT_ACCENT,
        "families": [fonts.FAMILY, *fonts.FALLBACKS],
        "date": [instant.year, instant.month, instant.day] if instant else None,
    }


def _instant(document: Document) -> datetime | None:
    """The report's ``as_of`` where it is written as ISO 8601 (``as_of_utc`` wins); naive instants are UTC."""
    for key in ("as_of_utc", "as_of"):
        try:
            found = datetime.fromisoformat(document.cover[key].strip())
        except ValueError:
            continue
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return None


def _needs_more_fonts(payload: str) -> bool:
    return any(ord(sign) not in fonts.covered() and ord(sign) > 0x20 for sign in set(payload))


@cache
def shipped_fonts(include_system: bool) -> Any:
    """The fonts that a page may use, read once: those of the product, and on request those of the machine."""
    return _typst().Fonts(
        include_system_fonts=include_system, include_embedded_fonts=True, font_paths=[str(fonts.folder())]
    )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "message", error)).splitlines()[0]
