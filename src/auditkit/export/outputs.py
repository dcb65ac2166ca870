"""Outputs that are not exhibits: what an analyst's own cell displayed.

In comes one output of a code cell, out goes one block or none. By a list of MIME types that are permitted: SVG is
cleaned, PNG is embedded, HTML is sanitised, text stays text; whatever could run code is left out, and a short note says
so. Printed text (streams) is for the analyst and is not shown; an error always is. It stands alone because it is the
only place where foreign content is let in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from auditkit.export.shape import ShapeError, picture, png_picture
from auditkit.safe.text import clean, clean_terminal, words_of

_TAGS = words_of(
    """
    p br hr b strong i em u s sub sup code pre blockquote ul ol li dl dt dd table caption thead tbody tfoot tr
    th td h1 h2 h3 h4 h5 h6 div span
    """
)
_ATTRIBUTES = {"th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_FEATURES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/")


def foreign_block(output: Mapping[str, Any], name: str, words: Mapping[str, str]) -> tuple[str, dict[str, Any]] | None:
    """(kind, data) for ``output``, or None when nothing is shown; ``name`` prefixes the ids of a picture.

    Kinds: image (picture), html (markup, text), text (text), error (name, message), omitted (text).
    """
    kind = output.get("output_type")
    if kind == "error":
        return "error", {"name": clean_terminal(output.get("ename")), "message": clean_terminal(output.get("evalue"))}
    if kind not in ("display_data", "execute_result"):
        return None
    bundle = {mime: _joined(value) for mime, value in output.get("data", {}).items()}
    active = [mime for mime in bundle if not mime.startswith(_FEATURES)]
    if active:
        return omitted(words["active_output"].format(mime=clean(active[0])[:80]), words)
    alt = clean(output.get("metadata", {}).get("alt")) or words["no_description"]
    try:
        return _passive(bundle, name, alt)
    except ShapeError:
        return omitted(words["unreadable_output"], words)


def omitted(what: str, words: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    """A visible note that something was left out."""
    return "omitted", {"text": words["left_out"].format(what=what)}


def _passive(bundle: Mapping[str, Any], name: str, alt: str) -> tuple[str, dict[str, Any]] | None:
    plain = clean_terminal(bundle.get("text/plain", ""))
    if "image/svg+xml" in bundle:
        return "image", {"picture": picture(bundle["image/svg+xml"], name, alt)}
    if "image/png" in bundle:
        return "image", {"picture": png_picture(bundle["image/png"], alt)}
    if "text/html" in bundle:
        return _html(str(bundle["text/html"]), plain)
    return ("text", {"text": plain}) if plain.strip() else None


def _html(source: str, plain: str) -> tuple[str, dict[str, Any]] | None:
    import nh3

    markup = clean_terminal(nh3.clean(source, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set()))
    markup = re.sub(r"<(/?)h[1-6]>", r"<\1p>", markup)
    text = plain if plain.strip() else clean_terminal(re.sub(r"<[^>]*>", " ", markup))
    return ("html", {"markup": markup, "text": text}) if text.strip() else None


def _joined(value: Any) -> Any:
    return "".join(value) if isinstance(value, list) else value
