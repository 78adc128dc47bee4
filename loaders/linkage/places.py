"""Addresses made comparable: words, house number with street, house number with postcode.

Pure functions over text, driven by addresses.yaml of loaders/clean. Nothing here decides whether two people are the
same.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from loaders.clean.homes import address_words, folded

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


def postcode_key(text: str | None) -> str | None:
    """A postcode as capital letters and digits without spaces; null when nothing is left of it."""
    kept = re.sub(r"[^A-Z0-9]", "", (text or "").upper())
    return kept if len(kept) > 2 and any(sign.isdigit() for sign in kept) and len(set(kept)) > 1 else None


@lru_cache(maxsize=1 << 18)
def place(text: str | None, postcode: str | None) -> Place:
    """The comparable parts of one address line and postcode."""
    code = postcode_key(postcode)
    line = _GLUED.sub("", folded(text or ""))
    table = address_words()
    found = [table.same.get(word, word) for word in _WORD.findall(line)]
    if " ".join(found) in table.nothing:
        found = []
    numbers = [word for word in found if _NUMBER.match(word)]
    names = [word for word in found if not _NUMBER.match(word) and word not in table.ignored]
    number = "-".join(numbers[:2])
    street = f"{number}|{names[0]}" if number and names else None
    return Place(tuple(dict.fromkeys(numbers + names)), street, f"{code}|{number}" if code and number else None, code)
