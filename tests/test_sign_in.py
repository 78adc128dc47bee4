"""Signing in: sessions that begin anew and end in time, accounts that lock, nobody told which names exist."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask, session
from sqlalchemy import func, select

from graph.errors import UsageError
from tests.client import Client
from tests.published import application, demo_user, published, settings
from web import accounts
from web.database import database, sessions
from web.demo import refuse_open_demo
from web.permissions import Access, requires
from web.sessions import StoredSessions

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def app() -> Flask:
    accounts.save(published(), accounts.Account("temp", "Temporary Person", "social_worker", ("90001",)), "right")
    return application()


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app)


def test_demo_people_are_buttons_and_no_password_is_on_the_page(client: Client) -> None:
    page = client.get("/sign-in")
    offered = {one.attributes["value"] for one in page.all("input", name="username", type="hidden")}
    assert offered == {"leeds.one", "leeds.two", "manager", "steward", "sensitive", "shield"}
    for username in offered:
        assert username is not None
        assert demo_user(username)["password"] not in page.body


@pytest.mark.parametrize("username", ["leeds.one", "leeds.two", "manager", "steward", "sensitive", "shield"])
def test_everybody_of_the_demo_signs_in_by_button_and_by_password(app: Flask, username: str) -> None:
    by_button, by_password = Client(app), Client(app)
    by_button.sign_in(username)
    by_password.sign_in(username, demo_user(username)["password"])
    assert by_button.follow().heading == by_password.follow().heading == "Find a child on your caseload"


def test_the_list_of_demo_people_is_for_its_owner_only() -> None:
    assert stat.S_IMODE((published() / "demo-users.json").stat().st_mode) == 0o600
    one, two = demo_user("leeds.one"), demo_user("leeds.two")
    assert (one["role"], one["worker_id"]) == ("social_worker", "90001")
    assert "249012" in one["caseload"]
    assert "249012" not in two["caseload"]


def test_no_buttons_and_no_demo_address_without_the_setting() -> None:
    client = Client(application(demo=False))
    assert "Demo people" not in client.get("/sign-in").text
    client.post("/sign-in/demo", status=404, username="leeds.one")


def test_the_button_works_from_this_machine_only(app: Flask) -> None:
    client = Client(app)
    client.get("/sign-in")
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    form = {"csrf_token": client.get("/sign-in").csrf_token, "username": "leeds.one"}
    assert client.raw("POST", "/sign-in/demo", data=form, environ_base=elsewhere).status_code == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "council.example"])  # noqa: S104
def test_a_demo_is_refused_on_another_host(host: str) -> None:
    with pytest.raises(UsageError, match="FNX_HOST"):
        application(host=host)


def test_a_demo_on_loopback_is_allowed() -> None:
    for host in ("127.0.0.1", "127.0.0.2", "::1", "localhost"):
        refuse_open_demo(settings(demo=True, host=host))


def test_wrong_name_and_wrong_password_give_the_same_page(client: Client) -> None:
    client.get("/sign-in")
    unknown = client.post("/sign-in", status=400, username="nobody", password="x")
    wrong = client.post("/sign-in", status=400, username="temp", password="x")
    assert unknown.bare == wrong.bare
    assert "There is a problem" in wrong.text


def test_five_wrong_passwords_lock_the_account_and_nobody_can_tell(app: Flask, client: Client) -> None:
    accounts.save(published(), accounts.Account("locked", "Locked Person", "social_worker", ()), "right")
    client.get("/sign-in")
    with time_machine.travel(MORNING, tick=False) as clock:
        pages = [client.post("/sign-in", status=400, username="locked", password="x") for _ in range(5)]
        refused = client.post("/sign-in", status=400, username="locked", password="right")
        assert {page.bare for page in pages} == {refused.bare}
        clock.shift(timedelta(minutes=15, seconds=1))
        fresh = Client(app)
        fresh.sign_in("locked", "right")


def test_the_session_gets_a_new_id_at_sign_in_and_the_old_one_is_dead(app: Flask, client: Client) -> None:
    client.get("/sign-in")
    before = client.cookie()
    client.sign_in("temp", "right")
    assert client.cookie() != before
    thief = Client(app)
    thief.use_cookie(before)
    thief.get("/search", status=302)


def test_signing_out_ends_the_session_on_the_server(app: Flask, client: Client) -> None:
    client.sign_in("temp", "right")
    client.follow()
    cookie = client.cookie()
    client.post("/sign-out", status=303)
    replay = Client(app)
    replay.use_cookie(cookie)
    replay.get("/search", status=302)


def test_a_request_still_running_cannot_bring_an_ended_session_back() -> None:
    app = application()
    client = Client(app)

    def ended_meanwhile() -> str:
        interface = app.session_interface
        assert isinstance(interface, StoredSessions)
        interface._delete_session(client.cookie())
        session["searches"] = {"late": {}}
        return "<!DOCTYPE html><html lang='en'><title>T</title><body><main><h1>H</h1></main></body></html>"

    app.add_url_rule("/slow", "slow", requires(Access.SIGNED_IN)(ended_meanwhile))
    client.sign_in("temp", "right")
    client.get("/slow")
    client.get("/search", status=302)


def test_ended_sessions_are_removed_at_the_next_sign_in(app: Flask) -> None:
    def kept() -> int:
        with database(published()).connect() as connection:
            return connection.execute(select(func.count()).select_from(sessions)).scalar_one()

    with time_machine.travel(MORNING, tick=False) as clock:
        Client(app).get("/sign-in")
        clock.shift(timedelta(days=300))
        Client(app).sign_in("temp", "right")
        assert kept() == 1


@pytest.mark.parametrize(
    ("pause", "kept"), [(timedelta(minutes=14, seconds=59), True), (timedelta(minutes=15, seconds=1), False)]
)
def test_a_session_ends_after_a_quarter_of_an_hour_without_a_request(
    client: Client, pause: timedelta, kept: bool
) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client.sign_in("temp", "right")
        client.get("/search")
        clock.shift(pause)
        client.get("/search", status=200 if kept else 302)


def test_a_session_ends_after_twelve_hours_however_busy(client: Client) -> None:
    with time_machine.travel(MORNING, tick=False) as clock:
        client.sign_in("temp", "right")
        for _ in range(71):
            clock.shift(timedelta(minutes=10))
            client.get("/search")
        clock.shift(timedelta(minutes=10, seconds=1))
        client.get("/search", status=302)


def test_a_changed_role_and_a_removed_account_bite_at_the_next_request(client: Client) -> None:
    accounts.save(published(), accounts.Account("leaver", "Leaver", "social_worker", ("90001",)), "right")
    client.sign_in("leaver", "right")
    assert "Tommy Williams" in client.get("/search").text
    accounts.save(published(), accounts.Account("leaver", "Leaver", "social_worker", ()), "right")
    assert "Tommy Williams" not in client.get("/search").text
    accounts.save(published(), accounts.Account("leaver", "Leaver", "no such role", ()), "right")
    client.get("/search", status=302)
    accounts.remove(published(), "leaver")
    client.get("/search", status=302)


def test_the_cookie_holds_only_a_random_id_and_scripts_cannot_read_it(client: Client) -> None:
    client.get("/sign-in")
    assert client.last is not None
    cookie = client.last.headers["Set-Cookie"]
    assert cookie == f"fnx={client.cookie()}; HttpOnly; Path=/; SameSite=Lax"
    assert len(client.cookie()) == 43


def test_the_cookie_goes_over_https_only_beyond_this_machine(tmp_path: Path) -> None:
    app = application(host="192.0.2.1", demo=False, data=tmp_path)
    answer = app.test_client().get("/sign-in", base_url="https://council.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-fnx=")
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in cookie


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/demo", "/sign-out", "/search"])
@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_our_token_is_refused_with_a_friendly_page(client: Client, path: str, token: str) -> None:
    client.sign_in("temp", "right")
    page = client.post(path, status=400, token=token, username="temp", password="right", surname="Williams")
    assert page.heading == "This page was open too long"


def test_a_token_of_another_session_is_refused(app: Flask, client: Client) -> None:
    other = Client(app).get("/sign-in").csrf_token
    client.sign_in("temp", "right")
    client.post("/search", status=400, token=other, surname="Williams")


def test_a_form_sent_from_another_site_is_refused(client: Client) -> None:
    client.get("/sign-in")
    client.post("/sign-in", status=403, username="temp", password="right", site="cross-site")


def test_secret_files_are_for_their_owner_only() -> None:
    for name in ("web.sqlite", "secret.key"):
        assert stat.S_IMODE((published() / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(published().stat().st_mode) == 0o700
