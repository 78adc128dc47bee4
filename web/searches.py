"""Searches a session remembers, and who fits them. What was typed stays in the user's own session."""

import secrets

from flask import session

from graph.search import Results, rank
from graph.settings import Journey
from web import forms
from web.caseload import records
from web.viewer import Viewer, web_settings

KEPT = 10
"""How many searches a session remembers, so that several tabs can be open."""


def find(viewer: Viewer, form: forms.SearchForm) -> Results:
    """Leeds searches the caseload and nothing else: nobody off it can be told from nobody at all."""
    if form.query is None:
        return Results((), False)
    if leeds():
        return rank(form.query, records(viewer))
    return viewer.index().search(form.query, excluded=viewer.excluded())


def leeds() -> bool:
    """Whether only the caseload can be searched."""
    return web_settings().journey is Journey.LEEDS


def kept() -> dict[str, dict[str, str]]:
    """What was typed in each search remembered, by its id, the latest last."""
    found: dict[str, dict[str, str]] = session.get("searches", {})
    return found


def last_typed() -> dict[str, str]:
    """What was typed last; nothing before the first search."""
    return next(reversed(kept().values()), {})


def keep(typed: dict[str, str]) -> str:
    """Remember what was typed; its id."""
    token = secrets.token_urlsafe(12)
    session["searches"] = dict([*kept().items(), (token, typed)][-KEPT:])
    return token
