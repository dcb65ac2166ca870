"""The page in a real browser: everyone can use it, nothing leaves it, and scripts only add to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sample_notebook import closing, cover, notebook_of, rich_notebook, table

from auditkit.export.document import read_document
from auditkit.export.page import html_page

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
)  # fmt: skip
LANGUAGES = ("en", "fi", "nb", "ru")
WIDTHS = (320, 800, 1400)

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium, which .ci/run installs")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def addresses(tmp_path_factory) -> dict[str, str]:
    """The page of the rich report in every language, as a file."""
    folder = tmp_path_factory.mktemp("pages")
    return {language: saved(folder / f"{language}.html", rich_notebook(language)) for language in LANGUAGES}


def saved(path: Path, notebook) -> str:
    path.write_text(html_page(read_document(notebook, "report", beside=True)), encoding="utf-8", newline="\n")
    return path.as_uri()


@pytest.fixture
def opened(browser, addresses):
    """A function that opens a page; every page is closed when the test ends, and none may have complained."""
    contexts, complaints = [], []

    def open_(language="en", width=1400, height=900, scheme="light", scripts=True, address=None):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=scripts,
            reduced_motion="reduce",
        )  # fmt: skip
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address or addresses[language])
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_violation(opened, language):
    from axe_playwright_python.sync_playwright import Axe

    for width, scheme in ((320, "dark"), (1400, "light")):
        found = Axe().run(opened(language, width, scheme=scheme))
        assert [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found.response["violations"]] == []
        assert len(found.response["passes"]) > 25, "the rules did run"


def test_no_request_leaves_the_page(browser, addresses):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page, asked = context.new_page(), []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto(addresses["en"])
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.emulate_media(media="print")
    page.emulate_media(media="screen", color_scheme="dark")
    page.evaluate("document.fonts.ready")
    context.close()
    outside = [url for url in asked if not url.startswith("data:")]
    assert outside == [addresses["en"]]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_never_scrolls_sideways(opened, width, scripts):
    page = opened(width=width, scripts=scripts)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_contents_follow_the_reader(opened):
    from playwright.sync_api import expect

    page = opened()
    assert page.locator(".contents [aria-current]").count() == 0
    for section in ("Speed", "Every form of chart", "Volume and backlog"):
        page.get_by_role("heading", name=section, exact=False).first.evaluate("(one) => one.scrollIntoView()")
        expect(page.locator(".contents [aria-current=location]")).to_contain_text(section)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".contents li").last.locator("a")).to_have_attribute("aria-current", "location")
    assert page.locator(".contents [aria-current]").count() == 1


def ages(page) -> list[str]:
    return page.locator("#oldest tbody td:last-child").all_inner_texts()


def test_a_long_table_is_sorted_by_its_heads_and_back_again(opened, tmp_path):
    times = ["45 s", "2 h 05 min", "1.5 d", "59 min 59 s", "–", "3 min 12 s", "100 d", "1 s", "2 d"]
    rows = [[f"#{number}", text.replace(" ", "\u00a0")] for number, text in enumerate(times)]
    notebook = notebook_of(cover(), "## A", table("oldest", "Old", ["Ticket", "Age"], rows), closing())
    page = opened(address=saved(tmp_path / "sorted.html", notebook))
    head = page.get_by_role("columnheader", name="Age")
    given = ages(page)
    page.get_by_role("button", name="Age").click()
    rising = ["1 s", "45 s", "3 min 12 s", "59 min 59 s", "2 h 05 min", "1.5 d", "2 d", "100 d"]
    assert [text.replace("\u00a0", " ") for text in ages(page)] == [*rising, "–"]
    assert head.get_attribute("aria-sort") == "ascending"
    page.get_by_role("button", name="Age").press("Enter")
    assert [text.replace("\u00a0", " ") for text in ages(page)] == [*rising[::-1], "–"]
    assert head.get_attribute("aria-sort") == "descending"
    page.get_by_role("button", name="Age").press("Space")
    assert (ages(page), head.get_attribute("aria-sort")) == (given, "none")


def test_without_scripts_everything_is_there_and_nothing_is_dead(opened):
    page = opened(scripts=False)
    with_scripts = opened()
    assert page.locator("button").count() == 0
    assert with_scripts.locator("#oldest button").count() == 4
    assert ages(page) == ages(with_scripts)
    assert page.locator("main").inner_text() == with_scripts.locator("main").inner_text()


def test_the_first_key_offers_to_skip_to_the_report(opened):
    page = opened()
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("(one) => one === document.activeElement && one.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "report"


def test_only_what_overflows_takes_the_focus(opened):
    focusable = "document.querySelectorAll('.scroll[tabindex]').length"
    assert opened(width=320).evaluate(focusable) > opened(width=1400).evaluate(focusable)


def test_on_paper_the_page_is_light_and_has_no_controls(opened):
    page = opened(scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).display") == "none"
    assert page.evaluate("getComputedStyle(document.querySelector('th button'), '::after').content") == "none"
    assert page.evaluate(CHART_INK) == "rgb(34, 34, 34)"


CHART_INK = "getComputedStyle(document.querySelector('.turns text[fill=\"#222222\"]')).fill"


def test_charts_turn_with_the_screen(opened):
    assert opened().evaluate(CHART_INK) == "rgb(34, 34, 34)"
    dark = opened(scheme="dark")
    assert dark.evaluate(CHART_INK) == "rgb(228, 232, 237)"
    left = dark.evaluate(
        """[...new Set([...document.querySelectorAll('.turns svg [fill], .turns svg [stroke]')].flatMap((mark) =>
        ['fill', 'stroke'].filter((paint) => mark.hasAttribute(paint) && mark.getAttribute(paint) !== 'none')
        .filter((paint) => !mark.matches('text') && getComputedStyle(mark)[paint] ===
          `rgb(${mark.getAttribute(paint).match(/../g).length ? mark.getAttribute(paint).slice(1).match(/../g)
          .map((part) => parseInt(part, 16)).join(', ') : ''})`)
        .map((paint) => mark.getAttribute(paint))))]"""
    )
    assert left == [], "a colour of a chart that nobody turned"


def test_a_chart_from_elsewhere_keeps_its_white_paper_in_the_dark(opened):
    page = opened(scheme="dark")
    paper = "getComputedStyle(document.querySelector('#volume .card')).backgroundColor"
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
