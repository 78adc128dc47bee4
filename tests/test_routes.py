"""Every route is classified, roles get what the matrix says and nothing else, and reading changes nothing."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.client import Client
from tests.fixture_graph import person_id
from tests.published import application, published
from web import accounts
from web.database import database, users
from web.permissions import ROLES, Access, Permission, requires, rule_of

TOMMY = person_id("mosaic:249012")

MATRIX: dict[str, tuple[str, Permission | Access]] = {
    "static": ("GET", Access.ANYONE),
    "health.check": ("GET", Access.ANYONE),
    "sign_in.page": ("GET", Access.ANYONE),
    "sign_in.submit": ("POST", Access.ANYONE),
    "sign_in.submit_demo": ("POST", Access.ANYONE),
    "sign_in.leave": ("POST", Access.SIGNED_IN),
    "start.page": ("GET", Access.SIGNED_IN),
    "search.page": ("GET", Permission.SEARCH),
    "search.change": ("GET", Permission.SEARCH),
    "search.submit": ("POST", Permission.SEARCH),
    "search.results": ("GET", Permission.SEARCH),
    "person.page": ("GET", Permission.OPEN_PERSON),
    "person.family": ("GET", Permission.OPEN_PERSON),
    "person.services": ("GET", Permission.OPEN_PERSON),
    "network.data": ("GET", Permission.OPEN_PERSON),
    "records.page": ("GET", Permission.OPEN_PERSON),
    "records.find": ("POST", Permission.OPEN_PERSON),
    "records.apart": ("GET", Permission.OPEN_PERSON),
    "review.page": ("GET", Permission.REVIEW),
    "review.pair": ("GET", Permission.REVIEW),
    "review.decide": ("POST", Permission.REVIEW),
    "review.undo": ("POST", Permission.REVIEW),
    "review.second": ("POST", Permission.REVIEW),
    "review.decisions": ("GET", Permission.REVIEW),
    "review.person": ("GET", Permission.REVIEW),
    "review.following": ("GET", Permission.REVIEW),
    "review.compare": ("POST", Permission.REVIEW),
}
"""Each endpoint: its one method and its rule. A new route is added here by hand, after thought."""


@pytest.fixture(scope="module")
def app() -> Flask:
    return application()


def unclassified(app: Flask) -> Iterator[str]:
    """What differs between the routes of an application and the matrix."""
    found = {}
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        method = ", ".join(sorted(methods))
        found[rule.endpoint] = (method, rule_of(app.view_functions[rule.endpoint]))
    for endpoint in sorted(found.keys() | MATRIX.keys()):
        if found.get(endpoint) != MATRIX.get(endpoint):
            yield f"{endpoint}: is {found.get(endpoint)}, the matrix says {MATRIX.get(endpoint)}"


def address(endpoint: str) -> str:
    """An address of an endpoint."""
    fixed = {"static": "/static/explorer.css", "health.check": "/healthz", "start.page": "/",
             "sign_in.page": "/sign-in", "sign_in.submit": "/sign-in", "sign_in.submit_demo": "/sign-in/demo",
             "sign_in.leave": "/sign-out", "search.page": "/search", "search.change": "/search/change",
             "search.submit": "/search", "search.results": "/search/results/unknown", "review.page": "/review",
             "review.following": "/review/next", "review.compare": "/review/compare",
             "review.pair": "/review/pair/unknown", "review.decide": "/review/pair/unknown",
             "review.undo": "/review/decision/1/undo", "review.second": "/review/decision/1/second",
             "review.decisions": "/review/decisions", "review.person": f"/review/person/{TOMMY}"}  # fmt: skip
    more = {"person.page": "", "person.family": "/family", "person.services": "/services",
            "records.page": "/records", "records.find": "/records", "records.apart": "/apart/unknown"}  # fmt: skip
    if endpoint == "network.data":
        return f"/network/{TOMMY}.json"
    return fixed.get(endpoint) or f"/person/{TOMMY}{more[endpoint]}"


def test_every_route_is_in_the_matrix(app: Flask) -> None:
    assert list(unclassified(app)) == []


def test_a_route_nobody_classified_is_seen_and_refused() -> None:
    app = application()
    app.add_url_rule("/dummy", "dummy", lambda: "secret")
    assert [line.partition(":")[0] for line in unclassified(app)] == ["dummy"]
    client = Client(app)
    client.sign_in("shield")
    assert "secret" not in client.get("/dummy", status=403).text


def test_a_route_with_another_rule_than_the_matrix_is_seen() -> None:
    app = application()
    app.view_functions["search.page"] = requires(Access.ANYONE)(lambda: "anything")
    assert [line.partition(":")[0] for line in unclassified(app)] == ["search.page"]


@pytest.mark.parametrize("endpoint", [name for name, (_, rule) in MATRIX.items() if rule is not Access.ANYONE])
def test_a_stranger_is_sent_to_the_sign_in_page(app: Flask, endpoint: str) -> None:
    client = Client(app)
    client.get("/sign-in")
    method = MATRIX[endpoint][0]
    options = {"data": {"csrf_token": client.get("/sign-in").csrf_token}} if method == "POST" else {}
    answer = client.raw(method, address(endpoint), **options)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")


def test_a_signed_in_person_without_the_permission_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = ROLES["social_worker"]
    monkeypatch.setitem(ROLES, "bare", type(bare)("bare", "Bare", "May do nothing.", bare.visibility, frozenset()))
    accounts.save(published(), accounts.Account("bare", "Bare Person", "bare", ("90001",)), "right")
    client = Client(app)
    client.sign_in("bare", "right")
    for endpoint, (method, rule) in MATRIX.items():
        if isinstance(rule, Permission) and method == "GET":
            assert client.raw(method, address(endpoint)).status_code == 403, endpoint
    client.get("/", status=302)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_is_described_and_opens_a_class(role: str) -> None:
    held = ROLES[role]
    assert held.name == role
    assert held.title
    assert held.description.endswith(".")
    assert held.permissions <= set(Permission)


def state(data: Path) -> dict[str, object]:
    """All that a page might change: every file but audit, engine and session store, and the accounts."""
    kept = {"audit", "engine"}
    files = {
        str(path.relative_to(data)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.relative_to(data).parts[0] not in kept and not path.name.startswith("web.sqlite")
    }
    with database(data).connect() as connection:
        return {**files, "accounts": sorted(map(tuple, connection.execute(select(users))))}


def test_reading_changes_nothing(app: Flask) -> None:
    client = Client(app)
    client.sign_in("leeds.one")
    before = state(published())
    for endpoint, (method, _) in MATRIX.items():
        if method == "GET":
            client.raw("GET", address(endpoint))
    assert state(published()) == before


def test_a_reading_route_that_writes_would_be_seen() -> None:
    app = application()

    @requires(Access.ANYONE)
    def writes() -> str:
        accounts.save(published(), accounts.Account("written", "Written", "manager", ()), "x")
        return "done"

    app.add_url_rule("/writes", "writes", writes)
    before = state(published())
    Client(app).raw("GET", "/writes")
    assert state(published()) != before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(app: Flask, method: str) -> None:
    client = Client(app)
    client.sign_in("leeds.one")
    for endpoint in MATRIX:
        assert client.raw(method, address(endpoint)).status_code in {400, 405}, endpoint
