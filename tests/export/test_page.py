"""The HTML page: one file that loads nothing, runs nothing, and can be read by everyone."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_output
from sample_notebook import EXHIBIT_MIME, HOSTILE, chart, closing, cover, display, notebook_of, rich_notebook, table

from auditkit.colour import (
    DARK_GROUND,
    DARK_WASH,
    LIGHT_GROUND,
    LIGHT_WASH,
    contrast,
    is_dark,
    mixed,
    on_dark,
    on_white,
    turned,
)
from auditkit.exhibits.base import Exhibit
from auditkit.export.document import read_document
from auditkit.export.page import html_page

VOID = {"meta", "br", "hr", "img", "link", "input"}
LOADING = ("src", "srcset", "href", "action", "poster", "data", "background", "formaction", "xlink:href", "ping")


class Page(HTMLParser):
    """The tags of a page, the words in each, and whether they nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.path = [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.path.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.path.pop() == tag

    def handle_data(self, data):
        self.words.append((self.path[-1] if self.path else "", data))

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]

    def text(self, *leave_out):
        return "".join(data for tag, data in self.words if tag not in leave_out)


def page_of(*contents):
    return html_page(read_document(notebook_of(*contents)))


@pytest.fixture(scope="module")
def rich():
    text = html_page(read_document(rich_notebook()))
    return text, Page(text)


def test_the_page_is_whole_and_nests(rich):
    text, page = rich
    assert page.path == []
    assert text.lstrip().startswith("<!doctype html>")


def test_nothing_runs_and_nothing_is_loaded(rich):
    text, page = rich
    assert len(page.all("script")) == 1, "ours"
    assert {tag for tag, _ in page.tags} & {"iframe", "object", "embed", "link", "base", "form"} == set()
    for tag, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"], (tag, attrs)
        for name in LOADING:
            if name in attrs and tag != "a":
                assert attrs[name].startswith(("#", "data:image/png;base64,")), (tag, attrs)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert "@import" not in style
    assert all(url.startswith("data:font/woff2;base64,") for url in re.findall(r"url\(([^)]*)\)", style))


def test_the_policy_names_the_hashes_of_the_only_style_and_the_only_script(rich):
    text, page = rich
    policy = next(meta["content"] for meta in page.all("meta") if "http-equiv" in meta)
    digests = {}
    for tag in ("style", "script"):
        (inner,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digests[tag] = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digests['style']}'; script-src 'sha256-{digests['script']}'; "
        "img-src data:; font-src data:; base-uri 'none'; form-action 'none'"
    )


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_are_texts_everywhere(hostile):
    everywhere = page_of(
        cover(client=hostile, team=hostile, period=hostile, title=hostile, prepared=[[hostile, hostile]]),
        table("t", hostile, [hostile], [[hostile], [{"text": hostile, "tone": "bad"}]], note=hostile),
        Exhibit("p", "prose", {"paragraphs": [hostile], "items": [{"text": hostile, "tone": hostile}]}),
        Exhibit("d", "definitions", {"items": [{"term": hostile, "text": hostile, "details": [hostile]}]}),
        display({"text/plain": hostile}),
        Exhibit(hostile, "closing", {"title": "End", "items": [[hostile, hostile]]}),
    )
    page = Page(everywhere)
    assert page.path == []
    assert page.text("style", "script").count(hostile) >= 18
    assert len(page.all("script")) == 1, "ours"
    assert not page.all("b")


def test_hostile_markdown_is_text():
    page = Page(
        page_of("## <script>alert(1)</script>\n{{ 7*7 }} <img src=x onerror=alert(1)> [a](javascript:alert(1))")
    )
    assert "<script>alert(1)</script>" in page.text("style", "script")
    assert "{{ 7*7 }} <img src=x onerror=alert(1)> a" in page.text("style", "script")
    assert len(page.all("script")) == 1 and not page.all("img")


def test_code_and_printed_text_are_not_shown(rich):
    assert "secret_call" not in rich[0]
    assert "printed for the analyst" not in rich[0]


def test_landmarks_title_and_language(rich):
    _, page = rich
    assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
    assert page.all("html")[0]["lang"] == "en"
    assert ("title", "Team report · Service desk Helsinki · May 2026 · Nordic Parcel Oy") in page.words
    assert page.all("a")[0] == {"class": "skip", "href": "#report"}


