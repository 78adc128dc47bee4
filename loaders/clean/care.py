"""Codes of social care in plain words: legal statuses, kinds of placement, needs. The words stand in `care.yaml`.

Pure functions. A need or legal status in words of the source's own is kept if it is short: long text is a case note. A
kind of placement that is not listed is nothing, because it may say where a child is.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from loaders.clean import wordlists
from loaders.clean.wordlists import BadTable, Table

LONGEST = 80
"""Characters of a coded value. Anything longer was typed in as text."""

_WHERE = "loaders/clean/care.yaml"
_SPLIT = re.compile(r"[;|\n]")
_CODED = re.compile(r"^([A-Za-z]{1,3}\d{1,2})\s*[-:]\s*(\S.*)$")
_NULLS = frozenset({"", "null", "none", "notrecorded", "1", "0"})


class BadCode(ValueError):
    """A text that is no coded value. The message is the reason, and never repeats the text."""


@dataclass(frozen=True, slots=True)
class Words:
    """`care.yaml`, by folded code or word."""

    court_orders: Mapping[str, str]
    legal_statuses: Mapping[str, str]
    placements: Mapping[str, str]
    adoption: frozenset[str]
    needs: Mapping[str, str]
    no_need: frozenset[str]
    sensitive_needs: Mapping[str, str]
    missing: Mapping[str, str]


@lru_cache(maxsize=4096)
def legal_status(text: str) -> str | None:
    """A legal status in plain words; one nobody lists as supplied. Raises BadCode for a long text."""
    return _kept(text, _table().legal_statuses)


@lru_cache(maxsize=4096)
def made_by_court(status: str) -> bool:
    """Whether a legal status, as `legal_status` words it, is an order of a court."""
    return _folded(status) in _table().court_orders


@lru_cache(maxsize=4096)
def placement(text: str) -> str | None:
    """A kind of placement in plain words; None where it is for adoption. Raises BadCode for one nobody lists."""
    if _folded(text) in _NULLS or for_adoption(text):
        return None
    found = _found(text, _table().placements)
    if found is None:
        raise BadCode("not a kind of placement that is known: add it to loaders/clean/care.yaml")
    return found


@lru_cache(maxsize=4096)
def for_adoption(text: str) -> bool:
    """Whether a kind of placement is for adoption, by its code or by the word."""
    return _folded(text) in _table().adoption or "adopt" in text.casefold()


@lru_cache(maxsize=16_384)
def needs(text: str) -> tuple[str, ...]:
    """The needs of a list with ; between, once each, in plain words. Raises BadCode for a long text."""
    table = _table()
    found = (_kept(part, table.needs) for part in _SPLIT.split(text) if _folded(part) not in table.no_need)
    return tuple(dict.fromkeys(need for need in found if need))


def sensitive_service(found: Iterable[str]) -> str | None:
    """The sensitive service that needs of adult social care tell of; None where they tell of none."""
    services = _table().sensitive_needs
    return next((services[_folded(need)] for need in found if _folded(need) in services), None)


@lru_cache(maxsize=1024)
def missing_kind(text: str) -> str:
    """What kind of missing episode it was; Missing where the source does not say or nobody lists it."""
    return _found(text, _table().missing) or "Missing"


def _kept(text: str, words: Mapping[str, str]) -> str | None:
    tidy = " ".join(text.split())
    if _folded(tidy) in _NULLS:
        return None
    found = _found(tidy, words)
    if found is None and len(tidy) > LONGEST:
        raise BadCode("longer than a code in words: case notes are not read")
    return found or tidy


def _found(text: str, words: Mapping[str, str]) -> str | None:
    """The words for a code, for other words, or for a code with its words behind it ("N4 - Family in acute stress")."""
    found = words.get(_folded(text))
    coded = _CODED.match(text.strip()) if found is None else None
    return words.get(_folded(coded[1])) if coded else found


@lru_cache(maxsize=16_384)
def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.casefold())


@cache
def _table() -> Words:
    return build(wordlists.read("care"))


def build(table: Table) -> Words:
    """The words of a table. Raises BadTable: a code or word under two headings of one list."""
    orders = dict(_listed(table, "court_orders"))
    return Words(
        court_orders=orders,
        legal_statuses=orders | dict(_listed(table, "other_legal_statuses")),
        placements=dict(_listed(table, "placements")),
        adoption=frozenset(_folded(word) for word in _texts(table, "adoption_placements")),
        needs=dict(_listed(table, "needs")),
        no_need=frozenset(_folded(word) for word in _texts(table, "no_need")),
        sensitive_needs=dict(_listed(table, "sensitive_needs")),
        missing=dict(_listed(table, "missing")),
    )


def _listed(table: Table, key: str) -> Iterator[tuple[str, str]]:
    seen: dict[str, str] = {}
    for shown, others in wordlists.named(wordlists.part(table, key, "care"), f"{_WHERE} {key}"):
        for word in (shown, *wordlists.texts(others, f"{_WHERE} {key} {shown}")):
            earlier = seen.setdefault(_folded(word), shown)
            if earlier != shown:
                raise BadTable(f"{_WHERE} {key}: '{word}' stands under '{earlier}' and under '{shown}'. Keep one.")
            yield _folded(word), shown


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return wordlists.texts(wordlists.part(table, key, "care"), f"{_WHERE} {key}")
