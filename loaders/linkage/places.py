"""Addresses made comparable: words, house number with street, house number with postcode.

Pure functions over text, driven by addresses.toml. Nothing here decides whether two people are the same.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from anyascii import anyascii

_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"^\d+[a-z]?$")
_GLUED = re.compile(r"(?<=\d)\s+(?=[a-z]\b)")


@dataclass(frozen=True, slots=True)
class Place:
    """What one address offers for comparing. `numbers` joins every number in order, so flat 2 at 14 is "2-14"."""

    words: tuple[str, ...] = ()
    street_key: str | None = None
    place_key: str | None = None
    postcode: str | None = None


@cache
def _data() -> dict[str, list[list[str]]]:
    return tomllib.loads(resources.files(__package__).joinpath("addresses.toml").read_text(encoding="utf-8"))


@cache
def _same_word() -> dict[str, str]:
    return {word: group[0] for group in _data()["same_word"] for word in group}


@cache
def _words_of(key: str) -> frozenset[str]:
    return frozenset(str(word) for word in _data()[key])


def postcode_key(text: str | None) -> str | None:
    """A postcode as capital letters and digits without spaces; null when nothing is left of it."""
    kept = re.sub(r"[^A-Z0-9]", "", (text or "").upper())
    return kept if len(kept) > 2 and any(sign.isdigit() for sign in kept) and len(set(kept)) > 1 else None


@lru_cache(maxsize=1 << 18)
def place(text: str | None, postcode: str | None) -> Place:
    """The comparable parts of one address line and postcode."""
    code = postcode_key(postcode)
    line = _GLUED.sub("", anyascii(text or "").lower().replace("'", ""))
    found = [_same_word().get(word, word) for word in _WORD.findall(line)]
    if " ".join(found) in _words_of("placeholders"):
        found = []
    numbers = [word for word in found if _NUMBER.match(word)]
    names = [word for word in found if not _NUMBER.match(word) and word not in _words_of("ignored")]
    number = "-".join(numbers[:2])
    street = f"{number}|{names[0]}" if number and names else None
    return Place(tuple(dict.fromkeys(numbers + names)), street, f"{code}|{number}" if code and number else None, code)
