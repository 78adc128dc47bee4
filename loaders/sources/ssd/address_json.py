"""The address of ssd_address, written as JSON by joining strings: a quote inside a value is not escaped.

`The "Old" Mill` makes the text no JSON at all. It is read tolerantly, key by key, and never lost.
"""

import json
import re
from collections.abc import Mapping

KEYS = ("ROOM", "FLOOR", "FLAT", "BUILDING", "HOUSE", "STREET", "TOWN", "UPRN", "EASTING", "NORTHING")
"""The keys of the dataset's own structure; anything else in the text is no part of an address."""

_QUOTED = re.compile(r"""(?:^\s*\{?|,)\s*(["'])([A-Za-z_]{3,})\1\s*:""")
_BARE = re.compile(rf"(?:^\s*\{{?|,)\s*()({'|'.join(KEYS)})\s*:", re.IGNORECASE)
_NULLS = frozenset({"", "null", "NULL", "None"})


def read_address(text: str) -> Mapping[str, str] | None:
    """The parts of an address by key in upper case, those without a value left out; None where the text has no key."""
    strict = _strict(text)
    found = strict if strict is not None else _tolerant(text)
    return None if found is None else {key: value for key, value in found.items() if value not in _NULLS}


def _strict(text: str) -> dict[str, str] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(value, str | int | float | None) for value in found.values()):
        return None
    parts = {key.upper(): "" if value is None else str(value).strip() for key, value in found.items()}
    return {key: value for key, value in parts.items() if key in KEYS} if any(key in KEYS for key in parts) else None


def _tolerant(text: str) -> dict[str, str] | None:
    """Each value is what stands between its key and the next key of any name, without the quotes around it."""
    marks = list(_QUOTED.finditer(text)) or list(_BARE.finditer(text))
    if not any(mark[2].upper() in KEYS for mark in marks):
        return None
    ends = [mark.start() for mark in marks[1:]] + [_end(text)]
    found: dict[str, str] = {}
    for mark, end in zip(marks, ends, strict=True):
        found.setdefault(mark[2].upper(), _bare(text[mark.end() : max(end, mark.end())]))
    return {key: value for key, value in found.items() if key in KEYS}


def _end(text: str) -> int:
    closed = text.rstrip()
    return len(closed) - 1 if closed.endswith("}") else len(text)


def _bare(value: str) -> str:
    tidy = value.strip()
    for quote in "\"'":
        if tidy[:1] == quote:
            return tidy.removeprefix(quote).removesuffix(quote).strip()
    return tidy
