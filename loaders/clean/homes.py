"""Which home an address names, in words and numbers that can be compared: "Flat 2A, 14-16 High St" and "14-16 High
Street, Apt. 2a" are one. For comparison only: the text shown is always as supplied. Words stand in `addresses.yaml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from anyascii import anyascii

from loaders.clean import placeholders, wordlists
from loaders.clean.wordlists import BadTable, Table

_WHERE = "loaders/clean/addresses.yaml"
_WORD = re.compile(r"[a-z0-9]+")
_GLUED = re.compile(r"(?<=\d)\s+(?=[a-z]\b)")


@dataclass(frozen=True, slots=True)
class AddressWords:
    """The words of `addresses.yaml`, folded."""

    same: dict[str, str]
    ignored: frozenset[str]
    flats: frozenset[str]
    flat_names: tuple[tuple[str, ...], ...]
    nothing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Home:
    """The words of an address in their standard spelling, and its numbers: a flat's marked, so that flat 2 at 14 is not
    flat 14 at 2.
    """

    words: tuple[str, ...]
    numbers: tuple[str, ...]


@lru_cache(maxsize=65_536)
def home(text: str) -> Home:
    """The comparable parts of one address line. Both are empty where it names no place."""
    table = address_words()
    lines = [_words(line, table) for line in folded(text).split(",")]
    words = tuple(word for line in lines for word in line)
    if " ".join(words) in table.nothing:
        return Home((), ())
    return Home(words, tuple(sorted({number for line in lines for number in _numbers(line, table)})))


def _words(line: str, table: AddressWords) -> list[str]:
    return [table.same.get(word, word) for word in _WORD.findall(_GLUED.sub("", line))]


def folded(text: str) -> str:
    """Small plain letters, without apostrophes, single spaces between words."""
    return anyascii(" ".join(text.split())).lower().replace("'", "")


def _numbers(words: list[str], table: AddressWords) -> Iterator[str]:
    """House numbers, and what tells one flat of a building from another: its number, its letter or its name."""
    for place, word in enumerate(words):
        if place > 0 and words[place - 1] in table.flats and _tells_apart(word):
            yield f"flat{word}"
        elif _has_digit(word):
            yield word
        elif word in table.flats and not _tells_apart("".join(words[place + 1 : place + 2])):
            yield from _flat_name(words[:place], table)


def _tells_apart(word: str) -> bool:
    return _has_digit(word) or len(word) == 1


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def _flat_name(before: list[str], table: AddressWords) -> Iterator[str]:
    names = [name for name in table.flat_names if tuple(before[-len(name) :]) == name]
    if names:
        yield f"flat {' '.join(sorted(names, key=len)[-1])}"


@cache
def address_words() -> AddressWords:
    """The table of this folder. Raises BadTable."""
    return build(wordlists.read("addresses"))


def build(table: Table) -> AddressWords:
    """The words of a table. Raises BadTable: a word in two groups."""
    same = _same_words(wordlists.part(table, "same_word", "addresses"))
    names = (tuple(same.get(word, word) for word in _WORD.findall(name)) for name in _texts(table, "flat_names"))
    return AddressWords(
        same=same,
        ignored=frozenset(_texts(table, "ignored")),
        flats=frozenset(_texts(table, "flats")),
        flat_names=tuple(names),
        nothing=frozenset(" ".join(_WORD.findall(text.lower())) for text in placeholders.exact("addresses")),
    )


def _same_words(groups: object) -> dict[str, str]:
    same: dict[str, str] = {}
    for words in wordlists.rows(groups, f"{_WHERE} same_word"):
        for word in words:
            if same.setdefault(word, words[0]) != words[0]:
                raise BadTable(f"{_WHERE} same_word: '{word}' stands in two groups. Keep one.")
    return same


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return wordlists.texts(wordlists.part(table, key, "addresses"), f"{_WHERE} {key}")
