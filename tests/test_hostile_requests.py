"""Careless and hostile requests to every route: a clean page of ours, never a fault, and nothing done."""

from typing import Any

import pytest

from tests.canary_world import World, canary_world
from tests.client import Client
from tests.page import Page

UNKNOWN = "0123456789abcdef0123456789ab"


@pytest.fixture(scope="module")
def world() -> World:
    return canary_world()


HOSTILE = (
    "x" * 10_000,
    "a\0b", "\U0001f600" * 50, "%ED%A0%80", "%FF%FE", "%00", "%0d%0aSet-Cookie:%20a=b", "../../etc/passwd",
    "' OR 1=1 --", "}) RETURN p //", "${jndi:ldap://x}", "\u202e\u2066", "%E2%80%A8", "-1", "null", "[]", "1e999",
)  # fmt: skip


@pytest.mark.parametrize("journey", ["leeds", "stockport"])
def test_whatever_is_sent_gets_a_clean_page(world: World, journey: str) -> None:
    client = world.client(journey, "leeds.one")
    child = world.id_of("child one")
    client.get("/search")
    for bad in HOSTILE:
        safe = bad.replace("\0", "%00")
        for path in (
            f"/person/{safe}", f"/person/{safe}/family", f"/network/{safe}.json", f"/search/results/{safe}", f"/{safe}",
            f"/person/{child}/family?expand={safe}", f"/person/{child}/family?of={safe}", f"/static/{safe}",
            f"/person/{child}/services?from={safe}", f"/network/{child}.json?expand=people.{safe}&of={safe}",
        ):  # fmt: skip
            _clean(client, "GET", path)
        form = dict.fromkeys(
            ("surname", "forename", "dob_day", "dob_month", "dob_year", "age", "address", "postcode", "case_id",
             "record_id"), bad)  # fmt: skip
        for fields in (form, {"surname": bad}, {"case_id": bad, "record_id": bad}, {"address": bad, "surname": "Lee"}):
            _clean(client, "POST", "/search", data={"csrf_token": client._token, **fields})
            assert client.last is not None
            if client.last.status_code == 303:
                _clean(client, "GET", client.location)
        _clean(client, "POST", "/search", data={"csrf_token": bad, **form})


@pytest.mark.parametrize("bad", HOSTILE)
def test_whatever_is_sent_at_sign_in_gets_a_clean_page(world: World, bad: str) -> None:
    client = Client(world.application("leeds"))
    for path in ("/sign-in", "/sign-in/demo"):
        client.get("/sign-in")
        _clean(client, "POST", path, data={"csrf_token": client._token, "username": bad, "password": bad})
    client.use_cookie(bad.replace("\0", "").encode("ascii", "ignore").decode()[:4000] or "x")
    _clean(client, "GET", "/search")


@pytest.mark.parametrize("headers", [
    {"Content-Type": "application/json"}, {"Content-Type": "multipart/form-data"}, {"Content-Type": "\xff"},
    {"Content-Type": "multipart/form-data; boundary=x"}, {"Cookie": "fnx=\xff; fnx=a"}, {"Accept": "\xff" * 99},
    {"Content-Length": "-1"}, {"Content-Length": "many"}, {"Range": "bytes=9-1"}, {"If-None-Match": "\xff"},
    {"X-Forwarded-For": "8.8.8.8"}, {"X-HTTP-Method-Override": "DELETE"}, {"Sec-Fetch-Site": "\xff"},
])  # fmt: skip
def test_odd_headers_get_a_clean_page(world: World, headers: dict[str, str]) -> None:
    client = world.client("leeds", "leeds.one")
    _clean(client, "GET", "/search", headers=headers)
    _clean(client, "POST", "/search", headers=headers, data=b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n")
    _clean(client, "GET", "/static/explorer.css", headers=headers)


@pytest.mark.parametrize("path", ["/search", "/sign-in", "/sign-in/demo", "/sign-out"])
def test_a_form_without_its_token_and_one_too_large_are_refused(world: World, path: str) -> None:
    client = world.client("leeds", "leeds.one")
    records = len(client.records())
    for data in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"surname": "Williams"}):
        assert client.raw("POST", path, data=data).status_code == 400
    for size in (70_000, 2_000_000):
        token = client.get("/search").csrf_token
        assert client.raw("POST", path, data={"csrf_token": token, "surname": "x" * size}).status_code in {400, 413}
    assert client.get("/search").status == 200, "still signed in"
    assert all(record["action"] != "search" for record in client.records()[records:])


def test_other_hosts_and_methods_are_refused_on_every_route(world: World) -> None:
    client = world.client("leeds", "leeds.one")
    for rule in client.app.url_map.iter_rules():
        path = rule.rule.replace("<person_id>", UNKNOWN).replace("<token>", "x").replace("<path:filename>", "a.css")
        path = path.replace("<int:number>", "1")
        for host in ("evil.example", "127.0.0.1.evil.example", "localhost:80@evil.example"):
            assert client.raw("GET", path, headers={"Host": host}).status_code == 400, (path, host)
        for method in ("PUT", "DELETE", "PATCH", "PROPFIND", "CONNECT", "GET\n"):
            assert client.raw(method, path).status_code in {400, 405}, (path, method)


def _clean(client: Client, method: str, path: str, **options: Any) -> None:
    """The answer is one of ours: never a fault, its page whole, nothing in it that could run."""
    answer = client.raw(method, path, **options)
    assert answer.status_code < 500, (method, path[:60])
    body = answer.get_data(as_text=True)
    if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303, 308}:
        assert Page(answer.status_code, body).faults == [], (method, path[:60])
