"""Who saw whom is on disk before the page leaves: records, chain, full disks, and a kill in the middle of the load."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask, render_template_string

from graph.errors import StorageFailed
from tests.client import Client, read_records
from tests.fixture_graph import person_id
from tests.published import BUILD, application, demo_user, published
from web.audit_check import verify
from web.audit_log import AuditLog
from web.permissions import Permission, requires

TOMMY = person_id("mosaic:249012")
FIELDS = {"seq", "at", "who", "role", "class", "journey", "action", "asked", "outcome", "people", "build", "previous",
          "digest"}  # fmt: skip


@pytest.fixture
def app() -> Flask:
    return application()


@pytest.fixture
def client(app: Flask) -> Client:
    client = Client(app)
    client.sign_in("leeds.one")
    return client


def test_a_search_is_recorded_with_who_what_and_everybody_listed(client: Client) -> None:
    client.get("/search")
    client.post("/search", status=303, surname="Wiliams", forename="Tom", dob_day="12", dob_month="5", dob_year="2012")
    page = client.follow()
    last = client.records()[-1]
    assert set(last) == FIELDS
    assert (last["who"], last["role"], last["class"], last["journey"]) == (
        "leeds.one",
        "social_worker",
        "standard",
        "leeds",
    )
    assert last["asked"] == {
        "surname": "Wiliams",
        "forename": "Tom",
        "dob_day": "12",
        "dob_month": "5",
        "dob_year": "2012",
    }
    assert set(last["people"]) == page.person_ids == {TOMMY}
    assert last["outcome"] == "200 OK"
    assert last["build"] == BUILD
    assert last["at"].endswith("+00:00")


def test_the_caseload_shown_is_the_caseload_recorded(client: Client) -> None:
    page = client.get("/search")
    assert set(client.records()[-1]["people"]) == page.person_ids
    assert len(page.person_ids) == 3


def test_one_record_for_each_page_searches_that_find_nobody_too(client: Client) -> None:
    before = len(client.records())
    client.get("/search")
    client.post("/search", status=303, case_id="0")
    client.follow()
    client.get("/person/unknown", status=404)
    new = client.records()[before:]
    assert [one["outcome"] for one in new] == ["200 OK", "303 SEE OTHER", "200 OK", "404 NOT FOUND"]
    assert [one["people"] for one in new[1:]] == [[], [], []]


def test_signing_in_being_refused_and_signing_out_are_recorded(app: Flask) -> None:
    client = Client(app)
    client.get("/sign-in")
    client.post("/sign-in", status=400, username="leeds.two", password="x")
    client.post("/sign-in", status=400, username="hunter2", password="x")
    client.sign_in("leeds.two", demo_user("leeds.two")["password"])
    client.follow()
    client.post("/sign-out", status=303)
    told = [(one["action"], one["who"], one["asked"]) for one in client.records()[-5:]]
    assert told == [
        ("sign-in refused", "", {"username": "leeds.two"}),
        ("sign-in refused", "", {"username": "(no such account)"}),
        ("sign-in", "leeds.two", {}),
        ("caseload", "leeds.two", {}),
        ("sign-out", "leeds.two", {}),
    ]


def test_nothing_typed_is_in_a_url_or_a_log(client: Client, capfd: pytest.CaptureFixture[str]) -> None:
    client.get("/search")
    client.post("/search", status=303, surname="Zzyzx", forename="Tom", dob_day="12", dob_month="5", dob_year="2012")
    assert "Zzyzx" not in client.location
    client.follow()
    client.get("/search/change")
    client.get("/no/such/Zzyzx", status=404)
    written = "".join(capfd.readouterr())
    assert "Zzyzx" not in written
    assert any("Zzyzx" in one["asked"].values() for one in client.records())


def test_whatever_is_typed_stays_one_line(client: Client) -> None:
    client.get("/search")
    client.post("/search", status=303, case_id='1"}\n{"seq":1}\r\u2028\x1b[31m\x00')
    assert verify(client.audit_folder).fault == ""
    assert "\x1b" not in client.records()[-1]["asked"]["case_id"]


def test_a_view_that_lists_somebody_it_did_not_record_is_caught(app: Flask) -> None:
    @requires(Permission.SEARCH)
    def leaky() -> str:
        return render_template_string(
            "{% extends 'base.html' %}{% block title %}T{% endblock %}"
            "{% block content %}<h1 data-person-id='x1'>H</h1>{% endblock %}"
        )

    app.add_url_rule("/leaky", "leaky", leaky)
    client = Client(app)
    client.sign_in("leeds.one")
    with pytest.raises(AssertionError, match="not in its audit record"):
        client.get("/leaky")


# --- The log itself --------------------------------------------------------------------------------------------------


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    log = AuditLog(tmp_path)
    for number in range(6):
        log.append({"who": "leeds.one", "people": [f"p{number}"]})
    return next(tmp_path.glob("*.jsonl"))


def edited(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"p2", b"p9"), *lines[3:]]


TAMPERED: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int]] = {
    "edit": (edited, 3),
    "edit of the last": (lambda lines: [*lines[:5], lines[5].replace(b"p5", b"p9")], 6),
    "deletion": (lambda lines: [*lines[:2], *lines[3:]], 3),
    "deletion of the first": (lambda lines: lines[1:], 1),
    "insertion": (lambda lines: [*lines[:3], lines[1], *lines[3:]], 4),
    "swap": (lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], 2),
    "cut": (lambda lines: [*lines[:5], lines[5][:40]], 6),
    "not a record": (lambda lines: [*lines[:4], b"[]\n", *lines[5:]], 5),
    "spaces": (lambda lines: [lines[0].replace(b",", b", "), *lines[1:]], 1),
}


@pytest.mark.parametrize("attack", TAMPERED)
def test_tampering_is_found_at_its_line(segment: Path, attack: str) -> None:
    assert verify(segment.parent).fault == ""
    change, line = TAMPERED[attack]
    segment.write_bytes(b"".join(change(segment.read_bytes().splitlines(keepends=True))))
    assert verify(segment.parent).fault.startswith(f"{segment.name}:{line}: ")


def test_the_command_says_so_and_exits_1(segment: Path, tmp_path: Path) -> None:
    app = application(data=tmp_path, demo=False)
    folder = tmp_path / "audit"
    folder.mkdir()
    segment.rename(folder / segment.name)
    from web.commands import commands

    for command in commands:
        app.cli.add_command(command)
    fine = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (fine.exit_code, fine.output) == (0, "6 records in 1 files: no fault found.\n")
    moved = folder / segment.name
    moved.write_bytes(b"".join(edited(moved.read_bytes().splitlines(keepends=True))))
    bad = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert (bad.exit_code, bad.output) == (1, f"{segment.name}:3: the record was changed\n")


def test_segments_are_for_their_owner_only(segment: Path) -> None:
    assert segment.stat().st_mode & 0o777 == 0o600


def test_an_unfinished_record_of_a_dead_process_is_set_aside(segment: Path, tmp_path: Path) -> None:
    whole = segment.read_bytes()
    fork = subprocess.run(
        [sys.executable, "-c", "import sys; open(sys.argv[1], 'ab').write(b'{\"seq\"')", str(segment)], check=True
    )
    assert fork.returncode == 0
    assert "cut off" in verify(tmp_path).fault
    os.rename(segment, tmp_path / "0-dead.jsonl")  # its own process (this one) still holds the old handle's lock
    copy = tmp_path / "1-dead.jsonl"
    copy.write_bytes((tmp_path / "0-dead.jsonl").read_bytes())
    (tmp_path / "0-dead.jsonl").unlink()
    AuditLog(tmp_path).append({"people": []})
    assert copy.read_bytes() == whole
    assert copy.with_suffix(".torn").read_bytes() == b'{"seq"'
    assert verify(tmp_path).fault == ""
    fresh = next(path for path in tmp_path.glob("*.jsonl") if path != copy)
    assert [one.get("asked") for one in read_records(fresh)] == [{"segment": "1-dead.jsonl"}, None]


# --- Disks that fail -------------------------------------------------------------------------------------------------


class FullDisk(AuditLog):
    """A log whose segment lies on a disk without room: the kernel answers ENOSPC."""

    def create(self, segment: Path) -> int:
        return os.open("/dev/full", os.O_WRONLY)


class NoSync(AuditLog):
    """A log whose file takes bytes and cannot be made durable: the kernel refuses fdatasync on a pipe."""

    def create(self, segment: Path) -> int:
        self.reading, writing = os.pipe()
        return writing


@pytest.mark.parametrize("kind", [FullDisk, NoSync])
def test_when_the_audit_cannot_be_written_nothing_is_shown(app: Flask, tmp_path: Path, kind: type[AuditLog]) -> None:
    client = Client(app)
    client.sign_in("leeds.one")
    assert "Tommy" in client.get("/search").text
    broken = kind(tmp_path)
    app.extensions["fnx_audit"] = lambda: broken
    for _ in range(3):
        page = client.get("/search", status=503)
        assert not re.search("Tommy|Williams|Reed|Daniels", page.body)
        assert page.person_ids == set()
    assert "audit" in client.raw("GET", "/healthz").get_data(as_text=True)
    assert client.raw("GET", "/healthz").status_code == 503


def test_a_folder_that_cannot_be_made_shows_nothing_either(app: Flask, tmp_path: Path) -> None:
    client = Client(app)
    client.sign_in("leeds.one")
    (tmp_path / "audit").write_text("a file where the folder should be")
    app.extensions["fnx_audit"] = lambda: AuditLog(tmp_path / "audit")
    assert "Tommy" not in client.get("/search", status=503).body


def test_signing_in_needs_the_audit_too(app: Flask, tmp_path: Path) -> None:
    client = Client(app)
    client.get("/sign-in")
    app.extensions["fnx_audit"] = lambda: FullDisk(tmp_path)
    client.post("/sign-in/demo", status=503, username="leeds.one")
    assert client.last is not None
    assert "Set-Cookie" not in client.last.headers


def test_a_broken_log_is_never_tried_again(tmp_path: Path) -> None:
    log = FullDisk(tmp_path)
    with pytest.raises(StorageFailed, match="No space left"):
        log.append({"people": []})
    with pytest.raises(StorageFailed, match="start the server again"):
        log.append({"people": []})
    assert log.broken


# --- Killed in the middle --------------------------------------------------------------------------------------------


class Reader(threading.Thread):
    """A browser that reads pages as fast as it can and remembers which it saw whole."""

    def __init__(self, port: int, name: str, cookie: str, token: str) -> None:
        super().__init__(daemon=True)
        self._port, self._nonce, self._cookie, self._token = port, name, cookie, token
        self.shown: list[str] = []

    def run(self) -> None:
        for number in range(10_000):
            nonce = f"{self._nonce}x{number}x"
            try:
                status, body, _ = sent(self._port, "/search", self._cookie, csrf_token=self._token, surname=nonce)
            except (OSError, http.client.HTTPException):
                return
            if status == 400 and nonce in body and "Tommy" in body:
                self.shown.append(nonce)


def sent(port: int, path: str, cookie: str, **fields: str) -> tuple[int, str, str]:
    """One request: status, body and session cookie."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    head = {"Cookie": f"fnx={cookie}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST" if fields else "GET", path, urlencode(fields) if fields else None, head)
    answer = connection.getresponse()
    body = answer.read().decode()
    found = re.search(r"fnx=([^;]+)", answer.headers.get("Set-Cookie", ""))
    connection.close()
    return answer.status, body, found.group(1) if found else cookie


