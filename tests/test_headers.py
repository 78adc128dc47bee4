"""Every answer carries exactly the security headers, nothing but our own files may be kept, and the pages obey them."""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.client import Client
from tests.page import Page
from tests.published import application
from web.headers import CONTENT_SECURITY_POLICY, SECURITY_HEADERS, TEMPLATE_SCRIPT

STATIC = Path(__file__).parents[1] / "web" / "static"


@pytest.fixture(scope="module")
def app() -> Flask:
    return application()


def addresses(app: Flask) -> Iterator[str]:
    """An address for every route that can be read, and one that leads nowhere."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "static":
            yield re.sub(r"<[^>]*>", "0123456789abcdef", rule.rule)
    yield "/no-such-page"
    yield "/static/explorer.css"
    yield "/static/no-such-file"


@pytest.mark.parametrize("username", ["", "leeds.one"])
def test_every_answer_has_exactly_the_headers(app: Flask, username: str) -> None:
    client = Client(app)
    if username:
        client.sign_in(username)
    for address in addresses(app):
        client.raw("GET", address)  # the client checks them all
        client.raw("POST", address, data={"surname": "Williams"})


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert set(SECURITY_HEADERS) == {
        "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Permissions-Policy",
        "Referrer-Policy", "X-Content-Type-Options",
    }  # fmt: skip


def test_the_allowed_script_is_the_one_on_the_page(app: Flask) -> None:
    page = Client(app).get("/sign-in")
    scripts = [one for one in page.all("script") if "src" not in one.attributes]
    digests = [base64.b64encode(hashlib.sha256(one.text.encode()).digest()).decode() for one in scripts]
    assert [f"'sha256-{digest}'" for digest in digests] == [TEMPLATE_SCRIPT]


def test_https_is_asked_for_ever_once_seen(app: Flask) -> None:
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_a_prefetch_gets_nothing(app: Flask) -> None:
    client = Client(app)
    client.sign_in("leeds.one")
    page = client.get("/search", status=400, headers={"Sec-Purpose": "prefetch;prerender"})
    assert not page.person_ids


def test_another_host_name_is_refused(app: Flask) -> None:
    assert app.test_client().get("/sign-in", base_url="http://attacker.example").status_code == 400


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        ("never closed", "<p>open"),
        ("used twice", '<p id="a">x</p><p id="a">x</p>'),
        ("no label", '<input name="surname">'),
        ("inline style", '<p style="color:red">x</p>'),
        ("inline script", "<script>alert(1)</script>"),
        ("inline handler", '<p onclick="x()">x</p>'),
        ("leaves this server", '<a href="https://elsewhere.example/">x</a>'),
        ("not sent by POST", '<form action="/search"></form>'),
        ("not there", '<p aria-describedby="gone">x</p>'),
        ("not there", '<button popovertarget="gone">x</button>'),
        ("leads to #gone", '<a href="#gone">x</a>'),
        ("does not begin with its summary", "<details><p>x</p></details>"),
        ("<summary> has no words", "<details><summary></summary></details>"),
        ("closes while", "<b><i>x</b></i>"),
        ("<h1>", "<h1>Second</h1>"),
    ],
)
def test_the_strict_reader_sees(fault: str, body: str) -> None:
    good = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body><main><h1>H</h1>{}</main></body></html>'
    assert Page(200, good.format("")).faults == []
    assert any(fault in found for found in Page(200, good.format(body)).faults)


def test_vendored_files_have_no_typeface_crown_or_outside_address() -> None:
    folder = STATIC / "govuk-frontend-6.3.0"
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    style = (folder / "govuk-frontend.min.css").read_text()
    assert not re.search(r"Transport|crest|crown|url\(", style)


def test_our_files_come_compressed_where_that_is_taken(app: Flask) -> None:
    client, address = Client(app), "/static/govuk-frontend-6.3.0/govuk-frontend.min.css"
    plain = client.raw("GET", address)
    small = client.raw("GET", address, headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 6
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert "Content-Encoding" not in client.raw("GET", "/sign-in", headers={"Accept-Encoding": "gzip"}).headers
    assert client.raw("GET", "/static/../__init__.py").status_code == 404
