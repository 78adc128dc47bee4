"""The review desk in a real browser: every page and state for everybody, by keyboard, without scripts, on paper."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from graph.judgements import Judgements, Verdict
from tests.browser import Visitor, chromium, served
from tests.fixture_graph import person_id
from tests.person_pages import KATE, TOMMY
from tests.published import copied

THOMAS = person_id("lcs:50090")
PAGES = {
    "queue": "/review", "one kind": "/review?show=twins", "alarms": "/review?show=alarms",
    "waiting": "/review?show=waiting", "unsure": "/review?show=unsure", "decisions": "/review/decisions",
    "a pair of two people": "/review/next", "records, warned": f"/person/{KATE}/records",
    "records, choose two": f"/person/{TOMMY}/records?choose=two", "an alarm": f"/review/person/{TOMMY}",
    "not joined": f"/person/{TOMMY}/apart/{THOMAS}", "family of somebody in doubt": f"/person/{TOMMY}/family",
}  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with decisions of every kind: in force, waiting, set aside, taken back."""
    folder = copied(tmp_path_factory.mktemp("desk"))
    store = Judgements(folder)
    store.decide(("lcs", "50013"), ("mosaic", "249013"), Verdict.DIFFERENT, "steward", "Two mothers")
    store.decide(("lcs", "60050"), ("mosaic", "252001"), Verdict.SAME, "steward", "One child", needs_second=True)
    store.decide(("lcs", "60060"), ("lcs", "60061"), Verdict.UNSURE, "steward", "Ask the school")
    gone = store.decide(("lcs", "50014"), ("mosaic", "249014"), Verdict.DIFFERENT, "steward", "Two fathers")
    store.undo(gone.number, "shield", "One father after all")
    return folder


@pytest.fixture(scope="module")
def base(data: Path) -> Iterator[str]:
    with served(journey="stockport", data=data) as address:
        yield address


@pytest.fixture
def tom(browser: Browser, base: str) -> Iterator[Visitor]:
    """The shield desk: whose pages hold every state."""
    found = Visitor(base, browser.new_context())
    found.sign_in("Tom Hale")
    yield found
    found.checked()
    found.context.close()


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_and_a_phone_need_not_scroll_sideways(tom: Visitor, path: str) -> None:
    page = tom.go(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    _usable(tom, page)


def _usable(who: Visitor, page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert who.accessibility_faults() == []
    page.set_viewport_size({"width": 320, "height": 800})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert who.accessibility_faults() == []


def test_a_decision_is_made_by_keyboard_alone_mistakes_and_all(tom: Visitor) -> None:
    page = tom.go("/review?show=others")
    page.locator(".app-pairlist a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this one person?")
    page.get_by_role("button", name="Record this decision").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Choose what you decide")
    _usable(tom, page)
    page.get_by_role("link", name="Choose what you decide").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("the same person")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Why?")).to_be_focused()
    page.keyboard.type("One number, one home")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-notice=decision]")).to_contain_text("Tom Hale decided on")
    page.locator(".app-undo summary").first.focus()
    page.keyboard.press("Enter")
    page.get_by_label("Why is it taken back?").first.fill("The wrong pair")
    page.get_by_role("button", name="Take it back").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".app-decision").first).to_contain_text("Tom Hale took it back.")
    expect(page.locator("[data-notice=decision]")).to_have_count(0)


def test_without_scripts_two_records_of_a_person_are_chosen_compared_and_parted(browser: Browser, base: str) -> None:
    reader = Visitor(base, browser.new_context(java_script_enabled=False))
    reader.sign_in("Tom Hale")
    page = reader.page
    page.goto(f"{base}/person/{TOMMY}/records")
    page.get_by_role("button", name="Compare the two ticked").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    for box in page.get_by_role("checkbox").all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare the two ticked").click()
    expect(page.locator(".app-sentence").first).to_have_text("These two records are joined as one person.")
    page.get_by_label("different people").check()
    page.get_by_label("Why?").fill("Two boys at the school")
    page.get_by_role("button", name="Record this decision").click()
    page.goto(f"{base}/person/{TOMMY}")
    expect(page.locator(".govuk-warning-text[data-notice=doubt]")).to_contain_text(
        "Facts shown here may belong to somebody else."
    )
    reader.context.close()


def test_on_paper_the_records_and_the_facts_stand_and_controls_are_gone(tom: Visitor) -> None:
    page = tom.go(f"/person/{KATE}/records")
    page.emulate_media(media="print")
    printed = page.locator("body").inner_text()
    for there in ("249013", "Facts shown here may belong to somebody else", "Field by field"):
        assert there in printed
    for gone in ("Compare the two ticked", "Tick it and one that is right", "Why was somebody not joined"):
        assert gone not in printed
    tom.go("/review/next")
    printed = page.locator("body").inner_text()
    assert "Compared" in printed
    assert "Record this decision" not in printed
