"""The embedded engine's users and groups files: one administrator, and one reader for each visibility class.

The engine reads them again within seconds of a change. Passwords are stored as the engine's own kind of hash; nothing
here talks to the engine.
"""

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.bolt import Credentials
from graph.classes import VisibilityClass

ADMIN = "root"  # the name the engine insists on
_ROUNDS = 65_536

_EVERYTHING = ("createRecord", "readRecord", "updateRecord", "deleteRecord")


def _group(access: Sequence[str], records: Sequence[str]) -> dict[str, object]:
    # No `resultSetLimit`, ever: with 1,000 the engine cut rows inside a query and a count came back wrong.
    return {"resultSetLimit": -1, "readTimeout": -1, "access": list(access), "types": {"*": {"access": list(records)}}}


_GROUPS = {
    "admin": _group(("updateSecurity", "updateSchema", "updateDatabaseSettings"), _EVERYTHING),
    "reader": _group((), ("readRecord",)),
    "*": _group((), ()),
}


def new_credentials() -> tuple[Credentials, dict[VisibilityClass, Credentials]]:
    """Fresh random passwords for the administrator and for each class's reader."""
    admin = Credentials(ADMIN, secrets.token_urlsafe(32))
    return admin, {cls: Credentials(reader_name(cls), secrets.token_urlsafe(32)) for cls in VisibilityClass}


def reader_name(cls: VisibilityClass) -> str:
    """The user name of a class's reader."""
    return f"reader_{cls}"


def write_groups(config: Path) -> None:
    """Write the groups file: a reader reads records and does nothing else; nobody else does anything."""
    write_private(config / "server-groups.json", json.dumps({"databases": {"*": {"groups": _GROUPS}}, "version": 2}))


def write_users(
    config: Path,
    admin: Credentials,
    readers: Mapping[VisibilityClass, Credentials],
    databases: Mapping[VisibilityClass, Sequence[str]],
) -> None:
    """Write the users file in one step. A reader may open the databases named for its class and no other."""
    users = [_user(admin, {"*": ["admin"]})]
    users += [_user(who, {name: ["reader"] for name in databases.get(cls, ())}) for cls, who in readers.items()]
    write_private(config / "server-users.jsonl", "".join(f"{json.dumps(user)}\n" for user in users))


def granted(config: Path) -> dict[VisibilityClass, list[str]]:
    """Which databases each class's reader may open, by the users file as it stands."""
    users = {user["name"]: list(user["databases"]) for user in _users(config)}
    return {cls: users.get(reader_name(cls), []) for cls in VisibilityClass}


def change_granted(config: Path, databases: Mapping[VisibilityClass, Sequence[str]]) -> None:
    """Let readers open these databases and no other, in one step.

    All else stays to the byte: the engine refuses the open connections of a user whose hash changed.
    """
    by_name: dict[str, dict[str, list[str]]] = {
        reader_name(cls): {name: ["reader"] for name in databases.get(cls, ())} for cls in VisibilityClass
    }
    users = [user | {"databases": by_name.get(user["name"], user["databases"])} for user in _users(config)]
    write_private(config / "server-users.jsonl", "".join(f"{json.dumps(user)}\n" for user in users))


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; only its owner can read it, from its first byte on."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(path)


def _users(config: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = (config / "server-users.jsonl").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    for line in lines:
        yield json.loads(line)


def _user(who: Credentials, databases: Mapping[str, Sequence[str]]) -> dict[str, object]:
    return {"name": who.user, "databases": dict(databases), "password": _hashed(who.password)}


def _hashed(password: str) -> str:
    salt = base64.b64encode(secrets.token_bytes(32)).decode()
    # The engine hashes with the salt's text, not with the bytes it encodes.
    digest = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ROUNDS, 32)
    return f"PBKDF2WithHmacSHA256${_ROUNDS}${salt}${base64.b64encode(digest).decode()}"
