"""SVG is rebuilt from what is permitted: no script, no style, no link out; text stays text; ids are prefixed."""

from __future__ import annotations

import re

import pytest
from sample_notebook import chart_svg

from auditkit.safe.svg import SvgError, clean_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="72" height="36">'


def cleaned(inner, alt="alt"):
    return clean_svg(f"{HEAD}{inner}</svg>", "p", alt).text


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'>x</body></foreignObject>",
        "<style>*{fill:url(http://x)}</style>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<image href='http://example.com/x.png' width='1' height='1'/>",
        "<image href='data:image/svg+xml;base64,PHN2Zy8+' width='1' height='1'/>",
        "<metadata>x</metadata>",
        "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    ],
)
def test_elements_that_are_not_permitted_vanish(inner):
    assert cleaned(inner) == cleaned("")


@pytest.mark.parametrize(
    "attribute",
    [
        "onload='alert(1)'",
        "fill='url(http://example.com/#a)'",
        "fill='u\\72l(http://example.com)'",
        "style='fill: url(//example.com)'",
        "style='background: red'",
        "filter='url(#f)'",
        "mask='image(http://example.com)'",
        "class='x'",
    ],
)
def test_attributes_that_are_not_permitted_vanish(attribute):
    assert cleaned(f"<rect {attribute} width='9'/>") == cleaned("<rect width='9'/>")


def test_a_use_may_only_point_inside():
    assert 'href="#p-1"' in cleaned("<defs><path id='m' d='M 0 0'/></defs><use xlink:href='#m'/>")
    assert "href" not in cleaned("<use href='http://example.com/a.svg#m'/>")


def test_style_becomes_presentation_attributes():
    assert '<path d="M 0 0" fill="none" stroke="#1f77b4" stroke-dasharray="5.55,2.4"/>' in cleaned(
        "<path d='M 0 0' style='fill: none; stroke: #1f77b4; stroke-dasharray: 5.55,2.4'/>"
    )


def test_the_font_shorthand_is_taken_apart():
    found = cleaned("""<text style="font: italic 700 12px 'Audit Sans', sans-serif; text-anchor: middle">a</text>""")
    assert 'font-style="italic" font-weight="700" font-size="12px" font-family="\'Audit Sans\', sans-serif"' in found


def test_ids_and_references_are_renamed_together():
    found = cleaned("<defs><clipPath id='c'><rect width='1'/></clipPath></defs><g clip-path='url(#c)'/>")
    assert '<clipPath id="p-1">' in found
    assert 'clip-path="url(#p-1)"' in found


def test_text_is_escaped_and_described():
    found = cleaned("<text>a &lt;script&gt; &amp; b</text>", alt='say "x" <b>')
    assert ">a &lt;script&gt; &amp; b</text>" in found
    assert 'role="img" aria-label=\'say "x" &lt;b&gt;\'' in found


def test_sizes_are_points():
    assert (clean_svg(f"{HEAD}</svg>", "p", "").width, clean_svg(f"{HEAD}</svg>", "p", "").height) == (54.0, 27.0)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "no xml",
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='1'/>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg width='1' height='1'><text>&a;</text></svg>",
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg width='1' height='1'><text>&a;</text></svg>",
        "<svg width='1' height='1'>" + "<g>" * 100 + "</g>" * 100 + "</svg>",
    ],
)
def test_what_is_no_safe_picture_is_refused(source):
    with pytest.raises(SvgError):
        clean_svg(source, "p", "")


def test_a_chart_of_matplotlib_keeps_its_words_and_loses_its_styles():
    made = clean_svg(chart_svg("band"), "speed", "alt")
    assert ">Jan</text>" in made.text
    assert not re.search(r"style|<metadata|<!DOCTYPE|xlink|http://(?!www\.w3\.org/2000/svg)", made.text)
    assert made == clean_svg(chart_svg("band"), "speed", "alt")
    assert len(made.text) < 0.8 * len(chart_svg("band"))
