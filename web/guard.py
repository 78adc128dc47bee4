"""The door of every route: who is asking, may they, and is the request one of our own pages' making.

Runs before every view. A route without a rule is refused.
"""

from pathlib import Path

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect

from graph.classes import VisibilityClass
from web import accounts, sessions
from web.audit import slip
from web.permissions import ROLES, Access, may, rule_of
from web.static_files import static_file
from web.viewer import Viewer, web_settings


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login ships no types
    """An account in the shape Flask-Login asks for."""

    def __init__(self, account: accounts.Account) -> None:
        self.id = account.username
        self.account = account


def register_guard(app: Flask) -> None:
    """Put the door in front of every route."""
    login_manager = LoginManager(app)
    login_manager.user_loader(_load)
    app.before_request(_prepare_key)
    CSRFProtect(app)
    app.before_request(_refuse_strangers)
    app.view_functions["static"] = static_file


def sign_in(account: accounts.Account) -> None:
    """Begin a session for the account, under a new id."""
    interface = current_app.session_interface
    assert isinstance(interface, sessions.StoredSessions)
    interface.forget_ended()
    session.clear()
    session["signed_in_at"] = sessions.now()
    login_user(SignedIn(account))
    interface.regenerate(session)


def sign_out() -> None:
    """End the session: its content is removed from the server."""
    logout_user()
    session.clear()


def visibility_of(data: Path, username: str) -> VisibilityClass | None:
    """The class of graph that the holder of an account opens; None where there is no such account any more."""
    account = accounts.find(data, username)
    role = ROLES.get(account.role) if account else None
    return role.visibility if role else None


def _load(username: str) -> SignedIn | None:
    account = accounts.find(web_settings().data, username)
    return SignedIn(account) if account is not None else None


def _prepare_key() -> None:
    if not current_app.secret_key:
        current_app.secret_key = sessions.secret_key(web_settings().data)


def _refuse_strangers() -> ResponseReturnValue | None:
    slip().endpoint = request.endpoint or "no such page"
    if request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        abort(400)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"} and request.method == "POST":
        abort(403)
    if request.endpoint == "static":
        return None
    _note_viewer()
    if request.endpoint is None:
        return None
    rule = rule_of(current_app.view_functions[request.endpoint])
    if rule is Access.ANYONE:
        return None
    if "viewer" not in g:
        return redirect(url_for("sign_in.page"))
    if rule is None or not may(g.viewer.role, rule):
        abort(403)
    return None


def _note_viewer() -> None:
    if not current_user.is_authenticated:
        return
    account = current_user.account
    role = ROLES.get(account.role)
    if role is None:
        return
    who = account.username, account.display_name
    g.viewer = Viewer(*who, role.name, role.visibility, account.worker_ids, account.email)
    mine = slip()
    mine.who, mine.role, mine.visibility = account.username, role.name, role.visibility.value
    mine.journey = web_settings().journey.value
