"""Pages, sign-in, permissions and audit. Knows nothing of the loaders."""

from datetime import timedelta
from functools import cache
from typing import Any

from flask import Flask
from jinja2 import ChoiceLoader, PackageLoader

from graph.live import LiveGraphs
from graph.settings import Settings
from web.audit import guard_responses
from web.audit_log import AuditLog
from web.demo import is_loopback, refuse_open_demo
from web.errors import register_errors
from web.frame import COMPONENTS, asset, cite, frame
from web.guard import register_guard
from web.headers import register_headers
from web.logs import configure_logs
from web.present.freshness import printed
from web.sessions import ABSOLUTE, StoredSessions
from web.views import health, network, person, records, review, search, sign_in, start

LARGEST_REQUEST = 64 * 1024
"""Bytes a request may have: every form of ours is far smaller."""


def register(app: Flask, settings: Settings) -> None:
    """Make `app` the explorer's web application. Opens no file and no graph before the first request.

    Raises UsageError where demo accounts would be open to other machines.
    """
    refuse_open_demo(settings)
    configure_logs()
    app.config.update(_configuration(settings))
    app.extensions["fnx"] = LiveGraphs(settings)
    app.extensions["fnx_settings"] = settings
    app.extensions["fnx_audit"] = cache(lambda: AuditLog(settings.data / "audit"))
    app.session_interface = StoredSessions(app, settings.data)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_loader = ChoiceLoader([PackageLoader("web"), COMPONENTS])
    app.context_processor(frame)
    app.add_template_global(asset, "asset")
    app.add_template_global(cite, "cite")
    app.add_template_filter(printed, "printed")
    guard_responses(app)
    register_headers(app)
    register_errors(app)
    register_guard(app)
    for view in (start, sign_in, search, person, records, network, review, health):
        app.register_blueprint(view.blueprint)


def _configuration(settings: Settings) -> dict[str, Any]:
    """Flask's settings. On loopback the cookie goes over plain HTTP; anywhere else only over HTTPS.

    On loopback no other name is answered: a page of another site could otherwise reach us under its own name.
    """
    secure = not is_loopback(settings.host)
    return {
        "SESSION_COOKIE_NAME": "__Host-fnx" if secure else "fnx",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": True,
        "PERMANENT_SESSION_LIFETIME": ABSOLUTE,
        "TRUSTED_HOSTS": None if secure else ["localhost", "127.0.0.1", "[::1]", settings.host],
        "MAX_CONTENT_LENGTH": LARGEST_REQUEST,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(days=365),
        "WTF_CSRF_TIME_LIMIT": None,  # the token lives as long as the session
        "WTF_CSRF_SSL_STRICT": False,  # it wants a Referer, which Referrer-Policy: no-referrer forbids
        "TESTING": False,
    }
