"""Signing in and out. A refused attempt never says why; in demo mode a button needs no password."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from web import accounts, audit, demo
from web.guard import sign_in, sign_out
from web.permissions import Access, requires
from web.viewer import signed_in_viewer, web_settings

blueprint = Blueprint("sign_in", __name__)

REFUSED = "Enter a user name and password that belong together. After five wrong tries, wait a quarter of an hour."


@blueprint.get("/sign-in")
@requires(Access.ANYONE)
def page() -> ResponseReturnValue:
    """The sign-in form, with the demo people as buttons in demo mode."""
    if signed_in_viewer() is not None:
        return redirect(url_for("search.page"))
    return _form("")


@blueprint.post("/sign-in")
@requires(Access.ANYONE)
def submit() -> ResponseReturnValue:
    """Check name and password."""
    username = request.form.get("username", "").strip()[:64]
    account = accounts.check(web_settings().data, username, request.form.get("password", "")[:200])
    if account is None:
        known = accounts.find(web_settings().data, username) is not None
        audit.record("sign-in refused", asked={"username": username if known else "(no such account)"}, people=[])
        return _form(REFUSED), 400
    return _welcome(account)


@blueprint.post("/sign-in/demo")
@requires(Access.ANYONE)
def submit_demo() -> ResponseReturnValue:
    """Sign in as a demo person: demo mode only, which only this machine can reach."""
    settings = web_settings()
    names = {row["username"] for row in demo.listed(settings.data)} if settings.demo else set()
    account = accounts.find(settings.data, request.form.get("username", ""))
    if account is None or account.username not in names or not demo.is_loopback(request.remote_addr or ""):
        abort(404)
    return _welcome(account)


@blueprint.post("/sign-out")
@requires(Access.SIGNED_IN)
def leave() -> ResponseReturnValue:
    """End the session."""
    audit.record("sign-out", asked={}, people=[])
    sign_out()
    return redirect(url_for("sign_in.page"), 303)


def _welcome(account: accounts.Account) -> ResponseReturnValue:
    sign_in(account)
    audit.slip().who, audit.slip().role = account.username, account.role
    audit.record("sign-in", asked={}, people=[])
    return redirect(url_for("search.page"), 303)


def _form(problem: str) -> str:
    settings = web_settings()
    people = demo.buttons(settings.data) if settings.demo else []
    return render_template("sign_in.html", problem=problem, people=people)
