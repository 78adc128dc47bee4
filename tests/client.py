"""The only HTTP client tests may use: it reads every page strictly, checks every header, and holds each page against
its audit record.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.page import Page
from web.headers import FOR_EVER, NO_STORE, SECURITY_HEADERS

ALLOWED_HEADERS = {
    *SECURITY_HEADERS, "Cache-Control", "Content-Type", "Content-Length", "Set-Cookie", "Vary", "Location", "Allow",
    "Last-Modified", "ETag", "Content-Disposition", "Date", "Expires", "Accept-Ranges", "Content-Encoding",
}  # fmt: skip
PERSON_KEYS = frozenset({"person_id", "other_id"})


class Client:
    """A browser without scripts, for one application. Faults it sees are assertion errors."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._raw = app.test_client()
        self._token = ""
        self.last: TestResponse | None = None

    @property
    def audit_folder(self) -> Path:
        """Where the application writes its audit log."""
        folder: Path = self.app.extensions["fnx_settings"].data / "audit"
        return folder

    def get(self, path: str, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Page:
        """The page at that address."""
        return self._page(self._raw.get(path, headers=headers), status)

    def post(
        self, path: str, *, status: int, token: str | None = None, site: str = "same-origin", **fields: str
    ) -> Page:
        """Send a form from a page of that site, with the form token of the last page that had one."""
        form = {"csrf_token": self._token if token is None else token, **fields}
        return self._page(self._raw.post(path, data=form, headers={"Sec-Fetch-Site": site}), status)

    def follow(self) -> Page:
        """Go where the last answer led."""
        assert self.last is not None
        return self.get(self.location)

    @property
    def location(self) -> str:
        """Where the last answer leads; empty if nowhere."""
        assert self.last is not None
        return self.last.headers.get("Location", "")

    def json(self, path: str, *, status: int = 200) -> Any:
        """The data at that address."""
        response = self._checked(self._raw.get(path), status)
        content = response.get_json()
        self._audited(set(_person_ids(content)))
        return content

    def raw(self, method: str, path: str, **options: Any) -> TestResponse:
        """An answer of any kind, its headers checked and nothing else."""
        response = self._raw.open(path, method=method, **options)
        return self._checked(response, response.status_code)

    def sign_in(self, username: str, password: str = "") -> None:
        """Sign in with the password given, or with the demo person's button."""
        self.get("/sign-in")
        if password:
            self.post("/sign-in", status=303, username=username, password=password)
        else:
            self.post("/sign-in/demo", status=303, username=username)

    def cookie(self) -> str:
        """The session cookie."""
        found = self._raw.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return found.value if found is not None else ""

    def use_cookie(self, value: str) -> None:
        """Come with that session cookie."""
        self._raw.set_cookie(self.app.config["SESSION_COOKIE_NAME"], value)

    def records(self) -> list[dict[str, Any]]:
        """Every audit record of this application, in order."""
        segment = self.app.extensions["fnx_audit"]().segment
        return read_records(segment) if segment is not None else []

    def _page(self, response: TestResponse, status: int) -> Page:
        self._checked(response, status)
        if response.mimetype != "text/html" or 300 <= response.status_code < 400:
            return _empty(response.status_code)
        page = Page(response.status_code, response.get_data(as_text=True))
        assert page.faults == [], f"{response.request.path}: {page.faults}"
        self._token = page.csrf_token or self._token
        self._audited(page.person_ids)
        return page

    def _checked(self, response: TestResponse, status: int) -> TestResponse:
        self.last = response
        response.get_data()
        response.close()  # a file of ours is open until then
        assert response.status_code == status, f"{response.request.path}: {response.status}"
        for name, value in SECURITY_HEADERS.items():
            assert response.headers.getlist(name) == [value], f"{response.request.path}: {name}"
        static = response.request.path.startswith("/static/") and status == 200
        assert response.headers.getlist("Cache-Control") == [FOR_EVER if static else NO_STORE]
        assert set(response.headers.keys()) <= ALLOWED_HEADERS, sorted(set(response.headers.keys()) - ALLOWED_HEADERS)
        return response

    def _audited(self, shown: set[str]) -> None:
        """Every person an answer shows must be in the record written for it."""
        if shown:
            recorded = set(self.records()[-1]["people"])
            assert shown <= recorded, f"{len(shown - recorded)} people are on the page and not in its audit record"


def read_records(segment: Path) -> list[dict[str, Any]]:
    """Every record of one segment of an audit log."""
    return [json.loads(line) for line in segment.read_text(encoding="ascii").splitlines()]


def _person_ids(content: object) -> Iterator[str]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            if key in PERSON_KEYS and isinstance(value, str):
                yield value
            yield from _person_ids(value)
    elif isinstance(content, list):
        for value in content:
            yield from _person_ids(value)


def _empty(status: int) -> Page:
    page = "<!DOCTYPE html><html lang='en'><title>-</title><body><main><h1>-</h1></main></body></html>"
    return Page(status, page)
