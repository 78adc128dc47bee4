"""Organisations that sources only name: a key made from the name, and the kind of place the name says it is, by the
words of `organisations.yaml`.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from anyascii import anyascii

from loaders.clean import wordlists
from loaders.clean.wordlists import BadTable, Table

_WHERE = "loaders/clean/organisations.yaml"
_ALPHANUMERIC = re.compile(r"[a-z0-9]+")

Kinds = tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=8192)
def organisation_key(name: str) -> str:
    """A key made from the name alone, so that one organisation is one row: in Latin letters, whatever its script, so
    that no two names are left without any.
    """
    return "-".join(_ALPHANUMERIC.findall(anyascii(name).casefold().replace("'", "")))


@lru_cache(maxsize=8192)
def organisation_kind(name: str) -> str:
    """school, GP practice, housing association, police area or other, by the words of the name."""
    return next((kind for kind, pattern in _kinds() if pattern.search(name)), "other")


@cache
def _kinds() -> Kinds:
    return build(wordlists.read("organisations"))


def build(table: Table) -> Kinds:
    """Each kind with the pattern of its words, in order. Raises BadTable."""
    return tuple(_patterns(wordlists.part(table, "kinds", "organisations")))


def _patterns(rows: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    for row in rows if isinstance(rows, list) else [rows]:
        match row:
            case [str(kind), [*words]]:
                listed = wordlists.texts(words, f"{_WHERE} kinds {kind}")
                yield kind, re.compile(rf"\b(?:{'|'.join(map(re.escape, listed))})\b", re.IGNORECASE)
            case _:
                raise BadTable(f"{_WHERE} kinds: each is [the kind, [its words]].")
