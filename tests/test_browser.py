"""The journeys in a real browser: Leeds and Stockport, without a mouse, on a phone, on paper, and without scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Visitor, chromium, served
from tests.fixture_graph import person_id
from tests.person_pages import AMIRA, CHLOE, KATE, RYAN, TOMMY

FAMILY = f"/person/{TOMMY}/family"
ADDED = f"{FAMILY}?of={KATE}&expand=addresses.{TOMMY}&expand=services.{TOMMY}&expand=practitioners.{KATE}"
LEEDS_PAGES = {
    "search": "/search", "overview": f"/person/{TOMMY}", "family": FAMILY, "family added to": ADDED,
    "services": f"/person/{TOMMY}/services", "chosen person": f"/person/{RYAN}/services?from={TOMMY}",
    "new address": f"/person/{AMIRA}", "not found": "/person/nobody",
}  # fmt: skip
STOCKPORT_PAGES = {
    "search": "/search", "restricted": f"/person/{CHLOE}", "grandmother": f"/person/{person_id('mosaic:249017')}",
    "review": "/review", "decisions": "/review/decisions", "records": f"/person/{TOMMY}/records",
    "not joined": f"/person/{TOMMY}/apart/{KATE}",
    "unborn": f"/person/{person_id('lcs:60051')}", "half known": f"/person/{person_id('lcs:60050')}/services",
    "hostel": f"/person/{person_id('lcs:61001')}/family?expand=addresses.{person_id('lcs:61001')}",
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def leeds() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def stockport() -> Iterator[str]:
    with served(journey="stockport") as address:
        yield address


_SIGNED_IN: dict[str, Any] = {}
"""What a browser keeps of a session, by server: one sign-in serves every window there."""


def visitor(browser: Browser, base: str, who: str = "Asha Daniels", **window: Any) -> Visitor:
    if base not in _SIGNED_IN:
        first = Visitor(base, browser.new_context())
        first.sign_in(who)
        _SIGNED_IN[base] = first.context.storage_state()
        first.context.close()
    return Visitor(base, browser.new_context(storage_state=_SIGNED_IN[base], **window))


@pytest.fixture
def asha(browser: Browser, leeds: str) -> Iterator[Visitor]:
    found = visitor(browser, leeds)
    yield found
    found.checked()
    found.context.close()


@pytest.fixture
def sam(browser: Browser, stockport: str) -> Iterator[Visitor]:
    found = visitor(browser, stockport, "Sam Field")
    yield found
    found.checked()
    found.context.close()


# --- the journeys -----------------------------------------------------------------------------------------------------


def test_leeds_from_a_case_number_to_the_services_of_the_mother(asha: Visitor) -> None:
    page = asha.go("/search")
    page.get_by_label("Case ID").fill("249012")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tommy Williams")
    page.get_by_role("navigation", name="Pages about Tommy Williams").get_by_role("link", name="Family").click()
    expect(page.locator("[data-fact=sentence]")).to_contain_text("Mosaic links 4 people to him")
    page.locator(".app-relative__name").get_by_role("link", name="Kate Williams").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kate Williams")
    expect(page.locator("[data-fact=involvement]").first).to_contain_text("Layla Hussein")
    page.get_by_role("link", name="Family of Tommy Williams").click()
    expect(page).to_have_url(re.compile(f"{FAMILY}$"))
    assert not re.search("249012|Tommy|Williams", page.url)


def test_stockport_from_a_surname_to_the_same_pages(sam: Visitor) -> None:
    page = sam.go("/search")
    page.get_by_label("Surname").fill("Pierce")
    page.get_by_label("Forename").fill("Dominic")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Dominic Pierce").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Dominic Pierce")
    expect(page.locator(".app-relative").first).to_contain_text("Son")


# --- for everybody ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LEEDS_PAGES.values(), ids=LEEDS_PAGES)
def test_axe_finds_nothing_and_a_phone_need_not_scroll_sideways_in_leeds(asha: Visitor, path: str) -> None:
    _usable(asha, path)


@pytest.mark.parametrize("path", STOCKPORT_PAGES.values(), ids=STOCKPORT_PAGES)
def test_axe_finds_nothing_and_a_phone_need_not_scroll_sideways_in_stockport(sam: Visitor, path: str) -> None:
    _usable(sam, path)


def _usable(who: Visitor, path: str) -> None:
    """With everything opened that opens: what stands in it counts too."""
    page = who.go(path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert who.accessibility_faults() == []
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert who.accessibility_faults() == []


def test_axe_sees_a_fault_when_there_is_one(asha: Visitor) -> None:
    page = asha.go(FAMILY)
    page.evaluate("document.querySelector('h1').remove(); document.documentElement.removeAttribute('lang')")
    assert any(fault.startswith("html-has-lang") for fault in asha.accessibility_faults())


def test_what_the_policy_stops_and_what_goes_to_others_is_seen(browser: Browser, leeds: str) -> None:
    watched = visitor(browser, leeds)
    page = watched.go("/search")
    page.evaluate(
        "document.body.setAttribute('style', 'color: red'); fetch('https://elsewhere.example/').catch(() => 0)"
    )
    page.wait_for_timeout(200)
    assert any(one.startswith("style-src") for one in page.evaluate("stopped"))
    assert any(one.startswith("connect-src") for one in page.evaluate("stopped"))
    watched.context.close()


def test_the_sign_in_page_is_usable_too(browser: Browser, leeds: str) -> None:
    stranger = Visitor(leeds, browser.new_context())
    _usable(stranger, "/sign-in")
    stranger.checked()
    stranger.context.close()


def test_every_person_in_the_picture_can_be_heard(asha: Visitor) -> None:
    asha.go(FAMILY)
    spoken = asha.spoken()
    for name in ("Tommy Williams", "Kate Williams", "Dominic Pierce", "Ryan Doyle", "Paula Lee"):
        assert spoken.count(name) >= 3, name


# --- without a mouse --------------------------------------------------------------------------------------------------


def test_a_source_opens_with_enter_and_closes_with_escape_and_focus_returns(asha: Visitor) -> None:
    page = asha.go(f"/person/{TOMMY}")
    button = page.locator(".app-source__button").first
    details = page.locator(f"#{button.get_attribute('popovertarget')}")
    button.focus()
    expect(details).not_to_be_visible()
    page.keyboard.press("Enter")
    expect(details).to_be_visible()
    expect(details).to_contain_text("Arrives every night")
    page.keyboard.press("Escape")
    expect(details).not_to_be_visible()
    expect(button).to_be_focused()


def test_the_picture_is_added_to_from_the_keyboard_and_says_what_came(asha: Visitor) -> None:
    page = asha.go(FAMILY)
    page.get_by_role("link", name="Add 2 addresses").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Added to the picture and the tables: ")
    expect(page.get_by_role("status")).to_contain_text("18 Chapel Brow, Marple")
    expect(page.locator("#picture-nodes")).to_contain_text("320 Overdale Road, Romiley")
    for row in page.locator("#picture-nodes tbody tr, #picture-links tbody tr").all():
        assert row.get_attribute("data-source"), "a row the script made names its source as the server's do"
    expect(page.locator(f"#picture-nodes tr[data-person-id='{KATE}']")).to_contain_text("LCS and Mosaic")
    assert page.evaluate("document.querySelector('#picture-kinds').contains(document.activeElement)")
    page.locator("#picture-people").get_by_role("link", name="Kate Williams").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Kate Williams chosen")
    expect(page.locator("#picture-people").get_by_role("link", name="Kate Williams")).to_be_focused()
    assert "#" not in page.url
    page.reload()
    expect(page.locator("#picture-nodes")).to_contain_text("320 Overdale Road, Romiley")


def test_the_tab_key_passes_the_canvas_without_an_empty_stop(asha: Visitor) -> None:
    page = asha.go(FAMILY)
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Tab")
    expect(page.locator("#picture-people a").first).to_be_focused()


# --- the canvas -------------------------------------------------------------------------------------------------------


def test_the_picture_is_drawn_and_the_buttons_move_it(asha: Visitor) -> None:
    page = asha.go(FAMILY)
    before = _ink(page)
    assert before > 2000
    page.get_by_role("button", name="Zoom out").click()
    page.wait_for_timeout(200)
    assert _ink(page) < before
    page.get_by_role("button", name="Show all").click()
    page.wait_for_timeout(200)
    assert abs(_ink(page) - before) < before / 5


def test_choosing_a_person_on_the_canvas_chooses_them_in_the_list(asha: Visitor) -> None:
    page = asha.go(FAMILY)
    script = page.locator("script[src*='network.js']").get_attribute("src")
    x, y = page.evaluate(
        """async ([script, id]) => {
            const { network } = await import(script)
            const { x, y } = network.canvasToDOM(network.getPosition(id))
            return [x, y]
        }""",
        [script, KATE],
    )
    page.locator(".app-network__canvas canvas").click(position={"x": x, "y": y})
    expect(page.locator("#picture-people [aria-current=true]")).to_have_text("Kate Williams")


def _ink(page: Page) -> int:
    """Pixels of the canvas that are not white."""
    return int(
        page.evaluate("""() => {
        const canvas = document.querySelector('.app-network__canvas canvas')
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        let ink = 0
        for (let at = 0; at < data.length; at += 4) {
            if (data[at + 3] && data[at] + data[at + 1] + data[at + 2] < 600) ink++
        }
        return ink
    }""")
    )


# --- on paper and without scripts -------------------------------------------------------------------------------------


def test_on_paper_every_source_stands_in_words_and_controls_are_gone(asha: Visitor) -> None:
    page = asha.go(FAMILY)
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    assert "(Mosaic, last updated 14 September 2026)" in printed
    assert "Mosaic: extracted 23 November 2026, arrives every night." in printed
    for gone in ("Zoom in", "Sign out", "Show more about"):
        assert gone not in printed
    width, height = page.evaluate(
        "(({ width, height }) => [width, height])(document.querySelector('canvas').getBoundingClientRect())"
    )
    ratio = page.evaluate("(({ width, height }) => width / height)(document.querySelector('canvas'))")
    assert abs(width / height - ratio) < 0.02, "the picture is squeezed on paper"
    assert len(page.pdf(format="A4")) > 20_000


def test_without_scripts_everything_but_the_drawing_works(browser: Browser, leeds: str) -> None:
    reader = visitor(browser, leeds, java_script_enabled=False)
    page = reader.page
    page.goto(leeds + FAMILY)
    expect(page.locator(".app-network__frame")).to_be_hidden()
    expect(page.locator("#picture-links")).to_contain_text("mother of")
    page.get_by_role("link", name="Add 2 addresses").click()
    expect(page.locator("#picture-nodes")).to_contain_text("18 Chapel Brow, Marple")
    page.locator("#picture-people").get_by_role("link", name="Kate Williams").click()
    expect(page.locator("#picture-people [aria-current=true]")).to_have_text("Kate Williams")
    button = page.locator(".app-source__button").first
    button.click()
    expect(page.locator(f"#{button.get_attribute('popovertarget')}")).to_be_visible()
    reader.context.close()
