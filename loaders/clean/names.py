"""Names as supplied, tidied but never rewritten: matching does its own folding elsewhere."""

import re
from functools import lru_cache

# fmt: off
NOT_NAMES = frozenset({
    "UNKNOWN", "NOT KNOWN", "NOTKNOWN", "NOT RECORDED", "NO NAME",
    "N/K", "NK", "N/A", "NA", "TBC", "XXX", "X", "?", "-", ".",
})
# fmt: on
"""Entries for "we do not know"; "Null" and "Baby" are left alone, they are also names."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")
_SEPARATORS = re.compile(r"[;|]|\s/\s|\s*,\s*|\baka\b|\balso known as\b", re.IGNORECASE)


@lru_cache(maxsize=131_072)
def clean_name(text: str) -> str | None:
    """A name with single spaces and plain apostrophes; None where it only says that nobody knows."""
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    name = " ".join(_APOSTROPHES.sub("'", text).split()).strip(",;")
    if not name or name.upper() in NOT_NAMES or not any(map(str.isalpha, name)):
        return None
    return name


def split_aliases(text: str) -> list[str]:
    """The separate names of an alias field such as "Tom Smith; T. Jones"."""
    return [name for part in _SEPARATORS.split(text) if (name := clean_name(part))]


def split_full_name(text: str) -> tuple[str | None, str | None]:
    """(forename, surname) of a whole name: "Ada Mary Byron" or "BYRON, Ada"; one word alone is a surname."""
    before, comma, after = text.partition(",")
    if comma:
        return clean_name(after), clean_name(before)
    words = text.split()
    if len(words) < 2:
        return None, clean_name(text)
    return clean_name(words[0]), clean_name(words[-1])


def unique_names(*groups: list[str], apart_from: str = "") -> list[str]:
    """Names once each, in order, regardless of case, without the one given."""
    seen = {apart_from.casefold()}
    kept = []
    for name in (name for group in groups for name in group):
        if name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return kept


@lru_cache(maxsize=1024)
def sex_code(text: str) -> str:
    """M, F or U: unknown, indeterminate and empty are U."""
    first = text.strip().upper()[:1]
    return {"M": "M", "1": "M", "F": "F", "2": "F"}.get(first, "U")
