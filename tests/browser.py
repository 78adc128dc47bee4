"""A real Chromium on a real server of the application: what the browser tests stand on.

It watches every page for anything the security policy stopped, anything asked of another server, and script errors.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.published import application

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_WATCH = """
window.stopped = []
addEventListener('securitypolicyviolation', (event) => stopped.push(`${event.violatedDirective} ${event.blockedURI}`))
"""


class _Quiet(WSGIRequestHandler):
    """Addresses hold ids of people: a test's output is no place for them."""

    def log(self, type: str, message: str, *args: Any) -> None:  # the name werkzeug gives it
        """Say nothing."""


@contextmanager
def served(**settings: Any) -> Iterator[str]:
    """The address of a running server of the application."""
    server = make_server("127.0.0.1", 0, application(**settings), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium of this machine."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=root)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """One person at one browser window."""

    base: str
    context: BrowserContext
    faults: list[str] = field(default_factory=list)

    @cached_property
    def page(self) -> Page:
        """The window's page, watched from its first request on."""
        self.context.add_init_script(_WATCH)
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        page.on("request", lambda request: self._asked(request.url))
        page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        page.on("console", lambda message: self._said(message.type, message.text))
        return page

    def sign_in(self, who: str) -> None:
        """Sign in by a demo person's button."""
        self.page.goto(f"{self.base}/sign-in")
        self.page.get_by_role("button", name=who).click()
        self.page.wait_for_load_state()

    def go(self, path: str) -> Page:
        """Open an address of ours and wait until its scripts have run."""
        self.page.goto(self.base + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def checked(self) -> None:
        """Nothing was stopped by the policy, asked of others, or went wrong."""
        stopped = self.page.evaluate("window.stopped ?? []")
        assert stopped == [], stopped
        assert self.faults == []

    def accessibility_faults(self) -> list[str]:
        """What axe finds wrong on the page."""
        found = Axe().run(self.page, options={"runOnly": list(TAGS)}).response["violations"]
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]

    def spoken(self) -> str:
        """Every name in the accessibility tree: what a screen reader can say."""
        session = self.context.new_cdp_session(self.page)
        tree = session.send("Accessibility.getFullAXTree")["nodes"]
        return "\n".join(str(node.get("name", {}).get("value", "")) for node in tree if not node.get("ignored"))

    def _asked(self, url: str) -> None:
        if not url.startswith((self.base, "data:")):
            self.faults.append(f"asked another server: {url}")

    def _said(self, kind: str, text: str) -> None:
        if kind == "error" and not any(status in text for status in ("400", "404")):
            self.faults.append(f"console: {text}")
