"""What stands on every page round its content: council, viewer, where its facts came from, our own files' addresses.

A page says once, at its foot, how fresh each source is, on what basis it is held and with whom it may be shared.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, g, url_for
from jinja2 import PackageLoader, PrefixLoader

from graph.errors import ExplorerError
from web.permissions import ROLES, Permission, may
from web.present.freshness import Source, read_sources
from web.present.rows import listed
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
        "may_review": viewer is not None and may(viewer.role, Permission.REVIEW),
        "known_sources": known_sources() if viewer is not None and not g.get("fail_safe") else None,
    }


def cite(*sources: str) -> str:
    """Remember that this page shows a fact of those sources, and write nothing: the foot of the page names them."""
    g.setdefault("cited", set()).update(sources)
    return ""


@dataclass(frozen=True, slots=True)
class KnownSources:
    """Every source the live build knows: those it read, and those it did not with the reason why."""

    read: tuple[Source, ...]
    absent: Mapping[str, tuple[str, ...]]

    @property
    def cited(self) -> list[Source]:
        """Those that the page has shown a fact of so far."""
        names = g.get("cited", set())
        return [source for source in self.read if source.name in names]

    @property
    def overdue(self) -> str:
        """Titles of those whose newer extract is overdue."""
        return listed(source.title for source in self.read if source.stale)

    @property
    def line(self) -> str:
        """What is read and what is not, in one line."""
        gone = [f"{len(titles)} {reason}" for reason, titles in self.absent.items()]
        return f"Sources of these records: {', '.join([f'{len(self.read)} connected', *gone])}"


def known_sources() -> KnownSources | None:
    """The sources of the live build; None while nothing is published."""
    try:
        as_at = live_build().as_at
        sources = read_sources(build_sources(), as_at, web_settings().stale_days).values()
    except (ExplorerError, OSError):
        return None
    absent: dict[str, list[str]] = {}
    for source in sources:
        if source.absent:
            absent.setdefault(source.absent, []).append(source.title)
    gone = {reason: tuple(sorted(titles)) for reason, titles in absent.items()}
    return KnownSources(tuple(source for source in sources if source.connected), gone)


def asset(name: str) -> str:
    """Address of a file of ours, with its version or its content in it, so that a browser may keep it for ever."""
    if VERSIONED.search(name):
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_digest(str(current_app.static_folder), name))


@cache
def _digest(folder: str, name: str) -> str:
    return hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest()[:12]
