"""Names, addresses and ids reduced to plain lower-case tokens, the same way when indexed and when typed.

Everything typed is cut and stripped here before any other code sees it, so that no character has a special meaning
further on. Nothing here compares or scores.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii
from doublemetaphone import doublemetaphone

FIELD_CHARACTERS = 100
"""Longest text read of any one field; the rest is dropped before folding."""

TYPED_TOKENS = 4
"""Most tokens searched of a typed name. Six let a repeated word take 132 ms at a million people."""

ADDRESS_TOKENS = 6
STORED_TOKENS = 12

_APOSTROPHES = str.maketrans("", "", "'’‘ʼʻ`´′＇")
_WORDS = re.compile(r"[a-z0-9]+")
_FULL_POSTCODE = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?[0-9][a-z]{2}")
_PART_POSTCODE = re.compile(r"[a-z]{1,2}[0-9][a-z0-9]?[0-9]?")
_POSTCODE_IN_ADDRESS = re.compile(r"\b([a-z]{1,2}[0-9][a-z0-9]?) ?([0-9][a-z]{2})\b")
_STREET_WORDS = {
    "rd": "road", "st": "street", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive", "cl": "close",
    "ct": "court", "cres": "crescent", "gdns": "gardens", "pl": "place", "sq": "square", "tce": "terrace",
    "terr": "terrace", "gr": "grove", "apartment": "flat", "apt": "flat",
}  # fmt: skip


def plain(text: str) -> str:
    """The text in lower-case ASCII letters, digits and single spaces.

    Only letters, marks and numbers reach the romaniser: it would turn a picture into a word ("grinning").
    """
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in text[:FIELD_CHARACTERS].translate(_APOSTROPHES))
    return " ".join(_WORDS.findall(anyascii("".join(kept)).replace("'", "").lower()))


def words(text: str, most: int = STORED_TOKENS) -> tuple[str, ...]:
    """The tokens of a text, at most so many."""
    return tuple(plain(text).split()[:most])


def joined_pairs(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Each token joined to the next, as `oneill` for O Neill."""
    return tuple(a + b for a, b in pairwise(tokens))


@lru_cache(maxsize=65_536)
def surname_tokens(surname: str) -> tuple[str, ...]:
    """What a stored surname can be found by: its words, each neighbouring pair joined, and all of them joined."""
    tokens = words(surname)
    return tokens + joined_pairs(tokens) + (("".join(tokens),) if len(tokens) > 2 else ())


@lru_cache(maxsize=65_536)
def forename_tokens(forename: str) -> tuple[str, ...]:
    """What stored forenames can be found by: their words, and the parts around a hyphen joined.

    Neighbours are joined only at a hyphen: joining middle names too makes half as many tokens again.
    """
    hyphened = (joined_pairs(words(word)) for word in forename[:FIELD_CHARACTERS].split() if "-" in word)
    return words(forename) + tuple(pair for pairs in hyphened for pair in pairs)


@lru_cache(maxsize=65_536)
def sound_keys(token: str) -> frozenset[str]:
    """How a token sounds (double metaphone, either key). Empty for digits, and for the key all vowels share."""
    return frozenset(key for key in doublemetaphone(token) if key and key != "A")


@lru_cache(maxsize=65_536)
def address_tokens(line: str) -> tuple[str, ...]:
    """The words of an address line, common abbreviations of streets written out."""
    return tuple(_STREET_WORDS.get(word, word) for word in words(line))


def identifier(text: str) -> str:
    """An id without spaces and punctuation."""
    return plain(text).replace(" ", "")


@lru_cache(maxsize=65_536)
def postcode(text: str) -> str:
    """A postcode, whole or its first part, without the space; empty if it is neither."""
    folded = plain(text).replace(" ", "")
    return folded if _FULL_POSTCODE.fullmatch(folded) or _PART_POSTCODE.fullmatch(folded) else ""


def is_whole_postcode(folded: str) -> bool:
    """Whether a folded postcode names a street or so, not a district."""
    return bool(_FULL_POSTCODE.fullmatch(folded))


def split_postcode(address: str) -> tuple[str, str]:
    """An address typed as one line: its words, and the postcode that stood among them (folded, or empty)."""
    folded = plain(address)
    found = _POSTCODE_IN_ADDRESS.search(folded)
    if not found:
        return folded, ""
    return folded[: found.start()] + " " + folded[found.end() :], found[1] + found[2]
