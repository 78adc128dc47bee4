"""Accounts: who exists, in which role, with whose caseload; their passwords as argon2 hashes.

Made for the demo and for a council's first evening: councils sign in through their own identity provider later. An
unknown name, a wrong password and a locked account cannot be told apart from outside.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from web.database import database, users

FAILURES_ALLOWED = 5
LOCK_SECONDS = 15 * 60

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's least argon2id cost: demo passwords are long and random, and the check must not exhaust a small server."""


@cache
def _nobody() -> str:
    """Checked where the name is unknown, so that it takes as long as a known one."""
    return HASHER.hash("no account has this password")


@dataclass(frozen=True, slots=True)
class Account:
    """One account, without its password. `worker_ids`: the practitioners whose caseload it sees (Leeds). `email`, where
    known, is one more name by which a source may exclude its holder from somebody.
    """

    username: str
    display_name: str
    role: str
    worker_ids: tuple[str, ...]
    email: str = ""


def find(data: Path, username: str) -> Account | None:
    """The account of that name."""
    row = _row(data, username)
    return _account(row) if row is not None else None


def accounts_called(data: Path) -> Callable[[str], str]:
    """What the holder of each account is called, by user name; the user name where the account is gone."""

    @cache
    def called(username: str) -> str:
        account = find(data, username)
        return account.display_name if account else username

    return called


def save(data: Path, account: Account, password: str) -> None:
    """Create the account or replace it."""
    row = {
        "username": account.username,
        "display_name": account.display_name,
        "role": account.role,
        "worker_ids": json.dumps(account.worker_ids),
        "email": account.email,
        "password_hash": HASHER.hash(password),
        "failures": 0,
        "locked_until": 0.0,
    }
    with database(data).begin() as connection:
        connection.execute(insert(users).values(row).on_conflict_do_update(index_elements=["username"], set_=row))


def remove(data: Path, username: str) -> None:
    """Delete the account: its sessions end at their next request."""
    with database(data).begin() as connection:
        connection.execute(delete(users).where(users.c.username == username))


def check(data: Path, username: str, password: str) -> Account | None:
    """The account, if that is its password and it is not locked. Five failures lock it for a quarter of an hour."""
    row = _row(data, username)
    right = _verified(row.password_hash if row is not None else _nobody(), password)
    if row is None or row.locked_until > time.time():
        return None
    _note(data, row, right)
    return _account(row) if right else None


def _verified(stored: str, password: str) -> bool:
    try:
        return HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


def _note(data: Path, row: Row[tuple[object, ...]], right: bool) -> None:
    failures = 0 if right else row.failures + 1
    locked = time.time() + LOCK_SECONDS if failures >= FAILURES_ALLOWED else 0.0
    values = {"failures": failures % FAILURES_ALLOWED, "locked_until": locked}
    with database(data).begin() as connection:
        connection.execute(update(users).where(users.c.username == row.username).values(values))


def _row(data: Path, username: str) -> Row[tuple[object, ...]] | None:
    with database(data).connect() as connection:
        return connection.execute(select(users).where(users.c.username == username)).first()


def _account(row: Row[tuple[object, ...]]) -> Account:
    return Account(row.username, row.display_name, row.role, tuple(json.loads(row.worker_ids)), row.email)
