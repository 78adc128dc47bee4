"""What stands on every page round its content: council, viewer, freshness of the data, and our own files' addresses."""

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, g, url_for
from jinja2 import PackageLoader, PrefixLoader

from graph.errors import ExplorerError
from web.permissions import ROLES
from web.present.freshness import Source, read_sources
from web.viewer import build_sources, live_build, signed_in_viewer, web_settings

COMPONENTS = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
"""The GOV.UK Frontend templates, under the names they call each other by."""

VERSIONED = re.compile(r"-\d+\.\d+\.\d+/")
"""A vendored folder has the version in its name; modules call each other by it."""


def frame() -> dict[str, Any]:
    """Template variables of the frame. On an error page nothing outside is asked."""
    viewer = signed_in_viewer()
    settings = web_settings()
    return {
        "council_line": settings.council_name,
        "viewer": viewer,
        "role_title": ROLES[viewer.role].title if viewer is not None else "",
        "freshness": freshness() if viewer is not None and not g.get("fail_safe") else "",
    }


def freshness() -> str:
    """One line that says how fresh each connected source is; empty while nothing is published."""
    try:
        as_at = live_build().as_at
        sources = read_sources(build_sources(), as_at, web_settings().stale_days)
    except (ExplorerError, OSError):
        return ""
    return " ".join(_fresh(source) for source in sources.values())


def _fresh(source: Source) -> str:
    if not source.connected:
        return f"{source.title}: not connected."
    overdue = ", a newer extract is overdue" if source.stale else ""
    return f"{source.title}: extracted {source.extracted}, arrives {source.frequency}{overdue}."


def asset(name: str) -> str:
    """Address of a file of ours, with its version or its content in it, so that a browser may keep it for ever."""
    if VERSIONED.search(name):
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_digest(str(current_app.static_folder), name))


@cache
def _digest(folder: str, name: str) -> str:
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]