def test_headings_never_skip_a_level(rich):
    levels = [int(tag[1]) for tag, _ in rich[1].tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_id_is_unique_and_every_local_link_has_its_goal(rich):
    _, page = rich
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    wanted = {attrs["href"][1:] for _, attrs in page.tags if attrs.get("href", "").startswith("#")}
    wanted |= {name for _, attrs in page.tags for name in attrs.get("aria-labelledby", "").split()}
    assert wanted <= set(ids)


def test_every_table_has_scopes_a_name_and_a_container_that_scrolls(rich):
    _, page = rich
    assert all(head.get("scope") in ("col", "row") for head in page.all("th")[:-1])
    scrolls = [attrs for tag, attrs in page.tags if tag == "div" and "scroll" in attrs.get("class", "")]
    assert scrolls and all(attrs["tabindex"] == "0" for attrs in scrolls)
    assert all(attrs.get("aria-label") or attrs.get("aria-labelledby") for attrs in scrolls)


def test_every_chart_says_what_it_shows_and_gives_its_figures(rich):
    text, page = rich
    charts = [svg for svg in page.all("svg") if "aria-label" in svg]
    assert all(svg["role"] == "img" for svg in charts)
    assert sum("a peak of 610 in January" in svg["aria-label"] for svg in charts) == 4
    assert len(page.all("details")) == 4
    assert ">Jan</text>" in text


def test_a_tone_has_a_word_beside_its_colour():
    page = Page(page_of(table("t", "T", ["a"], [[{"text": "71 %", "tone": "bad"}]])))
    assert "needs attention: 71 %" in page.text("style", "script")


def test_a_report_that_broke_off_says_so():
    assert "This report did not run to its end" in page_of(cover(), "Words.")
    error = new_output("error", ename="E", evalue="", traceback=[])
    assert "This report did not run to its end" in page_of("Words.", error)
    assert "This report did not run to its end" not in page_of(cover(), closing())


def test_a_plain_notebook_is_not_called_broken():
    assert "This report did not run to its end" not in page_of("# Explore", display({"text/plain": "42"}))


def test_the_words_of_the_page_follow_the_language():
    page = Page(page_of(cover(language="fi"), "## Nopeus", chart("c", "Otsikko")))
    assert page.all("html")[0]["lang"] == "fi"
    assert "Kuvion luvut" in page.text("style", "script")


def test_prose_of_the_shipped_notebook_is_told_in_the_language_and_a_notebooks_own_words_stay():
    page = Page(page_of(cover(language="ru"), "## Contents\n\nNote\n\nNote on *our* own matters"))
    text = page.text("style", "script")
    assert "Содержание" in text and "Примечание" in text
    assert "own" in text and "matters" in text


def test_the_same_notebook_gives_the_same_page(rich):
    assert html_page(read_document(rich_notebook())) == rich[0]


@pytest.mark.parametrize("accent", ["#1f5f8b", "#ffff00", "#000000", "#ffffff", "#ff6600", "#777777"])
def test_any_accent_can_be_read_on_paper_and_in_the_dark(accent):
    assert min(contrast(on_white(accent), ground) for ground in (LIGHT_GROUND, LIGHT_WASH)) >= 4.5
    assert min(contrast(on_dark(accent), ground) for ground in (DARK_GROUND, DARK_WASH)) >= 4.5
    assert contrast(turned(on_white(accent)), DARK_GROUND) >= 4.5


def test_the_colours_of_the_stylesheet_have_enough_contrast(rich):
    style = re.search(r"<style>(.*?)</style>", rich[0], re.DOTALL)[1]
    for theme in re.findall(r"--ground: #.*?\}", style, re.DOTALL)[:2]:
        colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", theme))
        for ground in ("ground", "wash"):
            assert contrast(colour["ink"], colour[ground]) >= 7
            assert contrast(colour["soft"], colour[ground]) >= 4.5
        for tone in ("good", "bad", "unsure"):
            assert contrast(colour[tone], colour[f"{tone}-wash"]) >= 4.5


def test_the_page_with_its_fonts_is_small(rich):
    assert len(rich[0].encode()) < 400_000
    assert len(re.search(r"<style>(.*?)</style>", rich[0], re.DOTALL)[1]) < 250_000


def test_a_strangers_template_in_the_current_folder_is_not_used(tmp_path, monkeypatch, rich):
    from auditkit.export.html import AuditHTMLExporter

    for name in ("report.html.j2", "index.html.j2", "blocks.html.j2", "audit_html/index.html.j2", "style.css"):
        (tmp_path / "templates").mkdir(exist_ok=True)
        for folder in (tmp_path, tmp_path / "templates"):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("{{ ''.__class__ }} stranger", encoding="utf-8")
    nbformat.write(rich_notebook(), tmp_path / "rich.ipynb")
    monkeypatch.chdir(tmp_path)
    made, resources = AuditHTMLExporter().from_filename("rich.ipynb")
    assert made == rich[0]
    assert resources["output_extension"] == ".html"


def test_an_exhibit_shows_itself_in_a_notebook_without_running_anything():
    for exhibit in (
        cover(client=HOSTILE[0]),
        chart("c", HOSTILE[0]),
        table("t", HOSTILE[4], ["a"], [[HOSTILE[0]]]),
        closing(),
    ):
        bundle = exhibit._repr_mimebundle_()
        page = Page(bundle["text/html"])
        assert page.path == []
        assert not page.all("script") and not page.all("b")
        assert bundle[EXHIBIT_MIME]["kind"] == exhibit.kind
    assert Page(chart("c", "T")._repr_mimebundle_()["text/html"]).all("img")[0]["alt"].startswith("Line over 13 months")


def test_an_exhibit_of_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="expected one of cover, chart"):
        Exhibit("a", "hologram")


@pytest.mark.parametrize("accent", ["#1f5f8b", "#ffff00", "#000000", "#ffffff", "#c4570a", "#7b2d8b", "#777777"])
def test_letters_on_every_shade_of_a_chart_can_be_read_on_paper_and_in_the_dark(accent):
    on_paper, in_the_dark = on_white(accent), turned(on_white(accent))
    for strength in (step / 50 for step in range(1, 51)):
        deep = is_dark(on_paper, strength)
        assert contrast("#ffffff" if deep else "#000000", mixed("#ffffff", on_paper, strength)) >= 4.5
        assert contrast("#000000" if deep else "#ffffff", mixed(DARK_GROUND, in_the_dark, strength)) >= 4.0
