"""Addresses as one tidy line and a postcode in its standard form. Words stand in `addresses.yaml`."""

import re
from functools import cache, lru_cache

from loaders.clean import placeholders, wordlists

_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})", re.ASCII)
_TAIL = re.compile(r"[\s,]*\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\s*$", re.ASCII | re.IGNORECASE)
_SPACE = re.compile(r"\s")


class BadPostcode(ValueError):
    """A text that is not a postcode. The message is the reason, and never repeats the text."""


@lru_cache(maxsize=65_536)
def postcode(text: str) -> str | None:
    """A postcode in upper case with one space; None for a placeholder. Raises BadPostcode."""
    packed = _SPACE.sub("", text).upper()
    if packed in placeholders.upper("postcodes"):
        return None
    match = _POSTCODE.fullmatch(packed)
    if match is None:
        raise BadPostcode("not a postcode")
    return f"{match[1]} {match[2]}"


def invented_postcode(code: str) -> bool:
    """Whether a postcode is in an area that does not exist."""
    return _area(code) not in _areas()


def _area(code: str) -> str:
    return code[:2] if code[1].isalpha() else code[:1]


@cache
def _areas() -> frozenset[str]:
    return frozenset(str(wordlists.part(wordlists.read("addresses"), "postcode_areas", "addresses")).split())


@lru_cache(maxsize=65_536)
def split_line(text: str) -> tuple[str | None, str | None]:
    """(text without postcode, postcode or None) of an address written as one line."""
    match = _TAIL.search(text)
    if match is None:
        return one_line(text), None
    return one_line(text[: match.start()]), f"{match[1]} {match[2]}".upper()


def one_line(*parts: str) -> str | None:
    """The parts of an address as one line, without empty parts and repeated ones; None where nothing is left."""
    nothing = placeholders.upper("addresses")
    kept: list[str] = []
    for part in parts:
        for piece in part.replace("\n", ",").replace("\r", "").split(","):
            tidy = " ".join(piece.split())
            if tidy and tidy.upper() not in nothing and (not kept or tidy.casefold() != kept[-1].casefold()):
                kept.append(tidy)
    return ", ".join(kept) or None


def compose(*, flat: str, building: str, number: str, street: str, town: str) -> str | None:
    """One line from the parts of an address: the number stands before its street, without a comma."""
    flat = " ".join(flat.split())
    if flat and flat[0].isdigit():
        flat = f"Flat {flat}"
    return one_line(flat, building, f"{number} {street}".strip(), town)


_TYPES = (
    ("placement", ("plac", "foster", "adopt", "children's home", "childrens home")),
    ("correspondence", ("corr", "postal", "mailing")),
    ("home", ("home", "main", "primary", "perm")),
)
"""What a type of address holds in any of its words. A placement comes first: it may have to be hidden."""


def address_type(said: str) -> str:
    """The type of an address as a case system words it: home, placement, correspondence or other. Home where it says
    nothing.
    """
    folded = said.casefold()
    return next(
        (kind for kind, words in _TYPES if any(word in folded for word in words)), "other" if folded else "home"
    )
