"""What each request asked and whom its page lists, made durable before the first byte leaves.

A view calls `record`; the gate round the whole application holds the finished response back until its record is on
disk, and answers a plain 503 where that fails. Typed search terms belong here, never in logs or URLs.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, request

from graph.errors import StorageFailed
from web.audit_log import AuditLog
from web.headers import plain_page

log = structlog.get_logger("web.audit")

SLIP = "fnx.audit"
UNAUDITED = ("/static/", "/healthz")
"""Paths that show nobody: files of ours, and the health check."""

UNRECORDED = (
    HTTPStatus.SERVICE_UNAVAILABLE,
    "This service is not available at the moment",
    "Nothing can be shown while it cannot be recorded who looked. Your support desk must mend the audit log’s disk.",
)
NOT_MADE = (
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong",
    "Try again; if it happens again, tell your support desk.",
)


@dataclass(slots=True)
class Slip:
    """What one request has to say for itself; filled by the guard and the views, written by the gate."""

    who: str = ""
    role: str = ""
    visibility: str = ""
    journey: str = ""
    build: str = ""
    endpoint: str = ""
    actions: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    people: dict[str, None] = field(default_factory=dict)

    def wanted(self) -> bool:
        """Whether there is anything to write: somebody was signed in, or a view recorded something."""
        return bool(self.who or self.actions)

    def record(self, status: str) -> dict[str, Any]:
        """The record as it is written."""
        return {
            "who": self.who,
            "role": self.role,
            "class": self.visibility,
            "journey": self.journey,
            "action": " + ".join(self.actions) or self.endpoint,
            "asked": self.asked,
            "outcome": status,
            "people": list(self.people),
            "build": self.build,
        }


def slip() -> Slip:
    """The slip of this request."""
    found: Slip = request.environ[SLIP]
    return found


def record(action: str, *, asked: Mapping[str, str], people: Iterable[str]) -> None:
    """Note what was asked and every person the page lists. Several calls in one request add up to one record."""
    mine = slip()
    mine.actions.append(action)
    mine.asked.update(asked)
    mine.people.update(dict.fromkeys(people))


class AuditGate:
    """The outermost layer: the whole response is held in memory until its audit record is durable."""

    def __init__(self, application: Callable[..., Iterable[bytes]], audit_log: Callable[[], AuditLog]) -> None:
        self._application = application
        self._log = audit_log

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO", "").startswith(UNAUDITED):
            environ[SLIP] = Slip()
            return self._application(environ, start_response)
        mine = environ[SLIP] = Slip()
        started: list[Any] = []
        body = self._made(environ, started)
        if mine.wanted() and not self._written(mine.record(started[0])):
            *started, body = plain_page(*UNRECORDED)
        start_response(*started)
        return [body]

    def _made(self, environ: dict[str, Any], started: list[Any]) -> bytes:
        try:
            return self._collected(environ, started)
        except Exception as error:  # noqa: BLE001 - even the error page failed: say so in words of our own
            log.error("no page could be made", error=type(error).__name__)
            *started[:], body = plain_page(*NOT_MADE)
            return body

    def _collected(self, environ: dict[str, Any], started: list[Any]) -> bytes:
        def hold(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            started[:] = [status, headers]

        parts = self._application(environ, hold)
        try:
            return b"".join(parts)
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()

    def _written(self, content: dict[str, Any]) -> bool:
        try:
            self._log().append(content)
        except StorageFailed as error:
            log.error("audit cannot be written: nothing was shown", error=type(error).__name__)
            return False
        return True


def guard_responses(app: Flask) -> None:
    """Put the gate round the application."""

    def audit_log() -> AuditLog:
        found: AuditLog = app.extensions["fnx_audit"]()
        return found

    app.wsgi_app = AuditGate(app.wsgi_app, audit_log)  # type: ignore[method-assign]  # Flask's own way to add a layer
