"""SVG that is safe to put inside a page: parsed, rebuilt from an allow-list, and written again.

In comes SVG text from a chart library (or from anywhere), out goes SVG without scripts, style rules, links, doctype or
metadata, whose ids carry a prefix so that many pictures live in one page, and whose ``style`` attributes and plain
rules for classes have become presentation attributes, which a strict content-security policy permits. Text stays text.
The same text gives the same bytes. It stands alone because nothing else needs to know SVG.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from auditkit.safe.text import clean, words_of

PALETTE = "auditkit"  # the mark of a picture drawn in the colours of our charts alone, which can be turned for the dark
SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
MAX_CHARACTERS = 8_000_000
MAX_DEPTH = 60
_NAMESPACE = re.compile(r"^\{(.*)\}(.*)$")
_ELEMENTS = words_of(
    """
    svg g defs path rect circle ellipse line polyline polygon text tspan use symbol clipPath mask linearGradient
    radialGradient stop pattern marker image
    """
)
_GEOMETRY = words_of(
    """
    d x y x1 y1 x2 y2 cx cy r rx ry dx dy fx fy width height viewBox preserveAspectRatio points transform offset
    gradientUnits gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits
    maskUnits maskContentUnits markerWidth markerHeight markerUnits refX refY orient textLength lengthAdjust
    """
)
_PRESENTATION = words_of(
    """
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-dasharray stroke-dashoffset font-family font-size font-weight font-style
    text-anchor dominant-baseline baseline-shift letter-spacing word-spacing opacity stop-color stop-opacity
    clip-path clip-rule mask marker-start marker-mid marker-end color display visibility paint-order
    shape-rendering text-decoration
    """
)
_FUNCTIONS = words_of(
    """
    url rgb rgba hsl hsla matrix translate rotate scale skewX skewY
    """
)
_LOCAL_URL = re.compile(r"""^url\(\s*['"]?#([^'"\s()]+)['"]?\s*\)$""")
_PNG = re.compile(r"^data:image/png;base64,[A-Za-z0-9+/=\s]+$")
_LENGTH = re.compile(r"^\s*([0-9.]+)\s*(px|pt|in|cm|mm|)\s*$")
_POINTS = {"px": 0.75, "": 0.75, "pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4}
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?![\d.]*e)")
_RULE, _CLASS = re.compile(r"([^{}]+)\{([^{}]*)\}"), re.compile(r"^\.[\w-]+$")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CALL = re.compile(r"([\w-]*)\s*\(")
_FONT = re.compile(r"^((?:(?:italic|oblique|normal|bold|[1-9]00)\s+)*)([\d.]+(?:px|pt|em)?)(?:/\S+)?\s+(.+)$")


class SvgError(ValueError):
    """The text is not an SVG picture that can be shown safely."""


@dataclass(frozen=True)
class Picture:
    """A cleaned picture: ``text`` (SVG), natural ``width`` and ``height`` in points, and its description.

    ``turns``: it is drawn in the colours of the charts' theme alone, so that a page can turn it for a dark ground.
    """

    text: str
    width: float
    height: float
    alt: str
    turns: bool = False


def clean_svg(source: str, prefix: str, alt: str) -> Picture:
    """The safe form of ``source``; ids begin with ``prefix``. Raises :class:`SvgError` when it is no SVG picture."""
    root = _parse(source)
    if _local_name(root.tag) != "svg":
        raise SvgError("the outermost element is not svg")
    width, height = _size(root)
    writer = _Writer(prefix, dict(_classes(root)))
    label = clean(alt)
    head = {"xmlns": SVG, "role": "img", "aria-label": label} if label else {"xmlns": SVG, "aria-hidden": "true"}
    head |= {"stroke-linejoin": "round", "stroke-linecap": "butt"}
    turns = root.get("data-palette") == PALETTE
    return Picture("".join(writer.element(root, head)), round(width, 2), round(height, 2), label, turns)


def _parse(source: str) -> ElementTree.Element:
    """An element tree; entity declarations, external subsets and absurd sizes are refused."""
    if len(source) > MAX_CHARACTERS:
        raise SvgError(f"more than {MAX_CHARACTERS} characters")
    builder, parser, depth = ElementTree.TreeBuilder(), expat.ParserCreate(namespace_separator="}"), 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise SvgError(f"more than {MAX_DEPTH} levels")
        builder.start(_qualified(tag), {_qualified(name): value for name, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_qualified(tag))

    def refuse(*_: object) -> None:
        raise SvgError("it declares entities")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, builder.data
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(_without_declaration(source).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise SvgError(f"not well-formed: {error}") from error
    return builder.close()


def _without_declaration(source: str) -> str:
    return re.sub(r"^\ufeff?\s*<\?xml[^>]*\?>", "", source)


def _qualified(name: str) -> str:
    return "{" + name if "}" in name else name


def _local_name(tag: str) -> str | None:
    """The name of an SVG element or of an attribute without namespace; None for another namespace."""
    found = _NAMESPACE.match(tag)
    if found is None:
        return tag
    return found[2] if found[1] == SVG else None


class _Writer:
    """Writes the allowed part of a tree, renaming ids in the order in which they are met."""

    def __init__(self, prefix: str, classes: dict[str, str]):
        self._prefix, self._classes = prefix, classes
        self._names: dict[str, str] = {}

    def element(self, node: ElementTree.Element, head: dict[str, str] | None = None) -> Iterator[str]:
        name = _local_name(node.tag)
        if name not in _ELEMENTS or (name == "svg" and head is None):
            return
        attributes = (head or {}) | dict(self._attributes(node, name))
        if name == "image" and "href" not in attributes:
            return
        written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        inner = "".join(self._content(node, name in ("text", "tspan")))
        yield f"<{name}{written}>{inner}</{name}>" if inner else f"<{name}{written}/>"

    def _content(self, node: ElementTree.Element, is_text: bool) -> Iterator[str]:
        if is_text:
            yield escape(clean(node.text))
        for child in node:
            yield from self.element(child)
            if is_text:
                yield escape(clean(child.tail))

    def _attributes(self, node: ElementTree.Element, element: str) -> Iterator[tuple[str, str]]:
        for key, value in node.attrib.items():
            name = _local_name(key)
            if key in ("href", f"{{{XLINK}}}href"):
                yield from self._href(element, value.strip())
            elif name == "id":
                yield "id", self._renamed(value)
            elif name in _GEOMETRY or name in _PRESENTATION:
                yield from self._checked(name, value)
        if "class" not in node.attrib and "style" not in node.attrib:
            return
        named = [self._classes.get(name, "") for name in node.get("class", "").split()]
        for name, value in _declarations(";".join([*named, node.get("style", "")])):
            if name in _PRESENTATION:
                yield from self._checked(name, value)

    def _href(self, element: str, value: str) -> Iterator[tuple[str, str]]:
        if value.startswith("#") and element != "image":
            yield "href", "#" + self._renamed(value[1:])
        elif element == "image" and _PNG.match(value):
            yield "href", value

    def _checked(self, name: str, value: str) -> Iterator[tuple[str, str]]:
        local, written = _value(name, value)
        if local is not None:
            yield name, f"url(#{self._renamed(local)})"
        elif written is not None:
            yield name, written

    def _renamed(self, name: str) -> str:
        return self._names.setdefault(name, f"{self._prefix}-{len(self._names) + 1}")


def _classes(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """(class, declarations) of the rules that name classes alone, as drawing programs write them for logos."""
    rules = "".join(node.text or "" for node in root.iter(f"{{{SVG}}}style"))
    for selectors, declarations in _RULE.findall(_COMMENT.sub("", rules)):
        for selector in selectors.split(","):
            if _CLASS.match(selector.strip()):
                yield selector.strip()[1:], declarations


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    """(property, value) of a style attribute; the ``font`` shorthand is taken apart."""
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        font = _FONT.match(value) if name == "font" else None
        if font:
            for word in font[1].split():
                yield ("font-style" if word in ("italic", "oblique") else "font-weight"), word
            yield "font-size", font[2]
            yield "font-family", font[3]
        elif name and value:
            yield name, value


@lru_cache(maxsize=4096)
def _value(name: str, value: str) -> tuple[str | None, str | None]:
    """The id that a value names, or what is written of any other value; neither of one that might fetch something.

    A report's charts say the same few values thousands of times.
    """
    value = clean(value).strip()
    local = _LOCAL_URL.match(value)
    if local:
        return local[1], None
    if "\\" in value or "url" in value.lower() or not _FUNCTIONS.issuperset(_CALL.findall(value)):
        return None, None
    return None, _shortened(name, value)


def _shortened(name: str, value: str) -> str:
    """Coordinates to a hundredth of a unit (a chart needs no more), on one line."""
    if name in ("d", "points", "x", "y"):
        value = _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    return " ".join(value.split())


def _size(root: ElementTree.Element) -> tuple[float, float]:
    box = [float(number) for number in re.findall(r"-?[\d.]+", root.get("viewBox", "")) if number.strip("-.")]
    sides = []
    for position, name in ((2, "width"), (3, "height")):
        found = _LENGTH.match(root.get(name, ""))
        if found:
            sides.append(float(found[1]) * _POINTS[found[2]])
        elif len(box) == 4:
            sides.append(box[position])
        else:
            raise SvgError("it says no size")
    if not all(0 < side < 20_000 for side in sides):
        raise SvgError("its size is out of bounds")
    return sides[0], sides[1]
