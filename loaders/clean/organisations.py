"""Organisations that sources only name: a key made from the name, and the kind of place the name says it is."""

import re
from functools import lru_cache

_KINDS = (
    ("school", re.compile(r"\b(school|academy|college|nursery)\b", re.IGNORECASE)),
    (
        "GP practice",
        re.compile(
            r"\b(surgery|medical (?:centre|practice)|gp practice|health centre|group practice)\b", re.IGNORECASE
        ),
    ),
    ("housing association", re.compile(r"\b(housing|homes)\b", re.IGNORECASE)),
    ("police area", re.compile(r"\b(police|constabulary)\b", re.IGNORECASE)),
)


@lru_cache(maxsize=8192)
def organisation_key(name: str) -> str:
    """A key made from the name alone, so that one organisation is one row."""
    return "-".join(re.findall(r"[a-z0-9]+", name.casefold().replace("'", "")))


@lru_cache(maxsize=8192)
def organisation_kind(name: str) -> str:
    """school, GP practice, housing association, police area or other, by the words of the name."""
    return next((kind for kind, pattern in _KINDS if pattern.search(name)), "other")
