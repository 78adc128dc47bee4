"""What stands for nothing, by kind of value: `placeholders.yaml`. Says nothing about values that mean something."""

from datetime import date
from functools import cache

from loaders.clean import wordlists
from loaders.clean.wordlists import BadTable

_WHERE = "loaders/clean/placeholders.yaml"


@cache
def upper(kind: str) -> frozenset[str]:
    """The placeholders of a kind, in capitals. Raises BadTable."""
    return frozenset(text.upper() for text in exact(kind))


@cache
def exact(kind: str) -> frozenset[str]:
    """The placeholders of a kind, as they stand in the table. Raises BadTable."""
    return frozenset(wordlists.texts(wordlists.part(_table(), kind, "placeholders"), f"{_WHERE} {kind}"))


@cache
def days(kind: str = "days") -> frozenset[date]:
    """The days of a kind that stand for no date. Raises BadTable."""
    return frozenset(day(text, f"{_WHERE} {kind}") for text in exact(kind))


def day(text: str, where: str) -> date:
    """A day written as year-month-day. Raises BadTable."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadTable(f"{where}: '{text}' is no day: write it as year-month-day, in quotes.") from None


@cache
def _table() -> wordlists.Table:
    return wordlists.read("placeholders")
