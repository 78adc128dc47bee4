"""The demo people: one account per role, with random passwords, for an invented council on this machine only.

Refused unless the server is bound to a loopback address: anybody who reaches the page may sign in.
"""

import ipaddress
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from graph.bolt import Reader
from graph.classes import VisibilityClass
from graph.errors import UsageError
from graph.home import owner_only_files, write_json
from graph.live import LiveGraphs
from graph.settings import Settings
from queries.catalogue import ask
from web.accounts import Account, save
from web.present.rows import text, texts

FILE = "demo-users.json"
TOMMY = "249012"
"""Case of the child in the first story: `leeds.one` is the worker whose caseload has it."""

FALLBACK = ("90001", "90002")
"""Workers of the two stories, for a graph whose caseloads do not say better."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One demo account and what its button says."""

    account: Account
    who: str


def refuse_open_demo(settings: Settings) -> None:
    """Raises UsageError where demo accounts would be offered to other machines."""
    if settings.demo and not is_loopback(settings.host):
        raise UsageError(
            "FNX_DEMO=1 works only on this machine: set FNX_HOST to 127.0.0.1, or leave FNX_DEMO out. "
            "Demo accounts need no password of their own."
        )


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be reached from this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def demo_people(one: str, two: str) -> list[DemoPerson]:
    """Every demo person, given the two workers whose caseloads they use."""
    both = (one, two)
    return [
        DemoPerson(
            _account("leeds.one", "Asha Daniels", "social_worker", (one,)),
            "social worker, has Tommy Williams on the caseload",
        ),
        DemoPerson(_account("leeds.two", "Ben Okafor", "social_worker", (two,)), "social worker, another caseload"),
        DemoPerson(_account("manager", "Maria Ellis", "manager", both), "team manager of both social workers"),
        DemoPerson(_account("steward", "Sam Field", "steward", ()), "data steward, no caseload"),
        DemoPerson(
            _account("sensitive", "Ruth Grant", "sensitive", both), "essential staff: sensitive services in full"
        ),
        DemoPerson(_account("shield", "Tom Hale", "shield", both), "shield desk: everything"),
    ]


def _account(username: str, name: str, role: str, workers: tuple[str, ...]) -> Account:
    return Account(username, name, role, workers, f"{name.lower().replace(' ', '.')}@council.example")


def prepare_demo(settings: Settings, live: LiveGraphs) -> None:
    """Create or renew the demo accounts and list them in `demo-users.json`. Passwords stay from run to run."""
    refuse_open_demo(settings)
    caseloads = Caseloads(live.reader(VisibilityClass.STANDARD), settings.cms.value)
    known = {row["username"]: row["password"] for row in listed(settings.data)}
    rows = []
    for person in demo_people(*caseloads.pick()):
        account = person.account
        password = known.get(account.username) or secrets.token_urlsafe(18)
        save(settings.data, account, password)
        rows.append(_row(account, password, caseloads))
    _write(settings.data, rows)


class Caseloads:
    """Whose caseload has which cases, asked only for the workers it is needed of."""

    def __init__(self, reader: Reader, source: str) -> None:
        self._reader = reader
        self._source = source
        self._known: dict[str, list[str]] = {}

    def of(self, worker: str) -> list[str]:
        """The cases of one worker."""
        if worker not in self._known:
            rows = ask(self._reader, "caseload", worker_ids=[worker], sources=[self._source])
            self._known[worker] = sorted({case for row in rows for case in texts(row, "case_ids")})
        return self._known[worker]

    def pick(self) -> tuple[str, str]:
        """The worker who has the child of the first story, and another, with a large caseload, who has not."""
        one = next((worker for worker in self._likely() if TOMMY in self.of(worker)), FALLBACK[0])
        others = (worker for worker in self._likely(FALLBACK[1]) if worker != one)
        two = next((worker for worker in others if self.of(worker) and TOMMY not in self.of(worker)), FALLBACK[1])
        return one, two

    def _likely(self, *first: str) -> Iterator[str]:
        """The workers of the stories, then every other, the fullest caseload first."""
        yield from first or FALLBACK
        sizes = ask(self._reader, "caseload_sizes", sources=[self._source])
        yield from (text(row, "worker_id") or "" for row in sizes)


def listed(data: Path) -> list[dict[str, str]]:
    """The demo people on file; none before the first `prepare_demo`."""
    path = data / FILE
    if not path.exists():
        return []
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _row(account: Account, password: str, caseloads: Caseloads) -> dict[str, object]:
    held = sorted({case for worker in account.worker_ids for case in caseloads.of(worker)})
    return {
        "username": account.username,
        "password": password,
        "role": account.role,
        "email": account.email,
        "worker_id": account.worker_ids[0] if len(account.worker_ids) == 1 else None,
        "worker_ids": list(account.worker_ids),
        "caseload": held,
    }


def _write(data: Path, rows: list[dict[str, object]]) -> None:
    with owner_only_files():
        write_json(data / FILE, rows)


def buttons(data: Path) -> list[DemoPerson]:
    """The demo people that can be signed in as, in the order of the page."""
    names = {row["username"] for row in listed(data)}
    return [person for person in demo_people(*FALLBACK) if person.account.username in names]
