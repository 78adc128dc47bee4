"""Sessions kept on the server: a random id in the cookie, everything else in the database under that id's hash.

They end after 15 minutes without a request and after 12 hours at the latest, and get a new id at sign-in.
"""

import hashlib
import json
import os
import secrets
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Request
from flask_session.base import Serializer, ServerSideSession, ServerSideSessionInterface
from sqlalchemy import delete, insert, select, update

from graph.errors import StorageFailed
from graph.home import DataHome
from web.database import database, sessions

IDLE = timedelta(minutes=15)
"""Longest time between two requests of a session."""

ABSOLUTE = timedelta(hours=12)
"""Longest time from sign-in to the end of a session."""


def now() -> float:
    """Seconds since 1970, as sessions count them."""
    return time.time()


class JsonSessions(Serializer):  # type: ignore[misc]  # Flask-Session ships no types
    """Sessions as JSON: reading one can run no code."""

    def encode(self, session: ServerSideSession) -> bytes:
        """The session as bytes."""
        return json.dumps(dict(session)).encode()

    def decode(self, serialized_data: bytes) -> dict[str, Any]:
        """The bytes as a session."""
        content: dict[str, Any] = json.loads(serialized_data)
        return content


class StoredSessions(ServerSideSessionInterface):  # type: ignore[misc]  # as above
    """Flask-Session over the database of the data folder."""

    def __init__(self, app: Flask, data: Path) -> None:
        super().__init__(app, key_prefix="", permanent=False, sid_length=32)
        self.serializer = JsonSessions()
        self._data = data

    def regenerate(self, session: ServerSideSession) -> None:
        """Give the session a new id; the old one is dead."""
        super().regenerate(session)
        session.stored = False

    def open_session(self, app: Flask, request: Request) -> ServerSideSession:
        """The session of the request's cookie, or a new one."""
        session = super().open_session(app, request)
        session.stored = bool(session)
        return session

    def _retrieve_session_data(self, store_id: str) -> dict[str, Any] | None:
        wanted = select(sessions.c.content).where(sessions.c.key == _hashed(store_id), sessions.c.expires > time.time())
        with database(self._data).connect() as connection:
            content = connection.execute(wanted).scalar()
        return self.serializer.decode(content) if content is not None else None

    def _delete_session(self, store_id: str) -> None:
        with database(self._data).begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.key == _hashed(store_id)))

    def _upsert_session(self, session_lifetime: timedelta, session: ServerSideSession, store_id: str) -> None:
        """Write what changed. A stored session is never made anew: signed out in another tab, it stays ended."""
        now = time.time()
        latest = session.get("signed_in_at", now) + ABSOLUTE.total_seconds()
        row: dict[str, Any] = {"expires": min(now + IDLE.total_seconds(), latest)}
        if session.modified:
            row["content"] = self.serializer.encode(session)
        key = _hashed(store_id)
        stored = update(sessions).where(sessions.c.key == key).values(row)
        change = stored if session.stored else insert(sessions).values(key=key, **row)
        with database(self._data).begin() as connection:
            connection.execute(change)

    def forget_ended(self) -> None:
        """Remove every session whose time is over."""
        with database(self._data).begin() as connection:
            connection.execute(delete(sessions).where(sessions.c.expires <= time.time()))


def _hashed(store_id: str) -> str:
    return hashlib.sha256(store_id.encode()).hexdigest()


def secret_key(data: Path) -> str:
    """The key that signs form tokens, made once per data folder and readable by its owner only."""
    DataHome(data).prepare()
    path = data / "secret.key"
    try:
        return _existing_or_new(path)
    except OSError as error:
        raise StorageFailed(f"{path} cannot be read or written ({error.strerror}).") from error


def _existing_or_new(path: Path) -> str:
    fresh = path.with_name(f".secret-{secrets.token_hex(4)}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # fails where another worker was first: its key is the one
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8")
