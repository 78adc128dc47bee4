"""Which service an agency is, by its name, for sources that name agencies instead of coding them: `agencies.yaml`.

Fails closed: an agency that no line places has no service, and is not shown by whoever asks here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from loaders.clean import wordlists
from loaders.clean.wordlists import Table

_WHERE = "loaders/clean/agencies.yaml"


@dataclass(frozen=True, slots=True)
class Agencies:
    """`agencies.yaml`: each service with the pattern of its words, in order."""

    services: tuple[tuple[str, re.Pattern[str]], ...]
    sensitive: frozenset[str]


@lru_cache(maxsize=16_384)
def service_of(name: str) -> str | None:
    """The service_id of the agency of that name; None where no line places it."""
    folded = _folded(name)
    return next((service for service, words in _table().services if words.search(folded)), None)


def is_sensitive(service_id: str) -> bool:
    """Whether the table counts the service as sensitive."""
    return service_id in _table().sensitive


def listed_services() -> tuple[str, ...]:
    """Every service the table can name: a source that asks here declares them all."""
    return tuple(service for service, _ in _table().services)


def _folded(name: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", name.casefold().replace("'", "").replace("\u2019", "")))


@cache
def _table() -> Agencies:
    return build(wordlists.read("agencies"))


def build(table: Table) -> Agencies:
    """The patterns of a table. Raises BadTable."""
    sensitive = wordlists.texts(wordlists.part(table, "sensitive", "agencies"), f"{_WHERE} sensitive")
    return Agencies(tuple(_patterns(table)), frozenset(sensitive))


def _patterns(table: Table) -> Iterator[tuple[str, re.Pattern[str]]]:
    for service, words in wordlists.named(wordlists.part(table, "services", "agencies"), f"{_WHERE} services"):
        folded = [re.escape(_folded(word)) for word in wordlists.texts(words, f"{_WHERE} services {service}")]
        yield service, re.compile(rf"\b(?:{'|'.join(folded)})")
