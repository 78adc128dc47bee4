"""When are two address texts the same place? A key for comparison only; the text shown is always as supplied."""

import re

_FLAT = {"flat", "apartment", "apt", "unit", "room"}
_WORD = re.compile(r"[a-z0-9]+")


def text_key(text: str | None, postcode: str | None) -> str:
    """The place a text names: its postcode with the house and flat numbers, or every word where there is no number.

    A postcode covers about fifteen homes of one street, so within it numbers tell homes apart whatever the word order
    and whether or not the town is written. Without a postcode every word counts. Empty where nothing is known.
    """
    words = _WORD.findall((text or "").lower())
    area = (postcode or "").replace(" ", "").upper()
    numbers = _numbers(words)
    if not area:
        return " ".join(words) if numbers else ""
    if not words:
        return ""
    return " ".join([area, *(numbers or sorted(set(words)))])


def _numbers(words: list[str]) -> list[str]:
    """House and flat numbers, a flat's marked so that flat 2 at 14 is not flat 14 at 2."""
    found = {
        f"flat{word}" if position and words[position - 1] in _FLAT else word
        for position, word in enumerate(words)
        if any(letter.isdigit() for letter in word)
    }
    return sorted(found)
