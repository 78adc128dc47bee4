"""When something fails: a plain page with a reference, a log line with a place, and nobody's name in either."""

import json

import pytest
from flask import Flask, abort, render_template

from graph.errors import EngineDown, ExplorerError, NotFound, QueryTimedOut, UsageError
from tests.client import Client
from tests.published import application
from web.logs import only_allowed
from web.permissions import Permission, requires

SECRET = "Tommy Williams 12/05/2012"


def client_of(error: Exception) -> Client:
    app: Flask = application()

    @requires(Permission.SEARCH)
    def fails() -> str:
        raise error

    app.add_url_rule("/fails", "fails", fails)
    client = Client(app)
    client.sign_in("leeds.one")
    return client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError(SECRET), 500),
        (KeyError(SECRET), 500),
        (ExplorerError(SECRET), 500),
        (EngineDown(SECRET), 503),
        (QueryTimedOut(SECRET), 503),
        (UsageError(SECRET), 400),
    ],
)
def test_the_page_has_a_reference_and_the_log_a_place(
    error: Exception, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    client = client_of(error)
    page = client.get("/fails", status=status)
    written = capfd.readouterr()
    for word in SECRET.split():
        assert word not in page.body
        assert word not in written.err + written.out
    lines = [json.loads(line) for line in written.err.splitlines()]
    assert [line["error"] for line in lines] == [type(error).__name__]
    assert lines[0]["reference"] in page.text
    assert lines[0]["where"].startswith("tests.test_errors:")
    assert client.records()[-1]["outcome"].startswith(str(status))


def test_not_found_is_one_page_whatever_raised_it() -> None:
    raised = client_of(NotFound(SECRET)).get("/fails", status=404)
    missing = client_of(NotFound(SECRET)).get("/nowhere", status=404)
    assert raised.bare == missing.bare


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_every_status_has_a_heading_and_a_way_on(status: int) -> None:
    app: Flask = application()
    app.add_url_rule("/fails", "fails", requires(Permission.SEARCH)(lambda: abort(status)))
    client = Client(app)
    client.sign_in("leeds.one")
    page = client.get("/fails", status=status)
    assert page.heading
    assert page.all("a", href="/")


def test_when_even_the_error_page_fails_plain_words_are_left(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    client = client_of(RuntimeError(SECRET))

    def broken(*_: object, **__: object) -> str:
        return render_template("no such template")

    monkeypatch.setattr("web.errors.render_template", broken)
    page = client.get("/fails", status=500)
    assert page.heading == "Something went wrong"
    written = capfd.readouterr()
    assert "Tommy" not in written.err + written.out + page.body


def test_a_key_that_is_not_listed_is_never_logged() -> None:
    event = {"event": "request failed", "surname": SECRET, "reference": "a1", "path": SECRET}
    assert only_allowed(None, "error", event) == {"event": "request failed", "reference": "a1"}
