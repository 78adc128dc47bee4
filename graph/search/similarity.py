"""How alike two folded words are, and in what way. The weights come from judgement (docs/adr/0004)."""

from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from graph.search import fold, reasons
from graph.search.nicknames import nicknames

SOUND_FLOOR = 0.6
"""Least Jaro-Winkler similarity at which a shared sound counts: lower, Kelly meets Gale; higher, Hughes misses Hews."""

LONG, MIDDLE, SHORT = 7, 5, 3
"""Letters a typed word needs for two edits to count more, for two to count at all, for one to count at all."""


class Likeness(NamedTuple):
    """From 0 (nothing in common) to 1 (the same word), and how in the words of a reason."""

    weight: float
    how: str


NONE = Likeness(0.0, "")


@lru_cache(maxsize=131_072)
def likeness(typed: str, found: str, forename: bool) -> Likeness:
    """How a typed word agrees with one on record. Nicknames and initials count for forenames only."""
    if typed == found:
        return Likeness(1.0, reasons.EXACT)
    by_letters = _by_letters_and_sound(typed, found)
    if not forename:
        return by_letters
    return max(by_letters, _by_custom(typed, found))


def _by_custom(typed: str, found: str) -> Likeness:
    if found in nicknames(typed):
        return Likeness(0.86, reasons.NICKNAME)
    if 1 in (len(typed), len(found)) and typed[0] == found[0]:
        return Likeness(0.60, reasons.INITIAL)
    return NONE


def _by_letters_and_sound(typed: str, found: str) -> Likeness:
    if typed.isdigit() or found.isdigit() or min(len(typed), len(found)) < SHORT:
        return NONE
    edits = OSA.distance(typed, found, score_cutoff=2)
    sounds = _sound_alike(typed, found)
    if edits == 1:
        return Likeness(0.88, reasons.SIMILAR_SOUND) if sounds else Likeness(0.82, reasons.SIMILAR)
    if edits == 2 and len(typed) >= MIDDLE:
        if sounds:
            return Likeness(0.80, reasons.SIMILAR_SOUND)
        return Likeness(0.68 if len(typed) >= LONG else 0.58, reasons.SIMILAR)
    return Likeness(0.72, reasons.SOUND) if sounds else NONE


def _sound_alike(typed: str, found: str) -> bool:
    shared = fold.sound_keys(typed) & fold.sound_keys(found)
    return bool(shared) and JaroWinkler.similarity(typed, found) >= SOUND_FLOOR