def killed_under_load(mode: str, trial: int) -> Iterator[str]:
    """Pages a reader saw and no audit record tells of, after the server was killed under eight readers."""
    command = [sys.executable, "-m", "tests.audited_server", str(published()), mode]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        port = int(server.stdout.readline())
        _, body, cookie = sent(port, "/sign-in", "")
        token = json.loads(json.dumps(re.search(r'name="csrf_token" value="([^"]+)"', body)[1]))  # type: ignore[index]
        _, _, cookie = sent(port, "/sign-in/demo", cookie, csrf_token=token, username="leeds.one")
        _, body, cookie = sent(port, "/search", cookie)
        token = re.search(r'name="csrf_token" value="([^"]+)"', body)[1]  # type: ignore[index]
        readers = [Reader(port, f"{mode}{trial}n{number}", cookie, token) for number in range(8)]
        for reader in readers:
            reader.start()
        end = time.monotonic() + 20
        while sum(len(reader.shown) for reader in readers) < 24 and time.monotonic() < end:
            time.sleep(0.01)
        server.send_signal(signal.SIGKILL)
        for reader in readers:
            reader.join()
    shown = {nonce for reader in readers for nonce in reader.shown}
    assert len(shown) >= 24
    recorded = {one["asked"].get("surname") for one in complete_records()}
    yield from sorted(shown - recorded)


def complete_records() -> Iterator[dict[str, dict[str, str]]]:
    for path in (published() / "audit").glob("*.jsonl"):
        for line in path.read_bytes().split(b"\n")[:-1]:
            yield json.loads(line)


TRIALS = 5


def test_no_page_was_seen_that_is_not_in_the_audit_when_the_server_is_killed() -> None:
    for trial in range(TRIALS):
        assert list(killed_under_load("ahead", trial)) == []


def test_the_kill_test_sees_an_audit_written_after_the_page() -> None:
    assert any(list(killed_under_load("after", trial)) for trial in range(TRIALS))
