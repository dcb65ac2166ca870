"""Markdown is read into plain trees: raw HTML stays text, links are checked, pictures are not fetched."""

from __future__ import annotations

import pytest

from auditkit.export.markdown import plain_text, read_markdown


def only(source):
    (block,) = read_markdown(source)
    return block


def test_a_heading_with_emphasis():
    assert only("## Volume *and* backlog") == {
        "type": "heading",
        "level": 2,
        "inline": [
            {"type": "text", "text": "Volume "},
            {"type": "em", "inline": [{"type": "text", "text": "and"}]},
            {"type": "text", "text": " backlog"},
        ],
    }


def test_raw_html_stays_text():
    assert plain_text(only("a <b onclick='x()'>c</b>")["inline"]) == "a <b onclick='x()'>c</b>"
    assert plain_text(only("<script>alert(1)</script>")["inline"]) == "<script>alert(1)</script>"
    assert plain_text(only("&lt;script&gt;")["inline"]) == "<script>"


@pytest.mark.parametrize("url", ["https://example.com/a?b=1", "http://example.com", "mailto:a@example.com"])
def test_links_that_are_permitted(url):
    assert only(f"[x]({url})")["inline"] == [{"type": "link", "url": url, "inline": [{"type": "text", "text": "x"}]}]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "//x.y",
        "a.html",
        "https:",
    ],
)
def test_other_links_keep_their_words_only(url):
    assert only(f"[x]({url})")["inline"] == [{"type": "text", "text": "x"}]


def test_a_picture_is_named_and_not_fetched():
    assert only("![the peak](http://example.com/a.png)")["inline"] == [
        {"type": "em", "inline": [{"type": "text", "text": "[the peak]"}]}
    ]


def test_a_table_keeps_its_alignment():
    assert only("| a | b |\n|---|--:|\n| 1 | **2** |") == {
        "type": "grid",
        "aligns": ["left", "right"],
        "head": [[{"type": "text", "text": "a"}], [{"type": "text", "text": "b"}]],
        "rows": [[[{"type": "text", "text": "1"}], [{"type": "strong", "inline": [{"type": "text", "text": "2"}]}]]],
    }


def test_lists_nest_and_keep_their_start():
    found = only("3. a\n4. b\n   - c")
    assert (found["ordered"], found["start"], len(found["items"])) == (True, 3, 2)
    assert [block["type"] for block in found["items"][1]] == ["paragraph", "list"]


def test_templates_and_typst_are_only_text():
    assert plain_text(only('{{ 7*7 }} #import "x"')["inline"]) == '{{ 7*7 }} #import "x"'
